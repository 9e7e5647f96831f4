//! Hospitals and vendors of the installation. Only the installation itself works here: command line and demo.

use crate::{App, AppError};
use std::sync::Arc;
use tomomori_domain::ids::TenantId;

pub use tomomori_store::{Tenant, TenantKind};

/// All tenants, by name.
///
/// # Errors
/// Only internal ones.
pub async fn all(app: &Arc<App>) -> Result<Vec<Tenant>, AppError> {
    Ok(app.db.system_read("list tenants").await?.tenants().await?)
}

/// The tenant of this name and kind, made if it does not exist.
///
/// # Errors
/// Only internal ones.
pub async fn find_or_create(app: &Arc<App>, name: &str, kind: TenantKind) -> Result<TenantId, AppError> {
    if let Some(known) = all(app).await?.into_iter().find(|tenant| tenant.name == name && tenant.kind == kind) {
        return Ok(known.id);
    }
    let mut system = app.db.system("create tenant").await?;
    let id = system.create_tenant(name, kind).await?;
    system.commit().await?;
    Ok(id)
}
