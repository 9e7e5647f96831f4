//! `tomomori diagram`: the system diagram as a file.

use crate::config::Config;
use anyhow::{Context, Result};
use jiff::civil::Date;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use tomomori_app::diagram::{self, DiagramQuery, FileKind, LAYERS, Layer, Names, PaperLang, layer_key};
use tomomori_i18n::{Lang, tr};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// File to write; its ending says what: svg, png, pdf or drawio.
    #[arg(long, value_name = "FILE", value_parser = target)]
    out: PathBuf,
    /// What the colours show: responsibility, findings, end_of_life, remote, evidence.
    #[arg(long, value_parser = layer, default_value = "responsibility")]
    layer: Layer,
    /// Only what this vendor looks after.
    #[arg(long, value_name = "NAME")]
    vendor: Option<String>,
    /// Only what this service needs and what lies between.
    #[arg(long, value_name = "NAME")]
    system: Option<String>,
    /// Only what stands around this device.
    #[arg(long, value_name = "NAME")]
    focus: Option<String>,
    /// As it was at the end of this day.
    #[arg(long, value_name = "DATE", conflicts_with = "compare")]
    at: Option<Date>,
    /// What changed between two days, the older first.
    #[arg(long, value_names = ["DATE", "DATE"], num_args = 2)]
    compare: Vec<Date>,
    /// Paper of a PDF.
    #[arg(long, value_parser = ["a3", "a4"], default_value = "a3")]
    page: String,
    /// Hospital whose diagram is meant; needed when the installation has several.
    #[arg(long)]
    hospital: Option<String>,
    /// Machine-readable output.
    #[arg(long)]
    json: bool,
}

fn ending(path: &Path) -> String {
    path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase()).unwrap_or_default()
}

fn target(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    match FileKind::from_ending(&ending(&path), None) {
        Some(_) => Ok(path),
        None => Err("the name must end in .svg, .png, .pdf or .drawio".to_owned()),
    }
}

fn layer(text: &str) -> Result<Layer, String> {
    let names: Vec<&str> = LAYERS.into_iter().map(layer_key).collect();
    let found = LAYERS.into_iter().find(|layer| layer_key(*layer) == text);
    found.ok_or_else(|| format!("one of {}", names.join(", ")))
}

pub(crate) async fn run(config: &Config, lang: Lang, args: &Args) -> Result<ExitCode> {
    let ctx = crate::reader(config, args.hospital.as_deref()).await?;
    let told = |error: tomomori_app::AppError| anyhow::anyhow!("{} ({error})", tr(lang, &error.message()));
    let mut query = DiagramQuery { layer: args.layer, at: args.at, ..DiagramQuery::default() };
    if let [one, other] = args.compare[..] {
        query.compare = Some((one.min(other), one.max(other)));
    }
    let names = Names { vendor: args.vendor.clone(), system: args.system.clone(), device: args.focus.clone() };
    diagram::named(&ctx, &names, &mut query).await.map_err(told)?;
    let kind = FileKind::from_ending(&ending(&args.out), Some(&args.page)).context("no kind of file")?;
    let paper = match lang {
        Lang::Ja => PaperLang::Ja,
        Lang::En => PaperLang::En,
    };
    let made = diagram::file(&ctx, &query, kind, paper, &move |msg| tr(lang, msg)).await.map_err(told)?;
    std::fs::write(&args.out, &made.bytes).with_context(|| format!("cannot write {}", args.out.display()))?;
    if args.json {
        let told = serde_json::json!({ "file": args.out, "format": kind.ending(), "bytes": made.bytes.len(), "day": made.day });
        println!("{}", serde_json::to_string_pretty(&told)?);
    } else {
        println!("wrote {} ({} bytes)", args.out.display(), made.bytes.len());
    }
    Ok(ExitCode::SUCCESS)
}
