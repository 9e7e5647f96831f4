//! Shared by the tests of this crate.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use tomomori_catalogue::{Builder, Catalogue, Component, Device, Stamp, Trust};

/// The folder with the large tables, or a line saying which test did not run.
pub(crate) fn known_answers(test: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("TOMOMORI_KNOWN_ANSWERS").map(PathBuf::from);
    if folder.is_none() {
        skipped(&format!("{test}: TOMOMORI_KNOWN_ANSWERS is not set"));
    }
    folder
}

/// Fixtures of the repository.
pub(crate) fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures")
}

/// A stamp that is the same in every run.
pub(crate) fn stamp() -> Stamp<'static> {
    Stamp { sequence: 1, built: jiff::Timestamp::UNIX_EPOCH, key: None }
}

/// Builds a catalogue in a temporary folder and opens it.
pub(crate) fn build(fill: impl FnOnce(&mut Builder)) -> (tempfile::TempDir, Catalogue) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.tmc");
    let mut builder = Builder::new();
    fill(&mut builder);
    builder.finish(&path, stamp()).unwrap();
    let catalogue = Catalogue::open(&path, Trust::Unsigned).unwrap();
    (folder, catalogue)
}

/// A device from CPE names separated by unquoted commas.
pub(crate) fn device(names: &str) -> Device<'_> {
    let mut quoted = false;
    let names = names.split(move |c: char| {
        let comma = c == ',' && !quoted;
        quoted = c == '\\' && !quoted;
        comma
    });
    let components = names.enumerate().map(|(key, name)| Component::from_cpe(key as u32, name).expect(name));
    Device { components: components.collect() }
}

/// The catalogue of the NVD 1.1 years in the large tables (without `recent`), built once for all tests of this run.
pub(crate) fn nvd(data: &Path) -> &'static Catalogue {
    static BUILT: OnceLock<(tempfile::TempDir, Catalogue)> = OnceLock::new();
    let (_, catalogue) = BUILT.get_or_init(|| {
        build(|builder| {
            let files = std::fs::read_dir(data.join("nvd")).unwrap();
            let mut files: Vec<_> = files.map(|entry| entry.unwrap().path()).collect();
            files.sort();
            for file in files {
                let name = file.file_name().unwrap().to_string_lossy().into_owned();
                if name.starts_with("nvdcve-1.1-") && !name.contains("recent") {
                    builder.add_path(&file).unwrap();
                }
            }
        })
    });
    catalogue
}

/// Says loudly that a test did not run. The test runner swallows what a passing test prints, so the line is also
/// appended to the file whose lines `cargo xtask test` prints at the end.
fn skipped(line: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "SKIPPED {line}");
    if let Some(path) = std::env::var_os("TOMOMORI_SKIPPED_FILE") {
        let file = std::fs::OpenOptions::new().create(true).append(true).open(path);
        file.and_then(|mut file| file.write_all(format!("{line}\n").as_bytes())).unwrap();
    }
}
