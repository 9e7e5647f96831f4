//! The ledger (台帳): list and one device.

use super::lists::{Chip, Choice, Pager, Params, download};
use crate::failure::Failure;
use crate::page::{Entry, Page, render};
use crate::session::Person;
use crate::state::WebState;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query};
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use tomomori_app::export;
use tomomori_app::ledger::{self, LedgerPage, PageRequest, ResourceDetail, ResourceFilter, ResourceSort};
use tomomori_domain::Msg;
use tomomori_domain::finding::{Finding, Verdict};
use tomomori_domain::resource::{Line, LineEnd, ResourceKind};

pub(crate) fn routes() -> Router<WebState> {
    Router::new().route("/ledger", get(list)).route("/ledger.xlsx", get(file)).route("/ledger/{id}", get(detail))
}

/// The list's state as its URL writes it.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct LedgerQuery {
    q: Option<String>,
    kind: Option<String>,
    zone: Option<String>,
    vendor: Option<String>,
    chip: Option<String>,
    sort: Option<String>,
    after: Option<String>,
    pub(crate) limit: Option<u32>,
}

/// `none` in the URL stands for "without".
fn id_or_none<T: std::str::FromStr>(text: Option<&str>) -> Option<Option<T>> {
    match text {
        None | Some("") => None,
        Some("none") => Some(None),
        Some(id) => id.parse().ok().map(Some),
    }
}

impl LedgerQuery {
    pub(crate) fn filter(&self) -> ResourceFilter {
        let chip = self.chip.as_deref();
        ResourceFilter {
            kind: self.kind.as_deref().and_then(ResourceKind::from_key),
            zone: id_or_none(self.zone.as_deref()),
            vendor: id_or_none(self.vendor.as_deref()),
            text: self.q.clone().filter(|words| !words.trim().is_empty()),
            declared: (chip == Some("not_declared")).then_some(false),
            findings: (chip == Some("findings")).then_some(true),
            exploited: chip == Some("exploited"),
            unknown_product: chip == Some("unknown"),
        }
    }

    pub(crate) fn order(&self) -> ResourceSort {
        match self.sort.as_deref() {
            Some("number") => ResourceSort::AssetNumber,
            Some("end") => ResourceSort::SupportEnd,
            Some("findings") => ResourceSort::Findings,
            _ => ResourceSort::Name,
        }
    }

    pub(crate) fn page(&self) -> PageRequest {
        PageRequest { after: self.after.clone().filter(|after| !after.is_empty()), limit: self.limit.unwrap_or(50) }
    }

    fn params(&self) -> Params {
        Params::new(
            "/ledger",
            vec![
                ("q", self.q.clone()),
                ("kind", self.kind.clone()),
                ("zone", self.zone.clone()),
                ("vendor", self.vendor.clone()),
                ("chip", self.chip.clone()),
                ("sort", self.sort.clone()),
                ("after", self.after.clone()),
            ],
        )
    }
}

struct SortLink {
    on: bool,
    direction: &'static str,
    href: String,
}

struct Column {
    text: String,
    sort: Option<SortLink>,
}

#[derive(Template)]
#[template(path = "ledger.html")]
struct ListPage {
    p: Page,
    ledger: LedgerPage,
    chips: Vec<Chip>,
    kinds: Vec<Choice>,
    zones: Vec<Choice>,
    vendors: Vec<Choice>,
    columns: Vec<Column>,
    kept: Vec<(&'static str, String)>,
    words: String,
    excel: String,
    pager: Pager,
}

async fn list(person: Person, Query(query): Query<LedgerQuery>) -> Result<Response, Failure> {
    let found = ledger::list(&person.ctx, &query.filter(), query.order(), &query.page()).await?;
    let p = Page::of(&person, Entry::Ledger);
    let params = query.params();
    let counts = &found.counts;
    let chip = |key: Option<&'static str>, msg: Msg, count: u64| Chip {
        text: p.m(&msg),
        count,
        on: query.chip.as_deref().filter(|chip| !chip.is_empty()) == key,
        href: params.with(&[("chip", key)]),
    };
    let chips = vec![
        chip(None, Msg::new("filter-all"), counts.all),
        chip(Some("findings"), Msg::new("chip-findings"), counts.with_findings),
        chip(Some("exploited"), Msg::new("tag-exploited-short"), counts.exploited),
        chip(Some("unknown"), Msg::new("chip-unknown"), counts.unknown_product),
        chip(Some("not_declared"), Msg::new("chip-not-declared"), counts.not_declared),
    ];
    let choice = |value: String, text: String, count: u64, chosen: &Option<String>| Choice {
        on: chosen.as_deref() == Some(value.as_str()),
        value,
        text,
        count,
    };
    let count_of = |count: Option<&u64>| count.copied().unwrap_or_default();
    let kinds = ResourceKind::ALL
        .iter()
        .filter(|kind| counts.by_kind.contains_key(kind))
        .map(|kind| choice(kind.key().to_owned(), p.label(kind), count_of(counts.by_kind.get(kind)), &query.kind))
        .collect();
    let mut zones: Vec<Choice> = found
        .zones
        .iter()
        .map(|zone| {
            choice(zone.id.to_string(), zone.name.clone(), count_of(counts.by_zone.get(&Some(zone.id))), &query.zone)
        })
        .collect();
    zones.push(choice("none".to_owned(), p.t("unknown"), count_of(counts.by_zone.get(&None)), &query.zone));
    let mut vendors: Vec<Choice> = found
        .vendors
        .iter()
        .map(|vendor| {
            let count = count_of(counts.by_vendor.get(&Some(vendor.id)));
            choice(vendor.id.to_string(), vendor.name.clone(), count, &query.vendor)
        })
        .collect();
    vendors.push(choice("none".to_owned(), p.t("tag-nobody"), count_of(counts.by_vendor.get(&None)), &query.vendor));
    let sorted = query.order();
    let column = |msg: Msg, sort: Option<(ResourceSort, Option<&'static str>, &'static str)>| Column {
        text: p.m(&msg),
        sort: sort.map(|(sort, key, direction)| SortLink {
            on: sort == sorted,
            direction,
            href: params.with(&[("sort", key)]),
        }),
    };
    let columns = vec![
        column(Msg::new("field-name"), Some((ResourceSort::Name, None, "ascending"))),
        column(Msg::new("field-kind"), None),
        column(Msg::new("column-product"), None),
        column(Msg::new("column-zone"), None),
        column(Msg::new("field-vendor"), None),
        column(Msg::new("nav-findings"), Some((ResourceSort::Findings, Some("findings"), "descending"))),
        column(Msg::new("support-end"), Some((ResourceSort::SupportEnd, Some("end"), "ascending"))),
    ];
    let pager = params.pager(found.page.rows.len(), counts.matching, found.page.next.as_deref());
    let kept = params.kept(&["chip", "sort"]);
    let words = query.q.clone().unwrap_or_default();
    let excel = params.workbook();
    Ok(render(&ListPage { chips, kinds, zones, vendors, columns, kept, words, excel, pager, ledger: found, p }))
}

/// The list as a workbook; which page was open does not matter.
async fn file(person: Person, Query(query): Query<LedgerQuery>) -> Result<Response, Failure> {
    let tr = |msg: &Msg| person.tr(msg);
    let bytes = export::ledger_xlsx(&person.ctx, &query.filter(), query.order(), &tr).await?;
    Ok(download(bytes, "ledger", &tr(&Msg::new("nav-ledger")), person.ctx.today()))
}

/// One line of the table of facts.
struct FactLine {
    name: String,
    values: Vec<String>,
}

#[derive(Template)]
#[template(path = "resource.html")]
struct DetailPage {
    p: Page,
    affected: usize,
    questions: usize,
    any_product: bool,
    findings: Vec<Finding>,
    lines: Vec<(Line, LineEnd)>,
    facts: Vec<FactLine>,
    d: ResourceDetail,
}

async fn detail(person: Person, Path(id): Path<String>) -> Result<Response, Failure> {
    let id = id.parse().map_err(|_| Failure::not_found())?;
    let d = ledger::detail(&person.ctx, id).await?;
    let p = Page::of(&person, Entry::Ledger);
    let findings: Vec<Finding> = d.findings.iter().map(|row| row.finding.clone()).collect();
    let affected = findings.iter().filter(|finding| finding.verdict == Verdict::Affected).count();
    let lines = d
        .lines
        .iter()
        .map(|line| {
            let other = if line.from == LineEnd::Resource(id) { &line.to } else { &line.from };
            (line.clone(), other.clone())
        })
        .collect();
    Ok(render(&DetailPage {
        affected,
        questions: findings.len() - affected,
        any_product: d.components.iter().any(|component| component.product.is_some()),
        findings: findings.into_iter().take(10).collect(),
        lines,
        facts: facts(&p, &d),
        d,
        p,
    }))
}

/// What the ledger holds, in the order of the paper ledger; what is not known stays visible.
fn facts(p: &Page, d: &ResourceDetail) -> Vec<FactLine> {
    use tomomori_domain::import::Field;
    let r = &d.resource;
    let one = |value: &Option<String>| value.iter().cloned().collect::<Vec<_>>();
    let day = |value: Option<jiff::civil::Date>| value.iter().map(|day| p.paper_day(day)).collect::<Vec<_>>();
    let end_of_support = FactLine { name: p.t("support-end"), values: day(r.support_end) };
    [
        (Field::AssetNumber, one(&r.asset_number)),
        (Field::Maker, one(&r.maker)),
        (Field::Product, one(&r.product)),
        (Field::Version, one(&r.version)),
        (Field::Os, one(&r.os)),
        (Field::Serial, one(&r.serial)),
        (Field::Address, r.addresses.clone()),
        (Field::Mac, r.macs.clone()),
        (Field::Hostname, one(&r.hostname)),
        (Field::Zone, d.zone.iter().map(|zone| zone.name.clone()).collect()),
        (Field::Location, one(&r.location)),
        (Field::Department, one(&r.department)),
        (Field::Purchase, r.purchase.iter().map(|form| p.label(form)).collect()),
        (Field::StartsOn, day(r.installed_on)),
        (Field::Note, one(&r.note)),
    ]
    .into_iter()
    .map(|(field, values)| FactLine { name: p.label(field), values })
    .chain([end_of_support])
    .collect()
}
