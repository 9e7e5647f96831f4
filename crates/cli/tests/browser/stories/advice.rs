//! The hospital asks its vendor; the vendor answers by log-in and by the offline form; the hospital accepts.

use crate::program::Program;
use crate::visitor::Visitor;

const DOWNLOADED: &str = "fetch(location.pathname + '/form.html').then(r => r.text())";

async fn log_out(visitor: &Visitor) {
    visitor.click_to("form[action='/logout'] button").await;
}

#[tokio::test]
async fn a_vendor_confirms_and_corrects_its_part() {
    let Some(visitor) = Visitor::start("advice").await else { return };
    visitor.log_in("sasaki").await;
    visitor.open("/advice").await;
    visitor.picture("advice-list").await;
    let hokuto =
        "Array.from(document.querySelectorAll('main th a')).find(a => a.textContent.includes('北都')).id = 'hokuto'";
    visitor.js(hokuto).await;
    visitor.click_to("#hokuto").await;
    visitor.picture("advice-share").await;
    visitor.click_to("form[action$='/link'] button").await;
    visitor.reads(&["つながっています"]).await;
    visitor.click_to("form[action$='/ask'] button").await;
    let request = visitor.path().await;
    visitor.reads(&["回答フォーム", "メールの下書き"]).await;
    visitor.picture("advice-request").await;
    let barriers = visitor.barriers("advice-request").await;
    assert!(barriers.is_empty(), "{barriers:?}");
    let form = visitor.js_text(DOWNLOADED).await;
    log_out(&visitor).await;

    // The form as it lies on a stick.
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("構成図の確認.html");
    std::fs::write(&file, &form).unwrap();
    let address = format!("file://{}", file.display());
    visitor.loads(async { _ = visitor.page.goto(address).await.unwrap() }).await;
    // The file is really made; its contents are kept on the way.
    let keep = "const make = URL.createObjectURL; window.saved = new Promise(done => {
        URL.createObjectURL = blob => { blob.text().then(done); return make.call(URL, blob); }; }); 0";
    visitor.js(keep).await;
    visitor.click("input[value='confirm']").await;
    visitor.fill("#by", "田村").await;
    visitor.picture("advice-offline").await;
    visitor.click("form button").await;
    let saved = visitor.js_text("window.saved").await;
    let saved: serde_json::Value = serde_json::from_str(&saved).unwrap();
    assert_eq!(saved["by"], "田村");
    assert!(saved["fields"].as_object().unwrap().values().any(|value| value == "confirm"), "{saved}");
    visitor.resize(390, 844).await;
    visitor.picture("advice-offline-390").await;
    visitor.resize(1280, 800).await;
    let answer = folder.path().join("北都.tomomori-answer.json");
    std::fs::write(&answer, saved.to_string()).unwrap();

    visitor.log_in("hokuto").await;
    visitor.open("/inbox").await;
    visitor.click_to("main tbody th a").await;
    visitor.reads(&["みどり川総合病院"]).await;
    for at in [1, 2] {
        visitor.click(&format!(".ask:nth-of-type({at}) input[value='confirm']")).await;
    }
    visitor.js("document.querySelectorAll('main details').forEach(d => { d.open = true }); 0").await;
    let version = ".ask:nth-of-type(3) input[name$='-version']";
    visitor.js(&format!("document.querySelector({version:?}).value = ''; 0")).await;
    visitor.fill(version, "99.1").await;
    visitor.fill("#add0-name", "連携ゲートウェイ（北都）").await;
    visitor.picture("advice-envelope").await;
    visitor.resize(390, 844).await;
    visitor.picture("advice-envelope-390").await;
    visitor.resize(1280, 800).await;
    let barriers = visitor.barriers("advice-envelope").await;
    assert!(barriers.is_empty(), "{barriers:?}");
    visitor.click_to("form[action^='/inbox/'] button").await;
    visitor.reads(&["4件"]).await;
    log_out(&visitor).await;

    visitor.log_in("sasaki").await;
    visitor.open(&request).await;
    visitor.reads(&["99.1", "連携ゲートウェイ（北都）", "事業者のログイン"]).await;
    visitor.picture("advice-decide").await;
    visitor.resize(390, 844).await;
    visitor.picture("advice-decide-390").await;
    visitor.resize(1280, 800).await;
    let _turn = Program::ledger_turn().await;
    visitor.click_to("button[name='all'][value='accept']").await;
    visitor.reads(&["すべて決まりました"]).await;
    visitor.open("/ledger?q=連携ゲートウェイ").await;
    visitor.click_to("main tbody th a").await;
    visitor.reads(&["北都", "確認", "田村"]).await;
    visitor.picture("advice-device").await;

    // The file still comes in, item by item.
    visitor.open(&request).await;
    visitor.put_file("#files", &answer).await;
    visitor.click_to("form[action$='/answer'] button").await;
    visitor.reads(&["北都.tomomori-answer.json"]).await;
    visitor.open("/advice").await;
    visitor.resize(390, 844).await;
    visitor.picture("advice-list-390").await;
    visitor.finish().await;
}
