//! Listening: TLS built in, plain HTTP only where nobody can listen in, and an orderly end.

use crate::router::router;
use crate::state::WebState;
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use std::future::Future;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

/// Why the server did not start, or ended.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Passwords would cross the network readable.
    #[error(
        "plain HTTP on {0} is refused: give a certificate (see `tomomori tls init`), name a trusted proxy, or listen on 127.0.0.1"
    )]
    PlainHttp(SocketAddr),
    /// Certificate or key cannot be used.
    #[error("certificate {certificate} with key {key}: {source}")]
    Certificate {
        /// Certificate file.
        certificate: String,
        /// Key file.
        key: String,
        /// What is wrong.
        source: std::io::Error,
    },
    /// The listener failed.
    #[error("listening failed: {0}")]
    Io(#[from] std::io::Error),
}

/// Serves until `shutdown` resolves; running requests then get [`crate::WebConfig::shutdown_grace`] to finish.
///
/// # Errors
/// [`ServeError`].
pub async fn serve(
    web: WebState,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    let address = listener.local_addr()?;
    listener.set_nonblocking(true)?;
    let config = web.config.clone();
    if !config.secure() && !address.ip().is_loopback() {
        return Err(ServeError::PlainHttp(address));
    }
    let service = router(web).into_make_service_with_connect_info::<SocketAddr>();
    let handle = Handle::new();
    tokio::spawn({
        let (handle, grace) = (handle.clone(), config.shutdown_grace);
        async move {
            shutdown.await;
            handle.graceful_shutdown(Some(grace));
        }
    });
    let Some(files) = &config.tls else {
        axum_server::from_tcp(listener)?.handle(handle).serve(service).await?;
        return Ok(());
    };
    // One process, one crypto provider; a second call finds it installed.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let tls = RustlsConfig::from_pem_file(&files.certificate, &files.key).await.map_err(|source| {
        ServeError::Certificate {
            certificate: files.certificate.display().to_string(),
            key: files.key.display().to_string(),
            source,
        }
    })?;
    tokio::spawn(reload(tls.clone(), Arc::new(files.clone())));
    axum_server::from_tcp_rustls(listener, tls)?.handle(handle).serve(service).await?;
    Ok(())
}

/// A renewed certificate is taken up without a restart; a broken one is logged and the old one stays.
async fn reload(tls: RustlsConfig, files: Arc<crate::TlsFiles>) {
    let modified =
        |files: &crate::TlsFiles| std::fs::metadata(&files.certificate).and_then(|meta| meta.modified()).ok();
    let mut seen = modified(&files);
    loop {
        tokio::time::sleep(Duration::from_secs(60)).await;
        let now = modified(&files);
        if now != seen {
            seen = now;
            match tls.reload_from_pem_file(&files.certificate, &files.key).await {
                Ok(()) => tracing::info!("certificate reloaded"),
                Err(error) => {
                    tracing::error!(error = &error as &dyn std::error::Error, "the new certificate is not used");
                }
            }
        }
    }
}
