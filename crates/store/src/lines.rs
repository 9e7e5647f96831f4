//! Connections and remote-maintenance lines.

use crate::entity::line as row;
use crate::{ReadTx, StoreError, TenantTx, WritesLedger};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder};
use tomomori_domain::access::Granted;
use tomomori_domain::ids::{LineId, ResourceId, VendorId};
use tomomori_domain::resource::{Line, LineEnd};
use uuid::Uuid;

impl TenantTx {
    /// Inserts lines, or overwrites those whose ids exist.
    ///
    /// # Errors
    /// [`StoreError::Reference`] when an end or the vendor does not exist.
    pub async fn put_lines<P: WritesLedger>(&mut self, grant: &Granted<P>, lines: &[Line]) -> Result<(), StoreError> {
        self.writes_ledger(grant).await?;
        let rows = lines.iter().map(|line| {
            let (from_resource_id, from_outside) = ends(&line.from);
            let (to_resource_id, to_outside) = ends(&line.to);
            row::Model {
                tenant_id: self.tenant(),
                id: line.id.0,
                from_resource_id,
                from_outside,
                to_resource_id,
                to_outside,
                purpose: line.purpose.clone(),
                protocol: line.protocol.clone(),
                vendor_id: line.vendor.map(|vendor| vendor.0),
                always_on: line.always_on,
                source_limited: line.source_limited,
                remote_maintenance: line.remote_maintenance,
            }
        });
        self.put::<row::Entity>(rows.collect()).await
    }

    /// Deletes a line.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn delete_line<P: WritesLedger>(&mut self, grant: &Granted<P>, id: LineId) -> Result<(), StoreError> {
        self.writes_ledger(grant).await?;
        let done = self.delete::<row::Entity>().filter(row::Column::Id.eq(id.0)).exec(&self.conn).await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(StoreError::NotFound("line")) }
    }
}

impl ReadTx {
    /// All lines, oldest first.
    ///
    /// # Errors
    /// Database errors.
    pub async fn lines(&self) -> Result<Vec<Line>, StoreError> {
        let query = self.find::<row::Entity>().order_by_asc(row::Column::Id);
        Ok(query.all(&self.conn).await?.into_iter().map(line).collect())
    }

    /// Lines that begin or end at a resource.
    ///
    /// # Errors
    /// Database errors.
    pub async fn lines_of(&self, resource: ResourceId) -> Result<Vec<Line>, StoreError> {
        let at = Condition::any()
            .add(row::Column::FromResourceId.eq(resource.0))
            .add(row::Column::ToResourceId.eq(resource.0));
        let query = self.find::<row::Entity>().filter(at).order_by_asc(row::Column::Id);
        Ok(query.all(&self.conn).await?.into_iter().map(line).collect())
    }
}

fn ends(end: &LineEnd) -> (Option<Uuid>, Option<String>) {
    match end {
        LineEnd::Resource(id) => (Some(id.0), None),
        LineEnd::Outside(name) => (None, Some(name.clone())),
    }
}

fn end(resource: Option<Uuid>, outside: Option<String>) -> LineEnd {
    resource.map_or_else(|| LineEnd::Outside(outside.unwrap_or_default()), |id| LineEnd::Resource(ResourceId(id)))
}

fn line(row: row::Model) -> Line {
    Line {
        id: LineId(row.id),
        from: end(row.from_resource_id, row.from_outside),
        to: end(row.to_resource_id, row.to_outside),
        purpose: row.purpose,
        protocol: row.protocol,
        vendor: row.vendor_id.map(VendorId),
        always_on: row.always_on,
        source_limited: row.source_limited,
        remote_maintenance: row.remote_maintenance,
    }
}
