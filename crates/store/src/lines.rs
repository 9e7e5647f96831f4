//! Connections and remote-maintenance lines.

use crate::{ReadTx, StoreError, TenantTx, WritesLedger};
use tomomori_domain::access::Granted;
use tomomori_domain::ids::{LineId, ResourceId};
use tomomori_domain::resource::Line;

impl TenantTx {
    /// Inserts lines, or overwrites those whose ids exist.
    ///
    /// # Errors
    /// [`StoreError::Reference`] when an end or the vendor does not exist.
    pub async fn put_lines<P: WritesLedger>(&mut self, grant: &Granted<P>, lines: &[Line]) -> Result<(), StoreError> {
        todo!()
    }

    /// Deletes a line.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn delete_line<P: WritesLedger>(&mut self, grant: &Granted<P>, id: LineId) -> Result<(), StoreError> {
        todo!()
    }
}

impl ReadTx {
    /// All lines, oldest first.
    ///
    /// # Errors
    /// Database errors.
    pub async fn lines(&self) -> Result<Vec<Line>, StoreError> {
        todo!()
    }

    /// Lines that begin or end at a resource.
    ///
    /// # Errors
    /// Database errors.
    pub async fn lines_of(&self, resource: ResourceId) -> Result<Vec<Line>, StoreError> {
        todo!()
    }
}
