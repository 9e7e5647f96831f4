//! The active catalogue: which generation, how fresh, and how a new one is made and switched to.

use jiff::Timestamp;

/// How fresh the vulnerability information is. Never green by default: a source without data or with old data says so.
#[derive(Clone, Debug, Default)]
pub struct Freshness {
    /// Per source, in display order. Empty = no catalogue at all.
    pub sources: Vec<SourceFreshness>,
    /// Content hash of the active catalogue.
    pub catalogue: Option<String>,
    /// When it was built.
    pub built: Option<Timestamp>,
}

/// State of one source.
#[derive(Clone, Debug)]
pub struct SourceFreshness {
    /// Stable key (`nvd`, `kev`, `csaf`, `jvn`).
    pub source: &'static str,
    /// Records.
    pub records: u64,
    /// Newest record or feed date.
    pub newest: Option<Timestamp>,
    /// Whole days between `newest` and now.
    pub age_days: Option<i64>,
    /// Older than [`STALE_AFTER_DAYS`], or empty.
    pub stale: bool,
}

/// A source older than this is called old (古い) on every page. NVD, KEV and JVN publish every working day.
pub const STALE_AFTER_DAYS: i64 = 14;

impl Freshness {
    /// The source that limits what can be said: a missing or stale one first, else the oldest.
    #[must_use]
    pub fn weakest(&self) -> Option<&SourceFreshness> {
        self.sources.iter().max_by_key(|source| (source.records == 0, source.age_days.unwrap_or(i64::MAX)))
    }
}
