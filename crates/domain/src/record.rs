//! What sources say, kept row by row. The ledger is computed from these records and from people's decisions; it is never
//! written by itself, so the order in which files arrive does not matter and every step can be taken back.
//!
//! A record is one row of one list (or one edit by hand). It is never overwritten: a newer version of the row ends it
//! (`until`) and begins another one (`since`) with the same lineage. The history of a field is therefore the records
//! that state it, ended ones included.

use crate::ids::{ChangeId, RecordId, ResourceId};
use crate::import::{Field, Place, TableKind, Value};
use crate::kinds::{Grade, keyed};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// One row as one source states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Key within the tenant.
    pub id: RecordId,
    /// First version of the same row; decisions about a row name this.
    pub lineage: RecordId,
    /// What the row describes.
    pub table: TableKind,
    /// Which list: the same for next year's version of the same file ([`source_key`]), [`Record::HAND`] for edits.
    pub source: String,
    /// Which row of the list: what makes it the same row in the next version.
    pub key: String,
    /// How good the statement is.
    pub grade: Grade,
    /// Day of the statement: of the observation, or the day the list was brought.
    pub seen: Date,
    /// The resource the row is taken for now.
    pub home: Option<ResourceId>,
    /// The resource the row was first taken for: a box taken apart gets its id back by it.
    pub origin: Option<ResourceId>,
    /// What it states. A value with an empty text says that a person cleared the field.
    pub values: Vec<Value>,
    /// Where the row stood.
    pub place: Place,
    /// Who entered it, for edits and vendors' statements.
    pub by: Option<String>,
    /// Change that brought it.
    pub since: ChangeId,
    /// Newest change that still held the row; a row that vanished from its list lags behind the list's other rows.
    pub listed: ChangeId,
    /// Change that ended it.
    pub until: Option<ChangeId>,
}

impl Record {
    /// Source of edits by a person of the hospital.
    pub const HAND: &'static str = "";

    /// Entered by a person in this program.
    #[must_use]
    pub fn is_by_hand(&self) -> bool {
        self.source == Self::HAND
    }

    /// First value of a field.
    #[must_use]
    pub fn get(&self, field: Field) -> Option<&str> {
        self.all(field).next().map(|value| value.text.as_str())
    }

    /// All values of a field.
    pub fn all(&self, field: Field) -> impl Iterator<Item = &Value> {
        self.values.iter().filter(move |value| value.field == field)
    }

    /// The same statements, wherever they stood.
    #[must_use]
    pub fn says_the_same(&self, other: &[Value]) -> bool {
        let said = |values: &[Value]| {
            let mut said: Vec<(Field, String, Option<String>)> =
                values.iter().map(|value| (value.field, value.text.clone(), value.label.clone())).collect();
            said.sort_unstable();
            said
        };
        self.values.len() == other.len() && said(&self.values) == said(other)
    }
}

keyed! {
    /// What kind of step changed the ledger.
    ChangeKind {
        /// Files were taken in.
        Import = "import",
        /// A person edited fields.
        Edit = "edit",
        /// A person decided which rows are one box.
        Decision = "decision",
        /// A round of stocktaking was entered.
        Stocktake = "stocktake",
        /// A vendor's word was accepted.
        Advice = "advice",
        /// An earlier step was taken back.
        Undo = "undo",
        /// The ledger of an earlier version of this program was taken over.
        Upgrade = "upgrade",
    }
}

/// One step that changed the ledger: what is shown in the history and can be taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeStep {
    /// Key within the tenant.
    pub id: ChangeId,
    /// What kind of step.
    pub kind: ChangeKind,
    /// When.
    pub at: jiff::Timestamp,
    /// Who.
    pub by: String,
    /// What it was, for people: file names, or the name of the device.
    pub title: String,
    /// The step that took this one back.
    pub undone_by: Option<ChangeId>,
}

/// A person's word on whether two rows tell of one box. It outranks every mark.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sameness {
    /// Lineage of one row.
    pub one: RecordId,
    /// Lineage of the other.
    pub other: RecordId,
    /// One box, or two.
    pub same: bool,
}

/// Name of the list a file is a version of: without dates, numbers of years and copies, so that
/// `機器台帳_2026年度.xlsx` and `機器台帳_2027年度 (1).xlsx` are one list. `part` is the sheet, or what a file of fixed
/// meaning is about.
#[must_use]
pub fn source_key(file: &str, part: Option<&str>, table: TableKind) -> String {
    let folded = crate::text::fold(file);
    let stem = folded.rsplit_once('.').map_or(folded.as_str(), |(stem, _)| stem);
    let mut name = stem.replace("コピー", "").replace("copy", "").replace("最新", "").replace("年度", "");
    name.retain(|c| !c.is_ascii_digit() && !"年月日-_ .()（）~".contains(c));
    let part = part.map(crate::text::fold).unwrap_or_default();
    let name = if name.is_empty() { stem } else { &name };
    format!("{name}|{part}|{}", table.key())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_one_list_share_their_key() {
        let key = |file| source_key(file, Some("機器一覧"), TableKind::Resources);
        for other in
            ["機器台帳_2027年度.xlsx", "機器台帳_2026年度 - コピー.xlsx", "機器台帳 20261120(2).xlsx", "機器台帳.csv"]
        {
            assert_eq!(key("機器台帳_2026年度.xlsx"), key(other), "{other}");
        }
        assert_ne!(key("機器台帳.xlsx"), key("納品一覧.xlsx"));
        assert_ne!(key("機器台帳.xlsx"), source_key("機器台帳.xlsx", Some("回線"), TableKind::Lines));
        assert_ne!(key("2026.csv"), key("2027.csv"));
    }
}
