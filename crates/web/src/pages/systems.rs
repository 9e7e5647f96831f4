//! Systems: the list with what the ledger suggests, and one system with its devices.

use crate::failure::Failure;
use crate::page::{Entry, Page, render};
use crate::pages::fields::Fields;
use crate::pages::terms_form::ids;
use crate::session::{Person, Posted};
use crate::state::WebState;
use askama::Template;
use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use tomomori_app::AppError;
use tomomori_app::agreements::systems::{self, SystemList, SystemView};
use tomomori_app::agreements::{self, MAX_FOUND, Named};
use tomomori_domain::Msg;
use tomomori_domain::access::PermissionKind;
use tomomori_domain::agreement::System;
use tomomori_domain::ids::ResourceId;
use uuid::Uuid;

pub(crate) fn routes() -> Router<WebState> {
    Router::new()
        .route("/systems", get(list).post(new))
        .route("/systems/accept", post(accept))
        .route("/systems/{id}", get(show).post(save))
}

#[derive(Template)]
#[template(path = "systems.html")]
struct ListPage {
    p: Page,
    tab: &'static str,
    list: SystemList,
    name: String,
    error: Option<String>,
    may_write: bool,
}

async fn list_page(person: &Person, refused: Option<(String, Msg)>) -> Result<Response, Failure> {
    let list = systems::list(&person.ctx).await?;
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let (name, error) = refused.map(|(name, msg)| (name, person.tr(&msg))).unzip();
    let page = ListPage {
        p: Page::of(person, Entry::Contracts),
        tab: "systems",
        list,
        name: name.unwrap_or_default(),
        error,
        may_write: person.ctx.actor.may(PermissionKind::WriteAgreements),
    };
    Ok((status, render(&page)).into_response())
}

async fn list(person: Person) -> Result<Response, Failure> {
    list_page(&person, None).await
}

async fn accept(posted: Posted<Fields>) -> Result<Response, Failure> {
    systems::accept(&posted.person.ctx, posted.form.get("name").unwrap_or_default()).await?;
    Ok(Redirect::to("/systems").into_response())
}

async fn new(posted: Posted<Fields>) -> Result<Response, Failure> {
    let name = posted.form.text("name").unwrap_or_default();
    let id = Uuid::now_v7();
    let system = System { name: name.clone(), ..System::default() };
    match systems::put(&posted.person.ctx, id, 0, system).await {
        Ok(_) => Ok(Redirect::to(&format!("/systems/{id}")).into_response()),
        Err(AppError::Invalid(msg)) => list_page(&posted.person, Some((name, msg))).await,
        Err(error) => Err(error.into()),
    }
}

/// What is typed.
struct Draft {
    revision: i64,
    name: String,
    retired: bool,
    devices: Vec<Named<ResourceId>>,
    words: String,
    found: Option<(Vec<Named<ResourceId>>, usize)>,
}

#[derive(Template)]
#[template(path = "system.html")]
struct SystemPage {
    p: Page,
    v: SystemView,
    draft: Draft,
    open: bool,
    error: Option<String>,
    clash: bool,
    may_write: bool,
}

async fn page(
    person: &Person,
    id: Uuid,
    draft: Option<Draft>,
    (status, error): (StatusCode, Option<Msg>),
) -> Result<Response, Failure> {
    let v = systems::system(&person.ctx, id).await?;
    let open = draft.is_some();
    let system = &v.document.content;
    let clash = status == StatusCode::CONFLICT;
    let mut draft = draft.unwrap_or_else(|| Draft {
        revision: v.document.revision,
        name: system.name.clone(),
        retired: system.retired,
        devices: v.devices.clone(),
        words: String::new(),
        found: None,
    });
    if clash {
        draft.revision = v.document.revision;
    }
    let page = SystemPage {
        p: Page::of(person, Entry::Contracts),
        draft,
        open,
        error: error.map(|msg| person.tr(&msg)),
        clash,
        may_write: person.ctx.actor.may(PermissionKind::WriteAgreements),
        v,
    };
    Ok((status, render(&page)).into_response())
}

fn parse(id: &str) -> Result<Uuid, Failure> {
    id.parse().map_err(|_| Failure::not_found())
}

async fn show(person: Person, Path(id): Path<String>) -> Result<Response, Failure> {
    page(&person, parse(&id)?, None, (StatusCode::OK, None)).await
}

async fn save(Path(id): Path<String>, posted: Posted<Fields>) -> Result<Response, Failure> {
    let (person, form, id) = (&posted.person, &posted.form, parse(&id)?);
    systems::system(&person.ctx, id).await?;
    let chosen: Vec<ResourceId> = ids(form, "device")?;
    let mut draft = Draft {
        revision: form.get("revision").and_then(|text| text.parse().ok()).ok_or_else(Failure::bad_request)?,
        name: form.text("name").unwrap_or_default(),
        retired: form.get("retired").is_some(),
        devices: agreements::names_of(&person.ctx, &chosen).await?,
        words: form.text("words").unwrap_or_default(),
        found: None,
    };
    if form.get("act") != Some("save") {
        if !person.ctx.actor.may(PermissionKind::WriteAgreements) {
            return Err(Failure::new(StatusCode::FORBIDDEN, Msg::new("error-denied")));
        }
        let (mut found, count) = agreements::find_devices(&person.ctx, &draft.words).await?;
        found.retain(|device| !draft.devices.contains(device));
        draft.found = Some((found, count));
        return page(person, id, Some(draft), (StatusCode::OK, None)).await;
    }
    let system = System { name: draft.name.clone(), resources: chosen, retired: draft.retired };
    match systems::put(&person.ctx, id, draft.revision, system).await {
        Ok(_) => Ok(Redirect::to(&format!("/systems/{id}")).into_response()),
        Err(AppError::Invalid(msg)) => {
            page(person, id, Some(draft), (StatusCode::UNPROCESSABLE_ENTITY, Some(msg))).await
        }
        Err(AppError::Conflict(_)) => page(person, id, Some(draft), (StatusCode::CONFLICT, None)).await,
        Err(error) => Err(error.into()),
    }
}
