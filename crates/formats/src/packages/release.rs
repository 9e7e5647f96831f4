//! Which distribution a list of packages comes from, as far as the file tells.

use super::{List, Packaging};
use crate::terminal::Line;

/// A distribution.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Release {
    /// Its id in `/etc/os-release` (`ubuntu`, `rhel`).
    pub(super) id: Option<String>,
    /// Namespace of its packages in a purl (`ubuntu`, `redhat`).
    pub(super) vendor: Option<String>,
    /// Release number (`22.04`).
    pub(super) version: Option<String>,
    /// Name of the system and its line, when the file states it.
    pub(super) os: Option<(String, u32)>,
}

/// Start of a release line, id, namespace. Ids: os-release(5) of each distribution; namespaces: purl-spec.
const KNOWN: [(&str, &str, &str); 10] = [
    ("Red Hat Enterprise Linux", "rhel", "redhat"),
    ("CentOS", "centos", "centos"),
    ("Rocky Linux", "rocky", "rocky"),
    ("AlmaLinux", "almalinux", "almalinux"),
    ("MIRACLE LINUX", "miraclelinux", "miraclelinux"),
    ("Oracle Linux", "ol", "oracle"),
    ("Fedora", "fedora", "fedora"),
    ("Amazon Linux", "amzn", "amzn"),
    ("Ubuntu", "ubuntu", "ubuntu"),
    ("Debian GNU/Linux", "debian", "debian"),
];

pub(super) fn of(lines: &[Line], list: &List) -> Release {
    let mut release = Release::default();
    for line in lines {
        let text = line.text.trim();
        if let Some((key, value)) = text.split_once('=') {
            let value = value.trim_matches(['"', '\'']);
            match key {
                "ID" => release.id = word(value),
                "VERSION_ID" => release.version = word(value),
                "NAME" if release.os.is_none() && !value.is_empty() => {
                    release.os = Some((value.to_owned(), line.number));
                }
                _ => {}
            }
        } else if let Some((name, id, _)) = KNOWN.iter().find(|(name, ..)| text.starts_with(name))
            && release.id.is_none()
            && let Some(version) = text.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))
        {
            // `Rocky Linux release 9.2 (Blue Onyx)` of /etc/redhat-release
            release.id = Some((*id).to_owned());
            release.version = word(version);
            release.os = Some(((*name).to_owned(), line.number));
        }
    }
    if release.id.is_none() {
        release.version = None;
        release.id = by_version(list).map(str::to_owned);
    }
    let vendor =
        |id: &String| KNOWN.iter().find(|(_, known, _)| known == id).map(|(_, _, vendor)| (*vendor).to_owned());
    release.vendor = release.id.as_ref().map(|id| vendor(id).unwrap_or_else(|| id.clone()));
    release
}

/// What goes into a purl without being asked for more.
fn word(text: &str) -> Option<String> {
    let sound = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
    (!text.is_empty() && text.len() <= 40 && text.bytes().all(sound)).then(|| text.to_owned())
}

/// Marks in versions that only one distribution writes. Red Hat's `.el9` is also written by its rebuilds.
fn by_version(list: &List) -> Option<&'static str> {
    let any = |mark: &str| list.packages.iter().any(|package| package.version.contains(mark));
    match list.packaging {
        Packaging::Deb if any("ubuntu") => Some("ubuntu"),
        Packaging::Deb if any("+deb") || any("~deb") => Some("debian"),
        Packaging::Rpm if any(".amzn") => Some("amzn"),
        Packaging::Rpm if any(".fc") => Some("fedora"),
        _ => None,
    }
}
