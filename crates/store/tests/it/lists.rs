//! Lists: every row once, in order, at any page size; chips that tell what the list shows.

use crate::story::{device, finding, software};
use tomomori_domain::access::{Actor, permission};
use tomomori_domain::finding::{Finding, MissingFact, Verdict};
use tomomori_domain::resource::{Resource, ResourceKind};
use tomomori_store::{FindingFilter, FindingSort, PageRequest, ResourceFilter, ResourceSort, StoreError};
use tomomori_testkit::{TestDb, for_both_databases};

/// 30 devices with names that collide and sort differently by language and by bytes; every third has software, some of
/// it with findings.
async fn ledger(test: &TestDb) -> (Actor, Vec<Resource>, Vec<Finding>) {
    let actor = test.tenant("A病院").await;
    let names =
        ["サーバ", "さーば", "端末PC", "FortiGate 60E", "fortigate", "Zebra", "äpple", "一般", "100%_x", "髙島"];
    let mut devices = Vec::new();
    for n in 0..30_usize {
        devices.push(Resource {
            kind: if n % 2 == 0 { ResourceKind::Client } else { ResourceKind::Network },
            asset_number: (n % 4 != 0).then(|| format!("A-{:03}", n % 7)),
            support_end: (n % 5 == 0).then(|| format!("202{}-03-31", n % 3 + 6).parse().unwrap()),
            declared: n % 10 != 9,
            ..device(names[n % names.len()])
        });
    }
    let components: Vec<_> = devices.iter().step_by(3).map(|device| software(device.id, "ｵﾗｸﾙ")).collect();
    let mut findings = Vec::new();
    for (n, component) in components.iter().enumerate() {
        for m in 0..n % 4 {
            let row = finding(component.resource, component.id, &format!("CVE-2026-{m:04}"));
            findings.push(Finding { exploited: m == 2, cvss_tenths: (m != 1).then_some(50 + 10 * m as u16), ..row });
        }
        if n == 9 {
            findings.push(Finding {
                verdict: Verdict::Possibly,
                missing: Some(MissingFact::Version),
                count: 12,
                ..finding(component.resource, component.id, "CVE-2026-0000")
            });
        }
    }
    let grant = actor.require::<permission::RunImport>().unwrap();
    let mut tx = test.db.tenant(&actor).await.unwrap();
    tx.put_resources(&grant, &devices).await.unwrap();
    tx.put_components(&grant, &components).await.unwrap();
    let revision = tx.ledger_revision().await.unwrap();
    tx.replace_findings(&actor.require().unwrap(), &findings, "cat-1", revision).await.unwrap();
    tx.commit().await.unwrap();
    (actor, devices, findings)
}

#[tokio::test]
async fn paging_shows_every_row_once_in_one_order() {
    for_both_databases(async |test| {
        let (actor, devices, findings) = ledger(test).await;
        let tx = test.db.read(&actor).await.unwrap();
        let filter = ResourceFilter::default();
        for sort in [ResourceSort::Name, ResourceSort::AssetNumber, ResourceSort::SupportEnd, ResourceSort::Findings] {
            let whole = tx.list_resources(&filter, sort, &PageRequest { after: None, limit: 500 }).await.unwrap();
            assert_eq!((whole.rows.len(), whole.next), (devices.len(), None));
            for limit in [1, 2, 7, 29, 30] {
                let mut page = PageRequest { after: None, limit };
                let mut rows = Vec::new();
                loop {
                    let one = tx.list_resources(&filter, sort, &page).await.unwrap();
                    rows.extend(one.rows);
                    page.after = one.next;
                    if page.after.is_none() {
                        break;
                    }
                }
                assert_eq!(rows, whole.rows, "{sort:?} by {limit}");
            }
            let keys: Vec<_> = whole
                .rows
                .iter()
                .map(|row| {
                    let text = |text: &str| tomomori_domain::text::fold(text);
                    match sort {
                        ResourceSort::Name => text(&row.resource.name),
                        ResourceSort::AssetNumber => {
                            row.resource.asset_number.as_deref().map_or("\u{10FFFD}".to_owned(), text)
                        }
                        ResourceSort::SupportEnd => {
                            row.resource.support_end.map_or("9999".to_owned(), |day| day.to_string())
                        }
                        ResourceSort::Findings => format!("{:04}", 1000 - row.affected - row.possibly),
                    }
                })
                .collect();
            assert!(keys.is_sorted(), "{sort:?}: {keys:?}");
        }
        let filter = FindingFilter::default();
        for sort in [FindingSort::Urgency, FindingSort::Resource, FindingSort::Vulnerability, FindingSort::FirstSeen] {
            let whole = tx.list_findings(&filter, sort, &PageRequest { after: None, limit: 500 }).await.unwrap();
            assert_eq!((whole.rows.len(), whole.next), (findings.len(), None));
            for limit in [1, 4] {
                let mut page = PageRequest { after: None, limit };
                let mut rows = Vec::new();
                loop {
                    let one = tx.list_findings(&filter, sort, &page).await.unwrap();
                    rows.extend(one.rows);
                    page.after = one.next;
                    if page.after.is_none() {
                        break;
                    }
                }
                assert_eq!(rows, whole.rows, "{sort:?} by {limit}");
            }
        }
        for after in ["zz", "5b5d", "5b312c325d"] {
            let page = PageRequest { after: Some(after.to_owned()), limit: 5 };
            let error = tx.list_resources(&ResourceFilter::default(), ResourceSort::Name, &page).await.unwrap_err();
            assert!(matches!(error, StoreError::BadCursor), "{error}");
        }
    })
    .await;
}

#[tokio::test]
async fn chips_tell_what_the_list_would_show() {
    for_both_databases(async |test| {
        let (actor, _, findings) = ledger(test).await;
        let tx = test.db.read(&actor).await.unwrap();
        let most = PageRequest { after: None, limit: 500 };
        let rows = async |filter: ResourceFilter| {
            tx.list_resources(&filter, ResourceSort::Name, &most).await.unwrap().rows.len() as u64
        };
        let base = ResourceFilter { kind: Some(ResourceKind::Network), ..ResourceFilter::default() };
        let counts = tx.count_resources(&base).await.unwrap();
        assert_eq!(counts.all, 30);
        assert_eq!(counts.matching, rows(base.clone()).await);
        assert_eq!(counts.by_kind.values().sum::<u64>(), 30, "the kind chips leave the kind filter out");
        assert_eq!(counts.with_findings, rows(ResourceFilter { findings: Some(true), ..base.clone() }).await);
        assert_eq!(counts.exploited, rows(ResourceFilter { exploited: true, ..base.clone() }).await);
        assert_eq!(counts.unknown_product, rows(ResourceFilter { unknown_product: true, ..base.clone() }).await);
        assert_eq!(counts.not_declared, rows(ResourceFilter { declared: Some(false), ..base.clone() }).await);
        assert!(counts.with_findings > 0 && counts.exploited > 0 && counts.unknown_product > 0);
        let all = tx.count_resources(&ResourceFilter::default()).await.unwrap();
        assert_eq!(all.unknown_product, 20, "a device without a found product is unknown, not safe");
        assert_eq!(all.not_declared, 3);

        let counts = tx.count_findings(&FindingFilter { verdict: Some(Verdict::Possibly), ..Default::default() }).await;
        let counts = counts.unwrap();
        assert_eq!((counts.matching, counts.devices, counts.all), (1, 1, findings.len() as u64));
        assert_eq!(counts.by_verdict[&Verdict::Affected], findings.len() as u64 - 1);
        assert_eq!(counts.by_missing[&MissingFact::Version], 1);
    })
    .await;
}

#[tokio::test]
async fn a_search_takes_words_literally_in_any_width_case_and_kana() {
    for_both_databases(async |test| {
        let (actor, ..) = ledger(test).await;
        let tx = test.db.read(&actor).await.unwrap();
        for (text, want) in [
            ("サーバ", 6),
            ("ｻｰﾊﾞ", 6),
            ("FORTIGATE", 6),
            ("fortigate 60e", 3),
            ("100%_", 3),
            ("0%x", 0),
            ("_", 3),
            ("\\", 0),
            ("オラクル", 10),
            ("ない", 0),
            ("", 30),
        ] {
            let filter = ResourceFilter { text: Some(text.to_owned()), ..ResourceFilter::default() };
            assert_eq!(tx.count_resources(&filter).await.unwrap().matching, want, "{text}");
        }
        let filter = FindingFilter { text: Some("cve-2026-0002 認証".to_owned()), ..FindingFilter::default() };
        let rows = tx.list_findings(&filter, FindingSort::Urgency, &PageRequest::default()).await.unwrap().rows;
        assert!(!rows.is_empty() && rows.iter().all(|row| row.finding.vulnerability == "CVE-2026-0002"));
    })
    .await;
}
