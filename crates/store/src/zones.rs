//! Network zones.

use crate::entity::zone as row;
use crate::{ReadTx, StoreError, TenantTx, WritesLedger, codec};
use sea_orm::QueryOrder;
use tomomori_domain::access::Granted;
use tomomori_domain::ids::ZoneId;
use tomomori_domain::resource::{Zone, ZoneKind};
use tomomori_domain::text;

impl TenantTx {
    /// Inserts zones, or overwrites those whose ids exist.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] when another zone has the (folded) name.
    pub async fn put_zones<P: WritesLedger>(&mut self, grant: &Granted<P>, zones: &[Zone]) -> Result<(), StoreError> {
        self.writes_ledger(grant).await?;
        let mut rows = Vec::with_capacity(zones.len());
        for zone in zones {
            rows.push(row::Model {
                tenant_id: self.tenant(),
                id: zone.id.0,
                name: zone.name.clone(),
                name_fold: text::fold(&zone.name),
                kind: zone.kind.key().to_owned(),
                ranges: codec::to_json(&zone.ranges)?,
            });
        }
        self.put::<row::Entity>(rows).await
    }
}

impl ReadTx {
    /// All zones, by folded name.
    ///
    /// # Errors
    /// Database errors.
    pub async fn zones(&self) -> Result<Vec<Zone>, StoreError> {
        let query = self.find::<row::Entity>().order_by_asc(row::Column::NameFold).order_by_asc(row::Column::Id);
        query.all(&self.conn).await?.into_iter().map(zone).collect()
    }
}

fn zone(row: row::Model) -> Result<Zone, StoreError> {
    Ok(Zone {
        id: ZoneId(row.id),
        name: row.name,
        kind: codec::key("zone kind", &row.kind, ZoneKind::from_key)?,
        ranges: codec::from_json(&row.ranges)?,
    })
}
