//! Envelopes between tenants: the vendor's copy of a request, and its answer on the way back. The only place where one
//! transaction writes into two tenants; each side gets its own audit entry, and neither reads the other's rows.

use crate::advice::{request_row, to_item};
use crate::audit::{self, AuditEvent};
use crate::entity::{advice_answer, advice_envelope as row, advice_link, advice_request};
use crate::{ReadTx, StoreError, SystemTx, codec};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use tomomori_domain::access::{Actor, Granted, permission};
use tomomori_domain::advice::{AdviceItem, AdviceRequest, Answer, Envelope, ItemState};
use tomomori_domain::ids::{AdviceId, TenantId};

impl SystemTx {
    /// Notes a hospital's request and puts a copy of it into the tenant of the vendor that the hospital linked.
    ///
    /// # Errors
    /// [`StoreError::State`] when the request names no vendor's tenant.
    pub async fn send_advice_request(
        &mut self,
        actor: &Actor,
        grant: &Granted<permission::AskAdvice>,
        request: &AdviceRequest,
        hospital_name: &str,
        event: AuditEvent,
    ) -> Result<(), StoreError> {
        Self::check(actor, grant)?;
        let Some(vendor) = request.vendor_tenant else {
            return Err(StoreError::State { what: "request", state: "no tenant".to_owned() });
        };
        let hospital = grant.tenant();
        self.enter(hospital).await?;
        let sent = request_row(hospital.0, request)?;
        let copy = row::Model {
            tenant_id: vendor.0,
            id: sent.id,
            hospital_tenant: hospital.0,
            hospital_name: hospital_name.to_owned(),
            code: sent.code.clone(),
            part: sent.part.clone(),
            note: sent.note.clone(),
            due_on: sent.due_on.clone(),
            asked_at: sent.asked_at,
            answer: None,
            answered_at: None,
        };
        advice_request::Entity::insert(sent.into_active_model().reset_all()).exec_without_returning(&self.conn).await?;
        audit::append(&self.conn, hospital.0, actor.user, &actor.name, self.now, event).await?;
        self.enter(vendor).await?;
        row::Entity::insert(copy.into_active_model().reset_all()).exec_without_returning(&self.conn).await?;
        let came = AuditEvent::new("advice.came", format!("request:{}", request.id));
        let came = came.details(serde_json::json!({ "from": hospital_name, "reason": self.reason }));
        audit::append(&self.conn, vendor.0, None, hospital_name, self.now, came).await
    }

    /// Notes a vendor's answer and puts its items into the hospital's tenant, if the hospital still has that request, sent to
    /// this vendor, and the link.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the vendor has no such envelope; [`StoreError::State`] when the hospital takes no
    /// answer to it any more.
    pub async fn send_advice_answer(
        &mut self,
        actor: &Actor,
        grant: &Granted<permission::AnswerAdvice>,
        id: AdviceId,
        answer: &Answer,
        items: &[AdviceItem],
    ) -> Result<(), StoreError> {
        Self::check(actor, grant)?;
        let vendor = grant.tenant();
        self.enter(vendor).await?;
        let key = (vendor.0, id.0);
        let envelope = row::Entity::find_by_id(key).one(&self.conn).await?.ok_or(StoreError::NotFound("envelope"))?;
        row::Entity::update_many()
            .col_expr(row::Column::Answer, Expr::val(codec::to_json(answer)?))
            .col_expr(row::Column::AnsweredAt, Expr::val(codec::ms(self.now)))
            .filter(row::Column::TenantId.eq(vendor.0))
            .filter(row::Column::Id.eq(id.0))
            .exec(&self.conn)
            .await?;
        let sent = AuditEvent::new("advice.answer", format!("request:{id}"));
        let sent = sent.details(serde_json::json!({ "items": items.len(), "to": envelope.hospital_name }));
        audit::append(&self.conn, vendor.0, actor.user, &actor.name, self.now, sent).await?;

        self.enter(TenantId(envelope.hospital_tenant)).await?;
        let hospital = envelope.hospital_tenant;
        let asked = advice_request::Entity::find_by_id((hospital, id.0)).one(&self.conn).await?;
        let asked = asked.filter(|asked| asked.vendor_tenant == Some(vendor.0));
        let link = match &asked {
            Some(asked) => advice_link::Entity::find_by_id((hospital, asked.vendor_id)).one(&self.conn).await?,
            None => None,
        };
        if link.is_none_or(|link| link.vendor_tenant != vendor.0) {
            return Err(StoreError::State { what: "request", state: "closed".to_owned() });
        }
        advice_request::Entity::update_many()
            .col_expr(advice_request::Column::AnsweredAt, Expr::val(codec::ms(self.now)))
            .filter(advice_request::Column::TenantId.eq(hospital))
            .filter(advice_request::Column::Id.eq(id.0))
            .exec(&self.conn)
            .await?;
        advice_answer::Entity::delete_many()
            .filter(advice_answer::Column::TenantId.eq(hospital))
            .filter(advice_answer::Column::RequestId.eq(id.0))
            .filter(advice_answer::Column::State.eq(ItemState::Open.key()))
            .exec(&self.conn)
            .await?;
        for item in items {
            let item = to_item(hospital, item)?.into_active_model().reset_all();
            advice_answer::Entity::insert(item).exec_without_returning(&self.conn).await?;
        }
        let came = AuditEvent::new("advice.answered", format!("request:{id}"));
        let details = serde_json::json!({ "items": items.len(), "reason": self.reason, "by": "login" });
        let came = AuditEvent { personal: vec![("answered_by", actor.name.clone())], ..came.details(details) };
        audit::append(&self.conn, hospital, None, &actor.name, self.now, came).await
    }
}

impl ReadTx {
    /// What hospitals asked this vendor, newest first.
    ///
    /// # Errors
    /// Database errors.
    pub async fn envelopes(&self) -> Result<Vec<Envelope>, StoreError> {
        let rows = self.find::<row::Entity>().order_by_desc(row::Column::Id).all(&self.conn).await?;
        rows.into_iter().map(envelope).collect()
    }

    /// One of them.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn envelope(&self, id: AdviceId) -> Result<Envelope, StoreError> {
        let row = self.find::<row::Entity>().filter(row::Column::Id.eq(id.0)).one(&self.conn).await?;
        envelope(row.ok_or(StoreError::NotFound("envelope"))?)
    }
}

fn envelope(row: row::Model) -> Result<Envelope, StoreError> {
    Ok(Envelope {
        id: AdviceId(row.id),
        hospital: TenantId(row.hospital_tenant),
        hospital_name: row.hospital_name,
        code: row.code,
        part: codec::from_json(&row.part)?,
        note: row.note,
        due: codec::date(&row.due_on)?,
        asked: codec::time(row.asked_at)?,
        answer: row.answer.as_deref().map(codec::from_json).transpose()?,
        answered: row.answered_at.map(codec::time).transpose()?,
    })
}
