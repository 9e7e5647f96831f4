//! What the tests need of the machine: PostgreSQL's server programs, a Chromium, a Japanese font.
//!
//! As root on a Debian-like machine they are installed; otherwise one line says what to install.

use anyhow::{Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Makes sure that everything is there, or says what is missing.
pub(crate) fn prepare() -> Result<()> {
    let mut packages = Vec::new();
    if !has_postgres() {
        packages.push("postgresql");
    }
    if chromium().is_none() {
        packages.push("chromium");
    }
    if !has_japanese_font() {
        packages.push("fonts-noto-cjk");
    }
    if packages.is_empty() {
        return Ok(());
    }
    if !(is_root() && Path::new("/usr/bin/apt-get").exists()) {
        bail!(
            "the tests need {}: install it with the system's package manager, then run this again",
            packages.join(", ")
        );
    }
    println!("installing {}", packages.join(", "));
    if packages.contains(&"postgresql") {
        // Debian would start a cluster of its own at once; the tests bring theirs.
        std::fs::create_dir_all("/etc/postgresql-common")?;
        std::fs::write("/etc/postgresql-common/createcluster.conf", "create_main_cluster = false\n")?;
    }
    let apt = || {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive").args(["-qq", "-o", "Dpkg::Use-Pty=0"]);
        command
    };
    crate::run(apt().arg("update"))?;
    crate::run(apt().args(["install", "--yes", "--no-install-recommends"]).args(&packages))
}

/// A Chromium or Chrome on this machine.
pub(crate) fn chromium() -> Option<PathBuf> {
    ["chromium", "chromium-browser", "google-chrome"].iter().find_map(|name| in_path(name))
}

fn has_postgres() -> bool {
    in_path("initdb").is_some()
        || std::fs::read_dir("/usr/lib/postgresql")
            .is_ok_and(|versions| versions.flatten().any(|version| version.path().join("bin/initdb").exists()))
}

fn has_japanese_font() -> bool {
    // Without fontconfig the browser itself falls back; its package brings fontconfig with it.
    Command::new("fc-list")
        .arg(":lang=ja")
        .output()
        .is_ok_and(|output| output.status.success() && !output.stdout.is_empty())
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

fn in_path(name: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?).map(|folder| folder.join(name)).find(|path| path.is_file())
}
