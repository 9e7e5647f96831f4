//! Support periods: from records to the day a component's support ends.

use crate::support::{build, fixtures, known_answers};
use jiff::civil::date;
use tomomori_catalogue::{Catalogue, Lifetime, NoLifetime};
use tomomori_domain::lifetime::{End, Ends};

fn demo() -> (tempfile::TempDir, Catalogue) {
    let feeds = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../demo/feeds/eol");
    build(|builder| {
        builder.add_path(&feeds).unwrap();
        builder.add_path(&fixtures().join("eol")).unwrap();
    })
}

fn on(year: i16, month: i8, day: i8) -> End {
    End::On(date(year, month, day))
}

fn answer(catalogue: &Catalogue, product: &str, version: Option<&str>) -> Result<Lifetime, NoLifetime> {
    catalogue.lifetime(Some(product), None, version).unwrap()
}

#[test]
fn real_records_answer_for_what_hospitals_have() {
    let (_folder, catalogue) = demo();
    for (product, version, cycle, full, security, extended) in [
        ("o:fortinet:fortios", Some("7.0.14"), "7.0", on(2024, 3, 30), on(2025, 9, 30), End::Unknown),
        ("a:fortinet:fortios", Some("v6.0.10"), "6.0", on(2021, 3, 29), on(2022, 9, 29), End::Unknown),
        ("o:microsoft:windows_server_2016", None, "2016", on(2022, 1, 11), on(2027, 1, 12), on(2030, 1, 12)),
        (
            "o:microsoft:windows_server_2016",
            Some("10.0.14393.5921"),
            "2016",
            on(2022, 1, 11),
            on(2027, 1, 12),
            on(2030, 1, 12),
        ),
        ("o:microsoft:windows_server_2012", Some("r2"), "2012-r2", on(2018, 10, 9), on(2023, 10, 10), on(2026, 10, 13)),
        (
            "o:microsoft:windows_server_2012",
            None,
            "2012-r2 / 2012",
            on(2018, 10, 9),
            on(2023, 10, 10),
            on(2026, 10, 13),
        ),
        (
            "o:microsoft:windows_server_2008",
            Some("R2"),
            "2008-r2-sp1",
            on(2015, 1, 13),
            on(2020, 1, 14),
            on(2023, 1, 10),
        ),
        (
            "o:microsoft:windows_server_2008",
            None,
            "2008-r2-sp1 / 2008-sp2",
            on(2015, 1, 13),
            on(2020, 1, 14),
            on(2023, 1, 10),
        ),
        ("o:microsoft:windows_10_22h2", None, "10-22h2", on(2025, 10, 14), on(2025, 10, 14), on(2028, 10, 10)),
        (
            "o:microsoft:windows_10",
            Some("10.0.19045.3803"),
            "10-22h2",
            on(2025, 10, 14),
            on(2025, 10, 14),
            on(2028, 10, 10),
        ),
        ("o:canonical:ubuntu_linux", Some("22.04.3"), "22.04", on(2024, 9, 30), on(2027, 4, 1), on(2032, 4, 9)),
        ("o:centos:centos", Some("7.9.2009"), "7", on(2020, 8, 6), on(2024, 6, 30), End::Unknown),
        ("a:oracle:mysql", Some("5.7.44"), "5.7", on(2020, 10, 31), on(2023, 10, 31), End::Unknown),
        ("a:postgresql:postgresql", Some("9.6.24"), "9.6", End::Unknown, on(2021, 11, 11), End::Unknown),
        ("a:apache:tomcat", Some("7.0.79"), "7", End::Unknown, on(2021, 3, 31), End::Unknown),
        ("a:apache:tomcat", Some("9.0.50"), "9.0", End::Unknown, on(2027, 3, 31), End::Unknown),
        ("a:microsoft:sql_server", Some("2016 SP2"), "13.0-sp2", on(2022, 10, 11), on(2022, 10, 11), End::Unknown),
        ("a:microsoft:sql_server", Some("2019"), "15.0", on(2025, 2, 28), on(2030, 1, 8), End::Unknown),
        ("a:oracle:database_server", Some("12.2.0.1"), "12.2", End::Unknown, on(2022, 3, 31), End::Unknown),
    ] {
        let found = answer(&catalogue, product, version);
        let found = found.unwrap_or_else(|why| panic!("{product} {version:?}: {why:?}"));
        assert_eq!(found.cycle, cycle, "{product} {version:?}");
        let want = Ends { full, security, extended, discontinued: End::Unknown };
        assert_eq!((found.earliest, found.latest), (want, want), "{product} {version:?}");
    }
}

/// Editions that end on other days: both ends of what may be, for nobody may choose.
#[test]
fn editions_that_differ_stay_open() {
    let (_folder, catalogue) = demo();
    for (product, version, cycles, from, to) in [
        ("o:microsoft:windows_10_1809", None, 3, on(2020, 11, 10), on(2029, 1, 9)),
        ("o:microsoft:windows_10", Some("1607"), 3, on(2018, 4, 10), on(2026, 10, 13)),
        ("o:microsoft:windows_11", Some("10.0.22631.3007"), 2, on(2025, 11, 11), on(2026, 11, 10)),
        ("a:microsoft:sql_server", Some("13.0.5026.0"), 5, on(2018, 1, 9), on(2026, 7, 14)),
        ("a:microsoft:sql_server", Some("2016"), 5, on(2018, 1, 9), on(2026, 7, 14)),
        ("o:microsoft:windows_server_2003", None, 3, on(2007, 4, 10), on(2015, 7, 14)),
    ] {
        let found = answer(&catalogue, product, version).unwrap();
        assert_eq!(found.cycle.split(" / ").count(), cycles, "{product} {}", found.cycle);
        assert_eq!((found.earliest.security, found.latest.security), (from, to), "{product} {version:?}");
    }
}

#[test]
fn what_cannot_be_said_says_why() {
    let (_folder, catalogue) = demo();
    for (product, purl, version, why) in [
        (None, None, Some("1"), NoLifetime::NoProduct),
        (Some("o:yamaha:rtx830"), None, Some("15.02"), NoLifetime::NotListed),
        (Some("o:fortinet:fortios"), None, None, NoLifetime::NoVersion),
        (Some("o:fortinet:fortios"), None, Some("-"), NoLifetime::NoVersion),
        (Some("o:fortinet:fortios"), None, Some("7"), NoLifetime::VersionTooShort),
        (Some("o:fortinet:fortios"), None, Some("5.6.5"), NoLifetime::NoCycle),
        (Some("o:microsoft:windows_10"), None, None, NoLifetime::NoVersion),
        (Some("h:fortinet:fortios"), None, Some("7.0.1"), NoLifetime::NotListed),
        // Ubuntu mends it as long as Ubuntu lasts, whatever the maker says of 1.1.1.
        (Some("a:openssl:openssl"), Some("pkg:deb/ubuntu/openssl@1.1.1f"), Some("1.1.1f"), NoLifetime::OfDistribution),
    ] {
        assert_eq!(catalogue.lifetime(product, purl, version).unwrap(), Err(why), "{product:?} {version:?}");
    }
    let (_folder, none) = build(|builder| builder.add_path(&fixtures().join("nvd")).unwrap());
    assert_eq!(answer(&none, "o:fortinet:fortios", Some("7.0.14")), Err(NoLifetime::NoRecords));
}

#[test]
fn records_are_a_source_like_the_others() {
    let (_folder, catalogue) = demo();
    let info = catalogue.info();
    let source = info.sources.iter().find(|source| source.source == "eol").unwrap();
    assert!(source.records > 10 && source.without_products == 0, "{source:?}");
    assert!(source.newest_record.as_deref() > Some("2026-08"), "{source:?}");
    // The API's old form does not say which product it is about: counted, not guessed from the file's name.
    let folder = tempfile::tempdir().unwrap();
    let nameless = folder.path().join("fortios.json");
    std::fs::write(&nameless, r#"[{"cycle": "7.0", "eol": "2025-09-30"}]"#).unwrap();
    let (_folder, nothing) = build(|builder| builder.add_path(&nameless).unwrap());
    assert_eq!(nothing.info().rejects[0].reason, "support periods without the name of their product");
    assert_eq!(answer(&nothing, "o:fortinet:fortios", Some("7.0.14")), Err(NoLifetime::NoRecords));
}

/// The API's form with all products says the same as the files, and the newer of two records counts.
#[test]
fn the_newer_of_two_records_counts() {
    let folder = tempfile::tempdir().unwrap();
    let full = |made: &str, end: &str| {
        format!(
            r#"{{"schema_version": "1.2.0", "generated_at": "{made}T00:00:00+00:00", "result": [{{"name": "fortios", "label": "FortiOS",
             "identifiers": [{{"id": "cpe:2.3:o:fortinet:fortios", "type": "cpe"}}],
             "releases": [{{"name": "7.0", "isEol": true, "eolFrom": "{end}"}}]}}]}}"#
        )
    };
    std::fs::write(folder.path().join("a.json"), full("2026-08-01", "2025-09-30")).unwrap();
    std::fs::write(folder.path().join("b.json"), full("2026-01-01", "2024-01-01")).unwrap();
    let (_kept, catalogue) = build(|builder| builder.add_path(folder.path()).unwrap());
    let found = answer(&catalogue, "o:fortinet:fortios", Some("7.0")).unwrap();
    assert_eq!(found.earliest.security, on(2025, 9, 30));
}

#[test]
fn all_real_records() {
    let Some(data) = known_answers("all_real_records") else { return };
    let (_folder, catalogue) = build(|builder| builder.add_path(&data.join("eol")).unwrap());
    let info = catalogue.info();
    let source = info.sources.iter().find(|source| source.source == "eol").unwrap();
    println!("{source:?}; the file has {} bytes", info.bytes);
    assert_eq!((source.records, info.rejects.len()), (364, 0), "{:?}", info.rejects);
    let found = answer(&catalogue, "a:php:php", Some("7.4.33")).unwrap();
    assert_eq!((found.product.as_str(), found.earliest.security), ("PHP", on(2022, 11, 28)));
    // Two records name it.
    assert_eq!(answer(&catalogue, "a:redhat:ansible", Some("2.9")), Err(NoLifetime::NotListed));
}
