//! The main path: log in, upload a messy ledger, correct a mapping, confirm, and follow a finding to the diagram.

use crate::messy;
use crate::program::Program;
use crate::visitor::Visitor;
use tempfile::TempDir;

#[tokio::test]
async fn a_messy_ledger_and_a_finding_with_the_mouse() {
    let Some(visitor) = Visitor::start("main path").await else { return };
    visitor.log_in("sasaki").await;
    let turn = Program::ledger_turn().await;
    let folder = TempDir::new().unwrap();
    visitor.click_to(".rail a[href='/imports']").await;
    visitor.put_file("#files", &messy::ledger(folder.path(), "K")).await;
    visitor.click_to(".drop button").await;
    visitor.until("!!document.querySelector('.problems')", "the preview").await;
    visitor.picture("story-import-preview").await;
    // The impossible date is told with sheet and cell, and nobody guessed the riddle.
    visitor.reads(&[messy::SHEET, messy::BAD_CELL, "令和5年2月30日", "例のところ", "検体検査係"]).await;
    let riddle = format!("select[name='column-{}']", messy::RIDDLE);
    assert_eq!(visitor.js_text(&format!("document.querySelector(\"{riddle}\").value")).await, "");
    visitor.click(&riddle).await;
    visitor.press("Escape").await;
    visitor.choose("部署").await;
    visitor.click_to(&format!("form:has({riddle}) button")).await;
    visitor
        .until("document.querySelector('main').innerText.includes('部署: 検体検査係')", "the corrected preview")
        .await;
    visitor.picture("story-import-corrected").await;
    visitor.click_to("form[action$='/confirm'] button").await;
    visitor.until("document.querySelector('h1').innerText.includes('書き込みました')", "the confirmation").await;
    drop(turn);
    visitor.picture("story-import-done").await;
    visitor.open("/ledger?q=KENSA-11-K").await;
    visitor.reads(&["遠心分離機の端末K"]).await;
    visitor.click_to("table tbody th a").await;
    visitor.reads(&["検体検査係", "10.20.9.11", "2017"]).await;
    visitor.picture("story-device").await;

    visitor.fill("#search", "CVE-2018-13379").await;
    visitor.loads(visitor.press("Enter")).await;
    visitor.click_to("main a[href^='/findings/']").await;
    visitor.reads(&["FortiOS", "5.6.5", "5.6.3", "5.6.7", "CISA KEV", "保守用VPN装置"]).await;
    visitor.picture("story-finding").await;
    visitor.click_to("main a[href^='/diagram?focus=']").await;
    visitor.until("!!document.querySelector('.diagram .found')", "the device on the diagram").await;
    let device = visitor.js_text("document.querySelector('.diagram .found').textContent").await;
    assert!(device.contains("保守用VPN装置"), "{device}");
    let badge = device.rsplit(|c: char| !(c.is_ascii_digit() || c == '!')).find(|part| part.ends_with('!'));
    assert!(badge.is_some_and(|badge| badge.len() > 1), "no badge of exploited findings: {device}");
    let shown = "(() => { const a = document.querySelector('.diagram .found').getBoundingClientRect(),
        b = document.querySelector('.diagram').getBoundingClientRect();
        return a.left >= b.left && a.right <= b.right && a.top >= b.top && a.bottom <= b.bottom; })()";
    assert_eq!(visitor.js(shown).await, true, "the device is out of sight");
    visitor.picture("story-diagram").await;
    visitor.finish().await;
}
