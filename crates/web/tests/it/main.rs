//! Pages and API against the real router; each story runs on SQLite and on PostgreSQL.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

mod advice;
mod agreements;
mod api;
mod checklists;
mod checks;
mod completeness;
mod confirmations;
mod custom_fields;
mod diagram;
mod editions;
mod ledger;
mod lifetimes;
mod lists;
mod openapi;
mod routes;
mod security;
mod session;
mod stocktakes;
mod story;
mod tenants;
