//! Things to check (要確認): list, who looks after them, and answers. Answers that change the ledger are one step, so that
//! they can be taken back ([`crate::edit::undo`]); then the question is asked again.

use crate::step::{self, Basis, Moves};
use crate::{AppError, Ctx};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use tomomori_domain::Msg;
use tomomori_domain::access::permission::{ReadLedger, WriteLedger};
use tomomori_domain::check::{CheckKind, Remedy};
use tomomori_domain::ids::{ChangeId, ResourceId};
use tomomori_domain::import::Place;
use tomomori_domain::record::{ChangeKind, Sameness};
use tomomori_domain::resource::Grade;
use tomomori_ledger::edits::{self, Edit, Editor};
use tomomori_store::AuditEvent;

pub use tomomori_store::{CheckFilter, CheckRow, CheckState, Page, PageRequest};

/// Checks answered at once: as many as a person can look over before pressing the button.
pub const MAX_AT_ONCE: usize = 200;

/// Characters of a name of who looks after a check.
const MAX_OWNER: usize = 100;

/// One page of checks with the numbers for its chips.
#[derive(Clone, Debug)]
pub struct ChecksPage {
    /// Rows, the weightiest kind first.
    pub page: Page<CheckRow>,
    /// How many of each kind are in the state the filter asks for.
    pub by_kind: BTreeMap<CheckKind, u64>,
    /// How many are open.
    pub open: u64,
    /// How many were answered.
    pub answered: u64,
    /// Names of the devices the rows are about, as far as they are in the ledger still.
    pub names: BTreeMap<ResourceId, String>,
}

/// What an answer did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The step that changed the ledger; `None` = everything was right as it is.
    pub step: Option<ChangeId>,
    /// Checks answered.
    pub checks: usize,
}

/// One page of checks.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::Invalid`] for a damaged page link.
pub async fn list(ctx: &Ctx, filter: &CheckFilter, page: &PageRequest) -> Result<ChecksPage, AppError> {
    ctx.actor.require::<ReadLedger>()?;
    let tx = ctx.read().await?;
    let found = tx.list_checks(filter, page).await?;
    let about: BTreeSet<ResourceId> = found.rows.iter().filter_map(|row| row.check.resource).collect();
    let all = |answered| CheckFilter { kind: None, answered, resource: filter.resource };
    Ok(ChecksPage {
        names: tx.resource_names(&about.into_iter().collect::<Vec<_>>()).await?,
        page: found,
        by_kind: tx.count_checks(filter).await?,
        open: tx.count_checks_matching(&all(false)).await?,
        answered: tx.count_checks_matching(&all(true)).await?,
    })
}

/// How many checks are open.
///
/// # Errors
/// [`AppError::Denied`].
pub async fn open_count(ctx: &Ctx) -> Result<u64, AppError> {
    ctx.actor.require::<ReadLedger>()?;
    Ok(ctx.read().await?.count_checks_matching(&CheckFilter::default()).await?)
}

/// Says who looks after a check and until when.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Invalid`] for an overlong name.
pub async fn assign(ctx: &Ctx, id: &str, owner: Option<&str>, due: Option<Date>) -> Result<(), AppError> {
    let grant = ctx.actor.require::<WriteLedger>()?;
    let owner = owner.map(str::trim).filter(|owner| !owner.is_empty());
    let mut tx = ctx.write().await?;
    // An id that does not exist says so before anything is said about the name.
    tx.check_named(id).await?;
    if owner.is_some_and(|owner| owner.chars().count() > MAX_OWNER || owner.contains('\0')) {
        return Err(AppError::Invalid(Msg::new("check-owner-too-long").arg("limit", MAX_OWNER)));
    }
    tx.assign_check(&grant, id, owner, due).await?;
    let details = serde_json::json!({ "due": due.map(|day| day.to_string()) });
    tx.audit(AuditEvent::new("check.assign", format!("check:{id}")).details(details)).await?;
    Ok(tx.commit().await?)
}

/// Answers a check with one of the answers it offers. One that was answered before gets the new answer.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Invalid`] for an answer it does not offer; [`AppError::Conflict`] when the device
/// it is about has left the ledger.
pub async fn answer(ctx: &Ctx, id: &str, answer: usize) -> Result<Answered, AppError> {
    ctx.actor.require::<WriteLedger>()?;
    let row = ctx.read().await?.check_named(id).await?;
    let remedy = row.check.answers.get(answer).cloned();
    give(ctx, vec![(row, remedy.ok_or_else(|| AppError::Invalid(Msg::new("check-no-such-answer")))?)]).await
}

/// Open checks of a kind, at most [`MAX_AT_ONCE`]: what [`answer_recommended`] can answer at once.
///
/// # Errors
/// [`AppError::Denied`].
pub async fn recommended(ctx: &Ctx, kind: CheckKind) -> Result<ChecksPage, AppError> {
    ctx.actor.require::<WriteLedger>()?;
    let filter = CheckFilter { kind: Some(kind), ..CheckFilter::default() };
    list(ctx, &filter, &PageRequest { after: None, limit: u32::try_from(MAX_AT_ONCE).unwrap_or(u32::MAX) }).await
}

/// Answers these open checks of a kind, each with its recommended answer; all of it is one step.
///
/// # Errors
/// [`AppError::Conflict`] when one of them is not open any more, so that nothing is done that was not shown;
/// [`AppError::Invalid`] for none or more than [`MAX_AT_ONCE`], and for gaps, which are looked at one by one.
pub async fn answer_recommended(ctx: &Ctx, kind: CheckKind, ids: &[String]) -> Result<Answered, AppError> {
    ctx.actor.require::<WriteLedger>()?;
    if kind.is_gap() {
        return Err(AppError::Invalid(Msg::new("check-one-by-one")));
    }
    if ids.is_empty() || ids.len() > MAX_AT_ONCE {
        return Err(AppError::Invalid(Msg::new("check-too-many").arg("limit", MAX_AT_ONCE)));
    }
    let tx = ctx.read().await?;
    let mut answers = Vec::new();
    for id in ids.iter().collect::<BTreeSet<_>>() {
        let row = match tx.check_named(id).await {
            Ok(row) if row.state == CheckState::Open && row.check.kind == kind => row,
            Ok(_) | Err(tomomori_store::StoreError::NotFound(_)) => {
                return Err(AppError::Conflict(Msg::new("check-list-changed")));
            }
            Err(error) => return Err(error.into()),
        };
        let best = row.check.answers.first().cloned().unwrap_or(Remedy::Leave);
        answers.push((row, best));
    }
    drop(tx);
    give(ctx, answers).await
}

/// Notes the answers and does what they say: one transaction, at most one step.
async fn give(ctx: &Ctx, answers: Vec<(CheckRow, Remedy)>) -> Result<Answered, AppError> {
    let grant = ctx.actor.require::<WriteLedger>()?;
    let mut tx = ctx.write().await?;
    for (row, remedy) in &answers {
        tx.answer_check(&grant, &row.id, remedy).await?;
        let details = serde_json::json!({ "kind": row.check.kind.key(), "answer": remedy });
        tx.audit(AuditEvent::new("check.answer", format!("check:{}", row.id)).details(details)).await?;
    }
    let mut done = Answered { step: None, checks: answers.len() };
    if answers.iter().any(|(_, remedy)| *remedy != Remedy::Leave) {
        let basis = Basis::load(&tx).await?;
        let change = ChangeId::generate();
        let moves = moves(ctx, &basis, change, answers.iter().map(|(_, remedy)| remedy))?;
        let (moves, computed) = step::compute(ctx, basis, change, moves).await?;
        let first = computed.diff.changes.first().map(|change| change.name.clone()).unwrap_or_default();
        let title = if answers.len() > 1 { format!("{first} +{}", answers.len() - 1) } else { first };
        let step = step::step(ctx, change, ChangeKind::Decision, title);
        let diff = step::write(&mut tx, &grant, &step, None, (moves, computed)).await?;
        let details = serde_json::json!({ "kind": ChangeKind::Decision.key(), "rows": diff.changes.len() });
        tx.audit(AuditEvent::new("ledger.edit", format!("step:{change}")).details(details)).await?;
        done.step = Some(change);
    }
    tx.commit().await?;
    Ok(done)
}

fn moves<'a>(
    ctx: &Ctx,
    basis: &Basis,
    change: ChangeId,
    answers: impl Iterator<Item = &'a Remedy>,
) -> Result<Moves, AppError> {
    let known: HashSet<ResourceId> = basis.ledger.resources.iter().map(|row| row.id).collect();
    let (mut edits, mut decide) = (Vec::new(), Vec::new());
    for remedy in answers {
        match *remedy {
            Remedy::Leave => {}
            Remedy::Join { one, other } => decide.push(Sameness { one, other, same: true }),
            Remedy::KeepApart { one, other } => decide.push(Sameness { one, other, same: false }),
            Remedy::Set { resource, field, ref value } => {
                if !known.contains(&resource) {
                    return Err(AppError::Conflict(Msg::new("check-device-gone")));
                }
                edits.push(Edit { resource, field, label: None, values: vec![value.clone()], place: Place::default() });
            }
        }
    }
    let editor = Editor { change, by: &ctx.actor.name, grade: Grade::ConfirmedByHospital, today: ctx.today() };
    let (begin, end) = edits::records(&edits, &basis.records, &editor);
    Ok(Moves { begin, end, decide, ..Moves::default() })
}
