//! Confirmation sessions (確認表の記入): a hospital and a vendor go through the items of an edition for one contract.
//!
//! ```text
//! start ─ first (初回確認) ─ save (roles, clause, remark) ─ complete (完了日) ─ agree (both sides)
//!            └─ ask ─► inquiry ─► form.html, form.xlsx, mail.eml ─ a person sends ─► answer file ─ enter ─┐
//!                        └─► copy in the vendor's own tenant ─ inbox::answer ─────────────────────────────┴► reply ─ decide
//! ```
//! The rules are in [`tomomori_domain::confirmation`] and [`tomomori_domain::inquiry`]; here is who may, what is written, and in which order.

mod ask;
mod book;
mod decide;
pub mod fields;
pub mod inbox;

pub use ask::{Ask, InquiryView, ask, download, inquiries, inquiry, mail};
pub use book::sheet;
pub use decide::{Choice, MAX_FILE_BYTES, decide, enter};

use crate::{AppError, Ctx, editions};
use jiff::civil::Date;
use std::collections::BTreeMap;
use tomomori_domain::Msg;
use tomomori_domain::access::permission::{ReadAgreements, WriteAgreements};
use tomomori_domain::agreement::check::same_number;
use tomomori_domain::agreement::{Clause, ClauseRef, Terms};
use tomomori_domain::document::Document;
use tomomori_domain::edition::{Edition, EditionKind, Item, Known};
use tomomori_domain::ids::ContractId;
use tomomori_domain::resource::{Contract, Vendor};
use tomomori_store::{AuditEvent, ReadTx};
use uuid::Uuid;

pub use tomomori_domain::confirmation::{
    Agreed, Completed, Duty, First, Means, Proposal, Roles, Row, Session, Side, Standing,
};

/// Longest remark, in characters.
const MAX_NOTE: usize = 2_000;

/// How far a session is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Items that can be talked about.
    pub all: usize,
    /// Items whose text was not obtained (未取得): neither open nor done.
    pub missing: usize,
    /// Not talked about.
    pub not_talked: usize,
    /// いいえ and not completed.
    pub open: usize,
    /// はい, or completed.
    pub done: usize,
    /// Agreed by both sides.
    pub agreed: usize,
}

impl Tally {
    fn of(edition: &Edition, session: &Session) -> Self {
        let mut tally = Self::default();
        for item in &edition.items {
            if item.known == Known::Missing {
                tally.missing += 1;
                continue;
            }
            tally.all += 1;
            let row = session.rows.get(&item.key);
            match row.map_or(Standing::NotTalked, Row::standing) {
                Standing::NotTalked => tally.not_talked += 1,
                Standing::Open => tally.open += 1,
                Standing::Completed | Standing::Yes => tally.done += 1,
            }
            tally.agreed += usize::from(row.is_some_and(Row::is_agreed));
        }
        tally
    }
}

/// A session in the list.
#[derive(Clone, Debug)]
pub struct SessionLine {
    /// The session.
    pub session: Document<Session>,
    /// The contract; `None` = the hospital about itself, or a contract that is gone from the ledger.
    pub contract: Option<Contract>,
    /// The vendor.
    pub vendor: Option<Vendor>,
    /// Title of the edition.
    pub edition: String,
    /// How far it is.
    pub tally: Tally,
}

/// All sessions, and what a new one can be about.
#[derive(Clone, Debug)]
pub struct Sessions {
    /// By age.
    pub sessions: Vec<SessionLine>,
    /// Contracts with their vendors' names.
    pub contracts: Vec<(Contract, String)>,
    /// Editions about roles: key and title.
    pub editions: Vec<(String, String)>,
}

/// All sessions.
///
/// # Errors
/// [`AppError::Denied`].
pub async fn list(ctx: &Ctx) -> Result<Sessions, AppError> {
    ctx.actor.require::<ReadAgreements>()?;
    let tx = ctx.read().await?;
    let (contracts, vendors) = (tx.contracts().await?, tx.vendors().await?);
    let editions = editions::all_in(&tx).await?;
    let mut sessions = Vec::new();
    for session in tx.documents::<Session>().await? {
        let Some(edition) = editions.iter().find(|edition| edition.key == session.content.edition) else { continue };
        let contract = contracts.iter().find(|contract| Some(contract.id) == session.content.contract).cloned();
        let vendor = vendors.iter().find(|vendor| Some(vendor.id) == session.content.vendor).cloned();
        let tally = Tally::of(edition, &session.content);
        sessions.push(SessionLine { session, contract, vendor, edition: edition.title.clone(), tally });
    }
    let named = |contract: Contract| {
        let vendor = vendors.iter().find(|vendor| vendor.id == contract.vendor);
        let name = vendor.map(|vendor| vendor.name.clone()).unwrap_or_default();
        (contract, name)
    };
    let roles = editions.into_iter().filter(|edition| edition.kind == EditionKind::Roles);
    Ok(Sessions {
        sessions,
        contracts: contracts.into_iter().map(named).collect(),
        editions: roles.map(|edition| (edition.key, edition.title)).collect(),
    })
}

/// Begins a session; the one that exists for the same contract and edition is returned instead of a second.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown edition or contract; [`AppError::Invalid`] for a first talk that lies ahead.
pub async fn start(ctx: &Ctx, edition: &str, contract: Option<ContractId>, first_talk: Date) -> Result<Uuid, AppError> {
    let grant = ctx.actor.require::<WriteAgreements>()?;
    if first_talk > ctx.today() {
        return Err(AppError::Invalid(Msg::new("confirm-first-ahead").arg("date", first_talk)));
    }
    let mut tx = ctx.write().await?;
    if editions::get(&tx, edition).await?.kind != EditionKind::Roles {
        return Err(AppError::NotFound);
    }
    let vendor = match contract {
        None => None,
        Some(id) => {
            let contracts = tx.contracts().await?;
            Some(contracts.iter().find(|known| known.id == id).ok_or(AppError::NotFound)?.vendor)
        }
    };
    let known = tx.documents::<Session>().await?;
    let same = |session: &Session| session.edition == edition && session.contract == contract && session.plan.is_none();
    if let Some(known) = known.iter().find(|known| same(&known.content)) {
        return Ok(known.id);
    }
    let id = Uuid::now_v7();
    let rows = BTreeMap::new();
    let session = Session { edition: edition.to_owned(), contract, vendor, plan: None, first_talk, rows };
    tx.put_document(&grant, id, 0, &session).await?;
    let details = serde_json::json!({ "edition": edition, "contract": contract, "first_talk": first_talk });
    tx.audit(AuditEvent::new("confirm.start", format!("session:{id}")).details(details)).await?;
    tx.commit().await?;
    Ok(id)
}

/// An item of a session.
#[derive(Clone, Debug)]
pub struct ItemView {
    /// The item.
    pub item: Item,
    /// What was said; a blank row where nobody talked about it.
    pub row: Row,
    /// Text of the clause, if it is among those of the contract.
    pub clause: Option<Clause>,
}

/// A whole session.
#[derive(Clone, Debug)]
pub struct SessionView {
    /// The session.
    pub session: Document<Session>,
    /// Its edition.
    pub edition: Edition,
    /// The contract.
    pub contract: Option<Contract>,
    /// The vendor.
    pub vendor: Option<Vendor>,
    /// Clauses of the contract.
    pub clauses: Vec<Clause>,
    /// Items in the edition's order.
    pub items: Vec<ItemView>,
    /// Answers to items the edition does not have (any more).
    pub strangers: Vec<(String, Row)>,
    /// How far it is.
    pub tally: Tally,
}

/// One session.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::NotFound`].
pub async fn view(ctx: &Ctx, id: Uuid) -> Result<SessionView, AppError> {
    ctx.actor.require::<ReadAgreements>()?;
    view_in(&ctx.read().await?, id).await
}

async fn view_in(tx: &ReadTx, id: Uuid) -> Result<SessionView, AppError> {
    let session: Document<Session> = tx.document(id).await?;
    let edition = editions::get(tx, &session.content.edition).await?;
    let contract = tx.contracts().await?.into_iter().find(|known| Some(known.id) == session.content.contract);
    let vendor = tx.vendors().await?.into_iter().find(|known| Some(known.id) == session.content.vendor);
    let terms = match session.content.contract {
        Some(id) => tx.document_if_any::<Terms>(id.0).await?,
        None => None,
    };
    let clauses = terms.map(|terms| terms.content.clauses).unwrap_or_default();
    let items = edition.items.iter().map(|item| {
        let row = session.content.rows.get(&item.key).cloned().unwrap_or_default();
        let named = row.roles.clause.as_ref().map(|clause| clause.number.as_str());
        let clause = named.and_then(|named| clauses.iter().find(|clause| same_number(&clause.number, named))).cloned();
        ItemView { item: item.clone(), row, clause }
    });
    let items = items.collect();
    let known = |key: &String| edition.items.iter().any(|item| item.key == *key);
    let strangers = session.content.rows.iter().filter(|(key, _)| !known(key));
    let strangers = strangers.map(|(key, row)| (key.clone(), row.clone())).collect();
    let tally = Tally::of(&edition, &session.content);
    Ok(SessionView { session, edition, contract, vendor, clauses, items, strangers, tally })
}

/// A row that may be written: the item exists and its text is known.
fn row<'a>(session: &'a mut Session, edition: &Edition, key: &str) -> Result<&'a mut Row, AppError> {
    let item = edition.items.iter().find(|item| item.key == key).ok_or(AppError::NotFound)?;
    if item.known == Known::Missing {
        return Err(AppError::Invalid(Msg::new("confirm-item-missing").arg("number", &item.number)));
    }
    Ok(session.rows.entry(key.to_owned()).or_default())
}

/// What a change of a session does to it; its refusals name the item.
type Change<'a> = dyn Fn(&mut Session, &Edition) -> Result<serde_json::Value, AppError> + Send + Sync + 'a;

/// The session as it is now, if the rows in hand are still those of the version their reader saw: two people may fill in
/// different items at the same time.
///
/// # Errors
/// [`AppError::Conflict`] when one of these rows was written meanwhile, or there is no such version.
async fn unmoved<'a>(
    tx: &ReadTx,
    id: Uuid,
    from: i64,
    mut keys: impl Iterator<Item = &'a String>,
) -> Result<Document<Session>, AppError> {
    let known: Document<Session> = tx.document(id).await?;
    if known.revision != from {
        let stale = || AppError::Conflict(Msg::new("error-stale"));
        let seen: Document<Session> = tx.document_at(id, from).await.map_err(|_| stale())?;
        if keys.any(|key| seen.content.rows.get(key) != known.content.rows.get(key)) {
            return Err(stale());
        }
    }
    Ok(known)
}

/// Changes rows of a session from the version their reader saw, with the audit entry. Returns the new revision.
async fn change(
    ctx: &Ctx,
    (id, from): (Uuid, i64),
    keys: &[String],
    action: &'static str,
    by: &Change<'_>,
) -> Result<i64, AppError> {
    let grant = ctx.actor.require::<WriteAgreements>()?;
    let mut tx = ctx.write().await?;
    let known = unmoved(&tx, id, from, keys.iter()).await?;
    let edition = editions::get(&tx, &known.content.edition).await?;
    let mut session = known.content.clone();
    let details = by(&mut session, &edition)?;
    if session == known.content {
        return Ok(known.revision);
    }
    let revision = tx.put_document(&grant, id, known.revision, &session).await?;
    tx.audit(AuditEvent::new(action, format!("session:{id}")).details(details)).await?;
    tx.commit().await?;
    Ok(revision)
}

/// Records 初回確認 of several items: the answers of the day of the first talk. Items not named stay as they are.
///
/// # Errors
/// [`AppError::Invalid`] naming the item whose first answer stands already, or has no text yet; [`AppError::Conflict`].
pub async fn first(ctx: &Ctx, id: Uuid, from: i64, answers: &BTreeMap<String, bool>) -> Result<i64, AppError> {
    let (today, by) = (ctx.today(), ctx.actor.name.clone());
    let keys: Vec<String> = answers.keys().cloned().collect();
    change(ctx, (id, from), &keys, "confirm.first", &|session, edition| {
        let on = session.first_talk;
        for (key, yes) in answers {
            let first = First { yes: *yes, on, by: by.clone() };
            row(session, edition, key)?.set_first(first, today).map_err(|msg| of_item(edition, key, &msg))?;
        }
        Ok(serde_json::json!({ "answers": answers, "on": on }))
    })
    .await
}

/// Puts the item's number before a refusal.
fn of_item(edition: &Edition, key: &str, msg: &Msg) -> AppError {
    let number = edition.items.iter().find(|item| item.key == key).map_or(key, |item| item.number.as_str());
    let mut msg = msg.clone();
    msg.args.insert("number".to_owned(), number.to_owned());
    AppError::Invalid(msg)
}

/// What a person enters for one item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// 完了日.
    pub completed: Option<Date>,
    /// What the hospital does.
    pub hospital: Option<Duty>,
    /// What the vendor does.
    pub vendor: Option<Duty>,
    /// Number of the clause.
    pub clause: Option<String>,
    /// Remark of the hospital.
    pub note: Option<String>,
    /// What proves it, one per line.
    pub evidence: Vec<String>,
    /// Why the roles should be so, for the other side.
    pub reason: Option<String>,
}

impl Entry {
    /// What stands in a row.
    #[must_use]
    pub fn of(row: &Row) -> Self {
        Self {
            completed: row.completed.as_ref().map(|known| known.on),
            hospital: row.roles.hospital,
            vendor: row.roles.vendor,
            clause: row.roles.clause.as_ref().map(|clause| clause.number.clone()),
            note: row.hospital_note.clone(),
            evidence: row.evidence.clone(),
            reason: None,
        }
    }
}

/// Enters one item. Roles that differ from what stood are the hospital's proposal and end agreements to other roles.
///
/// # Errors
/// [`AppError::Invalid`] for what the rules refuse or what is too long; [`AppError::Conflict`] when somebody wrote meanwhile.
pub async fn save(ctx: &Ctx, id: Uuid, from: i64, key: &str, entry: &Entry) -> Result<i64, AppError> {
    let (today, by, now) = (ctx.today(), ctx.actor.name.clone(), ctx.now());
    let texts = [&entry.clause, &entry.note, &entry.reason].into_iter().flatten().chain(&entry.evidence);
    if texts.into_iter().any(|text| text.chars().count() > MAX_NOTE) {
        return Err(AppError::Invalid(Msg::new("confirm-too-long").arg("limit", MAX_NOTE)));
    }
    change(ctx, (id, from), &[key.to_owned()], "confirm.item", &|session, edition| {
        let contract = session.contract;
        let row = row(session, edition, key)?;
        match entry.completed {
            Some(on) if row.completed.as_ref().map(|known| known.on) != Some(on) => {
                let completed = Completed { on, by: by.clone() };
                row.set_completed(completed, today).map_err(|msg| of_item(edition, key, &msg))?;
            }
            // A day that was entered stays: it is history.
            _ => {}
        }
        let clause = entry.clause.clone().zip(contract).map(|(number, contract)| ClauseRef { contract, number });
        let roles = Roles { hospital: entry.hospital, vendor: entry.vendor, clause };
        if roles != row.roles {
            row.proposals.push(Proposal {
                side: Side::Hospital,
                by: by.clone(),
                at: now,
                means: Means::Login,
                roles: roles.clone(),
                text: entry.reason.clone(),
            });
        }
        row.set_roles(roles);
        row.hospital_note.clone_from(&entry.note);
        row.evidence.clone_from(&entry.evidence);
        Ok(serde_json::json!({ "item": key }))
    })
    .await
}

/// Agrees for the hospital to the roles of items as they stand. Binding: the password is asked again.
///
/// # Errors
/// [`AppError::Invalid`] for a wrong password or an item without roles; those of [`save`].
pub async fn agree(ctx: &Ctx, id: Uuid, from: i64, keys: &[String], password: String) -> Result<i64, AppError> {
    ctx.actor.require::<WriteAgreements>()?;
    crate::session::confirm_password(ctx, password).await?;
    let agreed =
        Agreed { by: ctx.actor.name.clone(), at: ctx.now(), means: Means::Login, entered_by: None, file: None };
    change(ctx, (id, from), keys, "confirm.agree", &|session, edition| {
        for key in keys {
            let row = row(session, edition, key)?;
            row.agree(Side::Hospital, agreed.clone()).map_err(|msg| of_item(edition, key, &msg))?;
        }
        Ok(serde_json::json!({ "side": "hospital", "items": keys, "revision": from }))
    })
    .await
}

/// Enters that the vendor agreed on a stamped paper: who signed there, and which scan shows it.
///
/// # Errors
/// [`AppError::Invalid`] without a name or for an item without roles; those of [`save`].
pub async fn agree_by_scan(
    ctx: &Ctx,
    id: Uuid,
    from: i64,
    keys: &[String],
    by: &str,
    scan: &str,
) -> Result<i64, AppError> {
    let (by, scan) = (by.trim().to_owned(), scan.trim().to_owned());
    if by.is_empty() || scan.is_empty() || by.chars().count() > 100 || scan.chars().count() > 200 {
        return Err(AppError::Invalid(Msg::new("confirm-scan-who")));
    }
    let agreed =
        Agreed { by, at: ctx.now(), means: Means::Scan, entered_by: Some(ctx.actor.name.clone()), file: Some(scan) };
    change(ctx, (id, from), keys, "confirm.agree", &|session, edition| {
        if session.contract.is_none() {
            return Err(AppError::Invalid(Msg::new("confirm-no-vendor")));
        }
        for key in keys {
            let row = row(session, edition, key)?;
            row.agree(Side::Vendor, agreed.clone()).map_err(|msg| of_item(edition, key, &msg))?;
        }
        Ok(serde_json::json!({ "side": "vendor", "means": "scan", "items": keys, "revision": from }))
    })
    .await
}
