//! What sessions say, placed: which side said what about which item for which system. Numbers instead of ids, so that
//! the rules work on plain tables.

use super::{Cell, Facts};
use crate::agreement::standing::{Standing, standing};
use crate::agreement::{Party, Terms};
use crate::confirmation::{Duty, Roles};
use crate::edition::{ItemScope, Known};
use crate::ids::{ContractId, VendorId};
use crate::resource::{Contract, Vendor};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Place of what concerns the hospital as a whole; those after it are the systems in use.
pub(super) const WHOLE: usize = 0;
/// Number of the hospital among the sides.
pub(super) const OWN: usize = 0;

/// A contract of the ledger with what the rules ask of it.
pub(super) struct Covering<'a> {
    pub(super) contract: &'a Contract,
    pub(super) party: usize,
    pub(super) standing: Standing,
    pub(super) terms: Option<&'a Terms>,
    /// Systems in use that it covers, in order.
    pub(super) places: Vec<usize>,
}

/// One row of a session, placed.
pub(super) struct Statement<'a> {
    pub(super) item: usize,
    pub(super) places: &'a [usize],
    pub(super) roles: &'a Roles,
    /// The session's contract; `None` = the hospital about itself.
    pub(super) contract: Option<ContractId>,
    /// That contract among [`Placed::contracts`], if the ledger has it.
    pub(super) covering: Option<usize>,
    /// The vendor's side; `None` = nobody knows whose word it is.
    pub(super) vendor: Option<usize>,
}

/// Everything numbered, in the order of ids.
pub(super) struct Placed<'a> {
    facts: &'a Facts<'a>,
    pub(super) places: Vec<Option<Uuid>>,
    pub(super) parties: Vec<Party>,
    pub(super) contracts: Vec<Covering<'a>>,
    vendors: Vec<(VendorId, usize)>,
    items: Vec<(&'a str, usize)>,
}

impl<'a> Placed<'a> {
    pub(super) fn new(facts: &'a Facts<'a>) -> Self {
        let in_use = facts.systems.iter().filter(|(_, system)| !system.retired).map(|(id, _)| Some(*id));
        let places: Vec<Option<Uuid>> = std::iter::once(None).chain(in_use).collect();
        let (parties, vendors) = number_parties(facts);
        let mut items: Vec<(&str, usize)> = facts.edition.items.iter().map(|item| item.key.as_str()).zip(0..).collect();
        items.sort_unstable();
        let mut placed = Placed { facts, places, parties, contracts: Vec::new(), vendors, items };
        placed.contracts = facts.ledger.contracts.iter().map(|contract| placed.covering(contract)).collect();
        placed.contracts.sort_unstable_by_key(|covering| covering.contract.id);
        placed
    }

    fn covering(&self, contract: &'a Contract) -> Covering<'a> {
        Covering {
            contract,
            party: self.party(contract.vendor),
            standing: standing(contract, self.facts.today),
            terms: self.facts.terms.get(&contract.id),
            places: self.places_of(contract.id),
        }
    }

    /// Systems in use that a contract covers.
    fn places_of(&self, contract: ContractId) -> Vec<usize> {
        let systems = self.facts.terms.get(&contract).map(|terms| terms.systems.as_slice()).unwrap_or_default();
        let mut places: Vec<usize> =
            systems.iter().filter_map(|system| self.places.binary_search(&Some(*system)).ok()).collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    /// Number of a vendor's side. Every id that can be asked for was numbered.
    pub(super) fn party(&self, vendor: VendorId) -> usize {
        let found = self.vendors.binary_search_by_key(&vendor, |(id, _)| *id);
        found.map_or(OWN, |at| self.vendors[at].1)
    }

    pub(super) fn contract(&self, id: ContractId) -> Option<usize> {
        self.contracts.binary_search_by_key(&id, |covering| covering.contract.id).ok()
    }

    /// Whether an item counts: of 未取得 nobody knows what it asks.
    pub(super) fn counts(&self, item: usize) -> bool {
        self.facts.edition.items[item].known != Known::Missing
    }

    pub(super) fn item_count(&self) -> usize {
        self.facts.edition.items.len()
    }

    /// Places an item is answered for.
    pub(super) fn places_for(&self, item: usize) -> std::ops::Range<usize> {
        match self.facts.edition.items[item].scope {
            ItemScope::Hospital => WHOLE..WHOLE + 1,
            ItemScope::System => WHOLE + 1..self.places.len(),
        }
    }

    /// Tells of every row of every session whose item the edition has; others wait until the session is carried over to it.
    pub(super) fn walk(&self, mut tell: impl FnMut(&Statement<'_>)) {
        let everywhere: Vec<usize> = (WHOLE + 1..self.places.len()).collect();
        let sessions = self.facts.sessions.iter().filter(|session| session.edition == self.facts.edition.key);
        for session in sessions {
            let covering = session.contract.and_then(|id| self.contract(id));
            // The ledger's word first: a contract may have passed to another vendor.
            let of_ledger = covering.map(|at| self.contracts[at].party);
            let vendor = of_ledger.or_else(|| session.vendor.map(|id| self.party(id)));
            let gone;
            let systems: &[usize] = match (session.contract, covering) {
                (None, _) => &everywhere,
                (_, Some(at)) => &self.contracts[at].places,
                (Some(id), None) => {
                    gone = self.places_of(id);
                    &gone
                }
            };
            // Rows and items are both in the order of keys.
            let mut items = self.items.iter().peekable();
            for (key, row) in &session.rows {
                while items.next_if(|(known, _)| *known < key.as_str()).is_some() {}
                let Some((_, item)) = items.next_if(|(known, _)| known == key) else { continue };
                let places = match self.facts.edition.items[*item].scope {
                    ItemScope::Hospital => &[WHOLE],
                    ItemScope::System => systems,
                };
                let vendor = vendor.filter(|_| session.contract.is_some());
                tell(&Statement {
                    item: *item,
                    places,
                    roles: &row.roles,
                    contract: session.contract,
                    covering,
                    vendor,
                });
            }
        }
    }
}

/// The sides in order, and which side each vendor is: the hospital's own departments stand among the vendors of a ledger.
fn number_parties(facts: &Facts<'_>) -> (Vec<Party>, Vec<(VendorId, usize)>) {
    let named = facts.ledger.vendors.iter().map(|vendor| (vendor.id, Vendor::means_hospital(&vendor.name)));
    let mut vendors: BTreeMap<VendorId, bool> = named.collect();
    let of_contracts = facts.ledger.contracts.iter().map(|contract| contract.vendor);
    let of_sessions = facts.sessions.iter().filter_map(|session| session.vendor);
    let of_devices = facts.ledger.resources.iter().filter_map(|device| device.maintained_by);
    let of_lines = facts.ledger.lines.iter().filter_map(|line| line.vendor);
    for id in of_contracts.chain(of_sessions).chain(of_devices).chain(of_lines) {
        vendors.entry(id).or_insert(false);
    }
    let mut parties = vec![Party::Hospital];
    let mut numbers = Vec::with_capacity(vendors.len());
    for (id, own) in vendors {
        numbers.push((id, if own { OWN } else { parties.len() }));
        if !own {
            parties.push(Party::Vendor(id));
        }
    }
    (parties, numbers)
}

/// What each side does, in the order of items, systems and sides. Of the hospital's own words about one item and system the
/// strongest counts; a vendor has a cell for each contract. Items nobody has seen (未取得) have cells too: they were said.
#[must_use]
pub fn cells(facts: &Facts<'_>) -> Vec<Cell> {
    let placed = Placed::new(facts);
    let mut own: BTreeMap<(usize, usize), Cell> = BTreeMap::new();
    let mut cells = Vec::new();
    placed.walk(|said| {
        let mut say = |party: usize, duty: Duty, place: usize| {
            let cell = Cell {
                item: said.item,
                system: placed.places[place],
                party: placed.parties[party],
                duty,
                contract: said.contract,
                clause: said.roles.clause.clone(),
            };
            if party != OWN {
                cells.push(cell);
                return;
            }
            let rank = |cell: &Cell| (cell.duty, cell.contract);
            if own.get(&(said.item, place)).is_none_or(|known| rank(&cell) < rank(known)) {
                own.insert((said.item, place), cell);
            }
        };
        for place in said.places {
            if let Some(duty) = said.roles.hospital {
                say(OWN, duty, *place);
            }
            if let (Some(vendor), Some(duty)) = (said.vendor, said.roles.vendor) {
                say(vendor, duty, *place);
            }
        }
    });
    cells.extend(own.into_values());
    cells.sort_by_key(|cell| (cell.item, cell.system, cell.party, cell.contract));
    cells
}
