//! What looks like a trap and is in order. Every hospital has one of each.

use super::build::contract;
use super::names::{CLIENTS, CT, NETWORK, OTHER, Role, SERVERS};
use super::table::{Cell, Mark};
use super::truth::{InnocentKind, Line, Updater};
use super::world::{File, World};

/// Devices that [`plant`] adds.
pub(super) const DEVICES: usize = 11;

pub(super) fn plant(world: &mut World) {
    twin_pcs(world);
    reused_lease(world);
    two_cards(world);
    same_model(world);
    spare_in_store(world);
    contract_of_line(world);
    billed_line(world);
    leased_ct(world);
}

fn twin_pcs(world: &mut World) {
    let owner = world.innocent(InnocentKind::TwinPcs);
    let first = world.add(&CLIENTS[0]);
    let second = world.add(&CLIENTS[0]);
    let number = 700_000_000 + world.dice.below(100_000);
    let (model, os) = (world.units[first].model.clone(), world.units[first].os.clone());
    let maker = world.units[first].facts.maker.clone();
    for (at, serial) in [(first, number), (second, number + 1)] {
        let unit = &mut world.units[at];
        unit.files.insert(File::Ledger);
        unit.hidden.clear();
        (unit.model, unit.os) = (model.clone(), os.clone());
        (unit.facts.product, unit.facts.maker) = (Some(model.clone()), maker.clone());
        unit.facts.serial = Some(format!("PC{serial}"));
        world.involve(owner, at);
    }
}

fn reused_lease(world: &mut World) {
    let owner = world.innocent(InnocentKind::ReusedLease);
    let [before, now] = [world.add(&CLIENTS[0]), world.add(&CLIENTS[0])];
    let ward = world.zones_of(Role::Ward)[0];
    let zone = world.truth.zones[ward].name.clone();
    let address = world.address(ward, true).unwrap_or_default();
    for (at, file) in [(before, File::Dhcp), (now, File::Arp)] {
        let unit = &mut world.units[at];
        unit.files = [File::Ledger, file].into();
        unit.hidden.clear();
        unit.dynamic = true;
        unit.facts.zone = Some(zone.clone());
        unit.facts.addresses = if at == now { vec![address.clone()] } else { Vec::new() };
        world.involve(owner, at);
    }
    world.say(before, File::Dhcp, "address", Cell::plain(&address));
    world.say(before, File::Dhcp, "seen_on", Cell::shown_as("2026-10-30", "2026/10/30 8:00:00".to_owned()));
    world.mark(owner, before, File::Dhcp, "address");
    world.mark(owner, now, File::Arp, "address");
}

fn two_cards(world: &mut World) {
    let owner = world.innocent(InnocentKind::TwoCards);
    let at = world.add(&SERVERS[1]);
    let boundary = world.zones_of(Role::Boundary)[0];
    let (mac, address) = (world.mac(), world.address(boundary, false));
    let unit = &mut world.units[at];
    unit.files = [File::Ledger, File::Arp].into();
    unit.hidden.clear();
    unit.facts.macs.push(mac);
    unit.facts.addresses.extend(address);
    world.involve(owner, at);
    world.mark(owner, at, File::Ledger, "mac");
}

fn same_model(world: &mut World) {
    let owner = world.innocent(InnocentKind::SameModel);
    let number = 10_000 + world.dice.below(80_000);
    for digit in 1..=3 {
        let at = world.add(&NETWORK[1]);
        let unit = &mut world.units[at];
        unit.hidden.clear();
        unit.facts.serial = Some(format!("FCW{number}{digit}"));
        world.involve(owner, at);
    }
}

fn spare_in_store(world: &mut World) {
    let owner = world.innocent(InnocentKind::SpareInStore);
    let at = world.add(&CLIENTS[1]);
    let unit = &mut world.units[at];
    unit.files = [File::Ledger].into();
    unit.hidden.clear();
    unit.dynamic = false;
    unit.facts.addresses.clear();
    unit.facts.zone = None;
    unit.location = Some("管理棟B1 倉庫".to_owned());
    unit.note = Some("予備機（未使用）".to_owned());
    world.involve(owner, at);
}

fn contract_of_line(world: &mut World) {
    let owner = world.innocent(InnocentKind::ContractOfLine);
    let vendor = world.truth.vendors[0].name.clone();
    let number = world.truth.contracts.len() + 1;
    let contract = contract(number, &vendor, "遠隔監視", &mut world.dice);
    world.facts(owner).contracts.push(contract.number.clone());
    let at = world.units.iter().position(|unit| unit.files.contains(&File::Ledger) && unit.facts.kind == "network");
    let (to, to_device) = at.map(|at| (world.units[at].short.clone(), world.units[at].facts.key.clone())).unzip();
    world.line(Line {
        from: format!("{vendor} 監視センター"),
        to: to.unwrap_or_default(),
        to_device,
        vendor: Some(vendor),
        contract: Some(contract.number.clone()),
        remote: true,
        in_list: true,
        ..Line::default()
    });
    world.contract_marks.push((world.truth.contracts.len(), Mark { owner, field: "contract_number" }));
    world.truth.contracts.push(contract);
}

fn billed_line(world: &mut World) {
    let owner = world.innocent(InnocentKind::BilledLine);
    let at = world.add(&OTHER[0]);
    let circuit = world.circuit();
    world.units[at].hidden.clear();
    world.involve(owner, at);
    world.facts(owner).circuits.push(circuit.clone());
    let line = world.line(Line {
        circuit: Some(circuit),
        from: "公衆回線".to_owned(),
        to: world.units[at].short.clone(),
        to_device: Some(world.units[at].facts.key.clone()),
        in_list: true,
        on_bill: true,
        ..Line::default()
    });
    world.line_marks.push((line, Mark { owner, field: "circuit" }));
}

fn leased_ct(world: &mut World) {
    let owner = world.innocent(InnocentKind::LeasedCt);
    let at = world.add(&CT);
    let vendor = world.dice.below(world.truth.vendors.len());
    let mut unit = world.units.remove(at);
    unit.files.extend([File::Ledger, File::Me]);
    unit.hidden.clear();
    unit.purchase = "リース";
    world.maintain(&mut unit, vendor);
    if world.truth.layers_stated {
        let by = unit.facts.vendor.clone().unwrap_or_default();
        for layer in [0, 1, 3] {
            unit.facts.updaters[layer] = Some(Updater { by: by.clone(), clause: Some("第4条".to_owned()) });
        }
    }
    world.units.push(unit);
    world.involve(owner, at);
    world.mark(owner, at, File::Ledger, "purchase");
}
