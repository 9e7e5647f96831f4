//! Home: what to do, and the state in numbers.

use crate::failure::Failure;
use crate::page::{Entry, Page, render};
use crate::session::Person;
use crate::state::WebState;
use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use tomomori_app::home::{self, Home};
use tomomori_domain::Msg;

pub(crate) fn routes() -> Router<WebState> {
    Router::new().route("/", get(show))
}

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    p: Page,
    home: Home,
}

async fn show(person: Person) -> Result<Response, Failure> {
    let home = home::home(&person.ctx).await?;
    Ok(render(&HomePage { p: Page::of(&person, Entry::Home), home }))
}
