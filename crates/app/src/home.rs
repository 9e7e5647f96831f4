//! Home: at most five things to do, each with its button, and the state in numbers that lead to their rows.

use crate::catalogue::Freshness;
use crate::{AppError, Ctx};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use tomomori_domain::Msg;
use tomomori_domain::access::PermissionKind;
use tomomori_domain::access::permission::{ReadFindings, ReadLedger};
use tomomori_domain::agreement::standing::{Standing, standing};
use tomomori_domain::check::CheckKind;
use tomomori_domain::finding::{Finding, Verdict};
use tomomori_domain::ids::ResourceId;
use tomomori_domain::resource::{Contract, Layer, Resource, ResourceKind, ZoneKind};
use tomomori_store::{CheckFilter, CheckRow, Ledger, PageRequest, ResourceFilter};

/// The first page a person sees.
#[derive(Clone, Debug)]
pub struct Home {
    /// Today in JST.
    pub today: jiff::civil::Date,
    /// At most five things to do, most urgent first.
    pub todo: Vec<Todo>,
    /// Resources in the ledger.
    pub resources: u64,
    /// Resources for which no product was found at all.
    pub unknown: u64,
    /// Resources whose product and version are known, percent, rounded down; `None` with an empty ledger.
    pub known_percent: Option<u8>,
    /// Resources nobody maintains.
    pub nobody: u64,
    /// Devices seen on the wire that no list names.
    pub not_declared: u64,
    /// Affected findings.
    pub affected: u64,
    /// Exploited ones among them.
    pub exploited: u64,
    /// Questions.
    pub questions: u64,
    /// The matching has not caught up with catalogue or ledger: findings may be missing.
    pub pending: bool,
    /// How fresh the vulnerability information is, per source.
    pub freshness: Freshness,
}

/// One thing to do.
#[derive(Clone, Debug)]
pub struct Todo {
    /// Title.
    pub title: Msg,
    /// One or two sentences: what it means here.
    pub text: Msg,
    /// Tags, most important first.
    pub tags: Vec<Tag>,
    /// Text of the button (a verb).
    pub button: Msg,
    /// Where the button leads, a path of the site, e.g. `/findings/…`.
    pub href: String,
}

/// A tag with a tone; the text always says what the colour means.
#[derive(Clone, Debug)]
pub struct Tag {
    /// Text.
    pub text: Msg,
    /// Tone.
    pub tone: Tone,
}

/// Tone of a tag (red = act today or nobody owns it, orange = due soon, green = proven good, gray hatch = unknown).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Somebody must act today, or nobody owns it.
    Red,
    /// Due soon.
    Orange,
    /// Proven good.
    Green,
    /// Unknown.
    Unknown,
    /// Neutral.
    Plain,
}

/// At most this many things to do: more than five are not done .
const MOST: usize = 5;

/// The home page of the actor's tenant.
///
/// # Errors
/// [`AppError::Denied`] without the right to read ledger and findings.
pub async fn home(ctx: &Ctx) -> Result<Home, AppError> {
    ctx.actor.require::<ReadLedger>()?;
    ctx.actor.require::<ReadFindings>()?;
    let tx = ctx.read().await?;
    let ledger = tx.ledger().await?;
    let findings = tx.findings().await?;
    let pending = !ledger.resources.is_empty() && !crate::matching::is_current(&tx).await?;
    let open = tx.count_checks(&CheckFilter::default()).await?;
    let strangers = CheckFilter { kind: Some(CheckKind::Stranger), ..CheckFilter::default() };
    let stranger = tx.list_checks(&strangers, &PageRequest { after: None, limit: 1 }).await?.rows.pop();
    let unknown = tx.count_resources(&ResourceFilter::default()).await?.unknown_product;
    drop(tx);
    let freshness = crate::catalogue::freshness(ctx);
    let resources = ledger.resources.len() as u64;
    let incomplete = incomplete(&ledger).len() as u64;
    let affected = || findings.iter().filter(|finding| finding.verdict == Verdict::Affected);
    let mut todo: Vec<Todo> = [
        no_catalogue(&freshness),
        empty_ledger(ctx, &ledger),
        exploited(&ledger, &findings),
        nobody(&ledger),
        contracts(ctx, &ledger),
        decisions(&open),
        not_declared(&open, stranger.as_ref()),
        question(&ledger, &findings),
        stale(&freshness),
    ]
    .into_iter()
    .flatten()
    .collect();
    todo.truncate(MOST);
    Ok(Home {
        today: ctx.today(),
        todo,
        resources,
        unknown,
        pending,
        known_percent: u8::try_from((resources - incomplete) * 100 / resources.max(1)).ok().filter(|_| resources > 0),
        nobody: unowned(&ledger).count() as u64,
        not_declared: ledger.resources.iter().filter(|resource| !resource.declared).count() as u64,
        affected: affected().count() as u64,
        exploited: affected().filter(|finding| finding.exploited).count() as u64,
        questions: findings.iter().filter(|finding| finding.verdict == Verdict::Possibly).count() as u64,
        freshness,
    })
}

/// Devices of which some product or version is not known: matching cannot say anything complete about them.
///
/// The hardware model of a computer does not count: its operating system and programs are what is matched.
fn incomplete(ledger: &Ledger) -> BTreeSet<ResourceId> {
    let kinds: HashMap<ResourceId, ResourceKind> = ledger.resources.iter().map(|row| (row.id, row.kind)).collect();
    let mut unknown: BTreeSet<ResourceId> = kinds.keys().copied().collect();
    let mut gaps = BTreeSet::new();
    for component in &ledger.components {
        let computer = matches!(kinds.get(&component.resource), Some(ResourceKind::Server | ResourceKind::Client));
        if component.layer == Layer::Firmware && computer {
            continue;
        }
        let hardware = component.product.as_ref().is_some_and(|product| product.key.starts_with("h:"));
        unknown.remove(&component.resource);
        if !hardware && (component.product.is_none() || component.version.is_none()) {
            gaps.insert(component.resource);
        }
    }
    unknown.extend(gaps);
    unknown
}

/// Devices nobody is known to maintain, those no list names included.
fn unowned(ledger: &Ledger) -> impl Iterator<Item = &Resource> {
    ledger.resources.iter().filter(|row| row.maintained_by.is_none())
}

fn tag(text: Msg, tone: Tone) -> Tag {
    Tag { text, tone }
}

fn no_catalogue(freshness: &Freshness) -> Option<Todo> {
    freshness.catalogue.is_none().then(|| Todo {
        title: Msg::new("home-no-catalogue-title"),
        text: Msg::new("home-no-catalogue-text"),
        tags: vec![tag(Msg::new("tag-unknown"), Tone::Unknown)],
        button: Msg::new("home-no-catalogue-button"),
        href: "/catalogue".to_owned(),
    })
}

fn empty_ledger(ctx: &Ctx, ledger: &Ledger) -> Option<Todo> {
    (ledger.resources.is_empty() && ctx.actor.may(PermissionKind::RunImport)).then(|| Todo {
        title: Msg::new("home-empty-ledger-title"),
        text: Msg::new("home-empty-ledger-text"),
        tags: Vec::new(),
        button: Msg::new("home-empty-ledger-button"),
        href: "/imports".to_owned(),
    })
}

/// The device with the most urgent exploited finding: at the boundary before inside, owned by nobody before owned.
/// Attackers came in at Handa, Osaka and Okayama through boundary devices nobody owned.
fn exploited(ledger: &Ledger, findings: &[Finding]) -> Option<Todo> {
    let devices: HashMap<ResourceId, &Resource> = ledger.resources.iter().map(|row| (row.id, row)).collect();
    let boundary: BTreeSet<_> =
        ledger.zones.iter().filter(|zone| zone.kind == ZoneKind::Boundary).map(|zone| zone.id).collect();
    let urgent = findings.iter().filter(|finding| finding.verdict == Verdict::Affected && finding.exploited);
    let worst = urgent.max_by_key(|finding| {
        let device = devices.get(&finding.resource);
        let at_boundary = device.and_then(|device| device.zone).is_some_and(|zone| boundary.contains(&zone));
        let nobody = device.is_some_and(|device| device.maintained_by.is_none());
        (at_boundary, nobody, finding.cvss_tenths, finding.vulnerability.as_str())
    })?;
    let device = devices.get(&worst.resource)?;
    let vendor = ledger.vendors.iter().find(|vendor| Some(vendor.id) == device.maintained_by);
    let mut tags = vec![tag(Msg::new("tag-exploited"), Tone::Red)];
    if vendor.is_none() {
        tags.push(tag(Msg::new("tag-nobody"), Tone::Red));
    }
    let title = match vendor {
        Some(vendor) => Msg::new("home-exploited-title-vendor").arg("device", &device.name).arg("vendor", &vendor.name),
        None => Msg::new("home-exploited-title").arg("device", &device.name),
    };
    Some(Todo {
        title,
        text: Msg::new("home-exploited-text").arg("title", &worst.title).arg("id", &worst.vulnerability),
        tags,
        button: Msg::new("home-exploited-button"),
        href: format!("/findings/{}", worst.id),
    })
}

fn nobody(ledger: &Ledger) -> Option<Todo> {
    // Servers first: an update duty nobody bears for a server is what guideline 7.0 asks about.
    let first = unowned(ledger).min_by_key(|row| (row.kind != ResourceKind::Server, row.name.clone()))?;
    Some(Todo {
        title: Msg::new("home-nobody-title").arg("device", &first.name),
        text: Msg::new("home-nobody-text").arg("count", unowned(ledger).count()),
        tags: vec![tag(Msg::new("tag-nobody"), Tone::Red)],
        button: Msg::new("home-nobody-button"),
        href: "/ledger?vendor=none".to_owned(),
    })
}

/// Contracts that have ended or end soon: the earliest first, as that is the one to talk about. A contract that ended and whose vendor has
/// another one in force is history, not a thing to do.
fn contracts(ctx: &Ctx, ledger: &Ledger) -> Option<Todo> {
    if !ctx.actor.may(PermissionKind::ReadAgreements) {
        return None;
    }
    let of = |contract: &Contract| standing(contract, ctx.today());
    let followed = |ended: &Contract| {
        ledger.contracts.iter().any(|other| other.vendor == ended.vendor && of(other) == Standing::InForce)
    };
    let ending = || {
        ledger.contracts.iter().filter(|contract| match of(contract) {
            Standing::EndsSoon => true,
            Standing::Ended => !followed(contract),
            _ => false,
        })
    };
    let first = ending().min_by_key(|contract| contract.ends_on)?;
    let ended = of(first) == Standing::Ended;
    Some(Todo {
        title: Msg::new("home-contracts-title").arg("count", ending().count()),
        text: Msg::new("home-contracts-text").arg("title", &first.title),
        tags: vec![tag(
            if ended { Msg::new("trouble-ended") } else { Msg::new("trouble-ends-soon") },
            if ended { Tone::Red } else { Tone::Orange },
        )],
        button: Msg::new("home-contracts-button"),
        href: "/contracts".to_owned(),
    })
}

/// Which rows are one device is for a person to say; until then the ledger counts one too many or one too few.
fn decisions(open: &BTreeMap<CheckKind, u64>) -> Option<Todo> {
    let kinds = || open.iter().filter(|(kind, _)| kind.needs_decision());
    let (first, _) = kinds().next()?;
    let count: u64 = kinds().map(|(_, count)| count).sum();
    Some(Todo {
        title: Msg::new("home-decisions-title").arg("count", count),
        text: Msg::new("home-decisions-text"),
        tags: Vec::new(),
        button: Msg::new("home-decisions-button"),
        href: format!("/checks?kind={}", first.key()),
    })
}

fn not_declared(open: &BTreeMap<CheckKind, u64>, first: Option<&CheckRow>) -> Option<Todo> {
    let count = open.get(&CheckKind::Stranger)?;
    let address = first.and_then(|row| row.check.msg.args.get("address")).cloned().unwrap_or_default();
    Some(Todo {
        title: Msg::new("home-stranger-title").arg("count", count),
        text: Msg::new("home-stranger-text").arg("address", address),
        tags: vec![tag(Msg::new("tag-unknown"), Tone::Unknown)],
        button: Msg::new("home-stranger-button"),
        href: format!("/checks?kind={}", CheckKind::Stranger.key()),
    })
}

fn question(ledger: &Ledger, findings: &[Finding]) -> Option<Todo> {
    let open: Vec<&Finding> = findings.iter().filter(|finding| finding.verdict == Verdict::Possibly).collect();
    let first = open.iter().max_by_key(|finding| (finding.exploited, finding.count, finding.id))?;
    let device = ledger.resources.iter().find(|row| row.id == first.resource)?;
    Some(Todo {
        title: Msg::new("home-question-title").arg("count", open.len()),
        text: Msg::new("home-question-text").arg("device", &device.name).arg("count", first.count),
        tags: vec![tag(Msg::new("tag-unknown"), Tone::Unknown)],
        button: Msg::new("home-question-button"),
        href: "/findings?verdict=possibly".to_owned(),
    })
}

fn stale(freshness: &Freshness) -> Option<Todo> {
    let weakest = freshness.weakest().filter(|source| source.stale)?;
    Some(Todo {
        title: Msg::new("home-stale-title"),
        text: match weakest.age_days {
            Some(days) => Msg::new("home-stale-text")
                .arg("source", crate::findings::source_name(&weakest.source))
                .arg("days", days),
            None => Msg::new("home-stale-text-empty").arg("source", crate::findings::source_name(&weakest.source)),
        },
        tags: vec![tag(Msg::new("tag-stale"), Tone::Orange)],
        button: Msg::new("home-stale-button"),
        href: "/catalogue".to_owned(),
    })
}
