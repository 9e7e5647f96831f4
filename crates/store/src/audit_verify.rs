//! Proves a chain, or says where it is broken.

use crate::audit::{ACTOR, GENESIS, entry_hash, personal_hash};
use crate::entity::{audit_entry, audit_head, audit_personal};
use crate::{Checkpoint, ReadTx, StoreError, codec};
use ed25519_dalek::VerifyingKey;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeMap;

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

impl std::fmt::Display for AuditProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            AuditProblem::Changed(at) => write!(f, "entry {at} was changed"),
            AuditProblem::Missing(at) => write!(f, "entry {at} is missing"),
            AuditProblem::OutOfOrder(at) => write!(f, "entry {at} does not follow the one before it"),
            AuditProblem::Head => write!(f, "the head does not match the last entry: the end was cut off or changed"),
            AuditProblem::Checkpoint(count) => {
                write!(f, "the checkpoint at {count} entries does not fit: the end was cut off or rewritten")
            }
            AuditProblem::Signature(count) => {
                write!(f, "the checkpoint at {count} entries has no good signature of this installation")
            }
            AuditProblem::Personal(at) => {
                write!(f, "the personal data beside entry {at} are not what entered the chain")
            }
        }
    }
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

impl VerifyReport {
    /// Nothing is wrong.
    #[must_use]
    pub fn is_intact(&self) -> bool {
        self.problems.is_empty()
    }
}

impl ReadTx {
    /// Reads the whole chain of the tenant and checks it against itself, the stored checkpoints and an anchor kept
    /// outside the database. Without an anchor, a person who can write the database can cut the tail unseen.
    ///
    /// # Errors
    /// Database errors; a broken chain is a result, not an error.
    pub async fn verify_audit(
        &self,
        key: &VerifyingKey,
        anchor: Option<&Checkpoint>,
    ) -> Result<VerifyReport, StoreError> {
        let mut walk = Walk {
            report: VerifyReport { entries: 0, head: GENESIS.to_owned(), checkpoints: 0, problems: Vec::new() },
            next: 1,
            claims: BTreeMap::new(),
        };
        let stored = self.checkpoints(u32::MAX).await?;
        for checkpoint in stored.iter().rev().chain(anchor) {
            walk.report.checkpoints += 1;
            if checkpoint.tenant != self.actor.tenant || !checkpoint.is_signed_by(key) {
                walk.problem(AuditProblem::Signature(checkpoint.count));
            } else {
                walk.claims.entry(checkpoint.count).or_default().push(checkpoint.head.clone());
            }
        }
        walk.claim(0, GENESIS);
        let mut after = i64::MIN;
        loop {
            let rows = self
                .find::<audit_entry::Entity>()
                .filter(audit_entry::Column::Sequence.gt(after))
                .order_by_asc(audit_entry::Column::Sequence)
                .limit(PAGE)
                .all(&self.conn)
                .await?;
            let (Some(first), Some(last)) = (rows.first(), rows.last()) else { break };
            let personal = self
                .find::<audit_personal::Entity>()
                .filter(audit_personal::Column::Sequence.between(first.sequence, last.sequence))
                .all(&self.conn)
                .await?;
            after = last.sequence;
            for row in &rows {
                walk.entry(row)?;
            }
            for row in &personal {
                let at = rows.binary_search_by_key(&row.sequence, |entry| entry.sequence).ok();
                walk.personal(row, at.map(|at| &rows[at]))?;
            }
        }
        let head = self.find::<audit_head::Entity>().one(&self.conn).await?;
        let (count, hash) = head.map_or((0, GENESIS.to_owned()), |head| (head.sequence, head.hash));
        if count != walk.next - 1 || hash != walk.report.head {
            walk.problem(AuditProblem::Head);
        }
        for count in std::mem::take(&mut walk.claims).into_keys() {
            walk.problem(AuditProblem::Checkpoint(count));
        }
        Ok(walk.report)
    }
}

const MOST_PROBLEMS: usize = 100;
const PAGE: u64 = 1000;

/// The walk along one chain.
struct Walk {
    report: VerifyReport,
    next: i64,
    /// Heads that checkpoints claim, by their count.
    claims: BTreeMap<i64, Vec<String>>,
}

impl Walk {
    fn problem(&mut self, problem: AuditProblem) {
        if self.report.problems.len() < MOST_PROBLEMS && !self.report.problems.contains(&problem) {
            self.report.problems.push(problem);
        }
    }

    fn entry(&mut self, row: &audit_entry::Model) -> Result<(), StoreError> {
        let gap = self.next < row.sequence;
        for missing in (self.next..row.sequence).take(MOST_PROBLEMS) {
            self.problem(AuditProblem::Missing(missing));
        }
        if entry_hash(row)? != row.hash {
            self.problem(AuditProblem::Changed(row.sequence));
        } else if !gap && row.prev_hash != self.report.head {
            self.problem(AuditProblem::OutOfOrder(row.sequence));
        }
        self.report.head.clone_from(&row.hash);
        self.report.entries += 1;
        self.next = row.sequence + 1;
        self.claim(row.sequence, &row.hash);
        Ok(())
    }

    fn claim(&mut self, count: i64, head: &str) {
        if self.claims.remove(&count).is_some_and(|heads| heads.iter().any(|claimed| claimed != head)) {
            self.problem(AuditProblem::Checkpoint(count));
        }
    }

    fn personal(&mut self, row: &audit_personal::Model, entry: Option<&audit_entry::Model>) -> Result<(), StoreError> {
        let Some(entry) = entry else { return Ok(()) };
        let in_chain = if row.field == ACTOR {
            Some(entry.actor.clone())
        } else {
            let details: serde_json::Value = codec::from_json(&entry.details)?;
            details.get(&row.field).and_then(|value| value.as_str()).map(str::to_owned)
        };
        if in_chain != Some(personal_hash(&row.salt, &row.value)) {
            self.problem(AuditProblem::Personal(row.sequence));
        }
        Ok(())
    }
}
