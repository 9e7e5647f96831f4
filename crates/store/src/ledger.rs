//! The ledger as a whole: its revision, and everything of a tenant at once for matching and the diagram.

use crate::{ReadTx, StoreError, TenantTx};
use tomomori_domain::access::{Granted, Permission, permission};
use tomomori_domain::resource::{Component, Contract, Line, Resource, Service, Vendor, Zone};

/// Permissions that allow writing the ledger: by hand, or by confirming an import.
pub trait WritesLedger: Permission {}
impl WritesLedger for permission::WriteLedger {}
impl WritesLedger for permission::RunImport {}

/// Everything in a tenant's ledger.
#[derive(Clone, Debug, PartialEq)]
pub struct Ledger {
    /// Revision these rows are of.
    pub revision: i64,
    /// Devices, by folded name.
    pub resources: Vec<Resource>,
    /// Software on them.
    pub components: Vec<Component>,
    /// Zones, by folded name.
    pub zones: Vec<Zone>,
    /// Connections.
    pub lines: Vec<Line>,
    /// Vendors, by folded name.
    pub vendors: Vec<Vendor>,
    /// Contracts, by number.
    pub contracts: Vec<Contract>,
    /// Services, by folded name.
    pub services: Vec<Service>,
}

impl ReadTx {
    /// Revision of the ledger; every transaction that writes the ledger adds one.
    ///
    /// # Errors
    /// Database errors.
    pub async fn ledger_revision(&self) -> Result<i64, StoreError> {
        todo!()
    }

    /// Everything, one query per table, all of one moment.
    ///
    /// # Errors
    /// Database errors.
    pub async fn ledger(&self) -> Result<Ledger, StoreError> {
        todo!()
    }
}

impl TenantTx {
    /// First step of every write to the ledger: checks the proof, and once per transaction adds one to the revision.
    /// The revision row stays locked until the transaction ends, so writers of one ledger wait for each other.
    pub(crate) async fn writes_ledger<P: WritesLedger>(&mut self, grant: &Granted<P>) -> Result<(), StoreError> {
        todo!()
    }
}
