//! rpm: `name-version-release.arch`, or the columns of a query format.

use super::{AT_LEAST, List, Package, Packaging};
use crate::terminal::Line;

/// Architectures of rpm.
const ARCHITECTURES: [&str; 11] =
    ["noarch", "x86_64", "i386", "i486", "i586", "i686", "aarch64", "ppc64le", "ppc64", "s390x", "riscv64"];

/// Most lines must be packages; the rest of a log may be commands.
pub(super) fn read(lines: &[Line]) -> Option<List> {
    let mut in_columns = 0;
    let mut list = List { packaging: Packaging::Rpm, packages: Vec::new(), left_out: Vec::new(), cut: None };
    for line in lines.iter().filter(|line| line.command.is_none() && !line.text.trim().is_empty()) {
        let plain = nvra(line);
        in_columns += usize::from(plain.is_none());
        match plain.or_else(|| columns(line)) {
            // Signing keys stand in the database as packages and are none.
            Some(package) if package.name == "gpg-pubkey" => {}
            Some(package) => list.packages.push(package),
            None => list.left_out.push((line.number, line.text.clone())),
        }
    }
    let count = list.packages.len();
    if count < AT_LEAST || list.left_out.len() > count || (in_columns > list.left_out.len() && !is_system(&list)) {
        return None;
    }
    let is_one_word = |(_, text): &(u32, String)| text.split_whitespace().count() == 1;
    list.left_out.retain(|left| is_one_word(left) && left.1.contains('-'));
    Some(list)
}

/// Columns with an architecture may be any table: a list of packages has the C library, or says its distribution.
fn is_system(list: &List) -> bool {
    let marks = [".el", ".fc", ".amzn", ".lp", "suse"];
    let says = |package: &Package| marks.iter().any(|mark| package.version.contains(mark));
    list.packages.iter().any(|package| package.name == "glibc" || says(package))
}

/// `bash-5.1.8-6.el9.x86_64`; with `--last` the date follows, and is not looked at.
fn nvra(line: &Line) -> Option<Package> {
    let word = line.text.split_whitespace().next()?;
    let (rest, arch) = word.rsplit_once('.')?;
    let key = arch == "(none)" && rest.starts_with("gpg-pubkey");
    if !ARCHITECTURES.contains(&arch) && !key {
        return None;
    }
    let (rest, release) = rest.rsplit_once('-')?;
    let (name, version) = rest.rsplit_once('-')?;
    // Some query formats write the epoch in front: `bind-32:9.16.23-11.el9.x86_64`.
    package(name, &format!("{version}-{release}"), Some(arch), line.number)
}

/// `name|epoch|version|release|arch` with any of the usual separators; epoch, and version and release in one, may vary.
fn columns(line: &Line) -> Option<Package> {
    let words: Vec<&str> = line
        .text
        .split([' ', '\t', '|', ',', ';'])
        .map(|word| word.trim_matches('"'))
        .filter(|w| !w.is_empty())
        .collect();
    let at = words.iter().position(|word| ARCHITECTURES.contains(word))?;
    let (name, rest) = words[..at].split_first()?;
    let version = match *rest {
        [version] if version.contains('-') => version.to_owned(),
        [version, release] => format!("{version}-{release}"),
        [epoch, version, release] if epoch == "(none)" || epoch == "0" => format!("{version}-{release}"),
        [epoch, version, release] if epoch.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("{epoch}:{version}-{release}")
        }
        _ => return None,
    };
    package(name, &version, words.get(at).copied(), line.number)
}

fn package(name: &str, version: &str, arch: Option<&str>, line: u32) -> Option<Package> {
    let version = version.strip_prefix("(none):").or_else(|| version.strip_prefix("0:")).unwrap_or(version);
    let in_name = |byte: u8| byte.is_ascii_alphanumeric() || b"+-._".contains(&byte);
    let in_version = |byte: u8| byte.is_ascii_alphanumeric() || b"+-._~^:".contains(&byte);
    let sound = !name.is_empty()
        && name.bytes().all(in_name)
        && version.bytes().all(in_version)
        && version.split(['-', ':']).all(|part| !part.is_empty())
        && (version.bytes().any(|byte| byte.is_ascii_digit()));
    let arch = arch.filter(|arch| *arch != "(none)").map(str::to_owned);
    sound.then(|| Package { name: name.to_owned(), version: version.to_owned(), arch, line })
}
