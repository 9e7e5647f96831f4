//! The project's own chores. `cargo xtask` lists them; each is one module and needs nothing but cargo, node and a shell.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool talks on the terminal")]

mod assets;
mod bench;
mod demo;
mod machine;
mod test;
mod tidy;

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const HELP: &str = "\
cargo xtask <chore>

  demo [ARGS]   set everything up and serve the demo hospital (ARGS go to `tomomori demo`: --port, --data, --check --json)
  test          formatting, lints, house rules and all tests, installing what they need
  assets        build scripts and styles from ui/ into crates/web/assets/, fonts into crates/report/fonts/
  bench         time catalogue build and match against the bound (release build)
  tidy          the house rules alone
";

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let chore = args.next().unwrap_or_default();
    let rest: Vec<String> = args.collect();
    let done = match chore.as_str() {
        "demo" => demo::run(&rest),
        "test" => test::run(),
        "assets" => assets::run(),
        "bench" => bench::run(&rest),
        "tidy" => tidy::run(),
        _ => {
            print!("{HELP}");
            return ExitCode::from(u8::from(!matches!(chore.as_str(), "" | "help" | "--help" | "-h")) * 2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nxtask {chore}: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The root of the checkout.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}

/// The cargo that runs us.
fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// Runs a command to its end; a failure names what was run.
fn run(command: &mut Command) -> Result<()> {
    let shown = format!("{command:?}");
    let status = command.status().with_context(|| format!("cannot start {shown}"))?;
    if !status.success() {
        bail!("{shown} ended with {status}");
    }
    Ok(())
}

/// Builds the program and returns where it lies (the target folder may be anywhere).
fn build_program(release: bool) -> Result<PathBuf> {
    let mut command = cargo();
    command.args(["build", "--workspace", "--bin", "tomomori", "--message-format=json-render-diagnostics"]);
    if release {
        command.arg("--release");
    }
    let output = command.stderr(std::process::Stdio::inherit()).output().context("cannot start cargo")?;
    if !output.status.success() {
        bail!("cargo build failed");
    }
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| message["target"]["name"] == "tomomori")
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .context("cargo named no program")
}
