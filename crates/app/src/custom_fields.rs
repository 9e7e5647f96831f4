//! The hospital's own columns (自由項目) and their types. A change of a definition changes no record: the ledger is computed
//! again and shows the same statements in the form of the new type; what does not fit is asked about (要確認).

use crate::step::{self, Basis};
use crate::{AppError, Ctx};
use std::collections::{BTreeMap, BTreeSet};
use tomomori_domain::Msg;
use tomomori_domain::access::permission::{ReadLedger, WriteLedger};
use tomomori_domain::custom::MAX_FIELDS;
use tomomori_domain::resource::Ledger;
use tomomori_store::AuditEvent;

pub use tomomori_domain::custom::{CustomField, FieldType};

/// An own column as the settings show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnColumn {
    /// Its name.
    pub name: String,
    /// Its definition; `None` = lists brought it, and nobody gave it a type.
    pub field: Option<CustomField>,
    /// Devices with a value.
    pub used: u64,
    /// Values among them that do not fit the type.
    pub misfits: u64,
}

/// What a person wants a column to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: FieldType,
    /// Words to choose from.
    pub choices: Vec<String>,
    /// What it is for.
    pub note: Option<String>,
    /// Not offered any more.
    pub retired: bool,
}

/// All own columns: defined ones in their order, then those that only lists brought, by name.
///
/// # Errors
/// [`AppError::Denied`].
pub async fn list(ctx: &Ctx) -> Result<Vec<OwnColumn>, AppError> {
    ctx.actor.require::<ReadLedger>()?;
    let ledger = ctx.read().await?.ledger().await?;
    let mut counts: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for (name, value) in ledger.resources.iter().flat_map(|device| &device.custom) {
        let fits = definition(&ledger, name).is_none_or(|field| field.canonical(value).is_some());
        let count = counts.entry(name).or_default();
        *count = (count.0 + 1, count.1 + u64::from(!fits));
    }
    let column = |name: String| {
        let (used, misfits) = counts.get(name.as_str()).copied().unwrap_or_default();
        OwnColumn { field: definition(&ledger, &name).cloned(), name, used, misfits }
    };
    Ok(names(&ledger, true).into_iter().map(column).collect())
}

/// The definitions, in their order.
///
/// # Errors
/// [`AppError::Denied`].
pub async fn definitions(ctx: &Ctx) -> Result<Vec<CustomField>, AppError> {
    ctx.actor.require::<ReadLedger>()?;
    Ok(ctx.read().await?.custom_fields().await?)
}

/// Defines a column, changes its definition, or retires it; a new one comes last. With its check and the ledger as it then
/// reads this is one transaction.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::Invalid`] for a bad name, list of words or note, or too many columns.
pub async fn define(ctx: &Ctx, wanted: Wanted) -> Result<(), AppError> {
    let grant = ctx.actor.require::<WriteLedger>()?;
    let Wanted { name, kind, choices, note, retired } = wanted;
    let wanted = CustomField { name, kind, choices, note, position: 0, retired };
    let wanted = wanted.tidied().map_err(AppError::Invalid)?;
    let mut tx = ctx.write().await?;
    let known = tx.custom_fields().await?;
    let old = known.iter().find(|field| field.name == wanted.name);
    if old.is_none() && known.len() >= MAX_FIELDS {
        return Err(AppError::Invalid(Msg::new("own-too-many").arg("limit", MAX_FIELDS)));
    }
    let last = known.iter().map(|field| field.position + 1).max().unwrap_or_default();
    let field = CustomField { position: old.map_or(last, |old| old.position), ..wanted };
    if old == Some(&field) {
        return Ok(());
    }
    tx.put_custom_field(&grant, &field).await?;
    let basis = Basis::load(&tx).await?;
    step::read_anew(ctx, &mut tx, &grant, basis).await?;
    let details = serde_json::json!({
        "type": field.kind.key(), "before": old.map(|old| old.kind.key()), "choices": field.choices, "retired": field.retired,
    });
    tx.audit(AuditEvent::new("ledger.column", format!("column:{}", field.name)).details(details)).await?;
    Ok(tx.commit().await?)
}

fn definition<'a>(ledger: &'a Ledger, name: &str) -> Option<&'a CustomField> {
    ledger.fields.iter().find(|field| field.name == name)
}

/// Names of the own columns: defined ones in their order, then those that only lists brought. A retired one is not offered
/// for writing; where values are shown or handed out it stays.
pub(crate) fn names(ledger: &Ledger, with_retired: bool) -> Vec<String> {
    let defined = ledger.fields.iter().filter(|field| with_retired || !field.retired).map(|field| field.name.clone());
    let brought: BTreeSet<&String> = ledger.resources.iter().flat_map(|row| row.custom.keys()).collect();
    let brought = brought.into_iter().filter(|name| definition(ledger, name).is_none());
    defined.chain(brought.cloned()).collect()
}
