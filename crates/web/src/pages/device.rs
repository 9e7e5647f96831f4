//! One device: what must be decided, what is known and on whose word; one box or two.

use super::checks::{CheckLine, DoneNotice, back_to};
use super::device_fields::{Group, groups, step_line};
use super::lifetimes::{self, LifeLine};
use crate::failure::Failure;
use crate::page::{Entry, Page, render};
use crate::session::{Person, Posted};
use crate::state::WebState;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query};
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use tomomori_app::advice::{self, OfDevice};
use tomomori_app::device::{self, Device};
use tomomori_app::edit;
use tomomori_app::import::{Action, Change};
use tomomori_app::ledger::{self, PageRequest, ResourceFilter, ResourceRow, ResourceSort};
use tomomori_domain::Msg;
use tomomori_domain::access::PermissionKind;
use tomomori_domain::advice::Item;
use tomomori_domain::finding::{Finding, Verdict};
use tomomori_domain::ids::{ChangeId, RecordId, ResourceId};
use tomomori_domain::import::Field;
use tomomori_domain::lifetime::LifeClass;
use tomomori_domain::record::Record;
use tomomori_domain::resource::{Line, LineEnd};

pub(crate) fn routes() -> Router<WebState> {
    Router::new()
        .route("/ledger/{id}", get(show))
        .route("/ledger/{id}/join", get(choose).post(join))
        .route("/ledger/{id}/part", post(part))
}

fn parse(id: &str) -> Result<ResourceId, Failure> {
    id.parse().map_err(|_| Failure::not_found())
}

#[derive(Deserialize)]
struct DeviceQuery {
    /// What was just done: a step, or `noted`.
    #[serde(default)]
    done: String,
}

/// A row of a list that tells of the device.
struct RowLine {
    id: RecordId,
    place: String,
    grade: String,
    names: Vec<String>,
    seen: jiff::civil::Date,
}

#[derive(Template)]
#[template(path = "device.html")]
struct DevicePage {
    p: Page,
    done: Option<DoneNotice>,
    affected: usize,
    questions: usize,
    any_product: bool,
    after_support: bool,
    notices: Vec<(&'static str, String)>,
    of_device: bool,
    /// What ends on it.
    lines: Vec<LifeLine>,
    save_logs: bool,
    checks: Vec<CheckLine>,
    back: String,
    findings: Vec<Finding>,
    connections: Vec<(Line, LineEnd)>,
    groups: Vec<Group>,
    rows: Vec<RowLine>,
    steps: Vec<(ChangeId, String, String)>,
    advice: OfDevice,
    d: ledger::ResourceDetail,
}

async fn show(person: Person, Path(id): Path<String>, Query(query): Query<DeviceQuery>) -> Result<Response, Failure> {
    let id = parse(&id)?;
    let shown = device::show(&person.ctx, id).await?;
    let advice = match person.ctx.actor.may(PermissionKind::ReadAdvice) {
        true => advice::of_device(&person.ctx, id).await?,
        false => OfDevice::default(),
    };
    let lives = tomomori_app::lifetimes::of_resource(&person.ctx, id).await?;
    let (p, today) = (Page::of(&person, Entry::Ledger), person.ctx.today());
    let groups = groups(&p, &shown);
    let Device { detail: d, rows, checks, steps, save_logs, .. } = shown;
    let findings: Vec<Finding> = d.findings.iter().map(|row| row.finding.clone()).collect();
    let affected = findings.iter().filter(|finding| finding.verdict == Verdict::Affected).count();
    let names = BTreeMap::from([(id, d.resource.name.clone())]);
    let other_end = |line: &Line| if line.from == LineEnd::Resource(id) { line.to.clone() } else { line.from.clone() };
    Ok(render(&DevicePage {
        done: DoneNotice::of(Some(&query.done)),
        affected,
        questions: findings.len() - affected,
        any_product: d.components.iter().any(|component| component.product.is_some()),
        after_support: lives.iter().any(|row| row.life.class == LifeClass::Ended),
        notices: lifetimes::notices(&p, &lives),
        lines: lives.iter().map(|row| LifeLine::new(&p, row)).collect(),
        of_device: true,
        save_logs,
        checks: checks.iter().map(|row| CheckLine::new(&p, row, &names, today)).collect(),
        back: format!("/ledger/{id}"),
        findings: findings.into_iter().take(10).collect(),
        connections: d.lines.iter().map(|line| (line.clone(), other_end(line))).collect(),
        groups,
        rows: rows.iter().map(|record| row_line(&p, record)).collect(),
        steps: steps.iter().map(|step| step_line(&p, step)).collect(),
        advice,
        d,
        p,
    }))
}

fn row_line(p: &Page, record: &Record) -> RowLine {
    let marks = [Field::AssetNumber, Field::Name, Field::Hostname, Field::Serial, Field::Mac, Field::Address];
    let names = marks.into_iter().filter_map(|field| record.get(field)).map(str::to_owned);
    RowLine {
        id: record.id,
        place: record.place.to_string(),
        grade: p.label(record.grade),
        names: names.take(4).collect(),
        seen: record.seen,
    }
}

#[derive(Deserialize)]
struct PartForm {
    /// `row-ID` of every row that is ticked.
    #[serde(flatten)]
    rows: HashMap<String, String>,
}

async fn part(Path(id): Path<String>, posted: Posted<PartForm>) -> Result<Response, Failure> {
    let id = parse(&id)?;
    let ticked = posted.form.rows.keys().filter_map(|name| name.strip_prefix("row-"));
    let rows: Vec<RecordId> = ticked.filter_map(|row| row.parse().ok()).collect();
    let done = edit::part(&posted.person.ctx, id, &rows).await?;
    Ok(back_to(&format!("/ledger/{id}"), &done.step.to_string()))
}

#[derive(Deserialize)]
struct JoinQuery {
    #[serde(default)]
    q: String,
    other: Option<String>,
}

#[derive(Template)]
#[template(path = "join.html")]
struct JoinPage {
    p: Page,
    name: String,
    id: ResourceId,
    words: String,
    candidates: Vec<ResourceRow>,
    /// The device chosen, and what joining changes.
    chosen: Option<(ResourceId, String)>,
    sides: Vec<(String, String, String)>,
    changes: Vec<Change>,
}

/// Marks by which a person sees whether two devices are one.
const COMPARED: [Field; 8] = [
    Field::AssetNumber,
    Field::Kind,
    Field::Product,
    Field::Serial,
    Field::Mac,
    Field::Hostname,
    Field::Address,
    Field::Location,
];

async fn choose(person: Person, Path(id): Path<String>, Query(query): Query<JoinQuery>) -> Result<Response, Failure> {
    let id = parse(&id)?;
    let this = device::show(&person.ctx, id).await?;
    let p = Page::of(&person, Entry::Ledger);
    let mut page = JoinPage {
        name: this.detail.resource.name.clone(),
        id,
        words: query.q.trim().to_owned(),
        candidates: Vec::new(),
        chosen: None,
        sides: Vec::new(),
        changes: Vec::new(),
        p,
    };
    if let Some(other) = query.other.as_deref() {
        let other = parse(other)?;
        let that = device::show(&person.ctx, other).await?;
        page.changes = edit::preview_join(&person.ctx, id, other).await?;
        page.sides = COMPARED.into_iter().map(|field| side(&page.p, field, &this, &that)).collect();
        page.chosen = Some((other, that.detail.resource.name));
    } else if !page.words.is_empty() {
        let filter = ResourceFilter { text: Some(page.words.clone()), ..ResourceFilter::default() };
        let few = PageRequest { after: None, limit: 20 };
        let found = ledger::list(&person.ctx, &filter, ResourceSort::default(), &few).await?.page.rows;
        page.candidates = found.into_iter().filter(|row| row.resource.id != id).collect();
    }
    Ok(render(&page))
}

fn side(p: &Page, field: Field, this: &Device, that: &Device) -> (String, String, String) {
    let of = |device: &Device| {
        let values = device.fields.iter().find(|history| history.field == field).map(|history| &history.values);
        let values = values.into_iter().flatten().map(|value| p.value(&field, value));
        let values = values.collect::<Vec<_>>().join(" / ");
        if values.is_empty() { p.t("unknown") } else { values }
    };
    (p.label(field), of(this), of(that))
}

#[derive(Deserialize)]
struct JoinForm {
    other: String,
}

async fn join(Path(id): Path<String>, posted: Posted<JoinForm>) -> Result<Response, Failure> {
    let (id, other) = (parse(&id)?, parse(&posted.form.other)?);
    let done = edit::join(&posted.person.ctx, id, other).await?;
    let goes = |change: &Change| change.action == Action::Remove && change.resource == Some(id);
    let stays = if done.changes.iter().any(goes) { other } else { id };
    Ok(back_to(&format!("/ledger/{stays}"), &done.step.to_string()))
}
