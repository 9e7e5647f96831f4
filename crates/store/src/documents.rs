//! Documents (docs/adr/0016): every write adds a version, none is changed.

use crate::entity::document as row;
use crate::{ReadTx, StoreError, TenantTx, codec};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use tomomori_domain::access::{Granted, Permission, permission};
use tomomori_domain::document::{Content, Document};
use uuid::Uuid;

/// Rights that may write documents.
pub trait WritesDocuments: Permission {}
impl WritesDocuments for permission::WriteAgreements {}

impl TenantTx {
    /// Adds a version to a document, or its first one. `from` is the revision the writer saw, 0 = none. Returns the new revision.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when the newest revision is another; [`StoreError::TooLarge`] past [`tomomori_domain::document::MAX_DOCUMENT`].
    pub async fn put_document<T: Content, P: WritesDocuments>(
        &mut self,
        grant: &Granted<P>,
        id: Uuid,
        from: i64,
        content: &T,
    ) -> Result<i64, StoreError> {
        self.check(grant)?;
        let text = codec::document(content)?;
        if from > 0 {
            // The row lock makes a second writer of the same version wait, and then miss.
            let done = self
                .update::<row::Entity>()
                .col_expr(row::Column::Newest, Expr::val(false))
                .filter(row::Column::Kind.eq(T::KIND.key()))
                .filter(row::Column::Id.eq(id))
                .filter(row::Column::Revision.eq(from))
                .filter(row::Column::Newest.eq(true))
                .exec(&self.conn)
                .await?;
            if done.rows_affected == 0 {
                return Err(StoreError::Stale("document"));
            }
        }
        let model = row::Model {
            tenant_id: self.tenant(),
            kind: T::KIND.key().to_owned(),
            id,
            revision: from + 1,
            newest: true,
            content: text,
            written_at: codec::ms(self.now),
            written_by: self.actor.name.clone(),
        };
        match self.insert::<row::Entity>(vec![model]).await {
            // Somebody else wrote the first version meanwhile.
            Err(StoreError::Duplicate(_)) => Err(StoreError::Stale("document")),
            other => other.map(|()| from + 1),
        }
    }
}

impl ReadTx {
    /// The newest version of a document.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn document<T: Content>(&self, id: Uuid) -> Result<Document<T>, StoreError> {
        self.document_if_any(id).await?.ok_or(StoreError::NotFound("document"))
    }

    /// The newest version of a document, if there is one.
    ///
    /// # Errors
    /// Database errors.
    pub async fn document_if_any<T: Content>(&self, id: Uuid) -> Result<Option<Document<T>>, StoreError> {
        let query = self.find::<row::Entity>().filter(row::Column::Kind.eq(T::KIND.key()));
        let query = query.filter(row::Column::Id.eq(id)).filter(row::Column::Newest.eq(true));
        query.one(&self.conn).await?.map(document).transpose()
    }

    /// The newest version of all documents of a kind, by id: in the order they were made.
    ///
    /// # Errors
    /// Database errors.
    pub async fn documents<T: Content>(&self) -> Result<Vec<Document<T>>, StoreError> {
        let query = self.find::<row::Entity>().filter(row::Column::Kind.eq(T::KIND.key()));
        let query = query.filter(row::Column::Newest.eq(true)).order_by_asc(row::Column::Id);
        query.all(&self.conn).await?.into_iter().map(document).collect()
    }

    /// All versions of a document, oldest first.
    ///
    /// # Errors
    /// Database errors.
    pub async fn document_versions<T: Content>(&self, id: Uuid) -> Result<Vec<Document<T>>, StoreError> {
        let query = self.find::<row::Entity>().filter(row::Column::Kind.eq(T::KIND.key()));
        let query = query.filter(row::Column::Id.eq(id)).order_by_asc(row::Column::Revision);
        query.all(&self.conn).await?.into_iter().map(document).collect()
    }

    /// One version of a document.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn document_at<T: Content>(&self, id: Uuid, revision: i64) -> Result<Document<T>, StoreError> {
        let query = self.find::<row::Entity>().filter(row::Column::Kind.eq(T::KIND.key()));
        let query = query.filter(row::Column::Id.eq(id)).filter(row::Column::Revision.eq(revision));
        query.one(&self.conn).await?.map(document).transpose()?.ok_or(StoreError::NotFound("document"))
    }
}

fn document<T: Content>(row: row::Model) -> Result<Document<T>, StoreError> {
    Ok(Document {
        id: row.id,
        revision: row.revision,
        content: codec::from_json(&row.content)?,
        written: codec::time(row.written_at)?,
        by: row.written_by,
    })
}
