//! The vendor's side of advice: what hospitals asked, and the form to answer.

use crate::advice_form::Form;
use crate::failure::Failure;
use crate::page::{Entry, Page, render};
use crate::session::{Person, Posted};
use crate::state::WebState;
use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Path};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use std::collections::BTreeMap;
use tomomori_app::advice::{MAX_FILE_BYTES, form, inbox, picture};
use tomomori_app::confirmation::inbox::Sheet;
use tomomori_domain::Msg;
use tomomori_domain::advice::Envelope;

pub(crate) fn routes() -> Router<WebState> {
    let answer = post(answer).layer(DefaultBodyLimit::max(MAX_FILE_BYTES));
    Router::new().route("/inbox", get(list)).route("/inbox/{id}", get(show).merge(answer))
}

#[derive(Template)]
#[template(path = "inbox.html")]
struct ListPage {
    p: Page,
    /// With the number of the vendor's own devices.
    envelopes: Vec<(Envelope, usize)>,
    sheets: Vec<Sheet>,
}

async fn list(person: Person) -> Result<Response, Failure> {
    let own = |envelope: &Envelope| envelope.part.nodes.iter().filter(|node| node.own).count();
    let envelopes = inbox::list(&person.ctx).await?.into_iter().map(|envelope| (own(&envelope), envelope));
    let envelopes = envelopes.map(|(own, envelope)| (envelope, own)).collect();
    let sheets = tomomori_app::confirmation::inbox::list(&person.ctx).await?;
    Ok(render(&ListPage { p: Page::of(&person, Entry::Inbox), envelopes, sheets }))
}

#[derive(Template)]
#[template(path = "envelope.html")]
struct EnvelopePage {
    p: Page,
    e: Envelope,
    f: Form,
    svg: String,
}

async fn show(person: Person, Path(id): Path<String>) -> Result<Response, Failure> {
    let e = inbox::one(&person.ctx, id.parse().map_err(|_| Failure::not_found())?).await?;
    let p = Page::of(&person, Entry::Inbox);
    let svg = picture(&e.part, &e.hospital_name, &person.tenant, &|msg: &Msg| person.tr(msg));
    Ok(render(&EnvelopePage { f: Form::new(&p, &e.part), svg, e, p }))
}

async fn answer(Path(id): Path<String>, posted: Posted<BTreeMap<String, String>>) -> Result<Response, Failure> {
    let id = id.parse().map_err(|_| Failure::not_found())?;
    let (person, mut fields) = (posted.person, posted.form);
    fields.remove("csrf");
    let envelope = inbox::one(&person.ctx, id).await?;
    let items = form::items(&fields, &envelope.part)?;
    inbox::answer(&person.ctx, id, items).await?;
    Ok(Redirect::to(&format!("/inbox/{id}")).into_response())
}
