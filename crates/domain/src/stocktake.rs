//! Stocktake (棚卸) as a round: which devices are looked for, what was said about each, and what follows when it is closed.
//!
//! Answers come from phones that may have been without network, so they arrive late, twice and in any order. All are kept;
//! the latest by time stands. Nothing is decided about a device that was not found: it keeps its state, and a person is asked.

use crate::ids::{AnswerId, ChangeId, ResourceId, StocktakeId, StocktakeItemId, VendorId, ZoneId};
use crate::kinds::keyed;
use crate::resource::{Resource, ResourceKind, ResourceState};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

keyed! {
    /// Whether a round still takes answers.
    StocktakeState {
        /// Answers are taken.
        Open = "open",
        /// The ledger was written; answers are refused.
        Closed = "closed",
    }
}

keyed! {
    /// What was found where an item should stand.
    Outcome {
        /// あった
        Found = "found",
        /// 場所が違う
        Elsewhere = "elsewhere",
        /// なかった
        Missing = "missing",
        /// 台帳にないものがあった
        Extra = "extra",
    }
}

keyed! {
    /// How an answer was given.
    Means {
        /// On the page made for a phone.
        Phone = "phone",
        /// From a sheet filled in by hand.
        Paper = "paper",
    }
}

keyed! {
    /// How the search for a missing device ended.
    Settled {
        /// It turned up after the round.
        Found = "found",
        /// A person wrote 廃棄・返却済み into the ledger.
        Retired = "retired",
    }
}

/// Which devices a round looks for; an empty list leaves that side open.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// In these zones.
    pub zones: Vec<ZoneId>,
    /// At these places, as written in the ledger.
    pub locations: Vec<String>,
    /// Of these kinds.
    pub kinds: Vec<ResourceKind>,
    /// Maintained by this vendor.
    pub vendor: Option<VendorId>,
}

impl Scope {
    /// Whether a round of this scope looks for the device. What is not there yet or not there any more is not looked for,
    /// and a cloud service has no place at which it could be, unless its kind was asked for.
    #[must_use]
    pub fn holds(&self, device: &Resource) -> bool {
        let one_of = |location: &String| self.locations.contains(location);
        !matches!(device.state, Some(ResourceState::Retired | ResourceState::Planned))
            && (self.zones.is_empty() || device.zone.is_some_and(|zone| self.zones.contains(&zone)))
            && (self.locations.is_empty() || device.location.as_ref().is_some_and(one_of))
            && match self.kinds.as_slice() {
                [] => device.kind != ResourceKind::Cloud,
                kinds => kinds.contains(&device.kind),
            }
            && (self.vendor.is_none() || device.maintained_by == self.vendor)
    }
}

/// A round of stocktaking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stocktake {
    /// Key within the tenant.
    pub id: StocktakeId,
    /// Name, e.g. `2026年度 定期棚卸`.
    pub name: String,
    /// Fiscal year (年度), April to March.
    pub year: i16,
    /// When it was started.
    pub started_at: Timestamp,
    /// Who started it.
    pub started_by: String,
    /// Which devices.
    pub scope: Scope,
    /// To be done by.
    pub due: Option<Date>,
    /// When it was closed; `None` = open.
    pub closed_at: Option<Timestamp>,
    /// Who closed it.
    pub closed_by: Option<String>,
    /// The step by which the ledger was written; none if there was nothing to write.
    pub step: Option<ChangeId>,
}

impl Stocktake {
    /// Whether it takes answers.
    #[must_use]
    pub fn state(&self) -> StocktakeState {
        if self.closed_at.is_some() { StocktakeState::Closed } else { StocktakeState::Open }
    }
}

/// A device as the ledger showed it when the round was started, and who looks for it if it was not found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Key within the tenant.
    pub id: StocktakeItemId,
    /// The device.
    pub resource: ResourceId,
    /// Name.
    pub name: String,
    /// The hospital's own number (管理番号).
    pub asset_number: Option<String>,
    /// Product or model.
    pub product: Option<String>,
    /// Serial number.
    pub serial: Option<String>,
    /// Name of its zone.
    pub zone: Option<String>,
    /// Where the ledger says it stands.
    pub location: Option<String>,
    /// Who looks for it, if it was missing.
    pub owner: Option<String>,
    /// Until when.
    pub due: Option<Date>,
    /// How that ended.
    pub settled: Option<Settled>,
}

/// What a person said: about an item, or about a thing no ledger knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Made by the phone (or the page), so that an answer sent twice is one.
    pub id: AnswerId,
    /// The item; `None` for [`Outcome::Extra`].
    pub item: Option<StocktakeItemId>,
    /// What was found.
    pub outcome: Outcome,
    /// Where it stands, for [`Outcome::Elsewhere`] and [`Outcome::Extra`].
    pub place: Option<String>,
    /// Remark.
    pub note: Option<String>,
    /// What it is called, for [`Outcome::Extra`].
    pub name: Option<String>,
    /// Its kind, for [`Outcome::Extra`].
    pub kind: Option<ResourceKind>,
    /// What is written on its label, for [`Outcome::Extra`].
    pub label: Option<String>,
    /// When it was given, by the installation's clock.
    pub at: Timestamp,
    /// Who gave it.
    pub by: String,
    /// On a phone, or from paper.
    pub means: Means,
}

/// Why an answer cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswerFault {
    /// 場所が違う without the place.
    #[error("no place")]
    NoPlace,
    /// A thing no ledger knows, without a name.
    #[error("no name")]
    NoName,
    /// About an item without naming it, or the other way round.
    #[error("item and outcome do not belong together")]
    Item,
    /// A text that is too long.
    #[error("too long")]
    TooLong,
}

/// Longest text of an answer, in characters.
pub const MAX_TEXT: usize = 500;

impl Answer {
    /// Tidies the texts, leaves out those that do not belong to the outcome, and looks whether what it needs is there.
    ///
    /// # Errors
    /// What is missing.
    pub fn checked(mut self) -> Result<Self, AnswerFault> {
        let tidy = |text: Option<String>| text.map(|t| crate::text::tidy(&t)).filter(|text| !text.is_empty());
        let extra = self.outcome == Outcome::Extra;
        if self.item.is_none() != extra {
            return Err(AnswerFault::Item);
        }
        self.place = tidy(self.place).filter(|_| extra || self.outcome == Outcome::Elsewhere);
        self.note = tidy(self.note);
        self.name = tidy(self.name).filter(|_| extra);
        self.label = tidy(self.label).filter(|_| extra);
        self.kind = self.kind.filter(|_| extra);
        let texts = [&self.place, &self.note, &self.name, &self.label];
        if texts.into_iter().flatten().any(|text| text.chars().count() > MAX_TEXT) {
            return Err(AnswerFault::TooLong);
        }
        match self.outcome {
            Outcome::Elsewhere if self.place.is_none() => Err(AnswerFault::NoPlace),
            Outcome::Extra if self.name.is_none() => Err(AnswerFault::NoName),
            _ => Ok(self),
        }
    }
}

/// When an answer was given, by our clock: phones' clocks are wrong, so they only say how long ago it was. Never before
/// the round began and never in the future.
#[must_use]
pub fn given_at(now: Timestamp, ago_ms: i64, started: Timestamp) -> Timestamp {
    let ago = jiff::SignedDuration::from_millis(ago_ms.max(0));
    now.checked_sub(ago).unwrap_or(started).clamp(started.min(now), now)
}

/// An item with the answer that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The item.
    pub item: Item,
    /// The answer that stands; `None` = nobody has looked yet.
    pub answer: Option<Answer>,
}

impl Line {
    /// The outcome that stands.
    #[must_use]
    pub fn outcome(&self) -> Option<Outcome> {
        self.answer.as_ref().map(|answer| answer.outcome)
    }

    /// Place by which items are grouped: zone and location as the ledger shows them.
    #[must_use]
    pub fn place(&self) -> (Option<&str>, Option<&str>) {
        (self.item.zone.as_deref(), self.item.location.as_deref())
    }
}

/// How many items have which outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Items in all.
    pub all: usize,
    /// あった
    pub found: usize,
    /// 場所が違う
    pub elsewhere: usize,
    /// なかった
    pub missing: usize,
}

impl Tally {
    /// Counts lines.
    #[must_use]
    pub fn of<'a>(lines: impl IntoIterator<Item = &'a Line>) -> Self {
        let mut tally = Self::default();
        for line in lines {
            tally.all += 1;
            match line.outcome() {
                Some(Outcome::Found) => tally.found += 1,
                Some(Outcome::Elsewhere) => tally.elsewhere += 1,
                Some(Outcome::Missing) => tally.missing += 1,
                Some(Outcome::Extra) | None => {}
            }
        }
        tally
    }

    /// Items somebody has looked for.
    #[must_use]
    pub fn done(&self) -> usize {
        self.found + self.elsewhere + self.missing
    }

    /// Items nobody has looked for.
    #[must_use]
    pub fn open(&self) -> usize {
        self.all.saturating_sub(self.done())
    }
}

/// A round with its items, in the order of a walk, and the things no ledger knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// The round.
    pub stocktake: Stocktake,
    /// Items by zone, location and name; those without a place last.
    pub lines: Vec<Line>,
    /// Things no ledger knows, in the order in which they were found.
    pub extras: Vec<Answer>,
}

impl Round {
    /// Brings items and all answers ever given together: the latest by time stands, by id among equals, so that it does not
    /// matter in which order they arrived.
    #[must_use]
    pub fn new(stocktake: Stocktake, items: Vec<Item>, answers: Vec<Answer>) -> Self {
        let (mut latest, mut extras): (HashMap<StocktakeItemId, Answer>, Vec<Answer>) = (HashMap::new(), Vec::new());
        for answer in answers {
            match answer.item {
                None => extras.push(answer),
                Some(item) => {
                    let stands = latest.get(&item).is_none_or(|old| (old.at, old.id) < (answer.at, answer.id));
                    if stands {
                        latest.insert(item, answer);
                    }
                }
            }
        }
        extras.sort_by_key(|answer| (answer.at, answer.id));
        let line = |item: Item| Line { answer: latest.remove(&item.id), item };
        let mut lines: Vec<Line> = items.into_iter().map(line).collect();
        // A known place sorts before an unknown one.
        let last = |text: &Option<String>| (text.is_none(), text.as_deref().map(crate::text::fold));
        lines.sort_by_cached_key(|line| {
            let item = &line.item;
            (last(&item.zone), last(&item.location), crate::text::fold(&item.name), item.id)
        });
        Self { stocktake, lines, extras }
    }

    /// Lines by place, in the order of a walk.
    #[must_use]
    pub fn places(&self) -> Vec<&[Line]> {
        self.lines.chunk_by(|one, other| one.place() == other.place()).collect()
    }

    /// Counts over the whole round.
    #[must_use]
    pub fn tally(&self) -> Tally {
        Tally::of(&self.lines)
    }

    /// Lines of one outcome.
    pub fn with(&self, outcome: Outcome) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(move |line| line.outcome() == Some(outcome))
    }

    /// Devices the ledger is told of when the round is closed: all that were seen, each with the day it was seen on and, if
    /// it stood elsewhere, its new place. Missing and unanswered ones are not among them.
    #[must_use]
    pub fn seen(&self, day: impl Fn(Timestamp) -> Date) -> Vec<Seen> {
        let mut seen: BTreeMap<ResourceId, Seen> = BTreeMap::new();
        for line in &self.lines {
            let Some(answer) = &line.answer else { continue };
            if matches!(answer.outcome, Outcome::Found | Outcome::Elsewhere) {
                let resource = line.item.resource;
                seen.insert(resource, Seen { resource, on: day(answer.at), moved_to: answer.place.clone() });
            }
        }
        seen.into_values().collect()
    }
}

/// A device that was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The device.
    pub resource: ResourceId,
    /// Day in Japan.
    pub on: Date,
    /// Where it stands now, if not where the ledger says.
    pub moved_to: Option<String>,
}

#[cfg(test)]
#[path = "stocktake_tests.rs"]
mod tests;
