//! Random hospitals, as the files a hospital has, with what is true of them and with traps in them.
//!
//! The generator shares no code with what it tests: it uses none of the program's crates, only libraries that write
//! files. What a correct program must conclude stands in [`Truth`]; what was hidden stands in [`Trap`]s.
//!
//! To compare: the program's resources against [`Truth::devices`], matched by serial number, MAC address, host name or
//! [`Device::names`]; every doubt it reports against [`Facts::places`]; and nothing it reports may point at a device
//! that only [`Truth::innocents`] names. What to expect of a file that came later gives [`Mutation::changes`].
//!
//! Everything is fictional: MAC addresses are locally administered (`02:…`), addresses private, host names end in
//! `.example`, telephone numbers begin with `03-0000-`.

mod build;
mod dice;
mod innocents;
mod lists;
mod names;
mod spell;
mod table;
#[cfg(test)]
mod tests;
mod traps;
mod truth;
mod variant;
mod wire;
mod world;
mod write;

pub use truth::{
    Appearance, Change, Contract, Device, Facts, Innocent, InnocentKind, Line, Place, Trap, TrapKind, Traps, Truth,
    Updater, Vendor, Zone,
};
pub use variant::Mutation;

use std::collections::{BTreeMap, BTreeSet};
use table::{Doc, Owner, Shape, Subject, Table, Written};
use world::File;

/// How many devices a hospital has, traps and look-alikes included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size(pub usize);

impl Size {
    /// A small hospital. With all traps there are about 80 devices, since one trap alone needs forty.
    pub const SMALL: Self = Self(40);
    /// A hospital of about 300 beds.
    pub const MIDDLE: Self = Self(400);
    /// The largest.
    pub const LARGE: Self = Self(5_000);
}

/// Fewest ordinary devices of a hospital, whatever its size.
const FEWEST: usize = 20;

/// A generated hospital.
#[derive(Clone, Debug)]
pub struct Hospital {
    /// Its files: name and bytes.
    pub files: Vec<(String, Vec<u8>)>,
    /// What is true.
    pub truth: Truth,
    /// What was hidden.
    pub traps: Vec<Trap>,
    docs: Vec<Doc>,
}

/// A hospital with one trap of each kind. The same seed and size give the same bytes.
#[must_use]
pub fn generate(seed: u64, size: Size) -> Hospital {
    generate_with(seed, size, &Traps::all())
}

/// A hospital with chosen traps.
#[must_use]
pub fn generate_with(seed: u64, size: Size, traps: &Traps) -> Hospital {
    let mut world = build::found(seed, size.0);
    let planted: usize = traps.0.iter().map(|kind| traps::devices_of(*kind)).sum();
    // One more is the stray computer.
    let ordinary = size.0.saturating_sub(planted + innocents::DEVICES + 1).max(FEWEST);
    build::furnish(&mut world, ordinary);
    build::wire(&mut world);
    innocents::plant(&mut world);
    for kind in &traps.0 {
        traps::plant(&mut world, *kind);
    }
    build::settle(&mut world);
    let wire = wire::docs(&mut world);
    let mut docs = lists::docs(&mut world);
    docs.extend(wire);
    let mut truth = world.truth;
    truth.devices = world.units.into_iter().map(|unit| unit.facts).collect();
    forget_the_unsaid(&mut truth, &docs);
    finish(docs, truth, world.traps)
}

/// A single ledger with this many rows and no traps, for measuring: file name and bytes.
#[must_use]
pub fn ledger(seed: u64, rows: usize) -> (String, Vec<u8>) {
    let mut world = build::found(seed, rows);
    for _ in 0..rows {
        let unit = build::ordinary(&mut world);
        world.units[unit].files.insert(File::Ledger);
    }
    let tables = vec![lists::ledger(&mut world)];
    let doc = Doc { name: lists::LEDGER.to_owned(), shape: Shape::Xlsx, list: true, tables };
    (doc.name.clone(), bytes(&doc))
}

#[expect(clippy::expect_used, reason = "a test that cannot be set up has failed")]
fn bytes(doc: &Doc) -> Vec<u8> {
    write::bytes(doc).expect("a workbook within the limits of Excel")
}

/// Identities that no file states are not known to anybody.
fn forget_the_unsaid(truth: &mut Truth, docs: &[Doc]) {
    let mut said: BTreeMap<usize, BTreeSet<&str>> = BTreeMap::new();
    for table in docs.iter().flat_map(|doc| &doc.tables) {
        for row in &table.rows {
            if let Subject::Device(at) = row.subject {
                let ids = ["serial", "mac", "hostname", "address"];
                let cells = ids.iter().filter_map(|field| table.cell(row, field));
                said.entry(at).or_default().extend(cells.flat_map(|cell| cell.means.split('、')));
            }
        }
    }
    for (at, device) in truth.devices.iter_mut().enumerate() {
        let said = said.get(&at).cloned().unwrap_or_default();
        let known = |text: &String| said.contains(text.as_str());
        device.serial = device.serial.take().filter(known);
        device.hostname = device.hostname.take().filter(known);
        device.macs.retain(known);
        device.addresses.retain(known);
    }
}

/// Writes the files and says where everything stands in them.
fn finish(docs: Vec<Doc>, mut truth: Truth, mut traps: Vec<Trap>) -> Hospital {
    truth.devices.iter_mut().for_each(|device| {
        device.appears.clear();
        device.names.clear();
    });
    truth.zones.iter_mut().for_each(|zone| zone.appears.clear());
    truth.lines.iter_mut().for_each(|line| line.appears.clear());
    truth.contracts.iter_mut().for_each(|contract| contract.appears.clear());
    traps.iter_mut().for_each(|trap| trap.facts.places.clear());
    truth.innocents.iter_mut().for_each(|innocent| innocent.facts.places.clear());
    for doc in &docs {
        for table in &doc.tables {
            locate(doc, table, &mut truth, &mut traps);
        }
    }
    let files = docs.iter().map(|doc| (doc.name.clone(), bytes(doc))).collect();
    Hospital { files, truth, traps, docs }
}

fn locate(doc: &Doc, table: &Table, truth: &mut Truth, traps: &mut [Trap]) {
    for (line, written) in (1..).zip(table.lines()) {
        let Written::Data(row) = written else { continue };
        let names = ["name", "title", "from", "hostname", "address", "circuit"];
        let key = names.iter().filter_map(|field| table.cell(row, field)).find(|cell| !cell.shown.is_empty());
        let appearance = Appearance {
            file: doc.name.clone(),
            sheet: sheet(doc, table),
            line,
            key: key.map(|cell| cell.shown.clone()).unwrap_or_default(),
            list: doc.list,
        };
        match row.subject {
            Subject::Device(at) => {
                let device = &mut truth.devices[at];
                device.appears.push(appearance);
                let name = table.cell(row, "name").map(|cell| cell.means.clone()).filter(|name| !name.is_empty());
                device.names.extend(name);
            }
            Subject::Line(at) => truth.lines[at].appears.push(appearance),
            Subject::Contract(at) => truth.contracts[at].appears.push(appearance),
            Subject::Zone(at) => truth.zones[at].appears.push(appearance),
            Subject::Nothing => {}
        }
        for mark in &row.marks {
            let facts = match mark.owner {
                Owner::Trap(at) => &mut traps[at].facts,
                Owner::Innocent(at) => &mut truth.innocents[at].facts,
            };
            // A line stands in two lists; the cell may be in one of them only.
            facts.places.extend(place(doc, table, line, mark.field));
        }
    }
}

fn sheet(doc: &Doc, table: &Table) -> Option<String> {
    (doc.shape == Shape::Xlsx).then(|| table.sheet.to_owned())
}

fn place(doc: &Doc, table: &Table, line: u32, field: &'static str) -> Option<Place> {
    let column = table.column(field)?;
    let cell = (doc.shape == Shape::Xlsx).then(|| format!("{}{line}", letters(column)));
    Some(Place { file: doc.name.clone(), sheet: sheet(doc, table), line, cell, field })
}

/// Column letters as Excel shows them.
fn letters(column: usize) -> String {
    let last = char::from(b'A' + (column % 26) as u8);
    if column < 26 { last.to_string() } else { format!("{}{last}", letters(column / 26 - 1)) }
}
