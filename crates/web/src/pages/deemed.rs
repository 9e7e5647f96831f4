//! みなし遵守: the servers that stand in the way, and why.

use crate::failure::Failure;
use crate::page::{Entry, Page, render};
use crate::pages::lists::download;
use crate::session::Person;
use crate::state::WebState;
use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use tomomori_app::agreements::deemed::{self, Deemed};
use tomomori_domain::Msg;

pub(crate) fn routes() -> Router<WebState> {
    Router::new().route("/deemed", get(show)).route("/deemed.xlsx", get(workbook))
}

#[derive(Template)]
#[template(path = "deemed.html")]
struct DeemedPage {
    p: Page,
    tab: &'static str,
    d: Deemed,
}

async fn show(person: Person) -> Result<Response, Failure> {
    let d = deemed::deemed(&person.ctx).await?;
    Ok(render(&DeemedPage { p: Page::of(&person, Entry::Contracts), tab: "deemed", d }))
}

async fn workbook(person: Person) -> Result<Response, Failure> {
    let bytes = deemed::xlsx(&person.ctx, &|msg| person.tr(msg)).await?;
    Ok(download(bytes, "deemed", &person.tr(&Msg::new("deemed-title")), person.ctx.today()))
}
