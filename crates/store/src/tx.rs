//! The doors' transactions. What they can do is in the file of each subject.

use crate::entity::TenantEntity;
use crate::{StoreError, dialect};
use jiff::Timestamp;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, DatabaseTransaction, DeleteMany, EntityTrait, IdenStatic, IntoActiveModel, Iterable,
    PrimaryKeyToColumn, QueryFilter, Select, UpdateMany,
};
use std::collections::BTreeSet;
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
    /// Devices whose row in the list must be computed anew before the end.
    pub(crate) stale: BTreeSet<uuid::Uuid>,
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

    /// The tenant's rows of a table.
    pub(crate) fn find<E: TenantEntity>(&self) -> Select<E> {
        E::find().filter(E::TENANT.eq(self.tenant()))
    }
}

impl TenantTx {
    /// Makes everything written permanent. Without it nothing is.
    ///
    /// # Errors
    /// Database errors; then nothing was written.
    pub async fn commit(self) -> Result<(), StoreError> {
        self.refresh_lists().await?;
        Ok(self.read.conn.commit().await?)
    }

    /// The proof must be for this transaction's tenant.
    pub(crate) fn check<P>(&self, grant: &Granted<P>) -> Result<(), StoreError> {
        if grant.tenant() == self.actor.tenant { Ok(()) } else { Err(StoreError::WrongTenant) }
    }

    /// Changes rows of the tenant.
    pub(crate) fn update<E: TenantEntity>(&self) -> UpdateMany<E> {
        E::update_many().filter(E::TENANT.eq(self.tenant()))
    }

    /// Deletes rows of the tenant.
    pub(crate) fn delete<E: TenantEntity>(&self) -> DeleteMany<E> {
        E::delete_many().filter(E::TENANT.eq(self.tenant()))
    }

    /// Inserts rows; their `tenant_id` is this transaction's ([`ReadTx::tenant`]).
    pub(crate) async fn insert<E: TenantEntity>(&self, rows: Vec<E::Model>) -> Result<(), StoreError>
    where
        E::Model: IntoActiveModel<E::ActiveModel> + Send,
        E::ActiveModel: Send,
    {
        self.write::<E>(rows, None).await
    }

    /// Inserts rows, or overwrites those whose keys exist.
    pub(crate) async fn put<E: TenantEntity>(&self, rows: Vec<E::Model>) -> Result<(), StoreError>
    where
        E::Model: IntoActiveModel<E::ActiveModel> + Send,
        E::ActiveModel: Send,
    {
        self.write::<E>(rows, Some(overwrite::<E>(&[]))).await
    }

    pub(crate) async fn write<E: TenantEntity>(
        &self,
        rows: Vec<E::Model>,
        conflict: Option<OnConflict>,
    ) -> Result<(), StoreError>
    where
        E::Model: IntoActiveModel<E::ActiveModel> + Send,
        E::ActiveModel: Send,
    {
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let chunk = rows.by_ref().take(CHUNK).map(IntoActiveModel::into_active_model);
            let mut insert = E::insert_many(chunk);
            if let Some(conflict) = &conflict {
                insert = insert.on_conflict(conflict.clone());
            }
            insert.exec_without_returning(&self.conn).await?;
        }
        Ok(())
    }
}

/// Rows per statement: the fastest on both engines (measured 100–4000), and far from their limits on parameters.
pub(crate) const CHUNK: usize = 500;

/// On a known key overwrite everything but the key and `keep`.
pub(crate) fn overwrite<E: EntityTrait>(keep: &[E::Column]) -> OnConflict {
    let key: Vec<E::Column> = E::PrimaryKey::iter().map(PrimaryKeyToColumn::into_column).collect();
    let kept = |column: &E::Column| key.iter().chain(keep).any(|other| other.as_str() == column.as_str());
    let rest: Vec<E::Column> = E::Column::iter().filter(|column| !kept(column)).collect();
    OnConflict::columns(key.iter().copied()).update_columns(rest).to_owned()
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
