//! The role matrix: who does what, and where nobody or two do.

use crate::failure::Failure;
use crate::page::{Entry, Page, render};
use crate::pages::lists::{Params, download};
use crate::session::Person;
use crate::state::WebState;
use askama::Template;
use axum::Router;
use axum::extract::Query as Asked;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use tomomori_app::editions::Known;
use tomomori_app::roles::{self, CellView, Column, MatrixView, Note, On, Query, Rule, Told, Why, WithoutUpdater};
use tomomori_domain::Msg;
use tomomori_i18n::Lang;

pub(crate) fn routes() -> Router<WebState> {
    Router::new().route("/roles", get(show)).route("/roles.xlsx", get(workbook))
}

/// The matrix as its URL asks for it.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct RolesQuery {
    edition: Option<String>,
    system: Option<String>,
    rule: Option<String>,
}

impl RolesQuery {
    /// What is asked of the application. A system that is no id does not exist; a rule nobody knows is a bad request.
    pub(crate) fn asked(&self) -> Result<Query, Failure> {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let system = given(&self.system).map(|id| id.parse().map_err(|_| Failure::not_found())).transpose()?;
        let rule = given(&self.rule).map(|key| Rule::from_key(&key).ok_or_else(Failure::bad_request)).transpose()?;
        Ok(Query { edition: given(&self.edition), system, rule })
    }

    fn params(&self) -> Params {
        let pairs =
            vec![("edition", self.edition.clone()), ("system", self.system.clone()), ("rule", self.rule.clone())];
        Params::new("/roles", pairs)
    }
}

struct Chip {
    text: String,
    href: String,
    on: bool,
    count: u64,
}

#[derive(Template)]
#[template(path = "roles.html")]
struct RolesPage {
    p: Page,
    v: MatrixView,
    chips: Vec<Chip>,
    workbook: String,
    edition: String,
    system: String,
    rule: String,
}

impl RolesPage {
    fn count(&self, rule: Rule) -> u64 {
        self.v.counts.get(&rule).copied().unwrap_or_default()
    }

    fn side(&self, name: &Option<String>) -> String {
        name.clone().unwrap_or_else(|| self.p.t("roles-hospital"))
    }

    fn head(&self, column: &Column) -> String {
        let side = self.side(&column.vendor);
        column.system.as_ref().map_or(side.clone(), |system| format!("{side} {system}"))
    }

    fn class(&self, cell: &CellView) -> &'static str {
        match (cell.gap, cell.overlap) {
            (Some(Why::NotTalked), _) if cell.said.is_empty() => "unknown",
            (Some(Why::NotTalked), false) => "",
            (Some(Why::NotTalked), true) => "dup",
            (Some(_), _) => "gap",
            (None, true) => "dup",
            (None, false) => "",
        }
    }

    /// All were asked and nobody does it.
    fn nobody(&self) -> u64 {
        self.count(Rule::NobodyDoes) - self.v.not_talked
    }

    /// A cell in which nobody does anything.
    fn nobodys(&self, why: &Why) -> String {
        self.what(&Rule::NobodyDoes, why)
    }

    /// What a finding is called: what nobody talked about is not yet known to be nobody's.
    fn what(&self, rule: &Rule, why: &Why) -> String {
        if *why == Why::NotTalked { self.p.t("standing-not-talked") } else { self.p.label(rule) }
    }

    fn sides(&self, names: &[Option<String>]) -> String {
        names.iter().map(|name| self.side(name)).collect::<Vec<_>>().join(&self.p.t("list-comma"))
    }

    /// `電子カルテ、レセプト: まだ話し合っていません`.
    fn why(&self, note: &Note) -> String {
        let why = self.p.label(note.why);
        let whose =
            matches!(note.rule, Rule::TwoDo | Rule::NoClause | Rule::ClauseEnded).then(|| self.sides(&note.parties));
        let about = if note.all { self.p.t("roles-all-systems") } else { note.systems.join(&self.p.t("list-comma")) };
        let parts: Vec<String> = [Some(about), whose].into_iter().flatten().filter(|part| !part.is_empty()).collect();
        if parts.is_empty() { why } else { format!("{}: {why}", parts.join(" / ")) }
    }

    fn tone(&self, rule: &Rule, why: &Why) -> &'static str {
        match rule {
            _ if *why == Why::NotTalked => "unknown",
            Rule::NobodyDoes | Rule::LineWithoutOwner | Rule::NoUpdater | Rule::OutsideScope => "red",
            Rule::TwoDo | Rule::NoClause | Rule::ClauseEnded => "orange",
            Rule::SubcontractorUnknown => "unknown",
            Rule::Joint => "joint",
        }
    }

    fn words(&self, item: &roles::Item) -> String {
        let words = if self.p.lang == Lang::En { item.words_en() } else { item.words() };
        words.unwrap_or_default().to_owned()
    }

    /// What is left to do about a finding: why, and the open topics of a joint.
    fn open(&self, told: &Told) -> String {
        let topics: Vec<String> = told.gap.open.iter().map(|topic| self.p.label(topic)).collect();
        let why = self.p.label(told.gap.why);
        if topics.is_empty() { why } else { format!("{why}: {}", topics.join(&self.p.t("list-comma"))) }
    }

    /// Page of what a finding is about.
    fn href(&self, told: &Told) -> Option<String> {
        match told.gap.on {
            On::Resource(id) => Some(format!("/ledger/{id}")),
            On::Contract(id) => Some(format!("/contracts/{id}")),
            On::System(id) => Some(format!("/systems/{id}")),
            On::Line(id) if told.gap.rule == Rule::Joint => Some(format!("/joints/{id}")),
            _ => None,
        }
    }

    fn ledger(&self, layer: &WithoutUpdater) -> String {
        Params::new("/ledger", Vec::new()).with(&[("missing", Some(layer.measure.key()))])
    }
}

async fn show(person: Person, Asked(query): Asked<RolesQuery>) -> Result<Response, Failure> {
    let v = roles::matrix(&person.ctx, &query.asked()?).await?;
    let p = Page::of(&person, Entry::Roles);
    let params = query.params();
    let chip = |rule: Option<Rule>, count| Chip {
        text: match rule {
            None => p.t("filter-all"),
            Some(Rule::NobodyDoes) => p.t("roles-chip-nobody"),
            Some(rule) => p.label(rule),
        },
        href: params.with(&[("rule", rule.map(Rule::key))]),
        on: query.rule.as_deref().filter(|key| !key.is_empty()) == rule.map(Rule::key),
        count,
    };
    let all = v.counts.values().sum();
    let mut chips = vec![chip(None, all)];
    chips.extend(v.counts.iter().map(|(rule, count)| chip(Some(*rule), *count)));
    Ok(render(&RolesPage {
        workbook: params.workbook(),
        edition: v.edition.key.clone(),
        system: query.system.unwrap_or_default(),
        rule: query.rule.unwrap_or_default(),
        chips,
        p,
        v,
    }))
}

async fn workbook(person: Person, Asked(query): Asked<RolesQuery>) -> Result<Response, Failure> {
    let bytes = roles::xlsx(&person.ctx, &query.asked()?, &|msg| person.tr(msg)).await?;
    Ok(download(bytes, "roles", &person.tr(&Msg::new("roles-name")), person.ctx.today()))
}
