//! Item catalogues: seen, taken out, changed and read again.

use crate::story::Hospital;
use axum::http::StatusCode;
use tomomori_app::editions::{Edition, built_in, files};
use tomomori_testkit::for_both_apps_without_catalogue;

fn made_up(key: &str, change: impl FnOnce(&mut Edition)) -> Vec<u8> {
    let mut edition = Edition { key: key.to_owned(), ..built_in()[2].clone() };
    change(&mut edition);
    files::yaml(&edition).unwrap().into_bytes()
}

/// The hidden copy of the edition on the page that asks whether to keep it.
fn copy(page: &str) -> String {
    let text = page.split("<textarea name=\"yaml\"").nth(1).unwrap().split_once('>').unwrap().1;
    let text = text.split("</textarea>").next().unwrap();
    [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")]
        .into_iter()
        .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edition_is_seen_changed_and_kept() {
    for_both_apps_without_catalogue(async |t| {
        let hospital = Hospital::new(t, "みどり").await;
        let browser = t.browser(&hospital.head).await;
        assert!(browser.get("/settings").await.text.contains("href=\"/editions\""));
        let list = browser.get("/editions").await.text;
        assert!(
            list.contains("共守 基本項目 第1版") && list.contains("未取得 15") && list.contains("みどり項目表"),
            "{list}"
        );
        let table = browser.get("/editions/kakuninhyo-2024-06").await.text;
        assert!(table.contains("脆弱性情報の確認・報告") && table.contains("抜けにも、済みにも数えません"), "{table}");
        assert!(browser.get("/editions/kakuninhyo-2024-06/edition.xlsx").await.text.contains("脆弱性情報の確認・報告"));
        let missing = browser.get("/editions/nothing").await;
        assert_eq!(missing.status, StatusCode::NOT_FOUND);

        // A made-up R8: one item more in the middle, one with other words.
        let r8 = made_up("checklist-r8", |edition| {
            edition.published = "FY2026".into();
            edition.title = "チェックリスト 令和8年度版（作り物）".into();
            edition.replaces = Some("checklist-r7".into());
            let mut more = edition.items[6].clone();
            (more.key, more.number, more.title) = ("2-⑥-2".into(), "2-⑥-2".into(), Some("作り物の項目".into()));
            edition.items.insert(7, more);
            edition.items[1].title = Some("台帳を管理していますか".into());
        });
        let preview = browser.upload("/editions", &[("r8.yaml", &r8)]).await;
        assert_eq!(preview.status, StatusCode::OK, "{}", preview.text);
        assert!(
            preview.text.contains("作り物の項目") && preview.text.contains("答えを見直してください"),
            "{}",
            preview.text
        );
        assert_eq!(browser.get("/editions/checklist-r8").await.status, StatusCode::NOT_FOUND, "nothing is written yet");
        let yaml = copy(&preview.text);
        let kept = browser.post("/editions/checklist-r8", &[("yaml", &yaml), ("from", "0")]).await;
        assert_eq!(
            (kept.status, kept.header("location")),
            (StatusCode::SEE_OTHER, "/editions/checklist-r8"),
            "{}",
            kept.text
        );
        let again = browser.post("/editions/checklist-r8", &[("yaml", &yaml), ("from", "0")]).await;
        assert_eq!(again.status, StatusCode::CONFLICT);
        let changes = browser.get("/editions/checklist-r7/compare?to=checklist-r8").await.text;
        assert!(changes.contains("2 件の違い") && changes.contains("そのうち 1 件"), "{changes}");

        // Faults are named with their line; one of the program's editions gives way only to an official one.
        let twice = made_up("checklist-r9", |edition| edition.items[1].key = edition.items[0].key.clone());
        let refused = browser.upload("/editions", &[("二重.yaml", &twice)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("二重.yaml:") && refused.text.contains("2回出てきます"), "{}", refused.text);
        let taken = String::from_utf8(made_up("checklist-r7", |edition| edition.items.truncate(3))).unwrap();
        let refused = browser.post("/editions/checklist-r7", &[("yaml", &taken), ("from", "0")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("公式の紙と見比べた版だけ"), "{}", refused.text);
        let fields = [("yaml", taken.as_str()), ("from", "0"), ("official", "1")];
        assert_eq!(browser.post("/editions/checklist-r7", &fields).await.status, StatusCode::SEE_OTHER);
        let program = t.program(&hospital.head).await;
        let one = program.get("/api/v1/editions/checklist-r7").await.json();
        assert_eq!((one["official"].as_bool(), one["rows"].as_array().unwrap().len()), (Some(true), 3));
        assert_eq!(program.get("/api/v1/editions").await.json()["total"], 6);

        let reader = t.browser(&t.management(&hospital.at, "incho").await).await;
        assert!(!reader.get("/editions").await.text.contains("multipart/form-data"));
        assert_eq!(reader.upload("/editions", &[("r8.yaml", &r8)]).await.status, StatusCode::FORBIDDEN);
        assert_eq!(reader.post("/editions/x", &fields).await.status, StatusCode::FORBIDDEN);
    })
    .await;
}
