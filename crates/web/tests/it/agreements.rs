//! Pages about contracts, systems and vendors, without scripts.

use crate::story::Hospital;
use axum::http::{Method, StatusCode};
use tomomori_testkit::for_both_apps_without_catalogue;

fn value<'a>(page: &'a str, name: &str) -> &'a str {
    page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap().split('"').next().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn terms_are_typed_searched_saved_and_kept_when_somebody_else_was_faster() {
    for_both_apps_without_catalogue(async |t| {
        let hospital = Hospital::new(t, "みどり").await;
        let browser = t.browser(&hospital.head).await;
        let list = browser.get("/contracts").await.text;
        assert!(list.contains("みどり保守契約") && list.contains("みどり-K1"), "{list}");
        assert!(list.contains("再委託が不明") && list.contains("更新・報告の条文がない"), "{list}");
        assert!(browser.get("/contracts?look=ended").await.text.contains("この条件の契約はありません"));

        let path = format!("/contracts/{}", hospital.contract);
        let page = browser.get(&path).await.text;
        assert_eq!(value(&page, "revision"), "1");
        assert!(page.contains("みどりが更新する"), "{page}");
        let typed = [
            ("revision", "1"),
            ("kind", "maintenance"),
            ("notice_by", "2099-01-31"),
            ("system", &hospital.system),
            ("number-1", "第5条"),
            ("text-1", "ソフトを更新する"),
            ("number-2", ""),
            ("text-2", ""),
            ("within-critical", "３"),
            ("unit-critical", "business_days"),
            ("sub", "by"),
            ("chain", "東サービス: 現地\r\n・西サービス: 夜間"),
        ];
        // Searching saves nothing and keeps what was typed.
        let found = browser.post(&path, &[&typed[..], &[("act", "find"), ("words", "VPN")]].concat()).await;
        assert_eq!(found.status, StatusCode::OK);
        assert!(found.text.contains("1台見つかりました") && found.text.contains("第5条"), "{}", found.text);
        assert!(browser.get(&path).await.text.contains("みどりが更新する"));
        let twice = [("act", "save"), ("number-3", "第５条"), ("text-3", "x")];
        let bad = browser.post(&path, &[&typed[..], &twice].concat()).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(bad.text.contains("条文「第5条」が2回あります") && bad.text.contains("西サービス"), "{}", bad.text);
        let saved = browser.post(&path, &[&typed[..], &[("act", "save")]].concat()).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
        let page = browser.get(saved.header("location")).await.text;
        assert!(page.contains("・西サービス: 夜間") && page.contains("みどり系") && page.contains("2版"), "{page}");

        // The page was open at revision 1: what was typed stays, and saved again it is the next version.
        let other = [("revision", "1"), ("number-1", "第6条"), ("text-1", "報告する"), ("act", "save")];
        let clash = browser.post(&path, &other).await;
        assert_eq!(clash.status, StatusCode::CONFLICT);
        assert!(clash.text.contains("2版を保存しました") && clash.text.contains("value=\"第6条\""), "{}", clash.text);
        assert!(clash.text.contains("・西サービス: 夜間"), "what is kept now stands beside it: {}", clash.text);
        assert_eq!(value(&clash.text, "revision"), "2");
        let again = [("revision", "2"), ("number-1", "第6条"), ("text-1", "報告する"), ("act", "save")];
        assert_eq!(browser.post(&path, &again).await.status, StatusCode::SEE_OTHER);

        let reader = t.browser(&t.management(&hospital.at, "incho").await).await;
        assert!(!reader.get(&path).await.text.contains("method=\"post\" action=\"/contracts"));
        assert_eq!(reader.post(&path, &again).await.status, StatusCode::FORBIDDEN);
        assert_eq!(reader.post(&path, &[("revision", "3"), ("act", "find")]).await.status, StatusCode::FORBIDDEN);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn systems_vendors_and_what_stands_in_the_way() {
    for_both_apps_without_catalogue(async |t| {
        let hospital = Hospital::new(t, "みどり").await;
        let browser = t.browser(&hospital.head).await;
        assert!(browser.get("/systems").await.text.contains("みどり系"));
        assert_eq!(browser.post("/systems", &[("name", " みどり系 ")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let made = browser.post("/systems", &[("name", "会計")]).await;
        let path = made.header("location").to_owned();
        let form = [("revision", "1"), ("name", "会計"), ("device", hospital.resource.as_str()), ("act", "save")];
        assert_eq!(browser.post(&path, &form).await.status, StatusCode::SEE_OTHER);
        let clash = browser.post(&path, &form).await;
        assert_eq!(clash.status, StatusCode::CONFLICT);
        assert!(clash.text.contains("2版を保存しました"), "{}", clash.text);

        let path = format!("/vendors/{}", hospital.vendor);
        let person = [
            ("revision", "0"),
            ("name-1", "夜間窓口"),
            ("phone-1", "03-0000-0100"),
            ("emergency-1", "1"),
            ("act", "save"),
        ];
        assert_eq!(browser.post(&path, &person).await.status, StatusCode::SEE_OTHER);
        let page = browser.get(&path).await.text;
        for part in ["夜間窓口", "03-0000-0100", "緊急時に呼ぶ", "みどり保守契約", "/share/", "/ledger?vendor="]
        {
            assert!(page.contains(part), "{part}: {page}");
        }
        assert!(browser.get("/vendors").await.text.contains("みどりネット"));

        let deemed = browser.get("/deemed").await.text;
        assert!(deemed.contains("要原文確認") && deemed.contains("台帳にサーバがありません"), "{deemed}");
        assert_eq!(browser.get("/deemed.xlsx").await.status, StatusCode::OK);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_read_and_write_with_a_revision() {
    for_both_apps_without_catalogue(async |t| {
        let hospital = Hospital::new(t, "みどり").await;
        let program = t.program(&hospital.head).await;
        let path = format!("/api/v1/contracts/{}", hospital.contract);
        let read = program.get(&path).await.json();
        assert_eq!((&read["number"], &read["terms"]["revision"]), (&"みどり-K1".into(), &1.into()), "{read}");
        let mut content = read["terms"]["content"].clone();
        content["renews"] = true.into();
        let put = async |path: &str, body: serde_json::Value| {
            program.send(Method::PUT, path, "application/json", body.to_string().into_bytes()).await
        };
        let terms = format!("{path}/terms");
        let body = serde_json::json!({ "revision": 1, "content": content });
        assert_eq!(put(&terms, body.clone()).await.json()["revision"], 2);
        content["renews"] = false.into();
        assert_eq!(
            put(&terms, serde_json::json!({ "revision": 1, "content": content })).await.status,
            StatusCode::CONFLICT
        );
        let unreadable = put(&terms, serde_json::json!({ "revision": 2, "content": { "clauses": 5 } })).await;
        assert_eq!(unreadable.status, StatusCode::UNPROCESSABLE_ENTITY);
        let card = serde_json::json!({ "revision": 0, "content": { "people": [], "note": "夜間は当番" } });
        let vendor = format!("/api/v1/vendors/{}", hospital.vendor);
        assert_eq!(put(&format!("{vendor}/card"), card).await.json()["revision"], 1);
        assert_eq!(program.get(&vendor).await.json()["card"]["content"]["note"], "夜間は当番");
        let system =
            serde_json::json!({ "revision": 1, "content": { "name": "みどり系", "resources": [], "retired": true } });
        assert_eq!(put(&format!("/api/v1/systems/{}", hospital.system), system).await.json()["revision"], 2);
        assert_eq!(program.get("/api/v1/systems").await.json()["items"][0]["retired"], true);
        assert_eq!(program.get("/api/v1/deemed").await.json()["check_official_text"], true);
        assert_eq!(program.get("/api/v1/contracts").await.json()["items"][0]["look"][0], "no_update_clause");
    })
    .await;
}
