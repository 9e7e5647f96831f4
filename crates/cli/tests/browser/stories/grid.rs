//! The grid: 50 cells pasted from Excel, looked at, written as one step, and taken back.

use crate::program::Program;
use crate::visitor::{Visitor, quoted};

/// Ten rows of five cells as Excel puts them on the clipboard.
fn clipboard(rows: usize) -> String {
    (1..=rows).map(|n| format!("本館{n}階\t放射線科{n}\t病院\t高\t稼働中\r\n")).collect()
}

#[tokio::test]
async fn fifty_cells_pasted_from_excel_are_written_and_taken_back() {
    let Some(visitor) = Visitor::start("grid").await else { return };
    visitor.log_in("sasaki").await;
    let _turn = Program::ledger_turn().await;
    visitor.open("/ledger/grid").await;
    let (first, column) = ("#grid tbody tr:first-child", "location");
    let place =
        format!("[...document.querySelectorAll('#grid thead th')].findIndex(th => th.dataset.column === '{column}')");
    let index = visitor.js(&place).await.as_u64().unwrap();
    let cell = format!("{first} td:nth-child({})", index + 1);
    let old = visitor.text(&cell).await;
    visitor.click(&cell).await;
    let paste = format!(
        "(() => {{ const data = new DataTransfer(); data.setData('text/plain', {});
            document.activeElement.dispatchEvent(new ClipboardEvent('paste', {{ clipboardData: data, bubbles: true, cancelable: true }})); }})()",
        quoted(&clipboard(10))
    );
    visitor.js(&paste).await;
    visitor.until("document.querySelectorAll('#grid td.typed').length >= 40", "the pasted cells").await;
    visitor.picture("story-grid-pasted").await;
    // One value that is no value, and it is named.
    visitor.press("Enter").await;
    visitor.write("たぶん").await;
    visitor.press("Tab").await;
    visitor.click("#grid-check").await;
    visitor.until("!!document.querySelector('.preview .notice.red li, .preview #grid-write')", "the preview").await;
    assert!(visitor.has(".preview .notice.red li").await, "a bad value passed");
    assert!(!visitor.has("#grid-write").await, "a bad value can be written");
    visitor.reads(&["たぶん"]).await;
    visitor.picture("story-grid-bad").await;
    visitor.click("#grid td.wrong").await;
    visitor.press("Enter").await;
    visitor.js("document.activeElement.select()").await;
    visitor.write("予備").await;
    visitor.press("Tab").await;
    visitor.click("#grid-check").await;
    visitor.until("!!document.querySelector('#grid-write')", "the preview without problems").await;
    visitor.picture("story-grid-preview").await;
    visitor.click_to("#grid-write").await;
    visitor.reads(&["本館1階", "放射線科10", "取り消す"]).await;
    visitor.picture("story-grid-written").await;
    // The grid knows the step after a fresh start, and takes it back.
    visitor.open("/ledger/grid").await;
    assert_eq!(visitor.text(&cell).await, "本館1階");
    visitor.click_to(".head a[href$='/undo']").await;
    visitor.reads(&["取り消すと変わること"]).await;
    visitor.click_to("form[action$='/undo'] button").await;
    visitor.reads(&["取り消しました"]).await;
    visitor.open("/ledger/grid").await;
    assert_eq!(visitor.text(&cell).await, old);
    visitor.finish().await;
}
