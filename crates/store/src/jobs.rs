//! Background jobs: enqueued in the business transaction, claimed by workers under a lease, tried again with growing
//! pauses, laid aside when they keep failing. A worker that dies loses its job when its lease ends.

use crate::entity::job as row;
use crate::{ReadTx, StoreError, SystemTx, TenantTx, codec};
use jiff::{SignedDuration, Timestamp};
use sea_orm::sea_query::{Expr, LockBehavior, LockType};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, UpdateMany};
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
        self.check(grant)?;
        let id = JobId::generate();
        let now = codec::ms(self.now);
        let row = row::Model {
            tenant_id: self.tenant(),
            id: id.0,
            kind: job.kind.to_owned(),
            payload: codec::to_json(&job.payload)?,
            state: JobState::Queued.key().to_owned(),
            attempts: 0,
            max_attempts: codec::int(job.max_attempts.max(1)),
            progress: 0,
            error: None,
            due_at: now,
            worker: None,
            created_at: now,
            changed_at: now,
        };
        self.insert::<row::Entity>(vec![row]).await?;
        Ok(id)
    }
}

impl ReadTx {
    /// One job.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn job(&self, id: JobId) -> Result<JobInfo, StoreError> {
        let row = self.find::<row::Entity>().filter(row::Column::Id.eq(id.0)).one(&self.conn).await?;
        info(row.ok_or(StoreError::NotFound("job"))?)
    }

    /// The newest jobs.
    ///
    /// # Errors
    /// Database errors.
    pub async fn jobs(&self, limit: u32) -> Result<Vec<JobInfo>, StoreError> {
        let query = self.find::<row::Entity>().order_by_desc(row::Column::Id).limit(u64::from(limit));
        query.all(&self.conn).await?.into_iter().map(info).collect()
    }
}

impl SystemTx {
    /// Takes the oldest job that is due, or whose worker's lease has ended. Commit before working on it.
    ///
    /// # Errors
    /// Database errors.
    pub async fn claim_job(&mut self, worker: &str, lease: SignedDuration) -> Result<Option<ClaimedJob>, StoreError> {
        let now = codec::ms(self.now);
        loop {
            let due = row::Entity::find()
                .filter(row::Column::State.is_in([JobState::Queued.key(), JobState::Running.key()]))
                .filter(row::Column::DueAt.lte(now))
                .order_by_asc(row::Column::DueAt)
                .order_by_asc(row::Column::Id)
                .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
                .one(&self.conn)
                .await?;
            let Some(due) = due else { return Ok(None) };
            let this = row::Entity::update_many()
                .filter(row::Column::TenantId.eq(due.tenant_id))
                .filter(row::Column::Id.eq(due.id))
                .col_expr(row::Column::ChangedAt, Expr::val(now));
            if due.attempts >= due.max_attempts {
                // Its last worker died without a word.
                this.col_expr(row::Column::State, Expr::val(JobState::Dead.key()))
                    .col_expr(row::Column::Error, Expr::val("the worker stopped without reporting"))
                    .exec(&self.conn)
                    .await?;
                continue;
            }
            let attempt = due.attempts + 1;
            this.col_expr(row::Column::State, Expr::val(JobState::Running.key()))
                .col_expr(row::Column::Attempts, Expr::val(attempt))
                .col_expr(row::Column::Worker, Expr::val(worker))
                .col_expr(row::Column::Progress, Expr::val(0))
                .col_expr(row::Column::DueAt, Expr::val(codec::ms(after(self.now, lease))))
                .exec(&self.conn)
                .await?;
            return Ok(Some(ClaimedJob {
                tenant: TenantId(due.tenant_id),
                id: JobId(due.id),
                kind: due.kind,
                payload: codec::from_json(&due.payload)?,
                attempt: codec::unsigned(attempt),
            }));
        }
    }

    /// Extends the lease and notes progress (0–100).
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`]: stop working on it.
    pub async fn heartbeat(&mut self, job: &ClaimedJob, progress: u8, lease: SignedDuration) -> Result<(), StoreError> {
        let update = Self::held(job)
            .col_expr(row::Column::Progress, Expr::val(i32::from(progress.min(100))))
            .col_expr(row::Column::DueAt, Expr::val(codec::ms(after(self.now, lease))));
        self.report(update).await
    }

    /// Reports success.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`].
    pub async fn finish_job(&mut self, job: &ClaimedJob) -> Result<(), StoreError> {
        let update = Self::held(job)
            .col_expr(row::Column::State, Expr::val(JobState::Done.key()))
            .col_expr(row::Column::Progress, Expr::val(100))
            .col_expr(row::Column::Error, Expr::val(Option::<String>::None));
        self.report(update).await
    }

    /// Reports failure; returns when it will be tried again, or `None` if it was laid aside.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`].
    pub async fn fail_job(&mut self, job: &ClaimedJob, error: &str) -> Result<Option<Timestamp>, StoreError> {
        let row = row::Entity::find_by_id((job.tenant.0, job.id.0)).one(&self.conn).await?;
        let row = row.ok_or(StoreError::LeaseLost)?;
        let again = (row.attempts < row.max_attempts).then(|| after(self.now, pause(job.attempt)));
        let state = if again.is_some() { JobState::Queued } else { JobState::Dead };
        let update = Self::held(job)
            .col_expr(row::Column::State, Expr::val(state.key()))
            .col_expr(row::Column::Error, Expr::val(error))
            .col_expr(row::Column::DueAt, Expr::val(codec::ms(again.unwrap_or(self.now))));
        self.report(update).await?;
        Ok(again)
    }
}

impl JobState {
    /// Stable key.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            JobState::Queued => "queued",
            JobState::Running => "running",
            JobState::Done => "done",
            JobState::Dead => "dead",
        }
    }

    fn from_key(key: &str) -> Option<Self> {
        [JobState::Queued, JobState::Running, JobState::Done, JobState::Dead].into_iter().find(|s| s.key() == key)
    }
}

impl SystemTx {
    /// The claimed job's row while this try still holds it.
    fn held(job: &ClaimedJob) -> UpdateMany<row::Entity> {
        row::Entity::update_many()
            .filter(row::Column::TenantId.eq(job.tenant.0))
            .filter(row::Column::Id.eq(job.id.0))
            .filter(row::Column::State.eq(JobState::Running.key()))
            .filter(row::Column::Attempts.eq(codec::int(job.attempt)))
    }

    async fn report(&mut self, update: UpdateMany<row::Entity>) -> Result<(), StoreError> {
        let done = update.col_expr(row::Column::ChangedAt, Expr::val(codec::ms(self.now))).exec(&self.conn).await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(StoreError::LeaseLost) }
    }
}

/// Pause after the n-th failed try: 10 s, doubled each time, one hour at most.
fn pause(attempt: u32) -> SignedDuration {
    SignedDuration::from_secs((10_i64 << attempt.saturating_sub(1).min(20)).min(3600))
}

fn after(now: Timestamp, pause: SignedDuration) -> Timestamp {
    now.checked_add(pause).unwrap_or(Timestamp::MAX)
}

fn info(row: row::Model) -> Result<JobInfo, StoreError> {
    Ok(JobInfo {
        id: JobId(row.id),
        kind: row.kind,
        state: codec::key("job state", &row.state, JobState::from_key)?,
        attempts: codec::unsigned(row.attempts),
        progress: codec::percent(row.progress),
        error: row.error,
        created: codec::time(row.created_at)?,
        changed: codec::time(row.changed_at)?,
    })
}
