//! Everything but the diagram's zoom works in a browser that runs no scripts.

use crate::messy;
use crate::program::Program;
use crate::visitor::Visitor;
use tempfile::TempDir;

#[tokio::test]
async fn the_work_goes_on_without_scripts() {
    let Some(visitor) = Visitor::start("without scripts").await else { return };
    visitor.without_scripts().await;
    visitor.log_in("sasaki").await;
    assert_eq!(visitor.js_text("typeof htmx").await, "undefined", "scripts run although they are switched off");
    visitor.click_to(".rail a[href='/ledger']").await;
    let all = visitor.text(".pager").await;
    visitor.click("#kind").await;
    visitor.press("Escape").await;
    visitor.press("ArrowDown").await;
    visitor.click_to("form[action='/ledger'] button").await;
    assert!(visitor.path().await.contains("kind="), "{}", visitor.path().await);
    assert_ne!(visitor.text(".pager").await, all);
    visitor.fill("#search", "CVE-2018-13379").await;
    visitor.loads(visitor.press("Enter")).await;
    visitor.click_to("main a[href^='/findings/']").await;
    visitor.reads(&["FortiOS", "CISA KEV"]).await;
    visitor.click_to("main a[href^='/diagram?focus=']").await;
    let drawn = visitor.js_text("document.querySelector('.diagram svg').textContent").await;
    assert!(drawn.contains("保守用VPN装置"), "{drawn}");
    visitor.picture("without-scripts-diagram").await;

    visitor.click_to(".rail a[href='/imports']").await;
    let turn = Program::ledger_turn().await;
    let folder = TempDir::new().unwrap();
    visitor.put_file("#files", &messy::ledger(folder.path(), "N")).await;
    visitor.click_to(".drop button").await;
    while visitor.has("progress").await {
        visitor.click_to("main a[href^='/imports/']").await;
    }
    visitor.reads(&[messy::SHEET, messy::BAD_CELL]).await;
    let riddle = format!("select[name='column-{}']", messy::RIDDLE);
    visitor.click(&riddle).await;
    visitor.press("Escape").await;
    visitor.choose("部署").await;
    visitor.click_to(&format!("form:has({riddle}) button")).await;
    while visitor.has("progress").await {
        visitor.click_to("main a[href^='/imports/']").await;
    }
    visitor.reads(&["部署: 病理係"]).await;
    visitor.picture("without-scripts-preview").await;
    visitor.click_to("form[action$='/confirm'] button").await;
    while visitor.has("progress").await {
        visitor.click_to("main a[href^='/imports/']").await;
    }
    visitor.reads(&["台帳に書き込みました"]).await;
    drop(turn);
    visitor.open("/ledger?q=KENSA-12-N").await;
    visitor.reads(&["顕微鏡の端末N"]).await;
    visitor.finish().await;
}
