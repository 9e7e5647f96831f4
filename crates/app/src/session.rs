//! Login, logout, sessions, personal API tokens, users.
//!
//! Throttling: [`FREE_TRIES`] failures per login name and [`FREE_TRIES_PER_ADDRESS`] per address within
//! [`FAILURE_WINDOW`]; after that the answer is the same for right and wrong passwords until the window ends. An unknown
//! login name costs the same hashing work as a known one, so that timing tells nothing.

use crate::{App, AppError, Ctx};
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use jiff::SignedDuration;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use tomomori_domain::Msg;
use tomomori_domain::access::permission::{ManageOwnTokens, ManageUsers};
use tomomori_domain::access::{Actor, Role};
use tomomori_domain::ids::{TokenId, UserId};
use tomomori_store::{AuditEvent, Credentials, FailureKind, NewSession, NewUser, TenantKind};

pub use tomomori_store::{ApiToken, Member};

/// Wrong passwords for one login name before it has to wait.
pub const FREE_TRIES: u32 = 5;
/// Wrong passwords from one address before it has to wait; a hospital may share one address.
pub const FREE_TRIES_PER_ADDRESS: u32 = 30;
/// How long failures are counted, and the longest wait.
pub const FAILURE_WINDOW: SignedDuration = SignedDuration::from_mins(15);
/// A session ends after this long without a request.
pub const SESSION_IDLE: SignedDuration = SignedDuration::from_hours(12);
/// Shortest password accepted (checklist R7: 13 and more where nothing else protects the account).
pub const MIN_PASSWORD_CHARS: usize = 13;
/// Personal API tokens end after this long.
pub const TOKEN_LIFE: SignedDuration = SignedDuration::from_hours(24 * 365);

/// Somebody wants in.
#[derive(Clone, Debug)]
pub struct Login {
    /// Login name.
    pub login: String,
    /// Password as typed.
    pub password: String,
    /// Address the request came from, for throttling.
    pub address: String,
}

/// A session just opened.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Secret for the cookie; only its hash is stored.
    pub secret: String,
    /// The session.
    pub session: Session,
}

/// A live session.
#[derive(Clone, Debug)]
pub struct Session {
    /// Who acts.
    pub actor: Actor,
    /// Token that every form of the session carries.
    pub csrf: String,
    /// Name of the tenant, for the top bar.
    pub tenant_name: String,
    /// Whether the tenant is a vendor.
    pub vendor: bool,
}

/// OWASP's second recommendation for Argon2id (19 MiB, 2 passes, 1 lane), about 20 ms on a hospital's server.
fn argon2() -> Result<Argon2<'static>, AppError> {
    let params = Params::new(19_456, 2, 1, None).map_err(|error| AppError::internal(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Hashes a password in PHC form, off the async threads.
///
/// # Errors
/// [`AppError::Invalid`] when it is too short.
pub async fn hash_password(password: String) -> Result<String, AppError> {
    if password.chars().count() < MIN_PASSWORD_CHARS {
        return Err(AppError::Invalid(Msg::new("error-password-short").arg("minimum", MIN_PASSWORD_CHARS)));
    }
    blocking(move || {
        let hash =
            argon2()?.hash_password(password.as_bytes()).map_err(|error| AppError::internal(error.to_string()))?;
        Ok(hash.to_string())
    })
    .await
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, AppError> + Send + 'static,
) -> Result<T, AppError> {
    tokio::task::spawn_blocking(work).await.map_err(AppError::internal)?
}

/// Checks a password; without a known person the same work is done on a hash nobody has.
async fn is_right(password: String, known: Option<&Credentials>) -> Result<bool, AppError> {
    let hash = known.map(|known| known.password_hash.clone());
    blocking(move || {
        let Some(hash) = hash else {
            let _ = argon2()?.hash_password(password.as_bytes());
            return Ok(false);
        };
        let parsed = PasswordHash::new(&hash).map_err(|error| AppError::internal(error.to_string()))?;
        Ok(argon2()?.verify_password(password.as_bytes(), &parsed).is_ok())
    })
    .await
}

/// Opens a session.
///
/// # Errors
/// [`AppError::Invalid`] for a wrong name or password (which of the two is not said); [`AppError::TooManyAttempts`].
pub async fn login(app: &Arc<App>, command: Login) -> Result<Opened, AppError> {
    // Folded as the store folds login names: another width or case is no other name to guess at.
    let login = tomomori_domain::text::fold(&command.login);
    let keys = [
        (FailureKind::Login, login.clone(), FREE_TRIES),
        (FailureKind::Address, command.address.clone(), FREE_TRIES_PER_ADDRESS),
    ];
    let now = (app.clock)();
    let system = app.db.system_read("login").await?;
    for (kind, key, free) in &keys {
        if let Some(failures) = system.failures(*kind, key, FAILURE_WINDOW).await?
            && failures.count >= *free
        {
            let wait = (failures.since + FAILURE_WINDOW).duration_since(now).as_secs().max(1);
            return Err(AppError::TooManyAttempts { retry_after: wait.unsigned_abs() });
        }
    }
    let known = system.credentials(&command.login).await?;
    drop(system);
    let right = is_right(command.password, known.as_ref()).await?;
    let known = known.filter(|known| right && !known.user.disabled && !known.memberships.is_empty());
    let mut system = app.db.system("login").await?;
    let Some(known) = known else {
        for (kind, key, _) in &keys {
            system.count_failure(*kind, key, FAILURE_WINDOW).await?;
        }
        system.commit().await?;
        return Err(AppError::Invalid(Msg::new("error-login")));
    };
    system.clear_failures(FailureKind::Login, &login).await?;
    let (secret, csrf) = (random_secret(), random_secret());
    let membership = &known.memberships[0];
    system
        .create_session(&NewSession {
            token_hash: digest(&secret),
            user: known.user.id,
            tenant: membership.tenant,
            csrf_secret: csrf,
            expires: now + SESSION_IDLE,
        })
        .await?;
    system.commit().await?;
    let actor = Actor::person(membership.tenant, known.user.id, known.user.name.clone(), membership.roles.clone());
    let mut tx = app.db.tenant(&actor).await?;
    tx.audit(event("session.login", &known.user.id.to_string())).await?;
    tx.commit().await?;
    let session = session(app, &secret).await?;
    Ok(Opened { secret, session })
}

/// Asks a logged-in person for the password again, before something binding. Wrong ones count like failed log-ins.
///
/// # Errors
/// [`AppError::Invalid`] when it is wrong; [`AppError::TooManyAttempts`]; [`AppError::NotLoggedIn`] for what is no person (a token,
/// the program itself).
pub async fn confirm_password(ctx: &Ctx, password: String) -> Result<(), AppError> {
    let user = ctx.actor.user.ok_or(AppError::NotLoggedIn)?;
    let system = ctx.app.db.system_read("confirm").await?;
    let known = system.credentials_of(user).await?.ok_or(AppError::NotLoggedIn)?;
    let key = tomomori_domain::text::fold(&known.user.login);
    if let Some(failures) = system.failures(FailureKind::Login, &key, FAILURE_WINDOW).await?
        && failures.count >= FREE_TRIES
    {
        let wait = (failures.since + FAILURE_WINDOW).duration_since(ctx.now()).as_secs().max(1);
        return Err(AppError::TooManyAttempts { retry_after: wait.unsigned_abs() });
    }
    drop(system);
    if is_right(password, Some(&known)).await? && !known.user.disabled {
        return Ok(());
    }
    let mut system = ctx.app.db.system("confirm").await?;
    system.count_failure(FailureKind::Login, &key, FAILURE_WINDOW).await?;
    system.commit().await?;
    Err(AppError::Invalid(Msg::new("error-password-wrong")))
}

/// The session behind a cookie's secret; every request moves its end.
///
/// # Errors
/// [`AppError::NotLoggedIn`] when there is none or it has ended.
pub async fn session(app: &Arc<App>, secret: &str) -> Result<Session, AppError> {
    let hash = digest(secret);
    let system = app.db.system_read("session").await?;
    let found = system.session(&hash).await?.ok_or(AppError::NotLoggedIn)?;
    drop(system);
    // Noting every request would turn each page view into a write; once in five minutes is enough.
    let now = (app.clock)();
    if now.duration_since(found.last_seen) > SignedDuration::from_mins(5) {
        let mut system = app.db.system("session").await?;
        system.touch_session(&hash, now + SESSION_IDLE).await?;
        system.commit().await?;
    }
    let tenant = app.db.read(&found.actor).await?.tenant_row().await?;
    Ok(Session {
        actor: found.actor,
        csrf: found.csrf_secret,
        tenant_name: tenant.name,
        vendor: tenant.kind == TenantKind::Vendor,
    })
}

/// Ends a session.
///
/// # Errors
/// Only internal ones.
pub async fn logout(app: &Arc<App>, secret: &str) -> Result<(), AppError> {
    let mut system = app.db.system("logout").await?;
    system.end_session(&digest(secret)).await?;
    Ok(system.commit().await?)
}

/// Deletes sessions that have ended.
///
/// # Errors
/// Only internal ones.
pub async fn purge(app: &Arc<App>) -> Result<(), AppError> {
    let mut system = app.db.system("purge sessions").await?;
    system.purge_sessions().await?;
    Ok(system.commit().await?)
}

/// Who a personal API token stands for.
///
/// # Errors
/// [`AppError::NotLoggedIn`] when it is unknown, has ended or was revoked.
pub async fn actor_of_token(app: &Arc<App>, secret: &str) -> Result<Actor, AppError> {
    let mut system = app.db.system("token").await?;
    let actor = system.use_token(&digest(secret)).await?.ok_or(AppError::NotLoggedIn)?;
    system.commit().await?;
    Ok(actor)
}

/// The actor's own tokens.
///
/// # Errors
/// [`AppError::Denied`].
pub async fn tokens(ctx: &Ctx) -> Result<Vec<ApiToken>, AppError> {
    ctx.actor.require::<ManageOwnTokens>()?;
    let user = ctx.actor.user.ok_or(AppError::NotFound)?;
    Ok(ctx.read().await?.tokens(user).await?)
}

/// Creates a token; its secret (`tmr_…`) is returned once and not kept.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::Invalid`] without a name.
pub async fn create_token(ctx: &Ctx, name: &str) -> Result<String, AppError> {
    let grant = ctx.actor.require::<ManageOwnTokens>()?;
    let name = tomomori_domain::text::tidy(name);
    if name.is_empty() || name.chars().count() > 100 {
        return Err(AppError::Invalid(Msg::new("error-token-name")));
    }
    let secret = format!("tmr_{}", random_secret());
    let mut tx = ctx.write().await?;
    tx.create_token(&grant, &name, &digest(&secret), Some(ctx.now() + TOKEN_LIFE)).await?;
    tx.commit().await?;
    Ok(secret)
}

/// Revokes one of the actor's own tokens.
///
/// # Errors
/// [`AppError::NotFound`] when the actor has no such token.
pub async fn revoke_token(ctx: &Ctx, id: TokenId) -> Result<(), AppError> {
    let grant = ctx.actor.require::<ManageOwnTokens>()?;
    let mut tx = ctx.write().await?;
    tx.revoke_token(&grant, id).await?;
    Ok(tx.commit().await?)
}

/// People of the actor's tenant.
///
/// # Errors
/// [`AppError::Denied`].
pub async fn members(ctx: &Ctx) -> Result<Vec<Member>, AppError> {
    ctx.actor.require::<ManageUsers>()?;
    Ok(ctx.read().await?.members().await?)
}

/// A person to create.
#[derive(Clone, Debug)]
pub struct CreateUser {
    /// Login name.
    pub login: String,
    /// Name shown.
    pub name: String,
    /// Password.
    pub password: String,
    /// Roles in the actor's tenant.
    pub roles: Vec<Role>,
    /// Last day they may come in; a supporter must have one.
    pub until: Option<jiff::civil::Date>,
}

/// Creates a person in the actor's tenant.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::Invalid`] for a short password, a login name that is taken, or a supporter without end.
pub async fn create_user(ctx: &Ctx, command: CreateUser) -> Result<UserId, AppError> {
    let grant = ctx.actor.require::<ManageUsers>()?;
    if command.roles.contains(&Role::Supporter) && command.until.is_none() {
        return Err(AppError::Invalid(Msg::new("error-supporter-until")));
    }
    let password_hash = hash_password(command.password).await?;
    let mut system = ctx.app.db.system("create user").await?;
    let CreateUser { login, name, roles, until, .. } = command;
    let new = NewUser { login, name, password_hash, roles, until };
    let id = match system.create_user(&ctx.actor, &grant, &new).await {
        Err(tomomori_store::StoreError::Duplicate(_)) => {
            return Err(AppError::Invalid(Msg::new("error-login-taken").arg("login", new.login)));
        }
        other => other?,
    };
    system.commit().await?;
    Ok(id)
}

pub(crate) fn event(action: &'static str, subject: &str) -> AuditEvent {
    AuditEvent { action, subject: subject.to_owned(), details: serde_json::Value::Null, personal: Vec::new() }
}

/// 256 random bits as URL-safe text.
#[must_use]
pub fn random_secret() -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

fn digest(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}
