//! Rows as SeaORM sees them.
