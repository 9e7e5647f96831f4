//! `tomomori catalogue`: build from feed files, look at, check, make active.

use crate::config::Config;
use anyhow::{Context, Result, bail};
use clap::Subcommand;
use indicatif::{ProgressBar, ProgressStyle};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;
use tomomori_catalogue::{Builder, Catalogue, Info, Stamp, Summary, Trust};

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Build a catalogue file from feeds: files, folders, .gz, .zst, .tar.zst, .zip, recognised by content.
    Build {
        /// File to write; replaced only when the new one is whole.
        #[arg(short, long, value_name = "FILE")]
        output: PathBuf,
        /// Feed files and folders.
        #[arg(required = true)]
        feeds: Vec<PathBuf>,
        /// Sequence number; must rise with every build that is to become active.
        #[arg(long, default_value_t = 1)]
        sequence: u64,
        /// Key to sign with; made if the file does not exist.
        #[arg(long, value_name = "FILE")]
        sign: Option<PathBuf>,
        /// Machine-readable summary.
        #[arg(long)]
        json: bool,
    },
    /// Print counts and dates per source.
    Info {
        /// The catalogue.
        file: PathBuf,
        /// Machine-readable output.
        #[arg(long)]
        json: bool,
    },
    /// Check the hash of every block.
    Verify {
        /// The catalogue.
        file: PathBuf,
    },
    /// Check a catalogue, copy it into the installation and make it the active one.
    Activate {
        /// The catalogue.
        file: PathBuf,
    },
}

pub(crate) async fn run(config: &Config, command: Command) -> Result<ExitCode> {
    match command {
        Command::Build { output, feeds, sequence, sign, json } => {
            let summary =
                tokio::task::spawn_blocking(move || build(&feeds, &output, sequence, sign.as_deref())).await??;
            if json {
                println!("{}", serde_json::to_string_pretty(&as_json(&summary))?);
            } else {
                print_summary(&summary);
            }
            // The file is written and says which feeds are not whole; a script must not take it for complete.
            if !summary.failed.is_empty() {
                return Ok(ExitCode::from(crate::FOUND_WANTING));
            }
        }
        Command::Info { file, json } => {
            let info = Catalogue::open(&file, Trust::Unsigned)?.info();
            if json { println!("{}", serde_json::to_string_pretty(&info)?) } else { print_info(&info) }
        }
        Command::Verify { file } => {
            Catalogue::open(&file, Trust::Unsigned)?.verify()?;
            println!("{} is whole", file.display());
        }
        Command::Activate { file } => {
            let app = crate::open(config).await?;
            tomomori_app::catalogue::activate(&app, &file)
                .await
                .with_context(|| format!("{} was not activated", file.display()))?;
            println!("active; all ledgers will be matched again");
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Builds a catalogue with a progress bar on standard error.
pub(crate) fn build(feeds: &[PathBuf], output: &Path, sequence: u64, sign: Option<&Path>) -> Result<Summary> {
    let key = match sign {
        None => None,
        Some(path) if path.exists() => Some(tomomori_catalogue::read_signing_key(path)?),
        Some(path) => Some(tomomori_catalogue::generate_key_file(path)?),
    };
    if let Some(missing) = feeds.iter().find(|feed| !feed.exists()) {
        bail!("{} does not exist", missing.display());
    }
    let files = files_of(feeds)?;
    let bar = ProgressBar::new(files.len() as u64 + 1);
    bar.set_style(ProgressStyle::with_template("{bar:30} {pos}/{len} {elapsed} {msg}")?);
    bar.enable_steady_tick(Duration::from_millis(200));
    let mut builder = Builder::new();
    for file in files {
        bar.set_message(file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default());
        builder.add_path(&file)?;
        bar.inc(1);
    }
    bar.set_message("writing");
    let summary = builder.finish(output, Stamp { sequence, built: jiff::Timestamp::now(), key: key.as_ref() })?;
    bar.finish_and_clear();
    Ok(summary)
}

/// All files under the given paths, in a stable order.
pub(crate) fn files_of(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            let entries = std::fs::read_dir(path).with_context(|| format!("cannot read {}", path.display()))?;
            let mut inside: Vec<PathBuf> =
                entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
            inside.sort();
            files.extend(files_of(&inside)?);
        } else {
            files.push(path.clone());
        }
    }
    Ok(files)
}

/// Files shown by name; whole folders of notes and licences are given to a build.
const SHOWN: usize = 20;

fn list(what: &str, names: impl ExactSizeIterator<Item = String>) {
    let more = names.len().saturating_sub(SHOWN);
    names.take(SHOWN).for_each(|name| println!("  {what:8} {name}"));
    if more > 0 {
        println!("  {what:8} and {more} more, --json lists all");
    }
}

fn print_summary(summary: &Summary) {
    print_info(&summary.info);
    println!();
    println!(
        "files      {} read, {} no feeds, {} failed",
        summary.files.len(),
        summary.skipped.len(),
        summary.failed.len()
    );
    list("failed", summary.failed.iter().map(|failed| format!("{}: {}", failed.name, failed.problem)));
    list("no feed", summary.skipped.iter().cloned());
    if !summary.failed.is_empty() {
        println!("What stands before the break is in the catalogue, the rest of these files is missing from it.");
    }
    let usage = &summary.usage;
    match usage.processor {
        Some(cpu) => {
            println!("time       {:.2} s processor, {:.2} s in all", cpu.as_secs_f64(), usage.wall.as_secs_f64());
        }
        None => println!("time       {:.2} s in all", usage.wall.as_secs_f64()),
    }
    match usage.peak_memory {
        Some(bytes) => println!("memory     {} MB at most", bytes / 1_000_000),
        None => println!("memory     not measured on this system"),
    }
}

fn as_json(summary: &Summary) -> serde_json::Value {
    let failed: Vec<_> = summary.failed.iter().map(|failed| (&failed.name, &failed.problem)).collect();
    serde_json::json!({
        "info": summary.info,
        "files": summary.files.len(),
        "failed": failed,
        "skipped": summary.skipped,
        "seconds": { "processor": summary.usage.processor.map(|cpu| cpu.as_secs_f64()), "wall": summary.usage.wall.as_secs_f64() },
        "peak_memory_bytes": summary.usage.peak_memory,
    })
}

fn print_info(info: &Info) {
    println!(
        "catalogue  {} (format {}, sequence {})",
        &info.content[..16.min(info.content.len())],
        info.format,
        info.sequence
    );
    println!("built      {}", info.built);
    println!("signed     {}", info.signed_by.as_deref().unwrap_or("no"));
    println!(
        "size       {} MB, {} vulnerabilities, {} products",
        info.bytes / 1_000_000,
        info.vulnerabilities,
        info.products
    );
    println!();
    println!("source     records  withdrawn  no products  newest record     oldest feed       newest feed");
    for source in &info.sources {
        let none = if source.records == 0 { "EMPTY" } else { "not known" };
        // To the minute: feeds are made once a day at most.
        let date = |date: &Option<String>, none: &str| {
            date.as_deref().map_or(none.to_owned(), |date| date.chars().take(16).collect::<String>())
        };
        println!(
            "{:8} {:9} {:10} {:12}  {:16}  {:16}  {}",
            source.source,
            source.records,
            source.rejected,
            source.without_products,
            date(&source.newest_record, none),
            date(&source.oldest_feed_date, "not known"),
            date(&source.feed_date, "not known"),
        );
    }
    if !info.rejects.is_empty() {
        println!();
        println!("could not be used:");
        for reject in &info.rejects {
            println!("{:8} {}", reject.count, reject.reason);
            reject.examples.iter().take(1).for_each(|example| println!("           e.g. {example}"));
        }
    }
}
