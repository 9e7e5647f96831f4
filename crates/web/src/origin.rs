//! Requests that change something must come from our own pages. The form token is the second lock (`session.rs`).

use crate::failure::Failure;
use axum::extract::Request;
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Refuses unsafe requests that another site caused. Programs with a bearer token are not browsers and carry no cookie.
pub(crate) async fn check(request: Request, next: Next) -> Response {
    let harmless = request.method().is_safe()
        || request.uri().path() == "/csp-report"
        || request.headers().contains_key(header::AUTHORIZATION);
    if harmless || own(request.headers(), request.uri().authority().map(axum::http::uri::Authority::as_str)) {
        next.run(request).await
    } else {
        Failure::forged().into_response()
    }
}

fn own(headers: &HeaderMap, authority: Option<&str>) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    // Browsers since 2023 say it themselves; older ones send Origin with every POST.
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let (Some(origin), Some(host)) = (text("origin"), text("host").or(authority)) else {
        return false;
    };
    origin.split_once("://").is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn only_our_own_pages_may_change_things() {
        for (pairs, want) in [
            (vec![("sec-fetch-site", "same-origin")], true),
            (vec![("sec-fetch-site", "none")], true),
            (vec![("sec-fetch-site", "cross-site"), ("origin", "https://a.example"), ("host", "a.example")], false),
            (vec![("sec-fetch-site", "same-site")], false),
            (vec![("origin", "https://a.example:8443"), ("host", "a.example:8443")], true),
            (vec![("origin", "https://b.example"), ("host", "a.example")], false),
            (vec![("origin", "null"), ("host", "a.example")], false),
            (vec![("host", "a.example")], false),
        ] {
            assert_eq!(own(&headers(&pairs), None), want, "{pairs:?}");
        }
    }
}
