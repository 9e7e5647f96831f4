//! One device as its page shows it: what must be decided, what is known and on whose word, and how it came to be.

use crate::{AppError, Ctx, findings};
use std::collections::{BTreeMap, BTreeSet};
use tomomori_domain::access::permission::ReadLedger;
use tomomori_domain::ids::{ChangeId, ResourceId};
use tomomori_domain::import::{Field, Place, TableKind};
use tomomori_domain::record::{ChangeStep, Record};
use tomomori_domain::resource::{Grade, Ledger, LineEnd, ResourceKind, ZoneKind};
use tomomori_ledger::project;
use tomomori_ledger::words::{DEVICE_FIELDS, Words};
use tomomori_store::{CheckFilter, CheckRow, PageRequest, ResourceDetail};

pub use tomomori_ledger::project::{Rule, Standing};

/// Open checks and steps shown on the page; the lists hold the rest.
const SHOWN: u32 = 20;

/// Everything about one device.
#[derive(Clone, Debug)]
pub struct Device {
    /// The device with what hangs on it.
    pub detail: ResourceDetail,
    /// All fields in the order of the paper ledger, then the hospital's own.
    pub fields: Vec<FieldHistory>,
    /// Rows of lists that tell of it now.
    pub rows: Vec<Record>,
    /// Open checks about it.
    pub checks: Vec<CheckRow>,
    /// Newest steps that touched its rows.
    pub steps: Vec<ChangeStep>,
    /// A way in from outside leads through it: its logs are evidence and must be kept before it is updated.
    pub save_logs: bool,
}

/// A field, and everything ever stated about it.
#[derive(Clone, Debug)]
pub struct FieldHistory {
    /// Which field.
    pub field: Field,
    /// Name of the hospital's own column.
    pub label: Option<String>,
    /// What the ledger shows, as records state it; empty = not known.
    pub values: Vec<String>,
    /// Who stated what, the newest first.
    pub stated: Vec<Stated>,
}

/// One statement about a field.
#[derive(Clone, Debug)]
pub struct Stated {
    /// The values; an empty text says that a person cleared the field.
    pub values: Vec<String>,
    /// Where it stood.
    pub place: Place,
    /// Who entered it; `None` for rows of lists.
    pub by: Option<String>,
    /// How good the statement is.
    pub grade: Grade,
    /// Its day.
    pub seen: jiff::civil::Date,
    /// Where it stands.
    pub standing: Standing,
    /// Step that brought it.
    pub since: Option<ChangeStep>,
    /// Step that ended it.
    pub until: Option<ChangeStep>,
}

/// One device.
///
/// # Errors
/// [`AppError::NotFound`] if this tenant has no such device.
pub async fn show(ctx: &Ctx, id: ResourceId) -> Result<Device, AppError> {
    ctx.actor.require::<ReadLedger>()?;
    let tx = ctx.read().await?;
    let mut detail = tx.resource_detail(id).await?;
    let ledger = tx.ledger().await?;
    detail.services = findings::services_behind(&ledger, id);
    let filter = CheckFilter { resource: Some(id), ..CheckFilter::default() };
    let checks = tx.list_checks(&filter, &PageRequest { after: None, limit: SHOWN }).await?.rows;
    let touched: BTreeSet<ChangeId> =
        detail.records.iter().flat_map(|record| [Some(record.since), record.until]).flatten().collect();
    let mut steps = tx.steps_named(&touched.into_iter().collect::<Vec<_>>()).await?;
    let sizes = tx.list_sizes().await?;
    drop(tx);
    let fields = fields(&ledger, &detail, &steps, &sizes);
    steps.truncate(SHOWN as usize);
    let told = |row: &&Record| row.until.is_none() && !row.is_by_hand() && row.table == TableKind::Resources;
    let rows = detail.records.iter().filter(told).cloned().collect();
    Ok(Device { save_logs: save_logs(&ledger, id), fields, rows, checks, steps, detail })
}

fn fields(
    ledger: &Ledger,
    detail: &ResourceDetail,
    steps: &[ChangeStep],
    sizes: &BTreeMap<String, u64>,
) -> Vec<FieldHistory> {
    let words = Words::of(ledger);
    let device = &detail.resource;
    // Lists of software hold hundreds of rows; their components have a table of their own on the page.
    let records: Vec<Record> =
        detail.records.iter().filter(|record| record.table == TableKind::Resources).cloned().collect();
    let stated = |field, label: Option<&str>| {
        let told = project::history(field, label, &records, sizes);
        told.into_iter().map(|statement| of_statement(&statement, steps)).collect::<Vec<_>>()
    };
    let known = DEVICE_FIELDS.into_iter().map(|field| FieldHistory {
        field,
        label: None,
        values: words.values(device, field),
        stated: stated(field, None),
    });
    let told = records.iter().flat_map(|record| record.all(Field::Custom)).filter_map(|value| value.label.as_ref());
    let offered = ledger.fields.iter().filter(|field| !field.retired).map(|field| &field.name);
    let defined: Vec<&String> = offered.collect();
    let told: BTreeSet<&String> = told.filter(|name| !defined.contains(name)).collect();
    let own = defined.into_iter().chain(told);
    let custom = own.map(|label| FieldHistory {
        field: Field::Custom,
        label: Some(label.clone()),
        values: device.custom.get(label).cloned().into_iter().collect(),
        stated: stated(Field::Custom, Some(label)),
    });
    known.chain(custom).collect()
}

fn of_statement(statement: &project::Statement<'_>, steps: &[ChangeStep]) -> Stated {
    let record = statement.record;
    let step = |id: ChangeId| steps.iter().find(|step| step.id == id).cloned();
    let place = statement.values.first().map_or(&record.place, |value| &value.place);
    Stated {
        values: statement.values.iter().map(|value| value.text.clone()).collect(),
        place: place.clone(),
        by: record.by.clone(),
        grade: record.grade,
        seen: record.seen,
        standing: statement.standing,
        since: step(record.since),
        until: record.until.and_then(step),
    }
}

/// Network devices at the boundary, and those a line for remote maintenance ends at or passes. At Handa, Osaka and
/// Okayama the way in was such a device, and its logs were what was missing afterwards.
fn save_logs(ledger: &Ledger, id: ResourceId) -> bool {
    let Some(device) = ledger.resources.iter().find(|row| row.id == id) else { return false };
    if device.kind != ResourceKind::Network {
        return false;
    }
    let boundary = ledger.zones.iter().any(|zone| Some(zone.id) == device.zone && zone.kind == ZoneKind::Boundary);
    let at = |end: &LineEnd| *end == LineEnd::Resource(id);
    let passed = |line: &tomomori_domain::resource::Line| {
        line.remote_maintenance && (at(&line.from) || at(&line.to) || line.via_resource == Some(id))
    };
    boundary || ledger.lines.iter().any(passed)
}
