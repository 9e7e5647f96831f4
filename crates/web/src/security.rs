//! Headers every answer carries, and where browsers report what the policy stopped.

use crate::state::WebState;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use std::sync::atomic::Ordering;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
    form-action 'self'; frame-ancestors 'none'; base-uri 'none'; report-uri /csp-report; report-to csp";

/// Adds the security headers. A handler may set a stricter policy itself (files of users).
pub(crate) async fn headers(State(web): State<WebState>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(POLICY));
    for (name, value) in [
        ("reporting-endpoints", "csp=\"/csp-report\""),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("x-frame-options", "DENY"),
        ("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=()"),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    // Pages hold a hospital's weak points: no cache outside the tab keeps them. Assets set their own.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if web.config.secure() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    response
}

/// Takes a browser's report. Logged and counted; browser tests ask that the count stays zero.
pub(crate) async fn csp_report(State(web): State<WebState>, body: Bytes) -> StatusCode {
    web.csp_reports.fetch_add(1, Ordering::Relaxed);
    let shown: String = String::from_utf8_lossy(&body[..body.len().min(2000)]).escape_debug().collect();
    tracing::warn!(report = shown, "the content security policy stopped something");
    StatusCode::NO_CONTENT
}
