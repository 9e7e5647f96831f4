//! Exports of Windows DHCP: CSV or tab-separated, English or Japanese heading; the lease file of Kea (`kea-leases4.csv`),
//! in which a later row about the same address replaces an earlier one.

use super::{AddressSeen, Found, keep, reject};
use crate::dates;

const IP: [&str; 5] = ["ipaddress", "address", "client ip address", "クライアント ip アドレス", "ip アドレス"];
const MAC: [&str; 5] = ["clientid", "hwaddr", "unique id", "一意の id", "一意な id"];
const NAME: [&str; 3] = ["hostname", "name", "名前"];

/// The separator and the columns that count.
struct Heading {
    line: u32,
    separator: char,
    ip: usize,
    mac: usize,
    name: Option<usize>,
    /// Kea: end and length of the lease, seconds.
    lease: Option<(usize, usize)>,
}

pub(super) fn has_heading(text: &str) -> bool {
    heading(text).is_some()
}

/// Export-Csv writes `#TYPE …` first; a heading further down than the fifth line is none.
fn heading(text: &str) -> Option<Heading> {
    (1..).zip(text.lines()).take(5).find_map(|(line, content)| {
        let separator = if content.contains('\t') { '\t' } else { ',' };
        let cells: Vec<String> = fields(content, separator).iter().map(|cell| cell.trim().to_lowercase()).collect();
        let find = |names: &[&str]| cells.iter().position(|cell| names.contains(&cell.as_str()));
        let lease = find(&["expire"]).zip(find(&["valid_lifetime"]));
        // A plain `address` is only Kea's.
        let ip = find(&IP).filter(|at| cells[*at] != "address" || lease.is_some())?;
        Some(Heading { line, separator, ip, mac: find(&MAC)?, name: find(&NAME), lease })
    })
}

/// `None` when no line is the heading of such an export.
pub(super) fn read(text: &str) -> Option<Found> {
    let Heading { line, separator, ip, mac, name, lease } = heading(text)?;
    let lines = (1..).zip(text.lines()).skip(line as usize);
    let mut found = Found::default();
    for (line, content) in lines.filter(|(_, content)| !content.trim().is_empty()) {
        let cells = fields(content, separator);
        let cell = |at: usize| cells.get(at).map(|cell| cell.trim()).filter(|cell| !cell.is_empty());
        match (cell(ip), cell(mac).and_then(super::mac)) {
            (Some(ip), Some(mac)) => {
                let when = lease.and_then(|(end, length)| dates::of_lease(cell(end)?, cell(length)?));
                let seen = AddressSeen { when, ..AddressSeen::new(mac, line) }.named(name.and_then(cell));
                keep(seen.at(ip), &mut found);
            }
            (Some(_), None) => found.1.push(reject(line, "lease without a MAC address", content)),
            (None, _) => found.1.push(reject(line, "line without an IP address", content)),
        }
    }
    if lease.is_some() {
        found.0 = super::last_of_each(found.0);
    }
    Some(found)
}

/// Cells of one line; quotes as in RFC 4180. Exports of DHCP have no line breaks inside cells.
fn fields(line: &str, separator: char) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        let last = cells.len() - 1;
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                cells[last].push('"');
            }
            '"' => quoted = !quoted,
            c if c == separator && !quoted => cells.push(String::new()),
            c => cells[last].push(c),
        }
    }
    cells
}
