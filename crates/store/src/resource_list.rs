//! The ledger page: filter, sort, page. Found in the indexes of `resource_lists`, shown from `resources`.

use crate::entity::{resource as device, resource_list as row, vendor, zone};
use crate::facets::{self, Slot, code};
use crate::{Page, PageRequest, ReadTx, ResourceCounts, StoreError, codec, dialect, resource_row};
use jiff::civil::Date;
use sea_orm::sea_query::{Asterisk, BinOper, Condition, Expr, Func, Order};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use std::collections::HashMap;
use tomomori_domain::completeness::Measure;
use tomomori_domain::ids::{VendorId, ZoneId};
use tomomori_domain::resource::{Criticality, PurchaseForm, Resource, ResourceKind, ResourceState};
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
    /// Where it stands in its life; `Some(None)` = not known.
    pub state: Option<Option<ResourceState>>,
    /// How much care depends on it; `Some(None)` = not known.
    pub criticality: Option<Option<Criticality>>,
    /// How it was obtained; `Some(None)` = not known.
    pub purchase: Option<Option<PurchaseForm>>,
    /// Words (any width, case, kana) that must all occur in the device's texts or its software.
    pub text: Option<String>,
    /// Named by a list or a person (`true`), only seen on the wire (`false`).
    pub declared: Option<bool>,
    /// With findings (`true`), without (`false`).
    pub findings: Option<bool>,
    /// Medical devices in the sense of the law.
    pub medical: bool,
    /// With a known-exploited finding.
    pub exploited: bool,
    /// No product was found for anything on it.
    pub unknown_product: bool,
    /// No layer has an updater, and its contract has no clause about updates.
    pub no_updater: bool,
    /// By end of support.
    pub support: Option<SupportFilter>,
    /// Not seen for 90 days, or never.
    pub unseen: bool,
    /// Not stocktaken in this fiscal year (年度, from 1 April).
    pub not_stocktaken: bool,
    /// Without a fact it should have ([`Measure::of`] says unknown).
    pub missing: Option<Measure>,
}

/// Where the end of support lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SupportFilter {
    /// Before today.
    Ended,
    /// Today or within 12 months.
    Within12,
    /// Today or within 24 months.
    Within24,
}

/// Up to so many devices that hold the words are fetched by their ids; beyond that the walk over all is cheaper.
const FEW: u64 = 1_000;

/// Days after which a device counts as not seen.
pub(crate) const UNSEEN_DAYS: i64 = 90;

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
    /// Longest not seen first, never seen before all.
    LastSeen,
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
    /// No layer has an updater, and its contract has no clause about updates.
    pub no_updater: bool,
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
        let basis = self.basis(filter).await?;
        self.list_within(&basis, filter, sort, page).await
    }

    /// A page of the ledger and the numbers on its chips; looks for the words only once.
    ///
    /// # Errors
    /// [`StoreError::BadCursor`].
    pub async fn resource_page(
        &self,
        filter: &ResourceFilter,
        sort: ResourceSort,
        page: &PageRequest,
    ) -> Result<(Page<ResourceRow>, ResourceCounts), StoreError> {
        let basis = self.basis(filter).await?;
        Ok((self.list_within(&basis, filter, sort, page).await?, self.count_within(basis, filter).await?))
    }

    /// Conditions that hold for the numbers on all chips: words, and the missing fact. Words that few devices hold are
    /// looked for here, once.
    pub(crate) async fn basis(&self, filter: &ResourceFilter) -> Result<Condition, StoreError> {
        let mut all = Condition::all();
        if let Some(missing) = filter.missing {
            all = all.add(
                Expr::col((row::Entity, row::Column::Missing))
                    .binary(BinOper::BitAnd, facets::missing_bit(missing))
                    .ne(0),
            );
        }
        let words = words(filter.text.as_deref());
        if words.is_empty() {
            return Ok(all);
        }
        let backend = self.conn.get_database_backend();
        let held = words.iter().fold(Condition::all(), |held, word| held.add(dialect::lists::holds(backend, word)));
        let few = self.find::<row::Entity>().filter(held.clone()).select_only().column(row::Column::Id);
        let few: Vec<Uuid> = few.limit(FEW + 1).into_tuple().all(&self.conn).await?;
        Ok(if few.len() as u64 > FEW { all.add(held) } else { all.add(row::Column::Id.is_in(few)) })
    }

    async fn list_within(
        &self,
        basis: &Condition,
        filter: &ResourceFilter,
        sort: ResourceSort,
        page: &PageRequest,
    ) -> Result<Page<ResourceRow>, StoreError> {
        let by = sort_column(sort);
        let id = Expr::col((row::Entity, row::Column::Id));
        let mut query = self.find::<row::Entity>().filter(conditions(filter, sort, &self.days()?).add(basis.clone()));
        if let Some((value, last)) = page.cursor::<(serde_json::Value, Uuid)>()? {
            let value: sea_orm::Value = match (sort, value) {
                (ResourceSort::Findings, serde_json::Value::Number(n)) => {
                    n.as_i64().ok_or(StoreError::BadCursor)?.into()
                }
                (ResourceSort::Findings, _) => return Err(StoreError::BadCursor),
                (_, serde_json::Value::String(text)) => text.into(),
                _ => return Err(StoreError::BadCursor),
            };
            query = query.filter(after(&Expr::col((row::Entity, by)), false, value, id, last));
        }
        // Only what the index holds: a device's texts are read for the rows of the page alone.
        let query = query.select_only().columns([row::Column::Id, by]);
        // Words are in no index: one walk over all and the best of it, instead of a lookup for each in an index's order.
        let by_words = !words(filter.text.as_deref()).is_empty();
        let key = if by_words { unindexed(by) } else { column(by) };
        let query = query.order_by(key, Order::Asc).order_by_asc(row::Column::Id).limit(page.rows() + 1);
        let found: Vec<(Uuid, serde_json::Value)> = match sort {
            ResourceSort::Findings => {
                let rows: Vec<(Uuid, i32)> = query.into_tuple().all(&self.conn).await?;
                rows.into_iter().map(|(id, key)| (id, key.into())).collect()
            }
            _ => {
                let rows: Vec<(Uuid, String)> = query.into_tuple().all(&self.conn).await?;
                rows.into_iter().map(|(id, key)| (id, key.into())).collect()
            }
        };
        let found = page.page(found, |(id, key)| (key.clone(), *id))?;
        let ids: Vec<Uuid> = found.rows.iter().map(|(id, _)| *id).collect();
        Ok(Page { rows: self.rows(&ids).await?, next: found.next })
    }
}

/// The days that today's filters turn on, as ISO dates.
#[derive(Clone, Debug)]
pub(crate) struct Days {
    pub(crate) today: String,
    pub(crate) in_12_months: String,
    pub(crate) in_24_months: String,
    /// Seen before this day: not seen for [`UNSEEN_DAYS`] days.
    pub(crate) unseen: String,
    /// Begin of the fiscal year.
    pub(crate) fiscal_year: String,
}

impl Days {
    fn of(today: Date) -> Result<Self, StoreError> {
        let outside = |error: jiff::Error| StoreError::Corrupt("date", error.to_string());
        let in_months = |months: i64| today.checked_add(jiff::Span::new().months(months)).map_err(outside);
        let unseen = today.checked_sub(jiff::Span::new().days(UNSEEN_DAYS)).map_err(outside)?;
        let year = if today.month() < 4 { today.year() - 1 } else { today.year() };
        Ok(Self {
            today: today.to_string(),
            in_12_months: in_months(12)?.to_string(),
            in_24_months: in_months(24)?.to_string(),
            unseen: unseen.to_string(),
            fiscal_year: Date::new(year, 4, 1).map_err(outside)?.to_string(),
        })
    }
}

/// `None` in a filter means "those without".
pub(crate) fn is_or_missing<C: ColumnTrait>(column: C, value: Option<Uuid>) -> Expr {
    value.map_or_else(|| column.is_null(), |id| column.eq(id))
}

/// Words of a search, folded as the stored texts are.
pub(crate) fn words(search: Option<&str>) -> Vec<String> {
    text::fold(search.unwrap_or_default()).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Bits of `facets` a filter tests, and what they must be; one pair per slot.
pub(crate) fn wanted(filter: &ResourceFilter) -> Vec<(Slot, i32)> {
    let value = |slot: Slot, code: Option<i32>| code.map(|code| (slot, slot.put(code)));
    let yes = |slot: Slot, wanted: bool| wanted.then(|| (slot, slot.put(1)));
    let slots = [
        value(facets::KIND, filter.kind.map(|kind| code(facets::KINDS, Some(&kind)))),
        value(facets::STATE, filter.state.map(|state| code(facets::STATES, state.as_ref()))),
        value(facets::CRITICALITY, filter.criticality.map(|value| code(facets::CRITICALITIES, value.as_ref()))),
        value(facets::PURCHASE, filter.purchase.map(|form| code(facets::PURCHASES, form.as_ref()))),
        value(facets::DECLARED, filter.declared.map(i32::from)),
        value(facets::FINDINGS, filter.findings.map(i32::from)),
        yes(facets::MEDICAL, filter.medical),
        yes(facets::EXPLOITED, filter.exploited),
        yes(facets::UNKNOWN_PRODUCT, filter.unknown_product),
        yes(facets::NO_UPDATER, filter.no_updater),
    ];
    slots.into_iter().flatten().collect()
}

/// Whether the end of support, `end`, lies where the filter says.
pub(crate) fn support(filter: SupportFilter, days: &Days, end: Expr) -> Expr {
    match filter {
        SupportFilter::Ended => end.lt(days.today.as_str()),
        SupportFilter::Within12 => end.clone().gte(days.today.as_str()).and(end.lte(days.in_12_months.as_str())),
        SupportFilter::Within24 => end.clone().gte(days.today.as_str()).and(end.lte(days.in_24_months.as_str())),
    }
}

pub(crate) fn column(column: row::Column) -> Expr {
    Expr::col((row::Entity, column))
}

/// A column in a way that no index gives: an index on it would lead away from a better walk.
fn unindexed(column: row::Column) -> Expr {
    let column = self::column(column);
    Expr::expr(Func::coalesce([column.clone(), column]))
}

pub(crate) fn unseen(days: &Days) -> Expr {
    Expr::col((row::Entity, row::Column::SeenSort)).lt(days.unseen.as_str())
}

pub(crate) fn not_stocktaken(days: &Days) -> Expr {
    Expr::col((row::Entity, row::Column::StockSort)).lt(days.fiscal_year.as_str())
}

fn conditions(filter: &ResourceFilter, sort: ResourceSort, days: &Days) -> Condition {
    let mut all = Condition::all();
    let (mask, value) =
        wanted(filter).into_iter().fold((0, 0), |(mask, value), (slot, code)| (mask | slot.mask(), value | code));
    if mask != 0 {
        all = all.add(Expr::col((row::Entity, row::Column::Facets)).binary(BinOper::BitAnd, mask).eq(value));
    }
    if let Some(zone) = filter.zone {
        all = all.add(row::Column::ZoneId.eq(zone.map(|id| id.0).unwrap_or_default()));
    }
    if let Some(vendor) = filter.vendor {
        all = all.add(row::Column::VendorId.eq(vendor.map(|id| id.0).unwrap_or_default()));
    }
    if let Some(wanted) = filter.support {
        // In another order the many devices of a range would all have to be sorted for one page.
        let by_end = sort == ResourceSort::SupportEnd;
        let end = row::Column::SupportSort;
        all = all.add(support(wanted, days, if by_end { column(end) } else { unindexed(end) }));
    }
    if filter.unseen {
        all = all.add(unseen(days));
    }
    if filter.not_stocktaken {
        all = all.add(not_stocktaken(days));
    }
    all
}

fn sort_column(sort: ResourceSort) -> row::Column {
    match sort {
        ResourceSort::Name => row::Column::NameSort,
        ResourceSort::AssetNumber => row::Column::AssetSort,
        ResourceSort::SupportEnd => row::Column::SupportSort,
        ResourceSort::Findings => row::Column::FindingsSort,
        ResourceSort::LastSeen => row::Column::SeenSort,
    }
}

/// Rows after `value` in the order of `sort`, ties by id.
pub(crate) fn after(sort: &Expr, descending: bool, value: sea_orm::Value, id: Expr, last: Uuid) -> Condition {
    let value = Expr::val(value);
    let beyond = if descending { sort.clone().lt(value.clone()) } else { sort.clone().gt(value.clone()) };
    Condition::any().add(beyond).add(sort.clone().eq(value).and(id.gt(last)))
}

impl ReadTx {
    pub(crate) fn days(&self) -> Result<Days, StoreError> {
        Days::of(self.now.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(9))).date())
    }

    /// Names of zones and vendors, by id.
    pub(crate) async fn names(&self) -> Result<(HashMap<Uuid, String>, HashMap<Uuid, String>), StoreError> {
        let zones = self.find::<zone::Entity>().select_only().columns([zone::Column::Id, zone::Column::Name]);
        let zones: Vec<(Uuid, String)> = zones.into_tuple().all(&self.conn).await?;
        let vendors = self.find::<vendor::Entity>().select_only().columns([vendor::Column::Id, vendor::Column::Name]);
        let vendors: Vec<(Uuid, String)> = vendors.into_tuple().all(&self.conn).await?;
        Ok((zones.into_iter().collect(), vendors.into_iter().collect()))
    }

    /// The devices of a page, in its order.
    async fn rows(&self, ids: &[Uuid]) -> Result<Vec<ResourceRow>, StoreError> {
        let among = || ids.iter().copied();
        let devices = self.find::<device::Entity>().filter(device::Column::Id.is_in(among())).all(&self.conn).await?;
        let mut devices: HashMap<Uuid, device::Model> = devices.into_iter().map(|row| (row.id, row)).collect();
        let told = self.find::<row::Entity>().filter(row::Column::Id.is_in(among())).select_only();
        let told = told.columns([row::Column::Id, row::Column::Affected, row::Column::Possibly, row::Column::Facets]);
        let told: Vec<(Uuid, i32, i32, i32)> = told.into_tuple().all(&self.conn).await?;
        let told: HashMap<Uuid, (i32, i32, i32)> = told.into_iter().map(|(id, a, p, f)| (id, (a, p, f))).collect();
        let (zones, vendors) = self.names().await?;
        let mut rows = Vec::with_capacity(ids.len());
        for id in ids {
            let Some((model, (affected, possibly, facets))) = devices.remove(id).zip(told.get(id).copied()) else {
                return Err(StoreError::Corrupt("list", id.to_string()));
            };
            rows.push(ResourceRow {
                zone_name: model.zone_id.and_then(|id| zones.get(&id).cloned()),
                vendor_name: model.vendor_id.and_then(|id| vendors.get(&id).cloned()),
                affected: codec::unsigned(affected),
                possibly: codec::unsigned(possibly),
                exploited: facets::EXPLOITED.get(facets) == 1,
                unknown_product: facets::UNKNOWN_PRODUCT.get(facets) == 1,
                no_updater: facets::NO_UPDATER.get(facets) == 1,
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
