//! What can go wrong in the store.

use sea_orm::{DbErr, SqlErr};

/// Error of every method of this crate.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The row does not exist in this tenant (another tenant's row looks the same).
    #[error("{0} not found")]
    NotFound(&'static str),
    /// Somebody else changed it since it was read.
    #[error("{0} was changed by somebody else in the meantime")]
    Stale(&'static str),
    /// The proof of permission is for another tenant than the transaction.
    #[error("the permission was granted in another tenant")]
    WrongTenant,
    /// The operation does not fit the row's state (for example confirming a dropped import).
    #[error("{what} is {state}")]
    State {
        /// What was to be changed.
        what: &'static str,
        /// The state it is in (stable key).
        state: String,
    },
    /// A value that must be unique exists already.
    #[error("already exists: {0}")]
    Duplicate(String),
    /// A reference points to a row that does not exist in this tenant, or a row is still referred to.
    #[error("broken reference: {0}")]
    Reference(String),
    /// The tenant's files would exceed its quota (bytes).
    #[error("files would take {needed} of {quota} bytes")]
    Quota {
        /// Bytes after the addition.
        needed: u64,
        /// Bytes allowed.
        quota: u64,
    },
    /// A document would be larger than it may be (bytes).
    #[error("the {what} is larger than {limit} bytes")]
    TooLarge {
        /// What was to be written.
        what: &'static str,
        /// Bytes allowed.
        limit: usize,
    },
    /// The lease of a job went to another worker.
    #[error("the job was taken over by another worker")]
    LeaseLost,
    /// A page cursor this crate did not make, or one of another sort order.
    #[error("the page link is not valid")]
    BadCursor,
    /// A stored value this version cannot read.
    #[error("cannot read stored {0}: {1}")]
    Corrupt(&'static str, String),
    /// The configuration of the database is wrong.
    #[error("database configuration: {0}")]
    Config(String),
    /// Any other error of the database.
    #[error("database: {0}")]
    Database(DbErr),
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(what)) => Self::Duplicate(what),
            Some(SqlErr::ForeignKeyConstraintViolation(what)) => Self::Reference(what),
            _ => Self::Database(error),
        }
    }
}
