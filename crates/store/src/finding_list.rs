//! The findings page: filter, sort, page, and the numbers on the filter chips.

use crate::entity::{component, finding as row, resource};
use crate::resource_list::{after, count_per, count_rows, is_or_missing, words};
use crate::{Page, PageRequest, ReadTx, StoreError, codec, dialect, findings};
use jiff::Timestamp;
use sea_orm::sea_query::{Condition, Expr};
use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationDef, Select};
use std::collections::{BTreeMap, HashMap};
use tomomori_domain::finding::{Finding, MissingFact, Verdict};
use tomomori_domain::ids::{FindingId, ResourceId, VendorId, ZoneId};
use tomomori_domain::resource::ResourceKind;
use uuid::Uuid;

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
    pub async fn list_findings(
        &self,
        filter: &FindingFilter,
        sort: FindingSort,
        page: &PageRequest,
    ) -> Result<Page<FindingRow>, StoreError> {
        let (by, descending) = sort_column(sort);
        let id = Expr::col((row::Entity, row::Column::Id));
        let mut query = self.findings_where(filter, Chip::None);
        if let Some((value, last)) = page.cursor::<(SortKey, Uuid)>()? {
            let numeric = matches!(sort, FindingSort::Urgency | FindingSort::FirstSeen);
            let value: sea_orm::Value = match value {
                SortKey::Number(n) if numeric => n.into(),
                SortKey::Text(text) if !numeric => text.into(),
                _ => return Err(StoreError::BadCursor),
            };
            query = query.filter(after(&by, descending, value, id.clone(), last));
        }
        let order = if descending { sea_orm::Order::Desc } else { sea_orm::Order::Asc };
        let query = query.order_by(by, order).order_by(id, sea_orm::Order::Asc).limit(page.rows() + 1);
        let models = query.all(&self.conn).await?;
        let urgency: HashMap<Uuid, i32> = models.iter().map(|model| (model.id, model.urgency)).collect();
        let rows = self.finding_rows(models).await?;
        page.page(rows, |row| {
            let id = row.finding.id.0;
            let key = match sort {
                FindingSort::Urgency => SortKey::Number(urgency.get(&id).copied().unwrap_or_default().into()),
                FindingSort::Resource => SortKey::Text(tomomori_domain::text::fold(&row.resource_name)),
                FindingSort::Vulnerability => SortKey::Text(row.finding.vulnerability.clone()),
                FindingSort::FirstSeen => SortKey::Number(codec::ms(row.first_seen)),
            };
            (key, id)
        })
    }

    /// Numbers for the chips beside it.
    ///
    /// # Errors
    /// Database errors.
    pub async fn count_findings(&self, filter: &FindingFilter) -> Result<FindingCounts, StoreError> {
        let with = |chip| self.findings_where(filter, chip);
        let verdicts: Vec<(String, u64)> = count_per(with(Chip::Verdict), row::Column::Verdict, &self.conn).await?;
        let missing: Vec<(Option<String>, u64)> =
            count_per(with(Chip::Missing), row::Column::Missing, &self.conn).await?;
        let vendors: Vec<(Option<Uuid>, u64)> =
            count_per(with(Chip::Vendor), resource::Column::VendorId, &self.conn).await?;
        let devices: Vec<(Uuid, u64)> = count_per(with(Chip::None), row::Column::ResourceId, &self.conn).await?;
        let mut counts = FindingCounts {
            matching: count_rows(with(Chip::None), &self.conn).await?,
            all: count_rows(self.find::<row::Entity>(), &self.conn).await?,
            by_vendor: vendors.into_iter().map(|(id, n)| (id.map(VendorId), n)).collect(),
            exploited: count_rows(with(Chip::Exploited).filter(row::Column::Exploited.eq(true)), &self.conn).await?,
            devices: devices.len() as u64,
            ..FindingCounts::default()
        };
        for (verdict, n) in verdicts {
            counts.by_verdict.insert(codec::key("verdict", &verdict, Verdict::from_key)?, n);
        }
        for (missing, n) in missing {
            if let Some(missing) = missing {
                counts.by_missing.insert(codec::key("missing fact", &missing, MissingFact::from_key)?, n);
            }
        }
        Ok(counts)
    }

    /// One finding.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn finding(&self, id: FindingId) -> Result<FindingRow, StoreError> {
        let row = self.find::<row::Entity>().filter(row::Column::Id.eq(id.0)).one(&self.conn).await?;
        let rows = self.finding_rows(row.into_iter().collect()).await?;
        rows.into_iter().next().ok_or(StoreError::NotFound("finding"))
    }

    /// All findings of the tenant, for the overlay of the diagram.
    ///
    /// # Errors
    /// Database errors.
    pub async fn findings(&self) -> Result<Vec<Finding>, StoreError> {
        let query = self.find::<row::Entity>().order_by_asc(row::Column::Urgency).order_by_asc(row::Column::Id);
        query.all(&self.conn).await?.into_iter().map(findings::from_row).collect()
    }
}

/// A filter that a chip's number leaves out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chip {
    None,
    Verdict,
    Missing,
    Vendor,
    Exploited,
}

fn conditions(filter: &FindingFilter, without: Chip) -> Condition {
    let mut all = Condition::all();
    if let Some(verdict) = filter.verdict.filter(|_| without != Chip::Verdict) {
        all = all.add(row::Column::Verdict.eq(verdict.key()));
    }
    if let Some(missing) = filter.missing.filter(|_| without != Chip::Missing) {
        all = all.add(row::Column::Missing.eq(missing.key()));
    }
    if filter.exploited && without != Chip::Exploited {
        all = all.add(row::Column::Exploited.eq(true));
    }
    if let Some(resource) = filter.resource {
        all = all.add(row::Column::ResourceId.eq(resource.0));
    }
    if let Some(kind) = filter.kind {
        all = all.add(resource::Column::Kind.eq(kind.key()));
    }
    if let Some(zone) = filter.zone {
        all = all.add(is_or_missing(resource::Column::ZoneId, zone.map(|id| id.0)));
    }
    if let Some(vendor) = filter.vendor.filter(|_| without != Chip::Vendor) {
        all = all.add(is_or_missing(resource::Column::VendorId, vendor.map(|id| id.0)));
    }
    for word in words(filter.text.as_deref()) {
        all = all.add(
            Condition::any()
                // Ids of vulnerabilities are written in capitals; the words are folded to small letters.
                .add(dialect::contains(row::Column::Vulnerability, &word.to_uppercase()))
                .add(dialect::contains(row::Column::TitleFold, &word))
                .add(dialect::contains(resource::Column::SearchFold, &word)),
        );
    }
    all
}

fn sort_column(sort: FindingSort) -> (Expr, bool) {
    match sort {
        FindingSort::Urgency => (Expr::col((row::Entity, row::Column::Urgency)), false),
        FindingSort::Resource => (Expr::col((resource::Entity, resource::Column::NameFold)), false),
        FindingSort::Vulnerability => (Expr::col((row::Entity, row::Column::Vulnerability)), false),
        FindingSort::FirstSeen => (Expr::col((row::Entity, row::Column::FirstSeenAt)), true),
    }
}

/// The value a row is sorted by, for the cursor.
#[derive(Clone, serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
enum SortKey {
    Number(i64),
    Text(String),
}

fn device() -> RelationDef {
    row::Entity::belongs_to(resource::Entity)
        .from((row::Column::TenantId, row::Column::ResourceId))
        .to((resource::Column::TenantId, resource::Column::Id))
        .into()
}

impl ReadTx {
    fn findings_where(&self, filter: &FindingFilter, without: Chip) -> Select<row::Entity> {
        self.find::<row::Entity>().join(JoinType::InnerJoin, device()).filter(conditions(filter, without))
    }

    async fn finding_rows(&self, models: Vec<row::Model>) -> Result<Vec<FindingRow>, StoreError> {
        let devices = self
            .find::<resource::Entity>()
            .filter(resource::Column::Id.is_in(models.iter().map(|model| model.resource_id)))
            .all(&self.conn)
            .await?;
        let devices: HashMap<Uuid, resource::Model> = devices.into_iter().map(|model| (model.id, model)).collect();
        let components = self
            .find::<component::Entity>()
            .filter(component::Column::Id.is_in(models.iter().map(|model| model.component_id)))
            .all(&self.conn)
            .await?;
        let components: HashMap<Uuid, component::Model> =
            components.into_iter().map(|model| (model.id, model)).collect();
        let (zones, vendors) = self.names().await?;
        let mut rows = Vec::with_capacity(models.len());
        for model in models {
            let device = devices.get(&model.resource_id).ok_or(StoreError::NotFound("resource"))?;
            let component = components.get(&model.component_id).ok_or(StoreError::NotFound("component"))?;
            rows.push(FindingRow {
                first_seen: codec::time(model.first_seen_at)?,
                resource_name: device.name.clone(),
                resource_kind: codec::key("resource kind", &device.kind, ResourceKind::from_key)?,
                component_text: component.text.clone(),
                component_version: component.version.clone(),
                zone_name: device.zone_id.and_then(|id| zones.get(&id).cloned()),
                vendor_name: device.vendor_id.and_then(|id| vendors.get(&id).cloned()),
                finding: findings::from_row(model)?,
            });
        }
        Ok(rows)
    }
}
