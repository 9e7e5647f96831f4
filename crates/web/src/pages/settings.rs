//! One's own API tokens, and who belongs to the tenant.

use crate::failure::Failure;
use crate::page::{Entry, Page, render};
use crate::session::{Person, Posted};
use crate::state::WebState;
use askama::Template;
use axum::Router;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use tomomori_app::AppError;
use tomomori_app::session::{self, ApiToken, Member};
use tomomori_domain::Msg;
use tomomori_domain::access::PermissionKind;

pub(crate) fn routes() -> Router<WebState> {
    Router::new()
        .route("/settings", get(show))
        .route("/settings/tokens", post(create))
        .route("/settings/tokens/{id}/revoke", post(revoke))
}

#[derive(Template)]
#[template(path = "settings.html")]
struct SettingsPage {
    p: Page,
    tokens: Vec<ApiToken>,
    members: Option<Vec<Member>>,
    /// Secret of the token just made; shown this once.
    created: Option<String>,
    error: Option<String>,
    may_read_agreements: bool,
}

async fn page(person: &Person, created: Option<String>, error: Option<String>) -> Result<Response, Failure> {
    let tokens = session::tokens(&person.ctx).await?;
    let members = match person.ctx.actor.may(PermissionKind::ManageUsers) {
        true => Some(session::members(&person.ctx).await?),
        false => None,
    };
    let may_read_agreements = person.ctx.actor.may(PermissionKind::ReadAgreements);
    let p = Page::of(person, Entry::Settings);
    Ok(render(&SettingsPage { p, tokens, members, created, error, may_read_agreements }))
}

async fn show(person: Person) -> Result<Response, Failure> {
    page(&person, None, None).await
}

#[derive(Deserialize)]
struct NewToken {
    name: String,
}

async fn create(posted: Posted<NewToken>) -> Result<Response, Failure> {
    match session::create_token(&posted.person.ctx, &posted.form.name).await {
        Ok(secret) => page(&posted.person, Some(secret), None).await,
        Err(AppError::Invalid(msg)) => page(&posted.person, None, Some(posted.person.tr(&msg))).await,
        Err(error) => Err(error.into()),
    }
}

#[derive(Deserialize)]
struct Nothing {}

async fn revoke(Path(id): Path<String>, posted: Posted<Nothing>) -> Result<Response, Failure> {
    let Nothing {} = posted.form;
    let id = id.parse().map_err(|_| Failure::not_found())?;
    session::revoke_token(&posted.person.ctx, id).await?;
    Ok(Redirect::to("/settings").into_response())
}
