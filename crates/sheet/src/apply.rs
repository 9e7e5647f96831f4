//! A sheet and a mapping become rows for the ledger. Every value is tidied; what cannot be read is left out with a
//! problem that names the cell, never guessed.

mod value;

use crate::model::{Cell, Sheet, column_index};
use crate::words;
use std::collections::{HashMap, HashSet};
use tomomori_domain::Msg;
use tomomori_domain::import::{Field, Mapping, Place, Problem, Row, Severity, Table, TableKind, Value};
use tomomori_domain::resource::Grade;
use tomomori_domain::text;

/// Reads the rows of a sheet as the mapping says, exactly so: it may come from a person. `None` when the mapping
/// leaves the sheet out. `file` is the name people know the file by.
#[must_use]
pub fn table(sheet: &Sheet, mapping: &Mapping, grade: Grade, file: &str) -> Option<Table> {
    let kind = mapping.table?;
    let mut reader = RowReader {
        sheet,
        file,
        kind,
        columns: Vec::new(),
        above: HashMap::new(),
        merged: vertical_merges(sheet, mapping.header_row),
        problems: sheet.problems.clone(),
    };
    reader.take_columns(mapping);
    let rows = match reader.columns.is_empty() {
        true => Vec::new(),
        false => reader.rows(mapping.header_row),
    };
    let problems = reader.problems;
    Some(Table { kind, grade, mapping: Some(mapping.clone()), rows, problems })
}

/// A mapped column.
struct Column {
    index: u32,
    field: Field,
    /// Header text, key, to know it again where a printed page repeats it.
    header: String,
}

/// Text with the position it stands at.
#[derive(Clone)]
struct Source {
    text: String,
    row: u32,
    column: u32,
    number: bool,
}

struct RowReader<'s> {
    sheet: &'s Sheet,
    file: &'s str,
    kind: TableKind,
    columns: Vec<Column>,
    /// Last text of each column, for 〃 and 同上.
    above: HashMap<u32, Source>,
    /// (row, column) covered by a merge that reaches down → row of its text.
    merged: HashMap<(u32, u32), u32>,
    problems: Vec<Problem>,
}

/// Cells below the top of a merged area show its text. Only areas in the data and only rows that hold something else
/// matter, so the cost follows the cells and not the area.
fn vertical_merges(sheet: &Sheet, header_row: u32) -> HashMap<(u32, u32), u32> {
    let rows: Vec<u32> = sheet.rows().map(|row| row[0].row).collect();
    let mut merged = HashMap::new();
    for area in sheet.merges.iter().filter(|area| area.top > header_row && area.bottom > area.top) {
        let from = rows.partition_point(|row| *row <= area.top);
        for &row in rows[from..].iter().take_while(|row| **row <= area.bottom) {
            merged.insert((row, area.left), area.top);
        }
    }
    merged
}

impl RowReader<'_> {
    fn take_columns(&mut self, mapping: &Mapping) {
        for column in &mapping.columns {
            let Some(field) = column.field else { continue };
            match column_index(&column.column) {
                Some(index) => self.columns.push(Column { index, field, header: words::key(&column.header) }),
                None => {
                    let msg = Msg::new("sheet-mapping-column").arg("column", &column.column);
                    let place =
                        Place { file: self.file.to_owned(), sheet: self.sheet.name.clone(), ..Place::default() };
                    self.problems.push(Problem { severity: Severity::Error, place, msg });
                }
            }
        }
        self.columns.sort_by_key(|column| column.index);
    }

    fn rows(&mut self, header_row: u32) -> Vec<Row> {
        let sheet = self.sheet;
        let start = sheet.cells.partition_point(|cell| cell.row <= header_row);
        let mut rows = Vec::new();
        for cells in sheet.cells[start..].chunk_by(|a, b| a.row == b.row) {
            let number = cells[0].row;
            let skip = self.skip(cells);
            if let Some((msg, at)) = skip {
                if let Some(msg) = msg {
                    self.warn(number, at, msg);
                }
                continue;
            }
            let values = self.values(number);
            if !values.is_empty() {
                let first = self.columns[0].index;
                rows.push(Row { place: sheet.place(self.file, number, first), values });
            }
        }
        rows
    }

    /// Rows that describe nothing: a repeated header, a total, a section title, a printed page number.
    fn skip(&self, cells: &[Cell]) -> Option<(Option<Msg>, u32)> {
        let row = cells[0].row;
        let mapped: Vec<(&Column, &Cell)> = self
            .columns
            .iter()
            .filter_map(|column| cells.iter().find(|cell| cell.column == column.index).map(|cell| (column, cell)))
            .collect();
        if mapped.len() >= 2 && mapped.iter().all(|(column, cell)| is_header_text(&column.header, &cell.text)) {
            return Some((None, cells[0].column));
        }
        let first = &cells[0];
        let key = words::key(&first.text);
        if words::is_total(&key) && mapped.len() * 2 <= self.columns.len().max(2) {
            return Some((Some(Msg::new("sheet-row-total").arg("text", text::tidy(&first.text))), first.column));
        }
        if cells.len() == 1 && self.columns.len() >= 3 && self.is_title(first) {
            let covered = self.columns.iter().any(|column| self.merged.contains_key(&(row, column.index)));
            if !covered {
                return Some((Some(Msg::new("sheet-row-title").arg("text", text::tidy(&first.text))), first.column));
            }
        }
        None
    }

    /// The only cell of a row: a title, unless it stands in a column that can name a thing by itself.
    fn is_title(&self, cell: &Cell) -> bool {
        let marked =
            cell.text.trim_start().starts_with(['■', '□', '●', '◆', '◇', '▼', '▲', '【', '〔', '<', '＜', '※', '《']);
        let spread = self.sheet.merges.iter().any(|area| {
            area.rows().contains(&cell.row) && area.columns().contains(&cell.column) && area.left < area.right
        });
        let names = self.columns.iter().any(|column| {
            let naming = matches!(
                column.field,
                Field::Name
                    | Field::AssetNumber
                    | Field::Hostname
                    | Field::Address
                    | Field::Mac
                    | Field::Serial
                    | Field::ContractNumber
                    | Field::Title
                    | Field::Product
            );
            column.index == cell.column && naming
        });
        marked || spread || !names
    }

    fn values(&mut self, row: u32) -> Vec<Value> {
        let mut values: Vec<Value> = Vec::new();
        for at in 0..self.columns.len() {
            let (index, field) = (self.columns[at].index, self.columns[at].field);
            let Some(source) = self.source(row, index) else { continue };
            let place = self.sheet.place(self.file, source.row, source.column);
            let read = value::read(self.kind, field, &source.text, source.number);
            if let Some(msg) = read.warning {
                self.problems.push(Problem { severity: Severity::Warning, place: place.clone(), msg });
            }
            for text in read.texts {
                match values.iter_mut().find(|value| value.field == field && value::joins(field)) {
                    Some(value) if value.text != text => value.text = format!("{} {text}", value.text),
                    Some(_) => {}
                    None => values.push(Value { field, text, place: place.clone(), label: None }),
                }
            }
        }
        let mut seen = HashSet::new();
        values.retain(|value| seen.insert((value.field, value.text.clone())));
        values
    }

    /// What a cell says, looking up where it repeats what stands above.
    fn source(&mut self, row: u32, column: u32) -> Option<Source> {
        let stands = self.merged.get(&(row, column)).copied().unwrap_or(row);
        let cell = self.sheet.cell(row, column).or_else(|| self.sheet.cell(stands, column))?;
        if words::is_ditto(&cell.text) {
            let above = self.above.get(&column).cloned();
            if above.is_none() {
                self.warn(cell.row, column, Msg::new("sheet-cell-ditto"));
            }
            return above;
        }
        let source = Source { text: cell.text.to_string(), row: cell.row, column, number: cell.number };
        self.above.insert(column, source.clone());
        Some(source)
    }

    fn warn(&mut self, row: u32, column: u32, msg: Msg) {
        let place = self.sheet.place(self.file, row, column);
        self.problems.push(Problem { severity: Severity::Warning, place, msg });
    }
}

/// A two-row header stands in the mapping as `upper/lower`; on the page each row shows its part.
fn is_header_text(header: &str, cell: &str) -> bool {
    let cell = words::key(cell);
    !cell.is_empty() && (header == cell || header.split('/').any(|part| part == cell))
}
