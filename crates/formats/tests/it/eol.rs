//! Product records of endoflife.date in their three forms, on real ones and on damaged ones.

use crate::kat;
use jiff::civil::{Date, date};
use tomomori_formats::Problem;
use tomomori_formats::eol::{self, Cycle, End, Ends, Eol, Fit, fitting};

const MARKDOWN: &str = include_str!("../../../../fixtures/eol/example.md");

const V1: &str = r#"{"schema_version": "1.2.0", "generated_at": "2026-08-22T00:00:00+00:00", "result": {"name": "example-server", "label": "Example Server",
 "identifiers": [{"id": "example", "type": "repology"}, {"id": "cpe:2.3:o:example:server", "type": "cpe"}, {"id": "pkg:deb/debian/example", "type": "purl"}],
 "releases": [
  {"name": "3.10", "releaseDate": "2024-11-01", "isEoas": false, "eoasFrom": null, "isEol": false, "eolFrom": "2034-11-14", "isEoes": true, "eoesFrom": null, "isMaintained": true},
  {"name": "2", "isEol": true, "eolFrom": null, "isDiscontinued": true, "discontinuedFrom": "2020-01-01"},
  {"name": "1"}]}}"#;

const OLD: &str = r#"[{"cycle": "3.10", "releaseDate": "2024-11-01", "support": true, "eol": "2034-11-14", "extendedSupport": false, "lts": true},
 {"cycle": "2", "eol": true, "discontinued": "2020-01-01"}, {"cycle": "1"}]"#;

fn read(text: &str) -> Eol {
    eol::read("x", &mut text.as_bytes()).unwrap_or_default()
}

fn cycles() -> [Cycle; 3] {
    let named = |name: &str| Cycle { name: name.to_owned(), ..Cycle::default() };
    [
        Cycle {
            released: Some(date(2024, 11, 1)),
            ends: Ends {
                full: End::NotEnded,
                security: End::On(date(2034, 11, 14)),
                extended: End::Ended,
                discontinued: End::Unknown,
            },
            ..named("3.10")
        },
        Cycle {
            ends: Ends { security: End::Ended, discontinued: End::On(date(2020, 1, 1)), ..Ends::default() },
            ..named("2")
        },
        named("1"),
    ]
}

#[test]
fn three_forms_say_the_same() {
    for (text, known) in [(MARKDOWN, true), (V1, true), (OLD, false)] {
        let eol = read(text);
        let product = &eol.products[0];
        assert_eq!(product.cycles, cycles(), "{text}");
        if known {
            assert_eq!(
                (product.name.as_deref(), product.label.as_deref()),
                (Some("example-server"), Some("Example Server"))
            );
            assert_eq!(
                (&product.cpes[..], &product.purls[..]),
                (&["cpe:2.3:o:example:server".to_owned()][..], &["pkg:deb/debian/example".to_owned()][..])
            );
        } else {
            assert_eq!((product.name.as_ref(), product.cpes.len()), (None, 0));
        }
    }
    let left: Vec<_> = read(MARKDOWN).notes.into_iter().map(|note| note.detail).collect();
    assert_eq!(left, ["/releases/2/eol: unknown", "/releases/3/releaseCycle", "/releases/4/releaseCycle"]);
    let full = format!(
        "{{\"schema_version\": \"1\", \"result\": [{0}, {0}]}}",
        &V1[V1.find("{\"name\": \"ex").unwrap_or(0)..V1.len() - 1]
    );
    assert_eq!(read(&full).products.len(), 2);
}

#[test]
fn broken_records_are_refused() {
    for (text, says) in [
        ("", "empty"),
        ("# a text\n", "without front matter"),
        ("---\ntitle: x\n", "ends early"),
        ("---\ntitle: [x\n---\n", "broken at byte"),
        ("---\ntitle: x\n---\n", "no release cycles"),
        ("{}", "no release cycles"),
        ("[]", "no release cycles"),
        ("[{\"cycle\": \"1\"", "ends early"),
        ("{\"result\": [{\"name\": \"x\", \"uri\": \"y\"}]}", "no release cycles"),
    ] {
        let error = eol::read("x", &mut text.as_bytes()).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.contains(says), "{text}: {error}");
    }
    let many = "a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n";
    let bomb = (0..20).fold(many.to_owned(), |text, i| {
        let from = if i == 0 { "b".to_owned() } else { format!("c{}", i - 1) };
        format!("{text}c{i}: &c{i} [*{from},*{from},*{from},*{from},*{from},*{from},*{from},*{from}]\n")
    });
    let deep = "[".repeat(50_000);
    for yaml in [bomb, format!("a: {deep}\n")] {
        let problem = eol::read("x", &mut format!("---\n{yaml}---\n").as_bytes()).err().map(|error| error.problem);
        assert!(matches!(problem, Some(Problem::Broken { .. })), "{problem:?}");
    }
}

#[test]
fn all_real_products() {
    let Some(files) = kat::archive("all_real_products", "eol/endoflife-products-open.tar.zst") else { return };
    let (mut products, mut cycles, mut ends) = (0, 0, [0; 4]);
    // Names that find more than themselves: agreeing on the end, and not.
    let mut shared = [0; 2];
    let mut notes = Vec::new();
    for (file, bytes) in files.iter().filter(|(file, _)| file.ends_with(".md")) {
        let eol = match eol::read(file, &mut bytes.as_slice()) {
            Ok(eol) => eol,
            Err(error) => panic!("{error}"),
        };
        let product = &eol.products[0];
        assert!(product.name.as_ref().is_some_and(|name| !name.is_empty() && !name.contains('/')), "{file}");
        products += 1;
        cycles += product.cycles.len();
        notes.extend(eol.notes.iter().map(|note| format!("{file} {}", note.detail)));
        for cycle in &product.cycles {
            ends[match cycle.ends.security {
                End::Unknown => 0,
                End::NotEnded => 1,
                End::Ended => 2,
                End::On(_) => 3,
            }] += 1;
            // Every cycle is found by its own name; others only where an edition is left open.
            let Fit::These(found) = fitting(&product.cycles, &cycle.name) else {
                panic!("{file} {} is not found", cycle.name);
            };
            assert!(found.contains(&cycle), "{file} {} finds {found:?}", cycle.name);
            if found.len() > 1 {
                let ends = |cycle: &&Cycle| cycle.ends.security;
                let differ = found.iter().any(|other| ends(other) != cycle.ends.security);
                shared[usize::from(differ)] += 1;
            }
        }
    }
    println!(
        "{products} products, {cycles} cycles; security support unknown, not ended, ended, dated: {ends:?}; \
         names with several cycles: {shared:?}; notes {notes:?}"
    );
    // Counted outside of this program.
    assert_eq!((products, notes.len()), (364, 0));
    assert_eq!(ends, [0, 505, 286, 5327]);
    let find = |name: &str, version: &str| {
        let file = files.iter().find(|(file, _)| file.ends_with(&format!("/{name}.md")));
        let eol = file.and_then(|(file, bytes)| eol::read(file, &mut bytes.as_slice()).ok()).unwrap_or_default();
        match fitting(&eol.products[0].cycles, version) {
            Fit::These(cycles) => {
                cycles.iter().map(|cycle| (cycle.name.clone(), cycle.ends.security)).collect::<Vec<_>>()
            }
            _ => Vec::new(),
        }
    };
    let on = |name: &str, day: Date| (name.to_owned(), End::On(day));
    for (product, version, want) in [
        ("windows-server", "2022", vec![on("2022", date(2031, 10, 14))]),
        ("windows-server", "2008 R2", vec![on("2008-r2-sp1", date(2020, 1, 14))]),
        ("windows-server", "2012", vec![on("2012-r2", date(2023, 10, 10)), on("2012", date(2023, 10, 10))]),
        ("debian", "12.5", vec![on("12", date(2026, 7, 11))]),
        ("debian", "1", Vec::new()),
        ("fortios", "7.0.14", vec![on("7.0", date(2025, 9, 30))]),
        ("centos", "7.9.2009", vec![on("7", date(2024, 6, 30))]),
        ("ubuntu", "22.04.3", vec![on("22.04", date(2027, 4, 1))]),
        ("postgresql", "9.6.24", vec![on("9.6", date(2021, 11, 11))]),
        ("tomcat", "7.0.79", vec![on("7", date(2021, 3, 31))]),
        ("tomcat", "9.0.50", vec![on("9.0", date(2027, 3, 31))]),
    ] {
        assert_eq!(find(product, version), want, "{product} {version}");
    }
}
