//! One joint (接続点): the two sides, what is to be settled, and whether both vendors see it.

use crate::failure::Failure;
use crate::page::{Entry, Page, render};
use crate::session::{Person, Posted};
use crate::state::WebState;
use askama::Template;
use axum::Router;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use std::collections::BTreeMap;
use tomomori_app::joints::{self, JointTopic, JointView};
use tomomori_domain::Msg;
use tomomori_domain::access::PermissionKind;
use tomomori_domain::ids::LineId;

pub(crate) fn routes() -> Router<WebState> {
    Router::new().route("/joints/{id}", get(show).merge(post(settle))).route("/joints/{id}/open", post(open))
}

#[derive(Template)]
#[template(path = "joint.html")]
struct JointPage {
    p: Page,
    v: JointView,
    may_write: bool,
}

impl JointPage {
    fn side(&self, name: &Option<String>) -> String {
        name.clone().unwrap_or_else(|| self.p.t("roles-hospital"))
    }
}

fn parse(id: &str) -> Result<LineId, Failure> {
    id.parse().map_err(|_| Failure::not_found())
}

async fn show(person: Person, Path(id): Path<String>) -> Result<Response, Failure> {
    let v = joints::view(&person.ctx, parse(&id)?).await?;
    let may_write = person.ctx.actor.may(PermissionKind::WriteAgreements) && v.sides.is_some();
    Ok(render(&JointPage { p: Page::of(&person, Entry::Roles), v, may_write }))
}

/// `t-TOPIC` holds what was settled, `revision` the version the page showed.
type Named = BTreeMap<String, String>;

/// Whether the line is there is said before anything about the form.
async fn known(person: &Person, id: &str) -> Result<LineId, Failure> {
    Ok(joints::view(&person.ctx, parse(id)?).await?.line.id)
}

fn revision(form: &Named) -> Result<i64, Failure> {
    form.get("revision").and_then(|text| text.parse().ok()).ok_or_else(Failure::bad_request)
}

async fn settle(Path(id): Path<String>, posted: Posted<Named>) -> Result<Response, Failure> {
    let id = known(&posted.person, &id).await?;
    let texts = JointTopic::ALL.iter().filter_map(|topic| {
        let text = posted.form.get(&format!("t-{}", topic.key()))?;
        Some((*topic, text.clone()))
    });
    joints::settle(&posted.person.ctx, id, revision(&posted.form)?, &texts.collect()).await?;
    Ok(Redirect::to(&format!("/joints/{id}")).into_response())
}

async fn open(Path(id): Path<String>, posted: Posted<Named>) -> Result<Response, Failure> {
    let id = known(&posted.person, &id).await?;
    let opened = posted.form.get("opened").is_some_and(|text| text == "true");
    joints::set_open(&posted.person.ctx, id, revision(&posted.form)?, opened).await?;
    Ok(Redirect::to(&format!("/joints/{id}")).into_response())
}
