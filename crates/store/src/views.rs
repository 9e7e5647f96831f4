//! People's own views of the ledger: a name for the state of the list's address.

use crate::entity::ledger_view as row;
use crate::{ReadTx, StoreError, TenantTx};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use tomomori_domain::ids::UserId;
use uuid::Uuid;

/// A named view of one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerView {
    /// Key within the tenant.
    pub id: String,
    /// What the person calls it.
    pub name: String,
    /// The list's address after the `?`.
    pub query: String,
}

impl ReadTx {
    /// The acting person's views, oldest first; a program has none.
    ///
    /// # Errors
    /// Database errors.
    pub async fn ledger_views(&self) -> Result<Vec<LedgerView>, StoreError> {
        let Some(user) = self.actor.user else { return Ok(Vec::new()) };
        let rows = self.find::<row::Entity>().filter(row::Column::UserId.eq(user.0)).order_by_asc(row::Column::Id);
        let rows = rows.all(&self.conn).await?;
        Ok(rows
            .into_iter()
            .map(|row| LedgerView { id: row.id.to_string(), name: row.name, query: row.query })
            .collect())
    }
}

impl TenantTx {
    /// Keeps a view of the acting person.
    ///
    /// # Errors
    /// Database errors.
    pub async fn add_ledger_view(&mut self, user: UserId, name: &str, query: &str) -> Result<Uuid, StoreError> {
        let id = Uuid::now_v7();
        let (name, query) = (name.to_owned(), query.to_owned());
        let row = row::Model { tenant_id: self.tenant(), id, user_id: user.0, name, query };
        self.insert::<row::Entity>(vec![row]).await?;
        Ok(id)
    }

    /// Forgets a view of the acting person.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn delete_ledger_view(&mut self, user: UserId, id: &str) -> Result<(), StoreError> {
        let id: Uuid = id.parse().map_err(|_| StoreError::NotFound("view"))?;
        let gone = self.delete::<row::Entity>().filter(row::Column::Id.eq(id)).filter(row::Column::UserId.eq(user.0));
        match gone.exec(&self.conn).await?.rows_affected {
            0 => Err(StoreError::NotFound("view")),
            _ => Ok(()),
        }
    }
}
