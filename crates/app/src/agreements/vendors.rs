//! Vendors (事業者): who they are, whom to call, and everything that hangs on them.

use super::{ContractRow, Held, Named, in_use, is_hospital};
use crate::{AppError, Ctx};
use tomomori_domain::access::permission::{ReadAgreements, WriteAgreements};
use tomomori_domain::agreement::check::chain_lines;
use tomomori_domain::agreement::{Subcontracting, VendorCard};
use tomomori_domain::document::Document;
use tomomori_domain::ids::{LineId, VendorId};
use tomomori_domain::resource::Vendor;
use tomomori_store::AuditEvent;
use uuid::Uuid;

/// A vendor in the list.
#[derive(Clone, Debug)]
pub struct VendorRow {
    /// What the ledger says.
    pub vendor: Vendor,
    /// Its contracts.
    pub contracts: usize,
    /// Devices in use it maintains.
    pub devices: usize,
    /// People on its card.
    pub people: usize,
    /// Somebody to call in an emergency is known, from its card or the ledger.
    pub emergency: bool,
}

/// One vendor with everything that hangs on it.
#[derive(Clone, Debug)]
pub struct VendorView {
    /// As in the list.
    pub row: VendorRow,
    /// Its card; `None` = nobody has entered one.
    pub card: Option<Document<VendorCard>>,
    /// Its contracts.
    pub contracts: Vec<ContractRow>,
    /// Systems with a device it maintains, or covered by its contracts.
    pub systems: Vec<Named<Uuid>>,
    /// Lines it uses or runs.
    pub lines: Vec<Named<LineId>>,
    /// Number of a contract, and its subcontractors as indented lines; `None` = nobody has said, empty = none.
    pub subcontractors: Vec<(String, Option<String>)>,
}

/// All vendors of the ledger but the hospital itself, by name.
///
/// # Errors
/// [`AppError::Denied`].
pub async fn list(ctx: &Ctx) -> Result<Vec<VendorRow>, AppError> {
    ctx.actor.require::<ReadAgreements>()?;
    let tx = ctx.read().await?;
    let cards: Vec<Document<VendorCard>> = tx.documents().await?;
    let held = Held::load(&tx).await?;
    let card = |vendor: &Vendor| cards.iter().find(|card| card.id == vendor.id.0);
    Ok(held.ledger.vendors.iter().filter(|row| !is_hospital(row)).map(|row| of(&held, row, card(row))).collect())
}

fn of(held: &Held, vendor: &Vendor, card: Option<&Document<VendorCard>>) -> VendorRow {
    let people = card.map(|card| card.content.people.as_slice()).unwrap_or_default();
    VendorRow {
        contracts: held.ledger.contracts.iter().filter(|contract| contract.vendor == vendor.id).count(),
        devices: in_use(&held.ledger).filter(|row| row.maintained_by == Some(vendor.id)).count(),
        people: people.len(),
        emergency: vendor.contact.is_some() || people.iter().any(|person| person.emergency),
        vendor: vendor.clone(),
    }
}

/// One vendor.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::NotFound`].
pub async fn vendor(ctx: &Ctx, id: VendorId) -> Result<VendorView, AppError> {
    ctx.actor.require::<ReadAgreements>()?;
    let tx = ctx.read().await?;
    let held = Held::load(&tx).await?;
    let vendor = held.ledger.vendors.iter().find(|vendor| vendor.id == id).ok_or(AppError::NotFound)?;
    let card: Option<Document<VendorCard>> = tx.document_if_any(id.0).await?;
    let today = ctx.today();
    let theirs = || held.ledger.contracts.iter().filter(|contract| contract.vendor == id);
    let covered: Vec<Uuid> =
        theirs().filter_map(|contract| held.terms.get(&contract.id)).flat_map(|d| d.content.systems.clone()).collect();
    let maintained = |id: &_| in_use(&held.ledger).any(|row| row.id == *id && row.maintained_by == Some(vendor.id));
    let systems: Vec<Uuid> = held
        .systems
        .iter()
        .filter(|(id, system)| covered.contains(id) || (!system.retired && system.resources.iter().any(maintained)))
        .map(|(id, _)| *id)
        .collect();
    let lines: Vec<LineId> =
        held.ledger.lines.iter().filter(|line| line.vendor == Some(id)).map(|line| line.id).collect();
    let chain = |terms: &Document<_>| {
        let terms: &tomomori_domain::agreement::Terms = &terms.content;
        match &terms.subcontracting {
            Subcontracting::Unknown => None,
            Subcontracting::None => Some(String::new()),
            Subcontracting::By(all) => Some(chain_lines(all)),
        }
    };
    Ok(VendorView {
        row: of(&held, vendor, card.as_ref()),
        contracts: theirs().map(|contract| held.row(contract, today)).collect(),
        systems: held.system_names(&systems),
        lines: held.line_names(&lines),
        subcontractors: theirs()
            .map(|contract| (contract.number.clone(), held.terms.get(&contract.id).and_then(chain)))
            .collect(),
        card,
    })
}

/// Keeps a vendor's card as a new version. `from` is the revision the writer saw, 0 = none.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::NotFound`]; [`AppError::Invalid`] as [`VendorCard::tidied`]; [`AppError::Conflict`] when
/// somebody else wrote meanwhile.
pub async fn put_card(ctx: &Ctx, id: VendorId, from: i64, card: VendorCard) -> Result<i64, AppError> {
    let grant = ctx.actor.require::<WriteAgreements>()?;
    let mut tx = ctx.write().await?;
    if !tx.vendors().await?.iter().any(|vendor| vendor.id == id) {
        return Err(AppError::NotFound);
    }
    let card = card.tidied().map_err(AppError::Invalid)?;
    let revision = tx.put_document(&grant, id.0, from, &card).await?;
    let details = serde_json::json!({ "revision": revision, "people": card.people.len() });
    tx.audit(AuditEvent::new("agreement.vendor", format!("vendor:{id}")).details(details)).await?;
    tx.commit().await?;
    Ok(revision)
}
