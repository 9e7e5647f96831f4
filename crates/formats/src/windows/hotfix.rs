//! Installed updates: `Get-HotFix` and `wmic qfe list`, as a table of words, as `name : value` lines, or as CSV.

use super::{at, kb};
use crate::delimited::{self, Record};
use crate::rows::{RowBuilder, table, warning};
use crate::terminal;
use std::collections::BTreeMap;
use tomomori_domain::Msg;
use tomomori_domain::import::{Field, Table, TableKind};

/// Columns that name the computer, best first.
const COMPUTER: [&str; 5] = ["pscomputername", "csname", "source", "node", "__server"];

pub(super) fn begins(text: &str) -> bool {
    let heading = |line: &str| line.to_lowercase().contains("hotfixid");
    text.lines().take(40).any(heading)
        && text.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| kb(word).is_some())
}

pub(super) fn read(text: &str, file: &str) -> Table {
    let mut found = Found::default();
    let csv = text.lines().find(|line| line.to_lowercase().contains("hotfixid")).map(separator);
    match csv.flatten() {
        Some(separator) => of_records(&delimited::records(text, separator), &mut found),
        None => of_lines(text, &mut found),
    }
    let mut out = table(TableKind::Resources);
    for computer in found.order {
        let Some(kbs) = found.updates.remove(&computer) else { continue };
        let start = kbs.first().map_or(1, |(_, line)| *line);
        let mut row = RowBuilder::new(at(file, start));
        row.add(Field::Hostname, Some(&computer));
        for (kb, line) in kbs {
            row.add_at(Field::Kb, Some(&kb), line);
        }
        if computer.is_empty() {
            out.problems.push(warning(at(file, start), Msg::new("tables-list-without-host")));
        }
        out.rows.push(row.finish());
    }
    for (line, text) in found.left_out {
        out.problems.push(warning(at(file, line), Msg::new("tables-unreadable").arg("detail", text)));
    }
    out
}

/// Updates by computer, computers in the order in which they came.
#[derive(Default)]
struct Found {
    order: Vec<String>,
    updates: BTreeMap<String, Vec<(String, u32)>>,
    left_out: Vec<(u32, String)>,
}

impl Found {
    fn add(&mut self, computer: &str, kb: String, line: u32) {
        let computer = computer.trim().to_lowercase();
        if !self.updates.contains_key(&computer) {
            self.order.push(computer.clone());
        }
        self.updates.entry(computer).or_default().push((kb, line));
    }
}

fn separator(heading: &str) -> Option<u8> {
    [b',', b'\t'].into_iter().find(|separator| heading.contains(char::from(*separator)))
}

fn of_records(records: &[Record], found: &mut Found) {
    let mut columns: Option<(usize, Option<usize>)> = None;
    for record in records {
        let names: Vec<String> = record.cells.iter().map(|cell| cell.trim().to_lowercase()).collect();
        if let Some(id) = names.iter().position(|name| name == "hotfixid") {
            let computer = COMPUTER.iter().find_map(|name| names.iter().position(|cell| cell == name));
            columns = Some((id, computer));
            continue;
        }
        let Some((id, computer)) = columns else { continue };
        let computer = computer.and_then(|at| record.cells.get(at)).map_or("", String::as_str);
        match record.cells.get(id).and_then(|cell| kb(cell)) {
            Some(kb) => found.add(computer, kb, record.line),
            None if record.cells.iter().all(|cell| cell.trim().is_empty()) => {}
            None => found.left_out.push((record.line, record.cells.join(" ").chars().take(100).collect())),
        }
    }
}

fn of_lines(text: &str, found: &mut Found) {
    let lines = terminal::lines(text);
    let named = terminal::host(&lines).map(|(host, _)| host);
    // Where the column with the computer's name starts and ends, in characters; and the one named by `Source : PC01`.
    let mut column: Option<(usize, Option<usize>)> = None;
    let mut block: Option<String> = None;
    for line in &lines {
        let lower = line.text.to_lowercase();
        let listed = lower.split_once([':', '=']).map(|(name, _)| name.trim().to_owned());
        if lower.contains("hotfixid") && listed.as_deref() != Some("hotfixid") {
            column = COMPUTER.iter().find_map(|name| column_of(&lower, name));
            continue;
        }
        if let Some((_, value)) =
            line.text.split_once([':', '=']).filter(|_| listed.as_deref().is_some_and(|name| COMPUTER.contains(&name)))
        {
            block = Some(value.trim().to_owned());
        }
        let Some(kb) = line.text.split_whitespace().map(|word| word.trim_start_matches("HotFixID=")).find_map(kb)
        else {
            continue;
        };
        let cell = column.map(|(from, to)| {
            let width = to.map_or(usize::MAX, |to| to - from);
            line.text.chars().skip(from).take(width).collect::<String>()
        });
        let cell = cell.map(|cell| cell.trim().to_owned()).filter(|cell| !cell.is_empty());
        if cell.as_ref().is_some_and(|cell| cell.ends_with('…') || cell.ends_with("...")) {
            found.left_out.push((line.number, line.text.trim().chars().take(100).collect()));
            continue;
        }
        let computer = cell.or_else(|| block.clone()).or_else(|| named.clone()).unwrap_or_default();
        found.add(&computer, kb, line.number);
    }
}

/// Where a column starts in the heading, and where the next one does.
fn column_of(heading: &str, name: &str) -> Option<(usize, Option<usize>)> {
    let chars: Vec<char> = heading.chars().collect();
    let wanted: Vec<char> = name.chars().collect();
    let alone = |at: usize| {
        let before = at == 0 || chars[at - 1].is_whitespace();
        before && chars.get(at + wanted.len()).is_none_or(|c| c.is_whitespace())
    };
    let from = (0..chars.len()).find(|at| chars[*at..].starts_with(&wanted) && alone(*at))?;
    let after = from + wanted.len();
    let next = (after..chars.len()).find(|at| !chars[*at].is_whitespace());
    Some((from, next))
}
