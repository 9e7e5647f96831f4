//! What a hospital has. `*_fold` and `*_sort` columns are made for comparing and sorting, never shown.

use super::{entity, tenant_entity};

tenant_entity!(ledger_revision, "ledger_revisions" { revision: i64 });

tenant_entity!(vendor, "vendors" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    name: String,
    name_fold: String,
    field: Option<String>,
    contact: Option<String>,
});

tenant_entity!(contract, "contracts" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    number: String,
    title: String,
    vendor_id: Uuid,
    starts_on: Option<String>,
    ends_on: Option<String>,
    update_clause: Option<String>,
});

tenant_entity!(zone, "zones" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    name: String,
    name_fold: String,
    kind: String,
    ranges: String,
});

tenant_entity!(resource, "resources" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    asset_number: Option<String>,
    asset_sort: String,
    name: String,
    name_fold: String,
    kind: String,
    maker: Option<String>,
    product: Option<String>,
    version: Option<String>,
    os: Option<String>,
    serial: Option<String>,
    addresses: String,
    macs: String,
    hostname: Option<String>,
    zone_id: Option<Uuid>,
    location: Option<String>,
    department: Option<String>,
    vendor_id: Option<Uuid>,
    contract_id: Option<Uuid>,
    purchase: Option<String>,
    installed_on: Option<String>,
    support_end: Option<String>,
    support_sort: String,
    uplink_id: Option<Uuid>,
    note: Option<String>,
    declared: bool,
    search_fold: String,
    revision: i64,
    aliases: String,
    kbs: String,
    updates: String,
    chain: String,
    custom: String,
    owner: Option<String>,
    criticality: Option<String>,
    state: Option<String>,
    installed_by: Option<Uuid>,
    end_of_life: Option<String>,
    remote: Option<bool>,
    medical: Option<bool>,
    port: Option<String>,
    stocktaken_on: Option<String>,
    last_seen: Option<String>,
    seen_sort: String,
});

tenant_entity!(component, "components" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    resource_id: Uuid,
    layer: String,
    text: String,
    text_fold: String,
    version: Option<String>,
    purl: Option<String>,
    product_key: Option<String>,
    product_by: Option<String>,
    product_score: Option<i32>,
});

tenant_entity!(line, "lines" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    from_resource_id: Option<Uuid>,
    from_outside: Option<String>,
    to_resource_id: Option<Uuid>,
    to_outside: Option<String>,
    purpose: Option<String>,
    protocol: Option<String>,
    vendor_id: Option<Uuid>,
    always_on: Option<bool>,
    source_limited: Option<bool>,
    remote_maintenance: bool,
    circuit: Option<String>,
    via: Option<String>,
    via_resource_id: Option<Uuid>,
    sources: Option<String>,
    contract_id: Option<Uuid>,
    billed_on: Option<String>,
});

tenant_entity!(service, "services" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    name: String,
    name_fold: String,
    hours: Option<String>,
});

tenant_entity!(service_need, "service_needs" {
    #[sea_orm(primary_key, auto_increment = false)]
    service_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    resource_id: Uuid,
});
