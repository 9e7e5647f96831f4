//! The main path with the keyboard alone; wherever the focus goes, it can be seen.

use crate::messy;
use crate::program::Program;
use crate::visitor::{Visitor, quoted};
use tempfile::TempDir;

/// Presses Tab until the focus is on `selector`. On the way every focused element must show it and be in sight.
pub(super) async fn tab_to(visitor: &Visitor, selector: &str) {
    for _ in 0..400 {
        visitor.press("Tab").await;
        let focus = visitor
            .js(&format!(
                "(() => {{ const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
                const ring = s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2;
                const seen = r.width > 0 && r.bottom > 0 && r.right > 0 && r.top < innerHeight && r.left < innerWidth;
                return [e.matches({}), e === document.body || (e.matches(':focus-visible') && ring && seen), e.outerHTML.slice(0, 200)]; }})()",
                quoted(selector)
            ))
            .await;
        assert_eq!(focus[1], true, "the focus cannot be seen on {} of {}", focus[2], visitor.path().await);
        if focus[0] == true {
            return;
        }
    }
    panic!("Tab does not lead to {selector} on {}", visitor.path().await);
}

#[tokio::test]
async fn the_main_path_with_the_keyboard() {
    let Some(visitor) = Visitor::start("keyboard").await else { return };
    visitor.open("/login").await;
    visitor.write("sasaki").await;
    visitor.press("Tab").await;
    visitor.write(visitor.program.password("sasaki")).await;
    visitor.loads(visitor.press("Enter")).await;
    assert_eq!(visitor.path().await, "/");
    // The first stop skips the rail.
    tab_to(&visitor, "a.skip").await;
    visitor.picture("keyboard-skip").await;
    visitor.press("Enter").await;
    visitor.until("document.activeElement === document.querySelector('main')", "the focus in the main part").await;
    tab_to(&visitor, "main a.btn").await;
    visitor.picture("keyboard-focus").await;

    visitor.open("/").await;
    tab_to(&visitor, ".rail a[href='/imports']").await;
    visitor.loads(visitor.press("Enter")).await;
    tab_to(&visitor, "#files").await;
    // What the system's file dialogue would do.
    let turn = Program::ledger_turn().await;
    let folder = TempDir::new().unwrap();
    visitor.put_file("#files", &messy::ledger(folder.path(), "B")).await;
    tab_to(&visitor, ".drop button").await;
    visitor.loads(visitor.press("Enter")).await;
    visitor.until("!!document.querySelector('.problems')", "the preview").await;
    let riddle = format!("select[name='column-{}']", messy::RIDDLE);
    tab_to(&visitor, &riddle).await;
    visitor.choose("部署").await;
    tab_to(&visitor, &format!("form:has({riddle}) button")).await;
    visitor.loads(visitor.press("Enter")).await;
    visitor
        .until("document.querySelector('main').innerText.includes('部署: 検体検査係')", "the corrected preview")
        .await;
    tab_to(&visitor, "form[action$='/confirm'] button").await;
    visitor.loads(visitor.press(" ")).await;
    visitor.until("document.querySelector('h1').innerText.includes('書き込みました')", "the confirmation").await;
    drop(turn);

    visitor.press("/").await;
    visitor.until("document.activeElement.id === 'search'", "the search field").await;
    visitor.write("CVE-2018-13379").await;
    visitor.loads(visitor.press("Enter")).await;
    tab_to(&visitor, "main a[href^='/findings/']").await;
    visitor.loads(visitor.press("Enter")).await;
    visitor.reads(&["FortiOS", "5.6.5", "CISA KEV"]).await;
    tab_to(&visitor, "main a[href^='/diagram?focus=']").await;
    visitor.loads(visitor.press("Enter")).await;
    visitor.until("!!document.querySelector('.diagram .found')", "the device on the diagram").await;
    tab_to(&visitor, "[data-diagram]").await;
    let seen = visitor.js_text("document.querySelector('.diagram svg').getAttribute('viewBox')").await;
    visitor.press("+").await;
    visitor.press("ArrowRight").await;
    assert_ne!(visitor.js_text("document.querySelector('.diagram svg').getAttribute('viewBox')").await, seen);
    visitor.press("0").await;
    visitor.finish().await;
}
