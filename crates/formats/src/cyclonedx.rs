//! CycloneDX 1.2–1.6 software bills of materials: JSON here, XML in [`xml`].
//!
//! Read is what names software: the subject (`metadata.component`) and its components, nested ones laid flat.
//! Dependencies, services, licences and embedded vulnerabilities are not; a file that has services says so in a note.

mod xml;

pub(crate) use xml::read as read_xml;

use crate::bytes;
use crate::feed::{FormatError, Problem};
use crate::lenient::Notes;
use crate::sbom::{MAX_BYTES, Sbom, SbomComponent};
use serde_json::Value;
use std::collections::HashSet;
use std::io::Read;

/// Reads a document.
///
/// # Errors
/// [`FormatError`] when the bytes are no complete JSON, no CycloneDX, a version before 1.2 or after 1.6, or over
/// [`MAX_BYTES`].
pub fn read(file: &str, input: &mut dyn Read) -> Result<Sbom, FormatError> {
    let fail = |problem| FormatError::new(file, problem);
    let content = bytes::read_whole(input, "bytes of an SBOM", MAX_BYTES).map_err(fail)?;
    let wrong = |found: &str| fail(Problem::WrongFormat { expected: "CycloneDX JSON", found: found.to_owned() });
    let root: Value = bytes::json(&content).map_err(fail)?;
    if root["bomFormat"] != "CycloneDX" {
        return Err(wrong(if root.get("spdxVersion").is_some() { "an SPDX document" } else { "other JSON" }));
    }
    let version = root["specVersion"].as_str().unwrap_or_default();
    if !is_known(version) {
        return Err(wrong(&format!("specVersion {}", root["specVersion"])));
    }
    let mut notes = Notes { record: file.to_owned(), ..Notes::default() };
    let mut sbom = Sbom {
        serial: notes.text(&root, "serialNumber", "").map(str::to_owned),
        format: "CycloneDX",
        spec_version: version.to_owned(),
        timestamp: notes.text(&root["metadata"], "timestamp", "/metadata").map(str::to_owned),
        ..Sbom::default()
    };
    let mut refs = HashSet::new();
    if let Some(subject) = root["metadata"].get("component") {
        let at = "/metadata/component";
        sbom.subject = component(subject, at, &mut refs, &mut notes);
        flatten(subject, at, &mut refs, &mut sbom.components, &mut notes);
    }
    flatten(&root, "", &mut refs, &mut sbom.components, &mut notes);
    let services = notes.list(&root, "services", "");
    if !services.is_empty() {
        notes.add("services are not imported", format!("/services: {}", services.len()));
    }
    sbom.notes = notes.found;
    Ok(sbom)
}

/// Versions of the specification that are read.
fn is_known(version: &str) -> bool {
    matches!(version, "1.2" | "1.3" | "1.4" | "1.5" | "1.6")
}

/// Recursion is bounded by the nesting limit of the JSON reader.
fn flatten<'a>(
    owner: &'a Value,
    at: &str,
    refs: &mut HashSet<&'a str>,
    out: &mut Vec<SbomComponent>,
    notes: &mut Notes,
) {
    for (i, part) in notes.list(owner, "components", at).iter().enumerate() {
        let at = format!("{at}/components/{i}");
        out.extend(component(part, &at, refs, notes));
        flatten(part, &at, refs, out, notes);
    }
}

fn component<'a>(value: &'a Value, at: &str, refs: &mut HashSet<&'a str>, notes: &mut Notes) -> Option<SbomComponent> {
    if let Some(reference) = notes.text(value, "bom-ref", at)
        && !refs.insert(reference)
    {
        notes.add("bom-ref used twice", format!("{at}/bom-ref: {reference}"));
    }
    let name = notes.needed(value, "name", at)?.to_owned();
    let mut own = |key| notes.text(value, key, at).map(str::to_owned);
    let (kind, group, version, purl, cpe) = (own("type"), own("group"), own("version"), own("purl"), own("cpe"));
    let maker = ["supplier", "manufacturer"].iter().find_map(|key| value[key]["name"].as_str());
    let author = value["authors"][0]["name"].as_str();
    let maker = maker.map(str::to_owned).or_else(|| own("publisher")).or_else(|| own("author"));
    let maker = maker.or_else(|| author.map(str::to_owned));
    let maker = maker.filter(|maker| !maker.is_empty());
    let properties = notes.list(value, "properties", at);
    let of = |property: &'a Value| Some((property["name"].as_str()?, property["value"].as_str()?));
    let properties: Vec<(&str, &str)> = properties.iter().filter_map(of).collect();
    let hostname = property(&properties, &["hostname"]);
    let device_serial = property(&properties, &["serial", "serialnumber"]);
    let path = at.to_owned();
    Some(SbomComponent { path, line: None, kind, group, name, version, maker, purl, cpe, hostname, device_serial })
}

/// A property by the last part of its name (`acme:device:host-name` → `hostname`): every tool has its own prefix.
fn property(properties: &[(&str, &str)], names: &[&str]) -> Option<String> {
    let (_, value) = properties.iter().find(|(name, _)| {
        let last = name.rsplit(':').next().unwrap_or_default();
        let bare: String = last.chars().filter(char::is_ascii_alphanumeric).collect();
        names.contains(&bare.to_ascii_lowercase().as_str())
    })?;
    Some((*value).to_owned()).filter(|value| !value.is_empty())
}
