//! Imports: uploaded → previewed → confirmed, or failed, or dropped.

use crate::entity::{file, import as row};
use crate::{ReadTx, StoreError, TenantTx, codec};
use jiff::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect, UpdateMany};
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
        self.check(grant)?;
        let id = ImportId::generate();
        let row = row::Model {
            tenant_id: self.tenant(),
            id: id.0,
            state: ImportState::Uploaded.key().to_owned(),
            created_by: self.actor.name.clone(),
            created_at: codec::ms(self.now),
            changed_at: codec::ms(self.now),
            progress: 0,
            mapping: "null".to_owned(),
            summary: "null".to_owned(),
            previewed_revision: None,
            job_id: None,
        };
        self.insert::<row::Entity>(vec![row]).await?;
        Ok(id)
    }

    /// Remembers the job that works on it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn set_import_job(
        &mut self,
        grant: &Granted<RunImport>,
        id: ImportId,
        job: JobId,
    ) -> Result<(), StoreError> {
        self.change_import(grant, id, &ImportState::ALL, |row| row.col_expr(row::Column::JobId, Expr::val(job.0))).await
    }

    /// Keeps a person's correction of the columns; the preview must be made again.
    ///
    /// # Errors
    /// [`StoreError::State`] once it is confirmed or dropped.
    pub async fn set_import_mapping(
        &mut self,
        grant: &Granted<RunImport>,
        id: ImportId,
        mapping: &serde_json::Value,
    ) -> Result<(), StoreError> {
        let mapping = codec::to_json(mapping)?;
        self.change_import(grant, id, &OPEN, |row| {
            row.col_expr(row::Column::Mapping, Expr::val(mapping))
                .col_expr(row::Column::State, Expr::val(ImportState::Uploaded.key()))
                .col_expr(row::Column::PreviewedRevision, Expr::val(Option::<i64>::None))
        })
        .await
    }

    /// Notes progress (0–100). For progress to be seen, call it in a transaction of its own.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn set_import_progress(
        &mut self,
        grant: &Granted<RunImport>,
        id: ImportId,
        percent: u8,
    ) -> Result<(), StoreError> {
        let percent = i32::from(percent.min(100));
        self.change_import(grant, id, &ImportState::ALL, |row| row.col_expr(row::Column::Progress, Expr::val(percent)))
            .await
    }

    /// Stores a preview computed against the ledger at `ledger_revision`.
    ///
    /// # Errors
    /// [`StoreError::State`] once it is confirmed or dropped.
    pub async fn set_import_preview(
        &mut self,
        grant: &Granted<RunImport>,
        id: ImportId,
        ledger_revision: i64,
        summary: &serde_json::Value,
    ) -> Result<(), StoreError> {
        let summary = codec::to_json(summary)?;
        self.change_import(grant, id, &OPEN, |row| {
            row.col_expr(row::Column::Summary, Expr::val(summary))
                .col_expr(row::Column::State, Expr::val(ImportState::Previewed.key()))
                .col_expr(row::Column::PreviewedRevision, Expr::val(ledger_revision))
                .col_expr(row::Column::Progress, Expr::val(100))
        })
        .await
    }

    /// Marks it confirmed. Call it first in the transaction that writes the ledger: it locks the ledger, and all or
    /// nothing of the transaction is written.
    ///
    /// # Errors
    /// [`StoreError::State`] when it is not previewed; [`StoreError::Stale`] when the ledger changed since the preview.
    pub async fn confirm_import(
        &mut self,
        grant: &Granted<RunImport>,
        id: ImportId,
        summary: &serde_json::Value,
    ) -> Result<(), StoreError> {
        let before = !self.ledger_written;
        self.writes_ledger(grant).await?;
        let revision = self.ledger_revision().await?;
        let import = self.import(id).await?;
        if import.state == ImportState::Previewed && (!before || import.previewed_at != Some(revision - 1)) {
            return Err(StoreError::Stale("ledger"));
        }
        let summary = codec::to_json(summary)?;
        self.change_import(grant, id, &[ImportState::Previewed], |row| {
            row.col_expr(row::Column::Summary, Expr::val(summary))
                .col_expr(row::Column::State, Expr::val(ImportState::Confirmed.key()))
        })
        .await
    }

    /// Marks it failed, with the reason in `summary`.
    ///
    /// # Errors
    /// [`StoreError::State`] once it is confirmed or dropped.
    pub async fn fail_import(
        &mut self,
        grant: &Granted<RunImport>,
        id: ImportId,
        summary: &serde_json::Value,
    ) -> Result<(), StoreError> {
        let summary = codec::to_json(summary)?;
        self.change_import(grant, id, &OPEN, |row| {
            row.col_expr(row::Column::Summary, Expr::val(summary))
                .col_expr(row::Column::State, Expr::val(ImportState::Failed.key()))
        })
        .await
    }

    /// Gives it up and deletes its files.
    ///
    /// # Errors
    /// [`StoreError::State`] once it is confirmed.
    pub async fn drop_import(&mut self, grant: &Granted<RunImport>, id: ImportId) -> Result<(), StoreError> {
        self.change_import(grant, id, &OPEN, |row| {
            row.col_expr(row::Column::State, Expr::val(ImportState::Dropped.key()))
        })
        .await?;
        self.delete::<file::Entity>().filter(file::Column::ImportId.eq(id.0)).exec(&self.conn).await?;
        Ok(())
    }
}

impl ReadTx {
    /// One import.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn import(&self, id: ImportId) -> Result<Import, StoreError> {
        let row = self.find::<row::Entity>().filter(row::Column::Id.eq(id.0)).one(&self.conn).await?;
        import(row.ok_or(StoreError::NotFound("import"))?)
    }

    /// The newest imports.
    ///
    /// # Errors
    /// Database errors.
    pub async fn imports(&self, limit: u32) -> Result<Vec<Import>, StoreError> {
        let query = self.find::<row::Entity>().order_by_desc(row::Column::Id).limit(u64::from(limit));
        query.all(&self.conn).await?.into_iter().map(import).collect()
    }
}

impl ImportState {
    const ALL: [ImportState; 5] = [
        ImportState::Uploaded,
        ImportState::Previewed,
        ImportState::Confirmed,
        ImportState::Failed,
        ImportState::Dropped,
    ];

    /// Stable key.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            ImportState::Uploaded => "uploaded",
            ImportState::Previewed => "previewed",
            ImportState::Confirmed => "confirmed",
            ImportState::Failed => "failed",
            ImportState::Dropped => "dropped",
        }
    }

    fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.key() == key)
    }
}

/// States in which an import can still go on.
const OPEN: [ImportState; 3] = [ImportState::Uploaded, ImportState::Previewed, ImportState::Failed];

impl TenantTx {
    /// Changes an import that is in one of the `from` states.
    async fn change_import(
        &mut self,
        grant: &Granted<RunImport>,
        id: ImportId,
        from: &[ImportState],
        change: impl FnOnce(UpdateMany<row::Entity>) -> UpdateMany<row::Entity>,
    ) -> Result<(), StoreError> {
        self.check(grant)?;
        let update = self
            .update::<row::Entity>()
            .filter(row::Column::Id.eq(id.0))
            .filter(row::Column::State.is_in(from.iter().map(|state| state.key())))
            .col_expr(row::Column::ChangedAt, Expr::val(codec::ms(self.now)));
        if change(update).exec(&self.conn).await?.rows_affected == 1 {
            return Ok(());
        }
        Err(StoreError::State { what: "import", state: self.import(id).await?.state.key().to_owned() })
    }
}

fn import(row: row::Model) -> Result<Import, StoreError> {
    Ok(Import {
        id: ImportId(row.id),
        state: codec::key("import state", &row.state, ImportState::from_key)?,
        created_by: row.created_by,
        created: codec::time(row.created_at)?,
        changed: codec::time(row.changed_at)?,
        progress: codec::percent(row.progress),
        mapping: codec::from_json(&row.mapping)?,
        summary: codec::from_json(&row.summary)?,
        previewed_at: row.previewed_revision,
        job: row.job_id.map(JobId),
    })
}
