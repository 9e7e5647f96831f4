//! Changing the ledger by hand: fields of devices, new devices, one box or two, and taking a step back ([`undo`]).
//! Each is one step ([`crate::step`]).

use crate::step::{self, Basis, Moves};
use crate::{AppError, Ctx};
use std::collections::HashSet;
use tomomori_domain::Msg;
use tomomori_domain::access::Granted;
use tomomori_domain::access::permission::WriteLedger;
use tomomori_domain::ids::{ChangeId, RecordId, ResourceId};
use tomomori_domain::import::{Field, TableKind};
use tomomori_domain::record::{ChangeKind, Record, Sameness};
use tomomori_domain::resource::Grade;
use tomomori_ledger::diff::Change;
use tomomori_ledger::edits::{self, Editor, LineEdit};
use tomomori_ledger::words::DEVICE_FIELDS;
use tomomori_store::{AuditEvent, ReadTx, TenantTx};

pub use crate::history::{Stated, StepRow, StepView, StepsPage, Undoing, preview_undo, step, steps, undo};
pub use tomomori_ledger::edits::Edit;

/// Cells of one edit: a paste of 100 rows and 50 columns fits.
pub const MAX_EDITS: usize = 5_000;

/// What a step changed.
#[derive(Clone, Debug)]
pub struct Done {
    /// The step, by which it can be taken back.
    pub step: ChangeId,
    /// What differs in the ledger now.
    pub changes: Vec<Change>,
}

/// Writes fields of devices by hand. A device whose id the ledger does not know is a new one; it needs a name.
/// Values are as the field is stored: keys of fixed words, ISO dates, `true` and `false`.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::Invalid`] for a value the field cannot hold, a new device without name, or too many
/// cells; nothing is written then.
pub async fn edit(ctx: &Ctx, edits: Vec<Edit>) -> Result<Done, AppError> {
    ctx.actor.require::<WriteLedger>()?;
    write(ctx, edits, ChangeKind::Edit, Grade::ConfirmedByHospital).await
}

/// As [`edit`], for other kinds of steps that come down to fields (a vendor's word).
pub(crate) async fn write(ctx: &Ctx, edits: Vec<Edit>, kind: ChangeKind, grade: Grade) -> Result<Done, AppError> {
    ctx.actor.require::<WriteLedger>()?;
    if edits.len() > MAX_EDITS {
        return Err(AppError::Invalid(Msg::new("edit-too-many").arg("limit", MAX_EDITS)));
    }
    let mut tx = ctx.write().await?;
    let done = write_in(ctx, &mut tx, &[(grade, edits)], kind, None).await?;
    tx.commit().await?;
    Ok(done)
}

/// As [`write`], as a part of the caller's transaction (closing a round of stocktaking), with edits of several grades
/// in one step and a title of its own.
pub(crate) async fn write_in(
    ctx: &Ctx,
    tx: &mut TenantTx,
    graded: &[(Grade, Vec<Edit>)],
    kind: ChangeKind,
    titled: Option<String>,
) -> Result<Done, AppError> {
    let said = Said { graded, lines: &[], by: &ctx.actor.name };
    write_said(ctx, tx, &said, kind, titled).await
}

/// Edits of one step, and whose word they are.
pub(crate) struct Said<'a> {
    /// Fields of devices, by how good the word is.
    pub(crate) graded: &'a [(Grade, Vec<Edit>)],
    /// Lines, as a vendor's word.
    pub(crate) lines: &'a [LineEdit],
    /// Whose.
    pub(crate) by: &'a str,
}

/// As [`write_in`], for the word of somebody else than the actor, lines included.
pub(crate) async fn write_said(
    ctx: &Ctx,
    tx: &mut TenantTx,
    said: &Said<'_>,
    kind: ChangeKind,
    titled: Option<String>,
) -> Result<Done, AppError> {
    let Said { graded, lines, by } = *said;
    let grant = ctx.actor.require::<WriteLedger>()?;
    let edits: Vec<Edit> = graded.iter().flat_map(|(_, edits)| edits.iter().cloned()).collect();
    edits.iter().try_for_each(valid)?;
    let basis = Basis::load(tx).await?;
    let known: HashSet<ResourceId> = basis.ledger.resources.iter().map(|row| row.id).collect();
    let named: HashSet<ResourceId> =
        edits.iter().filter(|edit| edit.field == Field::Name && !edit.values.is_empty()).map(|e| e.resource).collect();
    if edits.iter().any(|edit| !known.contains(&edit.resource) && !named.contains(&edit.resource)) {
        return Err(AppError::Invalid(Msg::new("edit-new-without-name")));
    }
    let title = titled.unwrap_or_else(|| title(&basis, &edits));
    let change = ChangeId::generate();
    let mut moves = Moves::default();
    let vendor = Editor { change, by, grade: Grade::ConfirmedByVendor, today: ctx.today() };
    let (begin, end) = edits::line_records(lines, &basis.ledger, &basis.records, &vendor);
    moves.begin.extend(begin);
    moves.end.extend(end);
    for (grade, edits) in graded {
        let editor = Editor { grade: *grade, ..vendor.clone() };
        let (begin, end) = edits::records(edits, &basis.records, &editor);
        moves.begin.extend(begin);
        moves.end.extend(end);
    }
    let (moves, computed) = step::compute(ctx, basis, change, moves).await?;
    let step = step::step(ctx, change, kind, title);
    let diff = step::write(tx, &grant, &step, None, (moves, computed)).await?;
    let details = serde_json::json!({ "kind": kind.key(), "cells": edits.len(), "devices": named_in(&edits), "lines": lines.len() });
    tx.audit(AuditEvent::new("ledger.edit", format!("step:{change}")).details(details)).await?;
    Ok(Done { step: change, changes: diff.changes })
}

fn named_in(edits: &[Edit]) -> usize {
    edits.iter().map(|edit| edit.resource).collect::<HashSet<_>>().len()
}

/// What the step is called in the history: the device, or how many there are.
fn title(basis: &Basis, edits: &[Edit]) -> String {
    let name = |id: ResourceId| basis.ledger.resources.iter().find(|row| row.id == id).map(|row| row.name.clone());
    let new = || edits.iter().find(|edit| edit.field == Field::Name).and_then(|edit| edit.values.first()).cloned();
    let first = edits.first().and_then(|edit| name(edit.resource)).or_else(new).unwrap_or_default();
    match named_in(edits) {
        0 | 1 => first,
        more => format!("{first} +{}", more - 1),
    }
}

/// Whether a field can hold the values.
pub(crate) fn valid(edit: &Edit) -> Result<(), AppError> {
    use tomomori_domain::resource::{Criticality, PurchaseForm, ResourceKind, ResourceState};
    let known = match edit.field {
        Field::Custom => edit.label.as_ref().is_some_and(|label| !label.is_empty()),
        field => DEVICE_FIELDS.contains(&field),
    };
    let fits = |text: &String| match edit.field {
        Field::Kind => ResourceKind::from_key(text).is_some(),
        Field::State => ResourceState::from_key(text).is_some(),
        Field::Criticality => Criticality::from_key(text).is_some(),
        Field::Purchase => PurchaseForm::from_key(text).is_some(),
        Field::StartsOn | Field::EndsOn | Field::EndOfLife | Field::StocktakenOn => {
            text.parse::<jiff::civil::Date>().is_ok()
        }
        Field::RemoteMaintenance | Field::Medical => text == "true" || text == "false",
        Field::Address => text.parse::<std::net::IpAddr>().is_ok(),
        _ => !text.is_empty() && text.chars().count() <= 2_000 && !text.contains('\0'),
    };
    let one = matches!(edit.field, Field::Address | Field::Mac | Field::Kb | Field::Software) || edit.values.len() <= 1;
    match edit.values.iter().find(|text| !fits(text)) {
        None if known && one => Ok(()),
        bad => {
            let value = bad.or(edit.values.first()).cloned().unwrap_or_default();
            Err(AppError::Invalid(Msg::new("edit-bad-value").arg("field", edit.field.key()).arg("value", value)))
        }
    }
}

/// Makes two devices one: all their rows tell of one box from now on. The older of the two ids stays.
///
/// # Errors
/// [`AppError::NotFound`] for a device no row tells of; [`AppError::Invalid`] for a device with itself.
pub async fn join(ctx: &Ctx, one: ResourceId, other: ResourceId) -> Result<Done, AppError> {
    let grant = ctx.actor.require::<WriteLedger>()?;
    let tx = ctx.write().await?;
    let moves = joining(&tx, one, other).await?;
    decide(ctx, tx, &grant, moves).await
}

/// What [`join`] would change; nothing is written.
///
/// # Errors
/// Those of [`join`].
pub async fn preview_join(ctx: &Ctx, one: ResourceId, other: ResourceId) -> Result<Vec<Change>, AppError> {
    ctx.actor.require::<WriteLedger>()?;
    let tx = ctx.read().await?;
    let moves = joining(&tx, one, other).await?;
    let basis = Basis::load(&tx).await?;
    drop(tx);
    Ok(step::compute(ctx, basis, ChangeId::generate(), moves).await?.1.diff.changes)
}

async fn joining(tx: &ReadTx, one: ResourceId, other: ResourceId) -> Result<Moves, AppError> {
    let first = async |id: ResourceId| -> Result<RecordId, AppError> {
        let rows = tx.records_of(id).await?;
        let in_force = rows.iter().filter(|row| row.until.is_none() && row.table == TableKind::Resources);
        in_force.min_by_key(|row| (row.is_by_hand(), row.lineage)).map(|row| row.lineage).ok_or(AppError::NotFound)
    };
    let decision = Sameness { one: first(one).await?, other: first(other).await?, same: true };
    if decision.one == decision.other {
        return Err(AppError::Invalid(Msg::new("edit-join-itself")));
    }
    Ok(Moves { decide: vec![decision], ..Moves::default() })
}

/// Takes rows out of a device: they tell of another box from now on.
///
/// # Errors
/// [`AppError::Invalid`] when nothing would stay or nothing would go; [`AppError::NotFound`] for a device no row tells of.
pub async fn part(ctx: &Ctx, device: ResourceId, rows: &[RecordId]) -> Result<Done, AppError> {
    let grant = ctx.actor.require::<WriteLedger>()?;
    let tx = ctx.write().await?;
    tx.resource(device).await?;
    let all = tx.records_of(device).await?;
    let told = |row: &&Record| row.until.is_none() && !row.is_by_hand() && row.table == TableKind::Resources;
    let (goes, stays): (Vec<&Record>, Vec<&Record>) = all.iter().filter(told).partition(|row| rows.contains(&row.id));
    if goes.is_empty() || stays.is_empty() {
        return Err(AppError::Invalid(Msg::new("edit-part-nothing")));
    }
    let pairs = goes
        .iter()
        .flat_map(|gone| stays.iter().map(|kept| Sameness { one: gone.lineage, other: kept.lineage, same: false }));
    let moves = Moves { decide: pairs.collect(), ..Moves::default() };
    decide(ctx, tx, &grant, moves).await
}

async fn decide(ctx: &Ctx, mut tx: TenantTx, grant: &Granted<WriteLedger>, moves: Moves) -> Result<Done, AppError> {
    let basis = Basis::load(&tx).await?;
    let change = ChangeId::generate();
    let (moves, computed) = step::compute(ctx, basis, change, moves).await?;
    let title = computed.diff.changes.first().map(|change| change.name.clone()).unwrap_or_default();
    let step = step::step(ctx, change, ChangeKind::Decision, title);
    let diff = step::write(&mut tx, grant, &step, None, (moves, computed)).await?;
    let details = serde_json::json!({ "kind": ChangeKind::Decision.key(), "rows": diff.changes.len() });
    tx.audit(AuditEvent::new("ledger.edit", format!("step:{change}")).details(details)).await?;
    tx.commit().await?;
    Ok(Done { step: change, changes: diff.changes })
}
