//! Editing cells of the ledger: one device's form, the grid, the same field of many devices. What people type is read as
//! an import reads a cell; a preview shows what would change and refuses what cannot be read; writing is one step
//! ([`crate::edit`]), so that it can be taken back as one.

use crate::edit::{self, Done, Edit};
use crate::{AppError, Ctx, diagram::Translate};
use crate::{custom_fields, export};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use tomomori_domain::Msg;
use tomomori_domain::access::permission::{ReadLedger, WriteLedger};
use tomomori_domain::custom::CustomField;
use tomomori_domain::ids::ResourceId;
use tomomori_domain::import::{Field, Place};
use tomomori_domain::record::{ChangeKind, ChangeStep, Record};
use tomomori_domain::resource::{Criticality, Grade, Ledger, PurchaseForm, Resource, ResourceKind, ResourceState};
use tomomori_ledger::words::{DEVICE_FIELDS, Words};
use tomomori_sheet::apply;
use tomomori_store::{PageRequest, ResourceFilter, ResourceSort};

/// A field of devices, or one of the hospital's own columns.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Column {
    /// Which field.
    pub field: Field,
    /// Name of the hospital's own column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

impl Column {
    /// Stable text of a column: the field's key, or `custom:` and the name.
    #[must_use]
    pub fn key(&self) -> String {
        match &self.label {
            Some(label) => format!("custom:{label}"),
            None => self.field.key().to_owned(),
        }
    }

    /// Reads a [`Column::key`].
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        match key.strip_prefix("custom:") {
            Some(label) if !label.is_empty() => Some(Self { field: Field::Custom, label: Some(label.to_owned()) }),
            Some(_) => None,
            None => {
                let field = Field::from_key(key).filter(|field| DEVICE_FIELDS.contains(field))?;
                Some(Self { field, label: None })
            }
        }
    }
}

/// What a person typed into one cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// The device.
    pub resource: ResourceId,
    /// Key of the column ([`Column::key`]).
    pub column: String,
    /// The text; blank clears the field.
    pub text: String,
}

/// A cell that would change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellChange {
    /// The device.
    pub resource: ResourceId,
    /// Its name in the ledger.
    pub name: String,
    /// The column.
    pub column: Column,
    /// Values before, as stored.
    pub old: Vec<String>,
    /// Values after, as stored.
    pub new: Vec<String>,
}

/// A cell that cannot be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellProblem {
    /// The device.
    pub resource: ResourceId,
    /// Its name in the ledger.
    pub name: String,
    /// The column.
    pub column: Column,
    /// What is wrong, and what to write instead.
    pub msg: Msg,
}

/// What writing cells would do.
#[derive(Clone, Debug, Default)]
pub struct Preview {
    /// Revision of the ledger it holds for.
    pub revision: i64,
    /// Cells that would change.
    pub changes: Vec<CellChange>,
    /// Cells that cannot be written; while there is one, nothing is.
    pub problems: Vec<CellProblem>,
    /// Cells that say what the ledger says already.
    pub unchanged: usize,
}

/// What cells would change.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::NotFound`] for another's device; [`AppError::Invalid`] for too many cells or an
/// unknown column.
pub async fn preview(ctx: &Ctx, cells: &[Cell]) -> Result<Preview, AppError> {
    ctx.actor.require::<WriteLedger>()?;
    let ledger = ctx.read().await?.ledger().await?;
    examine(&ledger, cells, None)
}

/// Writes cells as one step, if the ledger is still the preview's; `None` when nothing differs.
///
/// # Errors
/// As [`preview`]; [`AppError::Conflict`] when the ledger changed since; [`AppError::Invalid`] while a cell has a problem.
pub async fn write(ctx: &Ctx, cells: &[Cell], revision: i64) -> Result<Option<Done>, AppError> {
    let found = preview(ctx, cells).await?;
    if found.revision != revision {
        return Err(AppError::Conflict(Msg::new("grid-ledger-moved")));
    }
    put(ctx, found).await
}

/// Writes one device's form, if the device is still as the form showed it; `Err(preview)` inside names what is wrong.
///
/// # Errors
/// As [`preview`]; [`AppError::Conflict`] when the device changed since.
pub async fn save(ctx: &Ctx, cells: &[Cell], revision: i64) -> Result<Result<Option<Done>, Preview>, AppError> {
    ctx.actor.require::<WriteLedger>()?;
    let ledger = ctx.read().await?.ledger().await?;
    let named: BTreeSet<ResourceId> = cells.iter().map(|cell| cell.resource).collect();
    if ledger.resources.iter().any(|row| named.contains(&row.id) && row.revision != revision) {
        return Err(AppError::Conflict(Msg::new("grid-device-moved")));
    }
    let found = examine(&ledger, cells, None)?;
    if found.problems.is_empty() { Ok(Ok(put(ctx, found).await?)) } else { Ok(Err(found)) }
}

/// Adds a device by hand: pairs of column key and text. `Err(preview)` inside names what is wrong.
///
/// # Errors
/// As [`preview`].
pub async fn create(ctx: &Ctx, texts: &[(String, String)]) -> Result<Result<(ResourceId, Done), Preview>, AppError> {
    ctx.actor.require::<WriteLedger>()?;
    let ledger = ctx.read().await?.ledger().await?;
    let id = ResourceId::generate();
    let cell = |(column, text): &(String, String)| Cell { resource: id, column: column.clone(), text: text.clone() };
    let found = examine(&ledger, &texts.iter().map(cell).collect::<Vec<_>>(), Some(id))?;
    if !found.problems.is_empty() {
        return Ok(Err(found));
    }
    match put(ctx, found).await? {
        Some(done) => Ok(Ok((id, done))),
        None => Err(AppError::Invalid(Msg::new("edit-new-without-name"))),
    }
}

async fn put(ctx: &Ctx, found: Preview) -> Result<Option<Done>, AppError> {
    if let Some(problem) = found.problems.into_iter().next() {
        return Err(AppError::Invalid(problem.msg));
    }
    if found.changes.is_empty() {
        return Ok(None);
    }
    let edit = |change: CellChange| Edit {
        resource: change.resource,
        field: change.column.field,
        label: change.column.label,
        values: change.new,
        place: Place::default(),
    };
    edit::edit(ctx, found.changes.into_iter().map(edit).collect()).await.map(Some)
}

fn examine(ledger: &Ledger, cells: &[Cell], new: Option<ResourceId>) -> Result<Preview, AppError> {
    if cells.len() > edit::MAX_EDITS {
        return Err(AppError::Invalid(Msg::new("edit-too-many").arg("limit", edit::MAX_EDITS)));
    }
    let words = Words::of(ledger);
    let mut devices: HashMap<ResourceId, &Resource> = ledger.resources.iter().map(|row| (row.id, row)).collect();
    let blank = new.map(|id| Resource::named(id, String::new()));
    if let Some(blank) = &blank {
        devices.insert(blank.id, blank);
    }
    // Of two texts for one cell the later one counts.
    let mut typed: BTreeMap<(ResourceId, Column), &str> = BTreeMap::new();
    for cell in cells {
        let unknown = || AppError::Invalid(Msg::new("grid-unknown-column").arg("column", &cell.column));
        typed.insert((cell.resource, Column::from_key(&cell.column).ok_or_else(unknown)?), &cell.text);
    }
    if let Some(id) = new {
        typed.entry((id, Column { field: Field::Name, label: None })).or_insert("");
    }
    let mut found = Preview { revision: ledger.revision, ..Preview::default() };
    for ((id, column), text) in typed {
        let device = *devices.get(&id).ok_or(AppError::NotFound)?;
        let name = device.name.clone();
        let old = values(&words, device, &column);
        let own = column.label.as_deref().and_then(|label| words.own(label));
        // What stands there already is not typed anew: it may be a value that does not fit its type.
        if own.is_some() && old.iter().map(String::as_str).eq([text]) {
            found.unchanged += 1;
            continue;
        }
        let new = match read(&column, own, text) {
            Ok(values) => values,
            Err(msg) => {
                found.problems.push(CellProblem { resource: id, name, column, msg });
                continue;
            }
        };
        let sorted = |values: &[String]| {
            let mut values = values.to_vec();
            values.sort_unstable();
            values
        };
        if sorted(&old) == sorted(&new) {
            found.unchanged += 1;
        } else {
            found.changes.push(CellChange { resource: id, name, column, old, new });
        }
    }
    Ok(found)
}

/// Whether a text is a stable key of the field, as selects send it.
fn is_key(field: Field, text: &str) -> bool {
    match field {
        Field::Kind => ResourceKind::from_key(text).is_some(),
        Field::State => ResourceState::from_key(text).is_some(),
        Field::Criticality => Criticality::from_key(text).is_some(),
        Field::Purchase => PurchaseForm::from_key(text).is_some(),
        _ => false,
    }
}

/// Values a text gives for a column.
fn read(column: &Column, own: Option<&CustomField>, text: &str) -> Result<Vec<String>, Msg> {
    if is_key(column.field, text) {
        return Ok(vec![text.to_owned()]);
    }
    let value = || tomomori_domain::text::tidy(text);
    let mut values = apply::cell(column.field, text).map_err(|msg| match msg.key.as_str() {
        // These say what an import does with such a cell; here nothing is written.
        "sheet-cell-kind" => Msg::new("grid-bad-kind").arg("value", value()),
        "sheet-cell-state" => Msg::new("grid-bad-state").arg("value", value()),
        "sheet-cell-criticality" => Msg::new("grid-bad-criticality").arg("value", value()),
        "sheet-cell-purchase" => Msg::new("grid-bad-purchase").arg("value", value()),
        "sheet-cell-truth" => Msg::new("grid-bad-truth").arg("value", value()),
        "sheet-cell-date-order" | "sheet-cell-date-serial" => Msg::new("sheet-cell-not-a-date").arg("value", value()),
        "sheet-cell-mac-in-address" => Msg::new("sheet-cell-address").arg("value", value()),
        "sheet-cell-address-in-mac" => Msg::new("sheet-cell-mac").arg("value", value()),
        _ => msg,
    })?;
    if column.field == Field::Name && values.is_empty() {
        return Err(Msg::new("edit-new-without-name"));
    }
    if values.iter().any(|value| value.chars().count() > 2_000 || value.contains('\0')) {
        return Err(Msg::new("grid-too-long"));
    }
    values.dedup();
    match own {
        Some(own) => values.iter().map(|text| own.canonical(text).ok_or_else(|| own.misfit(text))).collect(),
        None => Ok(values),
    }
}

fn values(words: &Words<'_>, device: &Resource, column: &Column) -> Vec<String> {
    match &column.label {
        Some(label) => device.custom.get(label).cloned().into_iter().collect(),
        None => words.values(device, column.field).into_iter().filter(|value| !value.is_empty()).collect(),
    }
}

/// A page of the grid.
#[derive(Clone, Debug)]
pub struct GridPage {
    /// The columns.
    pub columns: Vec<Column>,
    /// Per device: its id, its name, one text per column.
    pub rows: Vec<(ResourceId, String, Vec<String>)>,
    /// Devices of the filter.
    pub matching: u64,
    /// Cursor of the next page.
    pub next: Option<String>,
    /// The person's own newest edit that can be taken back.
    pub undo: Option<ChangeStep>,
}

/// One page of the grid over a filter; texts are in words the cells read again.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::Invalid`] for a damaged page link.
pub async fn page(
    ctx: &Ctx,
    filter: &ResourceFilter,
    sort: ResourceSort,
    page: &PageRequest,
    tr: Translate<'_>,
) -> Result<GridPage, AppError> {
    ctx.actor.require::<ReadLedger>()?;
    let tx = ctx.read().await?;
    let found = tx.list_resources(filter, sort, page).await?;
    let matching = tx.count_resources(filter).await?.matching;
    let ledger = tx.ledger().await?;
    let undo = tx.steps(20).await?.into_iter().find(|step| step.kind == ChangeKind::Edit && step.by == ctx.actor.name);
    drop(tx);
    let words = Words::of(&ledger);
    let columns = columns(&ledger);
    let text = |device: &Resource, column: &Column| export::cell(values(&words, device, column), column.field, tr);
    let row = |device: Resource| {
        let texts = columns.iter().map(|column| text(&device, column)).collect();
        (device.id, device.name, texts)
    };
    Ok(GridPage {
        rows: found.rows.into_iter().map(|found| row(found.resource)).collect(),
        columns,
        matching,
        next: found.next,
        undo: undo.filter(|step| step.undone_by.is_none()),
    })
}

/// Fields of devices, then the hospital's own columns.
fn columns(ledger: &Ledger) -> Vec<Column> {
    let own = custom_fields::names(ledger, false);
    let own = own.into_iter().map(|label| Column { field: Field::Custom, label: Some(label) });
    DEVICE_FIELDS.into_iter().map(|field| Column { field, label: None }).chain(own).collect()
}

/// One field of the form of a device.
#[derive(Clone, Debug)]
pub struct FormField {
    /// The column.
    pub column: Column,
    /// Values as stored; none = not known.
    pub values: Vec<String>,
    /// The definition of an own column.
    pub own: Option<CustomField>,
    /// How good the word is that is in force, where one row states just this.
    pub grade: Option<Grade>,
}

/// The form of a device.
#[derive(Clone, Debug)]
pub struct Form {
    /// The device; `None` = a new one.
    pub device: Option<Resource>,
    /// Its fields.
    pub fields: Vec<FormField>,
    /// Zones, vendors, contracts by name, to choose from.
    pub known: Known,
}

/// Names the ledger knows, offered while typing.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Zones.
    pub zones: Vec<String>,
    /// Vendors.
    pub vendors: Vec<String>,
    /// Contract numbers.
    pub contracts: Vec<String>,
}

/// The form of a device, or of a new one.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::NotFound`].
pub async fn form(ctx: &Ctx, id: Option<ResourceId>) -> Result<Form, AppError> {
    ctx.actor.require::<WriteLedger>()?;
    let tx = ctx.read().await?;
    let ledger = tx.ledger().await?;
    let (device, records) = match id {
        Some(id) => (Some(tx.resource(id).await?), tx.records_of(id).await?),
        None => (None, Vec::new()),
    };
    drop(tx);
    let words = Words::of(&ledger);
    let field = |column: Column| {
        let values = device.as_ref().map(|device| values(&words, device, &column)).unwrap_or_default();
        let own = column.label.as_deref().and_then(|label| words.own(label)).cloned();
        FormField { grade: grade(&records, &column, &values), values, own, column }
    };
    Ok(Form {
        fields: columns(&ledger).into_iter().map(field).collect(),
        known: Known {
            zones: ledger.zones.iter().map(|row| row.name.clone()).collect(),
            vendors: ledger.vendors.iter().map(|row| row.name.clone()).collect(),
            contracts: ledger.contracts.iter().map(|row| row.number.clone()).collect(),
        },
        device,
    })
}

/// The best grade among the rows that state the first value.
fn grade(records: &[Record], column: &Column, values: &[String]) -> Option<Grade> {
    let first = tomomori_domain::text::fold(values.first()?);
    let states = |record: &&Record| {
        let mut of_field = record.values.iter().filter(|v| v.field == column.field && v.label == column.label);
        record.until.is_none() && of_field.any(|value| tomomori_domain::text::fold(&value.text) == first)
    };
    records.iter().filter(states).map(|record| record.grade).max()
}
