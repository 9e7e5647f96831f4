//! Documents: every version of every one.

use super::{entity, tenant_entity};

tenant_entity!(document, "documents" {
    #[sea_orm(primary_key, auto_increment = false)]
    kind: String,
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    revision: i64,
    newest: bool,
    content: String,
    written_at: i64,
    written_by: String,
});
