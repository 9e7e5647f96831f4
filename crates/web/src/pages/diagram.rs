//! The system diagram: the page, what it says of a chosen box, moving boxes, and the files.

use super::lists::{Choice, attachment};
use crate::failure::Failure;
use crate::page::{Entry, Page, render};
use crate::session::{Person, Posted};
use crate::state::WebState;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use tomomori_app::diagram::{self, DiagramQuery, Drawn, FileKind, LAYERS, Layer, MAX_HOPS, PaperLang, To, Zones};
use tomomori_app::ledger::{self, PageRequest, ResourceDetail, ResourceFilter, ResourceSort};
use tomomori_domain::Msg;
use tomomori_domain::access::PermissionKind;
use tomomori_i18n::Lang;

/// Devices a search shows at once.
const HITS: u32 = 20;

/// The parameters of an address; several may have one name.
pub(crate) type Pairs = Query<Vec<(String, String)>>;

pub(crate) fn routes() -> Router<WebState> {
    Router::new()
        .route("/diagram", get(show))
        .route("/diagram/box/{id}", get(side))
        .route("/diagram/pin", post(pin))
        .route("/diagram/free", post(free))
        .route("/diagram/rearrange", post(rearrange))
        .route("/diagram.svg", get(async |person: Person, pairs: Pairs| file(person, pairs, "svg").await))
        .route("/diagram.png", get(async |person: Person, pairs: Pairs| file(person, pairs, "png").await))
        .route("/diagram.pdf", get(async |person: Person, pairs: Pairs| file(person, pairs, "pdf").await))
        .route("/diagram.drawio", get(async |person: Person, pairs: Pairs| file(person, pairs, "drawio").await))
}

/// A link that may be the current one.
struct Tab {
    text: String,
    href: String,
    on: bool,
}

#[derive(Template)]
#[template(path = "diagram.html")]
struct DiagramPage {
    p: Page,
    layers: Vec<Tab>,
    files: Vec<Tab>,
    hops: Vec<Tab>,
    vendors: Vec<Choice>,
    systems: Vec<Choice>,
    words: String,
    hits: Vec<(String, String, String)>,
    more_hits: bool,
    /// The address of the whole picture of the same day, when this is a part.
    whole: Option<String>,
    /// The address of today's picture, when this is of another day.
    today: Option<String>,
    open_all: String,
    fold_all: String,
    /// What the forms carry along.
    find_kept: Vec<(&'static str, String)>,
    part_kept: Vec<(&'static str, String)>,
    day_kept: Vec<(&'static str, String)>,
    /// The days in the fields.
    at: String,
    from: String,
    to: String,
    /// The picture as the forms that move boxes name it.
    view: String,
    may_arrange: bool,
    q: DiagramQuery,
    d: Drawn,
}

/// Parameters that a form must carry along because it has no field for them.
fn kept(q: &DiagramQuery, own: &[&str]) -> Vec<(&'static str, String)> {
    q.pairs().into_iter().filter(|(name, _)| !own.contains(name)).collect()
}

fn layer_text(layer: Layer) -> Msg {
    match layer {
        Layer::Responsibility => Msg::new("diagram-layer-responsibility"),
        Layer::Findings => Msg::new("diagram-layer-findings"),
        Layer::EndOfLife => Msg::new("diagram-layer-end"),
        Layer::Remote => Msg::new("diagram-layer-remote"),
        Layer::Evidence => Msg::new("diagram-layer-evidence"),
    }
}

async fn show(person: Person, Query(pairs): Pairs) -> Result<Response, Failure> {
    let q = DiagramQuery::read(&pairs, person.ctx.today())?;
    let d = diagram::view(&person.ctx, &q, &|msg| person.tr(msg)).await?;
    let words = pairs.iter().find(|(name, _)| name == "q").map(|(_, words)| words.trim().to_owned());
    let words = words.unwrap_or_default();
    let (hits, more_hits) = hits(&person, &q, &words).await?;
    let p = Page::of(&person, Entry::Diagram);
    let address = |query: DiagramQuery| query.address("/diagram");
    let layers = LAYERS.into_iter().map(|layer| Tab {
        text: p.m(layer_text(layer)),
        href: address(DiagramQuery { layer, ..q.clone() }),
        on: layer == q.layer,
    });
    let around = q.around.map(|(id, _)| id);
    let hops =
        around.into_iter().flat_map(|id| (1..=MAX_HOPS.min(3)).map(move |hops| (id, hops))).map(|(id, hops)| Tab {
            text: p.m(Msg::new("diagram-hops-count").arg("count", hops)),
            href: address(DiagramQuery { around: Some((id, hops)), ..q.clone() }),
            on: q.around == Some((id, hops)),
        });
    let choice = |value: String, text: &str, on: bool| Choice { value, text: text.to_owned(), count: 0, on };
    let vendors = d.vendors.iter().map(|(id, name)| choice(id.to_string(), name, q.vendor == Some(*id)));
    let systems = d.systems.iter().map(|(id, name)| choice(id.to_string(), name, q.system == Some(*id)));
    let part = DiagramQuery { around: None, vendor: None, system: None, ..q.clone() };
    let other_day = DiagramQuery { at: None, compare: None, ..q.clone() };
    let page = DiagramPage {
        layers: layers.collect(),
        files: files(&q),
        hops: hops.collect(),
        vendors: vendors.collect(),
        systems: systems.collect(),
        whole: q.is_part().then(|| address(part)),
        today: (!q.is_today()).then(|| address(other_day)),
        open_all: address(DiagramQuery { zones: Zones::All, find: None, ..q.clone() }),
        fold_all: address(DiagramQuery { zones: Zones::Open([].into()), find: None, ..q.clone() }),
        find_kept: kept(&q, &["focus"]),
        part_kept: kept(&q, &["vendor", "system", "around", "hops", "focus"]),
        day_kept: kept(&q, &["at", "from", "to"]),
        at: q.at.map(|day| day.to_string()).unwrap_or_default(),
        from: q.compare.map(|(from, _)| from.to_string()).unwrap_or_default(),
        to: q.compare.map(|(_, to)| to.to_string()).unwrap_or_default(),
        view: q.address("").trim_start_matches('?').to_owned(),
        may_arrange: person.ctx.actor.may(PermissionKind::WriteLedger) && q.is_today() && q.around.is_none(),
        words,
        hits,
        more_hits,
        p,
        q,
        d,
    };
    Ok(render(&page))
}

/// The same picture as files.
fn files(q: &DiagramQuery) -> Vec<Tab> {
    let file = |text: &str, ending: &str, page: Option<&str>| {
        let mut href = q.address(&format!("/diagram.{ending}"));
        if let Some(page) = page {
            href += if href.contains('?') { "&" } else { "?" };
            href += "page=";
            href += page;
        }
        Tab { text: text.to_owned(), href, on: false }
    };
    vec![
        file("PDF A4", "pdf", Some("a4")),
        file("PDF A3", "pdf", Some("a3")),
        file("SVG", "svg", None),
        file("PNG", "png", None),
        file("draw.io", "drawio", None),
    ]
}

/// Devices of the ledger that match, each with its zone and the picture that shows it.
async fn hits(
    person: &Person,
    q: &DiagramQuery,
    words: &str,
) -> Result<(Vec<(String, String, String)>, bool), Failure> {
    if words.is_empty() {
        return Ok((Vec::new(), false));
    }
    let filter = ResourceFilter { text: Some(words.to_owned()), ..ResourceFilter::default() };
    let page = PageRequest { after: None, limit: HITS };
    let found = ledger::list(&person.ctx, &filter, ResourceSort::Name, &page).await?;
    let hit = |row: &ledger::ResourceRow| {
        // A part may not hold it.
        let seen = DiagramQuery { find: Some(row.resource.id), around: None, vendor: None, system: None, ..q.clone() };
        (row.resource.name.clone(), row.zone_name.clone().unwrap_or_default(), seen.address("/diagram"))
    };
    Ok((found.page.rows.iter().map(hit).collect(), found.page.next.is_some()))
}

#[derive(Template)]
#[template(path = "parts/diagram_box.html")]
struct SidePart {
    p: Page,
    around: String,
    /// The picture it was chosen in.
    view: String,
    d: ResourceDetail,
}

/// What the page says of a chosen box; a part of a page.
async fn side(person: Person, Path(id): Path<String>, Query(pairs): Pairs) -> Result<Response, Failure> {
    let id = id.parse().map_err(|_| Failure::not_found())?;
    let q = DiagramQuery::read(&pairs, person.ctx.today())?;
    let d = ledger::detail(&person.ctx, id).await?;
    let view = q.address("").trim_start_matches('?').to_owned();
    let around =
        DiagramQuery { around: Some((id, 1)), find: None, vendor: None, system: None, zones: Zones::Auto, ..q };
    Ok(render(&SidePart { p: Page::of(&person, Entry::Diagram), around: around.address("/diagram"), view, d }))
}

/// Which picture a form is about.
fn view_of(person: &Person, view: &str) -> Result<DiagramQuery, Failure> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(view).map_err(|_| Failure::bad_request())?;
    Ok(DiagramQuery::read(&pairs, person.ctx.today())?)
}

#[derive(Deserialize)]
struct PinForm {
    view: String,
    node: String,
    x: Option<i32>,
    y: Option<i32>,
    right: Option<i32>,
    down: Option<i32>,
}

async fn pin(Posted { person, form }: Posted<PinForm>) -> Result<Response, Failure> {
    let to = match (form.x, form.y) {
        (Some(x), Some(y)) => To::Point { x, y },
        _ => To::Step { right: form.right.unwrap_or(0), down: form.down.unwrap_or(0) },
    };
    diagram::pin(&person.ctx, &view_of(&person, &form.view)?, &form.node, to, &|msg| person.tr(msg)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

#[derive(Deserialize)]
struct FreeForm {
    view: String,
    node: String,
}

async fn free(Posted { person, form }: Posted<FreeForm>) -> Result<Redirect, Failure> {
    let q = view_of(&person, &form.view)?;
    diagram::pin(&person.ctx, &q, &form.node, To::Free, &|msg| person.tr(msg)).await?;
    Ok(Redirect::to(&q.address("/diagram")))
}

#[derive(Deserialize)]
struct RearrangeForm {
    view: String,
}

async fn rearrange(Posted { person, form }: Posted<RearrangeForm>) -> Result<Redirect, Failure> {
    let q = view_of(&person, &form.view)?;
    diagram::rearrange(&person.ctx, &q, &|msg| person.tr(msg)).await?;
    Ok(Redirect::to(&q.address("/diagram")))
}

async fn file(person: Person, Query(pairs): Pairs, ending: &str) -> Result<Response, Failure> {
    let name = person.tr(&Msg::new("nav-diagram"));
    download(&person.ctx, &pairs, ending, person.lang, &name, &|msg| person.tr(msg)).await
}

/// The picture of an address as a file: opened by itself it may load and run nothing.
pub(crate) async fn download(
    ctx: &tomomori_app::Ctx,
    pairs: &[(String, String)],
    ending: &str,
    lang: Lang,
    name: &str,
    tr: diagram::Translate<'_>,
) -> Result<Response, Failure> {
    let q = DiagramQuery::read(pairs, ctx.today())?;
    let page = pairs.iter().find(|(name, _)| name == "page").map(|(_, page)| page.as_str());
    let kind = FileKind::from_ending(ending, page).ok_or_else(Failure::not_found)?;
    let paper = match lang {
        Lang::Ja => PaperLang::Ja,
        Lang::En => PaperLang::En,
    };
    let made = diagram::file(ctx, &q, kind, paper, tr).await?;
    Ok(attachment(made.bytes, kind.media_type(), ("diagram", name), made.day, kind.ending()))
}
