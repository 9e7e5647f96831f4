//! Reading a plain (unpacked) file to its end with the reader of its kind.

use super::{Inspection, Kind, MAX_LISTED, problem_msg};
use crate::addresses;
use crate::bytes::{self, TextEncoding};
use crate::feed::{FeedHead, FormatError, Problem, Sink};
use crate::{csaf, eol, hospital, jvn, kev, nmap, nvd, sbom, xml};
use std::collections::BTreeMap;
use std::io::{self, BufReader, Read};
use tomomori_domain::Msg;
use tomomori_domain::import::{Field, Row, TableKind};

/// Largest text that is checked to its end.
const MAX_TEXT: u64 = 256 << 20;

type Reader = fn(&str, &mut dyn Read, &mut Sink<'_>) -> Result<FeedHead, FormatError>;

pub(super) fn plain(kind: Kind, file: &str, input: &mut dyn Read) -> Inspection {
    let mut found = Inspection::of(kind);
    let result = match kind {
        Kind::Nvd11 | Kind::Nvd20 => feed(nvd::read, file, input, &mut found),
        Kind::KevJson | Kind::KevCsv => feed(kev::read, file, input, &mut found),
        Kind::Csaf => feed(csaf::read, file, input, &mut found),
        Kind::JvnVuldef | Kind::JvnRss => feed(jvn::read, file, input, &mut found),
        Kind::CycloneDx | Kind::CycloneDxXml | Kind::Spdx => bill(file, input, &mut found),
        Kind::Nmap => scan(file, input, &mut found),
        Kind::Dhcp | Kind::Arp => list(file, input, &mut found),
        Kind::SystemInfo | Kind::HotFixes | Kind::Packages | Kind::Directory => table(file, input, &mut found),
        Kind::Eol => products(file, input, &mut found),
        Kind::Osv | Kind::OpenVex | Kind::Cve5 | Kind::Json | Kind::Xml => markup(file, input, &mut found),
        Kind::EpssCsv | Kind::Csv | Kind::Text => text(input, &mut found),
        Kind::Empty => Err(Problem::Empty),
        Kind::Pdf => ends_with(input, b"%%EOF"),
        // The catalogue's own blocks are checked by `catalogue verify`, which knows their hashes.
        _ => io::copy(input, &mut io::sink()).map(|_| ()).map_err(Problem::from),
    };
    if let Err(problem) = result {
        found.error(file, problem_msg(&problem));
    }
    match kind {
        Kind::Osv | Kind::OpenVex | Kind::Cve5 | Kind::EpssCsv => {
            found.warning(file, Msg::new("inspect-not-read-yet"));
        }
        Kind::Unknown => {
            found.error(file, Msg::new("inspect-unknown"));
        }
        _ => {}
    }
    found
}

fn feed(reader: Reader, file: &str, input: &mut dyn Read, found: &mut Inspection) -> Result<(), Problem> {
    // Reason → count and the first one, as rejects of one cause come in thousands.
    let mut rejects: BTreeMap<&'static str, (u64, String)> = BTreeMap::new();
    let head = reader(file, input, &mut |result| {
        if let Err(reject) = result {
            let first = || (0, format!("{}: {}", reject.record, reject.detail));
            rejects.entry(reject.reason).or_insert_with(first).0 += 1;
        }
    })
    .map_err(|error| error.problem)?;
    found.fact(Msg::new("inspect-fact-format"), &head.format);
    if let Some(date) = &head.date {
        found.fact(Msg::new("inspect-fact-date"), &date);
    }
    if let Some(edition) = &head.edition {
        found.fact(Msg::new("inspect-fact-edition"), &edition);
    }
    found.fact(Msg::new("inspect-fact-records"), &head.records);
    for (reason, (count, first)) in rejects {
        let msg = Msg::new("inspect-left-out").arg("count", count).arg("reason", reason).arg("first", first);
        // JVN says how many entries it sent; fewer means that some were lost on the way.
        if reason.starts_with("fewer entries") {
            found.error(file, msg);
        } else {
            found.warning(file, msg);
        }
    }
    if let Some(declared) = head.declared.filter(|declared| *declared != head.records + head.rejects) {
        let msg = Msg::new("inspect-count").arg("declared", declared).arg("found", head.records + head.rejects);
        found.error(file, msg);
    }
    if head.records == 0 {
        found.warning(file, Msg::new("inspect-no-records"));
    }
    Ok(())
}

fn bill(file: &str, input: &mut dyn Read, found: &mut Inspection) -> Result<(), Problem> {
    let sbom = sbom::read(file, input).map_err(|error| error.problem)?;
    found.fact(Msg::new("inspect-fact-format"), &format!("{} {}", sbom.format, sbom.spec_version));
    if let Some(date) = sbom.timestamp {
        found.fact(Msg::new("inspect-fact-date"), &date);
    }
    match sbom.subject {
        Some(subject) => found.fact(Msg::new("inspect-fact-subject"), &subject.name),
        None => found.warning(file, Msg::new("tables-sbom-without-subject")),
    }
    found.fact(Msg::new("inspect-fact-components"), &sbom.components.len());
    notes(file, sbom.notes.len(), sbom.notes.first().map(|note| note.detail.as_str()), found);
    Ok(())
}

fn scan(file: &str, input: &mut dyn Read, found: &mut Inspection) -> Result<(), Problem> {
    let scan = nmap::read(file, input).map_err(|error| error.problem)?;
    if let Some(start) = scan.started.and_then(|seconds| jiff::Timestamp::from_second(seconds).ok()) {
        found.fact(Msg::new("inspect-fact-date"), &start);
    }
    found.fact(Msg::new("inspect-fact-hosts"), &scan.hosts.len());
    if scan.finished.is_none() {
        found.error(file, Msg::new("tables-scan-unfinished"));
    }
    notes(file, scan.notes.len(), scan.notes.first().map(|note| note.detail.as_str()), found);
    Ok(())
}

fn list(file: &str, input: &mut dyn Read, found: &mut Inspection) -> Result<(), Problem> {
    let list = addresses::read(file, input).map_err(|error| error.problem)?;
    found.fact(Msg::new("inspect-fact-hosts"), &list.seen.len());
    notes(file, list.notes.len(), list.notes.first().map(|note| note.detail.as_str()), found);
    Ok(())
}

fn table(file: &str, input: &mut dyn Read, found: &mut Inspection) -> Result<(), Problem> {
    let content = bytes::read_whole(input, "bytes of text", MAX_TEXT)?;
    let Some((_, table)) = hospital::read(file, &content) else { return Ok(()) };
    let table = table.map_err(|error| error.problem)?;
    let label = match table.kind {
        TableKind::Components => Msg::new("inspect-fact-components"),
        _ => Msg::new("inspect-fact-hosts"),
    };
    found.fact(label, &table.rows.iter().filter(|row| !only_names_the_host(row)).count());
    let more = table.problems.len().saturating_sub(MAX_LISTED);
    found.problems.extend(table.problems.into_iter().take(MAX_LISTED));
    if more > 0 {
        found.warning(file, Msg::new("inspect-more").arg("count", more));
    }
    Ok(())
}

/// The first row of a list of packages.
fn only_names_the_host(row: &Row) -> bool {
    row.values.iter().all(|value| value.field == Field::Hostname)
}

fn products(file: &str, input: &mut dyn Read, found: &mut Inspection) -> Result<(), Problem> {
    let eol = eol::read(file, input).map_err(|error| error.problem)?;
    found.fact(Msg::new("inspect-fact-records"), &eol.products.len());
    notes(file, eol.notes.len(), eol.notes.first().map(|note| note.detail.as_str()), found);
    Ok(())
}

fn notes(file: &str, count: usize, first: Option<&str>, found: &mut Inspection) {
    if let Some(first) = first {
        found.warning(file, Msg::new("inspect-parts-left-out").arg("count", count).arg("first", first));
    }
}

/// Formats that are not read yet: well-formed to the end?
fn markup(file: &str, input: &mut dyn Read, found: &mut Inspection) -> Result<(), Problem> {
    let mut buffered = BufReader::new(input);
    let first = loop {
        let buffer = io::BufRead::fill_buf(&mut buffered)?;
        let Some(byte) = buffer.first().copied() else { return Err(Problem::Empty) };
        if !byte.is_ascii_whitespace() {
            break byte;
        }
        io::BufRead::consume(&mut buffered, 1);
    };
    match first {
        b'<' => xml::walk(&mut buffered, &[], &mut |_| Ok(())),
        b'{' | b'[' => match serde_json::from_reader::<_, serde::de::IgnoredAny>(&mut buffered) {
            Ok(_) => Ok(()),
            Err(error) if error.is_eof() => Err(Problem::Truncated { byte: 0 }),
            Err(error) if error.is_io() => Err(Problem::from(io::Error::from(error))),
            Err(error) => Err(Problem::Broken { byte: 0, detail: format!("{file}: {error}") }),
        },
        _ => text(&mut buffered, found),
    }
}

fn text(input: &mut dyn Read, found: &mut Inspection) -> Result<(), Problem> {
    let content = bytes::read_whole(input, "bytes of text", MAX_TEXT)?;
    let Some((text, encoding)) = bytes::decode(&content) else {
        return Err(Problem::Broken { byte: 0, detail: "neither UTF-8 nor CP932".to_owned() });
    };
    if let Some(byte) = text.find('\0') {
        return Err(Problem::Broken { byte: byte as u64, detail: "NUL byte".to_owned() });
    }
    let name = match encoding {
        TextEncoding::Utf8Bom => "UTF-8 (BOM)",
        TextEncoding::Utf8 => "UTF-8",
        TextEncoding::Utf16 => "UTF-16",
        TextEncoding::Cp932 => "CP932 (Shift_JIS)",
    };
    found.fact(Msg::new("inspect-fact-encoding"), &name);
    found.fact(Msg::new("inspect-fact-lines"), &text.lines().count());
    Ok(())
}

/// A PDF ends with its end mark within the last KiB (ISO 32000-1, annex H.3).
fn ends_with(input: &mut dyn Read, mark: &[u8]) -> Result<(), Problem> {
    let content = bytes::read_whole(input, "bytes", MAX_TEXT)?;
    let tail = &content[content.len().saturating_sub(1024)..];
    let whole = tail.windows(mark.len()).any(|window| window == mark);
    if whole { Ok(()) } else { Err(Problem::Truncated { byte: content.len() as u64 }) }
}
