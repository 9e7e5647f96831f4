//! The ledger's list: chips, filters, sort, columns and the person's own views; all of its state is its address.

use crate::failure::Failure;
use crate::page::{Entry, Page, render};
use crate::pages::lists::{Chip, Choice, Pager, Params, Select, download};
use crate::session::{Person, Posted};
use crate::state::WebState;
use askama::Template;
use axum::Router;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use std::collections::BTreeMap;
use tomomori_app::ledger::{self, LedgerPage, PageRequest, ResourceFilter, ResourceSort, SupportFilter};
use tomomori_app::{AppError, export};
use tomomori_domain::Msg;
use tomomori_domain::access::PermissionKind;
use tomomori_domain::completeness::Measure;
use tomomori_domain::resource::{Criticality, PurchaseForm, ResourceKind, ResourceState};
use tomomori_i18n::Label;

pub(crate) fn routes() -> Router<WebState> {
    Router::new()
        .route("/ledger", get(list))
        .route("/ledger.xlsx", get(file))
        .route("/ledger/views", post(keep_view))
        .route("/ledger/views/{id}/forget", post(forget_view))
}

/// The list's state as its address writes it. A name that stands there twice (ticked boxes) counts as a list.
#[derive(Clone, Debug, Default)]
pub(crate) struct LedgerQuery(BTreeMap<String, String>);

/// Names in the order of the address.
const NAMES: [&str; 13] = [
    "q",
    "kind",
    "zone",
    "vendor",
    "state",
    "criticality",
    "purchase",
    "missing",
    "chip",
    "sort",
    "cols",
    "after",
    "limit",
];

impl<S: Sync> FromRequestParts<S> for LedgerQuery {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let query = Self::read(parts.uri.query().unwrap_or_default());
        match query.get("limit").map(str::parse::<u32>) {
            Some(Err(_)) => Err(Failure::bad_request()),
            _ => Ok(query),
        }
    }
}

/// `none` in the address stands for "without".
fn or_none<T>(text: Option<&str>, read: impl Fn(&str) -> Option<T>) -> Option<Option<T>> {
    match text {
        None => None,
        Some("none") => Some(None),
        Some(text) => read(text).map(Some),
    }
}

impl LedgerQuery {
    pub(crate) fn read(query: &str) -> Self {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
        let mut values: BTreeMap<String, String> = BTreeMap::new();
        for (name, value) in
            pairs.into_iter().filter(|(name, value)| NAMES.contains(&name.as_str()) && !value.is_empty())
        {
            values.entry(name).and_modify(|list| *list = format!("{list},{value}")).or_insert(value);
        }
        Self(values)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    fn chips(&self) -> Vec<&str> {
        self.get("chip").map(|chips| chips.split(',').collect()).unwrap_or_default()
    }

    pub(crate) fn filter(&self) -> ResourceFilter {
        let chips = self.chips();
        let on = |chip: &str| chips.contains(&chip);
        let support = [SupportFilter::Ended, SupportFilter::Within12, SupportFilter::Within24];
        ResourceFilter {
            kind: self.get("kind").and_then(ResourceKind::from_key),
            zone: or_none(self.get("zone"), |id| id.parse().ok()),
            vendor: or_none(self.get("vendor"), |id| id.parse().ok()),
            state: or_none(self.get("state"), ResourceState::from_key),
            criticality: or_none(self.get("criticality"), Criticality::from_key),
            purchase: or_none(self.get("purchase"), PurchaseForm::from_key),
            text: self.get("q").map(str::to_owned).filter(|words| !words.trim().is_empty()),
            declared: on("not_declared").then_some(false),
            findings: on("findings").then_some(true),
            medical: on("medical"),
            exploited: on("exploited"),
            unknown_product: on("unknown"),
            no_updater: on("no_updater"),
            support: support.into_iter().find(|filter| on(support_key(*filter))),
            unseen: on("unseen"),
            not_stocktaken: on("not_stocktaken"),
            missing: self.get("missing").and_then(Measure::from_key),
        }
    }

    pub(crate) fn order(&self) -> ResourceSort {
        match self.get("sort") {
            Some("number") => ResourceSort::AssetNumber,
            Some("end") => ResourceSort::SupportEnd,
            Some("findings") => ResourceSort::Findings,
            Some("seen") => ResourceSort::LastSeen,
            _ => ResourceSort::Name,
        }
    }

    pub(crate) fn page(&self) -> PageRequest {
        let limit = self.get("limit").and_then(|limit| limit.parse().ok()).unwrap_or(50);
        PageRequest { after: self.get("after").map(str::to_owned), limit }
    }

    pub(crate) fn params(&self, path: &'static str) -> Params {
        let kept = NAMES.into_iter().filter(|name| *name != "limit" || path != "/ledger");
        Params::new(path, kept.map(|name| (name, self.0.get(name).cloned())).collect())
    }
}

fn support_key(filter: SupportFilter) -> &'static str {
    match filter {
        SupportFilter::Ended => "ended",
        SupportFilter::Within12 => "within12",
        SupportFilter::Within24 => "within24",
    }
}

struct Column {
    /// `own` = one of the hospital's own columns, of this name.
    key: &'static str,
    own: String,
    text: String,
    direction: Option<&'static str>,
    href: Option<String>,
}

/// A column that can be chosen.
struct ColumnChoice {
    key: String,
    text: String,
    on: bool,
}

struct View {
    id: String,
    name: String,
    href: String,
}

/// How a column sorts: its name in the address, the order, and its direction for those who cannot see it.
type Sorting = (&'static str, ResourceSort, &'static str);

/// Columns by key, and how they sort.
const COLUMNS: [(&str, Option<Sorting>); 15] = [
    ("kind", None),
    ("product", None),
    ("zone", None),
    ("vendor", None),
    ("findings", Some(("findings", ResourceSort::Findings, "descending"))),
    ("end", Some(("end", ResourceSort::SupportEnd, "ascending"))),
    ("number", Some(("number", ResourceSort::AssetNumber, "ascending"))),
    ("location", None),
    ("department", None),
    ("state", None),
    ("criticality", None),
    ("purchase", None),
    ("seen", Some(("seen", ResourceSort::LastSeen, "ascending"))),
    ("stocktaken", None),
    ("serial", None),
];
const SHOWN: &str = "kind,product,zone,vendor,findings,end";

/// Name of an own column in the list of columns, where a comma parts them.
fn own_key(name: &str) -> String {
    format!("own:{}", name.replace('%', "%25").replace(',', "%2C"))
}

fn heading(key: &str) -> Msg {
    match key {
        "kind" => Msg::new("field-kind"),
        "product" => Msg::new("column-product"),
        "zone" => Msg::new("column-zone"),
        "vendor" => Msg::new("field-vendor"),
        "findings" => Msg::new("nav-findings"),
        "end" => Msg::new("support-end"),
        "number" => Msg::new("field-asset-number"),
        "location" => Msg::new("field-location"),
        "department" => Msg::new("field-department"),
        "state" => Msg::new("field-state"),
        "criticality" => Msg::new("field-criticality"),
        "purchase" => Msg::new("field-purchase"),
        "seen" => Msg::new("field-seen-on"),
        "stocktaken" => Msg::new("field-stocktaken-on"),
        _ => Msg::new("field-serial"),
    }
}

#[derive(Template)]
#[template(path = "ledger.html")]
struct ListPage {
    p: Page,
    ledger: LedgerPage,
    chips: Vec<Chip>,
    selects: Vec<Select>,
    columns: Vec<Column>,
    choices: Vec<ColumnChoice>,
    views: Vec<View>,
    kept: Vec<(&'static str, String)>,
    kept_columns: Vec<(&'static str, String)>,
    words: String,
    state: String,
    filtered: bool,
    may_write: bool,
    excel: String,
    grid: String,
    pager: Pager,
}

async fn list(person: Person, query: LedgerQuery) -> Result<Response, Failure> {
    let found = ledger::list(&person.ctx, &query.filter(), query.order(), &query.page()).await?;
    let p = Page::of(&person, Entry::Ledger);
    let params = query.params("/ledger");
    let pager = params.pager(found.page.rows.len(), found.counts.matching, found.page.next.as_deref());
    let shown = query.get("cols").unwrap_or(SHOWN);
    let shows = |key: &str| shown.split(',').any(|column| column == key);
    let choice = |key: String, text: String| ColumnChoice { on: shows(&key), key, text };
    let own = found.fields.iter().map(|field| (own_key(&field.name), &field.name));
    let mut choices: Vec<ColumnChoice> =
        COLUMNS.iter().map(|(key, _)| choice((*key).to_owned(), p.m(heading(key)))).collect();
    choices.extend(own.clone().map(|(key, name)| choice(key, name.clone())));
    let sorted = query.order();
    let mut columns = vec![Column {
        key: "name",
        own: String::new(),
        text: p.t("field-name"),
        direction: (sorted == ResourceSort::Name).then_some("ascending"),
        href: Some(params.with(&[("sort", None)])),
    }];
    columns.extend(COLUMNS.into_iter().filter(|(key, _)| shows(key)).map(|(key, sort)| Column {
        key,
        own: String::new(),
        text: p.m(heading(key)),
        direction: sort.filter(|(_, by, _)| *by == sorted).map(|(_, _, direction)| direction),
        href: sort.map(|(name, ..)| params.with(&[("sort", Some(name))])),
    }));
    columns.extend(own.filter(|(key, _)| shows(key)).map(|(_, name)| Column {
        key: "own",
        own: name.clone(),
        text: name.clone(),
        direction: None,
        href: None,
    }));
    let state = params.with(&[]).trim_start_matches("/ledger").trim_start_matches('?').to_owned();
    let view = |view: &ledger::LedgerView| View {
        id: view.id.clone(),
        name: view.name.clone(),
        href: LedgerQuery::read(&view.query).params("/ledger").with(&[]),
    };
    let template = ListPage {
        chips: chips(&p, &query, &params, &found),
        selects: selects(&p, &query, &found),
        choices,
        views: found.views.iter().map(view).collect(),
        kept: params.kept(&["chip", "sort", "missing", "cols"]),
        kept_columns: params.kept(&[
            "q",
            "kind",
            "zone",
            "vendor",
            "state",
            "criticality",
            "purchase",
            "missing",
            "chip",
            "sort",
        ]),
        words: query.get("q").unwrap_or_default().to_owned(),
        filtered: params.filtered(),
        may_write: person.ctx.actor.may(PermissionKind::WriteLedger),
        excel: params.workbook(),
        grid: query.params("/ledger/grid").with(&[("cols", None)]),
        columns,
        state,
        pager,
        ledger: found,
        p,
    };
    Ok(render(&template))
}

fn chips(p: &Page, query: &LedgerQuery, params: &Params, found: &LedgerPage) -> Vec<Chip> {
    let on = query.chips();
    let counts = &found.counts;
    let ends = ["ended", "within12", "within24"];
    let ending = |filter: SupportFilter| counts.by_support.get(&filter).copied().unwrap_or_default();
    let mut chips = vec![Chip {
        text: p.t("filter-all"),
        count: counts.all,
        on: !params.filtered(),
        href: Params::new("/ledger", params.kept(&["cols"]).into_iter().map(|(n, v)| (n, Some(v))).collect()).with(&[]),
    }];
    for (key, msg, count) in [
        ("findings", Msg::new("chip-findings"), counts.with_findings),
        ("exploited", Msg::new("tag-exploited-short"), counts.exploited),
        ("unknown", Msg::new("chip-unknown"), counts.unknown_product),
        ("not_declared", Msg::new("chip-not-declared"), counts.not_declared),
        ("no_updater", Msg::new("chip-no-updater"), counts.no_updater),
        ("ended", Msg::new("chip-ended"), ending(SupportFilter::Ended)),
        ("within12", Msg::new("chip-within-12"), ending(SupportFilter::Within12)),
        ("within24", Msg::new("chip-within-24"), ending(SupportFilter::Within24)),
        ("unseen", Msg::new("chip-unseen"), counts.unseen),
        ("not_stocktaken", Msg::new("chip-not-stocktaken"), counts.not_stocktaken),
        ("medical", Msg::new("chip-medical"), counts.medical),
    ] {
        // Pressed again a chip goes; of the ends of support there is one at a time.
        let rivals = |other: &str| other == key || ends.contains(&key) && ends.contains(&other);
        let mut next: Vec<&str> = on.iter().copied().filter(|other| !rivals(other)).collect();
        let pressed = on.contains(&key);
        next.extend((!pressed).then_some(key));
        let next = next.join(",");
        let href = params.with(&[("chip", Some(next.as_str()).filter(|next| !next.is_empty()))]);
        chips.push(Chip { text: p.m(msg), count, on: pressed, href });
    }
    // The measure of completeness leads here; pressed again the chip goes.
    if let Some(measure) = query.get("missing").and_then(Measure::from_key) {
        let text = p.m(Msg::new("chip-missing").arg("what", p.label(measure)));
        chips.push(Chip { text, count: counts.matching, on: true, href: params.with(&[("missing", None)]) });
    }
    chips
}

fn selects(p: &Page, query: &LedgerQuery, found: &LedgerPage) -> Vec<Select> {
    let counts = &found.counts;
    let choice = |name: &str, value: String, text: String, count: Option<&u64>| Choice {
        on: query.get(name) == Some(value.as_str()),
        value,
        text,
        count: count.copied().unwrap_or_default(),
    };
    // Values nobody has are left out, the chosen one stays.
    let useful = |choice: &Choice| choice.count > 0 || choice.on;
    let unknown = || p.t("unknown");
    let zones = found
        .zones
        .iter()
        .map(|zone| choice("zone", zone.id.to_string(), zone.name.clone(), counts.by_zone.get(&Some(zone.id))));
    let zones = zones.chain([choice("zone", "none".to_owned(), unknown(), counts.by_zone.get(&None))]);
    let vendors = found.vendors.iter().map(|vendor| {
        choice("vendor", vendor.id.to_string(), vendor.name.clone(), counts.by_vendor.get(&Some(vendor.id)))
    });
    let vendors = vendors.chain([choice("vendor", "none".to_owned(), p.t("tag-nobody"), counts.by_vendor.get(&None))]);
    let kinds = ResourceKind::ALL
        .iter()
        .map(|kind| choice("kind", kind.key().to_owned(), p.label(kind), counts.by_kind.get(kind)));
    let select = |name, msg: Msg, choices: Vec<Choice>| Select {
        name,
        text: p.m(msg),
        choices: choices.into_iter().filter(useful).collect(),
    };
    vec![
        select("kind", Msg::new("field-kind"), kinds.collect()),
        select("zone", Msg::new("field-zone"), zones.collect()),
        select("vendor", Msg::new("field-vendor"), vendors.collect()),
        select(
            "state",
            Msg::new("field-state"),
            keyed(p, "state", ResourceState::ALL, ResourceState::key, &counts.by_state, query),
        ),
        select(
            "criticality",
            Msg::new("field-criticality"),
            keyed(p, "criticality", Criticality::ALL, Criticality::key, &counts.by_criticality, query),
        ),
        select(
            "purchase",
            Msg::new("field-purchase"),
            keyed(p, "purchase", PurchaseForm::ALL, PurchaseForm::key, &counts.by_purchase, query),
        ),
    ]
}

/// Choices of a field with fixed words, and "unknown".
fn keyed<T: Copy + Ord + Label>(
    p: &Page,
    name: &str,
    all: &[T],
    key: fn(T) -> &'static str,
    counts: &BTreeMap<Option<T>, u64>,
    query: &LedgerQuery,
) -> Vec<Choice> {
    let choice = |value: &str, text: String, count: Option<&u64>| Choice {
        on: query.get(name) == Some(value),
        value: value.to_owned(),
        text,
        count: count.copied().unwrap_or_default(),
    };
    let known = all.iter().map(|value| choice(key(*value), p.label(*value), counts.get(&Some(*value))));
    known.chain([choice("none", p.t("unknown"), counts.get(&None))]).collect()
}

/// The list as a workbook; which page was open does not matter.
async fn file(person: Person, query: LedgerQuery) -> Result<Response, Failure> {
    let tr = |msg: &Msg| person.tr(msg);
    let bytes = export::ledger_xlsx(&person.ctx, &query.filter(), query.order(), &tr).await?;
    Ok(download(bytes, "ledger", &tr(&Msg::new("nav-ledger")), person.ctx.today()))
}

#[derive(Deserialize)]
struct NewView {
    name: String,
    query: String,
}

async fn keep_view(posted: Posted<NewView>) -> Result<Response, Failure> {
    let query = LedgerQuery::read(&posted.form.query).params("/ledger").with(&[]);
    let state = query.trim_start_matches("/ledger").trim_start_matches('?');
    ledger::keep_view(&posted.person.ctx, &posted.form.name, state).await?;
    Ok(Redirect::to(&query).into_response())
}

#[derive(Deserialize)]
struct Nothing {}

async fn forget_view(Path(id): Path<String>, posted: Posted<Nothing>) -> Result<Response, Failure> {
    let Nothing {} = posted.form;
    match ledger::forget_view(&posted.person.ctx, &id).await {
        Ok(()) => Ok(Redirect::to("/ledger").into_response()),
        Err(AppError::NotFound) => Err(Failure::not_found()),
        Err(error) => Err(error.into()),
    }
}
