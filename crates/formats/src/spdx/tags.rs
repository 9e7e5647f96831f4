//! SPDX 2.x as tag-value: `Tag: value` lines, long values between `<text>` and `</text>`.

use super::{Document, party, purpose, refer, stated, unknown, version};
use crate::feed::{FormatError, Problem};
use crate::lenient::Notes;
use crate::sbom::{Sbom, SbomComponent};

/// Reads a document.
///
/// # Errors
/// [`FormatError`] when it does not say that it is SPDX 2, or ends inside of a `<text>`.
pub(crate) fn read(file: &str, text: &str) -> Result<Sbom, FormatError> {
    let fail = |problem| FormatError::new(file, problem);
    let mut notes = Notes { record: file.to_owned(), ..Notes::default() };
    let mut document = Document::default();
    // Tags after `PackageName` belong to that package until another section begins.
    let mut package: Option<(String, SbomComponent)> = None;
    let mut numbered = (1..).zip(text.lines());
    while let Some((line, content)) = numbered.next() {
        let content = content.trim();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let Some((tag, value)) = content.split_once(':') else {
            notes.add("not a tag", format!("{line}: {}", content.chars().take(80).collect::<String>()));
            continue;
        };
        let mut value = value.trim();
        if let Some(start) = value.strip_prefix("<text>") {
            // Long texts are comments and licences; of a short one the first line is all.
            value = start.split("</text>").next().unwrap_or_default().trim();
            let open = !start.contains("</text>");
            if open && !numbered.by_ref().any(|(_, line)| line.contains("</text>")) {
                return Err(fail(Problem::Truncated { byte: text.len() as u64 }));
            }
        }
        match tag.trim() {
            "SPDXVersion" => document.version = version(value).ok_or_else(|| fail(unknown(value)))?,
            "DocumentNamespace" => document.namespace = stated(value),
            "Created" => document.created = stated(value),
            "Relationship" => {
                let words: Vec<&str> = value.split_whitespace().collect();
                if let [from, kind, to, ..] = words[..] {
                    document.relation(from, kind, to);
                }
            }
            "PackageName" => {
                document.packages.extend(package.take());
                match stated(value) {
                    Some(name) => {
                        let component = SbomComponent { line: Some(line), name, ..SbomComponent::default() };
                        package = Some((String::new(), component));
                    }
                    None => notes.add("missing", format!("{line}: PackageName")),
                }
            }
            "FileName" | "SnippetSPDXID" | "LicenseID" => document.packages.extend(package.take()),
            other => {
                if let Some((id, component)) = package.as_mut() {
                    of_package(id, component, other, value);
                }
            }
        }
    }
    document.packages.extend(package);
    if document.version.is_empty() {
        return Err(fail(unknown("missing")));
    }
    Ok(document.sbom(notes))
}

fn of_package(id: &mut String, component: &mut SbomComponent, tag: &str, value: &str) {
    match tag {
        "SPDXID" => value.clone_into(id),
        "PackageVersion" => component.version = stated(value),
        "PackageSupplier" => component.maker = party(value).or_else(|| component.maker.take()),
        "PackageOriginator" => component.maker = component.maker.take().or_else(|| party(value)),
        "PrimaryPackagePurpose" => component.kind = stated(value).as_deref().map(purpose),
        "ExternalRef" => {
            let words: Vec<&str> = value.split_whitespace().collect();
            if let [_, kind, locator, ..] = words[..] {
                refer(component, kind, locator);
            }
        }
        _ => {}
    }
}
