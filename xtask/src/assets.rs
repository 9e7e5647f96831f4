//! Scripts and styles: `npm ci` and esbuild, only when something under `ui/` changed since the last build.

use anyhow::{Context, Result, bail};
use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::Path;
use std::process::Command;

/// Builds `crates/web/assets/` from `ui/`.
pub(crate) fn run() -> Result<()> {
    let ui = crate::root().join("ui");
    let assets = crate::root().join("crates/web/assets");
    let mut hasher = DefaultHasher::new();
    hash_tree(&ui, &mut hasher)?;
    let stamp = format!("{:016x}", hasher.finish());
    let stamp_file = assets.join(".stamp");
    if assets.join("manifest.json").exists() && fs::read_to_string(&stamp_file).is_ok_and(|old| old == stamp) {
        return Ok(());
    }
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    if Command::new(npm).arg("--version").output().is_err() {
        bail!("npm is missing: install Node.js 20 or newer (it brings npm), then run this again");
    }
    println!("building scripts and styles (npm ci, esbuild)");
    crate::run(Command::new(npm).current_dir(&ui).args([
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ]))?;
    crate::run(Command::new(npm).current_dir(&ui).args(["run", "--silent", "build"]))?;
    fs::write(&stamp_file, stamp).with_context(|| format!("cannot write {}", stamp_file.display()))
}

fn hash_tree(folder: &Path, hasher: &mut DefaultHasher) -> Result<()> {
    let mut entries: Vec<_> =
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?.collect::<Result<_, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        if entry.file_name() == "node_modules" {
            continue;
        }
        entry.file_name().hash(hasher);
        if entry.file_type()?.is_dir() {
            hash_tree(&entry.path(), hasher)?;
        } else {
            fs::read(entry.path())?.hash(hasher);
        }
    }
    Ok(())
}
