//! Vendors: the list, and one vendor with its people, contracts, systems, lines and subcontractors.

use crate::failure::Failure;
use crate::page::{Entry, Page, render};
use crate::pages::fields::Fields;
use crate::session::{Person, Posted};
use crate::state::WebState;
use askama::Template;
use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use tomomori_app::AppError;
use tomomori_app::agreements::vendors::{self, VendorRow, VendorView};
use tomomori_domain::Msg;
use tomomori_domain::access::PermissionKind;
use tomomori_domain::agreement::{Person as Contact, VendorCard};

pub(crate) fn routes() -> Router<WebState> {
    Router::new().route("/vendors", get(list)).route("/vendors/{id}", get(show).post(save))
}

/// Blank rows for people, and how many more a button adds.
const BLANK: usize = 2;

#[derive(Template)]
#[template(path = "vendors.html")]
struct ListPage {
    p: Page,
    tab: &'static str,
    rows: Vec<VendorRow>,
}

async fn list(person: Person) -> Result<Response, Failure> {
    let rows = vendors::list(&person.ctx).await?;
    Ok(render(&ListPage { p: Page::of(&person, Entry::Contracts), tab: "vendors", rows }))
}

/// What is typed.
struct Draft {
    revision: i64,
    card: VendorCard,
}

#[derive(Template)]
#[template(path = "vendor.html")]
struct VendorPage {
    p: Page,
    v: VendorView,
    draft: Draft,
    open: bool,
    error: Option<String>,
    clash: Option<(String, i64)>,
    may_write: bool,
    may_share: bool,
}

async fn page(
    person: &Person,
    id: &str,
    draft: Option<Draft>,
    (status, error): (StatusCode, Option<Msg>),
) -> Result<Response, Failure> {
    let v = vendors::vendor(&person.ctx, id.parse().map_err(|_| Failure::not_found())?).await?;
    let open = draft.is_some();
    let mut draft = draft.unwrap_or_else(|| {
        let mut card = v.card.as_ref().map(|document| document.content.clone()).unwrap_or_default();
        card.people.extend(vec![Contact::default(); BLANK]);
        Draft { revision: v.card.as_ref().map_or(0, |document| document.revision), card }
    });
    let newest = v.card.as_ref().filter(|_| status == StatusCode::CONFLICT);
    let clash = newest.map(|document| (document.by.clone(), document.revision));
    if let Some((_, revision)) = clash {
        draft.revision = revision;
    }
    let page = VendorPage {
        p: Page::of(person, Entry::Contracts),
        draft,
        open,
        error: error.map(|msg| person.tr(&msg)),
        clash,
        may_write: person.ctx.actor.may(PermissionKind::WriteAgreements),
        may_share: person.ctx.actor.may(PermissionKind::ReadAdvice),
        v,
    };
    Ok((status, render(&page)).into_response())
}

async fn show(person: Person, Path(id): Path<String>) -> Result<Response, Failure> {
    page(&person, &id, None, (StatusCode::OK, None)).await
}

async fn save(Path(id): Path<String>, posted: Posted<Fields>) -> Result<Response, Failure> {
    let (person, form) = (&posted.person, &posted.form);
    let vendor = id.parse().map_err(|_| Failure::not_found())?;
    vendors::vendor(&person.ctx, vendor).await?;
    let mut card = VendorCard { people: Vec::new(), note: form.text("note") };
    for (row, name) in form.rows("name-") {
        let text = |field: &str| form.text(&format!("{field}-{row}"));
        card.people.push(Contact {
            name: name.to_owned(),
            duty: text("duty"),
            phone: text("phone"),
            mail: text("mail"),
            hours: text("hours"),
            emergency: text("emergency").is_some(),
        });
    }
    let revision = form.get("revision").and_then(|text| text.parse().ok()).ok_or_else(Failure::bad_request)?;
    if form.get("act") != Some("save") {
        if !person.ctx.actor.may(PermissionKind::WriteAgreements) {
            return Err(Failure::new(StatusCode::FORBIDDEN, Msg::new("error-denied")));
        }
        card.people.extend(vec![Contact::default(); BLANK]);
        return page(person, &id, Some(Draft { revision, card }), (StatusCode::OK, None)).await;
    }
    match vendors::put_card(&person.ctx, vendor, revision, card.clone()).await {
        Ok(_) => Ok(Redirect::to(&format!("/vendors/{id}")).into_response()),
        Err(AppError::Invalid(msg)) => {
            page(person, &id, Some(Draft { revision, card }), (StatusCode::UNPROCESSABLE_ENTITY, Some(msg))).await
        }
        Err(AppError::Conflict(_)) => {
            page(person, &id, Some(Draft { revision, card }), (StatusCode::CONFLICT, None)).await
        }
        Err(error) => Err(error.into()),
    }
}
