//! The yearly checklist (年度のチェックリスト): a run per fiscal year and sheet. Answers come from people only; what the
//! program knows is offered beside each item.

mod offers;
pub mod sheet;

use crate::editions::{self, Edition, EditionKind, Item, ItemChange};
use crate::{AppError, Ctx};
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use tomomori_domain::access::permission::{ReadAgreements, WriteAgreements};
use tomomori_domain::document::Document;
use tomomori_domain::ids::VendorId;
use tomomori_domain::resource::{Ledger, Vendor};
use tomomori_domain::{Msg, text};
use tomomori_store::{AuditEvent, ReadTx, TenantTx};
use uuid::Uuid;

pub use tomomori_domain::checklist::{
    Answer, Earlier, Errand, Run, RunSheet, Standing, Tally, days_of, is_open_year, standing, year_name,
};

/// A run in the list.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its key.
    pub id: Uuid,
    /// The run.
    pub run: Run,
    /// Name of the vendor of a vendor's sheet; one that left the ledger is `None`.
    pub vendor: Option<String>,
    /// Counts.
    pub tally: Tally,
    /// Where a vendor's sheet is.
    pub errand: Errand,
}

/// The list, and what a new run can be of.
#[derive(Clone, Debug)]
pub struct Overview {
    /// Runs, the newest year first, the hospital's before the vendors' by name.
    pub rows: Vec<Row>,
    /// Vendors of the ledger.
    pub vendors: Vec<Vendor>,
    /// Editions of the checklist.
    pub editions: Vec<Edition>,
}

/// All runs.
///
/// # Errors
/// [`AppError::Denied`].
pub async fn list(ctx: &Ctx) -> Result<Overview, AppError> {
    ctx.actor.require::<ReadAgreements>()?;
    let tx = ctx.read().await?;
    let mut all = editions::all_in(&tx).await?;
    let vendors = vendors(&tx.ledger().await?);
    let mut rows = Vec::new();
    for Document { id, content: run, .. } in tx.documents::<Run>().await? {
        let edition = all.iter().find(|edition| edition.key == run.edition);
        let vendor = vendor_of(run.sheet).and_then(|id| vendors.iter().find(|vendor| vendor.id == id));
        let (tally, errand) = (edition.map(|edition| run.tally(edition, ctx.today())), run.errand(ctx.today()));
        let vendor = vendor.map(|vendor| vendor.name.clone());
        rows.push(Row { id, vendor, tally: tally.unwrap_or_default(), errand, run });
    }
    rows.sort_by_cached_key(|row| {
        let name = row.vendor.as_deref().map(text::fold);
        (-row.run.fiscal_year, row.run.sheet != RunSheet::Hospital, name, row.id)
    });
    all.retain(|edition| edition.kind == EditionKind::Checklist);
    Ok(Overview { rows, vendors, editions: all })
}

fn vendors(ledger: &Ledger) -> Vec<Vendor> {
    ledger.vendors.iter().filter(|vendor| !Vendor::means_hospital(&vendor.name)).cloned().collect()
}

fn vendor_of(sheet: RunSheet) -> Option<VendorId> {
    match sheet {
        RunSheet::Hospital => None,
        RunSheet::Vendor(id) => Some(id),
    }
}

/// A sheet has one run in a year: its key follows from both.
fn run_id(year: i16, sheet: RunSheet) -> Uuid {
    let whose = vendor_of(sheet).map(|id| id.to_string()).unwrap_or_default();
    let hash = Sha256::digest(format!("checklist:{year}:{whose}"));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// A run to start.
#[derive(Clone, Debug)]
pub struct Start {
    /// Key of the edition.
    pub edition: String,
    /// Fiscal year.
    pub year: i16,
    /// Whose sheet.
    pub sheet: RunSheet,
}

/// Starts a run, blank. One that was started before is found again. Returns its key.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::NotFound`] for a vendor the ledger does not hold; [`AppError::Invalid`] for another year or
/// an edition that is no checklist.
pub async fn start(ctx: &Ctx, start: Start) -> Result<Uuid, AppError> {
    let grant = ctx.actor.require::<WriteAgreements>()?;
    let mut tx = ctx.write().await?;
    if let Some(id) = vendor_of(start.sheet)
        && !vendors(&tx.ledger().await?).iter().any(|vendor| vendor.id == id)
    {
        return Err(AppError::NotFound);
    }
    let edition = editions::get(&tx, &start.edition).await?;
    if edition.kind != EditionKind::Checklist {
        return Err(AppError::Invalid(Msg::new("checklist-no-checklist")));
    }
    if !is_open_year(start.year, ctx.today()) {
        return Err(AppError::Invalid(Msg::new("checklist-bad-year")));
    }
    let id = run_id(start.year, start.sheet);
    if tx.document_if_any::<Run>(id).await?.is_some() {
        return Ok(id);
    }
    let run = Run {
        edition: edition.key,
        fiscal_year: start.year,
        sheet: start.sheet,
        answers: BTreeMap::new(),
        earlier: Vec::new(),
        sent: Vec::new(),
        collected: None,
    };
    tx.put_document(&grant, id, 0, &run).await?;
    let details = serde_json::json!({ "edition": run.edition, "year": run.fiscal_year, "sheet": run.sheet });
    tx.audit(AuditEvent::new("checklist.start", format!("checklist:{id}")).details(details)).await?;
    tx.commit().await?;
    Ok(id)
}

/// An item of a run.
#[derive(Clone, Debug)]
pub struct Line {
    /// The item.
    pub item: Item,
    /// Its answer so far.
    pub answer: Answer,
    /// What that means today.
    pub standing: Standing,
    /// What the program knows about it. It answers nothing.
    pub offers: Vec<Msg>,
}

/// A run with its items.
#[derive(Clone, Debug)]
pub struct View {
    /// The document.
    pub document: Document<Run>,
    /// Its edition.
    pub edition: Edition,
    /// Name of the vendor; one that left the ledger is `None`.
    pub vendor: Option<String>,
    /// Items in their order.
    pub lines: Vec<Line>,
    /// Counts.
    pub tally: Tally,
    /// Where a vendor's sheet is.
    pub errand: Errand,
    /// Other editions it could move to.
    pub others: Vec<Edition>,
}

/// A run.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::NotFound`].
pub async fn view(ctx: &Ctx, id: Uuid) -> Result<View, AppError> {
    ctx.actor.require::<ReadAgreements>()?;
    let tx = ctx.read().await?;
    let document: Document<Run> = tx.document(id).await?;
    let run = &document.content;
    let edition = editions::get(&tx, &run.edition).await?;
    let known = offers::Facts::load(ctx, &tx, vendor_of(run.sheet)).await?;
    let lines = run.items(&edition).map(|item| {
        let answer = run.answers.get(&item.key);
        let standing = standing(item, answer, ctx.today());
        Line { offers: known.of(item), standing, answer: answer.cloned().unwrap_or_default(), item: item.clone() }
    });
    let lines = lines.collect();
    let vendor = known.vendor_name();
    let mut others = editions::all_in(&tx).await?;
    others.retain(|other| other.kind == EditionKind::Checklist && other.key != edition.key);
    let (tally, errand) = (run.tally(&edition, ctx.today()), run.errand(ctx.today()));
    Ok(View { tally, errand, vendor, lines, others, edition, document })
}

/// What a person says about an item.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// Key of the item.
    pub item: String,
    /// はい or いいえ; `None` takes an answer back.
    pub yes: Option<bool>,
    /// 確認日
    pub checked_on: Option<Date>,
    /// 目標日
    pub target_on: Option<Date>,
    /// Remark.
    pub note: Option<String>,
    /// What proves it.
    pub evidence: Option<String>,
    /// It was looked at again after a change of the edition.
    pub looked: bool,
}

/// What is wrong with answers, by item; nothing was written.
pub type Refused = Vec<(String, Msg)>;

/// Writes answers; items not among them keep theirs. `from` is the revision the person saw.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::NotFound`]; [`AppError::Conflict`] when somebody wrote meanwhile. The inner error says what
/// is wrong with which answers.
pub async fn answer(ctx: &Ctx, id: Uuid, from: i64, said: Vec<Said>) -> Result<Result<(), Refused>, AppError> {
    let grant = ctx.actor.require::<WriteAgreements>()?;
    let mut tx = ctx.write().await?;
    let mut run = tx.document::<Run>(id).await?.content;
    let edition = editions::get(&tx, &run.edition).await?;
    let (before, mut refused) = (run.answers.clone(), Refused::new());
    for said in said {
        let answerable = |item: &&Item| item.key == said.item && item.known != editions::Known::Missing;
        if run.items(&edition).find(answerable).is_none() {
            refused.push((said.item, Msg::new("checklist-unknown-item")));
            continue;
        }
        let old = before.get(&said.item).cloned().unwrap_or_default();
        let (key, new) = merged(&old, said, &ctx.actor.name);
        match new.check(run.fiscal_year, ctx.today()) {
            // What stood before the rule could be broken stays as it is.
            Err(msg) if new != old => refused.push((key, msg)),
            _ if new.is_blank() => _ = run.answers.remove(&key),
            _ => _ = run.answers.insert(key, new),
        }
    }
    if !refused.is_empty() {
        return Ok(Err(refused));
    }
    if run.answers == before {
        return Ok(Ok(()));
    }
    put(&mut tx, &grant, id, from, &run, "checklist.answer", changed(&before, &run.answers)).await?;
    tx.commit().await?;
    Ok(Ok(()))
}

/// The answer a person gives over an old one. Who said a thing that stays the same stays.
fn merged(old: &Answer, said: Said, by: &str) -> (String, Answer) {
    let new = Answer {
        yes: said.yes,
        checked_on: said.checked_on,
        target_on: said.target_on,
        by: old.by.clone(),
        note: said.note,
        evidence: said.evidence,
        look_again: old.look_again,
    };
    let same = new == *old;
    let by = if same && !said.looked { old.by.clone() } else { by.to_owned() };
    (said.item, Answer { by, look_again: old.look_again && same && !said.looked, ..new })
}

/// Keys whose answers differ.
fn changed(before: &BTreeMap<String, Answer>, after: &BTreeMap<String, Answer>) -> serde_json::Value {
    let keys = before.keys().chain(after.keys()).collect::<std::collections::BTreeSet<_>>();
    let keys: Vec<&String> = keys.into_iter().filter(|key| before.get(*key) != after.get(*key)).collect();
    serde_json::json!({ "items": keys })
}

async fn put(
    tx: &mut TenantTx,
    grant: &tomomori_domain::access::Granted<WriteAgreements>,
    id: Uuid,
    from: i64,
    run: &Run,
    action: &'static str,
    details: serde_json::Value,
) -> Result<i64, AppError> {
    let revision = tx.put_document(grant, id, from, run).await?;
    tx.audit(AuditEvent::new(action, format!("checklist:{id}")).details(details)).await?;
    Ok(revision)
}

/// Moves a run to another edition. Every answer stays; those whose item changed are to be looked at again.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::NotFound`]; [`AppError::Invalid`] for an edition that is no checklist; [`AppError::Conflict`].
pub async fn upgrade(ctx: &Ctx, id: Uuid, from: i64, to: &str) -> Result<Vec<ItemChange>, AppError> {
    let grant = ctx.actor.require::<WriteAgreements>()?;
    let mut tx = ctx.write().await?;
    let mut run = tx.document::<Run>(id).await?.content;
    let (old, new) = (editions::get(&tx, &run.edition).await?, editions::get(&tx, to).await?);
    if new.kind != EditionKind::Checklist || new.key == old.key {
        return Err(AppError::Invalid(Msg::new("checklist-no-checklist")));
    }
    let changes = run.upgrade(&old, &new);
    let details = serde_json::json!({ "from": old.key, "to": new.key, "changes": changes.len() });
    put(&mut tx, &grant, id, from, &run, "checklist.upgrade", details).await?;
    tx.commit().await?;
    Ok(changes)
}

/// Name of a vendor, as long as the ledger holds it.
async fn vendor_name(tx: &ReadTx, sheet: RunSheet) -> Result<Option<String>, AppError> {
    let Some(id) = vendor_of(sheet) else { return Ok(None) };
    Ok(tx.ledger().await?.vendors.into_iter().find(|vendor| vendor.id == id).map(|vendor| vendor.name))
}
