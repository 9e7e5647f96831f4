//! Tenants and people, audit chain, ledger, imports, jobs, findings.

use super::table::{
    big, big_null, bytes, flag, flag_null, index, int, int_null, of_tenant, reference, table, tenant_table, text,
    text_null, uuid, uuid_null,
};
use crate::dialect;
use sea_orm_migration::prelude::*;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0001_foundation"
    }
}

/// Tables whose rows belong to a tenant and are reached through the tenant door.
const TENANT_TABLES: [&str; 22] = [
    "memberships",
    "api_tokens",
    "audit_entries",
    "audit_personal",
    "audit_heads",
    "audit_checkpoints",
    "ledger_revisions",
    "vendors",
    "contracts",
    "zones",
    "resources",
    "components",
    "lines",
    "services",
    "service_needs",
    "jobs",
    "imports",
    "files",
    "facts",
    "findings",
    "match_states",
    "sessions",
];

/// Text columns by which lists are sorted: both engines must agree on the order.
const SORT_COLUMNS: [(&str, &str); 9] = [
    ("resources", "name_fold"),
    ("resources", "asset_sort"),
    ("resources", "support_sort"),
    ("vendors", "name_fold"),
    ("zones", "name_fold"),
    ("services", "name_fold"),
    ("contracts", "number"),
    ("findings", "vulnerability"),
    ("components", "text_fold"),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    /// All or nothing on SQLite too (PostgreSQL does so anyway).
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in access().into_iter().chain(ledger()).chain(work()) {
            manager.create_table(table).await?;
        }
        for (table, columns, unique) in INDEXES {
            manager.create_index(index(table, columns, *unique)).await?;
        }
        let conn = manager.get_connection();
        dialect::same_text_order(conn, &SORT_COLUMNS).await?;
        dialect::uplinks_checked_at_commit(conn).await?;
        dialect::audit_is_append_only(conn).await?;
        dialect::tenant_tables_secured(conn, &TENANT_TABLES).await?;
        dialect::system_tables_secured(conn).await
    }
}

const INDEXES: &[(&str, &[&str], bool)] = &[
    ("users", &["login"], true),
    ("memberships", &["user_id"], false),
    ("sessions", &["tenant_id", "user_id"], false),
    ("api_tokens", &["hash"], true),
    ("vendors", &["tenant_id", "name_fold"], true),
    ("zones", &["tenant_id", "name_fold"], true),
    ("contracts", &["tenant_id", "vendor_id"], false),
    ("resources", &["tenant_id", "name_fold", "id"], false),
    ("resources", &["tenant_id", "asset_sort", "id"], false),
    ("resources", &["tenant_id", "support_sort", "id"], false),
    ("resources", &["tenant_id", "uplink_id"], false),
    ("components", &["tenant_id", "resource_id"], false),
    ("facts", &["tenant_id", "resource_id"], false),
    ("lines", &["tenant_id", "from_resource_id"], false),
    ("lines", &["tenant_id", "to_resource_id"], false),
    ("service_needs", &["tenant_id", "resource_id"], false),
    ("files", &["tenant_id", "import_id"], false),
    ("jobs", &["state", "due_at"], false),
    ("findings", &["tenant_id", "resource_id", "identity"], true),
    ("findings", &["tenant_id", "urgency", "id"], false),
    ("findings", &["tenant_id", "component_id"], false),
];

fn access() -> Vec<TableCreateStatement> {
    use ForeignKeyAction::Cascade;
    let mut memberships = tenant_table("memberships", &["user_id"], [uuid("user_id"), text("roles")]);
    let mut user = ForeignKey::create();
    user.from("memberships", "user_id").to("users", "id").on_delete(Cascade);
    memberships.foreign_key(&mut user);
    let mut sessions = table(
        "sessions",
        &["token_hash"],
        [
            text("token_hash"),
            uuid("tenant_id"),
            uuid("user_id"),
            text("csrf_secret"),
            big("created_at"),
            big("last_seen_at"),
            big("expires_at"),
        ],
    );
    let mut tokens = tenant_table(
        "api_tokens",
        &["id"],
        [
            uuid("id"),
            uuid("user_id"),
            text("name"),
            text("hash"),
            big("created_at"),
            big_null("last_used_at"),
            big_null("expires_at"),
            big_null("revoked_at"),
        ],
    );
    // Audit tables point to nothing: a chain outlives what it tells of.
    vec![
        table("tenants", &["id"], [uuid("id"), text("name"), text("kind"), big("created_at")]),
        table(
            "users",
            &["id"],
            [uuid("id"), text("login"), text("name"), text("password_hash"), flag("disabled"), big("created_at")],
        ),
        of_tenant(&mut memberships, "memberships"),
        reference(&mut sessions, "sessions", "user_id", "memberships", Cascade),
        table("login_failures", &["kind", "key_hash"], [text("kind"), text("key_hash"), big("since_at"), int("count")]),
        reference(&mut tokens, "api_tokens", "user_id", "memberships", Cascade),
        tenant_table(
            "audit_entries",
            &["sequence"],
            [
                big("sequence"),
                big("time_at"),
                uuid_null("user_id"),
                text("actor"),
                text("action"),
                text("subject"),
                text("details"),
                text("prev_hash"),
                text("hash"),
            ],
        ),
        tenant_table(
            "audit_personal",
            &["sequence", "field"],
            [big("sequence"), text("field"), text("value"), text("salt")],
        ),
        tenant_table("audit_heads", &[], [big("sequence"), text("hash")]),
        tenant_table(
            "audit_checkpoints",
            &["time_at"],
            [big("time_at"), big("entries"), text("head"), text("key"), text("signature")],
        ),
    ]
}

fn ledger() -> Vec<TableCreateStatement> {
    use ForeignKeyAction::{Cascade, Restrict};
    let own = |name, mut table: TableCreateStatement| of_tenant(&mut table, name);
    let refer = |name, mut table: TableCreateStatement, to: &[(&'static str, &'static str, ForeignKeyAction)]| {
        for (column, target, action) in to {
            table = reference(&mut table, name, column, target, *action);
        }
        of_tenant(&mut table, name)
    };
    let named = |name, more: Vec<ColumnDef>| {
        let columns = [uuid("id"), text("name"), text("name_fold")].into_iter().chain(more);
        of_tenant(&mut tenant_table(name, &["id"], columns), name)
    };
    let contracts = [
        uuid("id"),
        text("number"),
        text("title"),
        uuid("vendor_id"),
        text_null("starts_on"),
        text_null("ends_on"),
        text_null("update_clause"),
    ];
    let resources = [
        uuid("id"),
        text_null("asset_number"),
        text("asset_sort"),
        text("name"),
        text("name_fold"),
        text("kind"),
        text_null("maker"),
        text_null("product"),
        text_null("version"),
        text_null("os"),
        text_null("serial"),
        text("addresses"),
        text("macs"),
        text_null("hostname"),
        uuid_null("zone_id"),
        text_null("location"),
        text_null("department"),
        uuid_null("vendor_id"),
        uuid_null("contract_id"),
        text_null("purchase"),
        text_null("installed_on"),
        text_null("support_end"),
        text("support_sort"),
        uuid_null("uplink_id"),
        text_null("note"),
        flag("declared"),
        text("search_fold"),
        big("revision"),
    ];
    let components = [
        uuid("id"),
        uuid("resource_id"),
        text("layer"),
        text("text"),
        text("text_fold"),
        text_null("version"),
        text_null("purl"),
        text_null("product_key"),
        text_null("product_by"),
        int_null("product_score"),
    ];
    let lines = [
        uuid("id"),
        uuid_null("from_resource_id"),
        text_null("from_outside"),
        uuid_null("to_resource_id"),
        text_null("to_outside"),
        text_null("purpose"),
        text_null("protocol"),
        uuid_null("vendor_id"),
        flag_null("always_on"),
        flag_null("source_limited"),
        flag("remote_maintenance"),
    ];
    vec![
        own("ledger_revisions", tenant_table("ledger_revisions", &[], [big("revision")])),
        named("vendors", vec![text_null("field"), text_null("contact")]),
        refer("contracts", tenant_table("contracts", &["id"], contracts), &[("vendor_id", "vendors", Restrict)]),
        named("zones", vec![text("kind"), text("ranges")]),
        refer(
            "resources",
            tenant_table("resources", &["id"], resources),
            &[
                ("zone_id", "zones", Restrict),
                ("vendor_id", "vendors", Restrict),
                ("contract_id", "contracts", Restrict),
                // Not RESTRICT: that one cannot wait for the end of the transaction.
                ("uplink_id", "resources", ForeignKeyAction::NoAction),
            ],
        ),
        refer("components", tenant_table("components", &["id"], components), &[("resource_id", "resources", Cascade)]),
        refer(
            "lines",
            tenant_table("lines", &["id"], lines),
            &[
                ("from_resource_id", "resources", Cascade),
                ("to_resource_id", "resources", Cascade),
                ("vendor_id", "vendors", Restrict),
            ],
        ),
        named("services", vec![text_null("hours")]),
        refer(
            "service_needs",
            tenant_table("service_needs", &["service_id", "resource_id"], [uuid("service_id"), uuid("resource_id")]),
            &[("service_id", "services", Cascade), ("resource_id", "resources", Cascade)],
        ),
    ]
}

fn work() -> Vec<TableCreateStatement> {
    use ForeignKeyAction::{Cascade, Restrict};
    let refer = |name, columns: Vec<ColumnDef>, to: &[(&'static str, &'static str, ForeignKeyAction)]| {
        let mut table = tenant_table(name, &["id"], [uuid("id")].into_iter().chain(columns));
        for (column, target, action) in to {
            table = reference(&mut table, name, column, target, *action);
        }
        of_tenant(&mut table, name)
    };
    let mut matched =
        tenant_table("match_states", &[], [text("catalogue"), big("ledger_revision"), big("computed_at")]);
    vec![
        refer(
            "jobs",
            vec![
                text("kind"),
                text("payload"),
                text("state"),
                int("attempts"),
                int("max_attempts"),
                int("progress"),
                text_null("error"),
                big("due_at"),
                text_null("worker"),
                big("created_at"),
                big("changed_at"),
            ],
            &[],
        ),
        refer(
            "imports",
            vec![
                text("state"),
                text("created_by"),
                big("created_at"),
                big("changed_at"),
                int("progress"),
                text("mapping"),
                text("summary"),
                big_null("previewed_revision"),
                uuid_null("job_id"),
            ],
            &[("job_id", "jobs", Restrict)],
        ),
        refer(
            "files",
            vec![uuid("import_id"), text("name"), big("size"), text("sha256"), bytes("bytes"), big("created_at")],
            &[("import_id", "imports", Cascade)],
        ),
        refer(
            "facts",
            vec![
                uuid("resource_id"),
                uuid_null("component_id"),
                text("field"),
                text("value"),
                text("grade"),
                text("source_file"),
                text("place"),
                text("seen_on"),
                uuid_null("import_id"),
            ],
            &[
                ("resource_id", "resources", Cascade),
                ("component_id", "components", Cascade),
                ("import_id", "imports", Restrict),
            ],
        ),
        refer(
            "findings",
            vec![
                uuid("resource_id"),
                uuid("component_id"),
                text("verdict"),
                text_null("missing"),
                text("vulnerability"),
                int("count"),
                int_null("cvss_tenths"),
                flag("exploited"),
                text("title"),
                text("title_fold"),
                text("reason"),
                text("catalogue"),
                text("identity"),
                int("urgency"),
                big("first_seen_at"),
            ],
            &[("resource_id", "resources", Cascade), ("component_id", "components", Cascade)],
        ),
        of_tenant(&mut matched, "match_states"),
        table("catalogue_state", &["id"], [int("id"), text("hash"), big("sequence"), big("since_at")]),
    ]
}
