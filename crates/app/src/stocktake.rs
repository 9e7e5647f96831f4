//! Stocktake (棚卸): start a round, take answers, close it into one step of the ledger, look for what was missing.
//!
//! Answers come from phones that were offline: twice, late, in any order. Each carries an id made by the phone, so the second
//! delivery is nothing new; which one stands is a rule of the domain.

use crate::edit::{self, Edit};
use crate::{AppError, Ctx};
use jiff::civil::Date;
use std::collections::{HashMap, HashSet};
use tomomori_domain::access::permission::{ReadLedger, WriteLedger};
use tomomori_domain::ids::{AnswerId, ResourceId, StocktakeId, StocktakeItemId};
use tomomori_domain::import::{Field, Place};
use tomomori_domain::record::{ChangeKind, ChangeStep};
use tomomori_domain::resource::{Grade, ResourceKind, ResourceState, Vendor, Zone};
use tomomori_domain::stocktake::{
    Answer, AnswerFault, Item, Means, Outcome, Round, Scope, Settled, Stocktake, StocktakeState, given_at,
};
use tomomori_domain::{Msg, date, text};
use tomomori_store::{AuditEvent, ReadTx, TenantTx};

pub use crate::papers::{result_pdf, result_xlsx, sheet_pdf};
pub use tomomori_report::Lang as PaperLang;

/// Devices of one round: what fits on one paper.
pub const MAX_ITEMS: usize = 5_000;

/// Answers of one delivery: a phone sends the rest afterwards.
pub const MAX_ANSWERS: usize = 500;

/// A round to start.
#[derive(Clone, Debug, Default)]
pub struct Start {
    /// Name; empty = none was given.
    pub name: String,
    /// Which devices.
    pub scope: Scope,
    /// To be done by.
    pub due: Option<Date>,
}

/// An answer as a page or a phone hands it in.
#[derive(Clone, Debug)]
pub struct Given {
    /// Made where the answer was given.
    pub id: AnswerId,
    /// The item; `None` for a thing no ledger knows.
    pub item: Option<StocktakeItemId>,
    /// What was found.
    pub outcome: Outcome,
    /// Where it stands.
    pub place: Option<String>,
    /// Remark.
    pub note: Option<String>,
    /// What it is called, if no ledger knows it.
    pub name: Option<String>,
    /// Its kind, if no ledger knows it.
    pub kind: Option<ResourceKind>,
    /// What is written on it, if no ledger knows it.
    pub label: Option<String>,
    /// How long before it was sent, in milliseconds; phones' clocks are wrong, their stop watches are not.
    pub ago_ms: i64,
    /// On a phone, or from paper.
    pub means: Means,
}

/// How to close a round.
#[derive(Clone, Debug, Default)]
pub struct Close {
    /// Things no ledger knew that become devices.
    pub extras: Vec<AnswerId>,
    /// Who looks for what is missing.
    pub follow: Vec<Follow>,
}

/// Who looks for a missing device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Follow {
    /// The item.
    pub item: StocktakeItemId,
    /// Who.
    pub owner: Option<String>,
    /// Until when.
    pub due: Option<Date>,
}

/// A round in the list.
#[derive(Clone, Debug)]
pub struct RoundView {
    /// The round with its items and answers.
    pub round: Round,
    /// The step by which the ledger was written.
    pub step: Option<ChangeStep>,
}

/// What a new round can be narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// Zones.
    pub zones: Vec<Zone>,
    /// Places as written in the ledger, with how many devices stand there.
    pub locations: Vec<(String, usize)>,
    /// Vendors.
    pub vendors: Vec<Vendor>,
}

/// The newest rounds with their items, and what a new one can be narrowed to.
///
/// # Errors
/// [`AppError::Denied`].
pub async fn list(ctx: &Ctx) -> Result<(Vec<Round>, Choices), AppError> {
    ctx.actor.require::<ReadLedger>()?;
    let tx = ctx.read().await?;
    let mut rounds = Vec::new();
    for stocktake in tx.stocktakes(50).await? {
        rounds.push(load(&tx, stocktake).await?);
    }
    let mut locations: HashMap<String, usize> = HashMap::new();
    for location in tx.resources().await?.into_iter().filter_map(|device| device.location) {
        *locations.entry(location).or_default() += 1;
    }
    let mut locations: Vec<(String, usize)> = locations.into_iter().collect();
    locations.sort_by_cached_key(|(location, _)| (text::fold(location), location.clone()));
    Ok((rounds, Choices { zones: tx.zones().await?, locations, vendors: tx.vendors().await? }))
}

/// One round.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn view(ctx: &Ctx, id: StocktakeId) -> Result<RoundView, AppError> {
    ctx.actor.require::<ReadLedger>()?;
    let tx = ctx.read().await?;
    let stocktake = tx.stocktake(id).await?;
    let step = match stocktake.step {
        Some(step) => Some(tx.step(step).await?),
        None => None,
    };
    Ok(RoundView { round: load(&tx, stocktake).await?, step })
}

async fn load(tx: &ReadTx, stocktake: Stocktake) -> Result<Round, AppError> {
    let items = tx.stocktake_items(stocktake.id).await?;
    let answers = tx.stocktake_answers(stocktake.id).await?;
    Ok(Round::new(stocktake, items, answers))
}

/// Starts a round over the devices of a scope, as the ledger shows them now.
///
/// # Errors
/// [`AppError::Invalid`] when no device is in the scope, or too many.
pub async fn start(ctx: &Ctx, start: Start) -> Result<StocktakeId, AppError> {
    let grant = ctx.actor.require::<WriteLedger>()?;
    let name = text::tidy(&start.name);
    if name.is_empty() || name.chars().count() > 100 {
        return Err(AppError::Invalid(Msg::new("stocktake-needs-name")));
    }
    let mut tx = ctx.write().await?;
    let zones: HashMap<_, _> = tx.zones().await?.into_iter().map(|zone| (zone.id, zone.name)).collect();
    let devices = tx.resources().await?.into_iter().filter(|device| start.scope.holds(device));
    let items: Vec<Item> = devices
        .map(|device| Item {
            id: StocktakeItemId::generate(),
            resource: device.id,
            name: device.name,
            asset_number: device.asset_number,
            product: device.product,
            serial: device.serial,
            zone: device.zone.and_then(|zone| zones.get(&zone).cloned()),
            location: device.location,
            owner: None,
            due: None,
            settled: None,
        })
        .collect();
    match items.len() {
        0 => return Err(AppError::Invalid(Msg::new("stocktake-nothing"))),
        count if count > MAX_ITEMS => {
            return Err(AppError::Invalid(Msg::new("stocktake-too-many").arg("count", count).arg("limit", MAX_ITEMS)));
        }
        _ => {}
    }
    let stocktake = Stocktake {
        id: StocktakeId::generate(),
        name,
        year: date::fiscal_year(ctx.today()),
        started_at: ctx.now(),
        started_by: ctx.actor.name.clone(),
        scope: start.scope,
        due: start.due,
        closed_at: None,
        closed_by: None,
        step: None,
    };
    tx.add_stocktake(&grant, &stocktake, &items).await?;
    let details = serde_json::json!({ "items": items.len() });
    tx.audit(AuditEvent::new("stocktake.start", subject(stocktake.id)).details(details)).await?;
    tx.commit().await?;
    Ok(stocktake.id)
}

fn subject(id: StocktakeId) -> String {
    format!("stocktake:{id}")
}

/// Takes answers. One that was taken before is nothing new. All or none of a delivery are taken; says how many were new.
///
/// # Errors
/// [`AppError::NotFound`] for another round's item; [`AppError::Conflict`] when the round is closed;
/// [`AppError::Invalid`] for an answer that lacks what it needs, or too many.
pub async fn answer(ctx: &Ctx, id: StocktakeId, given: Vec<Given>) -> Result<usize, AppError> {
    let grant = ctx.actor.require::<WriteLedger>()?;
    let mut tx = ctx.write().await?;
    let round = hold_open(&mut tx, &grant, id).await?;
    if given.len() > MAX_ANSWERS {
        return Err(AppError::Invalid(Msg::new("stocktake-too-many-answers").arg("limit", MAX_ANSWERS)));
    }
    let (now, by) = (ctx.now(), &ctx.actor.name);
    let answers: Result<Vec<Answer>, AnswerFault> = given
        .into_iter()
        .map(|given| {
            Answer {
                id: given.id,
                item: given.item,
                outcome: given.outcome,
                place: given.place,
                note: given.note,
                name: given.name,
                kind: given.kind,
                label: given.label,
                at: given_at(now, given.ago_ms, round.started_at),
                by: by.clone(),
                means: given.means,
            }
            .checked()
        })
        .collect();
    let answers = answers.map_err(|fault| {
        AppError::Invalid(match fault {
            AnswerFault::NoPlace => Msg::new("stocktake-needs-place"),
            AnswerFault::NoName => Msg::new("stocktake-needs-thing"),
            AnswerFault::TooLong => Msg::new("stocktake-too-long"),
            AnswerFault::Item => Msg::new("error-bad-request"),
        })
    })?;
    let mut new: HashSet<AnswerId> = tx.add_answers(&grant, id, &answers).await?.into_iter().collect();
    let arrived = new.len();
    // One answer that came twice in one delivery is one answer.
    for answer in answers.iter().filter(|answer| new.remove(&answer.id)) {
        let details = serde_json::json!({ "answer": answer.id, "item": answer.item, "outcome": answer.outcome.key(),
            "at": answer.at, "means": answer.means.key() });
        tx.audit(AuditEvent::new("stocktake.answer", subject(id)).details(details)).await?;
    }
    tx.commit().await?;
    Ok(arrived)
}

async fn hold_open(
    tx: &mut TenantTx,
    grant: &tomomori_domain::access::Granted<WriteLedger>,
    id: StocktakeId,
) -> Result<Stocktake, AppError> {
    let round = tx.hold_stocktake(grant, id).await?;
    match round.state() {
        StocktakeState::Open => Ok(round),
        StocktakeState::Closed => Err(AppError::Conflict(Msg::new("stocktake-is-closed"))),
    }
}

/// Closes a round: what was seen gets its day, what stood elsewhere its new place, chosen extras become devices, all in one
/// step of the ledger. What was missing keeps its state and gets somebody who looks for it. Devices that left the ledger
/// meanwhile are left out.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Conflict`] when it was closed before; [`AppError::Invalid`] for an extra or an item
/// that is not of this round.
pub async fn close(ctx: &Ctx, id: StocktakeId, close: Close) -> Result<(), AppError> {
    let grant = ctx.actor.require::<WriteLedger>()?;
    let mut tx = ctx.write().await?;
    let stocktake = hold_open(&mut tx, &grant, id).await?;
    let round = load(&tx, stocktake).await?;
    let missing: HashSet<StocktakeItemId> = round.with(Outcome::Missing).map(|line| line.item.id).collect();
    if close.follow.iter().any(|follow| !missing.contains(&follow.item)) {
        return Err(AppError::Conflict(Msg::new("stocktake-moved-on")));
    }
    let known: HashSet<ResourceId> = tx.resources().await?.into_iter().map(|device| device.id).collect();
    let graded = [
        (Grade::ConfirmedByHospital, seen_edits(&round, &known)),
        (Grade::Declared, extra_edits(&round, &close.extras)?),
    ];
    let step = match graded.iter().all(|(_, edits)| edits.is_empty()) {
        true => None,
        false => {
            let title = Some(round.stocktake.name.clone());
            Some(edit::write_in(ctx, &mut tx, &graded, ChangeKind::Stocktake, title).await?.step)
        }
    };
    for follow in &close.follow {
        let owner = follow.owner.as_deref().map(str::trim).filter(|owner| !owner.is_empty());
        tx.follow_item(&grant, id, follow.item, (owner, follow.due, None)).await?;
    }
    tx.close_stocktake(&grant, id, step).await?;
    let tally = round.tally();
    let details = serde_json::json!({ "found": tally.found, "elsewhere": tally.elsewhere, "missing": tally.missing,
        "open": tally.open(), "extras": round.extras.len(), "added": close.extras.len(), "step": step });
    tx.audit(AuditEvent::new("stocktake.close", subject(id)).details(details)).await?;
    Ok(tx.commit().await?)
}

fn cell(resource: ResourceId, field: Field, value: String) -> Edit {
    Edit { resource, field, label: None, values: vec![value], place: Place::default() }
}

fn seen_edits(round: &Round, known: &HashSet<ResourceId>) -> Vec<Edit> {
    let day = |at| crate::ctx::japan().to_datetime(at).date();
    let mut edits = Vec::new();
    for seen in round.seen(day).into_iter().filter(|seen| known.contains(&seen.resource)) {
        edits.push(cell(seen.resource, Field::StocktakenOn, seen.on.to_string()));
        edits.extend(seen.moved_to.map(|place| cell(seen.resource, Field::Location, place)));
    }
    edits
}

fn extra_edits(round: &Round, chosen: &[AnswerId]) -> Result<Vec<Edit>, AppError> {
    let mut edits = Vec::new();
    for id in chosen.iter().collect::<HashSet<_>>() {
        let extra = round.extras.iter().find(|extra| extra.id == *id);
        let extra = extra.ok_or_else(|| AppError::Conflict(Msg::new("stocktake-moved-on")))?;
        let device = ResourceId::generate();
        let on = crate::ctx::japan().to_datetime(extra.at).date().to_string();
        let note = [&extra.label, &extra.note].into_iter().flatten().cloned().collect::<Vec<_>>().join(" / ");
        let values = [
            (Field::Name, extra.name.clone()),
            (Field::Kind, extra.kind.map(|kind| kind.key().to_owned())),
            (Field::Location, extra.place.clone()),
            (Field::Note, Some(note).filter(|note| !note.is_empty())),
            (Field::StocktakenOn, Some(on)),
        ];
        edits.extend(values.into_iter().filter_map(|(field, value)| Some(cell(device, field, value?))));
    }
    Ok(edits)
}

/// Says who looks for a missing device and until when, or how the search ended. Only when a person says that it is retired is
/// that written into the ledger, as an edit.
///
/// # Errors
/// [`AppError::NotFound`] for an item that is not of this round; [`AppError::Conflict`] while the round is open, or for an
/// item that was not missing.
pub async fn follow(ctx: &Ctx, id: StocktakeId, follow: Follow, settled: Option<Settled>) -> Result<(), AppError> {
    let grant = ctx.actor.require::<WriteLedger>()?;
    let mut tx = ctx.write().await?;
    let stocktake = tx.hold_stocktake(&grant, id).await?;
    let round = load(&tx, stocktake).await?;
    let line = round.lines.iter().find(|line| line.item.id == follow.item).ok_or(AppError::NotFound)?;
    if round.stocktake.state() == StocktakeState::Open || line.outcome() != Some(Outcome::Missing) {
        return Err(AppError::Conflict(Msg::new("stocktake-moved-on")));
    }
    let device = line.item.resource;
    let known = tx.resources().await?.iter().any(|row| row.id == device);
    let edit = match settled {
        Some(Settled::Retired) => Some(cell(device, Field::State, ResourceState::Retired.key().to_owned())),
        Some(Settled::Found) => Some(cell(device, Field::StocktakenOn, ctx.today().to_string())),
        None => None,
    };
    if let Some(edit) = edit.filter(|_| known) {
        let graded = [(Grade::ConfirmedByHospital, vec![edit])];
        edit::write_in(ctx, &mut tx, &graded, ChangeKind::Stocktake, None).await?;
    }
    let owner = follow.owner.as_deref().map(str::trim).filter(|owner| !owner.is_empty());
    tx.follow_item(&grant, id, follow.item, (owner, follow.due, settled)).await?;
    let details = serde_json::json!({ "item": follow.item, "settled": settled.map(Settled::key) });
    tx.audit(AuditEvent::new("stocktake.follow", subject(id)).details(details)).await?;
    Ok(tx.commit().await?)
}
