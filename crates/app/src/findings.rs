//! Findings (脆弱性): list and detail.

use crate::{AppError, Ctx};
use std::collections::{BTreeSet, VecDeque};
pub use tomomori_catalogue::{Criterion, Part, Reason, Truth, Vulnerability, source_key};
use tomomori_domain::access::permission::ReadFindings;
use tomomori_domain::finding::Verdict;
use tomomori_domain::ids::{FindingId, ResourceId};
use tomomori_domain::resource::{Component, Contract, LineEnd, Resource, Service, Vendor};
pub use tomomori_formats::record::{Lang as TextLang, TextKind};
use tomomori_store::Ledger;

pub use tomomori_store::{FindingCounts, FindingFilter, FindingRow, FindingSort};
pub use tomomori_store::{Page, PageRequest};

/// One page of findings with the numbers for its chips.
#[derive(Clone, Debug)]
pub struct FindingPage {
    /// Rows.
    pub page: Page<FindingRow>,
    /// Numbers on the chips.
    pub counts: FindingCounts,
    /// Resources for which no product was found: nothing can be said about them, which is not the same as safe.
    pub unknown_resources: u64,
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
    /// Services that need the device, or a device that can only be reached through it.
    pub services: Vec<Service>,
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
    Ok(FindingDetail {
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

/// Services that need the device, or need a device that is plugged into it or reached from it over a line.
///
/// Only the first is certain; the others may still be reached another way, so pages say おそれ. A full dependency graph
/// with redundancy comes later (impact).
fn services_behind(ledger: &Ledger, device: ResourceId) -> Vec<Service> {
    let mut reached = BTreeSet::from([device]);
    let mut queue = VecDeque::from([device]);
    while let Some(at) = queue.pop_front() {
        let plugged =
            ledger.resources.iter().filter(|resource| resource.uplink == Some(at)).map(|resource| resource.id);
        let linked = ledger.lines.iter().filter_map(|line| match (&line.from, &line.to) {
            (LineEnd::Resource(from), LineEnd::Resource(to)) if *from == at => Some(*to),
            _ => None,
        });
        for next in plugged.chain(linked) {
            if reached.insert(next) {
                queue.push_back(next);
            }
        }
    }
    ledger.services.iter().filter(|service| service.needs.iter().any(|id| reached.contains(id))).cloned().collect()
}
