//! Definitions of the hospital's own columns (自由項目).

use crate::entity::custom_field as row;
use crate::{ReadTx, StoreError, TenantTx, WritesLedger, codec};
use sea_orm::QueryOrder;
use tomomori_domain::access::Granted;
use tomomori_domain::custom::{CustomField, FieldType};

impl TenantTx {
    /// Adds a definition, or overwrites the one of this name. The ledger must be computed again with it.
    ///
    /// # Errors
    /// Database errors.
    pub async fn put_custom_field<P: WritesLedger>(
        &mut self,
        grant: &Granted<P>,
        field: &CustomField,
    ) -> Result<(), StoreError> {
        self.writes_ledger(grant).await?;
        let model = row::Model {
            tenant_id: self.tenant(),
            name: field.name.clone(),
            kind: field.kind.key().to_owned(),
            choices: codec::to_json(&field.choices)?,
            note: field.note.clone(),
            position: field.position,
            retired: field.retired,
        };
        self.put::<row::Entity>(vec![model]).await
    }
}

impl ReadTx {
    /// All definitions, in their order.
    ///
    /// # Errors
    /// Database errors.
    pub async fn custom_fields(&self) -> Result<Vec<CustomField>, StoreError> {
        let query = self.find::<row::Entity>().order_by_asc(row::Column::Position).order_by_asc(row::Column::Name);
        query.all(&self.conn).await?.into_iter().map(field).collect()
    }
}

fn field(row: row::Model) -> Result<CustomField, StoreError> {
    Ok(CustomField {
        kind: codec::key("type of an own column", &row.kind, FieldType::from_key)?,
        choices: codec::from_json(&row.choices)?,
        name: row.name,
        note: row.note,
        position: row.position,
        retired: row.retired,
    })
}
