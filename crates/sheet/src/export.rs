//! Excel and CSV out. Text of users is never written as a formula.

use crate::csv_text::is_formula_like;
use rust_xlsxwriter::{Color, Format, FormatAlign, Workbook, XlsxError};
use std::collections::HashSet;

/// Characters of a cell that its column is made wide enough for.
const WIDEST: usize = 60;

/// A sheet to write: a header and rows of text, all cells as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SheetOut {
    /// Name of the tab. What Excel forbids in a name is replaced, repeated names are numbered.
    pub name: String,
    /// Header texts.
    pub header: Vec<String>,
    /// Rows; a row may be shorter than the header.
    pub rows: Vec<Vec<String>>,
}

/// Why a file could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// Excel's own limits: 1,048,576 rows, 16,384 columns, 32,767 characters in a cell.
    #[error("Excel cannot hold this: {0}")]
    Excel(#[from] XlsxError),
    /// CSV could not be written.
    #[error("CSV: {0}")]
    Csv(String),
}

/// Writes a workbook: header styled, frozen and with filters, columns wide enough for Japanese.
///
/// # Errors
/// [`WriteError::Excel`] when the data passes a limit of Excel; nothing is cut in silence.
pub fn write_xlsx(sheets: &[SheetOut]) -> Result<Vec<u8>, WriteError> {
    let heading = Format::new()
        .set_bold()
        .set_background_color(Color::RGB(0x00E8_F1FE))
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap();
    let body = Format::new().set_align(FormatAlign::Top).set_text_wrap().set_num_format("@");
    let mut book = Workbook::new();
    let mut taken = HashSet::new();
    for sheet in sheets {
        let tab = book.add_worksheet();
        tab.set_name(tab_name(&sheet.name, &mut taken))?;
        for (column, text) in (0..).zip(&sheet.header) {
            tab.write_string_with_format(0, column, text, &heading)?;
        }
        for (row, cells) in (1..).zip(&sheet.rows) {
            for (column, text) in (0..).zip(cells).filter(|(_, text)| !text.is_empty()) {
                tab.write_string_with_format(row, column, text, &body)?;
            }
        }
        for (column, index) in (0..).zip(0..sheet.header.len()) {
            tab.set_column_width(column, column_width(sheet, index) as f64)?;
        }
        if let Some(last) = sheet.header.len().checked_sub(1).and_then(|last| u16::try_from(last).ok()) {
            let bottom = u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX);
            tab.set_freeze_panes(1, 0)?;
            tab.autofilter(0, 0, bottom, last)?;
        }
    }
    if sheets.is_empty() {
        book.add_worksheet();
    }
    Ok(book.save_to_buffer()?)
}

/// Writes CSV for Excel: UTF-8 with byte order mark, CR LF, every field quoted. Text a spreadsheet would run as a formula
/// gets one leading `'`, which [`crate::csv_text::read`] takes off again.
///
/// # Errors
/// [`WriteError::Csv`].
pub fn write_csv(sheet: &SheetOut) -> Result<Vec<u8>, WriteError> {
    let mut out = b"\xEF\xBB\xBF".to_vec();
    let mut writer = csv::WriterBuilder::new()
        .quote_style(csv::QuoteStyle::Always)
        .terminator(csv::Terminator::CRLF)
        .flexible(true)
        .from_writer(&mut out);
    for row in std::iter::once(&sheet.header).chain(&sheet.rows) {
        writer
            .write_record(row.iter().map(|text| guarded(text)))
            .map_err(|error| WriteError::Csv(error.to_string()))?;
    }
    writer.flush().map_err(|error| WriteError::Csv(error.to_string()))?;
    drop(writer);
    Ok(out)
}

fn guarded(text: &str) -> String {
    if is_formula_like(text) { format!("'{text}") } else { text.to_owned() }
}

/// Excel allows 31 characters, none of `[]:*?/\`, no apostrophe at either end, and each name once whatever its case.
fn tab_name(wanted: &str, taken: &mut HashSet<String>) -> String {
    let cleaned: String =
        wanted.chars().map(|c| if c.is_control() || "[]:*?/\\".contains(c) { '_' } else { c }).collect();
    let cleaned = cleaned.trim_matches('\'').trim();
    let base = if cleaned.is_empty() { "Sheet" } else { cleaned };
    let mut number = 1;
    loop {
        let suffix = if number == 1 { String::new() } else { format!(" ({number})") };
        let mut name = String::new();
        for c in base.chars() {
            if name.encode_utf16().count() + c.len_utf16() + suffix.len() > 31 {
                break;
            }
            name.push(c);
        }
        name = name.trim_end_matches('\'').to_owned() + &suffix;
        if taken.insert(name.to_lowercase()) {
            return name;
        }
        number += 1;
    }
}

/// Width in Excel's unit, the width of a digit. Japanese characters take two.
fn column_width(sheet: &SheetOut, column: usize) -> usize {
    let cells = sheet.rows.iter().filter_map(|row| row.get(column)).take(1_000);
    let widest = cells.chain(sheet.header.get(column)).flat_map(|text| text.lines()).map(text_width).max().unwrap_or(0);
    (widest + 3).clamp(8, WIDEST)
}

fn text_width(line: &str) -> usize {
    line.chars().take(WIDEST).map(|c| if c.is_ascii() || ('\u{FF61}'..='\u{FF9F}').contains(&c) { 1 } else { 2 }).sum()
}
