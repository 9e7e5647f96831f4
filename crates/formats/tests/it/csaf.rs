//! CSAF on real advisories, on the standard's own test documents, and on damaged input.

use crate::kat;
use std::collections::BTreeMap;
use tomomori_formats::record::{Lang, ProductStatus, Record, Reject, Statement, TextKind};
use tomomori_formats::{FeedHead, FormatError, Problem, csaf};

struct Counted {
    head: FeedHead,
    records: Vec<Record<'static>>,
    rejects: Vec<Reject>,
}

fn read(file: &str, bytes: &[u8]) -> Result<Counted, FormatError> {
    let (mut records, mut rejects) = (Vec::new(), Vec::new());
    let head = csaf::read(file, &mut &*bytes, &mut |result| match result {
        Ok(record) => records.push(kat::owned(record)),
        Err(reject) => rejects.push(reject),
    })?;
    Ok(Counted { head, records, rejects })
}

#[test]
fn every_cisa_advisory_is_read() {
    let Some(files) = kat::archive("every_cisa_advisory_is_read", "csaf/cisa-csaf-open.tar.zst") else { return };
    let (mut documents, mut records, mut statements, mut scores) = (0, 0, 0, 0);
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, bytes) in files.iter().filter(|(name, _)| name.ends_with(".json")) {
        let got = read(name, bytes).unwrap();
        documents += 1;
        records += got.records.len();
        for record in &got.records {
            assert!(record.id.starts_with("CVE-"), "{name}");
            assert!(record.texts.iter().any(|text| text.kind == TextKind::Title), "{name}");
            statements += record.statements.len();
            scores += record.scores.len();
        }
        for reject in &got.rejects {
            *reasons.entry(reject.reason).or_default() += 1;
        }
        assert_eq!(got.head.records as usize, got.records.len());
    }
    println!(
        "CISA CSAF: {documents} documents, {records} records, {statements} statements, {scores} scores; left out: {reasons:?}"
    );
    assert_eq!((documents, records), (1708, 5291));
    // Counted outside of this program: distinct products per vulnerability over all verdict groups.
    assert_eq!(statements, 32_336);
}

#[test]
fn vendor_documents_are_read() {
    let Some(files) = kat::archive("vendor_documents_are_read", "csaf/vendor-csaf-vex-open.tar.zst") else { return };
    let mut read_documents = 0;
    for (name, bytes) in &files {
        if name.ends_with("index.txt") || name.ends_with(".tar.xz") || name.contains("ssa-feed") {
            assert!(read(name, bytes).is_err(), "{name} is no advisory");
            continue;
        }
        let got = read(name, bytes).unwrap();
        if name.ends_with("CVE-2025-0114") {
            // Palo Alto gives one id to "below 11.0.2" and to "from 11.0.2": neither may come out as fixed.
            let doubled = ["vers:generic/PAN-OS<11.0.2", "vers:generic/PAN-OS>=11.0.2"];
            let of = got.records[0]
                .statements
                .iter()
                .filter_map(|s| if let Statement::Product(p) = s { Some(p) } else { None });
            let of: Vec<_> = of.filter(|p| p.version.as_deref().is_some_and(|v| doubled.contains(&v))).collect();
            assert!(of.len() == 2 && of.iter().all(|p| p.status == ProductStatus::UnderInvestigation), "{of:?}");
        }
        println!("{name}: {} records, {} left out {:?}", got.records.len(), got.rejects.len(), got.rejects.first());
        assert!(!got.records.is_empty(), "{name}");
        assert!(got.records.iter().all(|record| !record.statements.is_empty()), "{name}");
        read_documents += 1;
    }
    println!("vendor CSAF: {read_documents} documents read");
    assert_eq!(read_documents, 11);
}

#[test]
fn the_standards_own_test_documents_never_panic() {
    let name = "the_standards_own_test_documents_never_panic";
    let Some(files) = kat::archive(name, "csaf/oasis-csaf-2.0-tests-examples-schema.tar.zst") else { return };
    let (mut usable, mut refused, mut left_out) = (0, 0, 0);
    for (name, bytes) in files.iter().filter(|(name, _)| name.ends_with(".json")) {
        match read(name, bytes) {
            Ok(got) => {
                usable += 1;
                left_out += usize::from(!got.rejects.is_empty());
                // 6.1.6: a product in contradicting groups must never come out as safe.
                if name.contains("mandatory") && name.contains("6-1-06-01") {
                    assert!(got.rejects.iter().any(|reject| reject.reason.contains("contradicting")), "{name}");
                    assert!(statuses(&got.records).iter().all(|status| *status == ProductStatus::UnderInvestigation));
                }
            }
            Err(_) => refused += 1,
        }
    }
    println!("OASIS: {usable} read, of these {left_out} with something left out; {refused} refused");
    assert!(usable > 200);
}

fn statuses(records: &[Record<'_>]) -> Vec<ProductStatus> {
    let statements = records.iter().flat_map(|record| &record.statements);
    statements
        .map(|s| if let Statement::Product(p) = s { p.status } else { panic!("CSAF has no configurations") })
        .collect()
}

const SMALL: &str = r#"{
 "document": {"title": "T", "lang": "ja-JP", "publisher": {"name": "P"},
  "references": [{"category": "self", "url": "https://example.test/a"}],
  "tracking": {"id": "A-1", "status": "final", "version": "2", "initial_release_date": "2024-01-01T00:00:00Z", "current_release_date": "2024-02-01T00:00:00Z"}},
 "product_tree": {
  "branches": [{"category": "vendor", "name": "V", "branches": [{"category": "product_name", "name": "N", "branches": [
    {"category": "product_version_range", "name": "< 2", "product": {"product_id": "p1", "name": "N < 2"}},
    {"category": "product_version", "name": "2", "branches": [{"category": "service_pack", "name": "SP1", "product": {"product_id": "p2", "name": "N 2 SP1",
      "product_identification_helper": {"cpe": "cpe:2.3:a:v:n:2:sp1:*:*:*:*:*:*"}}}]}]}]}],
  "full_product_names": [{"product_id": "p3", "name": "Other"}, {"name": "no id"}],
  "relationships": [{"category": "default_component_of", "product_reference": "p1", "relates_to_product_reference": "p3", "full_product_name": {"product_id": "p4", "name": "N on Other"}}]},
 "vulnerabilities": [
  {"cve": "CVE-2024-0001", "product_status": {"known_affected": ["p1", "p4", "gone", 7], "fixed": ["p2", "p1"], "recommended": ["p3"]},
   "scores": [{"cvss_v3": {"vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:P/RL:O", "baseScore": 9.8, "temporalScore": 8.8}}, {"cvss_v3": {"baseScore": "x"}}],
   "remediations": [{"category": "vendor_fix", "details": "2 へ更新", "url": "https://example.test/fix"}, {"category": "vendor_fix", "details": "2 へ更新"}]},
  {"cve": 5, "title": "no CVE"}, "nonsense"]}"#;

#[test]
fn keeps_what_can_be_used_and_says_the_rest() {
    let got = read("small.json", SMALL.as_bytes()).unwrap();
    assert_eq!((got.head.edition.as_deref(), got.head.records), (Some("2"), 2));
    let first = &got.records[0];
    assert_eq!(
        (first.id.as_ref(), first.document.as_deref(), first.publisher.as_deref()),
        ("CVE-2024-0001", Some("A-1"), Some("P"))
    );
    assert_eq!(got.records[1].id, "A-1#2");
    assert_eq!(first.scores.len(), 1);
    assert_eq!(first.scores[0].base_tenths, 98);
    assert!(first.texts.iter().all(|text| text.lang == Lang::Ja));
    assert_eq!(first.texts.iter().filter(|text| text.kind == TextKind::Remedy).count(), 1);
    assert_eq!(first.links, ["https://example.test/fix", "https://example.test/a"]);
    let products: Vec<_> =
        first.statements.iter().map(|s| if let Statement::Product(p) = s { p } else { panic!() }).collect();
    let seen: Vec<_> = products.iter().map(|p| (p.product.as_ref(), p.version.as_deref(), p.status)).collect();
    use ProductStatus::{Affected, Fixed, UnderInvestigation};
    assert_eq!(
        seen,
        [("N", Some("< 2"), UnderInvestigation), ("N on Other", Some("< 2"), Affected), ("N", Some("2 SP1"), Fixed)]
    );
    assert_eq!(products[2].cpe.as_deref(), Some("cpe:2.3:a:v:n:2:sp1:*:*:*:*:*:*"));
    let details: Vec<&str> = got.rejects.iter().map(|reject| reject.detail.as_str()).collect();
    for path in [
        "/product_tree/full_product_names/1/product_id",
        "/vulnerabilities/0/product_status: gone",
        "/vulnerabilities/0/product_status/known_affected/3",
        "/vulnerabilities/0/product_status: p1",
        "/vulnerabilities/0/scores/1/cvss_v3/vectorString",
        "/vulnerabilities/1/cve",
        "/vulnerabilities/2",
    ] {
        assert!(details.contains(&path), "{path} in {details:?}");
    }
    assert_eq!(details.len(), 7);
}

#[test]
fn drafts_and_closed_documents_are_not_used() {
    for (from, to, reason) in [
        ("\"final\"", "\"draft\"", "draft"),
        ("\"title\": \"T\"", "\"distribution\": {\"tlp\": {\"label\": \"AMBER\"}}", "TLP"),
    ] {
        let got = read("x.json", SMALL.replacen(from, to, 1).as_bytes()).unwrap();
        assert!(got.records.is_empty());
        assert!(got.rejects[0].reason.contains(reason), "{:?}", got.rejects);
    }
}

#[test]
fn damaged_input_is_refused_with_the_reason() {
    for sixteenth in 0..16 {
        let cut = &SMALL.as_bytes()[..SMALL.floor_char_boundary(SMALL.len() * sixteenth / 16)];
        let error = read("cut.json", cut).err().unwrap().problem;
        assert!(matches!(error, Problem::Truncated { .. } | Problem::Empty), "{sixteenth}: {error}");
    }
    for bytes in [&b""[..], b"\0\0\0\0", b"[1,2]", b"{}", b"{\"document\": 3}", b"<a/>", b"\xff\xfe\x00"] {
        assert!(read("bad.json", bytes).is_err(), "{bytes:?}");
    }
    let deep = "{\"branches\":[".repeat(200) + &"]}".repeat(200);
    let deep = SMALL.replacen("\"product_tree\": {", &format!("\"product_tree\": {{\"x\":{deep},"), 1);
    let error = read("deep.json", deep.as_bytes()).err().unwrap().to_string();
    assert!(error.contains("deep.json") && error.contains("recursion limit"), "{error}");
}
