//! Who is at the other end: address, language, cookies.

use crate::config::WebConfig;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Uri, header};
use cookie::{Cookie, SameSite};
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use tomomori_i18n::Lang;

/// Name of the language cookie.
const LANG_COOKIE: &str = "lang";

/// A cookie of the request.
pub(crate) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| Cookie::split_parse(text.to_owned()))
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned())
}

/// Language chosen by cookie; Japanese otherwise.
pub(crate) fn lang(headers: &HeaderMap) -> Lang {
    cookie(headers, LANG_COOKIE).and_then(|code| Lang::from_code(&code)).unwrap_or_default()
}

/// The cookie that keeps the language for a year.
pub(crate) fn lang_cookie(lang: Lang, secure: bool) -> String {
    let mut cookie = Cookie::new(LANG_COOKIE, lang.code());
    cookie.set_path("/");
    cookie.set_same_site(SameSite::Lax);
    cookie.set_http_only(true);
    cookie.set_secure(secure);
    cookie.set_max_age(cookie::time::Duration::days(365));
    cookie.to_string()
}

/// Name of the session cookie. With TLS the prefix makes browsers refuse it from a sibling host or over plain HTTP.
pub(crate) fn session_cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-tomomori" } else { "tomomori" }
}

/// The session cookie; an empty secret removes it.
pub(crate) fn session_cookie(secret: &str, secure: bool) -> String {
    let mut cookie = Cookie::new(session_cookie_name(secure), secret.to_owned());
    cookie.set_path("/");
    cookie.set_same_site(SameSite::Lax);
    cookie.set_http_only(true);
    cookie.set_secure(secure);
    if secret.is_empty() {
        cookie.set_max_age(cookie::time::Duration::ZERO);
    }
    cookie.to_string()
}

/// The reader's language, for handlers that need no session.
pub(crate) struct ReadIn(pub(crate) Lang);

impl<S: Send + Sync> FromRequestParts<S> for ReadIn {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(lang(&parts.headers)))
    }
}

/// Address the request came from, for throttling. `X-Forwarded-For` counts only from a trusted proxy, and then its last
/// entry that is no trusted proxy itself: everything left of it was written by the client.
pub(crate) fn address(parts: &Parts, config: &WebConfig) -> IpAddr {
    let peer = parts
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::from([127, 0, 0, 1]), |info| info.0.ip().to_canonical());
    if !config.trusted_proxies.contains(&peer) {
        return peer;
    }
    parts
        .headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(','))
        .filter_map(|entry| entry.trim().parse::<IpAddr>().ok())
        .rfind(|entry| !config.trusted_proxies.contains(entry))
        .unwrap_or(peer)
}

/// Path and query of the page the request was made from, if that was a page of this site.
pub(crate) fn came_from(headers: &HeaderMap) -> Option<String> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let from: Uri = text(header::REFERER)?.parse().ok()?;
    let own = from.authority().map(Authority::as_str) == text(header::HOST);
    let path = from.path_and_query().map(ToString::to_string);
    // Two slashes would lead to another site.
    path.filter(|path| own && path.starts_with('/') && !path.starts_with("//"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(peer: [u8; 4], forwarded: &str) -> Parts {
        let mut request = axum::http::Request::builder().header("x-forwarded-for", forwarded).body(()).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from((peer, 9))));
        request.into_parts().0
    }

    #[test]
    fn forwarded_addresses_count_only_from_a_trusted_proxy() {
        let config = WebConfig { trusted_proxies: vec![[10, 0, 0, 1].into()], ..WebConfig::default() };
        let spoofed = parts([192, 0, 2, 7], "198.51.100.9");
        assert_eq!(address(&spoofed, &config), IpAddr::from([192, 0, 2, 7]));
        let through = parts([10, 0, 0, 1], "203.0.113.66, 198.51.100.9, 10.0.0.1");
        assert_eq!(address(&through, &config), IpAddr::from([198, 51, 100, 9]));
    }

    #[test]
    fn reads_cookies_and_language() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, "a=1; lang=en; tomomori=x".parse().unwrap());
        assert_eq!(lang(&headers), Lang::En);
        assert_eq!(cookie(&headers, "tomomori").as_deref(), Some("x"));
        assert!(session_cookie("s", true).starts_with("__Host-tomomori=s; HttpOnly; SameSite=Lax; Secure; Path=/"));
    }
}
