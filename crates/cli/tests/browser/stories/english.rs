//! The pages in English: what Japanese remains is data of the hospital.

use crate::visitor::{Visitor, note};

/// Japanese in what the program itself writes: frame, headings of tables, labels, buttons, hints. The names in the
/// frame (hospital, person) and the button back to Japanese are not looked at.
const CHROME: &str = "(() => {
  const japanese = /[\\u3040-\\u30ff\\u3400-\\u9fff\\uff66-\\uff9f]/, out = [];
  const parts = '.skip, .top, .rail, thead th, .plain th, label, button, a.btn, .chips, .pager, .steps, .hint, .tag.red, .tag.orange, .tag.unknown, legend, caption';
  for (const part of document.querySelectorAll(parts)) {
    if (part.closest('[lang=ja]:not(html)')) continue;
    const copy = part.cloneNode(true);
    copy.querySelectorAll('.tenant, .person > span, [lang], select').forEach(e => e.remove());
    if (japanese.test(copy.textContent)) out.push(part.tagName + ': ' + copy.textContent.trim().slice(0, 80));
  }
  for (const e of document.querySelectorAll('main *, .top *, .rail')) {
    for (const name of ['data-th', 'aria-label', 'placeholder', 'title', 'alt']) {
      if (japanese.test(e.getAttribute(name) ?? '') && !e.closest('svg')) out.push(name + ': ' + e.getAttribute(name));
    }
  }
  return out.join('\\n');
})()";

/// All Japanese text of a page, for a person to look through.
const ALL: &str = "(() => {
  const japanese = /[\\u3040-\\u30ff\\u3400-\\u9fff]/, walk = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT), out = new Set();
  while (walk.nextNode()) if (japanese.test(walk.currentNode.data)) out.add(walk.currentNode.data.trim());
  return [...out].join('\\n');
})()";

#[tokio::test]
async fn no_japanese_is_left_in_english_but_names() {
    let Some(visitor) = Visitor::start("english").await else { return };
    visitor.open("/login").await;
    visitor.click_to("button[name=lang][value=en]").await;
    visitor.reads(&["Log"]).await;
    visitor.log_in("sasaki").await;
    visitor.open("/findings?q=CVE-2018-13379").await;
    let finding =
        visitor.js_text("document.querySelector('main table a[href^=\"/findings/\"]').getAttribute('href')").await;
    let device =
        visitor.js_text("document.querySelector('main table a[href^=\"/ledger/\"]').getAttribute('href')").await;
    for path in [
        "/",
        "/ledger",
        &device,
        "/findings",
        &finding,
        "/diagram",
        "/imports",
        "/catalogue",
        "/settings",
        "/search?q=Forti",
    ] {
        visitor.open(path).await;
        assert_eq!(visitor.js_text("document.documentElement.lang").await, "en");
        let left = visitor.js_text(CHROME).await;
        assert_eq!(left, "", "Japanese is left on {path}:\n{left}");
        note("english.txt", &format!("== {path}\n{}\n", visitor.js_text(ALL).await));
        visitor.picture(&format!("english-{}", path.split(['/', '?']).nth(1).unwrap_or_default())).await;
    }
    visitor.open("/").await;
    visitor.click_to("button[name=lang][value=ja]").await;
    visitor.reads(&["いまの状態"]).await;
    visitor.finish().await;
}
