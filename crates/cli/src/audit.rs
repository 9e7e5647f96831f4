//! `tomomori audit`: is the chain whole, and where does it stand.

use crate::config::Config;
use anyhow::{Context, Result};
use clap::Subcommand;
use std::path::PathBuf;
use std::process::ExitCode;
use tomomori_app::{Ctx, audit, tenants};
use tomomori_domain::access::Actor;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Recompute every hash of every tenant; with an anchor a cut tail shows as well.
    Verify {
        /// Checkpoints kept outside the database, as `audit checkpoint` printed them.
        #[arg(long, value_name = "FILE")]
        anchor: Option<PathBuf>,
        /// Machine-readable output.
        #[arg(long)]
        json: bool,
    },
    /// Sign where every chain stands now and print it as JSON: keep the output outside this machine.
    Checkpoint,
}

pub(crate) async fn run(config: &Config, command: Command) -> Result<ExitCode> {
    let app = crate::open(config).await?;
    match command {
        Command::Checkpoint => {
            println!("{}", serde_json::to_string_pretty(&audit::checkpoint_all(&app).await?)?);
            Ok(ExitCode::SUCCESS)
        }
        Command::Verify { anchor, json } => {
            let anchors: Vec<audit::Checkpoint> = match anchor {
                None => Vec::new(),
                Some(file) => {
                    let text =
                        std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
                    serde_json::from_str(&text).with_context(|| format!("{} holds no checkpoints", file.display()))?
                }
            };
            let mut whole = true;
            let mut reports = Vec::new();
            for tenant in tenants::all(&app).await? {
                let ctx = Ctx::new(app.clone(), Actor::system(tenant.id, "command line"));
                let newest =
                    anchors.iter().filter(|anchor| anchor.tenant == tenant.id).max_by_key(|anchor| anchor.count);
                let report = audit::verify(&ctx, newest).await?;
                whole &= report.is_intact();
                if !json {
                    let state = if report.is_intact() { "intact" } else { "BROKEN" };
                    println!("{}: {state}, {} entries", tenant.name, report.entries);
                    report.problems.iter().for_each(|problem| println!("  {problem}"));
                }
                let problems: Vec<_> = report.problems.iter().map(ToString::to_string).collect();
                reports.push(serde_json::json!({
                    "tenant": tenant.id, "name": tenant.name, "entries": report.entries,
                    "intact": report.is_intact(), "anchored": newest.is_some(), "problems": problems,
                }));
            }
            if json {
                println!("{}", serde_json::to_string_pretty(&reports)?);
            } else if anchors.is_empty() {
                println!("without --anchor a cut-off end of a chain cannot be seen");
            }
            Ok(if whole { ExitCode::SUCCESS } else { ExitCode::from(crate::FOUND_WANTING) })
        }
    }
}
