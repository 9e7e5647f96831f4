//! Devices of the ledger: one in full, and writing them.

use crate::{Fact, FindingRow, ReadTx, StoreError, TenantTx, WritesLedger};
use tomomori_domain::access::Granted;
use tomomori_domain::ids::ResourceId;
use tomomori_domain::resource::{Component, Contract, Line, Resource, Service, Vendor, Zone};

/// A device with everything that hangs on it.
#[derive(Clone, Debug, PartialEq)]
pub struct ResourceDetail {
    /// The device.
    pub resource: Resource,
    /// Its zone.
    pub zone: Option<Zone>,
    /// Who maintains it.
    pub vendor: Option<Vendor>,
    /// Contract that covers it.
    pub contract: Option<Contract>,
    /// What it is plugged into.
    pub uplink: Option<(ResourceId, String)>,
    /// Software on it.
    pub components: Vec<Component>,
    /// Who said what about it, newest first.
    pub facts: Vec<Fact>,
    /// Connections that begin or end at it.
    pub lines: Vec<Line>,
    /// Services that need it (their `needs` hold this device only).
    pub services: Vec<Service>,
    /// Its findings, most urgent first.
    pub findings: Vec<FindingRow>,
}

impl TenantTx {
    /// Inserts devices (revision 1), or overwrites those whose ids exist (revision + 1) whatever their revision was:
    /// for imports, whose preview is held against the revision of the whole ledger.
    ///
    /// # Errors
    /// [`StoreError::Reference`] when a zone, vendor, contract or uplink does not exist.
    pub async fn put_resources<P: WritesLedger>(&mut self, grant: &Granted<P>, resources: &[Resource]) -> Result<(), StoreError> {
        todo!()
    }

    /// Overwrites one device as a person edited it.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when `resource.revision` is no longer the stored one; [`StoreError::NotFound`].
    pub async fn update_resource<P: WritesLedger>(&mut self, grant: &Granted<P>, resource: &Resource) -> Result<(), StoreError> {
        todo!()
    }

    /// Deletes a device with its components, facts, findings and lines; what was plugged into it is plugged into nothing.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn delete_resource<P: WritesLedger>(&mut self, grant: &Granted<P>, id: ResourceId) -> Result<(), StoreError> {
        todo!()
    }
}

impl ReadTx {
    /// One device.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn resource(&self, id: ResourceId) -> Result<Resource, StoreError> {
        todo!()
    }

    /// One device with everything that hangs on it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn resource_detail(&self, id: ResourceId) -> Result<ResourceDetail, StoreError> {
        todo!()
    }

    /// All devices, by folded name.
    ///
    /// # Errors
    /// Database errors.
    pub async fn resources(&self) -> Result<Vec<Resource>, StoreError> {
        todo!()
    }
}
