//! The tables of NISTIR 7695 (binding) and 7696 (matching).

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use serde_json::Value;
use tomomori_formats::cpe::{Cpe, CpeError, Relation, name_relation};

const NAMES: [&str; 11] = [
    "part",
    "vendor",
    "product",
    "version",
    "update",
    "edition",
    "language",
    "sw_edition",
    "target_sw",
    "target_hw",
    "other",
];

fn table(name: &str) -> Vec<Value> {
    let path = format!("{}/../../fixtures/cpe/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// The tables write well-formed names as attribute lists; what is left out is any value.
fn name(attributes: &Value) -> Result<Cpe, CpeError> {
    Cpe::from_fields(NAMES.map(|field| match attributes[field].as_str() {
        None | Some("ANY") => "*",
        Some("NA") => "-",
        Some(value) => value,
    }))
}

#[test]
fn names_relate_as_the_standard_says() {
    let rows = table("go-cpe-name-matching.json");
    assert_eq!(rows.len(), 18);
    for row in rows {
        let (source, target) = (name(&row["source"]).unwrap(), name(&row["target"]).unwrap());
        let expected = &row["expected"];
        // The table counts equal names as subset and superset too.
        let want = match (&expected["Disjoint"], &expected["Equal"], &expected["Subset"], &expected["Superset"]) {
            (Value::Bool(true), ..) => Relation::Disjoint,
            (_, Value::Bool(true), ..) => Relation::Equal,
            (_, _, Value::Bool(true), _) => Relation::Subset,
            (_, _, _, Value::Bool(true)) => Relation::Superset,
            _ => Relation::Undefined,
        };
        assert_eq!(name_relation(&source, &target), want, "{source} to {target}");
    }
}

#[test]
fn bound_names_are_read() {
    let rows = table("go-cpe-unbinder.json");
    assert_eq!(rows.len(), 27);
    for row in rows {
        let bound = row["bound"].as_str().unwrap();
        // Three rows are a packed edition alone.
        let packed = bound.starts_with('~');
        let text = if packed { format!("cpe:/a::::: {bound}").replace(' ', "") } else { bound.to_owned() };
        let got = Cpe::parse(&text);
        // This row gives a sound 2.3 name to the reader of 2.2 names; here both are read.
        if bound.starts_with(r"cpe:2.3:a:foo\$bar") {
            assert_eq!(got.unwrap().to_string(), bound);
        } else if row["expect_error"] == true {
            assert!(got.is_err(), "{bound} gave {got:?}");
        } else {
            let mut expected = row["expected_wfn"].clone();
            if packed {
                expected["part"] = "a".into();
            }
            assert_eq!(got.unwrap(), name(&expected).unwrap(), "{bound}");
        }
    }
}

#[test]
fn names_are_bound() {
    let rows = table("go-cpe-binder.json");
    assert_eq!(rows.len(), 9);
    for row in rows {
        let bound = row["expected_bound"].as_str().unwrap();
        let cpe = name(&row["wfn"]).unwrap();
        assert_eq!(Cpe::parse(bound).unwrap(), cpe, "{bound}");
        // One row of the table writes an unset vendor as an empty field; the standard writes `*`.
        if bound.starts_with("cpe:2.3:") && !bound.contains("::") {
            assert_eq!(cpe.to_string(), bound);
        }
        assert_eq!(Cpe::parse(&cpe.to_string()).unwrap(), cpe);
    }
}
