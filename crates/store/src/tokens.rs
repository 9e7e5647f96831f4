//! Personal API tokens.

use crate::{ReadTx, StoreError, SystemTx, TenantTx};
use jiff::Timestamp;
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
    pub async fn create_token(&mut self, grant: &Granted<ManageOwnTokens>, name: &str, hash: &[u8; 32], expires: Option<Timestamp>) -> Result<TokenId, StoreError> {
        todo!()
    }

    /// Revokes one of the actor's own tokens.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the actor has no such token.
    pub async fn revoke_token(&mut self, grant: &Granted<ManageOwnTokens>, id: TokenId) -> Result<(), StoreError> {
        todo!()
    }
}

impl ReadTx {
    /// A person's tokens in this tenant, newest first.
    ///
    /// # Errors
    /// Database errors.
    pub async fn tokens(&self, user: UserId) -> Result<Vec<ApiToken>, StoreError> {
        todo!()
    }
}

impl SystemTx {
    /// Who a token stands for, if it is neither ended nor revoked and its owner may still log in. Notes the use.
    ///
    /// # Errors
    /// Database errors.
    pub async fn use_token(&mut self, hash: &[u8; 32]) -> Result<Option<Actor>, StoreError> {
        todo!()
    }
}
