//! Who is logged in. Extractors here are the only way a handler gets a [`Ctx`].

use crate::client;
use crate::failure::Failure;
use crate::state::WebState;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, header};
use serde::de::DeserializeOwned;
use subtle::ConstantTimeEq;
use tomomori_app::{AppError, Ctx, checks, session};
use tomomori_domain::Msg;
use tomomori_domain::access::PermissionKind;
use tomomori_i18n::{Lang, tr};

/// A logged-in person with their session.
pub(crate) struct Person {
    pub(crate) ctx: Ctx,
    pub(crate) csrf: String,
    pub(crate) tenant: String,
    pub(crate) lang: Lang,
    /// Checks that wait for an answer, for the rail; counted for pages only.
    pub(crate) open_checks: u64,
}

impl Person {
    /// A message in the person's language.
    pub(crate) fn tr(&self, msg: &Msg) -> String {
        tr(self.lang, msg)
    }

    /// Whether a form carried this session's token. Compared in constant time.
    pub(crate) fn check_token(&self, token: &str) -> Result<(), Failure> {
        if !self.csrf.is_empty() && bool::from(self.csrf.as_bytes().ct_eq(token.as_bytes())) {
            Ok(())
        } else {
            Err(Failure::forged())
        }
    }
}

/// Secret in the session cookie.
pub(crate) fn secret(parts: &Parts, web: &WebState) -> Option<String> {
    client::cookie(&parts.headers, client::session_cookie_name(web.config.secure())).filter(|secret| !secret.is_empty())
}

impl FromRequestParts<WebState> for Person {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, web: &WebState) -> Result<Self, Failure> {
        let secret = secret(parts, web).ok_or(AppError::NotLoggedIn)?;
        let found = session::session(&web.app, &secret).await?;
        let ctx = Ctx::new(web.app.clone(), found.actor);
        let drawn = parts.method == Method::GET && ctx.actor.may(PermissionKind::ReadLedger);
        let open_checks = if drawn { checks::open_count(&ctx).await? } else { 0 };
        Ok(Self { ctx, open_checks, csrf: found.csrf, tenant: found.tenant_name, lang: client::lang(&parts.headers) })
    }
}

/// A posted form of a logged-in person whose token has been checked.
pub(crate) struct Posted<T> {
    pub(crate) person: Person,
    pub(crate) form: T,
}

impl<T: DeserializeOwned> FromRequest<WebState> for Posted<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, web: &WebState) -> Result<Self, Failure> {
        let (mut parts, body) = request.into_parts();
        let person = Person::from_request_parts(&mut parts, web).await?;
        let bytes = Bytes::from_request(Request::from_parts(parts, body), web)
            .await
            .map_err(|_| Failure::new(StatusCode::PAYLOAD_TOO_LARGE, Msg::new("error-too-large")))?;
        #[derive(serde::Deserialize)]
        struct Token {
            #[serde(default)]
            csrf: String,
        }
        let token: Token = serde_urlencoded::from_bytes(&bytes).map_err(|_| Failure::bad_request())?;
        person.check_token(&token.csrf)?;
        let form = serde_urlencoded::from_bytes(&bytes).map_err(|_| Failure::bad_request())?;
        Ok(Self { person, form })
    }
}

/// A program with a personal token (`Authorization: Bearer tmr_…`).
pub(crate) struct Program {
    pub(crate) ctx: Ctx,
    pub(crate) lang: Lang,
}

impl FromRequestParts<WebState> for Program {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, web: &WebState) -> Result<Self, Failure> {
        let token = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "))
            .ok_or(AppError::NotLoggedIn)?;
        let actor = session::actor_of_token(&web.app, token.trim()).await?;
        Ok(Self { ctx: Ctx::new(web.app.clone(), actor), lang: client::lang(&parts.headers) })
    }
}
