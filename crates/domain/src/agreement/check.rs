//! What terms, systems and cards of vendors have to be like before they are kept, and how a chain of subcontractors is typed.

use super::{MAX_DEPTH, Person, Subcontracting, Subcontractor, System, Terms, VendorCard};
use crate::message::Msg;
use crate::resource::Ledger;
use crate::text::{fold, tidy};
use std::collections::{BTreeSet, HashSet};
use uuid::Uuid;

/// Characters of a name or number.
pub const MAX_NAME: usize = 200;
/// Characters of a clause or remark.
pub const MAX_TEXT: usize = 5_000;
/// Entries of one list: clauses, people, subcontractors.
pub const MAX_ENTRIES: usize = 500;
/// Devices of one system or scope.
pub const MAX_DEVICES: usize = 10_000;

/// Whether two numbers of clauses mean the same: `第5条2項` and `第５条第２項`; what stands in brackets behind is a remark.
#[must_use]
pub fn same_number(a: &str, b: &str) -> bool {
    let plain = |text: &str| {
        let folded = fold(text);
        let bare = folded.split('(').next().unwrap_or_default();
        bare.chars().filter(|c| *c != '第' && !c.is_whitespace()).collect::<String>()
    };
    let (a, b) = (plain(a), plain(b));
    !a.is_empty() && a == b
}

impl Terms {
    /// The terms with texts tidied, ready to be kept. `systems` are the ids of the hospital's systems, `before` what is kept now:
    /// what left the ledger meanwhile may stay, it is shown as gone.
    ///
    /// # Errors
    /// The first fault, naming its place.
    pub fn tidied(mut self, ledger: &Ledger, systems: &BTreeSet<Uuid>, before: &Terms) -> Result<Terms, Msg> {
        many(self.clauses.len(), MAX_ENTRIES)?;
        many(self.resources.len(), MAX_DEVICES)?;
        let mut numbers: Vec<String> = Vec::new();
        for (row, clause) in (1..).zip(&mut self.clauses) {
            clause.number = tidy(&clause.number);
            clause.text = clause.text.trim().to_owned();
            if clause.number.is_empty() {
                return Err(Msg::new("agree-clause-no-number").arg("row", row));
            }
            if clause.text.is_empty() {
                return Err(Msg::new("agree-clause-no-text").arg("number", &clause.number));
            }
            length(&clause.number, MAX_NAME)?;
            length(&clause.text, MAX_TEXT)?;
            if numbers.iter().any(|other| same_number(other, &clause.number)) {
                return Err(Msg::new("agree-clause-twice").arg("number", &clause.number));
            }
            numbers.push(clause.number.clone());
        }
        for text in [&mut self.sla.periodic, &mut self.sla.hours, &mut self.sla.windows] {
            optional(text, MAX_TEXT)?;
        }
        let mut told = HashSet::new();
        for term in &self.sla.reports {
            if term.within == 0 || term.within > 9_999 {
                return Err(Msg::new("agree-bad-number"));
            }
            if !told.insert(term.on) {
                return Err(Msg::new("agree-report-twice"));
            }
        }
        if let Subcontracting::By(all) = &mut self.subcontracting {
            let mut count = 0;
            chain(all, 1, &mut count)?;
        }
        once(&mut self.systems);
        once(&mut self.resources);
        once(&mut self.lines);
        let gone = self.systems.iter().any(|id| !systems.contains(id) && !before.systems.contains(id));
        let devices: HashSet<_> = ledger.resources.iter().map(|row| row.id).chain(before.resources.clone()).collect();
        let lines: HashSet<_> = ledger.lines.iter().map(|row| row.id).chain(before.lines.clone()).collect();
        let known =
            self.resources.iter().all(|id| devices.contains(id)) && self.lines.iter().all(|id| lines.contains(id));
        if gone || !known {
            return Err(Msg::new("agree-scope-unknown"));
        }
        Ok(self)
    }
}

impl System {
    /// The system ready to be kept.
    ///
    /// # Errors
    /// No name, too long, or devices the ledger does not hold (those of `before` may stay).
    pub fn tidied(mut self, ledger: &Ledger, before: &System) -> Result<System, Msg> {
        self.name = tidy(&self.name);
        if self.name.is_empty() {
            return Err(Msg::new("agree-system-no-name"));
        }
        length(&self.name, MAX_NAME)?;
        many(self.resources.len(), MAX_DEVICES)?;
        once(&mut self.resources);
        let known: HashSet<_> = ledger.resources.iter().map(|row| row.id).chain(before.resources.clone()).collect();
        if self.resources.iter().any(|id| !known.contains(id)) {
            return Err(Msg::new("agree-scope-unknown"));
        }
        Ok(self)
    }
}

impl VendorCard {
    /// The card ready to be kept; rows without anything are left out.
    ///
    /// # Errors
    /// Somebody without a name, or a text that is too long.
    pub fn tidied(mut self) -> Result<VendorCard, Msg> {
        optional(&mut self.note, MAX_TEXT)?;
        for person in &mut self.people {
            person.name = tidy(&person.name);
            length(&person.name, MAX_NAME)?;
            for text in [&mut person.duty, &mut person.phone, &mut person.mail, &mut person.hours] {
                optional(text, MAX_NAME)?;
            }
        }
        self.people.retain(|person| Person { emergency: false, ..person.clone() } != Person::default());
        many(self.people.len(), MAX_ENTRIES)?;
        match self.people.iter().any(|person| person.name.is_empty()) {
            true => Err(Msg::new("agree-person-no-name")),
            false => Ok(self),
        }
    }
}

fn once<T: Copy + Eq + std::hash::Hash>(ids: &mut Vec<T>) {
    let mut seen = HashSet::new();
    ids.retain(|id| seen.insert(*id));
}

fn many(count: usize, limit: usize) -> Result<(), Msg> {
    if count > limit { Err(Msg::new("agree-too-many").arg("limit", limit)) } else { Ok(()) }
}

fn length(text: &str, limit: usize) -> Result<(), Msg> {
    if text.chars().count() > limit { Err(Msg::new("agree-too-long").arg("limit", limit)) } else { Ok(()) }
}

fn optional(text: &mut Option<String>, limit: usize) -> Result<(), Msg> {
    *text = text.take().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    text.as_ref().map_or(Ok(()), |text| length(text, limit))
}

fn chain(all: &mut [Subcontractor], depth: usize, count: &mut usize) -> Result<(), Msg> {
    if depth > MAX_DEPTH && !all.is_empty() {
        return Err(Msg::new("agree-too-deep").arg("limit", MAX_DEPTH));
    }
    for one in all {
        *count += 1;
        many(*count, MAX_ENTRIES)?;
        one.name = tidy(&one.name);
        length(&one.name, MAX_NAME)?;
        optional(&mut one.work, MAX_TEXT)?;
        chain(&mut one.below, depth + 1, count)?;
    }
    Ok(())
}

/// What stands for a subcontractor whose name nobody told.
const UNNAMED: &str = "？";

/// A chain of subcontractors as lines of text: `会社名: 仕事`, one `・` before it for each level below the first.
#[must_use]
pub fn chain_lines(all: &[Subcontractor]) -> String {
    fn write(all: &[Subcontractor], depth: usize, out: &mut Vec<String>) {
        for one in all {
            let name = if one.name.is_empty() { UNNAMED } else { &one.name };
            let work = one.work.as_ref().map(|work| format!(": {work}")).unwrap_or_default();
            out.push(format!("{}{name}{work}", "・".repeat(depth)));
            write(&one.below, depth + 1, out);
        }
    }
    let mut out = Vec::new();
    write(all, 0, &mut out);
    out.join("\n")
}

/// Reads [`chain_lines`] as people type them: a level is one `・` or `-`, a tab, a wide space or two plain ones; 不明 and ？ are nobody
/// named; the colon may be wide.
///
/// # Errors
/// A line that is more than one level below the one before it, or below [`MAX_DEPTH`], with its number.
pub fn read_chain(text: &str) -> Result<Vec<Subcontractor>, Msg> {
    let mut flat: Vec<(usize, Subcontractor)> = Vec::new();
    for (row, line) in (1..).zip(text.lines()) {
        if line.trim().is_empty() {
            continue;
        }
        let mut halves = 0;
        let start = line.find(|c| {
            halves += match c {
                '・' | '･' | '-' | '\t' | '\u{3000}' => 2,
                ' ' => 1,
                _ => return true,
            };
            false
        });
        let depth = halves / 2;
        let rest = &line[start.unwrap_or(line.len())..];
        let (name, work) = match rest.split_once([':', '：']) {
            Some((name, work)) => (tidy(name), Some(work.trim().to_owned()).filter(|work| !work.is_empty())),
            None => (tidy(rest), None),
        };
        if depth > flat.last().map_or(0, |(above, _)| above + 1) {
            return Err(Msg::new("agree-chain-step").arg("row", row));
        }
        if depth >= MAX_DEPTH {
            return Err(Msg::new("agree-too-deep").arg("limit", MAX_DEPTH));
        }
        let name = if matches!(name.as_str(), "" | "?" | "？" | "不明") { String::new() } else { name };
        flat.push((depth, Subcontractor { name, work, below: Vec::new() }));
    }
    let mut lines = flat.into_iter().peekable();
    Ok(level(&mut lines, 0))
}

/// The subcontractors of one level, each with those that stand below it.
fn level(
    lines: &mut std::iter::Peekable<std::vec::IntoIter<(usize, Subcontractor)>>,
    depth: usize,
) -> Vec<Subcontractor> {
    let mut out = Vec::new();
    while let Some((_, mut one)) = lines.next_if(|(at, _)| *at == depth) {
        one.below = level(lines, depth + 1);
        out.push(one);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::{Clause, ReportOn, ReportTerm, Unit};
    use super::*;
    use crate::ids::{LineId, ResourceId};
    use proptest::prelude::*;

    fn clause(number: &str, text: &str) -> Clause {
        Clause { number: number.into(), text: text.into() }
    }

    fn key(terms: Terms) -> Result<Terms, String> {
        terms.tidied(&Ledger::default(), &BTreeSet::new(), &Terms::default()).map_err(|msg| msg.key.to_string())
    }

    #[test]
    fn what_cannot_be_kept_is_named() {
        let with = |clauses: Vec<Clause>| Terms { clauses, ..Terms::default() };
        let hour = || ReportTerm { on: ReportOn::High, within: 24, unit: Unit::Hours };
        let reports = |reports: Vec<ReportTerm>| {
            let mut terms = Terms::default();
            terms.sla.reports = reports;
            terms
        };
        let mut deep = Subcontractor { name: "末".into(), ..Subcontractor::default() };
        for _ in 0..MAX_DEPTH {
            deep = Subcontractor { name: "社".into(), work: None, below: vec![deep] };
        }
        for (terms, fault) in [
            (with(vec![clause(" ", "a")]), "agree-clause-no-number"),
            (with(vec![clause("第5条", " ")]), "agree-clause-no-text"),
            (with(vec![clause("第5条", "a"), clause("第５条", "b")]), "agree-clause-twice"),
            (with(vec![clause("第5条", &"あ".repeat(MAX_TEXT + 1))]), "agree-too-long"),
            (with(vec![clause("1", "a"); MAX_ENTRIES + 1]), "agree-too-many"),
            (reports(vec![ReportTerm { within: 0, ..hour() }]), "agree-bad-number"),
            (reports(vec![hour(), hour()]), "agree-report-twice"),
            (Terms { subcontracting: Subcontracting::By(vec![deep]), ..Terms::default() }, "agree-too-deep"),
            (Terms { systems: vec![Uuid::now_v7()], ..Terms::default() }, "agree-scope-unknown"),
            (Terms { resources: vec![ResourceId::generate()], ..Terms::default() }, "agree-scope-unknown"),
            (Terms { lines: vec![LineId::generate()], ..Terms::default() }, "agree-scope-unknown"),
        ] {
            assert_eq!(key(terms), Err(fault.to_owned()));
        }
        let good = key(with(vec![clause(" 第5条 ", " 更新する ")])).unwrap();
        assert_eq!(good.clauses, [clause("第5条", "更新する")]);
    }

    #[test]
    fn what_left_the_ledger_may_stay() {
        let terms =
            Terms { systems: vec![Uuid::now_v7()], resources: vec![ResourceId::generate()], ..Terms::default() };
        assert!(terms.clone().tidied(&Ledger::default(), &BTreeSet::new(), &terms).is_ok());
    }

    #[test]
    fn numbers_of_clauses() {
        for (a, b, same) in [
            ("第5条", "第５条", true),
            ("第5条（自社ソフトのみ）", "第5条", true),
            ("第7条2項", "第7条第2項", true),
            ("第5条", "第5条第1項", false),
            ("第1条", "第11条", false),
            ("", "", false),
        ] {
            assert_eq!(same_number(a, b), same, "{a} {b}");
        }
    }

    #[test]
    fn chains_as_people_type_them() {
        let typed =
            "あおば保守: 現地対応\r\n・夜間コール株式会社：夜間受付\n　　　\n\n  不明: 部品\n・・末端社\nもう一社";
        let read = read_chain(typed).unwrap();
        assert_eq!(
            chain_lines(&read),
            "あおば保守: 現地対応\n・夜間コール株式会社: 夜間受付\n・？: 部品\n・・末端社\nもう一社"
        );
        assert!(Subcontracting::By(read).is_unknown());
        for (typed, fault) in [("・いきなり", "agree-chain-step"), ("A\n・・B", "agree-chain-step")] {
            assert_eq!(read_chain(typed).unwrap_err().key, fault);
        }
        let deep: Vec<String> = (0..=MAX_DEPTH).map(|depth| format!("{}社", "・".repeat(depth))).collect();
        assert_eq!(read_chain(&deep.join("\n")).unwrap_err().key, "agree-too-deep");
        assert!(read_chain(&deep[..MAX_DEPTH].join("\n")).is_ok());
    }

    proptest! {
        #[test]
        fn a_chain_written_and_read_is_the_same(depths in prop::collection::vec(0..MAX_DEPTH, 0..30)) {
            let mut above = 0;
            let mut text = Vec::new();
            for (row, wish) in depths.into_iter().enumerate() {
                above = if row == 0 { 0 } else { wish.min(above + 1).min(MAX_DEPTH - 1) };
                text.push(format!("{}社{row}: 仕事", "・".repeat(above)));
            }
            let text = text.join("\n");
            prop_assert_eq!(chain_lines(&read_chain(&text).unwrap()), text);
        }

        #[test]
        fn no_text_breaks_the_reader(text in "[・ \t\u{3000}a:：?\n]{0,60}") {
            if let Ok(read) = read_chain(&text) {
                prop_assert_eq!(read_chain(&chain_lines(&read)).unwrap(), read);
            }
        }
    }
}
