//! The doors' transactions. What they can do is in the file of each subject.

use crate::{Engine, StoreError, dialect};
use jiff::Timestamp;
use sea_orm::DatabaseTransaction;
use std::ops::Deref;
use tomomori_domain::access::{Actor, Granted};
use tomomori_domain::ids::TenantId;

/// A reading transaction inside one tenant; sees one moment of the database.
#[derive(Debug)]
pub struct ReadTx {
    pub(crate) conn: DatabaseTransaction,
    pub(crate) actor: Actor,
    pub(crate) now: Timestamp,
}

/// A writing transaction inside one tenant. Everything a [`ReadTx`] can do, and the writes.
#[derive(Debug)]
pub struct TenantTx {
    pub(crate) read: ReadTx,
    /// Whether this transaction has already added one to the ledger's revision.
    pub(crate) ledger_written: bool,
}

/// A reading transaction outside tenants: log-in names, sessions, the list of tenants. Yields no tenant's own rows.
#[derive(Debug)]
pub struct SystemReadTx {
    pub(crate) conn: DatabaseTransaction,
    pub(crate) now: Timestamp,
    pub(crate) reason: &'static str,
}

/// A writing transaction outside tenants.
#[derive(Debug)]
pub struct SystemTx {
    pub(crate) read: SystemReadTx,
}

impl Deref for TenantTx {
    type Target = ReadTx;
    fn deref(&self) -> &ReadTx {
        &self.read
    }
}

impl Deref for SystemTx {
    type Target = SystemReadTx;
    fn deref(&self) -> &SystemReadTx {
        &self.read
    }
}

impl ReadTx {
    /// On whose behalf.
    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// When the transaction began; every instant it writes is this one.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    pub(crate) fn tenant(&self) -> uuid::Uuid {
        self.actor.tenant.0
    }
}

impl TenantTx {
    /// Makes everything written permanent. Without it nothing is.
    ///
    /// # Errors
    /// Database errors; then nothing was written.
    pub async fn commit(self) -> Result<(), StoreError> {
        Ok(self.read.conn.commit().await?)
    }

    /// The proof must be for this transaction's tenant.
    pub(crate) fn check<P>(&self, grant: &Granted<P>) -> Result<(), StoreError> {
        if grant.tenant() == self.actor.tenant { Ok(()) } else { Err(StoreError::WrongTenant) }
    }
}

impl SystemTx {
    /// Makes everything written permanent. Without it nothing is.
    ///
    /// # Errors
    /// Database errors; then nothing was written.
    pub async fn commit(self) -> Result<(), StoreError> {
        Ok(self.read.conn.commit().await?)
    }

    /// Lets the rows of one tenant in, for what the system door writes on its behalf.
    pub(crate) async fn enter(&self, tenant: TenantId) -> Result<(), StoreError> {
        dialect::enter_tenant(&self.conn, tenant.0).await
    }

    /// As [`TenantTx::check`]: the proof must be the acting person's own.
    pub(crate) fn check<P>(actor: &Actor, grant: &Granted<P>) -> Result<(), StoreError> {
        if grant.tenant() == actor.tenant { Ok(()) } else { Err(StoreError::WrongTenant) }
    }
}

pub(crate) fn engine_of(conn: &impl sea_orm::ConnectionTrait) -> Engine {
    match conn.get_database_backend() {
        sea_orm::DatabaseBackend::Postgres => Engine::Postgres,
        _ => Engine::Sqlite,
    }
}
