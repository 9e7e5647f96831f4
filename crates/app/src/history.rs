//! The steps that changed the ledger, and taking one back.

use crate::edit::Done;
use crate::grid::Column;
use crate::step::{self, Basis, Moves};
use crate::{AppError, Ctx};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use tomomori_domain::Msg;
use tomomori_domain::access::permission::{ReadLedger, WriteLedger};
use tomomori_domain::check::Remedy;
use tomomori_domain::ids::{ChangeId, RecordId, ResourceId};
use tomomori_domain::record::{ChangeKind, ChangeStep, Record, Sameness};
use tomomori_ledger::diff::Change;
use tomomori_store::{AuditEvent, Page, PageRequest, ReadTx};

pub use tomomori_store::StepRow;

/// A page of steps, and how many there are.
#[derive(Clone, Debug)]
pub struct StepsPage {
    /// Steps, the newest first.
    pub page: Page<StepRow>,
    /// All steps.
    pub total: u64,
}

/// Steps that changed the ledger, the newest first.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::Invalid`] for a damaged page link.
pub async fn steps(ctx: &Ctx, page: &PageRequest) -> Result<StepsPage, AppError> {
    ctx.actor.require::<ReadLedger>()?;
    let tx = ctx.read().await?;
    Ok(StepsPage { page: tx.list_steps(page).await?, total: tx.count_steps().await? })
}

/// What a step states of one device.
#[derive(Clone, Debug)]
pub struct Stated {
    /// The device.
    pub resource: ResourceId,
    /// Its name; blank when the ledger does not hold it any more.
    pub name: String,
    /// Columns with their values; no value = not known.
    pub columns: Vec<(Column, Vec<String>)>,
}

/// A step that changed the ledger, with what it stated.
#[derive(Clone, Debug)]
pub struct StepView {
    /// The step.
    pub step: ChangeStep,
    /// Per device.
    pub devices: Vec<Stated>,
}

/// One step and what it stated.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::NotFound`].
pub async fn step(ctx: &Ctx, id: ChangeId) -> Result<StepView, AppError> {
    ctx.actor.require::<ReadLedger>()?;
    let tx = ctx.read().await?;
    let step = tx.step(id).await?;
    let (begun, _) = tx.records_of_step(id).await?;
    let names: HashMap<ResourceId, String> = tx.resources().await?.into_iter().map(|row| (row.id, row.name)).collect();
    let mut devices: BTreeMap<ResourceId, Vec<(Column, Vec<String>)>> = BTreeMap::new();
    for record in begun {
        let Some(home) = record.home else { continue };
        let mut by_column: BTreeMap<Column, Vec<String>> = BTreeMap::new();
        for value in record.values {
            let texts = by_column.entry(Column { field: value.field, label: value.label }).or_default();
            texts.extend((!value.text.is_empty()).then_some(value.text));
        }
        devices.entry(home).or_default().extend(by_column);
    }
    let named = |(id, columns)| Stated { resource: id, name: names.get(&id).cloned().unwrap_or_default(), columns };
    Ok(StepView { step, devices: devices.into_iter().map(named).collect() })
}

/// What taking a step back would do.
#[derive(Clone, Debug)]
pub struct Undoing {
    /// The step.
    pub step: StepRow,
    /// What would change; empty when it is refused.
    pub changes: Vec<Change>,
    /// Why it cannot be taken back.
    pub refused: Option<Msg>,
    /// Later steps to be taken back first, the newest first.
    pub later: Vec<ChangeStep>,
}

/// What [`undo`] would change, or why it would be refused; nothing is written.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::NotFound`].
pub async fn preview_undo(ctx: &Ctx, id: ChangeId) -> Result<Undoing, AppError> {
    ctx.actor.require::<WriteLedger>()?;
    let tx = ctx.read().await?;
    let plan = plan(&tx, id).await?;
    let step = tx.with_counts(vec![plan.step.clone()]).await?.pop().ok_or(AppError::NotFound)?;
    drop(tx);
    let refused = plan.refusal();
    let changes = match refused {
        Some(_) => Vec::new(),
        None => step::compute(ctx, plan.basis, ChangeId::generate(), plan.moves).await?.1.diff.changes,
    };
    Ok(Undoing { step, changes, refused, later: plan.later })
}

/// Takes a step back: what it began ends, what it ended begins again. History keeps both, and what was answered by it is
/// asked again.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Conflict`] when it was taken back before, or a later step went on from it: that one
/// must be taken back first.
pub async fn undo(ctx: &Ctx, id: ChangeId) -> Result<Done, AppError> {
    let grant = ctx.actor.require::<WriteLedger>()?;
    let mut tx = ctx.write().await?;
    let plan = plan(&tx, id).await?;
    if let Some(refused) = plan.refusal() {
        return Err(AppError::Conflict(refused));
    }
    let change = ChangeId::generate();
    let begin = plan.moves.begin.into_iter().map(|record| Record { since: change, listed: change, ..record });
    let moves = Moves { begin: begin.collect(), ..plan.moves };
    let (moves, computed) = step::compute(ctx, plan.basis, change, moves).await?;
    tx.reopen_checks(&grant, &plan.answers).await?;
    let step = step::step(ctx, change, ChangeKind::Undo, plan.step.title);
    let diff = step::write(&mut tx, &grant, &step, None, (moves, computed)).await?;
    tx.mark_undone(&grant, id, change).await?;
    let details = serde_json::json!({ "undone": id });
    tx.audit(AuditEvent::new("ledger.undo", format!("step:{change}")).details(details)).await?;
    tx.commit().await?;
    Ok(Done { step: change, changes: diff.changes })
}

/// A step, what takes it back, and what stands against that.
struct Plan {
    step: ChangeStep,
    basis: Basis,
    moves: Moves,
    later: Vec<ChangeStep>,
    /// Answers to checks that the step may have carried out.
    answers: Vec<Remedy>,
}

impl Plan {
    fn refusal(&self) -> Option<Msg> {
        // What an earlier version of the program kept is no step anybody took.
        if self.step.undone_by.is_some() || self.step.kind == ChangeKind::Upgrade {
            return Some(Msg::new("undo-done-before"));
        }
        (!self.later.is_empty()).then(|| Msg::new("undo-went-on"))
    }
}

async fn plan(tx: &ReadTx, id: ChangeId) -> Result<Plan, AppError> {
    let step = tx.step(id).await?;
    let (begun, ended) = tx.records_of_step(id).await?;
    let (decided, undecided) = tx.decisions_of_step(id).await?;
    let basis = Basis::load(tx).await?;
    let answers = decided.iter().flat_map(answers_of).chain(begun.iter().filter_map(written)).collect();
    let (goes, mut later) = standing(tx, begun).await?;
    let anew = tx.steps_that_decided_anew(id).await?;
    later.extend(anew.iter().filter(|step| step.undone_by.is_none()).map(|step| step.id));
    later.extend(stated_again(&basis, &goes, &ended));
    let later = tx.steps_named(&later.into_iter().collect::<Vec<_>>()).await?;
    let begin = ended.iter().map(|record| Record { id: RecordId::generate(), until: None, ..record.clone() }).collect();
    let end: Vec<RecordId> = goes.iter().map(|record| record.id).collect();
    let read_again = unread(&basis, &goes);
    let moves = Moves { begin, end, decide: undecided, undecide: decided, read_again, ..Moves::default() };
    Ok(Plan { step, basis, moves, later, answers })
}

/// What a step began as it stands now, and the steps that went on from it. What a later step ended and, taken back, began
/// again stands as before.
async fn standing(tx: &ReadTx, begun: Vec<Record>) -> Result<(Vec<Record>, BTreeSet<ChangeId>), AppError> {
    let (mut stands, mut later, mut open) = (Vec::new(), BTreeSet::new(), begun);
    while !open.is_empty() {
        let mut ended: BTreeMap<ChangeId, Vec<Record>> = BTreeMap::new();
        for record in open {
            match record.until {
                None => stands.push(record),
                Some(by) => ended.entry(by).or_default().push(record),
            }
        }
        open = Vec::new();
        for step in tx.steps_named(&ended.keys().copied().collect::<Vec<_>>()).await? {
            let records = ended.remove(&step.id).unwrap_or_default();
            let again = match step.undone_by {
                Some(undo) => tx.records_of_step(undo).await?.0,
                None => Vec::new(),
            };
            let mut again: HashMap<RecordId, Record> = again.into_iter().map(|new| (new.lineage, new)).collect();
            for record in records {
                match again.remove(&record.lineage) {
                    Some(new) => open.push(new),
                    None => drop(later.insert(step.id)),
                }
            }
        }
    }
    Ok((stands, later))
}

/// Steps by which rows that a step ended are stated again beside what goes now: they would stand there twice.
fn stated_again(basis: &Basis, goes: &[Record], ended: &[Record]) -> Vec<ChangeId> {
    let goes: HashSet<RecordId> = goes.iter().map(|record| record.id).collect();
    let now: HashMap<(&str, &str), ChangeId> = basis
        .records
        .iter()
        .filter(|record| !goes.contains(&record.id))
        .map(|record| ((record.source.as_str(), record.key.as_str()), record.since))
        .collect();
    ended.iter().filter_map(|record| now.get(&(record.source.as_str(), record.key.as_str())).copied()).collect()
}

/// Lists of which nothing stays: doubts about their cells go with them.
fn unread(basis: &Basis, begun: &[Record]) -> Vec<String> {
    let goes: HashSet<RecordId> = begun.iter().map(|record| record.id).collect();
    let stays: HashSet<&str> =
        basis.records.iter().filter(|record| !goes.contains(&record.id)).map(|record| record.source.as_str()).collect();
    let gone: BTreeSet<&str> =
        begun.iter().map(|record| record.source.as_str()).filter(|source| !stays.contains(source)).collect();
    gone.into_iter().map(str::to_owned).collect()
}

/// A decision as the answers that lead to it; a check names its rows in either order.
fn answers_of(decision: &Sameness) -> [Remedy; 2] {
    let answer = |one, other| match decision.same {
        true => Remedy::Join { one, other },
        false => Remedy::KeepApart { one, other },
    };
    [answer(decision.one, decision.other), answer(decision.other, decision.one)]
}

/// A value by hand as the answer that leads to it.
fn written(record: &Record) -> Option<Remedy> {
    let value = record.values.first().filter(|_| record.is_by_hand())?;
    Some(Remedy::Set { resource: record.home?, field: value.field, value: value.text.clone() })
}
