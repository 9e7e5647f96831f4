//! Whatever the bytes are.

use crate::build::{guarded_csv, inline_rows, sheet_xml, workbook};
use proptest::prelude::*;
use tomomori_domain::import::{ColumnMapping, Field, Mapping, TableKind};
use tomomori_domain::resource::Grade;
use tomomori_sheet::{Limits, apply, column_letters, csv_text, guess, read};

/// Reads, guesses and applies; the outcome does not matter, only that there is one.
fn whole_way(bytes: &[u8]) {
    let Ok(sheets) = read(bytes, "f", &Limits::default()) else { return };
    for sheet in &sheets {
        let guess = guess::mapping(sheet);
        assert_eq!(guess.mapping.table.is_none(), guess.reason.is_some());
        let table = apply::table(sheet, &guess.mapping, Grade::Declared, "f");
        assert_eq!(table.is_none(), guess.mapping.table.is_none());
    }
}

/// Text that likes to be special.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        "[=+@'\",;\t\r\n a-b機-]{0,6}",
        "\\PC{0,8}",
        Just("〃".to_owned()),
        Just("10.0.0.1".to_owned()),
        Just("令和8年11月24日".to_owned()),
    ]
}

fn grid() -> impl Strategy<Value = Vec<Vec<String>>> {
    prop::collection::vec(prop::collection::vec(cell(), 1..5), 1..8)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        whole_way(&bytes);
        whole_way(&[b"PK\x03\x04", bytes.as_slice()].concat());
        whole_way(&[b"\xFF\xFE", bytes.as_slice()].concat());
    }

    #[test]
    fn a_workbook_with_changed_bytes_never_panics(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let rows = inline_rows(&[&["機器名", "IPアドレス"], &["受付PC", "10.0.0.1"]]);
        let mut bytes = workbook(&sheet_xml(&rows, ""), &[]);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        whole_way(&bytes);
    }

    #[test]
    fn a_sheet_with_changed_xml_never_panics(changes in prop::collection::vec((any::<prop::sample::Index>(), "[A-Z0-9<>/=\" +]"), 1..6)) {
        let rows = r##"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="n" s="1"><v>1.5</v></c><c r="C1" t="e"><v>#N/A</v></c></row>"##;
        let mut xml: Vec<u8> = sheet_xml(rows, r#"<mergeCells><mergeCell ref="A1:B2"/></mergeCells>"#).into_bytes();
        for (at, text) in changes {
            let at = at.index(xml.len());
            xml[at] = text.as_bytes()[0];
        }
        whole_way(&workbook(&String::from_utf8(xml).unwrap(), &[]));
    }

    #[test]
    fn guarded_csv_comes_back_as_it_was_written(all in grid()) {
        let bytes = guarded_csv(&all);
        match csv_text::read(&bytes, "f.csv", &Limits::default()) {
            Ok(sheets) => {
                for (row, cells) in (1..).zip(&all) {
                    for (column, text) in (0..).zip(cells) {
                        let read = sheets[0].cell(row, column).map_or("", |cell| &cell.text);
                        let want = if text.trim().is_empty() { "" } else { text.as_str() };
                        prop_assert_eq!(read, want);
                    }
                }
                prop_assert_eq!(sheets[0].lines.len(), all.len());
            }
            Err(error) => {
                prop_assert_eq!(error, tomomori_sheet::ReadError::Empty);
                prop_assert!(all.iter().flatten().all(|text| text.trim().is_empty()));
            }
        }
    }

    #[test]
    fn any_mapping_can_be_applied(
        rows in grid(),
        fields in prop::collection::vec(prop::option::of(prop::sample::select(Field::ALL)), 1..6),
        kind in prop::sample::select(TableKind::ALL),
        header_row in 0_u32..12,
    ) {
        let rows: Vec<_> = std::iter::once(vec!["x".to_owned()]).chain(rows).collect();
        let bytes = guarded_csv(&rows);
        let sheet = csv_text::read(&bytes, "f.csv", &Limits::default()).unwrap().remove(0);
        let columns = (0..).zip(fields).map(|(index, field)| ColumnMapping {
            column: column_letters(index),
            header: String::new(),
            field,
            score: 100,
            samples: Vec::new(),
        });
        let mapping = Mapping { sheet: None, table: Some(kind), header_row, columns: columns.collect() };
        let table = apply::table(&sheet, &mapping, Grade::Declared, "f.csv").unwrap();
        for value in table.rows.iter().flat_map(|row| &row.values) {
            prop_assert!(!value.text.is_empty());
            prop_assert!(value.place.cell.is_some());
        }
        for problem in &table.problems {
            prop_assert!(problem.msg.key.starts_with("sheet-"));
        }
    }
}
