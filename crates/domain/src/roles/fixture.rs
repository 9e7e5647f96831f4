//! Hospitals for the tests of roles: made by hand, or by chance from a seed.

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

/// Ids by number.
pub(super) struct Made;

impl Made {
    fn id(kind: u128, at: usize) -> Uuid {
        Uuid::from_u128(kind << 64 | u128::try_from(at).unwrap())
    }
    pub(super) fn vendor(at: usize) -> VendorId {
        VendorId(Self::id(1, at))
    }
    pub(super) fn contract(at: usize) -> ContractId {
        ContractId(Self::id(2, at))
    }
    pub(super) fn system(at: usize) -> Uuid {
        Self::id(3, at)
    }
    pub(super) fn device(at: usize) -> ResourceId {
        ResourceId(Self::id(4, at))
    }
    pub(super) fn line(at: usize) -> LineId {
        LineId(Self::id(5, at))
    }
}

/// The day all questions are asked.
pub(super) const TODAY: Date = date(2026, 12, 1);

/// Everything the rules look at, owned.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Hospital {
    pub(super) ledger: Ledger,
    pub(super) edition: Edition,
    pub(super) systems: BTreeMap<Uuid, System>,
    pub(super) terms: BTreeMap<ContractId, Terms>,
    pub(super) sessions: Vec<Session>,
    pub(super) joints: BTreeMap<LineId, Joint>,
}

impl Hospital {
    /// Systems, and vendors with a contract each of which nobody knows more; one item `T1`.
    pub(super) fn with(systems: usize, vendors: usize) -> Self {
        let named = |at| (Made::system(at), System { name: format!("システム{at}"), ..System::default() });
        let mut hospital = Self {
            ledger: Ledger::default(),
            edition: edition("core", vec![item("T1", "台帳")]),
            systems: (0..systems).map(named).collect(),
            terms: BTreeMap::new(),
            sessions: Vec::new(),
            joints: BTreeMap::new(),
        };
        for at in 0..vendors {
            hospital.vendor(at, &format!("事業者{at}")).contract(at, at);
        }
        hospital
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

    pub(super) fn items(&mut self, keys: &[&str]) {
        self.edition.items = keys.iter().map(|key| item(key, key)).collect();
    }

    fn vendor(&mut self, at: usize, name: &str) -> &mut Self {
        self.ledger.vendors.push(Vendor { id: Made::vendor(at), name: name.to_owned(), field: None, contact: None });
        self
    }

    fn contract(&mut self, at: usize, vendor: usize) -> &mut Contract {
        self.ledger.contracts.push(Contract {
            id: Made::contract(at),
            number: format!("K-{at}"),
            title: "保守".into(),
            vendor: Made::vendor(vendor),
            starts_on: None,
            ends_on: None,
            update_clause: None,
        });
        self.ledger.contracts.last_mut().unwrap()
    }

    /// Terms of a contract: these systems, 第5条, no subcontractors.
    pub(super) fn cover(&mut self, contract: usize, systems: &[usize]) -> &mut Self {
        let clause = Clause { number: "第5条".into(), text: "更新を行います。".into() };
        let terms = Terms {
            systems: systems.iter().map(|at| Made::system(*at)).collect(),
            clauses: vec![clause],
            ..Terms::default()
        };
        self.terms.insert(Made::contract(contract), terms);
        self
    }

    /// A row of the session of a contract (`None` = the hospital about itself).
    pub(super) fn say(
        &mut self,
        contract: Option<usize>,
        item: &str,
        hospital: Option<Duty>,
        vendor: Option<Duty>,
        clause: Option<&str>,
    ) -> &mut Self {
        let id = contract.map(Made::contract);
        let session = self.sessions.iter().position(|session| session.contract == id).unwrap_or_else(|| {
            self.sessions.push(self.session(contract));
            self.sessions.len() - 1
        });
        let clause = clause.zip(id).map(|(number, contract)| ClauseRef { contract, number: number.to_owned() });
        let roles = Roles { hospital, vendor, clause };
        self.sessions[session].rows.insert(item.to_owned(), Row { roles, ..Row::default() });
        self
    }

    fn session(&self, contract: Option<usize>) -> Session {
        let contract = contract.map(Made::contract);
        let known = self.ledger.contracts.iter().find(|one| Some(one.id) == contract);
        Session {
            edition: self.edition.key.clone(),
            contract,
            vendor: known.map(|contract| contract.vendor),
            plan: None,
            first_talk: date(2026, 11, 1),
            rows: BTreeMap::new(),
        }
    }

    pub(super) fn device(&mut self, at: usize, kind: ResourceKind) -> &mut Resource {
        let named = Resource::named(Made::device(at), format!("機器{at}"));
        self.ledger.resources.push(Resource { kind, declared: true, ..named });
        self.ledger.resources.last_mut().unwrap()
    }

    pub(super) fn line(&mut self, at: usize, from: LineEnd, to: LineEnd) -> &mut Line {
        self.ledger.lines.push(Line {
            id: Made::line(at),
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
        self.ledger.lines.last_mut().unwrap()
    }

    /// A vendor that does nothing: its contract covers nothing, or it says of some items that it does not act.
    pub(super) fn add_bystander(&mut self, seed: u64) -> usize {
        let mut dice = Dice(seed ^ 0x5eed);
        let at = 900;
        self.vendor(at, "見ているだけ").contract(at, at);
        if dice.chance(50) {
            let systems: Vec<usize> = (0..3).filter(|_| dice.chance(50)).collect();
            self.cover(at, &systems);
        }
        let keys: Vec<String> = self.edition.items.iter().map(|item| item.key.clone()).collect();
        for key in keys {
            if dice.chance(50) {
                let duty = [None, Some(Duty::Helps), Some(Duty::Informed), Some(Duty::Not)][dice.below(4)];
                self.say(Some(at), &key, None, duty, None);
            }
        }
        at
    }

    /// A small hospital in which everything can be wrong.
    pub(super) fn random(seed: u64) -> Self {
        let dice = &mut Dice(seed);
        let mut hospital = Hospital::with(dice.below(5), 0);
        hospital.systems.values_mut().for_each(|system| system.retired = dice.chance(15));
        let keys = ["T1", "T2", "A01", "Part2/参考1"];
        hospital.items(&keys[..1 + dice.below(4)]);
        for one in &mut hospital.edition.items {
            one.known = [Known::Full, Known::Title, Known::Title, Known::Missing][dice.below(4)];
            one.scope = [ItemScope::System, ItemScope::System, ItemScope::Hospital][dice.below(3)];
        }
        let vendors = dice.below(5);
        for at in 0..vendors {
            let name = if dice.chance(15) { "自院（ＭＥ室）".to_owned() } else { format!("事業者{at}") };
            hospital.vendor(at, &name);
        }
        hospital.random_contracts(dice);
        hospital.random_devices(dice);
        hospital.random_lines(dice);
        hospital.random_sessions(dice);
        hospital
    }

    fn random_contracts(&mut self, dice: &mut Dice) {
        for at in 0..dice.below(6) {
            // A vendor that the ledger does not have, too.
            let contract = self.contract(at, dice.below(6));
            (contract.starts_on, contract.ends_on) = (dice.day(), dice.day());
            if dice.chance(25) {
                continue;
            }
            let systems: Vec<usize> = (0..6).filter(|_| dice.chance(35)).collect();
            self.cover(at, &systems);
            let devices: Vec<ResourceId> = (0..6).filter(|_| dice.chance(15)).map(Made::device).collect();
            let lines: Vec<LineId> = (0..5).filter(|_| dice.chance(15)).map(Made::line).collect();
            let subcontracting = dice.subcontracting();
            let terms = self.terms.get_mut(&Made::contract(at)).unwrap();
            terms.resources = devices;
            terms.lines = lines;
            terms.subcontracting = subcontracting;
        }
    }

    fn random_devices(&mut self, dice: &mut Dice) {
        for at in 0..dice.below(7) {
            let device = self.device(at, ResourceKind::ALL[dice.below(ResourceKind::ALL.len())]);
            if dice.chance(40) {
                device.kind = ResourceKind::Server;
            }
            device.declared = dice.chance(80);
            device.state = dice.chance(30).then(|| ResourceState::ALL[dice.below(ResourceState::ALL.len())]);
            device.maintained_by = dice.chance(50).then(|| Made::vendor(dice.below(6)));
            device.contract = dice.chance(40).then(|| Made::contract(dice.below(7)));
            device.purchase = dice.chance(40).then(|| PurchaseForm::ALL[dice.below(PurchaseForm::ALL.len())]);
            device.os = dice.chance(30).then(|| "Windows".to_owned());
            for layer in Layer::ALL {
                if dice.chance(40) {
                    let by = dice.chance(80).then(|| Made::vendor(dice.below(6)));
                    device.updates.insert(*layer, Update { by, clause: None });
                }
            }
            for system in self.systems.values_mut() {
                if dice.chance(20) {
                    system.resources.push(Made::device(at));
                }
            }
        }
        for at in 0..dice.below(8) {
            self.ledger.components.push(Component {
                id: ComponentId(Made::id(6, at)),
                resource: Made::device(dice.below(7)),
                layer: Layer::ALL[dice.below(4)],
                text: "ソフト".into(),
                version: None,
                purl: None,
                product: None,
            });
        }
    }

    fn random_lines(&mut self, dice: &mut Dice) {
        for at in 0..dice.below(6) {
            let (from, to) = (dice.end(), dice.end());
            let line = self.line(at, from, to);
            line.vendor = dice.chance(60).then(|| Made::vendor(dice.below(6)));
            line.contract = dice.chance(50).then(|| Made::contract(dice.below(7)));
            line.remote_maintenance = dice.chance(50);
            let mut joint = Joint::default();
            for topic in JointTopic::ALL {
                if dice.chance(80) {
                    let sides: Vec<Party> = (0..6).map(Made::vendor).map(Party::Vendor).collect();
                    let agreed = sides.into_iter().chain([Party::Hospital]).filter(|_| dice.chance(90)).collect();
                    let text = if dice.chance(95) { "決めました。" } else { " " };
                    joint.settled.insert(*topic, Settled { text: text.into(), agreed, entered_by: String::new() });
                }
            }
            if dice.chance(60) {
                self.joints.insert(Made::line(at), joint);
            }
        }
    }

    fn random_sessions(&mut self, dice: &mut Dice) {
        let keys: Vec<String> = self.edition.items.iter().map(|item| item.key.clone()).collect();
        for _ in 0..dice.below(7) {
            let mut session = self.session(dice.chance(80).then(|| dice.below(7)));
            if dice.chance(20) {
                session.vendor = dice.chance(50).then(|| Made::vendor(dice.below(6)));
            }
            if dice.chance(10) {
                session.edition = "another".into();
            }
            for key in keys.iter().map(String::as_str).chain(["Z9"]) {
                if dice.chance(60) {
                    let clause = dice.chance(60).then(|| ClauseRef {
                        contract: Made::contract(dice.below(7)),
                        number: ["第5条", "第９条", "５条", "第 5 条（更新）"][dice.below(4)].to_owned(),
                    });
                    let roles = Roles { hospital: dice.duty(), vendor: dice.duty(), clause };
                    session.rows.insert(key.to_owned(), Row { roles, ..Row::default() });
                }
            }
            self.sessions.push(session);
        }
    }
}

/// Chance from a seed (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(end.max(1)).unwrap()).unwrap()
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn day(&mut self) -> Option<Date> {
        [None, None, Some(date(2026, 11, 30)), Some(date(2026, 12, 1)), Some(date(2026, 12, 2))][self.below(5)]
    }

    fn duty(&mut self) -> Option<Duty> {
        // Half of the hospitals say mostly no, or nobody would ever be missing.
        let weights = [None, None, Some(Duty::Not), Some(Duty::Not), Some(Duty::Not), Some(Duty::Helps)];
        let all = weights.into_iter().chain(Duty::ALL.iter().copied().map(Some));
        let all: Vec<Option<Duty>> = all.collect();
        all[self.below(all.len())]
    }

    fn end(&mut self) -> LineEnd {
        match self.below(6) {
            0 => LineEnd::Unknown,
            1 => LineEnd::Outside("センター".into()),
            _ => LineEnd::Resource(Made::device(self.below(7))),
        }
    }

    fn subcontracting(&mut self) -> Subcontracting {
        let one = |name: &str| Subcontractor { name: name.into(), ..Subcontractor::default() };
        match self.below(5) {
            0 => Subcontracting::Unknown,
            1 => Subcontracting::None,
            2 => Subcontracting::By(Vec::new()),
            3 => Subcontracting::By(vec![one("下請"), one(if self.chance(50) { "" } else { "別の下請" })]),
            _ => Subcontracting::By(vec![Subcontractor { below: vec![one(" ")], ..one("下請") }]),
        }
    }
}
