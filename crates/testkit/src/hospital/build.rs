//! An ordinary hospital, before anything is hidden in it.

use super::dice::Dice;
use super::names::{CLAUSES, CLIENTS, FIREWALL, HOSPITALS, MEDICAL, NETWORK, OTHER, Role, SERVERS, VENDORS, VPN};
use super::spell::iso;
use super::truth::{Contract, Line, Truth, Vendor, Zone};
use super::world::{File, Space, World};

/// Clients that one zone for wards holds.
const CLIENTS_PER_WARD: usize = 1000;

/// Zones, vendors and contracts, without any device.
pub(super) fn found(seed: u64, devices: usize) -> World {
    let mut dice = Dice::new(seed);
    let (hospital, domain) = dice.pick(HOSPITALS);
    let prefix =
        if dice.chance(50) { format!("10.{}", 16 + dice.below(200)) } else { format!("172.{}", 16 + dice.below(16)) };
    let mut truth = Truth { hospital: hospital.to_owned(), layers_stated: dice.chance(60), ..Truth::default() };
    let mut spaces = Vec::new();
    let zones = [
        ("境界", "境界", Role::Boundary, 512, true),
        ("サーバ室", "サーバ室", Role::Servers, 1024, true),
        ("放射線", "部門", Role::Radiology, 1024, dice.chance(50)),
        ("検査", "部門", Role::Laboratory, 1024, dice.chance(50)),
        ("ME機器", "部門", Role::Bedside, 1024, false),
        ("事務", "部門", Role::Office, 2048, false),
    ];
    for (place, (name, kind, role, hosts, observed)) in zones.into_iter().enumerate() {
        zone(&mut truth, &mut spaces, &prefix, name.to_owned(), kind, observed, Space::new(role, place * 8, hosts));
    }
    // 24 are as many as the addresses of the hospital have room for.
    let wards = (1 + devices / 2 / CLIENTS_PER_WARD).clamp(2, 24);
    for ward in 0..wards {
        let space = Space::new(Role::Ward, 48 + ward * 8, 2048);
        zone(&mut truth, &mut spaces, &prefix, format!("病棟・外来{}", ward + 1), "病棟", false, space);
    }
    let vendors = 5 + dice.below(VENDORS.len() - 4);
    let mut number = 0;
    for &(name, subject) in &VENDORS[..vendors] {
        truth.vendors.push(Vendor { name: name.to_owned() });
        for _ in 0..=dice.below(2) {
            number += 1;
            truth.contracts.push(contract(number, name, subject, &mut dice));
        }
    }
    World::new(truth, spaces, prefix, domain, dice)
}

fn zone(
    truth: &mut Truth,
    spaces: &mut Vec<Space>,
    prefix: &str,
    name: String,
    kind: &'static str,
    observed: bool,
    space: Space,
) {
    let bits = 32 - space.hosts.ilog2();
    let range = format!("{prefix}.{}.0/{bits}", space.third);
    truth.zones.push(Zone { name, kind, range, observed, appears: Vec::new() });
    spaces.push(space);
}

/// A contract with a number of its own.
pub(super) fn contract(number: usize, vendor: &str, subject: &str, dice: &mut Dice) -> Contract {
    let year = 2016 + u16::try_from(dice.below(10)).unwrap_or(0);
    Contract {
        number: format!("K-{year}-{number:03}"),
        title: format!("{subject}{}契約 {number}", dice.pick(&["保守", "導入・保守", "運用支援"])),
        vendor: vendor.to_owned(),
        clause: dice.chance(65).then(|| dice.pick(CLAUSES).to_owned()),
        starts: iso((year, 4, 1)),
        ends: dice.chance(85).then(|| iso((year + 1 + u16::try_from(dice.below(14)).unwrap_or(0), 3, 31))),
        ..Contract::default()
    }
}

/// Adds `count` ordinary devices.
pub(super) fn furnish(world: &mut World, count: usize) {
    // What every hospital has, so that lines can end somewhere.
    for sort in [&FIREWALL, &VPN, &SERVERS[1]] {
        let unit = world.add(sort);
        world.units[unit].files.insert(File::Ledger);
    }
    // One server of the delivery list stands in the ledger as well, one does not yet.
    let [known, new] = [world.add(&SERVERS[0]), world.add(&SERVERS[0])];
    delivered(world, known);
    delivered(world, new);
    world.units[known].files.insert(File::Ledger);
    world.units[new].files.remove(&File::Ledger);
    for _ in 5..count {
        ordinary(world);
    }
    let stray = world.add(&CLIENTS[0]);
    stray_client(world, stray);
}

/// Puts a device in the delivery list of the vendor that delivered it.
pub(super) fn delivered(world: &mut World, unit: usize) {
    let vendor = world.truth.vendors[world.deliverer].name.clone();
    let unit = &mut world.units[unit];
    (unit.facts.vendor, unit.facts.contract) = (Some(vendor), None);
    unit.files.insert(File::Delivery);
    unit.hidden.clear();
}

/// Adds one device, of a sort as frequent as in a hospital.
pub(super) fn ordinary(world: &mut World) -> usize {
    let sorts = match world.dice.below(100) {
        0..10 => SERVERS,
        10..22 => NETWORK,
        22..67 => CLIENTS,
        67..90 => MEDICAL,
        _ => OTHER,
    };
    let sort = &sorts[world.dice.below(sorts.len())];
    world.add(sort)
}

/// A computer somebody plugged in: it has a lease, and no list knows it.
fn stray_client(world: &mut World, unit: usize) {
    let ward = world.zones_of(Role::Ward)[0];
    let address = world.address(ward, true);
    let zone = world.truth.zones[ward].name.clone();
    let unit = &mut world.units[unit];
    unit.dynamic = true;
    unit.files = [File::Dhcp].into();
    unit.facts.zone = Some(zone);
    unit.facts.addresses = address.into_iter().collect();
    unit.facts.hostname = Some("raspberrypi".to_owned());
    unit.facts.serial = None;
    unit.facts.vendor = None;
    unit.facts.contract = None;
}

/// Adds lines: vendors' remote maintenance through a VPN device of the ledger, and the Internet.
pub(super) fn wire(world: &mut World) {
    let listed = |world: &World, kind: &str, section: &str| -> Vec<usize> {
        let fits = |unit: &usize| {
            let unit = &world.units[*unit];
            unit.facts.kind == kind && unit.short.starts_with(section) && unit.files.contains(&File::Ledger)
        };
        (0..world.units.len()).filter(fits).collect()
    };
    let (servers, boxes, walls) =
        (listed(world, "server", ""), listed(world, "network", VPN.short), listed(world, "network", FIREWALL.short));
    for vendor in 0..world.truth.vendors.len() {
        let to = world.dice.pick(&servers);
        let via = world.dice.chance(60).then(|| world.dice.pick(&boxes));
        let circuit = world.dice.chance(50).then(|| world.circuit());
        let name = world.truth.vendors[vendor].name.clone();
        let contracts: Vec<String> =
            world.truth.contracts.iter().filter(|it| it.vendor == name).map(|it| it.number.clone()).collect();
        let contract = world.dice.chance(60).then(|| contracts[world.dice.below(contracts.len())].clone());
        world.line(Line {
            on_bill: circuit.is_some(),
            circuit,
            from: format!("{name} 保守拠点"),
            to: world.units[to].short.clone(),
            to_device: Some(world.units[to].facts.key.clone()),
            via: via.map(|unit| world.units[unit].short.clone()),
            via_device: via.map(|unit| world.units[unit].facts.key.clone()),
            vendor: Some(name),
            contract,
            remote: true,
            in_list: true,
            ..Line::default()
        });
    }
    let wall = world.dice.pick(&walls);
    let circuit = Some(world.circuit());
    world.line(Line {
        circuit,
        from: "インターネット".to_owned(),
        to: world.units[wall].short.clone(),
        to_device: Some(world.units[wall].facts.key.clone()),
        in_list: true,
        on_bill: true,
        ..Line::default()
    });
}

/// Makes the rest fit: no contract is empty by accident, and nothing is true that no file says.
pub(super) fn settle(world: &mut World) {
    for unit in &mut world.units {
        if !unit.files.contains(&File::Ledger) {
            // Only the ledger has these columns.
            unit.facts.updaters = [const { None }; 4];
            unit.facts.contract = None;
            if !unit.files.contains(&File::Delivery) {
                unit.facts.vendor = None;
            }
            if unit.facts.addresses.is_empty() && !unit.files.contains(&File::Me) {
                unit.facts.zone = None;
            }
        }
        if !unit.files.contains(&File::Ledger)
            && !unit.files.contains(&File::Me)
            && !unit.files.contains(&File::Delivery)
        {
            unit.facts.maker.clear();
            unit.facts.product = None;
        }
    }
    let marked: Vec<usize> = world.contract_marks.iter().map(|(contract, _)| *contract).collect();
    for contract in (0..world.truth.contracts.len()).filter(|contract| !marked.contains(contract)) {
        let (number, vendor) =
            (world.truth.contracts[contract].number.clone(), &world.truth.contracts[contract].vendor);
        let used = world.units.iter().any(|unit| unit.facts.contract.as_ref() == Some(&number))
            || world.truth.lines.iter().any(|line| line.contract.as_ref() == Some(&number));
        if !used {
            let plain = |unit: &usize| {
                let unit = &world.units[*unit];
                let shared = unit.files.contains(&File::Delivery) || unit.files.contains(&File::Me);
                unit.says.is_empty() && unit.files.contains(&File::Ledger) && !shared
            };
            let plain: Vec<usize> = (0..world.units.len()).filter(plain).collect();
            let (unit, vendor) = (plain[world.dice.below(plain.len())], vendor.clone());
            world.units[unit].facts.contract = Some(number);
            world.units[unit].facts.vendor = Some(vendor);
        }
    }
    let World { truth, units, .. } = world;
    for contract in &mut truth.contracts {
        let under = units.iter().filter(|unit| unit.facts.contract.as_ref() == Some(&contract.number));
        contract.devices = under.map(|unit| unit.facts.key.clone()).collect();
        let lines = (0..truth.lines.len()).filter(|at| truth.lines[*at].contract.as_ref() == Some(&contract.number));
        contract.lines = lines.collect();
    }
}
