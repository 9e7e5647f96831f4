//! The steps of an import that touch the database.

use super::plan::{self, Plan};
use super::read::{self, Correction};
use super::{Counts, Preview, Upload};
use crate::session::event;
use crate::{AppError, Ctx, matching, names::CatalogueNames};
use std::sync::Arc;
use tomomori_domain::Msg;
use tomomori_domain::access::permission::RunImport;
use tomomori_domain::ids::ImportId;
use tomomori_domain::import::{Mapping, Table};
use tomomori_store::{AuditEvent, Fact, FileInfo, Import, ImportState, JobState, NewJob, ReadTx, StoreError, TenantTx};

/// All files of one tenant together, in bytes.
const QUOTA: u64 = 2_000_000_000;
/// Files of one import together, in bytes.
pub const MAX_UPLOAD_BYTES: usize = 200_000_000;
/// Files of one import.
pub const MAX_FILES: usize = 50;
/// Changes kept for the preview page; the counts are always complete.
const MAX_SHOWN: usize = 2_000;

/// An import with everything a page shows of it.
#[derive(Clone, Debug)]
pub struct ImportView {
    /// State, progress, who and when.
    pub import: Import,
    /// The uploaded files.
    pub files: Vec<FileInfo>,
    /// What would change, or did; `None` while it is being read.
    pub preview: Option<Preview>,
    /// Why it failed.
    pub failure: Option<Msg>,
}

/// Takes files in; reading and comparing go on in the background.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::Invalid`] without files, with too many, or over the quota.
pub async fn upload(ctx: &Ctx, files: Vec<Upload>) -> Result<ImportId, AppError> {
    let grant = ctx.actor.require::<RunImport>()?;
    if files.is_empty() {
        return Err(AppError::Invalid(Msg::new("import-no-file")));
    }
    let bytes: usize = files.iter().map(|file| file.bytes.len()).sum();
    if files.len() > MAX_FILES || bytes > MAX_UPLOAD_BYTES {
        let megabytes = MAX_UPLOAD_BYTES / 1_000_000;
        return Err(AppError::Invalid(Msg::new("import-too-much").arg("files", MAX_FILES).arg("megabytes", megabytes)));
    }
    let mut tx = ctx.write().await?;
    let id = tx.create_import(&grant).await?;
    for file in files {
        tx.add_file(&grant, id, base_name(&file.name), file.bytes, QUOTA).await?;
    }
    read_later(&mut tx, &grant, id).await?;
    tx.audit(event("import.upload", &format!("import:{id}"))).await?;
    tx.commit().await?;
    Ok(id)
}

async fn read_later(
    tx: &mut TenantTx,
    grant: &tomomori_domain::access::Granted<RunImport>,
    id: ImportId,
) -> Result<(), AppError> {
    let payload = serde_json::json!({ "import": id });
    let job = tx.enqueue(grant, &NewJob { kind: crate::worker::READ_IMPORT, payload, max_attempts: 3 }).await?;
    Ok(tx.set_import_job(grant, id, job).await?)
}

/// The newest imports of the tenant.
///
/// # Errors
/// [`AppError::Denied`].
pub async fn list(ctx: &Ctx) -> Result<Vec<ImportView>, AppError> {
    ctx.actor.require::<RunImport>()?;
    let tx = ctx.read().await?;
    let mut views = Vec::new();
    for import in tx.imports(50).await? {
        views.push(shown(&tx, import).await?);
    }
    Ok(views)
}

/// One import.
///
/// # Errors
/// [`AppError::NotFound`] if this tenant has no such import.
pub async fn view(ctx: &Ctx, id: ImportId) -> Result<ImportView, AppError> {
    ctx.actor.require::<RunImport>()?;
    let tx = ctx.read().await?;
    let import = tx.import(id).await?;
    shown(&tx, import).await
}

async fn shown(tx: &ReadTx, mut import: Import) -> Result<ImportView, AppError> {
    let files = tx.files_of(import.id).await?;
    // A worker that died at its last try could not mark the import itself; without this it would stay "reading".
    let abandoned = match import.job {
        Some(job) if import.state == ImportState::Uploaded => tx.job(job).await?.state == JobState::Dead,
        _ => false,
    };
    if abandoned {
        import.state = ImportState::Failed;
        return Ok(ImportView { import, files, preview: None, failure: Some(Msg::new("import-failed")) });
    }
    let failed = import.state == ImportState::Failed;
    let preview = serde_json::from_value(import.summary.clone()).ok().filter(|_| !failed);
    let failure = serde_json::from_value(import.summary.clone()).ok().filter(|_| failed);
    Ok(ImportView { import, files, preview, failure })
}

/// Corrects how the columns of one sheet are understood; the preview is made again.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Conflict`] once it is confirmed or dropped.
pub async fn remap(ctx: &Ctx, id: ImportId, file: &str, mapping: Mapping) -> Result<(), AppError> {
    let grant = ctx.actor.require::<RunImport>()?;
    let mut tx = ctx.write().await?;
    let import = tx.import(id).await?;
    let mut corrections = corrections(&import);
    corrections.retain(|old| old.file != file || old.mapping.sheet != mapping.sheet);
    corrections.push(Correction { file: file.to_owned(), mapping });
    let json = serde_json::to_value(&corrections).map_err(AppError::internal)?;
    tx.set_import_mapping(&grant, id, &json).await?;
    read_later(&mut tx, &grant, id).await?;
    Ok(tx.commit().await?)
}

fn corrections(import: &Import) -> Vec<Correction> {
    serde_json::from_value(import.mapping.clone()).unwrap_or_default()
}

/// Reads the files and compares them with the ledger; the worker calls this.
///
/// # Errors
/// [`AppError::NotFound`]; internal ones. What is wrong with a file is part of the preview, not an error.
pub async fn preview(ctx: &Ctx, id: ImportId) -> Result<(), AppError> {
    let grant = ctx.actor.require::<RunImport>()?;
    let mapping = ctx.read().await?.import(id).await?.mapping;
    let (files, tables) = tables(ctx, id).await?;
    progress(ctx, id, 60).await?;
    let tx = ctx.read().await?;
    let revision = tx.ledger_revision().await?;
    let (ledger, facts) = (tx.ledger().await?, tx.facts().await?);
    drop(tx);
    let plan = planned(ctx, ledger, facts, tables).await?;
    let summary = serde_json::to_value(preview_of(files, &plan)).map_err(AppError::internal)?;
    let mut tx = ctx.write().await?;
    // A person corrected a column meanwhile: the job behind that correction makes the preview that counts.
    if tx.import(id).await?.mapping != mapping {
        return Ok(());
    }
    tx.set_import_preview(&grant, id, revision, &summary).await?;
    Ok(tx.commit().await?)
}

async fn progress(ctx: &Ctx, id: ImportId, percent: u8) -> Result<(), AppError> {
    let grant = ctx.actor.require::<RunImport>()?;
    let mut tx = ctx.write().await?;
    tx.set_import_progress(&grant, id, percent).await?;
    Ok(tx.commit().await?)
}

/// Marks an import as failed, so that its page says so.
///
/// # Errors
/// Internal ones.
pub async fn fail(ctx: &Ctx, id: ImportId, why: &Msg) -> Result<(), AppError> {
    let grant = ctx.actor.require::<RunImport>()?;
    let mut tx = ctx.write().await?;
    let summary = serde_json::to_value(why).map_err(AppError::internal)?;
    tx.fail_import(&grant, id, &summary).await?;
    Ok(tx.commit().await?)
}

/// Writes the import to the ledger: everything or nothing.
///
/// # Errors
/// [`AppError::Conflict`] when it is not previewed, has errors, or the ledger changed since: then the preview is being
/// made again and must be looked at again.
pub async fn confirm(ctx: &Ctx, id: ImportId) -> Result<Counts, AppError> {
    let grant = ctx.actor.require::<RunImport>()?;
    // Reading files again takes time; it is done before the ledger is locked.
    let (_, tables) = tables(ctx, id).await?;
    let mut tx = ctx.write().await?;
    let summary = tx.import(id).await?.summary;
    match tx.confirm_import(&grant, id, &summary).await {
        Err(StoreError::Stale(_)) => {
            drop(tx);
            let mut tx = ctx.write().await?;
            read_later(&mut tx, &grant, id).await?;
            tx.commit().await?;
            return Err(AppError::Conflict(Msg::new("import-ledger-changed")));
        }
        other => other?,
    }
    let (ledger, facts) = (tx.ledger().await?, tx.facts().await?);
    let plan = planned(ctx, ledger, facts, tables).await?;
    if plan.counts.errors > 0 {
        return Err(AppError::Conflict(Msg::new("import-has-errors")));
    }
    let counts = plan.counts;
    write(ctx, &mut tx, &grant, id, plan).await?;
    matching::later(&mut tx, &grant).await?;
    let details = serde_json::to_value(counts).map_err(AppError::internal)?;
    let subject = format!("import:{id}");
    tx.audit(AuditEvent { action: "import.confirm", subject, details, personal: Vec::new() }).await?;
    tx.commit().await?;
    Ok(counts)
}

async fn write(
    ctx: &Ctx,
    tx: &mut TenantTx,
    grant: &tomomori_domain::access::Granted<RunImport>,
    import: ImportId,
    plan: Plan,
) -> Result<(), AppError> {
    tx.put_zones(grant, &plan.zones).await?;
    tx.put_vendors(grant, &plan.vendors).await?;
    tx.put_contracts(grant, &plan.contracts).await?;
    tx.put_resources(grant, &plan.resources).await?;
    tx.put_components(grant, &plan.components).await?;
    tx.put_lines(grant, &plan.lines).await?;
    tx.put_services(grant, &plan.services).await?;
    let seen = ctx.today();
    let facts: Vec<Fact> = plan
        .facts
        .into_iter()
        .map(|fact| Fact {
            id: tomomori_domain::ids::FactId::generate(),
            resource: fact.resource,
            component: fact.component,
            field: fact.field,
            value: fact.value,
            grade: fact.grade,
            place: fact.place,
            seen,
            import: Some(import),
        })
        .collect();
    Ok(tx.add_facts(grant, &facts).await?)
}

/// Gives an import up; its files are deleted.
///
/// # Errors
/// [`AppError::Conflict`] once it is confirmed.
pub async fn drop_import(ctx: &Ctx, id: ImportId) -> Result<(), AppError> {
    let grant = ctx.actor.require::<RunImport>()?;
    let mut tx = ctx.write().await?;
    tx.drop_import(&grant, id).await?;
    tx.audit(event("import.drop", &format!("import:{id}"))).await?;
    Ok(tx.commit().await?)
}

async fn tables(ctx: &Ctx, id: ImportId) -> Result<(Vec<super::FilePreview>, Vec<Table>), AppError> {
    let tx = ctx.read().await?;
    let corrections = corrections(&tx.import(id).await?);
    let mut uploads = Vec::new();
    for info in tx.files_of(id).await? {
        let (info, bytes) = tx.file(info.id).await?;
        uploads.push(Upload { name: info.name, bytes });
    }
    drop(tx);
    tokio::task::spawn_blocking(move || read::tables(&uploads, &corrections)).await.map_err(AppError::internal)
}

async fn planned(
    ctx: &Ctx,
    ledger: tomomori_store::Ledger,
    facts: Vec<Fact>,
    tables: Vec<Table>,
) -> Result<Plan, AppError> {
    let names = CatalogueNames::new(ctx.catalogue());
    tokio::task::spawn_blocking(move || plan::make(ledger, &facts, &tables, &names)).await.map_err(AppError::internal)
}

fn preview_of(files: Vec<super::FilePreview>, plan: &Plan) -> Preview {
    use super::Action;
    let mut changes: Vec<_> = plan.changes.iter().filter(|change| change.action != Action::Leave).cloned().collect();
    changes.sort_by_key(|change| match change.action {
        Action::Doubt => 0,
        Action::Change => 1,
        Action::Create => 2,
        Action::Leave => 3,
    });
    changes.truncate(MAX_SHOWN);
    Preview { files, counts: plan.counts, changes, problems: plan.problems.clone() }
}

/// Browsers on Windows may send whole paths.
fn base_name(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

/// Shared with the command line, which previews without a database row.
///
/// # Errors
/// Internal ones.
pub async fn preview_files(ctx: &Ctx, files: Vec<Upload>) -> Result<Preview, AppError> {
    ctx.actor.require::<RunImport>()?;
    let files: Arc<[Upload]> = files.into();
    let (previews, tables) =
        tokio::task::spawn_blocking(move || read::tables(&files, &[])).await.map_err(AppError::internal)?;
    let tx = ctx.read().await?;
    let (ledger, facts) = (tx.ledger().await?, tx.facts().await?);
    drop(tx);
    let plan = planned(ctx, ledger, facts, tables).await?;
    Ok(preview_of(previews, &plan))
}
