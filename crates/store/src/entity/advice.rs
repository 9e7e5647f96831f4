//! Vendors' advice: the hospital's side, and the vendor's copies.

use super::{entity, tenant_entity};

tenant_entity!(advice_grant, "advice_grants" {
    #[sea_orm(primary_key, auto_increment = false)]
    vendor_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    resource_id: Uuid,
    shared: String,
});

tenant_entity!(advice_link, "advice_links" {
    #[sea_orm(primary_key, auto_increment = false)]
    vendor_id: Uuid,
    vendor_tenant: Uuid,
});

tenant_entity!(advice_request, "advice_requests" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    vendor_id: Uuid,
    vendor_name: String,
    vendor_tenant: Option<Uuid>,
    code: String,
    part: String,
    note: String,
    due_on: String,
    asked_by: String,
    asked_at: i64,
    answered_at: Option<i64>,
});

tenant_entity!(advice_answer, "advice_answers" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    request_id: Uuid,
    resource_id: Option<Uuid>,
    item: String,
    by_whom: String,
    stated_on: String,
    file: Option<String>,
    entered_by: String,
    state: String,
    reason: Option<String>,
    decided_by: Option<String>,
});

tenant_entity!(node_confirmation, "node_confirmations" {
    #[sea_orm(primary_key, auto_increment = false)]
    resource_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    vendor_id: Uuid,
    vendor_name: String,
    confirmed_on: String,
    by_whom: String,
    file: Option<String>,
    stated: String,
});

tenant_entity!(advice_envelope, "advice_envelopes" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    hospital_tenant: Uuid,
    hospital_name: String,
    code: String,
    part: String,
    note: String,
    due_on: String,
    asked_at: i64,
    answer: Option<String>,
    answered_at: Option<i64>,
});
