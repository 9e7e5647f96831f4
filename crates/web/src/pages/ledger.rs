//! The ledger (台帳): one device. Its list is in `ledger_list`.

use crate::failure::Failure;
use crate::page::{Entry, Page, render};
use crate::session::Person;
use crate::state::WebState;
use askama::Template;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use tomomori_app::advice::{self, OfDevice};
use tomomori_app::ledger::{self, ResourceDetail};
use tomomori_domain::Msg;
use tomomori_domain::access::PermissionKind;
use tomomori_domain::advice::Item;
use tomomori_domain::finding::{Finding, Verdict};
use tomomori_domain::resource::{Line, LineEnd};

pub(crate) fn routes() -> Router<WebState> {
    Router::new().route("/ledger/{id}", get(detail))
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
    advice: OfDevice,
    d: ResourceDetail,
}

async fn detail(person: Person, Path(id): Path<String>) -> Result<Response, Failure> {
    let id = id.parse().map_err(|_| Failure::not_found())?;
    let d = ledger::detail(&person.ctx, id).await?;
    let advice = match person.ctx.actor.may(PermissionKind::ReadAdvice) {
        true => advice::of_device(&person.ctx, id).await?,
        false => OfDevice::default(),
    };
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
        advice,
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
