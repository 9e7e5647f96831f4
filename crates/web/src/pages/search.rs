//! The search box of the top bar: devices and findings by words.

use super::lists::Params;
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
use tomomori_app::findings::{self, FindingFilter, FindingRow, FindingSort};
use tomomori_app::ledger::{self, PageRequest, ResourceFilter, ResourceRow, ResourceSort};
use tomomori_domain::Msg;
use tomomori_domain::access::PermissionKind;

pub(crate) fn routes() -> Router<WebState> {
    Router::new().route("/search", get(show))
}

#[derive(Deserialize)]
struct Words {
    #[serde(default)]
    q: String,
}

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage {
    p: Page,
    words: String,
    total: u64,
    resources: Vec<ResourceRow>,
    findings: Vec<FindingRow>,
    ledger_href: String,
    findings_href: String,
}

async fn show(person: Person, Query(Words { q }): Query<Words>) -> Result<Response, Failure> {
    let text = Some(q.clone());
    let few = PageRequest { after: None, limit: 10 };
    let filter = ResourceFilter { text: text.clone(), ..ResourceFilter::default() };
    let devices = ledger::list(&person.ctx, &filter, ResourceSort::default(), &few).await?;
    let (mut total, mut rows) = (devices.counts.matching, Vec::new());
    if person.ctx.actor.may(PermissionKind::ReadFindings) {
        let filter = FindingFilter { text: text.clone(), ..FindingFilter::default() };
        let found = findings::list(&person.ctx, &filter, FindingSort::default(), &few).await?;
        total += found.counts.matching;
        rows = found.page.rows;
    }
    Ok(render(&SearchPage {
        p: Page::of(&person, Entry::Home),
        total,
        resources: devices.page.rows,
        findings: rows,
        ledger_href: Params::new("/ledger", vec![("q", text.clone())]).with(&[]),
        findings_href: Params::new("/findings", vec![("q", text)]).with(&[]),
        words: q,
    }))
}
