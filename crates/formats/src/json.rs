//! Parsing one JSON record from borrowed bytes, and the reasons why one is rejected.

use crate::elements::MAX_DEPTH;
use crate::feed::{FeedHead, Sink};
use crate::record::{Record, Reject, Str};
use serde::Deserialize;
use std::borrow::Cow;

/// A string borrowed from the record unless it has escapes. (Inside `Option` and `Vec`, serde borrows only with a
/// type of its own.)
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct S<'a>(#[serde(borrow)] pub(crate) Str<'a>);

/// Why a record is rejected. One text per cause, so that rejects can be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Not sound JSON, or not shaped like a record of this format.
    Shape,
    /// No usable id.
    NoId,
    /// A value outside what the format allows.
    Value,
    /// A CPE name that cannot be read.
    Cpe,
    /// Nested too deep.
    Depth,
}

impl Fault {
    fn reason(self) -> &'static str {
        match self {
            Fault::Shape => "not shaped like a record of this format",
            Fault::NoId => "the record has no usable id",
            Fault::Value => "a value the format does not allow",
            Fault::Cpe => "a CPE name that cannot be read",
            Fault::Depth => "nested too deep",
        }
    }
}

/// A record that cannot be used.
#[derive(Debug)]
pub(crate) struct Broken {
    id: Option<String>,
    fault: Fault,
    detail: String,
}

impl Broken {
    pub(crate) fn new(id: &str, fault: Fault, detail: impl Into<String>) -> Self {
        let id = (fault != Fault::NoId).then(|| id.chars().take(60).collect());
        Self { id, fault, detail: detail.into() }
    }

    /// The reject, named by its place when it has no id.
    pub(crate) fn reject(self, place: &str, where_in_file: &str) -> Reject {
        Reject {
            record: self.id.unwrap_or_else(|| place.to_owned()),
            reason: self.fault.reason(),
            detail: format!("{} ({where_in_file})", self.detail),
        }
    }
}

impl From<serde_json::Error> for Broken {
    fn from(error: serde_json::Error) -> Self {
        Self { id: None, fault: Fault::Shape, detail: error.to_string() }
    }
}

/// Parses one value.
pub(crate) fn parse<'a, T: Deserialize<'a>>(value: &'a [u8]) -> Result<T, serde_json::Error> {
    serde_json::from_slice(value)
}

/// A value that is a short string.
pub(crate) fn text(value: &[u8]) -> Option<String> {
    parse::<Cow<'_, str>>(value).ok().map(|text| text.chars().take(60).collect())
}

/// Nesting of a whole value.
pub(crate) fn depth(value: &[u8]) -> u32 {
    crate::elements::depth(value)
}

/// Parses one element at `(index, byte, depth)` and hands it on, or the reject in its place.
pub(crate) fn emit<'a>(
    head: &mut FeedHead,
    value: &'a [u8],
    (index, byte, depth): (u64, u64, u32),
    record: impl FnOnce(&'a [u8]) -> Result<Record<'a>, Broken>,
    sink: &mut Sink<'_>,
) {
    let parsed = if depth > MAX_DEPTH {
        Err(Broken { id: None, fault: Fault::Depth, detail: format!("{depth} levels, at most {MAX_DEPTH}") })
    } else {
        record(value)
    };
    let result =
        parsed.map_err(|broken| broken.reject(&format!("#{index}"), &format!("record {index} at byte {byte}")));
    head.emit(result, sink);
}
