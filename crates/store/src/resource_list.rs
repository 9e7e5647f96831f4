//! The ledger page: filter, sort, page, and the numbers on the filter chips.

use crate::entity::{component, finding, resource as row, vendor, zone};
use crate::{Page, PageRequest, ReadTx, StoreError, codec, dialect, resource_row};
use sea_orm::sea_query::{Asterisk, Condition, Expr, Query, SelectStatement};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use std::collections::{BTreeMap, HashMap};
use tomomori_domain::finding::Verdict;
use tomomori_domain::ids::{VendorId, ZoneId};
use tomomori_domain::resource::{Resource, ResourceKind};
use tomomori_domain::text;
use uuid::Uuid;

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
    /// Named by a list or a person (`true`), only seen on the wire (`false`).
    pub declared: Option<bool>,
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
    /// Only seen on the wire: no list names them.
    pub not_declared: u64,
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
    pub async fn list_resources(
        &self,
        filter: &ResourceFilter,
        sort: ResourceSort,
        page: &PageRequest,
    ) -> Result<Page<ResourceRow>, StoreError> {
        let (by, descending) = sort_expr(sort);
        let id = Expr::col((row::Entity, row::Column::Id));
        let mut query = self.resources_where(filter, Chip::None);
        if let Some((value, last)) = page.cursor::<(serde_json::Value, Uuid)>()? {
            let value: sea_orm::Value = match (sort, value) {
                (ResourceSort::Findings, serde_json::Value::Number(n)) => {
                    n.as_i64().ok_or(StoreError::BadCursor)?.into()
                }
                (ResourceSort::Findings, _) => return Err(StoreError::BadCursor),
                (_, serde_json::Value::String(text)) => text.into(),
                _ => return Err(StoreError::BadCursor),
            };
            query = query.filter(after(&by, descending, value, id.clone(), last));
        }
        let order = if descending { sea_orm::Order::Desc } else { sea_orm::Order::Asc };
        let query = query.order_by(by, order).order_by(id, sea_orm::Order::Asc).limit(page.rows() + 1);
        let models = query.all(&self.conn).await?;
        // Sort keys are not part of what is shown, so they are kept beside the rows.
        let keys: HashMap<Uuid, String> = models
            .iter()
            .map(|model| {
                let key = match sort {
                    ResourceSort::AssetNumber => &model.asset_sort,
                    ResourceSort::SupportEnd => &model.support_sort,
                    _ => &model.name_fold,
                };
                (model.id, key.clone())
            })
            .collect();
        let rows = self.rows(models).await?;
        page.page(rows, |row| {
            let id = row.resource.id.0;
            let value = match sort {
                ResourceSort::Findings => serde_json::Value::from(row.affected + row.possibly),
                _ => serde_json::Value::from(keys.get(&id).cloned()),
            };
            (value, id)
        })
    }

    /// Numbers for the chips beside it.
    ///
    /// # Errors
    /// Database errors.
    pub async fn count_resources(&self, filter: &ResourceFilter) -> Result<ResourceCounts, StoreError> {
        let with = |chip| self.resources_where(filter, chip);
        let kinds: Vec<(String, u64)> = count_per(with(Chip::Kind), row::Column::Kind, &self.conn).await?;
        let zones: Vec<(Option<Uuid>, u64)> = count_per(with(Chip::Zone), row::Column::ZoneId, &self.conn).await?;
        let vendors: Vec<(Option<Uuid>, u64)> =
            count_per(with(Chip::Vendor), row::Column::VendorId, &self.conn).await?;
        let mut by_kind = BTreeMap::new();
        for (kind, n) in kinds {
            by_kind.insert(codec::key("resource kind", &kind, ResourceKind::from_key)?, n);
        }
        Ok(ResourceCounts {
            matching: self.count_with(filter, Chip::None, None).await?,
            all: count_rows(self.find::<row::Entity>(), &self.conn).await?,
            by_kind,
            by_zone: zones.into_iter().map(|(id, n)| (id.map(ZoneId), n)).collect(),
            by_vendor: vendors.into_iter().map(|(id, n)| (id.map(VendorId), n)).collect(),
            not_declared: self.count_with(filter, Chip::Declared, Some(row::Column::Declared.eq(false))).await?,
            with_findings: self.count_with(filter, Chip::Findings, Some(with_findings())).await?,
            exploited: self.count_with(filter, Chip::Exploited, Some(with_exploited())).await?,
            unknown_product: self.count_with(filter, Chip::Unknown, Some(with_unknown_product())).await?,
        })
    }
}

/// A filter that a chip's number leaves out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chip {
    None,
    Kind,
    Zone,
    Vendor,
    Declared,
    Findings,
    Exploited,
    Unknown,
}

/// `SELECT 1` of another table's rows that hang on the device of the outer query.
fn of_device<E: EntityTrait>(table: E, tenant: E::Column, resource: E::Column) -> SelectStatement {
    let device = Expr::col((row::Entity, row::Column::Id));
    let owner = Expr::col((row::Entity, row::Column::TenantId));
    Query::select()
        .expr(Expr::val(1))
        .from(table)
        .and_where(Expr::col((table, tenant)).eq(owner))
        .and_where(Expr::col((table, resource)).eq(device))
        .take()
}

fn findings() -> SelectStatement {
    of_device(finding::Entity, finding::Column::TenantId, finding::Column::ResourceId)
}

fn components() -> SelectStatement {
    of_device(component::Entity, component::Column::TenantId, component::Column::ResourceId)
}

fn with_findings() -> Expr {
    Expr::exists(findings())
}

fn with_exploited() -> Expr {
    Expr::exists(findings().and_where(finding::Column::Exploited.eq(true)).take())
}

fn with_unknown_product() -> Expr {
    Expr::exists(components().and_where(component::Column::ProductKey.is_not_null()).take()).not()
}

/// `None` in a filter means "those without".
pub(crate) fn is_or_missing<C: ColumnTrait>(column: C, value: Option<Uuid>) -> Expr {
    value.map_or_else(|| column.is_null(), |id| column.eq(id))
}

/// Words of a search, folded as the stored texts are.
pub(crate) fn words(search: Option<&str>) -> Vec<String> {
    text::fold(search.unwrap_or_default()).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn conditions(filter: &ResourceFilter, without: Chip) -> Condition {
    let mut all = Condition::all();
    if let Some(kind) = filter.kind.filter(|_| without != Chip::Kind) {
        all = all.add(row::Column::Kind.eq(kind.key()));
    }
    if let Some(zone) = filter.zone.filter(|_| without != Chip::Zone) {
        all = all.add(is_or_missing(row::Column::ZoneId, zone.map(|id| id.0)));
    }
    if let Some(vendor) = filter.vendor.filter(|_| without != Chip::Vendor) {
        all = all.add(is_or_missing(row::Column::VendorId, vendor.map(|id| id.0)));
    }
    if let Some(declared) = filter.declared.filter(|_| without != Chip::Declared) {
        all = all.add(row::Column::Declared.eq(declared));
    }
    if let Some(with) = filter.findings.filter(|_| without != Chip::Findings) {
        all = all.add(if with { with_findings() } else { with_findings().not() });
    }
    if filter.exploited && without != Chip::Exploited {
        all = all.add(with_exploited());
    }
    if filter.unknown_product && without != Chip::Unknown {
        all = all.add(with_unknown_product());
    }
    for word in words(filter.text.as_deref()) {
        let software = components().and_where(dialect::contains(component::Column::TextFold, &word)).take();
        let device = dialect::contains(row::Column::SearchFold, &word);
        all = all.add(Condition::any().add(device).add(Expr::exists(software)));
    }
    all
}

/// What a list is sorted by: an expression, and whether high comes first.
fn sort_expr(sort: ResourceSort) -> (Expr, bool) {
    match sort {
        ResourceSort::Name => (Expr::col((row::Entity, row::Column::NameFold)), false),
        ResourceSort::AssetNumber => (Expr::col((row::Entity, row::Column::AssetSort)), false),
        ResourceSort::SupportEnd => (Expr::col((row::Entity, row::Column::SupportSort)), false),
        ResourceSort::Findings => {
            let count =
                findings().clear_selects().expr(Expr::col((finding::Entity, finding::Column::Id)).count()).take();
            (Expr::SubQuery(None, Box::new(count.into())), true)
        }
    }
}

/// Rows after `value` in the order of `sort`, ties by id.
pub(crate) fn after(sort: &Expr, descending: bool, value: sea_orm::Value, id: Expr, last: Uuid) -> Condition {
    let value = Expr::val(value);
    let beyond = if descending { sort.clone().lt(value.clone()) } else { sort.clone().gt(value.clone()) };
    Condition::any().add(beyond).add(sort.clone().eq(value).and(id.gt(last)))
}

/// Findings of one device, as the list shows them.
#[derive(Clone, Copy, Default)]
struct Tally {
    affected: u32,
    possibly: u32,
    exploited: bool,
}

impl ReadTx {
    fn resources_where(&self, filter: &ResourceFilter, without: Chip) -> Select<row::Entity> {
        self.find::<row::Entity>().filter(conditions(filter, without))
    }

    async fn count_with(&self, filter: &ResourceFilter, without: Chip, more: Option<Expr>) -> Result<u64, StoreError> {
        let mut query = self.resources_where(filter, without);
        if let Some(more) = more {
            query = query.filter(more);
        }
        count_rows(query, &self.conn).await
    }

    async fn tallies(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, Tally>, StoreError> {
        let rows: Vec<(Uuid, String, bool)> = self
            .find::<finding::Entity>()
            .filter(finding::Column::ResourceId.is_in(ids.iter().copied()))
            .select_only()
            .columns([finding::Column::ResourceId, finding::Column::Verdict, finding::Column::Exploited])
            .into_tuple()
            .all(&self.conn)
            .await?;
        let mut tallies: HashMap<Uuid, Tally> = HashMap::new();
        for (id, verdict, exploited) in rows {
            let tally = tallies.entry(id).or_default();
            if verdict == Verdict::Affected.key() {
                tally.affected += 1;
            } else {
                tally.possibly += 1;
            }
            tally.exploited |= exploited;
        }
        Ok(tallies)
    }

    /// Names of zones and vendors, by id.
    pub(crate) async fn names(&self) -> Result<(HashMap<Uuid, String>, HashMap<Uuid, String>), StoreError> {
        let zones = self.find::<zone::Entity>().select_only().columns([zone::Column::Id, zone::Column::Name]);
        let zones: Vec<(Uuid, String)> = zones.into_tuple().all(&self.conn).await?;
        let vendors = self.find::<vendor::Entity>().select_only().columns([vendor::Column::Id, vendor::Column::Name]);
        let vendors: Vec<(Uuid, String)> = vendors.into_tuple().all(&self.conn).await?;
        Ok((zones.into_iter().collect(), vendors.into_iter().collect()))
    }

    async fn rows(&self, models: Vec<row::Model>) -> Result<Vec<ResourceRow>, StoreError> {
        let ids: Vec<Uuid> = models.iter().map(|model| model.id).collect();
        let tallies = self.tallies(&ids).await?;
        let (zones, vendors) = self.names().await?;
        let known = self
            .find::<component::Entity>()
            .filter(component::Column::ResourceId.is_in(ids))
            .filter(component::Column::ProductKey.is_not_null());
        let known = known.select_only().column(component::Column::ResourceId).distinct();
        let known: Vec<Uuid> = known.into_tuple().all(&self.conn).await?;
        let mut rows = Vec::with_capacity(models.len());
        for model in models {
            let tally = tallies.get(&model.id).copied().unwrap_or_default();
            rows.push(ResourceRow {
                zone_name: model.zone_id.and_then(|id| zones.get(&id).cloned()),
                vendor_name: model.vendor_id.and_then(|id| vendors.get(&id).cloned()),
                affected: tally.affected,
                possibly: tally.possibly,
                exploited: tally.exploited,
                unknown_product: !known.contains(&model.id),
                resource: resource_row::from_row(model)?,
            });
        }
        Ok(rows)
    }
}

/// How many rows a query has.
pub(crate) async fn count_rows<E: EntityTrait>(
    query: Select<E>,
    conn: &sea_orm::DatabaseTransaction,
) -> Result<u64, StoreError> {
    let count: Option<i64> =
        query.select_only().expr_as(Expr::col(Asterisk).count(), "n").into_tuple().one(conn).await?;
    Ok(codec::count(count.unwrap_or(0)))
}

/// How many rows a query has per value of a column.
pub(crate) async fn count_per<E: EntityTrait, T>(
    query: Select<E>,
    column: impl ColumnTrait,
    conn: &sea_orm::DatabaseTransaction,
) -> Result<Vec<(T, u64)>, StoreError>
where
    T: sea_orm::TryGetable,
    (T, i64): sea_orm::TryGetableMany,
{
    let query = query.select_only().column(column).expr_as(Expr::col(Asterisk).count(), "n").group_by(column);
    let rows: Vec<(T, i64)> = query.into_tuple().all(conn).await?;
    Ok(rows.into_iter().map(|(value, n)| (value, codec::count(n))).collect())
}
