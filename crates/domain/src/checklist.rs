//! The yearly checklist (年度のチェックリスト): one run per fiscal year and sheet, the hospital's own or a vendor's.
//!
//! Rules (checklist manual R7; dossier §3.2 and §8, 5):
//! - はい and いいえ carry 確認日: a day within the fiscal year (April to March), not ahead of today.
//! - いいえ also carries 目標日: within the same fiscal year, and not before 確認日. はい carries none.
//! - An item nobody has obtained (未取得) cannot be answered and counts neither as open nor as done.
//! - The program never answers: it only offers what it knows.

use crate::Msg;
use crate::date::fiscal_year;
use crate::document::{Content, DocumentKind};
use crate::edition::{Edition, Item, ItemChange, Known, Sheet, carry, compare};
use crate::ids::VendorId;
use crate::kinds::keyed;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The first year with a checklist (令和5年度).
pub const FIRST_YEAR: i16 = 2023;

/// Characters of a remark or of one piece of evidence.
pub const MAX_TEXT: usize = 1_000;

/// Whose sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunSheet {
    /// 医療機関確認用
    Hospital,
    /// 事業者確認用, of this vendor.
    Vendor(VendorId),
}

impl RunSheet {
    /// The sheet of an edition it holds the items of.
    #[must_use]
    pub fn sheet(self) -> Sheet {
        match self {
            RunSheet::Hospital => Sheet::Hospital,
            RunSheet::Vendor(_) => Sheet::Vendor,
        }
    }
}

/// One sheet of one fiscal year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Key of the edition it is answered under.
    pub edition: String,
    /// Fiscal year: 2026 is April 2026 to March 2027.
    pub fiscal_year: i16,
    /// Whose sheet.
    pub sheet: RunSheet,
    /// Answers by item key.
    pub answers: BTreeMap<String, Answer>,
    /// Answers whose item the edition no longer has, each with the edition it was given under.
    #[serde(default)]
    pub earlier: Vec<Earlier>,
    /// Times the sheet was given out, oldest first; vendor sheets only.
    #[serde(default)]
    pub sent: Vec<Sent>,
    /// When it came back.
    #[serde(default)]
    pub collected: Option<Collected>,
}

impl Content for Run {
    const KIND: DocumentKind = DocumentKind::Checklist;
}

/// The answer to one item.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// はい or いいえ; `None` = not answered.
    pub yes: Option<bool>,
    /// 確認日
    pub checked_on: Option<Date>,
    /// 目標日
    pub target_on: Option<Date>,
    /// Who answered.
    pub by: String,
    /// Remark.
    pub note: Option<String>,
    /// What proves it.
    #[serde(default)]
    pub evidence: Option<String>,
    /// The item changed in a newer edition since.
    #[serde(default)]
    pub look_again: bool,
}

/// An answer that belongs to an older edition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Earlier {
    /// Key of that edition.
    pub edition: String,
    /// Key of the item there.
    pub item: String,
    /// What was answered.
    pub answer: Answer,
}

/// A sheet that was given out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// Code in the file: proves which export an answer was made from, and nothing else.
    pub code: String,
    /// Revision of the run it was made of.
    pub revision: i64,
    /// On which day.
    pub on: Date,
    /// Who gave it out.
    pub by: String,
    /// Asked back by.
    pub due: Date,
}

/// A sheet that came back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collected {
    /// Code of the file.
    pub code: String,
    /// On which day.
    pub on: Date,
    /// Who at the vendor filled it in, as written there.
    pub by: String,
    /// Who of the hospital entered it.
    pub entered_by: String,
}

keyed! {
    /// Where a vendor's sheet is.
    Errand {
        /// 未送付
        NotSent = "not_sent",
        /// 送付済み
        Sent = "sent",
        /// 期限超過
        Overdue = "overdue",
        /// 回収済み
        Collected = "collected",
    }
}

keyed! {
    /// What an item's answer means today.
    Standing {
        /// まだ
        Open = "open",
        /// はい
        Yes = "yes",
        /// いいえ, to be done by its 目標日.
        No = "no",
        /// いいえ whose 目標日 is over.
        Late = "late",
        /// 見直し: answered under an older edition whose item changed.
        Again = "again",
        /// 未取得: nobody has seen the item.
        Missing = "missing",
    }
}

/// Counts of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Items that can be answered.
    pub all: u64,
    /// はい
    pub yes: u64,
    /// いいえ, late ones included.
    pub no: u64,
    /// いいえ whose 目標日 is over.
    pub late: u64,
    /// Not answered, or to be looked at again.
    pub open: u64,
    /// 未取得
    pub missing: u64,
}

/// First and last day of a fiscal year.
#[must_use]
pub fn days_of(year: i16) -> (Date, Date) {
    (Date::constant(year, 4, 1), Date::constant(year + 1, 3, 31))
}

/// A fiscal year as papers write it: `令和8年度`.
#[must_use]
pub fn year_name(year: i16) -> String {
    match year - 2018 {
        1 => "令和元年度".to_owned(),
        reiwa => format!("令和{reiwa}年度"),
    }
}

/// Whether a run of this year can be started on a day: from the first checklist to the coming year.
#[must_use]
pub fn is_open_year(year: i16, today: Date) -> bool {
    (FIRST_YEAR..=fiscal_year(today) + 1).contains(&year)
}

impl Answer {
    /// Whether it may be kept.
    ///
    /// # Errors
    /// What is wrong, for the person who answers.
    pub fn check(&self, year: i16, today: Date) -> Result<(), Msg> {
        let (first, last) = days_of(year);
        let within = |day: Date| (first..=last).contains(&day);
        let outside = |key: Msg, day: Date| Err(key.arg("date", day).arg("first", first).arg("last", last));
        if [&self.note, &self.evidence].into_iter().flatten().any(|text| text.chars().count() > MAX_TEXT) {
            return Err(Msg::new("checklist-too-long").arg("limit", MAX_TEXT));
        }
        let Some(yes) = self.yes else {
            let dated = self.checked_on.is_some() || self.target_on.is_some();
            return if dated { Err(Msg::new("checklist-day-without-answer")) } else { Ok(()) };
        };
        if self.by.trim().is_empty() {
            return Err(Msg::new("checklist-nobody"));
        }
        let Some(checked) = self.checked_on else { return Err(Msg::new("checklist-no-checked")) };
        if !within(checked) {
            return outside(Msg::new("checklist-checked-outside"), checked);
        }
        if checked > today {
            return Err(Msg::new("checklist-checked-ahead").arg("date", checked));
        }
        match (yes, self.target_on) {
            (true, None) => Ok(()),
            (true, Some(_)) => Err(Msg::new("checklist-yes-with-target")),
            (false, None) => Err(Msg::new("checklist-no-target")),
            (false, Some(target)) if !within(target) => outside(Msg::new("checklist-target-outside"), target),
            (false, Some(target)) if target < checked => {
                Err(Msg::new("checklist-target-before").arg("date", target).arg("checked", checked))
            }
            (false, Some(_)) => Ok(()),
        }
    }

    /// Whether it says nothing.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.yes.is_none() && self.note.is_none() && self.evidence.is_none()
    }
}

/// What an item's answer means on a day.
#[must_use]
pub fn standing(item: &Item, answer: Option<&Answer>, today: Date) -> Standing {
    match answer {
        _ if item.known == Known::Missing => Standing::Missing,
        Some(answer) if answer.look_again && answer.yes.is_some() => Standing::Again,
        Some(Answer { yes: Some(true), .. }) => Standing::Yes,
        Some(Answer { yes: Some(false), target_on, .. }) if target_on.is_some_and(|day| day < today) => Standing::Late,
        Some(Answer { yes: Some(false), .. }) => Standing::No,
        _ => Standing::Open,
    }
}

impl Run {
    /// Items of the edition that stand on this sheet, slots nobody has seen included.
    pub fn items<'a>(&self, edition: &'a Edition) -> impl Iterator<Item = &'a Item> {
        let sheet = self.sheet.sheet();
        edition.items.iter().filter(move |item| item.known == Known::Missing || item.sheets.contains(&sheet))
    }

    /// Counts on a day.
    #[must_use]
    pub fn tally(&self, edition: &Edition, today: Date) -> Tally {
        let mut tally = Tally::default();
        for item in self.items(edition) {
            match standing(item, self.answers.get(&item.key), today) {
                Standing::Missing => {
                    tally.missing += 1;
                    continue;
                }
                Standing::Open | Standing::Again => tally.open += 1,
                Standing::Yes => tally.yes += 1,
                Standing::No => tally.no += 1,
                Standing::Late => (tally.no, tally.late) = (tally.no + 1, tally.late + 1),
            }
            tally.all += 1;
        }
        tally
    }

    /// Where a vendor's sheet is on a day.
    #[must_use]
    pub fn errand(&self, today: Date) -> Errand {
        match (&self.collected, self.sent.last()) {
            (Some(_), _) => Errand::Collected,
            (None, None) => Errand::NotSent,
            (None, Some(sent)) if sent.due < today => Errand::Overdue,
            (None, Some(_)) => Errand::Sent,
        }
    }

    /// Moves the run to a newer edition. Every answer stays: with its item, or as one of the old edition. Those whose item
    /// changed are marked. Returns what changed.
    pub fn upgrade(&mut self, old: &Edition, new: &Edition) -> Vec<ItemChange> {
        let changes = compare(old, new);
        let (mut kept, left) = carry(&self.answers, old, new);
        for change in changes.iter().filter(|change| change.look_again()) {
            if let Some(answer) = change.new.and_then(|at| kept.get_mut(&new.items[at].key)) {
                answer.look_again = true;
            }
        }
        let earlier = |(item, answer)| Earlier { edition: old.key.clone(), item, answer };
        self.earlier.extend(left.into_iter().map(earlier));
        self.answers = kept;
        self.edition.clone_from(&new.key);
        changes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edition::tests::{edition, item};
    use jiff::civil::date;
    use proptest::prelude::*;

    const TODAY: Date = Date::constant(2026, 11, 24);

    fn on(text: &str) -> Option<Date> {
        (!text.is_empty()).then(|| text.parse().unwrap())
    }

    #[test]
    fn what_may_be_answered() {
        for (yes, checked, target, want) in [
            (None, "", "", ""),
            (None, "2026-11-01", "", "checklist-day-without-answer"),
            (None, "", "2027-03-31", "checklist-day-without-answer"),
            (Some(true), "2026-04-01", "", ""),
            (Some(true), "2026-11-24", "", ""),
            (Some(true), "2026-11-25", "", "checklist-checked-ahead"),
            (Some(true), "2026-03-31", "", "checklist-checked-outside"),
            (Some(true), "2027-04-01", "", "checklist-checked-outside"),
            (Some(true), "", "", "checklist-no-checked"),
            (Some(true), "2026-11-01", "2027-03-31", "checklist-yes-with-target"),
            (Some(false), "2026-11-01", "", "checklist-no-target"),
            (Some(false), "2026-11-01", "2027-03-31", ""),
            (Some(false), "2026-11-01", "2026-11-01", ""),
            (Some(false), "2026-11-02", "2026-11-01", "checklist-target-before"),
            (Some(false), "2026-11-01", "2027-04-01", "checklist-target-outside"),
            (Some(false), "2026-11-01", "2026-03-31", "checklist-target-outside"),
            (Some(false), "", "2027-03-31", "checklist-no-checked"),
        ] {
            let answer = Answer {
                yes,
                checked_on: on(checked),
                target_on: on(target),
                by: "佐々木".into(),
                ..Answer::default()
            };
            let told = answer.check(2026, TODAY).err().map(|msg| msg.key).unwrap_or_default();
            assert_eq!(told, want, "{yes:?} {checked} {target}");
            if yes.is_some() && want.is_empty() {
                let nobody = Answer { by: " ".into(), ..answer.clone() };
                assert_eq!(nobody.check(2026, TODAY).unwrap_err().key, "checklist-nobody");
                let long = Answer { note: Some("あ".repeat(MAX_TEXT + 1)), ..answer };
                assert_eq!(long.check(2026, TODAY).unwrap_err().key, "checklist-too-long");
            }
        }
    }

    #[test]
    fn years_are_those_of_papers() {
        assert_eq!(year_name(2026), "令和8年度");
        assert_eq!(year_name(2019), "令和元年度");
        for (year, open) in [(2022, false), (2023, true), (2026, true), (2027, true), (2028, false)] {
            assert_eq!(is_open_year(year, TODAY), open, "{year}");
        }
        assert!(!is_open_year(2027, date(2026, 3, 31)));
    }

    fn listed(key: &str, title: &str) -> Item {
        Item { sheets: vec![Sheet::Hospital], ..item(key, title) }
    }

    fn answer(yes: bool, target: &str) -> Answer {
        let (checked_on, target_on) = (on("2026-06-01"), on(target));
        Answer { yes: Some(yes), checked_on, target_on, by: "佐々木".into(), ..Answer::default() }
    }

    fn run(answers: &[(&str, Answer)]) -> Run {
        Run {
            edition: "checklist-r7".into(),
            fiscal_year: 2026,
            sheet: RunSheet::Hospital,
            answers: answers.iter().map(|(key, answer)| ((*key).to_owned(), answer.clone())).collect(),
            earlier: Vec::new(),
            sent: Vec::new(),
            collected: None,
        }
    }

    #[test]
    fn counts_hold_what_is_answered_and_nothing_that_was_not_obtained() {
        let slot = Item { known: Known::Missing, title: None, ..item("5", "") };
        let vendors = Item { sheets: vec![Sheet::Vendor], ..item("6", "事業者だけ") };
        let items = vec![listed("1", "a"), listed("2", "b"), listed("3", "c"), listed("4", "d"), slot, vendors];
        let list = edition("checklist-r7", items);
        let run =
            run(&[("1", answer(true, "")), ("2", answer(false, "2026-11-23")), ("3", answer(false, "2026-11-24"))]);
        let want = Tally { all: 4, yes: 1, no: 2, late: 1, open: 1, missing: 1 };
        assert_eq!(run.tally(&list, TODAY), want);
    }

    #[test]
    fn where_a_sheet_is() {
        let sent =
            |due: &str| Sent {
                code: "c".into(), revision: 1, on: TODAY, by: "佐々木".into(), due: on(due).unwrap()
            };
        let back = Collected { code: "c".into(), on: TODAY, by: "田村".into(), entered_by: "佐々木".into() };
        for (sent, collected, want) in [
            (vec![], None, Errand::NotSent),
            (vec![sent("2026-11-24")], None, Errand::Sent),
            (vec![sent("2026-11-23")], None, Errand::Overdue),
            (vec![sent("2026-11-23"), sent("2026-12-01")], None, Errand::Sent),
            (vec![sent("2026-11-23")], Some(back), Errand::Collected),
        ] {
            assert_eq!(Run { sent, collected, ..run(&[]) }.errand(TODAY), want);
        }
    }

    #[test]
    fn a_new_edition_keeps_every_answer_and_says_which_to_look_at() {
        let old = edition(
            "checklist-r7",
            vec![listed("1", "台帳"), listed("2", "構成図"), listed("3", "規程"), listed("4", "研修")],
        );
        let new = edition(
            "checklist-r8",
            vec![listed("1", "台帳"), listed("2", "棚卸し"), listed("3", "構成図"), listed("4", "研修と訓練")],
        );
        let mut run = run(&[
            ("1", answer(true, "")),
            ("2", answer(true, "")),
            ("3", answer(false, "2027-01-31")),
            ("4", answer(true, "")),
        ]);
        let changes = run.upgrade(&old, &new);
        assert_eq!((run.edition.as_str(), changes.len()), ("checklist-r8", 4));
        let marks: Vec<(&str, bool)> =
            run.answers.iter().map(|(key, answer)| (key.as_str(), answer.look_again)).collect();
        assert_eq!(marks, [("1", false), ("3", false), ("4", true)]);
        let earlier = Earlier { edition: "checklist-r7".into(), item: "3".into(), answer: answer(false, "2027-01-31") };
        assert_eq!(run.earlier, [earlier]);
        let tally = run.tally(&new, TODAY);
        assert_eq!((tally.yes, tally.open), (2, 2), "what changed waits, what is new waits");
    }

    proptest! {
        /// Whatever the editions, an upgrade loses no answer, answers nothing, and turns no answer round.
        #[test]
        fn an_upgrade_loses_and_answers_nothing(
            old in proptest::collection::btree_map(0..9_u8, 0..6_u8, 1..9),
            new in proptest::collection::btree_map(0..9_u8, 0..6_u8, 1..9),
            said in proptest::collection::btree_map(0..9_u8, any::<bool>(), 0..9),
        ) {
            let made = |key: &str, items: &BTreeMap<u8, u8>| {
                edition(key, items.iter().map(|(key, title)| listed(&key.to_string(), &format!("題{title}"))).collect())
            };
            let (old, new) = (made("r7", &old), made("r8", &new));
            let mut run = run(&[]);
            run.answers = said.iter().map(|(key, yes)| (key.to_string(), answer(*yes, "2027-03-31"))).collect();
            let before: Vec<bool> = run.answers.values().filter_map(|answer| answer.yes).collect();
            run.upgrade(&old, &new);
            let after = run.answers.values().chain(run.earlier.iter().map(|earlier| &earlier.answer));
            let mut after: Vec<bool> = after.filter_map(|answer| answer.yes).collect();
            let mut before = before;
            before.sort_unstable();
            after.sort_unstable();
            prop_assert_eq!(before, after);
        }
    }
}
