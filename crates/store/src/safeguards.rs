//! Statements about safeguards. They are added and never changed.

use crate::entity::safeguard as row;
use crate::{ReadTx, StoreError, TenantTx, codec};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use tomomori_domain::access::{Granted, permission::WriteLedger};
use tomomori_domain::ids::{ResourceId, SafeguardId, ServiceId};
use tomomori_domain::safeguard::{Safeguard, Subject};
use uuid::Uuid;

fn parts(subject: Subject) -> (&'static str, Uuid) {
    match subject {
        Subject::Service(id) => ("service", id.0),
        Subject::Device(id) => ("device", id.0),
    }
}

impl TenantTx {
    /// Adds a statement.
    ///
    /// # Errors
    /// Database errors.
    pub async fn add_safeguard(&mut self, grant: &Granted<WriteLedger>, said: &Safeguard) -> Result<(), StoreError> {
        self.check(grant)?;
        let (subject_kind, subject_id) = parts(said.subject);
        let model = row::Model {
            tenant_id: self.tenant(),
            id: said.id.0,
            subject_kind: subject_kind.to_owned(),
            subject_id,
            kind: said.statement.kind().key().to_owned(),
            statement: codec::to_json(&said.statement)?,
            stated_by: said.stated_by.clone(),
            vendor: said.vendor.clone(),
            stated_on: said.stated_on.to_string(),
            entered_by: said.entered_by.clone(),
            entered_at: codec::ms(said.entered_at),
        };
        self.insert::<row::Entity>(vec![model]).await
    }
}

impl ReadTx {
    /// All statements, or those about one subject; the newest first.
    ///
    /// # Errors
    /// Database errors.
    pub async fn safeguards(&self, about: Option<Subject>) -> Result<Vec<Safeguard>, StoreError> {
        let mut query = self.find::<row::Entity>();
        if let Some((kind, id)) = about.map(parts) {
            query = query.filter(row::Column::SubjectKind.eq(kind)).filter(row::Column::SubjectId.eq(id));
        }
        let query = query.order_by_desc(row::Column::StatedOn).order_by_desc(row::Column::EnteredAt);
        query.order_by_desc(row::Column::Id).all(&self.conn).await?.into_iter().map(safeguard).collect()
    }
}

fn safeguard(row: row::Model) -> Result<Safeguard, StoreError> {
    Ok(Safeguard {
        id: SafeguardId(row.id),
        subject: match row.subject_kind.as_str() {
            "service" => Subject::Service(ServiceId(row.subject_id)),
            "device" => Subject::Device(ResourceId(row.subject_id)),
            other => return Err(StoreError::Corrupt("subject", other.to_owned())),
        },
        statement: codec::from_json(&row.statement)?,
        stated_by: row.stated_by,
        vendor: row.vendor,
        stated_on: codec::date(&row.stated_on)?,
        entered_by: row.entered_by,
        entered_at: codec::time(row.entered_at)?,
    })
}
