//! People who log in, and their roles per tenant. A log-in name is unique in the installation, so users are created
//! and looked up through the system door; a tenant sees only its own members.

use crate::{ReadTx, StoreError, SystemReadTx, SystemTx};
use tomomori_domain::access::{Actor, Granted, Role, permission::ManageUsers};
use tomomori_domain::ids::{TenantId, UserId};

/// A person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Key.
    pub id: UserId,
    /// Log-in name (stored folded: NFKC, lower case).
    pub login: String,
    /// Name shown.
    pub name: String,
    /// May not log in.
    pub disabled: bool,
}

/// A person to create.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// Log-in name.
    pub login: String,
    /// Name shown.
    pub name: String,
    /// Argon2 hash in PHC form; `store` never sees a password.
    pub password_hash: String,
    /// Roles in the tenant of the grant.
    pub roles: Vec<Role>,
}

/// Roles in one tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The tenant.
    pub tenant: TenantId,
    /// Its name.
    pub tenant_name: String,
    /// Roles there.
    pub roles: Vec<Role>,
}

/// What a log-in needs.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The person.
    pub user: User,
    /// Argon2 hash in PHC form.
    pub password_hash: String,
    /// Where they belong, by tenant name.
    pub memberships: Vec<Membership>,
}

/// A member of a tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The person.
    pub user: User,
    /// Roles in this tenant.
    pub roles: Vec<Role>,
}

impl SystemReadTx {
    /// Looks a person up by log-in name (any width or case).
    ///
    /// # Errors
    /// Database errors.
    pub async fn credentials(&self, login: &str) -> Result<Option<Credentials>, StoreError> {
        todo!()
    }
}

impl SystemTx {
    /// Creates a person as a member of the grant's tenant. Audited there.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] when the log-in name is taken.
    pub async fn create_user(&mut self, actor: &Actor, grant: &Granted<ManageUsers>, new: &NewUser) -> Result<UserId, StoreError> {
        todo!()
    }

    /// Makes a person a member of the grant's tenant with exactly these roles; no roles ends the membership. Audited.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such person.
    pub async fn set_roles(&mut self, actor: &Actor, grant: &Granted<ManageUsers>, user: UserId, roles: &[Role]) -> Result<(), StoreError> {
        todo!()
    }

    /// Changes a member's password hash and ends their sessions. Audited.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the person is no member of the grant's tenant.
    pub async fn set_password(&mut self, actor: &Actor, grant: &Granted<ManageUsers>, user: UserId, password_hash: &str) -> Result<(), StoreError> {
        todo!()
    }

    /// Stops a member from logging in (and ends their sessions), or allows it again. Audited.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the person is no member of the grant's tenant.
    pub async fn set_disabled(&mut self, actor: &Actor, grant: &Granted<ManageUsers>, user: UserId, disabled: bool) -> Result<(), StoreError> {
        todo!()
    }
}

impl ReadTx {
    /// Members of the tenant, by name.
    ///
    /// # Errors
    /// Database errors.
    pub async fn members(&self) -> Result<Vec<Member>, StoreError> {
        todo!()
    }
}
