//! `cargo xtask demo`: assets, program, then `tomomori demo`, which builds the catalogue, imports the hospital and serves.

use anyhow::Result;
use std::process::Command;

/// Runs the demo; returns when the server is stopped.
pub(crate) fn run(args: &[String]) -> Result<()> {
    crate::assets::run()?;
    let program = crate::build_program(false)?;
    crate::run(Command::new(program).current_dir(crate::root()).arg("demo").args(args))
}
