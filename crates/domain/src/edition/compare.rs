//! What changed from one edition to the next, item by item, and which answers must be looked at again.

use super::{Edition, Item, Known};
use crate::kinds::keyed;
use crate::text::fold;
use std::collections::{BTreeMap, BTreeSet, HashMap};

keyed! {
    /// What happened to an item.
    Changed {
        /// 新しい項目
        Added = "added",
        /// なくなった項目
        Removed = "removed",
        /// 内容が分かった: it was 未取得, or only its title was known.
        NewlyKnown = "newly_known",
        /// 番号が変わった
        Renumbered = "renumbered",
        /// 文が変わった: title or text.
        Words = "words",
        /// 担当や対象が変わった: who leads, what it is answered for, on which sheets it stands.
        Terms = "terms",
    }
}

/// An item that is not the same in both editions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemChange {
    /// Position in the old edition; `None` = new.
    pub old: Option<usize>,
    /// Position in the new edition; `None` = gone.
    pub new: Option<usize>,
    /// What happened, in the order of [`Changed::ALL`]; never empty.
    pub what: Vec<Changed>,
}

impl ItemChange {
    /// Whether an answer given to the old item must be looked at again. One that only got another number moves with it.
    #[must_use]
    pub fn look_again(&self) -> bool {
        self.what.iter().any(|what| !matches!(what, Changed::Renumbered | Changed::Added))
    }
}

/// Which item of the new edition each item of the old one became, by position. No item is taken twice.
///
/// In this order: same key and same title; what the new edition says itself (`maps`); same title, if only one on each side has
/// it; same key with other words. A slot nobody had seen is found by its key.
#[must_use]
pub fn pairs(old: &Edition, new: &Edition) -> BTreeMap<usize, usize> {
    let mut found = Pairs { old, new, forth: BTreeMap::new(), taken: BTreeSet::new() };
    let place: HashMap<&str, usize> = old.items.iter().enumerate().map(|(at, item)| (item.key.as_str(), at)).collect();
    let same_key = |item: &Item| place.get(item.key.as_str()).copied();
    found.join(|at, item| same_key(item).filter(|&was| title(&old.items[was]) == title(&new.items[at])));
    found.join(|_, item| match item.maps.get(&old.key).map(Vec::as_slice) {
        Some([one]) => place.get(one.as_str()).copied(),
        _ => None,
    });
    let (was, is) = (titles(old, |at| !found.forth.contains_key(&at)), titles(new, |at| !found.taken.contains(&at)));
    found.join(|_, item| {
        let title = title(item)?;
        let alone = is.get(&title).is_some_and(|places| places.len() == 1);
        was.get(&title).filter(|places| alone && places.len() == 1).map(|places| places[0])
    });
    found.join(|_, item| same_key(item));
    found.forth
}

struct Pairs<'a> {
    old: &'a Edition,
    new: &'a Edition,
    forth: BTreeMap<usize, usize>,
    taken: BTreeSet<usize>,
}

impl Pairs<'_> {
    /// Joins each new item that is left with the old one `of` names, if that is left too.
    fn join(&mut self, of: impl Fn(usize, &Item) -> Option<usize>) {
        for (at, item) in
            self.new.items.iter().enumerate().filter(|(at, _)| !self.taken.contains(at)).collect::<Vec<_>>()
        {
            let free = |was: &usize| *was < self.old.items.len() && !self.forth.contains_key(was);
            if let Some(was) = of(at, item).filter(free) {
                self.forth.insert(was, at);
                self.taken.insert(at);
            }
        }
    }
}

fn title(item: &Item) -> Option<String> {
    item.words().map(fold)
}

/// Positions of the items by title, of those that are `left`.
fn titles(edition: &Edition, left: impl Fn(usize) -> bool) -> HashMap<String, Vec<usize>> {
    let mut all: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, item) in edition.items.iter().enumerate().filter(|(at, _)| left(*at)) {
        if let Some(title) = title(item) {
            all.entry(title).or_default().push(at);
        }
    }
    all
}

/// Everything that is not the same: items of the new edition in their order, then those that are gone.
#[must_use]
pub fn compare(old: &Edition, new: &Edition) -> Vec<ItemChange> {
    let forth = pairs(old, new);
    let back: BTreeMap<usize, usize> = forth.iter().map(|(was, is)| (*is, *was)).collect();
    let kept = new.items.iter().enumerate().filter_map(|(at, item)| {
        let old_at = back.get(&at).copied();
        let what = old_at.map_or_else(|| vec![Changed::Added], |was| differences(&old.items[was], item));
        (!what.is_empty()).then_some(ItemChange { old: old_at, new: Some(at), what })
    });
    let gone = (0..old.items.len()).filter(|at| !forth.contains_key(at));
    let gone = gone.map(|at| ItemChange { old: Some(at), new: None, what: vec![Changed::Removed] });
    kept.chain(gone).collect()
}

fn differences(old: &Item, new: &Item) -> Vec<Changed> {
    let more = old.known != new.known && (old.known == Known::Missing || new.known == Known::Full);
    let differ = |a: &Option<String>, b: &Option<String>| a.as_deref().map(fold) != b.as_deref().map(fold);
    // What became known of a slot is no change of its words.
    let words = old.known != Known::Missing && (differ(&old.title, &new.title) || differ(&old.text, &new.text));
    [
        (Changed::NewlyKnown, more),
        (Changed::Renumbered, old.key != new.key || old.number != new.number),
        (Changed::Words, words || (new.known == Known::Missing && old.known != Known::Missing)),
        (Changed::Terms, (old.lead, old.scope, &old.sheets) != (new.lead, new.scope, &new.sheets)),
    ]
    .into_iter()
    .filter_map(|(what, is)| is.then_some(what))
    .collect()
}

/// Answers of the old edition under the keys of the new one, and those whose item is gone, under their old keys: none is lost.
#[must_use]
pub fn carry<A: Clone>(
    answers: &BTreeMap<String, A>,
    old: &Edition,
    new: &Edition,
) -> (BTreeMap<String, A>, BTreeMap<String, A>) {
    let forth = pairs(old, new);
    let place: HashMap<&str, usize> = old.items.iter().enumerate().map(|(at, item)| (item.key.as_str(), at)).collect();
    let (mut kept, mut left) = (BTreeMap::new(), BTreeMap::new());
    for (key, answer) in answers {
        match place.get(key.as_str()).and_then(|at| forth.get(at)) {
            Some(&at) => kept.insert(new.items[at].key.clone(), answer.clone()),
            None => left.insert(key.clone(), answer.clone()),
        };
    }
    (kept, left)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edition::tests::{edition, item};
    use crate::edition::{Lead, Sheet};
    use proptest::prelude::*;

    fn slot(key: &str) -> Item {
        Item { known: Known::Missing, title: None, ..item(key, "") }
    }

    /// Changes as `old>new what`.
    fn told(old: Vec<Item>, new: Vec<Item>) -> Vec<String> {
        let (old, new) = (edition("r7", old), edition("r8", new));
        let name = |edition: &Edition, at: Option<usize>| at.map_or("-".into(), |at| edition.items[at].key.clone());
        let what = |change: &ItemChange| change.what.iter().map(|what| what.key()).collect::<Vec<_>>().join("+");
        let line = |change: &ItemChange| {
            let again = if change.look_again() { " again" } else { "" };
            format!("{}>{} {}{again}", name(&old, change.old), name(&new, change.new), what(change))
        };
        compare(&old, &new).iter().map(line).collect()
    }

    #[test]
    fn what_is_told_of_a_new_edition() {
        let two = || vec![item("1", "台帳"), item("2", "構成図")];
        type Case = (&'static str, Vec<Item>, Vec<Item>, &'static [&'static str]);
        let cases: Vec<Case> = vec![
            ("the same", two(), two(), &[]),
            ("spaces only", two(), vec![item("1", "台帳 "), item("2", "構成図")], &[]),
            (
                "one more at the end",
                two(),
                vec![item("1", "台帳"), item("2", "構成図"), item("3", "規程")],
                &["->3 added"],
            ),
            ("one less", two(), vec![item("1", "台帳")], &["2>- removed again"]),
            (
                "one put between: the answers move with the titles",
                two(),
                vec![item("1", "台帳"), item("2", "棚卸し"), item("3", "構成図")],
                &["->2 added", "2>3 renumbered"],
            ),
            (
                "two changed places",
                two(),
                vec![item("1", "構成図"), item("2", "台帳")],
                &["2>1 renumbered", "1>2 renumbered"],
            ),
            ("other words", two(), vec![item("1", "台帳の管理"), item("2", "構成図")], &["1>1 words again"]),
            (
                "other words under another number, said by the edition",
                two(),
                vec![
                    item("1", "台帳"),
                    Item { maps: [("r7".into(), vec!["2".into()])].into(), ..item("5", "全体の図") },
                ],
                &["2>5 renumbered+words again"],
            ),
            (
                "other words under another number",
                two(),
                vec![item("1", "台帳"), item("5", "全体の図")],
                &["->5 added", "2>- removed again"],
            ),
            ("a slot is filled", vec![slot("1")], vec![item("1", "台帳")], &["1>1 newly_known again"]),
            ("a slot stays", vec![slot("1")], vec![slot("1")], &[]),
            (
                "the text of a title becomes known",
                vec![item("1", "台帳")],
                vec![Item { known: Known::Full, text: Some("台帳を作る".into()), ..item("1", "台帳") }],
                &["1>1 newly_known+words again"],
            ),
            ("known words are lost", vec![item("1", "台帳")], vec![slot("1")], &["1>1 words again"]),
            (
                "others lead it",
                vec![item("1", "台帳")],
                vec![Item { lead: Lead::Both, sheets: vec![Sheet::Vendor], ..item("1", "台帳") }],
                &["1>1 terms again"],
            ),
            (
                "titles that stand twice are not guessed at",
                vec![item("1", "台帳"), item("2", "台帳")],
                vec![item("3", "台帳"), item("4", "台帳")],
                &["->3 added", "->4 added", "1>- removed again", "2>- removed again"],
            ),
        ];
        for (what, old, new, want) in cases {
            assert_eq!(told(old, new), want, "{what}");
        }
    }

    fn items() -> impl Strategy<Value = Vec<Item>> {
        let one = (0..12_u8, 0..8_u8, any::<bool>());
        proptest::collection::vec(one, 0..12).prop_map(|all| {
            let mut keys = BTreeSet::new();
            let unique = all.into_iter().filter(|(key, _, _)| keys.insert(*key));
            unique
                .map(|(key, title, seen)| {
                    let key = key.to_string();
                    if seen { item(&key, &format!("題{title}")) } else { slot(&key) }
                })
                .collect()
        })
    }

    proptest! {
        #[test]
        fn nothing_changes_from_an_edition_to_itself(items in items()) {
            let one = edition("r7", items);
            prop_assert_eq!(compare(&one, &one), []);
        }

        /// Every item of both sides is told of or the same on both; an item is told of once; no answer is lost or doubled.
        #[test]
        fn every_item_and_every_answer_is_accounted_for(old in items(), new in items()) {
            let (old, new) = (edition("r7", old), edition("r8", new));
            let (forth, changes) = (pairs(&old, &new), compare(&old, &new));
            let told_old: Vec<usize> = changes.iter().filter_map(|change| change.old).collect();
            let told_new: Vec<usize> = changes.iter().filter_map(|change| change.new).collect();
            prop_assert_eq!(told_old.iter().collect::<BTreeSet<_>>().len(), told_old.len());
            prop_assert_eq!(told_new.iter().collect::<BTreeSet<_>>().len(), told_new.len());
            for (at, was) in old.items.iter().enumerate().filter(|(at, _)| !told_old.contains(at)) {
                let is = &new.items[forth[&at]];
                prop_assert_eq!((&was.key, &was.title, &was.text, was.known), (&is.key, &is.title, &is.text, is.known));
            }
            for at in (0..new.items.len()).filter(|at| !told_new.contains(at)) {
                prop_assert!(forth.values().any(|is| *is == at));
            }
            let answers: BTreeMap<String, usize> = old.items.iter().enumerate().map(|(at, item)| (item.key.clone(), at)).collect();
            let (kept, left) = carry(&answers, &old, &new);
            let mut all: Vec<usize> = kept.values().chain(left.values()).copied().collect();
            all.sort_unstable();
            prop_assert_eq!(all, (0..old.items.len()).collect::<Vec<_>>());
            prop_assert!(kept.keys().all(|key| new.item(key).is_some()));
        }

        /// Whatever number an item gets, its answer follows its title.
        #[test]
        fn answers_follow_titles(count in 1..10_usize, turn in 0..10_usize) {
            let titled = |key: usize, title: usize| item(&key.to_string(), &format!("題{title}"));
            let old = edition("r7", (0..count).map(|at| titled(at, at)).collect());
            let new = edition("r8", (0..count).map(|at| titled(at, (at + turn) % count)).collect());
            let answers: BTreeMap<String, String> = old.items.iter().map(|item| (item.key.clone(), item.title.clone().unwrap_or_default())).collect();
            let (kept, left) = carry(&answers, &old, &new);
            prop_assert!(left.is_empty());
            for (key, title) in kept {
                prop_assert_eq!(new.item(&key).and_then(|item| item.title.clone()), Some(title));
            }
        }
    }
}
