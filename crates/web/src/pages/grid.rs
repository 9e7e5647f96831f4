//! The grid over the ledger, and one field of many devices.

use crate::failure::Failure;
use crate::page::{Entry, Page, render};
use crate::pages::ledger_list::LedgerQuery;
use crate::pages::lists::Pager;
use crate::session::{Person, Posted};
use crate::state::WebState;
use askama::Template;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use tomomori_app::AppError;
use tomomori_app::grid::{self, Cell, Column, GridPage, Preview};
use tomomori_domain::access::PermissionKind;
use tomomori_domain::ids::ResourceId;
use tomomori_domain::import::Field;
use tomomori_domain::{Msg, text};

/// What the cells of one paste may take in a form.
const MAX_FORM: usize = 4 << 20;

pub(crate) fn routes() -> Router<WebState> {
    let large = DefaultBodyLimit::max(MAX_FORM);
    Router::new()
        .route("/ledger/grid", get(show))
        .route("/ledger/grid/preview", post(preview).layer(large))
        .route("/ledger/grid/write", post(write).layer(large))
        .route("/ledger/bulk", post(bulk).layer(large))
}

/// A heading of the grid.
struct Heading {
    key: String,
    text: String,
}

fn headings(p: &Page, columns: &[Column]) -> Vec<Heading> {
    columns.iter().map(|column| Heading { key: column.key(), text: name(p, column) }).collect()
}

/// Name of a column; where devices and contracts share a field, that of the device's.
pub(crate) fn name(p: &Page, column: &Column) -> String {
    match column.field {
        Field::StartsOn => p.t("export-installed-on"),
        Field::EndsOn => p.t("support-end"),
        _ => p.field(&column.field, &column.label),
    }
}

#[derive(Template)]
#[template(path = "grid.html")]
struct GridTemplate {
    p: Page,
    headings: Vec<Heading>,
    grid: GridPage,
    pager: Pager,
    list: String,
    may_write: bool,
}

async fn show(person: Person, query: LedgerQuery) -> Result<Response, Failure> {
    let mut page = query.page();
    if !query.has("limit") {
        page.limit = 100;
    }
    let tr = |msg: &Msg| person.tr(msg);
    let found = grid::page(&person.ctx, &query.filter(), query.order(), &page, &tr).await?;
    let p = Page::of(&person, Entry::Ledger);
    let params = query.params("/ledger/grid");
    let template = GridTemplate {
        headings: headings(&p, &found.columns),
        pager: params.pager(found.rows.len(), found.matching, found.next.as_deref()),
        list: query.params("/ledger").with(&[]),
        may_write: person.ctx.actor.may(PermissionKind::WriteLedger),
        grid: found,
        p,
    };
    Ok(render(&template))
}

/// A cell before and after, in the reader's words.
struct Line {
    id: ResourceId,
    device: String,
    column: String,
    old: String,
    new: String,
}

/// A cell that cannot be written.
struct Bad {
    id: ResourceId,
    key: String,
    device: String,
    column: String,
    text: String,
}

/// What writing cells would do, ready to be drawn.
struct Looked {
    lines: Vec<Line>,
    bad: Vec<Bad>,
    unchanged: usize,
    revision: i64,
    cells: String,
}

impl Looked {
    fn of(p: &Page, found: Preview, cells: &[Cell]) -> Result<Self, Failure> {
        let shown = |column: &Column, values: &[String]| {
            let values: Vec<String> = values.iter().map(|value| p.value(&column.field, value)).collect();
            values.join(&p.t("list-comma"))
        };
        let line = |change: grid::CellChange| Line {
            id: change.resource,
            column: name(p, &change.column),
            old: shown(&change.column, &change.old),
            new: shown(&change.column, &change.new),
            device: change.name,
        };
        let bad = |problem: grid::CellProblem| Bad {
            id: problem.resource,
            key: problem.column.key(),
            column: name(p, &problem.column),
            text: p.m(problem.msg),
            device: problem.name,
        };
        Ok(Self {
            lines: found.changes.into_iter().map(line).collect(),
            bad: found.problems.into_iter().map(bad).collect(),
            unchanged: found.unchanged,
            revision: found.revision,
            cells: serde_json::to_string(cells).map_err(AppError::internal)?,
        })
    }
}

#[derive(Template)]
#[template(path = "parts/grid_preview.html")]
struct PreviewPart {
    p: Page,
    look: Looked,
}

#[derive(Deserialize)]
struct Typed {
    cells: String,
    #[serde(default)]
    revision: i64,
}

impl Typed {
    fn cells(&self) -> Result<Vec<Cell>, Failure> {
        serde_json::from_str(&self.cells).map_err(|_| Failure::bad_request())
    }
}

/// A part of a page: the script puts it below the grid.
async fn preview(posted: Posted<Typed>) -> Result<Response, Failure> {
    let cells = posted.form.cells()?;
    let found = grid::preview(&posted.person.ctx, &cells).await?;
    let p = Page::of(&posted.person, Entry::Ledger);
    let look = Looked::of(&p, found, &cells)?;
    Ok(render(&PreviewPart { look, p }))
}

async fn write(posted: Posted<Typed>) -> Result<Response, Failure> {
    let cells = posted.form.cells()?;
    let done = grid::write(&posted.person.ctx, &cells, posted.form.revision).await?;
    let target = done.map_or_else(|| "/ledger".to_owned(), |done| format!("/history/{}", done.step));
    Ok(Redirect::to(&target).into_response())
}

#[derive(Template)]
#[template(path = "bulk.html")]
struct BulkPage {
    p: Page,
    ids: Vec<String>,
    columns: Vec<Heading>,
    column: String,
    text: String,
    look: Option<Looked>,
}

/// One field of the chosen devices: first which and what, then the preview with the button that writes.
async fn bulk(posted: Posted<Vec<(String, String)>>) -> Result<Response, Failure> {
    let all = |name: &str| -> Vec<String> {
        posted.form.iter().filter(|pair| pair.0 == name).map(|pair| pair.1.clone()).collect()
    };
    let ids = all("id");
    let p = Page::of(&posted.person, Entry::Ledger);
    if ids.is_empty() {
        return Err(AppError::Invalid(Msg::new("bulk-none")).into());
    }
    let form = grid::form(&posted.person.ctx, None).await?;
    let columns: Vec<Column> = form.fields.into_iter().map(|field| field.column).collect();
    let (column, typed) = (all("column").into_iter().next(), all("text").concat());
    let look = match &column {
        None => None,
        Some(column) => {
            let cell = |id: &String| -> Result<Cell, Failure> {
                let resource = id.parse().map_err(|_| Failure::not_found())?;
                Ok(Cell { resource, column: column.clone(), text: typed.clone() })
            };
            let cells = ids.iter().map(cell).collect::<Result<Vec<_>, _>>()?;
            Some(Looked::of(&p, grid::preview(&posted.person.ctx, &cells).await?, &cells)?)
        }
    };
    let column = column.unwrap_or_else(|| Field::Zone.key().to_owned());
    Ok(render(&BulkPage { columns: headings(&p, &columns), ids, column, text: text::tidy(&typed), look, p }))
}
