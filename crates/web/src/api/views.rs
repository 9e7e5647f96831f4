//! What the API hands out. Own types, so that the API stays the same when the inside changes.

use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;
use tomomori_app::findings::FindingRow;
use tomomori_app::ledger::ResourceRow;
use tomomori_domain::resource::{Component, Resource};
use utoipa::ToSchema;
use uuid::Uuid;

/// One page of a list.
#[derive(Serialize, ToSchema)]
pub(crate) struct List<T: ToSchema> {
    /// Rows.
    pub(crate) items: Vec<T>,
    /// Rows that match in all.
    pub(crate) total: u64,
    /// Pass as `after` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next: Option<String>,
}

/// A device of the ledger. Absent = not known, never "no".
#[derive(Serialize, ToSchema)]
#[schema(as = Resource)]
pub(crate) struct ResourceView {
    pub(crate) id: Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    asset_number: Option<String>,
    name: String,
    /// `server`, `client`, `network`, `medical_device`, `other`, `unknown`.
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    maker: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    product: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    os: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    serial: Option<String>,
    addresses: Vec<String>,
    macs: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hostname: Option<String>,
    /// Name of the network zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    zone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    department: Option<String>,
    /// Vendor that maintains it; absent = nobody is known to.
    #[serde(skip_serializing_if = "Option::is_none")]
    vendor: Option<String>,
    /// End of support, `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    support_end: Option<String>,
    /// The hospital's own columns by name, in the form of their type (`/fields`); what does not fit is as written.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    custom: BTreeMap<String, String>,
    /// Version of the row.
    revision: i64,
}

impl ResourceView {
    pub(crate) fn new(resource: &Resource, zone: Option<String>, vendor: Option<String>) -> Self {
        let r = resource.clone();
        Self {
            id: r.id.0,
            asset_number: r.asset_number,
            name: r.name,
            kind: r.kind.key(),
            maker: r.maker,
            product: r.product,
            version: r.version,
            os: r.os,
            serial: r.serial,
            addresses: r.addresses,
            macs: r.macs,
            hostname: r.hostname,
            zone,
            location: r.location,
            department: r.department,
            vendor,
            support_end: r.support_end.map(|day| day.to_string()),
            custom: r.custom,
            revision: r.revision,
        }
    }
}

/// A device in a list, with what matching concluded.
#[derive(Serialize, ToSchema)]
pub(crate) struct ResourceItem {
    #[serde(flatten)]
    resource: ResourceView,
    /// Vulnerabilities it is affected by.
    affected: u32,
    /// Open questions: facts that are missing to decide.
    questions: u32,
    /// One of the vulnerabilities is known to be exploited.
    exploited: bool,
    /// No product was found: nothing can be said, which is not the same as safe.
    unknown_product: bool,
}

impl From<&ResourceRow> for ResourceItem {
    fn from(row: &ResourceRow) -> Self {
        Self {
            resource: ResourceView::new(&row.resource, row.zone_name.clone(), row.vendor_name.clone()),
            affected: row.affected,
            questions: row.possibly,
            exploited: row.exploited,
            unknown_product: row.unknown_product,
        }
    }
}

/// A piece of software on a device.
#[derive(Serialize, ToSchema)]
#[schema(as = Component)]
pub(crate) struct ComponentView {
    id: Uuid,
    /// `firmware`, `os`, `middleware`, `application`.
    layer: &'static str,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    purl: Option<String>,
    /// `part:vendor:product` it is taken for; absent = no product found.
    #[serde(skip_serializing_if = "Option::is_none")]
    product: Option<String>,
}

impl From<&Component> for ComponentView {
    fn from(component: &Component) -> Self {
        Self {
            id: component.id.0,
            layer: component.layer.key(),
            text: component.text.clone(),
            version: component.version.clone(),
            purl: component.purl.clone(),
            product: component.product.as_ref().map(|product| product.key.clone()),
        }
    }
}

/// One row of the findings: an affected device, or a question about one.
#[derive(Serialize, ToSchema)]
pub(crate) struct FindingItem {
    id: Uuid,
    resource: Uuid,
    resource_name: String,
    /// `affected` or `possibly`.
    verdict: &'static str,
    /// For `possibly`: the fact that would decide.
    #[serde(skip_serializing_if = "Option::is_none")]
    missing: Option<&'static str>,
    /// For `possibly`: the most urgent of `count`.
    vulnerability: String,
    count: u32,
    title: String,
    /// Highest CVSS base score.
    #[serde(skip_serializing_if = "Option::is_none")]
    cvss: Option<f64>,
    exploited: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    vendor: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    first_seen: Timestamp,
    /// Content hash of the catalogue it was computed from.
    catalogue: String,
}

impl From<&FindingRow> for FindingItem {
    fn from(row: &FindingRow) -> Self {
        let finding = &row.finding;
        Self {
            id: finding.id.0,
            resource: finding.resource.0,
            resource_name: row.resource_name.clone(),
            verdict: finding.verdict.key(),
            missing: finding.missing.map(tomomori_domain::finding::MissingFact::key),
            vulnerability: finding.vulnerability.clone(),
            count: finding.count,
            title: finding.title.clone(),
            cvss: finding.cvss_tenths.map(|tenths| f64::from(tenths) / 10.0),
            exploited: finding.exploited,
            vendor: row.vendor_name.clone(),
            first_seen: row.first_seen,
            catalogue: finding.catalogue.clone(),
        }
    }
}

/// What went wrong (RFC 9457).
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemView {
    #[serde(rename = "type")]
    kind: String,
    title: String,
    status: u16,
    detail: String,
}
