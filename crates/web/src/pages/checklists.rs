//! The yearly checklist: runs, one run with its items, and a vendor's sheet going out and coming back.

use super::lists::{XLSX, saved};
use crate::failure::Failure;
use crate::page::{Entry, Page, render};
use crate::pages::fields::Fields;
use crate::session::{Person, Posted};
use crate::state::WebState;
use crate::upload::{self, Form};
use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Path};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use jiff::civil::Date;
use std::collections::HashMap;
use tomomori_app::AppError;
use tomomori_app::checklists::{
    self, Line, Overview, Run, RunSheet, Said, Standing, Start, View, days_of, is_open_year, sheet, year_name,
};
use tomomori_app::editions::{Edition, Fault};
use tomomori_domain::access::PermissionKind;
use tomomori_domain::{Msg, date};
use tomomori_i18n::Lang;
use uuid::Uuid;

pub(crate) fn routes() -> Router<WebState> {
    let collect = post(collect).layer(DefaultBodyLimit::max(sheet::MAX_FILE_BYTES + 65_536));
    Router::new()
        .route("/checklists", get(list).post(start))
        .route("/checklists/{id}", get(show).post(answer))
        .route("/checklists/{id}/edition", post(upgrade))
        .route("/checklists/{id}/send", post(send))
        .route("/checklists/{id}/file", collect)
}

fn id_of(text: &str) -> Result<Uuid, Failure> {
    text.parse().map_err(|_| Failure::not_found())
}

fn may_write(person: &Person) -> bool {
    person.ctx.actor.may(PermissionKind::WriteAgreements)
}

fn year(year: &i16) -> Msg {
    Msg::new("checklist-year-value").arg("name", year_name(*year)).arg("year", format!("{year}"))
}

/// Whose sheet, in words.
fn whose(p: &Page, run: &Run, vendor: Option<&str>) -> String {
    match (run.sheet, vendor) {
        (RunSheet::Hospital, _) => p.t("checklist-own"),
        (RunSheet::Vendor(_), Some(vendor)) => p.m(Msg::new("checklist-of-vendor").arg("vendor", vendor)),
        (RunSheet::Vendor(_), None) => {
            p.m(Msg::new("checklist-of-vendor").arg("vendor", p.t("checklist-vendor-gone-name")))
        }
    }
}

fn title(p: &Page, edition: &Edition) -> String {
    if p.lang == Lang::En && !edition.title_en.is_empty() { edition.title_en.clone() } else { edition.title.clone() }
}

/// Class of the tag of a standing.
fn tone(standing: &Standing) -> &'static str {
    match standing {
        Standing::Yes => "green",
        Standing::Late => "red",
        Standing::No | Standing::Again => "orange",
        Standing::Open | Standing::Missing => "unknown",
    }
}

#[derive(Template)]
#[template(path = "checklists.html")]
struct ListPage {
    p: Page,
    view: Overview,
    /// Years to choose from: number, name, and whether it is the present one.
    years: Vec<(i16, Msg, bool)>,
    error: Option<String>,
    may_write: bool,
}

async fn list_page(person: &Person, error: Option<Msg>) -> Result<Response, Failure> {
    let today = person.ctx.today();
    let this_year = date::fiscal_year(today);
    let years = (this_year - 3..=this_year + 1).rev().filter(|year| is_open_year(*year, today));
    let years = years.map(|one| (one, year(&one), one == this_year)).collect();
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = ListPage {
        p: Page::of(person, Entry::Checklists),
        view: checklists::list(&person.ctx).await?,
        years,
        error: error.map(|msg| person.tr(&msg)),
        may_write: may_write(person),
    };
    Ok((status, render(&page)).into_response())
}

async fn list(person: Person) -> Result<Response, Failure> {
    list_page(&person, None).await
}

async fn start(posted: Posted<Fields>) -> Result<Response, Failure> {
    let (person, form) = (&posted.person, &posted.form);
    let sheet = match form.get("sheet") {
        Some("hospital") => RunSheet::Hospital,
        Some(vendor) => RunSheet::Vendor(vendor.parse().map_err(|_| Failure::bad_request())?),
        None => return Err(Failure::bad_request()),
    };
    let year = form.get("year").and_then(|year| year.parse().ok()).ok_or_else(Failure::bad_request)?;
    let wanted = Start { edition: form.text("edition").unwrap_or_default(), year, sheet };
    match checklists::start(&person.ctx, wanted).await {
        Ok(id) => Ok(Redirect::to(&format!("/checklists/{id}")).into_response()),
        Err(AppError::Invalid(msg)) => list_page(person, Some(msg)).await,
        Err(error) => Err(error.into()),
    }
}

/// One item as drawn: what stands in its fields, and what was wrong with what was typed.
struct Row {
    line: Line,
    yes: Option<bool>,
    checked: String,
    target: String,
    note: String,
    evidence: String,
    error: Option<String>,
}

impl Row {
    fn of(line: Line) -> Self {
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let answer = &line.answer;
        Self {
            yes: answer.yes,
            checked: day(answer.checked_on),
            target: day(answer.target_on),
            note: answer.note.clone().unwrap_or_default(),
            evidence: answer.evidence.clone().unwrap_or_default(),
            error: None,
            line,
        }
    }
}

#[derive(Template)]
#[template(path = "checklist.html")]
struct RunPage {
    p: Page,
    view: View,
    rows: Vec<Row>,
    days: (Date, Date),
    today: Date,
    refused: bool,
    faults: Vec<Fault>,
    error: Option<String>,
    may_write: bool,
}

impl RunPage {
    fn run(&self) -> &Run {
        &self.view.document.content
    }

    /// What an item is called, and what it asks, in the reader's language.
    fn words(&self, row: &Row) -> (String, Option<String>) {
        let item = &row.line.item;
        let english = self.p.lang == Lang::En;
        let words = if english { item.words_en() } else { item.words() };
        let text = if english { item.text_en.clone().or_else(|| item.text.clone()) } else { item.text.clone() };
        let words = words.map_or_else(|| self.p.t("known-missing"), str::to_owned);
        (words.clone(), text.filter(|text| *text != words))
    }
}

/// What was refused: wrong answers with what was typed, faults of a file, or a message.
#[derive(Default)]
struct Refusal<'a> {
    typed: Option<(&'a Fields, HashMap<String, Msg>)>,
    faults: Vec<Fault>,
    error: Option<Msg>,
}

async fn page(person: &Person, id: Uuid, refusal: Refusal<'_>) -> Result<Response, Failure> {
    let mut view = checklists::view(&person.ctx, id).await?;
    let mut rows: Vec<Row> = std::mem::take(&mut view.lines).into_iter().map(Row::of).collect();
    let refused = refusal.typed.is_some();
    if let Some((form, wrong)) = refusal.typed {
        // What was typed is still there.
        for row in &mut rows {
            let field = |name: &str| form.text(&format!("{name}-{}", row.line.item.key)).unwrap_or_default();
            let (yes, checked, target) = (field("yes"), field("on"), field("target"));
            (row.note, row.evidence) = (field("note"), field("evidence"));
            (row.yes, row.checked, row.target) = (yes_of(&yes), checked, target);
            row.error = wrong.get(&row.line.item.key).map(|msg| person.tr(msg));
        }
    }
    let bad = refused || refusal.error.is_some() || !refusal.faults.is_empty();
    let status = if bad { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = RunPage {
        days: days_of(view.document.content.fiscal_year),
        today: person.ctx.today(),
        refused,
        faults: refusal.faults,
        error: refusal.error.map(|msg| person.tr(&msg)),
        may_write: may_write(person),
        p: Page::of(person, Entry::Checklists),
        rows,
        view,
    };
    Ok((status, render(&page)).into_response())
}

async fn show(person: Person, Path(id): Path<String>) -> Result<Response, Failure> {
    page(&person, id_of(&id)?, Refusal::default()).await
}

fn yes_of(text: &str) -> Option<bool> {
    match text {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

fn revision(form: &Fields) -> Result<i64, Failure> {
    form.get("revision").and_then(|text| text.parse().ok()).ok_or_else(Failure::bad_request)
}

async fn answer(Path(id): Path<String>, posted: Posted<Fields>) -> Result<Response, Failure> {
    let (person, form, id) = (&posted.person, &posted.form, id_of(&id)?);
    // The run first, so that a form that cannot be read says nothing about whose run it is.
    checklists::view(&person.ctx, id).await?;
    let from = revision(form)?;
    let (mut said, mut wrong) = (Vec::new(), HashMap::new());
    // The remark's field stands once for every item of the form.
    for (key, note) in form.rows("note-") {
        let mut day = |name: &str| {
            form.day(&format!("{name}-{key}")).unwrap_or_else(|msg| {
                wrong.insert(key.to_owned(), msg);
                None
            })
        };
        let (checked_on, target_on) = (day("on"), day("target"));
        said.push(Said {
            item: key.to_owned(),
            yes: form.get(&format!("yes-{key}")).and_then(yes_of),
            checked_on,
            target_on,
            note: Some(note.to_owned()).filter(|note| !note.is_empty()),
            evidence: form.text(&format!("evidence-{key}")),
            looked: form.get(&format!("looked-{key}")).is_some(),
        });
    }
    if wrong.is_empty() {
        match checklists::answer(&person.ctx, id, from, said).await? {
            Ok(()) => return Ok(Redirect::to(&format!("/checklists/{id}")).into_response()),
            Err(refused) => wrong.extend(refused),
        }
    }
    page(person, id, Refusal { typed: Some((form, wrong)), ..Refusal::default() }).await
}

async fn upgrade(Path(id): Path<String>, posted: Posted<Fields>) -> Result<Response, Failure> {
    let (person, form, id) = (&posted.person, &posted.form, id_of(&id)?);
    checklists::view(&person.ctx, id).await?;
    let to = form.text("to").ok_or_else(Failure::bad_request)?;
    match checklists::upgrade(&person.ctx, id, revision(form)?, &to).await {
        Ok(_) => Ok(Redirect::to(&format!("/checklists/{id}")).into_response()),
        Err(AppError::Invalid(msg)) => page(person, id, Refusal { error: Some(msg), ..Refusal::default() }).await,
        Err(error) => Err(error.into()),
    }
}

async fn send(Path(id): Path<String>, posted: Posted<Fields>) -> Result<Response, Failure> {
    let (person, form, id) = (&posted.person, &posted.form, id_of(&id)?);
    checklists::view(&person.ctx, id).await?;
    let due = form.day("due").map_err(AppError::Invalid)?.ok_or_else(Failure::bad_request)?;
    match sheet::send(&person.ctx, id, due, &|msg| person.tr(msg)).await {
        Ok(file) => Ok(saved(file.bytes, XLSX, "checklist.xlsx", &format!("{}.xlsx", file.name))),
        Err(AppError::Invalid(msg)) => page(person, id, Refusal { error: Some(msg), ..Refusal::default() }).await,
        Err(error) => Err(error.into()),
    }
}

/// Reads a sheet that came back.
async fn collect(person: Person, Path(id): Path<String>, form: Form) -> Result<Response, Failure> {
    let id = id_of(&id)?;
    checklists::view(&person.ctx, id).await?;
    let Some((name, bytes)) = upload::file(&person, form).await? else {
        let error = Some(Msg::new("checklist-file-none"));
        return page(&person, id, Refusal { error, ..Refusal::default() }).await;
    };
    match sheet::collect(&person.ctx, id, (&name, &bytes), &|msg| person.tr(msg)).await? {
        Ok(()) => Ok(Redirect::to(&format!("/checklists/{id}")).into_response()),
        Err(faults) => page(&person, id, Refusal { faults, ..Refusal::default() }).await,
    }
}
