//! Tenants: hospitals and vendors.

use crate::{ReadTx, StoreError, SystemReadTx, SystemTx};
use tomomori_domain::ids::TenantId;

/// What a tenant is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TenantKind {
    /// 医療機関
    Hospital,
    /// 事業者
    Vendor,
}

/// A tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenant {
    /// Key.
    pub id: TenantId,
    /// Name.
    pub name: String,
    /// Hospital or vendor.
    pub kind: TenantKind,
}

impl SystemTx {
    /// Creates a tenant; its audit chain starts with this.
    ///
    /// # Errors
    /// Database errors.
    pub async fn create_tenant(&mut self, name: &str, kind: TenantKind) -> Result<TenantId, StoreError> {
        todo!()
    }
}

impl SystemReadTx {
    /// All tenants, by name.
    ///
    /// # Errors
    /// Database errors.
    pub async fn tenants(&self) -> Result<Vec<Tenant>, StoreError> {
        todo!()
    }
}

impl ReadTx {
    /// The tenant of this transaction.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the actor's tenant does not exist.
    pub async fn tenant_row(&self) -> Result<Tenant, StoreError> {
        todo!()
    }
}
