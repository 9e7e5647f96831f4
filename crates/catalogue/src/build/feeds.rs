//! Finds out what a file is and reads it.

use super::Builder;
use crate::error::CatalogueError;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use tomomori_formats::container::{self, ContainerError, Limits};
use tomomori_formats::inspect::{self, Kind};
use tomomori_formats::record::Source;
use tomomori_formats::{FeedHead, FormatError, Problem, csaf, eol, jvn, kev, nvd};

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

/// Ends the walk over an archive whose packing is damaged; readers' errors do not, the next entry may be sound.
enum Stop {
    Container(ContainerError),
}

impl From<ContainerError> for Stop {
    fn from(error: ContainerError) -> Self {
        Stop::Container(error)
    }
}

pub(super) fn add_path(builder: &mut Builder, path: &Path) -> Result<(), CatalogueError> {
    // Asked for by name, so it must be there; what stands inside it may be broken.
    std::fs::metadata(path).map_err(CatalogueError::io(path))?;
    // Names go into the file, which travels: they begin at what was given, not at the root of this machine.
    let before = path.parent().map_or(0, |folder| folder.join("").to_string_lossy().len());
    for file in files(path)? {
        let result = container::open::<Stop>(&file, &Limits::default(), &mut |name, input| {
            add_file(builder, name.get(before..).unwrap_or(name), input);
            Ok(())
        });
        if let Err(Stop::Container(error)) = result {
            let path = file.to_string_lossy();
            let name = path.get(before..).unwrap_or(&path);
            let problem = error.to_string().replace(&*path, name);
            builder.failed.push(FileProblem { name: name.to_owned(), problem });
        }
    }
    Ok(())
}

/// The files under a path in the order of their names: one walk each, so that a damaged archive ends only itself.
fn files(path: &Path) -> Result<Vec<PathBuf>, CatalogueError> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let (mut found, mut open) = (Vec::new(), vec![path.to_owned()]);
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).map_err(CatalogueError::io(&folder))? {
            let entry = entry.map_err(CatalogueError::io(&folder))?;
            let kind = entry.file_type().map_err(CatalogueError::io(&folder))?;
            // A linked folder may lead back up; a linked file is only a file.
            if kind.is_dir() {
                open.push(entry.path());
            } else if kind.is_file() || entry.path().is_file() {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}

fn add_file(builder: &mut Builder, name: &str, input: &mut dyn Read) {
    let mut head = Vec::new();
    if let Err(error) = Read::by_ref(&mut &mut *input).take(inspect::HEAD as u64).read_to_end(&mut head) {
        let problem = Problem::from(error).to_string();
        builder.failed.push(FileProblem { name: name.to_owned(), problem });
        return;
    }
    let read = match inspect::recognise(&head) {
        Kind::Nvd11 | Kind::Nvd20 => nvd::read,
        Kind::KevJson | Kind::KevCsv => kev::read,
        Kind::Csaf => csaf::read,
        Kind::JvnVuldef | Kind::JvnRss => jvn::read,
        // A single record without a head, such as Anchore's overrides: the reader tells.
        Kind::Json => nvd::read,
        Kind::Eol => return periods(builder, name, &mut Cursor::new(head).chain(input)),
        // Feeds are never empty; a licence or a note is not missed, a feed that came to nothing is.
        Kind::Empty => {
            let problem = Problem::Empty.to_string();
            builder.failed.push(FileProblem { name: name.to_owned(), problem });
            return;
        }
        _ => {
            builder.skipped.push(name.to_owned());
            return;
        }
    };
    let mut source = None;
    let result = read(name, &mut Cursor::new(head).chain(input), &mut |record| {
        if let Ok(record) = &record {
            source = Some(record.source);
        }
        builder.add(name, record.as_ref());
    });
    finish(builder, name.to_owned(), source, result);
}

/// Product records are no records about vulnerabilities: they have a reader, and a section, of their own.
fn periods(builder: &mut Builder, name: &str, input: &mut dyn Read) {
    let mut head = FeedHead::new("endoflife.date");
    match eol::read(name, input) {
        Err(error) => {
            builder.failed.push(FileProblem { name: name.to_owned(), problem: error.problem.to_string() });
            return;
        }
        Ok(read) => {
            for product in read.products {
                head.date = head.date.max(product.newest.map(|day| day.to_string()));
                let called = product.name.clone().unwrap_or_default();
                match builder.collected.lifetimes.add(product) {
                    Ok(()) => head.records += 1,
                    Err(reason) => {
                        head.rejects += 1;
                        builder.collected.reject(name, &called, reason, "");
                    }
                }
            }
            for note in &read.notes {
                builder.add(name, Err(note));
            }
        }
    }
    finish(builder, name.to_owned(), None, Ok(head));
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
        // A sister format (NVD's lists of names and matches), or JSON of somebody else: no feed, so nothing is missing.
        Err(error) if source.is_none() && matches!(error.problem, Problem::WrongFormat { .. }) => {
            builder.skipped.push(name);
        }
        Err(error) => builder.failed.push(FileProblem { name, problem: error.problem.to_string() }),
    }
}
