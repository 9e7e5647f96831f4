//! Excel out. Text of users is never written as a formula.

use jiff::Timestamp;
use jiff::civil::Date;
use rust_xlsxwriter::{
    Color, DataValidation, DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError,
};
use std::collections::HashSet;

/// Excel takes 1900 for a leap year; from this day on it counts right.
const FIRST_DAY: Date = Date::constant(1900, 3, 1);

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

/// Words a person chooses from in one column, below its header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choices {
    /// Which sheet, from 0.
    pub sheet: usize,
    /// Which column, from 0.
    pub column: usize,
    /// The words; a blank cell is allowed as well.
    pub words: Vec<String>,
}

/// What the cells of one column below its header are, where they can be: numbers and days by which Excel sorts and counts.
/// A text that is neither stays a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Typed {
    /// Which sheet, from 0.
    pub sheet: usize,
    /// Which column, from 0.
    pub column: usize,
    /// What its cells are.
    pub cells: CellType,
}

/// What a cell is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellType {
    /// Plain numbers of at most 15 digits.
    Number,
    /// ISO days from 1900-03-01, where Excel's calendar begins to be right.
    Day,
}

/// Header of a column of the hospital's own, by which the import knows it again. `mark` is what the field itself is called
/// (`field-custom`), `label` the name of the column.
#[must_use]
pub fn custom_header(mark: &str, label: &str) -> String {
    format!("{mark}: {label}")
}

/// Why a file could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// Excel's own limits: 1,048,576 rows, 16,384 columns, 32,767 characters in a cell.
    #[error("Excel cannot hold this: {0}")]
    Excel(#[from] XlsxError),
}

/// Writes a workbook: header styled, frozen and with filters, columns wide enough for Japanese. The same sheets `made` at
/// the same time give the same bytes.
///
/// # Errors
/// [`WriteError::Excel`] when the data passes a limit of Excel; nothing is cut in silence.
pub fn write_xlsx(sheets: &[SheetOut], made: Timestamp) -> Result<Vec<u8>, WriteError> {
    write(sheets, &[], &[], made)
}

/// As [`write_xlsx`], with columns of numbers and days.
///
/// # Errors
/// As [`write_xlsx`].
pub fn write_typed(sheets: &[SheetOut], typed: &[Typed], made: Timestamp) -> Result<Vec<u8>, WriteError> {
    write(sheets, &[], typed, made)
}

/// As [`write_xlsx`], with lists to choose from.
///
/// # Errors
/// [`WriteError::Excel`], also when the words of one list pass 255 characters.
pub fn write_with_choices(sheets: &[SheetOut], choices: &[Choices], made: Timestamp) -> Result<Vec<u8>, WriteError> {
    write(sheets, choices, &[], made)
}

fn write(sheets: &[SheetOut], choices: &[Choices], typed: &[Typed], made: Timestamp) -> Result<Vec<u8>, WriteError> {
    let heading = Format::new()
        .set_bold()
        .set_background_color(Color::RGB(0x00E8_F1FE))
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap();
    let body = Format::new().set_align(FormatAlign::Top).set_text_wrap().set_num_format("@");
    let top = || Format::new().set_align(FormatAlign::Top);
    let formats = Formats { number: top(), day: top().set_num_format("yyyy-mm-dd"), text: body };
    let mut book = Workbook::new();
    let created = ExcelDateTime::from_timestamp(made.as_second())?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let mut taken = HashSet::new();
    for (number, sheet) in sheets.iter().enumerate() {
        let tab = book.add_worksheet();
        tab.set_name(tab_name(&sheet.name, &mut taken))?;
        for (column, text) in (0..).zip(&sheet.header) {
            tab.write_string_with_format(0, column, text, &heading)?;
        }
        for (row, cells) in (1..).zip(&sheet.rows) {
            for (column, text) in (0..).zip(cells).filter(|(_, text)| !text.is_empty()) {
                formats.write(tab, (row, column), text, cell_type(typed, number, column.into()))?;
            }
        }
        for (column, index) in (0..).zip(0..sheet.header.len()) {
            tab.set_column_width(column, column_width(sheet, index) as f64)?;
            // Blank cells as well: what a person types there stays as typed.
            tab.set_column_format(column, formats.of(cell_type(typed, number, index)))?;
        }
        if let Some(last) = sheet.header.len().checked_sub(1).and_then(|last| u16::try_from(last).ok()) {
            let bottom = u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX);
            tab.set_freeze_panes(1, 0)?;
            tab.autofilter(0, 0, bottom, last)?;
        }
        for choice in choices.iter().filter(|choice| choice.sheet == number) {
            offer(tab, choice, sheet.rows.len())?;
        }
    }
    if sheets.is_empty() {
        book.add_worksheet();
    }
    Ok(book.save_to_buffer()?)
}

fn cell_type(typed: &[Typed], sheet: usize, column: usize) -> Option<CellType> {
    typed.iter().find(|one| one.sheet == sheet && one.column == column).map(|one| one.cells)
}

/// Formats of the cells below a header.
struct Formats {
    text: Format,
    number: Format,
    day: Format,
}

impl Formats {
    fn of(&self, cells: Option<CellType>) -> &Format {
        match cells {
            None => &self.text,
            Some(CellType::Number) => &self.number,
            Some(CellType::Day) => &self.day,
        }
    }

    fn write(
        &self,
        tab: &mut Worksheet,
        (row, column): (u32, u16),
        text: &str,
        cells: Option<CellType>,
    ) -> Result<(), XlsxError> {
        match cells {
            Some(CellType::Number) if let Some(number) = exact_number(text) => {
                tab.write_number_with_format(row, column, number, &self.number)?;
            }
            Some(CellType::Day) if is_day(text) => {
                tab.write_datetime_with_format(row, column, ExcelDateTime::parse_from_str(text)?, &self.day)?;
            }
            _ => {
                tab.write_string_with_format(row, column, text, &self.text)?;
            }
        }
        Ok(())
    }
}

/// A number that comes back as it was written: more than 15 digits Excel would change.
fn exact_number(text: &str) -> Option<f64> {
    let exact = |number: &f64| number.to_string() == text && text.bytes().filter(u8::is_ascii_digit).count() <= 15;
    text.parse::<f64>().ok().filter(|number| number.is_finite() && exact(number))
}

/// A day that comes back as it was written.
fn is_day(text: &str) -> bool {
    text.parse::<Date>().is_ok_and(|day| day >= FIRST_DAY && day.to_string() == text)
}

fn offer(tab: &mut Worksheet, choice: &Choices, rows: usize) -> Result<(), XlsxError> {
    let list = DataValidation::new().allow_list_strings(&choice.words)?;
    let column = u16::try_from(choice.column).unwrap_or(u16::MAX);
    tab.add_data_validation(1, column, u32::try_from(rows.max(1)).unwrap_or(u32::MAX), column, &list)?;
    Ok(())
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
