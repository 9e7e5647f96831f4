//! Definitions of the hospital's own columns.

use super::{entity, tenant_entity};

tenant_entity!(custom_field, "custom_fields" {
    #[sea_orm(primary_key, auto_increment = false)]
    name: String,
    kind: String,
    choices: String,
    note: Option<String>,
    position: i32,
    retired: bool,
});
