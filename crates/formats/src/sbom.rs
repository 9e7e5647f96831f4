//! Software bills of materials, in one shape for all formats: CycloneDX as JSON and XML, SPDX 2 as JSON and tag-value.
//!
//! A document that is cut off or not well-formed is refused; in a sound one, parts that break the format's rules (a
//! component without a name, a reference used twice) are left out or kept with a note, and the rest is used.

use crate::feed::{FormatError, Problem};
use crate::record::Reject;
use crate::{bytes, cyclonedx, spdx};
use std::io::Read;

/// Largest document read, in bytes. The largest real ones (a whole Linux product) have about 50 MB.
pub const MAX_BYTES: u64 = 128 << 20;

/// A bill of materials.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sbom {
    /// What the bill is about: a device, an application, an image.
    pub subject: Option<SbomComponent>,
    /// Everything in it, nested components after the one that holds them.
    pub components: Vec<SbomComponent>,
    /// Serial number (`urn:uuid:…`) or namespace of the document.
    pub serial: Option<String>,
    /// `CycloneDX` or `SPDX`.
    pub format: &'static str,
    /// Version of the format (`1.6`, `2.3`).
    pub spec_version: String,
    /// When it was made, ISO 8601 as written.
    pub timestamp: Option<String>,
    /// What was left out, with its JSON pointer or line in front.
    pub notes: Vec<Reject>,
}

/// One component.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SbomComponent {
    /// JSON pointer of the component in the document; empty where the document has lines.
    pub path: String,
    /// Line of the component, from 1; `None` for JSON, which often is one line.
    pub line: Option<u32>,
    /// `type` as written (`library`, `operating-system`, `firmware`, `device`, …).
    pub kind: Option<String>,
    /// Namespace (`org.apache.logging.log4j`).
    pub group: Option<String>,
    /// Name.
    pub name: String,
    /// Version.
    pub version: Option<String>,
    /// Supplier, else manufacturer or originator, publisher or author.
    pub maker: Option<String>,
    /// Package URL, as written.
    pub purl: Option<String>,
    /// CPE, as written.
    pub cpe: Option<String>,
    /// Host name from `properties`, where the tool that made the bill states one.
    pub hostname: Option<String>,
    /// Serial number of the device from `properties`.
    pub device_serial: Option<String>,
}

/// Reads a document of any of the formats, told apart by content.
///
/// # Errors
/// [`FormatError`] when it is none of them, not whole, or over [`MAX_BYTES`].
pub fn read(file: &str, input: &mut dyn Read) -> Result<Sbom, FormatError> {
    let fail = |problem: Problem| FormatError::new(file, problem);
    let content = bytes::read_whole(input, "bytes of an SBOM", MAX_BYTES).map_err(fail)?;
    let not_text = || fail(Problem::WrongFormat { expected: "an SBOM", found: "not text".to_owned() });
    let (text, _) = bytes::decode(&content).ok_or_else(not_text)?;
    match text.trim_start().chars().next() {
        Some('{') if is_spdx(&text) => spdx::read_json(file, &text),
        Some('{') => cyclonedx::read(file, &mut text.as_bytes()),
        Some('<') if text.contains("http://spdx.org/rdf/terms") => {
            Err(fail(Problem::WrongFormat { expected: "an SBOM as JSON", found: "SPDX as RDF".to_owned() }))
        }
        Some('<') => cyclonedx::read_xml(file, &text),
        _ => spdx::read_tags(file, &text),
    }
}

/// Whether JSON has a key of SPDX 2 or 3 and none of CycloneDX; the reader checks it then.
fn is_spdx(text: &str) -> bool {
    !text.contains("\"bomFormat\"") && (text.contains("\"spdxVersion\"") || text.contains("spdx.org/rdf/3"))
}
