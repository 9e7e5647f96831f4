//! Answer files coming in, and what the hospital takes over of an answer.

use super::fields::{self, FileAnswer};
use super::{Means, book};
use crate::diagram::Translate;
use crate::{AppError, Ctx};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use tomomori_domain::Msg;
use tomomori_domain::access::permission::WriteAgreements;
use tomomori_domain::agreement::Party;
use tomomori_domain::confirmation::Session;
use tomomori_domain::document::Document;
use tomomori_domain::import::Place;
use tomomori_domain::inquiry::{Decided, Inquiry, Reply, blocking, take};
use tomomori_domain::roles::{Joint, JointProposal};
use tomomori_store::{AuditEvent, TenantTx};
use uuid::Uuid;

/// Largest answer file.
pub const MAX_FILE_BYTES: usize = 4 << 20;

/// Takes an answer file in. It changes no role: it waits until a person decides.
///
/// # Errors
/// [`AppError::Invalid`] when the file is no answer to this sheet, was altered as a whole, is older than an answer that is here, was
/// entered already, or bears an impossible day; it names the cell where there is one. Then nothing was written.
pub async fn enter(ctx: &Ctx, id: Uuid, name: &str, bytes: &[u8], langs: &[Translate<'_>]) -> Result<(), AppError> {
    let grant = ctx.actor.require::<WriteAgreements>()?;
    if bytes.len() > MAX_FILE_BYTES {
        return Err(AppError::Invalid(Msg::new("error-document-too-large").arg("megabytes", MAX_FILE_BYTES >> 20)));
    }
    let mut tx = ctx.write().await?;
    let inquiry = tx.document::<Inquiry>(id).await?.content;
    let came = book::read(name, bytes, &inquiry, langs)?;
    belongs(&tx, id, &inquiry, &came.answer).await?;
    let session: Document<Session> = tx.document(inquiry.session).await?;
    if session.content.edition != inquiry.edition {
        return Err(AppError::Invalid(Msg::new("inquiry-file-edition").arg("edition", &inquiry.edition_title)));
    }
    let on = day(ctx, &came.answer, &inquiry).map_err(|msg| AppError::Invalid(placed(msg, came.day.as_ref())))?;
    let by = came.answer.by.trim().to_owned();
    if by.is_empty() || by.chars().count() > 100 {
        return Err(AppError::Invalid(Msg::new("inquiry-file-who")));
    }
    let hash: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let earlier: Vec<Document<Reply>> = tx.document_versions(id).await?;
    if let Some(same) = earlier.iter().find(|reply| reply.content.hash.as_deref() == Some(hash.as_str())) {
        let at = crate::ctx::japan().to_datetime(same.written).date();
        return Err(AppError::Invalid(Msg::new("inquiry-file-again").arg("date", at)));
    }
    if let Some(newer) = earlier.iter().find(|reply| reply.content.on > on) {
        return Err(AppError::Invalid(Msg::new("inquiry-file-older").arg("date", newer.content.on)));
    }
    let said = fields::read(&came.answer.fields, &inquiry)?;
    if said.items.is_empty() && said.joints.is_empty() && said.note.is_none() && came.faults.is_empty() {
        return Err(AppError::Invalid(Msg::new("advice-answer-blank")));
    }
    let reply = Reply {
        by,
        on,
        means: Means::File,
        file: Some(name.chars().take(200).collect()),
        hash: Some(hash),
        entered_by: Some(ctx.actor.name.clone()),
        faults: came.faults,
        ..said
    };
    let from = earlier.last().map_or(0, |last| last.revision);
    tx.put_document(&grant, id, from, &reply).await?;
    let details = serde_json::json!({
        "items": reply.items.len(), "faults": reply.faults.len(), "sha256": reply.hash, "by": "file",
    });
    let event = AuditEvent::new("inquiry.answered", format!("inquiry:{id}")).details(details);
    tx.audit(AuditEvent { personal: vec![("answered_by", reply.by.clone())], ..event }).await?;
    Ok(tx.commit().await?)
}

/// Whether the code is this sheet's; where it is another's, that is said.
async fn belongs(tx: &TenantTx, id: Uuid, inquiry: &Inquiry, answer: &FileAnswer) -> Result<(), AppError> {
    if answer.code == inquiry.code {
        return Ok(());
    }
    let all: Vec<Document<Inquiry>> = tx.documents().await?;
    let other = all.iter().find(|other| other.id != id && other.content.code == answer.code);
    Err(AppError::Invalid(match other {
        Some(other) => Msg::new("inquiry-file-other")
            .arg("vendor", &other.content.vendor_name)
            .arg("contract", &other.content.contract),
        None => Msg::new("inquiry-file-foreign"),
    }))
}

/// The day of the answer: between the sheet (or the contract's begin, if later) and today.
fn day(ctx: &Ctx, answer: &FileAnswer, inquiry: &Inquiry) -> Result<jiff::civil::Date, Msg> {
    let on = tomomori_domain::date::parse(&answer.on)
        .map_err(|_| Msg::new("inquiry-file-day").arg("word", answer.on.chars().take(40).collect::<String>()))?;
    let asked = crate::ctx::japan().to_datetime(inquiry.at).date();
    if on > ctx.today() {
        Err(Msg::new("inquiry-file-ahead").arg("date", on))
    } else if inquiry.contract_from.is_some_and(|from| on < from && from <= asked) {
        Err(Msg::new("inquiry-file-before-contract").arg("date", on))
    } else if on < asked {
        Err(Msg::new("inquiry-file-before").arg("date", on).arg("asked", asked))
    } else {
        Ok(on)
    }
}

/// Names the cell in a refusal.
fn placed(msg: Msg, place: Option<&Place>) -> Msg {
    match place {
        Some(place) => msg.arg("place", place),
        None => msg.arg("place", ""),
    }
}

/// What becomes of one answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// It is taken over.
    Take,
    /// It is set aside.
    SetAside,
}

/// Takes answers over into the session, or sets them aside, and keeps the proposals for joints. `from` is the session's revision
/// the person saw.
///
/// # Errors
/// [`AppError::Invalid`] while a faulty row is neither corrected nor set aside, naming its cell; [`AppError::Conflict`] when the
/// rows in hand changed meanwhile; [`AppError::NotFound`] for what was not answered.
pub async fn decide(ctx: &Ctx, id: Uuid, from: i64, choices: &BTreeMap<String, Choice>) -> Result<(), AppError> {
    let grant = ctx.actor.require::<WriteAgreements>()?;
    let mut tx = ctx.write().await?;
    let inquiry = tx.document::<Inquiry>(id).await?.content;
    let reply: Document<Reply> = tx.document(id).await?;
    let session = super::unmoved(&tx, inquiry.session, from, choices.keys()).await?;
    let (mut next, mut answer) = (session.content.clone(), reply.content.clone());
    let note = |taken| Decided { taken, by: ctx.actor.name.clone(), at: ctx.now() };
    for (key, _) in choices.iter().filter(|(_, choice)| **choice == Choice::SetAside) {
        let told = answer.items.contains_key(key) || answer.faults.iter().any(|fault| fault.item.as_ref() == Some(key));
        if !told {
            return Err(AppError::NotFound);
        }
        answer.decided.insert(key.clone(), note(false));
    }
    let taken: Vec<&String> =
        choices.iter().filter(|(_, choice)| **choice == Choice::Take).map(|(key, _)| key).collect();
    let held = blocking(&answer);
    let fault = answer.faults.iter().find(|fault| fault.item.as_deref().is_some_and(|key| held.contains(key)));
    if let Some(fault) = fault.filter(|_| !taken.is_empty()) {
        return Err(AppError::Invalid(Msg::new("inquiry-held").arg("place", &fault.place)));
    }
    for key in taken {
        let asked = inquiry.items.iter().find(|item| item.key == *key).ok_or(AppError::NotFound)?;
        let said = answer.items.get(key).cloned().ok_or(AppError::NotFound)?;
        let row = next.rows.entry(key.clone()).or_default();
        take(row, asked, &said, &reply.content, &session.content, ctx.now());
        answer.decided.insert(key.clone(), note(true));
    }
    if next != session.content {
        tx.put_document(&grant, inquiry.session, session.revision, &next).await?;
    }
    let joints = joints(ctx, &mut tx, &inquiry, &mut answer, &grant).await?;
    tx.put_document(&grant, id, reply.revision, &answer).await?;
    let all: BTreeMap<&String, bool> = choices.iter().map(|(key, choice)| (key, *choice == Choice::Take)).collect();
    let details = serde_json::json!({ "session": inquiry.session, "items": all, "joints": joints });
    tx.audit(AuditEvent::new("inquiry.decide", format!("inquiry:{id}")).details(details)).await?;
    Ok(tx.commit().await?)
}

/// Keeps proposals for joints that the hospital still has open; they bind nobody, so nobody has to decide on them.
async fn joints(
    ctx: &Ctx,
    tx: &mut TenantTx,
    inquiry: &Inquiry,
    answer: &mut Reply,
    grant: &tomomori_domain::access::Granted<WriteAgreements>,
) -> Result<usize, AppError> {
    let mut kept = 0;
    for said in std::mem::take(&mut answer.joints) {
        let Some(joint) = tx.document_if_any::<Joint>(said.line.0).await? else { continue };
        let mut next = joint.content;
        if !next.opened {
            continue;
        }
        let (party, by) = (Party::Vendor(inquiry.vendor), answer.by.clone());
        next.proposals.push(JointProposal { party, by, at: ctx.now(), topic: said.topic, text: said.text });
        tx.put_document(grant, joint.id, joint.revision, &next).await?;
        kept += 1;
    }
    Ok(kept)
}
