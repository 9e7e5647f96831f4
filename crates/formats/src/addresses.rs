//! Lists of addresses a network already keeps: DHCP leases, ARP tables and switches' MAC tables, as text.
//!
//! Read are ISC `dhcpd.leases`, CSV of Kea and of Windows DHCP (`Get-DhcpServerv4Lease | Export-Csv`, the console's list
//! export, English or Japanese), and what was copied from a terminal, several commands one after another: see [`lines`].

mod csv;
mod leases;
mod lines;

use crate::bytes;
use crate::feed::{FormatError, Problem};
use crate::record::Reject;
use std::collections::HashMap;
use std::io::Read;
use std::net::IpAddr;

/// Largest list read, in bytes.
pub const MAX_BYTES: u64 = 64 << 20;

/// Which kind of list it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListKind {
    /// ISC `dhcpd.leases`.
    IscLeases,
    /// CSV or tab-separated export of Windows DHCP, CSV of Kea.
    DhcpCsv,
    /// A terminal's text: any ARP table, `ip neigh`, `netsh`, MAC tables of switches, leases of a Yamaha router.
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
    /// IP address, canonical; a switch's MAC table has none.
    pub ip: Option<String>,
    /// MAC address, `aa:bb:cc:dd:ee:ff`.
    pub mac: String,
    /// Host name, lower case.
    pub hostname: Option<String>,
    /// Last contact or start of the lease, a day or a moment in ISO form; `None` = the list does not say.
    pub when: Option<String>,
    /// Port behind which a switch or router sees it.
    pub port: Option<String>,
    /// Name of that switch or router, from the prompt in the file.
    pub switch: Option<String>,
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
    let kind = kind_of(&text).ok_or_else(|| wrong("no line with an IP or a port and a MAC address"))?;
    let (seen, notes) = match kind {
        ListKind::IscLeases => leases::read(&text).map_err(fail)?,
        ListKind::DhcpCsv => csv::read(&text).unwrap_or_default(),
        ListKind::Lines => lines::read(&text),
    };
    if seen.is_empty() {
        return Err(wrong("no line with an IP or a port and a MAC address"));
    }
    Ok(Addresses { kind, seen, notes })
}

const EXPECTED: &str = "a list of addresses (DHCP, ARP)";

/// Finds the kind of a list, or of the beginning of one.
pub(crate) fn kind_of(text: &str) -> Option<ListKind> {
    if text.lines().any(|line| leases::begins(line).is_some()) {
        Some(ListKind::IscLeases)
    } else if csv::has_heading(text) {
        Some(ListKind::DhcpCsv)
    } else {
        (!lines::read(text).0.is_empty()).then_some(ListKind::Lines)
    }
}

/// What a list gives, and what of it cannot be used.
type Found = (Vec<AddressSeen>, Vec<Reject>);

impl AddressSeen {
    fn new(mac: String, line: u32) -> Self {
        Self { ip: None, mac, hostname: None, when: None, port: None, switch: None, line }
    }

    /// With a host name as written.
    fn named(self, hostname: Option<&str>) -> Self {
        let hostname = hostname.map(str::trim).filter(|name| !name.is_empty()).map(str::to_lowercase);
        Self { hostname, ..self }
    }

    /// With an IP address as written, or why it cannot be used.
    fn at(self, ip: &str) -> Result<Self, Reject> {
        match ip.parse::<IpAddr>() {
            Ok(address) => Ok(Self { ip: Some(address.to_canonical().to_string()), ..self }),
            Err(_) => Err(reject(self.line, "not an IP address", ip)),
        }
    }
}

/// Keeps a device; broadcast and multicast entries are no devices, an all-zero MAC address is none.
fn keep(seen: Result<AddressSeen, Reject>, (all, notes): &mut Found) {
    match seen {
        Err(note) => notes.push(note),
        Ok(seen) if seen.mac == "00:00:00:00:00:00" => {
            let what = seen.ip.as_deref().unwrap_or(&seen.mac);
            notes.push(reject(seen.line, "address that did not answer", what));
        }
        Ok(seen) => {
            if u8::from_str_radix(&seen.mac[..2], 16).is_ok_and(|first| first & 1 == 0) {
                all.push(seen);
            }
        }
    }
}

/// Of several entries for one address, the last one.
fn last_of_each(all: Vec<AddressSeen>) -> Vec<AddressSeen> {
    let last: HashMap<Option<String>, usize> = all.iter().enumerate().map(|(i, seen)| (seen.ip.clone(), i)).collect();
    all.into_iter().enumerate().filter(|(i, seen)| last[&seen.ip] == *i).map(|(_, seen)| seen).collect()
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
