//! `tomomori serve` and `tomomori worker`.

use crate::config::Config;
use anyhow::{Context, Result, bail};
use std::net::{SocketAddr, TcpListener};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tomomori_app::{App, audit, catalogue, matching, session, worker};
use tomomori_web::Web;

/// How often a node looks whether another one switched the catalogue.
const REFRESH: Duration = Duration::from_secs(30);
/// Ended sessions are deleted, and the day's audit checkpoint looked for, every so many rounds: hourly.
const HOURLY: u32 = 120;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Address and port; overrides the configuration.
    #[arg(long)]
    listen: Option<SocketAddr>,
}

pub(crate) async fn run(config: &Config, args: &Args) -> Result<ExitCode> {
    let mut config = config.clone();
    if let Some(listen) = args.listen {
        config.server.listen = listen;
    }
    let problems = config.problems();
    if !problems.is_empty() {
        bail!("{}", problems.join("\n"));
    }
    crate::migrate_sqlite(&config).await?;
    let app = crate::open(&config).await?;
    let listener = TcpListener::bind(config.server.listen)
        .with_context(|| format!("cannot listen on {}: is another program using the port?", config.server.listen))?;
    println!("http{}://{}/", if config.web().tls.is_some() { "s" } else { "" }, listener.local_addr()?);
    until_stopped(app, &config, listener).await?;
    Ok(ExitCode::SUCCESS)
}

/// Serves, and works if configured so, until the process is asked to stop.
pub(crate) async fn until_stopped(app: Arc<App>, config: &Config, listener: TcpListener) -> Result<()> {
    let (stop, stopped) = tokio::sync::watch::channel(false);
    tokio::spawn(async move {
        asked_to_stop().await;
        let _ = stop.send(true);
    });
    let refresher = tokio::spawn(refresh(Arc::clone(&app)));
    let worker = config.server.worker.then(|| {
        let name = format!("serve-{}", std::process::id());
        tokio::spawn(worker::run(Arc::clone(&app), name, turned(stopped.clone())))
    });
    tomomori_web::serve(Web::new(app, config.web()), listener, turned(stopped)).await?;
    refresher.abort();
    if let Some(worker) = worker {
        worker.await?;
    }
    Ok(())
}

pub(crate) async fn worker(config: &Config) -> Result<ExitCode> {
    let app = crate::open(config).await?;
    let refresher = tokio::spawn(refresh(Arc::clone(&app)));
    worker::run(app, format!("worker-{}", std::process::id()), asked_to_stop()).await;
    refresher.abort();
    Ok(ExitCode::SUCCESS)
}

async fn turned(mut stopped: tokio::sync::watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

/// Housekeeping of a running node: a catalogue switched by another node, findings left behind by a crash, ended sessions.
async fn refresh(app: Arc<App>) {
    for round in 0_u32.. {
        if let Err(error) = catalogue::refresh(&app).await {
            tracing::warn!(%error, "cannot look for a newer catalogue");
        }
        if round == 0
            && let Err(error) = matching::catch_up(&app).await
        {
            tracing::warn!(%error, "cannot see whether findings are current");
        }
        if round % HOURLY == 0
            && let Err(error) = session::purge(&app).await
        {
            tracing::warn!(%error, "cannot delete ended sessions");
        }
        if round % HOURLY == 0
            && let Err(error) = audit::checkpoint_daily(&app).await
        {
            tracing::error!(%error, "the daily audit checkpoint was not written");
        }
        tokio::time::sleep(REFRESH).await;
    }
}

/// Ctrl-C, and on Unix the signal service managers send. The one place that asks for a Unix signal.
async fn asked_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}
