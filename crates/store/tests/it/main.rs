//! Store tests; each runs on SQLite and on PostgreSQL.

mod story;
mod tenants;
