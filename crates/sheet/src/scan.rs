//! First pass over a workbook, before calamine sees it: inflate every part under the limits, check what calamine would
//! trust (counts it reserves memory for, cell references it computes with), and note what it does not tell (merged
//! areas, hidden rows and columns, formulas that were never calculated).

use crate::error::ReadError;
use crate::limits::{Limit, Limits, MERGES, STYLES, check};
use crate::model::{Area, area, position, row_number};
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::io::{self, BufRead, BufReader, Cursor, Read};
use zip::ZipArchive;
use zip::result::ZipError;

/// What the first pass found.
pub(crate) struct Scan {
    /// Facts by sheet name.
    pub(crate) sheets: HashMap<String, SheetFacts>,
    /// The workbook carries macros.
    pub(crate) macros: bool,
}

/// What calamine does not tell about a sheet.
#[derive(Default)]
pub(crate) struct SheetFacts {
    pub(crate) merges: Vec<Area>,
    pub(crate) hidden_rows: u32,
    pub(crate) hidden_columns: u32,
    /// Formulas without a stored value, (row, column).
    pub(crate) uncalculated: Vec<(u32, u32)>,
}

pub(crate) fn scan(bytes: &[u8], limits: &Limits) -> Result<Scan, ReadError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| ReadError::Truncated)?;
    check(Limit::Sheets, archive.len() as u64, limits.sheets.saturating_mul(20), "")?;
    let names = names(&archive)?;
    refuse_other_formats(&names)?;
    let mut left = limits.inflated_bytes;
    let mut facts = HashMap::new();
    let mut workbook = Book::default();
    let mut targets = HashMap::new();
    for (index, name) in names.iter().enumerate() {
        let part = archive.by_index(index).map_err(|error| damaged(name, &error))?;
        if part.is_dir() {
            continue;
        }
        let allowed = left.min(limits.part_bytes);
        let mut inflate = Inflate { part, left: allowed, passed: false };
        let outcome = if name.ends_with("sharedstrings.xml") {
            shared_strings(&mut inflate, limits, name)
        } else if name.ends_with("styles.xml") {
            styles(&mut inflate, name)
        } else if name.ends_with("workbook.xml") {
            book(&mut inflate, limits, name).map(|found| workbook = found)
        } else if name.ends_with("workbook.xml.rels") {
            relationships(&mut inflate, name).map(|found| targets = found)
        } else if name.starts_with("xl/") && name.ends_with(".xml") {
            sheet(&mut inflate, name).map(|found| {
                facts.insert(name.clone(), found);
            })
        } else {
            Ok(())
        };
        // What the XML reader left over counts as well: calamine may read further than this pass did.
        let drained = io::copy(&mut inflate, &mut io::sink());
        if inflate.passed {
            return Err(ReadError::TooMuch { limit: Limit::InflatedBytes, allowed, place: name.clone() });
        }
        outcome?;
        drained.map_err(|error| ReadError::Damaged { part: name.clone(), detail: error.to_string() })?;
        left -= allowed - inflate.left;
    }
    let mut sheets = HashMap::new();
    for (sheet_name, id) in workbook.sheets {
        let target = targets.get(&id).map(|target: &String| target.to_lowercase());
        let path = target.map(|target| match target.strip_prefix('/') {
            Some(absolute) => absolute.to_owned(),
            None => format!("xl/{target}"),
        });
        if let Some(found) = path.and_then(|path| facts.remove(&path)) {
            sheets.insert(sheet_name, found);
        }
    }
    Ok(Scan { sheets, macros: names.iter().any(|name| name.ends_with("vbaproject.bin")) })
}

/// Names of all parts as calamine compares them: lower case, forward slashes.
fn names(archive: &ZipArchive<Cursor<&[u8]>>) -> Result<Vec<String>, ReadError> {
    archive
        .file_names()
        .map(|name| name.map(|name| name.replace('\\', "/").to_lowercase()).map_err(|_| ReadError::Truncated))
        .collect()
}

fn refuse_other_formats(names: &[String]) -> Result<(), ReadError> {
    let has = |path: &str| names.iter().any(|name| name == path);
    if has("xl/workbook.bin") {
        return Err(ReadError::BinaryExcel);
    }
    if has("mimetype") && has("content.xml") {
        return Err(ReadError::OpenDocument);
    }
    if !has("xl/workbook.xml") {
        let excel = names.iter().any(|name| name.starts_with("xl/"));
        let part = "xl/workbook.xml".to_owned();
        return Err(if excel { ReadError::MissingPart { part } } else { ReadError::NotATable });
    }
    for part in ["[content_types].xml", "_rels/.rels", "xl/_rels/workbook.xml.rels"] {
        if !has(part) {
            return Err(ReadError::MissingPart { part: part.to_owned() });
        }
    }
    Ok(())
}

fn damaged(part: &str, error: &ZipError) -> ReadError {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => ReadError::Protected,
        other => ReadError::Damaged { part: part.to_owned(), detail: other.to_string() },
    }
}

/// Counts inflated bytes and stops at the limit, so that a bomb never unfolds.
struct Inflate<R> {
    part: R,
    left: u64,
    passed: bool,
}

impl<R: Read> Read for Inflate<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.part.read(buffer)?;
        match self.left.checked_sub(read as u64) {
            Some(left) => self.left = left,
            None => {
                self.passed = true;
                return Err(io::Error::other("more inflated bytes than allowed"));
            }
        }
        Ok(read)
    }
}

/// Calls `visit` with every event; `<x/>` comes as start and end, as calamine reads it.
fn events(
    source: &mut dyn Read,
    part: &str,
    mut visit: impl FnMut(&Event<'_>) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    let mut reader = Reader::from_reader(BufReader::new(source));
    let config = reader.config_mut();
    config.check_end_names = false;
    config.expand_empty_elements = true;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let event = read_event(&mut reader, &mut buffer)
            .map_err(|error| ReadError::Damaged { part: part.to_owned(), detail: error.to_string() })?;
        if matches!(event, Event::Eof) {
            return Ok(());
        }
        visit(&event)?;
    }
}

fn read_event<'b, R: BufRead>(reader: &mut Reader<R>, buffer: &'b mut Vec<u8>) -> quick_xml::Result<Event<'b>> {
    reader.read_event_into(buffer)
}

/// An attribute by its name without prefix. Every cell has one, so nothing is copied where nothing is escaped.
fn attribute<'e>(element: &'e BytesStart<'_>, name: &str) -> Option<Cow<'e, str>> {
    let found = element.attributes().with_checks(false).flatten().find(|a| a.key.local_name().as_ref() == name)?;
    if !found.value.contains(['&', '\n', '\r', '\t']) {
        return Some(found.value);
    }
    let normal = found.normalized_value(XmlVersion::Implicit1_0).map(Cow::into_owned);
    Some(Cow::Owned(normal.unwrap_or_else(|_| found.value.to_string())))
}

/// The same to keep; blank where it is missing.
fn text(element: &BytesStart<'_>, name: &str) -> String {
    attribute(element, name).unwrap_or_default().into_owned()
}

fn broken(part: &str, what: &str, value: &str) -> ReadError {
    ReadError::Damaged { part: part.to_owned(), detail: format!("{what} \"{value}\"") }
}

fn shared_strings(source: &mut dyn Read, limits: &Limits, part: &str) -> Result<(), ReadError> {
    let mut count = 0;
    events(source, part, |event| {
        let Event::Start(element) = event else { return Ok(()) };
        match element.local_name().as_ref() {
            // calamine reserves memory for this many strings on the file's word.
            "sst" => match attribute(element, "uniqueCount") {
                Some(stated) => {
                    let stated = stated.parse().unwrap_or(u64::MAX);
                    check(Limit::SharedStrings, stated, limits.shared_strings, part)
                }
                None => Ok(()),
            },
            "si" => {
                count += 1;
                check(Limit::SharedStrings, count, limits.shared_strings, part)
            }
            _ => Ok(()),
        }
    })
}

fn styles(source: &mut dyn Read, part: &str) -> Result<(), ReadError> {
    let mut count = 0;
    events(source, part, |event| {
        let Event::Start(element) = event else { return Ok(()) };
        // Every style copies its font and number format; Excel itself allows 255 characters for either.
        if element.attributes_raw().len() > 4_096 {
            return Err(broken(part, "attribute too long", element.local_name().as_ref()));
        }
        count += u64::from(element.local_name().as_ref() == "xf");
        check(Limit::Styles, count, STYLES, part)
    })
}

#[derive(Default)]
struct Book {
    /// (name, relationship id)
    sheets: Vec<(String, String)>,
}

fn book(source: &mut dyn Read, limits: &Limits, part: &str) -> Result<Book, ReadError> {
    let mut found = Book::default();
    events(source, part, |event| {
        let Event::Start(element) = event else { return Ok(()) };
        if element.local_name().as_ref() == "sheet" {
            found.sheets.push((text(element, "name"), text(element, "id")));
        }
        check(Limit::Sheets, found.sheets.len() as u64, limits.sheets, part)
    })?;
    Ok(found)
}

fn relationships(source: &mut dyn Read, part: &str) -> Result<HashMap<String, String>, ReadError> {
    let mut targets = HashMap::new();
    events(source, part, |event| {
        if let Event::Start(element) = event
            && element.local_name().as_ref() == "Relationship"
            && let (Some(id), Some(target)) = (attribute(element, "Id"), attribute(element, "Target"))
        {
            targets.insert(id.into_owned(), target.into_owned());
        }
        Ok(())
    })?;
    Ok(targets)
}

/// State while walking through the cells of a sheet.
#[derive(Default)]
struct Walk {
    row: u32,
    column: u32,
    formula: bool,
    value: bool,
}

fn sheet(source: &mut dyn Read, part: &str) -> Result<SheetFacts, ReadError> {
    let mut facts = SheetFacts::default();
    let mut walk = Walk::default();
    let mut hidden_columns = BTreeSet::new();
    events(source, part, |event| match event {
        Event::Start(element) => match element.local_name().as_ref() {
            "dimension" => match attribute(element, "ref") {
                Some(reference) if area(&reference).is_none() => Err(broken(part, "dimension", &reference)),
                _ => Ok(()),
            },
            "col" => {
                if hidden(element) {
                    let edge = |name| attribute(element, name).and_then(|value| value.parse::<u32>().ok());
                    if let (Some(from), Some(to)) = (edge("min"), edge("max")) {
                        hidden_columns.extend(from..=to.min(16_384));
                    }
                }
                Ok(())
            }
            "row" => {
                walk.row = match attribute(element, "r") {
                    Some(number) => row_number(&number).ok_or_else(|| broken(part, "row", &number))?,
                    None => walk.row + 1,
                };
                walk.column = 0;
                facts.hidden_rows += u32::from(hidden(element));
                Ok(())
            }
            "c" => {
                if let Some(reference) = attribute(element, "r") {
                    (walk.row, walk.column) = position(&reference).ok_or_else(|| broken(part, "cell", &reference))?;
                }
                (walk.formula, walk.value) = (false, false);
                Ok(())
            }
            "f" => {
                walk.formula = true;
                Ok(())
            }
            "v" | "is" => {
                walk.value = true;
                Ok(())
            }
            "mergeCell" => {
                let reference = attribute(element, "ref").unwrap_or_default();
                facts.merges.push(area(&reference).ok_or_else(|| broken(part, "mergeCell", &reference))?);
                check(Limit::Merges, facts.merges.len() as u64, MERGES, part)
            }
            _ => Ok(()),
        },
        Event::End(element) if element.local_name().as_ref() == "c" => {
            if walk.formula && !walk.value && (facts.uncalculated.len() as u64) < MERGES {
                facts.uncalculated.push((walk.row, walk.column));
            }
            walk.column += 1;
            Ok(())
        }
        _ => Ok(()),
    })?;
    facts.hidden_columns = u32::try_from(hidden_columns.len()).unwrap_or(u32::MAX);
    Ok(facts)
}

fn hidden(element: &BytesStart<'_>) -> bool {
    matches!(attribute(element, "hidden").as_deref(), Some("1" | "true"))
}
