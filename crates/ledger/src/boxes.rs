//! Which rows tell of one box? The same device stands in the ledger, in a delivery list, in ARP and in a scan.
//!
//! Rule (ours; no standard exists). Every row begins as a box of its own. A person's word comes first. Then the marks are
//! taken from the strongest to the weakest ([`IdentityKey`]), and boxes that share a mark become one unless
//! - they hold rows of one and the same declared list (in a list, two rows are two boxes),
//! - a stronger mark is known on both sides and differs (the same address with another serial number is another box), or
//! - a person said that they are two.
//!
//! A serial number, asset number or MAC that stands in two rows of one list tells no boxes apart: it is not used, and
//! said so. Asset numbers numbered in two ways (another department has its own) speak against an address or a name only. A name joins only where each list has it once and the products do not speak against it.
//!
//! The result depends on the set of rows and decisions, never on the order in which they came.

use crate::identity::{IdentityKey, marks};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use tomomori_domain::ids::RecordId;
use tomomori_domain::import::Field;
use tomomori_domain::record::{Record, Sameness};
use tomomori_domain::resource::Grade;
use tomomori_domain::text::fold;

/// One MAC with more addresses than this in one table is a router answering for others.
const MOST_ADDRESSES: usize = 8;

/// Boxes that share a weak mark are compared pair by pair; more than this say nothing.
const MOST_ALIKE: usize = 64;

/// Which rows are one box, and why; rows are positions in the slice that was handed in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Boxes {
    /// Rows of each box, in a stable order.
    pub members: Vec<Vec<usize>>,
    /// Pairs of rows that were joined, with the mark.
    pub joined: Vec<(usize, usize, IdentityKey)>,
    /// Pairs that share a strong mark and yet stayed two, with the mark and what spoke against it.
    pub doubts: Vec<Doubt>,
    /// Marks that stand in several rows of one list: the rows, in order.
    pub doubled: Vec<(IdentityKey, String, Vec<usize>)>,
}

/// Two rows that may be one box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// A row of one box.
    pub one: usize,
    /// A row of the other.
    pub other: usize,
    /// The mark they share.
    pub mark: IdentityKey,
    /// The mark that differs; `None` = only their products or kinds do.
    pub against: Option<IdentityKey>,
}

/// Joins rows to boxes. `records` are rows about devices that are in force; by-hand edits of known resources are not among
/// them (they follow their resource).
#[must_use]
pub fn boxes(records: &[&Record], decisions: &[Sameness]) -> Boxes {
    let mut order: Vec<usize> = (0..records.len()).collect();
    order.sort_by(|&a, &b| {
        let of = |at: usize| (&records[at].source, &records[at].key, &records[at].place);
        of(a).cmp(&of(b))
    });
    let mut state = State::new(records, &order, decisions);
    for decision in decisions.iter().filter(|decision| decision.same) {
        let find = |lineage| order.iter().position(|&at| records[at].lineage == lineage);
        if let (Some(one), Some(other)) = (find(decision.one), find(decision.other)) {
            state.union(one, other);
        }
    }
    for key in IdentityKey::ALL {
        state.join_by(key);
    }
    state.finish(&order)
}

/// What is known of a box while boxes grow.
#[derive(Clone, Default)]
struct Known {
    rows: Vec<usize>,
    marks: [Vec<u32>; 6],
    lists: BTreeSet<u32>,
    decided: Vec<RecordId>,
    products: Vec<u32>,
    kinds: Vec<u32>,
    /// What asset numbers begin with: another department numbers its things in its own way.
    numbering: Vec<u32>,
}

struct State {
    parent: Vec<usize>,
    known: Vec<Known>,
    /// Per key the values that several rows carry, with the rows. Ordered by value so that the result is.
    by_mark: [Vec<(String, Vec<usize>)>; 6],
    different: HashSet<(RecordId, RecordId)>,
    joined: Vec<(usize, usize, IdentityKey)>,
    doubts: Vec<Doubt>,
    doubled: Vec<(IdentityKey, String, Vec<usize>)>,
}

/// Texts as small numbers.
#[derive(Default)]
struct Numbers(HashMap<String, u32>);

impl Numbers {
    fn of(&mut self, text: &str) -> u32 {
        if let Some(&known) = self.0.get(text) {
            return known;
        }
        self.take(text.to_owned())
    }

    fn take(&mut self, text: String) -> u32 {
        let next = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        *self.0.entry(text).or_insert(next)
    }

    /// Of sorted pairs of a number and a row those numbers that several rows have, as texts, in the order of the texts.
    fn shared(&self, pairs: &[(u32, usize)]) -> Vec<(String, Vec<usize>)> {
        let rows = |group: &[(u32, usize)]| group.iter().map(|&(_, row)| row).collect();
        let mut shared: HashMap<u32, Vec<usize>> = pairs
            .chunk_by(|a, b| a.0 == b.0)
            .filter(|group| group.len() > 1)
            .map(|group| (group[0].0, rows(group)))
            .collect();
        if shared.is_empty() {
            return Vec::new();
        }
        let mut named: Vec<(String, Vec<usize>)> =
            self.0.iter().filter_map(|(text, number)| Some((text.clone(), shared.remove(number)?))).collect();
        named.sort();
        named
    }
}

impl State {
    fn new(records: &[&Record], order: &[usize], decisions: &[Sameness]) -> Self {
        let mut numbers = Numbers::default();
        let mut state = Self {
            parent: (0..order.len()).collect(),
            known: Vec::with_capacity(order.len()),
            by_mark: Default::default(),
            different: HashSet::new(),
            joined: Vec::new(),
            doubts: Vec::new(),
            doubled: Vec::new(),
        };
        let spoken: HashSet<RecordId> = decisions.iter().flat_map(|d| [d.one, d.other]).collect();
        for decision in decisions.iter().filter(|decision| !decision.same) {
            state.different.insert((decision.one, decision.other));
            state.different.insert((decision.other, decision.one));
        }
        let mut lists = Vec::with_capacity(order.len());
        let mut all_marks: [Vec<(u32, usize)>; 6] = Default::default();
        for (at, &row) in order.iter().enumerate() {
            let record = records[row];
            let list = numbers.of(&format!("{}\u{0}{}", record.source, record.listed));
            lists.push((list, record.grade == Grade::Observed || record.is_by_hand()));
            let mut known = Known { rows: vec![at], ..Known::default() };
            for (key, value) in marks(record) {
                let number = numbers.take(value);
                all_marks[key.at()].push((number, at));
                known.marks[key.at()].push(number);
            }
            state.known.push(known);
        }
        for (own, by_mark) in all_marks.iter_mut().zip(&mut state.by_mark) {
            own.sort_unstable();
            own.dedup();
            *by_mark = numbers.shared(own);
        }
        state.void_doubled(&lists, &mut numbers);
        for (at, &row) in order.iter().enumerate() {
            let record = records[row];
            let known = &mut state.known[at];
            if !lists[at].1 {
                known.lists.insert(lists[at].0);
            }
            if spoken.contains(&record.lineage) {
                known.decided.push(record.lineage);
            }
            known.products.extend(record.get(Field::Product).map(|text| numbers.of(&fold(text).replace(' ', ""))));
            known.numbering.extend(record.get(Field::AssetNumber).map(|text| numbers.of(&numbering(text))));
            known.kinds.extend(record.get(Field::Kind).map(|text| numbers.of(text)));
        }
        state
    }

    /// Takes marks out that stand in several rows of one list, or in too many rows of a table of the wire.
    fn void_doubled(&mut self, lists: &[(u32, bool)], numbers: &mut Numbers) {
        for key in [IdentityKey::Serial, IdentityKey::AssetNumber, IdentityKey::Mac, IdentityKey::Hostname] {
            let mut found = Vec::new();
            for (value, rows) in &mut self.by_mark[key.at()] {
                let mut of_list: BTreeMap<(u32, bool), Vec<usize>> = BTreeMap::new();
                rows.iter().for_each(|&row| of_list.entry(lists[row]).or_default().push(row));
                let void: Vec<Vec<usize>> = of_list
                    .into_iter()
                    .filter(|((_, wire), rows)| rows.len() > if *wire { MOST_ADDRESSES } else { 1 })
                    .map(|(_, rows)| rows)
                    .collect();
                for doubled in void {
                    rows.retain(|row| !doubled.contains(row));
                    // A voided mark tells nothing, neither for nor against.
                    let number = numbers.of(value);
                    for &row in &doubled {
                        self.known[row].marks[key.at()].retain(|mark| *mark != number);
                    }
                    if key != IdentityKey::Hostname {
                        found.push((key, value.clone(), doubled));
                    }
                }
            }
            self.doubled.extend(found);
        }
    }

    fn root(&mut self, mut at: usize) -> usize {
        while self.parent[at] != at {
            self.parent[at] = self.parent[self.parent[at]];
            at = self.parent[at];
        }
        at
    }

    /// One box of two, unless they are one already. The smaller position stays the root.
    fn union(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        if a == b {
            return;
        }
        let (keep, goes) = (a.min(b), a.max(b));
        self.parent[goes] = keep;
        let gone = std::mem::take(&mut self.known[goes]);
        let known = &mut self.known[keep];
        known.rows.extend(gone.rows);
        for (mine, theirs) in known.marks.iter_mut().zip(gone.marks) {
            for mark in theirs {
                if !mine.contains(&mark) {
                    mine.push(mark);
                }
            }
        }
        known.lists.extend(gone.lists);
        known.decided.extend(gone.decided);
        known.products.extend(gone.products);
        known.kinds.extend(gone.kinds);
        known.numbering.extend(gone.numbering);
    }

    fn join_by(&mut self, key: IdentityKey) {
        let groups = std::mem::take(&mut self.by_mark[key.at()]);
        for (_, rows) in groups.iter().filter(|(_, rows)| rows.len() > 1 && rows.len() <= MOST_ALIKE) {
            if key == IdentityKey::Name && !self.once_per_list(rows) {
                continue;
            }
            for (i, &row) in rows.iter().enumerate().skip(1) {
                for &earlier in &rows[..i] {
                    let (one, other) = (self.root(earlier), self.root(row));
                    if one == other {
                        continue;
                    }
                    match self.against(one, other, key) {
                        None => {
                            self.union(one, other);
                            self.joined.push((earlier, row, key));
                        }
                        Some(Against::Mark(against)) if key <= IdentityKey::Hostname => {
                            self.doubts.push(Doubt { one: earlier, other: row, mark: key, against: Some(against) });
                        }
                        Some(Against::Product) => {
                            self.doubts.push(Doubt { one: earlier, other: row, mark: key, against: None });
                        }
                        Some(_) => {}
                    }
                }
            }
        }
    }

    fn once_per_list(&mut self, rows: &[usize]) -> bool {
        let roots: BTreeSet<usize> = rows.iter().map(|&row| self.root(row)).collect();
        let mut seen = BTreeSet::new();
        roots.iter().all(|&root| {
            let lists = self.known[root].lists.clone();
            !lists.is_empty() && lists.into_iter().all(|list| seen.insert(list))
        })
    }

    fn against(&self, one: usize, other: usize, key: IdentityKey) -> Option<Against> {
        let (a, b) = (&self.known[one], &self.known[other]);
        let said = a.decided.iter().any(|x| b.decided.iter().any(|y| self.different.contains(&(*x, *y))));
        if said || !a.lists.is_disjoint(&b.lists) {
            return Some(Against::Said);
        }
        let level = key;
        let differ = |key: IdentityKey| {
            let (mine, theirs) = (&a.marks[key.at()], &b.marks[key.at()]);
            if key == IdentityKey::AssetNumber
                && level <= IdentityKey::Hostname
                && !a.numbering.iter().any(|way| b.numbering.contains(way))
            {
                return false;
            }
            !mine.is_empty() && !theirs.is_empty() && !mine.iter().any(|mark| theirs.contains(mark))
        };
        // A host may have several network cards: another MAC does not make another host, it only voids address and name.
        let stronger = IdentityKey::ALL.into_iter().filter(|&k| k < key);
        let mark =
            stronger.into_iter().find(|&k| !(k == IdentityKey::Mac && key == IdentityKey::Hostname) && differ(k));
        if let Some(mark) = mark {
            return Some(Against::Mark(mark));
        }
        let other_thing = |x: &[u32], y: &[u32]| !x.is_empty() && !y.is_empty() && !x.iter().any(|v| y.contains(v));
        let unlike = other_thing(&a.products, &b.products) || other_thing(&a.kinds, &b.kinds);
        (key == IdentityKey::Name && unlike).then_some(Against::Product)
    }

    fn finish(mut self, order: &[usize]) -> Boxes {
        let roots: Vec<usize> = (0..order.len()).filter(|&at| self.root(at) == at).collect();
        let row = |at: usize| order[at];
        let members = roots
            .into_iter()
            .map(|root| {
                let mut rows = std::mem::take(&mut self.known[root].rows);
                rows.sort_unstable();
                rows.into_iter().map(row).collect()
            })
            .collect();
        // One doubt per pair of boxes, by the strongest mark they share: marks were taken in that order.
        let mut pairs = HashSet::new();
        let mut doubts = std::mem::take(&mut self.doubts);
        doubts.retain(|doubt| {
            let (one, other) = (self.root(doubt.one), self.root(doubt.other));
            one != other && pairs.insert((one.min(other), one.max(other)))
        });
        Boxes {
            members,
            joined: self.joined.into_iter().map(|(a, b, key)| (row(a), row(b), key)).collect(),
            doubts: doubts.into_iter().map(|d| Doubt { one: row(d.one), other: row(d.other), ..d }).collect(),
            doubled: self
                .doubled
                .into_iter()
                .map(|(key, value, rows)| (key, value, rows.into_iter().map(row).collect()))
                .collect(),
        }
    }
}

/// Letters before the digits: `ME-` of `ME-00013`.
fn numbering(asset_number: &str) -> String {
    fold(asset_number).chars().take_while(|c| !c.is_ascii_digit()).collect()
}

/// Why two boxes that share a mark stay two.
enum Against {
    /// One list has both, or a person said so.
    Said,
    /// A stronger mark differs.
    Mark(IdentityKey),
    /// They share a name but not their product or kind.
    Product,
}
