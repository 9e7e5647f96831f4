//! `cargo xtask test`: everything CI checks, in the order in which it fails cheapest.

use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader};
use std::process::Stdio;

/// Runs all checks; the last line is the sum over all test programs.
pub(crate) fn run() -> Result<()> {
    step("house rules", crate::tidy::run)?;
    step("formatting", || crate::run(crate::cargo().args(["fmt", "--all", "--check"])))?;
    step("what the machine needs", crate::machine::prepare)?;
    step("scripts, styles and fonts", crate::assets::run)?;
    step("lints", || {
        crate::run(crate::cargo().args(["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]))
    })?;
    step("licences and sources", deny)?;
    println!("== tests");
    let counts = tests()?;
    println!("{} passed, {} failed, {} skipped", counts.passed, counts.failed, counts.skipped.len());
    if counts.failed > 0 || !counts.finished {
        bail!("some tests failed");
    }
    Ok(())
}

fn step(name: &str, check: impl FnOnce() -> Result<()>) -> Result<()> {
    println!("== {name}");
    check().with_context(|| name.to_owned())
}

/// cargo-deny where it is installed; it is not fetched here, because an install compiles for minutes.
fn deny() -> Result<()> {
    if crate::cargo().args(["deny", "--version"]).output().is_ok_and(|output| output.status.success()) {
        crate::run(crate::cargo().args(["deny", "--offline", "check", "bans", "licenses", "sources"]))
    } else {
        println!("SKIPPED cargo deny: cargo-deny is not installed");
        Ok(())
    }
}

#[derive(Default)]
struct Counts {
    passed: u64,
    failed: u64,
    skipped: Vec<String>,
    finished: bool,
}

/// Runs `cargo test`, passes its output on and adds up the closing lines of all test programs.
fn tests() -> Result<Counts> {
    let skipped_file = std::env::temp_dir().join(format!("tomomori-skipped-{}", std::process::id()));
    let _ = std::fs::remove_file(&skipped_file);
    let mut command = crate::cargo();
    command.args(["test", "--workspace", "--no-fail-fast"]).env("TOMOMORI_SKIPPED_FILE", &skipped_file);
    if let Some(browser) = crate::machine::chromium() {
        command.env("TOMOMORI_CHROMIUM", browser);
    }
    let mut child = command.stdout(Stdio::piped()).spawn().context("cannot start cargo test")?;
    let mut counts = Counts::default();
    let stdout = child.stdout.take().context("no output of cargo test")?;
    for line in BufReader::new(stdout).lines() {
        let line = line?;
        println!("{line}");
        if let Some(result) = line.strip_prefix("test result: ") {
            counts.passed += number_before(result, " passed");
            counts.failed += number_before(result, " failed");
        }
    }
    counts.finished = child.wait()?.success();
    // Tests append here because the test runner swallows what a passing test prints.
    if let Ok(text) = std::fs::read_to_string(&skipped_file) {
        counts.skipped = text.lines().map(str::to_owned).collect();
        counts.skipped.sort();
        counts.skipped.dedup();
        let _ = std::fs::remove_file(&skipped_file);
    }
    for line in &counts.skipped {
        println!("SKIPPED {line}");
    }
    Ok(counts)
}

fn number_before(text: &str, word: &str) -> u64 {
    text.split(word)
        .next()
        .and_then(|head| head.rsplit([' ', ';', '.']).next())
        .and_then(|number| number.parse().ok())
        .unwrap_or(0)
}
