//! The fonts are brought by `cargo xtask assets`, never committed. Without them the crate still compiles, a warning says
//! what to run, and every paper is answered with `ReportError::NoFonts`.

use std::fmt::Write;
use std::path::{Path, PathBuf};

const FONTS: [&str; 2] = ["BIZUDPGothic_400Regular.ttf", "BIZUDPGothic_700Bold.ttf"];
const LICENCE: &str = "OFL.txt";

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=fonts");
    let folder = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("fonts");
    // The folder must exist, otherwise cargo would run this script at every build.
    if let Err(error) = std::fs::create_dir_all(&folder) {
        println!("cargo:warning=cannot create crates/report/fonts: {error}");
    }
    let complete = FONTS.iter().chain([&LICENCE]).all(|name| folder.join(name).is_file());
    if !complete {
        println!("cargo:warning=the fonts for PDF are not here yet: run `cargo xtask assets`");
    }
    let out = Path::new(&std::env::var_os("OUT_DIR").unwrap_or_default()).join("fonts.rs");
    if let Err(error) = std::fs::write(&out, source(&folder, complete)) {
        println!("cargo:warning=cannot write {}: {error}", out.display());
    }
}

/// `{:?}` of a path is a valid Rust string, on Windows too.
fn source(folder: &Path, complete: bool) -> String {
    let mut text = String::from("const FILES: &[&[u8]] = &[");
    if complete {
        for name in FONTS {
            let _ = write!(text, "include_bytes!({:?}), ", folder.join(name));
        }
    }
    text.push_str("];\nconst LICENCE: Option<&str> = ");
    if complete {
        let _ = write!(text, "Some(include_str!({:?}))", folder.join(LICENCE));
    } else {
        text.push_str("None");
    }
    text.push_str(";\n");
    text
}
