//! Settings: the hospital's own columns and their types.

use crate::failure::Failure;
use crate::page::{Entry, Page, render};
use crate::pages::fields::Fields;
use crate::session::{Person, Posted};
use crate::state::WebState;
use askama::Template;
use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use tomomori_app::AppError;
use tomomori_app::custom_fields::{self, FieldType, OwnColumn, Wanted};
use tomomori_domain::Msg;

pub(crate) fn routes() -> Router<WebState> {
    Router::new().route("/settings/fields", get(show).post(define))
}

/// One column as drawn, with the form to change it.
struct Row {
    column: OwnColumn,
    /// What its form holds.
    kind: FieldType,
    choices: String,
    note: String,
    retired: bool,
    /// What was typed was refused: the form stays open.
    open: bool,
}

impl From<OwnColumn> for Row {
    fn from(column: OwnColumn) -> Self {
        let field = column.field.as_ref();
        Self {
            kind: field.map_or(FieldType::Text, |field| field.kind),
            choices: field.map(|field| field.choices.join("\n")).unwrap_or_default(),
            note: field.and_then(|field| field.note.clone()).unwrap_or_default(),
            retired: field.is_some_and(|field| field.retired),
            open: false,
            column,
        }
    }
}

#[derive(Template)]
#[template(path = "custom_fields.html")]
struct FieldsPage {
    p: Page,
    rows: Vec<Row>,
    /// What is typed for a new column.
    new: Row,
    types: &'static [FieldType],
    error: Option<String>,
}

/// The page; `refused` is what was posted and what is wrong with it.
async fn page(person: &Person, refused: Option<(Wanted, Msg)>) -> Result<Response, Failure> {
    let mut rows: Vec<Row> = custom_fields::list(&person.ctx).await?.into_iter().map(Row::from).collect();
    let blank = OwnColumn { name: String::new(), field: None, used: 0, misfits: 0 };
    let mut new = Row::from(blank);
    let (mut error, mut status) = (None, StatusCode::OK);
    if let Some((wanted, msg)) = refused {
        // What was typed is still there.
        let row = rows.iter_mut().find(|row| row.column.name == wanted.name).unwrap_or(&mut new);
        (row.kind, row.retired, row.open) = (wanted.kind, wanted.retired, true);
        row.choices = wanted.choices.join("\n");
        row.note = wanted.note.unwrap_or_default();
        if row.column.field.is_none() && row.column.used == 0 {
            row.column.name = wanted.name;
        }
        (error, status) = (Some(person.tr(&msg)), StatusCode::UNPROCESSABLE_ENTITY);
    }
    let p = Page::of(person, Entry::Settings);
    Ok((status, render(&FieldsPage { p, rows, new, types: FieldType::ALL, error })).into_response())
}

async fn show(person: Person) -> Result<Response, Failure> {
    page(&person, None).await
}

async fn define(posted: Posted<Fields>) -> Result<Response, Failure> {
    let form = &posted.form;
    let wanted = Wanted {
        name: form.text("name").unwrap_or_default(),
        kind: form.get("kind").and_then(FieldType::from_key).ok_or_else(Failure::bad_request)?,
        choices: form.get("choices").unwrap_or_default().lines().map(str::to_owned).collect(),
        note: form.text("note"),
        retired: form.get("retired").is_some(),
    };
    match custom_fields::define(&posted.person.ctx, wanted.clone()).await {
        Ok(()) => Ok(Redirect::to("/settings/fields").into_response()),
        Err(AppError::Invalid(msg)) => page(&posted.person, Some((wanted, msg))).await,
        Err(error) => Err(error.into()),
    }
}
