//! Excel workbooks (`.xlsx`, `.xlsm`): cells as a stream, under limits.

use crate::cell_text::{CellText, cell_text};
use crate::error::ReadError;
use crate::limits::{Limit, Limits, check};
use crate::model::{Cell, Sheet};
use crate::scan::{Scan, SheetFacts, scan};
use calamine::{Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use ecow::EcoString;
use std::collections::HashSet;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use tomomori_domain::Msg;
use tomomori_domain::import::{Place, Problem, Severity};

/// First bytes of a zip archive, and of the container of old and of encrypted Office files.
const ZIP: &[u8] = b"PK";
const COMPOUND: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// Warnings of one kind that are listed one by one in a sheet; the rest is counted.
const LISTED: usize = 50;

/// The bytes are an Office file of some kind, readable or not.
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    bytes.starts_with(ZIP) && matches!(bytes.get(2), Some(3 | 5 | 7)) || bytes.starts_with(COMPOUND)
}

/// Reads all worksheets. Macros are never run and not even opened; formulas count with their stored value.
///
/// # Errors
/// [`ReadError`], naming the part or the sheet.
pub fn read(bytes: &[u8], file: &str, limits: &Limits) -> Result<Vec<Sheet>, ReadError> {
    if bytes.is_empty() {
        return Err(ReadError::Empty);
    }
    check(Limit::FileBytes, bytes.len() as u64, limits.file_bytes, file)?;
    if bytes.starts_with(COMPOUND) {
        return Err(compound(bytes));
    }
    if !looks_like(bytes) {
        return Err(ReadError::NotATable);
    }
    let scanned = scan(bytes, limits)?;
    // calamine computes with what it reads and has places that panic on a malformed number. The scan refuses the known
    // ones; this keeps an unknown one from taking the process with it.
    let sheets = catch_unwind(AssertUnwindSafe(|| sheets(bytes, file, limits, scanned)))
        .unwrap_or_else(|_| Err(ReadError::Damaged { part: file.to_owned(), detail: "malformed value".to_owned() }))?;
    if sheets.iter().all(|sheet| sheet.cells.is_empty()) { Err(ReadError::Empty) } else { Ok(sheets) }
}

/// Streams in a compound file are named in UTF-16.
fn compound(bytes: &[u8]) -> ReadError {
    let names = |name: &str| {
        let utf16: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes.windows(utf16.len()).any(|window| window == utf16)
    };
    if names("EncryptedPackage") {
        ReadError::Protected
    } else if names("Workbook") || names("Book") {
        ReadError::OldExcel
    } else {
        ReadError::NotATable
    }
}

fn sheets(bytes: &[u8], file: &str, limits: &Limits, mut scanned: Scan) -> Result<Vec<Sheet>, ReadError> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|error| damaged(file, error))?;
    let metas = book.sheets_metadata().to_vec();
    let mut left = Left { cells: limits.cells, text_bytes: limits.text_bytes };
    let mut sheets = Vec::new();
    for meta in metas.iter().filter(|meta| meta.typ == SheetType::WorkSheet) {
        let facts = scanned.sheets.remove(&meta.name).unwrap_or_default();
        let mut sheet = read_sheet(&mut book, &meta.name, file, limits, &mut left, facts)?;
        if meta.visible != SheetVisible::Visible {
            note(&mut sheet, file, Msg::new("sheet-hidden-sheet"));
        }
        sheets.push(sheet);
    }
    if scanned.macros
        && let Some(first) = sheets.first_mut()
    {
        note(first, file, Msg::new("sheet-macros-ignored"));
    }
    Ok(sheets)
}

/// What is left of the limits that count over all sheets.
struct Left {
    cells: u64,
    text_bytes: u64,
}

fn read_sheet(
    book: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    file: &str,
    limits: &Limits,
    left: &mut Left,
    facts: SheetFacts,
) -> Result<Sheet, ReadError> {
    let mut sheet = Sheet { name: Some(name.into()), merges: facts.merges, ..Sheet::default() };
    let mut errors = Vec::new();
    let mut columns = HashSet::new();
    let (mut rows, mut last_row) = (0, None);
    let mac_calendar = book.has_1904_epoch();
    let mut reader = book.worksheet_cells_reader(name).map_err(|error| damaged(name, error))?;
    while let Some(found) = reader.next_cell().map_err(|error| damaged(name, error))? {
        let (row, column) = found.get_position();
        let row = row + 1;
        let (text, number) = match cell_text(found.get_value(), mac_calendar) {
            CellText::Empty => continue,
            CellText::Error(code) => {
                errors.push((row, column, code));
                continue;
            }
            CellText::Text(text) => (text, false),
            CellText::Number(text) => (text, true),
        };
        left.cells = left.cells.checked_sub(1).ok_or_else(|| too_much(Limit::Cells, limits.cells, name))?;
        left.text_bytes = left
            .text_bytes
            .checked_sub(text.len() as u64)
            .ok_or_else(|| too_much(Limit::TextBytes, limits.text_bytes, name))?;
        if columns.insert(column) {
            check(Limit::Columns, columns.len() as u64, limits.columns, name)?;
        }
        if last_row != Some(row) {
            last_row = Some(row);
            rows += 1;
            check(Limit::Rows, rows, limits.rows, name)?;
        }
        sheet.cells.push(Cell { row, column, text: text.into_boxed_str(), number });
    }
    // Excel writes cells in order; other programs may not. For a position written twice the first one stands.
    if !sheet.cells.is_sorted_by_key(|cell| (cell.row, cell.column)) {
        sheet.cells.sort_by_key(|cell| (cell.row, cell.column));
    }
    sheet.cells.dedup_by_key(|cell| (cell.row, cell.column));
    sheet.cells.shrink_to_fit();
    let named = EcoString::from(file);
    for (row, column, code) in errors.iter().take(LISTED) {
        let place = sheet.place(&named, *row, *column);
        sheet.problems.push(warning(place, Msg::new("sheet-cell-error").arg("value", code)));
    }
    for (row, column) in facts.uncalculated.iter().take(LISTED) {
        let place = sheet.place(&named, *row, *column);
        sheet.problems.push(warning(place, Msg::new("sheet-cell-uncalculated")));
    }
    let unlisted = errors.len().saturating_sub(LISTED) + facts.uncalculated.len().saturating_sub(LISTED);
    if unlisted > 0 {
        note(&mut sheet, file, Msg::new("sheet-more-cells").arg("count", unlisted));
    }
    if facts.hidden_rows > 0 {
        note(&mut sheet, file, Msg::new("sheet-hidden-rows").arg("count", facts.hidden_rows));
    }
    if facts.hidden_columns > 0 {
        note(&mut sheet, file, Msg::new("sheet-hidden-columns").arg("count", facts.hidden_columns));
    }
    Ok(sheet)
}

fn note(sheet: &mut Sheet, file: &str, msg: Msg) {
    let place = Place { file: file.into(), sheet: sheet.name.clone(), ..Place::default() };
    sheet.problems.push(warning(place, msg));
}

fn warning(place: Place, msg: Msg) -> Problem {
    Problem { severity: Severity::Warning, place, msg }
}

fn too_much(limit: Limit, allowed: u64, place: &str) -> ReadError {
    ReadError::TooMuch { limit, allowed, place: place.to_owned() }
}

fn damaged(part: &str, error: XlsxError) -> ReadError {
    match error {
        XlsxError::Password => ReadError::Protected,
        XlsxError::FileNotFound(part) => ReadError::MissingPart { part },
        XlsxError::WorksheetNotFound(sheet) => ReadError::MissingPart { part: sheet },
        other => ReadError::Damaged { part: part.to_owned(), detail: other.to_string() },
    }
}
