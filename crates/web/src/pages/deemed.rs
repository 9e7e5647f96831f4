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
use tomomori_app::agreements::deemed::{self, Deemed, Row, Server};
use tomomori_domain::Msg;
use tomomori_domain::agreement::deemed::LayerDuty;

pub(crate) fn routes() -> Router<WebState> {
    Router::new().route("/deemed", get(show)).route("/deemed.xlsx", get(workbook))
}

/// What stands in the way of a server, layers of which the same is said together.
fn obstacles<'a>(p: &Page, server: &'a Server) -> Vec<(String, &'a Row)> {
    let said = |row: &'a Row| {
        let LayerDuty { layer: _, by, contract, clause, obstacle } = &row.duty;
        (by, contract, clause, obstacle)
    };
    let mut groups: Vec<(String, &Row)> = Vec::new();
    for row in server.layers.iter().filter(|row| row.duty.obstacle.is_some()) {
        let layer = p.label(row.duty.layer);
        match groups.iter_mut().find(|(_, known)| said(known) == said(row)) {
            Some((layers, _)) => *layers += &(p.t("list-comma") + &layer),
            None => groups.push((layer, row)),
        }
    }
    groups
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
