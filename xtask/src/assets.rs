//! Scripts, styles and the fonts of the papers: `npm ci` and esbuild, only when something under `ui/` changed since the
//! last build.

use anyhow::{Context, Result, bail};
use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::Path;
use std::process::Command;

/// The package that brings the fonts, and what of it goes into `crates/report/fonts/` under which name.
const FONT_PACKAGE: &str = "node_modules/@expo-google-fonts/biz-udpgothic";
const FONTS: [(&str, &str); 3] = [
    ("400Regular/BIZUDPGothic_400Regular.ttf", "BIZUDPGothic_400Regular.ttf"),
    ("700Bold/BIZUDPGothic_700Bold.ttf", "BIZUDPGothic_700Bold.ttf"),
    ("LICENSE_FONT", "OFL.txt"),
];

/// Builds `crates/web/assets/` from `ui/` and puts the fonts into `crates/report/fonts/`.
pub(crate) fn run() -> Result<()> {
    let ui = crate::root().join("ui");
    let assets = crate::root().join("crates/web/assets");
    let mut hasher = DefaultHasher::new();
    hash_tree(&ui, &mut hasher)?;
    let stamp = format!("{:016x}", hasher.finish());
    let stamp_file = assets.join(".stamp");
    let fonts = crate::root().join("crates/report/fonts");
    let complete = assets.join("manifest.json").exists() && FONTS.iter().all(|(_, name)| fonts.join(name).exists());
    if complete && fs::read_to_string(&stamp_file).is_ok_and(|old| old == stamp) {
        return Ok(());
    }
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    if Command::new(npm).arg("--version").output().is_err() {
        bail!("npm is missing: install Node.js 20 or newer (it brings npm), then run this again");
    }
    println!("building scripts and styles, fetching fonts (npm ci, esbuild)");
    crate::run(Command::new(npm).current_dir(&ui).args([
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ]))?;
    crate::run(Command::new(npm).current_dir(&ui).args(["run", "--silent", "build"]))?;
    copy_fonts(&ui.join(FONT_PACKAGE), &fonts)?;
    fs::write(&stamp_file, stamp).with_context(|| format!("cannot write {}", stamp_file.display()))
}

/// Leaves a file alone that is the same already: a new time would compile the crate again.
fn copy_fonts(package: &Path, fonts: &Path) -> Result<()> {
    fs::create_dir_all(fonts).with_context(|| format!("cannot create {}", fonts.display()))?;
    for (from, name) in FONTS {
        let (from, to) = (package.join(from), fonts.join(name));
        let bytes = fs::read(&from).with_context(|| format!("cannot read {}", from.display()))?;
        if !fs::read(&to).is_ok_and(|old| old == bytes) {
            fs::write(&to, bytes).with_context(|| format!("cannot write {}", to.display()))?;
        }
    }
    Ok(())
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
