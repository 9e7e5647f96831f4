//! JVN on real cuts of the feeds, on the official examples, and on damaged input.

use crate::kat;
use tomomori_formats::record::{Lang, ProductStatus, Record, Reject, Statement, TextKind};
use tomomori_formats::{FeedHead, FormatError, Problem, jvn};

fn read(file: &str, bytes: &[u8]) -> Result<(FeedHead, Vec<Record<'static>>, Vec<Reject>), FormatError> {
    let (mut records, mut rejects) = (Vec::new(), Vec::new());
    let head = jvn::read(file, &mut &*bytes, &mut |result| match result {
        Ok(record) => records.push(kat::owned(record)),
        Err(reject) => rejects.push(reject),
    })?;
    Ok((head, records, rejects))
}

const DETAIL: &str = include_str!("../../../../fixtures/jvn/vuldef-3.2.xml");
const RSS: &str = include_str!("../../../../fixtures/jvn/jvnrss.rdf");

#[test]
fn a_detail_entry_gives_japanese_texts_products_and_score() {
    let (head, records, rejects) = read("vuldef-3.2.xml", DETAIL.as_bytes()).unwrap();
    assert_eq!((head.format, rejects.len()), ("JVN VULDEF", 0), "{rejects:?}");
    let ids: Vec<_> = records.iter().map(|r| (r.id.as_ref(), r.document.as_deref())).collect();
    assert_eq!(
        ids,
        [
            ("CVE-2021-20877", Some("JVNDB-2022-000001")),
            ("CVE-2022-0180", Some("JVNDB-2022-000002")),
            ("CVE-2022-0181", Some("JVNDB-2022-000002")),
            ("CVE-2022-0182", Some("JVNDB-2022-000002"))
        ]
    );
    let first = &records[0];
    assert_eq!(
        first.texts.iter().map(|t| t.kind).collect::<Vec<_>>(),
        [TextKind::Title, TextKind::Description, TextKind::Impact, TextKind::Remedy]
    );
    assert!(first.texts.iter().all(|t| t.lang == Lang::Ja));
    assert!(first.texts[0].text.starts_with("キヤノン製レーザープリンター"));
    assert_eq!(first.scores.iter().map(|s| s.base_tenths).collect::<Vec<_>>(), [35, 48]);
    assert_eq!(first.published.as_deref(), Some("2022-01-19T12:05:15+09:00"));
    assert!(records[1].scores.is_empty(), "the score of three CVEs together is not the score of each");
    let Statement::Product(product) = &records[1].statements[0] else { panic!() };
    assert_eq!(
        (
            product.vendor.as_deref(),
            product.product.as_ref(),
            product.version.as_deref(),
            product.cpe.as_deref(),
            product.status
        ),
        (
            Some("ExpressTech"),
            "Quiz And Survey Master",
            Some("7.3.7 より前のバージョン"),
            Some("cpe:/a:expresstech:quiz_and_survey_master"),
            ProductStatus::Affected
        )
    );
}

#[test]
fn an_overview_gives_titles_and_products_without_version() {
    let (head, records, rejects) = read("jvnrss.rdf", RSS.as_bytes()).unwrap();
    assert_eq!((head.format, head.date.as_deref(), rejects.len()), ("JVNRSS", Some("2023-10-29T09:00:01+09:00"), 0));
    assert_eq!(
        records.iter().map(|r| r.id.as_ref()).collect::<Vec<_>>(),
        ["CVE-2022-22292", "CVE-2021-20877", "CVE-2022-25027"]
    );
    let Statement::Product(product) = &records[0].statements[0] else { panic!() };
    assert_eq!((product.product.as_ref(), product.version.as_deref()), ("Android", None));
    assert_eq!(records[0].scores[1].base_tenths, 78);
}

#[test]
fn real_feeds_and_official_examples() {
    let name = "real_feeds_and_official_examples";
    let (Some(feeds), Some(examples)) = (
        kat::archive(name, "jvn/vuls-fetch-jvn-feeds.tar.zst"),
        kat::archive(name, "jvn/MyJVN-np-examples-schemas-docs.tar.zst"),
    ) else {
        return;
    };
    let mut counts = (0, 0, 0);
    for (file, bytes) in
        feeds.iter().chain(&examples).filter(|(file, _)| file.contains("fixtures/") || file.contains("examples/"))
    {
        let wanted = file.contains("/jvndb")
            || file.contains("jvndb_detail")
            || file.contains("jvndb_rss")
            || file.contains("getVulnDetailInfo")
            || file.contains("getVulnOverviewList");
        match read(file, bytes) {
            Ok((_, records, rejects)) => {
                assert!(wanted, "{file} is not a JVN list of vulnerabilities");
                assert!(!records.is_empty(), "{file}");
                assert!(
                    records
                        .iter()
                        .all(|r| !r.texts.is_empty() && (r.id.starts_with("CVE-") || r.id.starts_with("JVNDB-")))
                );
                assert!(rejects.iter().all(|r| r.reason.starts_with("fewer entries")), "{file}: {rejects:?}");
                counts = (counts.0 + 1, counts.1 + records.len(), counts.2 + rejects.len());
            }
            // The official example of the overview feed has an attribute without quotes.
            Err(error) => assert!(
                !wanted || file.ends_with("dataFeed_jvndb_rss_hnd.xml") && error.to_string().contains("attribute"),
                "{error}"
            ),
        }
    }
    println!("JVN: {} files, {} records, {} notes", counts.0, counts.1, counts.2);
    assert_eq!(counts.0, 16);
}

#[test]
fn damaged_input_is_refused_with_the_reason() {
    for (whole, name) in [(DETAIL, "d.rdf"), (RSS, "r.rdf")] {
        for sixteenth in 0..16 {
            let problem = read(name, &whole.as_bytes()[..whole.len() * sixteenth / 16]).err().unwrap().problem;
            let empty = matches!(&problem, Problem::WrongFormat { found, .. } if found.contains("no element"));
            assert!(matches!(problem, Problem::Truncated { .. }) || empty && sixteenth == 0, "{sixteenth}: {problem}");
        }
    }
    let bomb = "<!DOCTYPE lolz [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;&a;&a;\">]><VULDEF-Document><Vulinfo>&b;</Vulinfo></VULDEF-Document>";
    let error = read("bomb.xml", bomb.as_bytes()).err().unwrap().to_string();
    assert!(error.contains("bomb.xml") && error.contains("DTD"), "{error}");
    for bytes in [&b"\0\0\0\0"[..], b"{}", b"<nmaprun/>", b"\xff\xfe<\0a\0/\0>\0", b"<RDF>\xff</RDF>"] {
        assert!(read("bad.xml", bytes).is_err(), "{bytes:?}");
    }
    let (head, records, rejects) =
        read("x.xml", b"<VULDEF-Document><Vulinfo><VulinfoData/></Vulinfo><Vulinfo/></VULDEF-Document>").unwrap();
    assert_eq!((head.rejects, records.len(), rejects[0].record.as_str()), (2, 0, "#1"));
}
