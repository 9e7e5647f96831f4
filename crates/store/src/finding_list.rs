//! The findings page: filter, sort, page, and the numbers on the filter chips.

use crate::{Page, PageRequest, ReadTx, StoreError};
use jiff::Timestamp;
use std::collections::BTreeMap;
use tomomori_domain::finding::{Finding, MissingFact, Verdict};
use tomomori_domain::ids::{FindingId, ResourceId, VendorId, ZoneId};
use tomomori_domain::resource::ResourceKind;

/// Which findings are wanted; all conditions hold together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FindingFilter {
    /// Conclusion.
    pub verdict: Option<Verdict>,
    /// Missing fact.
    pub missing: Option<MissingFact>,
    /// Known to be exploited only.
    pub exploited: bool,
    /// One device.
    pub resource: Option<ResourceId>,
    /// Kind of device.
    pub kind: Option<ResourceKind>,
    /// Zone of the device; `Some(None)` = without.
    pub zone: Option<Option<ZoneId>>,
    /// Vendor that maintains the device; `Some(None)` = nobody known.
    pub vendor: Option<Option<VendorId>>,
    /// Words that must all occur in the vulnerability's id or title or the device's texts.
    pub text: Option<String>,
}

/// Order of the list; ties by id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FindingSort {
    /// Exploited first, then affected before possibly, then by score from high to low.
    #[default]
    Urgency,
    /// By folded name of the device.
    Resource,
    /// By vulnerability id.
    Vulnerability,
    /// Newest first.
    FirstSeen,
}

/// One row of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct FindingRow {
    /// The finding.
    pub finding: Finding,
    /// When it first appeared.
    pub first_seen: Timestamp,
    /// Name of the device.
    pub resource_name: String,
    /// Kind of the device.
    pub resource_kind: ResourceKind,
    /// Text of the component.
    pub component_text: String,
    /// Version of the component.
    pub component_version: Option<String>,
    /// Zone of the device.
    pub zone_name: Option<String>,
    /// Vendor that maintains the device.
    pub vendor_name: Option<String>,
}

/// Numbers on the chips. Each is what the list would show if that chip were pressed in place of its own kind of
/// filter, with the other filters as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FindingCounts {
    /// Rows of the list as filtered.
    pub matching: u64,
    /// All rows of the tenant.
    pub all: u64,
    /// Per conclusion.
    pub by_verdict: BTreeMap<Verdict, u64>,
    /// Per missing fact.
    pub by_missing: BTreeMap<MissingFact, u64>,
    /// Per vendor; `None` = nobody known.
    pub by_vendor: BTreeMap<Option<VendorId>, u64>,
    /// Known to be exploited.
    pub exploited: u64,
    /// Devices with at least one row of the filtered list.
    pub devices: u64,
}

impl ReadTx {
    /// A page of findings.
    ///
    /// # Errors
    /// [`StoreError::BadCursor`].
    pub async fn list_findings(&self, filter: &FindingFilter, sort: FindingSort, page: &PageRequest) -> Result<Page<FindingRow>, StoreError> {
        todo!()
    }

    /// Numbers for the chips beside it.
    ///
    /// # Errors
    /// Database errors.
    pub async fn count_findings(&self, filter: &FindingFilter) -> Result<FindingCounts, StoreError> {
        todo!()
    }

    /// One finding.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn finding(&self, id: FindingId) -> Result<FindingRow, StoreError> {
        todo!()
    }

    /// All findings of the tenant, for the overlay of the diagram.
    ///
    /// # Errors
    /// Database errors.
    pub async fn findings(&self) -> Result<Vec<Finding>, StoreError> {
        todo!()
    }
}
