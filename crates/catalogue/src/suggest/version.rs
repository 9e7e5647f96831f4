//! Versions glued to names: `Tomcat8.5.32`, `PostgreSQL 9.6`, `FortiOS v6.0.4`, `SYNAPSE Ver.5.7`.

use tomomori_domain::text;

/// Words after which a version stands, in folded text.
const MARKERS: [&str; 9] = ["version", "バージョン", "ファームウェア", "ver.", "ver", "rev.", "rev", "v.", "v"];

/// Splits a version off the end of a product text. What stands alone without a dot (`Windows Server 2016`, `MX800`) is
/// part of the name unless a word such as `Ver.` precedes it.
#[must_use]
pub fn split_version(product: &str) -> (String, Option<String>) {
    let tidy = text::tidy(product);
    let Some((start, end)) = find(&tidy) else { return (tidy, None) };
    if MARKERS.contains(&tidy[..start].trim_end().to_lowercase().as_str()) {
        // `Rev.11.01.31` is a version and names nothing.
        return (tidy, None);
    }
    let version = tidy[start..end].to_owned();
    let mut name = tidy[..start].trim_end().to_owned();
    let lower = name.to_lowercase();
    // Lower case can change byte lengths outside ASCII; markers are only cut where it did not.
    if lower.len() == name.len()
        && let Some(marker) = MARKERS.iter().find(|marker| is_marker(&lower, marker))
    {
        name.truncate(name.len() - marker.len());
    }
    let name = name.trim_end_matches([' ', '-', '_', '(', ',', '/', ':', '、']).to_owned();
    if name.is_empty() { (tidy, None) } else { (name, Some(version)) }
}

/// The marker ends the text and is a word of its own.
fn is_marker(lower: &str, marker: &str) -> bool {
    lower.strip_suffix(marker).is_some_and(|rest| {
        let glued = marker.is_ascii() && rest.chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric());
        !rest.is_empty() && !glued
    })
}

/// Byte range of the version: the last run that begins with a digit and either holds `digit.digit` or follows a marker.
/// A single letter with a dot before it belongs to it (`B.05.34`).
fn find(tidy: &str) -> Option<(usize, usize)> {
    let bytes = tidy.as_bytes();
    let mut found = None;
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let end = at + run(&bytes[at..]);
        let text = &bytes[at..end];
        let dotted = text.windows(3).any(|w| w[0].is_ascii_digit() && w[1] == b'.' && w[2].is_ascii_alphanumeric());
        let start = if dotted { with_letter(bytes, at) } else { at };
        let before = tidy[..start].trim_end().to_lowercase();
        let marked = MARKERS.iter().any(|marker| is_marker(&before, marker));
        if start > 0 && (dotted || marked) {
            found = Some((start, end));
        }
        at = end;
    }
    found
}

/// Length of what may be one version, without a bracket that was opened before it and punctuation at its end.
fn run(bytes: &[u8]) -> usize {
    let mut open = 0_usize;
    let belongs = |b: &&u8| match b {
        b'(' => {
            open += 1;
            true
        }
        b')' if open == 0 => false,
        b')' => {
            open -= 1;
            true
        }
        b => b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'),
    };
    let length = bytes.iter().take_while(belongs).count();
    let tail = bytes[..length].iter().rev().take_while(|b| matches!(b, b'.' | b'-' | b'_' | b'(')).count();
    length - tail
}

/// Where the version begins if a single letter and a dot stand before its digits; `v.5` is a marker, no letter of it.
fn with_letter(bytes: &[u8], at: usize) -> usize {
    match bytes[..at] {
        [.., letter, b'.'] if letter.is_ascii_alphabetic() && !letter.eq_ignore_ascii_case(&b'v') => {
            let apart = at < 3 || !bytes[at - 3].is_ascii_alphanumeric() && bytes[at - 3].is_ascii();
            if apart { at - 2 } else { at }
        }
        _ => at,
    }
}

#[cfg(test)]
mod tests {
    use super::split_version;

    #[test]
    fn versions_are_split_off() {
        for (raw, name, version) in [
            ("Apache Tomcat 8.5.32", "Apache Tomcat", Some("8.5.32")),
            ("Tomcat8.5.32", "Tomcat", Some("8.5.32")),
            ("ＰｏｓｔｇｒｅＳＱＬ　９．６", "PostgreSQL", Some("9.6")),
            ("FortiOS v6.0.4", "FortiOS", Some("6.0.4")),
            ("SYNAPSE Ver.5.7.102", "SYNAPSE", Some("5.7.102")),
            ("SYNAPSE バージョン5", "SYNAPSE", Some("5")),
            ("Windows Server 2016", "Windows Server 2016", None),
            ("Win2016Std", "Win2016Std", None),
            ("IntelliVue MX800", "IntelliVue MX800", None),
            ("FortiGate 60E", "FortiGate 60E", None),
            ("RTX1210 Rev.14.01.38", "RTX1210", Some("14.01.38")),
            ("Cisco IOS 15.1(2)T4", "Cisco IOS", Some("15.1(2)T4")),
            ("8.5.32", "8.5.32", None),
            ("FortiOS (5.6.5)", "FortiOS", Some("5.6.5")),
            ("FortiGate 60E（FortiOS　Ｖ５．６．５）", "FortiGate 60E(FortiOS", Some("5.6.5")),
            ("Ｖ５．６．５", "V5.6.5", None),
            ("FortiOS V5.6.5、", "FortiOS", Some("5.6.5")),
            ("IntelliVue MX40 B.05.34", "IntelliVue MX40", Some("B.05.34")),
            ("B.05.34", "B.05.34", None),
            ("MX40 Rev.B.05.34", "MX40", Some("B.05.34")),
            ("RTX810 Rev.11.01.31", "RTX810", Some("11.01.31")),
            ("IOS 15.2(2)E4", "IOS", Some("15.2(2)E4")),
            ("Catalyst 2960 (IOS 15.2(2)E)", "Catalyst 2960 (IOS", Some("15.2(2)E")),
            ("DSM 6.1.5-15254", "DSM", Some("6.1.5-15254")),
            ("JUNOS 12.1X46-D10", "JUNOS", Some("12.1X46-D10")),
            ("ArubaInstant 6.5.4.8", "ArubaInstant", Some("6.5.4.8")),
            ("log4j 2.14.1", "log4j", Some("2.14.1")),
            ("SYNAPSE v.5.7", "SYNAPSE", Some("5.7")),
            ("Rev.11.01.31", "Rev.11.01.31", None),
            ("SQL Server 2012 SP3", "SQL Server 2012 SP3", None),
            ("MAGNETOM Skyra VE11C", "MAGNETOM Skyra VE11C", None),
            ("(5.6.5)", "(5.6.5)", None),
            ("版数　５．６．５）", "版数", Some("5.6.5")),
            ("No.5.3", "No.", Some("5.3")),
            ("", "", None),
        ] {
            assert_eq!(split_version(raw), (name.to_owned(), version.map(str::to_owned)), "{raw}");
        }
    }
}
