//! Files of users: bytes behind the tenant door, under a quota.

use crate::entity::file as row;
use crate::{ReadTx, StoreError, TenantTx, codec};
use jiff::Timestamp;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use tomomori_domain::access::{Granted, permission::RunImport};
use tomomori_domain::ids::{FileId, ImportId};

/// A file without its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileInfo {
    /// Key within the tenant.
    pub id: FileId,
    /// Import it was uploaded for.
    pub import: ImportId,
    /// Name as uploaded, without folders.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of the bytes (hex).
    pub sha256: String,
    /// Uploaded at.
    pub created: Timestamp,
}

impl TenantTx {
    /// Stores a file of an import. `quota` is what all files of the tenant may take together, in bytes.
    ///
    /// # Errors
    /// [`StoreError::Quota`]; [`StoreError::Reference`] when the import does not exist.
    pub async fn add_file(
        &mut self,
        grant: &Granted<RunImport>,
        import: ImportId,
        name: &str,
        bytes: Vec<u8>,
        quota: u64,
    ) -> Result<FileInfo, StoreError> {
        self.check(grant)?;
        // The tenant's row is the lock: two uploads at once must not both fit into the last free bytes.
        self.lock_tenant().await?;
        let sizes: Vec<i64> =
            self.find::<row::Entity>().select_only().column(row::Column::Size).into_tuple().all(&self.conn).await?;
        let size = bytes.len() as u64;
        let needed = sizes.into_iter().map(codec::count).sum::<u64>() + size;
        if needed > quota {
            return Err(StoreError::Quota { needed, quota });
        }
        let info = FileInfo {
            id: FileId::generate(),
            import,
            name: name.to_owned(),
            size,
            sha256: codec::sha256(&[&bytes]),
            created: self.now,
        };
        let row = row::Model {
            tenant_id: self.tenant(),
            id: info.id.0,
            import_id: import.0,
            name: info.name.clone(),
            size: i64::try_from(size).unwrap_or(i64::MAX),
            sha256: info.sha256.clone(),
            bytes,
            created_at: codec::ms(info.created),
        };
        self.insert::<row::Entity>(vec![row]).await?;
        Ok(info)
    }

    /// Deletes a file.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn delete_file(&mut self, grant: &Granted<RunImport>, id: FileId) -> Result<(), StoreError> {
        self.check(grant)?;
        let done = self.delete::<row::Entity>().filter(row::Column::Id.eq(id.0)).exec(&self.conn).await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(StoreError::NotFound("file")) }
    }
}

impl ReadTx {
    /// Files of an import, in the order of upload.
    ///
    /// # Errors
    /// Database errors.
    pub async fn files_of(&self, import: ImportId) -> Result<Vec<FileInfo>, StoreError> {
        let rows: Vec<Summary> = self
            .find::<row::Entity>()
            .filter(row::Column::ImportId.eq(import.0))
            .order_by_asc(row::Column::Id)
            .select_only()
            .columns(SUMMARY)
            .into_tuple()
            .all(&self.conn)
            .await?;
        rows.into_iter().map(info).collect()
    }

    /// Name and bytes of a file.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn file(&self, id: FileId) -> Result<(FileInfo, Vec<u8>), StoreError> {
        let row = self.find::<row::Entity>().filter(row::Column::Id.eq(id.0)).one(&self.conn).await?;
        let row = row.ok_or(StoreError::NotFound("file"))?;
        let info = info((row.id, row.import_id, row.name, row.size, row.sha256, row.created_at))?;
        Ok((info, row.bytes))
    }
}

const SUMMARY: [row::Column; 6] = [
    row::Column::Id,
    row::Column::ImportId,
    row::Column::Name,
    row::Column::Size,
    row::Column::Sha256,
    row::Column::CreatedAt,
];

type Summary = (uuid::Uuid, uuid::Uuid, String, i64, String, i64);

fn info((id, import, name, size, sha256, created): Summary) -> Result<FileInfo, StoreError> {
    let created = codec::time(created)?;
    Ok(FileInfo { id: FileId(id), import: ImportId(import), name, size: codec::count(size), sha256, created })
}
