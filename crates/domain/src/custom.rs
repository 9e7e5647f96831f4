//! The hospital's own columns (自由項目) and their types. A type is a view: records keep what was written, the ledger shows
//! it in one form, and what does not fit its type stays as written and is asked about.

use crate::date;
use crate::kinds::keyed;
use crate::message::Msg;
use crate::text::{fold, tidy};
use std::collections::HashSet;

keyed! {
    /// What an own column holds.
    FieldType {
        /// Any text.
        Text = "text",
        /// A number: a sign, digits with or without thousands separators, a decimal point.
        Number = "number",
        /// A day.
        Date = "date",
        /// はい or いいえ.
        Truth = "yes_no",
        /// One of a list of words.
        Choice = "choice",
    }
}

/// Most definitions a hospital keeps; more columns than that are no ledger any more.
pub const MAX_FIELDS: usize = 100;

/// Characters of a name, a note or a word to choose from.
const MAX_TEXT: usize = 100;

/// Digits a number may have: Excel keeps 15, more would come back changed.
const MAX_DIGITS: usize = 15;

const YES: &str = "はい";
const NO: &str = "いいえ";

/// Names of the mark that stands before the name of an own column in this program's files (`自由項目: 担当者`).
const MARKS: [&str; 2] = ["自由項目", "Own column"];

/// The name of an own column in a header this program wrote.
#[must_use]
pub fn of_header(header: &str) -> Option<&str> {
    let rest = MARKS.iter().find_map(|mark| header.strip_prefix(mark))?;
    rest.strip_prefix(": ").filter(|label| !label.is_empty())
}

/// An own column as the hospital defines it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomField {
    /// Its name, as the header of the column is written: the key by which values are found.
    pub name: String,
    /// What it holds.
    pub kind: FieldType,
    /// Words to choose from, for [`FieldType::Choice`].
    pub choices: Vec<String>,
    /// What it is for.
    pub note: Option<String>,
    /// Place among the own columns, smallest first.
    pub position: i32,
    /// Not offered any more; its values stay.
    pub retired: bool,
}

impl CustomField {
    /// A text in the one form of the type: numbers plain (`1200.5`), days ISO, はい or いいえ, the word of the list; `None`
    /// when it does not fit. What fits, fits again in that form and stays the same.
    #[must_use]
    pub fn canonical(&self, text: &str) -> Option<String> {
        match self.kind {
            FieldType::Text => Some(text.to_owned()),
            FieldType::Number => number(&tidy(text)),
            FieldType::Date => date::parse(text).ok().map(|day| day.to_string()),
            FieldType::Truth => truth(text).map(|yes| if yes { YES } else { NO }.to_owned()),
            FieldType::Choice => self.choices.iter().find(|word| fold(word) == fold(text)).cloned(),
        }
    }

    /// Words a value is chosen from, in the form they are kept; none where it is typed.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        match self.kind {
            FieldType::Truth => vec![YES.to_owned(), NO.to_owned()],
            FieldType::Choice => self.choices.clone(),
            _ => Vec::new(),
        }
    }

    /// Why a text does not fit, and what to do.
    #[must_use]
    pub fn misfit(&self, text: &str) -> Msg {
        let msg = match self.kind {
            FieldType::Number => Msg::new("own-not-a-number"),
            FieldType::Date => Msg::new("own-not-a-date"),
            FieldType::Truth => Msg::new("own-not-yes-or-no"),
            FieldType::Choice | FieldType::Text => Msg::new("own-not-a-choice"),
        };
        msg.arg("column", &self.name).arg("value", text)
    }

    /// The definition with its texts tidied.
    ///
    /// # Errors
    /// What is wrong with it, for people.
    pub fn tidied(self) -> Result<Self, Msg> {
        let long = |text: &str| text.chars().count() > MAX_TEXT;
        let name = tidy(&self.name);
        if name.is_empty() || long(&name) {
            return Err(Msg::new("own-bad-name").arg("limit", MAX_TEXT));
        }
        let mut seen = HashSet::new();
        let choices: Vec<String> = self.choices.iter().map(|word| tidy(word)).collect();
        let choices: Vec<String> =
            choices.into_iter().filter(|word| !word.is_empty() && seen.insert(fold(word))).collect();
        let wanted = self.kind == FieldType::Choice;
        if wanted && (choices.is_empty() || choices.len() > MAX_FIELDS || choices.iter().any(|word| long(word))) {
            return Err(Msg::new("own-bad-choices").arg("limit", MAX_FIELDS).arg("length", MAX_TEXT));
        }
        let note = self.note.as_deref().map(tidy).filter(|note| !note.is_empty());
        if note.as_deref().is_some_and(long) {
            return Err(Msg::new("own-bad-note").arg("limit", MAX_TEXT));
        }
        Ok(Self { name, choices: if wanted { choices } else { Vec::new() }, note, ..self })
    }
}

/// `1,200.50` → `1200.5`.
fn number(text: &str) -> Option<String> {
    let (sign, rest) = match text.strip_prefix('-').or_else(|| text.strip_prefix('−')) {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = rest.split_once('.').unwrap_or((rest, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let mut groups = whole.split(',');
    let first = groups.next().filter(|first| digits(first))?;
    let grouped = groups.clone().count() > 0;
    if grouped && first.len() > 3 || !groups.all(|group| digits(group) && group.len() == 3) || !digits(fraction) {
        return None;
    }
    let whole = whole.replace(',', "");
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    if whole.len() + fraction.len() > MAX_DIGITS {
        return None;
    }
    let plain = match (whole, fraction) {
        ("", "") => return Some("0".to_owned()),
        (whole, "") => whole.to_owned(),
        ("", fraction) => format!("0.{fraction}"),
        (whole, fraction) => format!("{whole}.{fraction}"),
    };
    Some(format!("{sign}{plain}"))
}

/// The same words as the form of the list itself: a cell that says 不明 says neither.
fn truth(text: &str) -> Option<bool> {
    let given = fold(text);
    let listed = |words: &str| words.split(' ').any(|word| fold(word) == given);
    if listed("はい 有 有り あり ○ 〇 ◯ 済 yes y true") {
        Some(true)
    } else if listed("いいえ 無 無し なし × ✕ 未 no n false") {
        Some(false)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn field(kind: FieldType) -> CustomField {
        let choices = vec!["A棟".to_owned(), "Ｂ棟".to_owned()];
        CustomField { name: "項目".to_owned(), kind, choices, note: None, position: 0, retired: false }
    }

    #[test]
    fn texts_in_the_form_of_their_type() {
        use FieldType as Type;
        for (kind, text, want) in [
            (Type::Number, "１，２００", Some("1200")),
            (Type::Number, " -007.50 ", Some("-7.5")),
            (Type::Number, "−0.0", Some("0")),
            (Type::Number, "0.05", Some("0.05")),
            (Type::Number, "999999999999999", Some("999999999999999")),
            (Type::Number, "1234567890123456", None),
            (Type::Number, "1,20", None),
            (Type::Number, "1200,300", None),
            (Type::Number, "12台", None),
            (Type::Number, "1e5", None),
            (Type::Number, ".", None),
            (Type::Number, "", None),
            (Type::Date, "令和9年3月31日", Some("2027-03-31")),
            (Type::Date, "2027/3/31", Some("2027-03-31")),
            (Type::Date, "平成31年6月1日", None),
            (Type::Date, "来年", None),
            (Type::Truth, "○", Some("はい")),
            (Type::Truth, "ＹＥＳ", Some("はい")),
            (Type::Truth, "無し", Some("いいえ")),
            (Type::Truth, "不明", None),
            (Type::Choice, "ａ棟", Some("A棟")),
            (Type::Choice, "B棟", Some("Ｂ棟")),
            (Type::Choice, "C棟", None),
            (Type::Text, " なんでも ", Some(" なんでも ")),
        ] {
            assert_eq!(field(kind).canonical(text).as_deref(), want, "{kind:?} {text}");
        }
    }

    #[test]
    fn a_definition_is_tidied_or_refused() {
        let wanted =
            CustomField { choices: vec![" 赤 ".into(), "赤".into(), String::new()], ..field(FieldType::Choice) };
        assert_eq!(wanted.tidied().unwrap().choices, ["赤"]);
        assert!(field(FieldType::Text).tidied().unwrap().choices.is_empty());
        let bad = |change: &dyn Fn(&mut CustomField)| {
            let mut field = field(FieldType::Choice);
            change(&mut field);
            field.tidied().unwrap_err().key
        };
        assert_eq!(bad(&|field| field.name = " ".to_owned()), "own-bad-name");
        assert_eq!(bad(&|field| field.choices.clear()), "own-bad-choices");
        assert_eq!(bad(&|field| field.note = Some("長".repeat(101))), "own-bad-note");
    }

    proptest! {
        #[test]
        fn what_fits_stays_the_same_in_its_form(text in "[-0-9,./年月日はい○×yesnoA-B棟 ]{0,12}", kind in proptest::sample::select(FieldType::ALL)) {
            if let Some(once) = field(kind).canonical(&text) {
                prop_assert_eq!(field(kind).canonical(&once), Some(once.clone()));
                if kind == FieldType::Number {
                    // As a cell of Excel keeps it.
                    let number: f64 = once.parse().unwrap();
                    prop_assert_eq!(number.to_string(), once);
                }
            }
        }
    }
}
