//! Facts: who said what about which field, and where it stood. The resource holds the value in force; facts hold every source.

use crate::entity::fact as row;
use crate::{ReadTx, StoreError, TenantTx, WritesLedger, codec};
use jiff::civil::Date;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use std::collections::HashSet;
use tomomori_domain::access::Granted;
use tomomori_domain::ids::{ComponentId, FactId, ImportId, ResourceId};
use tomomori_domain::import::{Field, Place};
use tomomori_domain::resource::Grade;

/// One statement about one field of a resource or of a component on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Key within the tenant.
    pub id: FactId,
    /// The device.
    pub resource: ResourceId,
    /// The component, if the field is the component's.
    pub component: Option<ComponentId>,
    /// Which field.
    pub field: Field,
    /// The value, as stated.
    pub value: String,
    /// How good it is.
    pub grade: Grade,
    /// Where it stood; the file name alone for facts entered by hand is empty.
    pub place: Place,
    /// Day on which it was seen or stated.
    pub seen: Date,
    /// The import that brought it.
    pub import: Option<ImportId>,
}

impl TenantTx {
    /// Adds facts.
    ///
    /// # Errors
    /// [`StoreError::Reference`] when a resource, component or import does not exist.
    pub async fn add_facts<P: WritesLedger>(&mut self, grant: &Granted<P>, facts: &[Fact]) -> Result<(), StoreError> {
        self.writes_ledger(grant).await?;
        let mut rows = Vec::with_capacity(facts.len());
        for fact in facts {
            rows.push(row::Model {
                tenant_id: self.tenant(),
                id: fact.id.0,
                resource_id: fact.resource.0,
                component_id: fact.component.map(|id| id.0),
                field: fact.field.key().to_owned(),
                value: fact.value.clone(),
                grade: fact.grade.key().to_owned(),
                source_file: fact.place.file.clone(),
                place: codec::to_json(&fact.place)?,
                seen_on: fact.seen.to_string(),
                import_id: fact.import.map(|id| id.0),
            });
        }
        self.insert::<row::Entity>(rows).await
    }
}

impl ReadTx {
    /// Facts of one resource, newest first.
    ///
    /// # Errors
    /// Database errors.
    pub async fn facts_of(&self, resource: ResourceId) -> Result<Vec<Fact>, StoreError> {
        let query = self
            .find::<row::Entity>()
            .filter(row::Column::ResourceId.eq(resource.0))
            .order_by_desc(row::Column::SeenOn)
            .order_by_desc(row::Column::Id);
        query.all(&self.conn).await?.into_iter().map(fact).collect()
    }

    /// The newest fact per (resource, component, field): enough to decide which source wins. All of the tenant.
    ///
    /// # Errors
    /// Database errors.
    pub async fn facts(&self) -> Result<Vec<Fact>, StoreError> {
        let query = self.find::<row::Entity>().order_by_desc(row::Column::SeenOn).order_by_desc(row::Column::Id);
        let mut seen = HashSet::new();
        let mut facts = Vec::new();
        for row in query.all(&self.conn).await? {
            if seen.insert((row.resource_id, row.component_id, row.field.clone())) {
                facts.push(fact(row)?);
            }
        }
        Ok(facts)
    }
}

fn fact(row: row::Model) -> Result<Fact, StoreError> {
    Ok(Fact {
        id: FactId(row.id),
        resource: ResourceId(row.resource_id),
        component: row.component_id.map(ComponentId),
        field: codec::key("field", &row.field, Field::from_key)?,
        value: row.value,
        grade: codec::key("grade", &row.grade, Grade::from_key)?,
        place: codec::from_json(&row.place)?,
        seen: codec::date(&row.seen_on)?,
        import: row.import_id.map(ImportId),
    })
}
