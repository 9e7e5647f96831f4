//! Confirmation sessions: a hospital and a vendor go through the items of one edition for one contract (確認表の記入).
//!
//! Rules (確認表 2024-06, 記入方法; dossier §2.4 and §8, 1):
//! - 初回確認 is the result on the day of the first talk and is never changed afterwards.
//! - 完了日 exists only where it was いいえ, and is not before the first talk.
//! - So an item is: not talked about → はい (done), or いいえ (open) → completed.
//! - What a side proposes binds nobody. A row is agreed when both sides agreed to the same roles; any later change of the
//!   roles takes both agreements away.

use crate::Msg;
use crate::agreement::ClauseRef;
use crate::document::{Content, DocumentKind};
use crate::ids::{ContractId, VendorId};
use crate::kinds::keyed;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

keyed! {
    /// What a side does about an item.
    Duty {
        /// 主: does it, alone.
        Does = "does",
        /// 分: does it together with another side that does too, each its agreed part.
        Shares = "shares",
        /// 協: helps.
        Helps = "helps",
        /// 知: is informed.
        Informed = "informed",
        /// なし: has nothing to do with it.
        Not = "not",
    }
}

impl Duty {
    /// Whether a side with this duty acts by itself.
    #[must_use]
    pub fn acts(self) -> bool {
        matches!(self, Duty::Does | Duty::Shares)
    }
}

keyed! {
    /// Who speaks.
    Side {
        /// The hospital.
        Hospital = "hospital",
        /// The vendor of the contract.
        Vendor = "vendor",
    }
}

keyed! {
    /// How something was said.
    Means {
        /// Logged in, with the password asked again.
        Login = "login",
        /// From a file; a person of the hospital entered it.
        File = "file",
        /// From a scan of a stamped paper; a person of the hospital entered it.
        Scan = "scan",
    }
}

/// One run through an edition for one contract; without contract it is the hospital's own statement (院内).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The edition's key.
    pub edition: String,
    /// The contract; `None` = the hospital about itself.
    pub contract: Option<ContractId>,
    /// Its vendor.
    pub vendor: Option<VendorId>,
    /// The plan it belongs to, as long as that is not adopted: it counts in the dry run only.
    pub plan: Option<Uuid>,
    /// Day of the first talk.
    pub first_talk: Date,
    /// Rows by item key. An item without row was not talked about.
    pub rows: BTreeMap<String, Row>,
}

impl Content for Session {
    const KIND: DocumentKind = DocumentKind::Session;
}

/// Roles agreed or proposed for an item.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roles {
    /// The hospital's.
    pub hospital: Option<Duty>,
    /// The vendor's.
    pub vendor: Option<Duty>,
    /// Where it is written.
    pub clause: Option<ClauseRef>,
}

/// One item of a session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// 初回確認; never changed.
    pub first: Option<First>,
    /// 完了日.
    pub completed: Option<Completed>,
    /// Roles as they stand.
    pub roles: Roles,
    /// Remark of the hospital.
    pub hospital_note: Option<String>,
    /// Remark of the vendor.
    pub vendor_note: Option<String>,
    /// What proves it: names of papers, links, places.
    #[serde(default)]
    pub evidence: Vec<String>,
    /// Proposals, oldest first.
    #[serde(default)]
    pub proposals: Vec<Proposal>,
    /// Agreement of the hospital to [`Row::roles`].
    pub hospital_agreed: Option<Agreed>,
    /// Agreement of the vendor.
    pub vendor_agreed: Option<Agreed>,
}

/// 初回確認.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct First {
    /// はい: it could be confirmed.
    pub yes: bool,
    /// Day of the talk.
    pub on: Date,
    /// Who confirmed.
    pub by: String,
}

/// 完了日.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completed {
    /// Day.
    pub on: Date,
    /// Who confirmed.
    pub by: String,
}

/// What a side would like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// Who.
    pub side: Side,
    /// Which person.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// How.
    pub means: Means,
    /// Roles.
    pub roles: Roles,
    /// Why.
    pub text: Option<String>,
}

/// An agreement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreed {
    /// Which person agreed.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// How.
    pub means: Means,
    /// For files and scans: the person of the hospital who entered it.
    pub entered_by: Option<String>,
    /// The file, if one was kept.
    pub file: Option<String>,
}

/// Where an item stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// 未協議
    NotTalked,
    /// いいえ, not completed.
    Open,
    /// いいえ, completed later.
    Completed,
    /// はい at the first talk.
    Yes,
}

impl Row {
    /// Where it stands.
    #[must_use]
    pub fn standing(&self) -> Standing {
        match (&self.first, &self.completed) {
            (None, _) => Standing::NotTalked,
            (Some(First { yes: true, .. }), _) => Standing::Yes,
            (Some(_), Some(_)) => Standing::Completed,
            (Some(_), None) => Standing::Open,
        }
    }

    /// Whether both sides agreed to the roles.
    #[must_use]
    pub fn is_agreed(&self) -> bool {
        self.hospital_agreed.is_some() && self.vendor_agreed.is_some()
    }

    /// Enters the result of the first talk.
    ///
    /// # Errors
    /// When there is one already that differs, or the day lies ahead of `today`.
    pub fn set_first(&mut self, first: First, today: Date) -> Result<(), Msg> {
        if first.on > today {
            return Err(Msg::new("confirm-first-ahead").arg("date", first.on));
        }
        match &self.first {
            Some(known) if known.yes == first.yes && known.on == first.on => Ok(()),
            Some(known) => Err(Msg::new("confirm-first-stays").arg("date", known.on)),
            None => {
                self.first = Some(first);
                Ok(())
            }
        }
    }

    /// Enters the day it was completed.
    ///
    /// # Errors
    /// When the first talk said はい or did not take place, or the day lies before it or ahead of `today`.
    pub fn set_completed(&mut self, completed: Completed, today: Date) -> Result<(), Msg> {
        match &self.first {
            None => return Err(Msg::new("confirm-completed-without-first")),
            Some(first) if first.yes => return Err(Msg::new("confirm-completed-but-yes")),
            Some(first) if completed.on < first.on => {
                return Err(Msg::new("confirm-completed-before").arg("date", first.on));
            }
            Some(_) if completed.on > today => {
                return Err(Msg::new("confirm-completed-ahead").arg("date", completed.on));
            }
            Some(_) => {}
        }
        self.completed = Some(completed);
        Ok(())
    }

    /// Sets the roles; agreements to other roles end.
    pub fn set_roles(&mut self, roles: Roles) {
        if self.roles != roles {
            (self.hospital_agreed, self.vendor_agreed) = (None, None);
            self.roles = roles;
        }
    }

    /// Agrees for one side to the roles as they stand.
    ///
    /// # Errors
    /// When there are no roles to agree to.
    pub fn agree(&mut self, side: Side, agreed: Agreed) -> Result<(), Msg> {
        if self.roles.hospital.is_none() || self.roles.vendor.is_none() {
            return Err(Msg::new("confirm-nothing-to-agree"));
        }
        match side {
            Side::Hospital => self.hospital_agreed = Some(agreed),
            Side::Vendor => self.vendor_agreed = Some(agreed),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn day(day: i8) -> Date {
        date(2026, 11, day)
    }

    fn first(yes: bool) -> First {
        First { yes, on: day(10), by: "佐々木".into() }
    }

    fn done(on: Date) -> Completed {
        Completed { on, by: "佐々木".into() }
    }

    #[test]
    fn the_first_answer_stays() {
        let mut row = Row::default();
        assert_eq!(row.standing(), Standing::NotTalked);
        row.set_first(first(false), day(20)).unwrap();
        assert_eq!(row.standing(), Standing::Open);
        assert_eq!(row.set_first(first(true), day(20)).unwrap_err().key, "confirm-first-stays");
        row.set_first(first(false), day(20)).unwrap();
        let ahead = First { on: day(21), ..first(false) };
        assert_eq!(Row::default().set_first(ahead, day(20)).unwrap_err().key, "confirm-first-ahead");
    }

    #[test]
    fn a_completion_belongs_to_a_no_and_comes_after_it() {
        for (yes, on, wanted) in [
            (None, day(12), Some("confirm-completed-without-first")),
            (Some(true), day(12), Some("confirm-completed-but-yes")),
            (Some(false), day(9), Some("confirm-completed-before")),
            (Some(false), day(21), Some("confirm-completed-ahead")),
            (Some(false), day(10), None),
            (Some(false), day(20), None),
        ] {
            let mut row = Row { first: yes.map(first), ..Row::default() };
            let told = row.set_completed(done(on), day(20)).err().map(|msg| msg.key);
            assert_eq!(told.as_deref(), wanted, "{yes:?} {on}");
            assert_eq!(row.completed.is_some(), wanted.is_none());
        }
    }

    #[test]
    fn changed_roles_are_not_agreed() {
        let mut row = Row::default();
        let agreed = || Agreed {
            by: "田村".into(),
            at: Timestamp::UNIX_EPOCH,
            means: Means::Login,
            entered_by: None,
            file: None,
        };
        assert_eq!(row.agree(Side::Vendor, agreed()).unwrap_err().key, "confirm-nothing-to-agree");
        let roles = Roles { hospital: Some(Duty::Informed), vendor: Some(Duty::Does), clause: None };
        row.set_roles(roles.clone());
        row.agree(Side::Vendor, agreed()).unwrap();
        assert!(!row.is_agreed());
        row.agree(Side::Hospital, agreed()).unwrap();
        assert!(row.is_agreed());
        row.set_roles(roles.clone());
        assert!(row.is_agreed(), "the same roles change nothing");
        row.set_roles(Roles { vendor: Some(Duty::Shares), ..roles });
        assert!(row.hospital_agreed.is_none() && row.vendor_agreed.is_none());
    }
}
