//! Rows that may be the header: title rows stand above, it may take two rows, and cells may be merged.

use crate::model::{Cell, Sheet};
use crate::net;
use std::collections::BTreeMap;
use tomomori_domain::{date, text};

/// Rows with something in them, from the top, among which the header is looked for.
const ROWS: usize = 30;

/// A row, or two, that may be the header.
#[derive(Clone)]
pub(super) struct Header {
    /// Its last row; 0 = no header.
    pub(super) last_row: u32,
    /// Text by column; two rows joined with `/`.
    pub(super) texts: BTreeMap<u32, String>,
    /// Taken off the score: two rows must earn it.
    pub(super) penalty: u32,
}

impl Header {
    pub(super) fn none() -> Self {
        Self { last_row: 0, texts: BTreeMap::new(), penalty: 0 }
    }
}

pub(super) fn candidates(sheet: &Sheet, used: &[u32]) -> Vec<Header> {
    let rows: Vec<&[Cell]> = sheet.rows().take(ROWS).collect();
    let mut found = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let number = row[0].row;
        let upper = texts(sheet, number, used);
        if upper.len() < 2 || looks_like_data(&upper) {
            continue;
        }
        found.push(Header { last_row: number, texts: upper.clone(), penalty: 0 });
        let Some(below) = rows.get(at + 1).map(|row| row[0].row).filter(|below| *below == number + 1) else { continue };
        let lower = texts(sheet, below, used);
        if lower.is_empty() || looks_like_data(&lower) || !is_second_row(sheet, number, &upper, &lower) {
            continue;
        }
        let mut joined = upper;
        for (column, lower) in lower {
            let text = joined.entry(column).or_default();
            if text.is_empty() {
                *text = lower;
            } else if *text != lower {
                *text = format!("{text}/{lower}");
            }
        }
        found.push(Header { last_row: below, texts: joined, penalty: 10 });
    }
    found
}

/// Tidied texts of a row, merged cells spread over all they cover.
fn texts(sheet: &Sheet, row: u32, used: &[u32]) -> BTreeMap<u32, String> {
    let mut texts: BTreeMap<u32, String> = BTreeMap::new();
    for cell in sheet.row(row) {
        texts.insert(cell.column, text::tidy(&cell.text));
    }
    for area in sheet.merges.iter().filter(|area| area.rows().contains(&row)) {
        // A title over the whole width is no header of anything.
        let covered = used.iter().filter(|column| area.columns().contains(column)).count();
        let Some(cell) = sheet.cell(area.top, area.left) else { continue };
        if covered >= 4 && covered * 2 > used.len() {
            texts.remove(&area.left);
            continue;
        }
        for &column in used.iter().filter(|column| area.columns().contains(column)) {
            texts.insert(column, text::tidy(&cell.text));
        }
    }
    texts.retain(|_, text| !text.is_empty());
    texts
}

/// Addresses, dates and bare numbers stand in data, not in headers.
fn looks_like_data(texts: &BTreeMap<u32, String>) -> bool {
    texts.values().any(|text| {
        net::address(text).is_some()
            || net::mac(text).is_some()
            || date::parse(text).is_ok()
            || text.starts_with("cpe:")
    }) || texts.values().filter(|text| text.parse::<f64>().is_ok()).count() * 2 > texts.len()
}

/// The row below belongs to the header when it continues merged cells: some upper text spreads over several columns
/// that the lower row tells apart, or stands beside blanks the lower row fills.
fn is_second_row(sheet: &Sheet, row: u32, upper: &BTreeMap<u32, String>, lower: &BTreeMap<u32, String>) -> bool {
    let merged =
        sheet.merges.iter().any(|area| area.rows().contains(&row) && (area.left < area.right || area.bottom > row));
    let fills = lower.keys().filter(|column| !upper.contains_key(column)).count();
    let stands = sheet.row(row + 1).len();
    merged || fills * 2 >= stands && fills > 0
}
