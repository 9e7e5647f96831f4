//! `cargo xtask bench`: a big ledger from its file to the list and the pages, gaps of the role matrix, diagram layout,
//! catalogue build and match in a release build, with the bounds beside them.

use anyhow::{Result, bail};
use std::path::PathBuf;

/// Runs the benches on the big tables (`TOMOMORI_KNOWN_ANSWERS`, or the folder given as argument).
pub(crate) fn run(args: &[String]) -> Result<()> {
    crate::run(crate::cargo().args(["bench", "--package", "tomomori-domain", "--bench", "gaps"]))?;
    crate::run(crate::cargo().args(["bench", "--package", "tomomori-sheet", "--bench", "ledger"]))?;
    crate::run(crate::cargo().args(["bench", "--package", "tomomori-store", "--bench", "lists"]))?;
    crate::run(crate::cargo().args(["bench", "--package", "tomomori-diagram", "--bench", "layout"]))?;
    crate::run(crate::cargo().args(["bench", "--package", "tomomori-cli", "--bench", "pages"]))?;
    let data =
        args.first().map(PathBuf::from).or_else(|| std::env::var_os("TOMOMORI_KNOWN_ANSWERS").map(PathBuf::from));
    let Some(data) = data.filter(|folder| folder.join("nvd").is_dir()) else {
        bail!("name the folder that holds nvd/ and kat/: cargo xtask bench FOLDER (or set TOMOMORI_KNOWN_ANSWERS)");
    };
    let data = data.canonicalize()?;
    crate::run(
        crate::cargo()
            .args(["bench", "--package", "tomomori-catalogue", "--bench", "build_and_match"])
            .env("TOMOMORI_KNOWN_ANSWERS", data),
    )
}
