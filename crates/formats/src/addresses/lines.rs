//! What was copied from a terminal. Four shapes are known, and each line is judged alone where it can be:
//!
//! - ARP tables (Windows, Linux `arp` and `ip neigh`, BSD, Cisco, Yamaha, Allied Telesis) and `netsh dhcp`: a line with
//!   one IP and one MAC address is a device.
//! - MAC tables of switches (Cisco, Allied Telesis, Yamaha, HP): a line with a MAC address, a port and a word for how
//!   it was learned. Entries of the switch itself (port `CPU`) are no devices.
//! - `show status switching-hub macaddress` of Yamaha routers: a port, then the MAC addresses behind it.
//! - `show status dhcp` of Yamaha routers: a block of `name: value` lines per lease.

use super::{AddressSeen, Found, keep, mac, reject};
use crate::terminal::{self, Line};
use std::net::IpAddr;
use tomomori_domain::text::tidy;

/// How a switch says that it knows an address.
const LEARNED: [&str; 9] =
    ["dynamic", "static", "forward", "learned", "learnt", "learn", "secure", "discard", "management"];

pub(super) fn read(text: &str) -> Found {
    let mut found = Found::default();
    let mut lease: Option<Lease> = None;
    let mut hub: Option<String> = None;
    for line in terminal::lines(text) {
        if line.command.is_some() {
            close(&mut lease, &mut found);
            hub = None;
            continue;
        }
        if let Some((key, value)) = line.text.split_once([':', '：']) {
            let key = tidy(key).to_lowercase();
            if opens_lease(&key) && value.trim().parse::<IpAddr>().is_ok() {
                close(&mut lease, &mut found);
                lease = Some(Lease { ip: value.trim().to_owned(), line: line.number, mac: None, hostname: None });
                continue;
            }
            if let Some(lease) = lease.as_mut()
                && lease.take(&key, value)
            {
                continue;
            }
        }
        if let Some(port) = hub_port(&line.text) {
            hub = Some(port);
        }
        if !behind_hub(&line, hub.as_deref(), &mut found) {
            hub = None;
            one(&line, &mut found);
        }
    }
    close(&mut lease, &mut found);
    found
}

/// A line that stands for itself.
fn one(line: &Line, found: &mut Found) {
    let content = line.text.as_str();
    let bare = |c: char| matches!(c, '(' | ')' | ',' | '[' | ']');
    // netsh glues its separators on: `-00-0c-29-11-22-33`.
    let words: Vec<&str> =
        content.split_whitespace().map(|word| word.trim_matches(bare).trim_start_matches('-')).collect();
    let ip = words.iter().copied().find(|word| word.parse::<IpAddr>().is_ok());
    let address = words.iter().copied().filter(|word| word.parse::<IpAddr>().is_err()).find_map(mac);
    match (ip, address) {
        (Some(ip), Some(mac)) => {
            // Only a port with that name is one of a switch; `GigabitEthernet0/0` in an ARP table is a router's own.
            let port = words.iter().copied().find_map(named_port);
            let seen = AddressSeen::new(mac, line.number).named(hostname(content, ip));
            keep(behind(seen, port, line).at(ip), found);
        }
        (None, Some(mac)) => {
            let learned = words.iter().any(|word| LEARNED.contains(&word.to_lowercase().as_str()));
            let port = words.iter().copied().find(|word| is_port(word));
            let own = words.iter().any(|word| {
                matches!(word.to_lowercase().as_str(), "cpu" | "router" | "switch" | "self") || word.starts_with("sup-")
            });
            match (learned, port) {
                (true, Some(port)) => keep(Ok(behind(AddressSeen::new(mac, line.number), Some(port), line)), found),
                (true, None) if own => {}
                _ => found.1.push(reject(line.number, "line with a MAC address but no IP address", content)),
            }
        }
        (Some(_), None) if content.to_lowercase().contains("incomplete") || content.contains("FAILED") => {
            found.1.push(reject(line.number, "address that did not answer", content));
        }
        _ => {}
    }
}

fn behind(seen: AddressSeen, port: Option<&str>, line: &Line) -> AddressSeen {
    let port = port.map(str::to_owned);
    AddressSeen { switch: line.host.clone().filter(|_| port.is_some()), port, ..seen }
}

/// `port1.0.1`, `LAN1(port1)` (the closing bracket is trimmed off already).
fn named_port(word: &str) -> Option<&str> {
    let port = word.rsplit('(').next()?;
    port.strip_prefix("port").is_some_and(|rest| is_number_of_port(rest, true)).then_some(port)
}

/// `Gi1/0/24`, `port1.0.1`, `Po1`, `sa2`, `1/1/2`; not `vlan10`, not a plain number.
fn is_port(word: &str) -> bool {
    let letters = word.len() - word.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len();
    let (name, rest) = word.split_at(letters);
    let lower = name.to_ascii_lowercase();
    if lower.is_empty() {
        return rest.contains('/') && is_number_of_port(rest, false);
    }
    !matches!(lower.as_str(), "vlan" | "vl" | "v") && letters <= 20 && is_number_of_port(rest, true)
}

fn is_number_of_port(rest: &str, plain: bool) -> bool {
    rest.starts_with(|c: char| c.is_ascii_digit())
        && rest.ends_with(|c: char| c.is_ascii_digit())
        && rest.chars().all(|c| c.is_ascii_digit() || matches!(c, '/' | '.' | ':'))
        && (plain || rest.len() > 2)
        && rest.len() <= 12
}

/// `port 2:2`, `port2:` of a Yamaha router's switch; the second number counts the addresses.
fn hub_port(text: &str) -> Option<String> {
    let (port, _) = text.trim().strip_prefix("port")?.split_once(':')?;
    let port = port.trim();
    (port.len() <= 2 && !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| format!("port{port}"))
}

/// Takes the MAC addresses of a line that has nothing else; `false` when the line has something else.
fn behind_hub(line: &Line, port: Option<&str>, found: &mut Found) -> bool {
    let Some(port) = port else { return false };
    let rest = if hub_port(&line.text).is_some() {
        line.text.split_once(':').map_or("", |(_, rest)| rest)
    } else {
        line.text.as_str()
    };
    let words: Vec<&str> = rest.split([' ', '\t', ',']).filter(|word| !word.is_empty()).collect();
    if words.iter().any(|word| mac(word).is_none() && !word.bytes().all(|byte| byte.is_ascii_digit())) {
        return false;
    }
    for mac in words.into_iter().filter_map(mac) {
        keep(Ok(behind(AddressSeen::new(mac, line.number), Some(port), line)), found);
    }
    true
}

/// A lease of a Yamaha router in the making.
struct Lease {
    ip: String,
    line: u32,
    mac: Option<String>,
    hostname: Option<String>,
}

/// Japanese and English console of Yamaha routers.
fn opens_lease(key: &str) -> bool {
    matches!(
        key,
        "割り当て中アドレス" | "予約済みアドレス" | "leased address" | "allocated address" | "reserved address"
    )
}

impl Lease {
    /// Takes a line of the block; `false` when it says something else.
    fn take(&mut self, key: &str, value: &str) -> bool {
        if key.ends_with("イーサネットアドレス")
            || key.ends_with("ethernet address")
            || key.ends_with("クライアントid")
            || key.ends_with("client id")
        {
            // `(01) 24 59 e5 54 5e 5a`: 01 is the hardware type Ethernet.
            let digits: String = value.replace("(01)", "").split_whitespace().collect();
            self.mac = mac(&digits).or(self.mac.take());
            true
        } else if matches!(key, "ホスト名" | "host name" | "hostname") {
            self.hostname = Some(value.trim().to_owned());
            true
        } else {
            false
        }
    }
}

fn close(lease: &mut Option<Lease>, found: &mut Found) {
    let Some(lease) = lease.take() else { return };
    match lease.mac {
        Some(mac) => keep(AddressSeen::new(mac, lease.line).named(lease.hostname.as_deref()).at(&lease.ip), found),
        None => found.1.push(reject(lease.line, "lease without a MAC address", &lease.ip)),
    }
}

/// BSD and Linux `arp -a` start with the name (`printer (10.0.0.9) at …`), netsh ends with it (`… -D - printer`).
fn hostname<'a>(content: &'a str, ip: &str) -> Option<&'a str> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports() {
        for word in ["Gi1/0/24", "Fa0/1", "port1.0.1", "Po1", "sa2", "1/1/2", "Te1/0/2", "Eth1/1"] {
            assert!(is_port(word), "{word}");
        }
        for word in ["vlan10", "Vl1", "10", "300", "CPU", "0011.2233.4455", "dynamic", "N/A", "端末1"] {
            assert!(!is_port(word), "{word}");
        }
        assert_eq!(
            (named_port("LAN1(port1"), named_port("port1.0.1"), named_port("Gi0/1")),
            (Some("port1"), Some("port1.0.1"), None)
        );
    }
}
