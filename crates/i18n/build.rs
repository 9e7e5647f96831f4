//! Fails the build when a text is missing: the two languages must have the same keys with the same variables, and
//! every key used in any source or template must exist.

#[path = "src/check.rs"]
mod check;

fn main() -> anyhow::Result<()> {
    let crates = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    println!("cargo:rerun-if-changed=locales");
    println!("cargo:rerun-if-changed=build.rs");
    for folder in check::source_folders(&crates)? {
        println!("cargo:rerun-if-changed={}", folder.display());
    }
    let found = check::problems(&crates)?;
    if !found.is_empty() {
        anyhow::bail!("texts are missing or differ:\n  {}", found.join("\n  "));
    }
    Ok(())
}
