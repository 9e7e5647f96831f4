//! The audit chain: per tenant, each entry holds the hash of the one before. See docs/adr/0004-audit-chain.md.

use crate::{ReadTx, StoreError, TenantTx};
use ed25519_dalek::{SigningKey, VerifyingKey};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tomomori_domain::ids::TenantId;

/// Something that was done.
#[derive(Clone, Debug)]
pub struct AuditEvent {
    /// Stable key of the action, e.g. `resource.update`.
    pub action: &'static str,
    /// What it was done to, e.g. `resource:0192…`. No personal data.
    pub subject: String,
    /// What is worth keeping. No personal data: that goes to `personal`.
    pub details: serde_json::Value,
    /// Named personal data (log-in names, names): only a salted hash enters the chain, so that it can be erased.
    pub personal: Vec<(&'static str, String)>,
}

/// An entry as read back.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditEntry {
    /// Place in the chain, from 1 without gaps.
    pub sequence: i64,
    /// When.
    pub time: Timestamp,
    /// Name of the actor; `None` = erased.
    pub actor: Option<String>,
    /// Stable key of the action.
    pub action: String,
    /// What it was done to.
    pub subject: String,
    /// Details; personal values stand there as `sha256:…`.
    pub details: serde_json::Value,
    /// Hash of the entry (hex).
    pub hash: String,
}

/// A signed statement of how long the chain was and where it ended. Kept outside the database it is the anchor
/// against which a cut tail shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// The chain.
    pub tenant: TenantId,
    /// Entries so far.
    pub count: i64,
    /// Hash of the last entry (hex; 64 zeros for an empty chain).
    pub head: String,
    /// When it was made.
    pub time: Timestamp,
    /// Public key of the installation (hex).
    pub key: String,
    /// Ed25519 signature over the fields above (hex).
    pub signature: String,
}

impl Checkpoint {
    /// Whether the signature is right and by this key.
    #[must_use]
    pub fn is_signed_by(&self, key: &VerifyingKey) -> bool {
        todo!()
    }
}

impl TenantTx {
    /// Appends an entry. The head of the chain stays locked until the transaction ends.
    ///
    /// # Errors
    /// Database errors.
    pub async fn audit(&mut self, event: AuditEvent) -> Result<(), StoreError> {
        todo!()
    }

    /// Signs and stores a checkpoint of the chain as it is now.
    ///
    /// # Errors
    /// Database errors.
    pub async fn checkpoint(&mut self, key: &SigningKey) -> Result<Checkpoint, StoreError> {
        todo!()
    }
}

impl ReadTx {
    /// Entries with a lower sequence than `before`, newest first.
    ///
    /// # Errors
    /// Database errors.
    pub async fn audit_entries(&self, before: Option<i64>, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
        todo!()
    }

    /// Stored checkpoints, newest first.
    ///
    /// # Errors
    /// Database errors.
    pub async fn checkpoints(&self, limit: u32) -> Result<Vec<Checkpoint>, StoreError> {
        todo!()
    }
}
