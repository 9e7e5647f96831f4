//! The audit chain: checkpoints and verification.

use crate::{App, AppError, Ctx};
use std::path::Path;
use std::sync::Arc;
use tomomori_catalogue::{generate_key_file, read_signing_key};
use tomomori_domain::access::Actor;
use tomomori_domain::access::permission::ReadAudit;

pub use tomomori_store::{AuditProblem, Checkpoint, VerifyReport};

/// Name of the installation's signing key inside the data folder.
const KEY_FILE: &str = "installation.key";

/// Verifies the tenant's chain; with an anchor (a checkpoint kept elsewhere) a cut tail shows as well.
///
/// # Errors
/// [`AppError::Denied`]; a damaged chain is the report's content, not an error.
pub async fn verify(ctx: &Ctx, anchor: Option<&Checkpoint>) -> Result<VerifyReport, AppError> {
    ctx.actor.require::<ReadAudit>()?;
    let key = installation_key(&ctx.app.data)?.verifying_key();
    Ok(ctx.read().await?.verify_audit(&key, anchor).await?)
}

/// Signs where every tenant's chain stands now, and returns the checkpoints to be kept outside the database.
///
/// # Errors
/// When the key cannot be read or made.
pub async fn checkpoint_all(app: &Arc<App>) -> Result<Vec<Checkpoint>, AppError> {
    let key = installation_key(&app.data)?;
    let mut checkpoints = Vec::new();
    for tenant in app.db.system_read("checkpoint").await?.tenants().await? {
        let mut tx = app.db.tenant(&Actor::system(tenant.id, "checkpoint")).await?;
        checkpoints.push(tx.checkpoint(&key).await?);
        tx.commit().await?;
    }
    Ok(checkpoints)
}

/// Once a day (UTC) writes the checkpoints of all chains to `<data>/checkpoints/<day>.json`: outside the database, so that
/// a cut tail shows, and in the form `audit verify --anchor` reads. Copy the folder to where nobody can rewrite it.
///
/// # Errors
/// When the folder cannot be written, or those of [`checkpoint_all`].
pub async fn checkpoint_daily(app: &Arc<App>) -> Result<(), AppError> {
    let folder = app.data.join("checkpoints");
    let file = folder.join(format!("{}.json", jiff::tz::TimeZone::UTC.to_datetime((app.clock)()).date()));
    if file.exists() {
        return Ok(());
    }
    let checkpoints = checkpoint_all(app).await?;
    let json = serde_json::to_vec_pretty(&checkpoints).map_err(AppError::internal)?;
    std::fs::create_dir_all(&folder).map_err(AppError::internal)?;
    // Under its own name only when whole: a half-written anchor would be taken for none.
    let half = file.with_extension("part");
    std::fs::write(&half, json).map_err(AppError::internal)?;
    std::fs::rename(&half, &file).map_err(AppError::internal)
}

/// The installation's signing key, made on first use (mode 0600 where the system knows modes).
fn installation_key(data: &Path) -> Result<ed25519_dalek::SigningKey, AppError> {
    let path = data.join(KEY_FILE);
    if path.exists() { read_signing_key(&path) } else { generate_key_file(&path) }.map_err(AppError::internal)
}
