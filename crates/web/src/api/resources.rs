//! Devices of the ledger.

use crate::api::views::{ComponentView, List, ProblemView, ResourceItem, ResourceView};
use crate::failure::Failure;
use crate::pages::ledger_list::LedgerQuery;
use crate::session::Program;
use crate::state::WebState;
use axum::Json;
use axum::extract::Path;
use serde::Serialize;
use tomomori_app::ledger;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(one))
}

/// Devices of the ledger.
#[utoipa::path(get, path = "/resources", tag = "resources", params(
    ("q" = Option<String>, Query, description = "Words that must all occur"),
    ("kind" = Option<String>, Query, description = "server, client, network, medical_device, other, facility, cloud, visitor, unknown"),
    ("zone" = Option<String>, Query, description = "Id of a zone, or `none`"),
    ("vendor" = Option<String>, Query, description = "Id of a vendor, or `none`"),
    ("state" = Option<String>, Query, description = "planned, in_use, spare, repair, retired, or `none`"),
    ("criticality" = Option<String>, Query, description = "high, middle, low, or `none`"),
    ("purchase" = Option<String>, Query, description = "bought, lease, rental, service, or `none`"),
    ("missing" = Option<String>, Query, description = "A fact that should be known and is not: `key` of a measure of /completeness (version, contract, location, updater_os, …)"),
    ("chip" = Option<String>, Query, description = "Several by comma: findings, exploited, unknown, not_declared, medical, no_updater, ended, within12, within24, unseen, not_stocktaken"),
    ("sort" = Option<String>, Query, description = "name (default), number, end, findings, seen"),
    ("after" = Option<String>, Query, description = "`next` of the page before"),
    ("limit" = Option<u32>, Query, description = "Rows per page, 1–500, default 50"),
), responses(
    (status = 200, body = List<ResourceItem>),
    (status = 401, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
    (status = 422, body = ProblemView, content_type = "application/problem+json"),
))]
async fn list(program: Program, query: LedgerQuery) -> Result<Json<List<ResourceItem>>, Failure> {
    let found = ledger::list(&program.ctx, &query.filter(), query.order(), &query.page()).await?;
    let items = found.page.rows.iter().map(ResourceItem::from).collect();
    Ok(Json(List { items, total: found.counts.matching, next: found.page.next }))
}

/// A device with its software.
#[derive(Serialize, ToSchema)]
struct ResourceWithParts {
    #[serde(flatten)]
    resource: ResourceView,
    components: Vec<ComponentView>,
}

/// One device.
#[utoipa::path(get, path = "/resources/{id}", tag = "resources", params(("id" = String, Path)), responses(
    (status = 200, body = ResourceWithParts),
    (status = 401, body = ProblemView, content_type = "application/problem+json"),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
))]
async fn one(program: Program, Path(id): Path<String>) -> Result<Json<ResourceWithParts>, Failure> {
    let id = id.parse().map_err(|_| Failure::not_found())?;
    let d = ledger::detail(&program.ctx, id).await?;
    let resource = ResourceView::new(&d.resource, d.zone.map(|zone| zone.name), d.vendor.map(|vendor| vendor.name));
    Ok(Json(ResourceWithParts { resource, components: d.components.iter().map(ComponentView::from).collect() }))
}
