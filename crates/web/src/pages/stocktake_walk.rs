//! The walk with a phone, and entering from paper. Without scripts every answer is a form; `ui/src/stocktake.ts` makes the
//! same page work while there is no network.

use crate::failure::Failure;
use crate::page::{Entry, Page, render};
use crate::pages::fields::Fields;
use crate::pages::stocktakes::{id_of, place_name};
use crate::session::{Person, Posted};
use crate::state::WebState;
use askama::Template;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use tomomori_app::AppError;
use tomomori_app::stocktake::{self, Given};
use tomomori_domain::access::permission::WriteLedger;
use tomomori_domain::ids::{AnswerId, StocktakeItemId};
use tomomori_domain::resource::ResourceKind;
use tomomori_domain::stocktake::{Line, Means, Outcome, Round, StocktakeState, Tally};
use tomomori_domain::{Msg, text};

pub(crate) fn routes() -> Router<WebState> {
    Router::new()
        .route("/stocktakes/{id}/walk", get(walk))
        .route("/stocktakes/{id}/items.json", get(items))
        .route("/stocktakes/{id}/answer", post(answer))
        .route("/stocktakes/{id}/answers", post(answers))
        .route("/stocktakes/{id}/paper", get(paper).post(paper_answers))
}

/// Rows of one page of paper entry: a sheet of paper has about as many.
const PAPER_ROWS: usize = 60;

#[derive(Debug, Default, Deserialize)]
struct At {
    /// Which place, counted from 0 in the order of the walk.
    place: Option<usize>,
    /// Which item is in front of one.
    item: Option<String>,
    /// What is written on it.
    q: Option<String>,
    /// First row, for paper.
    from: Option<usize>,
    /// How many answers were just recorded.
    saved: Option<usize>,
}

struct PlaceChip {
    at: usize,
    name: String,
    tally: Tally,
    on: bool,
}

fn chips(p: &Page, round: &Round, here: usize) -> Vec<PlaceChip> {
    let places = round.places().into_iter().enumerate();
    places
        .map(|(at, lines)| PlaceChip { at, name: place_name(p, lines), tally: Tally::of(lines), on: at == here })
        .collect()
}

/// Places known in the round, to choose from when something stands elsewhere.
fn known_places(round: &Round) -> Vec<String> {
    let mut places: Vec<String> = round.lines.iter().filter_map(|line| line.item.location.clone()).collect();
    places.sort_unstable();
    places.dedup();
    places
}

#[derive(Template)]
#[template(path = "stocktake_walk.html")]
struct WalkPage {
    p: Page,
    round: Round,
    tally: Tally,
    chips: Vec<PlaceChip>,
    here: usize,
    card: Option<Line>,
    rows: Vec<Line>,
    q: String,
    known: Vec<String>,
    kinds: &'static [ResourceKind],
    /// Keeps what one person has not sent apart from another's on the same device.
    owner: String,
}

/// A round that takes answers, for somebody who may give them.
async fn open_round(person: &Person, id: &str) -> Result<Result<Round, Response>, Failure> {
    let round = stocktake::view(&person.ctx, id_of(id)?).await?.round;
    person.ctx.actor.require::<WriteLedger>().map_err(AppError::from)?;
    Ok(match round.stocktake.state() {
        StocktakeState::Open => Ok(round),
        StocktakeState::Closed => Err(Redirect::to(&format!("/stocktakes/{id}")).into_response()),
    })
}

/// The place to be at: the one asked for, or the first where something is left to do.
fn place_at(round: &Round, asked: Option<usize>) -> usize {
    let places = round.places();
    let open = || places.iter().position(|lines| lines.iter().any(|line| line.answer.is_none()));
    asked.filter(|at| *at < places.len()).or_else(open).unwrap_or(0)
}

async fn walk(person: Person, Path(id): Path<String>, Query(at): Query<At>) -> Result<Response, Failure> {
    let round = match open_round(&person, &id).await? {
        Ok(round) => round,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let p = Page::of(&person, Entry::Stocktakes);
    let here = place_at(&round, at.place);
    let q = at.q.unwrap_or_default();
    let rows: Vec<Line> = match text::fold(&q) {
        words if words.is_empty() => round.places().get(here).map(|lines| lines.to_vec()).unwrap_or_default(),
        words => round.lines.iter().filter(|line| matches(line, &words)).take(50).cloned().collect(),
    };
    let wanted = at.item.as_deref().and_then(|id| id.parse::<StocktakeItemId>().ok());
    let card = match wanted {
        Some(id) => round.lines.iter().find(|line| line.item.id == id),
        None => rows.iter().find(|line| line.answer.is_none()).or_else(|| rows.first().filter(|_| rows.len() == 1)),
    };
    let owner = person.ctx.actor.user.map(|id| id.to_string()).unwrap_or_default();
    Ok(render(&WalkPage {
        tally: round.tally(),
        chips: chips(&p, &round, here),
        here,
        card: card.cloned(),
        known: known_places(&round),
        kinds: ResourceKind::ALL,
        owner: owner.rsplit('-').next().unwrap_or_default().to_owned(),
        rows,
        q,
        round,
        p,
    }))
}

fn matches(line: &Line, words: &str) -> bool {
    let item = &line.item;
    let texts = [Some(&item.name), item.asset_number.as_ref(), item.serial.as_ref()];
    texts.into_iter().flatten().any(|text| text::fold(text).contains(words))
}

/// What a phone keeps: the items, and nothing about people.
#[derive(Serialize)]
struct Items {
    places: Vec<String>,
    items: Vec<ItemView>,
}

#[derive(Serialize)]
struct ItemView {
    id: StocktakeItemId,
    /// Index into `places`.
    at: usize,
    name: String,
    number: Option<String>,
    product: Option<String>,
    serial: Option<String>,
    outcome: Option<Outcome>,
    place: Option<String>,
    /// How long ago the answer was given, so that an answer of the phone can be compared with it.
    ago: i64,
}

async fn items(person: Person, Path(id): Path<String>) -> Result<Response, Failure> {
    let round = match open_round(&person, &id).await? {
        Ok(round) => round,
        Err(_) => return Err(AppError::Conflict(Msg::new("stocktake-is-closed")).into()),
    };
    let p = Page::of(&person, Entry::Stocktakes);
    let now = person.ctx.now();
    let mut found = Items { places: Vec::new(), items: Vec::new() };
    for (at, lines) in round.places().into_iter().enumerate() {
        found.places.push(place_name(&p, lines));
        found.items.extend(lines.iter().cloned().map(|line| ItemView {
            id: line.item.id,
            at,
            name: line.item.name,
            number: line.item.asset_number,
            product: line.item.product,
            serial: line.item.serial,
            outcome: line.answer.as_ref().map(|answer| answer.outcome),
            ago: line.answer.as_ref().map_or(0, |answer| now.as_millisecond() - answer.at.as_millisecond()),
            place: line.answer.and_then(|answer| answer.place),
        }));
    }
    Ok(Json(found).into_response())
}

/// One answer from a form.
async fn answer(Path(id): Path<String>, posted: Posted<Fields>) -> Result<Response, Failure> {
    let (person, form) = (&posted.person, &posted.form);
    let round = match open_round(person, &id).await? {
        Ok(round) => round,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let outcome = form.get("outcome").and_then(Outcome::from_key).ok_or_else(Failure::bad_request)?;
    let item: Option<StocktakeItemId> = form.get("item").and_then(|item| item.parse().ok());
    let given = Given {
        id: form.get("answer").and_then(|id| id.parse().ok()).unwrap_or_else(AnswerId::generate),
        item,
        outcome,
        place: form.text("place"),
        note: form.text("note"),
        name: form.text("name"),
        kind: form.get("kind").and_then(ResourceKind::from_key),
        label: form.text("label"),
        ago_ms: 0,
        means: Means::Phone,
    };
    stocktake::answer(&person.ctx, round.stocktake.id, vec![given]).await?;
    let here = form.get("here").and_then(|here| here.parse::<usize>().ok());
    // At the end of a place the walk goes on where something is left.
    let left = here
        .and_then(|at| round.places().get(at).copied())
        .is_some_and(|lines| lines.iter().any(|line| line.answer.is_none() && Some(line.item.id) != item));
    let next = match here {
        Some(here) if left => format!("/stocktakes/{id}/walk?place={here}"),
        _ => format!("/stocktakes/{id}/walk"),
    };
    Ok(Redirect::to(&next).into_response())
}

/// An answer as a phone sends it.
#[derive(Deserialize)]
struct Sent {
    id: AnswerId,
    item: Option<StocktakeItemId>,
    outcome: Outcome,
    place: Option<String>,
    note: Option<String>,
    name: Option<String>,
    kind: Option<ResourceKind>,
    label: Option<String>,
    /// Milliseconds before it was sent.
    ago: i64,
}

#[derive(Serialize)]
struct Taken {
    /// How many were not known before.
    new: usize,
}

/// Answers of a phone, as JSON in a form so that the token stands where it always stands.
async fn answers(Path(id): Path<String>, posted: Posted<Fields>) -> Result<Json<Taken>, Failure> {
    let (person, form) = (&posted.person, &posted.form);
    let id = id_of(&id)?;
    stocktake::view(&person.ctx, id).await?;
    let sent: Vec<Sent> =
        serde_json::from_str(form.get("answers").unwrap_or("[]")).map_err(|_| Failure::bad_request())?;
    let given = sent.into_iter().map(|sent| Given {
        id: sent.id,
        item: sent.item,
        outcome: sent.outcome,
        place: sent.place,
        note: sent.note,
        name: sent.name,
        kind: sent.kind,
        label: sent.label,
        ago_ms: sent.ago,
        means: Means::Phone,
    });
    Ok(Json(Taken { new: stocktake::answer(&person.ctx, id, given.collect()).await? }))
}

#[derive(Template)]
#[template(path = "stocktake_paper.html")]
struct PaperPage {
    p: Page,
    round: Round,
    chips: Vec<PlaceChip>,
    here: usize,
    rows: Vec<Line>,
    from: usize,
    /// First rows of the place's other pages.
    pages: Vec<usize>,
    known: Vec<String>,
    saved: Option<usize>,
}

async fn paper(person: Person, Path(id): Path<String>, Query(at): Query<At>) -> Result<Response, Failure> {
    let round = match open_round(&person, &id).await? {
        Ok(round) => round,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let p = Page::of(&person, Entry::Stocktakes);
    let here = place_at(&round, at.place);
    let lines: Vec<Line> = round.places().get(here).map(|lines| lines.to_vec()).unwrap_or_default();
    let from = at.from.filter(|from| *from < lines.len()).unwrap_or(0);
    Ok(render(&PaperPage {
        chips: chips(&p, &round, here),
        pages: (0..lines.len()).step_by(PAPER_ROWS).collect(),
        rows: lines.into_iter().skip(from).take(PAPER_ROWS).collect(),
        known: known_places(&round),
        saved: at.saved,
        here,
        from,
        round,
        p,
    }))
}

/// All rows of one page; rows that say what stands already are nothing new.
async fn paper_answers(Path(id): Path<String>, posted: Posted<Fields>) -> Result<Response, Failure> {
    let (person, form) = (&posted.person, &posted.form);
    let round = match open_round(person, &id).await? {
        Ok(round) => round,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let mut given = Vec::new();
    for (row, outcome) in form.rows("r-") {
        let (Ok(item), Some(outcome)) = (row.parse::<StocktakeItemId>(), Outcome::from_key(outcome)) else { continue };
        let place = form.text(&format!("p-{row}")).filter(|_| outcome == Outcome::Elsewhere);
        let note = form.text(&format!("n-{row}"));
        let line = round.lines.iter().find(|line| line.item.id == item);
        let stands = line.and_then(|line| line.answer.as_ref());
        if stands.is_some_and(|a| a.outcome == outcome && a.place == place && a.note == note) {
            continue;
        }
        let (id, kind, means) = (AnswerId::generate(), None, Means::Paper);
        given.push(Given {
            id,
            item: Some(item),
            outcome,
            place,
            note,
            name: None,
            kind,
            label: None,
            ago_ms: 0,
            means,
        });
    }
    if let Some(name) = form.text("name") {
        given.push(Given {
            id: AnswerId::generate(),
            item: None,
            outcome: Outcome::Extra,
            place: form.text("place"),
            note: form.text("note"),
            name: Some(name),
            kind: None,
            label: form.text("label"),
            ago_ms: 0,
            means: Means::Paper,
        });
    }
    let saved = stocktake::answer(&person.ctx, round.stocktake.id, given).await?;
    let here = form.get("here").and_then(|here| here.parse::<usize>().ok()).unwrap_or(0);
    let from = form.get("from").and_then(|from| from.parse::<usize>().ok()).unwrap_or(0) + PAPER_ROWS;
    let rows = round.places().get(here).map_or(0, |lines| lines.len());
    let next = match from < rows {
        true => format!("place={here}&from={from}"),
        false if here + 1 < round.places().len() => format!("place={}", here + 1),
        false => format!("place={here}"),
    };
    Ok(Redirect::to(&format!("/stocktakes/{id}/paper?{next}&saved={saved}")).into_response())
}
