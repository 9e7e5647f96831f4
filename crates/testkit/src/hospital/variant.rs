//! The same hospital later: a few cells changed, rows in another order, the ledger of the next fiscal year.

use super::dice::Dice;
use super::lists::LEDGER;
use super::names::{DEPARTMENTS, NOTES, PLACES};
use super::spell::iso;
use super::table::{Cell, Doc, Header, Shape, Subject, Table, Written};
use super::truth::Change;
use super::{Hospital, finish, place};
use std::collections::BTreeMap;

/// A hospital whose ledger differs in a few cells.
#[derive(Clone, Debug)]
pub struct Mutation {
    /// The hospital afterwards: all files; only the ledger differs.
    pub hospital: Hospital,
    /// What differs, and nothing else.
    pub changes: Vec<Change>,
}

/// Fields that a mutation changes: they tell nothing about which box it is.
const FIELDS: &[&str] = &["location", "department", "os", "version", "note", "purchase", "ends_on"];

impl Hospital {
    /// Changes `count` cells of the ledger, each in a field that no other file states about that device, so that the
    /// change cannot be outvoted. Fewer, if the ledger has fewer such cells.
    #[must_use]
    pub fn mutate(&self, seed: u64, count: usize) -> Mutation {
        let mut dice = Dice::new(seed);
        let mut docs = self.docs.clone();
        let mut candidates = candidates(&docs);
        dice.shuffle(&mut candidates);
        candidates.truncate(count);
        let mut changed = Vec::new();
        for (row, field) in candidates {
            let table = &mut docs[0].tables[0];
            let Some(column) = table.column(field) else { continue };
            let cell = &mut table.rows[row].cells[column];
            let new = other(field, &cell.means, &mut dice);
            let old = std::mem::replace(cell, Cell::plain(&new)).means;
            changed.push((row, field, old, new));
        }
        let hospital = finish(docs, self.truth.clone(), self.traps.clone());
        let changes = changed.into_iter().filter_map(|(row, field, old, new)| hospital.change(row, field, old, new));
        Mutation { changes: changes.collect(), hospital }
    }

    fn change(&self, row: usize, field: &'static str, old: String, new: String) -> Option<Change> {
        let doc = &self.docs[0];
        let table = &doc.tables[0];
        let mut data = (1..).zip(table.lines()).filter(|(_, line)| matches!(line, Written::Data(_)));
        let (line, _) = data.nth(row)?;
        let Subject::Device(at) = table.rows[row].subject else { return None };
        let device = self.truth.devices[at].key.clone();
        Some(Change { device, place: place(doc, table, line, field)?, field, old, new })
    }

    /// The rows of every list in another order, without section rows. Nothing else is different.
    #[must_use]
    pub fn shuffled(&self, seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        self.with_lists(|table| {
            dice.shuffle(&mut table.rows);
            table.sections = false;
        })
    }

    /// The columns of every list in another order; what is grouped under a merged header stays together.
    #[must_use]
    pub fn reordered(&self, seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        self.with_lists(|table| reorder(table, &mut dice))
    }

    /// Next year's ledger (機器台帳_2027年度.xlsx): rows shuffled, columns reordered, and nothing else changed.
    #[must_use]
    pub fn next_year(&self, seed: u64) -> Self {
        let other = self.shuffled(seed).reordered(seed);
        let mut docs = other.docs;
        let next = |text: &str| text.replace("2026年度", "2027年度");
        for doc in docs.iter_mut().filter(|doc| doc.name == LEDGER) {
            doc.name = next(&doc.name);
            doc.tables[0].title.iter_mut().flatten().for_each(|text| *text = next(text));
        }
        finish(docs, other.truth, other.traps)
    }

    fn with_lists(&self, mut change: impl FnMut(&mut Table)) -> Self {
        let mut docs = self.docs.clone();
        docs.iter_mut().filter(|doc| doc.list).flat_map(|doc| &mut doc.tables).for_each(&mut change);
        finish(docs, self.truth.clone(), self.traps.clone())
    }
}

/// Cells of the ledger, as row and field, that a change of is seen in the ledger of the program.
fn candidates(docs: &[Doc]) -> Vec<(usize, &'static str)> {
    let mut stated: BTreeMap<(usize, &str), usize> = BTreeMap::new();
    for table in docs.iter().flat_map(|doc| &doc.tables) {
        for row in &table.rows {
            let Subject::Device(at) = row.subject else { continue };
            for (column, cell) in table.columns.iter().zip(&row.cells) {
                if !cell.means.is_empty() {
                    *stated.entry((at, column.field)).or_default() += 1;
                }
            }
        }
    }
    debug_assert_eq!(docs[0].shape, Shape::Xlsx, "the ledger comes first");
    let table = &docs[0].tables[0];
    let mut found = Vec::new();
    for (at, row) in table.rows.iter().enumerate().filter(|(_, row)| row.marks.is_empty()) {
        let Subject::Device(device) = row.subject else { continue };
        for &field in FIELDS {
            let here = table.cell(row, field).is_some_and(|cell| !cell.means.is_empty());
            let files = stated.get(&(device, field)).copied().unwrap_or(0);
            // A blank remark may become a remark.
            if (here && files == 1) || (files == 0 && field == "note") {
                found.push((at, field));
            }
        }
    }
    found
}

/// Another value for a field.
fn other(field: &str, old: &str, dice: &mut Dice) -> String {
    let pick = |from: &[&str], dice: &mut Dice| {
        let from: Vec<&str> = from.iter().copied().filter(|it| *it != old).collect();
        dice.pick(&from).to_owned()
    };
    match field {
        "location" => pick(PLACES, dice),
        "department" => pick(DEPARTMENTS, dice),
        "os" => pick(&["Windows Server 2022", "Windows 11 Enterprise", "Ubuntu 24.04"], dice),
        "note" => pick(NOTES, dice),
        "purchase" => pick(&["リース", "買い切り", "レンタル"], dice),
        "ends_on" => pick(&[&iso((2033, 3, 31)), &iso((2034, 9, 30))], dice),
        _ => format!("{}.{}.99", 20 + dice.below(9), dice.below(10)),
    }
}

/// Moves columns; the first stays, since section rows and 合計 stand in it.
fn reorder(table: &mut Table, dice: &mut Dice) {
    let mut blocks: Vec<Vec<usize>> = Vec::new();
    for at in 1..table.columns.len() {
        let group = table.columns[at].group;
        let joins = at > 1 && table.header == Header::TwoRows && !group.is_empty();
        match blocks.last_mut() {
            Some(block) if joins && table.columns[at - 1].group == group => block.push(at),
            _ => blocks.push(vec![at]),
        }
    }
    blocks.iter_mut().for_each(|block| dice.shuffle(block));
    dice.shuffle(&mut blocks);
    let order: Vec<usize> = std::iter::once(0).chain(blocks.into_iter().flatten()).collect();
    table.columns = order.iter().map(|at| table.columns[*at].clone()).collect();
    for row in &mut table.rows {
        row.cells = order.iter().map(|at| row.cells[*at].clone()).collect();
    }
}
