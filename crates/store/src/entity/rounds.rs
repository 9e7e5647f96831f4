//! Rounds of stocktaking, and statements about safeguards.

use super::{entity, tenant_entity};

tenant_entity!(stocktake, "stocktakes" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    name: String,
    fiscal_year: i32,
    started_at: i64,
    started_by: String,
    scope: String,
    due_on: Option<String>,
    closed_at: Option<i64>,
    closed_by: Option<String>,
    step_id: Option<Uuid>,
});

tenant_entity!(stocktake_item, "stocktake_items" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    stocktake_id: Uuid,
    resource_id: Uuid,
    name: String,
    asset_number: Option<String>,
    product: Option<String>,
    serial: Option<String>,
    zone: Option<String>,
    location: Option<String>,
    owner: Option<String>,
    due_on: Option<String>,
    settled: Option<String>,
});

tenant_entity!(stocktake_answer, "stocktake_answers" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    stocktake_id: Uuid,
    item_id: Option<Uuid>,
    at: i64,
    given: String,
});

tenant_entity!(safeguard, "safeguards" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    subject_kind: String,
    subject_id: Uuid,
    kind: String,
    statement: String,
    stated_by: String,
    vendor: Option<String>,
    stated_on: String,
    entered_by: String,
    entered_at: i64,
});
