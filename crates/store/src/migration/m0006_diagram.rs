//! Where zones and nodes of the system diagram stand, per kind of view.

use super::table::{big, of_tenant, tenant_table, text};
use crate::dialect;
use sea_orm_migration::prelude::*;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0006_diagram"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [text("view"), text("arrangement"), big("revision")];
        let mut table = tenant_table("diagram_views", &["view"], columns);
        manager.create_table(of_tenant(&mut table, "diagram_views")).await?;
        dialect::tenant_tables_secured(manager.get_connection(), &["diagram_views"]).await
    }
}
