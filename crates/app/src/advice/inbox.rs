//! The vendor's side: what hospitals of this installation asked, in the vendor's own tenant. No row of a hospital is read here.

use crate::{AppError, Ctx};
use tomomori_domain::Msg;
use tomomori_domain::access::permission::AnswerAdvice;
use tomomori_domain::advice::{AdviceItem, Answer, Envelope, Item, ItemFault, ItemState, MAX_ITEMS};
use tomomori_domain::ids::{AdviceId, AdviceItemId};
use tomomori_store::StoreError;

/// What hospitals asked, newest first.
///
/// # Errors
/// [`AppError::Denied`].
pub async fn list(ctx: &Ctx) -> Result<Vec<Envelope>, AppError> {
    ctx.actor.require::<AnswerAdvice>()?;
    Ok(ctx.read().await?.envelopes().await?)
}

/// One of them.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::NotFound`].
pub async fn one(ctx: &Ctx, id: AdviceId) -> Result<Envelope, AppError> {
    ctx.actor.require::<AnswerAdvice>()?;
    Ok(ctx.read().await?.envelope(id).await?)
}

/// Answers. The copy for the hospital waits there for a person; an answer nobody decided on yet is replaced.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Invalid`] for items that do not fit what was asked; [`AppError::Conflict`] when the
/// hospital takes no answer to this any more. Then nothing was written.
pub async fn answer(ctx: &Ctx, id: AdviceId, items: Vec<Item>) -> Result<usize, AppError> {
    let grant = ctx.actor.require::<AnswerAdvice>()?;
    let envelope = ctx.read().await?.envelope(id).await?;
    if items.is_empty() {
        return Err(AppError::Invalid(Msg::new("advice-answer-blank")));
    }
    if items.len() > MAX_ITEMS {
        return Err(AppError::Invalid(Msg::new("advice-too-many").arg("limit", MAX_ITEMS)));
    }
    for item in &items {
        ItemFault::check(item, &envelope.part).map_err(|fault| AppError::Invalid(super::form::fault(fault)))?;
    }
    let (by, on) = (ctx.actor.name.clone(), ctx.today());
    let copies: Vec<AdviceItem> = items
        .iter()
        .map(|item| AdviceItem {
            id: AdviceItemId::generate(),
            request: id,
            item: item.clone(),
            by: by.clone(),
            on,
            file: None,
            entered_by: by.clone(),
            state: ItemState::Open,
            reason: None,
            decided_by: None,
        })
        .collect();
    let count = copies.len();
    let answer = Answer { code: envelope.code, by, on, items };
    let mut system = ctx.app.db.system("advice.answer").await?;
    match system.send_advice_answer(&ctx.actor, &grant, id, &answer, &copies).await {
        Err(StoreError::State { .. }) => return Err(AppError::Conflict(Msg::new("advice-closed"))),
        other => other?,
    }
    system.commit().await?;
    Ok(count)
}
