//! Edits of lines: a line is what its rows say, so a correction is one more row that tells of the same line.

use super::Editor;
use crate::project::line_key;
use std::collections::BTreeSet;
use tomomori_domain::ids::{LineId, RecordId};
use tomomori_domain::import::{Field, Place, TableKind, Value};
use tomomori_domain::record::Record;
use tomomori_domain::resource::{Ledger, Line, LineEnd};
use tomomori_domain::text::fold;

/// What becomes of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineEdit {
    /// A line no list has.
    New {
        /// From where, as a person names it.
        from: String,
        /// To where.
        to: String,
        /// Its other values.
        values: Vec<(Field, String)>,
    },
    /// Values of a line; its ends and protocol say which one it is and cannot be set.
    Set {
        /// Which.
        line: LineId,
        /// The values; an empty text clears the field.
        values: Vec<(Field, String)>,
    },
    /// The line is no longer there: its rows end.
    Gone {
        /// Which.
        line: LineId,
    },
}

/// Records that begin and end with these edits. A line whose rows are not found (another one of the same ends was meant)
/// changes nothing.
#[must_use]
pub fn line_records(
    edits: &[LineEdit],
    ledger: &Ledger,
    in_force: &[Record],
    editor: &Editor<'_>,
) -> (Vec<Record>, Vec<RecordId>) {
    let (mut begin, mut end) = (Vec::new(), Vec::new());
    for edit in edits {
        let stated = match edit {
            LineEdit::New { from, to, values } => {
                let ends = [(Field::From, from.clone()), (Field::To, to.clone())];
                ends.into_iter().chain(values.iter().cloned()).collect()
            }
            LineEdit::Set { line, values } => {
                let rows = rows_of(*line, ledger, in_force);
                let Some(row) = rows.first() else { continue };
                let marks = [Field::Circuit, Field::From, Field::To, Field::Protocol];
                let same = marks.into_iter().filter_map(|field| Some((field, row.get(field)?.to_owned())));
                // What an earlier edit set stays set.
                let by_hand = rows.iter().find(|row| row.is_by_hand());
                end.extend(by_hand.map(|row| row.id));
                let set_before = by_hand.into_iter().flat_map(|row| &row.values).filter(|value| {
                    !marks.contains(&value.field) && values.iter().all(|(field, _)| *field != value.field)
                });
                let before = set_before.map(|value| (value.field, value.text.clone()));
                same.chain(before).chain(values.iter().cloned()).collect()
            }
            LineEdit::Gone { line } => {
                end.extend(rows_of(*line, ledger, in_force).iter().map(|row| row.id));
                continue;
            }
        };
        begin.push(record(stated, editor));
    }
    (begin, end)
}

fn record(stated: Vec<(Field, String)>, editor: &Editor<'_>) -> Record {
    let id = RecordId::generate();
    let value = |(field, text)| Value { field, text, place: Place::default(), label: None };
    let mut record = Record {
        id,
        lineage: id,
        table: TableKind::Lines,
        source: Record::HAND.to_owned(),
        key: String::new(),
        grade: editor.grade,
        seen: editor.today,
        home: None,
        origin: None,
        values: stated.into_iter().map(value).collect(),
        place: Place::default(),
        by: Some(editor.by.to_owned()),
        since: editor.change,
        listed: editor.change,
        until: None,
    };
    record.key = format!("line|{}", line_key(&record));
    record
}

/// Rows that tell of a line: those of its circuit, or those of a row whose words lead to its ends.
fn rows_of<'a>(id: LineId, ledger: &Ledger, in_force: &'a [Record]) -> Vec<&'a Record> {
    let Some(line) = ledger.lines.iter().find(|line| line.id == id) else { return Vec::new() };
    let rows = || in_force.iter().filter(|record| record.table == TableKind::Lines);
    let keys: BTreeSet<String> = rows().filter(|row| tells_of(row, line, ledger)).map(line_key).collect();
    let mut found: Vec<&Record> = rows().filter(|row| keys.contains(&line_key(row))).collect();
    found.sort_by_key(|row| (row.is_by_hand(), row.id));
    found
}

fn tells_of(row: &Record, line: &Line, ledger: &Ledger) -> bool {
    let text = |field| row.get(field).filter(|text| !text.is_empty());
    match (&line.circuit, text(Field::Circuit)) {
        (Some(circuit), Some(other)) => return fold(circuit) == fold(other),
        (None, None) => {}
        _ => return false,
    }
    text(Field::Protocol).map(fold) == line.protocol.as_deref().map(fold)
        && leads_to(text(Field::From).or(text(Field::Vendor)), &line.from, ledger)
        && leads_to(text(Field::To), &line.to, ledger)
}

fn leads_to(text: Option<&str>, end: &LineEnd, ledger: &Ledger) -> bool {
    match (text.map(fold), end) {
        (None, LineEnd::Unknown) => true,
        (Some(text), LineEnd::Outside(name)) => text == fold(name),
        (Some(text), LineEnd::Resource(id)) => {
            ledger.resources.iter().find(|resource| resource.id == *id).is_some_and(|device| {
                let one = [&device.hostname, &device.asset_number, &device.serial];
                let mut names = std::iter::once(&device.name)
                    .chain(one.into_iter().flatten())
                    .chain(&device.aliases)
                    .chain(&device.addresses);
                names.any(|name| fold(name) == text)
            })
        }
        _ => false,
    }
}
