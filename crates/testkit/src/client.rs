//! A browser, or a program with a token, against the real router. No socket, no network.

#![expect(clippy::expect_used, reason = "a test that cannot be set up has failed")]

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use tower::ServiceExt;

const BOUNDARY: &str = "----tomomori-test";

/// One person's browser, or one program.
#[derive(Clone)]
pub struct Client {
    router: Router,
    /// Value of the session cookie.
    pub cookie: Option<String>,
    /// Token of the session's forms, as a page of the session carries it.
    pub csrf: String,
    token: Option<String>,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body as text; of a workbook, the texts of its cells, because packed bytes would hide what they hold.
    pub text: String,
    /// Body as it came.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text).expect("JSON")
    }

    /// A header's value, or nothing.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// The texts of a workbook, a line each.
fn cells(workbook: &[u8]) -> String {
    let sheets = tomomori_sheet::read(workbook, "answer.xlsx", &tomomori_sheet::Limits::default());
    let sheets = sheets.expect("a workbook that can be read");
    let texts: Vec<&str> = sheets.iter().flat_map(|sheet| &sheet.cells).map(|cell| &*cell.text).collect();
    texts.join("\n")
}

impl Client {
    /// Nobody's browser.
    #[must_use]
    pub fn new(router: Router) -> Self {
        Self { router, cookie: None, csrf: String::new(), token: None }
    }

    /// As a program with this personal token.
    #[must_use]
    pub fn with_token(mut self, token: &str) -> Self {
        self.token = Some(token.to_owned());
        self
    }

    /// Opens the login page, types and sends.
    ///
    /// # Panics
    /// When the login is refused.
    pub async fn log_in(&mut self, login: &str, password: &str) {
        let answer = self.post("/login", &[("login", login), ("password", password)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "login of {login}: {}", answer.text);
        let cookie = answer.header("set-cookie");
        let pair = cookie.split(';').next().expect("a cookie");
        self.cookie = Some(pair.to_owned());
        let page = self.get("/settings").await;
        let mark = "name=\"csrf\" value=\"";
        let start = page.text.find(mark).expect("a form with a token") + mark.len();
        self.csrf = page.text[start..].split('"').next().expect("a token").to_owned();
    }

    /// Sends a request as this client would: cookie, token, and the headers a browser sets itself.
    pub async fn send(&self, method: Method, path: &str, kind: &str, body: Vec<u8>) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, "tomomori.example");
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        } else {
            request = request.header("sec-fetch-site", "same-origin");
        }
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        if !kind.is_empty() {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        self.raw(request.body(Body::from(body)).expect("a request")).await
    }

    /// Sends exactly this request.
    pub async fn raw(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("the router never fails");
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
        let text = if tomomori_sheet::workbook::looks_like(&bytes) {
            cells(&bytes)
        } else {
            String::from_utf8_lossy(&bytes).into_owned()
        };
        Answer { status: parts.status, headers: parts.headers, text, bytes: bytes.to_vec() }
    }

    /// Opens a page.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, "", Vec::new()).await
    }

    /// Sends a form, with this session's form token.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let fields: Vec<(&str, &str)> =
            [("csrf", self.csrf.as_str())].into_iter().chain(fields.iter().copied()).collect();
        let body = serde_urlencoded::to_string(fields).expect("a form");
        self.send(Method::POST, path, "application/x-www-form-urlencoded", body.into_bytes()).await
    }

    /// Sends files, each as a part named `files`, after this session's form token.
    pub async fn upload(&self, path: &str, files: &[(&str, &[u8])]) -> Answer {
        let mut body = Vec::new();
        if !self.csrf.is_empty() {
            let head =
                format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{}\r\n", self.csrf);
            body.extend(head.into_bytes());
        }
        for (name, bytes) in files {
            let head = format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\
                 Content-Type: application/octet-stream\r\n\r\n"
            );
            body.extend(head.into_bytes());
            body.extend_from_slice(bytes);
            body.extend(b"\r\n");
        }
        body.extend(format!("--{BOUNDARY}--\r\n").into_bytes());
        self.send(Method::POST, path, &format!("multipart/form-data; boundary={BOUNDARY}"), body).await
    }
}
