//! The ledger page: filter, sort, page, and the numbers on the filter chips.

use crate::{Page, PageRequest, ReadTx, StoreError};
use std::collections::BTreeMap;
use tomomori_domain::ids::{VendorId, ZoneId};
use tomomori_domain::resource::{Resource, ResourceKind};

/// Which devices are wanted; all conditions hold together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResourceFilter {
    /// Kind.
    pub kind: Option<ResourceKind>,
    /// Zone; `Some(None)` = those without a zone.
    pub zone: Option<Option<ZoneId>>,
    /// Vendor that maintains it; `Some(None)` = those nobody is known to maintain.
    pub vendor: Option<Option<VendorId>>,
    /// Words (any width, case, kana) that must all occur in the device's texts or its software.
    pub text: Option<String>,
    /// With findings (`true`), without (`false`).
    pub findings: Option<bool>,
    /// With a known-exploited finding.
    pub exploited: bool,
    /// No product was found for anything on it.
    pub unknown_product: bool,
}

/// Order of the list; ties by id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ResourceSort {
    /// By folded name.
    #[default]
    Name,
    /// By asset number; those without come last.
    AssetNumber,
    /// By end of support, soonest first; unknown last.
    SupportEnd,
    /// Most findings first.
    Findings,
}

/// One row of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct ResourceRow {
    /// The device.
    pub resource: Resource,
    /// Name of its zone.
    pub zone_name: Option<String>,
    /// Name of the vendor that maintains it.
    pub vendor_name: Option<String>,
    /// Vulnerabilities it is affected by.
    pub affected: u32,
    /// Open questions (missing facts).
    pub possibly: u32,
    /// One of them is known to be exploited.
    pub exploited: bool,
    /// No product was found for anything on it: unknown, not safe.
    pub unknown_product: bool,
}

/// Numbers on the chips. Each is what the list would show if that chip were pressed in place of its own kind of
/// filter, with the other filters as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResourceCounts {
    /// Rows of the list as filtered.
    pub matching: u64,
    /// Devices in the ledger.
    pub all: u64,
    /// Per kind (kinds without devices are left out).
    pub by_kind: BTreeMap<ResourceKind, u64>,
    /// Per zone; `None` = without.
    pub by_zone: BTreeMap<Option<ZoneId>, u64>,
    /// Per vendor; `None` = without.
    pub by_vendor: BTreeMap<Option<VendorId>, u64>,
    /// With findings.
    pub with_findings: u64,
    /// With a known-exploited finding.
    pub exploited: u64,
    /// Without any found product.
    pub unknown_product: u64,
}

impl ReadTx {
    /// A page of the ledger.
    ///
    /// # Errors
    /// [`StoreError::BadCursor`].
    pub async fn list_resources(&self, filter: &ResourceFilter, sort: ResourceSort, page: &PageRequest) -> Result<Page<ResourceRow>, StoreError> {
        todo!()
    }

    /// Numbers for the chips beside it.
    ///
    /// # Errors
    /// Database errors.
    pub async fn count_resources(&self, filter: &ResourceFilter) -> Result<ResourceCounts, StoreError> {
        todo!()
    }
}
