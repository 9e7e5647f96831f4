//! CycloneDX as XML.

use super::{is_known, property};
use crate::feed::{FormatError, Problem};
use crate::lenient::Notes;
use crate::sbom::{Sbom, SbomComponent};
use crate::xml::{self, Element, Lines};
use std::collections::HashSet;

/// Read whole; all but the first two only so that the components in them are not taken for parts of the product.
const RECORDS: [&str; 7] =
    ["metadata", "component", "service", "formula", "annotation", "vulnerability", "declarations"];
/// Start of the namespace; the version follows.
const NAMESPACE: &str = "http://cyclonedx.org/schema/bom/";

/// Reads a document.
///
/// # Errors
/// [`FormatError`] when the XML is broken, cut off, declares entities, is over a limit, no CycloneDX, or of an unknown
/// version.
pub(crate) fn read(file: &str, text: &str) -> Result<Sbom, FormatError> {
    let mut bill = Bill {
        sbom: Sbom { format: "CycloneDX", ..Sbom::default() },
        lines: Lines::new(text),
        notes: Notes { record: file.to_owned(), ..Notes::default() },
        refs: HashSet::new(),
        services: 0,
        root: false,
    };
    xml::walk(&mut text.as_bytes(), &RECORDS, &mut |element| bill.take(&element))
        .map_err(|problem| FormatError::new(file, problem))?;
    if bill.services > 0 {
        bill.notes.add("services are not imported", format!("services: {}", bill.services));
    }
    Ok(Sbom { notes: bill.notes.found, ..bill.sbom })
}

struct Bill<'a> {
    sbom: Sbom,
    lines: Lines<'a>,
    notes: Notes,
    refs: HashSet<String>,
    services: u32,
    root: bool,
}

impl Bill<'_> {
    fn take(&mut self, element: &Element) -> Result<(), Problem> {
        if !self.root {
            let space = element.attributes.iter().find_map(|(_, value)| value.strip_prefix(NAMESPACE));
            let Some(version) = space.filter(|version| element.name == "bom" && is_known(version)) else {
                let found = match space {
                    Some(version) => format!("version {version}"),
                    None => format!("XML <{}>", element.name),
                };
                return Err(Problem::WrongFormat { expected: "CycloneDX 1.2 to 1.6", found });
            };
            self.root = true;
            self.sbom.spec_version = version.to_owned();
            self.sbom.serial = element.attribute("serialNumber").map(str::to_owned);
            return Ok(());
        }
        match element.name.as_str() {
            "metadata" => {
                self.sbom.timestamp = element.text_of("timestamp").map(str::to_owned);
                if let Some(subject) = element.child("component") {
                    self.sbom.subject = self.component(subject);
                    self.inside(subject);
                }
            }
            "component" => {
                let component = self.component(element);
                self.sbom.components.extend(component);
                self.inside(element);
            }
            "service" => self.services += 1,
            _ => {}
        }
        Ok(())
    }

    /// Recursion is bounded by the nesting limit of the XML reader.
    fn inside(&mut self, owner: &Element) {
        for part in owner.all("components").flat_map(|parts| parts.all("component")) {
            let component = self.component(part);
            self.sbom.components.extend(component);
            self.inside(part);
        }
    }

    fn component(&mut self, element: &Element) -> Option<SbomComponent> {
        let line = self.lines.at(element.byte);
        if let Some(reference) = element.attribute("bom-ref")
            && !self.refs.insert(reference.to_owned())
        {
            self.notes.add("bom-ref used twice", format!("{line}: {reference}"));
        }
        let Some(name) = element.text_of("name") else {
            self.notes.add("missing", format!("{line}: name"));
            return None;
        };
        let own = |key: &'static str| element.text_of(key).map(str::to_owned);
        let of = |key: &'static str| element.child(key).and_then(|party| party.text_of("name")).map(str::to_owned);
        let author = element.child("authors").and_then(|all| all.child("author")?.text_of("name")).map(str::to_owned);
        let properties: Vec<(&str, &str)> = element
            .all("properties")
            .flat_map(|all| all.all("property"))
            .filter_map(|property| Some((property.attribute("name")?, property.text.as_str())))
            .collect();
        Some(SbomComponent {
            path: String::new(),
            line: Some(line),
            kind: element.attribute("type").map(str::to_owned),
            group: own("group"),
            name: name.to_owned(),
            version: own("version"),
            maker: of("supplier")
                .or_else(|| of("manufacturer"))
                .or_else(|| own("publisher"))
                .or_else(|| own("author"))
                .or(author),
            purl: own("purl"),
            cpe: own("cpe"),
            hostname: property(&properties, &["hostname"]),
            device_serial: property(&properties, &["serial", "serialnumber"]),
        })
    }
}
