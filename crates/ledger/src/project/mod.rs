//! The ledger as the records in force tell it.

mod devices;
mod history;
mod lookup;
mod others;
mod software;
mod winner;

pub use history::{Rule, Standing, Statement, history};
pub use lookup::company;
pub(crate) use others::line_key;
pub use software::{Said, versions_said};

use crate::boxes::{Boxes, boxes};
use crate::checks::Check;
use crate::names::Names;
use jiff::civil::Date;
use lookup::Lookup;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use tomomori_domain::ids::{RecordId, ResourceId};
use tomomori_domain::import::TableKind;
use tomomori_domain::record::{Record, Sameness};
use tomomori_domain::resource::{Component, Ledger, Resource};
use tomomori_domain::text::fold;
use uuid::{Builder, Uuid};

/// Everything the ledger follows from.
pub struct Facts<'a> {
    /// Records in force (`until` is `None`).
    pub records: &'a [Record],
    /// People's decisions in force.
    pub decisions: &'a [Sameness],
    /// The ledger as stored: ids of things that stay are taken from it.
    pub stored: &'a Ledger,
    /// Names to products.
    pub names: &'a dyn Names,
    /// Today in Japan.
    pub today: Date,
}

/// The ledger, and what was noticed on the way.
#[derive(Debug, Default)]
pub struct Projected {
    /// The ledger; its revision and those of its devices are the stored ones.
    pub ledger: Ledger,
    /// Records that are now taken for another resource than before.
    pub homes: Vec<Home>,
    /// What a person should look at.
    pub checks: Vec<Check>,
}

/// The resource a record is taken for now, and the one its id goes back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Home {
    /// The record.
    pub record: RecordId,
    /// The resource it is taken for.
    pub home: ResourceId,
    /// See [`Record::origin`].
    pub origin: ResourceId,
}

/// Computes the ledger.
#[must_use]
pub fn project(facts: &Facts<'_>) -> Projected {
    let mut checks = Vec::new();
    let of = |table| facts.records.iter().filter(move |record| record.table == table);
    let mut lookup = Lookup::new(facts);
    let devices: Vec<Cow<'_, Record>> = device_rows(of(TableKind::Resources));
    let rows: Vec<&Record> = devices.iter().map(AsRef::as_ref).collect();
    let found = boxes(&rows, facts.decisions);
    let ids = ids(&rows, &found, facts.stored);
    let edits = edits(&rows, of(TableKind::Resources), &ids, &found);
    let mut lists: winner::Lists<'_> = HashMap::new();
    rows.iter().for_each(|row| *lists.entry(row.source.as_str()).or_default() += 1);
    let mut homes = Vec::new();
    let mut resources: BTreeMap<ResourceId, Resource> = BTreeMap::new();
    let mut stated: BTreeMap<ResourceId, Vec<&Record>> = BTreeMap::new();
    for (members, &id) in found.members.iter().zip(&ids) {
        let mut own: Vec<&Record> = members.iter().map(|&at| rows[at]).collect();
        own.extend(edits.get(&id).into_iter().flatten().copied());
        // A box that got a fresh id, because another one has the id its rows go back to, goes back to the fresh one.
        let fresh = !own.iter().any(|record| record.origin == Some(id));
        for record in &own {
            let origin = record.origin.filter(|_| !fresh || record.is_by_hand()).unwrap_or(id);
            if record.home != Some(id) || record.origin != Some(origin) {
                homes.push(Home { record: record.id, home: id, origin });
            }
        }
        let resource = devices::resource(id, &own, &lists, &lookup, &facts.stored.fields, &mut checks);
        resources.insert(id, resource);
        stated.insert(id, own);
    }
    crate::checks::of_boxes(&rows, &found, &ids, &resources, &mut checks);
    lookup.name_resources(&resources, &stated);
    devices::uplinks(&mut resources, &stated, &lookup, &mut checks);
    let sboms = others::sboms(of(TableKind::Components), &lookup, &mut homes, &mut checks);
    let components = software::components(&resources, &stated, &sboms, &lists, facts);
    let lines = others::lines(of(TableKind::Lines), &lookup, facts, &mut checks);
    let services = others::services(of(TableKind::Services), &lookup, facts, &mut checks);
    others::reached(&mut resources, &lines);
    for stored in &facts.stored.resources {
        if let Some(resource) = resources.get_mut(&stored.id) {
            resource.revision = stored.revision;
        }
    }
    let mut ledger = Ledger {
        revision: facts.stored.revision,
        resources: resources.into_values().collect(),
        components,
        zones: lookup.zones,
        lines,
        vendors: lookup.vendors,
        contracts: lookup.contracts,
        services,
        fields: facts.stored.fields.clone(),
    };
    sort(&mut ledger);
    crate::checks::of_ledger(&ledger, facts, &mut checks);
    checks.sort_by(|a, b| a.key.cmp(&b.key));
    checks.dedup_by(|a, b| a.key == b.key);
    Projected { ledger, homes, checks }
}

/// Rows about devices that can be joined. Edits of a resource no list tells of are its only row, made one here.
fn device_rows<'a>(records: impl Iterator<Item = &'a Record>) -> Vec<Cow<'a, Record>> {
    let mut rows = Vec::new();
    let mut by_hand: BTreeMap<ResourceId, Vec<&Record>> = BTreeMap::new();
    let mut told: BTreeSet<ResourceId> = BTreeSet::new();
    for record in records {
        match record.origin.filter(|_| record.is_by_hand()) {
            Some(home) => by_hand.entry(home).or_default().push(record),
            None => {
                told.extend(record.origin);
                rows.push(Cow::Borrowed(record));
            }
        }
    }
    for (_, mut edits) in by_hand.into_iter().filter(|(home, _)| !told.contains(home)) {
        edits.sort_by(|a, b| a.key.cmp(&b.key));
        let Some(first) = edits.first() else { continue };
        let values = edits.iter().flat_map(|edit| edit.values.iter().cloned()).collect();
        // Decisions name the oldest edit; it stays the oldest whatever is edited later.
        let lineage = edits.iter().map(|edit| edit.lineage).min().unwrap_or(first.lineage);
        rows.push(Cow::Owned(Record { values, lineage, ..(*first).clone() }));
    }
    rows
}

/// The id of each box: that of the oldest resource its rows were taken for, so that a box taken apart gets its own id
/// back. Of two boxes with one such id the one with the oldest row keeps it.
fn ids(rows: &[&Record], found: &Boxes, stored: &Ledger) -> Vec<ResourceId> {
    let known: BTreeSet<ResourceId> = stored.resources.iter().map(|resource| resource.id).collect();
    let mut claims: Vec<(usize, ResourceId, RecordId)> = Vec::new();
    for (at, members) in found.members.iter().enumerate() {
        let mut own: BTreeMap<ResourceId, RecordId> = BTreeMap::new();
        for &row in members {
            if let Some(home) = rows[row].origin {
                let lineage = rows[row].lineage;
                own.entry(home).and_modify(|first| *first = lineage.min(*first)).or_insert(lineage);
            }
        }
        claims.extend(own.into_iter().map(|(home, first)| (at, home, first)));
    }
    // Ids in use before others, then the oldest id, then the oldest row.
    claims.sort_by_key(|&(_, home, first)| (!known.contains(&home), home, first));
    let mut taken: BTreeSet<ResourceId> = BTreeSet::new();
    let mut given: HashMap<usize, ResourceId> = HashMap::new();
    for (at, home, _) in claims {
        if !given.contains_key(&at) && taken.insert(home) {
            given.insert(at, home);
        }
    }
    (0..found.members.len()).map(|at| given.get(&at).copied().unwrap_or_else(ResourceId::generate)).collect()
}

/// Edits by hand of boxes that lists tell of, by the box they belong to now.
fn edits<'a>(
    rows: &[&Record],
    records: impl Iterator<Item = &'a Record>,
    ids: &[ResourceId],
    found: &Boxes,
) -> BTreeMap<ResourceId, Vec<&'a Record>> {
    // A resource that was joined to another one is that one now; one taken apart keeps its edits with its id.
    let mut now: BTreeMap<ResourceId, ResourceId> = BTreeMap::new();
    for (members, &id) in found.members.iter().zip(ids) {
        for home in members.iter().filter_map(|&at| rows[at].origin) {
            now.entry(home).or_insert(id);
        }
    }
    for &id in ids {
        now.insert(id, id);
    }
    let whole: BTreeSet<ResourceId> = rows.iter().filter(|row| row.is_by_hand()).filter_map(|row| row.origin).collect();
    let mut edits: BTreeMap<ResourceId, Vec<&Record>> = BTreeMap::new();
    for record in records.filter(|record| record.is_by_hand()) {
        if let Some(home) = record.origin.filter(|home| !whole.contains(home))
            && let Some(id) = now.get(&home)
        {
            edits.entry(*id).or_default().push(record);
        }
    }
    edits
}

/// In the order in which the store reads.
fn sort(ledger: &mut Ledger) {
    ledger.resources.sort_by_cached_key(|row| (fold(&row.name), row.id));
    ledger.components.sort_by_key(|row: &Component| row.id);
    ledger.zones.sort_by_cached_key(|row| (fold(&row.name), row.id));
    ledger.lines.sort_by_key(|row| row.id);
    ledger.vendors.sort_by_cached_key(|row| (fold(&row.name), row.id));
    ledger.contracts.sort_by(|a, b| (&a.number, a.id).cmp(&(&b.number, b.id)));
    ledger.services.sort_by_cached_key(|row| (fold(&row.name), row.id));
}

/// An id that follows from what a thing is, so that it is the same again when the thing comes back.
fn content_id(what: &str) -> Uuid {
    Builder::from_custom_bytes(fnv128(what)).into_uuid()
}

/// FNV-1a, 128 bits (public domain, draft-eastlake-fnv): ids need no secrecy, only to be the same again.
fn fnv128(text: &str) -> [u8; 16] {
    let mut hash: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    for byte in text.bytes() {
        hash = (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
    }
    hash.to_be_bytes()
}
