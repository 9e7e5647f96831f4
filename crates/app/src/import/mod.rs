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

pub mod plan;
pub mod read;
mod run;

pub use run::{
    ImportView, MAX_FILES, MAX_UPLOAD_BYTES, confirm, drop_import, fail, list, preview, preview_files, remap, upload,
    view,
};
pub use tomomori_store::ImportState;

use serde::{Deserialize, Serialize};
use tomomori_domain::Msg;
use tomomori_domain::ids::ResourceId;
use tomomori_domain::import::{Field, Mapping, Place, Problem, TableKind};

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
    /// Resources named in the files that stay as they are.
    pub left: u64,
    /// Rows whose marks point to several known resources: left out until the list or the ledger is corrected.
    pub doubts: u64,
    /// New or changed rows of other tables (zones, lines, contracts, services, software).
    pub others: u64,
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
    /// The first 2,000 changes, errors first; `counts` holds the true numbers.
    pub changes: Vec<Change>,
    /// Everything wrong, with places.
    pub problems: Vec<Problem>,
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

/// What happens to one row of the ledger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Created, changed, left or doubtful.
    pub action: Action,
    /// Table.
    pub table: TableKind,
    /// Name of the thing.
    pub name: String,
    /// The existing resource it was taken for.
    pub resource: Option<ResourceId>,
    /// Why it was taken for that resource, or why it is doubtful.
    pub why: Option<Msg>,
    /// Fields that change: field, old value, new value.
    pub fields: Vec<FieldChange>,
    /// Where the row stood.
    pub place: Place,
}

/// What an import does with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// A new row.
    Create,
    /// Fields of a known row change.
    Change,
    /// Known and the same.
    Leave,
    /// Points to several known resources; shown, and left out.
    Doubt,
}

/// One field of one row before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// Which field.
    pub field: Field,
    /// Before; `None` = was not known.
    pub old: Option<String>,
    /// After.
    pub new: String,
}
