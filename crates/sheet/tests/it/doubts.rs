//! Bad input: nothing is dropped, each doubt names its cell.

use jiff::civil::date;
use tomomori_domain::import::{Field, Problem, Table};
use tomomori_sheet::{Limits, apply, csv_text, doubts, guess};

fn table(text: &str) -> Table {
    let sheet = csv_text::read(text.as_bytes(), "台帳.csv", &Limits::default()).unwrap().remove(0);
    let guess = guess::mapping(&sheet);
    assert_eq!(guess.reason, None, "{text}");
    apply::table(&sheet, &guess.mapping, guess::grade(&guess.mapping), "台帳.csv").unwrap()
}

fn said(problems: &[Problem]) -> Vec<String> {
    problems.iter().map(|p| format!("{} {}", p.place.cell.as_deref().unwrap_or("-"), p.msg.key)).collect()
}

fn doubts_of(text: &str) -> Vec<String> {
    said(&doubts::of(&table(text), date(2026, 11, 25)))
}

fn all(table: &Table, field: Field) -> Vec<&str> {
    table.rows.iter().flat_map(|row| row.all(field)).map(|value| value.text.as_str()).collect()
}

#[test]
fn addresses_in_the_wrong_column_are_kept_and_said() {
    let text = "機器名,型番,製造番号,IPアドレス,備考\n\
                受付1,X,10.20.1.5,,\n\
                10.20.1.6,X,S-1,10.20.1.6,旧 10.20.9.9 から移設\n\
                受付3,X,2024-0001-0012,10.20.1.7,00-1A-2B-3C-4D-5E\n";
    let table = table(text);
    assert_eq!(said(&table.problems), Vec::<String>::new());
    assert_eq!(all(&table, Field::Serial), ["10.20.1.5", "S-1", "2024-0001-0012"]);
    // Row 3 is named by its own address; a remark that mentions one is a remark.
    assert_eq!(doubts_of(text), ["C2 sheet-doubt-address-misplaced", "E4 sheet-doubt-mac-misplaced"]);
}

#[test]
fn an_address_of_the_other_kind_is_taken_for_what_it_is() {
    let table = table(
        "機器名,IPアドレス,MACアドレス\na,10.0.0.1,00:1a:2b:3c:4d:01\nb,00:1a:2b:3c:4d:02,10.0.0.2\nc,10.0.0.3,00:1a:2b:3c:4d:03\nd,10.0.0.4,00:1a:2b:3c:4d:04\n",
    );
    assert_eq!(all(&table, Field::Address), ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"]);
    assert_eq!(all(&table, Field::Mac)[1], "00:1a:2b:3c:4d:02");
    assert_eq!(said(&table.problems), ["B3 sheet-cell-mac-in-address", "C3 sheet-cell-address-in-mac"]);
}

#[test]
fn a_column_that_holds_something_else_than_its_header_says_is_read_as_what_it_holds() {
    let swapped = table(
        "機器名,IPアドレス,MACアドレス\n\
         a,00:1a:2b:3c:4d:01,10.0.0.1\nb,00:1a:2b:3c:4d:02,10.0.0.2\nc,00:1a:2b:3c:4d:03,10.0.0.3\n",
    );
    assert_eq!(all(&swapped, Field::Address), ["10.0.0.1", "10.0.0.2", "10.0.0.3"]);
    assert_eq!(said(&swapped.problems), ["B1 sheet-column-macs", "C1 sheet-column-addresses"]);
    let serials = table("機器名,型番,シリアル番号\na,X,10.0.0.1\nb,X,10.0.0.2\nc,X,10.0.0.3\n");
    assert_eq!(all(&serials, Field::Address).len(), 3);
    assert_eq!(said(&serials.problems), ["C1 sheet-column-addresses"]);
    // With a column of addresses beside it, the names are names.
    let named = table("ホスト名,型番,IPアドレス\n10.0.0.1,X,10.0.0.1\n10.0.0.2,X,10.0.0.2\n10.0.0.3,X,10.0.0.3\n");
    assert_eq!(all(&named, Field::Hostname).len(), 3);
    assert_eq!(said(&named.problems), Vec::<String>::new());
}

#[test]
fn dates_that_cannot_be_are_kept_with_a_doubt() {
    let text = "機器名,型番,導入日,サポート終了日,最終棚卸日,状態\n\
                a,X,令和9年4月1日,2030/3/31,2026/11/25,稼働中\n\
                b,X,S63.4.1,2019/3/31,令和8年11月26日,稼働中\n\
                c,X,令和9年4月1日,,,導入予定\n\
                d,X,2020/4/1,2019/3/31,,予備\n";
    assert_eq!(all(&table(text), Field::StartsOn), ["2027-04-01", "1988-04-01", "2027-04-01", "2020-04-01"]);
    assert_eq!(
        doubts_of(text),
        ["C2 sheet-doubt-future", "C3 sheet-doubt-showa", "E3 sheet-doubt-future", "D5 sheet-doubt-ends-first",]
    );
}

#[test]
fn dates_in_other_forms_are_read_or_said() {
    let table = table(
        "機器名,型番,導入日\na,X,46350\nb,X,2026/24/11\nc,X,24/11/2026\nd,X,05/04/2026\ne,X,24/4/1\nf,X,2026-11-24\n",
    );
    assert_eq!(all(&table, Field::StartsOn), ["2026-11-24"; 4]);
    assert_eq!(
        said(&table.problems),
        [
            "C2 sheet-cell-date-serial",
            "C3 sheet-cell-date-order",
            "C4 sheet-cell-date-order",
            "C5 sheet-cell-date-either",
            "C6 sheet-cell-date-short-year",
        ]
    );
    assert_eq!(table.rows.len(), 6);
}

#[test]
fn one_mac_on_forty_rows_is_one_doubt() {
    let mut text = "機器名,型番,MACアドレス\n".to_owned();
    for row in 0..40 {
        text += &format!("PC{row},X,00-1A-2B-3C-4D-5E\n");
    }
    text += "PC40,X,001A.2B3C.4D5F\nPC41,X,001a2b3c4d5f\nPC42,X,00:1a:2b:3c:4d:60\n";
    let found = doubts::of(&table(&text), date(2026, 11, 25));
    assert_eq!(said(&found), ["C2 sheet-doubt-shared-mac", "C42 sheet-doubt-shared-mac"]);
    assert_eq!((found[0].msg.args["count"].as_str(), found[1].msg.args["cells"].as_str()), ("40", "C42, C43"));
    assert_eq!(table(&text).rows.len(), 43);
}
