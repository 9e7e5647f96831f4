//! Lists as Excel files: one file for the whole filter, offered as a download.

use crate::story::Hospital;
use axum::http::StatusCode;
use tomomori_testkit::{Answer, for_both_apps, for_both_apps_without_catalogue};

fn is_workbook(answer: &Answer, disposition: &str) {
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    assert_eq!(answer.header("content-disposition"), disposition);
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("content-security-policy"), "default-src 'none'; sandbox");
    assert_eq!(answer.header("cache-control"), "no-store");
}

/// Address of the button that the list's page shows.
fn button(page: &Answer, list: &str) -> String {
    let mark = format!("href=\"{list}.xlsx");
    let start = page.text.find(&mark).unwrap_or_else(|| panic!("no button to {list}.xlsx")) + "href=\"".len();
    page.text[start..].split('"').next().unwrap().replace("&amp;", "&").replace("&#38;", "&")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_button_of_a_list_gives_what_the_list_shows() {
    for_both_apps(async |t| {
        let hospital = Hospital::new(t, "みどり").await;
        let browser = t.browser(&hospital.head).await;

        let whole = button(&browser.get("/ledger").await, "/ledger");
        assert_eq!(whole, "/ledger.xlsx");
        let all = browser.get(&whole).await;
        is_workbook(
            &all,
            "attachment; filename=\"ledger_2026-11-24.xlsx\"; filename*=UTF-8''%E5%8F%B0%E5%B8%B3_2026-11-24.xlsx",
        );
        assert!(all.text.contains("みどり保守用VPN装置") && all.text.contains("みどり受付PC"), "{}", all.text);

        let narrowed = button(&browser.get("/ledger?kind=client&sort=end&q=%E5%8F%97%E4%BB%98").await, "/ledger");
        assert!(
            narrowed.contains("kind=client") && narrowed.contains("sort=end") && narrowed.contains("q="),
            "{narrowed}"
        );
        let some = browser.get(&narrowed).await;
        assert!(some.text.contains("みどり受付PC") && !some.text.contains("VPN装置"), "{}", some.text);

        let affected = button(&browser.get("/findings?verdict=affected").await, "/findings");
        assert_eq!(affected, "/findings.xlsx?verdict=affected");
        let found = browser.get(&affected).await;
        is_workbook(
            &found,
            "attachment; filename=\"findings_2026-11-24.xlsx\"; \
             filename*=UTF-8''%E8%84%86%E5%BC%B1%E6%80%A7_2026-11-24.xlsx",
        );
        assert!(found.text.contains("CVE-2018-13379") && !found.text.contains("要確認"), "{}", found.text);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_are_sent_to_the_login() {
    for_both_apps_without_catalogue(async |t| {
        for list in ["/ledger.xlsx", "/findings.xlsx"] {
            let answer = t.anonymous().get(list).await;
            assert_eq!((answer.status, answer.bytes.len()), (StatusCode::SEE_OTHER, 0), "{list}");
        }
    })
    .await;
}
