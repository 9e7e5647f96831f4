//! Lists of addresses a network already keeps: DHCP leases and ARP tables, as text.
//!
//! Read are ISC `dhcpd.leases`, CSV of Windows DHCP (`Get-DhcpServerv4Lease | Export-Csv`, the console's list export,
//! English or Japanese), `netsh dhcp … show clients`, and ARP tables of Windows, Linux (`arp`, `ip neigh`), BSD, Cisco
//! and Yamaha. All ARP tables share one rule: a line with one IP and one MAC address is a device.

mod csv;
mod leases;

use crate::bytes;
use crate::feed::{FormatError, Problem};
use crate::record::Reject;
use std::io::Read;
use std::net::IpAddr;

/// Largest list read, in bytes.
pub const MAX_BYTES: u64 = 64 << 20;

/// Which kind of list it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListKind {
    /// ISC `dhcpd.leases`.
    IscLeases,
    /// CSV or tab-separated export of Windows DHCP.
    WindowsDhcp,
    /// One device per line: any ARP table, `ip neigh`, `netsh`.
    Lines,
}

/// A list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addresses {
    /// What it is.
    pub kind: ListKind,
    /// Devices, in file order.
    pub seen: Vec<AddressSeen>,
    /// Lines that name an address and cannot be used; [`Reject::record`] is the line number.
    pub notes: Vec<Reject>,
}

/// A device that was on the network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressSeen {
    /// IP address, canonical.
    pub ip: String,
    /// MAC address, `aa:bb:cc:dd:ee:ff`.
    pub mac: String,
    /// Host name, lower case.
    pub hostname: Option<String>,
    /// Last contact or start of the lease, as written; `None` = the list does not say.
    pub when: Option<String>,
    /// Line, from 1.
    pub line: u32,
}

/// Reads a list; the kind is found from the content.
///
/// # Errors
/// [`FormatError`] when it is empty, not text, over [`MAX_BYTES`], or has no line with an IP and a MAC address.
pub fn read(file: &str, input: &mut dyn Read) -> Result<Addresses, FormatError> {
    let fail = |problem| FormatError::new(file, problem);
    let content = bytes::read_whole(input, "bytes of an address list", MAX_BYTES).map_err(fail)?;
    let wrong = |found: &str| fail(Problem::WrongFormat { expected: EXPECTED, found: found.to_owned() });
    let (text, _) = bytes::decode(&content).ok_or_else(|| wrong("not text"))?;
    if text.contains('\0') {
        return Err(wrong("binary (NUL bytes)"));
    }
    let kind = kind_of(&text).ok_or_else(|| wrong("no line with an IP and a MAC address"))?;
    let (seen, notes) = match kind {
        ListKind::IscLeases => leases::read(&text).map_err(fail)?,
        ListKind::WindowsDhcp => csv::read(&text).unwrap_or_default(),
        ListKind::Lines => lines(&text),
    };
    if seen.is_empty() {
        return Err(wrong("no line with an IP and a MAC address"));
    }
    Ok(Addresses { kind, seen, notes })
}

const EXPECTED: &str = "a list of addresses (DHCP, ARP)";

/// Finds the kind of a list, or of the beginning of one.
pub(crate) fn kind_of(text: &str) -> Option<ListKind> {
    if text.lines().any(|line| leases::begins(line).is_some()) {
        Some(ListKind::IscLeases)
    } else if csv::has_heading(text) {
        Some(ListKind::WindowsDhcp)
    } else {
        (!lines(text).0.is_empty()).then_some(ListKind::Lines)
    }
}

/// What a list gives, and what of it cannot be used.
type Found = (Vec<AddressSeen>, Vec<Reject>);

/// One device per line. A line without any address is a heading.
fn lines(text: &str) -> Found {
    let (mut seen, mut notes) = (Vec::new(), Vec::new());
    for (line, content) in (1..).zip(text.lines()) {
        let bare = |c: char| matches!(c, '(' | ')' | ',' | '[' | ']');
        let words: Vec<&str> = content.split_whitespace().map(|word| word.trim_matches(bare)).collect();
        // netsh glues its separators on: `-00-0c-29-11-22-33`.
        let words = words.iter().map(|word| word.trim_start_matches('-'));
        let mut ip = None;
        let mut found_mac = None;
        for word in words {
            if ip.is_none() && word.parse::<IpAddr>().is_ok() {
                ip = Some(word);
            } else if found_mac.is_none() {
                found_mac = mac(word);
            }
        }
        match (ip, found_mac) {
            (Some(ip), Some(mac)) => {
                note_or_push(ip, &mac, line_hostname(content, ip), None, line, &mut seen, &mut notes);
            }
            (None, Some(_)) => notes.push(reject(line, "line with a MAC address but no IP address", content)),
            (Some(_), None) if content.to_lowercase().contains("incomplete") || content.contains("FAILED") => {
                notes.push(reject(line, "address that did not answer", content));
            }
            _ => {}
        }
    }
    (seen, notes)
}

/// BSD and Linux `arp -a` start with the name (`printer (10.0.0.9) at …`), netsh ends with it (`… -D - printer`).
fn line_hostname<'a>(content: &'a str, ip: &str) -> Option<&'a str> {
    if let Some(before) = content.split(&format!("({ip})")).next().filter(|before| before.len() < content.len()) {
        return before.split_whitespace().next().filter(|name| *name != "?");
    }
    let kind = content.rmatch_indices('-').find(|(at, _)| {
        let rest = &content[at + 1..];
        let letter = rest.trim_start().chars().next().is_some_and(|c| c.is_ascii_uppercase());
        letter && rest.trim_start().chars().nth(1).is_none_or(|c| c == ' ' || c == '-')
    });
    let (at, _) = kind?;
    content[at + 1..].split_once('-').map(|(_, name)| name.trim()).filter(|name| !name.is_empty())
}

/// Keeps a device; broadcast and multicast entries are no devices, an all-zero MAC address is none.
fn note_or_push(
    ip: &str,
    mac: &str,
    hostname: Option<&str>,
    when: Option<&str>,
    line: u32,
    seen: &mut Vec<AddressSeen>,
    notes: &mut Vec<Reject>,
) {
    let Ok(address) = ip.parse::<IpAddr>() else {
        notes.push(reject(line, "not an IP address", ip));
        return;
    };
    if mac == "00:00:00:00:00:00" {
        notes.push(reject(line, "address that did not answer", ip));
    } else if u8::from_str_radix(&mac[..2], 16).is_ok_and(|first| first & 1 == 0) {
        let hostname = hostname.map(str::trim).filter(|name| !name.is_empty()).map(str::to_lowercase);
        let ip = address.to_canonical().to_string();
        seen.push(AddressSeen { ip, mac: mac.to_owned(), hostname, when: when.map(str::to_owned), line });
    }
}

fn reject(line: u32, reason: &'static str, detail: &str) -> Reject {
    Reject { record: line.to_string(), reason, detail: detail.trim().chars().take(200).collect() }
}

/// Canonical form of a MAC address: `AA-BB-…`, `aa:b:…` (BSD leaves zeros out), `aabb.ccdd.eeff`, 12 digits; also with
/// the DHCP hardware type 01 in front.
#[must_use]
pub fn mac(text: &str) -> Option<String> {
    let octets: Vec<String> = if text.contains([':', '-']) {
        text.split([':', '-']).map(|part| format!("{part:0>2}")).collect()
    } else {
        let digits: String = if text.contains('.') {
            let parts: Vec<&str> = text.split('.').collect();
            if parts.len() != 3 || parts.iter().any(|part| part.len() != 4) {
                return None;
            }
            parts.concat()
        } else {
            text.to_owned()
        };
        if !digits.is_ascii() || !matches!(digits.len(), 12 | 14) {
            return None;
        }
        (0..digits.len() / 2).map(|i| digits[2 * i..2 * i + 2].to_owned()).collect()
    };
    let octets = match octets.as_slice() {
        [kind, rest @ ..] if rest.len() == 6 && kind == "01" => rest,
        all if all.len() == 6 => all,
        _ => return None,
    };
    let hex = |octet: &String| octet.len() == 2 && octet.bytes().all(|byte| byte.is_ascii_hexdigit());
    octets.iter().all(hex).then(|| octets.join(":").to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_form_of_mac() {
        for text in [
            "00-1A-2b-03-04-05",
            "0:1a:2b:3:4:5",
            "001a.2b03.0405",
            "001A2B030405",
            "01001A2B030405",
            "01-00-1a-2b-03-04-05",
        ] {
            assert_eq!(mac(text).as_deref(), Some("00:1a:2b:03:04:05"), "{text}");
        }
        for text in [
            "",
            "001a2b03040",
            "00:1a:2b:03:04",
            "zz:1a:2b:03:04:05",
            "2024-11-23",
            "1.2.3.4",
            "端末端末端末端末",
            "02001a2b030405",
        ] {
            assert_eq!(mac(text), None, "{text}");
        }
    }
}
