//! Item catalogues.

use crate::api::views::{List, ProblemView};
use crate::failure::Failure;
use crate::session::Program;
use crate::state::WebState;
use axum::Json;
use axum::extract::Path;
use serde::Serialize;
use std::collections::BTreeMap;
use tomomori_app::editions::{self, Edition, Item, Known};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(one))
}

/// An edition without its items.
#[derive(Serialize, ToSchema)]
#[schema(as = EditionHead)]
struct HeadView {
    /// `kakuninhyo-2024-06`, `checklist-r7`, `tomomori-core-1`, …
    key: String,
    /// `roles`, `checklist`, `evidence`.
    kind: &'static str,
    title: String,
    title_en: String,
    /// Month of issue (`2024-06`), or fiscal year (`FY2025`).
    published: String,
    /// Edition it replaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    replaces: Option<String>,
    /// What is not certain about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// Somebody of this hospital compared it with the official paper.
    official: bool,
    /// Items, those not obtained included.
    items: usize,
    /// Items not obtained (未取得).
    missing: usize,
}

impl From<&Edition> for HeadView {
    fn from(edition: &Edition) -> Self {
        Self {
            key: edition.key.clone(),
            kind: edition.kind.key(),
            title: edition.title.clone(),
            title_en: edition.title_en.clone(),
            published: edition.published.clone(),
            replaces: edition.replaces.clone(),
            note: edition.note.clone(),
            official: edition.official,
            items: edition.items.len(),
            missing: edition.items.iter().filter(|item| item.known == Known::Missing).count(),
        }
    }
}

/// An edition with its items, in their order.
#[derive(Serialize, ToSchema)]
#[schema(as = Edition)]
struct EditionView {
    #[serde(flatten)]
    head: HeadView,
    /// The items.
    rows: Vec<ItemView>,
}

/// One item. What nobody has seen is left out, never blank.
#[derive(Serialize, ToSchema)]
#[schema(as = EditionItem)]
struct ItemView {
    key: String,
    /// As printed.
    number: String,
    group: String,
    /// `full`, `title`, `missing` (未取得).
    known: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title_en: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text_en: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    risk: Option<String>,
    /// `hospital`, `both`, `vendor`.
    lead: &'static str,
    /// `system`, `hospital`.
    scope: &'static str,
    /// `hospital`, `vendor`.
    sheets: Vec<&'static str>,
    challenges: Vec<u8>,
    refs: Vec<String>,
    /// Items of other editions, by edition key.
    maps: BTreeMap<String, Vec<String>>,
    /// Fields that were concluded, not read.
    inferred: Vec<String>,
}

impl From<Item> for ItemView {
    fn from(item: Item) -> Self {
        Self {
            key: item.key,
            number: item.number,
            group: item.group,
            known: item.known.key(),
            title: item.title,
            title_en: item.title_en,
            text: item.text,
            text_en: item.text_en,
            response: item.response,
            risk: item.risk,
            lead: item.lead.key(),
            scope: item.scope.key(),
            sheets: item.sheets.into_iter().map(|sheet| sheet.key()).collect(),
            challenges: item.challenges,
            refs: item.refs,
            maps: item.maps,
            inferred: item.inferred,
        }
    }
}

/// The editions in force: those that come with the program, and the hospital's own.
#[utoipa::path(get, path = "/editions", tag = "agreements", responses(
    (status = 200, body = List<HeadView>),
    (status = 401, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
))]
async fn list(program: Program) -> Result<Json<List<HeadView>>, Failure> {
    let items: Vec<HeadView> = editions::all(&program.ctx).await?.iter().map(HeadView::from).collect();
    Ok(Json(List { total: items.len() as u64, items, next: None }))
}

/// One edition with its items, by its key.
#[utoipa::path(get, path = "/editions/{id}", tag = "agreements",
    params(("id" = String, Path, description = "Key of the edition")),
    responses(
    (status = 200, body = EditionView),
    (status = 401, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
))]
async fn one(program: Program, Path(id): Path<String>) -> Result<Json<EditionView>, Failure> {
    let edition = editions::one(&program.ctx, &id).await?;
    let head = HeadView::from(&edition);
    Ok(Json(EditionView { head, rows: edition.items.into_iter().map(ItemView::from).collect() }))
}
