//! The gap engine: which roles nobody has, which two have, and what is not written down. Every finding names its rule.

use super::statements::{Covering, OWN, Placed, WHOLE};
use super::{Facts, Joint, JointTopic};
use crate::agreement::check::same_number;
use crate::agreement::standing;
use crate::agreement::{ClauseRef, Party, Subcontracting};
use crate::completeness::{Measure, Standing};
use crate::confirmation::Duty;
use crate::ids::{ContractId, LineId, ResourceId, VendorId};
use crate::kinds::{Layer, PurchaseForm, ResourceKind, ResourceState, keyed};
use crate::resource::{Component, Line, LineEnd, Resource};
use uuid::Uuid;

keyed! {
    /// The rules.
    Rule {
        /// 担当なし: nobody does an item.
        NobodyDoes = "nobody_does",
        /// 重なり: two do it, and at least one says alone.
        TwoDo = "two_do",
        /// 条文なし: a vendor does it, and no clause of a contract says so.
        NoClause = "no_clause",
        /// 条文の契約が終わっている: the clause belongs to a contract that is not in force.
        ClauseEnded = "clause_ended",
        /// 再委託先が不明
        SubcontractorUnknown = "subcontractor_unknown",
        /// 持ち主のないリモート保守回線
        LineWithoutOwner = "line_without_owner",
        /// 更新担当なし: a device's layer that nobody updates.
        NoUpdater = "no_updater",
        /// 保守の範囲外: a server that no contract in force covers.
        OutsideScope = "outside_scope",
        /// 接続点: a line between two sides with something left to agree on.
        Joint = "joint",
    }
}

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum On {
    /// The hospital as a whole.
    Hospital,
    /// A system.
    System(Uuid),
    /// A contract.
    Contract(ContractId),
    /// A device.
    Resource(ResourceId),
    /// A layer of a device.
    Layer(ResourceId, Layer),
    /// A line.
    Line(LineId),
}

keyed! {
    /// What exactly a rule found.
    Why {
        /// Nobody has talked about it with everybody yet.
        NotTalked = "not_talked",
        /// All were asked, none does it.
        SaidNot = "said_not",
        /// Each says it does it alone, or one alone and one in part.
        Alone = "alone",
        /// No clause is named.
        NoneNamed = "none_named",
        /// The clause named is not among those of the contract.
        NotInContract = "not_in_contract",
        /// The contract has ended.
        Ended = "ended",
        /// The contract has not begun.
        NotBegun = "not_begun",
        /// Nobody has said whether there are subcontractors.
        NotSaid = "not_said",
        /// Somebody in the chain is not named.
        Unnamed = "unnamed",
        /// No vendor stands behind the line.
        NoVendor = "no_vendor",
        /// No contract covers it.
        NoContract = "no_contract",
        /// Nobody is named.
        Nobody = "nobody",
        /// Topics are left to agree on.
        TopicsOpen = "topics_open",
    }
}

/// A finding of the engine.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gap {
    /// The rule.
    pub rule: Rule,
    /// Position of the item in the edition, for rules about items.
    pub item: Option<usize>,
    /// What it is about.
    pub on: On,
    /// The sides concerned, in order; for [`Rule::NobodyDoes`] those who were asked.
    pub parties: Vec<Party>,
    /// What exactly was found.
    pub why: Why,
    /// For [`Rule::Joint`]: what is left, in the order of [`JointTopic::ALL`].
    pub open: Vec<JointTopic>,
}

/// What makes a gap the same gap before and after something changed; who was asked about it and how much of it is left may differ.
pub type Key = (Rule, Option<usize>, On, Option<Party>);

impl Gap {
    /// Its key.
    #[must_use]
    pub fn key(&self) -> Key {
        let whose = match self.rule {
            Rule::NoClause | Rule::ClauseEnded => self.parties.first().copied(),
            _ => None,
        };
        (self.rule, self.item, self.on, whose)
    }
}

/// All findings, in the order of rules, items and what they are about; none twice.
///
/// - Sides, devices and contracts count as the ledger has them; a vendor whose name means the hospital is the hospital.
/// - A word under a contract that ended still counts as said; that its clause holds no longer is a finding of its own.
/// - Guideline 7.0 calls a client a server too when it is the only machine of a system. That is left out here: nobody enters it.
#[must_use]
pub fn find(facts: &Facts<'_>) -> Vec<Gap> {
    let placed = Placed::new(facts);
    let mut gaps = Vec::new();
    let said = Said::of(&placed, &mut gaps);
    items(facts, &placed, &said, &mut gaps);
    contracts(facts, &placed, &said, &mut gaps);
    devices(facts, &placed, &mut gaps);
    lines(facts, &placed, &mut gaps);
    gaps.sort_unstable();
    gaps.dedup();
    gaps
}

fn gap(rule: Rule, item: Option<usize>, on: On, parties: Vec<Party>, why: Why) -> Gap {
    Gap { rule, item, on, parties, why, open: Vec::new() }
}

fn place(placed: &Placed<'_>, place: usize) -> On {
    placed.places[place].map_or(On::Hospital, On::System)
}

fn lapsed(standing: standing::Standing) -> Option<Why> {
    match standing {
        standing::Standing::Ended => Some(Why::Ended),
        standing::Standing::NotBegun => Some(Why::NotBegun),
        standing::Standing::InForce | standing::Standing::EndsSoon | standing::Standing::NoEnd => None,
    }
}

/// What was said, as tables: one slot per item and place, one bit per side.
struct Said {
    places: usize,
    words: usize,
    spoke: Vec<u64>,
    acts: Vec<u64>,
    alone: Vec<bool>,
    /// Per contract and item: the vendor named its duty.
    answered: Vec<bool>,
    items: usize,
    /// Per contract: its vendor acts on something.
    busy: Vec<bool>,
}

impl Said {
    /// Fills the tables, and finds on the way what vendors do without a clause in force.
    fn of(placed: &Placed<'_>, gaps: &mut Vec<Gap>) -> Self {
        let (items, places) = (placed.item_count(), placed.places.len());
        let words = placed.parties.len().div_ceil(64);
        let mut said = Said {
            places,
            words,
            spoke: vec![0; items * places * words],
            acts: vec![0; items * places * words],
            alone: vec![false; items * places],
            answered: vec![false; items * placed.contracts.len()],
            items,
            busy: vec![false; placed.contracts.len()],
        };
        placed.walk(|row| {
            if !placed.counts(row.item) {
                return;
            }
            let vendors = row.vendor.zip(row.roles.vendor);
            if let (Some((_, duty)), Some(at)) = (vendors, row.covering) {
                said.answered[at * items + row.item] = true;
                said.busy[at] |= duty.acts();
            }
            for (party, duty) in row.roles.hospital.map(|duty| (OWN, duty)).into_iter().chain(vendors) {
                let (word, bit) = (party / 64, 1_u64 << (party % 64));
                for place in row.places {
                    let slot = row.item * places + place;
                    said.spoke[slot * words + word] |= bit;
                    if duty.acts() {
                        said.acts[slot * words + word] |= bit;
                        said.alone[slot] |= duty == Duty::Does;
                    }
                }
            }
            let Some((vendor, _)) = vendors.filter(|(vendor, duty)| *vendor != OWN && duty.acts()) else { return };
            for (rule, why) in clause(placed, row.roles.clause.as_ref()) {
                let found =
                    |at: &usize| gap(rule, Some(row.item), place(placed, *at), vec![placed.parties[vendor]], why);
                gaps.extend(row.places.iter().map(found));
            }
        });
        said
    }

    fn slot(&self, item: usize, place: usize) -> std::ops::Range<usize> {
        let at = (item * self.places + place) * self.words;
        at..at + self.words
    }
}

/// What is wrong with the clause a vendor's duty stands on.
fn clause(placed: &Placed<'_>, clause: Option<&ClauseRef>) -> Vec<(Rule, Why)> {
    let Some(clause) = clause else { return vec![(Rule::NoClause, Why::NoneNamed)] };
    let Some(at) = placed.contract(clause.contract) else { return vec![(Rule::NoClause, Why::NotInContract)] };
    let covering = &placed.contracts[at];
    let clauses = covering.terms.map(|terms| terms.clauses.as_slice()).unwrap_or_default();
    // Written alike nearly always; the slow comparison is for `５条` and `第5条`.
    let alike = clauses.iter().any(|one| one.number == clause.number);
    let written = alike || clauses.iter().any(|one| same_number(&one.number, &clause.number));
    let missing = (!written).then_some((Rule::NoClause, Why::NotInContract));
    let over = lapsed(covering.standing).map(|why| (Rule::ClauseEnded, why));
    missing.into_iter().chain(over).collect()
}

/// Sides whose bit is set.
fn sides(placed: &Placed<'_>, bits: &[u64]) -> Vec<Party> {
    let set = |at: &usize| bits[at / 64] >> (at % 64) & 1 == 1;
    (0..placed.parties.len()).filter(set).map(|at| placed.parties[at]).collect()
}

/// Nobody does it; two do it.
fn items(facts: &Facts<'_>, placed: &Placed<'_>, said: &Said, gaps: &mut Vec<Gap>) {
    let in_force = |covering: &&(usize, &Covering<'_>)| covering.1.standing.binds();
    let numbered: Vec<(usize, &Covering<'_>)> = placed.contracts.iter().enumerate().collect();
    // Contracts to be asked, by place; about the hospital as a whole all those that cover a system in use.
    let mut asked: Vec<Vec<usize>> = vec![Vec::new(); placed.places.len()];
    for (at, covering) in numbered.iter().filter(in_force) {
        let whole = (!covering.places.is_empty()).then_some(WHOLE);
        for place in covering.places.iter().copied().chain(whole) {
            asked[place].push(*at);
        }
    }
    for item in (0..facts.edition.items.len()).filter(|item| placed.counts(*item)) {
        for at in placed.places_for(item) {
            let acts = &said.acts[said.slot(item, at)];
            let count: u32 = acts.iter().map(|word| word.count_ones()).sum();
            let on = place(placed, at);
            if count == 0 {
                let spoke = &said.spoke[said.slot(item, at)];
                let own = spoke[OWN / 64] >> OWN & 1 == 1;
                let all = own && asked[at].iter().all(|contract| said.answered[contract * said.items + item]);
                let why = if all { Why::SaidNot } else { Why::NotTalked };
                gaps.push(gap(Rule::NobodyDoes, Some(item), on, sides(placed, spoke), why));
            } else if count > 1 && said.alone[item * said.places + at] {
                gaps.push(gap(Rule::TwoDo, Some(item), on, sides(placed, acts), Why::Alone));
            }
        }
    }
}

/// Contracts in force of whose subcontractors nobody knows, if they matter: their vendor does something under them, or they
/// cover something, by their terms or by the ledger.
fn contracts(facts: &Facts<'_>, placed: &Placed<'_>, said: &Said, gaps: &mut Vec<Gap>) {
    let of_devices = facts.ledger.resources.iter().filter(|device| in_use(device)).filter_map(|device| device.contract);
    let of_lines = facts.ledger.lines.iter().filter_map(|line| line.contract);
    let mut named: Vec<ContractId> = of_devices.chain(of_lines).collect();
    named.sort_unstable();
    let in_force = |covering: &Covering<'_>| covering.standing.binds() && covering.party != OWN;
    for (at, covering) in placed.contracts.iter().enumerate().filter(|(_, one)| in_force(one)) {
        let id = covering.contract.id;
        let covers = covering
            .terms
            .is_some_and(|terms| !terms.systems.is_empty() || !terms.resources.is_empty() || !terms.lines.is_empty());
        if !covers && !said.busy[at] && named.binary_search(&id).is_err() {
            continue;
        }
        let told = covering.terms.map(|terms| &terms.subcontracting);
        if told.is_none_or(Subcontracting::is_unknown) {
            let unnamed = matches!(told, Some(Subcontracting::By(all)) if !all.is_empty());
            let why = if unnamed { Why::Unnamed } else { Why::NotSaid };
            let party = placed.parties[covering.party];
            gaps.push(gap(Rule::SubcontractorUnknown, None, On::Contract(id), vec![party], why));
        }
    }
}

fn in_use(device: &Resource) -> bool {
    device.state != Some(ResourceState::Retired)
}

/// [`super::responsible`] by number.
fn responsible(placed: &Placed<'_>, device: &Resource) -> Option<usize> {
    let by_contract = || {
        let at = placed.contract(device.contract?)?;
        Some(placed.contracts[at].party)
    };
    let bought = || (device.purchase == Some(PurchaseForm::Bought)).then_some(OWN);
    device.maintained_by.map(|vendor| placed.party(vendor)).or_else(by_contract).or_else(bought)
}

const UPDATERS: [(Measure, Layer); 4] = [
    (Measure::UpdaterFirmware, Layer::Firmware),
    (Measure::UpdaterOs, Layer::Os),
    (Measure::UpdaterMiddleware, Layer::Middleware),
    (Measure::UpdaterApplication, Layer::Application),
];

/// Layers nobody updates, and servers no contract covers.
fn devices(facts: &Facts<'_>, placed: &Placed<'_>, gaps: &mut Vec<Gap>) {
    let mut software: Vec<&Component> = facts.ledger.components.iter().collect();
    software.sort_by_key(|part| part.resource);
    let covered = covered(facts, placed);
    for device in facts.ledger.resources.iter().filter(|device| in_use(device)) {
        let whose = || responsible(placed, device).map(|party| placed.parties[party]).into_iter().collect();
        let from = software.partition_point(|part| part.resource < device.id);
        let own = &software[from..];
        let own = &own[..own.partition_point(|part| part.resource == device.id)];
        for (measure, layer) in UPDATERS {
            if measure.of(device, own) == Standing::Unknown {
                gaps.push(gap(Rule::NoUpdater, None, On::Layer(device.id, layer), whose(), Why::Nobody));
            }
        }
        if device.kind == ResourceKind::Server && covered.binary_search(&device.id).is_err() {
            let contract = device.contract.and_then(|id| placed.contract(id)).map(|at| placed.contracts[at].standing);
            if let Some(why) = contract.map_or(Some(Why::NoContract), lapsed) {
                gaps.push(gap(Rule::OutsideScope, None, On::Resource(device.id), whose(), why));
            }
        }
    }
}

/// Devices that a contract in force covers by name or through a system in use, in order.
fn covered(facts: &Facts<'_>, placed: &Placed<'_>) -> Vec<ResourceId> {
    let mut covered = Vec::new();
    for covering in placed.contracts.iter().filter(|covering| covering.standing.binds()) {
        covered.extend(covering.terms.iter().flat_map(|terms| &terms.resources));
        let systems = covering.places.iter().filter_map(|at| facts.systems.get(&placed.places[*at]?));
        covered.extend(systems.flat_map(|system| &system.resources));
    }
    covered.sort_unstable();
    covered
}

/// Lines for remote maintenance nobody owns, and lines on which two sides meet.
fn lines(facts: &Facts<'_>, placed: &Placed<'_>, gaps: &mut Vec<Gap>) {
    let mut devices: Vec<(ResourceId, &Resource)> =
        facts.ledger.resources.iter().map(|device| (device.id, device)).collect();
    devices.sort_unstable_by_key(|(id, _)| *id);
    let device = |id: ResourceId| devices.binary_search_by_key(&id, |(id, _)| *id).ok().map(|at| devices[at].1);
    let vendor = |id: VendorId| placed.party(id);
    for line in &facts.ledger.lines {
        let whose: Vec<Party> = line.vendor.map(|id| placed.parties[vendor(id)]).into_iter().collect();
        if let Some(why) = unowned(placed, line).filter(|_| line.remote_maintenance) {
            gaps.push(gap(Rule::LineWithoutOwner, None, On::Line(line.id), whose, why));
        }
        let side = |end: &LineEnd| match end {
            LineEnd::Resource(id) => device(*id).filter(|device| in_use(device)).and_then(|d| responsible(placed, d)),
            LineEnd::Outside(_) => line.vendor.map(vendor),
            LineEnd::Unknown => None,
        };
        let (Some(from), Some(to)) = (side(&line.from), side(&line.to)) else { continue };
        if from == to {
            continue;
        }
        let both = [placed.parties[from.min(to)], placed.parties[from.max(to)]];
        let open = open(facts.joints.get(&line.id), both);
        if !open.is_empty() {
            let found = gap(Rule::Joint, None, On::Line(line.id), both.to_vec(), Why::TopicsOpen);
            gaps.push(Gap { open, ..found });
        }
    }
}

/// Why nobody stands behind a line for remote maintenance. One of the hospital's own needs no contract.
fn unowned(placed: &Placed<'_>, line: &Line) -> Option<Why> {
    let Some(vendor) = line.vendor else { return Some(Why::NoVendor) };
    let names_it = |covering: &Covering<'_>| covering.terms.is_some_and(|terms| terms.lines.contains(&line.id));
    let covered = || placed.contracts.iter().any(|one| one.standing.binds() && names_it(one));
    if placed.party(vendor) == OWN || covered() {
        return None;
    }
    let contract = line.contract.and_then(|id| placed.contract(id));
    contract.map_or(Some(Why::NoContract), |at| lapsed(placed.contracts[at].standing))
}

/// Topics the two sides of a line have not both settled.
#[must_use]
pub fn open(joint: Option<&Joint>, both: [Party; 2]) -> Vec<JointTopic> {
    let settled = |topic: &JointTopic| {
        let settled = joint.and_then(|joint| joint.settled.get(topic));
        settled.is_some_and(|one| !one.text.trim().is_empty() && both.iter().all(|side| one.agreed.contains(side)))
    };
    JointTopic::ALL.iter().copied().filter(|topic| !settled(topic)).collect()
}

#[cfg(test)]
#[path = "naive.rs"]
mod naive;
#[cfg(test)]
#[path = "gaps_tests.rs"]
mod tests;
