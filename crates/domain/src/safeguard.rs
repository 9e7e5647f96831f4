//! State of safeguards (安全対策の状態) of a system or a device: what somebody stated, on which day, and what it means today.
//!
//! A statement is never overwritten; the newest one of a kind stands. What nobody stated is unknown, never good.

use crate::Msg;
use crate::ids::{ResourceId, SafeguardId, ServiceId};
use crate::kinds::keyed;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

keyed! {
    /// Kind of a safeguard.
    SafeguardKind {
        /// バックアップ
        Backup = "backup",
        /// ログ
        Logs = "logs",
        /// 利用者IDの点検
        Accounts = "accounts",
        /// 二要素認証
        TwoFactor = "two_factor",
        /// 切っている保護
        SwitchedOff = "switched_off",
    }
}

keyed! {
    /// Whether two factors are asked for at log-in.
    TwoFactor {
        /// They are.
        Yes = "yes",
        /// They will be.
        Planned = "planned",
        /// They are not.
        No = "no",
    }
}

/// What is said about. `None` = not known, never *no*.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Statement {
    /// バックアップ
    Backup {
        /// Generations kept (世代数); 0 = no backup is made.
        generations: Option<u16>,
        /// Is a copy kept off the network?
        offline: Option<bool>,
        /// Is a copy kept on another medium?
        separated: Option<bool>,
        /// Last test that it can be restored.
        restored_on: Option<Date>,
    },
    /// ログ
    Logs {
        /// Are logs kept?
        kept: Option<bool>,
        /// Which, as written.
        what: Option<String>,
        /// For how many months.
        months: Option<u16>,
        /// Last time somebody looked at them.
        reviewed_on: Option<Date>,
    },
    /// 利用者IDの点検
    Accounts {
        /// Last time accounts that nobody needs were looked for.
        reviewed_on: Option<Date>,
    },
    /// 二要素認証
    TwoFactor {
        /// Asked for at log-in?
        state: Option<TwoFactor>,
        /// Planned until.
        until: Option<Date>,
    },
    /// 切っている保護
    SwitchedOff {
        /// Is a protection (antivirus, firewall, updates …) switched off?
        off: Option<bool>,
        /// Which, as written.
        what: Option<String>,
        /// Why.
        reason: Option<String>,
        /// Since when.
        since: Option<Date>,
        /// Until when it is agreed.
        expires_on: Option<Date>,
        /// Who agreed.
        approved_by: Option<String>,
    },
}

impl Statement {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> SafeguardKind {
        match self {
            Statement::Backup { .. } => SafeguardKind::Backup,
            Statement::Logs { .. } => SafeguardKind::Logs,
            Statement::Accounts { .. } => SafeguardKind::Accounts,
            Statement::TwoFactor { .. } => SafeguardKind::TwoFactor,
            Statement::SwitchedOff { .. } => SafeguardKind::SwitchedOff,
        }
    }
}

/// What a statement is about: a system (業務) with everything it needs, or one device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A service of the hospital (業務).
    Service(ServiceId),
    /// A device.
    Device(ResourceId),
}

/// One statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Safeguard {
    /// Key within the tenant.
    pub id: SafeguardId,
    /// What it is about.
    pub subject: Subject,
    /// What was said.
    pub statement: Statement,
    /// Who said so: a person, as written.
    pub stated_by: String,
    /// For whom: name of the vendor; `None` = the hospital itself.
    pub vendor: Option<String>,
    /// The day it was said.
    pub stated_on: Date,
    /// Who entered it.
    pub entered_by: String,
    /// When.
    pub entered_at: Timestamp,
}

/// How a safeguard is to be taken, the gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Somebody must act.
    Bad,
    /// Due, or weaker than it should be.
    Due,
    /// Nobody knows.
    Unknown,
    /// As it should be.
    Good,
}

/// State of a safeguard on a day: the gravest of its facts, and all of them in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// The gravest.
    pub verdict: Verdict,
    /// Each fact with its own verdict.
    pub facts: Vec<(Verdict, Msg)>,
}

impl State {
    fn of(facts: Vec<(Verdict, Msg)>) -> Self {
        let verdict = facts.iter().map(|(verdict, _)| *verdict).min().unwrap_or(Verdict::Unknown);
        Self { verdict, facts }
    }
}

/// The statement of a kind that stands: the newest by day, then by when it was entered.
#[must_use]
pub fn standing(kind: SafeguardKind, statements: &[Safeguard]) -> Option<&Safeguard> {
    let of_kind = statements.iter().filter(|row| row.statement.kind() == kind);
    of_kind.max_by_key(|row| (row.stated_on, row.entered_at, row.id))
}

/// What a kind's standing statement means today; without one it is unknown.
#[must_use]
pub fn state(standing: Option<&Statement>, today: Date) -> State {
    let Some(statement) = standing else {
        return State::of(vec![(Verdict::Unknown, Msg::new("safeguard-not-stated"))]);
    };
    State::of(match statement {
        Statement::Backup { generations: Some(0), .. } => vec![(Verdict::Bad, Msg::new("safeguard-no-backup"))],
        Statement::Backup { generations, offline, separated, restored_on } => {
            let generations = match generations {
                Some(count) => (Verdict::Good, Msg::new("safeguard-generations").arg("count", count)),
                None => (Verdict::Unknown, Msg::new("safeguard-generations-unknown")),
            };
            let offline = match offline {
                Some(true) => (Verdict::Good, Msg::new("safeguard-offline-yes")),
                Some(false) => (Verdict::Due, Msg::new("safeguard-offline-no")),
                None => (Verdict::Unknown, Msg::new("safeguard-offline-unknown")),
            };
            let separated = match separated {
                Some(true) => (Verdict::Good, Msg::new("safeguard-separated-yes")),
                Some(false) => (Verdict::Due, Msg::new("safeguard-separated-no")),
                None => (Verdict::Unknown, Msg::new("safeguard-separated-unknown")),
            };
            let restored = match restored_on {
                Some(day) if is_old(*day, today) => (Verdict::Due, Msg::new("safeguard-restored-old").arg("date", day)),
                Some(day) => (Verdict::Good, Msg::new("safeguard-restored").arg("date", day)),
                None => (Verdict::Unknown, Msg::new("safeguard-restored-unknown")),
            };
            vec![generations, offline, separated, restored]
        }
        Statement::Logs { kept: None, .. } => vec![(Verdict::Unknown, Msg::new("safeguard-logs-unknown"))],
        Statement::Logs { kept: Some(false), .. } => vec![(Verdict::Bad, Msg::new("safeguard-logs-no"))],
        Statement::Logs { kept: Some(true), what, months, reviewed_on } => {
            let what = match what {
                Some(what) => (Verdict::Good, Msg::new("safeguard-logs-what").arg("what", what)),
                None => (Verdict::Unknown, Msg::new("safeguard-logs-what-unknown")),
            };
            let months = match months {
                Some(months) => (Verdict::Good, Msg::new("safeguard-logs-months").arg("months", months)),
                None => (Verdict::Unknown, Msg::new("safeguard-logs-months-unknown")),
            };
            vec![what, months, reviewed(*reviewed_on, today)]
        }
        Statement::Accounts { reviewed_on } => vec![reviewed(*reviewed_on, today)],
        Statement::TwoFactor { state, until } => vec![match (state, until) {
            (None, _) => (Verdict::Unknown, Msg::new("safeguard-two-factor-unknown")),
            (Some(TwoFactor::Yes), _) => (Verdict::Good, Msg::new("safeguard-two-factor-yes")),
            (Some(TwoFactor::No), _) => (Verdict::Due, Msg::new("safeguard-two-factor-no")),
            (Some(TwoFactor::Planned), None) => (Verdict::Due, Msg::new("safeguard-two-factor-someday")),
            (Some(TwoFactor::Planned), Some(day)) if *day < today => {
                (Verdict::Bad, Msg::new("safeguard-two-factor-late").arg("date", day))
            }
            (Some(TwoFactor::Planned), Some(day)) => {
                (Verdict::Due, Msg::new("safeguard-two-factor-planned").arg("date", day))
            }
        }],
        Statement::SwitchedOff { off: None, .. } => vec![(Verdict::Unknown, Msg::new("safeguard-off-unknown"))],
        Statement::SwitchedOff { off: Some(false), .. } => vec![(Verdict::Good, Msg::new("safeguard-off-none"))],
        Statement::SwitchedOff { off: Some(true), what, reason, since, expires_on, approved_by } => {
            let what = match what {
                Some(what) => (Verdict::Due, Msg::new("safeguard-off-what").arg("what", what)),
                None => (Verdict::Due, Msg::new("safeguard-off-what-unknown")),
            };
            let reason = match reason {
                Some(reason) => (Verdict::Due, Msg::new("safeguard-off-reason").arg("reason", reason)),
                None => (Verdict::Unknown, Msg::new("safeguard-off-reason-unknown")),
            };
            let expires = match expires_on {
                Some(day) if *day < today => (Verdict::Bad, Msg::new("safeguard-off-expired").arg("date", day)),
                Some(day) => (Verdict::Due, Msg::new("safeguard-off-until").arg("date", day)),
                None => (Verdict::Bad, Msg::new("safeguard-off-open")),
            };
            let approved = match approved_by {
                Some(name) => (Verdict::Due, Msg::new("safeguard-off-approved").arg("name", name)),
                None => (Verdict::Unknown, Msg::new("safeguard-off-approved-unknown")),
            };
            let since = since.map(|day| (Verdict::Due, Msg::new("safeguard-off-since").arg("date", day)));
            [what, reason].into_iter().chain(since).chain([expires, approved]).collect()
        }
    })
}

/// Somebody looked at logs or accounts.
fn reviewed(on: Option<Date>, today: Date) -> (Verdict, Msg) {
    match on {
        Some(day) if is_old(day, today) => (Verdict::Due, Msg::new("safeguard-reviewed-old").arg("date", day)),
        Some(day) => (Verdict::Good, Msg::new("safeguard-reviewed").arg("date", day)),
        None => (Verdict::Unknown, Msg::new("safeguard-reviewed-unknown")),
    }
}

/// More than 12 months ago: the yearly checklist asks anew.
fn is_old(day: Date, today: Date) -> bool {
    today.checked_sub(12.months()).is_ok_and(|limit| day < limit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const TODAY: Date = Date::constant(2026, 11, 24);

    fn backup(generations: Option<u16>, offline: Option<bool>, restored_on: Option<Date>) -> Statement {
        Statement::Backup { generations, offline, separated: Some(true), restored_on }
    }

    fn off(expires_on: Option<Date>) -> Statement {
        Statement::SwitchedOff {
            off: Some(true),
            what: Some("ウイルス対策".to_owned()),
            reason: Some("業者の指定".to_owned()),
            since: None,
            expires_on,
            approved_by: Some("院長".to_owned()),
        }
    }

    #[test]
    fn what_statements_mean_today() {
        let two = |state, until| Statement::TwoFactor { state, until };
        let logs =
            |kept, reviewed_on| Statement::Logs { kept, what: Some("認証".to_owned()), months: Some(6), reviewed_on };
        for (statement, want, key) in [
            (None, Verdict::Unknown, "safeguard-not-stated"),
            (Some(backup(Some(3), Some(true), Some(date(2026, 4, 1)))), Verdict::Good, "safeguard-restored"),
            (Some(backup(Some(3), Some(true), Some(date(2025, 11, 24)))), Verdict::Good, "safeguard-restored"),
            (Some(backup(Some(3), Some(true), Some(date(2025, 11, 23)))), Verdict::Due, "safeguard-restored-old"),
            (Some(backup(Some(3), Some(false), Some(date(2026, 4, 1)))), Verdict::Due, "safeguard-offline-no"),
            (Some(backup(Some(3), None, Some(date(2026, 4, 1)))), Verdict::Unknown, "safeguard-offline-unknown"),
            (Some(backup(None, Some(true), Some(date(2026, 4, 1)))), Verdict::Unknown, "safeguard-generations-unknown"),
            (Some(backup(Some(3), Some(true), None)), Verdict::Unknown, "safeguard-restored-unknown"),
            (Some(backup(Some(0), Some(true), Some(TODAY))), Verdict::Bad, "safeguard-no-backup"),
            (Some(logs(None, Some(TODAY))), Verdict::Unknown, "safeguard-logs-unknown"),
            (Some(logs(Some(false), None)), Verdict::Bad, "safeguard-logs-no"),
            (Some(logs(Some(true), Some(TODAY))), Verdict::Good, "safeguard-reviewed"),
            (Some(logs(Some(true), None)), Verdict::Unknown, "safeguard-reviewed-unknown"),
            (Some(Statement::Accounts { reviewed_on: None }), Verdict::Unknown, "safeguard-reviewed-unknown"),
            (Some(Statement::Accounts { reviewed_on: Some(date(2025, 1, 1)) }), Verdict::Due, "safeguard-reviewed-old"),
            (Some(two(None, None)), Verdict::Unknown, "safeguard-two-factor-unknown"),
            (Some(two(Some(TwoFactor::Yes), None)), Verdict::Good, "safeguard-two-factor-yes"),
            (Some(two(Some(TwoFactor::No), None)), Verdict::Due, "safeguard-two-factor-no"),
            (Some(two(Some(TwoFactor::Planned), None)), Verdict::Due, "safeguard-two-factor-someday"),
            (Some(two(Some(TwoFactor::Planned), Some(TODAY))), Verdict::Due, "safeguard-two-factor-planned"),
            (Some(two(Some(TwoFactor::Planned), Some(date(2026, 11, 23)))), Verdict::Bad, "safeguard-two-factor-late"),
            (Some(off(Some(TODAY))), Verdict::Due, "safeguard-off-until"),
            (Some(off(Some(date(2026, 11, 23)))), Verdict::Bad, "safeguard-off-expired"),
            (Some(off(None)), Verdict::Bad, "safeguard-off-open"),
        ] {
            let state = state(statement.as_ref(), TODAY);
            assert_eq!(state.verdict, want, "{statement:?}");
            assert!(state.facts.iter().any(|(_, msg)| msg.key == key), "{statement:?}: {:?}", state.facts);
        }
    }

    #[test]
    fn the_newest_statement_of_a_kind_stands() {
        let made = |statement, stated_on, entered: i64| Safeguard {
            id: SafeguardId::generate(),
            subject: Subject::Device(ResourceId::generate()),
            statement,
            stated_by: "佐々木".to_owned(),
            vendor: None,
            stated_on,
            entered_by: "佐々木".to_owned(),
            entered_at: Timestamp::from_second(entered).unwrap(),
        };
        let review = |day| Statement::Accounts { reviewed_on: Some(day) };
        let rows = [
            made(review(TODAY), date(2026, 11, 1), 1),
            // Entered later, but it tells of an earlier day.
            made(review(date(2026, 1, 1)), date(2026, 1, 1), 9),
            made(backup(Some(1), None, None), date(2026, 11, 20), 2),
        ];
        assert_eq!(standing(SafeguardKind::Accounts, &rows), Some(&rows[0]));
        assert_eq!(standing(SafeguardKind::Backup, &rows), Some(&rows[2]));
        assert_eq!(standing(SafeguardKind::Logs, &rows), None);
    }
}
