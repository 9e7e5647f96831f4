//! Which catalogue is active in the installation, and from what each tenant's findings were computed.

use crate::{ReadTx, StoreError, SystemReadTx, SystemTx};
use jiff::Timestamp;

/// The active catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogueState {
    /// Content hash.
    pub hash: String,
    /// Sequence number; never goes back.
    pub sequence: u64,
    /// Active since.
    pub since: Timestamp,
}

/// What a tenant's findings were computed from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchState {
    /// Content hash of the catalogue.
    pub catalogue: String,
    /// Revision of the ledger.
    pub ledger_revision: i64,
    /// When.
    pub computed: Timestamp,
}

impl SystemTx {
    /// Makes a catalogue the active one.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when a higher sequence number is active already.
    pub async fn activate_catalogue(&mut self, hash: &str, sequence: u64) -> Result<(), StoreError> {
        todo!()
    }
}

impl SystemReadTx {
    /// The active catalogue.
    ///
    /// # Errors
    /// Database errors.
    pub async fn catalogue(&self) -> Result<Option<CatalogueState>, StoreError> {
        todo!()
    }
}

impl ReadTx {
    /// The active catalogue (public knowledge, the same for every tenant).
    ///
    /// # Errors
    /// Database errors.
    pub async fn catalogue(&self) -> Result<Option<CatalogueState>, StoreError> {
        todo!()
    }

    /// What the findings were computed from; `None` = never matched.
    ///
    /// # Errors
    /// Database errors.
    pub async fn match_state(&self) -> Result<Option<MatchState>, StoreError> {
        todo!()
    }
}
