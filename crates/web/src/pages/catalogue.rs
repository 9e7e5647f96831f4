//! How fresh the vulnerability information is, per source (情報の鮮度).

use crate::page::{Entry, Page, render};
use crate::session::Person;
use crate::state::WebState;
use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use tomomori_app::catalogue::{self, Freshness};
use tomomori_domain::Msg;

pub(crate) fn routes() -> Router<WebState> {
    Router::new().route("/catalogue", get(show))
}

#[derive(Template)]
#[template(path = "catalogue.html")]
struct CataloguePage {
    p: Page,
    freshness: Freshness,
}

async fn show(person: Person) -> Response {
    let freshness = catalogue::freshness(&person.ctx);
    render(&CataloguePage { p: Page::of(&person, Entry::Findings), freshness })
}
