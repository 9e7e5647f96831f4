//! What is hidden in the files, each in devices, lines or contracts of its own, so that one trap never hides another.

use super::build::{contract, delivered};
use super::names::{CLIENTS, LESSORS, MEDICAL, MRI, Role, SERVERS, VPN};
use super::spell::{self, Day, MacStyle, iso};
use super::table::{Cell, Mark};
use super::truth::{Line, TrapKind};
use super::world::{File, World};

/// How many devices a trap of this kind adds.
pub(super) fn devices_of(kind: TrapKind) -> usize {
    match kind {
        TrapKind::OneMac => ROWS_WITH_ONE_MAC,
        TrapKind::DuplicateSerial | TrapKind::WrongColumn => 2,
        TrapKind::OrphanBill | TrapKind::EmptyContract | TrapKind::LineWithoutBox => 0,
        _ => 1,
    }
}

/// Rows that a MAC address of a USB adapter was copied into.
const ROWS_WITH_ONE_MAC: usize = 40;

/// Plants one trap.
pub(super) fn plant(world: &mut World, kind: TrapKind) {
    match kind {
        TrapKind::HiddenVpn => hidden_vpn(world),
        TrapKind::TwoNames => two_names(world),
        TrapKind::LeasedMri => leased_mri(world),
        TrapKind::Moved => moved(world),
        TrapKind::OrphanBill => orphan_bill(world),
        TrapKind::DuplicateSerial => duplicate_serial(world),
        TrapKind::OneMac => one_mac(world),
        TrapKind::WrongColumn => wrong_column(world),
        TrapKind::FutureDate => {
            let day = (2029 + world.dice.below(4) as u16, 4, 1);
            date(world, kind, Some(day), spell::wareki(day));
        }
        TrapKind::ShowaDate => {
            let day = (1984 + world.dice.below(4) as u16, 10, 1);
            let shown = if world.dice.chance(50) { spell::wareki(day) } else { format!("S{}.10.1", day.0 - 1925) };
            date(world, kind, Some(day), shown);
        }
        TrapKind::ImpossibleDate => {
            let shown = world.dice.pick(&["平成33年3月31日", "令和8年2月30日", "H31.13.1", "昭和65年1月1日"]);
            date(world, kind, None, shown.to_owned());
        }
        TrapKind::Contradiction => contradiction(world),
        TrapKind::NeverSeen => never_seen(world),
        TrapKind::EmptyContract => empty_contract(world),
        TrapKind::LineWithoutBox => line_without_box(world),
    }
}

fn hidden_vpn(world: &mut World) {
    let owner = world.trap(TrapKind::HiddenVpn);
    let at = world.add(&VPN);
    let unit = &mut world.units[at];
    unit.files = [File::Arp].into();
    (unit.facts.serial, unit.facts.hostname) = (None, None);
    (unit.facts.vendor, unit.facts.contract) = (None, None);
    world.involve(owner, at);
    // No file says how it is called.
    world.facts(owner).names.clear();
    world.mark(owner, at, File::Arp, "address");
    world.mark(owner, at, File::Arp, "mac");
}

fn two_names(world: &mut World) {
    let owner = world.trap(TrapKind::TwoNames);
    let at = world.add(&SERVERS[5]);
    delivered(world, at);
    let by_serial = world.dice.chance(50);
    let number = 10 + world.dice.below(80);
    let unit = &mut world.units[at];
    unit.files = [File::Ledger, File::Delivery, File::Arp].into();
    unit.short = format!("共有データ保管庫{number}");
    unit.long = format!("FILESV-{number}");
    unit.facts.hostname = Some(format!("kyoyu{number}"));
    unit.hidden = if by_serial { ["mac"].into() } else { ["serial"].into() };
    let other = unit.long.clone();
    world.involve(owner, at);
    world.facts(owner).names.push(other);
    let host = format!("filesv{number}");
    world.say(at, File::Delivery, "hostname", Cell::shown_as(&host, host.to_uppercase()));
    world.say(at, File::Delivery, "address", Cell::default());
    if by_serial {
        world.say(at, File::Delivery, "mac", Cell::default());
    }
    world.mark(owner, at, File::Ledger, "name");
    world.mark(owner, at, File::Delivery, "name");
}

fn leased_mri(world: &mut World) {
    let owner = world.trap(TrapKind::LeasedMri);
    let at = world.add(&MRI);
    let lessor = world.dice.pick(LESSORS);
    let unit = &mut world.units[at];
    unit.files.extend([File::Ledger, File::Me]);
    unit.hidden.clear();
    unit.purchase = "リース";
    unit.lessor = Some(lessor);
    unit.repairer = None;
    unit.facts.updaters = [const { None }; 4];
    (unit.facts.vendor, unit.facts.contract) = (None, None);
    world.involve(owner, at);
    world.say(at, File::Ledger, "vendor", Cell::default());
    world.mark(owner, at, File::Ledger, "purchase");
    world.mark(owner, at, File::Me, "lessor");
}

fn moved(world: &mut World) {
    let owner = world.trap(TrapKind::Moved);
    let at = world.add(&SERVERS[0]);
    let roles = [Role::Boundary, Role::Servers, Role::Radiology, Role::Laboratory, Role::Office];
    let from = world.dice.below(roles.len());
    let to = (from + 1 + world.dice.below(roles.len() - 1)) % roles.len();
    let [old, new] = [from, to].map(|role| world.zones_of(roles[role])[0]);
    let [old_zone, new_zone] = [old, new].map(|zone| world.truth.zones[zone].name.clone());
    let [old_address, new_address] = [old, new].map(|zone| world.address(zone, false).unwrap_or_default());
    let unit = &mut world.units[at];
    unit.files = [File::Ledger, File::Arp].into();
    unit.hidden.clear();
    unit.facts.addresses = vec![new_address];
    unit.facts.zone = Some(new_zone);
    world.involve(owner, at);
    world.facts(owner).zones.insert(0, old_zone.clone());
    world.facts(owner).addresses.insert(0, old_address.clone());
    world.say(at, File::Ledger, "address", Cell::plain(&old_address));
    world.say(at, File::Ledger, "zone", Cell::plain(&old_zone));
    for field in ["zone", "address"] {
        world.mark(owner, at, File::Ledger, field);
    }
    world.mark(owner, at, File::Arp, "address");
}

fn orphan_bill(world: &mut World) {
    let owner = world.trap(TrapKind::OrphanBill);
    let circuit = world.circuit();
    world.facts(owner).circuits.push(circuit.clone());
    let line = world.line(Line { circuit: Some(circuit), on_bill: true, ..Line::default() });
    world.line_marks.push((line, Mark { owner, field: "circuit" }));
}

/// A PC that only the ledger knows.
fn paper_pc(world: &mut World) -> usize {
    let at = world.add(&CLIENTS[2]);
    let unit = &mut world.units[at];
    unit.files = [File::Ledger].into();
    unit.hidden.clear();
    // It is off, or another port: nobody saw the address it has.
    unit.facts.addresses.clear();
    unit.dynamic = true;
    at
}

fn duplicate_serial(world: &mut World) {
    let owner = world.trap(TrapKind::DuplicateSerial);
    let [first, second] = [paper_pc(world), paper_pc(world)];
    let serial = world.units[first].facts.serial.clone().unwrap_or_default();
    world.units[second].facts.serial = None;
    for at in [first, second] {
        world.involve(owner, at);
        world.doubt(owner, at, File::Ledger, "serial", Cell::plain(&serial));
    }
}

fn one_mac(world: &mut World) {
    let owner = world.trap(TrapKind::OneMac);
    let mac = world.mac();
    for _ in 0..ROWS_WITH_ONE_MAC {
        let at = paper_pc(world);
        world.units[at].facts.macs.clear();
        world.involve(owner, at);
        world.say(at, File::Ledger, "mac", Cell::shown_as(&mac, spell::mac(&mac, MacStyle::Colons)));
        world.mark(owner, at, File::Ledger, "mac");
    }
    world.facts(owner).macs.push(mac);
}

fn wrong_column(world: &mut World) {
    let owner = world.trap(TrapKind::WrongColumn);
    let office = world.zones_of(Role::Office)[0];
    let [swapped, shifted] = [paper_pc(world), paper_pc(world)];
    for at in [swapped, shifted] {
        world.units[at].dynamic = false;
        world.units[at].facts.addresses = world.address(office, false).into_iter().collect();
        world.involve(owner, at);
    }
    let mac = world.units[swapped].facts.macs.join("");
    let address = world.units[swapped].facts.addresses.join("");
    world.doubt(owner, swapped, File::Ledger, "address", Cell::plain(&spell::mac(&mac, MacStyle::Colons)));
    world.doubt(owner, swapped, File::Ledger, "mac", Cell::plain(&address));
    let address = world.units[shifted].facts.addresses.join("");
    world.say(shifted, File::Ledger, "address", Cell::default());
    world.doubt(owner, shifted, File::Ledger, "hostname", Cell::plain(&address));
    world.units[shifted].facts.hostname = None;
}

/// A PC with a doubtful installation date.
fn date(world: &mut World, kind: TrapKind, day: Option<Day>, shown: String) {
    let owner = world.trap(kind);
    let at = paper_pc(world);
    world.units[at].installed = day;
    world.involve(owner, at);
    let means = day.map(iso).unwrap_or_default();
    world.doubt(owner, at, File::Ledger, "starts_on", Cell::shown_as(&means, shown));
}

fn contradiction(world: &mut World) {
    let owner = world.trap(TrapKind::Contradiction);
    let at = world.add(&MEDICAL[3]);
    let by_product = world.dice.chance(50);
    let (laboratory, bedside) = (world.zones_of(Role::Laboratory)[0], world.zones_of(Role::Bedside)[0]);
    let [first, second] = if by_product {
        ["HC-3000", "HC-5000"].map(str::to_owned)
    } else {
        [laboratory, bedside].map(|zone| world.truth.zones[zone].name.clone())
    };
    let field = if by_product { "product" } else { "zone" };
    let unit = &mut world.units[at];
    unit.files = [File::Ledger, File::Me].into();
    unit.hidden.clear();
    // An address would decide the zone.
    unit.facts.addresses.clear();
    if by_product {
        unit.facts.product = None;
    } else {
        unit.facts.zone = None;
    }
    world.involve(owner, at);
    world.doubt(owner, at, File::Ledger, field, Cell::plain(&first));
    world.doubt(owner, at, File::Me, field, Cell::plain(&second));
}

fn never_seen(world: &mut World) {
    let owner = world.trap(TrapKind::NeverSeen);
    let at = world.add(&SERVERS[2]);
    let unit = &mut world.units[at];
    unit.files = [File::Ledger].into();
    unit.hidden.clear();
    world.involve(owner, at);
    world.mark(owner, at, File::Ledger, "address");
}

fn empty_contract(world: &mut World) {
    let owner = world.trap(TrapKind::EmptyContract);
    let vendor = world.dice.below(world.truth.vendors.len());
    let vendor = world.truth.vendors[vendor].name.clone();
    let number = world.truth.contracts.len() + 1;
    let contract = contract(number, &vendor, "旧システム", &mut world.dice);
    world.facts(owner).contracts.push(contract.number.clone());
    world.facts(owner).names.push(contract.title.clone());
    world.contract_marks.push((world.truth.contracts.len(), Mark { owner, field: "contract_number" }));
    world.truth.contracts.push(contract);
}

fn line_without_box(world: &mut World) {
    let owner = world.trap(TrapKind::LineWithoutBox);
    let to = world.units.iter().find(|unit| unit.files.contains(&File::Ledger) && unit.facts.kind == "server");
    let (to, to_device) = to.map(|unit| (unit.short.clone(), unit.facts.key.clone())).unzip();
    let vendor = world.dice.below(world.truth.vendors.len());
    let vendor = world.truth.vendors[vendor].name.clone();
    let via = format!("{vendor} 持込VPNルータ");
    world.facts(owner).names.extend([via.clone(), to.clone().unwrap_or_default()]);
    world.facts(owner).devices.extend(to_device.clone());
    let line = world.line(Line {
        from: format!("{vendor} リモートセンター"),
        to: to.unwrap_or_default(),
        to_device,
        via: Some(via),
        vendor: Some(vendor),
        remote: true,
        in_list: true,
        ..Line::default()
    });
    world.line_marks.push((line, Mark { owner, field: "via" }));
}
