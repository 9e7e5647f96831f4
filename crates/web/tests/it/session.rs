//! Log-in, form tokens, origins: who is let in and whose clicks count.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use tomomori_app::session::FREE_TRIES;
use tomomori_testkit::app::PASSWORD;
use tomomori_testkit::{TestApp, for_both_apps_without_catalogue};

async fn with_sasaki(t: &TestApp) -> tomomori_testkit::User {
    let hospital = t.hospital("みどり川病院").await;
    t.operator(&hospital, "sasaki").await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_logged_in_is_sent_to_the_login_page_and_back() {
    for_both_apps_without_catalogue(async |t| {
        with_sasaki(t).await;
        let nobody = t.anonymous();
        let answer = nobody.get("/ledger?kind=server").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert_eq!(answer.header("location"), "/login?next=%2Fledger%3Fkind%3Dserver");
        let answer = nobody
            .post("/login", &[("login", "sasaki"), ("password", PASSWORD), ("next", "/ledger?kind=server")])
            .await;
        assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/ledger?kind=server"));
        let cookie = answer.header("set-cookie");
        for part in ["tomomori=", "HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        // Elsewhere nobody is sent.
        let answer =
            nobody.post("/login", &[("login", "sasaki"), ("password", PASSWORD), ("next", "//evil.example/")]).await;
        assert_eq!(answer.header("location"), "/");
        // A part of a page asked for by script must not be filled with the login page.
        let part = Request::get("/ledger").header("hx-request", "true").body(Body::empty()).unwrap();
        let answer = nobody.raw(part).await;
        assert_eq!((answer.status, answer.header("hx-redirect")), (StatusCode::NO_CONTENT, "/login"));
        // Programs get an answer they understand.
        let answer = nobody.get("/api/v1/resources").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert_eq!(answer.header("content-type"), "application/problem+json");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_passwords_look_alike_and_then_have_to_wait() {
    for_both_apps_without_catalogue(async |t| {
        with_sasaki(t).await;
        let nobody = t.anonymous();
        let wrong = nobody.post("/login", &[("login", "sasaki"), ("password", "wrong wrong wrong")]).await;
        let unknown = nobody.post("/login", &[("login", "nobody"), ("password", "wrong wrong wrong")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(wrong.text.replace("sasaki", "…"), unknown.text.replace("nobody", "…"));
        assert!(!wrong.text.contains("wrong wrong"), "a typed password is not shown again");
        for _ in 1..FREE_TRIES {
            nobody.post("/login", &[("login", "sasaki"), ("password", "wrong wrong wrong")]).await;
        }
        let waiting = nobody.post("/login", &[("login", "sasaki"), ("password", PASSWORD)]).await;
        assert_eq!(waiting.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(waiting.header("set-cookie").is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_without_its_token_or_from_elsewhere_does_nothing() {
    for_both_apps_without_catalogue(async |t| {
        let sasaki = with_sasaki(t).await;
        let browser = t.browser(&sasaki).await;
        let tokens = async || tomomori_app::session::tokens(&sasaki.ctx).await.unwrap().len();

        let mut other = browser.clone();
        other.csrf = String::new();
        assert_eq!(other.post("/settings/tokens", &[("name", "x")]).await.status, StatusCode::FORBIDDEN);
        // The token of another session of the same person is not this session's.
        other.csrf = t.browser(&sasaki).await.csrf;
        assert_ne!(other.csrf, browser.csrf);
        assert_eq!(other.post("/settings/tokens", &[("name", "x")]).await.status, StatusCode::FORBIDDEN);
        assert_eq!(other.upload("/imports", &[("a.csv", b"a,b\n")]).await.status, StatusCode::FORBIDDEN);
        // Files that stand before the token are not read.
        let mut bare = browser.clone();
        bare.csrf = String::new();
        assert_eq!(bare.upload("/imports", &[("a.csv", b"a,b\n")]).await.status, StatusCode::FORBIDDEN);

        // The right token from the wrong place.
        for (name, value) in
            [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", "https://evil.example")]
        {
            let request = Request::builder()
                .method(Method::POST)
                .uri("/settings/tokens")
                .header("host", "tomomori.example")
                .header("cookie", browser.cookie.clone().unwrap())
                .header("content-type", "application/x-www-form-urlencoded")
                .header(name, value)
                .body(Body::from(format!("csrf={}&name=x", browser.csrf)))
                .unwrap();
            assert_eq!(browser.raw(request).await.status, StatusCode::FORBIDDEN, "{name}: {value}");
        }
        assert_eq!(tokens().await, 0);
        assert!(tomomori_app::import::list(&sasaki.ctx).await.unwrap().is_empty());
        let made = browser.post("/settings/tokens", &[("name", "x")]).await;
        assert_eq!((made.status, tokens().await), (StatusCode::OK, 1));
        assert!(made.text.contains("tmr_"), "its secret is shown this once");
        assert!(!browser.get("/settings").await.text.contains("tmr_"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_with_logout_and_with_the_next_login() {
    for_both_apps_without_catalogue(async |t| {
        let sasaki = with_sasaki(t).await;
        let browser = t.browser(&sasaki).await;
        assert_eq!(browser.get("/ledger").await.status, StatusCode::OK);
        let mut again = browser.clone();
        again.log_in("sasaki", PASSWORD).await;
        assert_ne!(again.cookie, browser.cookie);
        assert_eq!(browser.get("/ledger").await.status, StatusCode::SEE_OTHER, "the old cookie is dead");
        let out = again.post("/logout", &[]).await;
        assert!(out.header("set-cookie").contains("Max-Age=0"), "{}", out.header("set-cookie"));
        assert_eq!(again.get("/ledger").await.status, StatusCode::SEE_OTHER);
        let mut forged = again.clone();
        forged.cookie = Some("tomomori=guessed".to_owned());
        assert_eq!(forged.get("/ledger").await.status, StatusCode::SEE_OTHER);
        // A cookie is no token and opens no API.
        assert_eq!(t.browser(&sasaki).await.get("/api/v1/me").await.status, StatusCode::UNAUTHORIZED);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_language_is_a_cookie_and_both_are_complete() {
    for_both_apps_without_catalogue(async |t| {
        let sasaki = with_sasaki(t).await;
        let mut browser = t.browser(&sasaki).await;
        assert!(browser.get("/").await.text.contains("<html lang=\"ja\""));
        let set = browser.post("/language", &[("lang", "en")]).await;
        let lang = set.header("set-cookie").split(';').next().unwrap().to_owned();
        browser.cookie = Some(format!("{}; {lang}", browser.cookie.unwrap()));
        let page = browser.get("/imports").await;
        assert!(
            page.text.contains("<html lang=\"en\"") && page.text.contains("Import the files you have"),
            "{}",
            page.text
        );
    })
    .await;
}
