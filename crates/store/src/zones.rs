//! Network zones.

use crate::{ReadTx, StoreError, TenantTx, WritesLedger};
use tomomori_domain::access::Granted;
use tomomori_domain::resource::Zone;

impl TenantTx {
    /// Inserts zones, or overwrites those whose ids exist.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] when another zone has the (folded) name.
    pub async fn put_zones<P: WritesLedger>(&mut self, grant: &Granted<P>, zones: &[Zone]) -> Result<(), StoreError> {
        todo!()
    }
}

impl ReadTx {
    /// All zones, by folded name.
    ///
    /// # Errors
    /// Database errors.
    pub async fn zones(&self) -> Result<Vec<Zone>, StoreError> {
        todo!()
    }
}
