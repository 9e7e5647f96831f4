//! Every number of the page leads to a list of just so many devices.

use crate::story::Hospital;
use tomomori_domain::access::Role;
use tomomori_testkit::for_both_apps;

#[tokio::test(flavor = "multi_thread")]
async fn every_number_is_the_length_of_the_list_it_leads_to() {
    for_both_apps(async |t| {
        let hospital = Hospital::new(t, "みどり").await;
        Hospital::new(t, "よそ").await;
        let (browser, program) = (t.browser(&hospital.head).await, t.program(&hospital.head).await);
        let mut followed = 0;
        for part in ["", "kind=client", "kind=network&zone=none", &format!("zone={}", hospital.zone)] {
            let page = browser.get(&format!("/ledger/completeness?{part}")).await.text;
            let found = program.get(&format!("/api/v1/completeness?{part}")).await.json();
            let measures = found["measures"].as_array().unwrap();
            assert_eq!(measures.len(), 15);
            let shares: Vec<(bool, u64)> = measures
                .iter()
                .map(|one| (one["percent"].is_null(), one["percent"].as_u64().unwrap_or_default()))
                .collect();
            assert!(shares.is_sorted(), "the least known first: {shares:?}");
            for measure in measures {
                let (unknown, list) = (measure["unknown"].as_u64().unwrap(), measure["list"].as_str().unwrap());
                assert_eq!(program.get(list).await.json()["total"].as_u64(), Some(unknown), "{list}");
                let here = list.replace("/api/v1/resources", "/ledger").replace('&', "&#38;");
                assert_eq!(page.contains(&format!("href=\"{here}\">{unknown}台を見る")), unknown > 0, "{here}: {page}");
                followed += unknown;
            }
        }
        assert!(followed > 20, "{followed}");
        let list = browser.get("/ledger?missing=updater_os").await.text;
        assert!(list.contains("不明: 更新の担当（OS） 1") && list.contains("みどり受付PC"), "{list}");
        assert!(!list.contains("みどり保守用VPN装置"), "its kind has no operating system of its own: {list}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_ledger_says_what_to_do_and_staff_of_a_vendor_see_their_own() {
    for_both_apps(async |t| {
        let hospital = Hospital::new(t, "みどり").await;
        let empty = t.hospital("空病院").await;
        let staff = t.user(&empty, "staff", &[Role::VendorStaff]).await;
        let page = t.browser(&staff).await.get("/ledger/completeness").await.text;
        assert!(page.contains("数える機器がありません") && !page.contains("みどり"), "{page}");
        let found = t.program(&staff).await.get("/api/v1/completeness").await.json();
        assert_eq!(found["devices"], 0);
        assert!(found["measures"].as_array().unwrap().iter().all(|one| one["percent"].is_null()), "{found}");
        assert_eq!(t.anonymous().get("/ledger/completeness").await.status.as_u16(), 303);
        let head = t.browser(&hospital.head).await;
        assert!(head.get("/").await.text.contains("href=\"/ledger/completeness\""));
        assert!(head.get("/ledger").await.text.contains("href=\"/ledger/completeness\""));
    })
    .await;
}
