//! Rounds of stocktaking with their items and answers, and statements about safeguards.

use super::table::{big, big_null, index, int, of_tenant, reference, tenant_table, text, text_null, uuid, uuid_null};
use crate::dialect;
use sea_orm_migration::prelude::*;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0004_stocktake"
    }
}

const TENANT_TABLES: [&str; 4] = ["stocktakes", "stocktake_items", "stocktake_answers", "safeguards"];

const INDEXES: &[(&str, &[&str], bool)] = &[
    ("stocktake_items", &["tenant_id", "stocktake_id"], false),
    ("stocktake_answers", &["tenant_id", "stocktake_id"], false),
    ("stocktake_answers", &["tenant_id", "item_id"], false),
    ("safeguards", &["tenant_id", "subject_id"], false),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in tables() {
            manager.create_table(table).await?;
        }
        for (table, columns, unique) in INDEXES {
            manager.create_index(index(table, columns, *unique)).await?;
        }
        dialect::tenant_tables_secured(manager.get_connection(), &TENANT_TABLES).await
    }
}

/// Items and statements name devices and services without a foreign key: what was looked for or said stays true when a later
/// step of the ledger joins two devices or takes one away.
fn tables() -> Vec<TableCreateStatement> {
    let rounds = [
        uuid("id"),
        text("name"),
        int("fiscal_year"),
        big("started_at"),
        text("started_by"),
        text("scope"),
        text_null("due_on"),
        big_null("closed_at"),
        text_null("closed_by"),
        uuid_null("step_id"),
    ];
    let items = [
        uuid("id"),
        uuid("stocktake_id"),
        uuid("resource_id"),
        text("name"),
        text_null("asset_number"),
        text_null("product"),
        text_null("serial"),
        text_null("zone"),
        text_null("location"),
        text_null("owner"),
        text_null("due_on"),
        text_null("settled"),
    ];
    let answers = [uuid("id"), uuid("stocktake_id"), uuid_null("item_id"), big("at"), text("given")];
    let safeguards = [
        uuid("id"),
        text("subject_kind"),
        uuid("subject_id"),
        text("kind"),
        text("statement"),
        text("stated_by"),
        text_null("vendor"),
        text("stated_on"),
        text("entered_by"),
        big("entered_at"),
    ];
    let cascade = ForeignKeyAction::Cascade;
    let mut rounds = tenant_table("stocktakes", &["id"], rounds);
    let mut rounds = reference(&mut rounds, "stocktakes", "step_id", "ledger_changes", ForeignKeyAction::Restrict);
    let mut items = tenant_table("stocktake_items", &["id"], items);
    let mut answers = tenant_table("stocktake_answers", &["id"], answers);
    let mut safeguards = tenant_table("safeguards", &["id"], safeguards);
    let mut answers = reference(&mut answers, "stocktake_answers", "stocktake_id", "stocktakes", cascade);
    vec![
        of_tenant(&mut rounds, "stocktakes"),
        reference(&mut items, "stocktake_items", "stocktake_id", "stocktakes", cascade),
        reference(&mut answers, "stocktake_answers", "item_id", "stocktake_items", cascade),
        of_tenant(&mut safeguards, "safeguards"),
    ]
}
