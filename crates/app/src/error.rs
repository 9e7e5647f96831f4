//! What can go wrong in a use case. Callers map the variants to a status and show [`AppError::message`];
//! everything inside [`AppError::Internal`] is logged and never shown.

use tomomori_domain::Msg;
use tomomori_domain::access::Denied;

/// Failure of a use case.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// Not logged in, or the session or token has ended.
    #[error("not logged in")]
    NotLoggedIn,
    /// The actor lacks the permission.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// No such thing in this tenant. The same answer whether it never existed or is another tenant's.
    #[error("not found")]
    NotFound,
    /// The input cannot be used; the message says what to do.
    #[error("invalid input: {0:?}")]
    Invalid(Msg),
    /// Somebody changed it meanwhile; look again.
    #[error("conflict: {0:?}")]
    Conflict(Msg),
    /// Too many attempts; try again after so many seconds.
    #[error("too many attempts, retry after {retry_after} s")]
    TooManyAttempts {
        /// Seconds to wait.
        retry_after: u64,
    },
    /// A defect or an outage on our side.
    #[error("internal error: {0}")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl AppError {
    /// Wraps any error as internal.
    pub fn internal(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(error.into())
    }

    /// What the person is told: what happened and what to do next.
    #[must_use]
    pub fn message(&self) -> Msg {
        match self {
            AppError::NotLoggedIn => Msg::new("error-not-logged-in"),
            AppError::Denied(_) => Msg::new("error-denied"),
            AppError::NotFound => Msg::new("error-not-found"),
            AppError::Invalid(msg) | AppError::Conflict(msg) => msg.clone(),
            AppError::TooManyAttempts { retry_after } => {
                Msg::new("error-too-many-attempts").arg("minutes", retry_after.div_ceil(60).max(1))
            }
            AppError::Internal(_) => Msg::new("error-internal"),
        }
    }
}
