//! A device between domain and table.

use crate::entity::resource as row;
use crate::{StoreError, codec};
use tomomori_domain::ids::{ContractId, ResourceId, VendorId, ZoneId};
use tomomori_domain::resource::{Criticality, PurchaseForm, Resource, ResourceKind, ResourceState};
use tomomori_domain::text;

/// Sorts after every text and date people write.
const LAST: &str = "\u{10FFFD}";

pub(crate) fn to_row(tenant: uuid::Uuid, resource: &Resource, revision: i64) -> Result<row::Model, StoreError> {
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
        resource.owner.as_ref(),
        resource.chain.holder.as_ref(),
    ];
    let lists = [&resource.addresses, &resource.macs, &resource.aliases, &resource.kbs];
    let texts = texts.into_iter().flatten().chain(lists.into_iter().flatten()).chain(resource.custom.values());
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
        aliases: codec::to_json(&resource.aliases)?,
        kbs: codec::to_json(&resource.kbs)?,
        updates: codec::to_json(&resource.updates)?,
        chain: codec::to_json(&resource.chain)?,
        custom: codec::to_json(&resource.custom)?,
        owner: resource.owner.clone(),
        criticality: resource.criticality.map(|value| value.key().to_owned()),
        state: resource.state.map(|value| value.key().to_owned()),
        installed_by: resource.installed_by.map(|id| id.0),
        end_of_life: resource.end_of_life.map(|date| date.to_string()),
        remote: resource.remote,
        medical: resource.medical,
        port: resource.port.clone(),
        stocktaken_on: resource.stocktaken_on.map(|date| date.to_string()),
        last_seen: resource.last_seen.map(|date| date.to_string()),
        // Never seen comes first: it is what a person looks for.
        seen_sort: resource.last_seen.map(|date| date.to_string()).unwrap_or_default(),
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
        aliases: codec::from_json(&row.aliases)?,
        kbs: codec::from_json(&row.kbs)?,
        updates: codec::from_json(&row.updates)?,
        chain: codec::from_json(&row.chain)?,
        custom: codec::from_json(&row.custom)?,
        owner: row.owner,
        criticality: codec::opt_key("criticality", row.criticality.as_deref(), Criticality::from_key)?,
        state: codec::opt_key("state", row.state.as_deref(), ResourceState::from_key)?,
        installed_by: row.installed_by.map(VendorId),
        end_of_life: codec::opt_date(row.end_of_life.as_deref())?,
        remote: row.remote,
        medical: row.medical,
        port: row.port,
        stocktaken_on: codec::opt_date(row.stocktaken_on.as_deref())?,
        last_seen: codec::opt_date(row.last_seen.as_deref())?,
    })
}
