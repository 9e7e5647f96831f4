//! Building a catalogue: records in, one file out.

mod collect;
mod feeds;
mod intern;
mod measure;
mod tree;
mod write;

pub use feeds::{FileProblem, FileRead};
pub use measure::{Usage, peak_memory, usage};

use crate::error::CatalogueError;
use crate::info::{Info, RejectCount, SourceInfo};
use collect::Collected;
use ed25519_dalek::SigningKey;
use jiff::Timestamp;
use std::path::Path;
use tomomori_formats::record::{Record, Reject};

/// How the file is stamped.
#[derive(Clone, Copy, Debug)]
pub struct Stamp<'a> {
    /// Sequence number; must be higher than that of the catalogue it replaces.
    pub sequence: u64,
    /// Build time; the only thing that differs between two builds from the same input.
    pub built: Timestamp,
    /// Key to sign with; `None` leaves the file unsigned.
    pub key: Option<&'a SigningKey>,
}

/// What a build did.
#[derive(Clone, Debug)]
pub struct Summary {
    /// What the new file says about itself.
    pub info: Info,
    /// Files (entries of archives count one each) that were read as feeds.
    pub files: Vec<FileRead>,
    /// Files that could not be read to their end; what was read before that point is in the catalogue.
    pub failed: Vec<FileProblem>,
    /// Files that are no feed this program knows.
    pub skipped: Vec<String>,
    /// Records per source, newest dates.
    pub sources: Vec<SourceInfo>,
    /// What could not be used, by reason.
    pub rejects: Vec<RejectCount>,
    /// Processor and wall-clock time, peak memory.
    pub usage: Usage,
}

/// Collects records and writes the file.
pub struct Builder {
    collected: Collected,
    files: Vec<FileRead>,
    failed: Vec<FileProblem>,
    skipped: Vec<String>,
    started: measure::Started,
}

impl Default for Builder {
    fn default() -> Self {
        Self::new()
    }
}

impl Builder {
    /// An empty catalogue to be.
    #[must_use]
    pub fn new() -> Self {
        Self {
            collected: Collected::default(),
            files: Vec::new(),
            failed: Vec::new(),
            skipped: Vec::new(),
            started: measure::Started::now(),
        }
    }

    /// Reads a file, or all files of a directory in the order of their names, whatever they are packed in.
    ///
    /// # Errors
    /// Only when the path itself cannot be read. A broken file is listed in [`Summary::failed`], an unknown one in
    /// [`Summary::skipped`]; the build goes on.
    pub fn add_path(&mut self, path: &Path) -> Result<(), CatalogueError> {
        feeds::add_path(self, path)
    }

    /// Takes one record, as [`Builder::add_path`] does for every record it reads. `file` is named in rejects.
    pub fn add(&mut self, file: &str, record: Result<&Record<'_>, &Reject>) {
        match record {
            Ok(record) => self.collected.add(file, record),
            Err(reject) => self.collected.reject(file, &reject.record, reject.reason, &reject.detail),
        }
    }

    /// Writes the catalogue under a temporary name beside `out`, syncs it and renames it: at any moment `out` is the
    /// old file or the new one.
    ///
    /// # Errors
    /// The file cannot be written, another build is writing it, or the content is larger than the format can address.
    pub fn finish(self, out: &Path, stamp: Stamp<'_>) -> Result<Summary, CatalogueError> {
        let Self { mut collected, files, failed, skipped, started } = self;
        // Also in the file, so that whoever opens it later sees that a feed was not whole.
        for file in &failed {
            collected.reject(&file.name, "", "file could not be read to its end", &file.problem);
        }
        let info = write::write(collected, &files, out, stamp)?;
        Ok(Summary {
            sources: info.sources.clone(),
            rejects: info.rejects.clone(),
            info,
            files,
            failed,
            skipped,
            usage: started.usage(),
        })
    }
}
