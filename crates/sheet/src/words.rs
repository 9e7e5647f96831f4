//! Words of the field: what headers are called, and what stands in cells of a fixed vocabulary.
//!
//! All words are written as [`key`] leaves them.

mod devices;
mod layers;
mod own;
mod tables;
mod values;

pub(crate) use layers::{clause_beside, is_bare_clause, is_layered, layered};
pub(crate) use own::own_field;
pub(crate) use tables::{headers, required, sheet_names, signature};
pub(crate) use values::{
    always_on, criticality, medical, purchase, resource_kind, source_limited, state, truth, zone_kind,
};

use std::collections::HashSet;
use std::sync::LazyLock;
use tomomori_domain::import::Field;
use tomomori_domain::text;

/// Text for comparing with words: tidy, lower case, without spaces, all dashes alike. Unlike
/// [`tomomori_domain::text::fold`] it leaves hiragana as they are, so that the words here can be read.
pub(crate) fn key(text: &str) -> String {
    key_of_tidy(&text::tidy(text))
}

/// [`key`] of a text that is tidy already.
pub(crate) fn key_of_tidy(tidied: &str) -> String {
    let dash = |c| if matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}') { '-' } else { c };
    if tidied.is_ascii() {
        return tidied.chars().filter(|c| *c != ' ').map(|c| c.to_ascii_lowercase()).collect();
    }
    tidied.to_lowercase().chars().filter(|c| !c.is_whitespace()).map(dash).collect()
}

/// Words that state nothing: the cell counts as blank.
pub(crate) fn is_unstated(key: &str) -> bool {
    static WORDS: Words = LazyLock::new(|| {
        set(
            "- -- --- ー ― — / 不明 未定 未確認 調査中 確認中 ? ?? n/a na n.a. unknown tbd 未記入 空欄 不詳 未報告 未レポート \
             レポートなし まだ報告されていません まだレポートされていません notyetreported",
        )
    });
    WORDS.contains(key)
}

/// Words that say there is none. They are blank for everything but a yes-or-no.
pub(crate) fn is_none(key: &str) -> bool {
    static WORDS: Words = LazyLock::new(|| set("なし ナシ 無し 無 対象外 none 該当なし 該当ナシ"));
    WORDS.contains(key)
}

/// Words asked for at every cell of a file.
type Words = LazyLock<HashSet<&'static str>>;

fn set(words: &'static str) -> HashSet<&'static str> {
    words.split_whitespace().collect()
}

/// The address comes and goes; no address is stated.
pub(crate) fn is_dynamic(key: &str) -> bool {
    listed("dhcp 自動 自動取得 動的 自動割当 dynamic auto", key)
}

/// "The same as above".
pub(crate) fn is_ditto(text: &str) -> bool {
    // Asked for every cell: nearly all are told apart without tidying them.
    let first = text.as_bytes().first().is_some_and(|b| b.is_ascii_alphanumeric() && !matches!(b, b'd' | b'D'));
    !first && text.len() <= 16 && listed("〃 同上 \" ″ 々 ditto '' ′′ 仝", &key(text))
}

/// First cell of a row that adds up.
pub(crate) fn is_total(key: &str) -> bool {
    listed("合計 小計 総計 計 総合計 total subtotal grandtotal", key)
        || key.ends_with("合計") && key.chars().count() <= 8
}

/// The header marks a file this program wrote: what its columns mean is beyond doubt.
pub(crate) fn is_own(header: &str) -> bool {
    own_field(&key(header)) == Some(Field::ResourceId)
}

/// Columns whose contents are nobody's business here (prices, people's names): no sample of them is kept.
pub(crate) fn is_withheld(header: &str) -> bool {
    let key = key(header);
    let words = "金額 料金 価格 単価 税込 税抜 消費税 請求額 支払 ログオンユーザ ログインユーザ ログオン名 氏名 利用者名 amount price \
        fee tax loggedonuser lastuser username";
    words.split_whitespace().any(|word| key.contains(word))
}

/// Title of a list of remote-maintenance lines and of nothing else: 回線・リモート保守一覧 holds other lines as well.
pub(crate) fn is_about_remote_maintenance(key: &str) -> bool {
    let words = ["リモート保守", "リモートメンテナンス", "遠隔保守", "保守接続", "保守用接続", "remotemaintenance"];
    let mixed = ["回線・", "・回線", "linesand"];
    words.iter().any(|word| key.contains(word)) && !mixed.iter().any(|word| key.contains(word))
}

/// 設置場所 on a bill.
pub(crate) fn is_place(key: &str) -> bool {
    listed(
        "設置場所 設置先 設置住所 設置先住所 ご利用場所 利用場所 ご利用住所 住所 拠点 拠点名 location address site",
        key,
    )
}

/// The key is one of the words.
fn listed(words: &str, key: &str) -> bool {
    words.split(' ').any(|word| word == key)
}

/// The meaning of a word; a long vowel at its end is written or not (サーバ, サーバー).
fn look_up<T: Copy>(table: &[(T, &str)], key: &str) -> Option<T> {
    let short = key.strip_suffix('ー').unwrap_or(key);
    table.iter().find(|(_, words)| listed(words, key) || listed(words, short)).map(|(meaning, _)| *meaning)
}
