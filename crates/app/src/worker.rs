//! Background work: claims jobs one by one and runs the use case behind each.
//!
//! The same loop runs inside `serve` (one hospital, one process) and alone in `worker` nodes (many hospitals).

use crate::{App, AppError, Ctx, import, matching};
use jiff::SignedDuration;
use std::sync::Arc;
use std::time::Duration;
use tomomori_domain::Msg;
use tomomori_domain::access::Actor;
use tomomori_domain::ids::ImportId;
use tomomori_store::ClaimedJob;

/// Reads an import's files and makes its preview.
pub const READ_IMPORT: &str = "import.read";
/// Computes a tenant's findings again.
pub const MATCH: &str = "match";

/// A worker that dies loses its job after this long.
const LEASE: SignedDuration = SignedDuration::from_secs(60);
/// Pause when nothing is due.
const IDLE: Duration = Duration::from_millis(500);

/// Works until `stop` resolves; the job in hand is finished first.
pub async fn run(app: Arc<App>, name: String, stop: impl Future<Output = ()>) {
    tokio::pin!(stop);
    loop {
        let worked = match run_one(&app, &name).await {
            Ok(worked) => worked,
            Err(error) => {
                tracing::error!(%error, "worker cannot reach the job table");
                false
            }
        };
        let pause = if worked { Duration::ZERO } else { IDLE };
        tokio::select! {
            () = &mut stop => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Runs jobs until none is due; for the command line and tests.
///
/// # Errors
/// When the job table cannot be reached.
pub async fn run_until_idle(app: &Arc<App>) -> Result<(), AppError> {
    while run_one(app, "foreground").await? {}
    Ok(())
}

/// Claims and runs one job; whether there was one.
///
/// # Errors
/// When the job table cannot be reached. A failing job is reported there, not here.
pub async fn run_one(app: &Arc<App>, worker: &str) -> Result<bool, AppError> {
    let mut system = app.db.system("claim job").await?;
    let claimed = system.claim_job(worker, LEASE).await?;
    system.commit().await?;
    let Some(job) = claimed else { return Ok(false) };
    let result = {
        let work = work(app, &job);
        tokio::pin!(work);
        loop {
            tokio::select! {
                result = &mut work => break result,
                () = tokio::time::sleep(Duration::from_secs(LEASE.as_secs().unsigned_abs() / 3)) => {
                    let mut system = app.db.system("heartbeat").await?;
                    system.heartbeat(&job, 50, LEASE).await?;
                    system.commit().await?;
                }
            }
        }
    };
    let mut system = app.db.system("finish job").await?;
    match result {
        Ok(()) => system.finish_job(&job).await?,
        Err(error) => {
            tracing::error!(kind = job.kind, tenant = %job.tenant, %error, "job failed");
            let again = system.fail_job(&job, &error.to_string()).await?;
            system.commit().await?;
            if again.is_none() {
                gave_up(app, &job).await?;
            }
            return Ok(true);
        }
    }
    system.commit().await?;
    Ok(true)
}

async fn work(app: &Arc<App>, job: &ClaimedJob) -> Result<(), AppError> {
    let ctx = Ctx::new(Arc::clone(app), Actor::system(job.tenant, "worker"));
    match job.kind.as_str() {
        READ_IMPORT => match import::preview(&ctx, import_of(job)?).await {
            // Dropped or confirmed meanwhile: nothing left to do.
            Err(AppError::Conflict(_) | AppError::NotFound) => Ok(()),
            other => other,
        },
        MATCH => matching::rematch(&ctx).await.map(|_| ()),
        other => Err(AppError::internal(format!("unknown kind of job: {other}"))),
    }
}

async fn gave_up(app: &Arc<App>, job: &ClaimedJob) -> Result<(), AppError> {
    if job.kind != READ_IMPORT {
        return Ok(());
    }
    let ctx = Ctx::new(Arc::clone(app), Actor::system(job.tenant, "worker"));
    match import::fail(&ctx, import_of(job)?, &Msg::new("import-failed")).await {
        Err(AppError::Conflict(_) | AppError::NotFound) => Ok(()),
        other => other,
    }
}

fn import_of(job: &ClaimedJob) -> Result<ImportId, AppError> {
    serde_json::from_value(job.payload["import"].clone()).map_err(AppError::internal)
}
