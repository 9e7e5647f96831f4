//! The ledger (台帳): list and detail.

use crate::{AppError, Ctx};
use jiff::Timestamp;
use tomomori_domain::finding::Finding;
use tomomori_domain::ids::{ResourceId, ZoneId};
use tomomori_domain::import::{Field, Place};
use tomomori_domain::resource::{Component, Contract, Grade, Line, Resource, ResourceKind, Service, Vendor, Zone};

/// Question to the ledger. `Default` asks for everything.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LedgerQuery {
    /// Words to find in name, product, maker, address, host name, serial, location (folded, all must occur).
    pub text: Option<String>,
    /// Only this kind.
    pub kind: Option<ResourceKind>,
    /// Only this zone.
    pub zone: Option<ZoneId>,
    /// Only resources with this state.
    pub chip: Option<LedgerChip>,
    /// Order.
    pub sort: LedgerSort,
    /// Descending.
    pub descending: bool,
    /// Continue after this row ([`LedgerPage::next`]).
    pub after: Option<String>,
    /// Rows per page, 1–500; 0 means 50.
    pub limit: u32,
}

/// The row of filter chips above the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LedgerChip {
    /// 製品または版が不明: no product found, or no version known.
    Unknown,
    /// 影響あり: has at least one affected finding.
    Affected,
    /// 保守する事業者が決まっていない.
    NobodyMaintains,
    /// 台帳にない機器: seen on the wire only.
    NotDeclared,
}

impl LedgerChip {
    /// All chips in display order with their stable keys (used in the URL and in `chip-…` messages).
    pub const ALL: [(LedgerChip, &'static str); 4] = [
        (LedgerChip::Unknown, "unknown"),
        (LedgerChip::Affected, "affected"),
        (LedgerChip::NobodyMaintains, "nobody"),
        (LedgerChip::NotDeclared, "not_declared"),
    ];
}

/// Order of the ledger.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LedgerSort {
    /// By name.
    #[default]
    Name,
    /// By kind, then name.
    Kind,
    /// By zone, then name.
    Zone,
    /// By number of affected findings, then name.
    Findings,
    /// By end of support, unknown last.
    SupportEnd,
}

/// One page of the ledger.
#[derive(Clone, Debug)]
pub struct LedgerPage {
    /// Rows.
    pub rows: Vec<LedgerRow>,
    /// Rows that match the query in all.
    pub total: u64,
    /// Pass as [`LedgerQuery::after`] for the next page.
    pub next: Option<String>,
    /// Counts per chip over the whole ledger (not narrowed by the query).
    pub chips: Vec<(LedgerChip, u64)>,
    /// Counts per kind over the whole ledger.
    pub kinds: Vec<(ResourceKind, u64)>,
    /// Zones for the zone filter, with counts.
    pub zones: Vec<(Zone, u64)>,
    /// All resources of the ledger.
    pub all: u64,
}

/// One row of the ledger list.
#[derive(Clone, Debug)]
pub struct LedgerRow {
    /// The resource.
    pub resource: Resource,
    /// Its zone's name.
    pub zone: Option<String>,
    /// Its maintaining vendor's name.
    pub vendor: Option<String>,
    /// Affected findings.
    pub affected: u64,
    /// Open questions (possibly affected, grouped).
    pub questions: u64,
    /// Some of its products or versions are not known.
    pub unknown: bool,
    /// At least one affected finding is known to be exploited.
    pub exploited: bool,
}

/// One statement about one field, with source, grade and date.
#[derive(Clone, Debug)]
pub struct Fact {
    /// Which field.
    pub field: Field,
    /// The value stated.
    pub value: String,
    /// How good it is.
    pub grade: Grade,
    /// Where it stood.
    pub place: Place,
    /// When it entered the ledger.
    pub seen: Timestamp,
}

/// Everything about one resource.
#[derive(Clone, Debug)]
pub struct ResourceDetail {
    /// The resource.
    pub resource: Resource,
    /// Its zone.
    pub zone: Option<Zone>,
    /// The vendor that maintains it.
    pub vendor: Option<Vendor>,
    /// The contract that covers it.
    pub contract: Option<Contract>,
    /// What it is plugged into: id and name.
    pub uplink: Option<(ResourceId, String)>,
    /// Software on it.
    pub components: Vec<Component>,
    /// Where every value came from, newest first.
    pub facts: Vec<Fact>,
    /// Lines that end here, each with the name of the other end.
    pub lines: Vec<(Line, String)>,
    /// Services of the hospital that need it.
    pub services: Vec<Service>,
    /// Findings and questions, most urgent first.
    pub findings: Vec<Finding>,
}

/// One page of the ledger.
///
/// # Errors
/// [`AppError::Denied`] without the right to read the ledger; [`AppError::Invalid`] for a damaged `after`.
pub async fn list(ctx: &Ctx, query: LedgerQuery) -> Result<LedgerPage, AppError> {
    let _ = (ctx, query);
    Err(AppError::NotFound)
}

/// One resource with everything known about it.
///
/// # Errors
/// [`AppError::NotFound`] if this tenant has no such resource.
pub async fn detail(ctx: &Ctx, id: ResourceId) -> Result<ResourceDetail, AppError> {
    let _ = (ctx, id);
    Err(AppError::NotFound)
}
