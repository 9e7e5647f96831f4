//! For a vendor's programs: what hospitals asked, and answering.

use crate::api::views::ProblemView;
use crate::failure::Failure;
use crate::session::Program;
use crate::state::WebState;
use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use tomomori_app::AppError;
use tomomori_app::advice::inbox;
use tomomori_domain::Msg;
use tomomori_domain::advice::{Answer, Envelope, Item, Part};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(one)).routes(routes!(answer))
}

/// A hospital's request to confirm its diagram, in short.
#[derive(Serialize, ToSchema)]
struct InboxItem {
    id: String,
    hospital: String,
    note: String,
    /// Answer wanted by, `YYYY-MM-DD`.
    due: String,
    asked: String,
    answered: Option<String>,
}

impl From<&Envelope> for InboxItem {
    fn from(envelope: &Envelope) -> Self {
        Self {
            id: envelope.id.to_string(),
            hospital: envelope.hospital_name.clone(),
            note: envelope.note.clone(),
            due: envelope.due.to_string(),
            asked: envelope.asked.to_string(),
            answered: envelope.answered.map(|at| at.to_string()),
        }
    }
}

/// A request with what is shown.
#[derive(Serialize, ToSchema)]
struct InboxRequest {
    #[serde(flatten)]
    about: InboxItem,
    /// `nodes` (id, own, values by field, uplink) and `lines` (id, from, to, values by field).
    #[schema(value_type = Object)]
    part: Part,
    /// The newest answer.
    #[schema(value_type = Option<Object>)]
    answer: Option<Answer>,
}

/// What a vendor says.
#[derive(Deserialize, ToSchema)]
struct NewAnswer {
    /// Items with `say`: `confirm`, `correct` (`values` by field), `remove`, each with `subject` (`{"node": id}` or `{"line": id}`);
    /// `new_node` (`values`, `uplink`); `new_line` (`from`, `to`, `values`); `remark` (`subject`, `text`).
    #[schema(value_type = Vec<Object>)]
    items: Vec<serde_json::Value>,
}

/// Requests hospitals sent to this vendor, newest first.
#[utoipa::path(get, path = "/inbox", tag = "inbox", responses(
    (status = 200, body = Vec<InboxItem>),
    (status = 401, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
))]
async fn list(program: Program) -> Result<Json<Vec<InboxItem>>, Failure> {
    Ok(Json(inbox::list(&program.ctx).await?.iter().map(InboxItem::from).collect()))
}

/// One request.
#[utoipa::path(get, path = "/inbox/{id}", tag = "inbox", params(("id" = String, Path)), responses(
    (status = 200, body = InboxRequest),
    (status = 401, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
))]
async fn one(program: Program, Path(id): Path<String>) -> Result<Json<InboxRequest>, Failure> {
    let id = id.parse().map_err(|_| Failure::not_found())?;
    let envelope = inbox::one(&program.ctx, id).await?;
    Ok(Json(InboxRequest { about: InboxItem::from(&envelope), part: envelope.part, answer: envelope.answer }))
}

/// Answers a request. The hospital decides on each item; an answer nobody decided on yet is replaced.
#[utoipa::path(post, path = "/inbox/{id}/answer", tag = "inbox", params(("id" = String, Path)), request_body = NewAnswer,
    responses(
        (status = 204, description = "The answer waits at the hospital"),
        (status = 401, body = ProblemView, content_type = "application/problem+json"),
        (status = 403, body = ProblemView, content_type = "application/problem+json"),
        (status = 404, body = ProblemView, content_type = "application/problem+json"),
        (status = 409, body = ProblemView, content_type = "application/problem+json"),
        (status = 422, body = ProblemView, content_type = "application/problem+json"),
    ))]
async fn answer(program: Program, Path(id): Path<String>, body: axum::body::Bytes) -> Result<StatusCode, Failure> {
    let id = id.parse().map_err(|_| Failure::not_found())?;
    inbox::one(&program.ctx, id).await?;
    let unreadable =
        |error: serde_json::Error| AppError::Invalid(Msg::new("advice-file-unreadable").arg("detail", error));
    let new: NewAnswer = serde_json::from_slice(&body).map_err(unreadable)?;
    let items = new.items.into_iter().map(serde_json::from_value);
    let items = items.collect::<Result<Vec<Item>, _>>().map_err(unreadable)?;
    inbox::answer(&program.ctx, id, items).await?;
    Ok(StatusCode::NO_CONTENT)
}
