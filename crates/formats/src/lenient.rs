//! Reading JSON of careless writers: take what has the right shape, note the JSON pointer of what has not.

use crate::record::Reject;
use serde_json::Value;

/// Collects what was left out, and reads JSON parts leniently.
#[derive(Default)]
pub(crate) struct Notes {
    /// The document or record they are about.
    pub(crate) record: String,
    /// What was left out, in order.
    pub(crate) found: Vec<Reject>,
}

impl Notes {
    /// Notes one thing left out; `detail` starts with its JSON pointer.
    pub(crate) fn add(&mut self, reason: &'static str, detail: String) {
        self.found.push(Reject { record: self.record.clone(), reason, detail });
    }

    /// A text that may be missing; noted when it is there and not a text. An empty one counts as missing.
    pub(crate) fn text<'a>(&mut self, owner: &'a Value, key: &str, at: &str) -> Option<&'a str> {
        match owner.get(key) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text.as_str()).filter(|text| !text.is_empty()),
            Some(_) => {
                self.add("not a text", format!("{at}/{key}"));
                None
            }
        }
    }

    /// A text that must be there.
    pub(crate) fn needed<'a>(&mut self, owner: &'a Value, key: &str, at: &str) -> Option<&'a str> {
        let text = self.text(owner, key, at);
        if text.is_none() && owner.get(key).is_none_or(|value| value.is_null() || value == "") {
            self.add("missing", format!("{at}/{key}"));
        }
        text
    }

    /// A list that may be missing; noted when it is there and not a list.
    pub(crate) fn list<'a>(&mut self, owner: &'a Value, key: &str, at: &str) -> &'a [Value] {
        match owner.get(key) {
            None | Some(Value::Null) => &[],
            Some(Value::Array(items)) => items,
            Some(_) => {
                self.add("not a list", format!("{at}/{key}"));
                &[]
            }
        }
    }
}
