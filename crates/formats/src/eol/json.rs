//! The three forms, once they are a tree of values.
//!
//! | here | Markdown | API v1 | old API |
//! |---|---|---|---|
//! | active support | `eoas` | `isEoas`, `eoasFrom` | `support`; `true` means "still" |
//! | security support | `eol` | `isEol`, `eolFrom` | `eol` |
//! | extended support | `eoes` | `isEoes`, `eoesFrom` | `extendedSupport`; `true` means "still" |
//! | discontinued | `discontinued` | `isDiscontinued`, `discontinuedFrom` | `discontinued` |
//!
//! In API v1 a date comes with a flag that was computed when the file was made: the date counts.

use super::{Cycle, End, Ends, Eol, Product};
use crate::feed::Problem;
use crate::lenient::Notes;
use jiff::civil::Date;
use serde_json::Value;

pub(super) fn products(root: &Value, file: &str) -> Result<Eol, Problem> {
    let mut notes = Notes { record: file.to_owned(), ..Notes::default() };
    let mut products = Vec::new();
    let made = [&root["last_modified"], &root["generated_at"]].into_iter().find_map(day);
    match root {
        Value::Array(cycles) => products.push(old(cycles, &mut notes)),
        Value::Object(map) if map.contains_key("releases") => products.push(markdown(root, &mut notes)),
        Value::Object(_) => match &root["result"] {
            Value::Array(all) if all.iter().any(|one| one.get("releases").is_some()) => {
                for (i, one) in all.iter().enumerate() {
                    products.push(v1(one, made, &format!("/result/{i}"), &mut notes));
                }
            }
            one @ Value::Object(map) if map.contains_key("releases") => {
                products.push(v1(one, made, "/result", &mut notes));
            }
            _ => {}
        },
        _ => {}
    }
    if products.iter().all(|product| product.cycles.is_empty()) {
        let found = "no release cycles".to_owned();
        return Err(Problem::WrongFormat { expected: "product records of endoflife.date", found });
    }
    Ok(Eol { products, notes: notes.found })
}

fn markdown(root: &Value, notes: &mut Notes) -> Product {
    let mut product = Product {
        name: notes.needed(root, "permalink", "").map(|link| link.trim_start_matches('/').to_owned()),
        label: notes.text(root, "title", "").map(str::to_owned),
        ..Product::default()
    };
    for identifier in notes.list(root, "identifiers", "") {
        // `- cpe: cpe:2.3:o:debian:debian_linux`
        for (kind, id) in identifier.as_object().into_iter().flatten() {
            named(&mut product, kind, id.as_str());
        }
    }
    for (i, release) in notes.list(root, "releases", "").iter().enumerate() {
        let at = format!("/releases/{i}");
        let Some(name) = name(release, "releaseCycle", &at, notes) else { continue };
        product.cycles.push(Cycle {
            released: date(release, "releaseDate", &at, notes),
            label: release["releaseLabel"].as_str().and_then(|label| called(label, &name)),
            latest: release["latest"].as_str().map(str::to_owned),
            ends: Ends {
                full: end(release, "eoas", &at, notes),
                security: end(release, "eol", &at, notes),
                extended: end(release, "eoes", &at, notes),
                discontinued: end(release, "discontinued", &at, notes),
            },
            name,
        });
        product.newest = product.newest.max(day(&release["latestReleaseDate"]));
    }
    product
}

fn v1(one: &Value, made: Option<Date>, at: &str, notes: &mut Notes) -> Product {
    let mut product = Product {
        name: notes.needed(one, "name", at).map(str::to_owned),
        label: notes.text(one, "label", at).map(str::to_owned),
        ..Product::default()
    };
    product.newest = made;
    for identifier in notes.list(one, "identifiers", at) {
        named(&mut product, identifier["type"].as_str().unwrap_or_default(), identifier["id"].as_str());
    }
    for (i, release) in notes.list(one, "releases", at).iter().enumerate() {
        let at = format!("{at}/releases/{i}");
        let Some(name) = name(release, "name", &at, notes) else { continue };
        let mut flagged = |flag: &str, from: &str| match end(release, from, &at, notes) {
            End::Unknown => end(release, flag, &at, notes),
            day => day,
        };
        let ends = Ends {
            full: flagged("isEoas", "eoasFrom"),
            security: flagged("isEol", "eolFrom"),
            extended: flagged("isEoes", "eoesFrom"),
            discontinued: flagged("isDiscontinued", "discontinuedFrom"),
        };
        product.cycles.push(Cycle {
            label: release["label"].as_str().and_then(|label| called(label, &name)),
            latest: release["latest"]["name"].as_str().map(str::to_owned),
            ends,
            name,
            released: date(release, "releaseDate", &at, notes),
        });
    }
    product
}

fn old(cycles: &[Value], notes: &mut Notes) -> Product {
    let mut product = Product::default();
    for (i, release) in cycles.iter().enumerate() {
        let at = format!("/{i}");
        let Some(name) = name(release, "cycle", &at, notes) else { continue };
        product.cycles.push(Cycle {
            name,
            label: None,
            latest: release["latest"].as_str().map(str::to_owned),
            released: date(release, "releaseDate", &at, notes),
            ends: Ends {
                full: still(end(release, "support", &at, notes)),
                security: end(release, "eol", &at, notes),
                extended: still(end(release, "extendedSupport", &at, notes)),
                discontinued: end(release, "discontinued", &at, notes),
            },
        });
    }
    product
}

fn named(product: &mut Product, kind: &str, id: Option<&str>) {
    let Some(id) = id.filter(|id| !id.is_empty()) else { return };
    match kind {
        "cpe" => product.cpes.push(id.to_owned()),
        "purl" => product.purls.push(id.to_owned()),
        _ => {}
    }
}

/// A cycle's name. A whole number may stand without quotes; `3.10` without quotes has already become 3.1 and is refused.
fn name(release: &Value, key: &str, at: &str, notes: &mut Notes) -> Option<String> {
    match &release[key] {
        Value::Number(number) if number.is_u64() => Some(number.to_string()),
        _ => notes.needed(release, key, at).map(str::to_owned),
    }
}

fn date(release: &Value, key: &str, at: &str, notes: &mut Notes) -> Option<Date> {
    let text = notes.text(release, key, at)?;
    let date = text.get(..10).and_then(|day| day.parse().ok());
    if date.is_none() {
        notes.add("not a date", format!("{at}/{key}: {}", text.chars().take(40).collect::<String>()));
    }
    date
}

/// The day of a value that carries one; nothing hangs on it but how new the record is.
fn day(value: &Value) -> Option<Date> {
    value.as_str()?.get(..10)?.parse().ok()
}

/// A cycle's name for people without code names (`2019 'Aris'`); `None` where nothing but the name is left.
fn called(label: &str, name: &str) -> Option<String> {
    let label = label.replace("__RELEASE_CYCLE__", name);
    // Every second part stands between quotes.
    let plain: String = label.split('\'').step_by(2).collect();
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    (!plain.is_empty() && plain != name && !plain.contains("__")).then_some(plain)
}

fn end(release: &Value, key: &str, at: &str, notes: &mut Notes) -> End {
    match &release[key] {
        Value::Bool(true) => End::Ended,
        Value::Bool(false) => End::NotEnded,
        _ => date(release, key, at, notes).map_or(End::Unknown, End::On),
    }
}

/// The old form says whether support still runs.
fn still(end: End) -> End {
    match end {
        End::Ended => End::NotEnded,
        End::NotEnded => End::Ended,
        other => other,
    }
}
