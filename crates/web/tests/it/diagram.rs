//! The diagram's page, its files and moving boxes.

use crate::story::Hospital;
use axum::http::StatusCode;
use tomomori_testkit::{for_both_apps, for_both_apps_without_catalogue};

#[tokio::test(flavor = "multi_thread")]
async fn the_same_picture_as_page_data_and_files() {
    for_both_apps(async |t| {
        let hospital = Hospital::new(t, "みどり").await;
        let (browser, program) = (t.browser(&hospital.head).await, t.program(&hospital.head).await);
        let page = browser.get("/diagram?layer=end_of_life").await;
        for part in ["href=\"/diagram.pdf?layer=end_of_life&#38;page=a4\"", "期限が不明", "みどり境界", "data-arrange"]
        {
            assert!(page.text.contains(part), "{part}: {}", page.text);
        }
        for (ending, media_type, magic) in [
            ("svg", "image/svg+xml", &b"<?xml"[..]),
            ("png", "image/png", b"\x89PNG"),
            ("pdf", "application/pdf", b"%PDF"),
            ("drawio", "application/vnd.jgraph.mxfile", b"<"),
        ] {
            for (client, path) in [(&browser, ""), (&program, "/api/v1")] {
                let file = client.get(&format!("{path}/diagram.{ending}?page=a4")).await;
                assert_eq!(file.status, StatusCode::OK, "{ending}");
                assert_eq!(file.header("content-type"), media_type);
                assert_eq!(file.header("content-security-policy"), "default-src 'none'; sandbox");
                assert!(file.bytes.starts_with(magic), "{ending}");
                let names = file.header("content-disposition");
                assert!(names.starts_with(&format!("attachment; filename=\"diagram_2026-11-24.{ending}\"")), "{names}");
                assert!(names.contains("%E6%A7%8B%E6%88%90%E5%9B%B3_2026-11-24"), "{names}");
            }
        }
        let data = program.get(&format!("/api/v1/diagram?around={}", hospital.resource)).await.json();
        let node = data["nodes"].as_array().unwrap().iter().find(|node| node["key"] == *hospital.resource).unwrap();
        assert_eq!((&node["severity"], &node["evidence"]), (&"critical".into(), &"declared".into()), "{node}");
        let side = browser.get(&format!("/diagram/box/{}?layer=findings", hospital.resource)).await;
        assert!(side.text.contains("まわりだけ表示") && side.text.contains("layer=findings"), "{}", side.text);
        // What cannot be read is said, not guessed.
        for bad in
            ["/diagram?layer=x", "/diagram.pdf?at=2026-13-01", "/api/v1/diagram?vendor=1", "/diagram?to=2026-11-01"]
        {
            let client = if bad.starts_with("/api") { &program } else { &browser };
            assert_eq!(client.get(bad).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn search_days_and_parts_work_without_scripts() {
    for_both_apps_without_catalogue(async |t| {
        let alpha = Hospital::new(t, "ALPHA").await;
        let beta = Hospital::new(t, "BETA").await;
        let browser = t.browser(&alpha.head).await;
        let found = browser.get("/diagram?q=VPN&open=none").await.text;
        assert!(found.contains("ALPHA保守用VPN装置</a>") && !found.contains("BETA"), "{found}");
        let none = browser.get("/diagram?q=%E7%84%A1%E3%81%84").await.text;
        assert!(none.contains("に合う機器は台帳にありません"), "{none}");
        let part = browser.get(&format!("/diagram?vendor={}", alpha.vendor)).await.text;
        assert!(part.contains("この事業者が担当するものだけの図です") && part.contains("ALPHA受付PC"));
        for path in ["/diagram", "/diagram.svg"] {
            let theirs = browser.get(&format!("{path}?vendor={}", beta.vendor)).await;
            assert_eq!(theirs.status, StatusCode::NOT_FOUND);
            assert!(!theirs.text.contains("BETA"));
        }
        let days = browser.get("/diagram?from=2026-11-23&to=2026-11-24").await.text;
        assert!(days.contains("2026-11-23 と 2026-11-24 のちがい") && days.contains("＋ 新しい"), "{days}");
        let before = browser.get("/diagram?at=2026-11-23").await.text;
        assert!(before.contains("まだ台帳がありませんでした"), "{before}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_may_change_the_ledger_moves_boxes() {
    for_both_apps_without_catalogue(async |t| {
        let hospital = Hospital::new(t, "みどり").await;
        let browser = t.browser(&hospital.head).await;
        let pin = [("view", "layer=remote"), ("node", hospital.resource.as_str()), ("right", "1"), ("down", "1")];
        assert_eq!(browser.post("/diagram/pin", &pin).await.status, StatusCode::NO_CONTENT);
        let again = browser.post("/diagram/rearrange", &[("view", "layer=remote")]).await;
        assert_eq!((again.status, again.header("location")), (StatusCode::SEE_OTHER, "/diagram?layer=remote"));
        let side = browser.get(&format!("/diagram/box/{}?layer=remote", hospital.resource)).await.text;
        assert!(side.contains("決めた場所をやめる"), "{side}");
        let freed = browser.post("/diagram/free", &pin[..2]).await;
        assert_eq!((freed.status, freed.header("location")), (StatusCode::SEE_OTHER, "/diagram?layer=remote"));
        let far = [("view", ""), ("node", hospital.resource.as_str()), ("x", "-5"), ("y", "9999999")];
        assert_eq!(browser.post("/diagram/pin", &far).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let nothing = [("view", ""), ("node", "x"), ("right", "1")];
        assert_eq!(browser.post("/diagram/pin", &nothing).await.status, StatusCode::NOT_FOUND);

        let reader = t.browser(&t.management(&hospital.at, "incho").await).await;
        let page = reader.get("/diagram").await.text;
        assert!(page.contains("みどり受付PC") && !page.contains("data-arrange"), "{page}");
        for (path, fields) in
            [("/diagram/pin", &pin[..]), ("/diagram/free", &pin[..2]), ("/diagram/rearrange", &pin[..1])]
        {
            assert_eq!(reader.post(path, fields).await.status, StatusCode::FORBIDDEN, "{path}");
        }
    })
    .await;
}
