//! The ledger becomes a projection: records of sources, steps, decisions and things to check; wider devices and lines.

use super::table::{
    big, big_null, flag, flag_null, index, int, of_tenant, reference, tenant_table, text, text_null, uuid, uuid_null,
};
use crate::dialect;
use sea_orm_migration::prelude::*;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0002_records"
    }
}

const TENANT_TABLES: [&str; 4] = ["records", "ledger_changes", "decisions", "checks"];

const INDEXES: &[(&str, &[&str], bool)] = &[
    ("records", &["tenant_id", "home"], false),
    ("records", &["tenant_id", "until_change"], false),
    ("records", &["tenant_id", "since_change"], false),
    ("ledger_changes", &["tenant_id", "at"], false),
    ("decisions", &["tenant_id", "until_change"], false),
    ("checks", &["tenant_id", "state", "weight", "id"], false),
    ("checks", &["tenant_id", "resource_id"], false),
    ("resources", &["tenant_id", "seen_sort", "id"], false),
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
        // SQLite adds one column per statement.
        for (table, columns) in [("resources", device_columns()), ("lines", line_columns())] {
            for column in columns {
                let mut alter = Table::alter();
                manager.alter_table(alter.table(table).add_column(column).to_owned()).await?;
            }
        }
        manager.drop_table(Table::drop().table("facts").to_owned()).await?;
        for (table, columns, unique) in INDEXES {
            manager.create_index(index(table, columns, *unique)).await?;
        }
        let conn = manager.get_connection();
        dialect::same_text_order(conn, &[("resources", "seen_sort"), ("checks", "id")]).await?;
        dialect::tenant_tables_secured(conn, &TENANT_TABLES).await
    }
}

fn device_columns() -> Vec<ColumnDef> {
    let list = |name| text(name).default("[]").take();
    let map = |name| text(name).default("{}").take();
    vec![
        list("aliases"),
        list("kbs"),
        map("updates"),
        map("chain"),
        map("custom"),
        text_null("owner"),
        text_null("criticality"),
        text_null("state"),
        uuid_null("installed_by"),
        text_null("end_of_life"),
        flag_null("remote"),
        flag_null("medical"),
        text_null("port"),
        text_null("stocktaken_on"),
        text_null("last_seen"),
        text("seen_sort").default("").take(),
    ]
}

fn line_columns() -> Vec<ColumnDef> {
    vec![
        text_null("circuit"),
        text_null("via"),
        uuid_null("via_resource_id"),
        text_null("sources"),
        uuid_null("contract_id"),
        text_null("billed_on"),
    ]
}

fn tables() -> Vec<TableCreateStatement> {
    let own = |name, mut table: TableCreateStatement| of_tenant(&mut table, name);
    let records = [
        uuid("id"),
        uuid("lineage"),
        text("about"),
        text("source"),
        text("row_key"),
        text("grade"),
        text("seen_on"),
        uuid_null("home"),
        uuid_null("origin"),
        text("stated"),
        text("place"),
        text_null("by_whom"),
        uuid("since_change"),
        uuid("listed_change"),
        uuid_null("until_change"),
    ];
    let changes = [
        uuid("id"),
        text("kind"),
        big("at"),
        text("by_whom"),
        text("title"),
        uuid_null("import_id"),
        uuid_null("undone_by"),
    ];
    let decisions =
        [uuid("id"), uuid("one"), uuid("other"), flag("same"), uuid("since_change"), uuid_null("until_change")];
    let checks = [
        text("id"),
        text("key"),
        text("kind"),
        int("weight"),
        uuid_null("resource_id"),
        uuid_null("line_id"),
        text_null("place"),
        text("msg"),
        text("answers"),
        text("state"),
        text_null("source"),
        text_null("answer"),
        text_null("answered_by"),
        big_null("answered_at"),
        text_null("owner"),
        text_null("due_on"),
        big("first_seen_at"),
    ];
    let mut steps = tenant_table("ledger_changes", &["id"], changes);
    vec![
        reference(&mut steps, "ledger_changes", "import_id", "imports", ForeignKeyAction::Restrict),
        own("records", tenant_table("records", &["id"], records)),
        own("decisions", tenant_table("decisions", &["id"], decisions)),
        own("checks", tenant_table("checks", &["id"], checks)),
    ]
}
