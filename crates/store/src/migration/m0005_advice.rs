//! Vendors' advice: what a vendor is shown, what it was asked and answered, what it confirmed; and memberships that end.

use super::table::{big, big_null, index, of_tenant, reference, tenant_table, text, text_null, uuid, uuid_null};
use crate::dialect;
use sea_orm_migration::prelude::*;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0005_advice"
    }
}

const TENANT_TABLES: [&str; 6] =
    ["advice_grants", "advice_links", "advice_requests", "advice_answers", "node_confirmations", "advice_envelopes"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in tables() {
            manager.create_table(table).await?;
        }
        let mut alter = Table::alter();
        manager.alter_table(alter.table("memberships").add_column(text_null("until_on")).to_owned()).await?;
        manager.create_index(index("advice_requests", &["tenant_id", "code"], true)).await?;
        manager.create_index(index("advice_answers", &["tenant_id", "request_id"], false)).await?;
        manager.create_index(index("advice_answers", &["tenant_id", "resource_id"], false)).await?;
        dialect::tenant_tables_secured(manager.get_connection(), &TENANT_TABLES).await
    }
}

/// Vendors and devices are named without a foreign key: the ledger is computed anew with every step, and what was hidden must
/// stay hidden when a device that went comes back.
fn tables() -> Vec<TableCreateStatement> {
    let own = |name, mut table: TableCreateStatement| of_tenant(&mut table, name);
    let grants = [uuid("vendor_id"), uuid("resource_id"), text("shared")];
    let links = [uuid("vendor_id"), uuid("vendor_tenant")];
    let requests = [
        uuid("id"),
        uuid("vendor_id"),
        text("vendor_name"),
        uuid_null("vendor_tenant"),
        text("code"),
        text("part"),
        text("note"),
        text("due_on"),
        text("asked_by"),
        big("asked_at"),
        big_null("answered_at"),
    ];
    let answers = [
        uuid("id"),
        uuid("request_id"),
        uuid_null("resource_id"),
        text("item"),
        text("by_whom"),
        text("stated_on"),
        text_null("file"),
        text("entered_by"),
        text("state"),
        text_null("reason"),
        text_null("decided_by"),
    ];
    let confirmations = [
        uuid("resource_id"),
        uuid("vendor_id"),
        text("vendor_name"),
        text("confirmed_on"),
        text("by_whom"),
        text_null("file"),
        text("stated"),
    ];
    let envelopes = [
        uuid("id"),
        uuid("hospital_tenant"),
        text("hospital_name"),
        text("code"),
        text("part"),
        text("note"),
        text("due_on"),
        big("asked_at"),
        text_null("answer"),
        big_null("answered_at"),
    ];
    let mut answers = tenant_table("advice_answers", &["id"], answers);
    vec![
        own("advice_grants", tenant_table("advice_grants", &["vendor_id", "resource_id"], grants)),
        own("advice_links", tenant_table("advice_links", &["vendor_id"], links)),
        own("advice_requests", tenant_table("advice_requests", &["id"], requests)),
        reference(&mut answers, "advice_answers", "request_id", "advice_requests", ForeignKeyAction::Cascade),
        own("node_confirmations", tenant_table("node_confirmations", &["resource_id", "vendor_id"], confirmations)),
        own("advice_envelopes", tenant_table("advice_envelopes", &["id"], envelopes)),
    ]
}
