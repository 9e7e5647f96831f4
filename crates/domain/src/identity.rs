//! Is this row a box we know? The same device stands in the ledger, in a delivery list, in ARP and in a scan.
//!
//! Rule (ours; no standard exists): keys are compared from the strongest to the weakest, serial number > asset number >
//! MAC > host name > address > name. A known box is *the same* if the strongest key that both sides share agrees and
//! points to one box only. A weaker agreement is void when a stronger key is known on both sides and differs: the same
//! address with another serial number is another box. Two strong keys that point to two boxes are a doubt for a person.

use crate::ids::ResourceId;
use crate::resource::{Resource, keyed};
use crate::text;
use std::collections::{BTreeSet, HashMap};

keyed! {
    /// What tells one box from another, strongest first.
    IdentityKey {
        /// 製造番号
        Serial = "serial",
        /// 管理番号
        AssetNumber = "asset_number",
        /// MACアドレス
        Mac = "mac",
        /// ホスト名
        Hostname = "hostname",
        /// IPアドレス: may be given to another box later, so it only decides where nothing better is known
        Address = "address",
        /// 名称: only where it is unique
        Name = "name",
    }
}

/// The telling marks of one row or resource, normalised.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks(Vec<(IdentityKey, String)>);

/// Conclusion for one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity {
    /// A known box, by this key.
    Same(ResourceId, IdentityKey),
    /// One of these, a person decides.
    Doubt(BTreeSet<ResourceId>, IdentityKey),
    /// Not known.
    New,
}

impl Marks {
    /// Adds a mark unless it is empty or a placeholder such as 不明 or `-`.
    pub fn add(&mut self, key: IdentityKey, value: &str) {
        let folded = text::fold(value);
        let value = match key {
            IdentityKey::Serial | IdentityKey::AssetNumber => folded.replace([' ', '-', '/'], ""),
            IdentityKey::Hostname => folded.split('.').next().unwrap_or_default().to_owned(),
            _ => folded,
        };
        let placeholder = ["不明", "ナシ", "無シ", "未確認", "同上", "na", "n/a", "unknown", "none", "0", "000"];
        if value.chars().any(char::is_alphanumeric) && !placeholder.contains(&value.as_str()) {
            self.0.push((key, value));
        }
    }

    /// Marks of a resource of the ledger.
    #[must_use]
    pub fn of(resource: &Resource) -> Self {
        let mut marks = Self::default();
        let one = [
            (IdentityKey::Serial, &resource.serial),
            (IdentityKey::AssetNumber, &resource.asset_number),
            (IdentityKey::Hostname, &resource.hostname),
        ];
        for (key, value) in one {
            if let Some(value) = value {
                marks.add(key, value);
            }
        }
        resource.macs.iter().for_each(|mac| marks.add(IdentityKey::Mac, mac));
        resource.addresses.iter().for_each(|address| marks.add(IdentityKey::Address, address));
        marks.add(IdentityKey::Name, &resource.name);
        marks
    }

    fn values(&self, key: IdentityKey) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |mark| mark.0 == key).map(|mark| mark.1.as_str())
    }

    /// Both sides know the key and have no value in common.
    fn differ(&self, other: &Self, key: IdentityKey) -> bool {
        let (mut mine, mut theirs) = (self.values(key).peekable(), other.values(key).peekable());
        mine.peek().is_some() && theirs.peek().is_some() && !mine.any(|value| other.values(key).any(|v| v == value))
    }
}

/// All known boxes, ready to be asked. Grows while an import goes through its rows.
#[derive(Clone, Debug, Default)]
pub struct IdentityIndex {
    by_mark: HashMap<(IdentityKey, String), BTreeSet<ResourceId>>,
    marks: HashMap<ResourceId, Marks>,
}

impl IdentityIndex {
    /// Adds a box, or replaces what was known about it.
    pub fn put(&mut self, id: ResourceId, marks: Marks) {
        if let Some(old) = self.marks.remove(&id) {
            for mark in old.0 {
                if let Some(ids) = self.by_mark.get_mut(&mark) {
                    ids.remove(&id);
                }
            }
        }
        for mark in &marks.0 {
            self.by_mark.entry(mark.clone()).or_default().insert(id);
        }
        self.marks.insert(id, marks);
    }

    /// Boxes that carry a mark, e.g. all with this name.
    #[must_use]
    pub fn with(&self, key: IdentityKey, value: &str) -> BTreeSet<ResourceId> {
        let mut marks = Marks::default();
        marks.add(key, value);
        marks.0.first().and_then(|mark| self.by_mark.get(mark)).cloned().unwrap_or_default()
    }

    /// Which known box the marks belong to. Boxes in `taken` are not considered: in a ledger two rows are two boxes.
    /// Rows that carry nothing but a name they share take the oldest such box.
    #[must_use]
    pub fn find(&self, row: &Marks, taken: &BTreeSet<ResourceId>) -> Identity {
        let mut found: Option<(ResourceId, IdentityKey)> = None;
        for &key in IdentityKey::ALL {
            let ids: BTreeSet<ResourceId> = row
                .values(key)
                .filter_map(|value| self.by_mark.get(&(key, value.to_owned())))
                .flatten()
                .copied()
                .filter(|id| !taken.contains(id) && !self.contradicts(row, *id, key))
                .collect();
            if ids.is_empty() {
                continue;
            }
            match found {
                None if ids.len() == 1 || key == IdentityKey::Name => found = ids.first().map(|id| (*id, key)),
                None => return Identity::Doubt(ids, key),
                // Weak keys never shake what a stronger one said.
                Some((id, by)) if key <= IdentityKey::Mac && !ids.contains(&id) => {
                    return Identity::Doubt(ids.into_iter().chain([id]).collect(), by);
                }
                Some(_) => {}
            }
        }
        found.map_or(Identity::New, |(id, key)| Identity::Same(id, key))
    }

    /// A key stronger than `key` is known on both sides and differs.
    fn contradicts(&self, row: &Marks, id: ResourceId, key: IdentityKey) -> bool {
        let Some(known) = self.marks.get(&id) else { return true };
        // A host may have several network cards: another MAC does not make another host, it only voids address and name.
        let stronger = IdentityKey::ALL.iter().filter(|&&k| k < key);
        stronger.into_iter().any(|&k| !(k == IdentityKey::Mac && key == IdentityKey::Hostname) && row.differ(known, k))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use IdentityKey as K;

    const NONE: BTreeSet<ResourceId> = BTreeSet::new();

    fn marks(list: &[(K, &str)]) -> Marks {
        let mut marks = Marks::default();
        list.iter().for_each(|(key, value)| marks.add(*key, value));
        marks
    }

    fn index(known: &[(ResourceId, &[(K, &str)])]) -> IdentityIndex {
        let mut index = IdentityIndex::default();
        known.iter().for_each(|(id, list)| index.put(*id, marks(list)));
        index
    }

    #[test]
    fn table_of_conclusions() {
        let (a, b) = (ResourceId::generate(), ResourceId::generate());
        let known = index(&[
            (
                a,
                &[
                    (K::Serial, "FGT60E-4Q16"),
                    (K::Address, "10.20.1.1"),
                    (K::Name, "保守用VPN装置"),
                    (K::Mac, "02:00:00:00:00:01"),
                ],
            ),
            (
                b,
                &[
                    (K::Hostname, "RECEDB01.local"),
                    (K::Address, "10.20.1.9"),
                    (K::Name, "レセプトサーバ"),
                    (K::Mac, "02:00:00:00:00:02"),
                ],
            ),
        ]);
        let cases: &[(&[(K, &str)], Identity)] = &[
            (&[(K::Serial, "ＦＧＴ６０Ｅ４Ｑ１６")], Identity::Same(a, K::Serial)),
            (&[(K::Address, "10.20.1.1")], Identity::Same(a, K::Address)),
            (&[(K::Address, "10.20.1.1"), (K::Serial, "OTHER99")], Identity::New),
            (&[(K::Serial, "不明"), (K::Name, "保守用ＶＰＮ装置")], Identity::Same(a, K::Name)),
            (&[(K::Hostname, "recedb01"), (K::Mac, "02:00:00:00:00:77")], Identity::Same(b, K::Hostname)),
            (&[(K::Serial, "FGT60E4Q16"), (K::Mac, "02:00:00:00:00:02")], Identity::Doubt([a, b].into(), K::Serial)),
            (&[(K::Serial, "FGT60E4Q16"), (K::Address, "10.20.1.9")], Identity::Same(a, K::Serial)),
            (&[(K::Address, "10.20.4.61")], Identity::New),
            (&[], Identity::New),
        ];
        for (row, want) in cases {
            assert_eq!(&known.find(&marks(row), &NONE), want, "{row:?}");
        }
    }

    #[test]
    fn rows_that_share_a_name_stay_two_boxes_on_every_import() {
        let (a, b) = (ResourceId::generate(), ResourceId::generate());
        let known = index(&[(a, &[(K::Name, "端末PC")]), (b, &[(K::Name, "端末ＰＣ")])]);
        let row = marks(&[(K::Name, "端末PC")]);
        assert_eq!(known.find(&row, &NONE), Identity::Same(a, K::Name));
        assert_eq!(known.find(&row, &[a].into()), Identity::Same(b, K::Name));
        assert_eq!(known.find(&row, &[a, b].into()), Identity::New);
    }

    #[test]
    fn two_boxes_of_one_serial_are_a_doubt() {
        let (a, b) = (ResourceId::generate(), ResourceId::generate());
        let known = index(&[(a, &[(K::Serial, "S-100")]), (b, &[(K::Serial, "S100")])]);
        assert_eq!(known.find(&marks(&[(K::Serial, "s100")]), &NONE), Identity::Doubt([a, b].into(), K::Serial));
    }

    #[test]
    fn what_was_known_is_replaced() {
        let a = ResourceId::generate();
        let mut known = index(&[(a, &[(K::Address, "10.0.0.1")])]);
        known.put(a, marks(&[(K::Address, "10.0.0.2")]));
        assert_eq!(known.find(&marks(&[(K::Address, "10.0.0.1")]), &NONE), Identity::New);
        assert_eq!(known.with(K::Address, "10.0.0.2"), [a].into());
    }
}
