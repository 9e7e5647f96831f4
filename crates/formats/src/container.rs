//! Unpacks files by content (gz, zst, tar, zip, in one another, or plain) under explicit limits, as streams.
//!
//! What a file is called does not matter. Directories are walked in sorted order, so that the same folder always gives
//! the same sequence. Nothing is written to disk; entries are handed over one after the other as [`Read`].

mod meter;

use flate2::bufread::MultiGzDecoder;
use meter::{Entry, Inflated, Meter, Raw};
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read};
use std::path::Path;

/// What an untrusted file may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one entry, unpacked.
    pub entry_bytes: u64,
    /// Bytes of all inflation together.
    pub total_bytes: u64,
    /// Number of entries and files.
    pub entries: u64,
    /// Inflated bytes per packed byte, looked at after the first 16 MiB. Real feeds stay under 20; a gzip bomb has 1000.
    pub ratio: u64,
}

impl Default for Limits {
    /// For feeds: ten times all of NVD.
    fn default() -> Self {
        Self { entry_bytes: 4 << 30, total_bytes: 32 << 30, entries: 2_000_000, ratio: 250 }
    }
}

/// Depth of packing inside packing: a `.tar.zst` of `.json.gz` has 3.
const MAX_NESTING: u32 = 5;
/// Largest zip inside another packing: its list of contents stands at its end, so it must be held in memory.
const MAX_INNER_ZIP: u64 = 256 << 20;
/// A tar header, where the mark of a tar stands.
const HEAD: u64 = 512;

/// Why unpacking ended.
#[derive(Debug, thiserror::Error)]
pub enum ContainerError {
    /// A limit was passed.
    #[error("{entry}: {what} is over the limit of {limit}")]
    Limit {
        /// The file or entry.
        entry: String,
        /// What was counted, with its unit.
        what: &'static str,
        /// The limit.
        limit: u64,
    },
    /// The packing is damaged.
    #[error("{entry}: the packing is damaged: {detail}")]
    Damaged {
        /// The file or entry.
        entry: String,
        /// What was met.
        detail: String,
    },
    /// A zip entry is locked with a password.
    #[error("{entry}: locked with a password")]
    Locked {
        /// The entry.
        entry: String,
    },
    /// The medium failed, or the file is not there or not readable.
    #[error("{entry}: {error}")]
    Io {
        /// The file or entry.
        entry: String,
        /// What the system says.
        error: io::Error,
    },
}

impl ContainerError {
    /// Takes the typed error out of a stream's error again.
    fn from_io(entry: &str, error: io::Error) -> Self {
        match error.downcast::<ContainerError>() {
            Ok(own) => own,
            Err(error) if is_damage(&error) => Self::Damaged { entry: entry.to_owned(), detail: error.to_string() },
            Err(error) => Self::Io { entry: entry.to_owned(), error },
        }
    }
}

/// What the unpackers say for bad content, as against a failing disk.
fn is_damage(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::UnexpectedEof | io::ErrorKind::Other
    )
}

/// What a file is packed as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// gzip.
    Gz,
    /// Zstandard.
    Zst,
    /// tar.
    Tar,
    /// zip (which xlsx files are too).
    Zip,
    /// Not packed.
    Plain,
}

impl Packing {
    /// Recognises by the first 512 bytes.
    #[must_use]
    pub fn of(head: &[u8]) -> Self {
        match head {
            [0x1f, 0x8b, ..] => Self::Gz,
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Self::Zst,
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Self::Zip,
            _ if head.get(257..262) == Some(b"ustar") => Self::Tar,
            _ => Self::Plain,
        }
    }
}

/// Receives the name (`feeds/nvd.tar.zst/2024/CVE-2024-1.json`) and the content of each entry. Its error ends the walk.
pub type Visit<'v, E> = dyn FnMut(&str, &mut dyn Read) -> Result<(), E> + 'v;

/// Walks a file or a directory and hands over everything in it, unpacked.
///
/// # Errors
/// [`ContainerError`], also through the [`Read`] of an entry (as the inner value of its `io::Error`, which
/// [`crate::Problem`] takes out again); whatever `visit` returns.
pub fn open<E: From<ContainerError>>(path: &Path, limits: &Limits, visit: &mut Visit<'_, E>) -> Result<(), E> {
    let meter = Meter::new(*limits);
    walk(path, &meter, visit)
}

/// Unpacks one stream, such as an upload.
///
/// # Errors
/// As [`open`].
pub fn unpack<E: From<ContainerError>>(
    name: &str,
    input: &mut dyn Read,
    limits: &Limits,
    visit: &mut Visit<'_, E>,
) -> Result<(), E> {
    let meter = Meter::new(*limits);
    stream(name, &mut Raw::new(input, &meter), &meter, 0, visit)
}

fn walk<E: From<ContainerError>>(path: &Path, meter: &Meter, visit: &mut Visit<'_, E>) -> Result<(), E> {
    let name = path.to_string_lossy();
    let fail = |error| ContainerError::from_io(&name, error);
    if path.is_dir() {
        let mut inside = Vec::new();
        for entry in std::fs::read_dir(path).map_err(fail)? {
            let entry = entry.map_err(fail)?;
            // A linked folder may lead back up; a linked file is only a file.
            let linked_folder = entry.file_type().map_err(fail)?.is_symlink() && entry.path().is_dir();
            if !linked_folder {
                inside.push(entry.path());
            }
        }
        inside.sort();
        return inside.iter().try_for_each(|path| walk(path, meter, visit));
    }
    let mut file = File::open(path).map_err(fail)?;
    let mut head = Vec::new();
    Read::by_ref(&mut file).take(HEAD).read_to_end(&mut head).map_err(fail)?;
    io::Seek::rewind(&mut file).map_err(fail)?;
    if Packing::of(&head) == Packing::Zip {
        zip_entries(&name, Raw::new(file, meter), meter, 0, visit)
    } else {
        stream(&name, &mut Raw::new(file, meter), meter, 0, visit)
    }
}

fn stream<E: From<ContainerError>>(
    name: &str,
    mut input: &mut dyn Read,
    meter: &Meter,
    nesting: u32,
    visit: &mut Visit<'_, E>,
) -> Result<(), E> {
    let fail = |error| ContainerError::from_io(name, error);
    let mut head = Vec::new();
    Read::by_ref(&mut input).take(HEAD).read_to_end(&mut head).map_err(fail)?;
    let packing = Packing::of(&head);
    let mut whole = Cursor::new(head).chain(input);
    if nesting >= MAX_NESTING && packing != Packing::Plain {
        return Err(ContainerError::Limit {
            entry: name.to_owned(),
            what: "packing inside packing",
            limit: MAX_NESTING.into(),
        }
        .into());
    }
    match packing {
        Packing::Gz => {
            let inflate = MultiGzDecoder::new(BufReader::with_capacity(64 * 1024, whole));
            stream(name, &mut Inflated::new(inflate, name, meter), meter, nesting + 1, visit)
        }
        Packing::Zst => {
            let inflate = zstd::Decoder::new(whole).map_err(fail)?;
            stream(name, &mut Inflated::new(inflate, name, meter), meter, nesting + 1, visit)
        }
        Packing::Tar => {
            let mut archive = tar::Archive::new(whole);
            for entry in archive.entries().map_err(fail)? {
                let mut entry = entry.map_err(fail)?;
                meter.count_entry(name)?;
                if entry.header().entry_type().is_file() {
                    let inner = format!("{name}/{}", String::from_utf8_lossy(&entry.path_bytes()));
                    stream(&inner, &mut entry, meter, nesting + 1, visit)?;
                }
            }
            Ok(())
        }
        Packing::Zip => {
            let mut bytes = Vec::new();
            whole.take(MAX_INNER_ZIP + 1).read_to_end(&mut bytes).map_err(fail)?;
            if bytes.len() as u64 > MAX_INNER_ZIP {
                return Err(ContainerError::Limit {
                    entry: name.to_owned(),
                    what: "bytes of a zip inside",
                    limit: MAX_INNER_ZIP,
                }
                .into());
            }
            zip_entries(name, Cursor::new(bytes), meter, nesting, visit)
        }
        Packing::Plain => {
            if nesting == 0 {
                meter.count_entry(name)?;
            }
            visit(name, &mut Entry::new(&mut whole, name, meter))
        }
    }
}

fn zip_entries<E: From<ContainerError>>(
    name: &str,
    input: impl Read + io::Seek,
    meter: &Meter,
    nesting: u32,
    visit: &mut Visit<'_, E>,
) -> Result<(), E> {
    let mut archive = zip::ZipArchive::new(input).map_err(|error| zip_error(name, error))?;
    for position in 0..archive.len() {
        meter.count_entry(name)?;
        let entry = archive.by_index(position).map_err(|error| zip_error(&format!("{name}/#{position}"), error))?;
        if entry.is_file() {
            let inner = format!("{name}/{}", String::from_utf8_lossy(entry.name_raw()));
            stream(&inner, &mut Inflated::new(entry, &inner, meter), meter, nesting + 1, visit)?;
        }
    }
    Ok(())
}

fn zip_error(entry: &str, error: zip::result::ZipError) -> ContainerError {
    use zip::result::ZipError;
    let entry = entry.to_owned();
    match error {
        ZipError::Io(error) => ContainerError::from_io(&entry, error),
        ZipError::UnsupportedArchive(why) if why == ZipError::PASSWORD_REQUIRED => ContainerError::Locked { entry },
        other => ContainerError::Damaged { entry, detail: other.to_string() },
    }
}
