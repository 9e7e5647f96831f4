//! Contracts: the list with what is to be looked at, and one contract with its terms.

use crate::failure::Failure;
use crate::page::{Entry, Page, render};
use crate::pages::fields::Fields;
use crate::pages::lists::Chip;
use crate::pages::terms_form::Draft;
use crate::session::{Person, Posted};
use crate::state::WebState;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use serde::Deserialize;
use tomomori_app::AppError;
use tomomori_app::agreements::{self, Change, ContractList, ContractView, MAX_FOUND, Said};
use tomomori_domain::Msg;
use tomomori_domain::access::PermissionKind;
use tomomori_domain::agreement::standing::{Standing, Trouble};
use tomomori_domain::agreement::{ContractKind, Unit};

pub(crate) fn routes() -> Router<WebState> {
    Router::new().route("/contracts", get(list)).route("/contracts/{id}", get(show).post(save))
}

/// Class of a tag for what is to be looked at: unknown is neither fine nor bad.
pub(crate) fn tone(trouble: &Trouble) -> &'static str {
    match trouble {
        Trouble::Ended => "red",
        Trouble::EndsSoon | Trouble::NoticeNear | Trouble::NoUpdateClause | Trouble::ClauseNotListed => "orange",
        Trouble::NoTerms | Trouble::NoClauses | Trouble::SubcontractorUnknown => "unknown",
    }
}

fn standing_tone(standing: &Standing) -> &'static str {
    if *standing == Standing::NoEnd { "unknown" } else { "" }
}

/// Days until or since the end.
pub(crate) fn days(days: &i32) -> Msg {
    match *days {
        gone if gone < 0 => Msg::new("agree-days-ago").arg("days", -gone),
        left => Msg::new("agree-days-left").arg("days", left),
    }
}

/// A value of a history in the reader's words.
pub(crate) fn said(p: &Page, values: &[Said]) -> Vec<String> {
    let one = |value: &Said| match value {
        Said::Text(text) => text.clone(),
        Said::Word(msg) => p.m(msg),
    };
    values.iter().map(one).collect()
}

#[derive(Template)]
#[template(path = "contracts.html")]
struct ListPage {
    p: Page,
    tab: &'static str,
    chips: Vec<Chip>,
    list: ContractList,
    /// There are contracts, but none under the chip.
    filtered: bool,
}

#[derive(Deserialize)]
struct ListQuery {
    #[serde(default)]
    look: String,
}

async fn list(person: Person, Query(query): Query<ListQuery>) -> Result<Response, Failure> {
    let mut list = agreements::contracts(&person.ctx).await?;
    let p = Page::of(&person, Entry::Contracts);
    let on = Trouble::from_key(&query.look);
    let count = |trouble: Trouble| list.rows.iter().filter(|row| row.troubles.contains(&trouble)).count() as u64;
    let mut chips = vec![Chip {
        text: p.t("filter-all"),
        count: list.rows.len() as u64,
        on: on.is_none(),
        href: "/contracts".to_owned(),
    }];
    chips.extend(Trouble::ALL.iter().map(|trouble| Chip {
        text: p.label(trouble),
        count: count(*trouble),
        on: on == Some(*trouble),
        href: format!("/contracts?look={}", trouble.key()),
    }));
    let filtered = on.is_some() && !list.rows.is_empty();
    if let Some(trouble) = on {
        list.rows.retain(|row| row.troubles.contains(&trouble));
    }
    Ok(render(&ListPage { p, tab: "contracts", chips, list, filtered }))
}

/// Somebody else saved meanwhile.
struct Clash {
    by: String,
    revision: i64,
    changes: Vec<Change>,
}

#[derive(Template)]
#[template(path = "contract.html")]
struct ContractPage {
    p: Page,
    v: ContractView,
    draft: Draft,
    /// The form is open: something was typed that is not saved.
    open: bool,
    saved: bool,
    error: Option<String>,
    clash: Option<Clash>,
    may_write: bool,
}

impl ContractPage {
    /// That it ended or ends soon stands among what is to be looked at already.
    fn shows_standing(&self) -> bool {
        !matches!(self.v.row.standing, Standing::Ended | Standing::EndsSoon)
    }

    fn said(&self, values: &[Said]) -> Vec<String> {
        said(&self.p, values)
    }
}

#[derive(Default)]
struct Shown {
    draft: Option<Draft>,
    saved: bool,
    error: Option<Msg>,
    clash: Option<Clash>,
    status: StatusCode,
}

async fn page(person: &Person, id: &str, shown: Shown) -> Result<Response, Failure> {
    let v = agreements::contract(&person.ctx, id.parse().map_err(|_| Failure::not_found())?).await?;
    let open = shown.draft.is_some();
    let draft = shown.draft.unwrap_or_else(|| Draft::of(&v));
    let page = ContractPage {
        p: Page::of(person, Entry::Contracts),
        v,
        draft,
        open,
        saved: shown.saved,
        error: shown.error.map(|msg| person.tr(&msg)),
        clash: shown.clash,
        may_write: person.ctx.actor.may(PermissionKind::WriteAgreements),
    };
    Ok((shown.status, render(&page)).into_response())
}

#[derive(Deserialize)]
struct ShowQuery {
    #[serde(default)]
    saved: String,
}

async fn show(person: Person, Path(id): Path<String>, Query(query): Query<ShowQuery>) -> Result<Response, Failure> {
    page(&person, &id, Shown { saved: query.saved == "1", ..Shown::default() }).await
}

async fn save(Path(id): Path<String>, posted: Posted<Fields>) -> Result<Response, Failure> {
    let (person, form) = (&posted.person, &posted.form);
    let contract = id.parse().map_err(|_| Failure::not_found())?;
    agreements::contract(&person.ctx, contract).await?;
    let mut draft = Draft::typed(&person.ctx, form).await?;
    match form.get("act") {
        Some("save") => {}
        Some("rows") => draft.more_rows(),
        _ => draft.find(&person.ctx, form.get("words").unwrap_or_default()).await?,
    }
    if form.get("act") != Some("save") {
        if !person.ctx.actor.may(PermissionKind::WriteAgreements) {
            return Err(Failure::new(StatusCode::FORBIDDEN, Msg::new("error-denied")));
        }
        return page(person, &id, Shown { draft: Some(draft), ..Shown::default() }).await;
    }
    let typed = draft.read();
    let done = match typed.clone() {
        Ok(terms) => agreements::put_terms(&person.ctx, contract, draft.revision, terms).await.map(|_| ()),
        Err(msg) => Err(AppError::Invalid(msg)),
    };
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/contracts/{id}?saved=1")).into_response()),
        Err(AppError::Invalid(msg)) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            page(person, &id, Shown { draft: Some(draft), error: Some(msg), status, ..Shown::default() }).await
        }
        Err(AppError::Conflict(msg)) => {
            let now = agreements::contract(&person.ctx, contract).await?;
            let Some(newest) = now.history.first() else { return Err(AppError::Conflict(msg).into()) };
            let changes = match typed {
                Ok(terms) => agreements::compare(&person.ctx, contract, &terms).await?,
                Err(_) => Vec::new(),
            };
            // What was typed stays; saved again, it follows the newest version.
            draft.revision = newest.revision;
            let clash = Some(Clash { by: newest.by.clone(), revision: newest.revision, changes });
            page(person, &id, Shown { draft: Some(draft), clash, status: StatusCode::CONFLICT, ..Shown::default() })
                .await
        }
        Err(error) => Err(error.into()),
    }
}
