//! Exports of Windows DHCP: CSV or tab-separated, English or Japanese heading.

use super::{Found, note_or_push, reject};

const IP: [&str; 4] = ["ipaddress", "client ip address", "クライアント ip アドレス", "ip アドレス"];
const MAC: [&str; 4] = ["clientid", "unique id", "一意の id", "一意な id"];
const NAME: [&str; 3] = ["hostname", "name", "名前"];

/// `None` when no line is the heading of such an export.
pub(super) fn read(text: &str) -> Option<Found> {
    let mut lines = (1..).zip(text.lines());
    // Export-Csv writes `#TYPE …` first; a heading further down than this is none.
    let (separator, ip, mac, name) = lines.by_ref().take(5).find_map(|(_, line)| {
        let separator = if line.contains('\t') { '\t' } else { ',' };
        let heading: Vec<String> = fields(line, separator).iter().map(|cell| cell.trim().to_lowercase()).collect();
        let find = |names: &[&str]| heading.iter().position(|cell| names.contains(&cell.as_str()));
        Some((separator, find(&IP)?, find(&MAC)?, find(&NAME)))
    })?;
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
