//! The list of ends of support as page, workbook and data, and its rows on a device's page.

use crate::story::Hospital;
use axum::http::StatusCode;
use tomomori_testkit::{for_both_apps, for_both_apps_without_catalogue};

const LEDGER: &str = "\
管理番号,機器名,種別,メーカー,型番,バージョン,OS,部署,保守業者,サポート終了日\r\n\
K-001,保守用VPN装置,ネットワーク機器,Fortinet,FortiGate 60E,FortiOS 6.0.10,,情報室,網屋ネットワーク,2030-03-31\r\n\
K-002,電子カルテDB,サーバ,,,,Windows Server 2016,,みどりシステム,\r\n\
K-003,予約サーバ,サーバ,,,,Windows Server 2012 R2,,みどりシステム,\r\n";

#[tokio::test(flavor = "multi_thread")]
async fn what_ends_is_shown_with_its_source_and_whoever_must_act() {
    for_both_apps(async |t| {
        let at = t.hospital("みどり病院").await;
        let user = t.operator(&at, "sasaki").await;
        t.imported(&user.ctx, &[("台帳.csv", LEDGER.as_bytes())]).await;
        let (browser, program) = (t.browser(&user).await, t.program(&user).await);
        let page = browser.get("/lifetimes").await;
        assert_eq!(page.status, StatusCode::OK);
        for part in [
            "サポートの終わり: 期限切れ 1件、12か月以内 1件",
            "endoflife.date: Microsoft Windows Server 2012-r2",
            "有償の延長: 2026-10-13 まで",
            "台帳.csv › J2",
            "FortiOS 6.0 の EOS: 2022-09-29 記録と1か月以上違います",
            "更新担当なし",
            "限定サポート中",
            "以後の不具合や脆弱性の危険は、病院が負います",
            "事業者に EOL と EOS を確かめ",
        ] {
            assert!(page.text.contains(part), "{part}: {}", page.text);
        }
        let ended = browser.get("/lifetimes?class=ended").await.text;
        assert!(ended.contains("予約サーバ") && !ended.contains("電子カルテDB"), "{ended}");
        let none = browser.get("/lifetimes?q=nowhere").await.text;
        assert!(none.contains("条件に合うものはありません"), "{none}");
        assert_eq!(browser.get("/lifetimes?vendor=x").await.status, StatusCode::NOT_FOUND);
        assert_eq!(browser.get("/lifetimes?after=x").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let file = browser.get("/lifetimes.xlsx?class=ended").await;
        assert!(file.bytes.starts_with(b"PK"));

        let data = program.get("/api/v1/lifetimes?class=ended").await.json();
        assert_eq!(data["total"], 1);
        let item = &data["items"][0];
        assert_eq!((&item["end_of_life"], &item["end_of_support"]), (&"2018-10-09".into(), &"2023-10-10".into()));
        assert_eq!((&item["source"], &item["class"]), (&"endoflife.date".into(), &"ended".into()));
        let device = browser.get(&format!("/ledger/{}", item["resource"].as_str().unwrap())).await.text;
        assert!(device.contains("2023-10-10") && device.contains("サポート終了</span>"), "{device}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_records_the_page_says_so() {
    for_both_apps_without_catalogue(async |t| {
        let hospital = Hospital::new(t, "みどり").await;
        let page = t.browser(&hospital.head).await.get("/lifetimes").await.text;
        assert!(page.contains("endoflife.date の記録が読み込まれていません"), "{page}");
        assert!(page.contains("期限切れ 0件") && page.contains("不明 "), "{page}");
    })
    .await;
}
