//! What Excel stores and what a person sees.

use crate::build::{WORKBOOK, sheet_xml, workbook};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use tomomori_sheet::{Limits, Sheet, read};

fn first(bytes: &[u8]) -> Sheet {
    read(bytes, "台帳.xlsx", &Limits::default()).unwrap().remove(0)
}

fn texts(sheet: &Sheet) -> Vec<&str> {
    sheet.cells.iter().map(|cell| &*cell.text).collect()
}

fn keys(sheet: &Sheet) -> Vec<(&str, Option<&str>)> {
    sheet.problems.iter().map(|problem| (problem.msg.key.as_str(), problem.place.cell.as_deref())).collect()
}

#[test]
fn numbers_dates_and_truth_values_read_as_shown() {
    let mut book = Workbook::new();
    let tab = book.add_worksheet();
    let wareki = Format::new().set_num_format("[$-411]ggge\"年\"m\"月\"d\"日\"");
    let day = ExcelDateTime::from_ymd(2026, 11, 24).unwrap();
    let moment = ExcelDateTime::parse_from_str("2026-11-24 10:30").unwrap();
    let time = ExcelDateTime::parse_from_str("08:30").unwrap();
    tab.write(0, 0, 42.0).unwrap();
    tab.write(0, 1, 0.1 + 0.2).unwrap();
    tab.write(0, 2, 123_456_789_012_345_f64).unwrap();
    tab.write_datetime_with_format(0, 3, &day, &wareki).unwrap();
    tab.write_datetime_with_format(0, 4, &moment, &Format::new().set_num_format("yyyy/mm/dd hh:mm")).unwrap();
    tab.write_datetime_with_format(0, 5, &time, &Format::new().set_num_format("h:mm")).unwrap();
    tab.write(0, 6, true).unwrap();
    tab.write_with_format(0, 7, 46_350, &Format::new().set_num_format_index(31)).unwrap();
    let sheet = first(&book.save_to_buffer().unwrap());
    let want = ["42", "0.3", "123456789012345", "2026-11-24", "2026-11-24 10:30", "08:30", "true", "2026-11-24"];
    assert_eq!(texts(&sheet), want);
    assert!(sheet.cells[0].number && !sheet.cells[3].number);
}

#[test]
fn the_calendar_of_1904_is_honoured() {
    let mac = WORKBOOK.replace("<sheets>", r#"<workbookPr date1904="1"/><sheets>"#);
    let styles = r#"<?xml version="1.0"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#;
    let rows = r#"<row r="1"><c r="A1" s="1"><v>44888</v></c></row>"#;
    let bytes = workbook(&sheet_xml(rows, ""), &[("xl/workbook.xml", &mac), ("xl/styles.xml", styles)]);
    assert_eq!(texts(&first(&bytes)), ["2026-11-24"]);
    let bytes = workbook(&sheet_xml(rows, ""), &[("xl/styles.xml", styles)]);
    assert_eq!(texts(&first(&bytes)), ["2022-11-23"]);
}

#[test]
fn formulas_count_with_their_value_or_are_named() {
    let mut book = Workbook::new();
    let tab = book.add_worksheet();
    tab.write_formula(0, 0, Formula::new("=1+1").set_result("2")).unwrap();
    tab.write_formula(1, 0, Formula::new("=VLOOKUP(1,B:C,2)").set_result("#N/A")).unwrap();
    let sheet = first(&book.save_to_buffer().unwrap());
    assert_eq!(sheet.cell(1, 0).map(|cell| &*cell.text), Some("2"));
    let rows = r##"<row r="1"><c r="A1" t="str"><f>A2</f><v>x</v></c></row><row r="2"><c r="B2" t="e"><f>A9</f><v>#REF!</v></c><c r="C2"><f>A9</f></c></row>"##;
    let sheet = first(&workbook(&sheet_xml(rows, ""), &[]));
    assert_eq!(texts(&sheet), ["x"]);
    assert_eq!(keys(&sheet), [("sheet-cell-error", Some("B2")), ("sheet-cell-uncalculated", Some("C2"))]);
    assert_eq!(sheet.problems[0].msg.args["value"], "#REF!");
}

#[test]
fn hidden_things_and_macros_are_read_and_said() {
    let mut book = Workbook::new();
    let tab = book.add_worksheet();
    tab.write(0, 0, "a").unwrap();
    tab.write(1, 0, "hidden row").unwrap();
    tab.write(0, 1, "hidden column").unwrap();
    tab.set_row_hidden(1).unwrap();
    tab.set_column_hidden(1).unwrap();
    let second = book.add_worksheet();
    second.write(0, 0, "b").unwrap();
    second.set_hidden(true);
    let sheets = read(&book.save_to_buffer().unwrap(), "台帳.xlsx", &Limits::default()).unwrap();
    assert_eq!(texts(&sheets[0]), ["a", "hidden column", "hidden row"]);
    assert_eq!(keys(&sheets[0]), [("sheet-hidden-rows", None), ("sheet-hidden-columns", None)]);
    assert_eq!(keys(&sheets[1]), [("sheet-hidden-sheet", None)]);
    let rows = r#"<row r="1"><c r="A1"><v>1</v></c></row>"#;
    let sheet = first(&workbook(&sheet_xml(rows, ""), &[("xl/vbaProject.bin", "macro")]));
    assert_eq!(keys(&sheet), [("sheet-macros-ignored", None)]);
}

#[test]
fn cells_out_of_order_are_sorted() {
    let rows =
        r#"<row r="2"><c r="B2"><v>4</v></c><c r="A2"><v>3</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>"#;
    assert_eq!(texts(&first(&workbook(&sheet_xml(rows, ""), &[]))), ["1", "3", "4"]);
}

#[test]
fn furigana_is_not_part_of_the_text() {
    let strings = r#"<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>受付</t><rPh sb="0" eb="2"><t>ウケツケ</t></rPh></si></sst>"#;
    let rows = r#"<row r="1"><c r="A1" t="s"><v>0</v></c></row>"#;
    assert_eq!(texts(&first(&workbook(&sheet_xml(rows, ""), &[("xl/sharedStrings.xml", strings)]))), ["受付"]);
}
