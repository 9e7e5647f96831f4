//! What tests share: a fresh database on each engine, a clock of their own, hospitals made up as files, and a loud way
//! to skip.

#[cfg(feature = "app")]
pub mod app;
#[cfg(feature = "app")]
pub mod client;
pub mod db;
pub mod hospital;
pub mod pg;

#[cfg(feature = "app")]
pub use app::{TestApp, User, for_both_apps, for_both_apps_without_catalogue};
#[cfg(feature = "app")]
pub use client::{Answer, Client};
pub use db::{TestClock, TestDb, for_both_databases};

use std::io::Write;

/// Says that a test, or a part of it, did not run. `cargo xtask test` collects these lines, because the test runner
/// swallows what a passing test prints.
pub fn skipped(test: &str, reason: &str) {
    let line = format!("{test}: {reason}");
    #[expect(clippy::print_stderr, reason = "the reader of a test run must see it")]
    {
        eprintln!("SKIPPED {line}");
    }
    if let Some(path) = std::env::var_os("TOMOMORI_SKIPPED_FILE") {
        let file = std::fs::OpenOptions::new().create(true).append(true).open(path);
        // One write per line, so that lines of tests running side by side do not mix.
        let _ = file.and_then(|mut file| file.write_all(format!("{line}\n").as_bytes()));
    }
}
