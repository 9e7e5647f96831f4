//! Keeping the list of devices in step with what it is computed from.

use crate::entity::{component, resource};
use crate::tx::CHUNK;
use crate::{StoreError, TenantTx, dialect};
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};
use tomomori_domain::ids::ComponentId;
use uuid::Uuid;

/// From so many devices on the whole list is computed anew: one statement is then faster than many.
const ALL_FROM: usize = 4 * CHUNK;

impl TenantTx {
    /// Computes the rows of the list anew for the devices this transaction touched.
    pub(crate) async fn refresh_lists(&self) -> Result<(), StoreError> {
        if self.stale.len() >= ALL_FROM {
            return Ok(dialect::lists::refresh(&self.conn, self.tenant(), None).await?);
        }
        let ids: Vec<Uuid> = self.stale.iter().copied().collect();
        for chunk in ids.chunks(CHUNK) {
            dialect::lists::refresh(&self.conn, self.tenant(), Some(chunk)).await?;
        }
        Ok(())
    }

    /// The devices under these contracts will need it.
    pub(crate) async fn lists_of_contracts(&mut self, contracts: &[Uuid]) -> Result<(), StoreError> {
        for chunk in contracts.chunks(CHUNK) {
            let devices =
                self.find::<resource::Entity>().filter(resource::Column::ContractId.is_in(chunk.iter().copied()));
            let devices = devices.select_only().column(resource::Column::Id);
            let devices: Vec<Uuid> = devices.into_tuple().all(&self.conn).await?;
            self.stale.extend(devices);
        }
        Ok(())
    }

    /// The devices these components are on will need it.
    pub(crate) async fn lists_of_components(&mut self, components: &[ComponentId]) -> Result<(), StoreError> {
        for chunk in components.chunks(CHUNK) {
            let ids = chunk.iter().map(|id| id.0);
            let devices = self.find::<component::Entity>().filter(component::Column::Id.is_in(ids));
            let devices = devices.select_only().column(component::Column::ResourceId).distinct();
            let devices: Vec<Uuid> = devices.into_tuple().all(&self.conn).await?;
            self.stale.extend(devices);
        }
        Ok(())
    }
}
