//! What all readers share: their shape, the head of a feed, and the error that ends a file.
//!
//! Every reader of a feed is one function of this shape, whatever the format:
//!
//! ```text
//! pub fn read(file: &str, input: &mut dyn Read, sink: &mut Sink<'_>) -> Result<FeedHead, FormatError>
//! ```
//!
//! - `file` is only the name used in errors (`nvd.tar.zst/2024/CVE-2024-1.json`).
//! - `input` is the unpacked content, usually an entry of [`crate::container`], which holds the limits on inflated
//!   bytes; a reader never asks for a limit on the whole, only for one on the single record it keeps in memory.
//! - `sink` gets each record as soon as it is read, borrowed from a window that is reused: keep a copy or lose it.
//!   A record that cannot be used arrives as a [`Reject`] and the rest of the file is read on.
//! - `Err` means that the file ended early or is not this format. What was handed out before stays valid, but a caller
//!   that needs the whole file must drop it.

use crate::record::{Record, Reject};
use std::io;

/// Receives each record or reject in file order.
pub type Sink<'s> = dyn FnMut(Result<Record<'_>, Reject>) + 's;

/// What a feed says about itself, and what was read from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedHead {
    /// Format name with version, for people: `NVD JSON 1.1`, `KEV JSON`.
    pub format: &'static str,
    /// The feed's own date, ISO 8601 as written; `None` when the format carries none.
    pub date: Option<String>,
    /// The feed's own edition (`catalogVersion` of KEV, the version of an advisory).
    pub edition: Option<String>,
    /// Count of records the feed promises; compare with `records + rejects`.
    pub declared: Option<u64>,
    /// Records handed to the sink.
    pub records: u64,
    /// Rejects handed to the sink.
    pub rejects: u64,
}

impl FeedHead {
    /// A head with no facts yet.
    #[must_use]
    pub fn new(format: &'static str) -> Self {
        Self { format, date: None, edition: None, declared: None, records: 0, rejects: 0 }
    }

    /// Hands one result on and counts it.
    pub fn emit(&mut self, result: Result<Record<'_>, Reject>, sink: &mut Sink<'_>) {
        match result {
            Ok(_) => self.records += 1,
            Err(_) => self.rejects += 1,
        }
        sink(result);
    }
}

/// A file could not be read to its end.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {problem}")]
pub struct FormatError {
    /// The file, and the entry in it, as named by the caller.
    pub file: String,
    /// What is wrong.
    #[source]
    pub problem: Problem,
}

impl FormatError {
    /// An error of the named file.
    #[must_use]
    pub fn new(file: &str, problem: impl Into<Problem>) -> Self {
        Self { file: file.to_owned(), problem: problem.into() }
    }
}

/// What is wrong with a file. Bytes count from 0 in the unpacked content.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Ends in the middle.
    #[error("the file ends early, at byte {byte}: it was cut off on the way")]
    Truncated {
        /// Where the content ends.
        byte: u64,
    },
    /// Another format than asked for.
    #[error("this is not {expected}: {found}")]
    WrongFormat {
        /// Format asked for.
        expected: &'static str,
        /// What was seen instead.
        found: String,
    },
    /// The format's own rules are broken.
    #[error("broken at byte {byte}: {detail}")]
    Broken {
        /// Where.
        byte: u64,
        /// What was met.
        detail: String,
    },
    /// A limit that protects memory and time.
    #[error("{what} is over the limit of {limit}")]
    Limit {
        /// What was counted, with its unit.
        what: &'static str,
        /// The limit.
        limit: u64,
    },
    /// The packing (gz, zst, zip, tar) is broken or over a limit.
    #[error(transparent)]
    Container(#[from] crate::container::ContainerError),
    /// The medium failed.
    #[error("reading failed: {0}")]
    Io(io::Error),
}

impl From<io::Error> for Problem {
    /// Streams of [`crate::container`] pass their typed error through `io::Error`; it is taken out again here.
    fn from(error: io::Error) -> Self {
        match error.downcast::<crate::container::ContainerError>() {
            Ok(container) => Problem::Container(container),
            Err(error) => Problem::Io(error),
        }
    }
}
