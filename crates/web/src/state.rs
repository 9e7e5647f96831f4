//! What every handler shares.

use crate::config::WebConfig;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use tomomori_app::App;

/// The web server's state.
pub struct Web {
    /// The installation.
    pub app: Arc<App>,
    /// The operator's settings.
    pub config: WebConfig,
    /// Reports about breaches of the content security policy since start.
    pub csp_reports: AtomicU64,
}

/// Shared state as handlers receive it.
pub type WebState = Arc<Web>;

impl Web {
    /// State for a router.
    #[must_use]
    pub fn new(app: Arc<App>, config: WebConfig) -> WebState {
        Arc::new(Self { app, config, csp_reports: AtomicU64::new(0) })
    }
}
