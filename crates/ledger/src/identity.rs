//! Marks that tell one box from another, and how strong each is.
//!
//! Rule (ours; no standard exists), from the strongest to the weakest: serial number > asset number > MAC > host name >
//! address > name. [`crate::boxes`] says how they are used.

use tomomori_domain::import::Field;
use tomomori_domain::record::Record;
use tomomori_domain::text;

/// What tells one box from another, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentityKey {
    /// 製造番号
    Serial,
    /// 管理番号
    AssetNumber,
    /// MACアドレス
    Mac,
    /// ホスト名
    Hostname,
    /// IPアドレス: may be given to another box later, so it only decides where nothing better is known
    Address,
    /// 名称: only where it is unique
    Name,
}

impl IdentityKey {
    /// Strongest first.
    pub const ALL: [IdentityKey; 6] = [
        IdentityKey::Serial,
        IdentityKey::AssetNumber,
        IdentityKey::Mac,
        IdentityKey::Hostname,
        IdentityKey::Address,
        IdentityKey::Name,
    ];

    /// The field that states it.
    #[must_use]
    pub fn field(self) -> Field {
        match self {
            IdentityKey::Serial => Field::Serial,
            IdentityKey::AssetNumber => Field::AssetNumber,
            IdentityKey::Mac => Field::Mac,
            IdentityKey::Hostname => Field::Hostname,
            IdentityKey::Address => Field::Address,
            IdentityKey::Name => Field::Name,
        }
    }

    /// How sure two rows are one box when this is the strongest mark they share, percent.
    #[must_use]
    pub fn score(self) -> u8 {
        match self {
            IdentityKey::Serial => 100,
            IdentityKey::AssetNumber => 98,
            IdentityKey::Mac => 95,
            IdentityKey::Hostname => 85,
            IdentityKey::Address => 70,
            IdentityKey::Name => 60,
        }
    }

    pub(crate) fn at(self) -> usize {
        self as usize
    }
}

/// A value of a mark as it is compared; `None` for placeholders such as 不明 or `-`.
#[must_use]
pub fn mark(key: IdentityKey, value: &str) -> Option<String> {
    let folded = text::fold(value);
    let value = match key {
        IdentityKey::Serial | IdentityKey::AssetNumber => folded.replace([' ', '-', '/'], ""),
        IdentityKey::Hostname => folded.split('.').next().unwrap_or_default().to_owned(),
        _ => folded,
    };
    let placeholder = ["不明", "ナシ", "無シ", "未確認", "同上", "na", "n/a", "unknown", "none", "0", "000"];
    (value.chars().any(char::is_alphanumeric) && !placeholder.contains(&value.as_str())).then_some(value)
}

/// The marks of a row. What was only seen on the wire has no name of its own.
#[must_use]
pub fn marks(record: &Record) -> Vec<(IdentityKey, String)> {
    let named = record.grade != tomomori_domain::resource::Grade::Observed;
    let keys = IdentityKey::ALL.into_iter().filter(|&key| named || key != IdentityKey::Name);
    keys.flat_map(|key| record.all(key.field()).filter_map(move |value| Some((key, mark(key, &value.text)?)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_compared_as_people_mean_them() {
        for (key, one, other) in [
            (IdentityKey::Serial, "ＦＧＴ６０Ｅ４Ｑ１６", "FGT60E-4Q16"),
            (IdentityKey::Hostname, "RECEDB01.local", "recedb01"),
            (IdentityKey::Name, "保守用ＶＰＮ装置", "保守用VPN装置"),
        ] {
            assert_eq!(mark(key, one), mark(key, other));
        }
        for nothing in ["不明", "－", "なし", "", "0"] {
            assert_eq!(mark(IdentityKey::Serial, nothing), None, "{nothing}");
        }
    }
}
