//! The system diagram (構成図), drawn from the ledger.

use crate::{AppError, Ctx};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use tomomori_diagram::{Badge, Diagram, Facts, Layer, Legend, Line, LineKind, Node, NodeKind, Options, Owner, Zone};
use tomomori_domain::Msg;
use tomomori_domain::access::permission::{ReadFindings, ReadLedger};
use tomomori_domain::finding::{Finding, Verdict};
use tomomori_domain::ids::{ResourceId, VendorId};
use tomomori_domain::resource::{LineEnd, Resource, ResourceKind, Vendor, ZoneKind};
use tomomori_store::Ledger;

/// Key of the drawn zone that holds parties outside.
const OUTSIDE: &str = "outside";
/// Key of the drawn zone for devices whose zone is not known.
const NO_ZONE: &str = "no-zone";

/// Turns messages into the reader's language.
pub type Translate<'a> = &'a (dyn Fn(&Msg) -> String + Send + Sync);

/// Draws the diagram of the actor's tenant as SVG.
///
/// # Errors
/// [`AppError::Denied`] without the right to read ledger and findings.
pub async fn svg(ctx: &Ctx, tr: Translate<'_>) -> Result<Drawn, AppError> {
    ctx.actor.require::<ReadLedger>()?;
    ctx.actor.require::<ReadFindings>()?;
    let tx = ctx.read().await?;
    let (tenant, ledger, findings) = (tx.tenant_row().await?, tx.ledger().await?, tx.findings().await?);
    drop(tx);
    let diagram = model(&tenant.name, ctx.today(), &ledger, &findings, tr);
    tokio::task::spawn_blocking(move || draw(&diagram)).await.map_err(AppError::internal)
}

fn draw(diagram: &Diagram) -> Drawn {
    let mut diagram = tomomori_diagram::group(diagram);
    for node in diagram.nodes.iter_mut().filter(|node| !node.members.is_empty()) {
        if let NodeKind::Resource(kind) = node.kind {
            let zone = if node.zone == NO_ZONE { "none" } else { node.zone.as_str() };
            node.href = Some(format!("/ledger?zone={zone}&kind={}", kind.key()));
        }
    }
    let layout = tomomori_diagram::layout(&diagram);
    let undrawn =
        layout.undrawn.iter().filter_map(|&at| diagram.lines.get(at)).map(|line| line.label.clone()).collect();
    let options = |self_contained| Options { self_contained, ..Options::default() };
    Drawn {
        page: tomomori_diagram::svg(&layout, &options(false)),
        file: tomomori_diagram::svg(&layout, &options(true)),
        undrawn,
    }
}

/// A diagram in its two clothes.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// For the page: boxes link to their devices.
    pub page: String,
    /// For download: the same picture without links.
    pub file: String,
    /// Labels of lines that could not be drawn; pages list them, so that nothing is lost.
    pub undrawn: Vec<String>,
}

/// What the picture shows, in the words of `diagram`.
fn model(tenant: &str, today: jiff::civil::Date, ledger: &Ledger, findings: &[Finding], tr: Translate<'_>) -> Diagram {
    let badges = badges(findings);
    let mut zones: Vec<Zone> = Vec::new();
    let mut nodes: Vec<Node> = Vec::new();
    let mut lines: Vec<Line> = Vec::new();
    let known: BTreeSet<_> = ledger.zones.iter().map(|zone| zone.id).collect();
    let product_known: HashMap<ResourceId, bool> =
        ledger.components.iter().fold(HashMap::new(), |mut map, component| {
            *map.entry(component.resource).or_insert(false) |= component.product.is_some();
            map
        });
    for resource in &ledger.resources {
        nodes.push(Node {
            key: resource.id.to_string(),
            zone: resource.zone.filter(|id| known.contains(id)).map_or(NO_ZONE.to_owned(), |id| id.to_string()),
            name: resource.name.clone(),
            detail: detail(resource),
            kind: NodeKind::Resource(resource.kind),
            owner: resource.maintained_by.map(|id| id.to_string()),
            count: 1,
            members: Vec::new(),
            badge: badges.get(&resource.id).copied(),
            nobody: resource.declared && resource.maintained_by.is_none(),
            unknown: !resource.declared || !product_known.get(&resource.id).copied().unwrap_or(false),
            facts: Facts::default(),
            change: None,
            fold: None,
            href: Some(format!("/ledger/{}", resource.id)),
        });
        if let Some(uplink) = resource.uplink {
            lines.push(Line {
                from: resource.id.to_string(),
                to: uplink.to_string(),
                label: String::new(),
                kind: LineKind::Uplink,
                always_on: false,
                unowned: false,
                count: 1,
                change: None,
                href: None,
            });
        }
    }
    let mut parties: BTreeMap<String, (String, Option<VendorId>)> = BTreeMap::new();
    for line in &ledger.lines {
        let mut end = |end: &LineEnd| match end {
            LineEnd::Resource(id) => id.to_string(),
            LineEnd::Outside(name) => {
                let key = format!("party:{name}");
                parties.entry(key.clone()).or_insert_with(|| (name.clone(), line.vendor));
                key
            }
            // Drawn, because a line that ends nowhere must not be overlooked.
            LineEnd::Unknown => {
                let key = format!("party:?{}", line.id);
                parties.insert(key.clone(), (tr(&Msg::new("diagram-end-unknown")), line.vendor));
                key
            }
        };
        let (from, to) = (end(&line.from), end(&line.to));
        lines.push(Line {
            from,
            to,
            label: line.protocol.clone().or_else(|| line.purpose.clone()).unwrap_or_default(),
            kind: if line.remote_maintenance { LineKind::Remote } else { LineKind::Link },
            always_on: line.always_on == Some(true),
            // Not known to be limited is drawn like not limited: unknown is never safe.
            unowned: line.remote_maintenance && (line.vendor.is_none() || line.source_limited != Some(true)),
            count: 1,
            change: None,
            href: None,
        });
    }
    for (key, (name, vendor)) in parties {
        nodes.push(Node {
            key,
            zone: OUTSIDE.to_owned(),
            name,
            detail: String::new(),
            kind: NodeKind::Party,
            owner: vendor.map(|id| id.to_string()),
            count: 1,
            members: Vec::new(),
            badge: None,
            nobody: false,
            unknown: false,
            facts: Facts::default(),
            change: None,
            fold: None,
            href: None,
        });
    }
    let zone = |key: &str, msg: Msg, kind| Zone { key: key.to_owned(), name: tr(&msg), note: String::new(), kind };
    if nodes.iter().any(|node| node.zone == OUTSIDE) {
        zones.push(zone(OUTSIDE, Msg::new("diagram-outside"), ZoneKind::Outside));
    }
    zones.extend(ledger.zones.iter().filter(|zone| nodes.iter().any(|node| node.zone == zone.id.to_string())).map(
        |zone| Zone {
            key: zone.id.to_string(),
            name: zone.name.clone(),
            note: zone.ranges.join("、"),
            kind: zone.kind,
        },
    ));
    if nodes.iter().any(|node| node.zone == NO_ZONE) {
        zones.push(zone(NO_ZONE, Msg::new("diagram-no-zone"), ZoneKind::Unknown));
    }
    let count = ledger.resources.len();
    let subtitle = Msg::new("diagram-subtitle")
        .arg("date", today)
        .arg("resources", count)
        .arg("zones", ledger.zones.len())
        .arg("lines", ledger.lines.len());
    Diagram {
        title: vec![tr(&Msg::new("diagram-title").arg("tenant", tenant)), tr(&subtitle)],
        description: tr(&Msg::new("diagram-description").arg("resources", count)),
        zones,
        nodes,
        lines,
        owners: owners(ledger),
        legend: Legend {
            nobody: tr(&Msg::new("diagram-legend-nobody")),
            unknown: tr(&Msg::new("diagram-legend-unknown")),
            findings: tr(&Msg::new("diagram-legend-findings")),
            exploited: tr(&Msg::new("diagram-legend-exploited")),
            remote: tr(&Msg::new("diagram-legend-remote")),
            always_on: tr(&Msg::new("diagram-legend-always-on")),
            unowned: tr(&Msg::new("diagram-legend-unowned")),
            notes: vec![tr(&Msg::new("diagram-legend-note"))],
            ..Legend::default()
        },
        layer: Layer::Responsibility,
    }
}

/// What runs on a computer; what any other device is, with its version.
fn detail(resource: &Resource) -> String {
    let computer = matches!(resource.kind, ResourceKind::Server | ResourceKind::Client);
    let text = match (&resource.os, &resource.product, &resource.version) {
        (Some(os), _, _) if computer => os.clone(),
        (_, Some(product), Some(version)) => format!("{product} {version}"),
        (os, product, _) => product.clone().or(os.clone()).unwrap_or_default(),
    };
    if text.is_empty() { resource.addresses.first().cloned().unwrap_or_default() } else { text }
}

/// Affected findings per device; questions are not findings and draw no red.
fn badges(findings: &[Finding]) -> HashMap<ResourceId, Badge> {
    let mut badges: HashMap<ResourceId, Badge> = HashMap::new();
    for finding in findings.iter().filter(|finding| finding.verdict == Verdict::Affected) {
        let badge = badges.entry(finding.resource).or_insert(Badge { count: 0, exploited: false });
        badge.count += 1;
        badge.exploited |= finding.exploited;
    }
    badges
}

/// Vendors with a letter each: the Latin letter their name begins with, else A, B, C… in the order of names.
fn owners(ledger: &Ledger) -> Vec<Owner> {
    let mut used = BTreeSet::new();
    let mut owners = Vec::new();
    for vendor in &ledger.vendors {
        let hospital = vendor.name == Vendor::OWN;
        let own = vendor.name.chars().find(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_uppercase());
        let own = own.or(hospital.then_some('H'));
        let letter = own.into_iter().chain('A'..='Z').find(|letter| used.insert(*letter)).unwrap_or('*');
        owners.push(Owner {
            key: vendor.id.to_string(),
            name: match &vendor.field {
                Some(field) => format!("{} {field}", vendor.name),
                None => vendor.name.clone(),
            },
            letter: letter.to_string(),
            hospital,
        });
    }
    owners
}
