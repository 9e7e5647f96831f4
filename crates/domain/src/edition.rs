//! Item catalogues (項目表) as data: the confirmation table (確認表), the yearly checklist, the fee evidence, the core set.
//!
//! A catalogue comes in editions, and every answer keeps the edition it was given under. What an edition does not know of
//! itself is `None` and shown as 未取得; such an item counts neither as a gap nor as done.

pub mod check;
pub mod compare;

pub use check::{Problem, check};
pub use compare::{Changed, ItemChange, carry, compare};

use crate::document::{Content, DocumentKind};
use crate::kinds::keyed;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

keyed! {
    /// What a catalogue is for.
    EditionKind {
        /// 役割分担: who does what (確認表, core set)
        Roles = "roles",
        /// 年度のチェックリスト: はい・いいえ
        Checklist = "checklist",
        /// 施設基準などの証跡
        Evidence = "evidence",
    }
}

keyed! {
    /// Who leads an item.
    Lead {
        /// 主に医療機関が実施する項目 (Part1)
        Hospital = "hospital",
        /// 医療機関と事業者が共同で実施する項目 (Part2)
        Both = "both",
        /// 事業者が実施する項目
        Vendor = "vendor",
    }
}

keyed! {
    /// What an item is answered for.
    ItemScope {
        /// For each system and contract.
        System = "system",
        /// Once for the whole hospital (training, BCP).
        Hospital = "hospital",
    }
}

keyed! {
    /// On whose sheet an item stands.
    Sheet {
        /// 医療機関確認用
        Hospital = "hospital",
        /// 事業者確認用
        Vendor = "vendor",
    }
}

keyed! {
    /// How well an item is known.
    Known {
        /// Its text is known (official or our own).
        Full = "full",
        /// Only its official short title.
        Title = "title",
        /// 未取得: only that it exists.
        Missing = "missing",
    }
}

/// One edition of a catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edition {
    /// Stable key, e.g. `kakuninhyo-2024-06`.
    pub key: String,
    /// What it is for.
    pub kind: EditionKind,
    /// Official title, or ours.
    pub title: String,
    /// English title.
    pub title_en: String,
    /// Month of issue, `2024-06`, or the fiscal year, `FY2025`.
    pub published: String,
    /// Edition it replaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<String>,
    /// Where its contents were read, and what is not certain about it (要原文確認).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Whether its text was taken from the official paper by this hospital; second-hand rules are never called fulfilled.
    #[serde(default)]
    pub official: bool,
    /// The items, in their order.
    pub items: Vec<Item>,
}

impl Content for Edition {
    const KIND: DocumentKind = DocumentKind::Edition;
}

/// One item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Unique in the edition: part and number, e.g. `Part2/参考1`, `2-⑥`, `T07`.
    pub key: String,
    /// Number as printed (項番), e.g. `参考1`.
    pub number: String,
    /// Heading it stands under, e.g. `Part2 参考` or `管理・運用`.
    pub group: String,
    /// How well it is known.
    pub known: Known,
    /// Short title; `None` = not seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// English short title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title_en: Option<String>,
    /// What is asked, in our own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The same in English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text_en: Option<String>,
    /// Recommended response (推奨される対応例), in our own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<String>,
    /// Assumed risk (想定されるリスク), in our own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub risk: Option<String>,
    /// Who leads.
    pub lead: Lead,
    /// What it is answered for.
    pub scope: ItemScope,
    /// On whose sheets it stands.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sheets: Vec<Sheet>,
    /// Challenges of the ministry's page it answers (1–4).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub challenges: Vec<u8>,
    /// Passages of guidelines, as cited.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refs: Vec<String>,
    /// Items of other editions it corresponds to: edition key → item keys.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub maps: BTreeMap<String, Vec<String>>,
    /// Fields above that were inferred, not read (要原文確認).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inferred: Vec<String>,
    /// Where it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

impl Edition {
    /// An item by its key.
    #[must_use]
    pub fn item(&self, key: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.key == key)
    }
}

impl Item {
    /// Words to call it by in Japanese: its title, else what it asks; `None` for a slot nobody has seen.
    #[must_use]
    pub fn words(&self) -> Option<&str> {
        self.title.as_deref().or(self.text.as_deref())
    }

    /// The same in English, where there is English.
    #[must_use]
    pub fn words_en(&self) -> Option<&str> {
        self.title_en.as_deref().or(self.text_en.as_deref()).or(self.words())
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn edition(key: &str, items: Vec<Item>) -> Edition {
        Edition {
            key: key.to_owned(),
            kind: EditionKind::Roles,
            title: "確認表".to_owned(),
            title_en: "Table".to_owned(),
            published: "2024-06".to_owned(),
            replaces: None,
            note: None,
            official: false,
            items,
        }
    }

    pub(crate) fn item(key: &str, title: &str) -> Item {
        Item {
            key: key.to_owned(),
            number: key.to_owned(),
            group: "Part1 A".to_owned(),
            known: Known::Title,
            title: Some(title.to_owned()),
            title_en: None,
            text: None,
            text_en: None,
            response: None,
            risk: None,
            lead: Lead::Hospital,
            scope: ItemScope::System,
            sheets: Vec::new(),
            challenges: Vec::new(),
            refs: Vec::new(),
            maps: BTreeMap::new(),
            inferred: Vec::new(),
            source: None,
        }
    }
}
