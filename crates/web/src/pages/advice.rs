//! Vendors' advice (助言), the hospital's side: what each vendor is shown, what it was asked, what it answered.

use super::lists::{XLSX, saved};
use crate::advice_form::{label, offline};
use crate::failure::Failure;
use crate::page::{Entry, Page, render};
use crate::session::{Person, Posted};
use crate::state::WebState;
use crate::upload::{self, Form};
use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Path};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use std::collections::BTreeMap;
use tomomori_app::AppError;
use tomomori_app::advice::{
    self, Ask, Attachment, Decision, ItemView, MAX_FILE_BYTES, RequestView, VendorRow, VendorShare, line_name, picture,
};
use tomomori_domain::Msg;
use tomomori_domain::access::PermissionKind;
use tomomori_domain::advice::{AdviceRequest, DueAgain, Item, ItemState, Shared, Subject};
use tomomori_domain::ids::{AdviceId, AdviceItemId, ResourceId};

pub(crate) fn routes() -> Router<WebState> {
    let entered = post(enter).layer(DefaultBodyLimit::max(MAX_FILE_BYTES + 65_536));
    Router::new()
        .route("/advice", get(list))
        .route("/advice/{id}", get(show))
        .route("/advice/{id}/form.html", get(form_html))
        .route("/advice/{id}/form.xlsx", get(form_xlsx))
        .route("/advice/{id}/mail.eml", get(mail))
        .route("/advice/{id}/answer", entered)
        .route("/advice/{id}/decide", post(decide))
        .route("/share/{id}", get(share).merge(post(set_share)))
        .route("/share/{id}/link", post(link))
        .route("/share/{id}/ask", post(ask))
}

/// Why a device is to be confirmed again.
pub(crate) fn why(why: &DueAgain) -> Msg {
    match why {
        DueAgain::Never => Msg::new("advice-due-never"),
        DueAgain::Changed => Msg::new("advice-due-changed"),
        DueAgain::Old => Msg::new("advice-due-old"),
    }
}

#[derive(Template)]
#[template(path = "advice.html")]
struct ListPage {
    p: Page,
    vendors: Vec<VendorRow>,
}

async fn list(person: Person) -> Result<Response, Failure> {
    let vendors = advice::vendors(&person.ctx).await?;
    Ok(render(&ListPage { p: Page::of(&person, Entry::Advice), vendors }))
}

fn parse<T: std::str::FromStr>(id: &str) -> Result<T, Failure> {
    id.parse().map_err(|_| Failure::not_found())
}

#[derive(Template)]
#[template(path = "share.html")]
struct SharePage {
    p: Page,
    s: VendorShare,
    svg: String,
    lines: Vec<String>,
    may_ask: bool,
    /// A month from today: what a request proposes.
    due: jiff::civil::Date,
}

async fn share(person: Person, Path(id): Path<String>) -> Result<Response, Failure> {
    let s = advice::share(&person.ctx, parse(&id)?).await?;
    let tr = |msg: &Msg| person.tr(msg);
    let today = person.ctx.today();
    Ok(render(&SharePage {
        svg: picture(&s.part, &person.tenant, &s.vendor.name, &tr),
        lines: s.part.lines.iter().map(|line| line_name(&s.part, line, &tr)).collect(),
        may_ask: person.ctx.actor.may(PermissionKind::AskAdvice),
        due: today.checked_add(jiff::Span::new().months(1)).unwrap_or(today),
        p: Page::of(&person, Entry::Advice),
        s,
    }))
}

/// The form's boxes by name: `s-ID` holds what is shown of a device.
type Named = BTreeMap<String, String>;

async fn set_share(Path(id): Path<String>, posted: Posted<Named>) -> Result<Response, Failure> {
    let mut grants: Vec<(ResourceId, Option<Shared>)> = Vec::new();
    for (name, value) in &posted.form {
        if let Some(resource) = name.strip_prefix("s-") {
            let shared = match value.as_str() {
                "" => None,
                key => Some(Shared::from_key(key).ok_or_else(Failure::bad_request)?),
            };
            grants.push((parse(resource)?, shared));
        }
    }
    advice::set_grants(&posted.person.ctx, parse(&id)?, &grants).await?;
    Ok(Redirect::to(&format!("/share/{id}")).into_response())
}

#[derive(Deserialize)]
struct Link {
    #[serde(default)]
    on: String,
}

async fn link(Path(id): Path<String>, posted: Posted<Link>) -> Result<Response, Failure> {
    advice::link(&posted.person.ctx, parse(&id)?, posted.form.on == "true").await?;
    Ok(Redirect::to(&format!("/share/{id}")).into_response())
}

#[derive(Deserialize)]
struct NewRequest {
    #[serde(default)]
    note: String,
    #[serde(default)]
    due: String,
}

async fn ask(Path(id): Path<String>, posted: Posted<NewRequest>) -> Result<Response, Failure> {
    let vendor = parse(&id)?;
    advice::share(&posted.person.ctx, vendor).await?;
    let due =
        tomomori_domain::date::parse(&posted.form.due).map_err(|_| AppError::Invalid(Msg::new("advice-due-bad")))?;
    let command = Ask { vendor, note: posted.form.note, due };
    let made = advice::ask(&posted.person.ctx, command).await?;
    Ok(to(made))
}

fn to(id: AdviceId) -> Response {
    Redirect::to(&format!("/advice/{id}")).into_response()
}

/// An item as drawn.
struct Row {
    v: ItemView,
    title: String,
    say: Msg,
    /// Field, then, now, theirs, whether the hospital changed it meanwhile.
    changes: Vec<(String, String, String, String, bool)>,
    remark: Option<String>,
}

#[derive(Template)]
#[template(path = "advice_request.html")]
struct RequestPage {
    p: Page,
    v: RequestView,
    svg: String,
    rows: Vec<Row>,
    open: usize,
    may_ask: bool,
}

async fn show(person: Person, Path(id): Path<String>) -> Result<Response, Failure> {
    let v = advice::request(&person.ctx, parse(&id)?).await?;
    let p = Page::of(&person, Entry::Advice);
    let tr = |msg: &Msg| person.tr(msg);
    let rows: Vec<Row> = v.items.iter().map(|item| row(&p, item, &v.request, &tr)).collect();
    Ok(render(&RequestPage {
        svg: picture(&v.request.part, &person.tenant, &v.request.vendor_name, &tr),
        open: rows.iter().filter(|row| row.v.item.state == ItemState::Open).count(),
        may_ask: person.ctx.actor.may(PermissionKind::AskAdvice),
        rows,
        v,
        p,
    }))
}

fn row(p: &Page, view: &ItemView, request: &AdviceRequest, tr: &(dyn Fn(&Msg) -> String + Send + Sync)) -> Row {
    let part = &request.part;
    let subject = view.item.item.subject().and_then(|subject| match subject {
        Subject::Node(id) => part.nodes.iter().find(|node| node.id == id).map(|node| node.name().to_owned()),
        Subject::Line(id) => part.lines.iter().find(|line| line.id == id).map(|line| line_name(part, line, tr)),
    });
    let (say, new) = match &view.item.item {
        Item::Confirm { .. } => (Msg::new("advice-said-confirm"), None),
        Item::Correct { .. } => (Msg::new("advice-said-correct"), None),
        Item::Remove { .. } => (Msg::new("advice-said-remove"), None),
        Item::NewNode { values, .. } => {
            (Msg::new("advice-said-new-node"), values.get(&tomomori_domain::import::Field::Name).cloned())
        }
        Item::NewLine { from, to, .. } => (Msg::new("advice-said-new-line"), Some(format!("{from} → {to}"))),
        Item::Remark { .. } => (Msg::new("advice-said-remark"), None),
    };
    let remark = match &view.item.item {
        Item::Remark { text, .. } => Some(text.clone()),
        _ => None,
    };
    let changes = view.changes.iter().map(|three| {
        let shown = |text: &String| p.value(&three.field, text);
        (label(p, three.field), shown(&three.then), shown(&three.now), shown(&three.theirs), three.moved())
    });
    Row {
        title: subject.or(new).unwrap_or_else(|| p.t("advice-whole")),
        changes: changes.collect(),
        v: view.clone(),
        say,
        remark,
    }
}

fn html(person: &Person, request: &AdviceRequest) -> Result<Vec<u8>, Failure> {
    let form = offline(&Page::bare(person.lang), request, &person.tenant).map_err(AppError::internal)?;
    Ok(form.into_bytes())
}

/// What the form is called as a file.
fn file_name(person: &Person, ending: &str) -> String {
    person.tr(&Msg::new("advice-file-name").arg("hospital", &person.tenant)) + ending
}

async fn form_html(person: Person, Path(id): Path<String>) -> Result<Response, Failure> {
    let request = advice::download(&person.ctx, parse(&id)?, "form.html").await?;
    let bytes = html(&person, &request)?;
    Ok(saved(bytes, "text/html; charset=utf-8", "form.html", &file_name(&person, ".html")))
}

async fn form_xlsx(person: Person, Path(id): Path<String>) -> Result<Response, Failure> {
    let request = advice::download(&person.ctx, parse(&id)?, "form.xlsx").await?;
    let bytes = advice::sheet(&person.ctx, &request, &|msg| person.tr(msg)).await?;
    Ok(saved(bytes, XLSX, "form.xlsx", &file_name(&person, ".xlsx")))
}

async fn mail(person: Person, Path(id): Path<String>) -> Result<Response, Failure> {
    let id = parse(&id)?;
    let tr = |msg: &Msg| person.tr(msg);
    let request = advice::request(&person.ctx, id).await?.request;
    let files = [
        Attachment {
            name: file_name(&person, ".html"),
            kind: "text/html; charset=utf-8",
            bytes: html(&person, &request)?,
        },
        Attachment {
            name: file_name(&person, ".xlsx"),
            kind: XLSX,
            bytes: advice::sheet(&person.ctx, &request, &tr).await?,
        },
    ];
    let bytes = advice::mail(&person.ctx, id, &files, &tr).await?;
    Ok(saved(bytes, "message/rfc822", "mail.eml", &file_name(&person, ".eml")))
}

/// Reads an answer file.
async fn enter(person: Person, Path(id): Path<String>, form: Form) -> Result<Response, Failure> {
    let id = parse(&id)?;
    // Whether the request is there is said before anything else about the form.
    advice::request(&person.ctx, id).await?;
    let file = upload::file(&person, form).await?;
    let (name, bytes) = file.ok_or_else(|| AppError::Invalid(Msg::new("advice-file-none")))?;
    advice::enter(&person.ctx, id, &name, &bytes, &|msg| person.tr(msg)).await?;
    Ok(to(id))
}

/// `d-ID` holds the decision on an item, `w-ID` why it is refused; `all` decides on every open item at once, `why` its reason.
async fn decide(Path(id): Path<String>, posted: Posted<Named>) -> Result<Response, Failure> {
    let (person, form, id) = (posted.person, posted.form, parse(&id)?);
    let value = |name: &str| form.get(name).map(|text| text.trim().to_owned()).unwrap_or_default();
    let mut decisions = Vec::new();
    match value("all").as_str() {
        "" => {
            for (name, choice) in form.iter().filter(|(_, choice)| matches!(choice.as_str(), "accept" | "refuse")) {
                let Some(item) = name.strip_prefix("d-") else { continue };
                let refused = (choice == "refuse").then(|| value(&format!("w-{item}")));
                decisions.push(Decision { item: parse::<AdviceItemId>(item)?, refused });
            }
        }
        all => {
            let view = advice::request(&person.ctx, id).await?;
            let open = view.items.iter().filter(|view| view.item.state == ItemState::Open);
            for view in open.filter(|view| all == "refuse" || view.fault.is_none()) {
                let refused = (all == "refuse").then(|| value("why"));
                decisions.push(Decision { item: view.item.id, refused });
            }
        }
    }
    advice::decide(&person.ctx, id, &decisions).await?;
    Ok(to(id))
}
