//! A filled-in form as plain named fields. The page, the offline form and the workbook all come down to these, so there is one
//! place that turns them into items.
//!
//! Names: `n-ID` and `l-ID` hold the answer on a device or line (`confirm`, `correct`, `remove`), `n-ID-FIELD` its values as
//! the form shows them, `r-ID` a remark; `remark` is a remark on the whole; `addK-FIELD`, `addK-uplink` and `wireK-FIELD` describe
//! what is missing.

use crate::AppError;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use tomomori_domain::Msg;
use tomomori_domain::advice::{
    Item, ItemFault, LINE_CORRECTABLE, LINE_FIELDS, MAX_ITEMS, NODE_FIELDS, Part, Subject, Values,
};
use tomomori_domain::import::Field;

/// Blank rows for new devices and lines that a form offers.
pub const NEW_ROWS: usize = 3;

/// Fields by name.
pub type Fields = BTreeMap<String, String>;

/// An answer file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileAnswer {
    /// Code of the form.
    pub code: String,
    /// Who at the vendor answers.
    #[serde(default)]
    pub by: String,
    /// The day as the form's clock had it, `YYYY-MM-DD`.
    #[serde(default)]
    pub on: String,
    /// The fields.
    #[serde(default)]
    pub fields: Fields,
}

/// A field's values as a form shows them in one box.
#[must_use]
pub fn shown(values: &Values, field: Field) -> String {
    values.get(&field).map(|values| values.join("、")).unwrap_or_default()
}

/// The items a filled-in form says. What was left as it was says nothing.
///
/// # Errors
/// [`AppError::Invalid`] for a field the form of this part does not have, or too many items.
pub fn items(fields: &Fields, part: &Part) -> Result<Vec<Item>, AppError> {
    let mut read = Read { fields, used: BTreeSet::new() };
    let mut items = Vec::new();
    for node in &part.nodes {
        let key = node.id.to_string();
        if node.own {
            let subject = Subject::Node(node.id);
            items.extend(read.answer(subject, &format!("n-{key}"), &node.values, &NODE_FIELDS));
        }
        items.extend(read.remark(&format!("r-{key}"), Some(Subject::Node(node.id))));
    }
    for line in &part.lines {
        let (key, subject) = (line.id.to_string(), Subject::Line(line.id));
        items.extend(read.answer(subject, &format!("l-{key}"), &line.values, &LINE_CORRECTABLE));
        items.extend(read.remark(&format!("r-{key}"), Some(subject)));
    }
    for at in 0..MAX_ITEMS {
        let (node, wire) = (format!("add{at}-"), format!("wire{at}-"));
        if at >= NEW_ROWS && !fields.keys().any(|key| key.starts_with(&node) || key.starts_with(&wire)) {
            break;
        }
        let values = read.filled(&node, &NODE_FIELDS);
        let uplink = read.text(&format!("{node}uplink"));
        if !values.is_empty() || !uplink.is_empty() {
            let uplink = match uplink.as_str() {
                "" => None,
                id => Some(id.parse().map_err(|_| unknown(&format!("{node}uplink")))?),
            };
            items.push(Item::NewNode { values, uplink });
        }
        let (from, to) = (read.text(&format!("{wire}from")), read.text(&format!("{wire}to")));
        let values = read.filled(&wire, &LINE_FIELDS);
        if !from.is_empty() || !to.is_empty() {
            items.push(Item::NewLine { from, to, values });
        } else if !values.is_empty() {
            return Err(AppError::Invalid(Msg::new("advice-line-without-ends")));
        }
    }
    items.extend(read.remark("remark", None));
    if let Some(name) = fields.iter().find(|(name, text)| !text.trim().is_empty() && !read.used.contains(*name)) {
        return Err(unknown(name.0));
    }
    if items.len() > MAX_ITEMS {
        return Err(AppError::Invalid(Msg::new("advice-too-many").arg("limit", MAX_ITEMS)));
    }
    Ok(items)
}

fn unknown(name: &str) -> AppError {
    let name: String = name.chars().take(80).collect();
    AppError::Invalid(Msg::new("advice-field-unknown").arg("name", name))
}

/// Why an item cannot be accepted, for people.
#[must_use]
pub fn fault(fault: ItemFault) -> Msg {
    match fault {
        ItemFault::NotShown => Msg::new("advice-fault-not-shown"),
        ItemFault::BadValue => Msg::new("advice-fault-value"),
        ItemFault::Empty => Msg::new("advice-fault-empty"),
    }
}

struct Read<'a> {
    fields: &'a Fields,
    used: BTreeSet<String>,
}

impl Read<'_> {
    fn get(&mut self, name: &str) -> Option<String> {
        self.used.insert(name.to_owned());
        self.fields.get(name).map(|text| text.trim().to_owned())
    }

    fn text(&mut self, name: &str) -> String {
        self.get(name).unwrap_or_default()
    }

    fn filled(&mut self, prefix: &str, fields: &[Field]) -> BTreeMap<Field, String> {
        let value = |field: &Field| {
            let text = self.text(&format!("{prefix}{}", field.key()));
            (!text.is_empty()).then_some((*field, text))
        };
        fields.iter().filter_map(value).collect()
    }

    fn answer(&mut self, subject: Subject, name: &str, shown_values: &Values, fields: &[Field]) -> Option<Item> {
        let mut values = BTreeMap::new();
        for &field in fields {
            // A form without this box says nothing about the field.
            if let Some(text) = self.get(&format!("{name}-{}", field.key()))
                && text != shown(shown_values, field)
            {
                values.insert(field, text);
            }
        }
        match self.text(name).as_str() {
            "remove" => Some(Item::Remove { subject }),
            "confirm" if values.is_empty() => Some(Item::Confirm { subject }),
            "correct" => Some(Item::Correct { subject, values }),
            _ if !values.is_empty() => Some(Item::Correct { subject, values }),
            _ => None,
        }
    }

    fn remark(&mut self, name: &str, subject: Option<Subject>) -> Option<Item> {
        let text = self.text(name);
        (!text.is_empty()).then_some(Item::Remark { subject, text })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tomomori_domain::advice::{PartEnd, PartLine, PartNode};
    use tomomori_domain::ids::{LineId, ResourceId};

    fn part() -> Part {
        let named = |own, name: &str| PartNode {
            id: ResourceId::generate(),
            own,
            values: Values::from([
                (Field::Name, vec![name.to_owned()]),
                (Field::Address, vec!["10.0.0.1".to_owned(), "10.0.0.2".to_owned()]),
            ]),
            uplink: None,
        };
        let nodes = vec![named(true, "PACS"), named(false, "スイッチ")];
        let to = PartEnd::Node(nodes[0].id);
        let line = PartLine { id: LineId::generate(), from: PartEnd::Unknown, to, values: Values::new() };
        Part { nodes, lines: vec![line] }
    }

    fn said(part: &Part, fields: &[(&str, &str)]) -> Result<Vec<Item>, AppError> {
        let key = |name: &str| {
            let name =
                name.replace("OWN", &part.nodes[0].id.to_string()).replace("LINE", &part.lines[0].id.to_string());
            name.replace("NEXT", &part.nodes[1].id.to_string())
        };
        items(&fields.iter().map(|(name, text)| (key(name), (*text).to_owned())).collect(), part)
    }

    #[test]
    fn forms_become_items() {
        let part = part();
        let (own, line) = (Subject::Node(part.nodes[0].id), Subject::Line(part.lines[0].id));
        let one = |field, text: &str| BTreeMap::from([(field, text.to_owned())]);
        let as_shown = [("n-OWN-name", "PACS"), ("n-OWN-address", "10.0.0.1、10.0.0.2"), ("n-OWN-version", "")];
        for (fields, want) in [
            (vec![], vec![]),
            (as_shown.to_vec(), vec![]),
            (vec![("n-OWN", "confirm")], vec![Item::Confirm { subject: own }]),
            ([as_shown.as_slice(), &[("n-OWN", "confirm")]].concat(), vec![Item::Confirm { subject: own }]),
            (
                vec![("n-OWN", "confirm"), ("n-OWN-version", "12")],
                vec![Item::Correct { subject: own, values: one(Field::Version, "12") }],
            ),
            (vec![("n-OWN", "remove"), ("n-OWN-version", "12")], vec![Item::Remove { subject: own }]),
            (vec![("n-OWN", "correct")], vec![Item::Correct { subject: own, values: BTreeMap::new() }]),
            (
                vec![("l-LINE-via", "RTX830"), ("r-LINE", "常時です")],
                vec![
                    Item::Correct { subject: line, values: one(Field::Via, "RTX830") },
                    Item::Remark { subject: Some(line), text: "常時です".into() },
                ],
            ),
            (
                vec![("add0-name", "保存サーバ"), ("add0-uplink", &part.nodes[1].id.to_string())],
                vec![Item::NewNode { values: one(Field::Name, "保存サーバ"), uplink: Some(part.nodes[1].id) }],
            ),
            (
                vec![("wire1-from", "センター"), ("wire1-to", "PACS"), ("wire1-protocol", "VPN")],
                vec![Item::NewLine {
                    from: "センター".into(), to: "PACS".into(), values: one(Field::Protocol, "VPN")
                }],
            ),
            (vec![("remark", " 以上です ")], vec![Item::Remark { subject: None, text: "以上です".into() }]),
        ] {
            assert_eq!(said(&part, &fields).unwrap(), want, "{fields:?}");
        }
    }

    #[test]
    fn nothing_said_is_lost_in_silence() {
        let part = part();
        for fields in [
            [("n-NEXT", "confirm")],
            [("n-0192f0c1-0000-7000-8000-000000000000", "confirm")],
            [("n-OWN-note", "x")],
            [("wire0-protocol", "VPN")],
            [("add0-uplink", "スイッチ")],
        ] {
            assert!(matches!(said(&part, &fields), Err(AppError::Invalid(_))), "{fields:?}");
        }
    }
}
