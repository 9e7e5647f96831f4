//! Files a hospital already has whose format has a fixed meaning, as tables. Which one it is, is decided by content.
//!
//! Lists of addresses are not among them: a text with addresses may also be a ledger, which only the caller can tell
//! ([`crate::addresses`]).

use crate::feed::FormatError;
use crate::inspect::{HEAD, Kind, recognise};
use crate::rows::{place, warning};
use crate::{addresses, directory, nmap, packages, sbom, tables, windows};
use tomomori_domain::Msg;
use tomomori_domain::import::Table;

/// Reads a file with the reader of its kind; `None` = another kind, which this does not read.
///
/// The error is about the whole file; what is wrong with a part of it is a problem in the table.
#[must_use]
pub fn read(file: &str, content: &[u8]) -> Option<(Kind, Result<Table, FormatError>)> {
    let kind = recognise(&content[..content.len().min(HEAD)]);
    let mut input = content;
    let table = match kind {
        Kind::Nmap => nmap::read(file, &mut input).map(|scan| tables::nmap_table(&scan, file)),
        Kind::CycloneDx | Kind::CycloneDxXml | Kind::Spdx => {
            sbom::read(file, &mut input).map(|sbom| tables::sbom_table(&sbom, file).0)
        }
        Kind::SystemInfo | Kind::HotFixes => windows::read(file, content).map(|table| beside(table, file, content)),
        Kind::Packages => packages::read(file, content).map(|table| beside(table, file, content)),
        Kind::Directory => directory::read(file, content),
        _ => return None,
    };
    Some((kind, table))
}

/// A log may also hold an ARP table. One table comes out of one file, so what is left out is said.
fn beside(mut table: Table, file: &str, content: &[u8]) -> Table {
    let mut input = content;
    if let Ok(list) = addresses::read(file, &mut input) {
        let line = list.seen.first().map(|seen| seen.line);
        table.problems.push(warning(place(file, line), Msg::new("tables-addresses-beside")));
    }
    table
}
