//! Random hospitals with planted traps. The generator (`tomomori_testkit::hospital`) shares no code with what finds them.

use crate::paper::{Files, Paper};
use std::collections::{BTreeMap, BTreeSet};
use tomomori_domain::check::{Check, CheckKind};
use tomomori_domain::ids::{ChangeId, RecordId, ResourceId};
use tomomori_domain::import::TableKind;
use tomomori_domain::record::Sameness;
use tomomori_domain::resource::{PurchaseForm, Resource};
use tomomori_domain::text::fold;
use tomomori_testkit::hospital::{Hospital, Size, TrapKind, generate};

const SEEDS: std::ops::Range<u64> = 1..31;

fn imported(hospital: &Hospital) -> Paper {
    let mut paper = Paper::default();
    paper.import(&hospital.files);
    paper
}

/// Devices of the truth beside resources of the ledger, by the marks the truth gives.
fn found(hospital: &Hospital, paper: &Paper) -> (BTreeMap<String, ResourceId>, Vec<String>) {
    let mut found = BTreeMap::new();
    let mut wrong = Vec::new();
    let mut taken: BTreeMap<ResourceId, String> = BTreeMap::new();
    for device in &hospital.truth.devices {
        let same = |row: &&Resource| {
            let has = |value: &Option<String>, own: &Option<String>| {
                value
                    .as_ref()
                    .zip(own.as_ref())
                    .is_some_and(|(a, b)| fold(a).replace('-', "") == fold(b).replace('-', ""))
            };
            let short = row.hostname.as_deref().map(|name| name.split('.').next().unwrap_or_default().to_owned());
            has(&device.serial, &row.serial)
                || device.macs.iter().any(|mac| row.macs.contains(mac))
                || has(&device.hostname, &short)
        };
        let named = |row: &&Resource| {
            device
                .names
                .iter()
                .any(|name| fold(&row.name) == fold(name) || row.aliases.iter().any(|a| fold(a) == fold(name)))
        };
        let by_mark: Vec<&Resource> = paper.ledger.resources.iter().filter(same).collect();
        let rows = if by_mark.is_empty() { paper.ledger.resources.iter().filter(named).collect() } else { by_mark };
        match rows.as_slice() {
            [only] => {
                if let Some(other) = taken.insert(only.id, device.key.clone()) {
                    wrong.push(format!("{} and {other} are one: {}", device.key, only.name));
                }
                found.insert(device.key.clone(), only.id);
            }
            several => wrong.push(format!("{} {:?} is {} resources", device.key, device.names, several.len())),
        }
    }
    (found, wrong)
}

#[test]
fn every_box_is_one_resource_whatever_its_files_call_it() {
    for seed in SEEDS {
        let hospital = generate(seed, Size(120));
        let paper = imported(&hospital);
        let (found, wrong) = found(&hospital, &paper);
        // Boxes without any mark of their own cannot be told apart by the truth's marks either.
        let doubtful: BTreeSet<&String> = hospital
            .traps
            .iter()
            .filter(|trap| matches!(trap.kind, TrapKind::DuplicateSerial | TrapKind::OneMac))
            .flat_map(|trap| &trap.facts.devices)
            .collect();
        let wrong: Vec<_> =
            wrong.iter().filter(|text| !doubtful.iter().any(|key| text.contains(key.as_str()))).collect();
        assert!(wrong.is_empty(), "seed {seed}: {wrong:#?}");
        let names: Vec<_> = {
            let known: BTreeSet<_> = found.values().collect();
            paper.ledger.resources.iter().filter(|row| !known.contains(&row.id)).map(|row| row.name.clone()).collect()
        };
        let (is, should) = (paper.ledger.resources.len(), hospital.truth.devices.len());
        assert_eq!(is, should, "seed {seed}: not in the truth: {names:?}");
    }
}

/// Whether a check of this kind speaks of one of the texts.
fn told<'a>(checks: &'a [Check], kinds: &'a [CheckKind], texts: &'a [String]) -> impl Iterator<Item = &'a Check> {
    checks.iter().filter(move |check| {
        let said = || check.msg.args.values().map(|text| fold(text)).collect::<Vec<_>>();
        kinds.contains(&check.kind) && texts.iter().any(|text| said().iter().any(|arg| arg.contains(&fold(text))))
    })
}

#[test]
fn every_planted_trap_is_found_and_no_look_alike_is() {
    use CheckKind as C;
    for seed in SEEDS {
        let hospital = generate(seed, Size(120));
        let paper = imported(&hospital);
        let (found, _) = found(&hospital, &paper);
        let checks = &paper.checks;
        let device = |key: &String| {
            let id = found.get(key)?;
            paper.ledger.resources.iter().find(|row| row.id == *id)
        };
        let about = |kinds: &[C], keys: &[String]| {
            let ids: BTreeSet<ResourceId> = keys.iter().filter_map(|key| found.get(key)).copied().collect();
            checks.iter().any(|check| kinds.contains(&check.kind) && check.resource.is_some_and(|id| ids.contains(&id)))
        };
        let mut missed = Vec::new();
        for trap in &hospital.traps {
            let facts = &trap.facts;
            let cell = |place: &tomomori_testkit::hospital::Place| {
                checks.iter().any(|check| {
                    check.place.as_ref().is_some_and(|at| {
                        at.file == place.file && at.cell.as_deref() == place.cell.as_deref() && at.cell.is_some()
                    })
                })
            };
            let is_found = match trap.kind {
                TrapKind::HiddenVpn => told(checks, &[C::Stranger], &facts.addresses).next().is_some(),
                TrapKind::TwoNames => about(&[C::TwoNames], &facts.devices),
                TrapKind::LeasedMri => facts.devices.iter().filter_map(device).any(|mri| {
                    mri.purchase == Some(PurchaseForm::Lease) && mri.updates.is_empty() && mri.contract.is_none()
                }),
                TrapKind::Moved => about(&[C::Moved], &facts.devices),
                TrapKind::OrphanBill => told(checks, &[C::OpenLine], &facts.circuits).next().is_some(),
                TrapKind::DuplicateSerial => told(checks, &[C::Doubled], &facts.serials).count() == 2,
                TrapKind::OneMac => told(checks, &[C::Doubled], &facts.macs).count() == 40,
                TrapKind::WrongColumn | TrapKind::FutureDate | TrapKind::ShowaDate | TrapKind::ImpossibleDate => {
                    facts.places.iter().any(cell)
                }
                TrapKind::Contradiction => about(&[C::Contradiction], &facts.devices),
                TrapKind::NeverSeen => about(&[C::Unseen], &facts.devices),
                TrapKind::EmptyContract => told(checks, &[C::IdleContract], &facts.contracts).next().is_some(),
                TrapKind::LineWithoutBox => told(checks, &[C::OpenLine], &facts.names[..1]).next().is_some(),
            };
            if !is_found {
                missed.push(format!("{:?} {facts:?}", trap.kind));
            }
        }
        for innocent in &hospital.truth.innocents {
            let facts = &innocent.facts;
            let weighty = [C::SameBox, C::Moved, C::Unseen, C::Stranger, C::Contradiction, C::Doubled];
            let ids: BTreeSet<ResourceId> = facts.devices.iter().filter_map(|key| found.get(key)).copied().collect();
            let wrong = checks
                .iter()
                .filter(|check| weighty.contains(&check.kind) && check.resource.is_some_and(|id| ids.contains(&id)))
                .chain(told(checks, &[C::OpenLine], &facts.circuits))
                .chain(told(checks, &[C::IdleContract], &facts.contracts));
            missed.extend(wrong.map(|check| format!("in order, and reported: {:?} {:?}", innocent.kind, check.msg)));
        }
        let decisions: Vec<_> = checks.iter().filter(|check| check.kind.needs_decision()).map(|c| &c.msg).collect();
        assert!(decisions.len() <= 10, "seed {seed}: {} decisions: {decisions:#?}", decisions.len());
        assert!(missed.is_empty(), "seed {seed}: {missed:#?}");
    }
}

#[test]
fn the_same_files_again_in_any_clothes_change_nothing() {
    for seed in SEEDS {
        let hospital = generate(seed, Size(120));
        let mut paper = imported(&hospital);
        let before = paper.ledger.clone();
        for (how, files) in [
            ("the same", hospital.files.clone()),
            ("rows in another order", hospital.shuffled(seed).files),
            ("columns in another order", hospital.reordered(seed).files),
            ("renamed for next year", hospital.next_year(seed).files),
        ] {
            let diff = paper.import(&files);
            assert!(diff.changes.is_empty(), "seed {seed}, {how}: {:#?}", diff.changes);
            assert_eq!(paper.ledger, before, "seed {seed}, {how}");
        }
    }
}

#[test]
fn a_changed_file_changes_exactly_the_changed_fields() {
    for seed in SEEDS {
        let hospital = generate(seed, Size(120));
        let mut paper = imported(&hospital);
        let (found, _) = found(&hospital, &paper);
        let mutation = hospital.mutate(seed, 5);
        let diff = paper.import(&mutation.hospital.files);
        let mut wanted: Vec<(ResourceId, &str)> =
            mutation.changes.iter().map(|change| (found[&change.device], change.field)).collect();
        let mut is: Vec<(ResourceId, &str)> = diff
            .changes
            .iter()
            .flat_map(|change| change.fields.iter().map(|field| (change.resource.unwrap(), field.field.key())))
            .collect();
        wanted.sort_unstable();
        is.sort_unstable();
        is.dedup();
        assert_eq!(is, wanted, "seed {seed}: {:#?} {:#?}", diff.changes, mutation.changes);
    }
}

#[test]
fn the_order_of_files_is_no_matter() {
    for seed in SEEDS {
        let hospital = generate(seed, Size(120));
        let whole = imported(&hospital).said();
        let mut order: Files = hospital.files.clone();
        for turn in 0..3 {
            order.rotate_left(1 + turn);
            if turn == 1 {
                order.reverse();
            }
            let mut paper = Paper::default();
            for file in &order {
                paper.import(std::slice::from_ref(file));
            }
            let said = paper.said();
            let differs: Vec<_> = said.iter().filter(|text| !whole.contains(text)).collect();
            let names: Vec<_> = order.iter().map(|(name, _)| name).collect();
            assert!(differs.is_empty() && said.len() == whole.len(), "seed {seed} {names:?}: {differs:#?}");
        }
    }
}

/// Rows of different boxes are made one and parted again, and rows of one box are parted and made one again.
#[test]
fn joining_and_parting_are_each_others_inverse() {
    for seed in SEEDS {
        let hospital = generate(seed, Size(60));
        let mut paper = imported(&hospital);
        let before = paper.ledger.clone();
        let lineages: Vec<RecordId> = paper
            .records
            .iter()
            .filter(|record| record.table == TableKind::Resources)
            .map(|record| record.lineage)
            .collect();
        for turn in 0..8_usize {
            let at = |n: usize| lineages[(n * 7919 + turn * 104_729) % lineages.len()];
            let (one, other) = (at(seed as usize), at(seed as usize + turn + 1));
            if one == other {
                continue;
            }
            for same in [true, false] {
                paper.decisions = vec![Sameness { one, other, same }];
                paper.compute();
                let told = |lineage| paper.records.iter().find(|record| record.lineage == lineage).and_then(|r| r.home);
                assert_eq!(told(one) == told(other), same, "seed {seed}, turn {turn}");
                paper.decisions.clear();
                paper.compute();
                let at = || format!("seed {seed}, turn {turn}, same {same}");
                assert_eq!(paper.ledger.lines, before.lines, "{}", at());
                for (is, was) in paper.ledger.components.iter().zip(&before.components) {
                    assert_eq!(is, was, "{}", at());
                }
                assert_eq!(paper.ledger.services, before.services, "{}", at());
                for (is, was) in paper.ledger.resources.iter().zip(&before.resources) {
                    assert_eq!(is, was, "{}", at());
                }
                assert_eq!(paper.ledger, before, "{}", at());
            }
        }
    }
}

/// What the ledger says, stated as records, is the same ledger again: every field survives.
#[test]
fn a_ledger_restated_is_the_same_ledger() {
    for seed in SEEDS {
        let paper = imported(&generate(seed, Size(120)));
        let mut again = Paper {
            records: tomomori_ledger::restate::restate(&paper.ledger, ChangeId::generate(), crate::paper::today()),
            ledger: paper.ledger.clone(),
            ..Paper::default()
        };
        let diff = again.compute();
        assert!(diff.changes.is_empty(), "seed {seed}: {:#?}", diff.changes);
        let (is, was) = (again.said(), paper.said());
        let differs: Vec<_> = is.iter().filter(|text| !was.contains(text)).collect();
        assert!(differs.is_empty() && is.len() == was.len(), "seed {seed}: {differs:#?}");
    }
}
