//! In, out, and the language.

use crate::client::{self, ReadIn};
use crate::failure::Failure;
use crate::page::{Page, render};
use crate::session::{Posted, secret};
use crate::state::WebState;
use askama::Template;
use axum::extract::{FromRequestParts, Query, Request, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, RequestExt, Router};
use serde::Deserialize;
use tomomori_app::{AppError, session};
use tomomori_i18n::Lang;

pub(crate) fn routes() -> Router<WebState> {
    Router::new()
        .route("/login", get(show).post(login))
        .route("/logout", post(logout))
        .route("/language", post(language))
}

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage {
    p: Page,
    login: String,
    next: String,
    error: Option<String>,
}

#[derive(Deserialize)]
struct Next {
    #[serde(default)]
    next: String,
}

async fn show(ReadIn(lang): ReadIn, Query(query): Query<Next>) -> Response {
    render(&LoginPage { p: Page::bare(lang), login: String::new(), next: query.next, error: None })
}

#[derive(Deserialize)]
struct LoginForm {
    login: String,
    password: String,
    #[serde(default)]
    next: String,
}

async fn login(State(web): State<WebState>, request: Request) -> Result<Response, Failure> {
    let (mut parts, body) = request.into_parts();
    let ReadIn(lang) = ReadIn::from_request_parts(&mut parts, &web).await.unwrap_or(ReadIn(Lang::Ja));
    let address = client::address(&parts, &web.config).to_string();
    let old = secret(&parts, &web);
    let Form(form): Form<LoginForm> =
        Request::from_parts(parts, body).extract().await.map_err(|_| Failure::bad_request())?;
    let command = session::Login { login: form.login.clone(), password: form.password, address };
    match session::login(&web.app, command).await {
        Ok(opened) => {
            // A session from before must not live on beside the new one.
            if let Some(old) = old {
                session::logout(&web.app, &old).await?;
            }
            let cookie = client::session_cookie(&opened.secret, web.config.secure());
            Ok(([(header::SET_COOKIE, cookie)], Redirect::to(&own_path(&form.next))).into_response())
        }
        Err(error @ (AppError::Invalid(_) | AppError::TooManyAttempts { .. })) => {
            let failure = Failure::from(error);
            let p = Page::bare(lang);
            let error = Some(p.m(failure.msg()));
            let mut response = render(&LoginPage { p, login: form.login, next: form.next, error });
            *response.status_mut() = failure.status();
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

/// Only paths of this site: after login nobody is sent elsewhere.
fn own_path(next: &str) -> String {
    let inside =
        next.starts_with('/') && !next.starts_with("//") && !next.contains('\\') && !next.chars().any(char::is_control);
    if inside { next.to_owned() } else { "/".to_owned() }
}

#[derive(Deserialize)]
struct Nothing {}

async fn logout(State(web): State<WebState>, headers: HeaderMap, posted: Posted<Nothing>) -> Result<Response, Failure> {
    let Nothing {} = posted.form;
    if let Some(secret) = client::cookie(&headers, client::session_cookie_name(web.config.secure())) {
        session::logout(&web.app, &secret).await?;
    }
    let gone = client::session_cookie("", web.config.secure());
    Ok(([(header::SET_COOKIE, gone)], Redirect::to("/login")).into_response())
}

#[derive(Deserialize)]
struct Language {
    lang: String,
}

/// Works before login too and changes nothing but a cookie; the origin check is enough.
async fn language(State(web): State<WebState>, headers: HeaderMap, Form(form): Form<Language>) -> Response {
    let lang = Lang::from_code(&form.lang).unwrap_or_default();
    let back = headers
        .get(header::REFERER)
        .and_then(|value| value.to_str().ok())
        .and_then(|address| address.parse::<axum::http::Uri>().ok())
        .and_then(|uri| uri.path_and_query().map(ToString::to_string))
        .unwrap_or_default();
    let cookie = client::lang_cookie(lang, web.config.secure());
    ([(header::SET_COOKIE, cookie)], Redirect::to(&own_path(&back))).into_response()
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn login_leads_nowhere_else() {
        for bad in [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "javascript:alert(1)",
            "",
            "/a\r\nSet-Cookie: x",
        ] {
            assert_eq!(own_path(bad), "/", "{bad}");
        }
        assert_eq!(own_path("/ledger?q=1"), "/ledger?q=1");
    }
}
