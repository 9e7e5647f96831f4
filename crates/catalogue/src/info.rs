//! What a catalogue says about itself: sources, dates, counts, rejects.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Header of a catalogue file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Header {
    pub(crate) sequence: u64,
    pub(crate) content: String,
    pub(crate) built: Timestamp,
    pub(crate) vulnerabilities: u64,
    pub(crate) products: u64,
    pub(crate) sources: Vec<SourceInfo>,
    pub(crate) rejects: Vec<RejectCount>,
    pub(crate) sections: Vec<SectionEntry>,
}

/// A section in the directory; `start` counts from the begin of the data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct SectionEntry {
    pub(crate) name: String,
    pub(crate) start: u64,
    pub(crate) length: u64,
}

/// What one source contributed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceInfo {
    /// Stable key: `nvd`, `kev`, `csaf`, `jvn`, `eol` (support periods; its records are products).
    pub source: String,
    /// Records kept (after older sightings of the same record were replaced).
    pub records: u64,
    /// Of these, withdrawn or rejected: shown, never matched.
    pub rejected: u64,
    /// Of these, without any statement about products: unknown, which is not the same as not affected.
    pub without_products: u64,
    /// Newest date a record carries (modified, else published, else added), ISO 8601 as written.
    pub newest_record: Option<String>,
    /// Newest date a feed file carries, ISO 8601 as written.
    pub feed_date: Option<String>,
    /// Oldest date a feed file carries, ISO 8601 as written: the day up to which *everything* of this source is known. A
    /// fresh page with three records does not make eighteen stale yearly feeds fresh. Each KEV file is the whole list, so
    /// for KEV it is the newest. Files without a date (single records) do not count; `None` = no file has one.
    pub oldest_feed_date: Option<String>,
}

/// Records or parts of records that could not be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectCount {
    /// Why; the same text for the same cause.
    pub reason: String,
    /// How many.
    pub count: u64,
    /// Up to three, as `file: record: detail`.
    pub examples: Vec<String>,
}

/// What a catalogue says about itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Info {
    /// Format `major.minor`.
    pub format: String,
    /// Rises with every build; a lower one than the active is a rollback.
    pub sequence: u64,
    /// SHA-256 of the content without build time, hex.
    pub content: String,
    /// When it was built.
    pub built: Timestamp,
    /// Public key of the signature, hex; `None` = not signed.
    pub signed_by: Option<String>,
    /// Vulnerabilities, withdrawn ones included.
    pub vulnerabilities: u64,
    /// Products named by at least one applicability tree.
    pub products: u64,
    /// What each source contributed; a source that gave nothing is listed with 0, because an empty feed is an alarm.
    pub sources: Vec<SourceInfo>,
    /// What could not be used.
    pub rejects: Vec<RejectCount>,
    /// Bytes of the file.
    pub bytes: u64,
}
