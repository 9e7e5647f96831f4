//! The numbers on the chips of the ledger page. One grouped query counts every combination of values there is; which chip
//! counts which of them is decided here.

use crate::entity::{resource as device, resource_list as row};
use crate::facets::{self, Slot, decoded};
use crate::resource_list::{SupportFilter, column, count_rows, not_stocktaken, support, unseen, wanted};
use crate::{ReadTx, ResourceFilter, StoreError, codec};
use sea_orm::sea_query::{Asterisk, CaseStatement, Condition, Expr};
use sea_orm::{ExprTrait, FromQueryResult, QueryFilter, QuerySelect};
use std::collections::BTreeMap;
use tomomori_domain::ids::{VendorId, ZoneId};
use tomomori_domain::resource::{Criticality, PurchaseForm, ResourceKind, ResourceState};
use uuid::Uuid;

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
    /// Per state; `None` = not known.
    pub by_state: BTreeMap<Option<ResourceState>, u64>,
    /// Per criticality; `None` = not known.
    pub by_criticality: BTreeMap<Option<Criticality>, u64>,
    /// Per purchase form; `None` = not known.
    pub by_purchase: BTreeMap<Option<PurchaseForm>, u64>,
    /// Medical devices in the sense of the law.
    pub medical: u64,
    /// Only seen on the wire: no list names them.
    pub not_declared: u64,
    /// With findings.
    pub with_findings: u64,
    /// With a known-exploited finding.
    pub exploited: u64,
    /// Without any found product.
    pub unknown_product: u64,
    /// Nobody updates it, as far as the ledger knows.
    pub no_updater: u64,
    /// By end of support; the 24 months hold the 12.
    pub by_support: BTreeMap<SupportFilter, u64>,
    /// Not seen for 90 days, or never.
    pub unseen: u64,
    /// Not stocktaken in this fiscal year.
    pub not_stocktaken: u64,
}

/// One combination of values, and how many devices have it: all that pass the filters by day, and what each chip by day
/// would leave in place of its own filter.
#[derive(Debug, FromQueryResult)]
struct Cell {
    facets: i32,
    zone_id: Uuid,
    vendor_id: Uuid,
    matching: i64,
    ended: i64,
    within_12: i64,
    within_24: i64,
    unseen: i64,
    not_stocktaken: i64,
}

impl ReadTx {
    /// Numbers for the chips beside the list.
    ///
    /// # Errors
    /// Database errors.
    pub async fn count_resources(&self, filter: &ResourceFilter) -> Result<ResourceCounts, StoreError> {
        self.count_within(self.basis(filter).await?, filter).await
    }

    pub(crate) async fn count_within(
        &self,
        basis: Condition,
        filter: &ResourceFilter,
    ) -> Result<ResourceCounts, StoreError> {
        let days = self.days()?;
        let lies = |wanted| support(wanted, &days, column(row::Column::SupportSort));
        let by_support = filter.support.map(lies);
        let by_seen = filter.unseen.then(|| unseen(&days));
        let by_stock = filter.not_stocktaken.then(|| not_stocktaken(&days));
        let sum = |conditions: Vec<Option<Expr>>| {
            let all = conditions.into_iter().flatten().reduce(ExprTrait::and);
            match all {
                Some(all) => Expr::expr(CaseStatement::new().case(all, 1).finally(0)).sum(),
                None => Expr::col(Asterisk).count(),
            }
        };
        let ends = |wanted| sum(vec![Some(lies(wanted)), by_seen.clone(), by_stock.clone()]);
        let query = self
            .find::<row::Entity>()
            .filter(basis)
            .select_only()
            .columns([row::Column::Facets, row::Column::ZoneId, row::Column::VendorId])
            .expr_as(sum(vec![by_support.clone(), by_seen.clone(), by_stock.clone()]), "matching")
            .expr_as(ends(SupportFilter::Ended), "ended")
            .expr_as(ends(SupportFilter::Within12), "within_12")
            .expr_as(ends(SupportFilter::Within24), "within_24")
            .expr_as(sum(vec![Some(unseen(&days)), by_support.clone(), by_stock.clone()]), "unseen")
            .expr_as(sum(vec![Some(not_stocktaken(&days)), by_support, by_seen]), "not_stocktaken")
            .group_by(row::Column::Facets)
            .group_by(row::Column::ZoneId)
            .group_by(row::Column::VendorId);
        let cells: Vec<Cell> = query.into_model().all(&self.conn).await?;
        let all = count_rows(self.find::<device::Entity>(), &self.conn).await?;
        Ok(fold(filter, &cells, all))
    }
}

/// A filter that a chip stands for: one slot of the packed values, the zone, or the vendor.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Own {
    Slot(Slot),
    Zone,
    Vendor,
}

/// Which filters a combination fails: none, one (then it counts for that filter's own chips), or several.
enum Fails {
    None,
    One(Own),
    More,
}

fn fails(wanted: &[(Slot, i32)], filter: &ResourceFilter, cell: &Cell) -> Fails {
    let slots =
        wanted.iter().filter(|(slot, value)| cell.facets & slot.mask() != *value).map(|(slot, _)| Own::Slot(*slot));
    let zone = filter.zone.filter(|zone| zone.map(|id| id.0).unwrap_or_default() != cell.zone_id).map(|_| Own::Zone);
    let vendor =
        filter.vendor.filter(|vendor| vendor.map(|id| id.0).unwrap_or_default() != cell.vendor_id).map(|_| Own::Vendor);
    let mut failed = slots.chain(zone).chain(vendor);
    match (failed.next(), failed.next()) {
        (None, _) => Fails::None,
        (Some(own), None) => Fails::One(own),
        _ => Fails::More,
    }
}

fn fold(filter: &ResourceFilter, cells: &[Cell], all: u64) -> ResourceCounts {
    let wanted = wanted(filter);
    let mut counts = ResourceCounts { all, ..ResourceCounts::default() };
    for cell in cells {
        let failed = match fails(&wanted, filter, cell) {
            Fails::None => None,
            Fails::One(own) => Some(own),
            Fails::More => continue,
        };
        if failed.is_none() {
            by_day(&mut counts, cell);
        }
        let n = codec::count(cell.matching);
        // A chip counts what passes every filter but its own.
        let counts_for = |own: Own| n > 0 && (failed.is_none() || failed == Some(own));
        let value = |slot: Slot| slot.get(cell.facets);
        if counts_for(Own::Slot(facets::KIND)) {
            let kind = decoded(facets::KINDS, value(facets::KIND)).unwrap_or(ResourceKind::Unknown);
            *counts.by_kind.entry(kind).or_default() += n;
        }
        if counts_for(Own::Slot(facets::STATE)) {
            *counts.by_state.entry(decoded(facets::STATES, value(facets::STATE))).or_default() += n;
        }
        if counts_for(Own::Slot(facets::CRITICALITY)) {
            let criticality = decoded(facets::CRITICALITIES, value(facets::CRITICALITY));
            *counts.by_criticality.entry(criticality).or_default() += n;
        }
        if counts_for(Own::Slot(facets::PURCHASE)) {
            *counts.by_purchase.entry(decoded(facets::PURCHASES, value(facets::PURCHASE))).or_default() += n;
        }
        if counts_for(Own::Zone) {
            *counts.by_zone.entry(known(cell.zone_id).map(ZoneId)).or_default() += n;
        }
        if counts_for(Own::Vendor) {
            *counts.by_vendor.entry(known(cell.vendor_id).map(VendorId)).or_default() += n;
        }
        for (slot, on, number) in [
            (facets::MEDICAL, 1, &mut counts.medical),
            (facets::DECLARED, 0, &mut counts.not_declared),
            (facets::FINDINGS, 1, &mut counts.with_findings),
            (facets::EXPLOITED, 1, &mut counts.exploited),
            (facets::UNKNOWN_PRODUCT, 1, &mut counts.unknown_product),
            (facets::NO_UPDATER, 1, &mut counts.no_updater),
        ] {
            if value(slot) == on && counts_for(Own::Slot(slot)) {
                *number += n;
            }
        }
    }
    counts
}

/// The nil id stands for none.
fn known(id: Uuid) -> Option<Uuid> {
    Some(id).filter(|id| !id.is_nil())
}

fn by_day(counts: &mut ResourceCounts, cell: &Cell) {
    counts.matching += codec::count(cell.matching);
    counts.unseen += codec::count(cell.unseen);
    counts.not_stocktaken += codec::count(cell.not_stocktaken);
    for (wanted, n) in [
        (SupportFilter::Ended, cell.ended),
        (SupportFilter::Within12, cell.within_12),
        (SupportFilter::Within24, cell.within_24),
    ] {
        *counts.by_support.entry(wanted).or_default() += codec::count(n);
    }
}
