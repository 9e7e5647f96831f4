//! Services of care and the resources they depend on.

use crate::entity::{service as row, service_need};
use crate::tx::CHUNK;
use crate::{ReadTx, StoreError, TenantTx, WritesLedger};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use std::collections::HashMap;
use tomomori_domain::access::Granted;
use tomomori_domain::ids::{ResourceId, ServiceId};
use tomomori_domain::resource::Service;
use tomomori_domain::text;

impl TenantTx {
    /// Inserts services, or overwrites those whose ids exist; what a service needs is replaced.
    ///
    /// # Errors
    /// [`StoreError::Reference`] when a needed resource does not exist.
    pub async fn put_services<P: WritesLedger>(
        &mut self,
        grant: &Granted<P>,
        services: &[Service],
    ) -> Result<(), StoreError> {
        self.writes_ledger(grant).await?;
        let rows = services.iter().map(|service| row::Model {
            tenant_id: self.tenant(),
            id: service.id.0,
            name: service.name.clone(),
            name_fold: text::fold(&service.name),
            hours: service.hours.clone(),
        });
        self.put::<row::Entity>(rows.collect()).await?;
        for chunk in services.chunks(CHUNK) {
            let ids = chunk.iter().map(|service| service.id.0);
            let old = self.delete::<service_need::Entity>().filter(service_need::Column::ServiceId.is_in(ids));
            old.exec(&self.conn).await?;
        }
        let mut needs = Vec::new();
        for service in services {
            let mut resources = service.needs.clone();
            resources.sort_unstable();
            resources.dedup();
            needs.extend(resources.into_iter().map(|resource| service_need::Model {
                tenant_id: self.tenant(),
                service_id: service.id.0,
                resource_id: resource.0,
            }));
        }
        self.insert::<service_need::Entity>(needs).await
    }
}

impl ReadTx {
    /// All services, by folded name.
    ///
    /// # Errors
    /// Database errors.
    pub async fn services(&self) -> Result<Vec<Service>, StoreError> {
        let query = self.find::<row::Entity>().order_by_asc(row::Column::NameFold).order_by_asc(row::Column::Id);
        let rows = query.all(&self.conn).await?;
        let all =
            self.find::<service_need::Entity>().order_by_asc(service_need::Column::ResourceId).all(&self.conn).await?;
        let mut needs: HashMap<uuid::Uuid, Vec<ResourceId>> = HashMap::new();
        for need in all {
            needs.entry(need.service_id).or_default().push(ResourceId(need.resource_id));
        }
        Ok(rows
            .into_iter()
            .map(|row| {
                let own = needs.remove(&row.id).unwrap_or_default();
                service(row, own)
            })
            .collect())
    }
}

fn service(row: row::Model, needs: Vec<ResourceId>) -> Service {
    Service { id: ServiceId(row.id), name: row.name, hours: row.hours, needs }
}
