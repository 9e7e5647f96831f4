//! What the ledger follows from: records, steps, decisions; and what a person should look at.

use super::{entity, tenant_entity};

tenant_entity!(record, "records" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    lineage: Uuid,
    about: String,
    source: String,
    row_key: String,
    grade: String,
    seen_on: String,
    home: Option<Uuid>,
    origin: Option<Uuid>,
    stated: String,
    place: String,
    by_whom: Option<String>,
    since_change: Uuid,
    listed_change: Uuid,
    until_change: Option<Uuid>,
});

tenant_entity!(step, "ledger_changes" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    kind: String,
    at: i64,
    by_whom: String,
    title: String,
    import_id: Option<Uuid>,
    undone_by: Option<Uuid>,
});

tenant_entity!(decision, "decisions" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    one: Uuid,
    other: Uuid,
    same: bool,
    since_change: Uuid,
    until_change: Option<Uuid>,
});

tenant_entity!(check, "checks" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: String,
    key: String,
    kind: String,
    weight: i32,
    resource_id: Option<Uuid>,
    line_id: Option<Uuid>,
    place: Option<String>,
    msg: String,
    answers: String,
    state: String,
    source: Option<String>,
    answer: Option<String>,
    answered_by: Option<String>,
    answered_at: Option<i64>,
    owner: Option<String>,
    due_on: Option<String>,
    first_seen_at: i64,
});
