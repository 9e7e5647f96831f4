//! Runs of the yearly checklist.

use crate::api::views::{List, ProblemView};
use crate::failure::Failure;
use crate::session::Program;
use crate::state::WebState;
use axum::Json;
use axum::extract::Path;
use serde::Serialize;
use tomomori_app::checklists::{self, Errand, Line, Run, RunSheet, Tally};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(one))
}

/// Counts of a run. Items not obtained (未取得) are in `missing` only.
#[derive(Serialize, ToSchema)]
#[schema(as = ChecklistCounts)]
struct CountsView {
    all: u64,
    yes: u64,
    no: u64,
    /// Of `no`: past their target.
    late: u64,
    open: u64,
    missing: u64,
}

impl From<Tally> for CountsView {
    fn from(tally: Tally) -> Self {
        let Tally { all, yes, no, late, open, missing } = tally;
        Self { all, yes, no, late, open, missing }
    }
}

/// One sheet of one fiscal year.
#[derive(Serialize, ToSchema)]
#[schema(as = ChecklistRun)]
struct RunView {
    id: String,
    /// Revision of the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<i64>,
    /// Key of the edition.
    edition: String,
    /// 2026 is April 2026 to March 2027.
    fiscal_year: i16,
    /// `hospital`, `vendor`.
    sheet: &'static str,
    /// Name of the vendor of a vendor's sheet.
    #[serde(skip_serializing_if = "Option::is_none")]
    vendor: Option<String>,
    /// `not_sent`, `sent`, `overdue`, `collected`; of a vendor's sheet.
    #[serde(skip_serializing_if = "Option::is_none")]
    errand: Option<&'static str>,
    counts: CountsView,
    /// Its items, where one run was asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    items: Vec<AnswerView>,
}

impl RunView {
    fn new(id: Uuid, run: &Run, vendor: Option<String>, tally: Tally, errand: Errand) -> Self {
        let own = run.sheet == RunSheet::Hospital;
        Self {
            id: id.to_string(),
            revision: None,
            edition: run.edition.clone(),
            fiscal_year: run.fiscal_year,
            sheet: if own { "hospital" } else { "vendor" },
            vendor,
            errand: (!own).then(|| errand.key()),
            counts: tally.into(),
            items: Vec::new(),
        }
    }
}

/// An item with its answer. Only people answer.
#[derive(Serialize, ToSchema)]
#[schema(as = ChecklistAnswer)]
struct AnswerView {
    /// Key of the item.
    item: String,
    number: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    /// `open`, `yes`, `no`, `late`, `again` (the item changed), `missing` (未取得).
    standing: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    yes: Option<bool>,
    /// 確認日
    #[serde(skip_serializing_if = "Option::is_none")]
    checked_on: Option<String>,
    /// 目標日
    #[serde(skip_serializing_if = "Option::is_none")]
    target_on: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<String>,
    /// What the program knows about it, in the asked language.
    offers: Vec<String>,
}

impl AnswerView {
    fn new(line: Line, lang: tomomori_i18n::Lang) -> Self {
        let answer = line.answer;
        Self {
            title: line.item.words().map(str::to_owned),
            item: line.item.key,
            number: line.item.number,
            standing: line.standing.key(),
            yes: answer.yes,
            checked_on: answer.checked_on.map(|day| day.to_string()),
            target_on: answer.target_on.map(|day| day.to_string()),
            by: Some(answer.by).filter(|by| !by.is_empty()),
            note: answer.note,
            evidence: answer.evidence,
            offers: line.offers.iter().map(|msg| tomomori_i18n::tr(lang, msg)).collect(),
        }
    }
}

/// All runs, the newest year first.
#[utoipa::path(get, path = "/checklists", tag = "agreements", responses(
    (status = 200, body = List<RunView>),
    (status = 401, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
))]
async fn list(program: Program) -> Result<Json<List<RunView>>, Failure> {
    let rows = checklists::list(&program.ctx).await?.rows.into_iter();
    let items: Vec<RunView> =
        rows.map(|row| RunView::new(row.id, &row.run, row.vendor, row.tally, row.errand)).collect();
    Ok(Json(List { total: items.len() as u64, items, next: None }))
}

/// One run with its items.
#[utoipa::path(get, path = "/checklists/{id}", tag = "agreements",
    params(("id" = String, Path, description = "Id of the run")),
    responses(
    (status = 200, body = RunView),
    (status = 401, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
))]
async fn one(program: Program, Path(id): Path<String>) -> Result<Json<RunView>, Failure> {
    let view = checklists::view(&program.ctx, id.parse().map_err(|_| Failure::not_found())?).await?;
    let run = &view.document.content;
    let head = RunView::new(view.document.id, run, view.vendor, view.tally, view.errand);
    let items = view.lines.into_iter().map(|line| AnswerView::new(line, program.lang)).collect();
    Ok(Json(RunView { revision: Some(view.document.revision), items, ..head }))
}
