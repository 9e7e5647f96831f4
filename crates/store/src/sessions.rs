//! Browser sessions. Found by the hash of a random token before the tenant is known, hence through the system door.

use crate::entity::{login_failure, membership, session as row, user};
use crate::{StoreError, SystemReadTx, SystemTx, codec, users};
use jiff::{SignedDuration, Timestamp};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use tomomori_domain::access::Actor;
use tomomori_domain::ids::{TenantId, UserId};

/// A session to create.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// SHA-256 of the token in the cookie; the token itself is never stored.
    pub token_hash: [u8; 32],
    /// The person.
    pub user: UserId,
    /// The tenant they work in.
    pub tenant: TenantId,
    /// Secret from which form tokens are derived.
    pub csrf_secret: String,
    /// Ends at.
    pub expires: Timestamp,
}

/// A live session.
#[derive(Clone, Debug)]
pub struct Session {
    /// The person with today's roles in the session's tenant.
    pub actor: Actor,
    /// Secret from which form tokens are derived.
    pub csrf_secret: String,
    /// Started at.
    pub created: Timestamp,
    /// Last request.
    pub last_seen: Timestamp,
    /// Ends at.
    pub expires: Timestamp,
}

impl SystemTx {
    /// Stores a session.
    ///
    /// # Errors
    /// [`StoreError::Reference`] when the person is no member of the tenant.
    pub async fn create_session(&mut self, new: &NewSession) -> Result<(), StoreError> {
        let row = row::Model {
            token_hash: hex::encode(new.token_hash),
            tenant_id: new.tenant.0,
            user_id: new.user.0,
            csrf_secret: new.csrf_secret.clone(),
            created_at: codec::ms(self.now),
            last_seen_at: codec::ms(self.now),
            expires_at: codec::ms(new.expires),
        };
        row::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(&self.conn).await?;
        Ok(())
    }

    /// Notes a request and moves the end of the session.
    ///
    /// # Errors
    /// Database errors.
    pub async fn touch_session(&mut self, token_hash: &[u8; 32], expires: Timestamp) -> Result<(), StoreError> {
        row::Entity::update_many()
            .col_expr(row::Column::LastSeenAt, Expr::val(codec::ms(self.now)))
            .col_expr(row::Column::ExpiresAt, Expr::val(codec::ms(expires)))
            .filter(row::Column::TokenHash.eq(hex::encode(token_hash)))
            .exec(&self.conn)
            .await?;
        Ok(())
    }

    /// Ends a session; unknown ones are no error.
    ///
    /// # Errors
    /// Database errors.
    pub async fn end_session(&mut self, token_hash: &[u8; 32]) -> Result<(), StoreError> {
        row::Entity::delete_by_id(hex::encode(token_hash)).exec(&self.conn).await?;
        Ok(())
    }

    /// Deletes sessions that have ended and forgotten log-in failures; returns how many sessions.
    ///
    /// # Errors
    /// Database errors.
    pub async fn purge_sessions(&mut self) -> Result<u64, StoreError> {
        let old = self.now.checked_sub(SignedDuration::from_hours(24)).unwrap_or(self.now);
        login_failure::Entity::delete_many()
            .filter(login_failure::Column::SinceAt.lt(codec::ms(old)))
            .exec(&self.conn)
            .await?;
        let ended = row::Entity::delete_many().filter(row::Column::ExpiresAt.lte(codec::ms(self.now)));
        Ok(ended.exec(&self.conn).await?.rows_affected)
    }
}

impl SystemReadTx {
    /// The session, if it has not ended, the person is not disabled and is still a member of its tenant.
    ///
    /// # Errors
    /// Database errors.
    pub async fn session(&self, token_hash: &[u8; 32]) -> Result<Option<Session>, StoreError> {
        let row = row::Entity::find_by_id(hex::encode(token_hash))
            .filter(row::Column::ExpiresAt.gt(codec::ms(self.now)))
            .one(&self.conn)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let Some(actor) = self.actor_of(row.tenant_id, row.user_id).await? else { return Ok(None) };
        Ok(Some(Session {
            actor,
            csrf_secret: row.csrf_secret,
            created: codec::time(row.created_at)?,
            last_seen: codec::time(row.last_seen_at)?,
            expires: codec::time(row.expires_at)?,
        }))
    }
}

impl SystemReadTx {
    /// The person with today's roles, unless disabled or no member any more.
    pub(crate) async fn actor_of(&self, tenant: uuid::Uuid, id: uuid::Uuid) -> Result<Option<Actor>, StoreError> {
        let person = user::Entity::find_by_id(id).one(&self.conn).await?.filter(|person| !person.disabled);
        let membership = membership::Entity::find_by_id((tenant, id)).one(&self.conn).await?;
        let (Some(person), Some(membership)) = (person, membership) else { return Ok(None) };
        if !users::in_force(&membership, self.now)? {
            return Ok(None);
        }
        Ok(Some(Actor::person(TenantId(tenant), UserId(id), person.name, users::roles(&membership.roles)?)))
    }
}
