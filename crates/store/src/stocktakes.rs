//! Rounds of stocktaking: the round, what it looks for, and every answer ever given.

use crate::entity::{stocktake as row, stocktake_answer, stocktake_item};
use crate::tx::CHUNK;
use crate::{ReadTx, StoreError, TenantTx, codec};
use jiff::civil::Date;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashSet;
use tomomori_domain::access::{Granted, permission::WriteLedger};
use tomomori_domain::ids::{AnswerId, ChangeId, ResourceId, StocktakeId, StocktakeItemId};
use tomomori_domain::stocktake::{Answer, Item, Settled, Stocktake};
use uuid::Uuid;

impl TenantTx {
    /// Starts a round.
    ///
    /// # Errors
    /// Database errors.
    pub async fn add_stocktake(
        &mut self,
        grant: &Granted<WriteLedger>,
        round: &Stocktake,
        items: &[Item],
    ) -> Result<(), StoreError> {
        self.check(grant)?;
        let model = row::Model {
            tenant_id: self.tenant(),
            id: round.id.0,
            name: round.name.clone(),
            fiscal_year: i32::from(round.year),
            started_at: codec::ms(round.started_at),
            started_by: round.started_by.clone(),
            scope: codec::to_json(&round.scope)?,
            due_on: round.due.map(|day| day.to_string()),
            closed_at: round.closed_at.map(codec::ms),
            closed_by: round.closed_by.clone(),
            step_id: round.step.map(|id| id.0),
        };
        self.insert::<row::Entity>(vec![model]).await?;
        let items = items.iter().map(|item| stocktake_item::Model {
            tenant_id: self.tenant(),
            id: item.id.0,
            stocktake_id: round.id.0,
            resource_id: item.resource.0,
            name: item.name.clone(),
            asset_number: item.asset_number.clone(),
            product: item.product.clone(),
            serial: item.serial.clone(),
            zone: item.zone.clone(),
            location: item.location.clone(),
            owner: item.owner.clone(),
            due_on: item.due.map(|day| day.to_string()),
            settled: item.settled.map(|settled| settled.key().to_owned()),
        });
        self.insert::<stocktake_item::Entity>(items.collect()).await
    }

    /// A round, held until the transaction ends: nobody closes it or answers meanwhile.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn hold_stocktake(
        &mut self,
        grant: &Granted<WriteLedger>,
        id: StocktakeId,
    ) -> Result<Stocktake, StoreError> {
        self.check(grant)?;
        self.lock_tenant().await?;
        self.stocktake(id).await
    }

    /// Adds answers that are not known yet; says which are new. An answer that names an item of another round is refused.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for an item that is not of this round.
    pub async fn add_answers(
        &mut self,
        grant: &Granted<WriteLedger>,
        round: StocktakeId,
        answers: &[Answer],
    ) -> Result<Vec<AnswerId>, StoreError> {
        self.check(grant)?;
        let named: HashSet<Uuid> = answers.iter().filter_map(|answer| answer.item).map(|id| id.0).collect();
        let ids: Vec<Uuid> = answers.iter().map(|answer| answer.id.0).collect();
        let (mut items, mut known) = (HashSet::new(), HashSet::new());
        for chunk in named.iter().copied().collect::<Vec<_>>().chunks(CHUNK) {
            let query = self.find::<stocktake_item::Entity>().filter(stocktake_item::Column::StocktakeId.eq(round.0));
            let query = query.filter(stocktake_item::Column::Id.is_in(chunk.iter().copied()));
            items.extend(query.all(&self.conn).await?.into_iter().map(|item| item.id));
        }
        if items.len() < named.len() {
            return Err(StoreError::NotFound("stocktake item"));
        }
        for chunk in ids.chunks(CHUNK) {
            let query = self.find::<stocktake_answer::Entity>();
            let query = query.filter(stocktake_answer::Column::Id.is_in(chunk.iter().copied()));
            known.extend(query.all(&self.conn).await?.into_iter().map(|answer| answer.id));
        }
        let (mut rows, mut new) = (Vec::new(), Vec::new());
        for answer in answers {
            // Inserting into the set also finds an answer that stands twice in one delivery.
            if known.insert(answer.id.0) {
                new.push(answer.id);
                rows.push(stocktake_answer::Model {
                    tenant_id: self.tenant(),
                    id: answer.id.0,
                    stocktake_id: round.0,
                    item_id: answer.item.map(|id| id.0),
                    at: codec::ms(answer.at),
                    given: codec::to_json(answer)?,
                });
            }
        }
        self.insert::<stocktake_answer::Entity>(rows).await?;
        Ok(new)
    }

    /// Closes a round.
    ///
    /// # Errors
    /// [`StoreError::State`] when it was closed before.
    pub async fn close_stocktake(
        &mut self,
        grant: &Granted<WriteLedger>,
        id: StocktakeId,
        step: Option<ChangeId>,
    ) -> Result<(), StoreError> {
        self.check(grant)?;
        let done = self
            .update::<row::Entity>()
            .col_expr(row::Column::ClosedAt, Expr::val(codec::ms(self.now)))
            .col_expr(row::Column::ClosedBy, Expr::val(self.actor.name.clone()))
            .col_expr(row::Column::StepId, Expr::val(step.map(|id| id.0)))
            .filter(row::Column::Id.eq(id.0))
            .filter(row::Column::ClosedAt.is_null())
            .exec(&self.conn)
            .await?;
        if done.rows_affected == 1 {
            Ok(())
        } else {
            Err(StoreError::State { what: "stocktake", state: "closed".to_owned() })
        }
    }

    /// Says who looks for a missing item, until when, and how that ended.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for an item that is not of this round.
    pub async fn follow_item(
        &mut self,
        grant: &Granted<WriteLedger>,
        round: StocktakeId,
        item: StocktakeItemId,
        (owner, due, settled): (Option<&str>, Option<Date>, Option<Settled>),
    ) -> Result<(), StoreError> {
        self.check(grant)?;
        use stocktake_item::Column as C;
        let done = self
            .update::<stocktake_item::Entity>()
            .col_expr(C::Owner, Expr::val(owner.map(str::to_owned)))
            .col_expr(C::DueOn, Expr::val(due.map(|day| day.to_string())))
            .col_expr(C::Settled, Expr::val(settled.map(|settled| settled.key().to_owned())))
            .filter(C::Id.eq(item.0))
            .filter(C::StocktakeId.eq(round.0))
            .exec(&self.conn)
            .await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(StoreError::NotFound("stocktake item")) }
    }
}

impl ReadTx {
    /// The newest rounds.
    ///
    /// # Errors
    /// Database errors.
    pub async fn stocktakes(&self, limit: u32) -> Result<Vec<Stocktake>, StoreError> {
        let query = self.find::<row::Entity>().order_by_desc(row::Column::Id).limit(u64::from(limit));
        query.all(&self.conn).await?.into_iter().map(stocktake).collect()
    }

    /// One round.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn stocktake(&self, id: StocktakeId) -> Result<Stocktake, StoreError> {
        let row = self.find::<row::Entity>().filter(row::Column::Id.eq(id.0)).one(&self.conn).await?;
        stocktake(row.ok_or(StoreError::NotFound("stocktake"))?)
    }

    /// What a round looks for.
    ///
    /// # Errors
    /// Database errors.
    pub async fn stocktake_items(&self, round: StocktakeId) -> Result<Vec<Item>, StoreError> {
        let query = self.find::<stocktake_item::Entity>().filter(stocktake_item::Column::StocktakeId.eq(round.0));
        query.all(&self.conn).await?.into_iter().map(item).collect()
    }

    /// Every answer of a round, by time.
    ///
    /// # Errors
    /// Database errors.
    pub async fn stocktake_answers(&self, round: StocktakeId) -> Result<Vec<Answer>, StoreError> {
        let query = self.find::<stocktake_answer::Entity>().filter(stocktake_answer::Column::StocktakeId.eq(round.0));
        let query = query.order_by_asc(stocktake_answer::Column::At).order_by_asc(stocktake_answer::Column::Id);
        query.all(&self.conn).await?.into_iter().map(|answer| codec::from_json(&answer.given)).collect()
    }
}

fn stocktake(row: row::Model) -> Result<Stocktake, StoreError> {
    Ok(Stocktake {
        id: StocktakeId(row.id),
        name: row.name,
        year: i16::try_from(row.fiscal_year).map_err(|_| StoreError::Corrupt("year", row.fiscal_year.to_string()))?,
        started_at: codec::time(row.started_at)?,
        started_by: row.started_by,
        scope: codec::from_json(&row.scope)?,
        due: codec::opt_date(row.due_on.as_deref())?,
        closed_at: row.closed_at.map(codec::time).transpose()?,
        closed_by: row.closed_by,
        step: row.step_id.map(ChangeId),
    })
}

fn item(row: stocktake_item::Model) -> Result<Item, StoreError> {
    Ok(Item {
        id: StocktakeItemId(row.id),
        resource: ResourceId(row.resource_id),
        name: row.name,
        asset_number: row.asset_number,
        product: row.product,
        serial: row.serial,
        zone: row.zone,
        location: row.location,
        owner: row.owner,
        due: codec::opt_date(row.due_on.as_deref())?,
        settled: codec::opt_key("settled", row.settled.as_deref(), Settled::from_key)?,
    })
}
