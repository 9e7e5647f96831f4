//! Cells become values, or a problem that names the cell.

use tomomori_domain::import::{ColumnMapping, Field, Mapping, Severity, Table, TableKind};
use tomomori_domain::resource::Grade;
use tomomori_sheet::{Limits, apply, csv_text, guess, read};

fn table(text: &str) -> Table {
    let sheet = csv_text::read(text.as_bytes(), "台帳.csv", &Limits::default()).unwrap().remove(0);
    let guess = guess::mapping(&sheet);
    assert_eq!(guess.reason, None, "{text}");
    apply::table(&sheet, &guess.mapping, Grade::Declared, "台帳.csv").unwrap()
}

/// `cell key value` of every problem.
fn problems(table: &Table) -> Vec<String> {
    let problems = table.problems.iter();
    problems
        .map(|problem| {
            let value = problem.msg.args.get("value").map_or("", String::as_str);
            format!("{} {} {value}", problem.place.cell.as_deref().unwrap_or("-"), problem.msg.key)
        })
        .collect()
}

fn all(table: &Table, row: usize, field: Field) -> Vec<&str> {
    table.rows[row].all(field).map(|value| value.text.as_str()).collect()
}

#[test]
fn values_are_tidied_and_translated() {
    let table = table(
        "管理番号,機器名,種別,型番,IPアドレス,MACアドレス,ホスト名,購入形態,導入日,ソフトウェア,台数,リモート保守\n\
         Ａ－１,受付ＰＣ,ｻｰﾊﾞｰ,X１,１０．２０．１．５／２４、10.20.1.6,00-1A-2B-3C-4D-5E,EHR01,買い切り,平成31年4月30日,OpenSSL 1.1；PostgreSQL 9.6、nginx,3台,○\n",
    );
    assert_eq!(problems(&table), Vec::<String>::new());
    let row = &table.rows[0];
    for (field, want) in [
        (Field::Name, "受付PC"),
        (Field::Kind, "server"),
        (Field::Product, "X1"),
        (Field::Mac, "00:1a:2b:3c:4d:5e"),
        (Field::Hostname, "ehr01"),
        (Field::Purchase, "bought"),
        (Field::StartsOn, "2019-04-30"),
        (Field::Quantity, "3"),
        (Field::RemoteMaintenance, "true"),
    ] {
        assert_eq!(row.get(field), Some(want), "{field:?}");
    }
    assert_eq!(all(&table, 0, Field::Address), ["10.20.1.5", "10.20.1.6"]);
    assert_eq!(all(&table, 0, Field::Software), ["OpenSSL 1.1", "PostgreSQL 9.6", "nginx"]);
    let address = row.all(Field::Address).next().unwrap();
    assert_eq!((address.place.cell.as_deref(), address.place.line), (Some("E2"), Some(2)));
}

#[test]
fn what_cannot_be_read_is_left_out_and_named() {
    let table = table(
        "機器名,種別,IPアドレス,MACアドレス,購入形態,導入日,保守終了日,数量\n\
         a,汎用機,10.0.0.300,00:1a,もらった,平成31年6月1日,5年後,多数\n",
    );
    assert_eq!(
        problems(&table),
        [
            "B2 sheet-cell-kind 汎用機",
            "C2 sheet-cell-address 10.0.0.300",
            "D2 sheet-cell-mac 00:1a",
            "E2 sheet-cell-purchase もらった",
            "F2 sheet-cell-no-such-day 平成31年6月1日",
            "G2 sheet-cell-not-a-date 5年後",
            "H2 sheet-cell-quantity 多数",
        ]
    );
    assert!(table.problems.iter().all(|problem| problem.severity == Severity::Warning));
    let fields: Vec<_> = table.rows[0].values.iter().map(|value| value.field).collect();
    assert_eq!(fields, [Field::Name]);
}

#[test]
fn blank_and_unknown_state_nothing() {
    let table =
        table("機器名,型番,バージョン,IPアドレス,OS,保守業者\na,-,不明,DHCP,,なし\nb,X,1.0,10.0.0.1,Linux,甲社\n");
    assert_eq!(problems(&table), Vec::<String>::new());
    assert_eq!(table.rows[0].values.len(), 1);
    assert_eq!(table.rows[1].values.len(), 6);
}

#[test]
fn ditto_repeats_the_value_above() {
    let table = table("機器名,型番,設置場所\n〃,X,1階\na,Y,2階\nb,〃,同上\nc,〃,\n");
    assert_eq!(problems(&table), ["A2 sheet-cell-ditto "]);
    assert_eq!((all(&table, 2, Field::Product), all(&table, 2, Field::Location)), (vec!["Y"], vec!["2階"]));
    assert_eq!((all(&table, 3, Field::Product), all(&table, 3, Field::Location)), (vec!["Y"], vec![]));
    assert_eq!(table.rows[3].all(Field::Product).next().unwrap().place.cell.as_deref(), Some("B3"));
}

#[test]
fn titles_totals_and_repeated_headers_are_no_devices() {
    let table = table(
        "機器名,型番,台数,設置場所\n■サーバ室,,,\na,X,2,1階\n小計,,2,\n機器名,型番,台数,設置場所\nb,Y,1,2階\nname only,,,\n合計,,3,\n",
    );
    let names: Vec<_> = table.rows.iter().filter_map(|row| row.get(Field::Name)).collect();
    assert_eq!(names, ["a", "b", "name only"]);
    assert_eq!(problems(&table), ["A2 sheet-row-title ", "A4 sheet-row-total ", "A8 sheet-row-total "]);
}

#[test]
fn truth_and_kinds_follow_the_table() {
    let lines =
        table("接続元,接続先,常時接続,接続元制限,リモート保守\n甲社,VPN01,常時,×,はい\n乙社,VPN02,都度,未確認,都度\n");
    assert_eq!(lines.kind, TableKind::Lines);
    assert_eq!(all(&lines, 0, Field::AlwaysOn), ["true"]);
    assert_eq!(all(&lines, 0, Field::SourceLimited), ["false"]);
    assert_eq!(all(&lines, 1, Field::AlwaysOn), ["false"]);
    assert_eq!(all(&lines, 1, Field::SourceLimited), Vec::<&str>::new());
    assert_eq!(problems(&lines), ["E3 sheet-cell-truth 都度"]);
    let zones = table("区画名,種別,アドレス範囲\nサーバ,サーバ室,10.1.0.5/24\nDMZ,境界,10.2.0.0 255.255.255.0\n");
    assert_eq!(zones.kind, TableKind::Zones);
    assert_eq!((all(&zones, 0, Field::Kind), all(&zones, 0, Field::Range)), (vec!["servers"], vec!["10.1.0.0/24"]));
    assert_eq!((all(&zones, 1, Field::Kind), all(&zones, 1, Field::Range)), (vec!["boundary"], vec!["10.2.0.0/24"]));
}

#[test]
fn merged_cells_in_the_data_count_for_every_row_they_cover() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let tab = book.add_worksheet();
    let plain = rust_xlsxwriter::Format::new();
    for (column, text) in (0..).zip(["部署", "機器名", "型番", "版"]) {
        tab.write(0, column, text).unwrap();
    }
    tab.merge_range(1, 0, 3, 0, "検査科", &plain).unwrap();
    for row in 1..=3 {
        tab.write(row, 1, format!("分析装置{row}")).unwrap();
        tab.write(row, 2, "X").unwrap();
    }
    tab.write(1, 3, 7.1).unwrap();
    tab.merge_range(4, 0, 4, 3, "以下余白", &plain).unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let sheet = read(&bytes, "台帳.xlsx", &Limits::default()).unwrap().remove(0);
    let table = apply::table(&sheet, &guess::mapping(&sheet).mapping, Grade::Declared, "台帳.xlsx").unwrap();
    let departments: Vec<_> = table.rows.iter().map(|row| row.get(Field::Department)).collect();
    assert_eq!(departments, [Some("検査科"); 3]);
    let place = &table.rows[2].all(Field::Department).next().unwrap().place;
    assert_eq!(place.to_string(), "台帳.xlsx › Sheet1 › A2");
    assert_eq!(problems(&table), ["D2 sheet-cell-version-number 7.1", "A5 sheet-row-title "]);
}

#[test]
fn a_mapping_by_a_person_is_honoured_exactly() {
    let sheet =
        csv_text::read("x,y\nIPアドレス,機器名\na,b\n".as_bytes(), "f.csv", &Limits::default()).unwrap().remove(0);
    let column = |letters: &str, field| ColumnMapping {
        column: letters.to_owned(),
        header: String::new(),
        field,
        score: 100,
        samples: Vec::new(),
    };
    let columns =
        vec![column("B", Some(Field::Serial)), column("A", Some(Field::Hostname)), column("ZZZZ", Some(Field::Note))];
    let mapping = Mapping { sheet: None, table: Some(TableKind::Components), header_row: 1, columns };
    let json = serde_json::to_string(&mapping).unwrap();
    let table = apply::table(&sheet, &serde_json::from_str(&json).unwrap(), Grade::Observed, "f.csv").unwrap();
    assert_eq!((table.kind, table.grade, table.rows.len()), (TableKind::Components, Grade::Observed, 2));
    assert_eq!((table.rows[1].get(Field::Serial), table.rows[1].get(Field::Hostname)), (Some("b"), Some("a")));
    assert_eq!(problems(&table), ["- sheet-mapping-column "]);
    assert_eq!(table.problems[0].severity, Severity::Error);
    let left_out = Mapping { table: None, ..mapping };
    assert_eq!(apply::table(&sheet, &left_out, Grade::Observed, "f.csv"), None);
}
