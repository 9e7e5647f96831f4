//! What matching concluded.

use crate::api::views::{FindingItem, List, ProblemView};
use crate::failure::Failure;
use crate::pages::findings::FindingQuery;
use crate::session::Program;
use crate::state::WebState;
use axum::Json;
use axum::extract::{Path, Query};
use serde::Serialize;
use tomomori_app::findings;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(one))
}

/// Findings and questions.
#[utoipa::path(get, path = "/findings", tag = "findings", params(
    ("q" = Option<String>, Query, description = "Words that must all occur"),
    ("verdict" = Option<String>, Query, description = "affected, possibly"),
    ("exploited" = Option<String>, Query, description = "`1`: only known to be exploited"),
    ("resource" = Option<String>, Query, description = "Id of a device"),
    ("sort" = Option<String>, Query, description = "urgency (default), resource, vulnerability, new"),
    ("after" = Option<String>, Query, description = "`next` of the page before"),
    ("limit" = Option<u32>, Query, description = "Rows per page, 1–500, default 50"),
), responses(
    (status = 200, body = List<FindingItem>),
    (status = 401, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
    (status = 422, body = ProblemView, content_type = "application/problem+json"),
))]
async fn list(program: Program, Query(query): Query<FindingQuery>) -> Result<Json<List<FindingItem>>, Failure> {
    let found = findings::list(&program.ctx, &query.filter()?, query.order(), &query.page()).await?;
    let items = found.page.rows.iter().map(FindingItem::from).collect();
    Ok(Json(List { items, total: found.counts.matching, next: found.page.next }))
}

/// A finding with its reason.
#[derive(Serialize, ToSchema)]
struct FindingWithReason {
    #[serde(flatten)]
    finding: FindingItem,
    /// Why it matched: the applicability trees with what was compared, advisories, statements against it.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<serde_json::Value>,
    /// Services that need the device, or may be reached through it.
    services: Vec<String>,
}

/// One finding.
#[utoipa::path(get, path = "/findings/{id}", tag = "findings", params(("id" = String, Path)), responses(
    (status = 200, body = FindingWithReason),
    (status = 401, body = ProblemView, content_type = "application/problem+json"),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
))]
async fn one(program: Program, Path(id): Path<String>) -> Result<Json<FindingWithReason>, Failure> {
    let id = id.parse().map_err(|_| Failure::not_found())?;
    let d = findings::detail(&program.ctx, id).await?;
    Ok(Json(FindingWithReason {
        finding: FindingItem::from(&d.row),
        reason: serde_json::from_str(&d.row.finding.reason).ok(),
        services: d.services.into_iter().map(|service| service.name).collect(),
    }))
}
