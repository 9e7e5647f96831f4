//! The list of devices: what it filters, sorts and counts by (written by `dialect::lists` alone), and people's own views.

use super::{entity, tenant_entity};

tenant_entity!(resource_list, "resource_lists" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    name_sort: String,
    asset_sort: String,
    support_sort: String,
    seen_sort: String,
    findings_sort: i32,
    facets: i32,
    missing: i32,
    // Nil = none.
    zone_id: Uuid,
    vendor_id: Uuid,
    stock_sort: String,
    affected: i32,
    possibly: i32,
    search: String,
});

tenant_entity!(ledger_view, "ledger_views" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    user_id: Uuid,
    name: String,
    query: String,
});
