//! What every answer must carry, and what no page may contain.

use crate::routes::pages;
use crate::story::{Hospital, ledger_file};
use axum::http::{Method, StatusCode};
use std::sync::Arc;
use tomomori_app::App;
use tomomori_testkit::app::PASSWORD;
use tomomori_testkit::{Answer, Client, TestApp, for_both_apps, for_both_apps_without_catalogue};
use tomomori_web::{Web, WebConfig};

/// Every page there is, opened.
async fn opened(t: &TestApp, hospital: &Hospital) -> Vec<(String, Answer)> {
    let browser = t.browser(&hospital.head).await;
    let mut answers = Vec::new();
    // A hospital has no inbox; advice.rs opens a vendor's.
    let wanted = |(method, path): &(Method, String)| *method == Method::GET && !path.starts_with("/inbox");
    for (_, path) in pages(t).await.into_iter().filter(wanted) {
        let id = match path.split('/').nth(1).unwrap() {
            "ledger" | "diagram" => &hospital.resource,
            "findings" => &hospital.finding,
            "editions" => &hospital.edition,
            "checklists" => &hospital.checklist,
            "stocktakes" => &hospital.stocktake,
            "safeguards" => &hospital.resource,
            "advice" => &hospital.request,
            "confirmations" => &hospital.session,
            "inquiries" => &hospital.inquiry,
            "joints" => &hospital.line,
            "contracts" => &hospital.contract,
            "systems" => &hospital.system,
            "vendors" => &hospital.vendor,
            "share" => &hospital.vendor,
            _ => &hospital.import,
        };
        let path = path.replace("{id}", id).replace("{name}", "manifest.json");
        answers.push((path.clone(), browser.get(&path).await));
    }
    answers.push(("/nowhere".to_owned(), browser.get("/nowhere").await));
    answers
}

fn check(path: &str, answer: &Answer) {
    assert!(matches!(answer.status.as_u16(), 200 | 404), "{path}: {}", answer.status);
    let policy = answer.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
    assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
    assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
    if !path.starts_with("/assets/") {
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
    // The offline form is a file: a browser saves it and never runs it here.
    let saved = answer.header("content-disposition").starts_with("attachment");
    if answer.header("content-type").starts_with("text/html") && !saved {
        no_inline_code(path, &answer.text);
    }
}

/// The policy would stop it; then it must not be there in the first place.
pub(crate) fn no_inline_code(path: &str, html: &str) {
    for tag in html.split('<').skip(1) {
        let tag = tag.split('>').next().unwrap();
        let name = tag.split_whitespace().next().unwrap_or_default();
        assert!(name != "style", "{path}: <style>");
        assert!(name != "script" || tag.contains(" src=\"/assets/"), "{path}: <{tag}>");
        // What stands between quotation marks is a value, whatever it looks like.
        let bare: String = tag.split('"').step_by(2).collect::<Vec<_>>().join("\"\"");
        assert!(!tag.to_lowercase().contains("=\"javascript:"), "{path}: <{tag}>");
        for attribute in bare.split_whitespace().skip(1) {
            let lower = attribute.to_lowercase();
            assert!(!lower.starts_with("style="), "{path}: <{tag}>");
            assert!(!(lower.starts_with("on") && lower.contains('=')), "{path}: <{tag}>");
        }
        // Nothing is fetched from elsewhere.
        for source in ["src=\"http", "src=\"//", "action=\"http", "action=\"//"] {
            assert!(!tag.contains(source), "{path}: <{tag}>");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_carries_the_policy_and_no_inline_code() {
    for_both_apps(async |t| {
        let hospital = Hospital::new(t, "みどり").await;
        for (path, answer) in opened(t, &hospital).await {
            check(&path, &answer);
        }
        let file = t.browser(&hospital.head).await.get("/diagram.svg").await;
        assert_eq!(file.header("content-security-policy"), "default-src 'none'; sandbox");
        assert!(file.header("content-disposition").starts_with("attachment"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn text_of_a_ledger_stays_text() {
    const HOSTILE: &str = "<script>alert(1)</script><img src=x onerror=alert(2)>'&{{31337*3}}";
    for_both_apps(async |t| {
        let hospital = Hospital::new(t, HOSTILE).await;
        assert!(ledger_file(HOSTILE).contains("<script>"));
        let mut shown = 0;
        for (path, answer) in opened(t, &hospital).await {
            check(&path, &answer);
            // The one list of servers alone: this hospital has none.
            if path == "/deemed.xlsx" {
                continue;
            }
            if path.ends_with(".xlsx") {
                // In a cell text is text; that none is a formula, the tests of `app` say.
                assert!(answer.text.contains(HOSTILE), "{path}");
                continue;
            }
            // JSON is data, never a page: its type says so and nosniff holds it.
            if ["application/json", "application/yaml"]
                .iter()
                .any(|kind| answer.header("content-type").starts_with(kind))
            {
                continue;
            }
            assert!(!answer.text.contains("<script>alert"), "{path}");
            assert!(!answer.text.contains("<img src=x"), "{path}");
            assert!(!answer.text.contains("94011"), "{path}");
            shown += usize::from(answer.text.contains("alert(1)"));
        }
        assert!(shown > 6, "the text is shown on {shown} pages");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_tls_cookies_are_locked_to_the_host() {
    for_both_apps_without_catalogue(async |t| {
        let hospital = t.hospital("みどり川病院").await;
        let sasaki = t.operator(&hospital, "sasaki").await;
        let config = WebConfig { trusted_proxies: vec![[10, 0, 0, 1].into()], ..WebConfig::default() };
        let app: Arc<App> = Arc::clone(&t.app);
        let client = Client::new(tomomori_web::router(Web::new(app, config)));
        let answer = client.post("/login", &[("login", &sasaki.login), ("password", PASSWORD)]).await;
        let cookie = answer.header("set-cookie");
        assert!(
            cookie.starts_with("__Host-tomomori=") && cookie.contains("Secure") && !cookie.contains("Domain"),
            "{cookie}"
        );
        assert!(answer.header("strict-transport-security").contains("max-age=31536000"));
        assert_eq!(t.anonymous().get("/login").await.header("strict-transport-security"), "", "not over plain HTTP");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_large_or_not_meant_is_refused_with_a_page() {
    for_both_apps_without_catalogue(async |t| {
        let hospital = t.hospital("みどり川病院").await;
        let sasaki = t.operator(&hospital, "sasaki").await;
        let browser = t.browser(&sasaki).await;
        let long = "あ".repeat(200_000);
        let refused = browser.post("/settings/tokens", &[("name", &long)]).await;
        assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert!(refused.text.contains("<html"));

        let config = WebConfig { max_upload: 100_000, ..WebConfig::default() };
        let mut small = Client::new(tomomori_web::router(Web::new(Arc::clone(&t.app), config)));
        small.log_in(&sasaki.login, PASSWORD).await;
        let bytes = vec![b'a'; 150_000];
        assert_eq!(small.upload("/imports", &[("a.csv", &bytes)]).await.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(small.upload("/imports", &[("a.csv", &bytes[..50_000])]).await.status, StatusCode::SEE_OTHER);
        let secret = tomomori_app::session::create_token(&sasaki.ctx, "x").await.unwrap();
        let mut program = small.with_token(&secret);
        program.csrf.clear();
        assert_eq!(program.upload("/api/v1/imports", &[("a.csv", &bytes)]).await.status, StatusCode::PAYLOAD_TOO_LARGE);

        let wrong = browser.send(Method::DELETE, "/ledger", "", Vec::new()).await;
        assert_eq!((wrong.status, wrong.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, "GET,HEAD"));
        for path in ["/ledger/not-an-id", "/findings/1", "/imports/../etc/passwd", "/assets/..%2f..%2fCargo.toml"] {
            assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        let chopped = browser
            .send(Method::POST, "/imports", "multipart/form-data; boundary=x", b"--x\r\nContent-".to_vec())
            .await;
        assert!(chopped.status.is_client_error());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rights_hold_on_pages_too() {
    for_both_apps_without_catalogue(async |t| {
        let hospital = t.hospital("みどり川病院").await;
        let incho = t.management(&hospital, "incho").await;
        let browser = t.browser(&incho).await;
        assert_eq!(browser.get("/ledger").await.status, StatusCode::OK);
        assert_eq!(browser.get("/imports").await.status, StatusCode::FORBIDDEN);
        assert_eq!(browser.upload("/imports", &[("a.csv", b"a\n")]).await.status, StatusCode::FORBIDDEN);
        assert!(!browser.get("/").await.text.contains("href=\"/imports\""), "no button leads to what would be refused");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn assets_are_kept_and_reports_are_counted() {
    for_both_apps_without_catalogue(async |t| {
        let nobody = t.anonymous();
        let page = nobody.get("/login").await.text;
        let mut seen = 0;
        for part in page.split('"').filter(|part| part.starts_with("/assets/")) {
            let asset = nobody.get(part).await;
            assert_eq!(asset.status, StatusCode::OK, "{part}");
            assert!(asset.header("cache-control").contains("immutable"), "{part}");
            seen += 1;
        }
        assert!(seen >= 2, "style and script");
        let report = nobody.send(Method::POST, "/csp-report", "application/csp-report", b"{}".to_vec()).await;
        assert_eq!(report.status, StatusCode::NO_CONTENT);
        assert_eq!(t.web.csp_reports.load(std::sync::atomic::Ordering::Relaxed), 1);
    })
    .await;
}
