//! `tomomori inspect`: what any file is, and whether it is sound.

use anyhow::{Context, Result};
use std::fs::File;
use std::path::PathBuf;
use std::process::ExitCode;
use tomomori_formats::inspect::inspect;
use tomomori_i18n::{Lang, tr};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Files and folders.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Machine-readable output.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(lang: Lang, args: &Args) -> Result<ExitCode> {
    let mut sound = true;
    let mut all = Vec::new();
    for path in &crate::catalogue::files_of(&args.files)? {
        let mut file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let found = inspect(&name, &mut file);
        sound &= found.sound;
        if args.json {
            let facts: Vec<_> = found.facts.iter().map(|(label, value)| (tr(lang, label), value)).collect();
            all.push(serde_json::json!({
                "file": name, "kind": found.kind.key(), "sound": found.sound,
                "facts": facts, "problems": found.problems,
            }));
            continue;
        }
        let state = if found.sound { "ok" } else { "NOT SOUND" };
        println!("{}: {} [{}] {state}", path.display(), tr(lang, &found.kind.msg()), found.kind.key());
        for (label, value) in &found.facts {
            println!("  {}: {value}", tr(lang, label));
        }
        for problem in &found.problems {
            println!("  {} {}  {}", problem.severity.key(), problem.place, tr(lang, &problem.msg));
        }
    }
    if args.json {
        println!("{}", serde_json::to_string_pretty(&all)?);
    }
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::from(crate::FOUND_WANTING) })
}
