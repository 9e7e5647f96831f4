//! Things a person should look at (要確認): doubts about rows, disagreements, gaps on the wire. Each says what was found and
//! where, and offers answers, one of them recommended. Nothing is dropped and nothing is decided in silence.

use crate::ids::{LineId, RecordId, ResourceId};
use crate::import::{Field, Place};
use crate::kinds::keyed;
use crate::message::Msg;
use serde::{Deserialize, Serialize};

keyed! {
    /// What was noticed, the weightiest first.
    CheckKind {
        /// Two rows may be one box; stays two until a person says so.
        SameBox = "same_box",
        /// Rows under different names were taken for one box.
        TwoNames = "two_names",
        /// A box on the wire that no list names.
        Stranger = "stranger",
        /// A box was seen in another zone than the lists say.
        Moved = "moved",
        /// A line ends nowhere the ledger knows, or passes a device it does not know.
        OpenLine = "open_line",
        /// Nobody has seen the box although its surroundings were seen.
        Unseen = "unseen",
        /// A contract under which nothing stands.
        IdleContract = "idle_contract",
        /// Lists disagree about a field.
        Contradiction = "contradiction",
        /// A serial number, asset number or MAC stands in several rows of one list.
        Doubled = "doubled",
        /// A word that should name something in the ledger names nothing.
        Reference = "reference",
        /// A cell could not be read, or only with a doubt.
        Cell = "cell",
    }
}

impl CheckKind {
    /// A gap in what is known: a box nobody owns, a line that ends nowhere, a cell that says nothing. A person may let it be,
    /// but that is never recommended and never done for many at once: unknown is not safe.
    #[must_use]
    pub fn is_gap(self) -> bool {
        !matches!(self, CheckKind::SameBox | CheckKind::TwoNames | CheckKind::Moved | CheckKind::Contradiction)
    }

    /// Whether the ledger is not complete until a person has answered. Everything else is used as it is until then.
    #[must_use]
    pub fn needs_decision(self) -> bool {
        self == CheckKind::SameBox
    }
}

/// An answer that can be given to a check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "do")]
pub enum Remedy {
    /// The two rows are one box.
    Join {
        /// Lineage of one row.
        one: RecordId,
        /// Lineage of the other.
        other: RecordId,
    },
    /// The two rows are two boxes.
    KeepApart {
        /// Lineage of one row.
        one: RecordId,
        /// Lineage of the other.
        other: RecordId,
    },
    /// Write a value by hand.
    Set {
        /// The device.
        resource: ResourceId,
        /// Which field.
        field: Field,
        /// The value, as the field is stored.
        value: String,
    },
    /// It is right as it is.
    Leave,
}

/// One thing to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What makes it the same thing after the next import; it holds the facts, so that other facts ask again.
    pub key: String,
    /// What was noticed.
    pub kind: CheckKind,
    /// The device it is about.
    pub resource: Option<ResourceId>,
    /// The line it is about.
    pub line: Option<LineId>,
    /// Where it stands: file, sheet, cell.
    pub place: Option<Place>,
    /// What was found, and what it means.
    pub msg: Msg,
    /// Answers, the recommended one first; about a gap none is recommended ([`CheckKind::is_gap`]).
    pub answers: Vec<Remedy>,
}
