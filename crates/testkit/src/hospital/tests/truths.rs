//! The truth can be concluded from the files, and traps do not spoil each other.

use super::{SEEDS, small};
use crate::hospital::table::Subject;
use crate::hospital::{Hospital, InnocentKind, Size, TrapKind, Traps, generate, generate_with};
use std::collections::{BTreeMap, BTreeSet};

/// A value that tells which box it is: field and plain text.
type Id = (&'static str, String);

/// Identities of each row of each device.
fn rows(hospital: &Hospital) -> Vec<(usize, BTreeSet<Id>)> {
    let mut found = Vec::new();
    for table in hospital.docs.iter().flat_map(|doc| &doc.tables) {
        for row in &table.rows {
            let Subject::Device(at) = row.subject else { continue };
            let mut ids = BTreeSet::new();
            for field in ["serial", "mac", "hostname", "address"] {
                let means = table.cell(row, field).map_or("", |cell| cell.means.as_str());
                ids.extend(means.split('、').filter(|it| !it.is_empty()).map(|it| (field, it.to_owned())));
            }
            found.push((at, ids));
        }
    }
    found
}

#[test]
fn rows_of_one_device_hang_together() {
    for hospital in SEEDS.map(|seed| generate(seed, Size::MIDDLE)) {
        let mut of: BTreeMap<usize, Vec<BTreeSet<Id>>> = BTreeMap::new();
        for (at, ids) in rows(&hospital) {
            of.entry(at).or_default().push(ids);
        }
        for (at, mut rows) in of {
            let mut known = rows.remove(0);
            while let Some(next) = rows.iter().position(|row| !row.is_disjoint(&known)) {
                known.extend(rows.remove(next));
            }
            assert!(rows.is_empty(), "{:?}: {rows:?} apart from {known:?}", hospital.truth.devices[at]);
        }
    }
}

/// Identities that rows of several devices have, by field, with the number of devices.
fn shared(hospital: &Hospital) -> BTreeMap<&'static str, usize> {
    let mut owners: BTreeMap<Id, BTreeSet<usize>> = BTreeMap::new();
    for (at, ids) in rows(hospital) {
        for id in ids {
            owners.entry(id).or_default().insert(at);
        }
    }
    owners.iter().filter(|(_, of)| of.len() > 1).map(|(id, of)| (id.0, of.len())).collect()
}

#[test]
fn only_traps_share_an_identity() {
    for seed in SEEDS {
        let trapped = shared(&generate(seed, Size::MIDDLE));
        assert_eq!(trapped, BTreeMap::from([("serial", 2), ("mac", 40), ("address", 2)]));
        let plain = generate_with(seed, Size::SMALL, &Traps::none());
        assert_eq!(shared(&plain), BTreeMap::from([("address", 2)]));
        let lease = plain.truth.innocents.iter().find(|it| it.kind == InnocentKind::ReusedLease).expect("one");
        assert_eq!((lease.facts.devices.len(), lease.facts.addresses.len()), (2, 1));
    }
}

#[test]
fn observed_zones_miss_only_the_one_never_seen() {
    for hospital in small() {
        let never = &trap(&hospital, TrapKind::NeverSeen).facts.devices;
        let observed: Vec<&str> =
            hospital.truth.zones.iter().filter(|zone| zone.observed).map(|zone| zone.name.as_str()).collect();
        for device in &hospital.truth.devices {
            let silent = !device.appears.iter().any(|it| it.file == "arp.txt");
            let here = device.zone.as_deref().is_some_and(|zone| observed.contains(&zone));
            if here && !device.addresses.is_empty() && silent {
                assert_eq!(never, std::slice::from_ref(&device.key));
            }
        }
    }
}

#[test]
fn the_unlisted_are_the_hidden_vpn_and_the_stray_computer() {
    for hospital in small() {
        let unlisted: Vec<&str> = hospital.truth.unlisted().map(|device| device.key.as_str()).collect();
        assert_eq!(unlisted.len(), 2);
        assert!(unlisted.contains(&trap(&hospital, TrapKind::HiddenVpn).facts.devices[0].as_str()));
    }
}

#[test]
fn one_contract_is_empty_and_one_line_ends_nowhere() {
    for hospital in small() {
        let truth = &hospital.truth;
        let empty = truth.contracts.iter().filter(|it| it.devices.is_empty() && it.lines.is_empty());
        let empty: Vec<String> = empty.map(|it| it.number.clone()).collect();
        assert_eq!(empty, trap(&hospital, TrapKind::EmptyContract).facts.contracts);
        let nowhere = truth.lines.iter().filter(|it| it.on_bill && !it.in_list);
        let nowhere: Vec<String> = nowhere.filter_map(|it| it.circuit.clone()).collect();
        assert_eq!(nowhere, trap(&hospital, TrapKind::OrphanBill).facts.circuits);
        let boxless = truth.lines.iter().filter(|it| it.via.is_some() && it.via_device.is_none());
        let boxless: Vec<String> = boxless.filter_map(|it| it.via.clone()).collect();
        assert_eq!(boxless, trap(&hospital, TrapKind::LineWithoutBox).facts.names[..1]);
        for line in truth.lines.iter().filter(|it| it.in_list) {
            let device = truth.device(line.to_device.as_deref().expect("an end")).expect("a device");
            assert!(device.names.contains(&line.to), "{line:?} {device:?}");
        }
    }
}

#[test]
fn facts_of_traps_are_enough() {
    for hospital in small() {
        let facts = |kind| &trap(&hospital, kind).facts;
        let device = |kind| hospital.truth.device(&facts(kind).devices[0]).expect("a device");
        assert_eq!(facts(TrapKind::OneMac).devices.len(), 40);
        assert_eq!(facts(TrapKind::OneMac).places.len(), 40);
        assert_eq!(facts(TrapKind::OneMac).macs.len(), 1);
        assert_eq!(facts(TrapKind::Moved).zones.len(), 2);
        assert_eq!(facts(TrapKind::Moved).addresses.len(), 2);
        assert_eq!(device(TrapKind::Moved).zone.as_ref(), facts(TrapKind::Moved).zones.last());
        assert!(device(TrapKind::LeasedMri).updaters.iter().all(Option::is_none));
        assert_eq!(device(TrapKind::TwoNames).names.len(), 2);
        assert_eq!(facts(TrapKind::TwoNames).names.len(), 2);
        assert_eq!(facts(TrapKind::DuplicateSerial).places.len(), 2);
        assert_eq!(facts(TrapKind::Contradiction).places.len(), 2);
        assert_eq!(facts(TrapKind::WrongColumn).places.len(), 3);
        let contradicted = device(TrapKind::Contradiction);
        assert!(contradicted.product.is_none() != contradicted.zone.is_none());
    }
}

fn trap(hospital: &Hospital, kind: TrapKind) -> &crate::hospital::Trap {
    hospital.traps.iter().find(|trap| trap.kind == kind).expect("planted")
}
