//! "Introduce a system" as a dry run: what a plan would add to the ledger and the agreements, and which gaps it makes.

use crate::agreement::{System, Terms};
use crate::document::{Content, DocumentKind};
use crate::ids::{ContractId, LineId, ResourceId, VendorId, ZoneId};
use crate::kinds::{Layer, PurchaseForm, ResourceKind, keyed};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
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
    pub from: crate::resource::LineEnd,
    /// To.
    pub to: crate::resource::LineEnd,
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
