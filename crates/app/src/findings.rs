//! Findings (脆弱性): list and detail.

use crate::{AppError, Ctx};
use std::collections::{BTreeSet, HashMap, VecDeque};
pub use tomomori_catalogue::{Criterion, Part, Reason, Truth, Vulnerability, source_key};
use tomomori_domain::access::permission::ReadFindings;
use tomomori_domain::finding::Verdict;
use tomomori_domain::ids::{FindingId, ResourceId};
use tomomori_domain::resource::{Component, Contract, LineEnd, Resource, ResourceKind, Service, Vendor};
pub use tomomori_formats::record::{Lang as TextLang, TextKind};
use tomomori_ledger::project::{Said, versions_said};
use tomomori_store::Ledger;

pub use tomomori_store::{FindingCounts, FindingFilter, FindingRow, FindingSort};
pub use tomomori_store::{Page, PageRequest};

/// Name of a public source for its key; proper names are the same in every language.
#[must_use]
pub fn source_name(key: &str) -> &str {
    match key {
        "nvd" => "NVD",
        "kev" => "CISA KEV",
        "csaf" => "CSAF",
        "jvn" => "JVN",
        "eol" => "endoflife.date",
        other => other,
    }
}

/// One page of findings with the numbers for its chips.
#[derive(Clone, Debug)]
pub struct FindingPage {
    /// Rows.
    pub page: Page<FindingRow>,
    /// Numbers on the chips.
    pub counts: FindingCounts,
    /// Resources for which no product was found: nothing can be said about them, which is not the same as safe.
    pub unknown_resources: u64,
    /// The matching has not caught up with catalogue or ledger: the list may lack rows.
    pub pending: bool,
}

/// Everything a person needs to decide about one finding.
#[derive(Clone, Debug)]
pub struct FindingDetail {
    /// The finding.
    pub row: FindingRow,
    /// The device.
    pub resource: Resource,
    /// The component the reason hangs on.
    pub component: Option<Component>,
    /// Who maintains the device; `None` = nobody is known to.
    pub vendor: Option<Vendor>,
    /// Under which contract.
    pub contract: Option<Contract>,
    /// Services that need the device, or a device behind it.
    pub services: Vec<Service>,
    /// Who said which version the component has, newest first.
    pub versions: Vec<Said>,
    /// What the active catalogue says; `None` when it no longer holds the record (the stored reason still does).
    pub vulnerability: Option<Box<Vulnerability>>,
    /// Why it matched; `None` when the stored reason cannot be read by this version.
    pub reason: Option<Reason>,
    /// For a question: the vulnerabilities the missing fact would decide, most urgent first, at most 100.
    pub undecided: Vec<Undecided>,
}

/// A vulnerability behind a question.
#[derive(Clone, Debug)]
pub struct Undecided {
    /// Vulnerability id.
    pub id: String,
    /// Title, Japanese if a source has one.
    pub title: String,
    /// Highest base score times ten.
    pub cvss_tenths: Option<u16>,
    /// Known to be exploited.
    pub exploited: bool,
}

/// One page of findings.
///
/// # Errors
/// [`AppError::Denied`] without the right to see findings; [`AppError::Invalid`] for a damaged page link.
pub async fn list(
    ctx: &Ctx,
    filter: &FindingFilter,
    sort: FindingSort,
    page: &PageRequest,
) -> Result<FindingPage, AppError> {
    ctx.actor.require::<ReadFindings>()?;
    let tx = ctx.read().await?;
    Ok(FindingPage {
        page: tx.list_findings(filter, sort, page).await?,
        counts: tx.count_findings(filter).await?,
        pending: !crate::matching::is_current(&tx).await?,
        unknown_resources: tx.count_resources(&tomomori_store::ResourceFilter::default()).await?.unknown_product,
    })
}

/// One finding with everything behind it.
///
/// # Errors
/// [`AppError::NotFound`] if this tenant has no such finding.
pub async fn detail(ctx: &Ctx, id: FindingId) -> Result<FindingDetail, AppError> {
    ctx.actor.require::<ReadFindings>()?;
    let tx = ctx.read().await?;
    let row = tx.finding(id).await?;
    let device = tx.resource_detail(row.finding.resource).await?;
    let ledger = tx.ledger().await?;
    drop(tx);
    let (vulnerability, undecided) = match ctx.catalogue() {
        None => (None, Vec::new()),
        Some(catalogue) => {
            let finding = row.finding.clone();
            let ledger = ledger.clone();
            let work = tokio::task::spawn_blocking(move || {
                let vulnerability = catalogue.vulnerability(&finding.vulnerability)?;
                let undecided = match finding.verdict {
                    Verdict::Possibly => crate::matching::undecided(&catalogue, &ledger, &finding)?,
                    Verdict::Affected => Vec::new(),
                };
                Ok::<_, tomomori_catalogue::CatalogueError>((vulnerability, undecided))
            });
            work.await.map_err(AppError::internal)?.map_err(AppError::internal)?
        }
    };
    let component = device.components.iter().find(|component| component.id == row.finding.component);
    let names = crate::CatalogueNames::new(ctx.catalogue());
    let in_force = || device.records.iter().filter(|record| record.until.is_none());
    let versions = component.map(|component| versions_said(&device.resource, in_force(), &names, component));
    Ok(FindingDetail {
        versions: versions.unwrap_or_default(),
        reason: serde_json::from_str(&row.finding.reason).ok(),
        component: device.components.into_iter().find(|component| component.id == row.finding.component),
        services: services_behind(&ledger, row.finding.resource),
        resource: device.resource,
        vendor: device.vendor,
        contract: device.contract,
        vulnerability: vulnerability.map(Box::new),
        undecided,
        row,
    })
}

/// Services that need the device, or need a device behind it: plugged into it, or reached from it over a line. Who holds
/// a network device holds everything it is plugged into as well: intruders came in through the maintenance VPN and went
/// on from there (Handa, Osaka, Okayama).
///
/// Only the first is certain; the others may still be reached another way, so pages say おそれ. A full dependency graph
/// with redundancy comes later (impact).
pub(crate) fn services_behind(ledger: &Ledger, device: ResourceId) -> Vec<Service> {
    let kinds: HashMap<ResourceId, ResourceKind> = ledger.resources.iter().map(|row| (row.id, row.kind)).collect();
    let mut next: HashMap<ResourceId, Vec<ResourceId>> = HashMap::new();
    for row in &ledger.resources {
        if let Some(uplink) = row.uplink {
            next.entry(uplink).or_default().push(row.id);
            if row.kind == ResourceKind::Network {
                next.entry(row.id).or_default().push(uplink);
            }
        }
    }
    for line in &ledger.lines {
        if let (LineEnd::Resource(from), LineEnd::Resource(to)) = (&line.from, &line.to) {
            next.entry(*from).or_default().push(*to);
        }
    }
    let mut reached = BTreeSet::from([device]);
    let mut queue = VecDeque::from([device]);
    while let Some(at) = queue.pop_front() {
        // From a computer nothing is passed on: what it can reach is the impact graph's question, not the cable's.
        if at != device && kinds.get(&at) != Some(&ResourceKind::Network) {
            continue;
        }
        for id in next.get(&at).into_iter().flatten() {
            if reached.insert(*id) {
                queue.push_back(*id);
            }
        }
    }
    ledger.services.iter().filter(|service| service.needs.iter().any(|id| reached.contains(id))).cloned().collect()
}
