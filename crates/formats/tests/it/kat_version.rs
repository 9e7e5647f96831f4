//! Orders of versions: the table of nvdtools, and the laws of an order on generated versions.

use proptest::prelude::*;
use std::cmp::Ordering;
use tomomori_formats::version::compare;

#[test]
fn agrees_with_nvdtools() {
    let path = format!("{}/../../fixtures/version/nvdtools-smartvercmp.tsv", env!("CARGO_MANIFEST_DIR"));
    let table = std::fs::read_to_string(path).unwrap();
    let mut rows = 0;
    for row in table.lines().skip(1) {
        let cells: Vec<&str> = row.split('\t').collect();
        let want = cells[2].parse::<i32>().unwrap().cmp(&0);
        assert_eq!(compare(cells[0], cells[1]), Some(want), "{row}");
        rows += 1;
    }
    assert_eq!(rows, 20);
}

/// Pieces that meet every rule, so that generated versions collide often.
fn version() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "0",
        "1",
        "2",
        "01",
        "10",
        "99999999999999999999999",
        ".",
        ".0",
        "-",
        "_",
        "(",
        ")",
        ":",
        "a",
        "b",
        "z",
        "za",
        "rc",
        "alpha",
        "beta",
        "dev",
        "pre",
        "sp",
        "x",
        "final",
        "gke",
        "v",
        "T",
        "\\(",
        "\\)",
        ".1",
        "é",
    ]);
    prop::collection::vec(piece, 1..7).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn turning_the_pair_turns_the_answer(a in version(), b in version()) {
        prop_assert_eq!(compare(&a, &b), compare(&b, &a).map(Ordering::reverse));
        prop_assert_eq!(compare(&a, &a), Some(Ordering::Equal));
    }

    #[test]
    fn orders_chain(a in version(), b in version(), c in version()) {
        if let (Some(first), Some(second)) = (compare(&a, &b), compare(&b, &c))
            && (first == second || second == Ordering::Equal)
        {
            prop_assert_eq!(compare(&a, &c), Some(first), "{} {} {}", a, b, c);
        }
    }

    #[test]
    fn any_text_is_compared_without_panic(a in ".{0,40}", b in ".{0,40}") {
        let _ = compare(&a, &b);
    }
}

#[test]
fn long_versions_cost_linear_time() {
    let zeros = "0.".repeat(200_000) + "1";
    let started = std::time::Instant::now();
    assert_eq!(compare(&zeros, &format!("{zeros}.1")), Some(Ordering::Less));
    assert!(started.elapsed() < std::time::Duration::from_secs(2));
}
