//! Records (what sources say, row by row) and decisions: what the ledger follows from.

use crate::entity::{decision, record as row};
use crate::resource_list::count_per;
use crate::tx::CHUNK;
use crate::{ReadTx, StoreError, TenantTx, WritesLedger, codec};
use jiff::civil::Date;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};
use tomomori_domain::access::Granted;
use tomomori_domain::ids::{ChangeId, RecordId, ResourceId};
use tomomori_domain::import::TableKind;
use tomomori_domain::record::{Record, Sameness};
use tomomori_domain::resource::Grade;
use uuid::Uuid;

impl TenantTx {
    /// Adds records.
    ///
    /// # Errors
    /// Database errors.
    pub async fn add_records<P: WritesLedger>(
        &mut self,
        grant: &Granted<P>,
        records: &[Record],
    ) -> Result<(), StoreError> {
        self.writes_ledger(grant).await?;
        let mut rows = Vec::with_capacity(records.len());
        for record in records {
            rows.push(row::Model {
                tenant_id: self.tenant(),
                id: record.id.0,
                lineage: record.lineage.0,
                about: record.table.key().to_owned(),
                source: record.source.clone(),
                row_key: record.key.clone(),
                grade: record.grade.key().to_owned(),
                seen_on: record.seen.to_string(),
                home: record.home.map(|id| id.0),
                origin: record.origin.map(|id| id.0),
                stated: codec::to_json(&record.values)?,
                place: codec::to_json(&record.place)?,
                by_whom: record.by.clone(),
                since_change: record.since.0,
                listed_change: record.listed.0,
                until_change: record.until.map(|id| id.0),
            });
        }
        self.insert::<row::Entity>(rows).await
    }

    /// Ends records that are in force.
    ///
    /// # Errors
    /// Database errors.
    pub async fn end_records<P: WritesLedger>(
        &mut self,
        grant: &Granted<P>,
        ids: &[RecordId],
        by: ChangeId,
    ) -> Result<(), StoreError> {
        self.writes_ledger(grant).await?;
        self.set_records(ids, row::Column::UntilChange, by.0).await
    }

    /// Notes that a newer version of a list states records again, and the day each is known of now.
    ///
    /// # Errors
    /// Database errors.
    pub async fn list_records_again<P: WritesLedger>(
        &mut self,
        grant: &Granted<P>,
        again: &[(RecordId, Date)],
        by: ChangeId,
    ) -> Result<(), StoreError> {
        self.writes_ledger(grant).await?;
        let ids: Vec<RecordId> = again.iter().map(|(id, _)| *id).collect();
        self.set_records(&ids, row::Column::ListedChange, by.0).await?;
        let mut by_day: BTreeMap<Date, Vec<RecordId>> = BTreeMap::new();
        for (id, day) in again {
            by_day.entry(*day).or_default().push(*id);
        }
        for (day, ids) in by_day {
            self.set_records(&ids, row::Column::SeenOn, day.to_string()).await?;
        }
        Ok(())
    }

    /// Notes which resources records are taken for now, and which they go back to: (record, home, origin).
    ///
    /// # Errors
    /// Database errors.
    pub async fn set_record_homes<P: WritesLedger>(
        &mut self,
        grant: &Granted<P>,
        homes: impl Iterator<Item = (RecordId, ResourceId, ResourceId)>,
    ) -> Result<(), StoreError> {
        self.writes_ledger(grant).await?;
        let mut by_home: BTreeMap<(ResourceId, ResourceId), Vec<RecordId>> = BTreeMap::new();
        for (record, home, origin) in homes {
            by_home.entry((home, origin)).or_default().push(record);
        }
        for ((home, origin), records) in by_home {
            for chunk in records.chunks(CHUNK) {
                self.update::<row::Entity>()
                    .col_expr(row::Column::Home, Expr::val(home.0))
                    .col_expr(row::Column::Origin, Expr::val(origin.0))
                    .filter(row::Column::Id.is_in(chunk.iter().map(|id| id.0)))
                    .exec(&self.conn)
                    .await?;
            }
        }
        Ok(())
    }

    async fn set_records(
        &self,
        ids: &[RecordId],
        column: row::Column,
        value: impl Into<sea_orm::Value> + Clone,
    ) -> Result<(), StoreError> {
        for chunk in ids.chunks(CHUNK) {
            self.update::<row::Entity>()
                .col_expr(column, Expr::val(value.clone()))
                .filter(row::Column::Id.is_in(chunk.iter().map(|id| id.0)))
                .exec(&self.conn)
                .await?;
        }
        Ok(())
    }

    /// Adds a person's decisions; an older one on the same two rows ends.
    ///
    /// # Errors
    /// Database errors.
    pub async fn add_decisions<P: WritesLedger>(
        &mut self,
        grant: &Granted<P>,
        decisions: &[Sameness],
        by: ChangeId,
    ) -> Result<(), StoreError> {
        self.end_decisions(grant, decisions, by).await?;
        let mut rows = Vec::with_capacity(decisions.len());
        for decision in decisions {
            let (one, other) = (decision.one.min(decision.other), decision.one.max(decision.other));
            rows.push(decision::Model {
                tenant_id: self.tenant(),
                id: Uuid::now_v7(),
                one: one.0,
                other: other.0,
                same: decision.same,
                since_change: by.0,
                until_change: None,
            });
        }
        self.insert::<decision::Entity>(rows).await
    }
}

impl ReadTx {
    /// Records in force, oldest first.
    ///
    /// # Errors
    /// Database errors.
    pub async fn records(&self) -> Result<Vec<Record>, StoreError> {
        let query = self.find::<row::Entity>().filter(row::Column::UntilChange.is_null()).order_by_asc(row::Column::Id);
        query.all(&self.conn).await?.into_iter().map(record).collect()
    }

    /// Everything ever stated about a resource, newest first: the rows taken for it now, and their earlier versions
    /// under whatever resource they stood then. Earlier versions of rows that tell of another resource now are left out.
    ///
    /// # Errors
    /// Database errors.
    pub async fn records_of(&self, resource: ResourceId) -> Result<Vec<Record>, StoreError> {
        let home = self.find::<row::Entity>().filter(row::Column::Home.eq(resource.0));
        let lineages: Vec<Uuid> =
            home.select_only().column(row::Column::Lineage).distinct().into_tuple().all(&self.conn).await?;
        let mut records = Vec::new();
        for chunk in lineages.chunks(CHUNK) {
            let query = self.find::<row::Entity>().filter(row::Column::Lineage.is_in(chunk.iter().copied()));
            for row in query.all(&self.conn).await? {
                records.push(record(row)?);
            }
        }
        let elsewhere: HashSet<RecordId> = records
            .iter()
            .filter(|record| record.until.is_none() && record.home != Some(resource))
            .map(|record| record.lineage)
            .collect();
        records.retain(|record| !elsewhere.contains(&record.lineage));
        records.sort_by_key(|record| Reverse(record.id));
        Ok(records)
    }

    /// Records in force about these resources' own fields, oldest first.
    ///
    /// # Errors
    /// Database errors.
    pub async fn records_about(&self, resources: &[ResourceId]) -> Result<Vec<Record>, StoreError> {
        let mut records = Vec::new();
        for chunk in resources.chunks(CHUNK) {
            let query = self
                .find::<row::Entity>()
                .filter(row::Column::Home.is_in(chunk.iter().map(|id| id.0)))
                .filter(row::Column::UntilChange.is_null())
                .filter(row::Column::About.eq(TableKind::Resources.key()))
                .order_by_asc(row::Column::Id);
            for row in query.all(&self.conn).await? {
                records.push(record(row)?);
            }
        }
        Ok(records)
    }

    /// How many rows about devices each list has now.
    ///
    /// # Errors
    /// Database errors.
    pub async fn list_sizes(&self) -> Result<BTreeMap<String, u64>, StoreError> {
        let rows = self.find::<row::Entity>().filter(row::Column::UntilChange.is_null());
        let rows = rows.filter(row::Column::About.eq(TableKind::Resources.key()));
        Ok(count_per(rows, row::Column::Source, &self.conn).await?.into_iter().collect())
    }

    /// Records that a step began, and those it ended.
    ///
    /// # Errors
    /// Database errors.
    pub async fn records_of_step(&self, step: ChangeId) -> Result<(Vec<Record>, Vec<Record>), StoreError> {
        let of = async |column: row::Column| -> Result<Vec<Record>, StoreError> {
            let query = self.find::<row::Entity>().filter(column.eq(step.0)).order_by_asc(row::Column::Id);
            query.all(&self.conn).await?.into_iter().map(record).collect()
        };
        Ok((of(row::Column::SinceChange).await?, of(row::Column::UntilChange).await?))
    }

    /// Decisions in force, oldest first.
    ///
    /// # Errors
    /// Database errors.
    pub async fn decisions(&self) -> Result<Vec<Sameness>, StoreError> {
        let query = self
            .find::<decision::Entity>()
            .filter(decision::Column::UntilChange.is_null())
            .order_by_asc(decision::Column::Id);
        Ok(query.all(&self.conn).await?.iter().map(sameness).collect())
    }

    /// Decisions that a step brought, and those it ended.
    ///
    /// # Errors
    /// Database errors.
    pub async fn decisions_of_step(&self, step: ChangeId) -> Result<(Vec<Sameness>, Vec<Sameness>), StoreError> {
        let of = async |column: decision::Column| -> Result<Vec<Sameness>, StoreError> {
            let query = self.find::<decision::Entity>().filter(column.eq(step.0));
            Ok(query.order_by_asc(decision::Column::Id).all(&self.conn).await?.iter().map(sameness).collect())
        };
        Ok((of(decision::Column::SinceChange).await?, of(decision::Column::UntilChange).await?))
    }
}

impl TenantTx {
    /// Ends the decisions on these pairs of rows.
    ///
    /// # Errors
    /// Database errors.
    pub async fn end_decisions<P: WritesLedger>(
        &mut self,
        grant: &Granted<P>,
        decisions: &[Sameness],
        by: ChangeId,
    ) -> Result<(), StoreError> {
        self.writes_ledger(grant).await?;
        for decision in decisions {
            let (one, other) = (decision.one.min(decision.other), decision.one.max(decision.other));
            self.update::<decision::Entity>()
                .col_expr(decision::Column::UntilChange, Expr::val(by.0))
                .filter(decision::Column::One.eq(one.0))
                .filter(decision::Column::Other.eq(other.0))
                .filter(decision::Column::UntilChange.is_null())
                .exec(&self.conn)
                .await?;
        }
        Ok(())
    }
}

pub(crate) fn sameness(row: &decision::Model) -> Sameness {
    Sameness { one: RecordId(row.one), other: RecordId(row.other), same: row.same }
}

pub(crate) fn record(row: row::Model) -> Result<Record, StoreError> {
    Ok(Record {
        id: RecordId(row.id),
        lineage: RecordId(row.lineage),
        table: codec::key("table", &row.about, TableKind::from_key)?,
        source: row.source,
        key: row.row_key,
        grade: codec::key("grade", &row.grade, Grade::from_key)?,
        seen: codec::date(&row.seen_on)?,
        home: row.home.map(ResourceId),
        origin: row.origin.map(ResourceId),
        values: codec::from_json(&row.stated)?,
        place: codec::from_json(&row.place)?,
        by: row.by_whom,
        since: ChangeId(row.since_change),
        listed: ChangeId(row.listed_change),
        until: row.until_change.map(ChangeId),
    })
}
