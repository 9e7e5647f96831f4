//! Types of the hospital's own columns. What is missing on a device follows a wider rule: the list is filled anew.

use super::table::{flag, int, of_tenant, tenant_table, text, text_null};
use crate::dialect;
use sea_orm_migration::prelude::*;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0007_custom_fields"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns =
            [text("name"), text("kind"), text("choices"), text_null("note"), int("position"), flag("retired")];
        let mut table = tenant_table("custom_fields", &["name"], columns);
        manager.create_table(of_tenant(&mut table, "custom_fields")).await?;
        let conn = manager.get_connection();
        dialect::tenant_tables_secured(conn, &["custom_fields"]).await?;
        dialect::lists::fill(conn).await
    }
}
