//! The role matrix: items × (hospital and vendors × systems), and what is wrong with it. Computed, never stored.
//!
//! [`Facts`] is everything the rules look at; [`gaps::find`] is the only rule engine, used for the page, the API, the
//! command line and both halves of a dry run ([`introduce`]).

pub mod gaps;
pub mod introduce;
mod statements;

#[cfg(test)]
mod fixture;

pub use statements::cells;

use crate::agreement::{ClauseRef, Party, System, Terms};
use crate::confirmation::{Duty, Session};
use crate::edition::Edition;
use crate::ids::{ContractId, LineId, VendorId};
use crate::kinds::keyed;
use crate::resource::{Ledger, Line, LineEnd, Resource, Vendor};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

keyed! {
    /// What has to be agreed where two sides meet (接続点). Ours, after 企画管理編 2 (several vendors: agree also on the joints).
    JointTopic {
        /// 責任の境目: up to where each side's responsibility goes
        Boundary = "boundary",
        /// 変更の連絡: who tells whom before a change
        Changes = "changes",
        /// 脆弱性対応の調整: whose fix goes first, who tests
        Fixes = "fixes",
        /// 障害の切り分け: who looks first, who leads
        Faults = "faults",
        /// 緊急時の遮断: who may cut the line, who is told
        Cut = "cut",
    }
}

/// What two sides settled about one line. The document's id is the line's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joint {
    /// Settled topics, in words both sides agreed to.
    pub settled: BTreeMap<JointTopic, Settled>,
    /// Opened by the hospital to both vendors of the line.
    pub opened: bool,
    /// The plan the line belongs to, as long as that is not adopted.
    #[serde(default)]
    pub plan: Option<Uuid>,
    /// Proposals of both sides.
    #[serde(default)]
    pub proposals: Vec<JointProposal>,
}

impl crate::document::Content for Joint {
    const KIND: crate::document::DocumentKind = crate::document::DocumentKind::Joint;
}

/// A topic both sides settled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// What was settled.
    pub text: String,
    /// Sides that agreed; settled when both did.
    pub agreed: Vec<Party>,
    /// Who wrote it down.
    #[serde(default)]
    pub entered_by: String,
}

/// What a side proposes for a topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JointProposal {
    /// Who.
    pub party: Party,
    /// Which person.
    pub by: String,
    /// When.
    pub at: jiff::Timestamp,
    /// About what.
    pub topic: JointTopic,
    /// What.
    pub text: String,
}

/// Everything the rules look at, of one moment.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// The day the question is asked.
    pub today: Date,
    /// The ledger.
    pub ledger: &'a Ledger,
    /// The edition whose items are the rows.
    pub edition: &'a Edition,
    /// Systems in use, by id.
    pub systems: &'a BTreeMap<Uuid, System>,
    /// Terms of contracts; a contract without is one nobody has looked into.
    pub terms: &'a BTreeMap<ContractId, Terms>,
    /// Sessions of this edition; those of the plan included in a dry run.
    pub sessions: &'a [Session],
    /// Joints by line.
    pub joints: &'a BTreeMap<LineId, Joint>,
}

/// One cell: what one side does about an item for a system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Position of the item in the edition.
    pub item: usize,
    /// The system; `None` = the hospital as a whole.
    pub system: Option<Uuid>,
    /// Who.
    pub party: Party,
    /// What.
    pub duty: Duty,
    /// Contract of the session it was said in; `None` = the hospital's own statement.
    pub contract: Option<ContractId>,
    /// Where it is written.
    pub clause: Option<ClauseRef>,
}

/// The side a vendor of the ledger is: its entry 自院 is the hospital.
#[must_use]
pub fn party(ledger: &Ledger, id: VendorId) -> Party {
    let own = ledger.vendors.iter().any(|vendor| vendor.id == id && Vendor::means_hospital(&vendor.name));
    if own { Party::Hospital } else { Party::Vendor(id) }
}

/// Who is responsible for a device: who maintains it (自院 is the hospital); else the vendor of its contract; else nobody is known.
/// A device bought outright without contract is the hospital's (dossier §8, 3).
#[must_use]
pub fn responsible(ledger: &Ledger, device: &Resource) -> Option<Party> {
    let party = |id: VendorId| party(ledger, id);
    let by_contract = || {
        let contract = ledger.contracts.iter().find(|contract| Some(contract.id) == device.contract)?;
        Some(party(contract.vendor))
    };
    let bought = || (device.purchase == Some(crate::kinds::PurchaseForm::Bought)).then_some(Party::Hospital);
    device.maintained_by.map(party).or_else(by_contract).or_else(bought)
}

/// Who stands at both ends of a line; `None` where one end is nobody's, or both are the same side's.
#[must_use]
pub fn sides(ledger: &Ledger, line: &Line) -> Option<[Party; 2]> {
    let side = |end: &LineEnd| match end {
        LineEnd::Resource(id) => responsible(ledger, ledger.resources.iter().find(|device| device.id == *id)?),
        LineEnd::Outside(_) => line.vendor.map(|vendor| party(ledger, vendor)),
        LineEnd::Unknown => None,
    };
    Some([side(&line.from)?, side(&line.to)?]).filter(|[from, to]| from != to)
}
