//! The plain form of a device: every field with what is known, how good that is, and what is wrong with what was typed.

use crate::failure::Failure;
use crate::page::{Entry, Page, render};
use crate::pages::grid::name;
use crate::session::{Person, Posted};
use crate::state::WebState;
use askama::Template;
use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use std::collections::HashMap;
use tomomori_app::grid::{self, Cell, Form, FormField, Known, Preview};
use tomomori_domain::Msg;
use tomomori_domain::custom::FieldType;
use tomomori_domain::ids::ResourceId;
use tomomori_domain::import::Field;
use tomomori_domain::resource::{Criticality, PurchaseForm, ResourceKind, ResourceState};

pub(crate) fn routes() -> Router<WebState> {
    Router::new().route("/ledger/new", get(new).post(create)).route("/ledger/{id}/edit", get(show).post(save))
}

/// How a field is typed.
#[derive(PartialEq, Eq)]
enum Input {
    Text,
    Day,
    Lines,
    Choice,
}

/// A choice of a field with fixed words: its key and its name.
struct Option_ {
    key: String,
    text: String,
    on: bool,
}

/// One field as drawn.
struct FieldView {
    key: String,
    /// The key as an id of the page: names of own columns may hold spaces, which would part one id into two.
    id: String,
    text: String,
    input: Input,
    value: String,
    options: Vec<Option_>,
    /// Names offered while typing.
    list: Option<&'static str>,
    grade: Option<String>,
    unknown: bool,
    error: Option<String>,
}

#[derive(Template)]
#[template(path = "edit.html")]
struct EditPage {
    p: Page,
    title: String,
    action: String,
    back: String,
    revision: i64,
    fields: Vec<FieldView>,
    known: Known,
    notice: Option<String>,
    errors: usize,
}

fn options(p: &Page, form: &FormField, value: &str) -> Vec<Option_> {
    let field = form.column.field;
    if let Some(own) = &form.own {
        let option = |word: String| Option_ { on: word == value, text: word.clone(), key: word };
        return own.words().into_iter().map(option).collect();
    }
    let keys: Vec<&str> = match field {
        Field::Kind => ResourceKind::ALL.iter().map(|kind| kind.key()).filter(|key| *key != "unknown").collect(),
        Field::State => ResourceState::ALL.iter().map(|state| state.key()).collect(),
        Field::Criticality => Criticality::ALL.iter().map(|level| level.key()).collect(),
        Field::Purchase => PurchaseForm::ALL.iter().map(|form| form.key()).collect(),
        Field::RemoteMaintenance | Field::Medical => vec!["true", "false"],
        _ => Vec::new(),
    };
    let option = |key: &str| Option_ { key: key.to_owned(), text: p.value(&field, key), on: key == value };
    keys.into_iter().map(option).collect()
}

/// A value that does not fit its type is shown as a text: a field of days or choices would hide it and clear it.
fn own_input(field: &FormField) -> Input {
    let Some(own) = &field.own else { return Input::Text };
    if field.values.iter().any(|value| own.canonical(value).as_ref() != Some(value)) {
        return Input::Text;
    }
    match own.kind {
        FieldType::Date => Input::Day,
        FieldType::Truth | FieldType::Choice => Input::Choice,
        FieldType::Text | FieldType::Number => Input::Text,
    }
}

fn view(p: &Page, field: &FormField, typed: Option<&String>, error: Option<&Msg>) -> FieldView {
    let of = field.column.field;
    let input = match of {
        Field::Kind | Field::State | Field::Criticality | Field::Purchase => Input::Choice,
        Field::RemoteMaintenance | Field::Medical => Input::Choice,
        Field::StartsOn | Field::EndsOn | Field::EndOfLife | Field::StocktakenOn => Input::Day,
        Field::Address | Field::Mac | Field::Kb | Field::Software | Field::Note => Input::Lines,
        _ => own_input(field),
    };
    let list = match of {
        Field::Zone => Some("zones"),
        Field::Vendor | Field::InstalledBy => Some("vendors"),
        Field::FirmwareUpdatedBy | Field::OsUpdatedBy => Some("vendors"),
        Field::MiddlewareUpdatedBy | Field::ApplicationUpdatedBy => Some("vendors"),
        Field::ContractNumber => Some("contracts"),
        _ => None,
    };
    let value = typed.cloned().unwrap_or_else(|| field.values.join("\n"));
    FieldView {
        id: field.column.key().replace(char::is_whitespace, "_"),
        key: field.column.key(),
        text: name(p, &field.column),
        options: options(p, field, &value),
        list,
        grade: field.grade.map(|grade| p.label(grade)),
        unknown: field.values.is_empty(),
        error: error.map(|msg| p.m(msg)),
        input,
        value,
    }
}

/// The page: as the ledger has it, or as it was typed with what is wrong.
fn page(
    person: &Person,
    form: &Form,
    typed: &[(String, String)],
    found: Option<&Preview>,
    notice: Option<Msg>,
) -> Response {
    let p = Page::of(person, Entry::Ledger);
    let typed: HashMap<&str, &String> = typed.iter().map(|(key, text)| (key.as_str(), text)).collect();
    let wrong = |field: &FormField| {
        let problems = found.map(|found| found.problems.as_slice()).unwrap_or_default();
        problems.iter().find(|problem| problem.column == field.column).map(|problem| &problem.msg)
    };
    let fields: Vec<FieldView> = form
        .fields
        .iter()
        .map(|field| view(&p, field, typed.get(field.column.key().as_str()).copied(), wrong(field)))
        .collect();
    let (title, action, back) = match &form.device {
        Some(device) => {
            let back = format!("/ledger/{}", device.id);
            (p.m(Msg::new("edit-title").arg("name", &device.name)), format!("{back}/edit"), back)
        }
        None => (p.t("edit-title-new"), "/ledger/new".to_owned(), "/ledger".to_owned()),
    };
    let errors = fields.iter().filter(|field| field.error.is_some()).count();
    let template = EditPage {
        revision: form.device.as_ref().map_or(0, |device| device.revision),
        known: form.known.clone(),
        notice: notice.map(|msg| p.m(msg)),
        title,
        action,
        back,
        errors,
        fields,
        p,
    };
    let status = if errors == 0 { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    (status, render(&template)).into_response()
}

async fn show(person: Person, Path(id): Path<String>) -> Result<Response, Failure> {
    let id: ResourceId = id.parse().map_err(|_| Failure::not_found())?;
    let form = grid::form(&person.ctx, Some(id)).await?;
    Ok(page(&person, &form, &[], None, None))
}

async fn new(person: Person) -> Result<Response, Failure> {
    let form = grid::form(&person.ctx, None).await?;
    Ok(page(&person, &form, &[], None, None))
}

/// The fields of a posted form; what is not a field is the form's own.
fn texts(form: &[(String, String)]) -> Vec<(String, String)> {
    form.iter().filter(|(key, _)| key != "csrf" && key != "revision").cloned().collect()
}

async fn save(Path(id): Path<String>, posted: Posted<Vec<(String, String)>>) -> Result<Response, Failure> {
    let id: ResourceId = id.parse().map_err(|_| Failure::not_found())?;
    let revision = posted.form.iter().find(|(key, _)| key == "revision").and_then(|(_, text)| text.parse().ok());
    let texts = texts(&posted.form);
    let form = grid::form(&posted.person.ctx, Some(id)).await?;
    // Only what was typed differently: a value a person did not touch is not theirs, and may be one no cell could hold.
    let before: HashMap<String, String> =
        form.fields.iter().map(|field| (field.column.key(), field.values.join("\n"))).collect();
    let same = |key: &String, text: &String| before.get(key).is_some_and(|old| *old == text.replace("\r\n", "\n"));
    let cells: Vec<Cell> = texts
        .iter()
        .filter(|(key, text)| !same(key, text))
        .map(|(key, text)| Cell { resource: id, column: key.clone(), text: text.clone() })
        .collect();
    match grid::save(&posted.person.ctx, &cells, revision.unwrap_or(-1)).await? {
        Ok(Some(done)) => Ok(Redirect::to(&format!("/history/{}", done.step)).into_response()),
        Ok(None) => Ok(page(&posted.person, &form, &texts, None, Some(Msg::new("edit-nothing-changed")))),
        Err(found) => Ok(page(&posted.person, &form, &texts, Some(&found), None)),
    }
}

async fn create(posted: Posted<Vec<(String, String)>>) -> Result<Response, Failure> {
    let texts = texts(&posted.form);
    match grid::create(&posted.person.ctx, &texts).await? {
        Ok((_, done)) => Ok(Redirect::to(&format!("/history/{}", done.step)).into_response()),
        Err(found) => {
            let form = grid::form(&posted.person.ctx, None).await?;
            Ok(page(&posted.person, &form, &texts, Some(&found), None))
        }
    }
}
