//! Own columns: the page of their types, and where the type is seen.

use crate::story::Hospital;
use axum::http::StatusCode;
use tomomori_testkit::for_both_apps_without_catalogue;

#[tokio::test(flavor = "multi_thread")]
async fn a_column_gets_a_type_and_is_offered_by_it() {
    for_both_apps_without_catalogue(async |t| {
        let hospital = Hospital::new(t, "みどり").await;
        let browser = t.browser(&hospital.head).await;
        assert!(browser.get("/settings").await.text.contains("href=\"/settings/fields\""));
        assert!(browser.get("/settings/fields").await.text.contains("自由項目はまだありません"));
        let form = [("name", "点検日, 次回"), ("kind", "date"), ("note", "点検会社の控え")];
        let added = browser.post("/settings/fields", &form).await;
        assert_eq!((added.status, added.header("location")), (StatusCode::SEE_OTHER, "/settings/fields"));
        let bad = browser.post("/settings/fields", &[("name", "色"), ("kind", "choice"), ("choices", " \n")]).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(bad.text.contains("選択肢を1つ以上") && bad.text.contains("value=\"色\""), "{}", bad.text);
        assert_eq!(browser.post("/settings/fields", &[("name", "色"), ("kind", "?")]).await.status.as_u16(), 400);
        let page = browser.get("/settings/fields").await.text;
        assert!(page.contains("点検日, 次回") && page.contains("点検会社の控え") && page.contains("日付"), "{page}");

        let edit = format!("/ledger/{}/edit", hospital.resource);
        let shown = browser.get(&edit).await.text;
        assert!(shown.contains("type=\"date\" id=\"f-custom:点検日,_次回\""), "{shown}");
        let revision = shown.split("name=\"revision\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let wrong = browser.post(&edit, &[("revision", &revision), ("custom:点検日, 次回", "来年")]).await;
        assert!(wrong.text.contains("日付として読めません"), "{}", wrong.text);
        let right = browser.post(&edit, &[("revision", &revision), ("custom:点検日, 次回", "2027-03-31")]).await;
        assert_eq!(right.status, StatusCode::SEE_OTHER, "{}", right.text);

        let program = t.program(&hospital.head).await;
        let device = program.get(&format!("/api/v1/resources/{}", hospital.resource)).await.json();
        assert_eq!(device["custom"]["点検日, 次回"], "2027-03-31");
        assert_eq!(program.get("/api/v1/fields").await.json()["items"][0]["type"], "date");
        let list = browser.get("/ledger?cols=own%3A%E7%82%B9%E6%A4%9C%E6%97%A5%252C+%E6%AC%A1%E5%9B%9E").await.text;
        assert!(list.contains("data-th=\"点検日, 次回\">2027-03-31"), "{list}");
        assert!(browser.get(&format!("/ledger/{}", hospital.resource)).await.text.contains("点検日, 次回"));

        // With another type the value no longer fits: it stays, and the form shows it as it is.
        let form = [("name", "点検日, 次回"), ("kind", "choice"), ("choices", "春\r\n秋")];
        browser.post("/settings/fields", &form).await;
        let page = browser.get("/settings/fields").await.text;
        assert!(page.contains("春 / 秋") && page.contains("<a href=\"/checks?kind=cell\">1件"), "{page}");
        let shown = browser.get(&edit).await.text;
        assert!(
            shown.contains("id=\"f-custom:点検日,_次回\" name=\"custom:点検日, 次回\" value=\"2027-03-31\""),
            "{shown}"
        );

        let reader = t.browser(&t.management(&hospital.at, "incho").await).await;
        assert!(!reader.get("/settings/fields").await.text.contains("method=\"post\" action=\"/settings/fields\""));
        assert_eq!(reader.post("/settings/fields", &form).await.status, StatusCode::FORBIDDEN);
    })
    .await;
}
