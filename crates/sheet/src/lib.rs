//! Excel workbooks and CSV in, with the cell address of every problem; Excel out.
//!
//! The way of a file: [`read`] gives [`Sheet`]s of plain cells → [`guess::mapping`] says what the columns mean, with a
//! score → a person corrects it → [`apply::table`] gives rows for the ledger, and [`doubts::of`] what in them is hardly
//! true. Forms are no tables: [`disclosure`] reads them. [`paste`] reads the clipboard, [`export`] writes.
//!
//! Invariants: cells are kept sparse, so a cell costs what it holds and not where it stands; every [`Limits`] value is
//! checked before the memory it guards is taken; arbitrary bytes give a [`ReadError`], never a panic.

pub mod apply;
mod cell_text;
pub mod csv_text;
pub mod disclosure;
pub mod doubts;
mod error;
pub mod export;
pub mod guess;
mod limits;
mod model;
mod net;
mod paste;
mod scan;
mod words;
pub mod workbook;

pub use error::ReadError;
pub use limits::{Limit, Limits};
pub use model::{Area, Cell, Sheet, column_index, column_letters};
pub use paste::{PASTE_BYTES, PASTE_CELLS, PasteError, paste};

/// Reads a workbook or a text table, whichever the bytes are. `file` is the name people know it by.
///
/// # Errors
/// [`ReadError`] names what is wrong; [`ReadError::problem`] says it to people with place and remedy.
pub fn read(bytes: &[u8], file: &str, limits: &Limits) -> Result<Vec<Sheet>, ReadError> {
    if workbook::looks_like(bytes) { workbook::read(bytes, file, limits) } else { csv_text::read(bytes, file, limits) }
}
