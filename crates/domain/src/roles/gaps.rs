//! The gap engine: which roles nobody has, which two have, and what is not written down. Every finding names its rule.

use super::JointTopic;
use crate::agreement::Party;
use crate::ids::{ContractId, LineId, ResourceId};
use crate::kinds::{Layer, keyed};
use uuid::Uuid;

keyed! {
    /// The rules.
    Rule {
        /// 担当なし: nobody does an item.
        NobodyDoes = "nobody_does",
        /// 重なり: two do it, and at least one says alone.
        TwoDo = "two_do",
        /// 条文なし: a vendor does it, and no clause of a contract says so.
        NoClause = "no_clause",
        /// 条文の契約が終わっている: the clause belongs to a contract that is not in force.
        ClauseEnded = "clause_ended",
        /// 再委託先が不明
        SubcontractorUnknown = "subcontractor_unknown",
        /// 持ち主のないリモート保守回線
        LineWithoutOwner = "line_without_owner",
        /// 更新担当なし: a device's layer that nobody updates.
        NoUpdater = "no_updater",
        /// 保守の範囲外: a server that no contract in force covers.
        OutsideScope = "outside_scope",
        /// 接続点: a line between two sides with something left to agree on.
        Joint = "joint",
    }
}

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum On {
    /// The hospital as a whole.
    Hospital,
    /// A system.
    System(Uuid),
    /// A contract.
    Contract(ContractId),
    /// A device.
    Resource(ResourceId),
    /// A layer of a device.
    Layer(ResourceId, Layer),
    /// A line.
    Line(LineId),
}

keyed! {
    /// What exactly a rule found.
    Why {
        /// Nobody has talked about it with everybody yet.
        NotTalked = "not_talked",
        /// All were asked, none does it.
        SaidNot = "said_not",
        /// Each says it does it alone, or one alone and one in part.
        Alone = "alone",
        /// No clause is named.
        NoneNamed = "none_named",
        /// The clause named is not among those of the contract.
        NotInContract = "not_in_contract",
        /// The contract has ended.
        Ended = "ended",
        /// The contract has not begun.
        NotBegun = "not_begun",
        /// Nobody has said whether there are subcontractors.
        NotSaid = "not_said",
        /// Somebody in the chain is not named.
        Unnamed = "unnamed",
        /// No vendor stands behind the line.
        NoVendor = "no_vendor",
        /// No contract covers it.
        NoContract = "no_contract",
        /// Nobody is named.
        Nobody = "nobody",
        /// Topics are left to agree on.
        TopicsOpen = "topics_open",
    }
}

/// A finding of the engine.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gap {
    /// The rule.
    pub rule: Rule,
    /// Position of the item in the edition, for rules about items.
    pub item: Option<usize>,
    /// What it is about.
    pub on: On,
    /// The sides concerned, in order; for [`Rule::NobodyDoes`] those who were asked.
    pub parties: Vec<Party>,
    /// What exactly was found.
    pub why: Why,
    /// For [`Rule::Joint`]: what is left, in the order of [`JointTopic::ALL`].
    pub open: Vec<JointTopic>,
}
