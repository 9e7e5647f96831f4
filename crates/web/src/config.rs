//! What the operator decides about the web server.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

/// Settings of the web server. `Default` is right for one hospital without a proxy.
#[derive(Clone, Debug)]
pub struct WebConfig {
    /// Certificate and key; `None` = plain HTTP, which is refused unless the listener is on loopback or a proxy is trusted.
    pub tls: Option<TlsFiles>,
    /// Addresses of proxies that end TLS in front of us. Only their `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Largest upload in bytes, all files of one request together.
    pub max_upload: usize,
    /// A request that takes longer is ended with 503.
    pub request_timeout: Duration,
    /// How long running requests may finish at shutdown.
    pub shutdown_grace: Duration,
}

/// PEM files of the server's certificate chain and its key.
#[derive(Clone, Debug)]
pub struct TlsFiles {
    /// Certificate chain.
    pub certificate: PathBuf,
    /// Private key.
    pub key: PathBuf,
}

impl Default for WebConfig {
    fn default() -> Self {
        Self {
            tls: None,
            trusted_proxies: Vec::new(),
            max_upload: 64 * 1024 * 1024,
            request_timeout: Duration::from_secs(60),
            shutdown_grace: Duration::from_secs(10),
        }
    }
}

impl WebConfig {
    /// Whether browsers reach us over TLS: decides `__Host-` cookies and HSTS.
    #[must_use]
    pub fn secure(&self) -> bool {
        self.tls.is_some() || !self.trusted_proxies.is_empty()
    }
}
