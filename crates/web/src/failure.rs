//! Failures on their way to the person. A handler returns [`Failure`]; one layer turns it (and every bare error status of
//! the framework) into a page in the reader's language, or into `application/problem+json` under `/api/`.

use crate::client;
use crate::page::{Page, render};
use askama::Template;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use tomomori_app::AppError;
use tomomori_domain::Msg;
use tomomori_i18n::{Lang, tr};

/// Why a request was not served.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    status: StatusCode,
    msg: Msg,
    retry_after: Option<u64>,
    /// Printed on the page and in the log, so that both can be brought together.
    incident: Option<String>,
}

impl Failure {
    /// A failure with its own message.
    pub(crate) fn new(status: StatusCode, msg: Msg) -> Self {
        Self { status, msg, retry_after: None, incident: None }
    }

    /// Not existing, or another tenant's: the same answer.
    pub(crate) fn not_found() -> Self {
        Self::from(AppError::NotFound)
    }

    /// The request cannot be read.
    pub(crate) fn bad_request() -> Self {
        Self::new(StatusCode::BAD_REQUEST, Msg::new("error-bad-request"))
    }

    /// The form is from an older session, or another site sent it.
    pub(crate) fn forged() -> Self {
        Self::new(StatusCode::FORBIDDEN, Msg::new("error-form-expired"))
    }

    /// The message for the person.
    pub(crate) fn msg(&self) -> &Msg {
        &self.msg
    }

    /// The status.
    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        let status = match &error {
            AppError::NotLoggedIn => StatusCode::UNAUTHORIZED,
            AppError::Denied(_) => StatusCode::FORBIDDEN,
            AppError::NotFound => StatusCode::NOT_FOUND,
            AppError::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            AppError::Conflict(_) => StatusCode::CONFLICT,
            AppError::TooManyAttempts { .. } => StatusCode::TOO_MANY_REQUESTS,
            AppError::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let mut failure = Self::new(status, error.message());
        match error {
            AppError::TooManyAttempts { retry_after } => failure.retry_after = Some(retry_after),
            AppError::Internal(source) => {
                let incident = uuid::Uuid::new_v4().simple().to_string()[..8].to_owned();
                tracing::error!(incident, error = &*source, "request failed");
                failure.incident = Some(incident);
            }
            _ => {}
        }
        failure
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    p: Page,
    title: String,
    text: String,
    incident: Option<&'a str>,
    /// The page a refused form was sent from.
    back: Option<&'a str>,
}

#[derive(serde::Serialize)]
struct Problem<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    title: &'a str,
    status: u16,
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    incident: Option<&'a str>,
}

/// Turns failures and bare error statuses into something a person (or a program) can act on.
pub(crate) async fn explain(request: Request, next: Next) -> Response {
    let lang = client::lang(request.headers());
    let path = request.uri().path().to_owned();
    let here = request.uri().path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
    let safe = request.method().is_safe();
    let back = client::came_from(request.headers()).filter(|_| !safe);
    let partial = request.headers().contains_key("hx-request");
    let response = next.run(request).await;
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let failure = match response.extensions().get::<Failure>() {
        Some(failure) => failure.clone(),
        // A handler that rendered its own page (a form with an error beside the field) has set a type.
        None if own_page(&response) => return response,
        None => Failure::new(status, bare(status)),
    };
    let api = path.starts_with("/api/");
    if failure.status == StatusCode::UNAUTHORIZED && !api {
        let next = if safe && !partial { format!("/login?next={}", encode(&here)) } else { "/login".to_owned() };
        if partial {
            return (StatusCode::NO_CONTENT, [("hx-redirect", next)]).into_response();
        }
        return Redirect::to(&next).into_response();
    }
    let mut shown = if api { problem(&failure, lang) } else { page(&failure, lang, back.as_deref()) };
    if let Some(value) = response.headers().get(header::RETRY_AFTER) {
        shown.headers_mut().insert(header::RETRY_AFTER, value.clone());
    }
    if let Some(value) = response.headers().get(header::ALLOW) {
        shown.headers_mut().insert(header::ALLOW, value.clone());
    }
    shown
}

fn own_page(response: &Response) -> bool {
    response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.starts_with("text/html"))
}

fn bare(status: StatusCode) -> Msg {
    match status {
        StatusCode::NOT_FOUND => Msg::new("error-not-found"),
        StatusCode::METHOD_NOT_ALLOWED => Msg::new("error-method"),
        StatusCode::PAYLOAD_TOO_LARGE => Msg::new("error-too-large"),
        StatusCode::REQUEST_TIMEOUT | StatusCode::SERVICE_UNAVAILABLE => Msg::new("error-timeout"),
        status if status.is_server_error() => Msg::new("error-internal"),
        _ => Msg::new("error-bad-request"),
    }
}

fn title(status: StatusCode) -> Msg {
    match status {
        StatusCode::FORBIDDEN => Msg::new("error-title-denied"),
        StatusCode::NOT_FOUND => Msg::new("error-title-not-found"),
        StatusCode::CONFLICT => Msg::new("error-title-conflict"),
        StatusCode::PAYLOAD_TOO_LARGE => Msg::new("error-title-too-large"),
        StatusCode::TOO_MANY_REQUESTS => Msg::new("error-title-too-many"),
        status if status.is_server_error() => Msg::new("error-title-internal"),
        _ => Msg::new("error-title-bad-request"),
    }
}

fn page(failure: &Failure, lang: Lang, back: Option<&str>) -> Response {
    let (title, text) = (tr(lang, &title(failure.status)), tr(lang, &failure.msg));
    let mut response =
        render(&ErrorPage { p: Page::bare(lang), title, text, incident: failure.incident.as_deref(), back });
    *response.status_mut() = failure.status;
    response
}

fn problem(failure: &Failure, lang: Lang) -> Response {
    let body = Problem {
        kind: "about:blank",
        title: failure.status.canonical_reason().unwrap_or("Error"),
        status: failure.status.as_u16(),
        detail: tr(lang, &failure.msg),
        incident: failure.incident.as_deref(),
    };
    let json = serde_json::to_vec(&body).unwrap_or_default();
    (failure.status, [(header::CONTENT_TYPE, "application/problem+json")], json).into_response()
}

fn encode(text: &str) -> String {
    serde_urlencoded::to_string([("x", text)]).map(|pair| pair[2..].to_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::middleware::from_fn;
    use tower::ServiceExt as _;

    async fn get(path: &str, cookie: &str) -> (Response, String) {
        let site: Router = Router::new()
            .route("/in", axum::routing::get(|| async { Failure::from(AppError::NotLoggedIn) }))
            .fallback(|| async { Failure::not_found() })
            .layer(from_fn(explain));
        let request = Request::builder().uri(path).header(header::COOKIE, cookie).body(Body::empty()).unwrap();
        let (parts, body) = site.oneshot(request).await.unwrap().into_parts();
        let text = String::from_utf8(to_bytes(body, 100_000).await.unwrap().to_vec()).unwrap();
        (Response::from_parts(parts, Body::empty()), text)
    }

    #[tokio::test]
    async fn a_missing_page_says_so_in_the_readers_language() {
        let (response, text) = get("/nowhere", "").await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert!(text.contains("<html lang=\"ja\">") && text.contains("見つかりません"), "{text}");
        let (_, text) = get("/nowhere", "lang=en").await;
        assert!(text.contains("<h1>Not found</h1>"), "{text}");
    }

    #[tokio::test]
    async fn a_refused_form_leads_back_to_its_page_and_nowhere_else() {
        let site = || Router::new().fallback(|| async { Failure::bad_request() }).layer(from_fn(explain));
        for (from, back) in [
            ("https://tomomori.example/roles?rule=joint", Some("href=\"/roles?rule=joint\"")),
            ("https://other.example/roles", None),
            ("https://tomomori.example//other.example/", None),
            ("no address", None),
        ] {
            let request = Request::builder().method("POST").uri("/x").header(header::HOST, "tomomori.example");
            let request = request.header(header::REFERER, from).body(Body::empty()).unwrap();
            let body = site().oneshot(request).await.unwrap().into_body();
            let text = String::from_utf8(to_bytes(body, 100_000).await.unwrap().to_vec()).unwrap();
            assert_eq!(text.contains("前の画面に戻る"), back.is_some(), "{from}: {text}");
            assert!(back.is_none_or(|back| text.contains(back)), "{from}: {text}");
        }
    }

    #[tokio::test]
    async fn programs_get_problem_json() {
        let (response, text) = get("/api/v1/nowhere", "").await;
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
        let problem: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(problem["status"], 404);
    }

    #[tokio::test]
    async fn strangers_are_sent_to_the_login_and_back() {
        let (response, _) = get("/in?a=1", "").await;
        assert_eq!(response.status(), StatusCode::SEE_OTHER);
        assert_eq!(response.headers()[header::LOCATION], "/login?next=%2Fin%3Fa%3D1");
        let (response, _) = get("/api/in", "").await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
    }
}
