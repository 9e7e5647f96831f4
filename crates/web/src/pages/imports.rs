//! Imports: files in, look, correct, confirm. Every step is a page of its own, so all works without scripts.

use crate::failure::Failure;
use crate::page::{Entry, Page, render};
use crate::session::{Person, Posted};
use crate::state::WebState;
use crate::upload::{self, Form};
use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use std::collections::HashMap;
use tomomori_app::AppError;
use tomomori_app::import::{self, Action, ImportState, ImportView, Upload};
use tomomori_domain::Msg;
use tomomori_domain::ids::ImportId;
use tomomori_domain::import::{Field, Mapping, Severity, TableKind};

pub(crate) fn routes(max_upload: usize) -> Router<WebState> {
    let uploaded = post(put).layer(DefaultBodyLimit::max(max_upload));
    Router::new()
        .route("/imports", get(list).merge(uploaded))
        .route("/imports/{id}", get(show))
        .route("/imports/{id}/progress", get(progress))
        .route("/imports/{id}/mapping", post(remap))
        .route("/imports/{id}/confirm", post(confirm))
        .route("/imports/{id}/drop", post(drop_it))
}

#[derive(Template)]
#[template(path = "imports.html")]
struct ListPage {
    p: Page,
    imports: Vec<ImportView>,
    max_megabytes: usize,
}

async fn list(State(web): State<WebState>, person: Person) -> Result<Response, Failure> {
    let imports = import::list(&person.ctx).await?;
    let max_megabytes = web.config.max_upload / 1_000_000;
    Ok(render(&ListPage { p: Page::of(&person, Entry::Imports), imports, max_megabytes }))
}

pub(crate) fn tone(state: &ImportState) -> &'static str {
    match state {
        ImportState::Uploaded | ImportState::Dropped => "plain",
        ImportState::Previewed => "orange",
        ImportState::Confirmed => "green",
        ImportState::Failed => "red",
    }
}

pub(crate) fn state(state: &ImportState) -> Msg {
    match state {
        ImportState::Uploaded => Msg::new("import-state-uploaded"),
        ImportState::Previewed => Msg::new("import-state-previewed"),
        ImportState::Confirmed => Msg::new("import-state-confirmed"),
        ImportState::Failed => Msg::new("import-state-failed"),
        ImportState::Dropped => Msg::new("import-state-dropped"),
    }
}

pub(crate) fn action(action: &Action) -> Msg {
    match action {
        Action::Create => Msg::new("import-created"),
        Action::Change => Msg::new("import-changed"),
        Action::Remove => Msg::new("import-removed"),
    }
}

async fn put(person: Person, form: Form) -> Result<Response, Failure> {
    let files = upload::files(&person, form).await?;
    let files = files.into_iter().map(|(name, bytes)| Upload { name, bytes: bytes.to_vec() }).collect();
    let id = import::upload(&person.ctx, files).await?;
    Ok(to(id))
}

fn to(id: ImportId) -> Response {
    Redirect::to(&format!("/imports/{id}")).into_response()
}

#[derive(Template)]
#[template(path = "import.html")]
struct ImportPage {
    p: Page,
    title: String,
    running: bool,
    open: bool,
    done: bool,
    view: ImportView,
}

#[derive(Template)]
#[template(path = "parts/import_body.html")]
struct ImportBody {
    p: Page,
    title: String,
    running: bool,
    open: bool,
    done: bool,
    view: ImportView,
}

fn parse(id: &str) -> Result<ImportId, Failure> {
    id.parse().map_err(|_| Failure::not_found())
}

fn headline(p: &Page, view: &ImportView) -> String {
    p.m(&match view.import.state {
        ImportState::Uploaded => Msg::new("import-title-reading"),
        ImportState::Previewed => Msg::new("import-title-previewed"),
        ImportState::Confirmed => Msg::new("import-title-confirmed"),
        ImportState::Failed => Msg::new("import-title-failed"),
        ImportState::Dropped => Msg::new("import-title-dropped"),
    })
}

async fn show(person: Person, Path(id): Path<String>) -> Result<Response, Failure> {
    let view = import::view(&person.ctx, parse(&id)?).await?;
    let p = Page::of(&person, Entry::Imports);
    let (running, open, done) = flags(&view);
    Ok(render(&ImportPage { title: headline(&p, &view), p, running, open, done, view }))
}

/// The part of the page that htmx asks for again while the files are being read.
async fn progress(person: Person, Path(id): Path<String>) -> Result<Response, Failure> {
    let view = import::view(&person.ctx, parse(&id)?).await?;
    let p = Page::of(&person, Entry::Imports);
    let (running, open, done) = flags(&view);
    Ok(render(&ImportBody { title: headline(&p, &view), p, running, open, done, view }))
}

fn flags(view: &ImportView) -> (bool, bool, bool) {
    let state = view.import.state;
    (state == ImportState::Uploaded, state == ImportState::Previewed, state == ImportState::Confirmed)
}

#[derive(Deserialize)]
struct Remap {
    file: String,
    /// Position of the table in the file.
    sheet: usize,
    #[serde(default)]
    table: String,
    header: u32,
    #[serde(flatten)]
    columns: HashMap<String, String>,
}

async fn remap(Path(id): Path<String>, posted: Posted<Remap>) -> Result<Response, Failure> {
    let (ctx, form, id) = (&posted.person.ctx, posted.form, parse(&id)?);
    let view = import::view(ctx, id).await?;
    let preview = view.preview.ok_or_else(|| AppError::Conflict(Msg::new("error-state")))?;
    let shown = preview.files.iter().find(|file| file.name == form.file).and_then(|file| file.tables.get(form.sheet));
    let guessed = shown.and_then(|table| table.mapping.clone()).ok_or(AppError::NotFound)?;
    import::remap(ctx, id, &form.file, corrected(guessed, &form)).await?;
    Ok(to(id))
}

/// The mapping with what the person chose.
fn corrected(mut mapping: Mapping, form: &Remap) -> Mapping {
    mapping.table = TableKind::from_key(&form.table);
    mapping.header_row = form.header;
    for column in &mut mapping.columns {
        if let Some(chosen) = form.columns.get(&format!("column-{}", column.column)) {
            column.field = Field::from_key(chosen);
            column.score = 100;
        }
    }
    mapping
}

#[derive(Deserialize)]
struct Nothing {}

async fn confirm(Path(id): Path<String>, posted: Posted<Nothing>) -> Result<Response, Failure> {
    let (Nothing {}, id) = (posted.form, parse(&id)?);
    import::confirm(&posted.person.ctx, id).await?;
    Ok(to(id))
}

async fn drop_it(Path(id): Path<String>, posted: Posted<Nothing>) -> Result<Response, Failure> {
    let (Nothing {}, id) = (posted.form, parse(&id)?);
    import::drop_import(&posted.person.ctx, id).await?;
    Ok(Redirect::to("/imports").into_response())
}
