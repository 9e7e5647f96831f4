//! `systeminfo`: `name: value` lines, values of several lines indented below; or one CSV row per computer.

use super::{at, kb, resource_kind};
use crate::delimited;
use crate::rows::{RowBuilder, table, warning};
use crate::{dates, terminal};
use std::net::IpAddr;
use tomomori_domain::Msg;
use tomomori_domain::import::{Field, Problem, Row, Table, TableKind};
use tomomori_domain::resource::ResourceKind;
use tomomori_domain::text::tidy;

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key {
    Host,
    OsName,
    OsVersion,
    Maker,
    Model,
    Installed,
    HotFixes,
    Cards,
    Other,
}

fn key(text: &str) -> Key {
    match tidy(text).to_lowercase().as_str() {
        "ホスト名" | "host name" => Key::Host,
        "os 名" | "os name" => Key::OsName,
        "os バージョン" | "os version" => Key::OsVersion,
        "システム製造元" | "system manufacturer" => Key::Maker,
        "システム モデル" | "system model" => Key::Model,
        "最初のインストール日付" | "original install date" => Key::Installed,
        "ホットフィックス" | "修正プログラム" | "hotfix(s)" => Key::HotFixes,
        "ネットワーク カード" | "network card(s)" => Key::Cards,
        _ => Key::Other,
    }
}

/// Both the host name and the system must be named near the start; in a CSV, which may be a ledger, the updates too.
pub(super) fn begins(text: &str) -> bool {
    let listed = |want: Key| {
        let is = |line: &str| line.split_once([':', '：']).is_some_and(|(name, _)| key(name) == want);
        text.lines().take(40).any(is)
    };
    (listed(Key::Host) && listed(Key::OsName)) || text.lines().take(40).any(is_heading)
}

fn is_heading(line: &str) -> bool {
    let keys: Vec<Key> = line.split(',').map(|cell| key(cell.trim().trim_matches('"'))).collect();
    line.starts_with('"')
        && [Key::Host, Key::OsName, Key::OsVersion, Key::HotFixes].iter().all(|key| keys.contains(key))
}

pub(super) fn read(text: &str, file: &str) -> Table {
    let mut out = table(TableKind::Resources);
    if text.lines().take(40).any(is_heading) {
        csv(text, file, &mut out);
    } else {
        list(text, file, &mut out);
    }
    out
}

fn list(text: &str, file: &str, out: &mut Table) {
    let mut computer: Option<Computer> = None;
    let mut current = Key::Other;
    for line in terminal::lines(text) {
        let content = line.text.as_str();
        if line.command.is_some() || content.trim().is_empty() {
            current = Key::Other;
            continue;
        }
        if content.starts_with([' ', '\t']) {
            if let Some(computer) = computer.as_mut() {
                computer.part(current, content, line.number);
            }
            continue;
        }
        let Some((name, value)) = content.split_once([':', '：']) else { continue };
        current = key(name);
        if current == Key::Host {
            finish(computer.replace(Computer::new(file, line.number)), out);
        }
        if let Some(computer) = computer.as_mut() {
            computer.value(current, value.trim(), line.number);
        }
    }
    finish(computer, out);
}

fn csv(text: &str, file: &str, out: &mut Table) {
    let mut keys: Vec<Key> = Vec::new();
    for record in delimited::records(text, b',') {
        let heading: Vec<Key> = record.cells.iter().map(|cell| key(cell)).collect();
        if heading.contains(&Key::Host) {
            keys = heading;
            continue;
        }
        if keys.is_empty() || record.cells.len() < 3 {
            continue;
        }
        let mut computer = Computer::new(file, record.line);
        for (key, cell) in keys.iter().zip(&record.cells) {
            computer.value(*key, cell.trim(), record.line);
            for part in cell.split(',') {
                computer.part(*key, part, record.line);
            }
        }
        finish(Some(computer), out);
    }
}

struct Computer {
    row: RowBuilder,
    os: Option<(String, u32)>,
    version: Option<String>,
    problems: Vec<Problem>,
}

impl Computer {
    fn new(file: &str, line: u32) -> Self {
        Self { row: RowBuilder::new(at(file, line)), os: None, version: None, problems: Vec::new() }
    }

    fn value(&mut self, key: Key, value: &str, line: u32) {
        let known = Some(value).filter(|value| !is_placeholder(value));
        match key {
            Key::Host => self.row.add_at(Field::Hostname, Some(&value.to_lowercase()), line),
            Key::OsName => self.os = known.map(|os| (os.to_owned(), line)),
            Key::OsVersion => self.version = version(value),
            Key::Maker => self.row.add_at(Field::Maker, known, line),
            Key::Model => self.row.add_at(Field::Product, known, line),
            Key::Installed => match dates::of_text(value) {
                Some(day) => self.row.add_at(Field::StartsOn, Some(&day), line),
                None if known.is_some() => {
                    self.row.place.line = Some(line);
                    let msg = Msg::new("tables-date-unclear").arg("detail", tidy(value));
                    self.problems.push(warning(self.row.place.clone(), msg));
                }
                None => {}
            },
            Key::HotFixes | Key::Cards | Key::Other => {}
        }
    }

    /// One of several values: `[01]: KB5031356`, `[02]: 10.20.1.5`.
    fn part(&mut self, key: Key, text: &str, line: u32) {
        let Some((number, value)) = text.split_once(':') else { return };
        if !number.trim().starts_with('[') {
            return;
        }
        let value = value.trim();
        match key {
            Key::HotFixes => {
                if let Some(kb) = value.split_whitespace().next().and_then(kb) {
                    self.row.add_at(Field::Kb, Some(&kb), line);
                }
            }
            Key::Cards => {
                if let Ok(ip) = value.parse::<IpAddr>()
                    && !of_the_card(ip)
                {
                    self.row.add_at(Field::Address, Some(&ip.to_canonical().to_string()), line);
                }
            }
            _ => {}
        }
    }

    fn finish(mut self) -> (Row, Vec<Problem>) {
        if let Some((os, line)) = &self.os {
            let text = self.version.as_ref().map_or_else(|| os.clone(), |version| format!("{os} {version}"));
            self.row.add_at(Field::Os, Some(&text), *line);
            self.row.add_at(Field::Kind, resource_kind(os).map(ResourceKind::key), *line);
        }
        (self.row.finish(), self.problems)
    }
}

fn finish(computer: Option<Computer>, out: &mut Table) {
    let Some(computer) = computer else { return };
    let (row, problems) = computer.finish();
    if row.get(Field::Os).is_none() {
        out.problems.push(warning(row.place.clone(), Msg::new("tables-systeminfo-cut")));
    }
    out.rows.push(row);
    out.problems.extend(problems);
}

/// `10.0.19045 N/A ビルド 19045` → `10.0.19045`.
fn version(text: &str) -> Option<String> {
    let first = text.split_whitespace().next()?;
    let number = first.split('.').count() >= 3 && first.split('.').all(|part| part.parse::<u32>().is_ok());
    number.then(|| first.to_owned())
}

/// What boards say whose maker never filled the field in.
fn is_placeholder(text: &str) -> bool {
    let text = text.to_lowercase();
    text.is_empty()
        || matches!(
            text.as_str(),
            "n/a"
                | "to be filled by o.e.m."
                | "system manufacturer"
                | "system product name"
                | "default string"
                | "該当なし"
                | "o.e.m."
        )
}

/// Addresses a card gives itself: every computer may have the same.
fn of_the_card(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_link_local() || ip.is_unspecified() || ip.is_loopback(),
        IpAddr::V6(ip) => ip.is_unicast_link_local() || ip.is_unspecified() || ip.is_loopback(),
    }
}
