//! Papers: the system diagram as PDF and PNG, and tables (stocktake sheets, result papers) as PDF.
//!
//! The only crate that knows typst. Templates (`templates/*.typ`) and fonts are embedded; texts reach a template as JSON
//! and are printed as they are.
//!
//! Invariants: no IO, no clock, no network, no fonts of the machine, no word of any language; the same input gives the
//! same bytes; limits are checked before the memory they guard is taken.
//!
//! Setting a paper is a matter of computing, up to seconds for a thousand rows: call it where blocking is allowed.

mod diagram;
mod error;
mod fonts;
mod meta;
mod paper;
mod png;
mod table;
mod text;
mod world;

pub use diagram::{Page, diagram_pdf};
pub use error::ReportError;
pub use fonts::font_licence;
pub use meta::{Lang, Meta};
pub use paper::{Cell, Column, Paper, Section};
pub use png::png;
pub use table::table_pdf;

/// Most pixels of one PNG; a pixel takes 4 bytes while it is drawn. A3 at 300 dots per inch has 17 million.
pub const MAX_PIXELS: u64 = 120_000_000;

/// Most rows of one paper.
pub const MAX_ROWS: usize = 5_000;

/// Most bytes of text of one paper (a Japanese character has 3).
pub const MAX_BYTES: usize = 4_000_000;
