//! Use cases as stories; each runs on SQLite and on PostgreSQL.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

mod advice;
mod agreements;
mod bad_input;
mod checks;
mod confirmation;
mod custom_fields;
mod demo;
mod diagram;
mod export;
mod grid;
mod import;
mod lifetimes;
mod matching;
mod paper;
mod roles;
mod session;
mod stocktake;
mod story;
mod traps;
