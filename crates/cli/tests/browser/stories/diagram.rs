//! The diagram: two days compared, a box that stays where it was put, what a click says, and a file for draw.io.

use crate::visitor::Visitor;

/// A day in Japan, so many days ago.
async fn day(visitor: &Visitor, ago: i32) -> String {
    visitor.js_text(&format!("new Date(Date.now() + 9 * 3600e3 - {ago} * 864e5).toISOString().slice(0, 10)")).await
}

#[tokio::test]
async fn two_days_compared_and_a_file_with_everything() {
    let Some(visitor) = Visitor::start("diagram").await else { return };
    visitor.log_in("sasaki").await;
    visitor.click_to(".rail a[href='/diagram']").await;
    let (yesterday, today) = (day(&visitor, 1).await, day(&visitor, 0).await);
    // Typing into a date field depends on the browser's language.
    visitor
        .js(&format!(
            "document.querySelector('#from').value = '{yesterday}'; document.querySelector('#to').value = '{today}'"
        ))
        .await;
    visitor.click_to("form:has(#from) button").await;
    visitor.reads(&[&format!("{yesterday} と {today} のちがい"), "＋ 新しい", "保守用VPN装置"]).await;
    let signs = visitor.js_text("document.querySelector('.diagram svg').textContent").await;
    assert!(signs.contains('＋'), "{signs}");
    visitor.picture("diagram-compare").await;

    visitor.open("/diagram?open=all").await;
    let missing = visitor
        .js_text(
            "fetch('/diagram.drawio?open=all').then(r => r.text()).then(file => {
               const cells = [...new DOMParser().parseFromString(file, 'text/xml').querySelectorAll('mxCell')];
               const ids = cells.filter(c => c.getAttribute('vertex')).length, edges = cells.filter(c => c.getAttribute('edge'));
               const boxes = document.querySelectorAll('.diagram [data-key]').length;
               const loose = edges.filter(e => !e.getAttribute('source') || !e.getAttribute('target')).length;
               return ids < boxes || edges.length === 0 || loose ? `${ids} of ${boxes} boxes, ${edges.length} edges, ${loose} loose` : ''; })",
        )
        .await;
    assert_eq!(missing, "");
    visitor.finish().await;
}

#[tokio::test]
async fn a_box_stays_where_it_was_put() {
    let Some(visitor) = Visitor::start("diagram pin").await else { return };
    visitor.log_in("sasaki").await;
    visitor.open("/diagram?open=all").await;
    let place = "(() => { const r = [...document.querySelectorAll('.diagram [data-key]')].find(g => g.textContent.includes('保守用VPN装置'))
        .querySelector('rect:not([transform])'); return r.getAttribute('x') + ',' + r.getAttribute('y'); })()";
    let before = visitor.js_text(place).await;
    visitor.click("[data-arrange]").await;
    visitor.reads(&["矢印キー"]).await;
    visitor
        .js("[...document.querySelectorAll('.diagram [data-key]')].find(g => g.textContent.includes('保守用VPN装置')).querySelector('a').focus()")
        .await;
    visitor.loads(visitor.press("ArrowRight")).await;
    let after = visitor.js_text(place).await;
    assert_ne!(before, after, "the box has not moved");
    visitor.reads(&["場所を決めました"]).await;
    visitor.picture("diagram-arrange").await;
    visitor.open("/diagram?open=all").await;
    assert_eq!(visitor.js_text(place).await, after);
    visitor.open("/diagram?open=all&layer=findings").await;
    assert_eq!(visitor.js_text(place).await, after, "every layer has the same places");
    visitor.finish().await;
}

#[tokio::test]
async fn a_click_says_what_a_box_is() {
    let Some(visitor) = Visitor::start("diagram box").await else { return };
    visitor.log_in("sasaki").await;
    visitor.open("/diagram?open=all").await;
    visitor
        .js("[...document.querySelectorAll('.diagram [data-key] a')].find(a => a.textContent.includes('保守用VPN装置')).dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}))")
        .await;
    visitor.until("!!document.querySelector('[data-diagram-box] a[href*=\"around=\"]')", "what the box is").await;
    visitor.picture("diagram-box").await;
    visitor.click_to("[data-diagram-box] a[href*='around=']").await;
    visitor.reads(&["つながりの範囲", "全体の図に戻る"]).await;
    visitor.picture("diagram-around").await;
    visitor.open("/diagram?open=none").await;
    visitor.fill("#node", "保守用VPN装置").await;
    visitor.press("Enter").await;
    visitor
        .until("!!document.querySelector('.diagram .found') || !!document.querySelector('main .box a')", "the box")
        .await;
    visitor.finish().await;
}
