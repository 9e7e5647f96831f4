//! Things to check (要確認): list, and who looks after them. Answering is [`crate::edit::answer`].

use crate::{AppError, Ctx};
use jiff::civil::Date;
use std::collections::BTreeMap;
use tomomori_domain::access::permission::{ReadLedger, WriteLedger};
use tomomori_domain::check::CheckKind;
use tomomori_store::AuditEvent;

pub use tomomori_store::{CheckFilter, CheckRow, CheckState, Page, PageRequest};

/// One page of checks with the numbers for its chips.
#[derive(Clone, Debug)]
pub struct ChecksPage {
    /// Rows, the weightiest kind first.
    pub page: Page<CheckRow>,
    /// How many of each kind are in the state the filter asks for.
    pub by_kind: BTreeMap<CheckKind, u64>,
}

/// One page of checks.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::Invalid`] for a damaged page link.
pub async fn list(ctx: &Ctx, filter: &CheckFilter, page: &PageRequest) -> Result<ChecksPage, AppError> {
    ctx.actor.require::<ReadLedger>()?;
    let tx = ctx.read().await?;
    Ok(ChecksPage { page: tx.list_checks(filter, page).await?, by_kind: tx.count_checks(filter).await? })
}

/// Says who looks after a check and until when.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn assign(ctx: &Ctx, id: &str, owner: Option<&str>, due: Option<Date>) -> Result<(), AppError> {
    let grant = ctx.actor.require::<WriteLedger>()?;
    let mut tx = ctx.write().await?;
    tx.assign_check(&grant, id, owner.map(str::trim).filter(|owner| !owner.is_empty()), due).await?;
    tx.audit(AuditEvent::new("check.assign", format!("check:{id}"))).await?;
    Ok(tx.commit().await?)
}
