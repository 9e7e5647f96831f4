//! Building the rows of a [`Table`] from files whose format has a fixed meaning.

use tomomori_domain::Msg;
use tomomori_domain::import::{Field, Place, Problem, Row, Severity, Table, TableKind, Value};
use tomomori_domain::resource::Grade;
use tomomori_domain::text::tidy;

/// One row in the making.
pub(crate) struct RowBuilder {
    start: Place,
    /// Where the next value stands.
    pub(crate) place: Place,
    values: Vec<Value>,
}

impl RowBuilder {
    /// A row that starts here.
    pub(crate) fn new(place: Place) -> Self {
        Self { start: place.clone(), place, values: Vec::new() }
    }

    /// Adds a value at the current place; the same value twice is one, an empty one is none.
    pub(crate) fn add(&mut self, field: Field, text: Option<&str>) {
        let text = text.map(tidy).unwrap_or_default();
        if !text.is_empty() && !self.values.iter().any(|value| value.field == field && value.text == text) {
            self.values.push(Value { field, text, place: self.place.clone(), label: None });
        }
    }

    /// Adds a value that stands on another line.
    pub(crate) fn add_at(&mut self, field: Field, text: Option<&str>, line: u32) {
        self.place.line = Some(line);
        self.add(field, text);
    }

    /// The row.
    pub(crate) fn finish(self) -> Row {
        Row { place: self.start, values: self.values }
    }
}

/// An empty table of facts that a machine reported.
pub(crate) fn table(kind: TableKind) -> Table {
    Table { kind, grade: Grade::Observed, mapping: None, rows: Vec::new(), problems: Vec::new() }
}

/// A place in a file.
pub(crate) fn place(file: &str, line: Option<u32>) -> Place {
    Place { file: file.into(), line, ..Place::default() }
}

/// A doubt or a part left out; the rest is used.
pub(crate) fn warning(place: Place, msg: Msg) -> Problem {
    Problem { severity: Severity::Warning, place, msg }
}
