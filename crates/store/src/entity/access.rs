//! Who may come in, and what was done.

use super::{entity, tenant_entity};

entity!(tenant, "tenants" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    name: String,
    kind: String,
    created_at: i64,
});

entity!(user, "users" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    login: String,
    name: String,
    password_hash: String,
    disabled: bool,
    created_at: i64,
});

tenant_entity!(membership, "memberships" {
    #[sea_orm(primary_key, auto_increment = false)]
    user_id: Uuid,
    roles: String,
    until_on: Option<String>,
});

entity!(session, "sessions" {
    #[sea_orm(primary_key, auto_increment = false)]
    token_hash: String,
    tenant_id: Uuid,
    user_id: Uuid,
    csrf_secret: String,
    created_at: i64,
    last_seen_at: i64,
    expires_at: i64,
});

entity!(login_failure, "login_failures" {
    #[sea_orm(primary_key, auto_increment = false)]
    kind: String,
    #[sea_orm(primary_key, auto_increment = false)]
    key_hash: String,
    since_at: i64,
    count: i32,
});

tenant_entity!(api_token, "api_tokens" {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    user_id: Uuid,
    name: String,
    hash: String,
    created_at: i64,
    last_used_at: Option<i64>,
    expires_at: Option<i64>,
    revoked_at: Option<i64>,
});

tenant_entity!(audit_entry, "audit_entries" {
    #[sea_orm(primary_key, auto_increment = false)]
    sequence: i64,
    time_at: i64,
    user_id: Option<Uuid>,
    actor: String,
    action: String,
    subject: String,
    details: String,
    prev_hash: String,
    hash: String,
});

// Clear text of what stands in an entry as a salted hash; deleting the row erases it without breaking the chain.
tenant_entity!(audit_personal, "audit_personal" {
    #[sea_orm(primary_key, auto_increment = false)]
    sequence: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    field: String,
    value: String,
    salt: String,
});

tenant_entity!(audit_head, "audit_heads" {
    sequence: i64,
    hash: String,
});

tenant_entity!(audit_checkpoint, "audit_checkpoints" {
    #[sea_orm(primary_key, auto_increment = false)]
    time_at: i64,
    entries: i64,
    head: String,
    key: String,
    signature: String,
});
