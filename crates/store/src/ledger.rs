//! The ledger as a whole: its revision, and everything of a tenant at once for matching and the diagram.

use crate::entity::ledger_revision;
use crate::{ReadTx, StoreError, TenantTx};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveModelTrait, EntityTrait, ExprTrait, IntoActiveModel, QuerySelect};
use tomomori_domain::access::{Granted, Permission, permission};
use tomomori_domain::resource::Ledger;

/// Permissions that allow writing the ledger: by hand, or by confirming an import.
pub trait WritesLedger: Permission {}
impl WritesLedger for permission::WriteLedger {}
impl WritesLedger for permission::RunImport {}

impl ReadTx {
    /// Revision of the ledger; every transaction that writes the ledger adds one.
    ///
    /// # Errors
    /// Database errors.
    pub async fn ledger_revision(&self) -> Result<i64, StoreError> {
        Ok(self.find::<ledger_revision::Entity>().one(&self.conn).await?.map_or(0, |row| row.revision))
    }

    /// Everything, one query per table, all of one moment.
    ///
    /// # Errors
    /// Database errors.
    pub async fn ledger(&self) -> Result<Ledger, StoreError> {
        Ok(Ledger {
            revision: self.ledger_revision().await?,
            resources: self.resources().await?,
            components: self.components().await?,
            zones: self.zones().await?,
            lines: self.lines().await?,
            vendors: self.vendors().await?,
            contracts: self.contracts().await?,
            services: self.services().await?,
            fields: self.custom_fields().await?,
        })
    }
}

impl TenantTx {
    /// First step of every write to the ledger: checks the proof, and once per transaction adds one to the revision.
    /// The revision row stays locked until the transaction ends, so writers of one ledger wait for each other.
    pub(crate) async fn writes_ledger<P: WritesLedger>(&mut self, grant: &Granted<P>) -> Result<(), StoreError> {
        self.check(grant)?;
        if self.ledger_written {
            return Ok(());
        }
        let stored = Expr::col((ledger_revision::Entity, ledger_revision::Column::Revision));
        let first = ledger_revision::Model { tenant_id: self.tenant(), revision: 1 };
        ledger_revision::Entity::insert(first.into_active_model().reset_all())
            .on_conflict(
                OnConflict::column(ledger_revision::Column::TenantId)
                    .value(ledger_revision::Column::Revision, stored.add(1))
                    .to_owned(),
            )
            .exec_without_returning(&self.conn)
            .await?;
        self.ledger_written = true;
        Ok(())
    }
}

impl TenantTx {
    /// Holds other writers of this tenant's ledger, files and findings back until the transaction ends, without
    /// counting as a change of the ledger.
    pub(crate) async fn lock_tenant(&self) -> Result<(), StoreError> {
        let first = ledger_revision::Model { tenant_id: self.tenant(), revision: 0 };
        ledger_revision::Entity::insert(first.into_active_model().reset_all())
            .on_conflict(OnConflict::column(ledger_revision::Column::TenantId).do_nothing().to_owned())
            .exec_without_returning(&self.conn)
            .await?;
        self.find::<ledger_revision::Entity>().lock_exclusive().one(&self.conn).await?;
        Ok(())
    }
}
