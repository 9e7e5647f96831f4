//! Columns on who updates a layer, and under which clause: 更新担当(OS), 更新担当/ファーム, 条文（アプリケーション）.

use tomomori_domain::import::Field;

/// Words of a layer, with the fields of who updates it and of the clause. Longer words first: ミドルウェア is no ソフト.
const LAYERS: [(&str, Field, Field); 4] = [
    ("ミドルウェア ミドル データベース db middleware", Field::MiddlewareUpdatedBy, Field::MiddlewareClause),
    (
        "アプリケーション アプリ 業務ソフト パッケージ application app",
        Field::ApplicationUpdatedBy,
        Field::ApplicationClause,
    ),
    (
        "ファームウェア ファーム ハードウェア ハード 機器 装置 本体 firmware hardware f/w fw",
        Field::FirmwareUpdatedBy,
        Field::FirmwareClause,
    ),
    ("os 基本ソフト operatingsystem", Field::OsUpdatedBy, Field::OsClause),
];

const UPDATER: &str = "更新担当 更新責任 更新者 更新実施者 更新元 アップデート担当 アップデート責任 パッチ担当 パッチ適用担当 updatedby \
    updater updateresponsible";
const CLAUSE: &str = "条文 条項 clause";

/// The field of a header that names both a layer and who updates it, or a layer and a clause. `key` is the whole header.
pub(crate) fn layered(key: &str) -> Option<Field> {
    let (_, updater, clause) = LAYERS.into_iter().find(|(words, ..)| names_any(key, words))?;
    if names_any(key, CLAUSE) {
        Some(clause)
    } else if names_any(key, UPDATER) {
        Some(updater)
    } else {
        None
    }
}

/// Whether the field says who updates a layer, or under which clause.
pub(crate) fn is_layered(field: Field) -> bool {
    LAYERS.into_iter().any(|(_, updater, clause)| field == updater || field == clause)
}

/// A header that says clause and not of what: it belongs to the updater beside it.
pub(crate) fn is_bare_clause(key: &str) -> bool {
    super::listed("条文 契約条文 根拠条文 条項 契約条項 根拠 更新の条文 clause", key)
}

/// The clause that stands beside who updates a layer.
pub(crate) fn clause_beside(updater: Field) -> Option<Field> {
    LAYERS.into_iter().find(|(_, field, _)| *field == updater).map(|(.., clause)| clause)
}

/// Latin words count only where no other letters touch them: `os` is not in `host`.
fn names_any(key: &str, words: &str) -> bool {
    words.split(' ').filter(|word| !word.is_empty()).any(|word| {
        key.match_indices(word).any(|(at, _)| {
            let before = key[..at].chars().next_back();
            let after = key[at + word.len()..].chars().next();
            !word.is_ascii() || ![before, after].into_iter().flatten().any(|c| c.is_ascii_alphabetic())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_layers() {
        for (key, want) in [
            ("更新担当(os)", Some(Field::OsUpdatedBy)),
            ("更新担当/ファーム", Some(Field::FirmwareUpdatedBy)),
            ("os更新担当", Some(Field::OsUpdatedBy)),
            ("ミドル更新責任者", Some(Field::MiddlewareUpdatedBy)),
            ("アプリ/条文", Some(Field::ApplicationClause)),
            ("更新担当/os/条文", Some(Field::OsClause)),
            ("更新担当", None),
            ("os", None),
            ("host更新担当", None),
        ] {
            assert_eq!(layered(key), want, "{key}");
        }
    }
}
