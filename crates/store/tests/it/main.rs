//! Store tests; each runs on SQLite and on PostgreSQL.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

mod advice;
mod audit;
mod completeness;
mod documents;
mod jobs;
mod lists;
mod people;
mod story;
mod tenants;
mod writes;
