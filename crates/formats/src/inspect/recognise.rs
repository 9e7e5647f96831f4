//! What a file is, by its first bytes. The name never counts.

use super::Kind;
use crate::addresses::{self, ListKind};
use crate::container::Packing;
use crate::windows::{self, WindowsKind};
use crate::{directory, eol, packages};
use encoding_rs::{Encoding, SHIFT_JIS, UTF_8};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// So many bytes from the start decide; more are not looked at.
pub const HEAD: usize = 256 << 10;

/// First bytes of a catalogue file (written by the catalogue crate, which depends on this one).
const CATALOGUE: &[u8] = b"TMCATLG\n";
/// First bytes of old and of encrypted Office files.
const COMPOUND: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// Recognises by the first [`HEAD`] bytes (or all, if it has fewer). A zip is told apart from a workbook only with
/// the whole file, by [`super::inspect`]; here both are [`Kind::Packed`], all compound files [`Kind::OldOffice`].
#[must_use]
pub fn recognise(head: &[u8]) -> Kind {
    if Packing::of(head) != Packing::Plain {
        return Kind::Packed;
    }
    for (magic, kind) in [(CATALOGUE, Kind::Catalogue), (COMPOUND, Kind::OldOffice), (b"%PDF-", Kind::Pdf)] {
        if head.starts_with(magic) {
            return kind;
        }
    }
    let Some(text) = text(head) else { return Kind::Unknown };
    let trimmed = text.trim_start();
    match trimmed.chars().next() {
        None => Kind::Empty,
        Some('{') => json(trimmed),
        Some('[') if eol::begins(trimmed) => Kind::Eol,
        Some('[') if trimmed.trim_end().ends_with([']', '}', ',']) => Kind::Json,
        Some('<') => xml(trimmed),
        Some(_) => lines(trimmed),
    }
}

/// The head as text; a character cut at its end does no harm. `None` = binary.
fn text(head: &[u8]) -> Option<Cow<'_, str>> {
    let (text, damaged) = if let Some((encoding, length)) = Encoding::for_bom(head) {
        let even = if encoding == UTF_8 { head.len() } else { head.len() - (head.len() - length) % 2 };
        let (text, damaged) = encoding.decode_without_bom_handling(&head[length..even]);
        (text, damaged && !whole_but_end(&head[length..]))
    } else if whole_but_end(head) {
        (String::from_utf8_lossy(head), false)
    } else {
        // The last byte may be the first half of a character.
        let (text, damaged) = SHIFT_JIS.decode_without_bom_handling(head);
        let damaged = damaged && SHIFT_JIS.decode_without_bom_handling(&head[..head.len() - 1]).1;
        (text, damaged)
    };
    (!damaged && !text.contains('\0')).then_some(text)
}

/// UTF-8 to the end, or to a character that the end cuts.
fn whole_but_end(bytes: &[u8]) -> bool {
    match std::str::from_utf8(bytes) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    }
}

fn json(text: &str) -> Kind {
    let keys = top_keys(text.as_bytes());
    let has = |key: &str| keys.contains_key(key);
    let value = |key: &str| keys.get(key).map(String::as_str).unwrap_or_default();
    if has("CVE_data_type") || has("CVE_Items") {
        Kind::Nvd11
    } else if value("format") == "NVD_CVE" || has("resultsPerPage") {
        Kind::Nvd20
    } else if has("catalogVersion") {
        Kind::KevJson
    } else if value("bomFormat") == "CycloneDX" {
        Kind::CycloneDx
    } else if has("spdxVersion") || has("SPDXID") || value("@context").contains("spdx.org") {
        Kind::Spdx
    } else if value("@context").contains("openvex") {
        Kind::OpenVex
    } else if value("dataType") == "CVE_RECORD" {
        Kind::Cve5
    } else if has("document") || has("product_tree") {
        Kind::Csaf
    } else if has("schema_version") && has("result") && eol::begins(text) {
        Kind::Eol
    } else if has("affected") && has("id") {
        Kind::Osv
    } else {
        Kind::Json
    }
}

/// Keys of the outermost object, with their value where it is a text.
fn top_keys(bytes: &[u8]) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let (mut depth, mut at) = (0_i64, 0);
    let mut key: Option<String> = None;
    let mut last: Option<String> = None;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => {
                let start = at + 1;
                at = start;
                while at < bytes.len() && bytes[at] != b'"' {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                if depth == 1 {
                    let text = String::from_utf8_lossy(&bytes[start..at.min(bytes.len())]).into_owned();
                    match key.take() {
                        Some(key) => {
                            found.insert(key, text);
                        }
                        None => last = Some(text),
                    }
                }
            }
            b'{' | b'[' => {
                if let Some(key) = key.take().filter(|_| depth == 1) {
                    found.insert(key, String::new());
                }
                depth += 1;
            }
            b'}' | b']' => depth -= 1,
            b':' if depth == 1 => key = last.take(),
            b',' if depth == 1 => {
                if let Some(key) = key.take() {
                    found.insert(key, String::new());
                }
            }
            _ => {}
        }
        at += 1;
    }
    found.extend(key.map(|key| (key, String::new())));
    found
}

fn xml(text: &str) -> Kind {
    // The first tag that is neither declaration, comment nor document type is the root.
    let mut rest = text;
    let root = loop {
        let Some(open) = rest.find('<') else { return Kind::Text };
        rest = &rest[open + 1..];
        let close = match rest {
            _ if rest.starts_with("!--") => "-->",
            _ if rest.starts_with('?') => "?>",
            _ if rest.starts_with('!') => ">",
            _ => break rest,
        };
        let Some(end) = rest.find(close) else { return Kind::Xml };
        rest = &rest[end..];
    };
    let name = root.split(|c: char| c.is_whitespace() || c == '>' || c == '/').next().unwrap_or_default();
    let tag = root.split('>').next().unwrap_or_default();
    match name.rsplit(':').next().unwrap_or_default() {
        "VULDEF-Document" => Kind::JvnVuldef,
        "RDF" if tag.contains("spdx.org") => Kind::Spdx,
        "RDF" if tag.contains("jvn.jp") => Kind::JvnRss,
        "nmaprun" => Kind::Nmap,
        "bom" if tag.contains("cyclonedx") => Kind::CycloneDxXml,
        _ if name.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_') => Kind::Xml,
        _ => Kind::Text,
    }
}

fn lines(text: &str) -> Kind {
    let first = text.lines().next().unwrap_or_default().to_lowercase();
    let heading = text.lines().find(|line| !line.starts_with('#')).unwrap_or_default().to_lowercase();
    if heading.trim_start_matches('"').starts_with("cveid") {
        return Kind::KevCsv;
    }
    if heading.starts_with("cve,epss") || first.starts_with("#model_version") {
        return Kind::EpssCsv;
    }
    if first.starts_with("spdxversion:") {
        return Kind::Spdx;
    }
    if text.starts_with("id:") && text.contains("\naffected:") {
        return Kind::Osv;
    }
    if eol::begins(text) {
        return Kind::Eol;
    }
    match windows::kind_of(text) {
        Some(WindowsKind::SystemInfo) => return Kind::SystemInfo,
        Some(WindowsKind::HotFixes) => return Kind::HotFixes,
        None => {}
    }
    if directory::is_export(text) {
        return Kind::Directory;
    }
    let addresses = addresses::kind_of(text);
    if matches!(addresses, None | Some(ListKind::Lines)) && packages::kind_of(text).is_some() {
        return Kind::Packages;
    }
    match addresses {
        Some(ListKind::IscLeases | ListKind::DhcpCsv) => Kind::Dhcp,
        // A table with an IP and a MAC column is a ledger, not an ARP table.
        _ if is_table(text) => Kind::Csv,
        Some(ListKind::Lines) => Kind::Arp,
        None => Kind::Text,
    }
}

/// Most of the first lines have the same separator.
fn is_table(text: &str) -> bool {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(20).collect();
    [',', '\t', ';'].iter().any(|separator| {
        let with = lines.iter().filter(|line| line.contains(*separator)).count();
        lines.len() > 1 && with * 2 > lines.len()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn top_level_keys_only() {
        let keys = top_keys(br#"{"a":{"b":"c"},"d":"e\"f","g":[{"h":1}],"i":1,"j":tru"#);
        assert_eq!(keys.keys().collect::<Vec<_>>(), ["a", "d", "g", "i", "j"]);
        assert_eq!(keys["d"], "e\\\"f");
    }

    #[test]
    fn tells_by_content() {
        for (bytes, kind) in [
            (&b"%PDF-1.7"[..], Kind::Pdf),
            (b"TMCATLG\n\x01", Kind::Catalogue),
            (b"\x00\x01\x02", Kind::Unknown),
            (b"  \n", Kind::Empty),
            (b"{\"document\":{", Kind::Csaf),
            (
                b"<?xml version='1.0'?><!-- <nmaprun> --><bom xmlns='http://cyclonedx.org/schema/bom/1.4'>",
                Kind::CycloneDxXml,
            ),
            (b"<!DOCTYPE nmaprun><nmaprun start='1'>", Kind::Nmap),
            (b"cveID,vendorProject\nCVE-1,x", Kind::KevCsv),
            (b"#model_version:v2023.03.01,score_date:2024-01-01\ncve,epss,percentile\n", Kind::EpssCsv),
            (b"10.0.0.1 dev eth0 lladdr 00:1a:2b:03:04:05 STALE\n", Kind::Arp),
            (b"name\tip\tmac\nPC\t10.0.0.1\t00:1a:2b:03:04:05\nPC2\t10.0.0.2\t00:1a:2b:03:04:06\n", Kind::Csv),
            (b"SPDXVersion: SPDX-2.3\n", Kind::Spdx),
            (b"Host Name:  PC1\nOS Name:  Windows\n", Kind::SystemInfo),
            (b"HotFixID\nKB5031988\n", Kind::HotFixes),
            (b"# rpm -qa\nbash-5.1-6.el9.x86_64\nvim-9-1.el9.x86_64\nless-6-1.el9.x86_64\n", Kind::Packages),
            (b"DN,objectClass,cn\n\"CN=PC1,DC=x\",computer,PC1\n", Kind::Directory),
            (b"---\npermalink: /x\nreleases:\n  - releaseCycle: \"1\"\n", Kind::Eol),
            (b"[{\"cycle\":\"1\",\"eol\":false}]", Kind::Eol),
            (b"{\"schema_version\":\"1\",\"result\":{\"releases\":[]}}", Kind::Eol),
            (b"hello", Kind::Text),
            (&SHIFT_JIS.encode("名称,型番\n端末,X\n").0[..16], Kind::Csv),
        ] {
            assert_eq!(recognise(bytes), kind, "{}", String::from_utf8_lossy(bytes));
        }
    }
}
