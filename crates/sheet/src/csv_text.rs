//! Text tables: CSV, TSV and the semicolon kind, in the encodings Japanese offices write.
//!
//! Own reader instead of the `csv` crate, which drops blank lines (row numbers would no longer be Excel's) and accepts
//! a quotation mark without its partner in silence.

use crate::error::ReadError;
use crate::limits::{Limit, Limits, check};
use crate::model::{Cell, Sheet};
use ecow::EcoString;
use encoding_rs::{DecoderResult, Encoding, SHIFT_JIS, UTF_16BE, UTF_16LE};
use std::collections::HashMap;
use tomomori_domain::Msg;
use tomomori_domain::import::{Place, Problem, Severity};

/// Ragged rows that are listed one by one; the rest is counted.
const LISTED: usize = 20;
/// Lines looked at to find the delimiter.
const DELIMITER_LINES: usize = 200;

/// Reads a text table as one sheet.
///
/// Encoding: byte order mark, else UTF-8, else CP932. Delimiter: comma, tab or semicolon, whichever splits the lines
/// most evenly. One leading `'` before `= + - @`, tab or CR is taken off: careful programs put it there so
/// that no spreadsheet runs the text.
///
/// # Errors
/// [`ReadError`], with line and character where there is one.
pub fn read(bytes: &[u8], file: &str, limits: &Limits) -> Result<Vec<Sheet>, ReadError> {
    check(Limit::FileBytes, bytes.len() as u64, limits.file_bytes, file)?;
    let mut sheet = Sheet::default();
    let mut text = decode(bytes)?;
    let nuls = text.bytes().filter(|&b| b == 0).count();
    if nuls > 0 {
        // A few NULs are a leaky export. Many are a binary file, or UTF-16 without its mark.
        if nuls > text.len() / 20 {
            return Err(ReadError::NotATable);
        }
        let line = 1 + text.split('\0').next().unwrap_or_default().matches('\n').count();
        let place = Place { file: file.into(), line: u32::try_from(line).ok(), ..Place::default() };
        sheet.problems.push(warning(place, Msg::new("sheet-nul-removed").arg("count", nuls)));
        text.retain(|c| c != '\0');
    }
    check(Limit::TextBytes, text.len() as u64, limits.text_bytes, file)?;
    let mut widths = Vec::new();
    let mut cells = 0;
    for record in (Records { text: &text, at: 0, line: 1, delimiter: delimiter(&text) }) {
        let Record { line, fields } = record?;
        sheet.lines.push(line);
        let row = u32::try_from(sheet.lines.len()).unwrap_or(u32::MAX);
        check(Limit::Rows, u64::from(row), limits.rows, file)?;
        check(Limit::Columns, fields.len() as u64, limits.columns, file)?;
        widths.push(fields.len());
        for (column, field) in (0..).zip(fields) {
            let field = unguard(&field);
            if !field.trim().is_empty() {
                cells += 1;
                check(Limit::Cells, cells, limits.cells, file)?;
                sheet.cells.push(Cell { row, column, text: field.into(), number: false });
            }
        }
    }
    if sheet.cells.is_empty() {
        return Err(ReadError::Empty);
    }
    ragged(&mut sheet, file, &widths);
    Ok(vec![sheet])
}

/// Takes off the one `'` that keeps a spreadsheet from reading text as a formula.
fn unguard(field: &str) -> &str {
    match field.strip_prefix('\'') {
        Some(rest) if is_formula_like(rest) => rest,
        _ => field,
    }
}

/// Text a spreadsheet would run, or that is such text already guarded: guarding it once more keeps guarding reversible.
fn is_formula_like(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

fn decode(bytes: &[u8]) -> Result<String, ReadError> {
    if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        return utf8(rest);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        return strict(rest, UTF_16LE);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        return strict(rest, UTF_16BE);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        // Three kana or kanji in UTF-8 do not come about by chance in CP932: one bad byte in a UTF-8 file is an error
        // with a place, not a reason to read the whole file as something else.
        Err(error) if bytes[..error.valid_up_to()].iter().filter(|&&b| b >= 0xE3).count() >= 3 => utf8(bytes),
        Err(_) => strict(bytes, SHIFT_JIS),
    }
}

fn utf8(bytes: &[u8]) -> Result<String, ReadError> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => Err(unreadable(&String::from_utf8_lossy(&bytes[..error.valid_up_to()]))),
    }
}

fn strict(bytes: &[u8], encoding: &'static Encoding) -> Result<String, ReadError> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(bytes.len()));
    match decoder.decode_to_string_without_replacement(bytes, &mut text, true).0 {
        DecoderResult::InputEmpty => Ok(text),
        DecoderResult::Malformed(..) | DecoderResult::OutputFull => Err(unreadable(&text)),
    }
}

/// The place right after what could be read.
fn unreadable(before: &str) -> ReadError {
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    ReadError::Encoding {
        line: u32::try_from(line).unwrap_or(u32::MAX),
        column: u32::try_from(column).unwrap_or(u32::MAX),
    }
}

/// The delimiter that gives the most lines the same number of columns.
fn delimiter(text: &str) -> char {
    let mut best = (',', 0);
    for candidate in [',', '\t', ';'] {
        let mut lines_by_count: HashMap<usize, usize> = HashMap::new();
        let mut quoted = false;
        let mut count = 0;
        let mut lines = 0;
        for c in text.chars() {
            match c {
                '"' => quoted = !quoted,
                '\n' if !quoted => {
                    *lines_by_count.entry(count).or_default() += 1;
                    count = 0;
                    lines += 1;
                    if lines == DELIMITER_LINES {
                        break;
                    }
                }
                c if c == candidate && !quoted => count += 1,
                _ => {}
            }
        }
        *lines_by_count.entry(count).or_default() += 1;
        let even = lines_by_count.iter().filter(|(count, _)| **count > 0).map(|(_, lines)| *lines).max().unwrap_or(0);
        if even > best.1 {
            best = (candidate, even);
        }
    }
    best.0
}

struct Record {
    line: u32,
    fields: Vec<String>,
}

struct Records<'t> {
    text: &'t str,
    at: usize,
    line: u32,
    delimiter: char,
}

impl Iterator for Records<'_> {
    type Item = Result<Record, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.text.len() {
            return None;
        }
        let line = self.line;
        let mut fields = Vec::new();
        loop {
            let field = match self.field() {
                Ok(field) => field,
                Err(error) => {
                    self.at = self.text.len();
                    return Some(Err(error));
                }
            };
            fields.push(field);
            match self.peek() {
                Some(c) if c == self.delimiter => self.at += c.len_utf8(),
                Some(_) => {
                    self.line_end();
                    break;
                }
                None => break,
            }
        }
        Some(Ok(Record { line, fields }))
    }
}

impl Records<'_> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    /// LF, CR LF, or the lone CR of old Macs.
    fn line_end(&mut self) {
        let rest = &self.text[self.at..];
        self.at += if rest.starts_with("\r\n") { 2 } else { 1 };
        self.line += 1;
    }

    fn field(&mut self) -> Result<String, ReadError> {
        if self.peek() == Some('"') {
            return self.quoted();
        }
        let rest = &self.text[self.at..];
        let end = rest.find([self.delimiter, '\n', '\r']).unwrap_or(rest.len());
        self.at += end;
        Ok(rest[..end].to_owned())
    }

    fn quoted(&mut self) -> Result<String, ReadError> {
        let opened = self.line;
        let mut field = String::new();
        self.at += 1;
        loop {
            let rest = &self.text[self.at..];
            let Some(end) = rest.find('"') else { return Err(ReadError::Quote { line: opened }) };
            field.push_str(&rest[..end]);
            let lines = rest[..end].matches('\n').count();
            self.line = self.line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
            self.at += end + 1;
            match self.peek() {
                Some('"') => {
                    field.push('"');
                    self.at += 1;
                }
                None | Some('\n' | '\r') => return Ok(field),
                Some(c) if c == self.delimiter => return Ok(field),
                // `"abc"def`: a mark is missing somewhere, and the cells after it cannot be trusted.
                Some(_) => return Err(ReadError::Quote { line: opened }),
            }
        }
    }
}

/// Rows are ragged when they have more or fewer columns than most rows. Title rows above the table are not counted.
fn ragged(sheet: &mut Sheet, file: &str, widths: &[usize]) {
    let mut rows_by_width: HashMap<usize, usize> = HashMap::new();
    for &width in widths {
        *rows_by_width.entry(width).or_default() += 1;
    }
    rows_by_width.remove(&1);
    let Some(usual) = rows_by_width.into_iter().max_by_key(|&(width, rows)| (rows, width)).map(|(width, _)| width)
    else {
        return;
    };
    let first = widths.iter().position(|&width| width == usual).unwrap_or(0);
    let odd: Vec<u32> =
        (1..).zip(widths).skip(first).filter(|(_, width)| **width != usual).map(|(row, _)| row).collect();
    let odd: Vec<u32> = odd.into_iter().filter(|&row| !sheet.row(row).is_empty()).collect();
    let file = EcoString::from(file);
    for &row in odd.iter().take(LISTED) {
        let found = widths[row as usize - 1];
        let place = sheet.place(&file, row, 0);
        let msg = Msg::new("sheet-ragged-row").arg("found", found).arg("usual", usual);
        sheet.problems.push(warning(place, msg));
    }
    if odd.len() > LISTED {
        let place = Place { file, ..Place::default() };
        sheet.problems.push(warning(place, Msg::new("sheet-more-ragged").arg("count", odd.len() - LISTED)));
    }
}

fn warning(place: Place, msg: Msg) -> Problem {
    Problem { severity: Severity::Warning, place, msg }
}
