//! What the list of devices filters, sorts and counts by, in one narrow row per device.

use super::table::{index, int, of_tenant, reference, tenant_table, text, uuid};
use crate::dialect;
use sea_orm::DatabaseBackend;
use sea_orm_migration::prelude::*;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0003_lists"
    }
}

const TENANT_TABLES: [&str; 2] = ["resource_lists", "ledger_views"];

const SORT_COLUMNS: [(&str, &str); 6] = [
    ("resource_lists", "name_sort"),
    ("resource_lists", "asset_sort"),
    ("resource_lists", "support_sort"),
    ("resource_lists", "seen_sort"),
    ("resource_lists", "stock_sort"),
    ("resource_lists", "search"),
];

/// What every filter but the words looks at; each index below ends with it, so that lists are found in the index alone.
const FILTERED: [&str; 7] = ["facets", "missing", "zone_id", "vendor_id", "support_sort", "seen_sort", "stock_sort"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in tables(manager.get_database_backend()) {
            manager.create_table(table).await?;
        }
        let conn = manager.get_connection();
        dialect::same_text_order(conn, &SORT_COLUMNS).await?;
        for sort in ["name_sort", "asset_sort", "support_sort", "seen_sort", "findings_sort"] {
            let rest = FILTERED.iter().filter(|column| **column != sort);
            let columns: Vec<&'static str> = ["tenant_id", sort, "id"].into_iter().chain(rest.copied()).collect();
            manager.create_index(named(&format!("resource_lists_{sort}"), &columns)).await?;
        }
        let cube =
            ["tenant_id", "facets", "zone_id", "vendor_id", "support_sort", "seen_sort", "stock_sort", "missing"];
        manager.create_index(named("resource_lists_cube", &cube)).await?;
        if manager.get_database_backend() == DatabaseBackend::Sqlite {
            manager.create_index(index("resource_lists", &["tenant_id", "id"], true)).await?;
        }
        manager.create_index(index("ledger_views", &["tenant_id", "user_id"], false)).await?;
        dialect::tenant_tables_secured(conn, &TENANT_TABLES).await?;
        dialect::lists::fill(conn).await
    }
}

fn named(name: &str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(name).table("resource_lists");
    for column in columns {
        index.col(*column);
    }
    index.take()
}

fn tables(backend: DatabaseBackend) -> Vec<TableCreateStatement> {
    // What words are looked for with comes first: columns are read from the left, and only as far as needed.
    let lists = [
        uuid("id"),
        int("facets"),
        int("missing"),
        uuid("zone_id"),
        uuid("vendor_id"),
        text("support_sort"),
        text("seen_sort"),
        text("stock_sort"),
        text("search"),
        text("name_sort"),
        text("asset_sort"),
        int("findings_sort"),
        int("affected"),
        int("possibly"),
    ];
    let views = [uuid("id"), uuid("user_id"), text("name"), text("query")];
    let sqlite = backend == DatabaseBackend::Sqlite;
    let key: &[&str] = if sqlite { &["facets", "zone_id", "vendor_id", "id"] } else { &["id"] };
    let mut lists = tenant_table("resource_lists", key, lists);
    // Kept in the order of its key: reading all devices of a tenant is one walk instead of one lookup each, and the
    // numbers of the chips are counted on the way.
    if sqlite {
        lists.extra("WITHOUT ROWID");
    }
    let mut views = tenant_table("ledger_views", &["id"], views);
    let cascade = ForeignKeyAction::Cascade;
    vec![
        of_tenant(&mut reference(&mut lists, "resource_lists", "id", "resources", cascade), "resource_lists"),
        of_tenant(&mut reference(&mut views, "ledger_views", "user_id", "memberships", cascade), "ledger_views"),
    ]
}
