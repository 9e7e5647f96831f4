//! Counters of failed log-ins, per log-in name and per address, for throttling.

use crate::{StoreError, SystemReadTx, SystemTx};
use jiff::{SignedDuration, Timestamp};

/// What a failure is counted under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// The log-in name that was tried, existing or not.
    Login,
    /// The network address it came from.
    Address,
}

/// Failures within the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FailureCount {
    /// How many.
    pub count: u32,
    /// When the window began; it ends `window` later.
    pub since: Timestamp,
}

impl SystemReadTx {
    /// Failures counted under `key` if the window is still open. Keys are stored hashed: a person may have typed a
    /// password into the wrong field.
    ///
    /// # Errors
    /// Database errors.
    pub async fn failures(&self, kind: FailureKind, key: &str, window: SignedDuration) -> Result<Option<FailureCount>, StoreError> {
        todo!()
    }
}

impl SystemTx {
    /// Counts one more failure (a new window begins when the old one is over) and returns the new count.
    ///
    /// # Errors
    /// Database errors.
    pub async fn count_failure(&mut self, kind: FailureKind, key: &str, window: SignedDuration) -> Result<FailureCount, StoreError> {
        todo!()
    }

    /// Forgets the failures of a key (after a good log-in).
    ///
    /// # Errors
    /// Database errors.
    pub async fn clear_failures(&mut self, kind: FailureKind, key: &str) -> Result<(), StoreError> {
        todo!()
    }
}
