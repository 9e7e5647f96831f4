//! A question of the demo hospital is answered with the keyboard and taken back; a device is parted and joined again.

use super::keyboard::tab_to;
use crate::program::Program;
use crate::visitor::Visitor;

/// Words of the number on a chip or in the rail.
async fn number(visitor: &Visitor, selector: &str) -> u64 {
    let text = visitor.text(selector).await;
    text.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap_or_default()
}

#[tokio::test]
async fn a_question_is_answered_and_taken_back_by_keyboard() {
    let Some(visitor) = Visitor::start("checks").await else { return };
    let _turn = Program::ledger_turn().await;
    visitor.log_in("sasaki").await;
    let list = "/checks?kind=stranger";
    visitor.open(list).await;
    visitor.reads(&["台帳にない機器", "このままにする"]).await;
    assert!(!visitor.text("main").await.contains("おすすめ"), "a gap is never recommended away");
    let waiting = number(&visitor, ".rail .count").await;
    tab_to(&visitor, "form.answers button:nth-of-type(2)").await;
    let asked = visitor.js_text("document.activeElement.form.getAttribute('action')").await;
    visitor.loads(visitor.press("Enter")).await;
    visitor.reads(&["台帳に書き込みました"]).await;
    assert!(!visitor.has(&format!("form[action='{asked}']")).await, "it is answered");
    assert_eq!(number(&visitor, ".rail .count").await, waiting - 1);
    visitor.picture("checks-answered").await;

    tab_to(&visitor, ".notice a[href^='/history/']").await;
    visitor.loads(visitor.press("Enter")).await;
    visitor.reads(&["まだ何も変えていません", "取り消すと変わること"]).await;
    visitor.picture("checks-undo").await;
    tab_to(&visitor, "form[action$='/undo'] button").await;
    visitor.loads(visitor.press("Enter")).await;
    visitor.reads(&["取り消しました", "取り消し済み"]).await;
    visitor.open(list).await;
    assert!(visitor.has(&format!("form[action='{asked}']")).await, "it is asked again");
    assert_eq!(number(&visitor, ".rail .count").await, waiting);
    visitor.finish().await;
}

#[tokio::test]
async fn a_device_is_parted_and_joined_again() {
    let Some(visitor) = Visitor::start("part and join").await else { return };
    let _turn = Program::ledger_turn().await;
    visitor.log_in("sasaki").await;
    visitor.open("/checks?kind=two_names").await;
    visitor.reads(&["おすすめ"]).await;
    visitor.click_to("table.checks tbody th a[href^='/ledger/']").await;
    let device = visitor.path().await;
    let name = visitor.text("h1").await;
    let rows = "form[action$='/part'] tbody tr";
    let count = visitor.js(&format!("document.querySelectorAll(\"{rows}\").length")).await.as_u64().unwrap();
    assert!(count >= 2, "{count} rows tell of {name}");
    // Everything ever stated about a field is behind its history.
    visitor.click(".facts details summary").await;
    visitor.until("!!document.querySelector('.facts details[open] .said li')", "the history of a field").await;
    visitor.picture("device-history").await;
    visitor.click(&format!("{rows}:last-child input")).await;
    visitor.click_to("form[action$='/part'] button").await;
    visitor.reads(&["台帳に書き込みました"]).await;
    // The other device has the row now; it is found by comparing what is left.
    let step = visitor.js_text("document.querySelector('.notice a').getAttribute('href')").await;
    visitor.picture("device-parted").await;
    visitor.open(&format!("{device}/join?q=10.")).await;
    let other =
        visitor.js_text("document.querySelector('main table a.btn[href*=\"other=\"]').getAttribute('href')").await;
    visitor.open(&other).await;
    visitor.reads(&["1台にまとめますか", "2台の比較", "まとめると変わること"]).await;
    visitor.picture("device-join").await;
    // Taking the parting back joins the same two.
    visitor.open(&step).await;
    visitor.click_to("form[action$='/undo'] button").await;
    visitor.open(&device).await;
    let again = visitor.js(&format!("document.querySelectorAll(\"{rows}\").length")).await.as_u64().unwrap();
    assert_eq!((visitor.text("h1").await, again), (name, count));
    visitor.finish().await;
}
