//! Question sheets between tenants: the vendor's copy, and its answer on the way back. As with advice, one transaction writes
//! into both tenants, each side gets its own audit entry, and neither reads the other's rows.

use crate::audit::{self, AuditEvent};
use crate::entity::{advice_link, document as row};
use crate::{StoreError, SystemTx, codec};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use tomomori_domain::access::{Actor, Granted, permission};
use tomomori_domain::document::Content;
use tomomori_domain::ids::TenantId;
use tomomori_domain::inquiry::{Inquiry, Reply};
use uuid::Uuid;

impl SystemTx {
    /// Keeps a question sheet and, if the hospital linked the vendor's tenant, puts a copy there.
    ///
    /// # Errors
    /// Database errors.
    pub async fn send_inquiry(
        &mut self,
        actor: &Actor,
        grant: &Granted<permission::WriteAgreements>,
        id: Uuid,
        inquiry: &Inquiry,
        event: AuditEvent,
    ) -> Result<(), StoreError> {
        Self::check(actor, grant)?;
        let hospital = grant.tenant();
        self.enter(hospital).await?;
        self.add(hospital, id, inquiry, &actor.name).await?;
        audit::append(&self.conn, hospital.0, actor.user, &actor.name, self.now, event).await?;
        let Some(vendor) = inquiry.vendor_tenant else { return Ok(()) };
        self.enter(vendor).await?;
        let copy =
            Inquiry { session: Uuid::nil(), vendor_tenant: None, hospital_tenant: Some(hospital), ..inquiry.clone() };
        self.add(vendor, id, &copy, &inquiry.hospital).await?;
        let came = AuditEvent::new("inquiry.came", format!("inquiry:{id}"));
        let came = came.details(serde_json::json!({ "from": inquiry.hospital, "reason": self.reason }));
        audit::append(&self.conn, vendor.0, None, &inquiry.hospital, self.now, came).await
    }

    /// Keeps a vendor's answer on both sides, if the hospital asked this vendor and still has the link.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the vendor has no such sheet; [`StoreError::State`] when the hospital takes no answer to
    /// it any more.
    pub async fn send_reply(
        &mut self,
        actor: &Actor,
        grant: &Granted<permission::AnswerAdvice>,
        id: Uuid,
        reply: &Reply,
    ) -> Result<(), StoreError> {
        Self::check(actor, grant)?;
        let vendor = grant.tenant();
        self.enter(vendor).await?;
        let sheet: Option<Inquiry> = self.newest(vendor, id).await?;
        let hospital =
            sheet.as_ref().and_then(|sheet| sheet.hospital_tenant).ok_or(StoreError::NotFound("question sheet"))?;
        self.add(vendor, id, reply, &actor.name).await?;
        let sent = AuditEvent::new("inquiry.answer", format!("inquiry:{id}"));
        let sent = sent.details(serde_json::json!({ "items": reply.items.len() }));
        audit::append(&self.conn, vendor.0, actor.user, &actor.name, self.now, sent).await?;

        self.enter(hospital).await?;
        let asked: Option<Inquiry> = self.newest(hospital, id).await?;
        let asked = asked.filter(|asked| asked.vendor_tenant == Some(vendor));
        let link = match &asked {
            Some(asked) => advice_link::Entity::find_by_id((hospital.0, asked.vendor.0)).one(&self.conn).await?,
            None => None,
        };
        if link.is_none_or(|link| link.vendor_tenant != vendor.0) {
            return Err(StoreError::State { what: "question sheet", state: "closed".to_owned() });
        }
        self.add(hospital, id, reply, &actor.name).await?;
        let came = AuditEvent::new("inquiry.answered", format!("inquiry:{id}"));
        let details = serde_json::json!({ "items": reply.items.len(), "reason": self.reason, "by": "login" });
        let came = AuditEvent { personal: vec![("answered_by", actor.name.clone())], ..came.details(details) };
        audit::append(&self.conn, hospital.0, None, &actor.name, self.now, came).await
    }

    /// The newest version of a document of a tenant that was entered.
    async fn newest<T: Content>(&self, tenant: TenantId, id: Uuid) -> Result<Option<T>, StoreError> {
        let found = self.newest_row::<T>(tenant, id).await?;
        found.map(|row| codec::from_json(&row.content)).transpose()
    }

    async fn newest_row<T: Content>(&self, tenant: TenantId, id: Uuid) -> Result<Option<row::Model>, StoreError> {
        let query = row::Entity::find().filter(row::Column::TenantId.eq(tenant.0));
        let query = query.filter(row::Column::Kind.eq(T::KIND.key())).filter(row::Column::Id.eq(id));
        Ok(query.order_by_desc(row::Column::Revision).one(&self.conn).await?)
    }

    /// Adds the next version of a document to a tenant that was entered.
    async fn add<T: Content>(&self, tenant: TenantId, id: Uuid, content: &T, by: &str) -> Result<(), StoreError> {
        let last = self.newest_row::<T>(tenant, id).await?;
        let revision = last.as_ref().map_or(0, |last| last.revision) + 1;
        if let Some(last) = last {
            let old = row::Model { newest: false, ..last };
            row::Entity::update(old.into_active_model().reset_all()).exec(&self.conn).await?;
        }
        let new = row::Model {
            tenant_id: tenant.0,
            kind: T::KIND.key().to_owned(),
            id,
            revision,
            newest: true,
            content: codec::document(content)?,
            written_at: codec::ms(self.now),
            written_by: by.to_owned(),
        };
        row::Entity::insert(new.into_active_model().reset_all()).exec_without_returning(&self.conn).await?;
        Ok(())
    }
}
