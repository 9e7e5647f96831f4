//! Debian: the table of `dpkg -l`, and the columns of `dpkg-query -W`.

use super::{AT_LEAST, List, Package, Packaging};
use crate::terminal::Line;

/// Width of the name column of old versions of `dpkg -l` when not writing to a terminal: longer names are cut.
const OLD_WIDTH: usize = 14;

/// `dpkg -l`: status, name, version, architecture, description. Only what is installed counts; `rc` (removed,
/// configuration left) and `un` are not there.
pub(super) fn read(lines: &[Line]) -> Option<List> {
    let heading = lines.iter().position(|line| {
        let text = line.text.trim_start();
        text.starts_with("||/") || text.starts_with("+++-=")
    });
    let start = heading.or_else(|| {
        let rows = lines.iter().filter(|line| row(line).is_some()).count();
        (rows >= AT_LEAST && rows * 2 > lines.len()).then_some(0)
    })?;
    let mut list = List { packaging: Packaging::Deb, packages: Vec::new(), left_out: Vec::new(), cut: None };
    let mut width = None;
    for line in &lines[start..] {
        let text = line.text.trim_start();
        if let Some(columns) = text.strip_prefix("+++-") {
            width = Some((columns.find(|c| c != '=').unwrap_or(columns.len()), line.number));
        } else if let Some((installed, package)) = row(line) {
            if let Some((OLD_WIDTH, at)) = width
                && package.name.len() == OLD_WIDTH
            {
                list.cut = Some(at);
            }
            if installed {
                list.packages.push(package);
            }
        } else if !(text.is_empty() || line.command.is_some() || text.starts_with('|') || text.starts_with("Desired="))
        {
            // After the list a log may go on with other commands.
            if status(text.split_whitespace().next().unwrap_or_default()).is_some() {
                list.left_out.push((line.number, line.text.clone()));
            }
        }
    }
    (!list.packages.is_empty()).then_some(list)
}

/// Whether the package is there (installed, unpacked, half configured …), and the package.
fn row(line: &Line) -> Option<(bool, Package)> {
    let mut words = line.text.split_whitespace();
    let installed = status(words.next()?)?;
    let (name, own_arch) = name(words.next()?)?;
    let version = words.next().filter(|version| is_version(version) || (!installed && *version == "<none>"))?;
    let arch =
        words.next().filter(|arch| arch.len() <= 20 && arch.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
    let package = Package {
        name: name.to_owned(),
        version: version.to_owned(),
        arch: arch.or(own_arch).map(str::to_owned),
        line: line.number,
    };
    Some((installed, package))
}

/// `ii`, `hi`, `iF`, `rc`, `iHR` …: desired, status, error. dpkg(1).
fn status(word: &str) -> Option<bool> {
    let mut letters = word.chars();
    let (desired, status, error) = (letters.next()?, letters.next()?, letters.next());
    let known = "uirph".contains(desired) && "ncHUFWti".contains(status) && error.is_none_or(|c| "R#X".contains(c));
    (known && letters.next().is_none()).then_some(!matches!(status, 'n' | 'c'))
}

/// Name of a package, and the architecture glued to it (`libc6:amd64`).
pub(super) fn name(text: &str) -> Option<(&str, Option<&str>)> {
    let (name, arch) = text.split_once(':').map_or((text, None), |(name, arch)| (name, Some(arch)));
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"+-.".contains(&byte);
    (name.len() >= 2 && name.bytes().all(inner) && name.as_bytes()[0].is_ascii_alphanumeric()).then_some((name, arch))
}

/// Policy 5.6.12, and a digit in front.
pub(super) fn is_version(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".+-:~".contains(&byte))
}

/// `dpkg-query -W`: name, version and perhaps architecture on every line. Nearly all lines must be like that.
pub(super) fn read_query(lines: &[Line]) -> Option<List> {
    let mut list = List { packaging: Packaging::Deb, packages: Vec::new(), left_out: Vec::new(), cut: None };
    let (mut others, mut tabs) = (0, 0);
    for line in lines.iter().filter(|line| line.command.is_none() && !line.text.trim().is_empty()) {
        match query(line) {
            Some(package) => {
                tabs += usize::from(line.text.contains('\t') || package.arch.is_some());
                list.packages.push(package);
            }
            None if line.text.trim().contains([' ', '\t']) => {
                others += 1;
                list.left_out.push((line.number, line.text.clone()));
            }
            None => {}
        }
    }
    // Words with a number after them are no packages unless a tab or an architecture says so.
    let count = list.packages.len();
    // A table of names and numbers is no list of packages: one of these is on every machine.
    let system = list.packages.iter().any(|package| ALWAYS.contains(&package.name.as_str()));
    let sure = system && count >= AT_LEAST && others * 10 <= count.max(10) && tabs * 10 >= count * 9;
    sure.then_some(list)
}

fn query(line: &Line) -> Option<Package> {
    let words: Vec<&str> = line.text.split_whitespace().collect();
    let (first, version, arch) = match words[..] {
        [name, version] => (name, version, None),
        [name, version, arch] if ARCHITECTURES.contains(&arch) => (name, version, Some(arch)),
        _ => return None,
    };
    let (name, own) = name(first)?;
    is_version(version).then(|| Package {
        name: name.to_owned(),
        version: version.to_owned(),
        arch: arch.or(own).map(str::to_owned),
        line: line.number,
    })
}

/// Packages without which no Debian or Ubuntu runs.
const ALWAYS: [&str; 7] = ["adduser", "apt", "base-files", "bash", "coreutils", "dpkg", "libc6"];
/// Architectures of Debian and Ubuntu.
const ARCHITECTURES: [&str; 10] =
    ["all", "amd64", "arm64", "armel", "armhf", "i386", "mips64el", "ppc64el", "riscv64", "s390x"];
