//! What can go wrong with a catalogue file, named by section so that a person knows whether to copy it again or to rebuild.

use std::io;
use std::path::{Path, PathBuf};

/// A catalogue could not be opened, read or written.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// The medium failed.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// Another kind of file.
    #[error("{} is not a Tomomori catalogue", path.display())]
    NotACatalogue {
        /// The file.
        path: PathBuf,
    },
    /// Written by a newer program.
    #[error("the catalogue has format {found}, this program reads up to {supported}: update the program")]
    NewerFormat {
        /// Major version of the file.
        found: u16,
        /// Newest major version this program reads.
        supported: u16,
    },
    /// Shorter than its own header says: cut off while copying.
    #[error("section {section} ends at byte {needed}, the file has only {found}: it was cut off, copy it again")]
    Truncated {
        /// First section that is not whole.
        section: &'static str,
        /// Bytes that should be there.
        needed: u64,
        /// Bytes that are there.
        found: u64,
    },
    /// The bytes are not the ones that were written.
    #[error("section {section} is damaged ({detail}): copy the file again or rebuild it")]
    Corrupt {
        /// The section.
        section: &'static str,
        /// What was met.
        detail: String,
    },
    /// No signature, and the caller asked for one.
    #[error("the catalogue is not signed")]
    Unsigned,
    /// The signature does not fit the content.
    #[error("the signature does not fit the content")]
    BadSignature,
    /// Signed, but by none of the keys the caller trusts.
    #[error("the catalogue is signed by an unknown key {key}")]
    UnknownKey {
        /// Public key, hex.
        key: String,
    },
    /// A key file does not hold a key.
    #[error("{} does not hold a key of the expected form", path.display())]
    BadKey {
        /// The key file.
        path: PathBuf,
    },
    /// Two builds write the same file.
    #[error("another build is writing {}", path.display())]
    Busy {
        /// The temporary file in use.
        path: PathBuf,
    },
    /// The input is larger than the format can address.
    #[error("{what} is over the limit of {limit}")]
    Limit {
        /// What was counted.
        what: &'static str,
        /// The limit.
        limit: u64,
    },
}

impl CatalogueError {
    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        move |source| Self::Io { path: path.to_owned(), source }
    }

    pub(crate) fn corrupt(section: &'static str, detail: impl Into<String>) -> Self {
        Self::Corrupt { section, detail: detail.into() }
    }
}
