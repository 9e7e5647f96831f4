//! Things to check: the list, answers, who looks after what.

use crate::api::views::{List, ProblemView};
use crate::failure::Failure;
use crate::pages::checks::{CheckQuery, due};
use crate::session::Program;
use crate::state::WebState;
use axum::Json;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tomomori_app::check_words;
use tomomori_app::checks::{self, CheckRow};
use tomomori_domain::Msg;
use tomomori_domain::check::{CheckKind, Remedy};
use tomomori_i18n::{Lang, tr};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(answer)).routes(routes!(assign))
}

/// Something a person should look at.
#[derive(Serialize, ToSchema)]
struct CheckItem {
    id: String,
    /// `same_box`, `two_names`, `stranger`, `moved`, `open_line`, `unseen`, `idle_contract`, `contradiction`, `doubled`,
    /// `reference`, `cell`.
    kind: &'static str,
    /// `open` or `answered`.
    state: &'static str,
    /// What was found, in the language asked for.
    message: String,
    /// File, sheet and cell.
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<String>,
    /// The device it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    resource: Option<Uuid>,
    /// What can be answered, the recommended answer first; about a gap in what is known none is recommended.
    answers: Vec<AnswerView>,
    /// What was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answered_by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    answered_at: Option<Timestamp>,
    /// Who looks after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<String>,
    /// Until when, `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    first_seen: Timestamp,
}

/// An answer that can be given.
#[derive(Serialize, ToSchema)]
struct AnswerView {
    /// Its number, for `/checks/{id}/answer`.
    number: usize,
    /// What it does, in the language asked for.
    text: String,
}

impl CheckItem {
    fn new(row: &CheckRow, lang: Lang) -> Self {
        let (check, say) = (&row.check, |msg: &Msg| tr(lang, msg));
        let said = |answer: &Remedy| check_words::answer(check.kind, answer, &say);
        let answers = check.answers.iter().enumerate();
        Self {
            id: row.id.clone(),
            kind: check.kind.key(),
            state: row.state.key(),
            message: check_words::text(check, &say),
            place: check.place.as_ref().map(ToString::to_string),
            resource: check.resource.map(|id| id.0),
            answers: answers.map(|(number, answer)| AnswerView { number, text: said(answer) }).collect(),
            answer: row.answer.as_ref().map(said),
            answered_by: row.answered_by.clone(),
            answered_at: row.answered_at,
            owner: row.owner.clone(),
            due: row.due.map(|due| due.to_string()),
            first_seen: row.first_seen,
        }
    }
}

/// Things to check.
#[utoipa::path(get, path = "/checks", tag = "checks", params(
    ("kind" = Option<String>, Query, description = "Only of this kind"),
    ("state" = Option<String>, Query, description = "`answered`; open ones otherwise"),
    ("resource" = Option<String>, Query, description = "Id of a device"),
    ("after" = Option<String>, Query, description = "`next` of the page before"),
    ("limit" = Option<u32>, Query, description = "Rows per page, 1–500, default 50"),
), responses(
    (status = 200, body = List<CheckItem>),
    (status = 401, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
    (status = 422, body = ProblemView, content_type = "application/problem+json"),
))]
async fn list(program: Program, Query(query): Query<CheckQuery>) -> Result<Json<List<CheckItem>>, Failure> {
    let filter = query.filter()?;
    let found = checks::list(&program.ctx, &filter, &query.page()).await?;
    let of = |kind: CheckKind| found.by_kind.get(&kind).copied().unwrap_or_default();
    let total = filter.kind.map_or_else(|| found.by_kind.values().sum(), of);
    let items = found.page.rows.iter().map(|row| CheckItem::new(row, program.lang)).collect();
    Ok(Json(List { items, total, next: found.page.next }))
}

/// Which answer is given.
#[derive(Deserialize, ToSchema)]
struct GiveAnswer {
    /// Number of one of the check's answers; 0 is the recommended one, where one is.
    answer: usize,
}

/// What an answer did.
#[derive(Serialize, ToSchema)]
struct AnswerDone {
    /// The step that changed the ledger, by which it can be undone; absent = nothing had to change.
    #[serde(skip_serializing_if = "Option::is_none")]
    step: Option<Uuid>,
}

/// Answers a check.
#[utoipa::path(post, path = "/checks/{id}/answer", tag = "checks", params(("id" = String, Path)), request_body = GiveAnswer, responses(
    (status = 200, body = AnswerDone),
    (status = 401, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
    (status = 409, body = ProblemView, content_type = "application/problem+json"),
    (status = 422, body = ProblemView, content_type = "application/problem+json"),
))]
async fn answer(
    program: Program,
    Path(id): Path<String>,
    Json(given): Json<GiveAnswer>,
) -> Result<Json<AnswerDone>, Failure> {
    let done = checks::answer(&program.ctx, &id, given.answer).await?;
    Ok(Json(AnswerDone { step: done.step.map(|step| step.0) }))
}

/// Who looks after a check.
#[derive(Deserialize, ToSchema)]
struct Assign {
    /// A name; absent or blank = nobody.
    #[serde(default)]
    owner: String,
    /// `YYYY-MM-DD`; absent or blank = no date.
    #[serde(default)]
    due: String,
}

/// Says who looks after a check and until when.
#[utoipa::path(post, path = "/checks/{id}/assign", tag = "checks", params(("id" = String, Path)), request_body = Assign, responses(
    (status = 204),
    (status = 401, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
    (status = 422, body = ProblemView, content_type = "application/problem+json"),
))]
async fn assign(program: Program, Path(id): Path<String>, Json(given): Json<Assign>) -> Result<StatusCode, Failure> {
    checks::assign(&program.ctx, &id, Some(&given.owner), due(&given.due)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
