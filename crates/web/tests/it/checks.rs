//! Pages of what is to be checked, of the history, and of one device, as a person uses them.

use axum::http::{Method, StatusCode};
use tomomori_testkit::{Client, TestApp, User, for_both_apps_without_catalogue};

const LEDGER: &str = "\
管理番号,機器名,種別,メーカー,型番,製造番号,MACアドレス,サポート終了日,区画\r\n\
K-1,検査サーバ,サーバ,DELL,PowerEdge R740,SN-1001,00:11:22:00:00:01,2020-03-31,検査\r\n\
K-2,保守用VPN,ネットワーク機器,ヤマハ,RTX830,SN-1002,00:11:22:00:00:02,,境界\r\n";
const DELIVERY: &str = "\
機器名,種別,メーカー,型番,製造番号,MACアドレス\r\n\
検査サーバ,サーバ,DELL,PowerEdge R740,SN-9001,00:11:22:00:00:01\r\n\
VPN装置,ネットワーク機器,ヤマハ,RTX810,SN-1002,\r\n";

const ZONES: &str = "名称,種類,アドレス範囲\r\n境界,境界,10.0.0.0/24\r\n";

async fn hospital(t: &TestApp) -> (User, Client) {
    let at = t.hospital("みどり川病院").await;
    let sasaki = t.operator(&at, "sasaki").await;
    t.imported(&sasaki.ctx, &[("台帳.csv", LEDGER.as_bytes())]).await;
    t.imported(&sasaki.ctx, &[("納品書.csv", DELIVERY.as_bytes())]).await;
    t.imported(&sasaki.ctx, &[("ネットワーク区画.csv", ZONES.as_bytes())]).await;
    let browser = t.browser(&sasaki).await;
    (sasaki, browser)
}

/// What stands between two marks after `from`.
fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let start = text.find(from).unwrap_or_else(|| panic!("{from} is not in {text}")) + from.len();
    text[start..].split(to).next().unwrap()
}

async fn device(browser: &Client, name: &str) -> String {
    let list = browser.get("/ledger").await.text;
    let until = list.split(&format!("\">{name}</a>")).next().unwrap().to_owned();
    until.rsplit("href=\"").next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_answered_and_taken_back() {
    for_both_apps_without_catalogue(async |t| {
        let (_, browser) = hospital(t).await;
        let list = browser.get("/checks?kind=same_box").await.text;
        assert!(
            list.contains("1台にまとめる") && list.contains("おすすめ") && list.contains("2台のままにする"),
            "{list}"
        );
        assert!(between(&list, "href=\"/checks\"", "</a>").contains("class=\"count\""), "the rail counts");
        let action = format!("/checks/{}/answer", between(&list, "action=\"/checks/", "/answer\""));
        let answer = browser.post(&action, &[("answer", "0"), ("back", "/checks?kind=same_box")]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        let after = browser.get(answer.header("location")).await.text;
        let undo = format!("/history/{}", between(&after, "href=\"/history/", "\""));
        let answered = browser.get("/checks?state=answered").await.text;
        assert!(answered.contains("<strong>1台にまとめる</strong>") && answered.contains("sasaki さん"), "{answered}");

        let shown = browser.get(&undo).await.text;
        assert!(
            shown.contains("この変更を取り消す") && shown.contains("<del>") || shown.contains("新しく加える"),
            "{shown}"
        );
        let undone = browser.post(&undo, &[]).await;
        assert_eq!(undone.status, StatusCode::SEE_OTHER);
        assert!(browser.get("/history").await.text.contains("取り消し済み"));
        assert!(browser.get("/checks?kind=same_box").await.text.contains("2台のままにする"));
        let again = browser.post(&undo, &[]).await;
        assert!(
            again.status == StatusCode::CONFLICT && again.text.contains("すでに取り消されています"),
            "{}",
            again.text
        );
        assert!(browser.get(&undo).await.text.contains("取り消せません"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_looks_after_it_and_until_when() {
    for_both_apps_without_catalogue(async |t| {
        let (_, browser) = hospital(t).await;
        let list = browser.get("/checks").await.text;
        let action = format!("/checks/{}/assign", between(&list, "action=\"/checks/", "/answer\""));
        let saved = browser.post(&action, &[("owner", "田中"), ("due", "2020-01-31"), ("back", "//evil")]).await;
        assert_eq!(saved.header("location"), "/checks?done=noted");
        let list = browser.get("/checks").await.text;
        assert!(list.contains("田中") && list.contains("期限を過ぎています"), "{list}");
        let wrong = browser.post(&action, &[("due", "来週")]).await;
        assert!(
            wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.text.contains("2026-12-01"),
            "{}",
            wrong.text
        );
        let excel = browser.get("/checks.xlsx?kind=same_box").await.text;
        assert!(
            excel.contains("1台にまとめる") && excel.contains("00:11:22") || excel.contains("MACアドレス"),
            "{excel}"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_says_what_is_known_on_whose_word() {
    for_both_apps_without_catalogue(async |t| {
        let (_, browser) = hospital(t).await;
        let page = browser.get(&device(&browser, "保守用VPN").await).await.text;
        for words in [
            "更新の前にログを保存する",
            "更新担当なし",
            "RTX830",
            "書類に記載",
            "台帳.csv › E3",
            "納品書.csv",
            "2台に分ける",
        ] {
            assert!(page.contains(words), "{words} is not in {page}");
        }
        assert!(page.contains("使っていません"), "what lost says why");
        let server = device(&browser, "検査サーバ").await;
        let page = browser.get(&server).await.text;
        assert!(!page.contains("ログを保存") && page.contains("病院が負います"), "{page}");

        // Apart and together again, by the forms of the page.
        let vpn = device(&browser, "保守用VPN").await;
        let page = browser.get(&vpn).await.text;
        let row = between(&page, "name=\"row-", "\"").to_owned();
        let parted = browser.post(&format!("{vpn}/part"), &[(&format!("row-{row}"), "1")]).await;
        assert_eq!(parted.status, StatusCode::SEE_OTHER, "{}", parted.text);
        let other = device(&browser, "VPN装置").await;
        let found = browser.get(&format!("{vpn}/join?q=VPN")).await.text;
        let id = other.strip_prefix("/ledger/").unwrap();
        assert!(found.contains(&format!("{vpn}/join?other={id}")), "{found}");
        let shown = browser.get(&format!("{vpn}/join?other={id}")).await.text;
        assert!(shown.contains("1台にまとめますか") && shown.contains("SN-1002"), "{shown}");
        let joined = browser.post(&format!("{vpn}/join"), &[("other", id)]).await;
        assert_eq!(joined.status, StatusCode::SEE_OTHER, "{}", joined.text);
        assert!(browser.get(joined.header("location")).await.text.contains("納品書.csv"));
        let none = browser.post(&format!("{server}/part"), &[]).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_recommended_answers_after_a_look() {
    for_both_apps_without_catalogue(async |t| {
        let (_, browser) = hospital(t).await;
        let page = browser.get("/checks/recommended?kind=contradiction").await.text;
        assert!(page.contains("このままにする") && page.contains("件に答える"), "{page}");
        let ids = between(&page, "name=\"ids\" value=\"", "\"").to_owned();
        let done = browser.post("/checks/recommended", &[("kind", "contradiction"), ("ids", &ids)]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER);
        let again = browser.post("/checks/recommended", &[("kind", "contradiction"), ("ids", &ids)]).await;
        assert_eq!(again.status, StatusCode::CONFLICT);
        assert!(browser.get("/checks/recommended").await.text.contains("答えるものがありません"));
        assert!(browser.get("/checks?kind=contradiction").await.text.contains("この条件の要確認はありません"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_answer_and_undo_management_only_reads() {
    for_both_apps_without_catalogue(async |t| {
        let (sasaki, browser) = hospital(t).await;
        let program = t.program(&sasaki).await;
        let json = "application/json";
        let list = program.get("/api/v1/checks?kind=same_box").await.json();
        assert_eq!((&list["total"], &list["items"][0]["state"]), (&1.into(), &"open".into()));
        assert_eq!(list["items"][0]["answers"][0]["text"], "1台にまとめる");
        let path = format!("/api/v1/checks/{}", list["items"][0]["id"].as_str().unwrap());
        let due = br#"{"owner":"tanaka","due":"2026-12-01"}"#.to_vec();
        let assigned = program.send(Method::POST, &format!("{path}/assign"), json, due).await;
        assert_eq!(assigned.status, StatusCode::NO_CONTENT);
        let done = program.send(Method::POST, &format!("{path}/answer"), json, br#"{"answer":0}"#.to_vec()).await;
        let step = done.json()["step"].as_str().unwrap().to_owned();
        let wrong = program.send(Method::POST, &format!("{path}/answer"), json, br#"{"answer":7}"#.to_vec()).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let steps = program.get("/api/v1/steps?limit=1").await.json();
        assert_eq!((&steps["items"][0]["id"], &steps["total"]), (&step.as_str().into(), &4.into()));
        let next = steps["next"].as_str().unwrap();
        assert_eq!(
            program.get(&format!("/api/v1/steps?after={next}")).await.json()["items"].as_array().unwrap().len(),
            3
        );

        let at = tomomori_app::Ctx::new(
            t.app.clone(),
            tomomori_domain::access::Actor::system(sasaki.ctx.actor.tenant, "test"),
        );
        let incho = t.management(&at, "incho").await;
        let (reader, reads) = (t.program(&incho).await, t.browser(&incho).await);
        assert_eq!(reader.get("/api/v1/checks").await.status, StatusCode::OK);
        let undo = format!("/api/v1/steps/{step}/undo");
        assert_eq!(reader.send(Method::POST, &undo, "", Vec::new()).await.status, StatusCode::FORBIDDEN);
        for page in ["/checks".to_owned(), "/history".to_owned(), device(&browser, "検査サーバ").await] {
            let text = reads.get(&page).await.text;
            let main = text.split("<main").nth(1).unwrap();
            assert!(!main.contains("<form") || !main.contains("method=\"post\""), "{page} offers {main}");
        }
        let undone = program.send(Method::POST, &undo, "", Vec::new()).await;
        assert_eq!(undone.status, StatusCode::OK, "{}", undone.text);
        assert_eq!(program.send(Method::POST, &undo, "", Vec::new()).await.status, StatusCode::CONFLICT);
    })
    .await;
}
