//! Between domain values and stored text.

use crate::StoreError;
use jiff::{Timestamp, civil::Date};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use tomomori_domain::document::MAX_DOCUMENT;

/// Instant → unix milliseconds.
pub(crate) fn ms(time: Timestamp) -> i64 {
    time.as_millisecond()
}

pub(crate) fn time(ms: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(ms).map_err(|_| StoreError::Corrupt("instant", ms.to_string()))
}

pub(crate) fn date(text: &str) -> Result<Date, StoreError> {
    text.parse().map_err(|_| StoreError::Corrupt("date", text.to_owned()))
}

pub(crate) fn opt_date(text: Option<&str>) -> Result<Option<Date>, StoreError> {
    text.map(date).transpose()
}

/// A stable key → its value; `from` is the enum's `from_key`.
pub(crate) fn key<T>(what: &'static str, text: &str, from: impl Fn(&str) -> Option<T>) -> Result<T, StoreError> {
    from(text).ok_or_else(|| StoreError::Corrupt(what, text.to_owned()))
}

pub(crate) fn opt_key<T>(
    what: &'static str,
    text: Option<&str>,
    from: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, StoreError> {
    text.map(|text| key(what, text, from)).transpose()
}

pub(crate) fn to_json(value: &(impl Serialize + ?Sized)) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Corrupt("JSON", error.to_string()))
}

pub(crate) fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Corrupt("JSON", error.to_string()))
}

/// A document's content, within its largest size.
pub(crate) fn document(content: &impl Serialize) -> Result<String, StoreError> {
    let text = to_json(content)?;
    if text.len() <= MAX_DOCUMENT {
        Ok(text)
    } else {
        Err(StoreError::TooLarge { what: "document", limit: MAX_DOCUMENT })
    }
}

/// Numbers that are never negative and fit, kept as signed integers because both engines have only those.
pub(crate) fn int(value: u32) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}

pub(crate) fn unsigned(value: i32) -> u32 {
    u32::try_from(value).unwrap_or(0)
}

pub(crate) fn count(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}

pub(crate) fn percent(value: i32) -> u8 {
    u8::try_from(value.clamp(0, 100)).unwrap_or(100)
}

/// SHA-256, hex.
pub(crate) fn sha256(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    hex::encode(hasher.finalize())
}
