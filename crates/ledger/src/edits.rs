//! Edits of single fields: by hand, from the grid, from an exported list that comes back changed.

mod lines;

pub use lines::{LineEdit, line_records};

use crate::words::Words;
use jiff::civil::Date;
use std::collections::{BTreeSet, HashMap, HashSet};
use tomomori_domain::Msg;
use tomomori_domain::custom::of_header;
use tomomori_domain::ids::{ChangeId, RecordId, ResourceId};
use tomomori_domain::import::{Field, Place, Problem, Row, Severity, Table, TableKind, Value};
use tomomori_domain::record::Record;
use tomomori_domain::resource::{Grade, Ledger, Resource};

/// One field of one device as a person wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The device.
    pub resource: ResourceId,
    /// Which field.
    pub field: Field,
    /// Name of the hospital's own column, for [`Field::Custom`].
    pub label: Option<String>,
    /// The values; none = the field is cleared.
    pub values: Vec<String>,
    /// Where it stood, for edits that come from a file.
    pub place: Place,
}

/// Who edits, and in which step.
#[derive(Clone, Debug)]
pub struct Editor<'a> {
    /// The step.
    pub change: ChangeId,
    /// Name of the person.
    pub by: &'a str,
    /// How good the word is: the hospital's, or a vendor's that was accepted.
    pub grade: Grade,
    /// Today in Japan.
    pub today: Date,
}

/// Records that begin and end with these edits: an earlier edit of the same field ends.
#[must_use]
pub fn records(edits: &[Edit], in_force: &[Record], editor: &Editor<'_>) -> (Vec<Record>, Vec<RecordId>) {
    let mut known: HashMap<&str, &Record> = HashMap::new();
    for record in in_force.iter().filter(|record| record.is_by_hand()) {
        known.insert(record.key.as_str(), record);
    }
    let (mut begin, mut end) = (Vec::new(), Vec::new());
    for edit in edits {
        let label = edit.label.as_deref().unwrap_or_default();
        let key = format!("{}|{}|{label}", edit.resource, edit.field.key());
        let id = RecordId::generate();
        let value = |text: &str| Value {
            field: edit.field,
            text: text.to_owned(),
            place: edit.place.clone(),
            label: edit.label.clone(),
        };
        let mut values: Vec<Value> = edit.values.iter().map(|text| value(text)).collect();
        if values.is_empty() {
            values.push(value(""));
        }
        let old = known.get(key.as_str());
        if old.is_some_and(|old| old.says_the_same(&values) && old.grade == editor.grade) {
            continue;
        }
        end.extend(old.map(|old| old.id));
        begin.push(Record {
            id,
            lineage: old.map_or(id, |old| old.lineage),
            table: TableKind::Resources,
            source: Record::HAND.to_owned(),
            key,
            grade: editor.grade,
            seen: editor.today,
            home: Some(edit.resource),
            origin: Some(edit.resource),
            values,
            place: edit.place.clone(),
            by: Some(editor.by.to_owned()),
            since: editor.change,
            listed: editor.change,
            until: None,
        });
    }
    (begin, end)
}

/// What a list that this program wrote says when it comes back.
#[derive(Debug, Default)]
pub struct Exported {
    /// Cells that differ from the ledger.
    pub edits: Vec<Edit>,
    /// Rows in which none does.
    pub unchanged: u64,
    /// The tables without those rows.
    pub rest: Vec<Table>,
}

/// Takes the rows that carry a resource's id out of the tables: they come from a list this program wrote, so each cell
/// that differs from the ledger is an edit, and nothing else is. A cell that could not be read changes nothing.
#[must_use]
pub fn of_exported(tables: Vec<Table>, ledger: &Ledger) -> Exported {
    let devices: HashMap<String, &Resource> = ledger.resources.iter().map(|row| (row.id.to_string(), row)).collect();
    let words = Words::of(ledger);
    let mut out = Exported::default();
    for mut table in tables {
        let columns: BTreeSet<Field> =
            table.mapping.iter().flat_map(|mapping| &mapping.columns).filter_map(|column| column.field).collect();
        if table.kind != TableKind::Resources || !columns.contains(&Field::ResourceId) {
            out.rest.push(table);
            continue;
        }
        let unread: HashSet<Place> = table.problems.iter().map(|problem| problem.place.clone()).collect();
        let mut others = Vec::new();
        for mut row in std::mem::take(&mut table.rows) {
            let id = row.get(Field::ResourceId).map(str::to_owned);
            match id.as_ref().and_then(|id| devices.get(id)) {
                Some(device) => {
                    let labels = custom_columns(&table);
                    let edits = of_row(&row, device, &columns, &labels, &words, &unread, &table);
                    out.unchanged += u64::from(edits.is_empty());
                    out.edits.extend(edits);
                }
                None => {
                    if let Some(id) = id {
                        let msg = Msg::new("import-id-unknown").arg("value", id);
                        let place = row.place.clone();
                        table.problems.push(Problem { severity: Severity::Warning, place, msg });
                    }
                    row.values.retain(|value| value.field != Field::ResourceId);
                    others.push(row);
                }
            }
        }
        table.rows = others;
        out.rest.push(table);
    }
    out
}

fn custom_columns(table: &Table) -> BTreeSet<String> {
    let columns = table.mapping.iter().flat_map(|mapping| &mapping.columns);
    let own = columns.filter(|column| column.field == Some(Field::Custom));
    own.map(|column| of_header(&column.header).unwrap_or(&column.header).to_owned()).collect()
}

fn of_row(
    row: &Row,
    device: &Resource,
    columns: &BTreeSet<Field>,
    labels: &BTreeSet<String>,
    words: &Words<'_>,
    unread: &HashSet<Place>,
    table: &Table,
) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut compare = |field: Field, label: Option<&str>, known: Vec<String>| {
        let stated: Vec<&Value> =
            row.values.iter().filter(|value| value.field == field && value.label.as_deref() == label).collect();
        let mut values: Vec<String> = stated.iter().map(|value| value.text.clone()).collect();
        let place = stated.first().map_or_else(|| row.place.clone(), |value| value.place.clone());
        if values.is_empty() && cell_unread(row, field, label, unread, table) {
            return;
        }
        let mut before = known;
        let shown = values.clone();
        // The ledger shows an own column in the form of its type, whatever form the cell has.
        if let Some(own) = label.and_then(|label| words.own(label)) {
            values = values.into_iter().map(|text| own.canonical(&text).unwrap_or(text)).collect();
        }
        // Lists are compared as sets: their order says nothing.
        values.sort_unstable();
        before.sort_unstable();
        if values != before {
            let label = label.map(str::to_owned);
            edits.push(Edit { resource: device.id, field, label, values: shown, place });
        }
    };
    for &field in columns.iter().filter(|field| crate::words::DEVICE_FIELDS.contains(field)) {
        compare(field, None, words.values(device, field));
    }
    for label in labels {
        compare(Field::Custom, Some(label), device.custom.get(label).cloned().into_iter().collect());
    }
    edits
}

/// Whether the cell of a field in this row was refused: then it says nothing, not that the field is empty.
fn cell_unread(row: &Row, field: Field, label: Option<&str>, unread: &HashSet<Place>, table: &Table) -> bool {
    let Some(number) = row.place.cell.as_deref().map(|cell| cell.trim_start_matches(|c: char| c.is_ascii_uppercase()))
    else {
        return false;
    };
    let columns = table.mapping.iter().flat_map(|mapping| &mapping.columns);
    columns
        .filter(|column| column.field == Some(field))
        .filter(|column| label.is_none_or(|label| of_header(&column.header).unwrap_or(&column.header) == label))
        .any(|column| {
            unread.contains(&Place { cell: Some(format!("{}{number}", column.column).into()), ..row.place.clone() })
        })
}
