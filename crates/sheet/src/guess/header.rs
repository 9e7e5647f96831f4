//! Rows that may be the header: title rows stand above, it may take up to three rows, and cells may be merged.

use crate::model::{Cell, Sheet};
use crate::net;
use std::collections::BTreeMap;
use tomomori_domain::{date, text};

/// Rows with something in them, from the top, among which the header is looked for.
const ROWS: usize = 30;

/// Rows that may belong to a header below its first: 更新担当 / OS / 条文.
const LOWER_ROWS: usize = 2;

/// Some rows that may be the header.
#[derive(Clone)]
pub(super) struct Header {
    /// Its last row; 0 = no header.
    pub(super) last_row: u32,
    /// Text by column; several rows joined with `/`.
    pub(super) texts: BTreeMap<u32, String>,
    /// Taken off the score: further rows must earn it.
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
        let (mut last, mut above, mut joined) = (number, upper.clone(), upper);
        for row in rows.iter().skip(at + 1).take(LOWER_ROWS) {
            let lower = texts(sheet, row[0].row, used);
            let continues = row[0].row == last + 1 && !lower.is_empty() && !looks_like_data(&lower);
            if !continues || !is_second_row(sheet, last, &above, &lower) {
                break;
            }
            last = row[0].row;
            let mut group = None;
            for &column in used {
                let Some(lower) = lower.get(&column) else {
                    group = None;
                    continue;
                };
                // A heading over several columns is not always merged: it stands over the first of them. A merged one says
                // itself how far it reaches.
                group = above.get(&column).or(group.filter(|_| !ends_with_a_merge(sheet, last, column)));
                let text = joined.entry(column).or_default();
                if text.is_empty() {
                    *text = group.map_or(lower.clone(), |group| format!("{group}/{lower}"));
                } else if text.rsplit('/').next() != Some(lower) {
                    *text = format!("{text}/{lower}");
                }
            }
            above = lower;
            found.push(Header { last_row: last, texts: joined.clone(), penalty: 10 });
        }
    }
    found
}

/// Whether the cell to the left, in one of the rows of the header, is the last of a merged area.
fn ends_with_a_merge(sheet: &Sheet, last: u32, column: u32) -> bool {
    let above = |row: u32| (last.saturating_sub(LOWER_ROWS as u32 + 1)..last).contains(&row);
    sheet.merges.iter().any(|area| above(area.bottom) && area.left < area.right && area.right + 1 == column)
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
