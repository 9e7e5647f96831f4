//! Stocktake and safeguards in the browser: forms without scripts, deliveries of a phone, rights and forged forms.

use crate::story::Hospital;
use axum::http::{Method, StatusCode};
use tomomori_testkit::{Client, TestApp, for_both_apps};

async fn items(browser: &Client, round: &str) -> Vec<String> {
    let answer = browser.get(&format!("/stocktakes/{round}/items.json")).await;
    assert_eq!(answer.status, StatusCode::OK);
    let items = answer.json()["items"].as_array().unwrap().clone();
    items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

async fn head(t: &TestApp) -> (Hospital, Client) {
    let hospital = Hospital::new(t, "みどり").await;
    let browser = t.browser(&hospital.head).await;
    (hospital, browser)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_by_plain_forms_and_by_a_phones_deliveries() {
    for_both_apps(async |t| {
        let (hospital, browser) = head(t).await;
        let started =
            browser.post("/stocktakes", &[("name", "秋の棚卸"), ("kind", "client"), ("kind", "network")]).await;
        assert_eq!(started.status, StatusCode::SEE_OTHER, "{}", started.text);
        let path = started.header("location").to_owned();
        let id = path.rsplit('/').next().unwrap();
        let ids = items(&browser, id).await;
        assert_eq!(ids.len(), 2);
        let walk = browser.get(&format!("{path}/walk")).await;
        assert!(walk.text.contains("あった") && walk.text.contains(&ids[0]), "{}", walk.text);
        let told = [("item", ids[0].as_str()), ("outcome", "found"), ("here", "0")];
        let next = browser.post(&format!("{path}/answer"), &told).await;
        assert_eq!(next.status, StatusCode::SEE_OTHER);
        assert!(browser.get(next.header("location")).await.text.contains(&format!("value=\"{}\"", ids[1])));

        // A delivery of a phone, twice.
        let answers = format!(
            "[{{\"id\":\"{}\",\"item\":\"{}\",\"outcome\":\"elsewhere\",\"place\":\"医局\",\"ago\":5000}}]",
            tomomori_domain::ids::AnswerId::generate(),
            ids[1]
        );
        for new in [1, 0] {
            let taken = browser.post(&format!("{path}/answers"), &[("answers", &answers)]).await;
            assert_eq!((taken.status, taken.json()["new"].clone()), (StatusCode::OK, new.into()));
        }
        for bad in ["", "{}", "[{}]", "[{\"id\":\"x\",\"outcome\":\"found\",\"ago\":1}]"] {
            let refused = browser.post(&format!("{path}/answers"), &[("answers", bad)]).await;
            assert!(bad.is_empty() || refused.status == StatusCode::BAD_REQUEST, "{bad}: {}", refused.status);
        }
        // From paper: what stands is nothing new, a changed row is.
        let (first, second) = (format!("r-{}", ids[0]), format!("r-{}", ids[1]));
        let rows = [(first.as_str(), "found"), (second.as_str(), "missing"), ("here", "0"), ("name", "謎の箱")];
        let entered = browser.post(&format!("{path}/paper"), &rows).await;
        assert!(entered.header("location").ends_with("saved=2"), "{}", entered.header("location"));
        assert!(browser.get(&format!("{path}/close")).await.text.contains("謎の箱"));
        let closed = browser.post(&format!("{path}/close"), &[(&format!("owner-{}", ids[1]), "鈴木")]).await;
        assert_eq!(closed.status, StatusCode::SEE_OTHER, "{}", closed.text);
        let page = browser.get(&path).await.text;
        assert!(
            page.contains("締め切り済み") && page.contains("鈴木") && page.contains("廃棄・返却済みにする"),
            "{page}"
        );
        assert_eq!(browser.get(&format!("{path}/items.json")).await.status, StatusCode::CONFLICT);
        let late = browser.post(&format!("{path}/answers"), &[("answers", &answers)]).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        let told = t.program(&hospital.head).await.get(&format!("/api/v1{path}")).await.json();
        assert_eq!((&told["state"], &told["found"], &told["missing"]), (&"closed".into(), &1.into(), &1.into()));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn safeguards_are_stated_and_shown_with_words() {
    for_both_apps(async |t| {
        let (hospital, browser) = head(t).await;
        let path = format!("/safeguards/{}", hospital.resource);
        assert!(browser.get(&path).await.text.contains("誰も述べていません"));
        let off = [
            ("about", "switched_off"),
            ("off", "yes"),
            ("what", "ウイルス対策"),
            ("expires_on", "2026-11-01"),
            ("stated_by", "高橋"),
        ];
        let said = browser.post(&path, &off).await;
        assert_eq!(said.status, StatusCode::OK);
        assert!(said.text.contains("期限の2026-11-01を過ぎました"), "{}", said.text);
        let list = browser.get("/safeguards").await.text;
        assert!(list.contains("対応が必要") && list.contains("class=\"unknown\""), "{list}");
        for bad in [
            [("about", "backup"), ("generations", "たくさん"), ("stated_by", "高橋")],
            [("about", "backup"), ("restored_on", "2026-02-30"), ("stated_by", "高橋")],
            [("about", "backup"), ("generations", "3"), ("stated_by", " ")],
            [("about", "nothing"), ("generations", "3"), ("stated_by", "高橋")],
        ] {
            let refused = browser.post(&path, &bad).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad:?}");
            assert!(refused.text.contains("role=\"alert\""), "{bad:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_change_nothing_and_forged_forms_are_refused() {
    for_both_apps(async |t| {
        let (hospital, mut browser) = head(t).await;
        let round = format!("/stocktakes/{}", hospital.stocktake);
        let item = items(&browser, &hospital.stocktake).await.remove(0);
        let incho = t.browser(&t.management(&hospital.at, "incho").await).await;
        for path in ["/stocktakes".to_owned(), round.clone(), "/safeguards".to_owned(), format!("{round}/result.xlsx")]
        {
            assert_eq!(incho.get(&path).await.status, StatusCode::OK, "{path}");
        }
        assert!(!incho.get(&round).await.text.contains("/walk"), "no button leads to what would be refused");
        for path in [format!("{round}/walk"), format!("{round}/paper"), format!("{round}/close")] {
            assert_eq!(incho.get(&path).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        let told = [("item", item.as_str()), ("outcome", "found")];
        assert_eq!(incho.post(&format!("{round}/answer"), &told).await.status, StatusCode::FORBIDDEN);
        browser.csrf = "guessed".to_owned();
        for path in ["answer", "answers", "close", "paper", "follow"] {
            let path = format!("{round}/{path}");
            assert_eq!(browser.post(&path, &told).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        let unread = browser.send(Method::POST, &format!("{round}/answers"), "application/json", b"[]".to_vec()).await;
        assert!(unread.status.is_client_error());
    })
    .await;
}
