//! State of safeguards, to read.

use crate::api::views::{List, ProblemView};
use crate::failure::Failure;
use crate::session::Program;
use crate::state::WebState;
use axum::Json;
use axum::extract::Path;
use serde::Serialize;
use tomomori_app::safeguards::{self, Guarded, Kept};
use tomomori_domain::safeguard::{Subject, Verdict};
use tomomori_i18n::{Lang, tr};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(one))
}

/// A system or device with its safeguards.
#[derive(Serialize, ToSchema)]
struct GuardedView {
    id: Uuid,
    /// `service`, `device`.
    subject: &'static str,
    name: String,
    safeguards: Vec<SafeguardView>,
}

/// One kind of safeguard as it stands today. Without a statement it is `unknown`.
#[derive(Serialize, ToSchema)]
struct SafeguardView {
    /// `backup`, `logs`, `accounts`, `two_factor`, `switched_off`.
    kind: &'static str,
    /// `bad`, `due`, `unknown`, `good`.
    verdict: &'static str,
    /// In words, in the language asked for.
    facts: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stated_by: Option<String>,
    /// Vendor for whom it was said; absent = the hospital.
    #[serde(skip_serializing_if = "Option::is_none")]
    vendor: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stated_on: Option<String>,
}

fn kept(kept: &Kept, lang: Lang) -> SafeguardView {
    let said = kept.standing.as_ref();
    SafeguardView {
        kind: kept.kind.key(),
        verdict: match kept.state.verdict {
            Verdict::Bad => "bad",
            Verdict::Due => "due",
            Verdict::Unknown => "unknown",
            Verdict::Good => "good",
        },
        facts: kept.state.facts.iter().map(|(_, msg)| tr(lang, msg)).collect(),
        stated_by: said.map(|said| said.stated_by.clone()),
        vendor: said.and_then(|said| said.vendor.clone()),
        stated_on: said.map(|said| said.stated_on.to_string()),
    }
}

fn guarded(row: &Guarded, lang: Lang) -> GuardedView {
    let (subject, id) = match row.subject {
        Subject::Service(id) => ("service", id.0),
        Subject::Device(id) => ("device", id.0),
    };
    let safeguards = row.kinds.iter().map(|kind| kept(kind, lang)).collect();
    GuardedView { id, subject, name: row.name.clone(), safeguards }
}

/// Safeguards of all services, and of devices of which something was said.
#[utoipa::path(get, path = "/safeguards", tag = "safeguards", responses(
    (status = 200, body = List<GuardedView>),
    (status = 401, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
))]
async fn list(program: Program) -> Result<Json<List<GuardedView>>, Failure> {
    let rows = safeguards::list(&program.ctx).await?;
    let items: Vec<GuardedView> = rows.iter().map(|row| guarded(row, program.lang)).collect();
    Ok(Json(List { total: items.len() as u64, items, next: None }))
}

/// Safeguards of one service or device.
#[utoipa::path(get, path = "/safeguards/{id}", tag = "safeguards", params(("id" = String, Path)), responses(
    (status = 200, body = GuardedView),
    (status = 401, body = ProblemView, content_type = "application/problem+json"),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
))]
async fn one(program: Program, Path(id): Path<String>) -> Result<Json<GuardedView>, Failure> {
    Ok(Json(guarded(&crate::pages::safeguards::find(&program.ctx, &id).await?, program.lang)))
}
