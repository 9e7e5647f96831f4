//! Findings are a projection: a new result of matching is compared with the stored rows and only differences are written.

use crate::{StoreError, TenantTx};
use tomomori_domain::access::{Granted, permission::WriteFindings};
use tomomori_domain::finding::Finding;

/// What a refresh changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FindingChanges {
    /// New rows.
    pub added: u64,
    /// Rows whose content changed.
    pub changed: u64,
    /// Rows that are gone.
    pub removed: u64,
    /// Rows left as they were.
    pub unchanged: u64,
}

impl TenantTx {
    /// Makes the tenant's findings these. A row is the same as a stored one when (device, vulnerability) agree for
    /// *affected*, (device, component, missing fact) for *possibly*: it then keeps its id and when it was first seen; the
    /// `id` of the given rows counts only for new ones. `ledger_revision` is that of the ledger the matching read.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when the ledger has changed since: match again. [`StoreError::Duplicate`] when two rows are the same.
    pub async fn replace_findings(&mut self, grant: &Granted<WriteFindings>, findings: &[Finding], catalogue: &str, ledger_revision: i64) -> Result<FindingChanges, StoreError> {
        todo!()
    }
}
