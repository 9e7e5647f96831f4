//! The system diagram, as a page and as a file.

use crate::failure::Failure;
use crate::page::{Entry, Page, render};
use crate::session::Person;
use crate::state::WebState;
use askama::Template;
use axum::Router;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tomomori_app::diagram;

pub(crate) fn routes() -> Router<WebState> {
    Router::new().route("/diagram", get(show)).route("/diagram.svg", get(file))
}

#[derive(Template)]
#[template(path = "diagram.html")]
struct DiagramPage {
    p: Page,
    /// Drawn by `diagram`, which escapes every text.
    svg: String,
    /// Lines that found no way; listed, so that nothing is lost.
    undrawn: Vec<String>,
}

async fn show(person: Person) -> Result<Response, Failure> {
    let drawn = diagram::svg(&person.ctx, &|msg| person.tr(msg)).await?;
    Ok(render(&DiagramPage { p: Page::of(&person, Entry::Diagram), svg: drawn.page, undrawn: drawn.undrawn }))
}

async fn file(person: Person) -> Result<Response, Failure> {
    Ok(download(diagram::svg(&person.ctx, &|msg| person.tr(msg)).await?.file))
}

/// An SVG as a file: opened by itself it may load and run nothing.
pub(crate) fn download(svg: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"diagram.svg\""),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
    ];
    (headers, svg).into_response()
}
