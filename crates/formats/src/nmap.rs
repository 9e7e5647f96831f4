//! nmap scans as XML (`-oX`), any version. Only files are read: nothing here scans.

use crate::addresses;
use crate::bytes;
use crate::feed::{FormatError, Problem};
use crate::record::Reject;
use crate::xml::{self, Element, Lines};
use std::io::Read;
use std::net::IpAddr;

/// Largest scan read, in bytes.
pub const MAX_BYTES: u64 = 128 << 20;

/// A scan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Nmap {
    /// Version of nmap.
    pub version: Option<String>,
    /// Start, seconds since 1970-01-01 UTC.
    pub started: Option<i64>,
    /// End, seconds since 1970-01-01 UTC; `None` = the scan was broken off, hosts may be missing.
    pub finished: Option<i64>,
    /// Hosts that answered.
    pub hosts: Vec<Host>,
    /// Hosts in the file that did not.
    pub down: u64,
    /// What could not be used; [`Reject::record`] is the line number.
    pub notes: Vec<Reject>,
}

/// A host that answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Host {
    /// Line of the file, from 1.
    pub line: u32,
    /// IPv4 and IPv6 addresses, canonical.
    pub addresses: Vec<String>,
    /// MAC address, `aa:bb:cc:dd:ee:ff`; only known on the scanner's own network.
    pub mac: Option<String>,
    /// Maker of the network card by MAC, as nmap names it.
    pub mac_vendor: Option<String>,
    /// Host names: reverse look-ups first, then what the person typed.
    pub hostnames: Vec<String>,
    /// Guesses of the operating system, best first.
    pub os: Vec<OsMatch>,
    /// Open ports.
    pub ports: Vec<Port>,
}

/// A guess of the operating system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OsMatch {
    /// Name, as nmap writes it.
    pub name: String,
    /// Percent.
    pub accuracy: u8,
    /// Device types (`general purpose`, `printer`, `firewall`), as nmap writes them.
    pub kinds: Vec<String>,
    /// CPE names (`cpe:/o:…`).
    pub cpes: Vec<String>,
}

/// An open port.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Port {
    /// Line of the file, from 1.
    pub line: u32,
    /// `tcp`, `udp`, `sctp`.
    pub protocol: String,
    /// Number.
    pub number: u16,
    /// Service name (`http`); without a product it is only the usual service of that port.
    pub service: Option<String>,
    /// Product that answered.
    pub product: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// More that it said.
    pub extra: Option<String>,
    /// CPE names.
    pub cpes: Vec<String>,
}

/// Reads a scan.
///
/// # Errors
/// [`FormatError`] when the XML is broken, cut off, declares entities, is over a limit, or is no nmap scan.
pub fn read(file: &str, input: &mut dyn Read) -> Result<Nmap, FormatError> {
    scan(input).map_err(|problem| FormatError::new(file, problem))
}

fn scan(input: &mut dyn Read) -> Result<Nmap, Problem> {
    let content = bytes::read_whole(input, "bytes of an nmap scan", MAX_BYTES)?;
    let (text, _) =
        bytes::decode(&content).ok_or(Problem::WrongFormat { expected: EXPECTED, found: "not text".to_owned() })?;
    let mut scan = Nmap::default();
    let mut seen_root = false;
    let mut lines = Lines::new(&text);
    xml::walk(&mut text.as_bytes(), &["host", "runstats"], &mut |element| {
        if !seen_root {
            if element.name != "nmaprun" {
                return Err(Problem::WrongFormat { expected: EXPECTED, found: format!("XML <{}>", element.name) });
            }
            seen_root = true;
            scan.version = element.attribute("version").map(str::to_owned);
            scan.started = element.attribute("start").and_then(|time| time.parse().ok());
        } else if element.name == "runstats" {
            let finished = element.child("finished");
            scan.finished = finished.and_then(|finished| finished.attribute("time")?.parse().ok());
        } else if element.name == "host" {
            let state = element.child("status").and_then(|status| status.attribute("state"));
            if state == Some("down") {
                scan.down += 1;
            } else {
                scan.hosts.push(host(&element, &mut lines, &mut scan.notes));
            }
        }
        Ok(())
    })?;
    Ok(scan)
}

const EXPECTED: &str = "an nmap scan (XML)";

fn host(element: &Element, lines: &mut Lines<'_>, notes: &mut Vec<Reject>) -> Host {
    let mut host = Host { line: lines.at(element.byte), ..Host::default() };
    for address in element.all("address") {
        let Some(text) = address.attribute("addr") else { continue };
        if address.attribute("addrtype") == Some("mac") {
            host.mac = addresses::mac(text);
            host.mac_vendor = address.attribute("vendor").map(str::to_owned);
        } else if let Ok(ip) = text.parse::<IpAddr>() {
            host.addresses.push(ip.to_canonical().to_string());
        } else {
            let record = lines.at(address.byte).to_string();
            notes.push(Reject { record, reason: "not an IP address", detail: text.to_owned() });
        }
    }
    let names: Vec<&Element> = element.all("hostnames").flat_map(|names| names.all("hostname")).collect();
    for asked in ["PTR", "user"] {
        for name in names.iter().filter(|name| (name.attribute("type") == Some("PTR")) == (asked == "PTR")) {
            let name = name.attribute("name").map(str::to_lowercase);
            host.hostnames.extend(name.filter(|name| !host.hostnames.contains(name)));
        }
    }
    for port in element.all("ports").flat_map(|ports| ports.all("port")) {
        host.ports.extend(open_port(port, lines));
    }
    for guess in element.all("os").flat_map(|os| os.all("osmatch")) {
        let Some(name) = guess.attribute("name") else { continue };
        let accuracy = guess.attribute("accuracy").and_then(|text| text.parse().ok()).unwrap_or(0);
        let kinds = guess.all("osclass").filter_map(|class| class.attribute("type").map(str::to_owned)).collect();
        let cpes = guess.all("osclass").flat_map(cpes).collect();
        host.os.push(OsMatch { name: name.to_owned(), accuracy, kinds, cpes });
    }
    host.os.sort_by_key(|guess| std::cmp::Reverse(guess.accuracy));
    host
}

fn open_port(port: &Element, lines: &mut Lines<'_>) -> Option<Port> {
    if port.child("state")?.attribute("state") != Some("open") {
        return None;
    }
    let service = port.child("service");
    let of = |key| service.and_then(|service| service.attribute(key)).map(str::to_owned);
    Some(Port {
        line: lines.at(port.byte),
        protocol: port.attribute("protocol").unwrap_or_default().to_owned(),
        number: port.attribute("portid")?.parse().ok()?,
        service: of("name"),
        product: of("product"),
        version: of("version"),
        extra: of("extrainfo"),
        cpes: service.into_iter().flat_map(cpes).collect(),
    })
}

fn cpes(owner: &Element) -> impl Iterator<Item = String> {
    owner.all("cpe").map(|cpe| cpe.text.clone()).filter(|cpe| cpe.starts_with("cpe:"))
}
