//! Documents beside the ledger: agreements, editions, plans (docs/adr/0016).

use super::table::{big, flag, index, of_tenant, tenant_table, text, uuid};
use crate::dialect;
use sea_orm_migration::prelude::*;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0008_documents"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            text("kind"),
            uuid("id"),
            big("revision"),
            flag("newest"),
            text("content"),
            big("written_at"),
            text("written_by"),
        ];
        let mut table = tenant_table("documents", &["kind", "id", "revision"], columns);
        manager.create_table(of_tenant(&mut table, "documents")).await?;
        manager.create_index(index("documents", &["tenant_id", "kind", "newest"], false)).await?;
        dialect::tenant_tables_secured(manager.get_connection(), &["documents"]).await
    }
}
