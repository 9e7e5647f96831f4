//! Support periods of products as endoflife.date records them: its Markdown files with YAML front matter, its JSON API
//! (`/api/v1/products/…`, one product or `full`), and the API's old form (`/api/PRODUCT.json`).
//!
//! ```text
//! let eol = eol::read("debian.md", &mut bytes)?;          // one product or several
//! match eol::fitting(&eol.products[0].cycles, "12.5") { Fit::These(cycles) => …, Fit::TooShort | Fit::None => … }
//! ```
//! Nothing here knows today's date: whether a day has passed is for the caller to say. `Unknown` is never safe, and
//! `NotEnded` only says that no end is announced.

mod cycle;
mod json;
mod markdown;

pub use cycle::{Fit, fitting, with_build};
pub use tomomori_domain::lifetime::{End, Ends};

use crate::bytes;
use crate::feed::{FormatError, Problem};
use crate::record::Reject;
use jiff::civil::Date;
use std::io::Read;

/// Largest file read, in bytes. All products with all cycles (`full`) have about 4 MB.
pub const MAX_BYTES: u64 = 64 << 20;

/// What stands in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Eol {
    /// Products, in file order.
    pub products: Vec<Product>,
    /// What was left out, with its place in the document.
    pub notes: Vec<Reject>,
}

/// One product.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Product {
    /// Its key at endoflife.date (`windows-server`); `None` in the API's old form, which does not say it.
    pub name: Option<String>,
    /// Name for people (`Microsoft Windows Server`).
    pub label: Option<String>,
    /// CPE names without version, in either binding, as written (`cpe:2.3:o:debian:debian_linux`).
    pub cpes: Vec<String>,
    /// Package URLs without version, as written (`pkg:rpm/redhat/httpd`).
    pub purls: Vec<String>,
    /// Release cycles, newest first as a rule.
    pub cycles: Vec<Cycle>,
    /// How new the record is: when it was changed or made (API v1), else the newest day on which one of its cycles got a
    /// release; `None` = it does not say.
    pub newest: Option<Date>,
}

/// One release cycle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cycle {
    /// Name (`22.04`, `2012-r2`).
    pub name: String,
    /// Name for people where it is another one and without a code name (`2016 SP2` of `13.0-sp2`).
    pub label: Option<String>,
    /// Newest version or build of it (`10.0.19045`).
    pub latest: Option<String>,
    /// First released.
    pub released: Option<Date>,
    /// What ends when. Full support is their active support (EOAS), security support their EOL, extended support their
    /// EOES.
    pub ends: Ends,
}

/// Reads a file of any of the three forms, told apart by content.
///
/// # Errors
/// [`FormatError`] when it is none of them, not whole, or over [`MAX_BYTES`].
pub fn read(file: &str, input: &mut dyn Read) -> Result<Eol, FormatError> {
    let fail = |problem: Problem| FormatError::new(file, problem);
    let content = bytes::read_whole(input, "bytes of a product record", MAX_BYTES).map_err(fail)?;
    let text = bytes::text(&content, MAX_BYTES).map_err(fail)?;
    let root = match text.trim_start().chars().next() {
        Some('{' | '[') => bytes::json(text.as_bytes()),
        _ => markdown::front_matter(&text),
    };
    json::products(&root.map_err(fail)?, file).map_err(fail)
}

/// Whether a text begins like one of the three forms.
pub(crate) fn begins(text: &str) -> bool {
    let text = text.trim_start();
    let has = |keys: &[&str]| keys.iter().all(|key| text.contains(key));
    match text.chars().next() {
        Some('-') => text.starts_with("---") && has(&["\nreleases:", "releaseCycle:"]),
        Some('{') => has(&["\"schema_version\"", "\"result\"", "\"releases\""]),
        Some('[') => has(&["\"cycle\"", "\"eol\""]),
        _ => false,
    }
}
