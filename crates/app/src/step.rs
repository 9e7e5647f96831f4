//! One step of the ledger: records begin and end, decisions are made or taken back, and the ledger follows. Imports, edits,
//! answers, stocktakes, vendors' advice and undo all go this way; there is no other.
//!
//! Computing is pure and done on copies; writing is one transaction with the step, its audit entry and the `match` job.

use crate::{AppError, CatalogueNames, Ctx, matching};
use std::collections::{HashMap, HashSet};
use tomomori_domain::access::permission::WriteLedger;
use tomomori_domain::check::Check;
use tomomori_domain::ids::{ChangeId, ImportId, RecordId};
use tomomori_domain::record::{ChangeKind, ChangeStep, Record, Sameness};
use tomomori_ledger::diff::{Diff, diff};
use tomomori_ledger::project::{Facts, Projected, project};
use tomomori_ledger::restate;
use tomomori_store::{GoneRows, Ledger, ReadTx, TenantTx, WritesLedger};

/// What a step does to the records and decisions.
#[derive(Debug, Default)]
pub(crate) struct Moves {
    /// Records that begin.
    pub(crate) begin: Vec<Record>,
    /// Records that end.
    pub(crate) end: Vec<RecordId>,
    /// Records stated again by a newer version of their list.
    pub(crate) again: Vec<(RecordId, jiff::civil::Date)>,
    /// Decisions made.
    pub(crate) decide: Vec<Sameness>,
    /// Decisions taken back.
    pub(crate) undecide: Vec<Sameness>,
    /// Doubts about cells, each with its list.
    pub(crate) cells: Vec<(String, Check)>,
    /// Lists of which a newer version was read.
    pub(crate) read_again: Vec<String>,
}

/// What the ledger follows from, as stored.
#[derive(Clone, Debug, Default)]
pub(crate) struct Basis {
    pub(crate) ledger: Ledger,
    pub(crate) records: Vec<Record>,
    pub(crate) decisions: Vec<Sameness>,
}

impl Basis {
    pub(crate) async fn load(tx: &ReadTx) -> Result<Self, AppError> {
        Ok(Self { ledger: tx.ledger().await?, records: tx.records().await?, decisions: tx.decisions().await? })
    }

    /// The basis after a step.
    fn moved(mut self, change: ChangeId, moves: &Moves) -> Self {
        let gone: HashSet<RecordId> = moves.end.iter().copied().collect();
        let again: HashMap<RecordId, jiff::civil::Date> = moves.again.iter().copied().collect();
        self.records.retain(|record| !gone.contains(&record.id));
        for record in &mut self.records {
            if let Some(seen) = again.get(&record.id) {
                (record.listed, record.seen) = (change, *seen);
            }
        }
        self.records.extend(moves.begin.iter().cloned());
        let pair = |d: &Sameness| (d.one.min(d.other), d.one.max(d.other));
        let void: HashSet<_> = moves.decide.iter().chain(&moves.undecide).map(pair).collect();
        self.decisions.retain(|decision| !void.contains(&pair(decision)));
        self.decisions.extend(moves.decide.iter().cloned());
        self
    }
}

/// The ledger after a step, and what differs.
#[derive(Debug)]
pub(crate) struct Computed {
    pub(crate) projected: Projected,
    pub(crate) diff: Diff,
}

/// Computes what a step leads to. Heavy work: not on a thread that serves pages.
pub(crate) async fn compute(
    ctx: &Ctx,
    basis: Basis,
    change: ChangeId,
    moves: Moves,
) -> Result<(Moves, Computed), AppError> {
    let names = CatalogueNames::new(ctx.catalogue());
    let today = ctx.today();
    let work = tokio::task::spawn_blocking(move || {
        let stored = basis.ledger.clone();
        let basis = basis.moved(change, &moves);
        let facts =
            Facts { records: &basis.records, decisions: &basis.decisions, stored: &stored, names: &names, today };
        let projected = project(&facts);
        let diff = diff(&stored, &projected.ledger);
        (moves, Computed { projected, diff })
    });
    work.await.map_err(AppError::internal)
}

/// A step of `ctx`'s actor, now.
pub(crate) fn step(ctx: &Ctx, id: ChangeId, kind: ChangeKind, title: String) -> ChangeStep {
    ChangeStep { id, kind, at: ctx.now(), by: ctx.actor.name.clone(), title, undone_by: None }
}

/// Writes a step and everything that follows from it; part of the caller's transaction.
pub(crate) async fn write<P: WritesLedger>(
    tx: &mut TenantTx,
    grant: &tomomori_domain::access::Granted<P>,
    step: &ChangeStep,
    import: Option<ImportId>,
    (moves, computed): (Moves, Computed),
) -> Result<Diff, AppError> {
    tx.add_step(grant, step, import).await?;
    tx.end_records(grant, &moves.end, step.id).await?;
    tx.list_records_again(grant, &moves.again, step.id).await?;
    tx.add_records(grant, &moves.begin).await?;
    tx.end_decisions(grant, &moves.undecide, step.id).await?;
    tx.add_decisions(grant, &moves.decide, step.id).await?;
    write_ledger(tx, grant, &computed).await?;
    tx.replace_checks(grant, &computed.projected.checks, &moves.cells, &moves.read_again).await?;
    matching::later(tx, grant).await?;
    Ok(computed.diff)
}

/// Computes the ledger again from the same records, because the types of own columns changed, and writes what differs; part
/// of the caller's transaction.
pub(crate) async fn read_anew<P: WritesLedger>(
    ctx: &Ctx,
    tx: &mut TenantTx,
    grant: &tomomori_domain::access::Granted<P>,
    basis: Basis,
) -> Result<(), AppError> {
    let (_, computed) = compute(ctx, basis, ChangeId::generate(), Moves::default()).await?;
    write_ledger(tx, grant, &computed).await?;
    tx.replace_checks(grant, &computed.projected.checks, &[], &[]).await?;
    matching::later(tx, grant).await
}

async fn write_ledger<P: WritesLedger>(
    tx: &mut TenantTx,
    grant: &tomomori_domain::access::Granted<P>,
    computed: &Computed,
) -> Result<(), AppError> {
    let (put, diff) = (&computed.diff.put, &computed.diff);
    tx.put_zones(grant, &put.zones).await?;
    tx.put_vendors(grant, &put.vendors).await?;
    tx.put_contracts(grant, &put.contracts).await?;
    tx.put_resources(grant, &put.resources).await?;
    tx.put_components(grant, &put.components).await?;
    tx.put_lines(grant, &put.lines).await?;
    tx.put_services(grant, &put.services).await?;
    let homes = computed.projected.homes.iter().map(|home| (home.record, home.home, home.origin));
    tx.set_record_homes(grant, homes).await?;
    let gone = GoneRows {
        resources: &diff.gone_resources,
        components: &diff.gone_components,
        zones: &diff.gone_zones,
        lines: &diff.gone_lines,
        vendors: &diff.gone_vendors,
        contracts: &diff.gone_contracts,
        services: &diff.gone_services,
    };
    Ok(tx.delete_ledger_rows(grant, gone).await?)
}

/// Takes over ledgers that an earlier version kept without records: what they say becomes records, once per tenant.
///
/// # Errors
/// Those of the database.
pub(crate) async fn take_over(app: &crate::App) -> Result<(), AppError> {
    for tenant in app.db.system_read("take over ledgers").await?.tenants().await? {
        let actor = tomomori_domain::access::Actor::system(tenant.id, "upgrade");
        let basis = Basis::load(&app.db.read(&actor).await?).await?;
        if !restate::is_needed(&basis.ledger, &basis.records) {
            continue;
        }
        let grant = actor.require::<WriteLedger>()?;
        let mut tx = app.db.tenant(&actor).await?;
        let change = ChangeId::generate();
        let today = crate::ctx::japan().to_datetime((app.clock)()).date();
        let (at, by) = ((app.clock)(), actor.name.clone());
        let kind = ChangeKind::Upgrade;
        // Another process may have been faster; from here on the ledger is locked.
        tx.add_step(&grant, &ChangeStep { id: change, kind, at, by, title: String::new(), undone_by: None }, None)
            .await?;
        let basis = Basis::load(&tx).await?;
        if !restate::is_needed(&basis.ledger, &basis.records) {
            continue;
        }
        tx.add_records(&grant, &restate::restate(&basis.ledger, change, today)).await?;
        tx.audit(tomomori_store::AuditEvent::new("ledger.upgrade", format!("step:{change}"))).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Computes the ledger again from the same records, because the catalogue knows other names now. Writes only differences;
/// says how many components changed.
pub(crate) async fn recompute<P: WritesLedger>(
    ctx: &Ctx,
    grant: &tomomori_domain::access::Granted<P>,
) -> Result<u64, AppError> {
    let mut tx = ctx.write().await?;
    let basis = Basis::load(&tx).await?;
    let (_, computed) = compute(ctx, basis, ChangeId::generate(), Moves::default()).await?;
    let changed = (computed.diff.put.components.len() + computed.diff.gone_components.len()) as u64;
    if changed == 0 && computed.diff.put.resources.is_empty() {
        return Ok(0);
    }
    write_ledger(&mut tx, grant, &computed).await?;
    let details = serde_json::json!({ "components": changed });
    tx.audit(tomomori_store::AuditEvent::new("ledger.name", "ledger".to_owned()).details(details)).await?;
    tx.commit().await?;
    Ok(changed)
}
