//! The ledger (台帳): list and detail.

use crate::{AppError, Ctx};
use tomomori_domain::access::permission::ReadLedger;
use tomomori_domain::ids::ResourceId;
use tomomori_domain::resource::{Vendor, Zone};

pub use tomomori_store::{
    Page, PageRequest, ResourceCounts, ResourceDetail, ResourceFilter, ResourceRow, ResourceSort,
};

/// One page of the ledger with the numbers for its chips.
#[derive(Clone, Debug)]
pub struct LedgerPage {
    /// Rows.
    pub page: Page<ResourceRow>,
    /// Numbers on the chips.
    pub counts: ResourceCounts,
    /// Zones, for the filter.
    pub zones: Vec<Zone>,
    /// Vendors, for the filter.
    pub vendors: Vec<Vendor>,
}

/// One page of the ledger.
///
/// # Errors
/// [`AppError::Denied`] without the right to read the ledger; [`AppError::Invalid`] for a damaged page link.
pub async fn list(
    ctx: &Ctx,
    filter: &ResourceFilter,
    sort: ResourceSort,
    page: &PageRequest,
) -> Result<LedgerPage, AppError> {
    ctx.actor.require::<ReadLedger>()?;
    let tx = ctx.read().await?;
    Ok(LedgerPage {
        page: tx.list_resources(filter, sort, page).await?,
        counts: tx.count_resources(filter).await?,
        zones: tx.zones().await?,
        vendors: tx.vendors().await?,
    })
}

/// One resource with everything known about it; its services are those that need it or a device behind it.
///
/// # Errors
/// [`AppError::NotFound`] if this tenant has no such resource.
pub async fn detail(ctx: &Ctx, id: ResourceId) -> Result<ResourceDetail, AppError> {
    ctx.actor.require::<ReadLedger>()?;
    let tx = ctx.read().await?;
    let mut detail = tx.resource_detail(id).await?;
    detail.services = crate::findings::services_behind(&tx.ledger().await?, id);
    Ok(detail)
}

/// Sizes of the ledger's other tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Zones.
    pub zones: usize,
    /// Lines.
    pub lines: usize,
    /// Contracts.
    pub contracts: usize,
    /// Services.
    pub services: usize,
}

/// How many zones, lines, contracts and services there are.
///
/// # Errors
/// [`AppError::Denied`].
pub async fn shape(ctx: &Ctx) -> Result<Shape, AppError> {
    ctx.actor.require::<ReadLedger>()?;
    let ledger = ctx.read().await?.ledger().await?;
    Ok(Shape {
        zones: ledger.zones.len(),
        lines: ledger.lines.len(),
        contracts: ledger.contracts.len(),
        services: ledger.services.len(),
    })
}
