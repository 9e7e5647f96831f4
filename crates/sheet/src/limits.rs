//! How much of a file is read before it is refused.

use crate::error::ReadError;

/// Limits on one file. All are inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file itself.
    pub file_bytes: u64,
    /// Bytes of one part of a workbook after inflating.
    pub part_bytes: u64,
    /// Bytes of all parts after inflating.
    pub inflated_bytes: u64,
    /// Sheets of a workbook.
    pub sheets: u64,
    /// Entries of the table of shared strings.
    pub shared_strings: u64,
    /// Cells that hold something, over all sheets.
    pub cells: u64,
    /// Bytes of text in those cells (one shared string may stand in a million cells).
    pub text_bytes: u64,
    /// Columns of one sheet that hold something.
    pub columns: u64,
    /// Rows of one sheet that hold something.
    pub rows: u64,
}

impl Default for Limits {
    /// Far above any ledger of a hospital (100,000 rows of 12 columns fit five times), far below what hurts a server.
    fn default() -> Self {
        Self {
            file_bytes: 50 << 20,
            part_bytes: 256 << 20,
            inflated_bytes: 512 << 20,
            sheets: 200,
            shared_strings: 2_000_000,
            cells: 6_000_000,
            text_bytes: 256 << 20,
            columns: 2_000,
            rows: 500_000,
        }
    }
}

/// Which limit was passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// [`Limits::file_bytes`]
    FileBytes,
    /// [`Limits::part_bytes`] or [`Limits::inflated_bytes`]
    InflatedBytes,
    /// [`Limits::sheets`]
    Sheets,
    /// [`Limits::shared_strings`]
    SharedStrings,
    /// [`Limits::cells`]
    Cells,
    /// [`Limits::text_bytes`]
    TextBytes,
    /// [`Limits::columns`]
    Columns,
    /// [`Limits::rows`]
    Rows,
    /// Cell styles; fixed at Excel's own 65,490 (rounded up), because each is copied in memory.
    Styles,
    /// Merged areas; fixed at [`MERGES`].
    Merges,
}

/// Merged areas and formulas without a value that are remembered per sheet.
pub(crate) const MERGES: u64 = 100_000;
/// Cell styles per workbook.
pub(crate) const STYLES: u64 = 65_536;

pub(crate) fn check(limit: Limit, met: u64, allowed: u64, place: &str) -> Result<(), ReadError> {
    if met > allowed { Err(ReadError::TooMuch { limit, allowed, place: place.to_owned() }) } else { Ok(()) }
}
