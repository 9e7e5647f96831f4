//! Lists of installed packages: `dpkg -l`, `dpkg-query -W` and `rpm -qa`, plain or with a query format.
//!
//! Such a list names its machine only by what stands around it: a prompt, `hostname`, `uname -a`, or a line that a person
//! added. The distribution is taken from `/etc/os-release` or a release line in the file, or from versions that only
//! one distribution writes (`…ubuntu…`, `.fc39`).

mod dpkg;
mod release;
mod rpm;

use crate::bytes;
use crate::feed::{FormatError, Problem};
use crate::rows::{RowBuilder, place, table, warning};
use crate::terminal::{self, Line};
use release::Release;
use tomomori_domain::Msg;
use tomomori_domain::import::{Field, Table, TableKind};

/// Largest list read, in bytes. A large server has about 3,000 packages, 400 KB.
pub const MAX_BYTES: u64 = 32 << 20;
/// A list shorter than this, without the heading of `dpkg -l`, is not taken for one: any text has two words.
pub const AT_LEAST: usize = 3;

/// Packaging system of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Packaging {
    /// Debian, Ubuntu.
    Deb,
    /// Red Hat, SUSE and relatives.
    Rpm,
}

/// One installed package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// Name.
    pub name: String,
    /// Whole version: `[epoch:]version[-release]`.
    pub version: String,
    /// Architecture, where the list says it.
    pub arch: Option<String>,
    /// Line, from 1.
    pub line: u32,
}

/// What stands in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
struct List {
    packaging: Packaging,
    packages: Vec<Package>,
    /// Lines between packages that are none, as `(line, text)`.
    left_out: Vec<(u32, String)>,
    /// Line of a heading whose names were cut to its width.
    cut: Option<u32>,
}

/// Finds the packaging of a list, or of the beginning of one; `None` = no list of packages.
#[must_use]
pub fn kind_of(text: &str) -> Option<Packaging> {
    list(&terminal::lines(text)).map(|list| list.packaging)
}

fn list(lines: &[Line]) -> Option<List> {
    dpkg::read(lines).or_else(|| rpm::read(lines)).or_else(|| dpkg::read_query(lines))
}

/// Reads a list: a first row with the machine in [`Field::Hostname`], if the file names it, then the operating system,
/// if it is told, then one row per package with name, version and purl.
///
/// # Errors
/// [`FormatError`] when it is empty, not text, over [`MAX_BYTES`], or no list of packages.
pub fn read(file: &str, content: &[u8]) -> Result<Table, FormatError> {
    let text = bytes::text(content, MAX_BYTES).map_err(|problem| FormatError::new(file, problem))?;
    let lines = terminal::lines(&text);
    let Some(list) = list(&lines) else {
        let found = "lines that are no packages".to_owned();
        return Err(FormatError::new(file, Problem::WrongFormat { expected: "a list of packages", found }));
    };
    let mut out = table(TableKind::Components);
    match terminal::host(&lines) {
        Some((host, line)) => {
            let mut row = RowBuilder::new(place(file, Some(line)));
            row.add(Field::Hostname, Some(&host.to_lowercase()));
            out.rows.push(row.finish());
        }
        None => out.problems.push(warning(place(file, None), Msg::new("tables-list-without-host"))),
    }
    let release = release::of(&lines, &list);
    if let Some((name, line)) = &release.os {
        let mut row = RowBuilder::new(place(file, Some(*line)));
        row.add(Field::Name, Some(name));
        row.add(Field::Kind, Some("operating-system"));
        row.add(Field::Version, release.version.as_deref());
        out.rows.push(row.finish());
    }
    for package in &list.packages {
        let mut row = RowBuilder::new(place(file, Some(package.line)));
        row.add(Field::Name, Some(&package.name));
        row.add(Field::Version, Some(&package.version));
        row.add(Field::Purl, Some(&purl(package, list.packaging, &release)));
        out.rows.push(row.finish());
    }
    if let Some(line) = list.cut {
        out.problems.push(warning(place(file, Some(line)), Msg::new("tables-names-cut")));
    }
    for (line, text) in &list.left_out {
        let detail: String = text.trim().chars().take(100).collect();
        out.problems.push(warning(place(file, Some(*line)), Msg::new("tables-unreadable").arg("detail", detail)));
    }
    Ok(out)
}

/// Package URL (purl-spec, types `deb` and `rpm`): an rpm's epoch is a qualifier, a deb's is part of the version. A
/// Debian package whose distribution is not told has no namespace; the same holds for rpm.
fn purl(package: &Package, packaging: Packaging, release: &Release) -> String {
    let (kind, epoch, version) = match (packaging, package.version.split_once(':')) {
        (Packaging::Rpm, Some((epoch, version))) => ("rpm", Some(epoch), version),
        (Packaging::Rpm, None) => ("rpm", None, package.version.as_str()),
        (Packaging::Deb, _) => ("deb", None, package.version.as_str()),
    };
    let mut purl = format!("pkg:{kind}/");
    if let Some(vendor) = &release.vendor {
        purl.push_str(vendor);
        purl.push('/');
    }
    purl.push_str(&encoded(&package.name));
    purl.push('@');
    purl.push_str(&encoded(version));
    let distro = release
        .vendor
        .as_ref()
        .zip(release.version.as_ref())
        .map(|(_, version)| format!("{}-{version}", release.id.as_deref().unwrap_or_default()));
    let arch = package.arch.as_deref().map(str::to_owned);
    let qualifiers = [("arch", arch), ("distro", distro), ("epoch", epoch.map(str::to_owned))];
    for (i, (key, value)) in qualifiers.iter().filter_map(|(key, value)| Some((key, value.as_ref()?))).enumerate() {
        purl.push(if i == 0 { '?' } else { '&' });
        purl.push_str(&format!("{key}={}", encoded(value)));
    }
    purl
}

/// Percent-encoding of purl: letters, digits and `.-_~:` stay.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b".-_~:".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
