//! Tenants: hospitals and vendors.

use crate::audit::{self, AuditEvent};
use crate::entity::tenant as row;
use crate::{ReadTx, StoreError, SystemReadTx, SystemTx, codec};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, QueryOrder};
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
        let id = TenantId::generate();
        let row = row::Model {
            id: id.0,
            name: name.to_owned(),
            kind: kind.key().to_owned(),
            created_at: codec::ms(self.now),
        };
        row::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(&self.conn).await?;
        self.enter(id).await?;
        let event = AuditEvent {
            action: "tenant.create",
            subject: format!("tenant:{id}"),
            details: serde_json::json!({ "name": name, "kind": kind.key() }),
            personal: Vec::new(),
        };
        audit::append(&self.conn, id.0, None, self.reason, self.now, event).await?;
        Ok(id)
    }
}

impl SystemReadTx {
    /// All tenants, by name.
    ///
    /// # Errors
    /// Database errors.
    pub async fn tenants(&self) -> Result<Vec<Tenant>, StoreError> {
        let rows =
            row::Entity::find().order_by_asc(row::Column::Name).order_by_asc(row::Column::Id).all(&self.conn).await?;
        rows.into_iter().map(tenant).collect()
    }
}

impl ReadTx {
    /// The tenant of this transaction.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the actor's tenant does not exist.
    pub async fn tenant_row(&self) -> Result<Tenant, StoreError> {
        let row = row::Entity::find_by_id(self.tenant()).one(&self.conn).await?;
        tenant(row.ok_or(StoreError::NotFound("tenant"))?)
    }
}

impl TenantKind {
    /// Stable key.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            TenantKind::Hospital => "hospital",
            TenantKind::Vendor => "vendor",
        }
    }

    /// Reads a [`TenantKind::key`].
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        [TenantKind::Hospital, TenantKind::Vendor].into_iter().find(|kind| kind.key() == key)
    }
}

pub(crate) fn tenant(row: row::Model) -> Result<Tenant, StoreError> {
    Ok(Tenant {
        id: TenantId(row.id),
        kind: codec::key("tenant kind", &row.kind, TenantKind::from_key)?,
        name: row.name,
    })
}
