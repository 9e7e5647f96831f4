//! Lists: every row once, in order, at any page size; chips that tell what the list shows.

use crate::story::{device, finding, software};
use tomomori_domain::access::{Actor, permission};
use tomomori_domain::completeness::Measure;
use tomomori_domain::finding::{Finding, MissingFact, Verdict};
use tomomori_domain::ids::{ContractId, VendorId};
use tomomori_domain::resource::{
    Contract, Criticality, PurchaseForm, Resource, ResourceKind, ResourceState, Update, Vendor,
};
use tomomori_store::{
    FindingFilter, FindingSort, PageRequest, ResourceCounts, ResourceFilter, ResourceSort, StoreError, SupportFilter,
};
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
            last_seen: [None, Some("2026-08-20"), Some("2026-11-01")][n % 3].map(|day| day.parse().unwrap()),
            stocktaken_on: [None, Some("2026-03-31"), Some("2026-04-01")][n / 3 % 3].map(|day| day.parse().unwrap()),
            state: [None, Some(ResourceState::InUse), Some(ResourceState::Repair)][n % 3],
            criticality: [None, Some(Criticality::High)][n / 2 % 2],
            purchase: [Some(PurchaseForm::Bought), Some(PurchaseForm::Lease), None][n / 5 % 3],
            medical: [None, Some(false), Some(true)][n % 3],
            location: (n % 2 == 0).then(|| "本館".to_owned()),
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
        let sorts = [ResourceSort::Name, ResourceSort::AssetNumber, ResourceSort::SupportEnd, ResourceSort::Findings];
        for sort in sorts.into_iter().chain([ResourceSort::LastSeen]) {
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
                        ResourceSort::LastSeen => row.resource.last_seen.map_or(String::new(), |day| day.to_string()),
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

/// Every single filter of the page.
fn filters() -> Vec<ResourceFilter> {
    let base = ResourceFilter::default;
    let mut all = vec![
        base(),
        ResourceFilter { kind: Some(ResourceKind::Network), ..base() },
        ResourceFilter { zone: Some(None), ..base() },
        ResourceFilter { vendor: Some(None), ..base() },
        ResourceFilter { state: Some(Some(ResourceState::Repair)), ..base() },
        ResourceFilter { state: Some(None), ..base() },
        ResourceFilter { criticality: Some(Some(Criticality::High)), ..base() },
        ResourceFilter { purchase: Some(None), ..base() },
        ResourceFilter { declared: Some(false), ..base() },
        ResourceFilter { findings: Some(true), ..base() },
        ResourceFilter { findings: Some(false), ..base() },
        ResourceFilter { medical: true, ..base() },
        ResourceFilter { exploited: true, ..base() },
        ResourceFilter { unknown_product: true, ..base() },
        ResourceFilter { no_updater: true, ..base() },
        ResourceFilter { unseen: true, ..base() },
        ResourceFilter { not_stocktaken: true, ..base() },
        ResourceFilter { missing: Some(Measure::Location), ..base() },
        ResourceFilter { text: Some("サーバ".to_owned()), ..base() },
    ];
    for support in [SupportFilter::Ended, SupportFilter::Within12, SupportFilter::Within24] {
        all.push(ResourceFilter { support: Some(support), ..base() });
    }
    all
}

/// What each chip adds to a filter, and its number.
fn chips(base: &ResourceFilter, counts: &ResourceCounts) -> Vec<(ResourceFilter, u64)> {
    let with = |change: &dyn Fn(&mut ResourceFilter)| {
        let mut filter = base.clone();
        change(&mut filter);
        filter
    };
    let mut chips = vec![
        (base.clone(), counts.matching),
        (with(&|f| f.medical = true), counts.medical),
        (with(&|f| f.declared = Some(false)), counts.not_declared),
        (with(&|f| f.findings = Some(true)), counts.with_findings),
        (with(&|f| f.exploited = true), counts.exploited),
        (with(&|f| f.unknown_product = true), counts.unknown_product),
        (with(&|f| f.no_updater = true), counts.no_updater),
        (with(&|f| f.unseen = true), counts.unseen),
        (with(&|f| f.not_stocktaken = true), counts.not_stocktaken),
    ];
    chips.extend(counts.by_kind.iter().map(|(kind, n)| (with(&|f| f.kind = Some(*kind)), *n)));
    chips.extend(counts.by_zone.iter().map(|(zone, n)| (with(&|f| f.zone = Some(*zone)), *n)));
    chips.extend(counts.by_vendor.iter().map(|(vendor, n)| (with(&|f| f.vendor = Some(*vendor)), *n)));
    chips.extend(counts.by_state.iter().map(|(state, n)| (with(&|f| f.state = Some(*state)), *n)));
    chips.extend(counts.by_criticality.iter().map(|(value, n)| (with(&|f| f.criticality = Some(*value)), *n)));
    chips.extend(counts.by_purchase.iter().map(|(form, n)| (with(&|f| f.purchase = Some(*form)), *n)));
    chips.extend(counts.by_support.iter().map(|(support, n)| (with(&|f| f.support = Some(*support)), *n)));
    chips
}

#[tokio::test]
async fn every_chip_under_every_filter_counts_what_its_list_would_show() {
    for_both_databases(async |test| {
        let (actor, ..) = ledger(test).await;
        let tx = test.db.read(&actor).await.unwrap();
        let most = PageRequest { after: None, limit: 500 };
        let mut shown = 0;
        for base in filters() {
            let counts = tx.count_resources(&base).await.unwrap();
            assert_eq!(counts.all, 30);
            for (filter, n) in chips(&base, &counts) {
                let rows = tx.list_resources(&filter, ResourceSort::Name, &most).await.unwrap().rows;
                assert_eq!(rows.len() as u64, n, "under {base:?}: {filter:?}");
                shown += n;
            }
        }
        assert!(shown > 2_000, "the filters of this test leave almost nothing: {shown}");
    })
    .await;
}

#[tokio::test]
async fn days_decide_on_the_day() {
    for_both_databases(async |test| {
        // The clock stands at 2026-11-24 09:00 in Japan.
        let actor = test.tenant("A病院").await;
        let end = |day: &str| Resource { support_end: Some(day.parse().unwrap()), ..device(day) };
        let seen = |day: &str| Resource { last_seen: Some(day.parse().unwrap()), ..device(day) };
        let devices = [
            end("2026-11-23"),
            end("2026-11-24"),
            end("2027-11-24"),
            end("2027-11-25"),
            end("2028-11-24"),
            end("2028-11-25"),
            seen("2026-08-25"),
            seen("2026-08-26"),
            seen("2026-11-24"),
        ];
        let mut tx = test.db.tenant(&actor).await.unwrap();
        tx.put_resources(&actor.require::<permission::RunImport>().unwrap(), &devices).await.unwrap();
        tx.commit().await.unwrap();
        let counts = test.db.read(&actor).await.unwrap().count_resources(&ResourceFilter::default()).await.unwrap();
        assert_eq!(counts.by_support[&SupportFilter::Ended], 1, "on its last day support has not ended");
        assert_eq!(counts.by_support[&SupportFilter::Within12], 2);
        assert_eq!(counts.by_support[&SupportFilter::Within24], 4);
        assert_eq!(counts.unseen, 7, "six never seen, one 91 days ago");
        assert_eq!(counts.not_stocktaken, 9);
    })
    .await;
}

#[tokio::test]
async fn a_device_has_no_updater_until_a_layer_or_its_contract_names_one() {
    for_both_databases(async |test| {
        let actor = test.tenant("A病院").await;
        let vendor = Vendor { id: VendorId::generate(), name: "共守".to_owned(), field: None, contact: None };
        let contract = Contract {
            id: ContractId::generate(),
            number: "K-1".to_owned(),
            title: "保守".to_owned(),
            vendor: vendor.id,
            starts_on: None,
            ends_on: None,
            update_clause: None,
        };
        let layer = |by, clause: Option<&str>| {
            let update = Update { by, clause: clause.map(str::to_owned) };
            [(tomomori_domain::resource::Layer::Os, update)].into()
        };
        let bare = device("なし");
        // A clause cannot play the part of a name, whatever is written in it.
        let clause = Resource { updates: layer(None, Some(r#""by":"x""#)), ..device("条文だけ") };
        let named = Resource { updates: layer(Some(vendor.id), None), ..device("担当あり") };
        let covered = Resource { contract: Some(contract.id), ..device("契約") };
        let grant = actor.require::<permission::RunImport>().unwrap();
        let mut tx = test.db.tenant(&actor).await.unwrap();
        tx.put_vendors(&grant, std::slice::from_ref(&vendor)).await.unwrap();
        tx.put_contracts(&grant, std::slice::from_ref(&contract)).await.unwrap();
        tx.put_resources(&grant, &[bare, clause, named, covered]).await.unwrap();
        tx.commit().await.unwrap();
        let filter = ResourceFilter { no_updater: true, ..ResourceFilter::default() };
        let names = async || -> Vec<String> {
            let tx = test.db.read(&actor).await.unwrap();
            let page = tx.list_resources(&filter, ResourceSort::Name, &PageRequest::default()).await.unwrap();
            page.rows.into_iter().map(|row| row.resource.name).collect()
        };
        assert_eq!(names().await, ["なし", "契約", "条文だけ"]);
        let missing = ResourceFilter { missing: Some(Measure::UpdaterOs), ..ResourceFilter::default() };
        assert_eq!(test.db.read(&actor).await.unwrap().count_resources(&missing).await.unwrap().matching, 3);
        // A contract that changes changes the devices under it.
        let mut tx = test.db.tenant(&actor).await.unwrap();
        let settled = Contract { update_clause: Some("第8条".to_owned()), ..contract };
        tx.put_contracts(&grant, &[settled]).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(names().await, ["なし", "条文だけ"]);
    })
    .await;
}
