//! Imports, jobs, findings.

use super::{entity, tenant_entity};

tenant_entity!(import, "imports" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    state: String,
    created_by: String,
    created_at: i64,
    changed_at: i64,
    progress: i32,
    mapping: String,
    summary: String,
    previewed_revision: Option<i64>,
    job_id: Option<Uuid>,
});

tenant_entity!(file, "files" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    import_id: Uuid,
    name: String,
    size: i64,
    sha256: String,
    bytes: Vec<u8>,
    created_at: i64,
});

tenant_entity!(job, "jobs" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    kind: String,
    payload: String,
    state: String,
    attempts: i32,
    max_attempts: i32,
    progress: i32,
    error: Option<String>,
    // When it may be tried (queued), or when its worker's lease ends (running).
    due_at: i64,
    worker: Option<String>,
    created_at: i64,
    changed_at: i64,
});

tenant_entity!(finding, "findings" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    resource_id: Uuid,
    component_id: Uuid,
    verdict: String,
    missing: Option<String>,
    vulnerability: String,
    count: i32,
    cvss_tenths: Option<i32>,
    exploited: bool,
    title: String,
    title_fold: String,
    reason: String,
    catalogue: String,
    // What makes it the same row after a refresh; unique per device.
    identity: String,
    urgency: i32,
    first_seen_at: i64,
});

tenant_entity!(match_state, "match_states" {
    catalogue: String,
    ledger_revision: i64,
    computed_at: i64,
});

entity!(catalogue_state, "catalogue_state" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: i32,
    hash: String,
    sequence: i64,
    since_at: i64,
});
