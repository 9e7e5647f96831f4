//! End of support (サポートの終わり): the list, and its rows on a device's page.

use super::lists::{Chip, Choice, Pager, Params, Select, download};
use crate::failure::Failure;
use crate::page::{Entry, Page, render};
use crate::session::Person;
use crate::state::WebState;
use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use tomomori_app::lifetimes::{self, LifeFilter, LifePage, LifeRow, SaidBy};
use tomomori_domain::Msg;
use tomomori_domain::ids::ResourceId;
use tomomori_domain::lifetime::{End, LifeClass};

pub(crate) fn routes() -> Router<WebState> {
    Router::new().route("/lifetimes", get(list)).route("/lifetimes.xlsx", get(file))
}

/// The list's state as its URL writes it.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct LifeQuery {
    q: Option<String>,
    class: Option<String>,
    department: Option<String>,
    vendor: Option<String>,
    resource: Option<String>,
    after: Option<String>,
    limit: Option<u32>,
}

/// What stands for "nobody" and "not known" among the choices.
const NONE: &str = "none";

fn given(value: Option<&String>) -> Option<&str> {
    value.map(String::as_str).filter(|value| !value.is_empty())
}

impl LifeQuery {
    pub(crate) fn filter(&self) -> Result<LifeFilter, Failure> {
        let vendor = match given(self.vendor.as_ref()) {
            None => None,
            Some(NONE) => Some(None),
            Some(id) => Some(Some(id.parse().map_err(|_| Failure::not_found())?)),
        };
        let resource = given(self.resource.as_ref()).map(str::parse).transpose().map_err(|_| Failure::not_found())?;
        Ok(LifeFilter {
            class: given(self.class.as_ref()).and_then(LifeClass::from_key),
            department: given(self.department.as_ref()).map(|name| Some(name.to_owned()).filter(|name| name != NONE)),
            vendor,
            text: given(self.q.as_ref()).map(str::to_owned),
            resource,
        })
    }

    pub(crate) fn after(&self) -> Option<&str> {
        given(self.after.as_ref())
    }

    pub(crate) fn limit(&self) -> u32 {
        self.limit.unwrap_or(50)
    }

    fn params(&self) -> Params {
        Params::new(
            "/lifetimes",
            vec![
                ("q", self.q.clone()),
                ("class", self.class.clone()),
                ("department", self.department.clone()),
                ("vendor", self.vendor.clone()),
                ("resource", self.resource.clone()),
                ("after", self.after.clone()),
            ],
        )
    }
}

/// A row in the reader's words.
pub(crate) struct LifeLine {
    pub(crate) id: ResourceId,
    pub(crate) device: String,
    pub(crate) about_device: String,
    pub(crate) layer: String,
    pub(crate) what: String,
    pub(crate) version: Option<String>,
    pub(crate) tone: &'static str,
    pub(crate) class: String,
    pub(crate) days: Option<String>,
    pub(crate) limited: bool,
    pub(crate) why: Option<String>,
    pub(crate) eol: String,
    pub(crate) eos: String,
    pub(crate) extended: Option<String>,
    pub(crate) sources: Vec<String>,
    pub(crate) contradiction: Option<String>,
    pub(crate) updater: Option<(String, Option<String>)>,
    pub(crate) maintainer: Option<String>,
}

impl LifeLine {
    pub(crate) fn new(p: &Page, row: &LifeRow) -> Self {
        let tr = |msg: &Msg| p.m(msg);
        let life = &row.life;
        let mut what = row.what.join(&p.t("list-comma"));
        if row.more > 0 {
            what = format!("{what} {}", p.m(Msg::new("life-more").arg("count", row.more)));
        }
        let about_device = [Some(p.label(row.kind)), row.department.clone()].into_iter().flatten();
        let ends = life.ends.extended != End::Unknown && life.ends.extended != End::NotEnded;
        let extended = ends.then(|| lifetimes::span(life.ends.extended, life.latest.extended, &tr));
        let said = life.record.as_ref().filter(|_| life.contradicted).map(|record| {
            let end = lifetimes::span(record.earliest.security, record.latest.security, &tr);
            let says = Msg::new("life-record-says").arg("product", &record.product).arg("cycle", &record.cycle);
            format!("{} {}", p.m(says.arg("end", end)), p.t("life-contradicted"))
        });
        Self {
            id: row.resource,
            device: row.device.clone(),
            about_device: about_device.collect::<Vec<_>>().join(" · "),
            layer: p.label(row.layer),
            what: if what.is_empty() { p.t("life-own") } else { what },
            version: row.version.clone(),
            tone: tone(life.class),
            class: p.label(life.class),
            days: row.days.map(|days| p.m(left(days))),
            limited: row.limited && life.class != LifeClass::Limited,
            why: life.why.map(|why| p.m(lifetimes::why(why))),
            eol: lifetimes::span(life.ends.full, life.latest.full, &tr),
            eos: lifetimes::span(life.ends.security, life.latest.security, &tr),
            extended: extended.map(|end| p.m(Msg::new("life-extended-until").arg("end", end))),
            sources: sources(p, row),
            contradiction: said,
            updater: row.updater.as_ref().map(|updater| (updater.name.clone(), updater.agreed.clone())),
            maintainer: row.maintainer.as_ref().map(|name| p.m(Msg::new("life-maintainer").arg("vendor", name))),
        }
    }
}

fn left(days: i64) -> Msg {
    match days {
        0 => Msg::new("life-last-day"),
        1.. => Msg::new("life-days-left").arg("days", days),
        _ => Msg::new("life-days-over").arg("days", -days),
    }
}

/// Class of a tag. Nothing is green: that support goes on is no proof of anything.
fn tone(class: LifeClass) -> &'static str {
    match class {
        LifeClass::Ended => "red",
        LifeClass::Within12 => "orange",
        LifeClass::Unknown => "unknown",
        LifeClass::Within24 | LifeClass::Limited | LifeClass::Later | LifeClass::NoEnd => "plain",
    }
}

/// Who says the days: each statement of the ledger with its place, or the public record.
fn sources(p: &Page, row: &LifeRow) -> Vec<String> {
    let mut sources: Vec<String> = Vec::new();
    for stated in &row.stated {
        let from = match &stated.by {
            Some(by) if stated.place.file.is_empty() => {
                Msg::new("device-said-by").arg("name", by).arg("day", stated.seen)
            }
            _ => Msg::new("device-said-at").arg("place", &stated.place).arg("day", stated.seen),
        };
        let source = format!("{}: {}", p.label(stated.grade), p.m(from));
        if !sources.contains(&source) {
            sources.push(source);
        }
    }
    if let (SaidBy::Record, Some(record)) = (row.life.from, &row.life.record) {
        let from = Msg::new("life-from-record").arg("product", &record.product).arg("cycle", &record.cycle);
        sources.push(p.m(from));
    }
    sources
}

/// Notices above rows: what follows from them, said once.
pub(crate) fn notices(p: &Page, rows: &[LifeRow]) -> Vec<(&'static str, String)> {
    let eol_only = |row: &LifeRow| row.life.class == LifeClass::Ended && row.life.ends.security == End::Unknown;
    let mut notices = Vec::new();
    if rows.iter().any(|row| row.life.class == LifeClass::Ended && !eol_only(row)) {
        notices.push(("red", p.t("device-after-eos")));
    }
    if rows.iter().any(eol_only) {
        notices.push(("unknown", p.t("device-support-unknown")));
    }
    if rows.iter().any(|row| row.limited) {
        notices.push(("orange", p.t("device-limited-support")));
    }
    notices
}

#[derive(Template)]
#[template(path = "lifetimes.html")]
struct ListPage {
    p: Page,
    heading: String,
    records: Option<String>,
    chips: Vec<Chip>,
    selects: Vec<Select>,
    kept: Vec<(&'static str, String)>,
    words: String,
    excel: String,
    filtered: bool,
    notices: Vec<(&'static str, String)>,
    lines: Vec<LifeLine>,
    of_device: bool,
    pager: Pager,
}

async fn list(person: Person, Query(query): Query<LifeQuery>) -> Result<Response, Failure> {
    let found = lifetimes::list(&person.ctx, &query.filter()?, query.after(), query.limit()).await?;
    let p = Page::of(&person, Entry::Lifetimes);
    let params = query.params();
    let count = |class| found.counts.get(&class).copied().unwrap_or_default();
    let heading = Msg::new("lifetimes-heading")
        .arg("ended", p.n(count(LifeClass::Ended)))
        .arg("soon", p.n(count(LifeClass::Within12)))
        .arg("unknown", p.n(count(LifeClass::Unknown)));
    let records = match &found.records {
        (0, _) => None,
        (records, newest) => {
            let day = newest.as_deref().map_or_else(|| p.t("unknown"), str::to_owned);
            Some(p.m(Msg::new("lifetimes-records").arg("count", p.n(*records)).arg("day", day)))
        }
    };
    // What is over is said once for the page that begins with it.
    let notices = if query.after().is_none() { notices(&p, &found.rows) } else { Vec::new() };
    Ok(render(&ListPage {
        heading: p.m(&heading),
        records,
        chips: chips(&p, &query, &params, &found),
        selects: selects(&p, &query, &found),
        kept: params.kept(&["class", "resource"]),
        words: query.q.clone().unwrap_or_default(),
        excel: params.workbook(),
        filtered: params.filtered(),
        notices,
        lines: found.rows.iter().map(|row| LifeLine::new(&p, row)).collect(),
        of_device: false,
        pager: params.pager(found.rows.len(), found.matching, found.next.as_deref()),
        p,
    }))
}

fn chips(p: &Page, query: &LifeQuery, params: &Params, found: &LifePage) -> Vec<Chip> {
    let on = given(query.class.as_ref()).and_then(LifeClass::from_key);
    let all = Chip {
        text: p.t("filter-all"),
        count: found.counts.values().sum(),
        on: on.is_none(),
        href: params.with(&[("class", None)]),
    };
    let of_class = LifeClass::ALL.iter().map(|class| Chip {
        text: p.label(class),
        count: found.counts.get(class).copied().unwrap_or_default(),
        on: on == Some(*class),
        href: params.with(&[("class", Some(class.key()))]),
    });
    [all].into_iter().chain(of_class).collect()
}

fn selects(p: &Page, query: &LifeQuery, found: &LifePage) -> Vec<Select> {
    let choice = |chosen: &Option<String>, value: String, text: String, count: u64| Choice {
        on: given(chosen.as_ref()) == Some(value.as_str()),
        value,
        text,
        count,
    };
    let departments = found.departments.iter().map(|(name, count)| {
        let (value, text) = name.clone().map_or_else(|| (NONE.to_owned(), p.t("unknown")), |name| (name.clone(), name));
        choice(&query.department, value, text, *count)
    });
    let vendors = found.vendors.iter().map(|(id, name, count)| {
        let (value, text) =
            id.map_or_else(|| (NONE.to_owned(), p.t("tag-nobody")), |id| (id.to_string(), name.clone()));
        choice(&query.vendor, value, text, *count)
    });
    vec![
        Select { name: "department", text: p.t("field-department"), choices: departments.collect() },
        Select { name: "vendor", text: p.t("field-vendor"), choices: vendors.collect() },
    ]
}

/// The list as a workbook; which page was open does not matter.
async fn file(person: Person, Query(query): Query<LifeQuery>) -> Result<Response, Failure> {
    let tr = |msg: &Msg| person.tr(msg);
    let bytes = lifetimes::xlsx(&person.ctx, &query.filter()?, &tr).await?;
    Ok(download(bytes, "lifetimes", &tr(&Msg::new("lifetimes-title")), person.ctx.today()))
}
