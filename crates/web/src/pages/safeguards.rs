//! State of safeguards: a row per system with the five kinds, and the statements about one system or device.

use crate::failure::Failure;
use crate::page::{Entry, Page, render};
use crate::pages::fields::Fields;
use crate::pages::lists::download;
use crate::session::{Person, Posted};
use crate::state::WebState;
use askama::Template;
use axum::Router;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tomomori_app::AppError;
use tomomori_app::safeguards::{self, Guarded, Say};
use tomomori_domain::Msg;
use tomomori_domain::access::PermissionKind;
use tomomori_domain::safeguard::{Safeguard, SafeguardKind, Statement, Subject, TwoFactor, Verdict, state};

pub(crate) fn routes() -> Router<WebState> {
    Router::new()
        .route("/safeguards", get(list))
        .route("/safeguards.xlsx", get(workbook))
        .route("/safeguards/{id}", get(show).post(say))
}

/// Class of a tag.
pub(crate) fn tone(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Bad => "red",
        Verdict::Due => "orange",
        Verdict::Unknown => "unknown",
        Verdict::Good => "green",
    }
}

/// Id of a subject as it stands in addresses.
pub(crate) fn id(subject: &Subject) -> String {
    match subject {
        Subject::Service(id) => id.to_string(),
        Subject::Device(id) => id.to_string(),
    }
}

#[derive(Template)]
#[template(path = "safeguards.html")]
struct ListPage {
    p: Page,
    rows: Vec<Guarded>,
}

async fn list(person: Person) -> Result<Response, Failure> {
    let rows = safeguards::list(&person.ctx).await?;
    Ok(render(&ListPage { p: Page::of(&person, Entry::Safeguards), rows }))
}

async fn workbook(person: Person) -> Result<Response, Failure> {
    let bytes = safeguards::xlsx(&person.ctx, &|msg| person.tr(msg)).await?;
    Ok(download(bytes, "safeguards", &person.tr(&Msg::new("safeguards-title")), person.ctx.today()))
}

#[derive(Template)]
#[template(path = "safeguard.html")]
struct SubjectPage {
    p: Page,
    row: Guarded,
    /// Facts of each earlier statement, as they read today.
    history: Vec<(Safeguard, Vec<Msg>)>,
    me: String,
    today: String,
    saved: bool,
    error: Option<String>,
    may_write: bool,
}

/// An id is that of a system, or else of a device.
pub(crate) async fn find(ctx: &tomomori_app::Ctx, id: &str) -> Result<Guarded, Failure> {
    let service = Subject::Service(id.parse().map_err(|_| Failure::not_found())?);
    match safeguards::of(ctx, service).await {
        Err(AppError::NotFound) => {
            let device = Subject::Device(id.parse().map_err(|_| Failure::not_found())?);
            Ok(safeguards::of(ctx, device).await?)
        }
        found => Ok(found?),
    }
}

async fn page(person: &Person, id: &str, saved: bool, error: Option<String>) -> Result<Response, Failure> {
    let row = find(&person.ctx, id).await?;
    let today = person.ctx.today();
    let facts = |said: &Safeguard| {
        state(Some(&said.statement), today).facts.into_iter().map(|(_, msg)| msg).collect::<Vec<Msg>>()
    };
    Ok(render(&SubjectPage {
        p: Page::of(person, Entry::Safeguards),
        history: row.history.iter().map(|said| (said.clone(), facts(said))).collect(),
        row,
        me: person.ctx.actor.name.clone(),
        today: today.to_string(),
        saved,
        error,
        may_write: person.ctx.actor.may(PermissionKind::WriteLedger),
    }))
}

async fn show(person: Person, Path(id): Path<String>) -> Result<Response, Failure> {
    page(&person, &id, false, None).await
}

async fn say(Path(id): Path<String>, posted: Posted<Fields>) -> Result<Response, Failure> {
    let (person, form) = (&posted.person, &posted.form);
    let row = find(&person.ctx, &id).await?;
    let said = statement(form).and_then(|statement| {
        Ok(Say {
            subject: row.subject,
            statement,
            stated_by: form.text("stated_by").unwrap_or_default(),
            vendor: form.text("vendor"),
            stated_on: form.day("stated_on")?,
        })
    });
    let done = match said {
        Ok(say) => safeguards::say(&person.ctx, say).await,
        Err(msg) => Err(AppError::Invalid(msg)),
    };
    match done {
        Ok(_) => page(person, &id, true, None).await,
        Err(AppError::Invalid(msg)) => {
            let mut answer = page(person, &id, false, Some(person.tr(&msg))).await?.into_response();
            *answer.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
            Ok(answer)
        }
        Err(error) => Err(error.into()),
    }
}

/// What a form says; a choice left open is unknown, never no.
fn statement(form: &Fields) -> Result<Statement, Msg> {
    let flag = |name: &str| match form.get(name) {
        Some("yes") => Some(true),
        Some("no") => Some(false),
        _ => None,
    };
    let number = |name: &str| -> Result<Option<u16>, Msg> {
        let text = form.get(name).map(tomomori_domain::text::tidy);
        let read =
            |text: String| text.parse().ok().filter(|n| *n <= 999).ok_or_else(|| Msg::new("safeguard-bad-number"));
        text.map(read).transpose()
    };
    Ok(match form.get("about").and_then(SafeguardKind::from_key) {
        Some(SafeguardKind::Backup) => Statement::Backup {
            generations: number("generations")?,
            offline: flag("offline"),
            separated: flag("separated"),
            restored_on: form.day("restored_on")?,
        },
        Some(SafeguardKind::Logs) => Statement::Logs {
            kept: flag("kept"),
            what: form.text("what"),
            months: number("months")?,
            reviewed_on: form.day("reviewed_on")?,
        },
        Some(SafeguardKind::Accounts) => Statement::Accounts { reviewed_on: form.day("reviewed_on")? },
        Some(SafeguardKind::TwoFactor) => {
            Statement::TwoFactor { state: form.get("state").and_then(TwoFactor::from_key), until: form.day("until")? }
        }
        Some(SafeguardKind::SwitchedOff) => Statement::SwitchedOff {
            off: flag("off"),
            what: form.text("what"),
            reason: form.text("reason"),
            since: form.day("since")?,
            expires_on: form.day("expires_on")?,
            approved_by: form.text("approved_by"),
        },
        None => return Err(Msg::new("error-bad-request")),
    })
}
