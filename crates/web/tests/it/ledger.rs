//! The ledger's list and forms: state in the address, views, columns, editing and taking it back.

use crate::story::Hospital;
use axum::http::StatusCode;
use tomomori_testkit::for_both_apps;

/// Where a redirect leads.
fn target(answer: &tomomori_testkit::Answer) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.header("location").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn chips_columns_and_views_are_the_address() {
    for_both_apps(async |t| {
        let hospital = Hospital::new(t, "みどり").await;
        let browser = t.browser(&hospital.head).await;
        let page = browser.get("/ledger?chip=unseen%2Cno_updater&cols=number&cols=location&kind=client").await;
        assert!(page.text.contains("みどり受付PC") && !page.text.contains("みどり保守用VPN装置"), "{}", page.text);
        assert!(page.text.contains("data-th=\"設置場所\">みどり棟") && !page.text.contains("data-th=\"区画\""));
        assert!(page.text.contains("chip=no_updater"), "a pressed chip leads to the list without it");
        assert!(page.text.contains("みどりの見方"), "the saved view");

        let kept = [("name", "受付の端末"), ("query", "kind=client&after=ff&bogus=1&cols=number")];
        assert_eq!(target(&browser.post("/ledger/views", &kept).await), "/ledger?kind=client&cols=number");
        assert!(browser.get("/ledger").await.text.contains("href=\"/ledger?kind=client&#38;cols=number\">受付の端末"));
        assert_eq!(browser.post("/ledger/views", &[("name", " "), ("query", "")]).await.status.as_u16(), 422);
        target(&browser.post(&format!("/ledger/views/{}/forget", hospital.view), &[]).await);
        assert!(!browser.get("/ledger").await.text.contains("みどりの見方"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_is_edited_added_and_the_step_taken_back() {
    for_both_apps(async |t| {
        let hospital = Hospital::new(t, "みどり").await;
        let browser = t.browser(&hospital.head).await;
        let form = format!("/ledger/{}/edit", hospital.resource);
        let page = browser.get(&form).await.text;
        assert!(page.contains("value=\"みどり棟\""), "{page}");
        let revision = page.split("name=\"revision\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();

        let wrong = browser.post(&form, &[("revision", &revision), ("address", "10.0.0.300"), ("note", "直す")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text.contains("id=\"e-address\"") && wrong.text.contains("10.0.0.300"), "{}", wrong.text);
        assert!(wrong.text.contains("直す"), "what was typed is still there");

        let right = [("revision", revision.as_str()), ("state", "spare"), ("location", "みどり棟"), ("note", "予備機")];
        let step = target(&browser.post(&form, &right).await);
        let page = browser.get(&step).await.text;
        assert!(page.contains("予備機") && page.contains("予備<") && !page.contains("みどり棟"), "{page}");
        let late = browser.post(&form, &[("revision", &revision), ("note", "別の人の言葉")]).await;
        assert_eq!(late.status, StatusCode::CONFLICT, "the device moved on");
        target(&browser.post(&format!("{step}/undo"), &[]).await);
        assert!(browser.get(&step).await.text.contains("この変更は取り消されました"));
        assert!(!browser.get(&format!("/ledger/{}", hospital.resource)).await.text.contains("<td>予備機"));

        assert_eq!(browser.post("/ledger/new", &[("name", "")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let new = [("name", "薬剤クラウド"), ("kind", "cloud"), ("vendor", "みどりネット")];
        assert!(browser.get(&target(&browser.post("/ledger/new", &new).await)).await.text.contains("薬剤クラウド"));
        assert!(browser.get("/ledger?kind=cloud").await.text.contains("薬剤クラウド"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_field_of_many_devices_is_looked_at_and_written_as_one_step() {
    for_both_apps(async |t| {
        let hospital = Hospital::new(t, "みどり").await;
        let browser = t.browser(&hospital.head).await;
        let grid = browser.get("/ledger/grid").await.text;
        let ids: Vec<&str> = grid.split("data-id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(ids.len(), 2);
        assert_eq!(browser.post("/ledger/bulk", &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let wanted = [("id", ids[0]), ("id", ids[1]), ("column", "criticality"), ("text", "高")];
        let page = browser.post("/ledger/bulk", &wanted).await.text;
        let hidden = |name: &str| {
            let mark = format!("name=\"{name}\" value=\"");
            page.split(&mark).nth(1).unwrap().split('"').next().unwrap().replace("&#34;", "\"")
        };
        let step = target(
            &browser
                .post("/ledger/grid/write", &[("cells", &hidden("cells")), ("revision", &hidden("revision"))])
                .await,
        );
        assert!(browser.get(&step).await.text.contains("2 台を書き込みました"));
        assert!(browser.get("/ledger?criticality=high").await.text.contains("みどり受付PC"));
        assert!(browser.get("/ledger/grid").await.text.contains(&format!("{step}/undo")));
        assert_eq!(browser.post("/ledger/grid/preview", &[("cells", "nonsense")]).await.status.as_u16(), 400);
    })
    .await;
}
