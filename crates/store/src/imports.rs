//! Imports: uploaded → previewed → confirmed, or failed, or dropped.

use crate::{ReadTx, StoreError, TenantTx};
use jiff::Timestamp;
use tomomori_domain::access::{Granted, permission::RunImport};
use tomomori_domain::ids::{ImportId, JobId};

/// Where an import stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportState {
    /// Files are there, nothing read yet.
    Uploaded,
    /// Read and compared with the ledger; nothing written.
    Previewed,
    /// Written to the ledger.
    Confirmed,
    /// Could not be read or written; nothing was written.
    Failed,
    /// Given up by a person.
    Dropped,
}

/// An import.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// Key within the tenant.
    pub id: ImportId,
    /// Where it stands.
    pub state: ImportState,
    /// Name of the person.
    pub created_by: String,
    /// When the files came.
    pub created: Timestamp,
    /// When the state last changed.
    pub changed: Timestamp,
    /// 0–100.
    pub progress: u8,
    /// Columns as a person corrected them (JSON of `app`); `Null` = as guessed.
    pub mapping: serde_json::Value,
    /// What would change, or did, or why it failed (JSON of `app`).
    pub summary: serde_json::Value,
    /// Revision of the ledger the preview was computed against.
    pub previewed_at: Option<i64>,
    /// The job that works on it.
    pub job: Option<JobId>,
}

impl TenantTx {
    /// Begins an import.
    ///
    /// # Errors
    /// Database errors.
    pub async fn create_import(&mut self, grant: &Granted<RunImport>) -> Result<ImportId, StoreError> {
        todo!()
    }

    /// Remembers the job that works on it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn set_import_job(&mut self, grant: &Granted<RunImport>, id: ImportId, job: JobId) -> Result<(), StoreError> {
        todo!()
    }

    /// Keeps a person's correction of the columns; the preview must be made again.
    ///
    /// # Errors
    /// [`StoreError::State`] once it is confirmed or dropped.
    pub async fn set_import_mapping(&mut self, grant: &Granted<RunImport>, id: ImportId, mapping: &serde_json::Value) -> Result<(), StoreError> {
        todo!()
    }

    /// Notes progress (0–100). For progress to be seen, call it in a transaction of its own.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn set_import_progress(&mut self, grant: &Granted<RunImport>, id: ImportId, percent: u8) -> Result<(), StoreError> {
        todo!()
    }

    /// Stores a preview computed against the ledger at `ledger_revision`.
    ///
    /// # Errors
    /// [`StoreError::State`] once it is confirmed or dropped.
    pub async fn set_import_preview(&mut self, grant: &Granted<RunImport>, id: ImportId, ledger_revision: i64, summary: &serde_json::Value) -> Result<(), StoreError> {
        todo!()
    }

    /// Marks it confirmed. Call it first in the transaction that writes the ledger: it locks the ledger, and all or
    /// nothing of the transaction is written.
    ///
    /// # Errors
    /// [`StoreError::State`] when it is not previewed; [`StoreError::Stale`] when the ledger changed since the preview.
    pub async fn confirm_import(&mut self, grant: &Granted<RunImport>, id: ImportId, summary: &serde_json::Value) -> Result<(), StoreError> {
        todo!()
    }

    /// Marks it failed, with the reason in `summary`.
    ///
    /// # Errors
    /// [`StoreError::State`] once it is confirmed or dropped.
    pub async fn fail_import(&mut self, grant: &Granted<RunImport>, id: ImportId, summary: &serde_json::Value) -> Result<(), StoreError> {
        todo!()
    }

    /// Gives it up and deletes its files.
    ///
    /// # Errors
    /// [`StoreError::State`] once it is confirmed.
    pub async fn drop_import(&mut self, grant: &Granted<RunImport>, id: ImportId) -> Result<(), StoreError> {
        todo!()
    }
}

impl ReadTx {
    /// One import.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn import(&self, id: ImportId) -> Result<Import, StoreError> {
        todo!()
    }

    /// The newest imports.
    ///
    /// # Errors
    /// Database errors.
    pub async fn imports(&self, limit: u32) -> Result<Vec<Import>, StoreError> {
        todo!()
    }
}
