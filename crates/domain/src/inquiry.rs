//! Question sheets (質問票): what a vendor is shown of a confirmation session, and what it says back.
//!
//! An [`Inquiry`] holds everything the vendor gets: page, workbook, form and mail are made from it alone, never from the
//! session, so nothing of another vendor can be in them but a joint that the hospital opened. Its items are at the same time
//! the base of the three-way comparison when the answer comes back: then (the inquiry), now (the session), theirs (the reply).

use crate::Msg;
use crate::agreement::{ClauseRef, Party};
use crate::confirmation::{Agreed, Duty, Means, Proposal, Roles, Row, Session, Side};
use crate::document::{Content, DocumentKind};
use crate::ids::{LineId, TenantId, VendorId};
use crate::import::Place;
use crate::roles::JointTopic;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Longest remark or clause number of an answer, in characters.
pub const MAX_TEXT: usize = 2_000;

/// A question sheet. The document's id is its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inquiry {
    /// The session it was made of.
    pub session: Uuid,
    /// Secret of this sheet: proves only which sheet an answer belongs to.
    pub code: String,
    /// Name of the hospital.
    pub hospital: String,
    /// The vendor.
    pub vendor: VendorId,
    /// Its name.
    pub vendor_name: String,
    /// Its own tenant, if the hospital linked it; not part of the vendor's copy.
    pub vendor_tenant: Option<TenantId>,
    /// The hospital's tenant, in the vendor's copy only.
    pub hospital_tenant: Option<TenantId>,
    /// Contract number and title.
    pub contract: String,
    /// First day of the contract: no answer is older.
    pub contract_from: Option<Date>,
    /// Key of the edition.
    pub edition: String,
    /// Its title.
    pub edition_title: String,
    /// Day of the first talk.
    pub first_talk: Date,
    /// What is asked.
    pub items: Vec<AskedItem>,
    /// Joints the hospital opened to this vendor.
    pub joints: Vec<AskedJoint>,
    /// Words to the vendor.
    pub note: String,
    /// Until when.
    pub due: Date,
    /// Who asks.
    pub by: String,
    /// When it was made.
    pub at: Timestamp,
}

impl Content for Inquiry {
    const KIND: DocumentKind = DocumentKind::Inquiry;
}

/// An item as a vendor sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedItem {
    /// Key in the edition.
    pub key: String,
    /// Number as printed.
    pub number: String,
    /// Heading.
    pub group: String,
    /// Title.
    pub title: String,
    /// What is asked.
    pub text: Option<String>,
    /// Recommended response.
    pub response: Option<String>,
    /// What the hospital does.
    pub hospital: Option<Duty>,
    /// What stands as the vendor's answer.
    pub vendor: Answer,
    /// Remark of the hospital.
    pub hospital_note: Option<String>,
}

/// What a vendor says about an item.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// What it does.
    pub duty: Option<Duty>,
    /// Number of the clause of its contract.
    pub clause: Option<String>,
    /// Remark.
    pub note: Option<String>,
}

impl Answer {
    /// The vendor's part of a row.
    #[must_use]
    pub fn of(row: &Row) -> Self {
        Self {
            duty: row.roles.vendor,
            clause: row.roles.clause.as_ref().map(|clause| clause.number.clone()),
            note: row.vendor_note.clone(),
        }
    }
}

/// A joint as one of its two vendors sees it: the line, the other's name, and what both propose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedJoint {
    /// The line.
    pub line: LineId,
    /// What it connects, in words.
    pub name: String,
    /// Name of the other side.
    pub other: String,
    /// Its topics, in the order of [`JointTopic::ALL`].
    pub topics: Vec<AskedTopic>,
}

/// A topic of a joint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedTopic {
    /// Which.
    pub topic: JointTopic,
    /// What this vendor proposed last.
    pub own: Option<String>,
    /// What the other side proposed last.
    pub theirs: Option<String>,
    /// What both settled.
    pub settled: Option<String>,
}

/// A vendor's answer. The document's id is the inquiry's; a later answer is a new version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// Who at the vendor answers, as they say.
    pub by: String,
    /// The day, as they say.
    pub on: Date,
    /// How it came.
    pub means: Means,
    /// For files: name.
    pub file: Option<String>,
    /// For files: hash of the bytes, so that the same file is known again.
    pub hash: Option<String>,
    /// For files: the person of the hospital who entered it.
    pub entered_by: Option<String>,
    /// Answers by item key; an item that is not here was left as it was.
    pub items: BTreeMap<String, ReplyItem>,
    /// Proposals for joints.
    pub joints: Vec<ReplyTopic>,
    /// Remark on the whole.
    pub note: Option<String>,
    /// What is odd about the file, each with its cell and the item it concerns.
    pub faults: Vec<Fault>,
    /// Items the hospital took over or set aside.
    pub decided: BTreeMap<String, Decided>,
}

impl Content for Reply {
    const KIND: DocumentKind = DocumentKind::Reply;
}

/// An answer to one item.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyItem {
    /// What it says.
    pub answer: Answer,
    /// It agrees to the roles, its own as answered and the hospital's as shown.
    pub agrees: bool,
}

/// A proposal for a topic of a joint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyTopic {
    /// The line.
    pub line: LineId,
    /// The topic.
    pub topic: JointTopic,
    /// What it proposes.
    pub text: String,
}

/// Something odd in an answer file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Where.
    pub place: Place,
    /// What, and the remedy.
    pub msg: Msg,
    /// The item, if it is about one: that one must be set aside before the others are taken over.
    pub item: Option<String>,
}

/// What the hospital did with an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// Taken over; else set aside.
    pub taken: bool,
    /// By whom.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// How an answer stands to what the session says now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Merge {
    /// It says what stands already.
    Same,
    /// Only the vendor changed it.
    Theirs,
    /// Both changed it, differently: a person decides.
    Conflict,
    /// The hospital's part changed since the sheet was made.
    Moved,
}

/// One answer, three-way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    /// Item key.
    pub key: String,
    /// When the sheet was made.
    pub then: Answer,
    /// Now.
    pub now: Answer,
    /// What the vendor says.
    pub theirs: Answer,
    /// It agrees.
    pub agrees: bool,
    /// How they stand.
    pub merge: Merge,
}

/// Holds a reply against its inquiry and the session as it is now, in the inquiry's order.
#[must_use]
pub fn merge(inquiry: &Inquiry, session: &Session, reply: &Reply) -> Vec<Merged> {
    let blank = Row::default();
    let merged = inquiry.items.iter().filter_map(|asked| {
        let said = reply.items.get(&asked.key)?;
        let row = session.rows.get(&asked.key).unwrap_or(&blank);
        let (then, now, theirs) = (asked.vendor.clone(), Answer::of(row), said.answer.clone());
        let merge = if now == theirs && row.roles.hospital == asked.hospital {
            Merge::Same
        } else if now != then && now != theirs {
            Merge::Conflict
        } else if row.roles.hospital != asked.hospital {
            Merge::Moved
        } else {
            Merge::Theirs
        };
        Some(Merged { key: asked.key.clone(), then, now, theirs, agrees: said.agrees, merge })
    });
    merged.collect()
}

/// Takes one answer over into its row: as the newest proposal of the vendor, as the roles that stand, and as its agreement if it
/// agreed to what then stands. The hospital's part is never changed by an answer.
pub fn take(row: &mut Row, asked: &AskedItem, said: &ReplyItem, reply: &Reply, session: &Session, at: Timestamp) {
    let clause = said.answer.clause.clone().zip(session.contract);
    let clause = clause.map(|(number, contract)| ClauseRef { contract, number });
    let roles = Roles { hospital: row.roles.hospital, vendor: said.answer.duty, clause };
    if row.roles != roles || row.vendor_note != said.answer.note {
        row.proposals.push(Proposal {
            side: Side::Vendor,
            by: reply.by.clone(),
            at,
            means: reply.means,
            roles: roles.clone(),
            text: said.answer.note.clone(),
        });
    }
    row.set_roles(roles);
    row.vendor_note.clone_from(&said.answer.note);
    // It agreed to the hospital's part as it was shown, not as it may have become.
    if said.agrees && row.roles.hospital == asked.hospital {
        let agreed = Agreed {
            by: reply.by.clone(),
            at,
            means: reply.means,
            entered_by: reply.entered_by.clone(),
            file: reply.file.clone(),
        };
        // Without roles on both sides there is nothing to agree to, and nothing is noted.
        let _ = row.agree(Side::Vendor, agreed);
    }
}

/// Keys that keep a reply from being taken over: faulty items that nobody set aside yet.
#[must_use]
pub fn blocking(reply: &Reply) -> BTreeSet<&str> {
    let faulty = reply.faults.iter().filter_map(|fault| fault.item.as_deref());
    faulty.filter(|key| !reply.decided.contains_key(*key)).collect()
}

/// The newest proposals of both sides on one topic, and what was settled, as `party` sees them.
#[must_use]
pub fn asked_topic(joint: &crate::roles::Joint, topic: JointTopic, party: Party) -> AskedTopic {
    let newest = |own: bool| {
        let said = joint.proposals.iter().rev().filter(|said| said.topic == topic);
        said.filter(|said| (said.party == party) == own && said.party != Party::Hospital)
            .map(|said| said.text.clone())
            .next()
    };
    let settled = joint.settled.get(&topic).filter(|settled| settled.agreed.len() >= 2).map(|one| one.text.clone());
    AskedTopic { topic, own: newest(true), theirs: newest(false), settled }
}

#[cfg(test)]
#[path = "inquiry_tests.rs"]
mod tests;
