//! What reading gives: sheets of sparse cells.

use ecow::EcoString;
use std::ops::RangeInclusive;
use tomomori_domain::import::{Place, Problem};

/// A sheet of a workbook, or a whole CSV file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Its name; `None` for CSV.
    pub name: Option<EcoString>,
    /// Cells that hold text, sorted by row, then column; one per position.
    pub cells: Vec<Cell>,
    /// Merged areas.
    pub merges: Vec<Area>,
    /// CSV: the line each row starts at, by row - 1. Empty for a workbook.
    pub lines: Vec<u32>,
    /// What could not be read, or should be known.
    pub problems: Vec<Problem>,
}

/// One cell that holds something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Row, from 1.
    pub row: u32,
    /// Column, from 0 (= A).
    pub column: u32,
    /// The text as Excel shows it in a wide enough cell; dates as ISO. Not tidied.
    pub text: Box<str>,
    /// Excel holds a bare number here: leading and trailing zeros that were typed are lost.
    pub number: bool,
}

/// A merged area; its text stands in the cell at its top left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    /// First row, from 1.
    pub top: u32,
    /// Last row.
    pub bottom: u32,
    /// First column, from 0.
    pub left: u32,
    /// Last column.
    pub right: u32,
}

impl Area {
    /// Its rows.
    #[must_use]
    pub fn rows(&self) -> RangeInclusive<u32> {
        self.top..=self.bottom
    }

    /// Its columns.
    #[must_use]
    pub fn columns(&self) -> RangeInclusive<u32> {
        self.left..=self.right
    }
}

impl Sheet {
    /// Rows that hold something, from the top, each as its cells.
    pub fn rows(&self) -> impl Iterator<Item = &[Cell]> {
        self.cells.chunk_by(|a, b| a.row == b.row)
    }

    /// Cells of one row.
    #[must_use]
    pub fn row(&self, row: u32) -> &[Cell] {
        let start = self.cells.partition_point(|cell| cell.row < row);
        let length = self.cells[start..].partition_point(|cell| cell.row == row);
        &self.cells[start..start + length]
    }

    /// The cell at a position.
    #[must_use]
    pub fn cell(&self, row: u32, column: u32) -> Option<&Cell> {
        let at = self.cells.binary_search_by_key(&(row, column), |cell| (cell.row, cell.column)).ok()?;
        self.cells.get(at)
    }

    /// The place of a position, for people.
    #[must_use]
    pub fn place(&self, file: &EcoString, row: u32, column: u32) -> Place {
        let line = (row as usize).checked_sub(1).and_then(|at| self.lines.get(at)).copied();
        Place { file: file.clone(), sheet: self.name.clone(), cell: Some(cell_name(row, column)), line }
    }
}

/// (12, 1) → `B12`. Every value of a ledger has one: it is made without an allocation.
fn cell_name(row: u32, column: u32) -> EcoString {
    let mut name = EcoString::new();
    if column < 26 {
        name.push(char::from(b'A' + column as u8));
    } else {
        name.push_str(&column_letters(column));
    }
    let mut digits = [0; 10];
    let mut at = digits.len();
    let mut rest = row;
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    digits[at..].iter().for_each(|&digit| name.push(char::from(digit)));
    name
}

/// `0` → `A`, `27` → `AB`.
#[must_use]
pub fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = u64::from(column) + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(b'A' + (rest % 26) as u8);
        rest /= 26;
    }
    letters.iter().rev().map(|&letter| char::from(letter)).collect()
}

/// `AB` → `27`; `None` for what is no column of Excel (A to XFD).
#[must_use]
pub fn column_index(letters: &str) -> Option<u32> {
    if letters.is_empty() || letters.len() > 3 || !letters.bytes().all(|b| b.is_ascii_alphabetic()) {
        return None;
    }
    let number = letters.bytes().fold(0, |sum, b| sum * 26 + u32::from(b.to_ascii_uppercase() - b'A') + 1);
    (number <= 16_384).then(|| number - 1)
}

/// `B12` → (12, 1); `None` outside Excel's sheet (A1 to XFD1048576).
pub(crate) fn position(reference: &str) -> Option<(u32, u32)> {
    let split = reference.find(|c: char| c.is_ascii_digit())?;
    let column = column_index(&reference[..split])?;
    let row = row_number(&reference[split..])?;
    Some((row, column))
}

/// A row number of Excel (1 to 1048576).
pub(crate) fn row_number(text: &str) -> Option<u32> {
    text.parse().ok().filter(|row| (1..=1_048_576).contains(row) && !text.starts_with('+'))
}

/// `A1:C2`, or a single cell.
pub(crate) fn area(reference: &str) -> Option<Area> {
    let (from, to) = reference.split_once(':').unwrap_or((reference, reference));
    let ((top, left), (bottom, right)) = (position(from)?, position(to)?);
    (top <= bottom && left <= right).then_some(Area { top, bottom, left, right })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn column_letters_and_back() {
        for (index, letters) in [(0, "A"), (25, "Z"), (26, "AA"), (27, "AB"), (701, "ZZ"), (16_383, "XFD")] {
            assert_eq!(column_letters(index), letters);
            assert_eq!(column_index(letters), Some(index));
        }
        for wrong in ["", "XFE", "AAAA", "1", "Ａ"] {
            assert_eq!(column_index(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn cells_are_named_as_excel_names_them() {
        for (row, column, name) in
            [(1, 0, "A1"), (10, 25, "Z10"), (1_048_576, 16_383, "XFD1048576"), (907, 26, "AA907")]
        {
            assert_eq!(cell_name(row, column), name);
            assert_eq!(position(name), Some((row, column)));
        }
    }

    #[test]
    fn references_stay_inside_the_sheet() {
        assert_eq!(position("XFD1048576"), Some((1_048_576, 16_383)));
        for wrong in ["A0", "A1048577", "1A", "A", "", "AAAAAAAAAAAAAAA1", "A99999999999", "A+1"] {
            assert_eq!(position(wrong), None, "{wrong}");
        }
        assert_eq!(area("B2:A1"), None);
        assert_eq!(area("A1:B2"), Some(Area { top: 1, bottom: 2, left: 0, right: 1 }));
    }
}
