//! What a vendor says, item by item, and whether it fits what it was shown.

use super::{LINE_CORRECTABLE, LINE_FIELDS, MAX_CHARS, NODE_FIELDS, Part};
use crate::ids::{LineId, ResourceId};
use crate::import::Field;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What an item speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A device of the part.
    Node(ResourceId),
    /// A line of the part.
    Line(LineId),
}

/// One thing a vendor says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "say", rename_all = "snake_case", deny_unknown_fields)]
pub enum Item {
    /// As shown, it is right.
    Confirm {
        /// What.
        subject: Subject,
    },
    /// These values are wrong; an empty text means that there is none.
    Correct {
        /// What.
        subject: Subject,
        /// The right ones; several addresses are separated by `、`.
        values: BTreeMap<Field, String>,
    },
    /// It is no longer there.
    Remove {
        /// What.
        subject: Subject,
    },
    /// A device of the vendor that is missing.
    NewNode {
        /// Its values, the name among them.
        values: BTreeMap<Field, String>,
        /// A shown device it is plugged into.
        uplink: Option<ResourceId>,
    },
    /// A line of the vendor that is missing.
    NewLine {
        /// From where, in words.
        from: String,
        /// To where, in words.
        to: String,
        /// What is known of it.
        values: BTreeMap<Field, String>,
    },
    /// A remark.
    Remark {
        /// On what; nothing = on the whole.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        subject: Option<Subject>,
        /// The words.
        text: String,
    },
}

impl Item {
    /// What it speaks of; new things have no subject.
    #[must_use]
    pub fn subject(&self) -> Option<Subject> {
        match self {
            Item::Confirm { subject } | Item::Correct { subject, .. } | Item::Remove { subject } => Some(*subject),
            Item::Remark { subject, .. } => *subject,
            Item::NewNode { .. } | Item::NewLine { .. } => None,
        }
    }
}

/// What a vendor answers to one request: the content of an answer file, and what a log-in posts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// Which request, by the code its form carries. It proves nothing but which form was filled in.
    pub code: String,
    /// Who at the vendor answers.
    pub by: String,
    /// The day, as they state it.
    pub on: Date,
    /// What they say.
    pub items: Vec<Item>,
}

/// Why an item cannot be accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemFault {
    /// It speaks of something the request did not show, or of a neighbour's facts.
    NotShown,
    /// A value is too long, or of a field that cannot be answered.
    BadValue,
    /// A new device without name, a new line without ends, an empty remark or correction.
    Empty,
}

impl ItemFault {
    /// Holds an item against the part that was sent.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(item: &Item, part: &Part) -> Result<(), ItemFault> {
        let node = |id: ResourceId| part.nodes.iter().find(|node| node.id == id);
        let filled = |text: &str| !text.trim().is_empty();
        let fits = |text: &str| text.chars().count() <= MAX_CHARS && !text.contains('\0');
        let shown = match item.subject() {
            None => true,
            Some(Subject::Node(id)) => node(id).is_some_and(|node| node.own || matches!(item, Item::Remark { .. })),
            Some(Subject::Line(id)) => part.lines.iter().any(|line| line.id == id),
        };
        if !shown {
            return Err(ItemFault::NotShown);
        }
        let allowed = |values: &BTreeMap<Field, String>, fields: &[Field]| {
            values.iter().all(|(field, text)| fields.contains(field) && fits(text))
        };
        let (sound, full) = match item {
            Item::Confirm { .. } | Item::Remove { .. } => (true, true),
            Item::Correct { subject: Subject::Node(_), values } => {
                let named = values.get(&Field::Name).is_none_or(|name| filled(name));
                (allowed(values, &NODE_FIELDS), !values.is_empty() && named)
            }
            Item::Correct { subject: Subject::Line(_), values } => {
                (allowed(values, &LINE_CORRECTABLE), !values.is_empty())
            }
            Item::NewNode { values, uplink } => {
                if uplink.is_some_and(|id| node(id).is_none()) {
                    return Err(ItemFault::NotShown);
                }
                (allowed(values, &NODE_FIELDS), values.get(&Field::Name).is_some_and(|name| filled(name)))
            }
            Item::NewLine { from, to, values } => {
                (allowed(values, &LINE_FIELDS) && fits(from) && fits(to), filled(from) && filled(to))
            }
            Item::Remark { text, .. } => (fits(text), filled(text)),
        };
        match (sound, full) {
            (false, _) => Err(ItemFault::BadValue),
            (_, false) => Err(ItemFault::Empty),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advice::{PartEnd, PartLine, PartNode, Values};

    fn node(own: bool) -> PartNode {
        let values = Values::from([(Field::Name, vec!["PACS".to_owned()])]);
        PartNode { id: ResourceId::generate(), own, values, uplink: None }
    }

    #[test]
    fn items_are_held_against_what_was_shown() {
        let (own, neighbour) = (node(true), node(false));
        let line = PartLine {
            id: LineId::generate(),
            from: PartEnd::Unknown,
            to: PartEnd::Node(own.id),
            values: Values::new(),
        };
        let (mine, other, wire) = (Subject::Node(own.id), Subject::Node(neighbour.id), Subject::Line(line.id));
        let nowhere = Subject::Node(ResourceId::generate());
        let part = Part { nodes: vec![own.clone(), neighbour.clone()], lines: vec![line] };
        let one = |field, text: &str| BTreeMap::from([(field, text.to_owned())]);
        let remark = |subject, text: &str| Item::Remark { subject, text: text.to_owned() };
        for (item, want) in [
            (Item::Confirm { subject: mine }, Ok(())),
            (Item::Confirm { subject: wire }, Ok(())),
            (Item::Confirm { subject: other }, Err(ItemFault::NotShown)),
            (Item::Remove { subject: nowhere }, Err(ItemFault::NotShown)),
            (Item::Correct { subject: mine, values: one(Field::Version, "12") }, Ok(())),
            (Item::Correct { subject: mine, values: one(Field::Serial, "") }, Ok(())),
            (Item::Correct { subject: mine, values: one(Field::Name, " ") }, Err(ItemFault::Empty)),
            (Item::Correct { subject: mine, values: BTreeMap::new() }, Err(ItemFault::Empty)),
            (Item::Correct { subject: mine, values: one(Field::Note, "x") }, Err(ItemFault::BadValue)),
            (Item::Correct { subject: wire, values: one(Field::Via, "RTX") }, Ok(())),
            (Item::Correct { subject: wire, values: one(Field::Protocol, "SSH") }, Err(ItemFault::BadValue)),
            (Item::NewNode { values: one(Field::Name, "保存サーバ"), uplink: Some(neighbour.id) }, Ok(())),
            (Item::NewNode { values: one(Field::Product, "x"), uplink: None }, Err(ItemFault::Empty)),
            (
                Item::NewNode { values: one(Field::Name, "x"), uplink: Some(ResourceId::generate()) },
                Err(ItemFault::NotShown),
            ),
            (Item::NewLine { from: "センター".into(), to: "PACS".into(), values: one(Field::Protocol, "VPN") }, Ok(())),
            (
                Item::NewLine { from: "センター".into(), to: String::new(), values: BTreeMap::new() },
                Err(ItemFault::Empty),
            ),
            (remark(Some(other), "うちの機器です"), Ok(())),
            (remark(None, &"あ".repeat(MAX_CHARS + 1)), Err(ItemFault::BadValue)),
            (remark(None, ""), Err(ItemFault::Empty)),
        ] {
            assert_eq!(ItemFault::check(&item, &part), want, "{item:?}");
        }
    }
}
