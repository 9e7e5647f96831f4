//! Confirmation sessions (確認表の記入): the list, one session, one item.

use super::inquiries::{refusal, refused};
use crate::failure::Failure;
use crate::page::{Entry, Page, render};
use crate::session::{Person, Posted};
use crate::state::WebState;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeMap;
use tomomori_app::AppError;
use tomomori_app::confirmation::{
    self, Ask, Duty, Entry as ItemEntry, ItemView, SessionView, Sessions, Side, Standing, Tally,
};
use tomomori_domain::Msg;
use tomomori_domain::access::PermissionKind;
use tomomori_domain::document::Document;
use tomomori_domain::edition::Known;
use tomomori_domain::inquiry::{Inquiry, Reply};
use uuid::Uuid;

pub(crate) fn routes() -> Router<WebState> {
    Router::new()
        .route("/confirmations", get(list).merge(post(start)))
        .route("/confirmations/{id}", get(show))
        .route("/confirmations/{id}/first", post(first))
        .route("/confirmations/{id}/item", get(item).merge(post(save)))
        .route("/confirmations/{id}/agree", post(agree))
        .route("/confirmations/{id}/ask", post(ask))
}

pub(crate) fn parse(id: &str) -> Result<Uuid, Failure> {
    id.parse().map_err(|_| Failure::not_found())
}

/// Whether the session is there is said before anything about the form.
async fn known(person: &Person, id: &str) -> Result<Uuid, Failure> {
    Ok(confirmation::view(&person.ctx, parse(id)?).await?.session.id)
}

fn to(id: Uuid) -> Response {
    Redirect::to(&format!("/confirmations/{id}")).into_response()
}

#[derive(Template)]
#[template(path = "confirmations.html")]
struct ListPage {
    p: Page,
    s: Sessions,
    may_write: bool,
    today: Date,
    open: usize,
}

async fn list(person: Person) -> Result<Response, Failure> {
    let s = confirmation::list(&person.ctx).await?;
    Ok(render(&ListPage {
        open: s.sessions.iter().map(|line| line.tally.open + line.tally.not_talked).sum(),
        may_write: person.ctx.actor.may(PermissionKind::WriteAgreements),
        today: person.ctx.today(),
        p: Page::of(&person, Entry::Confirmations),
        s,
    }))
}

#[derive(Deserialize)]
struct Start {
    #[serde(default)]
    edition: String,
    #[serde(default)]
    contract: String,
    #[serde(default)]
    first_talk: String,
}

fn date(text: &str) -> Result<Date, Failure> {
    let bad =
        |_| AppError::Invalid(Msg::new("confirm-date-bad").arg("word", text.chars().take(40).collect::<String>()));
    Ok(tomomori_domain::date::parse(text).map_err(bad)?)
}

async fn start(posted: Posted<Start>) -> Result<Response, Failure> {
    let form = posted.form;
    let contract = match form.contract.as_str() {
        "" => None,
        id => Some(id.parse().map_err(|_| Failure::not_found())?),
    };
    let made = confirmation::start(&posted.person.ctx, &form.edition, contract, date(&form.first_talk)?).await?;
    Ok(to(made))
}

#[derive(Template)]
#[template(path = "confirmation.html")]
struct SessionPage {
    p: Page,
    v: SessionView,
    t: Tally,
    sheets: Vec<(Uuid, Inquiry, Option<Document<Reply>>)>,
    may_write: bool,
    /// A month from today: what a question sheet proposes.
    due: Date,
    error: Option<String>,
    /// What was ticked or typed in a form that was refused.
    typed: Named,
}

impl SessionPage {
    fn chosen(&self, prefix: &str, view: &ItemView, value: &str) -> bool {
        self.typed.get(&format!("{prefix}-{}", view.item.key)).is_some_and(|said| said == value)
    }

    fn can_first(&self, view: &ItemView) -> bool {
        self.may_write && view.row.first.is_none() && view.item.known != Known::Missing
    }

    fn can_agree(&self, view: &ItemView) -> bool {
        let both = view.row.roles.hospital.is_some() && view.row.roles.vendor.is_some();
        self.may_write && both && !view.row.is_agreed()
    }
}

async fn show(person: Person, Path(id): Path<String>) -> Result<Response, Failure> {
    Ok(render(&session(&person, parse(&id)?, None, Named::new()).await?))
}

async fn session(person: &Person, id: Uuid, error: Option<Msg>, typed: Named) -> Result<SessionPage, Failure> {
    let v = confirmation::view(&person.ctx, id).await?;
    let sheets = confirmation::inquiries(&person.ctx, id).await?;
    let today = person.ctx.today();
    Ok(SessionPage {
        t: v.tally,
        error: error.map(|msg| person.tr(&msg)),
        typed,
        sheets,
        may_write: person.ctx.actor.may(PermissionKind::WriteAgreements),
        due: today.checked_add(jiff::Span::new().months(1)).unwrap_or(today),
        p: Page::of(person, Entry::Confirmations),
        v,
    })
}

/// `f-KEY` holds はい or いいえ of an item, `revision` the version the page showed.
type Named = BTreeMap<String, String>;

fn revision(form: &Named) -> Result<i64, Failure> {
    form.get("revision").and_then(|text| text.parse().ok()).ok_or_else(Failure::bad_request)
}

async fn first(Path(id): Path<String>, posted: Posted<Named>) -> Result<Response, Failure> {
    let (id, form) = (known(&posted.person, &id).await?, posted.form);
    let mut answers = BTreeMap::new();
    for (name, said) in &form {
        if let Some(key) = name.strip_prefix("f-") {
            match said.as_str() {
                "yes" => answers.insert(key.to_owned(), true),
                "no" => answers.insert(key.to_owned(), false),
                _ => return Err(Failure::bad_request()),
            };
        }
    }
    match confirmation::first(&posted.person.ctx, id, revision(&form)?, &answers).await {
        Ok(_) => Ok(to(id)),
        Err(error) => Ok(refused(&session(&posted.person, id, Some(refusal(error)?), form).await?)),
    }
}

/// `g-KEY` marks an item; with `by` and `scan` it is the vendor's agreement on a stamped paper, else the hospital's own.
async fn agree(Path(id): Path<String>, posted: Posted<Named>) -> Result<Response, Failure> {
    let (id, mut form) = (known(&posted.person, &id).await?, posted.form);
    let keys: Vec<String> = form.keys().filter_map(|name| name.strip_prefix("g-")).map(str::to_owned).collect();
    let (ctx, from) = (&posted.person.ctx, revision(&form)?);
    let password = form.remove("password").unwrap_or_default();
    let done = if keys.is_empty() {
        Err(AppError::Invalid(Msg::new("confirm-none-chosen")))
    } else if form.get("side").is_some_and(|side| side == "vendor") {
        let value = |name: &str| form.get(name).cloned().unwrap_or_default();
        confirmation::agree_by_scan(ctx, id, from, &keys, &value("by"), &value("scan")).await
    } else {
        confirmation::agree(ctx, id, from, &keys, password).await
    };
    match done {
        Ok(_) => Ok(to(id)),
        Err(error) => Ok(refused(&session(&posted.person, id, Some(refusal(error)?), form).await?)),
    }
}

#[derive(Deserialize)]
struct Asking {
    #[serde(default)]
    note: String,
    #[serde(default)]
    due: String,
}

async fn ask(Path(id): Path<String>, posted: Posted<Asking>) -> Result<Response, Failure> {
    let session = known(&posted.person, &id).await?;
    let command = Ask { session, note: posted.form.note, due: date(&posted.form.due)? };
    let made = confirmation::ask(&posted.person.ctx, command).await?;
    Ok(Redirect::to(&format!("/inquiries/{made}")).into_response())
}

#[derive(Template)]
#[template(path = "confirmation_item.html")]
struct ItemPage {
    p: Page,
    id: Uuid,
    revision: i64,
    heading: String,
    clauses: Vec<tomomori_domain::agreement::Clause>,
    i: ItemView,
    /// The next item of the session.
    next: Option<String>,
    may_write: bool,
    with_vendor: bool,
    error: Option<String>,
    /// What the form holds: what stands, or what was typed in one that was refused.
    e: ItemEntry,
}

#[derive(Deserialize)]
struct Which {
    #[serde(default)]
    key: String,
}

async fn item(person: Person, Path(id): Path<String>, which: Query<Which>) -> Result<Response, Failure> {
    Ok(render(&item_page(&person, parse(&id)?, &which.key, None).await?))
}

/// One item; of a form that was refused, why and what was typed.
async fn item_page(
    person: &Person,
    id: Uuid,
    key: &str,
    refused: Option<(Msg, ItemEntry)>,
) -> Result<ItemPage, Failure> {
    let v = confirmation::view(&person.ctx, id).await?;
    let asked = |one: &ItemView| key.is_empty() || one.item.key == key;
    let at = v.items.iter().position(asked).ok_or_else(Failure::not_found)?;
    let known = |one: &&ItemView| one.item.known != Known::Missing;
    let next = v.items[at + 1..].iter().find(known).map(|one| one.item.key.clone());
    let p = Page::of(person, Entry::Confirmations);
    let i = v.items[at].clone();
    let (error, e) = match refused {
        Some((msg, typed)) => (Some(person.tr(&msg)), typed),
        None => (None, ItemEntry::of(&i.row)),
    };
    Ok(ItemPage {
        id: v.session.id,
        revision: v.session.revision,
        heading: about(&p, &v),
        clauses: v.clauses.clone(),
        next,
        may_write: person.ctx.actor.may(PermissionKind::WriteAgreements),
        with_vendor: v.vendor.is_some(),
        error,
        e,
        i,
        p,
    })
}

/// Whose session it is, in words.
fn about(p: &Page, v: &SessionView) -> String {
    match (&v.vendor, &v.contract) {
        (Some(vendor), Some(contract)) => format!("{} {}", vendor.name, contract.title),
        (Some(vendor), None) => vendor.name.clone(),
        _ => p.t("confirm-own"),
    }
}

#[derive(Deserialize)]
struct ItemForm {
    #[serde(default)]
    key: String,
    #[serde(default)]
    revision: i64,
    #[serde(default)]
    completed: String,
    #[serde(default)]
    hospital: String,
    #[serde(default)]
    vendor: String,
    #[serde(default)]
    clause: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    evidence: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    next: String,
}

async fn save(Path(id): Path<String>, posted: Posted<ItemForm>) -> Result<Response, Failure> {
    let (id, form) = (known(&posted.person, &id).await?, posted.form);
    let text = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let duty = |key: &str| match key {
        "" => Ok(None),
        key => Duty::from_key(key).map(Some).ok_or_else(Failure::bad_request),
    };
    let entry = ItemEntry {
        completed: text(&form.completed).map(|day| date(&day)).transpose()?,
        hospital: duty(&form.hospital)?,
        vendor: duty(&form.vendor)?,
        clause: text(&form.clause),
        note: text(&form.note),
        evidence: form.evidence.lines().filter_map(text).collect(),
        reason: text(&form.reason),
    };
    if let Err(error) = confirmation::save(&posted.person.ctx, id, form.revision, &form.key, &entry).await {
        let again = Some((refusal(error)?, entry));
        return Ok(refused(&item_page(&posted.person, id, &form.key, again).await?));
    }
    if form.next.is_empty() {
        return Ok(to(id));
    }
    let query = serde_urlencoded::to_string([("key", form.next)]).map_err(AppError::internal)?;
    Ok(Redirect::to(&format!("/confirmations/{id}/item?{query}")).into_response())
}

/// A key as part of an address.
fn encoded(key: &str) -> String {
    serde_urlencoded::to_string([("key", key)]).unwrap_or_default()
}
