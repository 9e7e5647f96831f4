//! The steps of an import that touch the database.

use super::read::{self, Correction, Wanted};
use super::{Counts, Preview, Raised, Upload};
use crate::session::event;
use crate::step::{self, Basis, Computed, Moves};
use crate::{AppError, Ctx};
use std::collections::HashSet;
use std::sync::Arc;
use tomomori_domain::Msg;
use tomomori_domain::access::permission::RunImport;
use tomomori_domain::check::{Check, CheckKind};
use tomomori_domain::ids::{ChangeId, ImportId};
use tomomori_domain::import::{Mapping, Problem, Severity, Table, TableKind};
use tomomori_domain::record::ChangeKind;
use tomomori_domain::resource::Grade;
use tomomori_ledger::edits::{self, Editor};
use tomomori_ledger::intake;
use tomomori_store::{AuditEvent, FileInfo, Import, ImportState, JobState, NewJob, ReadTx, StoreError, TenantTx};

/// All files of one tenant together, in bytes.
const QUOTA: u64 = 2_000_000_000;
/// Files of one import together, in bytes.
pub const MAX_UPLOAD_BYTES: usize = 200_000_000;
/// Files of one import.
pub const MAX_FILES: usize = 50;
/// Changes kept for the preview page; the counts are always complete.
const MAX_SHOWN: usize = 2_000;
/// Things to check kept for the preview page.
const MAX_CHECKS: usize = 200;

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

/// What people corrected in the newest confirmed imports, newest first.
async fn earlier(tx: &ReadTx) -> Result<Vec<Correction>, AppError> {
    let imports = tx.imports(200).await?;
    Ok(imports.iter().filter(|import| import.state == ImportState::Confirmed).flat_map(corrections).collect())
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
    let basis = Basis::load(&tx).await?;
    let asked = open_checks(&tx).await?;
    drop(tx);
    let taken = taken(ctx, basis, tables).await?;
    let summary = serde_json::to_value(preview_of(files, &taken, &asked)).map_err(AppError::internal)?;
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
    let (basis, asked) = (Basis::load(&tx).await?, open_checks(&tx).await?);
    let names = tx.files_of(id).await?.into_iter().map(|file| file.name).collect::<Vec<_>>().join("、");
    let taken = taken(ctx, basis, tables).await?;
    let counts = counts_of(&taken, &asked);
    if counts.errors > 0 {
        return Err(AppError::Conflict(Msg::new("import-has-errors")));
    }
    let step = step::step(ctx, taken.change, ChangeKind::Import, names);
    step::write(&mut tx, &grant, &step, Some(id), (taken.moves, taken.computed)).await?;
    let details = serde_json::to_value(counts).map_err(AppError::internal)?;
    let subject = format!("import:{id}");
    tx.audit(AuditEvent { action: "import.confirm", subject, details, personal: Vec::new() }).await?;
    tx.commit().await?;
    Ok(counts)
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
    let wanted = Wanted { now: corrections(&tx.import(id).await?), earlier: earlier(&tx).await?, own: own(&tx).await? };
    let mut uploads = Vec::new();
    for info in tx.files_of(id).await? {
        let (info, bytes) = tx.file(info.id).await?;
        uploads.push(Upload { name: info.name, bytes });
    }
    drop(tx);
    let today = ctx.today();
    tokio::task::spawn_blocking(move || read::tables(&uploads, &wanted, today)).await.map_err(AppError::internal)
}

/// Names of the own columns in use.
async fn own(tx: &ReadTx) -> Result<Vec<String>, AppError> {
    let fields = tx.custom_fields().await?.into_iter().filter(|field| !field.retired);
    Ok(fields.map(|field| field.name).collect())
}

/// What the files would do.
struct Taken {
    change: ChangeId,
    moves: Moves,
    computed: Computed,
    problems: Vec<Problem>,
    /// Rows that say what is known already.
    left: u64,
}

/// Compares the tables with the ledger; the same for preview and confirm.
async fn taken(ctx: &Ctx, basis: Basis, tables: Vec<Table>) -> Result<Taken, AppError> {
    let (change, today, by) = (ChangeId::generate(), ctx.today(), ctx.actor.name.clone());
    let work = tokio::task::spawn_blocking(move || {
        let exported = edits::of_exported(tables, &basis.ledger);
        let intake = intake::intake(exported.rest, &basis.records, change, today);
        let editor = Editor { change, by: &by, grade: Grade::ConfirmedByHospital, today };
        let (by_hand, outdated) = edits::records(&exported.edits, &basis.records, &editor);
        let moves = Moves {
            begin: intake.begin.into_iter().chain(by_hand).collect(),
            end: intake.end.into_iter().chain(outdated).collect(),
            again: intake.again,
            cells: intake.checks,
            read_again: intake.sources,
            ..Moves::default()
        };
        let left = moves.again.len() as u64 + exported.unchanged;
        (basis, moves, intake.problems, left)
    });
    let (basis, moves, problems, left) = work.await.map_err(AppError::internal)?;
    let (moves, computed) = step::compute(ctx, basis, change, moves).await?;
    Ok(Taken { change, moves, computed, problems, left })
}

/// Keys of the checks that are known, answered ones included.
async fn open_checks(tx: &ReadTx) -> Result<HashSet<String>, AppError> {
    Ok(tx.check_keys().await?.into_iter().collect())
}

fn raised<'a>(taken: &'a Taken, asked: &'a HashSet<String>) -> impl Iterator<Item = &'a Check> {
    let cells = taken.moves.cells.iter().map(|(_, check)| check);
    taken.computed.projected.checks.iter().chain(cells).filter(|check| !asked.contains(&check.key))
}

fn counts_of(taken: &Taken, asked: &HashSet<String>) -> Counts {
    use super::Action;
    let mut counts = Counts { left: taken.left, ..Counts::default() };
    for change in &taken.computed.diff.changes {
        match (change.table, change.action) {
            (TableKind::Resources, Action::Create) => counts.created += 1,
            (TableKind::Resources, Action::Change) => counts.changed += 1,
            (TableKind::Resources, Action::Remove) => counts.removed += 1,
            _ => counts.others += 1,
        }
    }
    for check in raised(taken, asked) {
        counts.checks += 1;
        counts.doubts += u64::from(check.kind == CheckKind::SameBox);
    }
    counts.errors = taken.problems.iter().filter(|problem| problem.severity == Severity::Error).count() as u64;
    counts.warnings = taken.problems.len() as u64 - counts.errors;
    counts
}

fn preview_of(files: Vec<super::FilePreview>, taken: &Taken, asked: &HashSet<String>) -> Preview {
    let mut checks: Vec<&Check> = raised(taken, asked).collect();
    checks.sort_by_key(|check| check.kind);
    let checks = checks.into_iter().take(MAX_CHECKS);
    let told = |check: &Check| Raised { kind: check.kind, msg: check.msg.clone(), place: check.place.clone() };
    Preview {
        files,
        counts: counts_of(taken, asked),
        changes: taken.computed.diff.changes.iter().take(MAX_SHOWN).cloned().collect(),
        checks: checks.map(told).collect(),
        problems: taken.problems.clone(),
    }
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
    let tx = ctx.read().await?;
    let wanted = Wanted { now: Vec::new(), earlier: earlier(&tx).await?, own: own(&tx).await? };
    let today = ctx.today();
    let reading = tokio::task::spawn_blocking(move || read::tables(&files, &wanted, today));
    let (previews, tables) = reading.await.map_err(AppError::internal)?;
    let (basis, asked) = (Basis::load(&tx).await?, open_checks(&tx).await?);
    drop(tx);
    let taken = taken(ctx, basis, tables).await?;
    Ok(preview_of(previews, &taken, &asked))
}
