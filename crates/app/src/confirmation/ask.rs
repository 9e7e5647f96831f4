//! Question sheets to a vendor: made of a session, handed over as page, form, workbook or mail.

use super::{SessionView, view_in};
use crate::advice::Attachment;
use crate::diagram::Translate;
use crate::joints::{line_name, party_name};
use crate::{AppError, Ctx};
use jiff::civil::Date;
use tomomori_domain::Msg;
use tomomori_domain::access::permission::{ReadAgreements, WriteAgreements};
use tomomori_domain::agreement::Party;
use tomomori_domain::document::Document;
use tomomori_domain::edition::{Known, Lead};
use tomomori_domain::ids::{LineId, VendorId};
use tomomori_domain::inquiry::{Answer, AskedItem, AskedJoint, Fault, Inquiry, Merged, Reply, asked_topic, merge};
use tomomori_domain::resource::Vendor;
use tomomori_domain::roles::{Joint, JointTopic, sides};
use tomomori_store::{AuditEvent, ReadTx};
use uuid::Uuid;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The session.
    pub session: Uuid,
    /// Words to the vendor.
    pub note: String,
    /// Until when.
    pub due: Date,
}

/// Asks the vendor of a session about all items that are known and concern it. Nothing leaves by that, unless the hospital linked
/// the vendor's own tenant.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Invalid`] when there is no vendor to ask, the note is too long or the day has passed.
pub async fn ask(ctx: &Ctx, command: Ask) -> Result<Uuid, AppError> {
    let grant = ctx.actor.require::<WriteAgreements>()?;
    let note = command.note.trim().to_owned();
    if note.chars().count() > super::MAX_NOTE {
        return Err(AppError::Invalid(Msg::new("confirm-too-long").arg("limit", super::MAX_NOTE)));
    }
    if command.due < ctx.today() {
        return Err(AppError::Invalid(Msg::new("advice-due-past")));
    }
    let tx = ctx.read().await?;
    let view = view_in(&tx, command.session).await?;
    let vendor = view.vendor.clone().ok_or_else(|| AppError::Invalid(Msg::new("confirm-no-vendor")))?;
    let links = tx.vendor_links().await?;
    let contract = view.contract.as_ref();
    let inquiry = Inquiry {
        session: command.session,
        code: crate::session::random_secret(),
        hospital: tx.tenant_row().await?.name,
        vendor: vendor.id,
        vendor_name: vendor.name,
        vendor_tenant: links.iter().find(|(id, _)| *id == vendor.id).map(|(_, tenant)| *tenant),
        hospital_tenant: None,
        contract: contract.map(|known| format!("{} {}", known.number, known.title)).unwrap_or_default(),
        contract_from: contract.and_then(|known| known.starts_on),
        edition: view.edition.key.clone(),
        edition_title: view.edition.title.clone(),
        first_talk: view.session.content.first_talk,
        items: items(&view),
        joints: joints(&tx, vendor.id).await?,
        note,
        due: command.due,
        by: ctx.actor.name.clone(),
        at: ctx.now(),
    };
    drop(tx);
    let id = Uuid::now_v7();
    let details = serde_json::json!({
        "session": command.session, "revision": view.session.revision, "items": inquiry.items.len(),
        "joints": inquiry.joints.len(), "to": inquiry.vendor_tenant,
    });
    let event = AuditEvent::new("inquiry.ask", format!("inquiry:{id}")).details(details);
    let mut system = ctx.app.db.system("inquiry.ask").await?;
    system.send_inquiry(&ctx.actor, &grant, id, &inquiry, event).await?;
    system.commit().await?;
    Ok(id)
}

/// Items a vendor can say something about: their text is known, and they are not the hospital's alone.
fn items(view: &SessionView) -> Vec<AskedItem> {
    let asked = view.items.iter().filter(|one| {
        let alone = one.item.lead == Lead::Hospital && one.item.scope == tomomori_domain::edition::ItemScope::Hospital;
        one.item.known != Known::Missing && !alone
    });
    asked
        .map(|one| AskedItem {
            key: one.item.key.clone(),
            number: one.item.number.clone(),
            group: one.item.group.clone(),
            title: one.item.title.clone().or_else(|| one.item.text.clone()).unwrap_or_default(),
            text: one.item.text.clone(),
            response: one.item.response.clone(),
            hospital: one.row.roles.hospital,
            vendor: Answer::of(&one.row),
            hospital_note: one.row.hospital_note.clone(),
        })
        .collect()
}

/// The joints that the hospital opened to both sides of which this vendor is one.
async fn joints(tx: &ReadTx, vendor: VendorId) -> Result<Vec<AskedJoint>, AppError> {
    let opened: Vec<Document<Joint>> = tx.documents::<Joint>().await?;
    let opened: Vec<_> = opened.into_iter().filter(|joint| joint.content.opened).collect();
    if opened.is_empty() {
        return Ok(Vec::new());
    }
    let ledger = tx.ledger().await?;
    let asked = opened.iter().filter_map(|joint| {
        let line = ledger.lines.iter().find(|line| line.id.0 == joint.id)?;
        let [from, to] = sides(&ledger, line)?;
        let own = Party::Vendor(vendor);
        if from != own && to != own {
            return None;
        }
        let other = if from == own { to } else { from };
        Some(AskedJoint {
            line: LineId(joint.id),
            name: line_name(&ledger, line, own),
            other: party_name(&ledger, other).unwrap_or_else(|| Vendor::OWN.to_owned()),
            topics: JointTopic::ALL.iter().map(|topic| asked_topic(&joint.content, *topic, own)).collect(),
        })
    });
    Ok(asked.collect())
}

/// A question sheet with its answer.
#[derive(Clone, Debug)]
pub struct InquiryView {
    /// Its id.
    pub id: Uuid,
    /// The sheet.
    pub inquiry: Inquiry,
    /// The newest answer.
    pub reply: Option<Document<Reply>>,
    /// The answers held against the session as it is now, in the sheet's order.
    pub merged: Vec<Merged>,
    /// Faults by item; those of the whole file have none.
    pub faults: Vec<Fault>,
    /// Revision of the session now.
    pub revision: i64,
}

/// All question sheets of a session, newest first, with the day of their answer.
///
/// # Errors
/// [`AppError::Denied`].
pub async fn inquiries(ctx: &Ctx, session: Uuid) -> Result<Vec<(Uuid, Inquiry, Option<Document<Reply>>)>, AppError> {
    ctx.actor.require::<ReadAgreements>()?;
    let tx = ctx.read().await?;
    let mut found = Vec::new();
    for sheet in tx.documents::<Inquiry>().await?.into_iter().rev().filter(|sheet| sheet.content.session == session) {
        let reply = tx.document_if_any(sheet.id).await?;
        found.push((sheet.id, sheet.content, reply));
    }
    Ok(found)
}

/// One question sheet with its answer.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::NotFound`].
pub async fn inquiry(ctx: &Ctx, id: Uuid) -> Result<InquiryView, AppError> {
    ctx.actor.require::<ReadAgreements>()?;
    let tx = ctx.read().await?;
    let inquiry = tx.document::<Inquiry>(id).await?.content;
    let reply: Option<Document<Reply>> = tx.document_if_any(id).await?;
    let session = tx.document::<super::Session>(inquiry.session).await?;
    let merged = reply.as_ref().map(|reply| merge(&inquiry, &session.content, &reply.content)).unwrap_or_default();
    let faults = reply.as_ref().map(|reply| reply.content.faults.clone()).unwrap_or_default();
    Ok(InquiryView { id, inquiry, reply, merged, faults, revision: session.revision })
}

/// The sheet behind a file to hand over; that it was made is written down, because it leaves the installation.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::NotFound`].
pub async fn download(ctx: &Ctx, id: Uuid, what: &'static str) -> Result<Inquiry, AppError> {
    ctx.actor.require::<WriteAgreements>()?;
    let mut tx = ctx.write().await?;
    let inquiry = tx.document::<Inquiry>(id).await?.content;
    let details = serde_json::json!({ "file": what });
    tx.audit(AuditEvent::new("inquiry.download", format!("inquiry:{id}")).details(details)).await?;
    tx.commit().await?;
    Ok(inquiry)
}

/// A ready message with the files attached. No sender and no address are in it: a person sends it.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::NotFound`].
pub async fn mail(ctx: &Ctx, id: Uuid, files: &[Attachment], tr: Translate<'_>) -> Result<Vec<u8>, AppError> {
    let inquiry = download(ctx, id, "mail.eml").await?;
    let subject =
        Msg::new("inquiry-mail-subject").arg("hospital", &inquiry.hospital).arg("contract", &inquiry.contract);
    let text = Msg::new("inquiry-mail-text")
        .arg("vendor", &inquiry.vendor_name)
        .arg("hospital", &inquiry.hospital)
        .arg("contract", &inquiry.contract)
        .arg("due", inquiry.due)
        .arg("note", &inquiry.note)
        .arg("by", &inquiry.by);
    Ok(crate::advice::message(&tr(&subject), &tr(&text), files, inquiry.at))
}
