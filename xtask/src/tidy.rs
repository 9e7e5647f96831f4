//! House rules that no lint checks: the arrows between crates, file length, words that must not appear.

use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::process::Command;

/// Longest source file; a newcomer reads one in a sitting.
const MAX_LINES: usize = 500;

/// Who may use which crate of the house (`cli → web → app → {…} → domain`). Tests may use `testkit` as well.
const ARROWS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("i18n", &["domain"]),
    ("formats", &["domain"]),
    ("catalogue", &["domain", "formats"]),
    ("diagram", &["domain"]),
    ("ledger", &["domain"]),
    ("report", &["domain"]),
    ("sheet", &["domain"]),
    ("store", &["domain"]),
    ("app", &["domain", "store", "sheet", "formats", "catalogue", "diagram", "ledger", "report"]),
    ("web", &["domain", "i18n", "app"]),
    ("cli", &["domain", "i18n", "app", "web", "formats", "catalogue"]),
    ("testkit", &["domain", "store", "app", "web", "i18n", "catalogue", "formats", "sheet"]),
];

/// A library that only one crate of the house may use.
const WALLS: &[(&str, &str)] = &[
    ("sea-orm", "store"),
    ("sea-orm-migration", "store"),
    ("axum", "web"),
    ("askama", "web"),
    ("calamine", "sheet"),
    ("resvg", "report"),
    ("typst", "report"),
    ("typst-layout", "report"),
    ("typst-pdf", "report"),
];

/// Checks all rules and reports every breach, not only the first.
pub(crate) fn run() -> Result<()> {
    let mut breaches = Vec::new();
    crates(&mut breaches)?;
    files(&mut breaches)?;
    if breaches.is_empty() {
        return Ok(());
    }
    for breach in &breaches {
        println!("{breach}");
    }
    bail!("{} house rules broken", breaches.len());
}

fn crates(breaches: &mut Vec<String>) -> Result<()> {
    let output = crate::cargo().args(["metadata", "--no-deps", "--format-version=1"]).output()?;
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).context("cargo metadata")?;
    let arrows: BTreeMap<&str, &[&str]> = ARROWS.iter().copied().collect();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let Some(name) = package["name"].as_str().and_then(|name| name.strip_prefix("tomomori-")) else { continue };
        let Some(allowed) = arrows.get(name) else {
            breaches.push(format!("crates/{name}: not in the list of arrows (xtask/src/tidy.rs)"));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let used = dependency["name"].as_str().unwrap_or_default();
            let test_only = dependency["kind"].as_str() == Some("dev");
            if let Some(used) = used.strip_prefix("tomomori-") {
                if !allowed.contains(&used) && !test_only {
                    breaches.push(format!("crates/{name}: may not use crates/{used}"));
                }
            } else if let Some((library, owner)) = WALLS.iter().find(|(library, _)| *library == used)
                && *owner != name
                && name != "testkit"
                && !test_only
            {
                breaches.push(format!("crates/{name}: {library} belongs to crates/{owner}"));
            }
        }
    }
    Ok(())
}

fn files(breaches: &mut Vec<String>) -> Result<()> {
    let output =
        Command::new("git").current_dir(crate::root()).args(["ls-files", "-z"]).output().context("git ls-files")?;
    // Put together here so that this file does not break its own rule.
    let hosts =
        [["registry.", "npmjs.org"], ["index.", "crates.io"], ["deb.", "debian.org"]].map(|parts| parts.concat());
    for path in String::from_utf8_lossy(&output.stdout).split('\0').filter(|path| !path.is_empty()) {
        let Ok(text) = std::fs::read_to_string(crate::root().join(path)) else { continue };
        let is_rust = path.ends_with(".rs");
        let lines = text.lines().count();
        if (is_rust || path.ends_with(".ts")) && lines > MAX_LINES {
            breaches.push(format!("{path}: {lines} lines; split it by subject (at most {MAX_LINES})"));
        }
        for host in hosts.iter().filter(|host| text.contains(host.as_str())) {
            breaches.push(format!("{path}: names the registry host {host}"));
        }
        if is_rust && text.contains(&["#[", "allow("].concat()) {
            breaches.push(format!("{path}: write #[expect(…, reason = \"…\")] instead of allow"));
        }
        if path.ends_with(".html") && (text.contains("<script>") || text.contains("<style") || text.contains(" style="))
        {
            breaches.push(format!("{path}: inline script or style"));
        }
    }
    Ok(())
}
