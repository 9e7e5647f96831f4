//! Background jobs: enqueued in the business transaction, claimed by workers under a lease, tried again with growing
//! pauses, laid aside when they keep failing. A worker that dies loses its job when its lease ends.

use crate::{ReadTx, StoreError, SystemTx, TenantTx};
use jiff::{SignedDuration, Timestamp};
use tomomori_domain::access::Granted;
use tomomori_domain::ids::{JobId, TenantId};

/// A job to enqueue.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// Stable key of what to do.
    pub kind: &'static str,
    /// Its arguments.
    pub payload: serde_json::Value,
    /// Tries before it is laid aside.
    pub max_attempts: u32,
}

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobState {
    /// Waiting for a worker (also after a failed try).
    Queued,
    /// A worker holds it.
    Running,
    /// Done.
    Done,
    /// Failed too often; a person must look.
    Dead,
}

/// A job as its tenant sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct JobInfo {
    /// Key within the tenant.
    pub id: JobId,
    /// What to do.
    pub kind: String,
    /// Where it stands.
    pub state: JobState,
    /// Tries begun.
    pub attempts: u32,
    /// 0–100.
    pub progress: u8,
    /// Why the last try failed.
    pub error: Option<String>,
    /// Enqueued at.
    pub created: Timestamp,
    /// Last change.
    pub changed: Timestamp,
}

/// A job in a worker's hands.
#[derive(Clone, Debug)]
pub struct ClaimedJob {
    /// Whose rows it works on.
    pub tenant: TenantId,
    /// Key within the tenant.
    pub id: JobId,
    /// What to do.
    pub kind: String,
    /// Its arguments.
    pub payload: serde_json::Value,
    /// Which try this is, from 1. Also the fence: an older try can no longer report.
    pub attempt: u32,
}

impl TenantTx {
    /// Enqueues a job; it is there when the transaction is.
    ///
    /// # Errors
    /// Database errors.
    pub async fn enqueue<P>(&mut self, grant: &Granted<P>, job: &NewJob) -> Result<JobId, StoreError> {
        todo!()
    }
}

impl ReadTx {
    /// One job.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn job(&self, id: JobId) -> Result<JobInfo, StoreError> {
        todo!()
    }

    /// The newest jobs.
    ///
    /// # Errors
    /// Database errors.
    pub async fn jobs(&self, limit: u32) -> Result<Vec<JobInfo>, StoreError> {
        todo!()
    }
}

impl SystemTx {
    /// Takes the oldest job that is due, or whose worker's lease has ended. Commit before working on it.
    ///
    /// # Errors
    /// Database errors.
    pub async fn claim_job(&mut self, worker: &str, lease: SignedDuration) -> Result<Option<ClaimedJob>, StoreError> {
        todo!()
    }

    /// Extends the lease and notes progress (0–100).
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`]: stop working on it.
    pub async fn heartbeat(&mut self, job: &ClaimedJob, progress: u8, lease: SignedDuration) -> Result<(), StoreError> {
        todo!()
    }

    /// Reports success.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`].
    pub async fn finish_job(&mut self, job: &ClaimedJob) -> Result<(), StoreError> {
        todo!()
    }

    /// Reports failure; returns when it will be tried again, or `None` if it was laid aside.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`].
    pub async fn fail_job(&mut self, job: &ClaimedJob, error: &str) -> Result<Option<Timestamp>, StoreError> {
        todo!()
    }
}
