//! What typst may see: our templates, the files we hand over, our fonts. No file system, no network, no packages, no clock.

use crate::ReportError;
use crate::fonts::Fonts;
use std::sync::LazyLock;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::ecow::EcoVec;
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

/// What all templates share.
const FRAME: &str = include_str!("../templates/frame.typ");

/// How often a remembered result may stay unused before it is forgotten. Typst keeps what it computed for the next paper;
/// without this a server would grow with every paper it ever made.
const KEEP: usize = 2;

/// One paper in the making.
struct Desk {
    fonts: &'static Fonts,
    main: Source,
    frame: Source,
    files: Vec<(FileId, Bytes)>,
}

/// Sets `template` with `files` (name from `/`, content) and writes it as PDF. Deterministic: no date and no random
/// identifier goes into the file.
pub(crate) fn pdf(fonts: &'static Fonts, template: &str, files: Vec<(&str, Vec<u8>)>) -> Result<Vec<u8>, ReportError> {
    let files = files.into_iter().map(|(name, bytes)| Ok((id(name)?, Bytes::new(bytes)))).collect::<Result<_, _>>()?;
    let desk = Desk {
        fonts,
        main: Source::new(id("/main.typ")?, template.to_owned()),
        frame: Source::new(id("/frame.typ")?, FRAME.to_owned()),
        files,
    };
    let document = typst::compile::<PagedDocument>(&desk).output.map_err(|errors| refused(&errors));
    let options = PdfOptions { creator: Smart::Custom(Some("Tomomori".to_owned())), ..PdfOptions::default() };
    let pdf = document.and_then(|document| typst_pdf::pdf(&document, &options).map_err(|errors| refused(&errors)));
    typst::comemo::evict(KEEP);
    pdf
}

fn id(name: &str) -> Result<FileId, ReportError> {
    let path = VirtualPath::new(name).map_err(|error| ReportError::Setting { detail: format!("{name}: {error:?}") })?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

fn refused(errors: &EcoVec<SourceDiagnostic>) -> ReportError {
    let detail = errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join("; ");
    ReportError::Setting { detail }
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        [&self.main, &self.frame].into_iter().find(|source| source.id() == id).cloned().ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let found = self.files.iter().find(|(file, _)| *file == id);
        found.map(|(_, bytes)| bytes.clone()).ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.all.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
