//! Files that are broken, or made to break the reader.

use crate::build::{CONTENT_TYPES, compound, inline_rows, sheet_xml, workbook, zip};
use std::time::Instant;
use tomomori_sheet::{Limit, Limits, ReadError, guess, read};

fn read_default(bytes: &[u8]) -> Result<Vec<tomomori_sheet::Sheet>, ReadError> {
    read(bytes, "台帳.xlsx", &Limits::default())
}

fn good() -> Vec<u8> {
    workbook(&sheet_xml(&inline_rows(&[&["機器名", "IPアドレス"], &["受付PC", "10.0.0.1"]]), ""), &[])
}

#[test]
fn the_hand_made_workbook_is_sound() {
    let sheets = read_default(&good()).unwrap();
    assert_eq!(sheets.len(), 1);
    assert_eq!(sheets[0].name.as_deref(), Some("台帳"));
    assert_eq!(sheets[0].cell(2, 1).map(|cell| &*cell.text), Some("10.0.0.1"));
}

#[test]
fn two_cells_at_the_far_corners_cost_nothing() {
    let rows = r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>"#;
    let bytes = workbook(&sheet_xml(rows, ""), &[]);
    assert!(bytes.len() < 2048, "{} bytes", bytes.len());
    let started = Instant::now();
    let sheets = read_default(&bytes).unwrap();
    assert_eq!(sheets[0].cells.len(), 2);
    assert_eq!(sheets[0].place(&"f".into(), 1_048_576, 16_383).cell.as_deref(), Some("XFD1048576"));
    assert!(guess::mapping(&sheets[0]).mapping.table.is_none());
    // A dense range would take 17 billion cells: minutes and memory, where this takes milliseconds.
    assert!(started.elapsed().as_secs() < 2);
}

#[test]
fn a_merge_over_the_whole_sheet_costs_nothing() {
    let rows = inline_rows(&[&["機器名", "IPアドレス"], &["受付PC", "10.0.0.1"]]);
    let bytes = workbook(&sheet_xml(&rows, r#"<mergeCells><mergeCell ref="C3:XFD1048576"/></mergeCells>"#), &[]);
    let started = Instant::now();
    let sheets = read_default(&bytes).unwrap();
    let guess = guess::mapping(&sheets[0]);
    assert!(guess.mapping.table.is_some());
    assert!(started.elapsed().as_secs() < 2);
}

#[test]
fn a_bomb_stops_at_the_limit() {
    let limits = Limits { part_bytes: 1 << 20, inflated_bytes: 2 << 20, ..Limits::default() };
    let spaces = " ".repeat(3 << 20);
    let bytes = workbook(&sheet_xml(&spaces, ""), &[]);
    assert!(bytes.len() < 10_000);
    let error = read(&bytes, "b.xlsx", &limits).unwrap_err();
    assert!(matches!(error, ReadError::TooMuch { limit: Limit::InflatedBytes, .. }), "{error}");
    // Parts nobody reads count as well, and so does the sum of parts that are small enough each.
    let half = " ".repeat(900 << 10);
    let many = [("xl/media/a", half.as_str()), ("xl/media/b", half.as_str()), ("xl/media/c", half.as_str())];
    let error = read(&workbook(&sheet_xml("", ""), &many), "b.xlsx", &limits).unwrap_err();
    assert!(matches!(error, ReadError::TooMuch { limit: Limit::InflatedBytes, .. }), "{error}");
}

#[test]
fn a_stated_count_of_strings_reserves_nothing() {
    let strings = r#"<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="9" uniqueCount="99999999999999"><si><t>a</t></si></sst>"#;
    let bytes = workbook(&sheet_xml("", ""), &[("xl/sharedStrings.xml", strings)]);
    let error = read_default(&bytes).unwrap_err();
    assert!(matches!(error, ReadError::TooMuch { limit: Limit::SharedStrings, .. }), "{error}");
}

#[test]
fn one_long_string_in_a_million_cells_is_stopped() {
    let long = "あ".repeat(30_000);
    let strings = format!(
        r#"<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{long}</t></si></sst>"#
    );
    let cells: String =
        (1..=2_000).map(|row| format!(r#"<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>"#)).collect();
    let bytes = workbook(&sheet_xml(&cells, ""), &[("xl/sharedStrings.xml", &strings)]);
    let limits = Limits { text_bytes: 10 << 20, ..Limits::default() };
    let error = read(&bytes, "b.xlsx", &limits).unwrap_err();
    assert!(matches!(error, ReadError::TooMuch { limit: Limit::TextBytes, .. }), "{error}");
}

#[test]
fn limits_on_cells_rows_and_columns_hold() {
    let bytes = good();
    for (limits, want) in [
        (Limits { cells: 3, ..Limits::default() }, Limit::Cells),
        (Limits { rows: 1, ..Limits::default() }, Limit::Rows),
        (Limits { columns: 1, ..Limits::default() }, Limit::Columns),
        (Limits { file_bytes: 100, ..Limits::default() }, Limit::FileBytes),
    ] {
        match read(&bytes, "b.xlsx", &limits) {
            Err(ReadError::TooMuch { limit, .. }) => assert_eq!(limit, want),
            other => panic!("{want:?}: {other:?}"),
        }
    }
}

#[test]
fn wrong_formats_are_named() {
    assert_eq!(read_default(&compound("EncryptedPackage")), Err(ReadError::Protected));
    assert_eq!(read_default(&compound("Workbook")), Err(ReadError::OldExcel));
    assert_eq!(read_default(&compound("WordDocument")), Err(ReadError::NotATable));
    let part = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
    let xlsb = zip(&[part("[Content_Types].xml", CONTENT_TYPES), part("xl/workbook.bin", "x")]);
    assert_eq!(read_default(&xlsb), Err(ReadError::BinaryExcel));
    let ods = zip(&[part("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), part("content.xml", "<x/>")]);
    assert_eq!(read_default(&ods), Err(ReadError::OpenDocument));
    assert_eq!(read_default(&zip(&[part("word/document.xml", "<x/>")])), Err(ReadError::NotATable));
    assert_eq!(read_default(b""), Err(ReadError::Empty));
    assert_eq!(read_default(&[0x89, b'P', b'N', b'G', 0, 0, 0, 13, 0, 0]), Err(ReadError::NotATable));
}

#[test]
fn missing_parts_are_named() {
    for missing in ["[Content_Types].xml", "_rels/.rels", "xl/_rels/workbook.xml.rels", "xl/workbook.xml"] {
        let error = read_default(&workbook(&sheet_xml("", ""), &[(missing, "")])).unwrap_err();
        assert_eq!(error, ReadError::MissingPart { part: missing.to_lowercase() });
    }
    let error = read_default(&workbook("", &[("xl/worksheets/sheet1.xml", "")])).unwrap_err();
    assert!(matches!(error, ReadError::MissingPart { .. }), "{error}");
}

#[test]
fn a_file_cut_anywhere_is_an_error() {
    let bytes = good();
    for length in 4..bytes.len() {
        let error = read_default(&bytes[..length]).expect_err("a cut file was read");
        assert!(matches!(error, ReadError::Truncated | ReadError::Damaged { .. }), "{length}: {error}");
    }
}

#[test]
fn references_outside_the_sheet_are_damage() {
    for cell in ["AAAAAAAAAAAA1", "A99999999999", "XFE1", "A0", "1", "A1048577"] {
        let bytes = workbook(&sheet_xml(&format!(r#"<row r="1"><c r="{cell}"><v>1</v></c></row>"#), ""), &[]);
        let error = read_default(&bytes).unwrap_err();
        assert!(matches!(error, ReadError::Damaged { .. }), "{cell}: {error}");
    }
    let bytes = workbook(&sheet_xml("", "").replace("<sheetData>", r#"<dimension ref="B2:A1"/><sheetData>"#), &[]);
    assert!(matches!(read_default(&bytes), Err(ReadError::Damaged { .. })));
}

#[test]
fn entities_are_not_expanded() {
    let sheet = sheet_xml(&inline_rows(&[&["&lol;", "b"]]), "");
    let doctype = r#"<!DOCTYPE x [<!ENTITY lol SYSTEM "file:///etc/passwd">]><worksheet"#;
    let bytes = workbook(&sheet.replacen("<worksheet", doctype, 1), &[]);
    match read_default(&bytes) {
        Err(ReadError::Damaged { .. }) => {}
        Ok(sheets) => assert!(sheets[0].cells.iter().all(|cell| !cell.text.contains("root"))),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn every_error_says_something_with_its_place() {
    let problem = ReadError::Quote { line: 7 }.problem("機器.csv");
    assert_eq!(problem.place.to_string(), "機器.csv:7");
    assert_eq!(problem.msg.key, "sheet-file-quote");
    let error = ReadError::TooMuch { limit: Limit::Cells, allowed: 6_000_000, place: "台帳".into() };
    assert_eq!(error.msg().args["limit"], "6,000,000");
}
