//! Variants differ from the hospital they come from in what they say, and in nothing else.

use super::{SEEDS, Size, generate, small};
use crate::hospital::Hospital;
use crate::hospital::table::Subject;
use std::collections::{BTreeMap, BTreeSet};

/// What every row says, whatever the order of rows and columns: subject, sheet, field, what stands there.
fn said(hospital: &Hospital) -> BTreeSet<(String, &'static str, String, &'static str, String)> {
    let mut all = BTreeSet::new();
    for (doc, table) in hospital.docs.iter().flat_map(|doc| doc.tables.iter().map(move |table| (doc, table))) {
        for row in &table.rows {
            for (column, cell) in table.columns.iter().zip(&row.cells).filter(|(column, _)| !column.field.is_empty()) {
                let (name, shown) = (doc.name.replace("2027", "2026"), cell.shown.clone());
                all.insert((name, table.sheet, format!("{:?}", row.subject), column.field, shown));
            }
        }
    }
    all
}

#[test]
fn a_mutation_changes_exactly_its_cells() {
    for hospital in small() {
        let mutation = hospital.mutate(9, 7);
        assert_eq!(mutation.changes.len(), 7);
        let gone: Vec<_> = said(&hospital).difference(&said(&mutation.hospital)).cloned().collect();
        assert_eq!(gone.len(), 7);
        for (before, after) in hospital.files.iter().zip(&mutation.hospital.files) {
            assert_eq!(before.1 == after.1, before.0 != "機器台帳_2026年度.xlsx");
        }
        let mut cells = BTreeMap::new();
        for change in &mutation.changes {
            assert_ne!(change.old, change.new);
            assert_eq!(change.field, change.place.field);
            let device = hospital.truth.devices.iter().position(|it| it.key == change.device).expect("a device");
            cells.insert((format!("{:?}", Subject::Device(device)), change.field), change);
        }
        for (_, _, subject, field, _) in gone {
            assert!(cells.remove(&(subject, field)).is_some());
        }
        assert!(cells.is_empty());
    }
    assert_eq!(generate(1, Size::MIDDLE).mutate(1, 300).changes.len(), 300);
}

#[test]
fn other_orders_say_the_same() {
    for (seed, hospital) in SEEDS.zip(small()) {
        for other in [hospital.shuffled(seed), hospital.reordered(seed), hospital.next_year(seed)] {
            assert_eq!(said(&hospital), said(&other));
            assert_ne!(hospital.files, other.files);
            let keys = |it: &Hospital| it.truth.devices.iter().map(|device| device.key.clone()).collect::<Vec<_>>();
            assert_eq!(keys(&hospital), keys(&other));
            assert_eq!(hospital.traps.len(), other.traps.len());
        }
    }
}

#[test]
fn next_year_the_ledger_has_another_name() {
    let hospital = generate(4, Size::SMALL).next_year(4);
    let names: Vec<&str> = hospital.files.iter().map(|(name, _)| name.as_str()).collect();
    assert!(names.contains(&"機器台帳_2027年度.xlsx") && !names.contains(&"機器台帳_2026年度.xlsx"));
    let ledgers = hospital.truth.devices.iter().flat_map(|it| &it.appears).filter(|it| it.file.starts_with("機器台帳"));
    assert!(ledgers.map(|it| it.file.as_str()).all(|name| name == "機器台帳_2027年度.xlsx"));
}
