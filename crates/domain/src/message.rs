//! Text for people, before translation: a key and its arguments.
//!
//! No crate below `web` and `cli` renders text. They return `Msg`, and `tomomori-i18n` turns it into Japanese or English.
//! The build of `tomomori-i18n` scans all sources for `Msg::new("…")` and fails on a key that a language lacks.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A translatable message: a Fluent key plus named arguments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Msg {
    /// Fluent message id, e.g. `import-problem-bad-date`.
    pub key: String,
    /// Named arguments; numbers are passed as text and must already be formatted for people.
    pub args: BTreeMap<String, String>,
}

impl Msg {
    /// A message without arguments. Always call with a literal: the key check reads the source text.
    #[must_use]
    pub fn new(key: &'static str) -> Self {
        Self { key: key.to_owned(), args: BTreeMap::new() }
    }

    /// Adds one argument.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "callers pass numbers and texts alike without a borrow")]
    pub fn arg(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.insert(name.to_owned(), value.to_string());
        self
    }
}
