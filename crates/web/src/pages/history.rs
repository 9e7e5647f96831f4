//! What changed the ledger (変更の履歴), and taking a step back.

use super::lists::{Pager, Params};
use crate::failure::Failure;
use crate::page::{Entry, Page, render};
use crate::session::{Person, Posted};
use crate::state::WebState;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use serde::Deserialize;
use tomomori_app::edit::{self, StepView, Undoing};
use tomomori_app::ledger::PageRequest;
use tomomori_domain::Msg;
use tomomori_domain::access::PermissionKind;
use tomomori_domain::ids::{ChangeId, ResourceId};
use tomomori_domain::record::{ChangeKind, ChangeStep};

pub(crate) fn routes() -> Router<WebState> {
    Router::new()
        .route("/history", get(list))
        .route("/history/{id}", get(show))
        .route("/history/{id}/undo", get(ask).post(undo))
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct StepQuery {
    after: Option<String>,
    limit: Option<u32>,
    /// The step that took another one back just now.
    #[serde(default)]
    done: String,
}

impl StepQuery {
    pub(crate) fn page(&self) -> PageRequest {
        let after = self.after.clone().filter(|after| !after.is_empty());
        PageRequest { after, limit: self.limit.unwrap_or(PageRequest::default().limit) }
    }
}

/// What a step is called. Of an import of many files the first two are named.
pub(crate) fn title(p: &Page, step: &ChangeStep) -> String {
    let names: Vec<&str> = step.title.split('、').collect();
    let short = match names.as_slice() {
        [one, two, _, ..] => {
            let msg = Msg::new("history-and-more").arg("one", one).arg("two", two);
            p.m(msg.arg("count", names.len() - 2))
        }
        _ => step.title.clone(),
    };
    match (step.kind, step.title.is_empty()) {
        (_, true) => p.label(step.kind),
        (ChangeKind::Undo, false) => p.m(Msg::new("history-undo-of").arg("title", short)),
        (_, false) => short,
    }
}

/// The whole title of a step, where [`title`] names only its first files.
fn whole_title(step: &ChangeStep) -> Option<String> {
    (step.title.matches('、').count() >= 2).then(|| step.title.clone())
}

struct StepLine {
    title: String,
    step: ChangeStep,
    begun: u64,
    ended: u64,
    decided: u64,
}

#[derive(Template)]
#[template(path = "history.html")]
struct ListPage {
    p: Page,
    done: bool,
    lines: Vec<StepLine>,
    pager: Pager,
}

async fn list(person: Person, Query(query): Query<StepQuery>) -> Result<Response, Failure> {
    let found = edit::steps(&person.ctx, &query.page()).await?;
    let p = Page::of(&person, Entry::History);
    let params = Params::new("/history", vec![("after", query.after.clone())]);
    let pager = params.pager(found.page.rows.len(), found.total, found.page.next.as_deref());
    let line = |row: edit::StepRow| StepLine {
        title: title(&p, &row.step),
        begun: row.begun,
        ended: row.ended,
        decided: row.decided,
        step: row.step,
    };
    let lines = found.page.rows.into_iter().map(line).collect();
    Ok(render(&ListPage { done: !query.done.is_empty(), lines, pager, p }))
}

/// What a step states of one device.
struct Told {
    id: ResourceId,
    name: String,
    fields: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "step.html")]
struct StepPage {
    p: Page,
    title: String,
    whole_title: Option<String>,
    view: StepView,
    /// The first of the devices.
    told: Vec<Told>,
    /// All of them.
    devices: usize,
    may_undo: bool,
}

/// Devices and changes shown of one step.
const SHOWN: usize = 200;

async fn show(person: Person, Path(id): Path<String>) -> Result<Response, Failure> {
    let view = edit::step(&person.ctx, parse(&id)?).await?;
    let p = Page::of(&person, Entry::History);
    let told = view.devices.iter().take(SHOWN).map(|device| Told {
        id: device.resource,
        name: device.name.clone(),
        fields: device
            .columns
            .iter()
            .map(|(column, values)| {
                let values: Vec<String> = values.iter().map(|value| p.value(&column.field, value)).collect();
                (super::grid::name(&p, column), values.join(&p.t("list-comma")))
            })
            .collect(),
    });
    let (told, devices) = (told.collect(), view.devices.len());
    let may_undo = view.step.undone_by.is_none()
        && view.step.kind != ChangeKind::Upgrade
        && person.ctx.actor.may(PermissionKind::WriteLedger);
    Ok(render(&StepPage {
        title: title(&p, &view.step),
        whole_title: whole_title(&view.step),
        told,
        devices,
        may_undo,
        view,
        p,
    }))
}

#[derive(Template)]
#[template(path = "undo.html")]
struct UndoPage {
    p: Page,
    title: String,
    whole_title: Option<String>,
    /// Steps to be taken back first, with their titles.
    later: Vec<(String, ChangeStep)>,
    /// Changes beyond those shown.
    more: usize,
    undoing: Undoing,
}

async fn ask(person: Person, Path(id): Path<String>) -> Result<Response, Failure> {
    let mut undoing = edit::preview_undo(&person.ctx, parse(&id)?).await?;
    let p = Page::of(&person, Entry::History);
    let more = undoing.changes.len().saturating_sub(SHOWN);
    undoing.changes.truncate(SHOWN);
    let later = undoing.later.iter().map(|step| (title(&p, step), step.clone())).collect();
    let whole_title = whole_title(&undoing.step.step);
    Ok(render(&UndoPage { title: title(&p, &undoing.step.step), whole_title, later, more, undoing, p }))
}

fn parse(id: &str) -> Result<ChangeId, Failure> {
    id.parse().map_err(|_| Failure::not_found())
}

#[derive(Deserialize)]
struct Nothing {}

async fn undo(Path(id): Path<String>, posted: Posted<Nothing>) -> Result<Response, Failure> {
    let Nothing {} = posted.form;
    let done = edit::undo(&posted.person.ctx, parse(&id)?).await?;
    Ok(Redirect::to(&format!("/history?done={}", done.step)).into_response())
}
