//! What machines write down by themselves: leases, ARP table, scan, directory, SBOM.

use super::lists::{order, told};
use super::names::Role;
use super::spell::{self, MacStyle};
use super::table::{Cell, Data, Doc, Header, Shape, Subject, Table, columns};
use super::world::{File, Unit, World};

/// Servers with an SBOM.
const SBOMS: usize = 2;

/// All files.
pub(super) fn docs(world: &mut World) -> Vec<Doc> {
    let quoted = Shape::Csv { cp932: false, quoted: true };
    let mut docs = vec![
        doc("dhcp_leases.csv", quoted, leases(world)),
        doc("arp.txt", Shape::Arp, arp(world)),
        doc("nmap_サーバ室.xml", Shape::Nmap, nmap(world)),
        doc("ad_computers.csv", quoted, directory(world)),
    ];
    docs.extend(sboms(world));
    docs
}

fn doc(name: &str, shape: Shape, table: Table) -> Doc {
    Doc { name: name.to_owned(), shape, list: false, tables: vec![table] }
}

fn fqdn(unit: &Unit, domain: &str) -> Cell {
    let Some(host) = &unit.facts.hostname else { return Cell::default() };
    Cell::shown_as(host, format!("{host}.{domain}.example"))
}

fn first(values: &[String]) -> Cell {
    Cell::maybe(values.first())
}

fn mac(unit: &Unit, style: MacStyle) -> Cell {
    unit.facts.macs.first().map_or_else(Cell::default, |mac| Cell::shown_as(mac, spell::mac(mac, style)))
}

/// A row for each device that stands in the file.
fn fill(world: &mut World, file: File, table: &mut Table, cells: impl Fn(&mut World, usize) -> Vec<Cell>) {
    for at in order(world, file) {
        let cells = cells(world, at);
        table.rows.push(told(&world.units[at], at, file, cells, table));
    }
}

fn leases(world: &mut World) -> Table {
    let of = columns(&[
        ("address", "", "IPAddress"),
        ("", "", "ScopeId"),
        ("", "", "AddressState"),
        ("mac", "", "ClientId"),
        ("hostname", "", "HostName"),
        ("seen_on", "", "LeaseExpiryTime"),
    ]);
    let mut table = Table::simple("", Vec::new(), Header::OneRow, of);
    fill(world, File::Dhcp, &mut table, |world, at| {
        let unit = &world.units[at];
        let zone = world.truth.zones.iter().position(|zone| Some(&zone.name) == unit.facts.zone.as_ref());
        let third = zone.map_or(0, |zone| world.spaces[zone].third);
        vec![
            first(&unit.facts.addresses),
            Cell::shown_as("", format!("{}.{third}.0", world.prefix)),
            Cell::shown_as("", "Active".to_owned()),
            mac(unit, MacStyle::LowHyphens),
            fqdn(unit, world.domain),
            Cell::shown_as("2026-11-28", "2026/11/28 8:00:00".to_owned()),
        ]
    });
    table
}

fn arp(world: &mut World) -> Table {
    let of =
        columns(&[("address", "", "Address"), ("", "", "Age"), ("mac", "", "Hardware Addr"), ("", "", "Interface")]);
    let mut table = Table::simple("", vec![vec!["core-sw01#show ip arp".to_owned()]], Header::OneRow, of);
    fill(world, File::Arp, &mut table, |world, at| {
        let age = world.dice.below(240);
        let unit = &world.units[at];
        let vlan = world.truth.zones.iter().position(|zone| Some(&zone.name) == unit.facts.zone.as_ref());
        vec![
            first(&unit.facts.addresses),
            Cell::shown_as("", age.to_string()),
            mac(unit, MacStyle::Dots),
            Cell::shown_as("", format!("Vlan{}", 10 * (1 + vlan.unwrap_or(0)))),
        ]
    });
    // A box with several network cards has a line for each of them.
    let more: Vec<Data> = table.rows.iter().flat_map(|row| second_card(world, row)).collect();
    table.rows.extend(more);
    table
}

fn second_card(world: &World, row: &Data) -> Option<Data> {
    let Subject::Device(at) = row.subject else { return None };
    let facts = &world.units[at].facts;
    let (address, mac) = (facts.addresses.get(1)?, facts.macs.get(1)?);
    let mut second = row.clone();
    second.cells[0] = Cell::plain(address);
    second.cells[2] = Cell::shown_as(mac, spell::mac(mac, MacStyle::Dots));
    Some(second)
}

fn nmap(world: &mut World) -> Table {
    let of = columns(&[("address", "", ""), ("mac", "", ""), ("hostname", "", ""), ("os", "", "")]);
    let servers = world.zones_of(Role::Servers)[0];
    let range = &world.truth.zones[servers].range;
    let title = [
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>".to_owned(),
        "<!DOCTYPE nmaprun>".to_owned(),
        format!("<!-- Nmap 7.94 scan initiated Wed Nov 18 20:00:00 2026 as: nmap -sV -O -oX nmap.xml {range} -->"),
        format!(
            "<nmaprun scanner=\"nmap\" args=\"nmap -sV -O -oX nmap.xml {range}\" start=\"1794999600\" \
             startstr=\"Wed Nov 18 20:00:00 2026\" version=\"7.94\" xmloutputversion=\"1.05\">"
        ),
    ];
    let mut table = Table::simple("", title.map(|line| vec![line]).to_vec(), Header::None, of);
    fill(world, File::Nmap, &mut table, |world, at| {
        let unit = &world.units[at];
        let os = Cell::maybe(unit.os.as_ref());
        vec![first(&unit.facts.addresses), mac(unit, MacStyle::Colons), fqdn(unit, world.domain), os]
    });
    table
}

fn directory(world: &mut World) -> Table {
    let of = columns(&[
        ("", "", "Name"),
        ("hostname", "", "DNSHostName"),
        ("address", "", "IPv4Address"),
        ("os", "", "OperatingSystem"),
        ("seen_on", "", "LastLogonDate"),
        ("", "", "Enabled"),
    ]);
    let mut table = Table::simple("", Vec::new(), Header::OneRow, of);
    fill(world, File::Ad, &mut table, |world, at| {
        let day = 1 + world.dice.below(20);
        let unit = &world.units[at];
        let name = unit.facts.hostname.as_ref().map(|host| host.to_uppercase()).unwrap_or_default();
        vec![
            Cell::shown_as("", name),
            fqdn(unit, world.domain),
            first(&unit.facts.addresses),
            Cell::maybe(unit.os.as_ref()),
            Cell::shown_as(&format!("2026-11-{day:02}"), format!("2026/11/{day} 8:30:00")),
            Cell::shown_as("", "True".to_owned()),
        ]
    });
    table
}

/// Software of two servers of the ledger; each file names its server by host name.
fn sboms(world: &mut World) -> Vec<Doc> {
    let fits = |unit: &&mut Unit| {
        unit.facts.kind == "server" && !unit.software.is_empty() && unit.says.is_empty()
            // An SBOM names a device that a list has with its host name.
            && unit.files.contains(&File::Ledger)
    };
    let (units, mut docs) = (&mut world.units, Vec::new());
    for unit in units.iter_mut().filter(fits).take(SBOMS) {
        unit.files.insert(File::Sbom);
    }
    for (at, unit) in units.iter().enumerate().filter(|(_, unit)| unit.files.contains(&File::Sbom)) {
        let host = unit.facts.hostname.clone().unwrap_or_default();
        let of = columns(&[("hostname", "", ""), ("software", "", ""), ("version", "", "")]);
        let title = [
            "{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.5\", \"version\": 1,".to_owned(),
            format!("\"serialNumber\": \"urn:uuid:5d3a6f0e-3b1c-4a57-9a52-{:012x}\",", at + 1),
        ];
        let mut table = Table::simple("", title.map(|line| vec![line]).to_vec(), Header::None, of);
        let named = Cell::shown_as(&host, host.to_uppercase());
        let cells = vec![named, Cell::default(), Cell::default()];
        table.rows.push(Data { subject: Subject::Device(at), section: "", cells, marks: Vec::new() });
        for software in &unit.software {
            let (name, version) = software.rsplit_once(' ').unwrap_or((software, ""));
            let cells = vec![Cell::default(), Cell::plain(name), Cell::plain(version)];
            table.rows.push(Data { subject: Subject::Nothing, section: "", cells, marks: Vec::new() });
        }
        docs.push(doc(&format!("sbom_{}.cdx.json", host.to_uppercase()), Shape::Sbom, table));
    }
    docs
}
