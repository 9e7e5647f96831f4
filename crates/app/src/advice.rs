//! Vendors' advice (助言): the hospital shows a vendor its part of the ledger, asks, and takes over what it accepts.
//!
//! ```text
//! share (grants, link) ─ ask ─► request ─► form.html, form.xlsx, mail.eml ─ a person sends ─► answer file ─ enter ─┐
//!                                  └─► envelope in the vendor's own tenant ─ inbox::answer ────────────────────────┴► items ─ decide ─► one step
//! ```
//!
//! Everything a vendor gets is made from the request's [`Part`]; [`tomomori_ledger::share`] says what is in it.

mod answers;
mod files;
pub mod form;
pub mod inbox;
mod mail;
mod picture;

pub use answers::{Decision, ItemView, MAX_FILE_BYTES, RequestView, Three, decide, enter, request};
pub use files::{Attachment, download, mail, sheet};
pub(crate) use mail::message;
pub use picture::{line_name, picture};

use crate::{AppError, Ctx};
use jiff::civil::Date;
use std::collections::BTreeSet;
use tomomori_domain::Msg;
use tomomori_domain::access::permission::{AskAdvice, ReadAdvice};
use tomomori_domain::advice::{
    AdviceItem, AdviceRequest, Confirmation, DueAgain, ItemState, Part, ShareGrant, Shared, due_again,
};
use tomomori_domain::ids::{AdviceId, ResourceId, TenantId, VendorId};
use tomomori_domain::resource::Vendor;
use tomomori_ledger::project::company;
use tomomori_ledger::share::{neighbours, own, visible};
use tomomori_store::{AuditEvent, Ledger, TenantKind};

/// Characters of the note to a vendor.
const MAX_NOTE: usize = 2_000;

/// A vendor in the list.
#[derive(Clone, Debug)]
pub struct VendorRow {
    /// The vendor.
    pub vendor: Vendor,
    /// Its own devices that it is shown.
    pub nodes: usize,
    /// Of those, confirmed and not due again.
    pub confirmed: usize,
    /// The newest request.
    pub newest: Option<AdviceRequest>,
    /// Items of its answers nobody decided on yet.
    pub open: usize,
}

/// All vendors with something of their own, by name.
///
/// # Errors
/// [`AppError::Denied`].
pub async fn vendors(ctx: &Ctx) -> Result<Vec<VendorRow>, AppError> {
    ctx.actor.require::<ReadAdvice>()?;
    let tx = ctx.read().await?;
    let (ledger, grants, confirmations) = (tx.ledger().await?, tx.share_grants().await?, tx.confirmations().await?);
    let mut rows = Vec::new();
    let requests = tx.advice_requests().await?;
    for vendor in ledger.vendors.iter().filter(|vendor| vendor.name != Vendor::OWN) {
        let part = visible(&ledger, vendor.id, &grants);
        let newest = requests.iter().find(|request| request.vendor == vendor.id).cloned();
        let nodes = part.nodes.iter().filter(|node| node.own).count();
        if nodes == 0 && part.lines.is_empty() && newest.is_none() {
            continue;
        }
        let due = due(&part, vendor.id, &confirmations, ctx.today());
        let mut open = 0;
        for request in requests.iter().filter(|request| request.vendor == vendor.id) {
            let items = tx.advice_items(request.id).await?;
            open += items.iter().filter(|item| item.state == ItemState::Open).count();
        }
        rows.push(VendorRow { vendor: vendor.clone(), nodes, confirmed: nodes - due.len(), newest, open });
    }
    Ok(rows)
}

/// A device and why it is to be confirmed again.
pub type Due = (ResourceId, String, DueAgain);

fn due(part: &Part, vendor: VendorId, confirmations: &[Confirmation], today: Date) -> Vec<Due> {
    let own = part.nodes.iter().filter(|node| node.own);
    own.filter_map(|node| {
        let known = confirmations.iter().find(|row| row.resource == node.id && row.vendor == vendor);
        due_again(known, node, today).map(|why| (node.id, node.name().to_owned(), why))
    })
    .collect()
}

/// What one vendor is shown, and what could be.
#[derive(Clone, Debug)]
pub struct VendorShare {
    /// The vendor.
    pub vendor: Vendor,
    /// What it is shown now.
    pub part: Part,
    /// Its own devices: key, name, hidden.
    pub own: Vec<(ResourceId, String, bool)>,
    /// Devices next to them: key, name, what is shown.
    pub neighbours: Vec<(ResourceId, String, Option<Shared>)>,
    /// Own devices that are to be confirmed.
    pub due: Vec<Due>,
    /// Its own tenant in this installation: name and whether it is linked. `None` = there is none of this name.
    pub tenant: Option<(TenantId, String, bool)>,
    /// Requests so far, newest first.
    pub requests: Vec<AdviceRequest>,
}

fn vendor_of(ledger: &Ledger, id: VendorId) -> Result<Vendor, AppError> {
    ledger
        .vendors
        .iter()
        .find(|vendor| vendor.id == id && vendor.name != Vendor::OWN)
        .cloned()
        .ok_or(AppError::NotFound)
}

/// What one vendor is shown.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::NotFound`].
pub async fn share(ctx: &Ctx, id: VendorId) -> Result<VendorShare, AppError> {
    ctx.actor.require::<ReadAdvice>()?;
    let tx = ctx.read().await?;
    let (ledger, grants, confirmations) = (tx.ledger().await?, tx.share_grants().await?, tx.confirmations().await?);
    let (links, requests) = (tx.vendor_links().await?, tx.advice_requests().await?);
    drop(tx);
    let vendor = vendor_of(&ledger, id)?;
    let part = visible(&ledger, id, &grants);
    let granted = |resource: ResourceId| {
        grants.iter().find(|grant| grant.vendor == id && grant.resource == resource).map(|grant| grant.shared)
    };
    let mine = own(&ledger, id);
    let mut next = neighbours(&ledger, id);
    next.extend(grants.iter().filter(|grant| grant.vendor == id).map(|grant| grant.resource));
    let named = |of: &BTreeSet<ResourceId>| {
        let rows = ledger.resources.iter().filter(|resource| of.contains(&resource.id));
        rows.map(|resource| (resource.id, resource.name.clone())).collect::<Vec<_>>()
    };
    let next: BTreeSet<ResourceId> = next.difference(&mine).copied().collect();
    let linked = links.iter().find(|(vendor, _)| *vendor == id).map(|(_, tenant)| *tenant);
    let tenant = tenant_of(ctx, &vendor, linked).await?;
    Ok(VendorShare {
        own: named(&mine)
            .into_iter()
            .map(|(resource, name)| (resource, name, granted(resource) == Some(Shared::Hidden)))
            .collect(),
        neighbours: named(&next).into_iter().map(|(resource, name)| (resource, name, granted(resource))).collect(),
        due: due(&part, id, &confirmations, ctx.today()),
        tenant,
        requests: requests.into_iter().filter(|request| request.vendor == id).collect(),
        part,
        vendor,
    })
}

/// The linked tenant, or the one tenant of a vendor that bears this vendor's name. No other names are told.
async fn tenant_of(
    ctx: &Ctx,
    vendor: &Vendor,
    linked: Option<TenantId>,
) -> Result<Option<(TenantId, String, bool)>, AppError> {
    let all = ctx.app.db.system_read("advice.link").await?.tenants().await?;
    let vendors = all.into_iter().filter(|tenant| tenant.kind == TenantKind::Vendor);
    let mut found: Vec<(TenantId, String, bool)> = vendors
        .filter(|tenant| match linked {
            Some(id) => tenant.id == id,
            None => company(&tenant.name) == company(&vendor.name),
        })
        .map(|tenant| (tenant.id, tenant.name, linked.is_some()))
        .collect();
    Ok(if found.len() == 1 { found.pop() } else { None })
}

/// Sets what a vendor is shown of devices; `None` takes a grant back.
///
/// # Errors
/// [`AppError::NotFound`] for a vendor or device the ledger does not have.
pub async fn set_grants(ctx: &Ctx, vendor: VendorId, grants: &[(ResourceId, Option<Shared>)]) -> Result<(), AppError> {
    let grant = ctx.actor.require::<AskAdvice>()?;
    let mut tx = ctx.write().await?;
    let ledger = tx.ledger().await?;
    vendor_of(&ledger, vendor)?;
    let known: BTreeSet<ResourceId> = ledger.resources.iter().map(|resource| resource.id).collect();
    if grants.iter().any(|(resource, _)| !known.contains(resource)) {
        return Err(AppError::NotFound);
    }
    tx.set_share_grants(&grant, vendor, grants).await?;
    let set: Vec<_> = grants.iter().map(|(id, shared)| (id, shared.map(Shared::key))).collect();
    let details = serde_json::json!({ "grants": set });
    tx.audit(AuditEvent::new("advice.share", format!("vendor:{vendor}")).details(details)).await?;
    Ok(tx.commit().await?)
}

/// Links a vendor to its own tenant of the same name, or ends the link. From then on requests go there as well.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such vendor or no tenant of its name.
pub async fn link(ctx: &Ctx, vendor: VendorId, on: bool) -> Result<(), AppError> {
    let grant = ctx.actor.require::<AskAdvice>()?;
    let found = vendor_of(&ctx.read().await?.ledger().await?, vendor)?;
    let tenant = match on {
        true => Some(tenant_of(ctx, &found, None).await?.ok_or(AppError::NotFound)?.0),
        false => None,
    };
    let mut tx = ctx.write().await?;
    tx.link_vendor(&grant, vendor, tenant).await?;
    let details = serde_json::json!({ "tenant": tenant });
    tx.audit(AuditEvent::new("advice.link", format!("vendor:{vendor}")).details(details)).await?;
    Ok(tx.commit().await?)
}

/// What a hospital asks.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Whom.
    pub vendor: VendorId,
    /// What it writes to it.
    pub note: String,
    /// Answer wanted by.
    pub due: Date,
}

/// Asks a vendor about its part as it is now. Nothing leaves by this alone, unless the hospital linked the vendor's own tenant.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Invalid`] when there is nothing to ask about, the note is too long or the day has passed.
pub async fn ask(ctx: &Ctx, command: Ask) -> Result<AdviceId, AppError> {
    let grant = ctx.actor.require::<AskAdvice>()?;
    let note = command.note.trim().to_owned();
    if note.chars().count() > MAX_NOTE {
        return Err(AppError::Invalid(Msg::new("advice-note-long").arg("limit", MAX_NOTE)));
    }
    if command.due < ctx.today() {
        return Err(AppError::Invalid(Msg::new("advice-due-past")));
    }
    let tx = ctx.read().await?;
    let (ledger, grants, links) = (tx.ledger().await?, tx.share_grants().await?, tx.vendor_links().await?);
    let hospital = tx.tenant_row().await?.name;
    drop(tx);
    let vendor = vendor_of(&ledger, command.vendor)?;
    let part = visible(&ledger, vendor.id, &grants);
    if part.nodes.iter().all(|node| !node.own) && part.lines.is_empty() {
        return Err(AppError::Invalid(Msg::new("advice-nothing-shown")));
    }
    let request = AdviceRequest {
        id: AdviceId::generate(),
        vendor: vendor.id,
        vendor_name: vendor.name,
        vendor_tenant: links.iter().find(|(id, _)| *id == vendor.id).map(|(_, tenant)| *tenant),
        code: crate::session::random_secret(),
        part,
        note,
        due: command.due,
        asked_by: ctx.actor.name.clone(),
        asked: ctx.now(),
        answered: None,
    };
    let details = serde_json::json!({
        "vendor": request.vendor, "nodes": request.part.nodes.len(), "lines": request.part.lines.len(),
        "to": request.vendor_tenant,
    });
    let event = AuditEvent::new("advice.ask", format!("request:{}", request.id)).details(details);
    if request.vendor_tenant.is_some() {
        let mut system = ctx.app.db.system("advice.ask").await?;
        system.send_advice_request(&ctx.actor, &grant, &request, &hospital, event).await?;
        system.commit().await?;
    } else {
        let mut tx = ctx.write().await?;
        tx.add_advice_request(&grant, &request).await?;
        tx.audit(event).await?;
        tx.commit().await?;
    }
    Ok(request.id)
}

/// What vendors said about one device.
#[derive(Clone, Debug, Default)]
pub struct OfDevice {
    /// Confirmations, by vendor.
    pub confirmed: Vec<(Confirmation, Option<DueAgain>)>,
    /// Remarks, newest first.
    pub remarks: Vec<AdviceItem>,
}

/// What vendors said about one device.
///
/// # Errors
/// [`AppError::Denied`].
pub async fn of_device(ctx: &Ctx, resource: ResourceId) -> Result<OfDevice, AppError> {
    ctx.actor.require::<ReadAdvice>()?;
    let tx = ctx.read().await?;
    let remarks = tx.advice_remarks(resource).await?;
    let mut rows = tx.confirmations().await?;
    rows.retain(|row| row.resource == resource);
    if rows.is_empty() {
        return Ok(OfDevice { confirmed: Vec::new(), remarks });
    }
    let (ledger, grants) = (tx.ledger().await?, tx.share_grants().await?);
    let confirmed = rows.into_iter().map(|row| {
        let why =
            node(&ledger, &grants, row.vendor, resource).and_then(|node| due_again(Some(&row), &node, ctx.today()));
        (row, why)
    });
    Ok(OfDevice { confirmed: confirmed.collect(), remarks })
}

fn node(
    ledger: &Ledger,
    grants: &[ShareGrant],
    vendor: VendorId,
    id: ResourceId,
) -> Option<tomomori_domain::advice::PartNode> {
    visible(ledger, vendor, grants).nodes.into_iter().find(|node| node.id == id && node.own)
}
