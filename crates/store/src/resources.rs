//! Devices of the ledger: one in full, and writing them.

use crate::entity::resource as row;
use crate::finding_list::{FindingFilter, FindingSort};
use crate::resource_row::{from_row, to_row};
use crate::tx::{CHUNK, overwrite};
use crate::{FindingRow, PageRequest, ReadTx, StoreError, TenantTx, WritesLedger, dialect};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeMap;
use tomomori_domain::access::Granted;
use tomomori_domain::ids::ResourceId;
use tomomori_domain::record::Record;
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
    /// What is stated about it now, and what was: every version of every row, newest first.
    pub records: Vec<Record>,
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
    pub async fn put_resources<P: WritesLedger>(
        &mut self,
        grant: &Granted<P>,
        resources: &[Resource],
    ) -> Result<(), StoreError> {
        self.writes_ledger(grant).await?;
        dialect::defer_references(&self.conn).await?;
        let rows =
            resources.iter().map(|resource| to_row(self.tenant(), resource, 1)).collect::<Result<Vec<_>, _>>()?;
        self.stale.extend(resources.iter().map(|resource| resource.id.0));
        let next = Expr::col((row::Entity, row::Column::Revision)).add(1);
        let mut conflict = overwrite::<row::Entity>(&[row::Column::Revision]);
        conflict.value(row::Column::Revision, next);
        self.write::<row::Entity>(rows, Some(conflict)).await
    }

    /// Deletes devices with their components, findings and lines; what was plugged into them is plugged into nothing. Ids
    /// that do not exist are no error.
    ///
    /// # Errors
    /// Database errors.
    pub async fn delete_resources<P: WritesLedger>(
        &mut self,
        grant: &Granted<P>,
        ids: &[ResourceId],
    ) -> Result<(), StoreError> {
        self.writes_ledger(grant).await?;
        for chunk in ids.chunks(CHUNK) {
            let ids = || chunk.iter().map(|id| id.0);
            self.update::<row::Entity>()
                .col_expr(row::Column::UplinkId, Expr::val(Option::<uuid::Uuid>::None))
                .filter(row::Column::UplinkId.is_in(ids()))
                .exec(&self.conn)
                .await?;
            self.delete::<row::Entity>().filter(row::Column::Id.is_in(ids())).exec(&self.conn).await?;
        }
        Ok(())
    }
}

impl ReadTx {
    /// One device.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn resource(&self, id: ResourceId) -> Result<Resource, StoreError> {
        let row = self.find::<row::Entity>().filter(row::Column::Id.eq(id.0)).one(&self.conn).await?;
        from_row(row.ok_or(StoreError::NotFound("resource"))?)
    }

    /// Names of devices; ids that do not exist are left out.
    ///
    /// # Errors
    /// Database errors.
    pub async fn resource_names(&self, ids: &[ResourceId]) -> Result<BTreeMap<ResourceId, String>, StoreError> {
        let mut names = BTreeMap::new();
        for chunk in ids.chunks(CHUNK) {
            let query = self.find::<row::Entity>().filter(row::Column::Id.is_in(chunk.iter().map(|id| id.0)));
            let query = query.select_only().column(row::Column::Id).column(row::Column::Name);
            let rows: Vec<(uuid::Uuid, String)> = query.into_tuple().all(&self.conn).await?;
            names.extend(rows.into_iter().map(|(id, name)| (ResourceId(id), name)));
        }
        Ok(names)
    }

    /// One device with everything that hangs on it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn resource_detail(&self, id: ResourceId) -> Result<ResourceDetail, StoreError> {
        let resource = self.resource(id).await?;
        let uplink: Option<String> = match resource.uplink {
            Some(uplink) => {
                let name = self.find::<row::Entity>().filter(row::Column::Id.eq(uplink.0)).select_only();
                name.column(row::Column::Name).into_tuple().one(&self.conn).await?
            }
            None => None,
        };
        let filter = FindingFilter { resource: Some(id), ..FindingFilter::default() };
        let most = PageRequest { after: None, limit: 500 };
        let services = self.services().await?.into_iter().filter(|service| service.needs.contains(&id));
        Ok(ResourceDetail {
            zone: self.zones().await?.into_iter().find(|zone| Some(zone.id) == resource.zone),
            vendor: self.vendors().await?.into_iter().find(|vendor| Some(vendor.id) == resource.maintained_by),
            contract: self.contracts().await?.into_iter().find(|contract| Some(contract.id) == resource.contract),
            uplink: resource.uplink.zip(uplink),
            components: self.components_of(id).await?,
            records: self.records_of(id).await?,
            lines: self.lines_of(id).await?,
            services: services.map(|service| Service { needs: vec![id], ..service }).collect(),
            findings: self.list_findings(&filter, FindingSort::Urgency, &most).await?.rows,
            resource,
        })
    }

    /// All devices, by folded name.
    ///
    /// # Errors
    /// Database errors.
    pub async fn resources(&self) -> Result<Vec<Resource>, StoreError> {
        let query = self.find::<row::Entity>().order_by_asc(row::Column::NameFold).order_by_asc(row::Column::Id);
        query.all(&self.conn).await?.into_iter().map(from_row).collect()
    }
}
