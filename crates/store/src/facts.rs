//! Facts: who said what about which field, and where it stood. The resource holds the value in force; facts hold every source.

use crate::{ReadTx, StoreError, TenantTx, WritesLedger};
use jiff::civil::Date;
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
        todo!()
    }
}

impl ReadTx {
    /// Facts of one resource, newest first.
    ///
    /// # Errors
    /// Database errors.
    pub async fn facts_of(&self, resource: ResourceId) -> Result<Vec<Fact>, StoreError> {
        todo!()
    }

    /// The newest fact per (resource, component, field): enough to decide which source wins. All of the tenant.
    ///
    /// # Errors
    /// Database errors.
    pub async fn facts(&self) -> Result<Vec<Fact>, StoreError> {
        todo!()
    }
}
