//! What any file is and whether it is sound: on real files of every kind, on cuts of them, on hostile ones.

use crate::kat;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use tomomori_domain::import::Severity;
use tomomori_formats::inspect::{Inspection, Kind, inspect};
use tomomori_formats::{addresses, csaf, cyclonedx, jvn, kev, nmap, nvd};

fn look(file: &str, bytes: &[u8]) -> Inspection {
    inspect(file, &mut &*bytes)
}

fn keys(found: &Inspection) -> Vec<&str> {
    found.problems.iter().map(|problem| problem.msg.key.as_str()).collect()
}

const JVN: &[u8] = include_bytes!("../../../../fixtures/jvn/vuldef-3.2.xml");

#[test]
fn every_archive_of_known_answers() {
    let name = "every_archive_of_known_answers";
    let cases: [(&str, &[(Kind, u64)]); 8] = [
        ("csaf/cisa-csaf-open.tar.zst", &[(Kind::Csaf, 1708), (Kind::Csv, 1)]),
        ("jvn/vuls-fetch-jvn-feeds.tar.zst", &[(Kind::JvnVuldef, 3), (Kind::JvnRss, 7)]),
        ("nmap/nmap-xml-open.tar.zst", &[(Kind::Nmap, 34), (Kind::Xml, 2)]),
        ("sbom/trustify-test-data.tar.zst", &[(Kind::CycloneDx, 6), (Kind::Spdx, 1)]),
        ("sbom/cyclonedx-bom-examples.tar.zst", &[(Kind::CycloneDx, 1), (Kind::CycloneDxXml, 1)]),
        ("openvex/openvex-open.tar.zst", &[(Kind::OpenVex, 1)]),
        ("osv/pypa-advisory-open.tar.zst", &[(Kind::Osv, 1872)]),
        ("sbom/spdx-examples-open.tar.zst", &[(Kind::Spdx, 1)]),
    ];
    for (path, at_least) in cases {
        let Some(file) = kat::file(name, path) else { return };
        let found = inspect(path, &mut std::fs::File::open(file).unwrap());
        let counts: BTreeMap<&str, u64> =
            found.facts.iter().map(|(label, count)| (label.key.as_str(), count.parse().unwrap())).collect();
        println!("{path}: sound {} {counts:?} {} problems", found.sound, found.problems.len());
        assert_eq!(found.kind, Kind::Packed);
        for (kind, least) in at_least {
            assert!(counts.get(kind.msg().key.as_str()).is_some_and(|count| count >= least), "{path}: {kind:?}");
        }
    }
    for (path, kind, sound) in [
        ("kev/known_exploited_vulnerabilities.json", Kind::KevJson, true),
        ("kev/known_exploited_vulnerabilities.csv", Kind::KevCsv, true),
        ("mds2/Example-MDS2-Worksheet-HN1-2019.xlsx", Kind::Mds2, true),
        ("kat/cpe-kat-inventory.tsv", Kind::Csv, true),
        ("kev/LICENSE", Kind::Text, true),
    ] {
        let Some(file) = kat::file(name, path) else { return };
        let found = inspect(path, &mut std::fs::File::open(&file).unwrap());
        assert_eq!((found.kind, found.sound), (kind, sound), "{path}: {:?}", found.problems);
        if kind == Kind::Mds2 {
            let bytes = std::fs::read(&file).unwrap();
            for sixteenth in 1..16 {
                let cut = look("cut.xlsx", &bytes[..bytes.len() * sixteenth / 16]);
                assert!(!cut.sound, "a workbook cut at {sixteenth}/16 passed: {cut:?}");
            }
        }
    }
}

#[expect(clippy::unwrap_used, reason = "helper of tests")]
fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn office_files() {
    let book: (&str, &[u8]) = ("xl/workbook.xml", b"<workbook/>");
    let sheet: (&str, &[u8]) = ("xl/worksheets/sheet1.xml", b"<worksheet/>");
    let found = look("a.csv", &zipped(&[book, sheet]));
    assert_eq!((found.kind, found.sound, found.facts[0].1.as_str()), (Kind::Xlsx, true, "1"));
    let macros = look("a.xlsx", &zipped(&[book, sheet, ("xl/vbaProject.bin", b"x")]));
    assert_eq!((macros.kind, macros.sound, keys(&macros)), (Kind::Xlsm, true, vec!["inspect-macros"]));
    let word = look("a.xlsx", &zipped(&[("[Content_Types].xml", b"<a/>"), ("word/document.xml", b"<a/>")]));
    assert_eq!((word.kind, word.sound, keys(&word)), (Kind::OtherOffice, false, vec!["inspect-other-office"]));
    let mut ole = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0];
    assert_eq!(keys(&look("a.xls", &ole)), ["inspect-old-office"]);
    ole.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(
        (look("a.xlsx", &ole).kind, keys(&look("a.xlsx", &ole))),
        (Kind::LockedOffice, vec!["inspect-locked-office"])
    );
    // 40 MB of zeros in 40 KB.
    let bomb = look("a.xlsx", &zipped(&[book, ("xl/worksheets/sheet1.xml", &vec![b' '; 40 << 20])]));
    assert_eq!((bomb.sound, keys(&bomb)), (false, vec!["inspect-limit-entry"]));
}

#[test]
fn packed_files_say_what_is_inside() {
    let found = look("up.zip", &zipped(&[("a.rdf", JVN), ("b.rdf", &JVN[..JVN.len() / 2]), ("README", b"read me")]));
    assert_eq!((found.kind, found.sound), (Kind::Packed, false));
    let facts: Vec<_> = found.facts.iter().map(|(label, value)| (label.key.as_str(), value.as_str())).collect();
    assert_eq!(facts, [("inspect-fact-files", "3"), ("inspect-kind-jvn-vuldef", "2"), ("inspect-kind-text", "1")]);
    assert_eq!((found.problems[0].place.file.as_str(), keys(&found)), ("up.zip/b.rdf", vec!["inspect-truncated"]));
}

#[test]
fn wrong_and_damaged_files() {
    let cp932 = encoding_rs::SHIFT_JIS.encode("名称,型番\n端末①,X1\n").0.into_owned();
    let table = look("台帳.txt", &cp932);
    assert_eq!((table.kind, table.sound, table.facts[0].1.as_str()), (Kind::Csv, true, "CP932 (Shift_JIS)"));
    let utf16: Vec<u8> = "\u{feff}名称\t型番\n端末\tX1\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!((look("a.csv", &utf16).kind, look("a.csv", &utf16).facts[0].1.as_str()), (Kind::Csv, "UTF-16"));
    for (bytes, kind, key) in [
        (&b""[..], Kind::Empty, "inspect-empty"),
        (b" \r\n ", Kind::Empty, "inspect-empty"),
        (b"\0\0\0\0", Kind::Unknown, "inspect-unknown"),
        (b"\x89PNG\r\n\x1a\n\0", Kind::Unknown, "inspect-unknown"),
        (b"%PDF-1.7 and nothing more", Kind::Pdf, "inspect-truncated"),
        (b"{\"a\": [1, 2", Kind::Json, "inspect-truncated"),
        (b"{\"a\": [1, 2}", Kind::Json, "inspect-broken"),
        (b"{\"document\": {}}", Kind::Csaf, "inspect-left-out"),
        (b"<!DOCTYPE l [<!ENTITY a 'b'>]><l>&a;</l>", Kind::Xml, "inspect-broken"),
        (b"\x1f\x8b\x08\0\0\0\0\0", Kind::Packed, "inspect-damaged"),
        (b"\x28\xb5\x2f\xfd\x04", Kind::Packed, "inspect-damaged"),
    ] {
        let found = look("x", bytes);
        assert_eq!(found.kind, kind, "{}", String::from_utf8_lossy(bytes));
        assert_eq!(keys(&found)[0], key, "{}", String::from_utf8_lossy(bytes));
        assert_eq!(found.sound, found.problems.iter().all(|problem| problem.severity == Severity::Warning));
    }
    let deep = "[".repeat(200) + &"]".repeat(200);
    assert_eq!(look("deep.json", deep.as_bytes()).kind, Kind::Json);
    let deep = format!("{{\"document\":{{}},\"x\":{deep}}}");
    assert_eq!(keys(&look("deep.json", deep.as_bytes())), ["inspect-broken"]);
    for sixteenth in 1..16 {
        assert!(!look("cut.rdf", &JVN[..JVN.len() * sixteenth / 16]).sound, "cut at {sixteenth}/16");
    }
}

#[test]
fn keys_are_unique() {
    let keys: std::collections::BTreeSet<&str> = Kind::ALL.iter().map(|kind| kind.key()).collect();
    assert_eq!(keys.len(), Kind::ALL.len());
}

/// Every reader, on the same bytes.
fn everything(bytes: &[u8]) {
    let _ = csaf::read("x", &mut &*bytes, &mut |_| {});
    let _ = jvn::read("x", &mut &*bytes, &mut |_| {});
    let _ = nvd::read("x", &mut &*bytes, &mut |_| {});
    let _ = kev::read("x", &mut &*bytes, &mut |_| {});
    let _ = cyclonedx::read("x", &mut &*bytes);
    let _ = nmap::read("x", &mut &*bytes);
    let _ = addresses::read("x", &mut &*bytes);
    let _ = look("x", bytes);
}

/// A sample of each format, to be damaged.
const SEEDS: [&[u8]; 6] = [
    JVN,
    br#"{"document":{"tracking":{"id":"A"}},"product_tree":{"branches":[{"category":"vendor","name":"V","product":{"name":"n","product_id":"p"}}]},"vulnerabilities":[{"cve":"CVE-2024-0001","product_status":{"fixed":["p"]}}]}"#,
    br#"{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"type":"library","name":"a","components":[{"name":"b"}]}]}"#,
    b"<nmaprun start='1'><host><status state='up'/><address addr='10.0.0.1'/><ports><port portid='1'><state state='open'/></port></ports></host></nmaprun>",
    b"lease 10.0.0.1 {\n starts 4 2024/01/11 01:02:03;\n hardware ethernet 00:1a:2b:03:04:05;\n}\n",
    "クライアント IP アドレス,名前,一意の ID\n10.0.0.1,\"a,b\",001a2b030405\n10.0.0.2 - 1 -00-1a-2b-03-04-05 -D - x\n".as_bytes(),
];

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        everything(&bytes);
    }

    #[test]
    fn damaged_samples_never_panic(seed in 0..SEEDS.len(), hits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8), cut in any::<prop::sample::Index>()) {
        let mut bytes = SEEDS[seed].to_vec();
        for (at, byte) in hits {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(cut.index(bytes.len()) + 1);
        everything(&bytes);
    }
}
