//! Connecting, migrating, and the doors.

use crate::{ReadTx, StoreError, SystemReadTx, SystemTx, TenantTx, dialect, migration::Migrator};
use jiff::Timestamp;
use sea_orm::{DatabaseConnection, DatabaseTransaction};
use sea_orm_migration::MigratorTrait;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tomomori_domain::access::Actor;

/// Where "now" comes from; tests pass their own.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The kind of database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// One file, one installation.
    Sqlite,
    /// A server, for many nodes.
    Postgres,
}

/// How to reach the database.
#[derive(Clone, Debug)]
pub struct DbConfig {
    /// `sqlite:PATH` (created when missing) or `postgres://…` as the application role, which must neither own the
    /// tables nor be a superuser.
    pub url: String,
    /// Connections at most (SQLite: readers; there is always one writer).
    pub connections: u32,
    /// How long to wait for a connection or for the writer before giving up.
    pub wait: Duration,
}

impl DbConfig {
    /// Defaults for an address: 8 connections, 30 s.
    #[must_use]
    pub fn new(url: &str) -> Self {
        Self { url: url.to_owned(), connections: 8, wait: Duration::from_secs(30) }
    }
}

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    readers: DatabaseConnection,
    writer: DatabaseConnection,
    engine: Engine,
    clock: Clock,
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Db").field("engine", &self.engine).finish_non_exhaustive()
    }
}

impl Db {
    /// Connects.
    ///
    /// # Errors
    /// [`StoreError::Config`] for an address of an unknown kind or a PostgreSQL role that row-level security would not
    /// hold; otherwise database errors.
    pub async fn connect(config: &DbConfig) -> Result<Self, StoreError> {
        let (readers, writer, engine) = dialect::open(config).await?;
        Ok(Self { readers, writer, engine, clock: Arc::new(Timestamp::now) })
    }

    /// Uses another clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Creates or upgrades the tables. `url` is the owner's; on PostgreSQL `app_role` is given its rights (it must
    /// exist and be another role than the owner).
    ///
    /// # Errors
    /// [`StoreError::Config`] for a bad role name; otherwise database errors.
    pub async fn migrate(url: &str, app_role: Option<&str>) -> Result<(), StoreError> {
        let conn = dialect::open_owner(url).await?;
        Migrator::up(&conn, None).await?;
        if let Some(role) = app_role {
            dialect::grant_to_app(&conn, role).await?;
        }
        conn.close().await?;
        Ok(())
    }

    /// Whether every migration this version knows has been applied.
    ///
    /// # Errors
    /// Database errors.
    pub async fn is_migrated(&self) -> Result<bool, StoreError> {
        let applied = dialect::applied_migrations(&self.readers).await?;
        Ok(Migrator::migrations().iter().all(|known| applied.iter().any(|name| name == known.name())))
    }

    /// The kind of database.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// The only door to write a tenant's rows.
    ///
    /// # Errors
    /// Database errors, among them waiting too long for the writer.
    pub async fn tenant(&self, actor: &Actor) -> Result<TenantTx, StoreError> {
        let conn = self.begin_write().await?;
        dialect::enter_tenant(&conn, actor.tenant.0).await?;
        Ok(TenantTx {
            read: ReadTx { conn, actor: actor.clone(), now: self.now() },
            ledger_written: false,
            stale: BTreeSet::new(),
        })
    }

    /// The only door to read a tenant's rows.
    ///
    /// # Errors
    /// Database errors.
    pub async fn read(&self, actor: &Actor) -> Result<ReadTx, StoreError> {
        let conn = self.begin_read().await?;
        dialect::enter_tenant(&conn, actor.tenant.0).await?;
        Ok(ReadTx { conn, actor: actor.clone(), now: self.now() })
    }

    /// The door for work outside tenants; `reason` is a stable key written to the log.
    ///
    /// # Errors
    /// Database errors.
    pub async fn system(&self, reason: &'static str) -> Result<SystemTx, StoreError> {
        tracing::debug!(reason, "system door, writing");
        let conn = self.begin_write().await?;
        dialect::enter_system(&conn).await?;
        Ok(SystemTx { read: SystemReadTx { conn, now: self.now(), reason } })
    }

    /// As [`Db::system`], to look something up; does not wait for writers.
    ///
    /// # Errors
    /// Database errors.
    pub async fn system_read(&self, reason: &'static str) -> Result<SystemReadTx, StoreError> {
        tracing::trace!(reason, "system door, reading");
        let conn = self.begin_read().await?;
        dialect::enter_system(&conn).await?;
        Ok(SystemReadTx { conn, now: self.now(), reason })
    }

    /// Closes all connections after their transactions have ended.
    ///
    /// # Errors
    /// Database errors.
    pub async fn close(self) -> Result<(), StoreError> {
        self.readers.close().await?;
        self.writer.close().await?;
        Ok(())
    }

    /// Instants are kept to the millisecond, so a transaction's "now" has no finer part that would be lost.
    fn now(&self) -> Timestamp {
        let now = (self.clock)();
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }

    async fn begin_write(&self) -> Result<DatabaseTransaction, StoreError> {
        dialect::begin_write(&self.writer).await
    }

    async fn begin_read(&self) -> Result<DatabaseTransaction, StoreError> {
        dialect::begin_read(&self.readers).await
    }
}
