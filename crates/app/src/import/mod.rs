//! Imports: files a hospital has → preview → confirmed, all or nothing.
//!
//! ```text
//! upload ──► (worker) read + map + compare ──► Previewed ──► confirm ──► Confirmed
//!                                │                    │  ▲
//!                                └──► Failed          └──┘ remap (a person corrects a column)
//! ```
//! Nothing of the ledger is written before `confirm`, and `confirm` is one transaction with its audit entry. A preview
//! remembers the ledger revision it was compared with; if the ledger moved meanwhile, confirming writes nothing, has
//! the comparison made again and asks the person to look once more.

pub mod read;
mod run;

pub use run::{
    ImportView, MAX_FILES, MAX_UPLOAD_BYTES, confirm, drop_import, fail, list, preview, preview_files, remap, upload,
    view,
};
pub use tomomori_store::ImportState;

use serde::{Deserialize, Serialize};
use tomomori_domain::Msg;
use tomomori_domain::check::CheckKind;
use tomomori_domain::import::{Mapping, Place, Problem, TableKind};

pub use tomomori_ledger::{Action, Change, FieldChange};

/// A file as uploaded.
#[derive(Clone, Debug)]
pub struct Upload {
    /// File name without folders.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// How many rows of the ledger an import touches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// New resources.
    pub created: u64,
    /// Resources of which a field changes.
    pub changed: u64,
    /// Resources that go, because their rows were found to be another resource's.
    pub removed: u64,
    /// Rows of the files that say what is known already.
    pub left: u64,
    /// Doubts about which rows are one box: both stay until a person decides.
    pub doubts: u64,
    /// New or changed rows of other tables (zones, lines, contracts, services).
    pub others: u64,
    /// Things to check that were not there before, doubts included.
    pub checks: u64,
    /// Problems that stop the import.
    pub errors: u64,
    /// Problems with single values.
    pub warnings: u64,
}

/// The comparison of files with the ledger: everything a person sees before confirming. Stored as JSON.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Preview {
    /// What was found in each file.
    pub files: Vec<FilePreview>,
    /// Numbers.
    pub counts: Counts,
    /// The first 2,000 changes; `counts` holds the true numbers.
    pub changes: Vec<Change>,
    /// The first 200 things to check that this import would raise.
    pub checks: Vec<Raised>,
    /// Everything wrong, with places.
    pub problems: Vec<Problem>,
}

/// A thing to check that an import would raise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Raised {
    /// What was noticed.
    pub kind: CheckKind,
    /// In words.
    pub msg: Msg,
    /// Where it stands.
    pub place: Option<Place>,
}

/// What was found in one file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FilePreview {
    /// File name.
    pub name: String,
    /// Recognised kind (`inspect-kind-…` message).
    pub kind: Msg,
    /// Tables in it.
    pub tables: Vec<TablePreview>,
}

/// One table of a file and how it is understood.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TablePreview {
    /// What its rows describe; `None` = left out.
    pub kind: Option<TableKind>,
    /// Column mapping, where the format has columns; a person may correct it.
    pub mapping: Option<Mapping>,
    /// Rows read.
    pub rows: u64,
    /// Why the sheet is left out, if it is.
    pub left_out: Option<Msg>,
}
