//! The stored ledger beside the computed one: what a person is shown, and what is written.

use crate::identity::IdentityKey;
use crate::words::{DEVICE_FIELDS, Words, shown};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use tomomori_domain::ids::{ComponentId, ContractId, LineId, ResourceId, ServiceId, VendorId, ZoneId};
use tomomori_domain::import::{Field, TableKind};
use tomomori_domain::resource::{Component, Contract, Layer, Ledger, Line, Resource, Service, Vendor, Zone};

/// What happens to one row of the ledger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Created, changed or removed.
    pub action: Action,
    /// Table.
    pub table: TableKind,
    /// Name of the thing.
    pub name: String,
    /// The resource, for rows about devices.
    pub resource: Option<ResourceId>,
    /// Fields that change.
    pub fields: Vec<FieldChange>,
}

/// What is done with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Fields of a known row change.
    Change,
    /// A row goes: another row was found to be the same box, or the step that brought it was taken back.
    Remove,
    /// A new row.
    Create,
}

/// One field of one row before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// Which field.
    pub field: Field,
    /// Name of the hospital's own column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Before; `None` = was not known.
    pub old: Option<String>,
    /// After; `None` = is not known any more.
    pub new: Option<String>,
}

/// Rows to write and to delete, and how it is shown.
#[derive(Debug, Default)]
pub struct Diff {
    /// One entry per row of the ledger that differs.
    pub changes: Vec<Change>,
    /// Rows to write.
    pub put: Ledger,
    /// Devices that go.
    pub gone_resources: Vec<ResourceId>,
    /// Components that go.
    pub gone_components: Vec<ComponentId>,
    /// Zones that go.
    pub gone_zones: Vec<ZoneId>,
    /// Lines that go.
    pub gone_lines: Vec<LineId>,
    /// Vendors that go.
    pub gone_vendors: Vec<VendorId>,
    /// Contracts that go.
    pub gone_contracts: Vec<ContractId>,
    /// Services that go.
    pub gone_services: Vec<ServiceId>,
}

fn joined(values: &[String]) -> Option<String> {
    (!values.is_empty()).then(|| values.join("、"))
}

/// Compares.
#[must_use]
pub fn diff(stored: &Ledger, computed: &Ledger) -> Diff {
    let mut diff = Diff::default();
    let (before, after) = (Words::of(stored), Words::of(computed));
    devices(stored, computed, (&before, &after), &mut diff);
    let words = (&before, &after);
    let changes = &mut diff.changes;
    (diff.put.zones, diff.gone_zones) =
        table(TableKind::Zones, (&stored.zones, &computed.zones), |row| row.id, zone, words, changes);
    (diff.put.contracts, diff.gone_contracts) =
        table(TableKind::Contracts, (&stored.contracts, &computed.contracts), |row| row.id, contract, words, changes);
    (diff.put.lines, diff.gone_lines) =
        table(TableKind::Lines, (&stored.lines, &computed.lines), |row| row.id, line, words, changes);
    (diff.put.services, diff.gone_services) =
        table(TableKind::Services, (&stored.services, &computed.services), |row| row.id, service, words, changes);
    // Vendors have no table of their own in people's lists; a new one is shown with the row that names it.
    let unshown = &mut Vec::new();
    (diff.put.vendors, diff.gone_vendors) =
        table(TableKind::Contracts, (&stored.vendors, &computed.vendors), |row| row.id, vendor, words, unshown);
    diff.changes.sort_by_key(|change| (change.action, change.table));
    diff
}

type Told = Vec<(Field, Option<String>)>;

fn zone(row: &Zone, _: &Words<'_>) -> Told {
    let kind = Some(row.kind.key().to_owned());
    vec![(Field::Name, Some(row.name.clone())), (Field::Kind, kind), (Field::Range, joined(&row.ranges))]
}

fn vendor(row: &Vendor, _: &Words<'_>) -> Told {
    vec![
        (Field::Vendor, Some(row.name.clone())),
        (Field::VendorField, row.field.clone()),
        (Field::Contact, row.contact.clone()),
    ]
}

fn contract(row: &Contract, words: &Words<'_>) -> Told {
    vec![
        (Field::ContractNumber, Some(row.number.clone())),
        (Field::Title, Some(row.title.clone())),
        (Field::Vendor, words.vendor(Some(row.vendor))),
        (Field::StartsOn, row.starts_on.map(|day| day.to_string())),
        (Field::EndsOn, row.ends_on.map(|day| day.to_string())),
        (Field::UpdateClause, row.update_clause.clone()),
    ]
}

fn service(row: &Service, words: &Words<'_>) -> Told {
    let mut needs: Vec<String> = row.needs.iter().filter_map(|id| words.called(*id)).collect();
    needs.sort_unstable();
    vec![(Field::Name, Some(row.name.clone())), (Field::Hours, row.hours.clone()), (Field::Needs, joined(&needs))]
}

fn line(row: &Line, words: &Words<'_>) -> Told {
    let flag = |flag: Option<bool>| flag.map(|flag| flag.to_string());
    vec![
        (Field::From, words.end(&row.from)),
        (Field::To, words.end(&row.to)),
        (Field::Protocol, row.protocol.clone()),
        (Field::Purpose, row.purpose.clone()),
        (Field::Circuit, row.circuit.clone()),
        (Field::Via, row.via.clone()),
        (Field::Sources, row.sources.clone()),
        (Field::Vendor, words.vendor(row.vendor)),
        (Field::ContractNumber, words.contract(row.contract)),
        (Field::BilledOn, row.billed_on.map(|day| day.to_string())),
        (Field::AlwaysOn, flag(row.always_on)),
        (Field::SourceLimited, flag(row.source_limited)),
        (Field::RemoteMaintenance, Some(row.remote_maintenance.to_string())),
    ]
}

/// Rows of one table to write, and ids to delete.
fn table<T: PartialEq + Clone, I: Copy + Eq + std::hash::Hash>(
    kind: TableKind,
    (stored, computed): (&[T], &[T]),
    id: impl Fn(&T) -> I,
    told: fn(&T, &Words<'_>) -> Told,
    words: (&Words<'_>, &Words<'_>),
    changes: &mut Vec<Change>,
) -> (Vec<T>, Vec<I>) {
    let mut old: HashMap<I, &T> = stored.iter().map(|row| (id(row), row)).collect();
    let mut put = Vec::new();
    let name = |fields: &[(Field, Option<String>)]| {
        let names: Vec<&str> = match kind {
            TableKind::Lines => fields.iter().take(2).map(|(_, text)| text.as_deref().unwrap_or("?")).collect(),
            _ => fields.iter().take(1).filter_map(|(_, text)| text.as_deref()).collect(),
        };
        names.join(" → ")
    };
    for row in computed {
        let known = old.remove(&id(row));
        if known == Some(row) {
            continue;
        }
        put.push(row.clone());
        let new = told(row, words.1);
        let fields = fields(&known.map(|known| told(known, words.0)).unwrap_or_default(), &new);
        if known.is_none() || !fields.is_empty() {
            let action = if known.is_some() { Action::Change } else { Action::Create };
            changes.push(Change { action, table: kind, name: name(&new), resource: None, fields });
        }
    }
    let mut gone: Vec<(String, I)> = old.into_iter().map(|(id, row)| (name(&told(row, words.0)), id)).collect();
    gone.sort_by(|a, b| a.0.cmp(&b.0));
    for (name, _) in &gone {
        let name = name.clone();
        changes.push(Change { action: Action::Remove, table: kind, name, resource: None, fields: Vec::new() });
    }
    (put, gone.into_iter().map(|(_, id)| id).collect())
}

fn fields(old: &[(Field, Option<String>)], new: &[(Field, Option<String>)]) -> Vec<FieldChange> {
    let was = |field: Field| old.iter().find(|(other, _)| *other == field).and_then(|(_, text)| text.clone());
    new.iter()
        .map(|(field, new)| FieldChange { field: *field, label: None, old: was(*field), new: new.clone() })
        .filter(|change| change.old != change.new)
        .collect()
}

fn devices(stored: &Ledger, computed: &Ledger, words: (&Words<'_>, &Words<'_>), diff: &mut Diff) {
    let mut old: HashMap<ResourceId, &Resource> = stored.resources.iter().map(|row| (row.id, row)).collect();
    let mut components: HashMap<ResourceId, Vec<FieldChange>> = components(stored, computed, diff);
    for row in &computed.resources {
        let known = old.remove(&row.id);
        let unchanged = known == Some(row);
        let mut fields = components.remove(&row.id).unwrap_or_default();
        if unchanged && fields.is_empty() {
            continue;
        }
        if !unchanged {
            diff.put.resources.push(row.clone());
            let own = device_fields(known, row, words);
            // A version or system told as a field needs no second line as software.
            fields.retain(|change| !own.iter().any(|field| field.new == change.new));
            fields.splice(0..0, own);
        }
        if known.is_some() && fields.is_empty() {
            continue;
        }
        let action = if known.is_some() { Action::Change } else { Action::Create };
        let change =
            Change { action, table: TableKind::Resources, name: row.name.clone(), resource: Some(row.id), fields };
        diff.changes.push(change);
    }
    let mut gone: Vec<&Resource> = old.into_values().collect();
    gone.sort_by_key(|row| row.id);
    for row in gone {
        diff.gone_resources.push(row.id);
        diff.changes.push(Change {
            action: Action::Remove,
            table: TableKind::Resources,
            name: row.name.clone(),
            resource: Some(row.id),
            fields: Vec::new(),
        });
    }
}

fn device_fields(old: Option<&Resource>, new: &Resource, words: (&Words<'_>, &Words<'_>)) -> Vec<FieldChange> {
    let mut changes = Vec::new();
    for field in DEVICE_FIELDS.into_iter().filter(|field| *field != Field::Software) {
        let before = old.and_then(|old| joined(&words.0.values(old, field)));
        let after = joined(&words.1.values(new, field));
        if before != after {
            changes.push(FieldChange { field, label: None, old: before, new: after });
        }
    }
    let empty = BTreeMap::new();
    let before = old.map_or(&empty, |old| &old.custom);
    for label in before.keys().chain(new.custom.keys().filter(|label| !before.contains_key(*label))) {
        let (old, new) = (before.get(label).cloned(), new.custom.get(label).cloned());
        if old != new {
            changes.push(FieldChange { field: Field::Custom, label: Some(label.clone()), old, new });
        }
    }
    changes
}

/// Components to write and delete; the differences by device.
fn components(stored: &Ledger, computed: &Ledger, diff: &mut Diff) -> HashMap<ResourceId, Vec<FieldChange>> {
    let mut old: HashMap<ComponentId, &Component> = stored.components.iter().map(|row| (row.id, row)).collect();
    let mut changes: HashMap<ResourceId, Vec<FieldChange>> = HashMap::new();
    let field = |component: &Component| match component.layer {
        Layer::Firmware => Field::Version,
        Layer::Os => Field::Os,
        Layer::Middleware | Layer::Application => Field::Software,
    };
    for row in &computed.components {
        let known = old.remove(&row.id);
        if known == Some(row) {
            continue;
        }
        diff.put.components.push(row.clone());
        let (before, after) = (known.map(shown), shown(row));
        if before.as_ref() != Some(&after) {
            let change = FieldChange { field: field(row), label: None, old: before, new: Some(after) };
            changes.entry(row.resource).or_default().push(change);
        }
    }
    let mut gone: Vec<&Component> = old.into_values().collect();
    gone.sort_by_key(|row| row.id);
    for row in gone {
        diff.gone_components.push(row.id);
        let change = FieldChange { field: field(row), label: None, old: Some(shown(row)), new: None };
        changes.entry(row.resource).or_default().push(change);
    }
    changes
}

/// Whether a field tells one box from another: editing it may join or part boxes.
#[must_use]
pub fn tells_apart(field: Field) -> bool {
    IdentityKey::ALL.into_iter().any(|key| key.field() == field)
}
