//! Question sheets: files to hand over, the answer that came back, and what is taken over of it.

use super::confirmations::parse;
use super::lists::{XLSX, saved};
use crate::failure::Failure;
use crate::inquiry_form::{Form, offline};
use crate::page::{Entry, Page, render};
use crate::session::{Person, Posted};
use crate::state::WebState;
use crate::upload;
use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Path};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use std::collections::BTreeMap;
use tomomori_app::AppError;
use tomomori_app::advice::Attachment;
use tomomori_app::confirmation::{self, Choice, InquiryView, MAX_FILE_BYTES, inbox};
use tomomori_domain::Msg;
use tomomori_domain::access::PermissionKind;
use tomomori_domain::document::Document;
use tomomori_domain::inquiry::{Answer, AskedItem, Inquiry, Merge, Merged, Reply};
use tomomori_i18n::{Lang, tr};
use uuid::Uuid;

pub(crate) fn routes() -> Router<WebState> {
    let entered = post(enter).layer(DefaultBodyLimit::max(MAX_FILE_BYTES + 65_536));
    let answer = post(answer).layer(DefaultBodyLimit::max(MAX_FILE_BYTES));
    Router::new()
        .route("/inquiries/{id}", get(show))
        .route("/inquiries/{id}/form.html", get(form_html))
        .route("/inquiries/{id}/form.xlsx", get(form_xlsx))
        .route("/inquiries/{id}/mail.eml", get(mail))
        .route("/inquiries/{id}/answer", entered)
        .route("/inquiries/{id}/decide", post(decide))
        .route("/inbox/sheets/{id}", get(sheet).merge(answer))
}

/// An answered item as drawn.
struct Row {
    item: AskedItem,
    merged: Merged,
    /// Then, now and theirs under their headings.
    three: [(String, Answer); 3],
    /// Faults of its row: cell and what.
    faults: Vec<(String, String)>,
    /// Decided before: taken over or set aside.
    decided: Option<bool>,
}

#[derive(Template)]
#[template(path = "inquiry.html")]
struct InquiryPage {
    p: Page,
    v: InquiryView,
    rows: Vec<Row>,
    /// Items that have faults and no answer.
    gone: Vec<(AskedItem, String, String, bool)>,
    /// Faults of the file as a whole.
    faults: Vec<(String, String)>,
    open: usize,
    may_write: bool,
    error: Option<String>,
}

/// What a person can mend on the same page; anything else is a failure.
pub(super) fn refusal(error: AppError) -> Result<Msg, AppError> {
    match error {
        AppError::Invalid(msg) | AppError::Conflict(msg) => Ok(msg),
        AppError::TooManyAttempts { .. } => Ok(error.message()),
        error => Err(error),
    }
}

/// A page shown again with what is wrong.
pub(super) fn refused(page: &impl Template) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, render(page)).into_response()
}

async fn show(person: Person, Path(id): Path<String>) -> Result<Response, Failure> {
    Ok(render(&page(&person, &id, None).await?))
}

async fn page(person: &Person, id: &str, error: Option<Msg>) -> Result<InquiryPage, Failure> {
    let v = confirmation::inquiry(&person.ctx, parse(id)?).await?;
    let decided = |key: &str| v.reply.as_ref().and_then(|reply| reply.content.decided.get(key)).map(|one| one.taken);
    let told = |key: Option<&str>| -> Vec<(String, String)> {
        let faults = v.faults.iter().filter(|fault| fault.item.as_deref() == key);
        faults.map(|fault| (fault.place.to_string(), person.tr(&fault.msg))).collect()
    };
    let asked = |key: &str| v.inquiry.items.iter().find(|item| item.key == key).cloned();
    let rows: Vec<Row> = v
        .merged
        .iter()
        .filter_map(|merged| {
            Some(Row {
                item: asked(&merged.key)?,
                faults: told(Some(&merged.key)),
                decided: decided(&merged.key),
                three: [
                    (person.tr(&Msg::new("request-then")), merged.then.clone()),
                    (person.tr(&Msg::new("inquiry-now")), merged.now.clone()),
                    (person.tr(&Msg::new("request-theirs")), merged.theirs.clone()),
                ],
                merged: merged.clone(),
            })
        })
        .collect();
    let unanswered = v.faults.iter().filter_map(|fault| {
        let key = fault.item.as_deref()?;
        let item = asked(key).filter(|_| v.merged.iter().all(|merged| merged.key != key))?;
        Some((item, fault.place.to_string(), person.tr(&fault.msg), decided(key).is_some()))
    });
    Ok(InquiryPage {
        gone: unanswered.collect(),
        faults: told(None),
        open: rows.iter().filter(|row| row.decided.is_none()).count(),
        may_write: person.ctx.actor.may(PermissionKind::WriteAgreements),
        rows,
        error: error.map(|msg| person.tr(&msg)),
        p: Page::of(person, Entry::Confirmations),
        v,
    })
}

fn file_name(person: &Person, inquiry: &Inquiry, ending: &str) -> String {
    let name = Msg::new("inquiry-file-name").arg("hospital", &inquiry.hospital).arg("vendor", &inquiry.vendor_name);
    person.tr(&name) + ending
}

fn html(person: &Person, inquiry: &Inquiry) -> Result<Vec<u8>, Failure> {
    Ok(offline(&Page::bare(person.lang), inquiry).map_err(AppError::internal)?.into_bytes())
}

async fn form_html(person: Person, Path(id): Path<String>) -> Result<Response, Failure> {
    let inquiry = confirmation::download(&person.ctx, parse(&id)?, "form.html").await?;
    let name = file_name(&person, &inquiry, ".html");
    Ok(saved(html(&person, &inquiry)?, "text/html; charset=utf-8", "form.html", &name))
}

async fn form_xlsx(person: Person, Path(id): Path<String>) -> Result<Response, Failure> {
    let inquiry = confirmation::download(&person.ctx, parse(&id)?, "form.xlsx").await?;
    let bytes = confirmation::sheet(&person.ctx, &inquiry, &|msg| person.tr(msg)).await?;
    Ok(saved(bytes, XLSX, "form.xlsx", &file_name(&person, &inquiry, ".xlsx")))
}

async fn mail(person: Person, Path(id): Path<String>) -> Result<Response, Failure> {
    let id = parse(&id)?;
    let inquiry = confirmation::inquiry(&person.ctx, id).await?.inquiry;
    let tr = |msg: &Msg| person.tr(msg);
    let files = [
        Attachment {
            name: file_name(&person, &inquiry, ".html"),
            kind: "text/html; charset=utf-8",
            bytes: html(&person, &inquiry)?,
        },
        Attachment {
            name: file_name(&person, &inquiry, ".xlsx"),
            kind: XLSX,
            bytes: confirmation::sheet(&person.ctx, &inquiry, &tr).await?,
        },
    ];
    let bytes = confirmation::mail(&person.ctx, id, &files, &tr).await?;
    Ok(saved(bytes, "message/rfc822", "mail.eml", &file_name(&person, &inquiry, ".eml")))
}

async fn enter(person: Person, Path(id): Path<String>, form: upload::Form) -> Result<Response, Failure> {
    let id = parse(&id)?;
    // Whether the sheet is there is said before anything else about the form.
    confirmation::inquiry(&person.ctx, id).await?;
    let file = upload::file(&person, form).await?;
    let Some((name, bytes)) = file else {
        let none = Msg::new("advice-file-none");
        return Ok(refused(&page(&person, &id.to_string(), Some(none)).await?));
    };
    // The file may have been filled in in either language, whatever its reader speaks.
    let (ja, en) = (|msg: &Msg| tr(Lang::Ja, msg), |msg: &Msg| tr(Lang::En, msg));
    if let Err(error) = confirmation::enter(&person.ctx, id, &name, &bytes, &[&ja, &en]).await {
        return Ok(refused(&page(&person, &id.to_string(), Some(refusal(error)?)).await?));
    }
    Ok(Redirect::to(&format!("/inquiries/{id}")).into_response())
}

/// `d-KEY` holds `take` or `aside`; `all` takes over every answer in which nobody else changed anything.
async fn decide(Path(id): Path<String>, posted: Posted<BTreeMap<String, String>>) -> Result<Response, Failure> {
    let (id, form) = (parse(&id)?, posted.form);
    let ctx = &posted.person.ctx;
    // Whether the sheet is there is said before anything about the form.
    confirmation::inquiry(ctx, id).await?;
    let from = form.get("revision").and_then(|text| text.parse().ok()).ok_or_else(Failure::bad_request)?;
    let mut choices = BTreeMap::new();
    for (name, said) in &form {
        if let Some(key) = name.strip_prefix("d-") {
            match said.as_str() {
                "take" => choices.insert(key.to_owned(), Choice::Take),
                "aside" => choices.insert(key.to_owned(), Choice::SetAside),
                _ => None,
            };
        }
    }
    if form.contains_key("all") {
        let view = confirmation::inquiry(ctx, id).await?;
        let decided = view.reply.map(|reply| reply.content.decided).unwrap_or_default();
        let plain = view.merged.iter().filter(|merged| matches!(merged.merge, Merge::Theirs | Merge::Same));
        let faulty = |key: &str| view.faults.iter().any(|fault| fault.item.as_deref() == Some(key));
        for merged in plain.filter(|merged| !decided.contains_key(&merged.key) && !faulty(&merged.key)) {
            choices.entry(merged.key.clone()).or_insert(Choice::Take);
        }
    }
    if let Err(error) = confirmation::decide(ctx, id, from, &choices).await {
        return Ok(refused(&page(&posted.person, &id.to_string(), Some(refusal(error)?)).await?));
    }
    Ok(Redirect::to(&format!("/inquiries/{id}")).into_response())
}

#[derive(Template)]
#[template(path = "inbox_sheet.html")]
struct SheetPage {
    p: Page,
    id: Uuid,
    q: Inquiry,
    f: Form,
    reply: Option<Document<Reply>>,
    error: Option<String>,
}

async fn sheet(person: Person, Path(id): Path<String>) -> Result<Response, Failure> {
    let (sheet, reply) = inbox::one(&person.ctx, parse(&id)?).await?;
    let p = Page::of(&person, Entry::Inbox);
    let f = Form::new(&p, &sheet.content, reply.as_ref().map(|reply| &reply.content));
    Ok(render(&SheetPage { id: sheet.id, q: sheet.content, f, reply, error: None, p }))
}

async fn answer(Path(id): Path<String>, posted: Posted<BTreeMap<String, String>>) -> Result<Response, Failure> {
    let (id, mut fields) = (parse(&id)?, posted.form);
    fields.remove("csrf");
    let password = fields.remove("password").unwrap_or_default();
    if let Err(error) = inbox::answer(&posted.person.ctx, id, &fields, password).await {
        let msg = refusal(error)?;
        let (person, (sheet, reply)) = (&posted.person, inbox::one(&posted.person.ctx, id).await?);
        let p = Page::of(person, Entry::Inbox);
        let f = Form::typed(&p, &sheet.content, &fields);
        let error = Some(person.tr(&msg));
        return Ok(refused(&SheetPage { id, q: sheet.content, f, reply, error, p }));
    }
    Ok(Redirect::to(&format!("/inbox/sheets/{id}")).into_response())
}
