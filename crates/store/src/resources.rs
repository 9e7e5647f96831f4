//! Devices of the ledger: one in full, and writing them.

use crate::entity::resource as row;
use crate::finding_list::{FindingFilter, FindingSort};
use crate::tx::overwrite;
use crate::{Fact, FindingRow, PageRequest, ReadTx, StoreError, TenantTx, WritesLedger, codec, dialect};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, ExprTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use tomomori_domain::access::Granted;
use tomomori_domain::ids::{ContractId, ResourceId, VendorId, ZoneId};
use tomomori_domain::resource::{
    Component, Contract, Line, PurchaseForm, Resource, ResourceKind, Service, Vendor, Zone,
};
use tomomori_domain::text;

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
    pub async fn put_resources<P: WritesLedger>(
        &mut self,
        grant: &Granted<P>,
        resources: &[Resource],
    ) -> Result<(), StoreError> {
        self.writes_ledger(grant).await?;
        dialect::defer_references(&self.conn).await?;
        let rows =
            resources.iter().map(|resource| to_row(self.tenant(), resource, 1)).collect::<Result<Vec<_>, _>>()?;
        let next = Expr::col((row::Entity, row::Column::Revision)).add(1);
        let mut conflict = overwrite::<row::Entity>(&[row::Column::Revision]);
        conflict.value(row::Column::Revision, next);
        self.write::<row::Entity>(rows, Some(conflict)).await
    }

    /// Overwrites one device as a person edited it.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when `resource.revision` is no longer the stored one; [`StoreError::NotFound`].
    pub async fn update_resource<P: WritesLedger>(
        &mut self,
        grant: &Granted<P>,
        resource: &Resource,
    ) -> Result<(), StoreError> {
        self.writes_ledger(grant).await?;
        let stored = self.resource(resource.id).await?;
        let row = to_row(self.tenant(), resource, resource.revision + 1)?;
        let done = self
            .update::<row::Entity>()
            .set(row.into_active_model().reset_all())
            .filter(row::Column::Id.eq(resource.id.0))
            .filter(row::Column::Revision.eq(resource.revision))
            .exec(&self.conn)
            .await?;
        if done.rows_affected == 1 && stored.revision == resource.revision {
            Ok(())
        } else {
            Err(StoreError::Stale("resource"))
        }
    }

    /// Deletes a device with its components, facts, findings and lines; what was plugged into it is plugged into nothing.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn delete_resource<P: WritesLedger>(
        &mut self,
        grant: &Granted<P>,
        id: ResourceId,
    ) -> Result<(), StoreError> {
        self.writes_ledger(grant).await?;
        self.update::<row::Entity>()
            .col_expr(row::Column::UplinkId, Expr::val(Option::<uuid::Uuid>::None))
            .filter(row::Column::UplinkId.eq(id.0))
            .exec(&self.conn)
            .await?;
        let done = self.delete::<row::Entity>().filter(row::Column::Id.eq(id.0)).exec(&self.conn).await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(StoreError::NotFound("resource")) }
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
            facts: self.facts_of(id).await?,
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

/// Sorts after every text and date people write.
const LAST: &str = "\u{10FFFD}";

fn to_row(tenant: uuid::Uuid, resource: &Resource, revision: i64) -> Result<row::Model, StoreError> {
    let texts = [
        Some(&resource.name),
        resource.asset_number.as_ref(),
        resource.maker.as_ref(),
        resource.product.as_ref(),
        resource.version.as_ref(),
        resource.os.as_ref(),
        resource.serial.as_ref(),
        resource.hostname.as_ref(),
        resource.location.as_ref(),
        resource.department.as_ref(),
        resource.note.as_ref(),
    ];
    let texts = texts.into_iter().flatten().chain(&resource.addresses).chain(&resource.macs);
    let search: Vec<String> = texts.map(|part| text::fold(part)).collect();
    let support_end = resource.support_end.map(|date| date.to_string());
    Ok(row::Model {
        tenant_id: tenant,
        id: resource.id.0,
        asset_number: resource.asset_number.clone(),
        asset_sort: resource.asset_number.as_deref().map_or_else(|| LAST.to_owned(), text::fold),
        name: resource.name.clone(),
        name_fold: text::fold(&resource.name),
        kind: resource.kind.key().to_owned(),
        maker: resource.maker.clone(),
        product: resource.product.clone(),
        version: resource.version.clone(),
        os: resource.os.clone(),
        serial: resource.serial.clone(),
        addresses: codec::to_json(&resource.addresses)?,
        macs: codec::to_json(&resource.macs)?,
        hostname: resource.hostname.clone(),
        zone_id: resource.zone.map(|id| id.0),
        location: resource.location.clone(),
        department: resource.department.clone(),
        vendor_id: resource.maintained_by.map(|id| id.0),
        contract_id: resource.contract.map(|id| id.0),
        purchase: resource.purchase.map(|purchase| purchase.key().to_owned()),
        installed_on: resource.installed_on.map(|date| date.to_string()),
        support_sort: support_end.clone().unwrap_or_else(|| LAST.to_owned()),
        support_end,
        uplink_id: resource.uplink.map(|id| id.0),
        note: resource.note.clone(),
        declared: resource.declared,
        search_fold: search.join("\n"),
        revision,
    })
}

pub(crate) fn from_row(row: row::Model) -> Result<Resource, StoreError> {
    Ok(Resource {
        id: ResourceId(row.id),
        asset_number: row.asset_number,
        name: row.name,
        kind: codec::key("resource kind", &row.kind, ResourceKind::from_key)?,
        maker: row.maker,
        product: row.product,
        version: row.version,
        os: row.os,
        serial: row.serial,
        addresses: codec::from_json(&row.addresses)?,
        macs: codec::from_json(&row.macs)?,
        hostname: row.hostname,
        zone: row.zone_id.map(ZoneId),
        location: row.location,
        department: row.department,
        maintained_by: row.vendor_id.map(VendorId),
        contract: row.contract_id.map(ContractId),
        purchase: codec::opt_key("purchase form", row.purchase.as_deref(), PurchaseForm::from_key)?,
        installed_on: codec::opt_date(row.installed_on.as_deref())?,
        support_end: codec::opt_date(row.support_end.as_deref())?,
        uplink: row.uplink_id.map(ResourceId),
        note: row.note,
        declared: row.declared,
        revision: row.revision,
    })
}
