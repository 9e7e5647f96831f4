//! Vendors' advice on the hospital's side: grants, links, requests, answers, confirmations.

use crate::entity::{
    advice_answer as item_row, advice_grant as grant_row, advice_link as link_row, advice_request as row,
    node_confirmation,
};
use crate::{ReadTx, StoreError, TenantTx, codec};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use tomomori_domain::access::{Granted, permission::AskAdvice};
use tomomori_domain::advice::{AdviceItem, AdviceRequest, Confirmation, Item, ItemState, ShareGrant, Shared, Subject};
use tomomori_domain::ids::{AdviceId, AdviceItemId, ResourceId, TenantId, VendorId};
use uuid::Uuid;

impl TenantTx {
    /// Sets what a vendor is shown of devices; `None` takes a grant back.
    ///
    /// # Errors
    /// Database errors.
    pub async fn set_share_grants(
        &mut self,
        grant: &Granted<AskAdvice>,
        vendor: VendorId,
        grants: &[(ResourceId, Option<Shared>)],
    ) -> Result<(), StoreError> {
        self.check(grant)?;
        let mut put = Vec::new();
        for (resource, shared) in grants {
            match shared {
                Some(shared) => put.push(grant_row::Model {
                    tenant_id: self.tenant(),
                    vendor_id: vendor.0,
                    resource_id: resource.0,
                    shared: shared.key().to_owned(),
                }),
                None => {
                    let gone = self.delete::<grant_row::Entity>().filter(grant_row::Column::VendorId.eq(vendor.0));
                    gone.filter(grant_row::Column::ResourceId.eq(resource.0)).exec(&self.conn).await?;
                }
            }
        }
        self.put::<grant_row::Entity>(put).await
    }

    /// Says which tenant of the installation a vendor is; `None` ends the link.
    ///
    /// # Errors
    /// Database errors.
    pub async fn link_vendor(
        &mut self,
        grant: &Granted<AskAdvice>,
        vendor: VendorId,
        tenant: Option<TenantId>,
    ) -> Result<(), StoreError> {
        self.check(grant)?;
        match tenant {
            Some(tenant) => {
                let row = link_row::Model { tenant_id: self.tenant(), vendor_id: vendor.0, vendor_tenant: tenant.0 };
                self.put::<link_row::Entity>(vec![row]).await
            }
            None => {
                let gone = self.delete::<link_row::Entity>().filter(link_row::Column::VendorId.eq(vendor.0));
                gone.exec(&self.conn).await?;
                Ok(())
            }
        }
    }

    /// Notes a request that goes by file only.
    ///
    /// # Errors
    /// Database errors.
    pub async fn add_advice_request(
        &mut self,
        grant: &Granted<AskAdvice>,
        request: &AdviceRequest,
    ) -> Result<(), StoreError> {
        self.check(grant)?;
        self.insert::<row::Entity>(vec![request_row(self.tenant(), request)?]).await
    }

    /// Takes an answer in: items nobody decided on yet give way to the new ones.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such request.
    pub async fn put_advice_answer(
        &mut self,
        grant: &Granted<AskAdvice>,
        request: AdviceId,
        items: &[AdviceItem],
    ) -> Result<(), StoreError> {
        self.check(grant)?;
        let done = self
            .update::<row::Entity>()
            .col_expr(row::Column::AnsweredAt, Expr::val(codec::ms(self.now)))
            .filter(row::Column::Id.eq(request.0))
            .exec(&self.conn)
            .await?;
        if done.rows_affected == 0 {
            return Err(StoreError::NotFound("request"));
        }
        let old = self.delete::<item_row::Entity>().filter(item_row::Column::RequestId.eq(request.0));
        old.filter(item_row::Column::State.eq(ItemState::Open.key())).exec(&self.conn).await?;
        let rows = items.iter().map(|item| to_item(self.tenant(), item)).collect::<Result<_, _>>()?;
        self.insert::<item_row::Entity>(rows).await
    }

    /// Notes what became of an open item.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when it was decided before.
    pub async fn decide_advice_item(
        &mut self,
        grant: &Granted<AskAdvice>,
        id: AdviceItemId,
        state: ItemState,
        reason: Option<&str>,
    ) -> Result<(), StoreError> {
        self.check(grant)?;
        let done = self
            .update::<item_row::Entity>()
            .col_expr(item_row::Column::State, Expr::val(state.key()))
            .col_expr(item_row::Column::Reason, Expr::val(reason.map(str::to_owned)))
            .col_expr(item_row::Column::DecidedBy, Expr::val(Some(self.actor.name.clone())))
            .filter(item_row::Column::Id.eq(id.0))
            .filter(item_row::Column::State.eq(ItemState::Open.key()))
            .exec(&self.conn)
            .await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(StoreError::Stale("item")) }
    }

    /// Notes what a vendor confirmed; its newest word on a device counts.
    ///
    /// # Errors
    /// Database errors.
    pub async fn put_confirmations(
        &mut self,
        grant: &Granted<AskAdvice>,
        confirmations: &[Confirmation],
    ) -> Result<(), StoreError> {
        self.check(grant)?;
        let rows = confirmations.iter().map(|confirmation| {
            Ok(node_confirmation::Model {
                tenant_id: self.tenant(),
                resource_id: confirmation.resource.0,
                vendor_id: confirmation.vendor.0,
                vendor_name: confirmation.vendor_name.clone(),
                confirmed_on: confirmation.on.to_string(),
                by_whom: confirmation.by.clone(),
                file: confirmation.file.clone(),
                stated: codec::to_json(&confirmation.values)?,
            })
        });
        let rows = rows.collect::<Result<Vec<_>, StoreError>>()?;
        self.put::<node_confirmation::Entity>(rows).await
    }
}

impl ReadTx {
    /// What vendors are shown beyond, or less than, their own devices.
    ///
    /// # Errors
    /// Database errors.
    pub async fn share_grants(&self) -> Result<Vec<ShareGrant>, StoreError> {
        let query = self.find::<grant_row::Entity>().order_by_asc(grant_row::Column::VendorId);
        let rows = query.order_by_asc(grant_row::Column::ResourceId).all(&self.conn).await?;
        rows.into_iter()
            .map(|row| {
                Ok(ShareGrant {
                    vendor: VendorId(row.vendor_id),
                    resource: ResourceId(row.resource_id),
                    shared: codec::key("grant", &row.shared, Shared::from_key)?,
                })
            })
            .collect()
    }

    /// Vendors that have a tenant of their own in this installation, as this hospital linked them.
    ///
    /// # Errors
    /// Database errors.
    pub async fn vendor_links(&self) -> Result<Vec<(VendorId, TenantId)>, StoreError> {
        let rows = self.find::<link_row::Entity>().order_by_asc(link_row::Column::VendorId).all(&self.conn).await?;
        Ok(rows.into_iter().map(|row| (VendorId(row.vendor_id), TenantId(row.vendor_tenant))).collect())
    }

    /// All requests, newest first.
    ///
    /// # Errors
    /// Database errors.
    pub async fn advice_requests(&self) -> Result<Vec<AdviceRequest>, StoreError> {
        let query = self.find::<row::Entity>().order_by_desc(row::Column::Id);
        query.all(&self.conn).await?.into_iter().map(request).collect()
    }

    /// One request.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn advice_request(&self, id: AdviceId) -> Result<AdviceRequest, StoreError> {
        let row = self.find::<row::Entity>().filter(row::Column::Id.eq(id.0)).one(&self.conn).await?;
        request(row.ok_or(StoreError::NotFound("request"))?)
    }

    /// The request whose forms carry a code.
    ///
    /// # Errors
    /// Database errors.
    pub async fn advice_request_of_code(&self, code: &str) -> Result<Option<AdviceRequest>, StoreError> {
        let row = self.find::<row::Entity>().filter(row::Column::Code.eq(code)).one(&self.conn).await?;
        row.map(request).transpose()
    }

    /// Items of the answers to one request, in the order they were said.
    ///
    /// # Errors
    /// Database errors.
    pub async fn advice_items(&self, request: AdviceId) -> Result<Vec<AdviceItem>, StoreError> {
        let query = self.find::<item_row::Entity>().filter(item_row::Column::RequestId.eq(request.0));
        query.order_by_asc(item_row::Column::Id).all(&self.conn).await?.into_iter().map(item).collect()
    }

    /// Remarks of vendors on one device, newest first; refused ones are left out.
    ///
    /// # Errors
    /// Database errors.
    pub async fn advice_remarks(&self, resource: ResourceId) -> Result<Vec<AdviceItem>, StoreError> {
        let query = self.find::<item_row::Entity>().filter(item_row::Column::ResourceId.eq(resource.0));
        let query = query.filter(item_row::Column::State.ne(ItemState::Refused.key()));
        let rows = query.order_by_desc(item_row::Column::Id).all(&self.conn).await?;
        let mut items = rows.into_iter().map(item).collect::<Result<Vec<_>, _>>()?;
        items.retain(|item| matches!(item.item, Item::Remark { .. }));
        Ok(items)
    }

    /// What vendors confirmed.
    ///
    /// # Errors
    /// Database errors.
    pub async fn confirmations(&self) -> Result<Vec<Confirmation>, StoreError> {
        let query = self.find::<node_confirmation::Entity>().order_by_asc(node_confirmation::Column::ResourceId);
        let rows = query.order_by_asc(node_confirmation::Column::VendorId).all(&self.conn).await?;
        rows.into_iter()
            .map(|row| {
                Ok(Confirmation {
                    resource: ResourceId(row.resource_id),
                    vendor: VendorId(row.vendor_id),
                    vendor_name: row.vendor_name,
                    on: codec::date(&row.confirmed_on)?,
                    by: row.by_whom,
                    file: row.file,
                    values: codec::from_json(&row.stated)?,
                })
            })
            .collect()
    }
}

pub(crate) fn request_row(tenant: Uuid, request: &AdviceRequest) -> Result<row::Model, StoreError> {
    Ok(row::Model {
        tenant_id: tenant,
        id: request.id.0,
        vendor_id: request.vendor.0,
        vendor_name: request.vendor_name.clone(),
        vendor_tenant: request.vendor_tenant.map(|tenant| tenant.0),
        code: request.code.clone(),
        part: codec::to_json(&request.part)?,
        note: request.note.clone(),
        due_on: request.due.to_string(),
        asked_by: request.asked_by.clone(),
        asked_at: codec::ms(request.asked),
        answered_at: request.answered.map(codec::ms),
    })
}

fn request(row: row::Model) -> Result<AdviceRequest, StoreError> {
    Ok(AdviceRequest {
        id: AdviceId(row.id),
        vendor: VendorId(row.vendor_id),
        vendor_name: row.vendor_name,
        vendor_tenant: row.vendor_tenant.map(TenantId),
        code: row.code,
        part: codec::from_json(&row.part)?,
        note: row.note,
        due: codec::date(&row.due_on)?,
        asked_by: row.asked_by,
        asked: codec::time(row.asked_at)?,
        answered: row.answered_at.map(codec::time).transpose()?,
    })
}

pub(crate) fn to_item(tenant: Uuid, item: &AdviceItem) -> Result<item_row::Model, StoreError> {
    let resource = match item.item.subject() {
        Some(Subject::Node(id)) => Some(id.0),
        _ => None,
    };
    Ok(item_row::Model {
        tenant_id: tenant,
        id: item.id.0,
        request_id: item.request.0,
        resource_id: resource,
        item: codec::to_json(&item.item)?,
        by_whom: item.by.clone(),
        stated_on: item.on.to_string(),
        file: item.file.clone(),
        entered_by: item.entered_by.clone(),
        state: item.state.key().to_owned(),
        reason: item.reason.clone(),
        decided_by: item.decided_by.clone(),
    })
}

fn item(row: item_row::Model) -> Result<AdviceItem, StoreError> {
    Ok(AdviceItem {
        id: AdviceItemId(row.id),
        request: AdviceId(row.request_id),
        item: codec::from_json(&row.item)?,
        by: row.by_whom,
        on: codec::date(&row.stated_on)?,
        file: row.file,
        entered_by: row.entered_by,
        state: codec::key("item", &row.state, ItemState::from_key)?,
        reason: row.reason,
        decided_by: row.decided_by,
    })
}
