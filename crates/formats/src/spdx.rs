//! SPDX 2.x documents: JSON here, tag-value in [`tags`]. Read is what names software: the packages, and which of them
//! the document describes. Files, snippets, licences and relationships are not.

mod tags;

pub(crate) use tags::read as read_tags;

use crate::feed::{FormatError, Problem};
use crate::lenient::Notes;
use crate::sbom::{Sbom, SbomComponent};
use serde_json::Value;
use std::collections::{BTreeSet, HashSet};

/// Id of the document itself.
const DOCUMENT: &str = "SPDXRef-DOCUMENT";

/// Reads a document as JSON.
///
/// # Errors
/// [`FormatError`] when it is no complete JSON, or no SPDX 2.
pub(crate) fn read_json(file: &str, text: &str) -> Result<Sbom, FormatError> {
    let fail = |problem| FormatError::new(file, problem);
    let root: Value = crate::bytes::json(text.as_bytes()).map_err(fail)?;
    let Some(version) = root["spdxVersion"].as_str().and_then(version) else {
        return Err(fail(unknown(&root["spdxVersion"].to_string())));
    };
    let mut notes = Notes { record: file.to_owned(), ..Notes::default() };
    let mut document = Document { version, ..Document::default() };
    document.namespace = notes.text(&root, "documentNamespace", "").map(str::to_owned);
    document.created = notes.text(&root["creationInfo"], "created", "/creationInfo").map(str::to_owned);
    for id in notes.list(&root, "documentDescribes", "") {
        document.described.extend(id.as_str().map(str::to_owned));
    }
    for relation in notes.list(&root, "relationships", "") {
        let of = |key: &str| relation[key].as_str().unwrap_or_default();
        document.relation(of("spdxElementId"), of("relationshipType"), of("relatedSpdxElement"));
    }
    for (i, part) in notes.list(&root, "packages", "").iter().enumerate() {
        let at = format!("/packages/{i}");
        let id = notes.needed(part, "SPDXID", &at).unwrap_or_default().to_owned();
        let Some(name) = notes.needed(part, "name", &at) else { continue };
        let mut component = SbomComponent { path: at.clone(), name: name.to_owned(), ..SbomComponent::default() };
        component.version = notes.text(part, "versionInfo", &at).and_then(stated);
        component.kind = notes.text(part, "primaryPackagePurpose", &at).map(purpose);
        let supplier = notes.text(part, "supplier", &at).and_then(party);
        component.maker = supplier.or_else(|| notes.text(part, "originator", &at).and_then(party));
        for reference in notes.list(part, "externalRefs", &at) {
            let of = |key: &str| reference[key].as_str().unwrap_or_default();
            refer(&mut component, of("referenceType"), of("referenceLocator"));
        }
        document.packages.push((id, component));
    }
    Ok(document.sbom(notes))
}

/// A document in the making.
#[derive(Default)]
struct Document {
    version: String,
    namespace: Option<String>,
    created: Option<String>,
    /// Ids of what the document is about.
    described: BTreeSet<String>,
    /// Packages with their ids, in document order.
    packages: Vec<(String, SbomComponent)>,
}

impl Document {
    fn relation(&mut self, from: &str, kind: &str, to: &str) {
        match (from, kind, to) {
            (DOCUMENT, "DESCRIBES", id) | (id, "DESCRIBED_BY", DOCUMENT) => {
                self.described.insert(id.to_owned());
            }
            _ => {}
        }
    }

    /// The one package that is described is the subject; of several, none is.
    fn sbom(self, mut notes: Notes) -> Sbom {
        let mut ids = HashSet::new();
        for (id, component) in &self.packages {
            if !id.is_empty() && !ids.insert(id.as_str()) {
                let place = component.line.map_or_else(|| component.path.clone(), |line| line.to_string());
                notes.add("SPDXID used twice", format!("{place}: {id}"));
            }
        }
        let is_described = |(id, _): &&(String, SbomComponent)| self.described.contains(id);
        let one = self.packages.iter().filter(is_described).count() == 1;
        let mut sbom = Sbom {
            format: "SPDX",
            spec_version: self.version,
            serial: self.namespace,
            timestamp: self.created,
            ..Sbom::default()
        };
        for (id, component) in self.packages {
            if one && self.described.contains(&id) {
                sbom.subject = Some(component);
            } else {
                sbom.components.push(component);
            }
        }
        Sbom { notes: notes.found, ..sbom }
    }
}

/// `SPDX-2.3` → `2.3`.
fn version(text: &str) -> Option<String> {
    text.trim().strip_prefix("SPDX-").filter(|version| version.starts_with("2.")).map(str::to_owned)
}

fn unknown(found: &str) -> Problem {
    Problem::WrongFormat { expected: "SPDX 2.2 or 2.3 (JSON or tag-value)", found: format!("spdxVersion {found}") }
}

/// A text that states something.
fn stated(text: &str) -> Option<String> {
    let text = text.trim();
    (!matches!(text, "" | "NOASSERTION" | "NONE")).then(|| text.to_owned())
}

/// `Organization: Red Hat (secalert@example.com)` → `Red Hat`.
fn party(text: &str) -> Option<String> {
    let name = text.trim();
    let name = ["Organization:", "Person:", "Tool:"].iter().find_map(|kind| name.strip_prefix(kind)).unwrap_or(name);
    stated(name.rsplit_once('(').filter(|(name, _)| !name.trim().is_empty()).map_or(name, |(name, _)| name))
}

/// `OPERATING-SYSTEM` → `operating-system`, as CycloneDX writes it.
fn purpose(text: &str) -> String {
    text.trim().to_lowercase().replace('_', "-")
}

/// An external reference; of several of one kind the first counts.
fn refer(component: &mut SbomComponent, kind: &str, locator: &str) {
    let slot = match kind.rsplit('/').next().unwrap_or_default() {
        "purl" => &mut component.purl,
        "cpe23Type" | "cpe22Type" => &mut component.cpe,
        _ => return,
    };
    if slot.is_none() {
        *slot = stated(locator);
    }
}
