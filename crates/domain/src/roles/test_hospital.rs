//! Hospitals for tests: built by hand, and random ones.

use super::gaps::{Gap, find};
use super::{Facts, Joint, JointTopic, Settled};
use crate::agreement::{Clause, ClauseRef, Party, Subcontracting, Subcontractor, System, Terms};
use crate::confirmation::{Duty, Roles, Row, Session};
use crate::edition::tests::{edition, item};
use crate::edition::{Edition, ItemScope, Known};
use crate::ids::{ComponentId, ContractId, LineId, ResourceId, VendorId};
use crate::kinds::{Layer, PurchaseForm, ResourceKind, ResourceState};
use crate::resource::{Component, Contract, Ledger, Line, LineEnd, Resource, Update, Vendor};
use jiff::civil::{Date, date};
use std::collections::BTreeMap;
use uuid::Uuid;

pub(super) const TODAY: Date = date(2026, 11, 24);

/// The facts, owned.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Hospital {
    pub(super) ledger: Ledger,
    pub(super) edition: Edition,
    pub(super) systems: BTreeMap<Uuid, System>,
    pub(super) terms: BTreeMap<ContractId, Terms>,
    pub(super) sessions: Vec<Session>,
    pub(super) joints: BTreeMap<LineId, Joint>,
}

fn id(of: u128, number: usize) -> Uuid {
    Uuid::from_u128(of << 64 | number as u128)
}

pub(super) fn vendor_id(number: usize) -> VendorId {
    VendorId(id(1, number))
}

pub(super) fn contract_id(number: usize) -> ContractId {
    ContractId(id(2, number))
}

pub(super) fn system_id(number: usize) -> Uuid {
    id(3, number)
}

pub(super) fn device_id(number: usize) -> ResourceId {
    ResourceId(id(4, number))
}

pub(super) fn line_id(number: usize) -> LineId {
    LineId(id(5, number))
}

pub(super) fn clause_ref(contract: usize, number: &str) -> ClauseRef {
    ClauseRef { contract: contract_id(contract), number: number.to_owned() }
}

impl Hospital {
    /// A hospital with these items and nothing else. `*` at the front: for the hospital as a whole; `?`: 未取得.
    pub(super) fn with_items(keys: &[&str]) -> Self {
        let items = keys.iter().map(|key| {
            let mut item = item(key.trim_start_matches(['*', '?']), "名");
            if key.starts_with('*') {
                item.scope = ItemScope::Hospital;
            }
            if key.starts_with('?') {
                item.known = Known::Missing;
            }
            item
        });
        Hospital {
            ledger: Ledger::default(),
            edition: edition("e", items.collect()),
            systems: BTreeMap::new(),
            terms: BTreeMap::new(),
            sessions: Vec::new(),
            joints: BTreeMap::new(),
        }
    }

    pub(super) fn facts(&self) -> Facts<'_> {
        Facts {
            today: TODAY,
            ledger: &self.ledger,
            edition: &self.edition,
            systems: &self.systems,
            terms: &self.terms,
            sessions: &self.sessions,
            joints: &self.joints,
        }
    }

    pub(super) fn gaps(&self) -> Vec<Gap> {
        find(&self.facts())
    }

    pub(super) fn vendor(&mut self, number: usize, name: &str) {
        let vendor = Vendor { id: vendor_id(number), name: name.to_owned(), field: None, contact: None };
        self.ledger.vendors.push(vendor);
    }

    pub(super) fn system(&mut self, number: usize, devices: &[usize]) {
        let resources = devices.iter().map(|device| device_id(*device)).collect();
        let system = System { name: format!("システム{number}"), resources, retired: false };
        self.systems.insert(system_id(number), system);
    }

    /// A contract without dates, of which nobody has looked into the terms.
    pub(super) fn contract(&mut self, number: usize, vendor: usize) -> &mut Contract {
        self.ledger.contracts.push(Contract {
            id: contract_id(number),
            number: format!("C-{number}"),
            title: "保守".to_owned(),
            vendor: vendor_id(vendor),
            starts_on: None,
            ends_on: None,
            update_clause: None,
        });
        self.ledger.contracts.last_mut().expect("just pushed")
    }

    /// Its terms: systems covered, clause 第1条, no subcontractors.
    pub(super) fn covers(&mut self, contract: usize, systems: &[usize]) -> &mut Terms {
        let terms = Terms {
            systems: systems.iter().map(|system| system_id(*system)).collect(),
            clauses: vec![Clause { number: "第1条".to_owned(), text: String::new() }],
            subcontracting: Subcontracting::None,
            ..Terms::default()
        };
        self.terms.insert(contract_id(contract), terms);
        self.terms.get_mut(&contract_id(contract)).expect("just inserted")
    }

    pub(super) fn says(
        &mut self,
        contract: Option<usize>,
        item: &str,
        hospital: Option<Duty>,
        vendor: Option<Duty>,
        clause: Option<ClauseRef>,
    ) {
        let contract = contract.map(contract_id);
        if !self.sessions.iter().any(|session| session.contract == contract) {
            let of = self.ledger.contracts.iter().find(|one| Some(one.id) == contract);
            self.sessions.push(Session {
                edition: "e".to_owned(),
                contract,
                vendor: of.map(|contract| contract.vendor),
                plan: None,
                first_talk: TODAY,
                rows: BTreeMap::new(),
            });
        }
        let session = self.sessions.iter_mut().find(|session| session.contract == contract).expect("just made");
        session.rows.insert(item.to_owned(), Row { roles: Roles { hospital, vendor, clause }, ..Row::default() });
    }

    pub(super) fn device(&mut self, number: usize, kind: ResourceKind) -> &mut Resource {
        let named = Resource::named(device_id(number), format!("機器{number}"));
        self.ledger.resources.push(Resource { kind, declared: true, ..named });
        self.ledger.resources.last_mut().expect("just pushed")
    }

    pub(super) fn line(&mut self, number: usize, from: LineEnd, to: LineEnd) -> &mut Line {
        self.ledger.lines.push(Line {
            id: line_id(number),
            from,
            to,
            purpose: None,
            protocol: None,
            vendor: None,
            circuit: None,
            via: None,
            via_resource: None,
            sources: None,
            contract: None,
            billed_on: None,
            always_on: None,
            source_limited: None,
            remote_maintenance: false,
        });
        self.ledger.lines.last_mut().expect("just pushed")
    }

    /// Software of a layer on a device.
    pub(super) fn software(&mut self, device: usize, layer: Layer) {
        let id = ComponentId(id(6, self.ledger.components.len()));
        let (resource, text) = (device_id(device), "x".to_owned());
        self.ledger.components.push(Component { id, resource, layer, text, version: None, purl: None, product: None });
    }

    /// A hospital of chance: the same for the same seed. Ids that lead nowhere, retired things, doubled words, all occur.
    pub(super) fn random(seed: u64) -> Self {
        let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let keys: Vec<String> =
            (0..dice.below(8)).map(|n| format!("{}I{n}", dice.of(&["", "", "", "*", "?"]))).collect();
        let mut h = Hospital::with_items(&keys.iter().map(String::as_str).collect::<Vec<_>>());
        let (vendors, contracts) = (dice.below(5), dice.below(6));
        let (systems, devices, lines) = (dice.below(5), dice.below(8), dice.below(6));
        for n in (0..vendors).rev() {
            h.vendor(n, dice.of(&["A社", "B社", "網屋", "自院（ＭＥ室）"]));
        }
        for n in 0..systems {
            let members: Vec<usize> = (0..dice.below(4)).map(|_| dice.below(8)).collect();
            h.system(n, &members);
            h.systems.get_mut(&system_id(n)).expect("just made").retired = dice.one_in(5);
        }
        let clause = |dice: &mut Dice| dice.one_in(2).then(|| clause_ref(dice.below(6), dice.of(&["第1条", "第9条"])));
        for n in (0..contracts).rev() {
            let days = [None, None, Some(date(2026, 1, 1)), Some(TODAY), Some(date(2027, 3, 31))];
            let contract = h.contract(n, dice.below(5));
            (contract.starts_on, contract.ends_on) = (*dice.of(&days.each_ref()), *dice.of(&days.each_ref()));
            if dice.one_in(5) {
                continue;
            }
            let covered: Vec<usize> = (0..dice.below(4)).map(|_| dice.below(5)).collect();
            let named = |name: &str| Subcontractor { name: name.to_owned(), ..Subcontractor::default() };
            let below = Subcontractor { below: vec![named(" ")], ..named("下請") };
            let subcontracting = [
                Subcontracting::Unknown,
                Subcontracting::None,
                Subcontracting::By(vec![]),
                Subcontracting::By(vec![named("下請")]),
                Subcontracting::By(vec![below]),
            ];
            let terms = h.covers(n, &covered);
            terms.subcontracting = dice.of(&subcontracting.each_ref()).to_owned().clone();
            terms.resources = (0..dice.below(2)).map(|_| device_id(dice.below(8))).collect();
            terms.lines = (0..dice.below(2)).map(|_| line_id(dice.below(6))).collect();
        }
        for _ in 0..dice.below(4) {
            let contract = (!dice.one_in(3)).then(|| dice.below(6));
            for n in 0..8 {
                if dice.one_in(3) {
                    continue;
                }
                let (own, theirs) = (dice.duty(), dice.duty());
                let clause = clause(&mut dice);
                h.says(contract, &format!("I{n}"), own, theirs, clause);
            }
        }
        if dice.one_in(4) {
            let other = h.sessions.first().map(|session| Session { contract: None, ..session.clone() });
            h.sessions.extend(other);
        }
        for n in 0..devices {
            let vendor = |dice: &mut Dice| dice.one_in(2).then(|| vendor_id(dice.below(6)));
            let device = h.device(n, *dice.of(&ResourceKind::ALL.iter().collect::<Vec<_>>()));
            if dice.one_in(2) {
                device.kind = ResourceKind::Server;
            }
            device.declared = !dice.one_in(6);
            device.state = dice.one_in(6).then_some(ResourceState::Retired);
            device.maintained_by = vendor(&mut dice);
            device.contract = dice.one_in(3).then(|| contract_id(dice.below(6)));
            device.purchase = dice.one_in(3).then_some(PurchaseForm::Bought);
            device.os = dice.one_in(3).then(|| "Windows".to_owned());
            for layer in Layer::ALL.iter().filter(|_| dice.one_in(2)).collect::<Vec<_>>() {
                device.updates.insert(*layer, Update { by: vendor(&mut dice), clause: None });
            }
            if dice.one_in(3) {
                h.software(n, *dice.of(&Layer::ALL.iter().collect::<Vec<_>>()));
            }
        }
        for n in 0..lines {
            let end = |dice: &mut Dice| match dice.below(5) {
                0 => LineEnd::Unknown,
                1 => LineEnd::Outside("外".to_owned()),
                _ => LineEnd::Resource(device_id(dice.below(9))),
            };
            let (from, to) = (end(&mut dice), end(&mut dice));
            let line = h.line(n, from, to);
            line.vendor = dice.one_in(2).then(|| vendor_id(dice.below(6)));
            line.contract = dice.one_in(2).then(|| contract_id(dice.below(6)));
            line.remote_maintenance = dice.one_in(2);
            let mut joint = Joint::default();
            for topic in JointTopic::ALL.iter().filter(|_| dice.one_in(2)).collect::<Vec<_>>() {
                let side = |dice: &mut Dice| match dice.below(6) {
                    5 => Party::Hospital,
                    n => Party::Vendor(vendor_id(n)),
                };
                let agreed = (0..6).map(|_| side(&mut dice)).collect();
                let text = dice.of(&["境目", "境目", " "]).to_owned().to_owned();
                joint.settled.insert(*topic, Settled { text, agreed });
            }
            h.joints.insert(line_id(n), joint);
        }
        h
    }
}

/// Chance without a library: xorshift.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0) % end
    }

    fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }

    fn of<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len())]
    }

    fn duty(&mut self) -> Option<Duty> {
        let at = self.below(Duty::ALL.len() + 2);
        Duty::ALL.get(at).copied()
    }
}
