//! Store tests; each runs on SQLite and on PostgreSQL.

mod audit;
mod jobs;
mod lists;
mod people;
mod story;
mod tenants;
mod writes;
