//! Finds out what a file is and reads it.

use super::Builder;
use crate::error::CatalogueError;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use tomomori_formats::record::Source;
use tomomori_formats::{FeedHead, FormatError, nvd};

/// A file that was read as a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRead {
    /// Name, with the entry in the archive.
    pub name: String,
    /// Format, for people.
    pub format: &'static str,
    /// Source of its records; `None` when it held none.
    pub source: Option<Source>,
    /// The feed's own date, ISO 8601 as written.
    pub date: Option<String>,
    /// Records read.
    pub records: u64,
    /// Rejects met.
    pub rejects: u64,
    /// Count the feed promises.
    pub declared: Option<u64>,
}

/// A file that could not be read to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileProblem {
    /// Name, with the entry in the archive.
    pub name: String,
    /// What is wrong and where.
    pub problem: String,
}

pub(super) fn add_path(builder: &mut Builder, path: &Path) -> Result<(), CatalogueError> {
    if path.is_dir() {
        let mut entries = std::fs::read_dir(path)
            .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>())
            .map_err(CatalogueError::io(path))?;
        entries.sort();
        return entries.iter().try_for_each(|entry| add_path(builder, entry));
    }
    let name = path.display().to_string();
    let file = BufReader::with_capacity(1 << 16, File::open(path).map_err(CatalogueError::io(path))?);
    let mut input = flate2::bufread::GzDecoder::new(file);
    let mut source = None;
    let result = nvd::read(&name, &mut input, &mut |record| {
        if let Ok(record) = &record {
            source = Some(record.source);
        }
        builder.add(&name, record.as_ref());
    });
    finish(builder, name.clone(), source, result);
    Ok(())
}

fn finish(builder: &mut Builder, name: String, source: Option<Source>, result: Result<FeedHead, FormatError>) {
    match result {
        Ok(head) => builder.files.push(FileRead {
            name,
            format: head.format,
            source,
            date: head.date,
            records: head.records,
            rejects: head.rejects,
            declared: head.declared,
        }),
        Err(error) => builder.failed.push(FileProblem { name, problem: error.problem.to_string() }),
    }
}
