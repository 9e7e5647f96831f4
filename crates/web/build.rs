//! The assets are built by `cargo xtask assets`, never committed. Without them the crate still compiles (the folder must
//! exist for embedding), and a warning says what to run.

fn main() {
    let assets = std::path::Path::new("assets");
    println!("cargo:rerun-if-changed=assets");
    if let Err(error) = std::fs::create_dir_all(assets) {
        println!("cargo:warning=cannot create crates/web/assets: {error}");
    }
    if !assets.join("manifest.json").exists() {
        println!("cargo:warning=scripts and styles are not built yet: run `cargo xtask assets`");
    }
}
