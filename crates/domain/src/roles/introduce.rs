//! "Introduce a system" as a dry run: what a plan would add to the ledger and the agreements, and which gaps it makes.

use super::gaps::{Gap, Key, On, Rule};
use super::{Facts, party};
use crate::agreement::standing::standing;
use crate::agreement::{Party, System, Terms};
use crate::document::{Content, DocumentKind};
use crate::ids::{ContractId, LineId, ResourceId, VendorId, ZoneId};
use crate::kinds::{Layer, PurchaseForm, ResourceKind, keyed};
use crate::resource::{Contract, Ledger, Line, LineEnd, Resource, Update, Vendor};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

keyed! {
    /// Where a plan stands.
    PlanState {
        /// 検討中: nothing of it is live.
        Draft = "draft",
        /// 採用した: it became part of ledger and agreements.
        Adopted = "adopted",
        /// 取りやめた
        Dropped = "dropped",
    }
}

/// A system that is to come. Its ids are its own; at adoption the ledger gives the lasting ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Name of the system, e.g. 電子カルテ.
    pub name: String,
    /// Where it stands.
    pub state: PlanState,
    /// Id the system has in the dry run.
    pub system: Uuid,
    /// The vendor: one of the ledger, or a new one.
    pub vendor: PlannedVendor,
    /// The draft of its contract; `None` = not drafted.
    pub contract: Option<PlannedContract>,
    /// Devices that come.
    pub resources: Vec<PlannedResource>,
    /// Devices of the ledger that become part of the system too (shared ones).
    pub shared: Vec<ResourceId>,
    /// Lines that come.
    pub lines: Vec<PlannedLine>,
    /// Free remark.
    pub note: Option<String>,
}

impl Content for Plan {
    const KIND: DocumentKind = DocumentKind::Plan;
}

/// Who brings it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedVendor {
    /// Its id in the ledger, or a fresh one.
    pub id: VendorId,
    /// Its name.
    pub name: String,
    /// The ledger knows it.
    pub known: bool,
}

/// A draft contract (契約案).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedContract {
    /// Its id in the dry run.
    pub id: ContractId,
    /// Number, if it has one.
    pub number: String,
    /// Title.
    pub title: String,
    /// Begins.
    pub starts_on: Option<Date>,
    /// Ends.
    pub ends_on: Option<Date>,
    /// What it says.
    pub terms: Terms,
}

/// A device that comes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedResource {
    /// Its id in the dry run.
    pub id: ResourceId,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: ResourceKind,
    /// Zone.
    pub zone: Option<ZoneId>,
    /// How it is obtained.
    pub purchase: Option<PurchaseForm>,
    /// The plan's vendor maintains it; `false` = nobody said.
    pub maintained: bool,
    /// Layers the plan's vendor updates.
    pub updates: Vec<Layer>,
    /// Model, as written.
    pub product: Option<String>,
}

/// A line that comes. Ends are devices of the plan or of the ledger, or a name outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedLine {
    /// Its id in the dry run.
    pub id: LineId,
    /// From.
    pub from: LineEnd,
    /// To.
    pub to: LineEnd,
    /// What for.
    pub purpose: Option<String>,
    /// Protocol, as written.
    pub protocol: Option<String>,
    /// For remote maintenance.
    pub remote: bool,
}

/// The system document of a plan.
#[must_use]
pub fn system_of(plan: &Plan) -> System {
    let own = plan.resources.iter().map(|device| device.id);
    System { name: plan.name.clone(), resources: own.chain(plan.shared.iter().copied()).collect(), retired: false }
}

/// Ledger and agreements, owned, so that a plan can be put into them.
#[derive(Clone, Debug, PartialEq)]
pub struct Parts {
    /// The ledger.
    pub ledger: Ledger,
    /// Systems by id.
    pub systems: BTreeMap<Uuid, System>,
    /// Terms by contract.
    pub terms: BTreeMap<ContractId, Terms>,
}

/// Puts a plan into copies of ledger and agreements, as if it were adopted and its contract had begun by `today`.
///
/// Nothing is taken for said that the plan does not say: a device is covered only by what the draft contract names.
#[must_use]
pub fn apply(mut parts: Parts, plan: &Plan, today: Date) -> Parts {
    let ledger = &mut parts.ledger;
    if !ledger.vendors.iter().any(|vendor| vendor.id == plan.vendor.id) {
        let name = plan.vendor.name.clone();
        ledger.vendors.push(Vendor { id: plan.vendor.id, name, field: None, contact: None });
    }
    if let Some(draft) = &plan.contract {
        ledger.contracts.push(Contract {
            id: draft.id,
            number: draft.number.clone(),
            title: draft.title.clone(),
            vendor: plan.vendor.id,
            starts_on: draft.starts_on.map(|start| start.min(today)),
            ends_on: draft.ends_on,
            update_clause: None,
        });
        parts.terms.insert(draft.id, draft.terms.clone());
    }
    ledger.resources.extend(plan.resources.iter().map(|planned| device(plan, planned)));
    ledger.lines.extend(plan.lines.iter().map(|planned| line(plan, planned)));
    parts.systems.insert(plan.system, system_of(plan));
    parts
}

fn device(plan: &Plan, planned: &PlannedResource) -> Resource {
    let update = || Update { by: Some(plan.vendor.id), clause: None };
    Resource {
        kind: planned.kind,
        zone: planned.zone,
        purchase: planned.purchase,
        product: planned.product.clone(),
        maintained_by: planned.maintained.then_some(plan.vendor.id),
        updates: planned.updates.iter().map(|layer| (*layer, update())).collect(),
        declared: true,
        ..Resource::named(planned.id, planned.name.clone())
    }
}

/// The vendor of a plan stands behind its lines that lead out or serve its maintenance.
fn line(plan: &Plan, planned: &PlannedLine) -> Line {
    let outside = |end: &LineEnd| matches!(end, LineEnd::Outside(_));
    let own = planned.remote || outside(&planned.from) || outside(&planned.to);
    let draft = plan.contract.as_ref().filter(|draft| draft.terms.lines.contains(&planned.id));
    Line {
        id: planned.id,
        from: planned.from.clone(),
        to: planned.to.clone(),
        purpose: planned.purpose.clone(),
        protocol: planned.protocol.clone(),
        vendor: own.then_some(plan.vendor.id),
        circuit: None,
        via: None,
        via_resource: None,
        sources: None,
        contract: draft.map(|draft| draft.id),
        billed_on: None,
        always_on: None,
        source_limited: None,
        remote_maintenance: planned.remote,
    }
}

/// What a plan changes among the gaps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Gaps it makes.
    pub new: Vec<Gap>,
    /// Gaps it closes, as they were.
    pub gone: Vec<Gap>,
    /// Gaps that stay, as they are then.
    pub kept: Vec<Gap>,
}

/// Compares the gaps without and with a plan, by [`Gap::key`].
#[must_use]
pub fn outcome(before: &[Gap], after: &[Gap]) -> Outcome {
    let keys = |gaps: &[Gap]| gaps.iter().map(Gap::key).collect::<BTreeSet<Key>>();
    let (earlier, later) = (keys(before), keys(after));
    let (kept, new) = after.iter().cloned().partition(|gap| earlier.contains(&gap.key()));
    let gone = before.iter().filter(|gap| !later.contains(&gap.key())).cloned().collect();
    Outcome { new, gone, kept }
}

/// Which gaps to ask which side about, given the facts with the plan in them. Every gap is asked of somebody:
///
/// - an item nobody does: of each vendor whose contract in force covers the system, else of the hospital;
/// - what concerns known sides: of those;
/// - what concerns nobody known: of the plan's vendor if the plan brings it, else of the hospital.
#[must_use]
pub fn questions(plan: &Plan, facts: &Facts<'_>, gaps: &[Gap]) -> BTreeMap<Party, Vec<Gap>> {
    let bringer = party(facts.ledger, plan.vendor.id);
    let mut asked: BTreeMap<Party, Vec<Gap>> = BTreeMap::new();
    for gap in gaps {
        let mut sides = match (gap.rule, gap.on) {
            (Rule::NobodyDoes, On::System(system)) => covering(facts, system),
            (Rule::NobodyDoes, _) => BTreeSet::new(),
            _ => gap.parties.iter().copied().collect(),
        };
        if sides.is_empty() {
            sides.insert(if brings(plan, gap.on) { bringer } else { Party::Hospital });
        }
        for side in sides {
            asked.entry(side).or_default().push(gap.clone());
        }
    }
    asked
}

fn brings(plan: &Plan, on: On) -> bool {
    match on {
        On::System(system) => system == plan.system,
        On::Resource(id) | On::Layer(id, _) => plan.resources.iter().any(|device| device.id == id),
        On::Line(id) => plan.lines.iter().any(|line| line.id == id),
        On::Contract(id) => plan.contract.as_ref().is_some_and(|draft| draft.id == id),
        On::Hospital => false,
    }
}

/// Sides whose contract in force covers a system.
fn covering(facts: &Facts<'_>, system: Uuid) -> BTreeSet<Party> {
    let covers = |contract: &&Contract| {
        standing(contract, facts.today).binds()
            && facts.terms.get(&contract.id).is_some_and(|terms| terms.systems.contains(&system))
    };
    let contracts = facts.ledger.contracts.iter().filter(covers);
    contracts.map(|contract| party(facts.ledger, contract.vendor)).collect()
}

#[cfg(test)]
#[path = "introduce_tests.rs"]
mod tests;
