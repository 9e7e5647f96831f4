//! Export, then import: the same columns and the same values, in both languages.

use jiff::Timestamp;
use jiff::civil::Date;
use proptest::prelude::*;
use std::collections::BTreeMap;
use tomomori_domain::import::{Field, Mapping, Table, TableKind};
use tomomori_domain::resource::{Criticality, Grade, PurchaseForm, ResourceKind, ResourceState, ZoneKind};
use tomomori_domain::{Msg, text};
use tomomori_i18n::{Lang, tr};
use tomomori_sheet::export::{SheetOut, custom_header, write_xlsx};
use tomomori_sheet::{Limits, apply, guess, read};

/// Names of the hospital's own columns in the test.
const OWN: [&str; 2] = ["鍵の番号", "=契約/担当: 者"];

fn label(lang: Lang, prefix: &str, key: &str) -> String {
    tr(lang, &Msg { key: format!("{prefix}-{}", key.replace('_', "-")), args: BTreeMap::new() })
}

/// A column of the file: what it is and what it is called.
struct Column {
    field: Field,
    own: Option<&'static str>,
    header: String,
}

fn columns(kind: TableKind, lang: Lang) -> Vec<Column> {
    let mut columns = Vec::new();
    for field in guess::fields(kind) {
        let name = label(lang, "field", field.key());
        if field == Field::Custom {
            columns.extend(OWN.map(|own| Column { field, own: Some(own), header: custom_header(&name, own) }));
        } else {
            columns.push(Column { field, own: None, header: name });
        }
    }
    columns
}

fn again(kind: TableKind, columns: &[Column], rows: &[Vec<String>]) -> (Mapping, Table) {
    let header = columns.iter().map(|column| column.header.clone()).collect();
    let out = SheetOut { name: "一覧".to_owned(), header, rows: rows.to_vec() };
    let bytes = write_xlsx(&[out], Timestamp::UNIX_EPOCH).unwrap();
    let sheet = read(&bytes, "f.xlsx", &Limits::default()).unwrap().remove(0);
    assert_eq!(sheet.problems, []);
    assert!(sheet.cells.iter().all(|cell| !cell.number), "everything is text");
    let mapping = guess::mapping(&sheet).mapping;
    assert_eq!((mapping.table, mapping.header_row), (Some(kind), 1), "{kind:?}");
    for (mapped, column) in mapping.columns.iter().zip(columns) {
        assert_eq!((mapped.field, mapped.score), (Some(column.field), 100), "{kind:?} {}", column.header);
    }
    let table = apply::table(&sheet, &mapping, Grade::Declared, "f.xlsx").unwrap();
    (mapping, table)
}

/// Text as a ledger holds it: tidy, and no word that stands for a blank.
fn tidy_text() -> impl Strategy<Value = String> {
    let special = prop::sample::select(vec![
        "00123",
        "007",
        "2026/4/1",
        "4-1",
        "1E5",
        "1.10",
        "TRUE",
        "#N/A",
        "=1+1",
        "+81-3-0000",
        "-5",
        "@SUM(A1)",
        "_x0041_",
        "'quoted",
        "\"q\" x",
        "😀 絵文字",
        "髙﨑①",
        "ﾊﾝｶｸ",
        "ＡＢＣ　全角",
        "a;b",
        "<b>&amp;</b>",
        "10.0.0.300",
        "a/b",
        "長".repeat(200).leak(),
    ]);
    let any = prop_oneof![special.prop_map(str::to_owned), "[=+@'\",:a-b機 0-9-]{1,12}", "\\PC{1,12}"];
    any.prop_map(|raw| {
        let tidied = text::tidy(&raw);
        if tidied.chars().count() < 4 { format!("{tidied}kk{tidied}k") } else { tidied }
    })
    .prop_map(|text| text::tidy(&text))
}

fn date() -> impl Strategy<Value = Date> {
    (1930_i16..2100, 1_i8..=12, 1_i8..=28).prop_map(|(year, month, day)| Date::constant(year, month, day))
}

/// What the ledger holds, and what the file shows of it.
type Held = (Vec<String>, String);

fn list(items: impl Strategy<Value = String> + 'static, glue: &'static str) -> BoxedStrategy<Held> {
    let items = prop::collection::vec(items, 1..4).prop_map(|mut items| {
        let mut seen = std::collections::HashSet::new();
        items.retain(|item| seen.insert(item.clone()));
        items
    });
    items
        .prop_map(move |items| {
            let shown = items.join(glue);
            (items, shown)
        })
        .boxed()
}

fn keyed(keys: Vec<&'static str>, prefix: &'static str, lang: Lang) -> BoxedStrategy<Held> {
    let keys = keys.into_iter().filter(|key| *key != "unknown").collect::<Vec<_>>();
    prop::sample::select(keys).prop_map(move |key| (vec![key.to_owned()], label(lang, prefix, key))).boxed()
}

fn held(kind: TableKind, field: Field, lang: Lang) -> BoxedStrategy<Held> {
    let same = |text: String| (vec![text.clone()], text);
    match (kind, field) {
        (TableKind::Resources, Field::Kind) => keyed(ResourceKind::ALL.iter().map(|k| k.key()).collect(), "kind", lang),
        (TableKind::Zones, Field::Kind) => keyed(ZoneKind::ALL.iter().map(|k| k.key()).collect(), "zone-kind", lang),
        (_, Field::Purchase) => keyed(PurchaseForm::ALL.iter().map(|k| k.key()).collect(), "purchase", lang),
        (_, Field::State) => keyed(ResourceState::ALL.iter().map(|k| k.key()).collect(), "state", lang),
        (_, Field::Criticality) => keyed(Criticality::ALL.iter().map(|k| k.key()).collect(), "criticality", lang),
        (_, Field::AlwaysOn | Field::SourceLimited | Field::RemoteMaintenance | Field::Medical) => {
            prop::sample::select(vec![
                ("true", "はい"),
                ("false", "いいえ"),
                ("true", "yes"),
                ("false", "no"),
                ("true", "true"),
            ])
            .prop_map(|(key, shown)| (vec![key.to_owned()], shown.to_owned()))
            .boxed()
        }
        (_, Field::StartsOn | Field::EndsOn | Field::EndOfLife | Field::StocktakenOn | Field::SeenOn) => {
            date().prop_map(move |date| same(date.to_string())).boxed()
        }
        (_, Field::BilledOn) => date().prop_map(move |date| same(date.first_of_month().to_string())).boxed(),
        (_, Field::Address) => list((1_u32..0xDFFF_FFFF).prop_map(|ip| std::net::Ipv4Addr::from(ip).to_string()), " "),
        (_, Field::Mac) => list(
            any::<[u8; 5]>()
                .prop_map(|b| format!("02:{:02x}:{:02x}:{:02x}:{:02x}:{:02x}", b[0], b[1], b[2], b[3], b[4])),
            " ",
        ),
        (_, Field::Range) => list((1_u8..=223, any::<u8>()).prop_map(|(a, b)| format!("{a}.{b}.0.0/16")), " "),
        (_, Field::Kb) => list((1_000_000_u32..9_999_999).prop_map(|number| format!("KB{number}")), "; "),
        (_, Field::Software | Field::Needs) => list(tidy_text().prop_map(|text| text.replace([';', '、'], "k")), "; "),
        (_, Field::Quantity) => (1_u32..=10_000).prop_map(move |number| same(number.to_string())).boxed(),
        (_, Field::Hostname) => "[a-z][a-z0-9-]{3,12}(\\.[a-z]{2,5})?".prop_map(same).boxed(),
        (_, Field::Note | Field::Custom) => {
            prop::collection::vec(tidy_text(), 1..3).prop_map(move |lines| same(lines.join("\n"))).boxed()
        }
        _ => tidy_text().prop_map(same).boxed(),
    }
}

fn rows(kind: TableKind, lang: Lang) -> BoxedStrategy<Vec<Vec<Held>>> {
    // The ledger's rows have blanks wherever nothing is known; the key of the row is always there.
    let cell = |column: &Column| match held(kind, column.field, lang) {
        value if kind != TableKind::Resources || column.field == Field::ResourceId => value,
        value => prop_oneof![4 => value, 1 => Just((Vec::new(), String::new()))].boxed(),
    };
    let row: Vec<BoxedStrategy<Held>> = columns(kind, lang).iter().map(cell).collect();
    prop::collection::vec(row, 1..4).boxed()
}

fn case() -> impl Strategy<Value = (TableKind, Lang, Vec<Vec<Held>>)> {
    (prop::sample::select(TableKind::ALL), prop::sample::select(vec![Lang::Ja, Lang::En]))
        .prop_flat_map(|(kind, lang)| (Just(kind), Just(lang), rows(kind, lang)))
}

#[test]
fn every_field_of_every_table_is_known_by_its_own_name() {
    for lang in [Lang::Ja, Lang::En] {
        for &kind in TableKind::ALL {
            let columns = columns(kind, lang);
            again(kind, &columns, &[vec!["x".to_owned(); columns.len()]]);
        }
    }
    assert!(guess::fields(TableKind::Resources).contains(&Field::ResourceId));
}

#[test]
fn blank_cells_of_an_export_are_text_cells_too() {
    let out =
        SheetOut {
            name: "台帳".to_owned(), header: vec!["製造番号".to_owned()], rows: vec![vec![String::new()]]
        };
    let bytes = write_xlsx(&[out], Timestamp::UNIX_EPOCH).unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&bytes)).unwrap();
    let xml = std::io::read_to_string(archive.by_name("xl/worksheets/sheet1.xml").unwrap()).unwrap();
    // What a person types into a blank cell stays as typed: 00123 and 4-1 are not turned into numbers and dates.
    assert!(xml.contains("<col min=\"1\" max=\"1\"") && xml.contains("style="), "{xml}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_was_exported_comes_back((kind, lang, rows) in case()) {
        let columns = columns(kind, lang);
        let shown: Vec<Vec<String>> =
            rows.iter().map(|row| row.iter().map(|(_, shown)| shown.clone()).collect()).collect();
        let (_, table) = again(kind, &columns, &shown);
        prop_assert_eq!(&table.problems, &[]);
        prop_assert_eq!(table.rows.len(), rows.len());
        for (read, written) in table.rows.iter().zip(&rows) {
            for (column, (held, _)) in columns.iter().zip(written) {
                let values = read.all(column.field).filter(|value| value.label.as_deref() == column.own);
                let texts: Vec<&str> = values.map(|value| value.text.as_str()).collect();
                prop_assert_eq!(texts, held.iter().map(String::as_str).collect::<Vec<_>>(), "{}", column.header);
            }
        }
    }
}
