//! The ledger (台帳): list and detail.

use crate::{AppError, Ctx};
use tomomori_domain::Msg;
use tomomori_domain::access::permission::ReadLedger;
use tomomori_domain::custom::CustomField;
use tomomori_domain::ids::ResourceId;
use tomomori_domain::resource::{Vendor, Zone};
use tomomori_store::AuditEvent;

pub use tomomori_store::{
    LedgerView, Page, PageRequest, ResourceCounts, ResourceDetail, ResourceFilter, ResourceRow, ResourceSort,
    SupportFilter,
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
    /// The person's own views.
    pub views: Vec<LedgerView>,
    /// The hospital's own columns that are offered.
    pub fields: Vec<CustomField>,
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
    let (page, counts) = tx.resource_page(filter, sort, page).await?;
    Ok(LedgerPage {
        page,
        counts,
        zones: tx.zones().await?,
        vendors: tx.vendors().await?,
        views: tx.ledger_views().await?,
        fields: tx.custom_fields().await?.into_iter().filter(|field| !field.retired).collect(),
    })
}

/// Most views one person keeps.
const MAX_VIEWS: usize = 30;

/// Keeps the state of the list under a name, for the acting person.
///
/// # Errors
/// [`AppError::Denied`] for programs; [`AppError::Invalid`] for a bad name or too many views.
pub async fn keep_view(ctx: &Ctx, name: &str, query: &str) -> Result<(), AppError> {
    ctx.actor.require::<ReadLedger>()?;
    let user = ctx.actor.user.ok_or(AppError::NotFound)?;
    let name = tomomori_domain::text::tidy(name);
    if name.is_empty() || name.chars().count() > 40 || query.len() > 2_000 {
        return Err(AppError::Invalid(Msg::new("view-bad-name")));
    }
    let mut tx = ctx.write().await?;
    if tx.ledger_views().await?.len() >= MAX_VIEWS {
        return Err(AppError::Invalid(Msg::new("view-too-many").arg("limit", MAX_VIEWS)));
    }
    let id = tx.add_ledger_view(user, &name, query).await?;
    tx.audit(AuditEvent::new("ledger.view.keep", format!("view:{id}"))).await?;
    Ok(tx.commit().await?)
}

/// Forgets one of the acting person's views.
///
/// # Errors
/// [`AppError::NotFound`] for one that is not theirs.
pub async fn forget_view(ctx: &Ctx, id: &str) -> Result<(), AppError> {
    ctx.actor.require::<ReadLedger>()?;
    let user = ctx.actor.user.ok_or(AppError::NotFound)?;
    let mut tx = ctx.write().await?;
    tx.delete_ledger_view(user, id).await?;
    tx.audit(AuditEvent::new("ledger.view.forget", format!("view:{id}"))).await?;
    Ok(tx.commit().await?)
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
