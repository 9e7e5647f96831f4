//! Proves a chain, or says where it is broken.

use crate::{Checkpoint, ReadTx, StoreError};
use ed25519_dalek::VerifyingKey;

/// One thing wrong with a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuditProblem {
    /// The entry's content does not give its hash: it was changed.
    Changed(i64),
    /// No entry where one must be.
    Missing(i64),
    /// The entry does not follow the one before it: moved, exchanged or inserted.
    OutOfOrder(i64),
    /// The head row does not match the last entry: the tail was cut, or the head changed.
    Head,
    /// The chain is shorter than a checkpoint (its count) says, or another entry stands there: the tail was cut or rewritten.
    Checkpoint(i64),
    /// A checkpoint (its count) carries no good signature of this installation, or is another tenant's.
    Signature(i64),
    /// The clear text kept beside an entry is not what entered the chain.
    Personal(i64),
}

/// Result of a verification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyReport {
    /// Entries read.
    pub entries: i64,
    /// Hash of the last entry (hex).
    pub head: String,
    /// Checkpoints compared, the anchor included.
    pub checkpoints: usize,
    /// What is wrong, in the order of the chain; at most 100.
    pub problems: Vec<AuditProblem>,
}

impl ReadTx {
    /// Reads the whole chain of the tenant and checks it against itself, the stored checkpoints and an anchor kept
    /// outside the database. Without an anchor, a person who can write the database can cut the tail unseen.
    ///
    /// # Errors
    /// Database errors; a broken chain is a result, not an error.
    pub async fn verify_audit(&self, key: &VerifyingKey, anchor: Option<&Checkpoint>) -> Result<VerifyReport, StoreError> {
        todo!()
    }
}
