//! Rounds of stocktaking, to read.

use crate::api::views::{List, ProblemView};
use crate::failure::Failure;
use crate::session::Program;
use crate::state::WebState;
use axum::Json;
use axum::extract::Path;
use serde::Serialize;
use tomomori_app::stocktake;
use tomomori_domain::stocktake::{Answer, Line, Round};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(one))
}

/// A round of stocktaking with its counts. `not_looked` items are neither found nor missing.
#[derive(Serialize, ToSchema)]
struct StocktakeView {
    id: Uuid,
    name: String,
    /// Fiscal year, April to March.
    year: i16,
    /// `open`, `closed`.
    state: &'static str,
    started_at: String,
    started_by: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    closed_at: Option<String>,
    all: usize,
    found: usize,
    elsewhere: usize,
    missing: usize,
    not_looked: usize,
    extras: usize,
}

impl From<&Round> for StocktakeView {
    fn from(round: &Round) -> Self {
        let (stocktake, tally) = (&round.stocktake, round.tally());
        Self {
            id: stocktake.id.0,
            name: stocktake.name.clone(),
            year: stocktake.year,
            state: stocktake.state().key(),
            started_at: stocktake.started_at.to_string(),
            started_by: stocktake.started_by.clone(),
            due: stocktake.due.map(|day| day.to_string()),
            closed_at: stocktake.closed_at.map(|at| at.to_string()),
            all: tally.all,
            found: tally.found,
            elsewhere: tally.elsewhere,
            missing: tally.missing,
            not_looked: tally.open(),
            extras: round.extras.len(),
        }
    }
}

/// An item, or a thing no ledger knows, with the answer that stands. Absent `outcome` = nobody has looked.
#[derive(Serialize, ToSchema)]
struct StocktakeItemView {
    /// The device; absent for a thing no ledger knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    resource: Option<Uuid>,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    asset_number: Option<String>,
    /// Where the ledger said it stands when the round began.
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<String>,
    /// `found`, `elsewhere`, `missing`, `extra`.
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<&'static str>,
    /// Where it stands now.
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<String>,
}

fn item(line: &Line) -> StocktakeItemView {
    let known = line.item.clone();
    StocktakeItemView {
        resource: Some(known.resource.0),
        name: known.name,
        asset_number: known.asset_number,
        location: known.location,
        ..said(line.answer.as_ref())
    }
}

fn said(answer: Option<&Answer>) -> StocktakeItemView {
    StocktakeItemView {
        resource: None,
        name: answer.and_then(|answer| answer.name.clone()).unwrap_or_default(),
        asset_number: None,
        location: None,
        outcome: answer.map(|answer| answer.outcome.key()),
        place: answer.and_then(|answer| answer.place.clone()),
        note: answer.and_then(|answer| answer.note.clone()),
        by: answer.map(|answer| answer.by.clone()),
        at: answer.map(|answer| answer.at.to_string()),
    }
}

#[derive(Serialize, ToSchema)]
struct StocktakeWithItems {
    #[serde(flatten)]
    stocktake: StocktakeView,
    items: Vec<StocktakeItemView>,
}

/// The newest rounds of stocktaking.
#[utoipa::path(get, path = "/stocktakes", tag = "stocktakes", responses(
    (status = 200, body = List<StocktakeView>),
    (status = 401, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
))]
async fn list(program: Program) -> Result<Json<List<StocktakeView>>, Failure> {
    let (rounds, _) = stocktake::list(&program.ctx).await?;
    let items: Vec<StocktakeView> = rounds.iter().map(StocktakeView::from).collect();
    Ok(Json(List { total: items.len() as u64, items, next: None }))
}

/// One round with its items.
#[utoipa::path(get, path = "/stocktakes/{id}", tag = "stocktakes", params(("id" = String, Path)), responses(
    (status = 200, body = StocktakeWithItems),
    (status = 401, body = ProblemView, content_type = "application/problem+json"),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
))]
async fn one(program: Program, Path(id): Path<String>) -> Result<Json<StocktakeWithItems>, Failure> {
    let id = id.parse().map_err(|_| Failure::not_found())?;
    let round = stocktake::view(&program.ctx, id).await?.round;
    let extras = round.extras.iter().map(|extra| said(Some(extra)));
    let items = round.lines.iter().map(item).chain(extras).collect();
    Ok(Json(StocktakeWithItems { stocktake: StocktakeView::from(&round), items }))
}
