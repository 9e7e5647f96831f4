//! Which catalogue is active in the installation, and from what each tenant's findings were computed.

use crate::entity::{catalogue_state as row, match_state};
use crate::tx::overwrite;
use crate::{ReadTx, StoreError, SystemReadTx, SystemTx, codec};
use jiff::Timestamp;
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel};

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
        if active(&self.conn).await?.is_some_and(|active| active.sequence > sequence) {
            return Err(StoreError::Stale("catalogue"));
        }
        let sequence = i64::try_from(sequence).map_err(|_| StoreError::Corrupt("sequence", sequence.to_string()))?;
        let row = row::Model { id: ONLY, hash: hash.to_owned(), sequence, since_at: codec::ms(self.now) };
        row::Entity::insert(row.into_active_model().reset_all())
            .on_conflict(overwrite::<row::Entity>(&[]))
            .exec_without_returning(&self.conn)
            .await?;
        Ok(())
    }
}

impl SystemReadTx {
    /// The active catalogue.
    ///
    /// # Errors
    /// Database errors.
    pub async fn catalogue(&self) -> Result<Option<CatalogueState>, StoreError> {
        active(&self.conn).await
    }
}

impl ReadTx {
    /// The active catalogue (public knowledge, the same for every tenant).
    ///
    /// # Errors
    /// Database errors.
    pub async fn catalogue(&self) -> Result<Option<CatalogueState>, StoreError> {
        active(&self.conn).await
    }

    /// What the findings were computed from; `None` = never matched.
    ///
    /// # Errors
    /// Database errors.
    pub async fn match_state(&self) -> Result<Option<MatchState>, StoreError> {
        let Some(row) = self.find::<match_state::Entity>().one(&self.conn).await? else { return Ok(None) };
        let computed = codec::time(row.computed_at)?;
        Ok(Some(MatchState { catalogue: row.catalogue, ledger_revision: row.ledger_revision, computed }))
    }
}

/// There is one row.
const ONLY: i32 = 1;

async fn active(conn: &impl ConnectionTrait) -> Result<Option<CatalogueState>, StoreError> {
    let Some(row) = row::Entity::find_by_id(ONLY).one(conn).await? else { return Ok(None) };
    Ok(Some(CatalogueState { hash: row.hash, sequence: codec::count(row.sequence), since: codec::time(row.since_at)? }))
}
