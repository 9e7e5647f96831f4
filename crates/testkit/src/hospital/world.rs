//! The hospital before it writes anything down: its devices with all their facts, and in which files they stand.

use super::dice::Dice;
use super::names::{CLAUSES, DEPARTMENTS, LESSORS, NOTES, PLACES, Role, SELLERS, Sort};
use super::spell::Day;
use super::table::{Cell, Mark, Owner};
use super::truth::{Contract, Device, Facts, Innocent, InnocentKind, Line, Trap, TrapKind, Truth, Updater};
use std::collections::{BTreeMap, BTreeSet};

/// A file that devices stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum File {
    Ledger,
    Me,
    Delivery,
    Dhcp,
    Arp,
    Nmap,
    Ad,
    Sbom,
}

/// A cell of a file that differs from the facts, or that belongs to a trap.
pub(super) struct Say {
    pub(super) file: File,
    pub(super) field: &'static str,
    /// `None` = the cell says what the facts say.
    pub(super) cell: Option<Cell>,
    pub(super) owner: Option<Owner>,
}

/// A device, with what its rows need.
pub(super) struct Unit {
    pub(super) facts: Device,
    /// Name in the ledger, and in other lists.
    pub(super) short: String,
    pub(super) long: String,
    pub(super) section: &'static str,
    pub(super) model: String,
    pub(super) version: Option<String>,
    pub(super) os: Option<String>,
    pub(super) software: Vec<&'static str>,
    pub(super) location: Option<String>,
    pub(super) department: Option<String>,
    pub(super) purchase: &'static str,
    pub(super) installed: Option<Day>,
    pub(super) ends: Option<Day>,
    pub(super) note: Option<String>,
    pub(super) lessor: Option<&'static str>,
    pub(super) seller: &'static str,
    pub(super) repairer: Option<String>,
    /// It gets its address by DHCP.
    pub(super) dynamic: bool,
    /// Files it stands in.
    pub(super) files: BTreeSet<File>,
    /// Fields the ledger leaves blank.
    pub(super) hidden: BTreeSet<&'static str>,
    pub(super) says: Vec<Say>,
}

/// Addresses of a zone.
pub(super) struct Space {
    pub(super) role: Role,
    /// `10.20.4` → third octet and number of hosts.
    pub(super) third: usize,
    pub(super) hosts: usize,
    fixed: usize,
    leased: usize,
}

impl Space {
    pub(super) fn new(role: Role, third: usize, hosts: usize) -> Self {
        Self { role, third, hosts, fixed: 10, leased: hosts / 3 }
    }
}

/// The hospital.
pub(super) struct World {
    pub(super) truth: Truth,
    pub(super) traps: Vec<Trap>,
    pub(super) units: Vec<Unit>,
    /// Beside [`Truth::zones`].
    pub(super) spaces: Vec<Space>,
    /// First two octets.
    pub(super) prefix: String,
    /// Domain under `.example`.
    pub(super) domain: &'static str,
    /// Vendor of the delivery list.
    pub(super) deliverer: usize,
    /// Cells of lines and contracts that belong to a trap or a look-alike.
    pub(super) line_marks: Vec<(usize, Mark)>,
    pub(super) contract_marks: Vec<(usize, Mark)>,
    pub(super) dice: Dice,
    counts: BTreeMap<&'static str, usize>,
    serials: usize,
    macs: usize,
    circuits: usize,
}

impl World {
    pub(super) fn new(truth: Truth, spaces: Vec<Space>, prefix: String, domain: &'static str, mut dice: Dice) -> Self {
        let deliverer = dice.below(truth.vendors.len());
        let (serials, macs, circuits) = (dice.below(1000), dice.below(60_000), 100 + dice.below(300));
        Self {
            truth,
            traps: Vec::new(),
            units: Vec::new(),
            spaces,
            prefix,
            domain,
            deliverer,
            line_marks: Vec::new(),
            contract_marks: Vec::new(),
            dice,
            counts: BTreeMap::new(),
            serials,
            macs,
            circuits,
        }
    }

    /// A serial number nobody else has.
    pub(super) fn serial(&mut self) -> String {
        self.serials += 1;
        // 7919 and 9 000 000 have no common divisor: numbers look random and do not repeat.
        let letter = char::from(b"ABCDEFGHJK"[self.serials % 10]);
        format!("{letter}{}", 1_000_000 + self.serials * 7919 % 9_000_000)
    }

    /// A locally administered MAC address nobody else has.
    pub(super) fn mac(&mut self) -> String {
        self.macs += 1;
        let mixed = (self.macs as u64 * 2_654_435_761) % (1 << 32);
        let [_, _, _, _, a, b, c, d] = mixed.to_be_bytes();
        format!("02:5e:{a:02x}:{b:02x}:{c:02x}:{d:02x}")
    }

    /// A fictional 回線番号.
    pub(super) fn circuit(&mut self) -> String {
        self.circuits += 1;
        format!("03-0000-{:04}", self.circuits)
    }

    /// Positions of the zones of a role.
    pub(super) fn zones_of(&self, role: Role) -> Vec<usize> {
        (0..self.spaces.len()).filter(|zone| self.spaces[*zone].role == role).collect()
    }

    /// The next free address of a zone; `None` when it is full.
    pub(super) fn address(&mut self, zone: usize, leased: bool) -> Option<String> {
        let space = &mut self.spaces[zone];
        // Leases come from the upper part of a zone with PCs.
        let end =
            if !leased && matches!(space.role, Role::Ward | Role::Office) { space.hosts / 3 } else { space.hosts - 6 };
        let next = if leased { &mut space.leased } else { &mut space.fixed };
        if *next >= end {
            return None;
        }
        *next += 1;
        Some(format!("{}.{}.{}", self.prefix, space.third + *next / 256, *next % 256))
    }

    /// A new device of a sort, with everything it has by chance, standing in the files such a device stands in.
    pub(super) fn add(&mut self, sort: &Sort) -> usize {
        let number = self.counts.entry(sort.short).and_modify(|count| *count += 1).or_insert(1);
        let number = *number;
        let (maker, model) = self.dice.pick(sort.models);
        let facts = Device {
            key: format!("D{:05}", self.units.len() + 1),
            kind: sort.kind,
            maker: maker.to_owned(),
            product: Some(model.to_owned()),
            serial: Some(self.serial()),
            hostname: (!sort.host.is_empty()).then(|| format!("{}{number:03}", sort.host)),
            ..Device::default()
        };
        let lease = self.dice.chance(30);
        let lessors = if sort.kind == "medical_device" && lease { LESSORS } else { &[] };
        let mut unit = Unit {
            facts,
            short: format!("{}{number}", sort.short),
            long: format!("{} {number}号機", sort.long),
            section: sort.section,
            model: model.to_owned(),
            version: (sort.os.is_empty() || self.dice.chance(20)).then(|| self.version()),
            os: (!sort.os.is_empty() && self.dice.chance(92)).then(|| self.dice.pick(sort.os).to_owned()),
            software: sort.software.to_vec(),
            location: self.dice.chance(90).then(|| self.dice.pick(PLACES).to_owned()),
            department: self.dice.chance(85).then(|| self.dice.pick(DEPARTMENTS).to_owned()),
            purchase: if lease { "リース" } else { "買い切り" },
            installed: self.dice.chance(90).then(|| self.day(2012, 14)),
            ends: self.dice.chance(50).then(|| self.day(2024, 8)),
            note: self.dice.chance(15).then(|| self.dice.pick(NOTES).to_owned()),
            lessor: (!lessors.is_empty()).then(|| self.dice.pick(LESSORS)),
            seller: self.dice.pick(SELLERS),
            repairer: None,
            dynamic: false,
            files: BTreeSet::new(),
            hidden: BTreeSet::new(),
            says: Vec::new(),
        };
        if self.dice.chance(sort.networked) {
            self.connect(&mut unit, sort);
        }
        if self.dice.chance(75) {
            self.care(&mut unit);
        }
        self.place(&mut unit, sort);
        self.units.push(unit);
        self.units.len() - 1
    }

    fn version(&mut self) -> String {
        format!("{}.{}.{}", 1 + self.dice.below(9), self.dice.below(10), self.dice.below(20))
    }

    /// A day within `years` from the beginning of a year.
    pub(super) fn day(&mut self, from: u16, years: usize) -> Day {
        let [year, month, day] = [self.dice.below(years), self.dice.below(12), self.dice.below(28)];
        (from + u16::try_from(year).unwrap_or(0), 1 + month as u8, 1 + day as u8)
    }

    fn connect(&mut self, unit: &mut Unit, sort: &Sort) {
        let zones = self.zones_of(sort.role);
        let zone = self.dice.pick(&zones);
        unit.facts.macs = vec![self.mac()];
        unit.facts.zone = Some(self.truth.zones[zone].name.clone());
        unit.dynamic = sort.kind == "client" && self.dice.chance(85);
        unit.facts.addresses = self.address(zone, unit.dynamic).into_iter().collect();
    }

    fn care(&mut self, unit: &mut Unit) {
        let vendor = self.dice.below(self.truth.vendors.len());
        self.maintain(unit, vendor);
        if self.truth.layers_stated {
            let layers: &[usize] = match unit.facts.kind {
                "server" => &[0, 1, 2, 3],
                "client" => &[0, 1],
                "medical_device" => &[0, 1, 3],
                _ => &[0],
            };
            for layer in layers {
                unit.facts.updaters[*layer] = self.updater(unit.facts.vendor.as_deref());
            }
        }
    }

    /// Sets vendor and, mostly, contract.
    pub(super) fn maintain(&mut self, unit: &mut Unit, vendor: usize) {
        let vendor = self.truth.vendors[vendor].name.clone();
        let contracts: Vec<&Contract> = self.truth.contracts.iter().filter(|it| it.vendor == vendor).collect();
        unit.facts.contract = (!contracts.is_empty() && self.dice.chance(80))
            .then(|| contracts[self.dice.below(contracts.len())].number.clone());
        if unit.facts.kind == "medical_device" {
            unit.repairer = Some(vendor.clone());
        }
        unit.facts.vendor = Some(vendor);
    }

    fn updater(&mut self, vendor: Option<&str>) -> Option<Updater> {
        match self.dice.below(10) {
            0..7 => Some(Updater {
                by: vendor?.to_owned(),
                clause: self.dice.chance(70).then(|| self.dice.pick(CLAUSES).to_owned()),
            }),
            7 => Some(Updater { by: "当院".to_owned(), clause: None }),
            _ => None,
        }
    }

    /// The files such a device stands in. Rows of one device always share a serial number, MAC address, host name or
    /// fixed address, so that they can be put together.
    fn place(&mut self, unit: &mut Unit, sort: &Sort) {
        let networked = !unit.facts.macs.is_empty();
        let has_address = !unit.facts.addresses.is_empty();
        let medical = sort.kind == "medical_device";
        let delivered = unit.facts.vendor.as_ref() == Some(&self.truth.vendors[self.deliverer].name);
        if medical {
            unit.files.insert(File::Me);
        }
        if !medical || self.dice.chance(if networked { 60 } else { 10 }) {
            unit.files.insert(File::Ledger);
        }
        if sort.kind == "server" && delivered && self.dice.chance(60) {
            unit.files.insert(File::Delivery);
            if self.dice.chance(25) {
                unit.files.remove(&File::Ledger);
            }
        }
        if has_address && !unit.dynamic && self.is_observed(unit) {
            unit.files.insert(File::Arp);
        }
        if has_address && sort.kind == "server" && sort.role == Role::Servers && self.dice.chance(50) {
            unit.files.insert(File::Nmap);
        }
        if has_address && unit.dynamic && self.dice.chance(60) {
            unit.files.insert(File::Dhcp);
        }
        if unit.dynamic && !unit.files.contains(&File::Dhcp) {
            // Nobody knows the address it has.
            unit.facts.addresses.clear();
        }
        if unit.os.as_ref().is_some_and(|os| os.starts_with("Windows")) && !medical && self.dice.chance(70) {
            unit.files.insert(File::Ad);
        }
        if networked && self.dice.chance(30) {
            unit.hidden.insert("mac");
        }
        if !unit.files.contains(&File::Me) && !unit.files.contains(&File::Delivery) && self.dice.chance(12) {
            unit.hidden.insert("serial");
        }
    }

    fn is_observed(&self, unit: &Unit) -> bool {
        self.truth.zones.iter().any(|zone| zone.observed && Some(&zone.name) == unit.facts.zone.as_ref())
    }

    pub(super) fn trap(&mut self, kind: TrapKind) -> Owner {
        self.traps.push(Trap { kind, facts: Facts::default() });
        Owner::Trap(self.traps.len() - 1)
    }

    pub(super) fn innocent(&mut self, kind: InnocentKind) -> Owner {
        self.truth.innocents.push(Innocent { kind, facts: Facts::default() });
        Owner::Innocent(self.truth.innocents.len() - 1)
    }

    /// Facts of a trap or look-alike.
    pub(super) fn facts(&mut self, owner: Owner) -> &mut Facts {
        match owner {
            Owner::Trap(at) => &mut self.traps[at].facts,
            Owner::Innocent(at) => &mut self.truth.innocents[at].facts,
        }
    }

    /// The device belongs to a trap or look-alike.
    pub(super) fn involve(&mut self, owner: Owner, unit: usize) {
        let (device, name) = (self.units[unit].facts.clone(), self.units[unit].short.clone());
        let facts = self.facts(owner);
        facts.devices.push(device.key);
        facts.names.push(name);
        facts.serials.extend(device.serial);
        facts.macs.extend(device.macs);
        facts.addresses.extend(device.addresses);
        facts.zones.extend(device.zone);
    }

    /// The row of a device in a file says something else than the facts.
    pub(super) fn say(&mut self, unit: usize, file: File, field: &'static str, cell: Cell) {
        self.units[unit].says.push(Say { file, field, cell: Some(cell), owner: None });
    }

    /// A cell is evidence.
    pub(super) fn mark(&mut self, owner: Owner, unit: usize, file: File, field: &'static str) {
        self.units[unit].says.push(Say { file, field, cell: None, owner: Some(owner) });
    }

    /// The same as [`World::say`] and [`World::mark`] for a doubtful value.
    pub(super) fn doubt(&mut self, owner: Owner, unit: usize, file: File, field: &'static str, cell: Cell) {
        self.facts(owner).values.push(cell.shown.clone());
        self.say(unit, file, field, cell);
        self.mark(owner, unit, file, field);
    }

    /// Adds a line and gives its position.
    pub(super) fn line(&mut self, line: Line) -> usize {
        self.truth.lines.push(line);
        self.truth.lines.len() - 1
    }
}
