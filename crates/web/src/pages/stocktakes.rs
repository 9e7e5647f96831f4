//! Rounds of stocktaking: list, start, progress, closing, papers.

use crate::failure::Failure;
use crate::page::{Entry, Page, render};
use crate::pages::fields::{Fields, day};
use crate::pages::lists::download;
use crate::session::{Person, Posted};
use crate::state::WebState;
use askama::Template;
use axum::Router;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use tomomori_app::AppError;
use tomomori_app::stocktake::{self, Choices, Close, Follow, PaperLang, RoundView, Start};
use tomomori_domain::Msg;
use tomomori_domain::access::PermissionKind;
use tomomori_domain::ids::StocktakeId;
use tomomori_domain::resource::ResourceKind;
use tomomori_domain::stocktake::{Line, Outcome, Round, Scope, Settled, StocktakeState, Tally};
use tomomori_i18n::Lang;

pub(crate) fn routes() -> Router<WebState> {
    Router::new()
        .route("/stocktakes", get(list).post(start))
        .route("/stocktakes/{id}", get(show))
        .route("/stocktakes/{id}/close", get(closing).post(close))
        .route("/stocktakes/{id}/follow", post(follow))
        .route("/stocktakes/{id}/sheet.pdf", get(sheet_pdf))
        .route("/stocktakes/{id}/result.pdf", get(result_pdf))
        .route("/stocktakes/{id}/result.xlsx", get(result_xlsx))
}

/// Id of a round in a path; what is no id does not exist.
pub(crate) fn id_of(text: &str) -> Result<StocktakeId, Failure> {
    text.parse().map_err(|_| Failure::not_found())
}

/// Zone and location of a group of lines.
pub(crate) fn place_name(page: &Page, lines: &[Line]) -> String {
    match lines.first().map(Line::place) {
        Some((Some(zone), Some(location))) => format!("{zone} / {location}"),
        Some((Some(one), None) | (None, Some(one))) => one.to_owned(),
        _ => page.t("stocktake-no-place"),
    }
}

fn may_write(person: &Person) -> bool {
    person.ctx.actor.may(PermissionKind::WriteLedger)
}

#[derive(Template)]
#[template(path = "stocktakes.html")]
struct ListPage {
    p: Page,
    rounds: Vec<Round>,
    choices: Choices,
    kinds: &'static [ResourceKind],
    name: String,
    due: String,
    error: Option<String>,
    may_write: bool,
}

async fn list_page(person: &Person, given: &Fields, error: Option<String>) -> Result<Response, Failure> {
    let (rounds, choices) = stocktake::list(&person.ctx).await?;
    let year = tomomori_domain::date::fiscal_year(person.ctx.today());
    let default = || person.tr(&Msg::new("stocktake-name-default").arg("year", format!("{year}")));
    Ok(render(&ListPage {
        p: Page::of(person, Entry::Stocktakes),
        rounds,
        choices,
        kinds: ResourceKind::ALL,
        name: given.text("name").unwrap_or_else(default),
        due: given.text("due").unwrap_or_default(),
        error,
        may_write: may_write(person),
    }))
}

async fn list(person: Person) -> Result<Response, Failure> {
    list_page(&person, &Fields::default(), None).await
}

async fn start(posted: Posted<Fields>) -> Result<Response, Failure> {
    let (person, form) = (&posted.person, &posted.form);
    let command = form.day("due").map(|due| Start {
        name: form.text("name").unwrap_or_default(),
        scope: Scope {
            zones: form.all("zone").filter_map(|id| id.parse().ok()).collect(),
            locations: form.all("location").map(str::to_owned).collect(),
            kinds: form.all("kind").filter_map(ResourceKind::from_key).collect(),
            vendor: form.get("vendor").and_then(|id| id.parse().ok()),
        },
        due,
    });
    let started = match command {
        Ok(command) => stocktake::start(&person.ctx, command).await,
        Err(msg) => Err(AppError::Invalid(msg)),
    };
    match started {
        Ok(id) => Ok(Redirect::to(&format!("/stocktakes/{id}")).into_response()),
        Err(AppError::Invalid(msg)) => list_page(person, form, Some(person.tr(&msg))).await,
        Err(error) => Err(error.into()),
    }
}

/// One place with its counts.
struct PlaceRow {
    at: usize,
    name: String,
    tally: Tally,
}

#[derive(Template)]
#[template(path = "stocktake.html")]
struct RoundPage {
    p: Page,
    view: RoundView,
    tally: Tally,
    places: Vec<PlaceRow>,
    closed: bool,
    may_write: bool,
}

impl RoundPage {
    fn missing(&self) -> Vec<&Line> {
        self.view.round.with(Outcome::Missing).collect()
    }

    fn moved(&self) -> Vec<&Line> {
        self.view.round.with(Outcome::Elsewhere).collect()
    }
}

async fn show(person: Person, Path(id): Path<String>) -> Result<Response, Failure> {
    let view = stocktake::view(&person.ctx, id_of(&id)?).await?;
    let p = Page::of(&person, Entry::Stocktakes);
    let places = view.round.places();
    let row = |(at, lines): (usize, &&[Line])| PlaceRow { at, name: place_name(&p, lines), tally: Tally::of(*lines) };
    let places = places.iter().enumerate().map(row).collect();
    let closed = view.round.stocktake.state() == StocktakeState::Closed;
    Ok(render(&RoundPage { tally: view.round.tally(), places, closed, may_write: may_write(&person), p, view }))
}

#[derive(Template)]
#[template(path = "stocktake_close.html")]
struct ClosePage {
    p: Page,
    round: Round,
    tally: Tally,
}

impl ClosePage {
    fn missing(&self) -> Vec<&Line> {
        self.round.with(Outcome::Missing).collect()
    }
}

async fn closing(person: Person, Path(id): Path<String>) -> Result<Response, Failure> {
    let round = stocktake::view(&person.ctx, id_of(&id)?).await?.round;
    person.ctx.actor.require::<tomomori_domain::access::permission::WriteLedger>().map_err(AppError::from)?;
    if round.stocktake.state() == StocktakeState::Closed {
        return Ok(Redirect::to(&format!("/stocktakes/{id}")).into_response());
    }
    Ok(render(&ClosePage { p: Page::of(&person, Entry::Stocktakes), tally: round.tally(), round }))
}

async fn close(Path(id): Path<String>, posted: Posted<Fields>) -> Result<Response, Failure> {
    let (person, form) = (&posted.person, &posted.form);
    let id = id_of(&id)?;
    let mut follow = Vec::new();
    for (row, owner) in form.rows("owner-") {
        let Ok(item) = row.parse() else { continue };
        let due = form.get(&format!("due-{row}")).map(day).transpose().map_err(AppError::Invalid)?;
        follow.push(Follow { item, owner: Some(owner.to_owned()), due });
    }
    let extras = form.rows("extra-").filter_map(|(row, _)| row.parse().ok()).collect();
    stocktake::close(&person.ctx, id, Close { extras, follow }).await?;
    Ok(Redirect::to(&format!("/stocktakes/{id}")).into_response())
}

async fn follow(Path(id): Path<String>, posted: Posted<Fields>) -> Result<Response, Failure> {
    let (person, form) = (&posted.person, &posted.form);
    let id = id_of(&id)?;
    // The round first, so that a form that cannot be read says nothing about whose round it is.
    stocktake::view(&person.ctx, id).await?;
    let item = form.get("item").and_then(|item| item.parse().ok()).ok_or_else(Failure::bad_request)?;
    let due = form.day("due").map_err(AppError::Invalid)?;
    let settled = form.get("settled").and_then(Settled::from_key);
    stocktake::follow(&person.ctx, id, Follow { item, owner: form.text("owner"), due }, settled).await?;
    Ok(Redirect::to(&format!("/stocktakes/{id}#missing")).into_response())
}

fn paper_lang(person: &Person) -> PaperLang {
    match person.lang {
        Lang::Ja => PaperLang::Ja,
        Lang::En => PaperLang::En,
    }
}

/// A paper as a file.
fn paper(bytes: Vec<u8>, name: &str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.pdf\"")),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
    ];
    (headers, bytes).into_response()
}

async fn sheet_pdf(person: Person, Path(id): Path<String>) -> Result<Response, Failure> {
    let tr = |msg: &Msg| person.tr(msg);
    let bytes = stocktake::sheet_pdf(&person.ctx, id_of(&id)?, paper_lang(&person), &tr).await?;
    Ok(paper(bytes, "stocktake_sheet"))
}

async fn result_pdf(person: Person, Path(id): Path<String>) -> Result<Response, Failure> {
    let tr = |msg: &Msg| person.tr(msg);
    let bytes = stocktake::result_pdf(&person.ctx, id_of(&id)?, paper_lang(&person), &tr).await?;
    Ok(paper(bytes, "stocktake_result"))
}

async fn result_xlsx(person: Person, Path(id): Path<String>) -> Result<Response, Failure> {
    let tr = |msg: &Msg| person.tr(msg);
    let bytes = stocktake::result_xlsx(&person.ctx, id_of(&id)?, &tr).await?;
    Ok(download(bytes, "stocktake", &person.tr(&Msg::new("stocktake-result-title")), person.ctx.today()))
}
