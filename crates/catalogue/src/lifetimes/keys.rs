//! Names under which records and components meet: `cpe:vendor:product` for software, `cpe-h:vendor:product` for hardware,
//! `pkg:type/name` for packages, `name:…` for the record's own name.

use std::collections::BTreeSet;
use tomomori_formats::eol::Product;

/// Names of products whose records carry no identifier, or another one than the catalogues of vulnerabilities use.
const NAMED: [(&str, &str); 9] = [
    ("cisco:ios_xe", "cisco-ios-xe"),
    ("mysql:mysql", "mysql"),
    ("nginx:nginx", "nginx"),
    ("oracle:database", "oracle-database"),
    ("oracle:database_server", "oracle-database"),
    ("paloaltonetworks:pan-os", "pan-os"),
    ("pivotal_software:spring_framework", "spring-framework"),
    ("springsource:spring_framework", "spring-framework"),
    ("veeam:veeam_backup_\\&_replication", "veeam-backup-and-replication"),
];

/// Keys of a record. What is no identifier of one product is left out: URLs of packages in somebody's own repository, and
/// packages of distributions, which do not follow the maker's periods.
pub(super) fn of(product: &Product) -> BTreeSet<String> {
    let cpes = product.cpes.iter().filter_map(|cpe| {
        let name = cpe.strip_prefix("cpe:2.3:").or_else(|| cpe.strip_prefix("cpe:/"))?;
        of_cpe(name)
    });
    let purls = product.purls.iter().filter(|purl| !purl.contains('?') && !is_of_distribution(purl));
    let name = product.name.iter();
    let named =
        name.filter(|name| name.starts_with("windows") || NAMED.iter().any(|(_, record)| record == &name.as_str()));
    cpes.chain(purls.filter_map(|purl| of_purl(purl))).chain(named.map(|name| format!("name:{name}"))).collect()
}

/// From `part:vendor:product…`.
fn of_cpe(name: &str) -> Option<String> {
    let lower = name.to_ascii_lowercase();
    let mut parts = lower.splitn(4, ':');
    let kind = match parts.next()? {
        "a" | "o" => "cpe",
        "h" => "cpe-h",
        _ => return None,
    };
    let (vendor, product) = (parts.next()?, parts.next()?);
    (!vendor.is_empty() && !product.is_empty()).then(|| format!("{kind}:{vendor}:{product}"))
}

/// A package URL without version, qualifiers and path.
fn of_purl(purl: &str) -> Option<String> {
    let name = purl.split(['?', '#']).next()?;
    // The version stands behind the last `@`; one before a `/` belongs to a namespace (`@angular/core` is written `%40`).
    let name = match name.rsplit_once('@') {
        Some((name, version)) if !version.contains('/') => name,
        _ => name,
    };
    let name = name.to_ascii_lowercase();
    name.strip_prefix("pkg:").is_some_and(|rest| rest.contains('/')).then_some(name)
}

/// Whether the package comes from a Linux distribution, which mends it as long as it is itself supported.
pub(super) fn is_of_distribution(purl: &str) -> bool {
    ["pkg:deb/", "pkg:rpm/", "pkg:apk/", "pkg:alpm/"].into_iter().any(|begin| purl.starts_with(begin))
}

/// A question, in the words of the records.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    /// Keys to try in order.
    pub(super) keys: Vec<String>,
    pub(super) version: Option<String>,
    /// The version is a build, to be compared with each cycle's newest.
    pub(super) build: bool,
}

impl Asked {
    /// `None` when nothing says which product is meant.
    pub(super) fn of(product: Option<&str>, purl: Option<&str>, version: Option<&str>) -> Option<Self> {
        let known = version.map(str::trim).filter(|version| !matches!(*version, "" | "-" | "*"));
        let known = known.map(tomomori_domain::text::tidy);
        if let Some(asked) = product.and_then(|product| windows(product, known.as_deref())) {
            return Some(asked);
        }
        let by_name = product.and_then(|product| {
            let lower = product.to_ascii_lowercase();
            let (_, name) = lower.split_once(':')?;
            NAMED.iter().find(|(other, _)| *other == name).map(|(_, record)| format!("name:{record}"))
        });
        let keys: Vec<String> =
            purl.and_then(of_purl).into_iter().chain(product.and_then(of_cpe)).chain(by_name).collect();
        (!keys.is_empty()).then_some(Self { keys, version: known, build: false })
    }
}

/// Releases of Windows: NVD puts the release into the product's name, the records into the cycle's.
fn windows(product: &str, version: Option<&str>) -> Option<Asked> {
    let lower = product.to_ascii_lowercase();
    let release = lower.strip_prefix("o:microsoft:windows_")?;
    let said = version.map(str::to_lowercase);
    let (record, version, build) = match release.strip_prefix("server_") {
        Some(release) => ("windows-server", Some(server(release, said.as_deref())), false),
        None if release == "2003_server" => ("windows-server", Some("2003".to_owned()), false),
        None if release == "2000" => ("windows-server", Some("2000".to_owned()), false),
        None => {
            let (version, build) = client(release, said.as_deref());
            ("windows", version, build)
        }
    };
    Some(Asked { keys: vec![format!("name:{record}")], version, build })
}

/// `2012` and `r2` are 2012 R2; `2022_23h2` and the half-yearly `1709` are releases of their own, unless they are only another
/// word for the long-term one.
fn server(release: &str, version: Option<&str>) -> String {
    const LONG_TERM: [(&str, &str); 4] = [("2016", "1607"), ("2019", "1809"), ("2022", "21h2"), ("2025", "24h2")];
    let (year, rest) = release.split_once('_').unwrap_or((release, ""));
    let said = if rest.is_empty() { version.unwrap_or_default() } else { rest };
    let first = said.split([' ', '.', '_']).next().unwrap_or_default();
    if LONG_TERM.contains(&(year, first)) {
        year.to_owned()
    } else if is_half_yearly(first) && first != year {
        first.to_owned()
    } else if first.starts_with('r') || first.starts_with("sp") {
        format!("{year} {}", said.replace('_', " "))
    } else {
        year.to_owned()
    }
}

/// `10` and `1809` are 10-1809, as is `10_1809`; of Windows 7 and older the release alone counts. With a full build the build
/// is compared.
fn client(release: &str, version: Option<&str>) -> (Option<String>, bool) {
    let (name, rest) = release.split_once('_').unwrap_or((release, ""));
    let number = match name {
        "xp" => "5",
        "vista" => "6",
        other => other,
    };
    if !matches!(number, "10" | "11") {
        let pack = version.filter(|version| version.starts_with("sp")).unwrap_or_default();
        return (Some(format!("{number} {pack}")), false);
    }
    if !rest.is_empty() {
        return (Some(format!("{number} {}", rest.replace('_', " "))), false);
    }
    match version {
        Some(build) if build.starts_with("10.0.") => (Some(build.to_owned()), true),
        Some(version) => {
            let first = version.split([' ', '.']).next().unwrap_or_default();
            // `22631.3007` is a build without what all builds begin with.
            match first.len() == 5 && first.bytes().all(|b| b.is_ascii_digit()) {
                true => (Some(format!("10.0.{version}")), true),
                false => (Some(format!("{number} {version}")), false),
            }
        }
        // The release alone is all that is known.
        None => (None, false),
    }
}

/// `1709`, `2004`, `20h2`: year and month, or year and half. Months end at 12, so `2016` is none.
fn is_half_yearly(word: &str) -> bool {
    let [a, b, c, d] = word.as_bytes() else { return false };
    let digits = [a, b, d].into_iter().all(u8::is_ascii_digit);
    digits && (*c == b'h' || matches!((*c, *d), (b'0', b'1'..=b'9')) && (b"17"..=b"20").contains(&&[*a, *b]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_of_windows_in_the_words_of_the_records() {
        for (product, version, record, cycle, build) in [
            ("o:microsoft:windows_server_2016", None, "windows-server", Some("2016"), false),
            ("o:microsoft:windows_server_2016", Some("10.0.14393.5921"), "windows-server", Some("2016"), false),
            ("o:microsoft:windows_server_2016", Some("1607"), "windows-server", Some("2016"), false),
            ("o:microsoft:windows_server_2016", Some("1709"), "windows-server", Some("1709"), false),
            ("o:microsoft:windows_server_2019", Some("1809"), "windows-server", Some("2019"), false),
            ("o:microsoft:windows_server_2012", Some("R2"), "windows-server", Some("2012 r2"), false),
            ("o:microsoft:windows_server_2008", Some("r2 SP1"), "windows-server", Some("2008 r2 sp1"), false),
            ("o:microsoft:windows_server_2008_r2", None, "windows-server", Some("2008 r2"), false),
            ("o:microsoft:windows_server_2022_23h2", None, "windows-server", Some("23h2"), false),
            ("o:microsoft:windows_server_2003", Some("-"), "windows-server", Some("2003"), false),
            ("o:microsoft:windows_10_1809", None, "windows", Some("10 1809"), false),
            ("o:microsoft:windows_10", Some("22H2"), "windows", Some("10 22h2"), false),
            ("o:microsoft:windows_10", Some("10.0.19045.3803"), "windows", Some("10.0.19045.3803"), true),
            ("o:microsoft:windows_11", Some("22631.3007"), "windows", Some("10.0.22631.3007"), true),
            ("o:microsoft:windows_10", None, "windows", None, false),
            ("o:microsoft:windows_7", Some("SP1"), "windows", Some("7 sp1"), false),
            ("o:microsoft:windows_8.1", None, "windows", Some("8.1 "), false),
            ("o:microsoft:windows_xp", None, "windows", Some("5 "), false),
        ] {
            let want = Asked { keys: vec![format!("name:{record}")], version: cycle.map(str::to_owned), build };
            assert_eq!(Asked::of(Some(product), None, version), Some(want), "{product} {version:?}");
        }
    }

    #[test]
    fn names_without_version() {
        for (purl, want) in [
            ("pkg:maven/org.apache.tomcat/tomcat@9.0.1?type=jar", Some("pkg:maven/org.apache.tomcat/tomcat")),
            ("pkg:npm/%40angular/core@16.0.0", Some("pkg:npm/%40angular/core")),
            ("pkg:npm/@angular/core", Some("pkg:npm/@angular/core")),
            ("pkg:generic/MySQL", Some("pkg:generic/mysql")),
            ("pkg:mysql", None),
            ("mysql", None),
        ] {
            assert_eq!(of_purl(purl).as_deref(), want, "{purl}");
        }
        assert_eq!(of_cpe("o:Debian:debian_linux").as_deref(), Some("cpe:debian:debian_linux"));
        assert_eq!(of_cpe("h:cisco:catalyst:1").as_deref(), Some("cpe-h:cisco:catalyst"));
        assert_eq!(of_cpe("a:x"), None);
    }
}
