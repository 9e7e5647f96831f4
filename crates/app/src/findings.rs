//! Findings (脆弱性): list and detail.

use crate::{AppError, Ctx};
use jiff::Timestamp;
use tomomori_domain::finding::{Finding, MissingFact, Verdict};
use tomomori_domain::ids::{FindingId, ResourceId};
use tomomori_domain::resource::{Component, Contract, Resource, Service, Vendor};

/// Question to the findings. `Default` asks for everything, most urgent first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FindingQuery {
    /// Words to find in title, vulnerability id, resource name.
    pub text: Option<String>,
    /// Only this verdict.
    pub verdict: Option<Verdict>,
    /// Only known to be exploited.
    pub exploited: bool,
    /// Only of this resource.
    pub resource: Option<ResourceId>,
    /// Order.
    pub sort: FindingSort,
    /// Continue after this row.
    pub after: Option<String>,
    /// Rows per page, 1–500; 0 means 50.
    pub limit: u32,
}

/// Order of the findings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FindingSort {
    /// Exploited first, then verdict, then score.
    #[default]
    Urgency,
    /// By resource name.
    Resource,
    /// By vulnerability id, newest first.
    Vulnerability,
}

/// One page of findings.
#[derive(Clone, Debug)]
pub struct FindingPage {
    /// Rows.
    pub rows: Vec<FindingRow>,
    /// Rows that match the query in all.
    pub total: u64,
    /// Pass as [`FindingQuery::after`] for the next page.
    pub next: Option<String>,
    /// Affected findings in all.
    pub affected: u64,
    /// Questions (possibly affected, grouped by device and missing fact) in all.
    pub questions: u64,
    /// Exploited ones among the affected.
    pub exploited: u64,
    /// Resources for which no product was found: nothing can be said about them, which is not the same as safe.
    pub unknown_resources: u64,
}

/// One row of the findings list.
#[derive(Clone, Debug)]
pub struct FindingRow {
    /// The finding.
    pub finding: Finding,
    /// Name of the device.
    pub resource_name: String,
    /// Vendor that maintains the device.
    pub vendor: Option<String>,
    /// First seen.
    pub first_seen: Timestamp,
}

/// Everything a person needs to decide about one finding.
#[derive(Clone, Debug)]
pub struct FindingDetail {
    /// The finding.
    pub finding: Finding,
    /// The device.
    pub resource: Resource,
    /// The component the reason hangs on.
    pub component: Option<Component>,
    /// Who maintains the device.
    pub vendor: Option<Vendor>,
    /// Under which contract.
    pub contract: Option<Contract>,
    /// Services that need the device, directly or through other devices on the way.
    pub services: Vec<Service>,
    /// What the active catalogue says; `None` when it no longer holds the record (the stored reason still does).
    pub vulnerability: Option<Box<tomomori_catalogue::Vulnerability>>,
    /// Why it matched; `None` when the stored reason cannot be read by this version.
    pub reason: Option<tomomori_catalogue::Reason>,
    /// For a question: the vulnerabilities the missing fact would decide, most urgent first.
    pub undecided: Vec<Undecided>,
    /// First seen.
    pub first_seen: Timestamp,
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
    /// What is missing.
    pub missing: MissingFact,
}
