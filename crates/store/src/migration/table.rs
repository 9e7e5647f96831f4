//! Short words for the tables of a migration.

use sea_orm_migration::prelude::*;

pub(super) fn text(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().not_null().take()
}

pub(super) fn text_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().null().take()
}

pub(super) fn uuid(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).uuid().not_null().take()
}

pub(super) fn uuid_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).uuid().null().take()
}

pub(super) fn int(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).integer().not_null().take()
}

pub(super) fn int_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).integer().null().take()
}

/// Also every instant: unix milliseconds UTC.
pub(super) fn big(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).big_integer().not_null().take()
}

pub(super) fn big_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).big_integer().null().take()
}

pub(super) fn flag(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).boolean().not_null().take()
}

pub(super) fn flag_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).boolean().null().take()
}

pub(super) fn bytes(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).blob().not_null().take()
}

/// A table with its key.
pub(super) fn table(
    name: &'static str,
    key: &[&'static str],
    columns: impl IntoIterator<Item = ColumnDef>,
) -> TableCreateStatement {
    let mut table = Table::create().table(name).take();
    for column in columns {
        table.col(column);
    }
    let mut index = Index::create();
    for column in key {
        index.col(*column);
    }
    table.primary_key(&mut index);
    table
}

/// A table of a tenant: `tenant_id` leads its key and points to the tenant.
pub(super) fn tenant_table(
    name: &'static str,
    key: &[&'static str],
    columns: impl IntoIterator<Item = ColumnDef>,
) -> TableCreateStatement {
    let key: Vec<&'static str> = ["tenant_id"].into_iter().chain(key.iter().copied()).collect();
    table(name, &key, [uuid("tenant_id")].into_iter().chain(columns))
}

/// `tenant_id` alone points to the tenant.
pub(super) fn of_tenant(table: &mut TableCreateStatement, name: &'static str) -> TableCreateStatement {
    let mut key = ForeignKey::create();
    key.from(name, "tenant_id").to("tenants", "id").on_delete(ForeignKeyAction::Cascade);
    table.foreign_key(&mut key).take()
}

/// `(tenant_id, column)` points to `(tenant_id, id)` of another table, so that no row can point into another tenant.
pub(super) fn reference(
    table: &mut TableCreateStatement,
    name: &'static str,
    column: &'static str,
    to: &'static str,
    action: ForeignKeyAction,
) -> TableCreateStatement {
    let mut key = ForeignKey::create();
    key.name(format!("{name}_{column}_fkey"))
        .from(name, ("tenant_id", column))
        .to(to, ("tenant_id", if to == "memberships" { "user_id" } else { "id" }))
        .on_delete(action);
    table.foreign_key(&mut key).take()
}

/// An index; `unique` ones carry the rule in their name's end.
pub(super) fn index(table: &'static str, columns: &[&'static str], unique: bool) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(format!("{table}_{}_{}", columns.join("_"), if unique { "key" } else { "idx" })).table(table);
    for column in columns {
        index.col(*column);
    }
    if unique {
        index.unique();
    }
    index.take()
}
