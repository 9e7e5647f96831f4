//! Versions glued to names: `Tomcat8.5.32`, `PostgreSQL 9.6`, `FortiOS v6.0.4`, `SYNAPSE Ver.5.7`.

use tomomori_domain::text;

/// Words after which a version stands, in folded text.
const MARKERS: [&str; 8] = ["version", "バージョン", "ファームウェア", "ver.", "ver", "rev.", "rev", "v"];

/// Splits a version off the end of a product text. What stands alone without a dot (`Windows Server 2016`, `MX800`) is
/// part of the name unless a word such as `Ver.` precedes it.
#[must_use]
pub fn split_version(product: &str) -> (String, Option<String>) {
    let tidy = text::tidy(product);
    let Some((start, end)) = find(&tidy) else { return (tidy, None) };
    let version = tidy[start..end].trim_matches(|c: char| c == '.' || c == ',').to_owned();
    let mut name = tidy[..start].trim_end().to_owned();
    let lower = name.to_lowercase();
    // Lower case can change byte lengths outside ASCII; markers are only cut where it did not.
    if lower.len() == name.len()
        && let Some(marker) = MARKERS.iter().find(|marker| is_marker(&lower, marker))
    {
        name.truncate(name.len() - marker.len());
    }
    let name = name.trim_end_matches([' ', '-', '_', '(', ',', '/', ':']).to_owned();
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
fn find(tidy: &str) -> Option<(usize, usize)> {
    let bytes = tidy.as_bytes();
    let mut found = None;
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let run = bytes[at..]
            .iter()
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'(' | b')'))
            .count();
        let text = &tidy[at..at + run];
        let dotted =
            text.as_bytes().windows(3).any(|w| w[0].is_ascii_digit() && w[1] == b'.' && w[2].is_ascii_alphanumeric());
        let before = tidy[..at].trim_end().to_lowercase();
        let marked = MARKERS.iter().any(|marker| is_marker(&before, marker));
        if at > 0 && (dotted || marked) {
            found = Some((at, at + run));
        }
        at += run;
    }
    found
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
            ("", "", None),
        ] {
            assert_eq!(split_version(raw), (name.to_owned(), version.map(str::to_owned)), "{raw}");
        }
    }
}
