//! Browser sessions. Found by the hash of a random token before the tenant is known, hence through the system door.

use crate::{StoreError, SystemReadTx, SystemTx};
use jiff::Timestamp;
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
        todo!()
    }

    /// Notes a request and moves the end of the session.
    ///
    /// # Errors
    /// Database errors.
    pub async fn touch_session(&mut self, token_hash: &[u8; 32], expires: Timestamp) -> Result<(), StoreError> {
        todo!()
    }

    /// Ends a session; unknown ones are no error.
    ///
    /// # Errors
    /// Database errors.
    pub async fn end_session(&mut self, token_hash: &[u8; 32]) -> Result<(), StoreError> {
        todo!()
    }

    /// Deletes sessions that have ended and forgotten log-in failures; returns how many sessions.
    ///
    /// # Errors
    /// Database errors.
    pub async fn purge_sessions(&mut self) -> Result<u64, StoreError> {
        todo!()
    }
}

impl SystemReadTx {
    /// The session, if it has not ended, the person is not disabled and is still a member of its tenant.
    ///
    /// # Errors
    /// Database errors.
    pub async fn session(&self, token_hash: &[u8; 32]) -> Result<Option<Session>, StoreError> {
        todo!()
    }
}
