//! Text tables in the encodings and shapes offices write.

use encoding_rs::SHIFT_JIS;
use tomomori_sheet::{Limits, ReadError, Sheet, csv_text, guess};

fn read(bytes: &[u8]) -> Result<Sheet, ReadError> {
    csv_text::read(bytes, "納品.csv", &Limits::default()).map(|mut sheets| sheets.remove(0))
}

fn text(sheet: &Sheet, row: u32, column: u32) -> &str {
    sheet.cell(row, column).map_or("", |cell| &cell.text)
}

#[test]
fn encodings_are_recognised() {
    let table = "機器名,型番\r\n①受付ＰＣ㈱,髙﨑～\r\n";
    let cp932 = SHIFT_JIS.encode("機器名,型番\r\n①受付ＰＣ㈱,髙﨑～\r\n").0.into_owned();
    let utf16 = |order: fn(u16) -> [u8; 2]| table.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    for bytes in [
        table.as_bytes().to_vec(),
        [b"\xEF\xBB\xBF", table.as_bytes()].concat(),
        cp932,
        [b"\xFF\xFE".to_vec(), utf16(u16::to_le_bytes)].concat(),
        [b"\xFE\xFF".to_vec(), utf16(u16::to_be_bytes)].concat(),
    ] {
        let sheet = read(&bytes).unwrap();
        assert_eq!((text(&sheet, 1, 0), text(&sheet, 2, 1)), ("機器名", "髙﨑～"), "{:?}", &bytes[..4]);
        assert_eq!(sheet.problems, []);
    }
}

#[test]
fn a_byte_that_is_no_character_is_placed() {
    let mut cp932 = SHIFT_JIS.encode("名称,型番\r\n受付,").0.into_owned();
    cp932.extend([0x81, 0x20]);
    assert_eq!(read(&cp932), Err(ReadError::Encoding { line: 2, column: 4 }));
    // One bad byte in UTF-8 does not turn the file into CP932.
    assert_eq!(
        read(b"\xE5\x90\x8D\xE7\xA7\xB0\xE5\x9E\x8B,b\nx\xFFy"),
        Err(ReadError::Encoding { line: 2, column: 2 })
    );
}

#[test]
fn delimiters_are_found() {
    for (table, columns) in [
        ("a,b;c,d\n1,2;3,4\n", 3),
        ("a\tb,c\td\n1\t2\t3\n4\t5\t6\n", 3),
        ("a;b;c\n1,5;2;3\n1;2;3\n", 3),
        ("\"a,b\";\"c\"\n\"1,2\";\"3\"\n", 2),
        ("a\nb\n", 1),
    ] {
        let sheet = read(table.as_bytes()).unwrap();
        assert_eq!(sheet.row(1).len(), columns, "{table}");
    }
}

#[test]
fn quotes_lines_and_blank_lines_keep_their_place() {
    let sheet = read("a,b\n\n\"x \"\"y\"\"\nz\",2\r\n3,4\n".as_bytes()).unwrap();
    assert_eq!(text(&sheet, 3, 0), "x \"y\"\nz");
    assert_eq!(text(&sheet, 4, 1), "4");
    let place = sheet.place(&"f.csv".into(), 4, 1);
    assert_eq!((place.cell.as_deref(), place.line), (Some("B4"), Some(5)));
}

#[test]
fn an_unbalanced_quote_names_its_line() {
    assert_eq!(read(b"a,b\n1,2\n\"3,4\n5,6\n"), Err(ReadError::Quote { line: 3 }));
    assert_eq!(read(b"a,b\n1,\"x\"y\n"), Err(ReadError::Quote { line: 2 }));
}

#[test]
fn ragged_rows_are_kept_and_named() {
    let sheet = read("機器一覧\na,b,c\n1,2,3\n4,5\n6,7,8,9\n\n1,2,3\n".as_bytes()).unwrap();
    assert_eq!(text(&sheet, 5, 3), "9");
    let lines: Vec<_> = sheet.problems.iter().map(|problem| (problem.msg.key.as_str(), problem.place.line)).collect();
    assert_eq!(lines, [("sheet-ragged-row", Some(4)), ("sheet-ragged-row", Some(5))]);
}

#[test]
fn nul_bytes_are_removed_and_said() {
    let sheet = read("機器名,型番,メーカー,設置場所,IPアドレス\n受\0付,x,y,z,10.0.0.1\n".as_bytes()).unwrap();
    assert_eq!(text(&sheet, 2, 0), "受付");
    assert_eq!(sheet.problems.len(), 1);
    assert_eq!((sheet.problems[0].msg.key.as_str(), sheet.problems[0].place.line), ("sheet-nul-removed", Some(2)));
    assert_eq!(read(b"a\0,\0b\0\n\0"), Err(ReadError::NotATable));
}

#[test]
fn an_arp_list_without_header_is_understood() {
    let sheet = read(b"10.0.0.1\t00-1a-2b-3c-4d-5e\tdynamic\n10.0.0.2\t00-1a-2b-3c-4d-5f\tdynamic\n").unwrap();
    let guess = guess::mapping(&sheet);
    assert_eq!(guess.mapping.header_row, 0);
    let fields: Vec<_> = guess.mapping.columns.iter().map(|column| column.field.map(|field| field.key())).collect();
    assert_eq!(fields, [Some("address"), Some("mac"), None]);
}
