//! Where a contract stands on a day, and until when a vendor owes a report.

use super::check::same_number;
use super::{ReportTerm, Terms, Unit};
use crate::holiday::is_business_day;
use crate::kinds::keyed;
use crate::resource::Contract;
use jiff::civil::Date;
use jiff::{SignedDuration, Span, Timestamp};

/// Months before its end in which a contract is shown as ending soon: time to decide and to agree anew.
pub const SOON_MONTHS: i32 = 6;

/// Days before the last day of notice in which it is shown as near.
pub const NOTICE_DAYS: i32 = 60;

keyed! {
    /// Where a contract stands.
    Standing {
        /// まだ始まっていない
        NotBegun = "not_begun",
        /// 有効
        InForce = "in_force",
        /// 6か月以内に終わる
        EndsSoon = "ends_soon",
        /// 終わった
        Ended = "ended",
        /// 終わりの日が書かれていない
        NoEnd = "no_end",
    }
}

/// Where a contract stands on a day. The last day of its period still belongs to it. Without an end nothing is said about how
/// long it is in force; one that renews itself ends all the same by what the ledger says, so that a person looks.
#[must_use]
pub fn standing(contract: &Contract, today: Date) -> Standing {
    let soon = today.checked_add(Span::new().months(SOON_MONTHS)).unwrap_or(Date::MAX);
    match (contract.starts_on, contract.ends_on) {
        (_, Some(end)) if end < today => Standing::Ended,
        (Some(start), _) if start > today => Standing::NotBegun,
        (_, Some(end)) if end <= soon => Standing::EndsSoon,
        (_, Some(_)) => Standing::InForce,
        (_, None) => Standing::NoEnd,
    }
}

impl Standing {
    /// Whether its clauses bind today.
    #[must_use]
    pub fn binds(self) -> bool {
        !matches!(self, Standing::NotBegun | Standing::Ended)
    }
}

/// Whether the last day to give notice is near or has just been reached, while the contract has not ended.
#[must_use]
pub fn notice_near(terms: &Terms, standing: Standing, today: Date) -> bool {
    let until = today.checked_add(Span::new().days(NOTICE_DAYS)).unwrap_or(Date::MAX);
    standing != Standing::Ended && terms.notice_by.is_some_and(|day| day >= today && day <= until)
}

keyed! {
    /// What is to be looked at in a contract.
    Trouble {
        /// 終わった
        Ended = "ended",
        /// 6か月以内に終わる
        EndsSoon = "ends_soon",
        /// 通知期限が近い
        NoticeNear = "notice_near",
        /// 中身がまだない
        NoTerms = "no_terms",
        /// 条文が1つもない
        NoClauses = "no_clauses",
        /// 更新・報告の条文がない
        NoUpdateClause = "no_update_clause",
        /// 更新・報告の条文が、条文の一覧にない
        ClauseNotListed = "clause_not_listed",
        /// 再委託が不明
        SubcontractorUnknown = "subcontractor_unknown",
    }
}

/// What is to be looked at in a contract, in the order of [`Trouble::ALL`]. `terms` is `None` where nobody has entered any. Of a contract
/// that has ended nothing else is asked.
#[must_use]
pub fn troubles(contract: &Contract, terms: Option<&Terms>, today: Date) -> Vec<Trouble> {
    let standing = standing(contract, today);
    if standing == Standing::Ended {
        return vec![Trouble::Ended];
    }
    let soon = (standing == Standing::EndsSoon).then_some(Trouble::EndsSoon);
    let no_clause = contract.update_clause.is_none().then_some(Trouble::NoUpdateClause);
    let Some(terms) = terms else {
        return [soon, Some(Trouble::NoTerms), no_clause].into_iter().flatten().collect();
    };
    let listed = |clause: &String| terms.clauses.iter().any(|row| same_number(&row.number, clause));
    let lost = contract.update_clause.as_ref().is_some_and(|clause| !terms.clauses.is_empty() && !listed(clause));
    [
        soon,
        notice_near(terms, standing, today).then_some(Trouble::NoticeNear),
        terms.clauses.is_empty().then_some(Trouble::NoClauses),
        no_clause,
        lost.then_some(Trouble::ClauseNotListed),
        terms.subcontracting.is_unknown().then_some(Trouble::SubcontractorUnknown),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Until when something is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deadline {
    /// This moment.
    At(Timestamp),
    /// The end of this day in Japan.
    EndOf(Date),
}

/// Until when a report is owed that was triggered at `from`. Hours run at once; of business days the first is the one after (民法
/// 140条 初日不算入). 12/29–1/3 are no business days.
#[must_use]
pub fn due(term: &ReportTerm, from: Timestamp) -> Deadline {
    match term.unit {
        Unit::Hours => {
            let hours = SignedDuration::from_hours(i64::from(term.within));
            Deadline::At(from.checked_add(hours).unwrap_or(Timestamp::MAX))
        }
        Unit::BusinessDays => {
            let mut day = from.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(9))).date();
            let mut left = term.within;
            while left > 0 {
                let Ok(next) = day.tomorrow() else { break };
                day = next;
                left -= u32::from(is_business_day(day));
            }
            Deadline::EndOf(day)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::ReportOn;
    use super::*;
    use crate::ids::{ContractId, VendorId};

    fn contract(start: Option<&str>, end: Option<&str>) -> Contract {
        let day = |text: &str| text.parse().unwrap();
        Contract {
            id: ContractId::generate(),
            number: "K-1".into(),
            title: String::new(),
            vendor: VendorId::generate(),
            starts_on: start.map(day),
            ends_on: end.map(day),
            update_clause: None,
        }
    }

    #[test]
    fn where_a_contract_stands() {
        let today: Date = "2026-12-01".parse().unwrap();
        for (start, end, expected, binds) in [
            (None, None, Standing::NoEnd, true),
            (Some("2027-01-01"), None, Standing::NotBegun, false),
            (Some("2020-04-01"), Some("2026-11-30"), Standing::Ended, false),
            (Some("2020-04-01"), Some("2026-12-01"), Standing::EndsSoon, true),
            (Some("2020-04-01"), Some("2027-06-01"), Standing::EndsSoon, true),
            (Some("2020-04-01"), Some("2027-06-02"), Standing::InForce, true),
            (Some("2026-12-01"), Some("2033-06-30"), Standing::InForce, true),
        ] {
            let found = standing(&contract(start, end), today);
            assert_eq!((found, found.binds()), (expected, binds), "{start:?} {end:?}");
        }
    }

    #[test]
    fn a_day_of_notice_is_near() {
        let today: Date = "2026-12-01".parse().unwrap();
        for (notice, near) in [
            (None, false),
            (Some("2026-11-30"), false),
            (Some("2026-12-01"), true),
            (Some("2027-01-30"), true),
            (Some("2027-01-31"), false),
        ] {
            let terms = Terms { notice_by: notice.map(|day| day.parse().unwrap()), ..Terms::default() };
            assert_eq!(notice_near(&terms, Standing::InForce, today), near, "{notice:?}");
            assert!(!notice_near(&terms, Standing::Ended, today));
        }
    }

    #[test]
    fn what_is_to_be_looked_at() {
        use super::super::{Clause, Subcontracting};
        use Trouble as T;
        let today: Date = "2026-12-01".parse().unwrap();
        let clause = Clause { number: "第5条".into(), text: "更新".into() };
        let good = Terms { clauses: vec![clause], subcontracting: Subcontracting::None, ..Terms::default() };
        let near = Terms { notice_by: Some("2026-12-24".parse().unwrap()), ..good.clone() };
        for (end, update, terms, expected) in [
            ("2030-03-31", Some("第5条（自社のみ）"), Some(&good), vec![]),
            ("2026-11-30", None, None, vec![T::Ended]),
            ("2027-03-31", None, None, vec![T::EndsSoon, T::NoTerms, T::NoUpdateClause]),
            ("2030-03-31", Some("第6条"), Some(&near), vec![T::NoticeNear, T::ClauseNotListed]),
            ("2030-03-31", Some("第6条"), Some(&Terms::default()), vec![T::NoClauses, T::SubcontractorUnknown]),
        ] {
            let mut contract = contract(None, Some(end));
            contract.update_clause = update.map(str::to_owned);
            assert_eq!(troubles(&contract, terms, today), expected, "{end} {update:?}");
        }
    }

    #[test]
    fn until_when_a_report_is_owed() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let term = |within, unit| ReportTerm { on: ReportOn::Critical, within, unit };
        let hours = due(&term(24, Unit::Hours), at("2026-12-31T15:00:00Z"));
        assert_eq!(hours, Deadline::At(at("2027-01-01T15:00:00Z")));
        for (from, within, day) in [
            // Tuesday, 20:00 in Japan.
            ("2026-12-01T11:00:00Z", 3, "2026-12-04"),
            // Already Saturday in Japan.
            ("2026-12-04T16:00:00Z", 1, "2026-12-07"),
            // Over the year's end: 12/29–1/3 off.
            ("2026-12-28T01:00:00Z", 2, "2027-01-05"),
            // Silver week of 2026: 9/21–9/23 are holidays, 9/22 one between two.
            ("2026-09-18T01:00:00Z", 1, "2026-09-24"),
            ("2026-09-18T01:00:00Z", 0, "2026-09-18"),
        ] {
            let found = due(&term(within, Unit::BusinessDays), at(from));
            assert_eq!(found, Deadline::EndOf(day.parse().unwrap()), "{from} {within}");
        }
    }
}
