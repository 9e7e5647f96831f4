//! Files of users: bytes behind the tenant door, under a quota.

use crate::{ReadTx, StoreError, TenantTx};
use jiff::Timestamp;
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
    pub async fn add_file(&mut self, grant: &Granted<RunImport>, import: ImportId, name: &str, bytes: Vec<u8>, quota: u64) -> Result<FileInfo, StoreError> {
        todo!()
    }

    /// Deletes a file.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn delete_file(&mut self, grant: &Granted<RunImport>, id: FileId) -> Result<(), StoreError> {
        todo!()
    }
}

impl ReadTx {
    /// Files of an import, in the order of upload.
    ///
    /// # Errors
    /// Database errors.
    pub async fn files_of(&self, import: ImportId) -> Result<Vec<FileInfo>, StoreError> {
        todo!()
    }

    /// Name and bytes of a file.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn file(&self, id: FileId) -> Result<(FileInfo, Vec<u8>), StoreError> {
        todo!()
    }
}
