//! The configuration file: one typed TOML with defaults that are right for one hospital on one machine.

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use tomomori_web::{TlsFiles, WebConfig};

/// Everything an operator decides. Unknown keys are refused, so that a slip of the pen does not go unnoticed.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Config {
    /// Folder for the SQLite database, catalogue files and keys.
    pub(crate) data: PathBuf,
    pub(crate) database: Database,
    pub(crate) server: Server,
}

/// `[database]`
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Database {
    /// `postgres://…` as the application role. Not given: SQLite, `tomomori.db` in the data folder.
    pub(crate) url: Option<String>,
    /// `postgres://…` as the role that owns the tables; only `migrate` uses it.
    pub(crate) owner_url: Option<String>,
    /// Name of the application role, which `migrate` gives its rights.
    pub(crate) app_role: Option<String>,
}

/// `[server]`
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Server {
    /// Address and port to listen on. Plain HTTP is only allowed on 127.0.0.1.
    pub(crate) listen: SocketAddr,
    /// Certificate chain (PEM); see `tomomori tls init`.
    pub(crate) certificate: Option<PathBuf>,
    /// Key of the certificate (PEM).
    pub(crate) key: Option<PathBuf>,
    /// Proxies that end TLS in front of this server.
    pub(crate) trusted_proxies: Vec<IpAddr>,
    /// Largest upload in megabytes.
    pub(crate) max_upload_megabytes: usize,
    /// Whether this process also does the background work. `false` where `tomomori worker` runs beside it.
    pub(crate) worker: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self { data: PathBuf::from("data"), database: Database::default(), server: Server::default() }
    }
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            certificate: None,
            key: None,
            trusted_proxies: Vec::new(),
            max_upload_megabytes: 64,
            worker: true,
        }
    }
}

impl Config {
    /// Reads the file, or takes the defaults when none is named and `tomomori.toml` does not exist.
    pub(crate) fn load(file: Option<&Path>) -> Result<Self> {
        let default = Path::new("tomomori.toml");
        let Some(path) = file.or_else(|| default.exists().then_some(default)) else { return Ok(Self::default()) };
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        toml::from_str(&text).with_context(|| format!("{} is not a valid configuration", path.display()))
    }

    /// Address of the database as the application uses it.
    pub(crate) fn database_url(&self) -> String {
        self.database.url.clone().unwrap_or_else(|| format!("sqlite:{}", self.data.join("tomomori.db").display()))
    }

    pub(crate) fn web(&self) -> WebConfig {
        let tls = self.server.certificate.clone().zip(self.server.key.clone());
        WebConfig {
            tls: tls.map(|(certificate, key)| TlsFiles { certificate, key }),
            trusted_proxies: self.server.trusted_proxies.clone(),
            max_upload: self.server.max_upload_megabytes.saturating_mul(1_000_000),
            ..WebConfig::default()
        }
    }

    /// The same with passwords in database addresses replaced, for showing.
    pub(crate) fn without_secrets(&self) -> Self {
        let hide = |url: &String| match (url.find("://"), url.rfind('@')) {
            (Some(scheme), Some(at)) => {
                let user = url[scheme + 3..at].split(':').next().unwrap_or_default();
                format!("{}{user}:…{}", &url[..scheme + 3], &url[at..])
            }
            _ => url.clone(),
        };
        let mut shown = self.clone();
        shown.database.url = self.database.url.as_ref().map(hide);
        shown.database.owner_url = self.database.owner_url.as_ref().map(hide);
        shown
    }

    /// Everything wrong with the configuration that can be seen without starting.
    pub(crate) fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let server = &self.server;
        if server.certificate.is_some() != server.key.is_some() {
            problems.push("server.certificate and server.key must be given together".to_owned());
        }
        for path in [&server.certificate, &server.key].into_iter().flatten().filter(|path| !path.exists()) {
            problems.push(format!("{} does not exist", path.display()));
        }
        if !self.web().secure() && !server.listen.ip().is_loopback() {
            problems.push(format!(
                "server.listen = {}: without TLS only 127.0.0.1 is allowed; run `tomomori tls init`, or name a trusted proxy",
                server.listen
            ));
        }
        let postgres = self.database_url().starts_with("postgres");
        if postgres && self.database.owner_url.as_deref() == self.database.url.as_deref() {
            problems.push("database.owner_url must name another role than database.url: whoever owns the tables can switch row-level security off".to_owned());
        }
        problems
    }
}
