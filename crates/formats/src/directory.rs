//! Computers of an Active Directory: CSVDE's CSV, `Get-ADComputer -Properties * | Export-Csv`, and LDIF of `ldifde`.
//!
//! A computer account is no proof that the computer is still there: the last logon goes into [`Field::SeenOn`], and
//! disabled accounts are named in a problem. Entries that are no computers are left out and counted.

mod ldif;

use crate::bytes;
use crate::dates;
use crate::delimited;
use crate::feed::{FormatError, Problem};
use crate::rows::{RowBuilder, place, table, warning};
use crate::windows::resource_kind;
use std::net::IpAddr;
use tomomori_domain::Msg;
use tomomori_domain::import::{Field, Table, TableKind};
use tomomori_domain::resource::ResourceKind;
use tomomori_domain::text::tidy;

/// Largest export read, in bytes. With all attributes, a computer has about 4 KB.
pub const MAX_BYTES: u64 = 256 << 20;

/// Whether a text, or the beginning of one, is an export of a directory's computers.
#[must_use]
pub fn is_export(text: &str) -> bool {
    heading(text).is_some() || ldif::begins(text)
}

/// Reads an export: one row per computer with host name, operating system and build, last logon, description and
/// department.
///
/// # Errors
/// [`FormatError`] when it is empty, not text, over [`MAX_BYTES`], or no such export.
pub fn read(file: &str, content: &[u8]) -> Result<Table, FormatError> {
    let text = bytes::text(content, MAX_BYTES).map_err(|problem| FormatError::new(file, problem))?;
    let mut out = Export { table: table(TableKind::Resources), file, others: (0, 0), disabled: (0, 0) };
    if let Some(separator) = heading(&text) {
        of_csv(&text, separator, &mut out);
    } else if ldif::begins(&text) {
        for (entry, problem) in ldif::entries(&text) {
            out.add(&entry);
            if let Some((line, detail)) = problem {
                let msg = Msg::new("tables-unreadable").arg("detail", detail);
                out.table.problems.push(warning(place(file, Some(line)), msg));
            }
        }
    } else {
        let found = "no computers of a directory".to_owned();
        return Err(FormatError::new(file, Problem::WrongFormat { expected: "an export of Active Directory", found }));
    }
    Ok(out.finish())
}

/// One entry: attributes (lower case) with their values and lines.
#[derive(Debug, Default)]
struct Entry {
    line: u32,
    attributes: Vec<(String, String, u32)>,
}

impl Entry {
    /// The first value of the first of these attributes that has one.
    fn get(&self, names: &[&str]) -> Option<(&str, u32)> {
        names.iter().find_map(|name| {
            let of_name = self.attributes.iter().filter(|(key, ..)| key == name);
            of_name.map(|(_, value, line)| (value.trim(), *line)).find(|(value, _)| !value.is_empty())
        })
    }
}

/// Separator of a CSV whose heading has a name of the directory and the operating system.
fn heading(text: &str) -> Option<u8> {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'))?;
    let separator = [b',', b'\t', b';'].into_iter().find(|separator| line.contains(char::from(*separator)))?;
    let names: Vec<String> =
        line.split(char::from(separator)).map(|name| name.trim().trim_matches('"').to_lowercase()).collect();
    let has = |wanted: &[&str]| names.iter().any(|name| wanted.contains(&name.as_str()));
    (has(&["dn", "distinguishedname"]) && has(&["operatingsystem", "objectclass", "dnshostname", "samaccountname"]))
        .then_some(separator)
}

fn of_csv(text: &str, separator: u8, out: &mut Export<'_>) {
    let mut names: Vec<String> = Vec::new();
    for record in delimited::records(text, separator) {
        if record.cells.first().is_some_and(|cell| cell.starts_with('#')) {
            continue;
        }
        let is_heading = |cell: &String| matches!(cell.trim().to_lowercase().as_str(), "dn" | "distinguishedname");
        if record.cells.iter().any(is_heading) {
            names = record.cells.iter().map(|cell| cell.trim().to_lowercase()).collect();
            continue;
        }
        let values = names.iter().zip(record.cells).map(|(name, cell)| (name.clone(), cell, record.line));
        out.add(&Entry { line: record.line, attributes: values.collect() });
    }
}

/// The table in the making.
struct Export<'a> {
    table: Table,
    file: &'a str,
    /// Entries that are no computers: count, first line.
    others: (u32, u32),
    /// Disabled computers: count, first line.
    disabled: (u32, u32),
}

impl Export<'_> {
    fn add(&mut self, entry: &Entry) {
        let classes: Vec<&str> = entry
            .attributes
            .iter()
            .filter(|(key, ..)| key == "objectclass")
            .flat_map(|(_, v, _)| v.split(';'))
            .collect();
        let account = entry.get(&["samaccountname"]).is_some_and(|(name, _)| name.ends_with('$'));
        let os = entry.get(&["operatingsystem"]);
        // `Get-ADComputer` writes objectClass as one word, CSVDE as a list; a file may have left the attribute out.
        let computer = if classes.is_empty() { account || os.is_some() } else { classes.contains(&"computer") };
        let host = entry.get(&["dnshostname", "cn", "name"]).or_else(|| entry.get(&["samaccountname"]));
        let Some((host, host_line)) = host.filter(|_| computer) else {
            count(&mut self.others, entry.line);
            return;
        };
        let mut row = RowBuilder::new(place(self.file, Some(entry.line)));
        row.add_at(Field::Hostname, Some(&host.trim_end_matches(['$', '.']).to_lowercase()), host_line);
        if let Some((os, line)) = os {
            let version = entry.get(&["operatingsystemversion"]).and_then(|(version, _)| build(version));
            let text = version.map_or_else(|| os.to_owned(), |version| format!("{os} {version}"));
            row.add_at(Field::Os, Some(&text), line);
            row.add_at(Field::Kind, resource_kind(os).map(ResourceKind::key), line);
        }
        if let Some((address, line)) = entry.get(&["ipv4address"])
            && let Ok(ip) = address.parse::<IpAddr>()
        {
            row.add_at(Field::Address, Some(&ip.to_string()), line);
        }
        if let Some((day, line)) = last_logon(entry) {
            row.add_at(Field::SeenOn, Some(&day), line);
        }
        if let Some((text, line)) = entry.get(&["description"]) {
            row.add_at(Field::Note, Some(text), line);
        }
        if let Some((name, line)) = entry.get(&["dn", "distinguishedname"]) {
            row.add_at(Field::Department, department(name).as_deref(), line);
        }
        let flags = entry.get(&["useraccountcontrol"]).and_then(|(flags, _)| flags.parse::<u32>().ok());
        let disabled = entry.get(&["enabled"]).is_some_and(|(text, _)| text.eq_ignore_ascii_case("false"));
        // ADS_UF_ACCOUNTDISABLE
        if disabled || flags.is_some_and(|flags| flags & 2 != 0) {
            count(&mut self.disabled, entry.line);
        }
        self.table.rows.push(row.finish());
    }

    fn finish(mut self) -> Table {
        if self.disabled.0 > 0 {
            let msg = Msg::new("tables-accounts-disabled").arg("count", self.disabled.0);
            self.table.problems.push(warning(place(self.file, Some(self.disabled.1)), msg));
        }
        if self.others.0 > 0 {
            let msg = Msg::new("tables-no-computers").arg("count", self.others.0);
            self.table.problems.push(warning(place(self.file, Some(self.others.1)), msg));
        }
        self.table
    }
}

fn count((count, first): &mut (u32, u32), line: u32) {
    if *count == 0 {
        *first = line;
    }
    *count += 1;
}

/// `10.0 (19045)` → `10.0.19045`; `6.1 (7601)` likewise.
fn build(text: &str) -> Option<String> {
    let (version, build) = text.split_once('(').map_or((text, None), |(version, build)| (version, Some(build)));
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let version = Some(version.trim()).filter(|version| number(version))?;
    match build.map(|build| build.trim_end_matches(')').trim()) {
        Some(build) if number(build) => Some(format!("{version}.{build}")),
        _ => Some(version.to_owned()),
    }
}

/// The later one of the replicated time stamp (exact to about two weeks) and the one of the asked server.
fn last_logon(entry: &Entry) -> Option<(String, u32)> {
    let ticks = ["lastlogontimestamp", "lastlogon"].iter().filter_map(|name| {
        let (value, line) = entry.get(&[name])?;
        Some((dates::of_filetime(value).or_else(|| dates::of_text(value))?, line))
    });
    let day = entry.get(&["lastlogondate"]).and_then(|(value, line)| Some((dates::of_text(value)?, line)));
    ticks.chain(day).max()
}

/// The innermost organisational unit that names a part of the hospital, not a sort of computer and not the hospital.
fn department(name: &str) -> Option<String> {
    parts(name).into_iter().filter_map(|part| part.strip_prefix("OU=").map(tidy)).find(|unit| {
        let lower = unit.to_lowercase();
        let sort = SORTS.iter().any(|sort| lower == *sort);
        let whole = ["病院", "医院", "クリニック", "hospital", "clinic"].iter().any(|end| lower.ends_with(end));
        !unit.is_empty() && !sort && !whole && !lower.contains("windows")
    })
}

/// Usual names of units that sort computers by what they are.
const SORTS: [&str; 28] = [
    "computers",
    "computer",
    "clients",
    "client",
    "workstations",
    "workstation",
    "desktops",
    "laptops",
    "notebooks",
    "servers",
    "server",
    "member servers",
    "domain controllers",
    "devices",
    "machines",
    "pc",
    "pcs",
    "kiosk",
    "コンピュータ",
    "コンピューター",
    "クライアント",
    "クライアントpc",
    "端末",
    "サーバ",
    "サーバー",
    "パソコン",
    "ノートpc",
    "無効",
];

/// Parts of a distinguished name, `OU=` in capitals; `\,` is a comma inside a part (RFC 4514).
fn parts(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut chars = name.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                if let (Some(last), Some(next)) = (parts.last_mut(), chars.next()) {
                    last.push(next);
                }
            }
            ',' => parts.push(String::new()),
            c => {
                if let Some(last) = parts.last_mut() {
                    last.push(c);
                }
            }
        }
    }
    let upper = |part: &String| match part.trim_start().get(..3) {
        Some(key) if key.eq_ignore_ascii_case("ou=") => {
            format!("OU={}", part.trim_start().get(3..).unwrap_or_default())
        }
        _ => part.trim_start().to_owned(),
    };
    parts.iter().map(upper).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builds_and_units() {
        for (text, want) in [
            ("10.0 (19045)", Some("10.0.19045")),
            ("6.1 (7601)", Some("6.1.7601")),
            ("10.0", Some("10.0")),
            ("x (1)", None),
        ] {
            assert_eq!(build(text).as_deref(), want, "{text}");
        }
        for (name, want) in [
            ("CN=PC01,OU=端末,OU=放射線科,OU=共立病院,DC=hosp,DC=example", Some("放射線科")),
            ("CN=PC01,ou=検査科\\, 2F,DC=hosp", Some("検査科, 2F")),
            ("CN=PC01,CN=Computers,DC=hosp,DC=example", None),
            ("CN=DC01,OU=Domain Controllers,DC=hosp", None),
            ("CN=PC01,OU=Windows 10,OU=医事課,DC=hosp", Some("医事課")),
            ("端", None),
        ] {
            assert_eq!(department(name).as_deref(), want, "{name}");
        }
    }
}
