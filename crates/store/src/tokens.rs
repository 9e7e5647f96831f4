//! Personal API tokens.

use crate::entity::api_token as row;
use crate::{AuditEvent, ReadTx, StoreError, SystemTx, TenantTx, codec};
use jiff::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};
use tomomori_domain::access::{Actor, Granted, permission::ManageOwnTokens};
use tomomori_domain::ids::{TokenId, UserId};

/// A token as its owner sees it; the secret is shown once and only its hash is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiToken {
    /// Key within the tenant.
    pub id: TokenId,
    /// Name given by the owner.
    pub name: String,
    /// Created at.
    pub created: Timestamp,
    /// Last used (to the minute).
    pub last_used: Option<Timestamp>,
    /// Ends at; `None` = does not end by itself.
    pub expires: Option<Timestamp>,
    /// Revoked at.
    pub revoked: Option<Timestamp>,
}

impl TenantTx {
    /// Creates a token of the actor. `hash` is the SHA-256 of the secret.
    ///
    /// # Errors
    /// [`StoreError::State`] when the actor is not a person.
    pub async fn create_token(
        &mut self,
        grant: &Granted<ManageOwnTokens>,
        name: &str,
        hash: &[u8; 32],
        expires: Option<Timestamp>,
    ) -> Result<TokenId, StoreError> {
        self.check(grant)?;
        let id = TokenId::generate();
        let row = row::Model {
            tenant_id: self.tenant(),
            id: id.0,
            user_id: self.person()?.0,
            name: name.to_owned(),
            hash: hex::encode(hash),
            created_at: codec::ms(self.now),
            last_used_at: None,
            expires_at: expires.map(codec::ms),
            revoked_at: None,
        };
        self.insert::<row::Entity>(vec![row]).await?;
        self.audit(AuditEvent::new("token.create", format!("token:{id}"))).await?;
        Ok(id)
    }

    /// Revokes one of the actor's own tokens.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the actor has no such token.
    pub async fn revoke_token(&mut self, grant: &Granted<ManageOwnTokens>, id: TokenId) -> Result<(), StoreError> {
        self.check(grant)?;
        let done = self
            .update::<row::Entity>()
            .col_expr(row::Column::RevokedAt, Expr::val(codec::ms(self.now)))
            .filter(row::Column::Id.eq(id.0))
            .filter(row::Column::UserId.eq(self.person()?.0))
            .filter(row::Column::RevokedAt.is_null())
            .exec(&self.conn)
            .await?;
        if done.rows_affected == 0 {
            return Err(StoreError::NotFound("token"));
        }
        self.audit(AuditEvent::new("token.revoke", format!("token:{id}"))).await
    }
}

impl ReadTx {
    /// A person's tokens in this tenant, newest first.
    ///
    /// # Errors
    /// Database errors.
    pub async fn tokens(&self, user: UserId) -> Result<Vec<ApiToken>, StoreError> {
        let rows = self
            .find::<row::Entity>()
            .filter(row::Column::UserId.eq(user.0))
            .order_by_desc(row::Column::Id)
            .all(&self.conn)
            .await?;
        rows.into_iter()
            .map(|row| {
                Ok(ApiToken {
                    id: TokenId(row.id),
                    name: row.name,
                    created: codec::time(row.created_at)?,
                    last_used: row.last_used_at.map(codec::time).transpose()?,
                    expires: row.expires_at.map(codec::time).transpose()?,
                    revoked: row.revoked_at.map(codec::time).transpose()?,
                })
            })
            .collect()
    }
}

impl SystemTx {
    /// Who a token stands for, if it is neither ended nor revoked and its owner may still log in. Notes the use.
    ///
    /// # Errors
    /// Database errors.
    pub async fn use_token(&mut self, hash: &[u8; 32]) -> Result<Option<Actor>, StoreError> {
        let now = codec::ms(self.now);
        let row = row::Entity::find()
            .filter(row::Column::Hash.eq(hex::encode(hash)))
            .filter(row::Column::RevokedAt.is_null())
            .filter(Condition::any().add(row::Column::ExpiresAt.is_null()).add(row::Column::ExpiresAt.gt(now)))
            .one(&self.conn)
            .await?;
        let Some(row) = row else { return Ok(None) };
        if row.last_used_at.is_none_or(|last| now - last >= USE_NOTED_EVERY) {
            row::Entity::update_many()
                .col_expr(row::Column::LastUsedAt, Expr::val(now))
                .filter(row::Column::TenantId.eq(row.tenant_id))
                .filter(row::Column::Id.eq(row.id))
                .exec(&self.conn)
                .await?;
        }
        self.actor_of(row.tenant_id, row.user_id).await
    }
}

impl TenantTx {
    fn person(&self) -> Result<UserId, StoreError> {
        self.actor.user.ok_or(StoreError::State { what: "actor", state: "system".to_owned() })
    }
}

/// A use within this many milliseconds of the last is not written again.
const USE_NOTED_EVERY: i64 = 60_000;
