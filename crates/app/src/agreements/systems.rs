//! Systems (システム): which devices together do one job.

use super::{Held, Named, in_use, is_hospital};
use crate::{AppError, Ctx};
use std::collections::BTreeMap;
use tomomori_domain::access::permission::{ReadAgreements, WriteAgreements};
use tomomori_domain::agreement::System;
use tomomori_domain::document::Document;
use tomomori_domain::ids::{ContractId, ResourceId};
use tomomori_domain::resource::Ledger;
use tomomori_domain::{Msg, text};
use tomomori_store::AuditEvent;
use uuid::Uuid;

/// A system in the list.
#[derive(Clone, Debug)]
pub struct SystemRow {
    /// Its id.
    pub id: Uuid,
    /// What it is.
    pub system: System,
    /// Contracts whose terms cover it.
    pub contracts: Vec<(ContractId, String)>,
}

/// A system the ledger lets expect: what a vendor does here, and the devices it maintains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// The field, e.g. レセプト.
    pub name: String,
    /// Vendors of that field.
    pub vendors: Vec<String>,
    /// Devices they maintain.
    pub devices: Vec<ResourceId>,
}

/// All systems and what else could be one.
#[derive(Clone, Debug)]
pub struct SystemList {
    /// By name, those no longer used last.
    pub rows: Vec<SystemRow>,
    /// By name.
    pub suggestions: Vec<Suggestion>,
}

/// One system with the names of its devices.
#[derive(Clone, Debug)]
pub struct SystemView {
    /// The newest version.
    pub document: Document<System>,
    /// Its devices.
    pub devices: Vec<Named<ResourceId>>,
    /// Contracts whose terms cover it.
    pub contracts: Vec<(ContractId, String)>,
}

/// All systems.
///
/// # Errors
/// [`AppError::Denied`].
pub async fn list(ctx: &Ctx) -> Result<SystemList, AppError> {
    ctx.actor.require::<ReadAgreements>()?;
    let held = Held::load(&ctx.read().await?).await?;
    let suggestions = suggest(&held.ledger, held.systems.values());
    let row = |(id, system): (&Uuid, &System)| SystemRow { id: *id, system: system.clone(), contracts: of(&held, *id) };
    let mut rows: Vec<SystemRow> = held.systems.iter().map(row).collect();
    rows.sort_by_cached_key(|row| (row.system.retired, text::fold(&row.system.name)));
    Ok(SystemList { rows, suggestions })
}

/// One system.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::NotFound`].
pub async fn system(ctx: &Ctx, id: Uuid) -> Result<SystemView, AppError> {
    ctx.actor.require::<ReadAgreements>()?;
    let tx = ctx.read().await?;
    let document: Document<System> = tx.document(id).await?;
    let held = Held::load(&tx).await?;
    Ok(SystemView { devices: held.device_names(&document.content.resources), contracts: of(&held, id), document })
}

fn of(held: &Held, system: Uuid) -> Vec<(ContractId, String)> {
    let covering = held.ledger.contracts.iter().filter(|contract| {
        held.terms.get(&contract.id).is_some_and(|document| document.content.systems.contains(&system))
    });
    covering.map(|contract| (contract.id, format!("{} {}", contract.number, contract.title))).collect()
}

/// One system per field of the ledger's vendors that is no system yet, with the devices they maintain.
fn suggest<'a>(ledger: &Ledger, known: impl Iterator<Item = &'a System>) -> Vec<Suggestion> {
    let known: Vec<String> = known.map(|system| text::fold(&system.name)).collect();
    let mut by_field: BTreeMap<String, (Suggestion, Vec<_>)> = BTreeMap::new();
    for vendor in ledger.vendors.iter().filter(|vendor| !is_hospital(vendor)) {
        let Some(field) = vendor.field.as_ref().map(|field| text::tidy(field)).filter(|field| !field.is_empty()) else {
            continue;
        };
        let entry = by_field
            .entry(text::fold(&field))
            .or_insert_with(|| (Suggestion { name: field, vendors: Vec::new(), devices: Vec::new() }, Vec::new()));
        entry.0.vendors.push(vendor.name.clone());
        entry.1.push(vendor.id);
    }
    by_field
        .into_iter()
        .filter(|(field, _)| !known.contains(field))
        .map(|(_, (mut suggestion, vendors))| {
            let theirs = in_use(ledger).filter(|row| row.maintained_by.is_some_and(|id| vendors.contains(&id)));
            suggestion.devices = theirs.map(|row| row.id).collect();
            suggestion
        })
        .collect()
}

/// Makes a suggested system. One that is there already under the name is left as it is.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::NotFound`] when nothing of the name is suggested.
pub async fn accept(ctx: &Ctx, name: &str) -> Result<Uuid, AppError> {
    ctx.actor.require::<WriteAgreements>()?;
    let held = Held::load(&ctx.read().await?).await?;
    let folded = text::fold(name);
    if let Some((id, _)) = held.systems.iter().find(|(_, system)| text::fold(&system.name) == folded) {
        return Ok(*id);
    }
    let suggestions = suggest(&held.ledger, held.systems.values());
    let suggestion = suggestions.into_iter().find(|one| text::fold(&one.name) == folded).ok_or(AppError::NotFound)?;
    let id = Uuid::now_v7();
    put(ctx, id, 0, System { name: suggestion.name, resources: suggestion.devices, retired: false }).await?;
    Ok(id)
}

/// Keeps a system as a new version; `from` 0 makes a new one under the id. Returns the revision.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::NotFound`] for an id without versions and `from` above 0; [`AppError::Invalid`] as
/// [`System::tidied`] or when another system has the name; [`AppError::Conflict`] when somebody else wrote meanwhile.
pub async fn put(ctx: &Ctx, id: Uuid, from: i64, system: System) -> Result<i64, AppError> {
    let grant = ctx.actor.require::<WriteAgreements>()?;
    let mut tx = ctx.write().await?;
    let held = Held::load(&tx).await?;
    let nothing = System::default();
    let before = held.systems.get(&id);
    if before.is_none() && from > 0 {
        return Err(AppError::NotFound);
    }
    let system = system.tidied(&held.ledger, before.unwrap_or(&nothing)).map_err(AppError::Invalid)?;
    let folded = text::fold(&system.name);
    if held.systems.iter().any(|(other, known)| *other != id && text::fold(&known.name) == folded) {
        return Err(AppError::Invalid(Msg::new("agree-system-taken").arg("name", &system.name)));
    }
    let revision = tx.put_document(&grant, id, from, &system).await?;
    let details = serde_json::json!({
        "revision": revision, "name": system.name, "devices": system.resources.len(), "retired": system.retired,
    });
    tx.audit(AuditEvent::new("agreement.system", format!("system:{id}")).details(details)).await?;
    tx.commit().await?;
    Ok(revision)
}
