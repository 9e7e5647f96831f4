//! The steps that changed the ledger, and taking one back.

use crate::api::views::{List, ProblemView};
use crate::failure::Failure;
use crate::pages::history::StepQuery;
use crate::session::Program;
use crate::state::WebState;
use axum::Json;
use axum::extract::{Path, Query};
use jiff::Timestamp;
use serde::Serialize;
use tomomori_app::edit::{self, StepRow};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(undo))
}

/// A step that changed the ledger.
#[derive(Serialize, ToSchema)]
struct StepItem {
    id: Uuid,
    /// `import`, `edit`, `decision`, `stocktake`, `advice`, `undo`.
    kind: &'static str,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Who did it.
    by: String,
    /// Files, or the name of the device.
    title: String,
    /// Rows stated from then on.
    begun: u64,
    /// Rows not stated any more.
    ended: u64,
    /// Decisions on which rows are one device.
    decided: u64,
    /// The step that took this one back.
    #[serde(skip_serializing_if = "Option::is_none")]
    undone_by: Option<Uuid>,
}

impl From<StepRow> for StepItem {
    fn from(row: StepRow) -> Self {
        let StepRow { step, begun, ended, decided } = row;
        Self {
            id: step.id.0,
            kind: step.kind.key(),
            at: step.at,
            by: step.by,
            title: step.title,
            begun,
            ended,
            decided,
            undone_by: step.undone_by.map(|id| id.0),
        }
    }
}

/// Steps that changed the ledger, the newest first.
#[utoipa::path(get, path = "/steps", tag = "steps", params(
    ("after" = Option<String>, Query, description = "`next` of the page before"),
    ("limit" = Option<u32>, Query, description = "Rows per page, 1–500, default 50"),
), responses(
    (status = 200, body = List<StepItem>),
    (status = 401, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
    (status = 422, body = ProblemView, content_type = "application/problem+json"),
))]
async fn list(program: Program, Query(query): Query<StepQuery>) -> Result<Json<List<StepItem>>, Failure> {
    let found = edit::steps(&program.ctx, &query.page()).await?;
    let items = found.page.rows.into_iter().map(StepItem::from).collect();
    Ok(Json(List { items, total: found.total, next: found.page.next }))
}

/// What undoing did.
#[derive(Serialize, ToSchema)]
struct StepUndone {
    /// The step that took the other one back; it can be undone itself.
    step: Uuid,
    /// Rows of the ledger that differ now.
    changed: usize,
}

/// Takes a step back.
#[utoipa::path(post, path = "/steps/{id}/undo", tag = "steps", params(("id" = String, Path)), responses(
    (status = 200, body = StepUndone),
    (status = 401, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
    (status = 409, body = ProblemView, content_type = "application/problem+json"),
))]
async fn undo(program: Program, Path(id): Path<String>) -> Result<Json<StepUndone>, Failure> {
    let id = id.parse().map_err(|_| Failure::not_found())?;
    let done = edit::undo(&program.ctx, id).await?;
    Ok(Json(StepUndone { step: done.step.0, changed: done.changes.len() }))
}
