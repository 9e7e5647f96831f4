//! Steps that changed the ledger: what the history shows and what can be taken back. And writing what follows from them.

use crate::entity::{component, contract, decision, line, record, service, step as row, vendor, zone};
use crate::resource_list::{count_per, count_rows};
use crate::tx::CHUNK;
use crate::{Page, PageRequest, ReadTx, StoreError, TenantTx, WritesLedger, codec};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use std::cmp::Reverse;
use std::collections::HashMap;
use tomomori_domain::access::Granted;
use tomomori_domain::ids::{ChangeId, ImportId};
use tomomori_domain::record::{ChangeKind, ChangeStep};
use uuid::Uuid;

/// Ids of a table that may go.
macro_rules! delete_rows {
    ($tx:expr, $entity:ident, $ids:expr) => {
        for chunk in $ids.chunks(CHUNK) {
            let ids = chunk.iter().map(|id| id.0);
            $tx.delete::<$entity::Entity>().filter($entity::Column::Id.is_in(ids)).exec(&$tx.conn).await?;
        }
    };
}

/// A step with how much it touched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepRow {
    /// The step.
    pub step: ChangeStep,
    /// Records it began.
    pub begun: u64,
    /// Records it ended.
    pub ended: u64,
    /// Decisions on which rows are one device.
    pub decided: u64,
}

/// Rows that no record speaks of any more.
#[derive(Clone, Copy, Debug)]
pub struct GoneRows<'a> {
    /// Devices.
    pub resources: &'a [tomomori_domain::ids::ResourceId],
    /// Components.
    pub components: &'a [tomomori_domain::ids::ComponentId],
    /// Zones.
    pub zones: &'a [tomomori_domain::ids::ZoneId],
    /// Lines.
    pub lines: &'a [tomomori_domain::ids::LineId],
    /// Vendors.
    pub vendors: &'a [tomomori_domain::ids::VendorId],
    /// Contracts.
    pub contracts: &'a [tomomori_domain::ids::ContractId],
    /// Services.
    pub services: &'a [tomomori_domain::ids::ServiceId],
}

impl TenantTx {
    /// Notes a step.
    ///
    /// # Errors
    /// Database errors.
    pub async fn add_step<P: WritesLedger>(
        &mut self,
        grant: &Granted<P>,
        step: &ChangeStep,
        import: Option<ImportId>,
    ) -> Result<(), StoreError> {
        self.writes_ledger(grant).await?;
        let row = row::Model {
            tenant_id: self.tenant(),
            id: step.id.0,
            kind: step.kind.key().to_owned(),
            at: codec::ms(step.at),
            by_whom: step.by.clone(),
            title: step.title.clone(),
            import_id: import.map(|id| id.0),
            undone_by: step.undone_by.map(|id| id.0),
        };
        self.insert::<row::Entity>(vec![row]).await
    }

    /// Notes that a step was taken back.
    ///
    /// # Errors
    /// [`StoreError::State`] when it was before.
    pub async fn mark_undone<P: WritesLedger>(
        &mut self,
        grant: &Granted<P>,
        step: ChangeId,
        by: ChangeId,
    ) -> Result<(), StoreError> {
        self.writes_ledger(grant).await?;
        let done = self
            .update::<row::Entity>()
            .col_expr(row::Column::UndoneBy, Expr::val(by.0))
            .filter(row::Column::Id.eq(step.0))
            .filter(row::Column::UndoneBy.is_null())
            .exec(&self.conn)
            .await?;
        if done.rows_affected == 1 {
            Ok(())
        } else {
            Err(StoreError::State { what: "step", state: "undone".to_owned() })
        }
    }

    /// Deletes rows of the ledger. Call it after the rows that stay were written: nothing may refer to them any more.
    ///
    /// # Errors
    /// [`StoreError::Reference`] when something still refers to one of them.
    pub async fn delete_ledger_rows<P: WritesLedger>(
        &mut self,
        grant: &Granted<P>,
        gone: GoneRows<'_>,
    ) -> Result<(), StoreError> {
        self.writes_ledger(grant).await?;
        delete_rows!(self, line, gone.lines);
        delete_rows!(self, service, gone.services);
        self.lists_of_components(gone.components).await?;
        delete_rows!(self, component, gone.components);
        self.delete_resources(grant, gone.resources).await?;
        delete_rows!(self, contract, gone.contracts);
        delete_rows!(self, vendor, gone.vendors);
        delete_rows!(self, zone, gone.zones);
        Ok(())
    }
}

impl ReadTx {
    /// The newest steps.
    ///
    /// # Errors
    /// Database errors.
    pub async fn steps(&self, limit: u32) -> Result<Vec<ChangeStep>, StoreError> {
        let query = self.find::<row::Entity>().order_by_desc(row::Column::Id).limit(u64::from(limit));
        query.all(&self.conn).await?.into_iter().map(step).collect()
    }

    /// A page of steps, the newest first.
    ///
    /// # Errors
    /// [`StoreError::BadCursor`].
    pub async fn list_steps(&self, page: &PageRequest) -> Result<Page<StepRow>, StoreError> {
        let mut query = self.find::<row::Entity>();
        if let Some(last) = page.cursor::<Uuid>()? {
            query = query.filter(row::Column::Id.lt(last));
        }
        let rows = query.order_by_desc(row::Column::Id).limit(page.rows() + 1).all(&self.conn).await?;
        let steps = rows.into_iter().map(step).collect::<Result<Vec<_>, _>>()?;
        let rows = self.with_counts(steps).await?;
        page.page(rows, |row| row.step.id.0)
    }

    /// How many steps there are.
    ///
    /// # Errors
    /// Database errors.
    pub async fn count_steps(&self) -> Result<u64, StoreError> {
        count_rows(self.find::<row::Entity>(), &self.conn).await
    }

    /// Steps with how much each touched.
    ///
    /// # Errors
    /// Database errors.
    pub async fn with_counts(&self, steps: Vec<ChangeStep>) -> Result<Vec<StepRow>, StoreError> {
        let ids = || steps.iter().map(|step| step.id.0);
        let begun = self.find::<record::Entity>().filter(record::Column::SinceChange.is_in(ids()));
        let begun = per_step(count_per(begun, record::Column::SinceChange, &self.conn).await?);
        let ended = self.find::<record::Entity>().filter(record::Column::UntilChange.is_in(ids()));
        let ended = per_step(count_per(ended, record::Column::UntilChange, &self.conn).await?);
        let decided = self.find::<decision::Entity>().filter(decision::Column::SinceChange.is_in(ids()));
        let decided = per_step(count_per(decided, decision::Column::SinceChange, &self.conn).await?);
        let of = |counts: &HashMap<Uuid, u64>, step: &ChangeStep| counts.get(&step.id.0).copied().unwrap_or_default();
        let row = |step: ChangeStep| StepRow {
            begun: of(&begun, &step),
            ended: of(&ended, &step),
            decided: of(&decided, &step),
            step,
        };
        Ok(steps.into_iter().map(row).collect())
    }

    /// Later steps that ended decisions a step made, the newest first.
    ///
    /// # Errors
    /// Database errors.
    pub async fn steps_that_decided_anew(&self, step: ChangeId) -> Result<Vec<ChangeStep>, StoreError> {
        let decisions = self.find::<decision::Entity>().filter(decision::Column::SinceChange.eq(step.0));
        let ended = decisions.filter(decision::Column::UntilChange.is_not_null()).select_only();
        let ended = ended.column(decision::Column::UntilChange).distinct().into_tuple::<Uuid>();
        let ids: Vec<ChangeId> = ended.all(&self.conn).await?.into_iter().map(ChangeId).collect();
        self.steps_named(&ids).await
    }

    /// Steps by their ids, the newest first; ids that do not exist are left out.
    ///
    /// # Errors
    /// Database errors.
    pub async fn steps_named(&self, ids: &[ChangeId]) -> Result<Vec<ChangeStep>, StoreError> {
        let mut steps = Vec::new();
        for chunk in ids.chunks(CHUNK) {
            let ids: Vec<Uuid> = chunk.iter().map(|id| id.0).collect();
            for row in self.find::<row::Entity>().filter(row::Column::Id.is_in(ids)).all(&self.conn).await? {
                steps.push(step(row)?);
            }
        }
        steps.sort_by_key(|step| Reverse(step.id));
        Ok(steps)
    }

    /// One step.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn step(&self, id: ChangeId) -> Result<ChangeStep, StoreError> {
        let row = self.find::<row::Entity>().filter(row::Column::Id.eq(id.0)).one(&self.conn).await?;
        step(row.ok_or(StoreError::NotFound("step"))?)
    }
}

fn per_step(counts: Vec<(Uuid, u64)>) -> HashMap<Uuid, u64> {
    counts.into_iter().collect()
}

fn step(row: row::Model) -> Result<ChangeStep, StoreError> {
    Ok(ChangeStep {
        id: ChangeId(row.id),
        kind: codec::key("step", &row.kind, ChangeKind::from_key)?,
        at: codec::time(row.at)?,
        by: row.by_whom,
        title: row.title,
        undone_by: row.undone_by.map(ChangeId),
    })
}
