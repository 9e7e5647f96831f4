//! The CPE known answers: on every pair of device and CVE that is not disputed, the union of *affected* and *possibly*
//! under the tables' own rule equals what they expect.

use crate::support::{build, device, fixtures, known_answers, nvd};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use tomomori_catalogue::{Catalogue, Policy};

struct Tables {
    inventory: Vec<(String, String, String)>,
    expected: BTreeMap<String, BTreeSet<String>>,
    disputed: BTreeSet<(String, String)>,
}

fn read(path: &Path) -> String {
    let bytes = std::fs::read(path).unwrap();
    if path.extension().is_some_and(|end| end == "zst") {
        String::from_utf8(zstd::decode_all(&bytes[..]).unwrap()).unwrap()
    } else {
        String::from_utf8(bytes).unwrap()
    }
}

fn tables(inventory: &Path, expected: &Path, disputed: &Path) -> Tables {
    let rows = |path: &Path| -> Vec<Vec<String>> {
        read(path).lines().skip(1).map(|line| line.split('\t').map(str::to_owned).collect()).collect()
    };
    Tables {
        inventory: rows(inventory).into_iter().map(|r| (r[0].clone(), r[1].clone(), r[2].clone())).collect(),
        expected: rows(expected)
            .into_iter()
            .map(|r| {
                let cves = r.get(2).map(String::as_str).unwrap_or_default();
                (r[0].clone(), cves.split(',').filter(|cve| !cve.is_empty()).map(str::to_owned).collect())
            })
            .collect(),
        disputed: rows(disputed).into_iter().map(|r| (r[0].clone(), r[1].clone())).collect(),
    }
}

/// Compares all records; gives (pairs expected, missing, surplus).
fn compare(catalogue: &Catalogue, tables: &Tables) -> (usize, Vec<String>, Vec<String>) {
    let (mut pairs, mut missing, mut surplus) = (0, Vec::new(), Vec::new());
    for (record, kind, names) in &tables.inventory {
        let device = device(names);
        let found = catalogue.match_with(&device, Policy::KnownAnswers).unwrap();
        let got: BTreeSet<String> = found.iter().map(|one| one.id.to_owned()).collect();
        let expected = &tables.expected[record];
        let counts = |cve: &&String| !tables.disputed.contains(&(record.clone(), (*cve).clone()));
        pairs += expected.len();
        missing.extend(expected.difference(&got).filter(counts).map(|cve| format!("{record} {kind} {cve} {names}")));
        for one in found.iter().filter(|one| !expected.contains(one.id) && counts(&&one.id.to_owned())) {
            let reason = catalogue.explain_with(&device, one, Policy::KnownAnswers).unwrap();
            surplus.push(format!("{record} {kind} {} {names} {:?} {:?}", one.id, one.facts.list(), reason.trees));
        }
    }
    (pairs, missing, surplus)
}

/// Every pair must agree; what does not is printed with its reason tree.
fn check(catalogue: &Catalogue, tables: &Tables) {
    let (pairs, missing, surplus) = compare(catalogue, tables);
    println!("{} records, {pairs} pairs: {} missing, {} surplus", tables.inventory.len(), missing.len(), surplus.len());
    for line in missing.iter().map(|m| format!("missing {m}")).chain(surplus.iter().map(|s| format!("surplus {s}"))) {
        println!("{line}");
    }
    assert_eq!((missing.len(), surplus.len()), (0, 0));
}

#[test]
fn cut_of_known_answers() {
    let kat = fixtures().join("kat");
    let (_folder, catalogue) = build(|builder| builder.add_path(&kat.join("nvd-1.1-cut.json.zst")).unwrap());
    let tables = tables(&kat.join("inventory.tsv"), &kat.join("expected.tsv"), &kat.join("disputed.tsv"));
    assert!(tables.inventory.len() >= 150);
    check(&catalogue, &tables);
}

#[test]
fn all_known_answers() {
    let Some(data) = known_answers("all_known_answers") else { return };
    let kat = data.join("kat");
    let tables = tables(
        &kat.join("cpe-kat-inventory.tsv"),
        &kat.join("cpe-kat-expected.tsv.zst"),
        &kat.join("cpe-kat-disputed.tsv"),
    );
    assert!(tables.inventory.len() > 4_000);
    check(nvd(&data), &tables);
}
