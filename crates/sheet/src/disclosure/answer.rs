//! The few answers the forms allow, as people write them.

use crate::words;

/// An answer to a question of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// はい
    Yes,
    /// いいえ
    No,
    /// 対象外
    NotApplicable,
    /// 備考参照: the remark is the answer.
    SeeNote,
}

impl Answer {
    /// Stable key.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::NotApplicable => "not_applicable",
            Self::SeeNote => "see_note",
        }
    }
}

const WORDS: [(Answer, &[&str]); 4] = [
    (Answer::Yes, &["yes", "y", "はい", "有", "あり", "○", "〇", "◯"]),
    (Answer::No, &["no", "n", "いいえ", "無", "なし", "×", "✕"]),
    (Answer::NotApplicable, &["n/a", "na", "n.a.", "notapplicable", "対象外", "該当なし", "非該当", "該当しない", "-"]),
    (Answer::SeeNote, &["seenote", "seenotes", "備考参照", "備考を参照", "備考に記載"]),
];

/// Marks that choose the word behind or beside them, and marks that do not.
const CHOSEN: [char; 9] = ['■', '☑', '☒', '✓', '✔', '●', '◉', '○', 'レ'];
const NOT_CHOSEN: [char; 2] = ['□', '☐'];

/// Reads one cell: a word, or all words with one of them marked (`□はい ■いいえ □対象外`).
pub(super) fn read(text: &str) -> Option<Answer> {
    let key = words::key(text);
    let plain = WORDS.iter().find(|(_, words)| words.contains(&key.as_str())).map(|(answer, _)| *answer);
    plain.or_else(|| numbered_note(&key)).or_else(|| marked(&key))
}

/// `See Note 4`.
fn numbered_note(key: &str) -> Option<Answer> {
    let rest = key.strip_prefix("seenotes").or_else(|| key.strip_prefix("seenote"))?;
    rest.chars().all(|c| c.is_ascii_digit() || matches!(c, '#' | ',' | '.')).then_some(Answer::SeeNote)
}

fn marked(key: &str) -> Option<Answer> {
    if !key.contains(CHOSEN) || !key.contains(NOT_CHOSEN) {
        return None;
    }
    let mut chosen = key.split_inclusive(|c: char| CHOSEN.contains(&c)).skip(1).filter_map(|rest| {
        let word = rest.split(|c: char| CHOSEN.contains(&c) || NOT_CHOSEN.contains(&c)).next()?;
        WORDS.iter().find(|(_, words)| words.contains(&word)).map(|(answer, _)| *answer)
    });
    let answer = chosen.next()?;
    chosen.next().is_none().then_some(answer)
}

/// Whether a cell in a column of its own (はい | いいえ | 対象外) chooses it; `None` for what is no mark.
pub(super) fn is_chosen(text: &str) -> Option<bool> {
    let key = words::key(text);
    let mut chars = key.chars();
    match (chars.next(), chars.next()) {
        (None, _) => Some(false),
        (Some(c), None) if CHOSEN.contains(&c) || matches!(c, '〇' | '◯' | '1' | 'v' | 'x') => Some(true),
        (Some(c), None) if NOT_CHOSEN.contains(&c) || c == '-' => Some(false),
        _ => read(text).map(|_| true),
    }
}

/// Lines that a form leaves to write on.
pub(super) fn is_placeholder(text: &str) -> bool {
    text.chars().all(|c| matches!(c, '_' | '-' | '.' | '…' | ' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_as_people_write_them() {
        for (text, want) in [
            ("Yes", Some(Answer::Yes)),
            (" NO ", Some(Answer::No)),
            ("Ｎ／Ａ", Some(Answer::NotApplicable)),
            ("See Notes", Some(Answer::SeeNote)),
            ("See Note 4", Some(Answer::SeeNote)),
            ("はい", Some(Answer::Yes)),
            ("□はい ■いいえ □対象外", Some(Answer::No)),
            ("■はい ■いいえ □対象外", None),
            ("□はい □いいえ □対象外", None),
            ("Maybe", None),
            ("", None),
        ] {
            assert_eq!(read(text), want, "{text}");
        }
        for (text, want) in
            [("○", Some(true)), ("□", Some(false)), ("", Some(false)), ("はい", Some(true)), ("注", None)]
        {
            assert_eq!(is_chosen(text), want, "{text}");
        }
    }
}
