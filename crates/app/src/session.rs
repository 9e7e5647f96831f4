//! Login, logout, sessions and personal API tokens.

use crate::{App, AppError, Ctx};
use jiff::Timestamp;
use tomomori_domain::access::Actor;
use tomomori_domain::ids::{TenantId, TokenId};

/// Somebody wants in.
#[derive(Clone, Debug)]
pub struct Login {
    /// Login name.
    pub login: String,
    /// Password as typed.
    pub password: String,
    /// Address the request came from, for throttling.
    pub address: String,
    /// Tenant to enter, for people with several memberships; the first one if `None`.
    pub tenant: Option<TenantId>,
}

/// A session that was opened or found.
#[derive(Clone, Debug)]
pub struct Session {
    /// The secret for the cookie; only its hash is stored. Empty when the session was found by its secret.
    pub secret: String,
    /// Token every form of the session carries.
    pub csrf: String,
    /// Who acts.
    pub actor: Actor,
    /// Name of the tenant, for the top bar.
    pub tenant_name: String,
    /// Whether the tenant is a vendor's.
    pub vendor: bool,
}

/// A personal API token as listed; the secret is shown once, at creation.
#[derive(Clone, Debug)]
pub struct Token {
    /// Key.
    pub id: TokenId,
    /// Name the person gave.
    pub name: String,
    /// Created.
    pub created: Timestamp,
    /// Last used.
    pub last_used: Option<Timestamp>,
    /// Ends.
    pub expires: Timestamp,
}
