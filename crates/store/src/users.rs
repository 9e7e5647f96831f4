//! People who log in, and their roles per tenant. A log-in name is unique in the installation, so users are created
//! and looked up through the system door; a tenant sees only its own members.

use crate::audit::{self, AuditEvent};
use crate::entity::{membership, session, tenant, user as row};
use crate::tx::overwrite;
use crate::{ReadTx, StoreError, SystemReadTx, SystemTx, codec};
use jiff::{Timestamp, civil::Date};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use tomomori_domain::access::{Actor, Granted, Role, permission::ManageUsers};
use tomomori_domain::ids::{TenantId, UserId};
use tomomori_domain::text;

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
    /// Last day of the membership in Japan; `None` = without end, which a supporter cannot have.
    pub until: Option<Date>,
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
    /// Last day of the membership; `None` = without end.
    pub until: Option<Date>,
}

impl SystemReadTx {
    /// Looks a person up by log-in name (any width or case).
    ///
    /// # Errors
    /// Database errors.
    pub async fn credentials(&self, login: &str) -> Result<Option<Credentials>, StoreError> {
        self.credentials_where(row::Column::Login.eq(fold_login(login))).await
    }

    /// The same for a person who is logged in and is asked for the password again.
    ///
    /// # Errors
    /// Database errors.
    pub async fn credentials_of(&self, user: UserId) -> Result<Option<Credentials>, StoreError> {
        self.credentials_where(row::Column::Id.eq(user.0)).await
    }

    async fn credentials_where(&self, condition: Expr) -> Result<Option<Credentials>, StoreError> {
        let row = row::Entity::find().filter(condition).one(&self.conn).await?;
        let Some(row) = row else { return Ok(None) };
        let rows = membership::Entity::find().filter(membership::Column::UserId.eq(row.id)).all(&self.conn).await?;
        let ids = rows.iter().map(|membership| membership.tenant_id);
        let tenants = tenant::Entity::find().filter(tenant::Column::Id.is_in(ids)).all(&self.conn).await?;
        let mut memberships = Vec::with_capacity(rows.len());
        for membership in rows {
            if !in_force(&membership, self.now)? {
                continue;
            }
            let tenant = tenants.iter().find(|tenant| tenant.id == membership.tenant_id);
            memberships.push(Membership {
                tenant: TenantId(membership.tenant_id),
                tenant_name: tenant.map(|tenant| tenant.name.clone()).unwrap_or_default(),
                roles: roles(&membership.roles)?,
            });
        }
        memberships.sort_by(|a, b| (&a.tenant_name, a.tenant).cmp(&(&b.tenant_name, b.tenant)));
        Ok(Some(Credentials { password_hash: row.password_hash.clone(), user: user(row), memberships }))
    }
}

impl SystemTx {
    /// Creates a person as a member of the grant's tenant. Audited there.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] when the log-in name is taken.
    pub async fn create_user(
        &mut self,
        actor: &Actor,
        grant: &Granted<ManageUsers>,
        new: &NewUser,
    ) -> Result<UserId, StoreError> {
        Self::check(actor, grant)?;
        let id = UserId::generate();
        let row = row::Model {
            id: id.0,
            login: fold_login(&new.login),
            name: text::tidy(&new.name),
            password_hash: new.password_hash.clone(),
            disabled: false,
            created_at: codec::ms(self.now),
        };
        let personal = vec![("login", row.login.clone()), ("name", row.name.clone())];
        row::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(&self.conn).await?;
        self.enter(grant.tenant()).await?;
        self.put_membership(grant.tenant(), id, &new.roles, new.until).await?;
        let details = serde_json::json!({ "roles": new.roles, "until": new.until });
        let event = AuditEvent { action: "user.create", subject: format!("user:{id}"), details, personal };
        audit::append(&self.conn, grant.tenant().0, actor.user, &actor.name, self.now, event).await?;
        Ok(id)
    }

    /// Makes a person a member of the grant's tenant with exactly these roles; no roles ends the membership. Audited.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such person.
    pub async fn set_roles(
        &mut self,
        actor: &Actor,
        grant: &Granted<ManageUsers>,
        user: UserId,
        roles: &[Role],
    ) -> Result<(), StoreError> {
        Self::check(actor, grant)?;
        row::Entity::find_by_id(user.0).one(&self.conn).await?.ok_or(StoreError::NotFound("user"))?;
        self.enter(grant.tenant()).await?;
        if roles.is_empty() {
            membership::Entity::delete_by_id((grant.tenant().0, user.0)).exec(&self.conn).await?;
        } else {
            self.put_membership(grant.tenant(), user, roles, None).await?;
        }
        let details = serde_json::json!({ "roles": roles });
        let event = AuditEvent { action: "user.roles", subject: format!("user:{user}"), details, personal: Vec::new() };
        audit::append(&self.conn, grant.tenant().0, actor.user, &actor.name, self.now, event).await
    }

    /// Changes a member's password hash and ends their sessions. Audited.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the person is no member of the grant's tenant.
    pub async fn set_password(
        &mut self,
        actor: &Actor,
        grant: &Granted<ManageUsers>,
        user: UserId,
        password_hash: &str,
    ) -> Result<(), StoreError> {
        let event = AuditEvent {
            action: "user.password",
            subject: format!("user:{user}"),
            details: serde_json::Value::Null,
            personal: Vec::new(),
        };
        self.change_member(actor, grant, user, row::Column::PasswordHash, password_hash.into(), event).await
    }

    /// Stops a member from logging in (and ends their sessions), or allows it again. Audited.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the person is no member of the grant's tenant.
    pub async fn set_disabled(
        &mut self,
        actor: &Actor,
        grant: &Granted<ManageUsers>,
        user: UserId,
        disabled: bool,
    ) -> Result<(), StoreError> {
        let details = serde_json::json!({ "disabled": disabled });
        let event =
            AuditEvent { action: "user.disable", subject: format!("user:{user}"), details, personal: Vec::new() };
        self.change_member(actor, grant, user, row::Column::Disabled, disabled.into(), event).await
    }
}

impl ReadTx {
    /// Members of the tenant, by name.
    ///
    /// # Errors
    /// Database errors.
    pub async fn members(&self) -> Result<Vec<Member>, StoreError> {
        let memberships = self.find::<membership::Entity>().all(&self.conn).await?;
        let ids = memberships.iter().map(|membership| membership.user_id);
        let users = row::Entity::find()
            .filter(row::Column::Id.is_in(ids))
            .order_by_asc(row::Column::Name)
            .order_by_asc(row::Column::Id)
            .all(&self.conn)
            .await?;
        let mut members = Vec::with_capacity(users.len());
        for row in users {
            let membership = memberships.iter().find(|membership| membership.user_id == row.id);
            let until = codec::opt_date(membership.and_then(|membership| membership.until_on.as_deref()))?;
            let roles = membership.map_or(Ok(Vec::new()), |membership| roles(&membership.roles))?;
            members.push(Member { user: user(row), roles, until });
        }
        Ok(members)
    }
}

impl SystemTx {
    /// Changes one column of a member and ends their sessions.
    async fn change_member(
        &mut self,
        actor: &Actor,
        grant: &Granted<ManageUsers>,
        user: UserId,
        column: row::Column,
        value: sea_orm::Value,
        event: AuditEvent,
    ) -> Result<(), StoreError> {
        Self::check(actor, grant)?;
        let membership = membership::Entity::find_by_id((grant.tenant().0, user.0)).one(&self.conn).await?;
        membership.ok_or(StoreError::NotFound("user"))?;
        self.enter(grant.tenant()).await?;
        row::Entity::update_many()
            .col_expr(column, Expr::val(value))
            .filter(row::Column::Id.eq(user.0))
            .exec(&self.conn)
            .await?;
        session::Entity::delete_many().filter(session::Column::UserId.eq(user.0)).exec(&self.conn).await?;
        audit::append(&self.conn, grant.tenant().0, actor.user, &actor.name, self.now, event).await
    }

    async fn put_membership(
        &self,
        tenant: TenantId,
        user: UserId,
        roles: &[Role],
        until: Option<Date>,
    ) -> Result<(), StoreError> {
        let until_on = until.map(|until| until.to_string());
        let row = membership::Model { tenant_id: tenant.0, user_id: user.0, roles: roles_text(roles)?, until_on };
        membership::Entity::insert(row.into_active_model().reset_all())
            .on_conflict(overwrite::<membership::Entity>(&[]))
            .exec_without_returning(&self.conn)
            .await?;
        Ok(())
    }
}

/// Whether a membership holds on the day of `now` in Japan. A supporter's without an end does not.
pub(crate) fn in_force(row: &membership::Model, now: Timestamp) -> Result<bool, StoreError> {
    let today = jiff::tz::TimeZone::fixed(jiff::tz::offset(9)).to_datetime(now).date();
    Ok(match codec::opt_date(row.until_on.as_deref())? {
        Some(until) => today <= until,
        None => !roles(&row.roles)?.contains(&Role::Supporter),
    })
}

/// One spelling per log-in name, whatever width and case it is typed in.
fn fold_login(login: &str) -> String {
    text::tidy(login).to_lowercase()
}

fn roles_text(roles: &[Role]) -> Result<String, StoreError> {
    let mut keys: Vec<&str> = roles.iter().map(|role| role.key()).collect();
    keys.sort_unstable();
    keys.dedup();
    codec::to_json(&keys)
}

pub(crate) fn roles(text: &str) -> Result<Vec<Role>, StoreError> {
    let keys: Vec<String> = codec::from_json(text)?;
    keys.iter().map(|key| codec::key("role", key, Role::from_key)).collect()
}

fn user(row: row::Model) -> User {
    User { id: UserId(row.id), login: row.login, name: row.name, disabled: row.disabled }
}
