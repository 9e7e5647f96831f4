//! A sheet and a mapping become rows for the ledger. Every value is tidied; what cannot be read is left out with a
//! problem that names the cell, never guessed.

mod value;

use crate::model::{Cell, Sheet, column_index};
use crate::{guess, words};
use ecow::EcoString;
use std::collections::HashMap;
use tomomori_domain::Msg;
use tomomori_domain::import::{ColumnMapping, Field, Mapping, Place, Problem, Row, Severity, Table, TableKind, Value};
use tomomori_domain::resource::Grade;
use tomomori_domain::text;

/// Values of a field of a device that one text gives, read as an import reads a cell: 和暦 dates, names of kinds, はい and
/// いいえ. None for blank texts and words that say nothing (不明).
///
/// # Errors
/// The text cannot be read as this field, or not as it stands; the message says what to write instead.
pub fn cell(field: Field, text: &str) -> Result<Vec<String>, Msg> {
    let read = value::read(TableKind::Resources, field, text, false);
    match read.warning {
        Some(msg) => Err(msg),
        None => Ok(read.texts),
    }
}

/// Reads the rows of a sheet as the mapping says, exactly so: it may come from a person. `None` when the mapping
/// leaves the sheet out. `file` is the name people know the file by.
#[must_use]
pub fn table(sheet: &Sheet, mapping: &Mapping, grade: Grade, file: &str) -> Option<Table> {
    let kind = mapping.table?;
    let mut reader = RowReader {
        sheet,
        file: file.into(),
        kind,
        columns: Vec::new(),
        merged: vertical_merges(sheet, mapping.header_row),
        names_makers: mapping.columns.iter().any(|column| column.field == Some(Field::Maker)),
        problems: sheet.problems.clone(),
    };
    reader.take_columns(mapping);
    let mut rows = match reader.columns.is_empty() {
        true => Vec::new(),
        false => reader.rows(mapping.header_row),
    };
    if kind == TableKind::Lines {
        remote_by_title(sheet, mapping, &reader.file, &mut rows);
    }
    let problems = reader.problems;
    Some(Table { kind, grade, mapping: Some(mapping.clone()), rows, problems })
}

/// A mapped column.
struct Column<'s> {
    index: u32,
    field: Field,
    /// Header text, key, to know it again where a printed page repeats it.
    header: String,
    /// Name of the hospital's own column.
    label: Option<String>,
    /// The last cell that says something, for 〃 and 同上.
    above: Option<&'s Cell>,
}

struct RowReader<'s> {
    sheet: &'s Sheet,
    file: EcoString,
    kind: TableKind,
    columns: Vec<Column<'s>>,
    /// (row, column) covered by a merge that reaches down → row of its text.
    merged: HashMap<(u32, u32), u32>,
    /// A column of its own names the makers.
    names_makers: bool,
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

impl<'s> RowReader<'s> {
    fn take_columns(&mut self, mapping: &Mapping) {
        for column in &mapping.columns {
            let Some(field) = column.field else { continue };
            match column_index(&column.column) {
                Some(index) => {
                    self.say_overruled(column, index, mapping.header_row);
                    let label = (field == Field::Custom).then(|| custom_label(column));
                    let header = words::key(&column.header);
                    self.columns.push(Column { index, field, header, label, above: None });
                }
                None => {
                    let msg = Msg::new("sheet-mapping-column").arg("column", &column.column);
                    let place = Place { file: self.file.clone(), sheet: self.sheet.name.clone(), ..Place::default() };
                    self.problems.push(Problem { severity: Severity::Error, place, msg });
                }
            }
        }
        self.columns.sort_by_key(|column| column.index);
    }

    /// A guess that followed the contents of a column against its header. What a person chose is not questioned.
    fn say_overruled(&mut self, column: &ColumnMapping, index: u32, header_row: u32) {
        let by_header = guess::header_field(self.kind, &column.header);
        let against = by_header.is_some() && by_header != column.field && column.score < 100;
        let msg = match column.field.filter(|_| against) {
            Some(Field::Address) => Msg::new("sheet-column-addresses"),
            Some(Field::Mac) => Msg::new("sheet-column-macs"),
            _ => return,
        };
        self.warn(header_row, index, msg.arg("header", &column.header));
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
            let values = self.values(cells);
            if !values.is_empty() {
                let first = self.columns[0].index;
                rows.push(Row { place: sheet.place(&self.file, number, first), values });
            }
        }
        rows
    }

    /// Rows that describe nothing: a repeated header, a total, a section title, a printed page number.
    fn skip(&self, cells: &[Cell]) -> Option<(Option<Msg>, u32)> {
        let row = cells[0].row;
        let mapped: Vec<(&Column<'_>, &Cell)> =
            self.columns.iter().filter_map(|column| in_row(cells, column.index).map(|cell| (column, cell))).collect();
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

    fn values(&mut self, cells: &'s [Cell]) -> Vec<Value> {
        let mut values: Vec<Value> = Vec::with_capacity(self.columns.len());
        for at in 0..self.columns.len() {
            let Some(source) = self.source(cells, at) else { continue };
            let column = &self.columns[at];
            let read = value::read(self.kind, column.field, &source.text, source.number);
            let place = || self.sheet.place(&self.file, source.row, source.column);
            if let Some(msg) = read.warning {
                self.problems.push(Problem { severity: Severity::Warning, place: place(), msg });
            }
            let field = read.instead.unwrap_or(column.field);
            for text in read.texts {
                // Where only the holder of the marketing authorisation is named, the product bears its name.
                if field == Field::MarketingHolder && !self.names_makers {
                    values.push(Value { field: Field::Maker, text: text.clone(), place: place(), label: None });
                }
                let joined = values.iter().position(|value| value.field == field && value::joins(field));
                if let Some(joined) = joined {
                    let value = &mut values[joined];
                    if value.text != text {
                        value.text = format!("{} {text}", value.text);
                    }
                } else if !values.iter().any(|v| v.field == field && v.text == text && v.label == column.label) {
                    values.push(Value { field, text, place: place(), label: column.label.clone() });
                }
            }
        }
        values
    }

    /// What a cell says, looking up where it repeats what stands above.
    fn source(&mut self, cells: &'s [Cell], at: usize) -> Option<&'s Cell> {
        let (row, column) = (cells[0].row, self.columns[at].index);
        let covering = || self.sheet.cell(*self.merged.get(&(row, column))?, column);
        let cell = in_row(cells, column).or_else(covering)?;
        if words::is_ditto(&cell.text) {
            if self.columns[at].above.is_none() {
                self.warn(cell.row, column, Msg::new("sheet-cell-ditto"));
            }
            return self.columns[at].above;
        }
        self.columns[at].above = Some(cell);
        Some(cell)
    }

    fn warn(&mut self, row: u32, column: u32, msg: Msg) {
        let place = self.sheet.place(&self.file, row, column);
        self.problems.push(Problem { severity: Severity::Warning, place, msg });
    }
}

/// The cell of a row in a column.
fn in_row(cells: &[Cell], column: u32) -> Option<&Cell> {
    cells.binary_search_by_key(&column, |cell| cell.column).ok().map(|at| &cells[at])
}

/// A list called リモート保守一覧 has no column that says of each line that it is one: its title does.
fn remote_by_title(sheet: &Sheet, mapping: &Mapping, file: &EcoString, rows: &mut [Row]) {
    if mapping.columns.iter().any(|column| column.field == Some(Field::RemoteMaintenance)) {
        return;
    }
    let title = sheet.cells.iter().take_while(|cell| cell.row < mapping.header_row);
    let title = title.into_iter().find(|cell| words::is_about_remote_maintenance(&words::key(&cell.text)));
    let named = sheet.name.as_deref().is_some_and(|name| words::is_about_remote_maintenance(&words::key(name)));
    for row in rows.iter_mut() {
        let place = match title {
            Some(cell) => sheet.place(file, cell.row, cell.column),
            None if named => row.place.clone(),
            None => return,
        };
        row.values.push(Value { field: Field::RemoteMaintenance, text: "true".to_owned(), place, label: None });
    }
}

/// The name of a column of the hospital's own: what follows the mark of this program's own files, else its header, else
/// its letters.
fn custom_label(column: &ColumnMapping) -> String {
    let label = tomomori_domain::custom::of_header(&column.header).unwrap_or(&column.header);
    if label.is_empty() { column.column.clone() } else { label.to_owned() }
}

/// A two-row header stands in the mapping as `upper/lower`; on the page each row shows its part.
fn is_header_text(header: &str, cell: &str) -> bool {
    let cell = words::key(cell);
    !cell.is_empty() && (header == cell || header.split('/').any(|part| part == cell))
}
