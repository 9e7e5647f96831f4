//! What is written is text, and comes back as it was.

use jiff::Timestamp;
use tomomori_sheet::export::{CellType, SheetOut, Typed, write_typed, write_xlsx};
use tomomori_sheet::{Limits, read};

fn sheet(name: &str, rows: &[&[&str]]) -> SheetOut {
    let rows = rows.iter().map(|row| row.iter().map(|&text| text.to_owned()).collect()).collect();
    SheetOut { name: name.to_owned(), header: vec!["名称".to_owned(), "備考".to_owned()], rows }
}

#[test]
fn formulas_of_users_stay_text_in_a_workbook() {
    let out = sheet("台帳", &[&["=HYPERLINK(\"http://evil\")", "+1"], &["@x", "00123"]]);
    let bytes = write_xlsx(&[out], Timestamp::UNIX_EPOCH).unwrap();
    let read = read(&bytes, "f.xlsx", &Limits::default()).unwrap().remove(0);
    let texts: Vec<_> = read.cells.iter().map(|cell| (&*cell.text, cell.number)).collect();
    let want = ["名称", "備考", "=HYPERLINK(\"http://evil\")", "+1", "@x", "00123"].map(|text| (text, false));
    assert_eq!(texts, want);
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&bytes)).unwrap();
    let xml = std::io::read_to_string(archive.by_name("xl/worksheets/sheet1.xml").unwrap()).unwrap();
    assert!(!xml.contains("<f>") && xml.contains("<autoFilter") && xml.contains("state=\"frozen\""), "{xml}");
}

#[test]
fn names_of_tabs_are_made_valid_and_different() {
    let long = "とても長い名前".repeat(9);
    let sheets = ["a/b", "A:b", "", &long, &long, "'x'"].map(|name| sheet(name, &[&["x", "y"]]));
    let bytes = write_xlsx(&sheets, Timestamp::UNIX_EPOCH).unwrap();
    let names: Vec<_> =
        read(&bytes, "f.xlsx", &Limits::default()).unwrap().into_iter().filter_map(|sheet| sheet.name).collect();
    assert_eq!(
        (names[0].as_str(), names[1].as_str(), names[2].as_str(), names[5].as_str()),
        ("a_b", "A_b (2)", "Sheet", "x")
    );
    assert!(names[4].ends_with(" (2)") && names.iter().all(|name| name.encode_utf16().count() <= 31), "{names:?}");
    assert!(write_xlsx(&[], Timestamp::UNIX_EPOCH).is_ok());
}

#[test]
fn the_same_moment_gives_the_same_bytes() {
    let out = [sheet("台帳", &[&["受付PC", "x"]])];
    let made: Timestamp = "2026-11-23T00:30:00Z".parse().unwrap();
    let bytes = write_xlsx(&out, made).unwrap();
    assert!(bytes == write_xlsx(&out, made).unwrap());
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&bytes)).unwrap();
    let core = std::io::read_to_string(archive.by_name("docProps/core.xml").unwrap()).unwrap();
    assert!(core.contains("2026-11-23T00:30:00Z"), "{core}");
}

#[test]
fn numbers_and_days_are_cells_of_their_kind_and_come_back_as_they_were() {
    let texts = [
        ("1200.5", "2027-03-31"),
        ("-7", "1900-03-01"),
        ("0.05", "9999-12-31"),
        ("123456789012345", "来年"),
        // What Excel would change, or is no number, stays a text.
        ("1234567890123456", "1900-02-28"),
        ("約80万円", "2027/3/31"),
        ("NaN", "1800-01-01"),
        ("007", ""),
    ];
    let rows: Vec<Vec<String>> = texts.iter().map(|(a, b)| vec![(*a).to_owned(), (*b).to_owned()]).collect();
    let out = SheetOut { name: "台帳".to_owned(), header: vec!["額".to_owned(), "日".to_owned()], rows };
    let typed = [(0, CellType::Number), (1, CellType::Day)].map(|(column, cells)| Typed { sheet: 0, column, cells });
    let bytes = write_typed(&[out], &typed, Timestamp::UNIX_EPOCH).unwrap();
    let read = read(&bytes, "f.xlsx", &Limits::default()).unwrap().remove(0);
    for (row, (number, day)) in (2..).zip(texts) {
        let cell = |column| read.cell(row, column).map_or("", |cell| &*cell.text);
        assert_eq!((cell(0), cell(1)), (number, day));
    }
    let numbers = (2..10).filter(|row| read.cell(*row, 0).unwrap().number).count();
    assert_eq!(numbers, 4);
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&bytes)).unwrap();
    let xml = std::io::read_to_string(archive.by_name("xl/worksheets/sheet1.xml").unwrap()).unwrap();
    assert!(xml.contains("<v>46477</v>"), "31 March 2027 is day 46477 of Excel: {xml}");
}
