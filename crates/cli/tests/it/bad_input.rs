//! Any bytes from outside lead to a clear message that names the place and the remedy, and to nothing half-written.

use crate::hostile;
use crate::program::Installation;
use std::time::{Duration, Instant};

const LEDGER: &str = "機器名,IPアドレス\r\n受付PC,10.0.0.1\r\n";

/// A file that cannot be used: name, bytes, where the message must point, a word of the remedy, and what `inspect` says.
struct Bad {
    name: &'static str,
    bytes: Vec<u8>,
    place: &'static str,
    remedy: &'static str,
    kind: &'static str,
    sound: bool,
}

fn bad(name: &'static str, bytes: impl Into<Vec<u8>>, place: &'static str, remedy: &'static str) -> Bad {
    Bad { name, bytes: bytes.into(), place, remedy, kind: "unknown", sound: false }
}

impl Bad {
    fn is(self, kind: &'static str) -> Self {
        Self { kind, ..self }
    }

    /// Sound in itself, only not usable here.
    fn sound(self) -> Self {
        Self { sound: true, ..self }
    }
}

fn all() -> Vec<Bad> {
    let book = hostile::workbook();
    let utf16: Vec<u8> = LEDGER.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let entities = r#"<?xml version="1.0"?><!DOCTYPE nmaprun [<!ENTITY x SYSTEM "file:///etc/passwd">]><nmaprun scanner="nmap"><host><hostnames><hostname name="&x;"/></hostnames></host></nmaprun>"#;
    let nvd = r#"{"CVE_data_type":"CVE","CVE_data_format":"MITRE","CVE_data_version":"4.0","CVE_Items":[]}"#;
    let sbom = r#"{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"name":"#;
    vec![
        bad("empty.csv", "", "empty.csv", "choose it again").is("empty"),
        bad("truncated.xlsx", &book[..book.len() / 2], "truncated.xlsx", "copy it again").is("packed"),
        bad("bomb.xlsx", hostile::bomb(), "bomb.xlsx", "save it again").is("xlsx"),
        bad("corners.xlsx", hostile::far_corners(), "corners.xlsx", "Choose its header row").is("xlsx").sound(),
        bad("locked.xlsx", hostile::locked(), "locked.xlsx", "remove the password").is("locked_office"),
        bad("picture.xlsx", &b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], "picture.xlsx", "save it as"),
        bad("utf16.csv", utf16, "utf16.csv:1", "CSV UTF-8"),
        bad("noise.csv", (0..4000u32).map(|n| (n * 7919 % 251) as u8).collect::<Vec<_>>(), "noise.csv:1", "CSV UTF-8"),
        bad("quote.csv", LEDGER.replace("受付", "\"受付"), "quote.csv:2", "Mend the marks").is("csv").sound(),
        bad("entities.xml", entities, "entities.xml", "Make it again").is("nmap"),
        bad("wrong.json", nvd, "wrong.json", "catalogue build").is("nvd_1_1").sound(),
        bad("cut.json", sbom, "cut.json", "Make it again").is("cyclonedx"),
    ]
}

#[test]
fn unusable_files_are_refused_with_place_and_remedy_and_nothing_is_written() {
    let it = Installation::new();
    it.ok(&[&"migrate"]);
    let good = it.file("good.csv", LEDGER.as_bytes());
    for Bad { name, bytes, place, remedy, kind, sound } in all() {
        let path = it.file(name, &bytes);
        // Beside a good file, and with the wish to write.
        let told = it.run(&[&"--lang", &"en", &"import", &"--commit", &good, &path]);
        assert_eq!(told.code, 3, "{name}: {told:?}");
        assert!(told.out.contains(&format!("error {place}  ")), "{name}: no place {place}: {told:?}");
        let line = told.out.lines().find(|line| line.starts_with("error ")).unwrap();
        assert!(line.contains(remedy), "{name}: no remedy: {line}");
        assert!(told.out.ends_with("nothing was written\n"), "{name}: {told:?}");
        let japanese = it.run(&[&"import", &"--json", &path]).json();
        assert!(japanese["counts"]["errors"].as_u64().unwrap() > 0, "{name}");
        assert_eq!(japanese["problems"][0]["place"]["file"], name);

        let told = it.run(&[&"--lang", &"en", &"inspect", &"--json", &path]);
        assert_eq!(told.code, if sound { 0 } else { 3 }, "{name}: {told:?}");
        let found = &told.json()[0];
        assert_eq!((&found["kind"], &found["sound"]), (&kind.into(), &sound.into()), "{name}: {told:?}");
        assert!(sound || !found["problems"].as_array().unwrap().is_empty(), "{name}: says nothing");
        // Neither names a folder of the server in what goes into a ledger's problems.
        assert!(!told.out.contains(&*it.folder.path().to_string_lossy()), "{name}: {told:?}");
    }
    for table in ["resources", "components", "records", "zones", "lines"] {
        assert_eq!(it.text(&format!("SELECT CAST(COUNT(*) AS TEXT) FROM {table}")).as_deref(), Some("0"), "{table}");
    }
    // And the good one alone still goes in.
    it.ok(&[&"import", &"--commit", &good]);
}

#[test]
fn strange_files_that_can_be_used_are_used_with_a_warning() {
    let it = Installation::new();
    let try_it = |name: &str, bytes: &[u8], warning: &str, kind: &str| {
        let path = it.file(name, bytes);
        let told = it.ok(&[&"--lang", &"en", &"import", &path]);
        assert!(told.out.contains(warning), "{name}: {told:?}");
        let found = it.run(&[&"inspect", &"--json", &path]).json();
        assert_eq!(found[0]["kind"], kind, "{name}");
    };
    try_it("macros.xlsm", &hostile::macros(), "warning macros.xlsm › 台帳  The file contains macros", "xlsm");
    // Values that formulas left are read, formulas are never computed.
    try_it(
        "formulas.xlsx",
        &hostile::formulas(),
        "warning formulas.xlsx › 台帳 › A3  The result of this formula was not saved",
        "xlsx",
    );
    let ragged = "機器名,IPアドレス\r\n受付PC\r\n会計PC,10.0.0.2,余り,余り\r\n";
    try_it("ragged.csv", ragged.as_bytes(), "resources  2", "csv");
    let nul = LEDGER.replace("受付PC", "受付\0PC");
    try_it("nul.csv", nul.as_bytes(), "warning nul.csv:2  1 bytes that are no text (NUL) were removed", "unknown");
    assert_eq!(it.text("SELECT CAST(COUNT(*) AS TEXT) FROM resources").as_deref(), Some("0"));

    let formulas = it.file("formulas.xlsx", &hostile::formulas());
    it.ok(&[&"import", &"--commit", &formulas]);
    assert_eq!(it.text("SELECT note FROM resources").as_deref(), Some("=cmd|' /C calc'!A0"), "text stays what it was");
}

#[test]
fn two_hundred_megabytes_are_refused_by_limit_and_soon() {
    let it = Installation::new();
    it.ok(&[&"migrate"]);
    let mut bytes = LEDGER.as_bytes().to_vec();
    bytes.resize(200_000_000, b'a');
    let path = it.file("large.csv", &bytes);
    let begun = Instant::now();
    let told = it.run(&[&"--lang", &"en", &"import", &path]);
    assert_eq!(told.code, 3, "{told:?}");
    assert!(told.out.contains("error large.csv  The file is too large (limit 50 MB). Split it"), "{told:?}");
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());

    // Above what an import takes at all it is not even read; nobody has to hold it on disk for that.
    let file = std::fs::File::create(&path).unwrap();
    file.set_len(4_000_000_000).unwrap();
    let begun = Instant::now();
    let told = it.run(&[&"import", &"--commit", &path]);
    assert!(told.code == 1 && told.err.contains("at most 200 MB are read: split it"), "{told:?}");
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert_eq!(it.text("SELECT CAST(COUNT(*) AS TEXT) FROM imports").as_deref(), Some("0"));
}
