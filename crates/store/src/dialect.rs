//! Every difference between SQLite and PostgreSQL, and all raw SQL. See docs/adr/0003-seaorm-both-engines.md.

pub(crate) mod lists;

use crate::{DbConfig, Engine, StoreError};
use sea_orm::sea_query::{Expr, LikeExpr};
use sea_orm::{
    AccessMode, ColumnTrait, ConnectOptions, ConnectionTrait, Database, DatabaseBackend, DatabaseConnection,
    DatabaseTransaction, DbErr, IsolationLevel, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};
use uuid::Uuid;

/// Opens the pools: readers, writer (on PostgreSQL the same pool).
pub(crate) async fn open(config: &DbConfig) -> Result<(DatabaseConnection, DatabaseConnection, Engine), StoreError> {
    if let Some(path) = config.url.strip_prefix("sqlite:") {
        let writer = sqlite(path, 1, config.wait).await?;
        let readers = sqlite(path, config.connections, config.wait).await?;
        return Ok((readers, writer, Engine::Sqlite));
    }
    let pool = postgres(&config.url, config.connections, config.wait).await?;
    refuse_privileged_role(&pool).await?;
    Ok((pool.clone(), pool, Engine::Postgres))
}

/// One connection for the owner of the tables.
pub(crate) async fn open_owner(url: &str) -> Result<DatabaseConnection, StoreError> {
    let wait = std::time::Duration::from_secs(30);
    match url.strip_prefix("sqlite:") {
        Some(path) => sqlite(path, 1, wait).await,
        None => postgres(url, 1, wait).await,
    }
}

async fn sqlite(path: &str, connections: u32, wait: std::time::Duration) -> Result<DatabaseConnection, StoreError> {
    let path = std::path::PathBuf::from(path.strip_prefix("//").unwrap_or(path));
    // The address only selects the driver; the path is set below, because a URL would need it percent-encoded.
    let mut options = ConnectOptions::new("sqlite://placeholder");
    options.max_connections(connections).acquire_timeout(wait).sqlx_logging(false);
    options.map_sqlx_sqlite_opts(move |options| {
        options
            .filename(&path)
            .create_if_missing(true)
            .busy_timeout(wait)
            .foreign_keys(true)
            .pragma("journal_mode", "WAL")
            // FULL: what was confirmed to a person survives a power cut.
            .pragma("synchronous", "FULL")
    });
    Ok(Database::connect(options).await?)
}

async fn postgres(url: &str, connections: u32, wait: std::time::Duration) -> Result<DatabaseConnection, StoreError> {
    if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
        return Err(StoreError::Config("the address must begin with sqlite: or postgres:".to_owned()));
    }
    let mut options = ConnectOptions::new(url);
    options.max_connections(connections).acquire_timeout(wait).sqlx_logging(false);
    Ok(Database::connect(options).await?)
}

/// Row-level security does not hold superusers, roles with BYPASSRLS, or (were it not forced) owners.
async fn refuse_privileged_role(pool: &DatabaseConnection) -> Result<(), StoreError> {
    let sql = "SELECT rolsuper OR rolbypassrls AS privileged FROM pg_roles WHERE rolname = current_user";
    let row = pool.query_one_raw(Statement::from_string(DatabaseBackend::Postgres, sql)).await?;
    match row.map(|row| row.try_get::<bool>("", "privileged")).transpose()? {
        Some(false) => Ok(()),
        _ => Err(StoreError::Config(
            "the role of the application must not be a superuser and must not bypass row-level security".to_owned(),
        )),
    }
}

/// SQLite takes the write lock at once: a reader that turns writer later can fail with SQLITE_BUSY in the middle.
pub(crate) async fn begin_write(pool: &DatabaseConnection) -> Result<DatabaseTransaction, StoreError> {
    let options = match pool.get_database_backend() {
        DatabaseBackend::Sqlite => TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        },
        _ => TransactionOptions::default(),
    };
    Ok(pool.begin_with_options(options).await?)
}

/// A page made of several queries shows one moment on both engines.
pub(crate) async fn begin_read(pool: &DatabaseConnection) -> Result<DatabaseTransaction, StoreError> {
    let options = match pool.get_database_backend() {
        DatabaseBackend::Postgres => TransactionOptions {
            isolation_level: Some(IsolationLevel::RepeatableRead),
            access_mode: Some(AccessMode::ReadOnly),
            ..TransactionOptions::default()
        },
        _ => TransactionOptions::default(),
    };
    Ok(pool.begin_with_options(options).await?)
}

/// Opens row-level security for one tenant until the transaction ends. On SQLite every query carries the condition.
pub(crate) async fn enter_tenant(tx: &DatabaseTransaction, tenant: Uuid) -> Result<(), StoreError> {
    set_local(tx, "app.tenant", &tenant.to_string()).await
}

/// Opens the narrow policies of the system door until the transaction ends.
pub(crate) async fn enter_system(tx: &DatabaseTransaction) -> Result<(), StoreError> {
    set_local(tx, "app.door", "system").await
}

async fn set_local(tx: &DatabaseTransaction, name: &str, value: &str) -> Result<(), StoreError> {
    if tx.get_database_backend() == DatabaseBackend::Postgres {
        let sql = "SELECT set_config($1, $2, true)";
        tx.execute_raw(Statement::from_sql_and_values(DatabaseBackend::Postgres, sql, [name.into(), value.into()]))
            .await?;
    }
    Ok(())
}

/// Names of the applied migrations; none when the table is not there.
pub(crate) async fn applied_migrations(pool: &DatabaseConnection) -> Result<Vec<String>, StoreError> {
    let backend = pool.get_database_backend();
    let exists = match backend {
        DatabaseBackend::Postgres => "SELECT 1 FROM pg_tables WHERE tablename = 'seaql_migrations'",
        _ => "SELECT 1 FROM sqlite_master WHERE name = 'seaql_migrations'",
    };
    if pool.query_one_raw(Statement::from_string(backend, exists)).await?.is_none() {
        return Ok(Vec::new());
    }
    let rows = pool.query_all_raw(Statement::from_string(backend, "SELECT version FROM seaql_migrations")).await?;
    Ok(rows.iter().map(|row| row.try_get("", "version")).collect::<Result<_, _>>()?)
}

/// Gives the application role its rights. Audit entries and checkpoints can be added and read, never changed.
pub(crate) async fn grant_to_app(conn: &DatabaseConnection, role: &str) -> Result<(), StoreError> {
    if conn.get_database_backend() != DatabaseBackend::Postgres {
        return Ok(());
    }
    if role.is_empty() || !role.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
        return Err(StoreError::Config(format!("role name {role:?}: only a–z, 0–9 and _")));
    }
    let sql = format!(
        "GRANT USAGE ON SCHEMA public TO {role};
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
         REVOKE UPDATE, DELETE ON audit_entries, audit_checkpoints FROM {role};
         REVOKE DELETE ON audit_heads FROM {role};
         REVOKE INSERT, UPDATE, DELETE ON seaql_migrations FROM {role};"
    );
    conn.execute_unprepared(&sql).await?;
    Ok(())
}

/// PostgreSQL sorts text by the database's language unless told otherwise; SQLite by bytes.
pub(crate) async fn same_text_order(conn: &impl ConnectionTrait, columns: &[(&str, &str)]) -> Result<(), DbErr> {
    if conn.get_database_backend() == DatabaseBackend::Postgres {
        for (table, column) in columns {
            let sql = format!("ALTER TABLE {table} ALTER COLUMN {column} TYPE text COLLATE \"C\"");
            conn.execute_unprepared(&sql).await?;
        }
    }
    Ok(())
}

/// An import writes devices in chunks; a device may come before the one it is plugged into.
pub(crate) async fn uplinks_checked_at_commit(conn: &impl ConnectionTrait) -> Result<(), DbErr> {
    if conn.get_database_backend() == DatabaseBackend::Postgres {
        let sql = "ALTER TABLE resources ALTER CONSTRAINT resources_uplink_id_fkey DEFERRABLE INITIALLY DEFERRED";
        conn.execute_unprepared(sql).await?;
    }
    Ok(())
}

/// The same for SQLite, until the transaction ends.
pub(crate) async fn defer_references(tx: &DatabaseTransaction) -> Result<(), StoreError> {
    if tx.get_database_backend() == DatabaseBackend::Sqlite {
        tx.execute_unprepared("PRAGMA defer_foreign_keys = ON").await?;
    }
    Ok(())
}

/// PostgreSQL takes the rights away ([`grant_to_app`]); SQLite has none to take, so triggers refuse.
pub(crate) async fn audit_is_append_only(conn: &impl ConnectionTrait) -> Result<(), DbErr> {
    if conn.get_database_backend() != DatabaseBackend::Sqlite {
        return Ok(());
    }
    let refuse = "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END";
    for (table, action) in [
        ("audit_entries", "UPDATE"),
        ("audit_entries", "DELETE"),
        ("audit_checkpoints", "UPDATE"),
        ("audit_checkpoints", "DELETE"),
        ("audit_personal", "UPDATE"),
        ("audit_heads", "DELETE"),
    ] {
        let sql = format!("CREATE TRIGGER {table}_no_{} BEFORE {action} ON {table} {refuse}", action.to_lowercase());
        conn.execute_unprepared(&sql).await?;
    }
    let forward = format!(
        "CREATE TRIGGER audit_heads_forward BEFORE UPDATE ON audit_heads
         WHEN NEW.sequence <> OLD.sequence + 1 OR NEW.tenant_id <> OLD.tenant_id {refuse}"
    );
    conn.execute_unprepared(&forward).await?;
    Ok(())
}

/// Row-level security on tables of a tenant, held against the owner too.
pub(crate) async fn tenant_tables_secured(conn: &impl ConnectionTrait, tables: &[&str]) -> Result<(), DbErr> {
    if conn.get_database_backend() != DatabaseBackend::Postgres {
        return Ok(());
    }
    let mut sql = String::new();
    for table in tables {
        sql += &force(table);
        // Sessions are never read as rows of a tenant: they are looked up by token before one is known.
        if *table != "sessions" {
            sql += &format!(
                "CREATE POLICY tenant ON {table} USING (tenant_id = {TENANT}) WITH CHECK (tenant_id = {TENANT});\n"
            );
        }
    }
    conn.execute_unprepared(&sql).await?;
    Ok(())
}

/// The tenant a transaction is in, as a policy reads it.
const TENANT: &str = "nullif(current_setting('app.tenant', true), '')::uuid";

fn force(table: &str) -> String {
    format!("ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY;\n")
}

/// Row-level security on the installation's own tables. The system door opens only what log-in, sessions, tokens and job
/// workers need before a tenant is known.
pub(crate) async fn system_tables_secured(conn: &impl ConnectionTrait) -> Result<(), DbErr> {
    if conn.get_database_backend() != DatabaseBackend::Postgres {
        return Ok(());
    }
    let tenant = TENANT;
    let system = "current_setting('app.door', true) = 'system'";
    let mut sql: String = ["tenants", "users", "login_failures"].into_iter().map(force).collect();
    sql += &format!(
        "CREATE POLICY tenant ON tenants FOR SELECT USING (id = {tenant});
         CREATE POLICY member ON users FOR SELECT
           USING (EXISTS (SELECT 1 FROM memberships m WHERE m.tenant_id = {tenant} AND m.user_id = users.id));\n"
    );
    for (table, action) in [
        ("tenants", "ALL"),
        ("users", "ALL"),
        ("login_failures", "ALL"),
        ("sessions", "ALL"),
        ("memberships", "SELECT"),
        ("api_tokens", "SELECT"),
        ("api_tokens", "UPDATE"),
        ("jobs", "SELECT"),
        ("jobs", "UPDATE"),
    ] {
        let name = action.to_lowercase();
        sql += &format!("CREATE POLICY system_{name} ON {table} FOR {action} USING ({system});\n");
    }
    conn.execute_unprepared(&sql).await?;
    Ok(())
}

/// Whether a text column contains a word, taken literally. Both sides are folded, so that case plays no part (SQLite's
/// LIKE would ignore it for ASCII, PostgreSQL's never does).
pub(crate) fn contains<C: ColumnTrait>(column: C, word: &str) -> Expr {
    let escaped = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    column.like(LikeExpr::new(format!("%{escaped}%")).escape('\\'))
}
