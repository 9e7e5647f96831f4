//! What the system diagram needs beside the ledger: its arrangements, how well devices are founded, and what was in force
//! on an earlier day.

use crate::entity::{decision, diagram_view as row, record, step};
use crate::records::{record as to_record, sameness};
use crate::{ReadTx, StoreError, TenantTx, codec};
use jiff::Timestamp;
use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect};
use tomomori_domain::access::{Granted, permission::WriteLedger};
use tomomori_domain::ids::ResourceId;
use tomomori_domain::record::{Record, Sameness};
use tomomori_domain::resource::Grade;
use uuid::Uuid;

impl ReadTx {
    /// The arrangement kept for a kind of view, as JSON text.
    ///
    /// # Errors
    /// Database errors.
    pub async fn diagram_view(&self, view: &str) -> Result<Option<String>, StoreError> {
        let query = self.find::<row::Entity>().filter(row::Column::View.eq(view));
        Ok(query.one(&self.conn).await?.map(|row| row.arrangement))
    }

    /// Which grades the records in force have that tell of a resource; each pair once, in no order.
    ///
    /// # Errors
    /// Database errors.
    pub async fn record_grades(&self) -> Result<Vec<(ResourceId, Grade)>, StoreError> {
        let pairs: Vec<(Uuid, String)> = self
            .find::<record::Entity>()
            .filter(record::Column::UntilChange.is_null())
            .filter(record::Column::Home.is_not_null())
            .select_only()
            .columns([record::Column::Home, record::Column::Grade])
            .distinct()
            .into_tuple()
            .all(&self.conn)
            .await?;
        let pair =
            |(home, grade): (Uuid, String)| Ok((ResourceId(home), codec::key("grade", &grade, Grade::from_key)?));
        pairs.into_iter().map(pair).collect()
    }

    /// Records that were in force at a moment, oldest first, and the decisions of people then.
    ///
    /// # Errors
    /// Database errors.
    pub async fn records_at(&self, at: Timestamp) -> Result<(Vec<Record>, Vec<Sameness>), StoreError> {
        let later = || self.steps_after(at);
        let records = self
            .find::<record::Entity>()
            .filter(record::Column::SinceChange.not_in_subquery(later()))
            .filter(
                Condition::any()
                    .add(record::Column::UntilChange.is_null())
                    .add(record::Column::UntilChange.in_subquery(later())),
            )
            .order_by_asc(record::Column::Id);
        let decisions = self
            .find::<decision::Entity>()
            .filter(decision::Column::SinceChange.not_in_subquery(later()))
            .filter(
                Condition::any()
                    .add(decision::Column::UntilChange.is_null())
                    .add(decision::Column::UntilChange.in_subquery(later())),
            )
            .order_by_asc(decision::Column::Id);
        let records = records.all(&self.conn).await?.into_iter().map(to_record).collect::<Result<_, _>>()?;
        Ok((records, decisions.all(&self.conn).await?.iter().map(sameness).collect()))
    }

    /// Ids of the tenant's steps after a moment.
    fn steps_after(&self, at: Timestamp) -> SelectStatement {
        Query::select()
            .column(step::Column::Id)
            .from(step::Entity)
            .and_where(step::Column::TenantId.eq(self.tenant()))
            .and_where(step::Column::At.gt(codec::ms(at)))
            .to_owned()
    }
}

impl TenantTx {
    /// Keeps the arrangement of a kind of view, drawn from this revision of the ledger. Of two writers the last one wins,
    /// except that a picture of an older ledger replaces none of a newer one.
    ///
    /// # Errors
    /// Database errors.
    pub async fn put_diagram_view(
        &mut self,
        grant: &Granted<WriteLedger>,
        view: &str,
        arrangement: String,
        revision: i64,
    ) -> Result<(), StoreError> {
        self.check(grant)?;
        let newer = self
            .find::<row::Entity>()
            .filter(row::Column::View.eq(view))
            .filter(row::Column::Revision.gt(revision))
            .one(&self.conn)
            .await?;
        if newer.is_some() {
            return Ok(());
        }
        let row = row::Model { tenant_id: self.tenant(), view: view.to_owned(), arrangement, revision };
        self.put::<row::Entity>(vec![row]).await
    }
}
