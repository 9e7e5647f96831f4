//! How completely the ledger is filled in: every measure with its share, the least known first, each leading to its devices.

use crate::failure::Failure;
use crate::page::{Entry, Page, render};
use crate::pages::lists::{Choice, Params};
use crate::session::Person;
use crate::state::WebState;
use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use tomomori_app::completeness::{self, Completeness, Measure, Part, Share};
use tomomori_domain::Msg;
use tomomori_domain::resource::ResourceKind;

pub(crate) fn routes() -> Router<WebState> {
    Router::new().route("/ledger/completeness", get(show))
}

/// The part of the ledger as the address writes it, as the list writes it too.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct PartQuery {
    kind: Option<String>,
    zone: Option<String>,
}

impl PartQuery {
    /// The part; a word that means nothing narrows nothing, as in the list.
    pub(crate) fn part(&self) -> Part {
        let zone = match self.zone.as_deref().unwrap_or_default() {
            "none" => Some(None),
            id => id.parse().ok().map(Some),
        };
        Part { kind: self.kind.as_deref().and_then(ResourceKind::from_key), zone }
    }

    /// Address of the list of devices of which `measure` is not known.
    pub(crate) fn unknown(&self, list: &'static str, measure: Measure) -> String {
        let pairs = vec![("kind", self.kind.clone()), ("zone", self.zone.clone())];
        Params::new(list, pairs).with(&[("missing", Some(measure.key()))])
    }
}

/// A measure as drawn.
struct Row {
    share: Share,
    /// Address of the devices of which it is not known; `None` when there are none.
    href: Option<String>,
}

#[derive(Template)]
#[template(path = "completeness.html")]
struct CompletenessPage {
    p: Page,
    found: Completeness,
    rows: Vec<Row>,
    kinds: Vec<Choice>,
    zones: Vec<Choice>,
    narrowed: bool,
}

async fn show(person: Person, Query(query): Query<PartQuery>) -> Result<Response, Failure> {
    let part = query.part();
    let found = completeness::completeness(&person.ctx, part).await?;
    let p = Page::of(&person, Entry::Ledger);
    let row = |share: &Share| Row {
        share: *share,
        href: (share.unknown() > 0).then(|| query.unknown("/ledger", share.measure)),
    };
    let choice = |value: String, text: String, count: Option<&u64>, on: bool| Choice {
        value,
        text,
        count: count.copied().unwrap_or_default(),
        on,
    };
    let kinds = ResourceKind::ALL
        .iter()
        .map(|kind| choice(kind.key().to_owned(), p.label(kind), found.by_kind.get(kind), part.kind == Some(*kind)));
    let zones = found.zones.iter().map(|zone| {
        let on = part.zone == Some(Some(zone.id));
        choice(zone.id.to_string(), zone.name.clone(), found.by_zone.get(&Some(zone.id)), on)
    });
    let nowhere = choice("none".to_owned(), p.t("unknown"), found.by_zone.get(&None), part.zone == Some(None));
    // Values nobody has are left out, the chosen one stays.
    let useful = |choice: &Choice| choice.count > 0 || choice.on;
    Ok(render(&CompletenessPage {
        rows: found.shares.iter().map(row).collect(),
        kinds: kinds.filter(useful).collect(),
        zones: zones.chain([nowhere]).filter(useful).collect(),
        narrowed: part != Part::default(),
        found,
        p,
    }))
}
