//! A stocktake with a phone: three answers with network, two without, sent when it is back; then the round is closed and a
//! device says when it was seen.

use crate::program::Program;
use crate::visitor::Visitor;

async fn answered(visitor: &Visitor, done: usize) {
    let all = "(([d, a]) => +d)(document.querySelector('#done').innerText.match(/\\d+/g))";
    visitor.until(&format!("{all} === {done}"), "the count of answers").await;
}

#[tokio::test]
async fn a_stocktake_at_390_px_that_loses_the_network() {
    let Some(visitor) = Visitor::start("stocktake").await else { return };
    visitor.log_in("sasaki").await;
    visitor.open("/stocktakes").await;
    visitor.picture("stocktakes-1280").await;
    visitor.js("document.querySelector('#kind').value = 'server'").await;
    visitor.click_to("form[action='/stocktakes'] button").await;
    let round = visitor.path().await;
    visitor.resize(390, 844).await;
    visitor.open(&round).await;
    visitor.picture("stocktake-390").await;
    visitor.click_to("main a[href$='/walk']").await;
    visitor.until("localStorage.length === 1", "the copy on the device").await;
    visitor.picture("stocktake-walk-390").await;

    let first = visitor.text("#card-name").await;
    visitor.click("#answer button[value='found']").await;
    answered(&visitor, 1).await;
    assert_ne!(visitor.text("#card-name").await, first, "the next item comes by itself");
    visitor.click("#answer button[value='missing']").await;
    answered(&visitor, 2).await;
    visitor.click("#answer button[value='found']").await;
    answered(&visitor, 3).await;
    visitor.until("document.querySelector('#unsent').hidden", "all sent").await;

    visitor.offline(true).await;
    visitor.click("#answer button[value='found']").await;
    visitor.click("#moved > summary").await;
    visitor.fill("#place", "2階 倉庫").await;
    visitor.click("#elsewhere button").await;
    answered(&visitor, 5).await;
    visitor.until("document.querySelector('#unsent').innerText.includes('2')", "two unsent").await;
    visitor.until("!document.querySelector('#offline').hidden", "the notice").await;
    visitor.picture("stocktake-offline-390").await;
    let kept = visitor.js_text("Object.values(localStorage).join()").await;
    assert!(!kept.contains("sasaki") && !kept.contains("佐々木"), "no person is kept on the device");
    // Logging out would lose them: it is said first.
    visitor.js("document.querySelector(\"form[action='/logout']\").requestSubmit()").await;
    visitor.until("!document.querySelector('#logout-unsent').hidden", "the warning").await;
    visitor.offline(false).await;
    visitor.js("window.dispatchEvent(new Event('online'))").await;
    visitor.until("document.querySelector('#unsent').hidden", "all sent again").await;
    let failed = visitor.take_problems().await;
    assert!(failed.iter().all(|problem| problem.contains("ERR_INTERNET_DISCONNECTED")), "{failed:?}");

    visitor.open(&format!("{round}/walk")).await;
    answered(&visitor, 5).await;
    visitor.open(&round).await;
    visitor.reads(&["2階 倉庫"]).await;
    let _turn = Program::ledger_turn().await;
    visitor.click_to("main a[href$='/close']").await;
    visitor.picture("stocktake-close-390").await;
    visitor.click_to("form[action$='/close'] button").await;
    visitor.reads(&["締め切り済み", "台帳に書き込みました"]).await;
    visitor.picture("stocktake-closed-390").await;
    visitor.open(&format!("/ledger?q={first}")).await;
    visitor.click_to("table tbody th a").await;
    let day = visitor.js_text("new Date().toLocaleDateString('sv', { timeZone: 'Asia/Tokyo' })").await;
    let facts = visitor.text("main").await;
    assert!(facts.contains(&day), "{day} is not on the page of {first}: {facts}");

    visitor.resize(1280, 800).await;
    visitor.open(&round).await;
    visitor.picture("stocktake-closed-1280").await;
    for (width, name) in [(1280, "safeguards-1280"), (390, "safeguards-390")] {
        visitor.resize(width, 844).await;
        visitor.open("/safeguards").await;
        visitor.picture(name).await;
    }
    visitor.finish().await;
}
