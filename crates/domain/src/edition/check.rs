//! What an edition has to hold to be kept: unique keys, bounded texts, links that lead somewhere.

use super::{Edition, EditionKind, Item, Known};
use crate::Msg;
use std::collections::HashSet;

/// Most items of one edition.
pub const MAX_ITEMS: usize = 1_000;
/// Characters of an edition's or item's key, a number, a name of a field.
pub const MAX_KEY: usize = 60;
/// Characters of a title, a heading, a passage that is cited, a source.
pub const MAX_TITLE: usize = 300;
/// Characters of a longer text.
pub const MAX_TEXT: usize = 4_000;
/// Entries of a list of an item.
pub const MAX_LIST: usize = 40;

/// Fields of an item that may be marked as inferred.
const FIELDS: &[&str] = &[
    "number",
    "group",
    "title",
    "title_en",
    "text",
    "text_en",
    "response",
    "risk",
    "lead",
    "scope",
    "sheets",
    "challenges",
    "refs",
    "maps",
];

/// Something an edition may not be kept with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Position of the item; `None` = the edition as a whole.
    pub item: Option<usize>,
    /// What is wrong.
    pub msg: Msg,
}

/// Everything that is wrong with an edition, in the order of its items. `known` are the other editions its maps may point to.
#[must_use]
pub fn check(edition: &Edition, known: &[&Edition]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut whole = |msg: Msg| problems.push(Problem { item: None, msg });
    if !is_edition_key(&edition.key) {
        whole(Msg::new("edition-bad-key").arg("key", &edition.key).arg("limit", MAX_KEY));
    }
    if edition.replaces.as_ref().is_some_and(|key| !is_edition_key(key) || *key == edition.key) {
        whole(Msg::new("edition-bad-replaces"));
    }
    if edition.items.is_empty() {
        whole(Msg::new("edition-no-items"));
    }
    if edition.items.len() > MAX_ITEMS {
        whole(Msg::new("edition-too-many-items").arg("limit", MAX_ITEMS));
    }
    let heads = [
        ("title", Some(&edition.title), MAX_TITLE),
        ("title_en", Some(&edition.title_en), MAX_TITLE),
        ("published", Some(&edition.published), MAX_KEY),
        ("note", edition.note.as_ref(), MAX_TEXT),
    ];
    for (field, text, limit) in heads {
        if text.is_some_and(|text| text.chars().count() > limit) {
            whole(Msg::new("edition-too-long").arg("what", field).arg("limit", limit));
        }
    }
    for (field, text) in [("title", &edition.title), ("published", &edition.published)] {
        if text.trim().is_empty() {
            whole(Msg::new("edition-field-empty").arg("what", field));
        }
    }
    let mut keys = HashSet::new();
    for (index, item) in edition.items.iter().enumerate() {
        let mut found = Vec::new();
        if !keys.insert(item.key.as_str()) {
            found.push(Msg::new("edition-item-twice").arg("key", &item.key));
        }
        lengths(item, &mut found);
        sense(item, edition.kind, &mut found);
        links(item, edition, known, &mut found);
        problems.extend(found.into_iter().map(|msg| Problem { item: Some(index), msg }));
    }
    problems
}

/// Small letters, digits and hyphens: the key stands in addresses and names of files.
#[must_use]
pub fn is_edition_key(key: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !key.is_empty() && key.len() <= MAX_KEY && key.chars().all(plain) && !key.starts_with('-')
}

fn lengths(item: &Item, found: &mut Vec<Msg>) {
    let texts = [
        ("key", Some(&item.key), MAX_KEY),
        ("number", Some(&item.number), MAX_KEY),
        ("group", Some(&item.group), MAX_TITLE),
        ("title", item.title.as_ref(), MAX_TITLE),
        ("title_en", item.title_en.as_ref(), MAX_TITLE),
        ("text", item.text.as_ref(), MAX_TEXT),
        ("text_en", item.text_en.as_ref(), MAX_TEXT),
        ("response", item.response.as_ref(), MAX_TEXT),
        ("risk", item.risk.as_ref(), MAX_TEXT),
        ("source", item.source.as_ref(), MAX_TITLE),
    ];
    for (field, text, limit) in texts.into_iter().filter_map(|(field, text, limit)| Some((field, text?, limit))) {
        if text.trim().is_empty() || has_control(text, limit == MAX_TEXT) {
            found.push(Msg::new("edition-field-empty").arg("what", field));
        }
        if text.chars().count() > limit {
            found.push(Msg::new("edition-too-long").arg("what", field).arg("limit", limit));
        }
    }
    let maps = item.maps.values().map(Vec::len).sum::<usize>();
    let lists = [("refs", item.refs.len()), ("maps", maps), ("inferred", item.inferred.len())];
    for (field, count) in lists {
        if count > MAX_LIST {
            found.push(Msg::new("edition-list-too-long").arg("what", field).arg("limit", MAX_LIST));
        }
    }
    let bad = |text: &String| text.trim().is_empty() || text.chars().count() > MAX_TITLE || has_control(text, false);
    if item.refs.iter().any(bad) {
        found.push(Msg::new("edition-too-long").arg("what", "refs").arg("limit", MAX_TITLE));
    }
}

/// Control characters, which no cell and no line keeps as they are; a longer text may have line breaks.
fn has_control(text: &str, lines: bool) -> bool {
    text.chars().any(|c| c.is_control() && !(lines && c == '\n'))
}

fn sense(item: &Item, kind: EditionKind, found: &mut Vec<Msg>) {
    let said = [&item.title, &item.text].into_iter().any(Option::is_some);
    let more = [&item.title, &item.text, &item.text_en, &item.response, &item.risk].into_iter().any(Option::is_some);
    match item.known {
        Known::Missing if more => found.push(Msg::new("edition-missing-but-text")),
        Known::Title | Known::Full if !said => found.push(Msg::new("edition-known-without-text")),
        _ => {}
    }
    if kind == EditionKind::Checklist && item.known != Known::Missing && item.sheets.is_empty() {
        found.push(Msg::new("edition-no-sheet"));
    }
    let twice = |count: usize, distinct: usize| count != distinct;
    let challenges: HashSet<u8> = item.challenges.iter().copied().collect();
    if twice(item.challenges.len(), challenges.len()) || challenges.iter().any(|number| !(1..=4).contains(number)) {
        found.push(Msg::new("edition-bad-challenge"));
    }
    let sheets: HashSet<_> = item.sheets.iter().map(|sheet| sheet.key()).collect();
    if twice(item.sheets.len(), sheets.len()) {
        found.push(Msg::new("edition-sheet-twice"));
    }
    for field in item.inferred.iter().filter(|field| !FIELDS.contains(&field.as_str())) {
        found.push(Msg::new("edition-bad-inferred").arg("what", field));
    }
}

fn links(item: &Item, edition: &Edition, known: &[&Edition], found: &mut Vec<Msg>) {
    for (key, items) in &item.maps {
        let Some(other) = known.iter().find(|other| other.key == *key && other.key != edition.key) else {
            found.push(Msg::new("edition-map-unknown").arg("edition", key));
            continue;
        };
        if items.is_empty() || items.len() > MAX_LIST {
            found.push(Msg::new("edition-list-too-long").arg("what", "maps").arg("limit", MAX_LIST));
        }
        for to in items.iter().filter(|to| !other.items.iter().any(|item| item.key == **to)) {
            found.push(Msg::new("edition-map-item-unknown").arg("edition", key).arg("item", to));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edition::tests::{edition, item};
    use crate::edition::{ItemScope, Sheet};

    fn keys(edition: &Edition) -> Vec<String> {
        check(edition, &[&super::super::tests::edition("other", vec![item("1", "台帳")])])
            .into_iter()
            .map(|problem| problem.msg.key)
            .collect()
    }

    #[test]
    fn what_may_not_be_kept() {
        let good = || edition("kakuninhyo-2024-06", vec![item("A1", "台帳"), item("A2", "構成図")]);
        assert_eq!(keys(&good()), [] as [&str; 0]);
        type Case = (&'static str, fn(&mut Edition));
        let cases: &[Case] = &[
            ("edition-bad-key", |e| e.key = "確認表".into()),
            ("edition-bad-key", |e| e.key = "a/b".into()),
            ("edition-bad-key", |e| e.key = String::new()),
            ("edition-bad-replaces", |e| e.replaces = Some(e.key.clone())),
            ("edition-no-items", |e| e.items.clear()),
            ("edition-too-many-items", |e| {
                e.items = (0..=MAX_ITEMS).map(|n| item(&format!("A{n}"), "台帳")).collect();
            }),
            ("edition-field-empty", |e| e.title = " ".into()),
            ("edition-too-long", |e| e.note = Some("あ".repeat(MAX_TEXT + 1))),
            ("edition-item-twice", |e| e.items[1].key = "A1".into()),
            ("edition-field-empty", |e| e.items[0].key = String::new()),
            ("edition-field-empty", |e| e.items[0].number = "A\n1".into()),
            ("edition-too-long", |e| e.items[0].title = Some("あ".repeat(MAX_TITLE + 1))),
            ("edition-too-long", |e| e.items[0].refs = vec![String::new()]),
            ("edition-list-too-long", |e| e.items[0].refs = vec!["企画管理編 9.1".into(); MAX_LIST + 1]),
            ("edition-missing-but-text", |e| e.items[0].known = Known::Missing),
            ("edition-known-without-text", |e| e.items[0].title = None),
            ("edition-no-sheet", |e| {
                e.kind = EditionKind::Checklist;
                e.items[1].sheets = vec![Sheet::Hospital];
            }),
            ("edition-sheet-twice", |e| e.items[0].sheets = vec![Sheet::Vendor, Sheet::Vendor]),
            ("edition-bad-challenge", |e| e.items[0].challenges = vec![5]),
            ("edition-bad-challenge", |e| e.items[0].challenges = vec![1, 1]),
            ("edition-bad-inferred", |e| e.items[0].inferred = vec!["words".into()]),
            ("edition-map-unknown", |e| _ = e.items[0].maps.insert("nothing".into(), vec!["1".into()])),
            ("edition-map-unknown", |e| _ = e.items[0].maps.insert(e.key.clone(), vec!["A2".into()])),
            ("edition-map-item-unknown", |e| _ = e.items[0].maps.insert("other".into(), vec!["9".into()])),
            ("edition-list-too-long", |e| _ = e.items[0].maps.insert("other".into(), vec![])),
        ];
        for (number, (want, spoil)) in cases.iter().enumerate() {
            let mut spoilt = good();
            spoil(&mut spoilt);
            assert_eq!(keys(&spoilt), [*want], "case {number}");
        }
    }

    #[test]
    fn a_slot_nobody_has_seen_is_kept() {
        let slot = Item { known: Known::Missing, title: None, scope: ItemScope::System, ..item("A3", "") };
        assert_eq!(keys(&edition("k", vec![slot])), [] as [&str; 0]);
    }
}
