//! Connections and remote-maintenance lines.

use crate::entity::line as row;
use crate::{ReadTx, StoreError, TenantTx, WritesLedger, codec};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder};
use tomomori_domain::access::Granted;
use tomomori_domain::ids::{ContractId, LineId, ResourceId, VendorId};
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
                circuit: line.circuit.clone(),
                via: line.via.clone(),
                via_resource_id: line.via_resource.map(|id| id.0),
                sources: line.sources.clone(),
                contract_id: line.contract.map(|id| id.0),
                billed_on: line.billed_on.map(|day| day.to_string()),
            }
        });
        self.put::<row::Entity>(rows.collect()).await
    }
}

impl ReadTx {
    /// All lines, oldest first.
    ///
    /// # Errors
    /// Database errors.
    pub async fn lines(&self) -> Result<Vec<Line>, StoreError> {
        let query = self.find::<row::Entity>().order_by_asc(row::Column::Id);
        query.all(&self.conn).await?.into_iter().map(line).collect()
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
        query.all(&self.conn).await?.into_iter().map(line).collect()
    }
}

fn ends(end: &LineEnd) -> (Option<Uuid>, Option<String>) {
    match end {
        LineEnd::Resource(id) => (Some(id.0), None),
        LineEnd::Outside(name) => (None, Some(name.clone())),
        LineEnd::Unknown => (None, None),
    }
}

fn end(resource: Option<Uuid>, outside: Option<String>) -> LineEnd {
    match (resource, outside) {
        (Some(id), _) => LineEnd::Resource(ResourceId(id)),
        (None, Some(name)) => LineEnd::Outside(name),
        (None, None) => LineEnd::Unknown,
    }
}

fn line(row: row::Model) -> Result<Line, StoreError> {
    Ok(Line {
        id: LineId(row.id),
        from: end(row.from_resource_id, row.from_outside),
        to: end(row.to_resource_id, row.to_outside),
        purpose: row.purpose,
        protocol: row.protocol,
        vendor: row.vendor_id.map(VendorId),
        always_on: row.always_on,
        source_limited: row.source_limited,
        remote_maintenance: row.remote_maintenance,
        circuit: row.circuit,
        via: row.via,
        via_resource: row.via_resource_id.map(ResourceId),
        sources: row.sources,
        contract: row.contract_id.map(ContractId),
        billed_on: codec::opt_date(row.billed_on.as_deref())?,
    })
}
