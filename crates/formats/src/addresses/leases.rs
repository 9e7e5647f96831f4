//! ISC `dhcpd.leases`: blocks `lease IP { … }`; a later block for the same address replaces an earlier one.

use super::{AddressSeen, Found, keep, last_of_each, reject};
use crate::feed::Problem;

/// The address, when the line opens a lease.
pub(super) fn begins(line: &str) -> Option<&str> {
    line.trim_start().strip_prefix("lease ")?.trim_end().strip_suffix('{').map(str::trim)
}

#[derive(Default)]
struct Lease<'a> {
    ip: &'a str,
    line: u32,
    mac: Option<String>,
    hostname: Option<&'a str>,
    starts: Option<String>,
    last_contact: Option<String>,
}

pub(super) fn read(text: &str) -> Result<Found, Problem> {
    let mut found = Found::default();
    let mut open: Option<Lease<'_>> = None;
    let mut foreign = 0_usize;
    for (line, content) in (1..).zip(text.lines()) {
        let statement = content.split('#').next().unwrap_or_default().trim();
        if let Some(ip) = begins(content).filter(|_| open.is_none()) {
            open = Some(Lease { ip, line, ..Lease::default() });
        } else if statement.ends_with('{') {
            foreign += 1;
        } else if statement == "}" && foreign > 0 {
            foreign -= 1;
        } else if statement == "}" {
            let Some(lease) = open.take() else { continue };
            match lease.mac {
                Some(mac) => {
                    let when = lease.last_contact.or(lease.starts);
                    let seen = AddressSeen { when, ..AddressSeen::new(mac, lease.line) }.named(lease.hostname);
                    keep(seen.at(lease.ip), &mut found);
                }
                None => found.1.push(reject(lease.line, "lease without a MAC address", lease.ip)),
            }
        } else if let Some(lease) = open.as_mut() {
            let statement = statement.trim_end_matches(';');
            let (key, value) = statement.split_once(' ').unwrap_or((statement, ""));
            match key {
                "hardware" => lease.mac = value.split_whitespace().last().and_then(super::mac),
                "client-hostname" => lease.hostname = Some(value.trim().trim_matches('"')),
                "starts" => lease.starts = time(value),
                "cltt" => lease.last_contact = time(value),
                _ => {}
            }
        }
    }
    if open.is_some() {
        return Err(Problem::Truncated { byte: text.len() as u64 });
    }
    found.0 = last_of_each(found.0);
    Ok(found)
}

/// `4 2024/01/11 01:02:03` (UTC) → `2024-01-11T01:02:03Z`; `epoch 1704934923` likewise.
fn time(value: &str) -> Option<String> {
    let words: Vec<&str> = value.split_whitespace().collect();
    match words.as_slice() {
        ["epoch", seconds, ..] => Some(jiff::Timestamp::from_second(seconds.parse().ok()?).ok()?.to_string()),
        [_, day, time, ..] => Some(format!("{}T{time}Z", day.replace('/', "-"))),
        _ => None,
    }
}
