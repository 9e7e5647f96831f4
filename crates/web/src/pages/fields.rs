//! Forms whose fields are as many as the rows they stand for.

use jiff::civil::Date;
use serde::Deserialize;
use tomomori_domain::Msg;

/// The fields of a posted form, in order; a name may stand several times.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// The first value of a field that is not blank.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let named = self.0.iter().filter(|(given, _)| given == name).map(|(_, value)| value.trim());
        named.into_iter().find(|value| !value.is_empty())
    }

    /// The first value of a field that is not blank, as a text of its own.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.get(name).map(str::to_owned)
    }

    /// All values of a field that are not blank.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(given, _)| given == name).map(|(_, value)| value.trim()).filter(|v| !v.is_empty())
    }

    /// Fields of one kind for many rows: what stands behind the prefix names the row.
    pub(crate) fn rows<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.iter().filter_map(move |(name, value)| Some((name.strip_prefix(prefix)?, value.trim())))
    }

    /// A day, or nothing where the field is blank.
    pub(crate) fn day(&self, name: &str) -> Result<Option<Date>, Msg> {
        self.get(name).map(day).transpose()
    }
}

/// A day as people or browsers write it.
pub(crate) fn day(text: &str) -> Result<Date, Msg> {
    tomomori_domain::date::parse(text).map_err(|_| Msg::new("safeguard-bad-date"))
}
