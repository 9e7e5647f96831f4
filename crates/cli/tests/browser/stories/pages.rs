//! Every page on a desk and on a phone: nothing cut, no text too small, nobody kept out, and quickly there.

use crate::messy;
use crate::visitor::{Visitor, note};
use std::time::Duration;
use tempfile::TempDir;

/// Slower than this, a page is broken rather than slow: the machine of a test may be busy.
const SLOW: Duration = Duration::from_secs(10);

/// What does not fit: text that is hidden or sticks out, and text below 14 px. Pictures and what scrolls by itself may.
const MISFITS: &str = "(() => {
  const out = [], wide = document.documentElement.clientWidth;
  if (document.scrollingElement.scrollWidth > wide) out.push('the page scrolls sideways: ' + document.scrollingElement.scrollWidth);
  for (const e of document.body.querySelectorAll('*')) {
    if (e.closest('svg, .hidden-text, .skip, option, input, thead') || !e.checkVisibility()) continue;
    const r = e.getBoundingClientRect(), s = getComputedStyle(e), own = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    let box = e.parentElement;
    while (box && !/auto|scroll/.test(getComputedStyle(box).overflowX)) box = box.parentElement;
    if (!box && r.width > 0 && (r.right > wide + 1 || r.left < -1)) out.push('sticks out: ' + e.outerHTML.slice(0, 160));
    if (/hidden|clip/.test(s.overflowX) && e.scrollWidth > e.clientWidth + 1 && !e.matches('.diagram')) out.push('cut: ' + e.outerHTML.slice(0, 160));
    if (own && parseFloat(s.fontSize) < 14) out.push('small: ' + s.fontSize + ' ' + e.outerHTML.slice(0, 160));
  }
  return [...new Set(out)].slice(0, 8).join('\\n');
})()";

/// Looks at a page in both sizes; returns what is wrong, so that one run tells of every page.
async fn look(visitor: &Visitor, name: &str, path: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut times = Vec::new();
    for (width, height) in [(1280, 800), (390, 844)] {
        visitor.resize(width, height).await;
        let time = visitor.open(path).await;
        times.push(format!("{} ms", time.as_millis()));
        assert!(time < SLOW, "{name} takes {time:?}");
        visitor.picture(&format!("{name}-{width}")).await;
        let misfits = visitor.js_text(MISFITS).await;
        if !misfits.is_empty() {
            wrong.push(format!("{name} at {width} px:\n{misfits}"));
        }
        wrong.extend(visitor.barriers(&format!("{name}-{width}")).await);
    }
    note("timings.txt", &format!("{name}: {}\n", times.join(", ")));
    wrong
}

async fn first_link(visitor: &Visitor, list: &str, links: &str) -> String {
    visitor.open(list).await;
    visitor.js_text(&format!("document.querySelector('main table a[href^=\"{links}\"]').getAttribute('href')")).await
}

#[tokio::test]
async fn every_page_on_a_desk_and_on_a_phone() {
    let Some(visitor) = Visitor::start("pages").await else { return };
    let mut wrong = look(&visitor, "login", "/login").await;
    visitor.resize(1280, 800).await;
    visitor.log_in("sasaki").await;
    let folder = TempDir::new().unwrap();
    visitor.open("/imports").await;
    visitor.put_file("#files", &messy::ledger(folder.path(), "P")).await;
    visitor.click_to(".drop button").await;
    visitor.until("!!document.querySelector('.problems')", "the preview").await;
    let import = visitor.path().await;
    let finding = first_link(&visitor, "/findings?q=CVE-2018-13379", "/findings/").await;
    let question = first_link(&visitor, "/findings?verdict=possibly", "/findings/").await;
    let device = first_link(&visitor, "/findings?q=CVE-2018-13379", "/ledger/").await;
    let unknown = first_link(&visitor, "/ledger?chip=unknown", "/ledger/").await;
    let step = first_link(&visitor, "/history", "/history/").await;
    let join = format!("{device}/join?q=PC");
    let focus = device.replace("/ledger/", "/diagram?focus=");
    for (name, path) in [
        ("home", "/"),
        ("ledger", "/ledger"),
        ("ledger-none", "/ledger?q=そのような機器はありません"),
        ("ledger-missing", "/ledger?missing=updater_os"),
        ("completeness", "/ledger/completeness"),
        ("device", &device),
        ("device-unknown", &unknown),
        ("lifetimes", "/lifetimes"),
        ("lifetimes-unknown", "/lifetimes?class=unknown"),
        ("lifetimes-none", "/lifetimes?q=そのような機器はありません"),
        ("checks", "/checks"),
        ("checks-none", "/checks?state=answered&kind=cell"),
        ("checks-recommended", "/checks/recommended?kind=two_names"),
        ("history", "/history"),
        ("step", &step),
        ("undo", &format!("{step}/undo")),
        ("join", &join),
        ("findings", "/findings"),
        ("finding", &finding),
        ("question", &question),
        ("diagram", "/diagram"),
        ("diagram-focus", &focus),
        ("imports", "/imports"),
        ("import", &import),
        ("catalogue", "/catalogue"),
        ("search", "/search?q=FortiGate"),
        ("settings", "/settings"),
        ("own-columns", "/settings/fields"),
    ] {
        wrong.extend(look(&visitor, name, path).await);
    }
    // The menu of the phone.
    visitor.open("/").await;
    visitor.click("#menu-open").await;
    visitor.until("document.querySelector('.rail').checkVisibility()", "the menu").await;
    visitor.picture("menu-390").await;
    visitor.click_to(".rail a[href='/ledger']").await;
    assert_eq!(visitor.path().await, "/ledger");
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    visitor.finish().await;
}
