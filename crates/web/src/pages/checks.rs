//! Things to check (要確認): the list, answers, who looks after what, and all recommended answers of a kind at once.

use super::lists::{Chip, Pager, Params, download};
use crate::failure::Failure;
use crate::page::{Entry, Page, render};
use crate::session::{Person, Posted};
use crate::state::WebState;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeMap;
use tomomori_app::checks::{self, Answered, CheckFilter, CheckRow, PageRequest};
use tomomori_app::{AppError, check_words, export};
use tomomori_domain::Msg;
use tomomori_domain::check::{CheckKind, Remedy};
use tomomori_domain::ids::{ChangeId, ResourceId};

pub(crate) fn routes() -> Router<WebState> {
    Router::new()
        .route("/checks", get(list))
        .route("/checks.xlsx", get(file))
        .route("/checks/recommended", get(look_over).post(answer_all))
        .route("/checks/{id}/answer", post(answer))
        .route("/checks/{id}/assign", post(assign))
}

/// The list's state as its URL writes it.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct CheckQuery {
    kind: Option<String>,
    state: Option<String>,
    resource: Option<String>,
    after: Option<String>,
    limit: Option<u32>,
    /// What was just done: a step, or `noted`.
    done: Option<String>,
}

impl CheckQuery {
    pub(crate) fn filter(&self) -> Result<CheckFilter, Failure> {
        let resource = self.resource.as_deref().filter(|id| !id.is_empty());
        Ok(CheckFilter {
            kind: self.kind.as_deref().and_then(CheckKind::from_key),
            answered: self.state.as_deref() == Some("answered"),
            resource: resource.map(str::parse).transpose().map_err(|_| Failure::not_found())?,
        })
    }

    pub(crate) fn page(&self) -> PageRequest {
        let after = self.after.clone().filter(|after| !after.is_empty());
        PageRequest { after, limit: self.limit.unwrap_or(PageRequest::default().limit) }
    }

    fn params(&self) -> Params {
        Params::new(
            "/checks",
            vec![
                ("kind", self.kind.clone()),
                ("state", self.state.clone()),
                ("resource", self.resource.clone()),
                ("after", self.after.clone()),
            ],
        )
    }
}

/// An answer as a button.
pub(crate) struct AnswerButton {
    pub(crate) number: usize,
    pub(crate) text: String,
    pub(crate) best: bool,
}

/// A check as drawn.
pub(crate) struct CheckLine {
    pub(crate) id: String,
    pub(crate) kind: CheckKind,
    pub(crate) text: String,
    pub(crate) place: Option<String>,
    pub(crate) device: Option<(ResourceId, String)>,
    /// Answers that can be given; none where the device has left the ledger.
    pub(crate) answers: Vec<AnswerButton>,
    /// What was answered, by whom and when.
    pub(crate) given: Option<(String, String, Option<Timestamp>)>,
    pub(crate) owner: Option<String>,
    pub(crate) due: Option<Date>,
    pub(crate) overdue: bool,
    pub(crate) first_seen: Timestamp,
}

impl CheckLine {
    /// `names` are the devices that are in the ledger.
    pub(crate) fn new(p: &Page, row: &CheckRow, names: &BTreeMap<ResourceId, String>, today: Date) -> Self {
        let tr = |msg: &Msg| p.m(msg);
        let (check, kind) = (&row.check, row.check.kind);
        let device = check.resource.and_then(|id| Some((id, names.get(&id)?.clone())));
        let possible =
            |answer: &&Remedy| !matches!(answer, Remedy::Set { resource, .. } if !names.contains_key(resource));
        let given = row.answer.as_ref();
        let answers = check.answers.iter().enumerate().filter(|(_, answer)| possible(answer) && given != Some(*answer));
        let answers = answers.map(|(number, answer)| AnswerButton {
            number,
            text: check_words::answer(kind, answer, &tr),
            best: number == 0 && given.is_none() && !kind.is_gap(),
        });
        Self {
            id: row.id.clone(),
            kind,
            text: check_words::text(check, &tr),
            place: check.place.as_ref().map(ToString::to_string),
            device,
            answers: answers.collect(),
            given: given.map(|answer| {
                let by = row.answered_by.clone().unwrap_or_default();
                (check_words::answer(kind, answer, &tr), by, row.answered_at)
            }),
            owner: row.owner.clone(),
            due: row.due,
            overdue: given.is_none() && row.due.is_some_and(|due| due < today),
            first_seen: row.first_seen,
        }
    }
}

/// What was just done, as the notice above a list says it.
pub(crate) struct DoneNotice {
    pub(crate) step: Option<ChangeId>,
}

impl DoneNotice {
    pub(crate) fn of(done: Option<&str>) -> Option<Self> {
        let done = done.filter(|done| !done.is_empty())?;
        Some(Self { step: done.parse().ok() })
    }
}

#[derive(Template)]
#[template(path = "checks.html")]
struct ListPage {
    p: Page,
    title: String,
    done: Option<DoneNotice>,
    chips: Vec<Chip>,
    states: Vec<Chip>,
    /// Kind whose recommended answers can all be given, and how many are open.
    bulk: Option<(CheckKind, u64)>,
    about: Option<String>,
    lines: Vec<CheckLine>,
    empty: (String, String),
    filtered: bool,
    excel: String,
    back: String,
    pager: Pager,
}

async fn list(person: Person, Query(query): Query<CheckQuery>) -> Result<Response, Failure> {
    let filter = query.filter()?;
    let found = checks::list(&person.ctx, &filter, &query.page()).await?;
    let p = Page::of(&person, Entry::Checks);
    let params = query.params();
    let chip = |kind: Option<CheckKind>, count: u64| Chip {
        text: kind.map_or_else(|| p.t("filter-all"), |kind| p.label(kind)),
        count,
        on: kind == filter.kind,
        href: params.with(&[("kind", kind.map(CheckKind::key))]),
    };
    let all = found.by_kind.values().sum();
    let count = |kind: CheckKind| found.by_kind.get(&kind).copied().unwrap_or_default();
    let kinds = CheckKind::ALL.iter().filter(|kind| count(**kind) > 0 || filter.kind == Some(**kind));
    let chips = [chip(None, all)].into_iter().chain(kinds.map(|kind| chip(Some(*kind), count(*kind)))).collect();
    let state = |answered: bool, msg: Msg, count: u64| Chip {
        text: p.m(&msg),
        count,
        on: answered == filter.answered,
        href: params.with(&[("state", answered.then_some("answered")), ("kind", None)]),
    };
    let states = vec![
        state(false, Msg::new("checks-open"), found.open),
        state(true, Msg::new("checks-answered"), found.answered),
    ];
    let matching = filter.kind.map_or(all, count);
    let today = person.ctx.today();
    let lines = found.page.rows.iter().map(|row| CheckLine::new(&p, row, &found.names, today)).collect();
    let msg = |title: Msg, how: Msg| (p.m(&title), p.m(&how));
    let empty = match (filter.answered, found.open + found.answered) {
        (true, _) => msg(Msg::new("checks-none-answered"), Msg::new("checks-none-answered-how")),
        (false, 0) => msg(Msg::new("checks-none-yet"), Msg::new("checks-none-yet-how")),
        (false, _) if found.open == 0 => msg(Msg::new("checks-all-done"), Msg::new("checks-all-done-how")),
        (false, _) => msg(Msg::new("checks-none"), Msg::new("checks-none-how")),
    };
    let about = filter.resource.and_then(|id| found.names.get(&id).cloned());
    Ok(render(&ListPage {
        title: p.m(Msg::new("checks-title").arg("count", p.n(found.open))),
        done: DoneNotice::of(query.done.as_deref()),
        chips,
        states,
        bulk: filter
            .kind
            .filter(|kind| p.may_edit() && !kind.is_gap() && !filter.answered && count(*kind) > 1)
            .map(|k| (k, count(k))),
        about,
        lines,
        empty,
        filtered: params.filtered(),
        excel: params.workbook(),
        back: params.with(&[("after", query.after.as_deref())]),
        pager: params.pager(found.page.rows.len(), matching, found.page.next.as_deref()),
        p,
    }))
}

/// The list as a workbook; which page was open does not matter.
async fn file(person: Person, Query(query): Query<CheckQuery>) -> Result<Response, Failure> {
    let tr = |msg: &Msg| person.tr(msg);
    let bytes = export::checks_xlsx(&person.ctx, &query.filter()?, &tr).await?;
    Ok(download(bytes, "checks", &tr(&Msg::new("nav-checks")), person.ctx.today()))
}

/// Back to where a form was, if that is one of our pages, with what was done.
pub(crate) fn back_to(back: &str, done: &str) -> Response {
    let known = back == "/checks" || back.starts_with("/checks?") || back.starts_with("/ledger/");
    let back = if known && !back.contains(['#', '\\', '\n', '\r']) { back } else { "/checks" };
    let sign = if back.contains('?') { '&' } else { '?' };
    Redirect::to(&format!("{back}{sign}done={done}")).into_response()
}

fn noted(answered: Answered) -> String {
    answered.step.map_or_else(|| "noted".to_owned(), |step| step.to_string())
}

#[derive(Deserialize)]
struct AnswerForm {
    answer: usize,
    #[serde(default)]
    back: String,
}

async fn answer(Path(id): Path<String>, posted: Posted<AnswerForm>) -> Result<Response, Failure> {
    let answered = checks::answer(&posted.person.ctx, &id, posted.form.answer).await?;
    Ok(back_to(&posted.form.back, &noted(answered)))
}

#[derive(Deserialize)]
struct AssignForm {
    #[serde(default)]
    owner: String,
    #[serde(default)]
    due: String,
    #[serde(default)]
    back: String,
}

/// A day as a form or a program writes it; blank = none.
pub(crate) fn due(text: &str) -> Result<Option<Date>, AppError> {
    match text.trim() {
        "" => Ok(None),
        day => day.parse().map(Some).map_err(|_| AppError::Invalid(Msg::new("check-bad-due").arg("value", day))),
    }
}

async fn assign(Path(id): Path<String>, posted: Posted<AssignForm>) -> Result<Response, Failure> {
    let form = &posted.form;
    checks::assign(&posted.person.ctx, &id, Some(&form.owner), due(&form.due)?).await?;
    Ok(back_to(&form.back, "noted"))
}

#[derive(Deserialize)]
struct KindQuery {
    #[serde(default)]
    kind: String,
}

#[derive(Template)]
#[template(path = "checks_recommended.html")]
struct RecommendedPage {
    p: Page,
    kind: Option<CheckKind>,
    lines: Vec<CheckLine>,
    ids: String,
    more: u64,
}

/// What the recommended answers of a kind would do; nothing is written.
async fn look_over(person: Person, Query(query): Query<KindQuery>) -> Result<Response, Failure> {
    let kind = CheckKind::from_key(&query.kind).filter(|kind| !kind.is_gap());
    let p = Page::of(&person, Entry::Checks);
    let Some(kind) = kind else {
        return Ok(render(&RecommendedPage { p, kind, lines: Vec::new(), ids: String::new(), more: 0 }));
    };
    let found = checks::recommended(&person.ctx, kind).await?;
    let today = person.ctx.today();
    let rows = &found.page.rows;
    let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let open = found.by_kind.get(&kind).copied().unwrap_or_default();
    Ok(render(&RecommendedPage {
        kind: Some(kind),
        lines: rows.iter().map(|row| CheckLine::new(&p, row, &found.names, today)).collect(),
        ids: ids.join(","),
        more: open.saturating_sub(rows.len() as u64),
        p,
    }))
}

#[derive(Deserialize)]
struct AllForm {
    kind: String,
    ids: String,
}

async fn answer_all(posted: Posted<AllForm>) -> Result<Response, Failure> {
    let kind = CheckKind::from_key(&posted.form.kind).ok_or_else(Failure::bad_request)?;
    let ids: Vec<String> = posted.form.ids.split(',').filter(|id| !id.is_empty()).map(str::to_owned).collect();
    let answered = checks::answer_recommended(&posted.person.ctx, kind, &ids).await?;
    Ok(back_to("/checks", &noted(answered)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_leads_back_to_our_own_pages_only() {
        for (back, target) in [
            ("/checks?kind=stranger", "/checks?kind=stranger&done=noted"),
            ("/ledger/x", "/ledger/x?done=noted"),
            ("https://example.org/", "/checks?done=noted"),
            ("//example.org/checks", "/checks?done=noted"),
            ("/checks\r\nX: y", "/checks?done=noted"),
            ("", "/checks?done=noted"),
        ] {
            assert_eq!(back_to(back, "noted").headers()["location"], target, "{back}");
        }
    }
}
