//! Software on resources.

use crate::{ReadTx, StoreError, TenantTx, WritesLedger};
use tomomori_domain::access::Granted;
use tomomori_domain::ids::{ComponentId, ResourceId};
use tomomori_domain::resource::{Component, ProductChoice};

impl TenantTx {
    /// Inserts components, or overwrites those whose ids exist.
    ///
    /// # Errors
    /// [`StoreError::Reference`] when a resource does not exist.
    pub async fn put_components<P: WritesLedger>(&mut self, grant: &Granted<P>, components: &[Component]) -> Result<(), StoreError> {
        todo!()
    }

    /// Says which product a component is; `None` = unknown.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn set_product<P: WritesLedger>(&mut self, grant: &Granted<P>, id: ComponentId, product: Option<&ProductChoice>) -> Result<(), StoreError> {
        todo!()
    }

    /// Deletes components; ids that do not exist are no error.
    ///
    /// # Errors
    /// Database errors.
    pub async fn delete_components<P: WritesLedger>(&mut self, grant: &Granted<P>, ids: &[ComponentId]) -> Result<(), StoreError> {
        todo!()
    }
}

impl ReadTx {
    /// Components of one resource, by layer and text.
    ///
    /// # Errors
    /// Database errors.
    pub async fn components_of(&self, resource: ResourceId) -> Result<Vec<Component>, StoreError> {
        todo!()
    }

    /// All components of the tenant.
    ///
    /// # Errors
    /// Database errors.
    pub async fn components(&self) -> Result<Vec<Component>, StoreError> {
        todo!()
    }
}
