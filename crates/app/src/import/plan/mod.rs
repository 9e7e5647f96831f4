//! What an import would do to the ledger: pure, so that preview and confirm compute the same thing.
//!
//! A plan is made on a copy of the ledger. Tables are taken in the order in which later ones refer to earlier ones
//! (zones, contracts, lists of devices, what was seen on the wire, software, lines, services), whatever the file order.

mod devices;
mod others;
mod references;
mod software;

use super::{Action, Change, Counts, FieldChange};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use tomomori_domain::Msg;
use tomomori_domain::identity::{IdentityIndex, Marks};
use tomomori_domain::ids::{ComponentId, ContractId, LineId, ResourceId, ServiceId, VendorId, ZoneId};
use tomomori_domain::import::{Field, Place, Problem, Severity, Table, TableKind};
use tomomori_domain::resource::{Component, Contract, Grade, Line, ProductChoice, Resource, Service, Vendor, Zone};
use tomomori_domain::text::fold;
use tomomori_store::{Fact, Ledger};

/// What the catalogue makes of a product's name.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedProduct {
    /// The product, only if sure enough to be applied.
    pub choice: ProductChoice,
    /// The hardware model behind it, where the name tells it (FortiGate 60E beside FortiOS).
    pub hardware: Option<ProductChoice>,
    /// A version glued to the name.
    pub version: Option<String>,
}

/// Names to products; the catalogue, or nothing when there is no catalogue yet.
pub trait Names {
    /// The product a text means, if that can be said with [`ProductChoice::APPLY_FROM`] or more.
    fn product(&self, maker: Option<&str>, text: &str) -> Option<NamedProduct>;
    /// Splits a version off a text (`Apache Tomcat 8.5.32`), whether or not the product is known.
    fn split_version(&self, text: &str) -> (String, Option<String>);
}

/// A statement to store, not yet bound to an import.
#[derive(Clone, Debug, PartialEq)]
pub struct NewFact {
    /// The device.
    pub resource: ResourceId,
    /// The component, if the field is the component's.
    pub component: Option<ComponentId>,
    /// Which field.
    pub field: Field,
    /// The value.
    pub value: String,
    /// How good it is.
    pub grade: Grade,
    /// Where it stood.
    pub place: Place,
}

/// Everything an import would write, and how it is shown.
#[derive(Debug, Default)]
pub struct Plan {
    /// Zones to write.
    pub zones: Vec<Zone>,
    /// Vendors to write.
    pub vendors: Vec<Vendor>,
    /// Contracts to write.
    pub contracts: Vec<Contract>,
    /// Resources to write; an uplink may point to another of them.
    pub resources: Vec<Resource>,
    /// Components to write.
    pub components: Vec<Component>,
    /// Lines to write.
    pub lines: Vec<Line>,
    /// Services to write.
    pub services: Vec<Service>,
    /// Statements to add.
    pub facts: Vec<NewFact>,
    /// One entry per row of the ledger an input row was about.
    pub changes: Vec<Change>,
    /// What was wrong, with places.
    pub problems: Vec<Problem>,
    /// Numbers.
    pub counts: Counts,
}

/// Computes what `tables` would do to `ledger`. `facts` are the newest stored facts per field.
#[must_use]
pub fn make(ledger: Ledger, facts: &[Fact], tables: &[Table], names: &dyn Names) -> Plan {
    let mut planner = Planner::new(ledger, facts, names);
    let has = |table: &Table, field| table.rows.iter().any(|row| row.get(field).is_some());
    let order = |table: &&Table| match (table.kind, table.grade) {
        (TableKind::Zones, _) => 0,
        (TableKind::Contracts, _) => 1,
        // The hospital's own ledger names the devices; a delivery list finds them by serial number.
        (TableKind::Resources, Grade::Declared) if has(table, Field::AssetNumber) => 2,
        (TableKind::Resources, Grade::Observed) => {
            // A lease ties host name to MAC and address; bare ARP rows can only be placed after it.
            if has(table, Field::Hostname) { 4 } else { 5 }
        }
        (TableKind::Resources, _) => 3,
        (TableKind::Components, _) => 6,
        (TableKind::Lines, _) => 7,
        (TableKind::Services, _) => 8,
    };
    let mut sorted: Vec<&Table> = tables.iter().collect();
    sorted.sort_by_key(order);
    for table in sorted {
        planner.problems.extend(table.problems.iter().cloned());
        match table.kind {
            TableKind::Zones => planner.zones(table),
            TableKind::Contracts => planner.contracts(table),
            TableKind::Resources => planner.devices(table),
            TableKind::Components => planner.sbom(table),
            TableKind::Lines => planner.lines(table),
            TableKind::Services => planner.services(table),
        }
    }
    planner.uplinks();
    planner.finish()
}

/// What a statement is about: a device, maybe a component on it, a field.
type FactKey = (ResourceId, Option<ComponentId>, Field);

/// The newest statement about a field.
#[derive(Clone, PartialEq)]
struct Stated {
    value: String,
    grade: Grade,
    file: String,
}

/// The working copy.
struct Planner<'a> {
    names: &'a dyn Names,
    resources: BTreeMap<ResourceId, Resource>,
    components: BTreeMap<ResourceId, Vec<Component>>,
    zones: BTreeMap<ZoneId, Zone>,
    vendors: BTreeMap<VendorId, Vendor>,
    contracts: BTreeMap<ContractId, Contract>,
    lines: BTreeMap<LineId, Line>,
    services: BTreeMap<ServiceId, Service>,
    index: IdentityIndex,
    /// Newest statement per field, to know its grade and to store nothing twice.
    stated: HashMap<FactKey, Stated>,
    /// Uplinks named by rows, resolved when all devices are known.
    uplinks: Vec<(ResourceId, String, Place)>,
    /// Devices a list of this import has named: other lists of the same import do not rename them.
    named: BTreeSet<ResourceId>,
    /// Where the change of a resource stands in `changes`.
    change_of: HashMap<ResourceId, usize>,
    touched: Touched,
    facts: Vec<NewFact>,
    changes: Vec<Change>,
    problems: Vec<Problem>,
}

#[derive(Default)]
struct Touched {
    resources: BTreeSet<ResourceId>,
    components: BTreeSet<ComponentId>,
    zones: BTreeSet<ZoneId>,
    vendors: BTreeSet<VendorId>,
    contracts: BTreeSet<ContractId>,
    lines: BTreeSet<LineId>,
    services: BTreeSet<ServiceId>,
}

impl<'a> Planner<'a> {
    fn new(ledger: Ledger, facts: &[Fact], names: &'a dyn Names) -> Self {
        let mut index = IdentityIndex::default();
        ledger.resources.iter().for_each(|resource| index.put(resource.id, Marks::of(resource)));
        let mut components: BTreeMap<ResourceId, Vec<Component>> = BTreeMap::new();
        for component in ledger.components {
            components.entry(component.resource).or_default().push(component);
        }
        let stated = facts
            .iter()
            .map(|fact| {
                let key = (fact.resource, fact.component, fact.field);
                (key, Stated { value: fact.value.clone(), grade: fact.grade, file: fact.place.file.clone() })
            })
            .collect();
        Self {
            names,
            resources: ledger.resources.into_iter().map(|row| (row.id, row)).collect(),
            components,
            zones: ledger.zones.into_iter().map(|row| (row.id, row)).collect(),
            vendors: ledger.vendors.into_iter().map(|row| (row.id, row)).collect(),
            contracts: ledger.contracts.into_iter().map(|row| (row.id, row)).collect(),
            lines: ledger.lines.into_iter().map(|row| (row.id, row)).collect(),
            services: ledger.services.into_iter().map(|row| (row.id, row)).collect(),
            index,
            stated,
            uplinks: Vec::new(),
            named: BTreeSet::new(),
            change_of: HashMap::new(),
            touched: Touched::default(),
            facts: Vec::new(),
            changes: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// Stores a statement unless the newest one says the same from the same file.
    fn state(&mut self, fact: NewFact) {
        let key = (fact.resource, fact.component, fact.field);
        let stated = Stated { value: fact.value.clone(), grade: fact.grade, file: fact.place.file.clone() };
        if self.stated.get(&key) != Some(&stated) {
            self.stated.insert(key, stated);
            self.facts.push(fact);
        }
    }

    fn warn(&mut self, place: &Place, msg: Msg) {
        self.problems.push(Problem { severity: Severity::Warning, place: place.clone(), msg });
    }

    /// The change of a resource, begun now if this import has not touched it yet.
    fn change(&mut self, id: ResourceId, begin: impl FnOnce() -> Change) -> &mut Change {
        let at = *self.change_of.entry(id).or_insert_with(|| {
            self.changes.push(begin());
            self.changes.len() - 1
        });
        &mut self.changes[at]
    }

    /// Notes changed fields of a resource that this import has met already.
    fn note(&mut self, id: ResourceId, fields: Vec<FieldChange>) {
        if let Some(&at) = self.change_of.get(&id) {
            self.changes[at].fields.extend(fields);
        }
    }

    fn other(&mut self, table: TableKind, name: &str, action: Action, fields: Vec<FieldChange>, place: &Place) {
        let name = name.to_owned();
        self.changes.push(Change { action, table, name, resource: None, why: None, fields, place: place.clone() });
    }

    fn finish(mut self) -> Plan {
        for change in &mut self.changes {
            join(&mut change.fields);
            if change.action == Action::Leave && !change.fields.is_empty() {
                change.action = Action::Change;
            }
        }
        let mut counts = Counts::default();
        for change in &self.changes {
            match (change.table, change.action) {
                (TableKind::Resources, Action::Create) => counts.created += 1,
                (TableKind::Resources, Action::Change) => counts.changed += 1,
                (TableKind::Resources, Action::Leave) => counts.left += 1,
                (_, Action::Doubt) => counts.doubts += 1,
                (_, Action::Create | Action::Change) => counts.others += 1,
                (_, Action::Leave) => {}
            }
        }
        counts.errors = self.problems.iter().filter(|problem| problem.severity == Severity::Error).count() as u64;
        counts.warnings = self.problems.len() as u64 - counts.errors;
        let touched = self.touched;
        let components = self.components.into_values().flatten();
        Plan {
            zones: kept(self.zones, &touched.zones),
            vendors: kept(self.vendors, &touched.vendors),
            contracts: kept(self.contracts, &touched.contracts),
            resources: kept(self.resources, &touched.resources),
            components: components.filter(|component| touched.components.contains(&component.id)).collect(),
            lines: kept(self.lines, &touched.lines),
            services: kept(self.services, &touched.services),
            facts: self.facts,
            changes: self.changes,
            problems: self.problems,
            counts,
        }
    }
}

/// Two lists may disagree about a field and take turns; what counts is before the first and after the last.
fn join(fields: &mut Vec<FieldChange>) {
    let mut joined: Vec<FieldChange> = Vec::new();
    for next in fields.drain(..) {
        match joined.iter_mut().find(|earlier| earlier.field == next.field && Some(&earlier.new) == next.old.as_ref()) {
            Some(earlier) => earlier.new = next.new,
            None => joined.push(next),
        }
    }
    joined.retain(|change| change.old.as_ref() != Some(&change.new));
    *fields = joined;
}

fn kept<K: Ord, V>(all: BTreeMap<K, V>, touched: &BTreeSet<K>) -> Vec<V> {
    all.into_iter().filter(|(key, _)| touched.contains(key)).map(|(_, value)| value).collect()
}

/// Two names of one company: legal forms and spaces do not tell companies apart.
fn company(name: &str) -> String {
    let mut folded = fold(name);
    for form in ["(株)", "株式会社", "(有)", "有限会社", "合同会社", "様", "御中"] {
        folded = folded.replace(form, "");
    }
    folded.replace(' ', "")
}
