//! Scans, address lists and SBOMs as rows for the ledger. What was seen on the wire or read from the machine has
//! [`tomomori_domain::resource::Grade::Observed`].

use crate::addresses::Addresses;
use crate::dates;
use crate::nmap::{Host, Nmap};
use crate::record::Reject;
use crate::rows::{RowBuilder, place, table, warning};
use crate::sbom::{Sbom, SbomComponent};
use std::collections::{BTreeMap, BTreeSet};
use tomomori_domain::Msg;
use tomomori_domain::import::{Field, Place, Row, Table, TableKind};
use tomomori_domain::resource::ResourceKind;
use tomomori_domain::text::tidy;

/// From this accuracy on, and only when no other guess is as good, nmap's guess of the system is taken over.
pub const OS_FROM: u8 = 95;

/// What an SBOM is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// Name of the subject.
    pub name: String,
    /// Host name, where the SBOM states one.
    pub hostname: Option<String>,
    /// Serial number of the device, where the SBOM states one.
    pub serial: Option<String>,
}

/// One row per host that answered.
#[must_use]
pub fn nmap_table(scan: &Nmap, file: &str) -> Table {
    let mut table = table(TableKind::Resources);
    if scan.finished.is_none() {
        table.problems.push(warning(place(file, None), Msg::new("tables-scan-unfinished")));
    }
    for note in &scan.notes {
        table.problems.push(warning(place(file, note.record.parse().ok()), left_out(note)));
    }
    for host in &scan.hosts {
        let row = host_row(host, file);
        // A host that is only a name cannot be told apart from others.
        if row.values.iter().any(|value| matches!(value.field, Field::Address | Field::Mac)) {
            table.rows.push(row);
        } else {
            table.problems.push(warning(row.place, Msg::new("tables-host-without-address")));
        }
    }
    table
}

fn host_row(host: &Host, file: &str) -> Row {
    let mut row = RowBuilder::new(place(file, Some(host.line)));
    for address in &host.addresses {
        row.add(Field::Address, Some(address));
    }
    row.add(Field::Mac, host.mac.as_deref());
    row.add(Field::Hostname, host.hostnames.first().map(String::as_str));
    if let Some(best) = host.os.first().filter(|best| best.accuracy >= OS_FROM)
        && host.os.get(1).is_none_or(|second| second.accuracy < best.accuracy)
    {
        row.add(Field::Os, Some(&best.name));
        row.add(Field::Kind, best.kinds.first().and_then(|kind| resource_kind(kind)).map(ResourceKind::key));
    }
    for port in &host.ports {
        row.place.line = Some(port.line);
        for cpe in &port.cpes {
            row.add(Field::Cpe, Some(cpe));
        }
        if let Some(product) = port.product.as_ref().filter(|_| port.cpes.is_empty()) {
            let text = port.version.as_ref().map_or_else(|| product.clone(), |version| format!("{product} {version}"));
            row.add(Field::Software, Some(&text));
        }
    }
    row.finish()
}

/// nmap's device types that leave no doubt; "general purpose" may be a server or a client.
fn resource_kind(kind: &str) -> Option<ResourceKind> {
    match kind {
        "firewall" | "router" | "switch" | "WAP" | "broadband router" | "load balancer" | "hub" | "bridge" => {
            Some(ResourceKind::Network)
        }
        "printer" | "print server" | "storage-misc" | "power-device" | "webcam" | "VoIP phone" | "media device" => {
            Some(ResourceKind::Other)
        }
        _ => None,
    }
}

/// From so many devices on, what a switch sees behind one of its ports hangs on another switch, not on that port. A
/// telephone with a computer behind it, or a small hub on a desk, stays below.
pub const SHARED_FROM: usize = 6;

/// What a switch sees behind one port: MAC addresses, and the line of the first.
type Behind<'a> = (BTreeSet<&'a str>, u32);

/// One row per entry of a DHCP list, an ARP table or a switch's MAC table.
#[must_use]
pub fn addresses_table(list: &Addresses, file: &str) -> Table {
    let mut table = table(TableKind::Resources);
    let mut behind: BTreeMap<(Option<&str>, &str), Behind<'_>> = BTreeMap::new();
    for seen in &list.seen {
        if let Some(port) = &seen.port {
            let port = behind.entry((seen.switch.as_deref(), port)).or_insert((BTreeSet::new(), seen.line));
            port.0.insert(&seen.mac);
        }
    }
    for seen in &list.seen {
        let mut row = RowBuilder::new(place(file, Some(seen.line)));
        row.add(Field::Address, seen.ip.as_deref());
        row.add(Field::Mac, Some(&seen.mac));
        row.add(Field::Hostname, seen.hostname.as_deref());
        row.add(Field::SeenOn, seen.when.as_deref().and_then(dates::of_text).as_deref());
        if let Some(port) = &seen.port
            && behind.get(&(seen.switch.as_deref(), port.as_str())).is_some_and(|(macs, _)| macs.len() < SHARED_FROM)
        {
            row.add(Field::Uplink, seen.switch.as_deref());
            row.add(Field::Port, Some(port));
        }
        table.rows.push(row.finish());
    }
    for ((switch, port), (macs, line)) in behind.iter().filter(|(_, (macs, _))| macs.len() >= SHARED_FROM) {
        let port = switch.map_or_else(|| (*port).to_owned(), |switch| format!("{switch} {port}"));
        let msg = Msg::new("tables-port-shared").arg("port", port).arg("count", macs.len());
        table.problems.push(warning(place(file, Some(*line)), msg));
    }
    for note in &list.notes {
        table.problems.push(warning(place(file, note.record.parse().ok()), left_out(note)));
    }
    table
}

/// One row per component, after a first row that names the device in [`Field::Hostname`] (its host name, else the
/// subject's name). [`Place::cell`] holds the JSON pointer where the file has no lines that mean anything.
#[must_use]
pub fn sbom_table(sbom: &Sbom, file: &str) -> (Table, Option<Subject>) {
    let mut table = table(TableKind::Components);
    let at = |component: &SbomComponent| {
        let cell = Some(component.path.as_str().into()).filter(|_| !component.path.is_empty());
        Place { cell, ..place(file, component.line) }
    };
    let subject = sbom.subject.as_ref().map(|subject| Subject {
        name: tidy(&subject.name),
        hostname: subject.hostname.as_deref().map(|name| tidy(name).to_lowercase()),
        serial: subject.device_serial.as_deref().map(tidy),
    });
    match (&sbom.subject, &subject) {
        (Some(component), Some(subject)) => {
            // A device is not software on itself, unless the SBOM says which product it is.
            let software =
                component.kind.as_deref() != Some("device") || component.cpe.is_some() || component.purl.is_some();
            let mut row =
                if software { component_row(component, at(component)) } else { RowBuilder::new(at(component)) };
            row.add(Field::Hostname, Some(subject.hostname.as_ref().unwrap_or(&subject.name)));
            row.add(Field::Serial, subject.serial.as_deref());
            table.rows.push(row.finish());
        }
        _ => table.problems.push(warning(place(file, None), Msg::new("tables-sbom-without-subject"))),
    }
    for component in &sbom.components {
        table.rows.push(component_row(component, at(component)).finish());
    }
    for note in &sbom.notes {
        // A note starts with its JSON pointer or its line.
        let start = note.detail.split(": ").next().unwrap_or_default();
        let at = match start.parse() {
            Ok(line) => place(file, Some(line)),
            Err(_) => Place { cell: Some(start.into()), ..place(file, None) },
        };
        table.problems.push(warning(at, left_out(note)));
    }
    (table, subject)
}

fn component_row(component: &SbomComponent, place: Place) -> RowBuilder {
    let mut row = RowBuilder::new(place);
    row.add(Field::Name, Some(&component.name));
    row.add(Field::Kind, component.kind.as_deref());
    row.add(Field::Version, component.version.as_deref());
    row.add(Field::Maker, component.maker.as_deref().or(component.group.as_deref()));
    row.add(Field::Cpe, component.cpe.as_deref());
    row.add(Field::Purl, component.purl.as_deref());
    row
}

/// A part that was left out, in the reader's language; the readers' reasons are a fixed list.
fn left_out(note: &Reject) -> Msg {
    let msg = match note.reason {
        "line with a MAC address but no IP address" | "line without an IP address" => Msg::new("tables-no-ip"),
        "address that did not answer" => Msg::new("tables-no-answer"),
        "not an IP address" => Msg::new("tables-bad-ip"),
        "lease without a MAC address" => Msg::new("tables-no-mac"),
        "missing" => Msg::new("tables-missing"),
        "bom-ref used twice" | "SPDXID used twice" => Msg::new("tables-ref-twice"),
        "services are not imported" => Msg::new("tables-services"),
        _ => Msg::new("tables-unreadable"),
    };
    msg.arg("detail", &note.detail)
}
