//! Real workbooks, where the big data folder is at hand.

use std::path::PathBuf;
use tomomori_sheet::{Limits, guess, read};

#[test]
fn the_mds2_example_worksheet_is_read() {
    let Some(data) = std::env::var_os("TOMOMORI_KNOWN_ANSWERS") else {
        skipped("the_mds2_example_worksheet_is_read: TOMOMORI_KNOWN_ANSWERS is not set");
        return;
    };
    let path = PathBuf::from(data).join("mds2/Example-MDS2-Worksheet-HN1-2019.xlsx");
    let bytes = std::fs::read(&path).unwrap();
    let sheets = read(&bytes, "MDS2.xlsx", &Limits::default()).unwrap();
    for sheet in &sheets {
        println!(
            "{:?}: {} cells, {} rows, {} problems",
            sheet.name,
            sheet.cells.len(),
            sheet.rows().count(),
            sheet.problems.len()
        );
    }
    let answers = sheets.iter().map(|sheet| sheet.rows().count()).max().unwrap();
    assert_eq!(answers, 299);
    assert!(sheets.iter().flat_map(|sheet| &sheet.cells).any(|cell| cell.text.contains("MDS2")));
    // A form is no ledger: it is left out, not taken for devices.
    assert!(sheets.iter().all(|sheet| guess::mapping(sheet).mapping.table.is_none()));
}

/// Says loudly that a test did not run. The test runner swallows what a passing test prints, so the line is also
/// appended to the file whose lines `cargo xtask test` prints at the end.
pub(crate) fn skipped(line: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "SKIPPED {line}");
    if let Some(path) = std::env::var_os("TOMOMORI_SKIPPED_FILE") {
        let file = std::fs::OpenOptions::new().create(true).append(true).open(path);
        file.and_then(|mut file| file.write_all(format!("{line}\n").as_bytes())).unwrap();
    }
}
