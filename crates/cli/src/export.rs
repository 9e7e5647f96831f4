//! `tomomori export`: the ledger as an Excel file.

use crate::config::Config;
use anyhow::{Context, Result};
use std::path::PathBuf;
use std::process::ExitCode;
use tomomori_app::export;
use tomomori_app::ledger::{ResourceFilter, ResourceSort};
use tomomori_domain::resource::ResourceKind;
use tomomori_i18n::{Lang, tr};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// File to write, xlsx.
    #[arg(long, value_name = "FILE", value_parser = target)]
    out: PathBuf,
    /// Only devices in which all these words occur.
    #[arg(long, value_name = "WORDS")]
    text: Option<String>,
    /// Only devices of this kind: server, client, network, medical_device, other, facility, cloud, visitor, unknown.
    #[arg(long, value_parser = kind)]
    kind: Option<ResourceKind>,
    /// Only devices with vulnerabilities that apply.
    #[arg(long)]
    findings: bool,
    /// Only devices whose product is not known.
    #[arg(long)]
    unknown: bool,
    /// Hospital whose ledger is meant; needed when the installation has several.
    #[arg(long)]
    hospital: Option<String>,
    /// Machine-readable output.
    #[arg(long)]
    json: bool,
}

fn target(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    let is_excel = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx"));
    if is_excel { Ok(path) } else { Err("the name must end in .xlsx".to_owned()) }
}

fn kind(text: &str) -> Result<ResourceKind, String> {
    let names: Vec<&str> = ResourceKind::ALL.iter().map(|kind| kind.key()).collect();
    ResourceKind::from_key(text).ok_or_else(|| format!("one of {}", names.join(", ")))
}

pub(crate) async fn run(config: &Config, lang: Lang, args: &Args) -> Result<ExitCode> {
    let ctx = crate::reader(config, args.hospital.as_deref()).await?;
    let filter = ResourceFilter {
        text: args.text.clone(),
        kind: args.kind,
        findings: args.findings.then_some(true),
        unknown_product: args.unknown,
        ..ResourceFilter::default()
    };
    let made = export::ledger_xlsx(&ctx, &filter, ResourceSort::Name, &move |msg| tr(lang, msg)).await;
    let bytes = made.map_err(|error| anyhow::anyhow!("{} ({error})", tr(lang, &error.message())))?;
    std::fs::write(&args.out, &bytes).with_context(|| format!("cannot write {}", args.out.display()))?;
    if args.json {
        println!("{}", serde_json::to_string_pretty(&serde_json::json!({ "file": args.out, "bytes": bytes.len() }))?);
    } else {
        println!("wrote {} ({} bytes)", args.out.display(), bytes.len());
    }
    Ok(ExitCode::SUCCESS)
}
