//! Exports of Windows DHCP: CSV or tab-separated, English or Japanese heading.

use super::{Found, note_or_push, reject};

const IP: [&str; 4] = ["ipaddress", "client ip address", "クライアント ip アドレス", "ip アドレス"];
const MAC: [&str; 4] = ["clientid", "unique id", "一意の id", "一意な id"];
const NAME: [&str; 3] = ["hostname", "name", "名前"];

/// The separator and the columns that count.
struct Heading {
    line: u32,
    separator: char,
    ip: usize,
    mac: usize,
    name: Option<usize>,
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
        Some(Heading { line, separator, ip: find(&IP)?, mac: find(&MAC)?, name: find(&NAME) })
    })
}

/// `None` when no line is the heading of such an export.
pub(super) fn read(text: &str) -> Option<Found> {
    let Heading { line, separator, ip, mac, name } = heading(text)?;
    let lines = (1..).zip(text.lines()).skip(line as usize);
    let (mut seen, mut notes) = (Vec::new(), Vec::new());
    for (line, content) in lines.filter(|(_, content)| !content.trim().is_empty()) {
        let cells = fields(content, separator);
        let cell = |at: usize| cells.get(at).map(|cell| cell.trim()).filter(|cell| !cell.is_empty());
        match (cell(ip), cell(mac).and_then(super::mac)) {
            (Some(ip), Some(mac)) => note_or_push(ip, &mac, name.and_then(cell), None, line, &mut seen, &mut notes),
            (Some(_), None) => notes.push(reject(line, "lease without a MAC address", content)),
            (None, _) => notes.push(reject(line, "line without an IP address", content)),
        }
    }
    Some((seen, notes))
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
