//! Counters of failed log-ins, per log-in name and per address, for throttling.

use crate::entity::login_failure as row;
use crate::tx::overwrite;
use crate::{StoreError, SystemReadTx, SystemTx, codec};
use jiff::{SignedDuration, Timestamp};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};

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
    pub async fn failures(
        &self,
        kind: FailureKind,
        key: &str,
        window: SignedDuration,
    ) -> Result<Option<FailureCount>, StoreError> {
        let Some(row) = row::Entity::find_by_id(kind.row_key(key)).one(&self.conn).await? else { return Ok(None) };
        let since = codec::time(row.since_at)?;
        let open = self.now.duration_since(since) < window;
        Ok(open.then_some(FailureCount { count: codec::unsigned(row.count), since }))
    }
}

impl SystemTx {
    /// Counts one more failure (a new window begins when the old one is over) and returns the new count.
    ///
    /// # Errors
    /// Database errors.
    pub async fn count_failure(
        &mut self,
        kind: FailureKind,
        key: &str,
        window: SignedDuration,
    ) -> Result<FailureCount, StoreError> {
        let open = self.failures(kind, key, window).await?;
        let next = FailureCount {
            count: open.map_or(0, |open| open.count).saturating_add(1),
            since: open.map_or(self.now, |open| open.since),
        };
        let (kind, key_hash) = kind.row_key(key);
        let row = row::Model { kind, key_hash, since_at: codec::ms(next.since), count: codec::int(next.count) };
        row::Entity::insert(row.into_active_model().reset_all())
            .on_conflict(overwrite::<row::Entity>(&[]))
            .exec_without_returning(&self.conn)
            .await?;
        Ok(next)
    }

    /// Forgets the failures of a key (after a good log-in).
    ///
    /// # Errors
    /// Database errors.
    pub async fn clear_failures(&mut self, kind: FailureKind, key: &str) -> Result<(), StoreError> {
        row::Entity::delete_by_id(kind.row_key(key)).exec(&self.conn).await?;
        Ok(())
    }
}

impl FailureKind {
    fn key(self) -> &'static str {
        match self {
            FailureKind::Login => "login",
            FailureKind::Address => "address",
        }
    }

    fn row_key(self, key: &str) -> (String, String) {
        (self.key().to_owned(), codec::sha256(&[b"login failure\0", key.as_bytes()]))
    }
}
