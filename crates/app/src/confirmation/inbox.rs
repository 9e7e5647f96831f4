//! The vendor's side: question sheets of hospitals of this installation, in the vendor's own tenant. No row of a hospital is read here.

use crate::{AppError, Ctx};
use tomomori_domain::Msg;
use tomomori_domain::access::permission::AnswerAdvice;
use tomomori_domain::document::Document;
use tomomori_domain::inquiry::{Inquiry, Reply};
use tomomori_store::StoreError;
use uuid::Uuid;

use super::Means;
use super::fields::{self, Fields};

/// A sheet and the newest answer to it.
pub type Sheet = (Document<Inquiry>, Option<Document<Reply>>);

/// What hospitals asked, newest first.
///
/// # Errors
/// [`AppError::Denied`].
pub async fn list(ctx: &Ctx) -> Result<Vec<Sheet>, AppError> {
    ctx.actor.require::<AnswerAdvice>()?;
    let tx = ctx.read().await?;
    let mut all = Vec::new();
    for sheet in tx.documents::<Inquiry>().await?.into_iter().rev() {
        let reply = tx.document_if_any(sheet.id).await?;
        all.push((sheet, reply));
    }
    Ok(all)
}

/// One of them.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::NotFound`].
pub async fn one(ctx: &Ctx, id: Uuid) -> Result<Sheet, AppError> {
    ctx.actor.require::<AnswerAdvice>()?;
    let tx = ctx.read().await?;
    Ok((tx.document(id).await?, tx.document_if_any(id).await?))
}

/// Answers. Agreeing to roles binds, so the password is asked again where anything is agreed to.
///
/// # Errors
/// [`AppError::Invalid`] for fields the sheet does not have, a blank answer or a wrong password; [`AppError::Conflict`] when the
/// hospital takes no answer any more. Then nothing was written.
pub async fn answer(ctx: &Ctx, id: Uuid, fields: &Fields, password: String) -> Result<usize, AppError> {
    let grant = ctx.actor.require::<AnswerAdvice>()?;
    let inquiry = ctx.read().await?.document::<Inquiry>(id).await?.content;
    let said = fields::read(fields, &inquiry)?;
    if said.items.is_empty() && said.joints.is_empty() && said.note.is_none() {
        return Err(AppError::Invalid(Msg::new("advice-answer-blank")));
    }
    if said.items.values().any(|item| item.agrees) {
        crate::session::confirm_password(ctx, password).await?;
    }
    let reply = Reply { by: ctx.actor.name.clone(), on: ctx.today(), means: Means::Login, ..said };
    let mut system = ctx.app.db.system("inquiry.answer").await?;
    match system.send_reply(&ctx.actor, &grant, id, &reply).await {
        Err(StoreError::State { .. }) => return Err(AppError::Conflict(Msg::new("advice-closed"))),
        other => other?,
    }
    system.commit().await?;
    Ok(reply.items.len())
}
