//! Item catalogues (項目表): the editions, one edition, what changed between two, and reading one from a file.

use super::lists::{XLSX, saved};
use crate::failure::Failure;
use crate::page::{Entry, Page, render};
use crate::pages::fields::Fields;
use crate::session::{Person, Posted};
use crate::state::WebState;
use crate::upload::{self, Form};
use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use tomomori_app::AppError;
use tomomori_app::editions::{self, Edition, Fault, Item, ItemChange, Keep, Known, Offered, Preview, compare, files};
use tomomori_domain::Msg;
use tomomori_domain::access::PermissionKind;
use tomomori_i18n::Lang;

pub(crate) fn routes() -> Router<WebState> {
    // A form sends every byte of a Japanese letter as three.
    let keep = post(keep).layer(DefaultBodyLimit::max(3 * files::MAX_FILE_BYTES + 65_536));
    let offer = post(offer).layer(DefaultBodyLimit::max(files::MAX_FILE_BYTES + 65_536));
    Router::new()
        .route("/editions", get(list).merge(offer))
        .route("/editions/{id}", get(show).merge(keep))
        .route("/editions/{id}/compare", get(changes))
        .route("/editions/{id}/edition.yaml", get(file_yaml))
        .route("/editions/{id}/edition.xlsx", get(file_xlsx))
}

fn may_write(person: &Person) -> bool {
    person.ctx.actor.may(PermissionKind::WriteAgreements)
}

fn missing(edition: &Edition) -> usize {
    edition.items.iter().filter(|item| item.known == Known::Missing).count()
}

/// An edition's title in the reader's language.
fn title(p: &Page, edition: &Edition) -> String {
    match p.lang {
        Lang::En if !edition.title_en.is_empty() => edition.title_en.clone(),
        _ => edition.title.clone(),
    }
}

/// What an item is called in the reader's language; a slot nobody has seen is 未取得.
fn words(p: &Page, item: &Item) -> String {
    let words = match p.lang {
        Lang::Ja => item.words(),
        Lang::En => item.words_en(),
    };
    words.map_or_else(|| p.t("known-missing"), str::to_owned)
}

#[derive(Template)]
#[template(path = "editions.html")]
struct ListPage {
    p: Page,
    editions: Vec<Edition>,
    faults: Vec<Fault>,
    error: Option<String>,
    may_write: bool,
}

async fn list_page(person: &Person, faults: Vec<Fault>, error: Option<Msg>) -> Result<Response, Failure> {
    let refused = error.is_some() || !faults.is_empty();
    let status = if refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = ListPage {
        p: Page::of(person, Entry::Settings),
        editions: editions::all(&person.ctx).await?,
        faults,
        error: error.map(|msg| person.tr(&msg)),
        may_write: may_write(person),
    };
    Ok((status, render(&page)).into_response())
}

async fn list(person: Person) -> Result<Response, Failure> {
    list_page(&person, Vec::new(), None).await
}

/// Items under one heading.
struct Group<'a> {
    name: &'a str,
    items: Vec<&'a Item>,
}

#[derive(Template)]
#[template(path = "edition.html")]
struct EditionPage {
    p: Page,
    edition: Edition,
    others: Vec<Edition>,
}

impl EditionPage {
    fn groups(&self) -> Vec<Group<'_>> {
        let chunks = self.edition.items.chunk_by(|a, b| a.group == b.group);
        chunks.map(|items| Group { name: &items[0].group, items: items.iter().collect() }).collect()
    }

    fn text(&self, item: &Item) -> Option<String> {
        match self.p.lang {
            Lang::En => item.text_en.clone().or_else(|| item.text.clone()),
            Lang::Ja => item.text.clone(),
        }
    }
}

async fn show(person: Person, Path(id): Path<String>) -> Result<Response, Failure> {
    let edition = editions::one(&person.ctx, &id).await?;
    let mut others = editions::all(&person.ctx).await?;
    others.retain(|other| other.key != edition.key && other.kind == edition.kind);
    Ok(render(&EditionPage { p: Page::of(&person, Entry::Settings), edition, others }))
}

/// An item that changed, as drawn: its name, number and words before and now.
struct ChangeRow {
    change: ItemChange,
    old: Option<Item>,
    new: Option<Item>,
}

fn rows(changes: Vec<ItemChange>, old: &Edition, new: &Edition) -> Vec<ChangeRow> {
    let of = |edition: &Edition, at: Option<usize>| at.and_then(|at| edition.items.get(at)).cloned();
    changes.into_iter().map(|change| ChangeRow { old: of(old, change.old), new: of(new, change.new), change }).collect()
}

#[derive(Template)]
#[template(path = "edition_compare.html")]
struct ComparePage {
    p: Page,
    edition: Edition,
    other: Edition,
    others: Vec<Edition>,
    rows: Vec<ChangeRow>,
    same: usize,
}

impl ComparePage {
    fn again(&self) -> usize {
        self.rows.iter().filter(|row| row.change.look_again()).count()
    }
}

#[derive(Deserialize)]
struct With {
    /// Key of the newer edition.
    to: Option<String>,
}

async fn changes(person: Person, Path(id): Path<String>, Query(query): Query<With>) -> Result<Response, Failure> {
    let edition = editions::one(&person.ctx, &id).await?;
    let others = editions::all(&person.ctx).await?;
    // Compared with itself until another one is chosen.
    let other = editions::one(&person.ctx, query.to.as_deref().unwrap_or(&id)).await?;
    let rows = rows(compare(&edition, &other), &edition, &other);
    let same = other.items.len() - rows.iter().filter(|row| row.new.is_some()).count();
    Ok(render(&ComparePage { p: Page::of(&person, Entry::Settings), edition, other, others, rows, same }))
}

async fn file_yaml(person: Person, Path(id): Path<String>) -> Result<Response, Failure> {
    let edition = editions::one(&person.ctx, &id).await?;
    let (text, name) = (files::yaml(&edition)?, format!("{}.yaml", edition.key));
    Ok(saved(text.into_bytes(), "application/yaml", &name, &name))
}

async fn file_xlsx(person: Person, Path(id): Path<String>) -> Result<Response, Failure> {
    let bytes = editions::xlsx(&person.ctx, &id, &|msg| person.tr(msg)).await?;
    let name = format!("{id}.xlsx");
    Ok(saved(bytes, XLSX, &name, &name))
}

#[derive(Template)]
#[template(path = "edition_preview.html")]
struct PreviewPage {
    p: Page,
    preview: Preview,
    rows: Vec<ChangeRow>,
    error: Option<String>,
}

fn preview_page(person: &Person, mut preview: Preview, error: Option<Msg>) -> Response {
    let changes = std::mem::take(&mut preview.changes);
    let rows = preview.before.as_ref().map(|before| rows(changes, before, &preview.edition)).unwrap_or_default();
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let error = error.map(|msg| person.tr(&msg));
    (status, render(&PreviewPage { p: Page::of(person, Entry::Settings), preview, rows, error })).into_response()
}

/// Reads an edition from a file and shows what it says.
async fn offer(person: Person, form: Form) -> Result<Response, Failure> {
    let Some((name, bytes)) = upload::file(&person, form).await? else {
        return list_page(&person, Vec::new(), Some(Msg::new("edition-file-none"))).await;
    };
    match editions::offer(&person.ctx, &name, &bytes).await? {
        Offered::Preview(preview) => Ok(preview_page(&person, *preview, None)),
        Offered::Faults(faults) => list_page(&person, faults, None).await,
    }
}

async fn keep(Path(_): Path<String>, posted: Posted<Fields>) -> Result<Response, Failure> {
    let (person, form) = (&posted.person, &posted.form);
    let keep = Keep {
        yaml: form.text("yaml").unwrap_or_default(),
        official: form.get("official").is_some(),
        from: form.get("from").and_then(|from| from.parse().ok()).ok_or_else(Failure::bad_request)?,
    };
    match editions::keep(&person.ctx, keep.clone()).await {
        Ok(key) => Ok(Redirect::to(&format!("/editions/{key}")).into_response()),
        // What was read is still there.
        Err(AppError::Invalid(msg)) => match editions::offer(&person.ctx, "", keep.yaml.as_bytes()).await? {
            Offered::Preview(preview) => Ok(preview_page(person, *preview, Some(msg))),
            Offered::Faults(faults) => list_page(person, faults, None).await,
        },
        Err(error) => Err(error.into()),
    }
}
