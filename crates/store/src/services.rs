//! Services of care and the resources they depend on.

use crate::{ReadTx, StoreError, TenantTx, WritesLedger};
use tomomori_domain::access::Granted;
use tomomori_domain::resource::Service;

impl TenantTx {
    /// Inserts services, or overwrites those whose ids exist; what a service needs is replaced.
    ///
    /// # Errors
    /// [`StoreError::Reference`] when a needed resource does not exist.
    pub async fn put_services<P: WritesLedger>(&mut self, grant: &Granted<P>, services: &[Service]) -> Result<(), StoreError> {
        todo!()
    }
}

impl ReadTx {
    /// All services, by folded name.
    ///
    /// # Errors
    /// Database errors.
    pub async fn services(&self) -> Result<Vec<Service>, StoreError> {
        todo!()
    }
}
