//! What the hospital keeps about systems, vendors and contracts beyond their lines in the ledger.

pub mod check;
pub mod deemed;
pub mod standing;

use crate::document::{Content, DocumentKind};
use crate::ids::{ContractId, LineId, ResourceId, VendorId};
use crate::kinds::keyed;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A system (システム): devices that together do one job, e.g. 電子カルテ. The document's id is its key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct System {
    /// Name used in the hospital.
    pub name: String,
    /// Devices that belong to it; one device may belong to several (a shared switch).
    pub resources: Vec<ResourceId>,
    /// No longer used.
    #[serde(default)]
    pub retired: bool,
}

impl Content for System {
    const KIND: DocumentKind = DocumentKind::System;
}

/// A vendor's people and how to reach them. The document's id is the vendor's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VendorCard {
    /// Its people.
    pub people: Vec<Person>,
    /// Free remark.
    pub note: Option<String>,
}

impl Content for VendorCard {
    const KIND: DocumentKind = DocumentKind::VendorCard;
}

/// Somebody to reach.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Name, or the desk's name.
    pub name: String,
    /// What they are responsible for.
    pub duty: Option<String>,
    /// Telephone, as written.
    pub phone: Option<String>,
    /// Mail address.
    pub mail: Option<String>,
    /// When they can be reached, as written.
    pub hours: Option<String>,
    /// To be called in an emergency.
    pub emergency: bool,
}

keyed! {
    /// What a contract is about.
    ContractKind {
        /// 保守
        Maintenance = "maintenance",
        /// 導入・構築
        Build = "build",
        /// サービス利用 (SaaS)
        Service = "service",
        /// リース・レンタル
        Lease = "lease",
        /// 売買 (買い切り)
        Purchase = "purchase",
        /// 回線
        Circuit = "circuit",
        /// その他
        Other = "other",
    }
}

/// What a contract says. The document's id is the contract's. `None` = nobody has said, never *no*.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Type.
    pub kind: Option<ContractKind>,
    /// Last day to say that it shall not go on (更新拒絶・解約の通知期限).
    pub notice_by: Option<Date>,
    /// Does it renew itself?
    pub renews: Option<bool>,
    /// Systems it covers: ids of [`System`] documents.
    pub systems: Vec<uuid::Uuid>,
    /// Devices it covers beside those.
    pub resources: Vec<ResourceId>,
    /// Lines it covers.
    pub lines: Vec<LineId>,
    /// Its clauses, as addressable passages.
    pub clauses: Vec<Clause>,
    /// What was promised in numbers.
    pub sla: Sla,
    /// Subcontracting (再委託).
    pub subcontracting: Subcontracting,
}

impl Content for Terms {
    const KIND: DocumentKind = DocumentKind::Terms;
}

/// A passage that can be pointed to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clause {
    /// Number as printed, e.g. `第5条第2項` or `別紙1 3`. Unique in its contract.
    pub number: String,
    /// Its words, or a summary in the hospital's own.
    pub text: String,
}

/// A passage of a contract.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ClauseRef {
    /// The contract.
    pub contract: ContractId,
    /// Number as printed.
    pub number: String,
}

/// Terms in numbers (SLA). `None` = not agreed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sla {
    /// Deadlines for reports about vulnerabilities.
    pub reports: Vec<ReportTerm>,
    /// Periodic reports, as written.
    pub periodic: Option<String>,
    /// Hours of maintenance, as written.
    pub hours: Option<String>,
    /// Windows for changes, as written.
    pub windows: Option<String>,
    /// Hours until it runs again (RTO).
    pub rto_hours: Option<u32>,
}

keyed! {
    /// What a report is about.
    ReportOn {
        /// 悪用が確認された脆弱性 (KEV)
        Exploited = "exploited",
        /// 緊急
        Critical = "critical",
        /// 重要
        High = "high",
        /// 警告・注意
        Other = "other",
    }
}

keyed! {
    /// How a deadline is counted.
    Unit {
        /// 時間
        Hours = "hours",
        /// 営業日
        BusinessDays = "business_days",
    }
}

/// How soon a vendor reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportTerm {
    /// About what.
    pub on: ReportOn,
    /// Within how many.
    pub within: u32,
    /// Of what.
    pub unit: Unit,
}

/// Whether others do part of the work.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state", content = "by")]
pub enum Subcontracting {
    /// Nobody has said: a gap.
    #[default]
    Unknown,
    /// The vendor does everything itself.
    None,
    /// Others do, these.
    By(Vec<Subcontractor>),
}

/// A subcontractor (再委託先), with its own ones below.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subcontractor {
    /// Name; empty = not told.
    pub name: String,
    /// What it does.
    pub work: Option<String>,
    /// Its own subcontractors.
    #[serde(default)]
    pub below: Vec<Subcontractor>,
}

/// Deepest chain of subcontractors that is kept; deeper ones are an error of entry.
pub const MAX_DEPTH: usize = 8;

impl Subcontracting {
    /// Whether somebody in the chain is not named, or nobody has said whether there is a chain.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        fn nameless(all: &[Subcontractor]) -> bool {
            all.iter().any(|one| one.name.trim().is_empty() || nameless(&one.below))
        }
        match self {
            Subcontracting::Unknown => true,
            Subcontracting::None => false,
            Subcontracting::By(all) => all.is_empty() || nameless(all),
        }
    }
}

/// A side of an agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// The hospital.
    Hospital,
    /// A vendor.
    Vendor(VendorId),
}
