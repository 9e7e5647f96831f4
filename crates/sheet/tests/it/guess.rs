//! Headers as hospitals write them.

use rust_xlsxwriter::{Format, Workbook, Worksheet};
use tomomori_domain::import::{Field, TableKind};
use tomomori_sheet::guess::{self, Guess, MAP_FROM};
use tomomori_sheet::{Limits, csv_text, read};

fn of_csv(text: &str) -> Guess {
    guess::mapping(&csv_text::read(text.as_bytes(), "f.csv", &Limits::default()).unwrap()[0])
}

fn of_tab(fill: impl FnOnce(&mut Worksheet)) -> Guess {
    let mut book = Workbook::new();
    fill(book.add_worksheet());
    guess::mapping(&read(&book.save_to_buffer().unwrap(), "f.xlsx", &Limits::default()).unwrap()[0])
}

/// `A:asset_number B:name …`, mapped columns only.
fn mapped(guess: &Guess) -> String {
    let columns = guess.mapping.columns.iter();
    let mapped = columns.filter_map(|c| c.field.map(|field| format!("{}:{}", c.column, field.key())));
    mapped.collect::<Vec<_>>().join(" ")
}

#[test]
fn a_ledger_with_titles_and_full_width_headers() {
    let guess = of_csv(
        "情報システム機器台帳,,,,,,,,\n令和8年4月1日現在,,,,,,,,\n\n\
         管理番号,機器名称,種　別,メーカー,型　番,Ｆ／Ｗ,ＩＰアドレス,ＭＡＣアドレス,導入年月日（和暦）\n\
         A-1,受付PC1,端末,HP,ProDesk,1.2,10.0.0.1,00:1a:2b:3c:4d:5e,令和3年4月1日\n\
         A-2,受付PC2,端末,HP,ProDesk,1.2,10.0.0.2,00:1a:2b:3c:4d:5f,令和3年4月1日\n",
    );
    assert_eq!((guess.mapping.table, guess.mapping.header_row), (Some(TableKind::Resources), 4));
    let want = "A:asset_number B:name C:kind D:maker E:product F:version G:address H:mac I:starts_on";
    assert_eq!(mapped(&guess), want);
    assert_eq!(guess.mapping.columns[1].samples, ["受付PC1", "受付PC2"]);
    assert!(guess.mapping.columns.iter().all(|column| column.score >= MAP_FROM));
}

#[test]
fn merged_two_row_headers_are_joined() {
    let guess = of_tab(|tab| {
        let plain = Format::new();
        tab.merge_range(0, 0, 0, 6, "医療情報システム資産台帳", &plain).unwrap();
        tab.merge_range(2, 0, 3, 0, "管理番号", &plain).unwrap();
        tab.merge_range(2, 1, 3, 1, "機器名", &plain).unwrap();
        tab.merge_range(2, 2, 2, 3, "ネットワーク", &plain).unwrap();
        tab.merge_range(2, 4, 2, 6, "保守", &plain).unwrap();
        let lower = ["IPアドレス", "MACアドレス", "業者", "契約番号", "終了日"];
        for (column, text) in (2..).zip(lower) {
            tab.write(3, column, text).unwrap();
        }
        for (column, text) in (0..).zip(["A-1", "受付PC", "10.0.0.1", "001a2b3c4d5e", "甲社", "K-1", "R9.3.31"]) {
            tab.write(4, column, text).unwrap();
        }
    });
    assert_eq!((guess.mapping.table, guess.mapping.header_row), (Some(TableKind::Resources), 4));
    assert_eq!(mapped(&guess), "A:asset_number B:name C:address D:mac E:vendor F:contract_number G:ends_on");
    assert_eq!(guess.mapping.columns[6].header, "保守/終了日");
}

#[test]
fn each_kind_of_table_is_recognised() {
    for (table, kind, columns) in [
        (
            "契約番号,契約名,事業者名,担当分野,開始日,終了日,緊急連絡先,更新・報告の条文\nK-1,保守,甲,レセプト,R6.4.1,R9.3.31,03,第5条\n",
            TableKind::Contracts,
            "A:contract_number B:title C:vendor D:vendor_field E:starts_on F:ends_on G:contact H:update_clause",
        ),
        (
            "業務名,診療時間,必要な機器\n外来受付,8:30-17:00,受付PC、EHR01\n",
            TableKind::Services,
            "A:name B:hours C:needs",
        ),
        ("名称,種類,アドレス範囲\nサーバ室,サーバ,10.1.0.0/24\n", TableKind::Zones, "A:name B:kind C:range"),
        (
            "No.,製品名,型番,シリアルNo.\n1,電子カルテAPサーバ,PowerEdge R640,S1\n",
            TableKind::Resources,
            "B:name C:product D:serial",
        ),
        (
            "IPAddress,ScopeId,ClientId,HostName\n10.0.0.1,10.0.0.0,02-1e-62-88-b5-49,a\n10.0.0.2,10.0.0.0,02-1e-62-88-b5-4a,b\n",
            TableKind::Resources,
            "A:address C:mac D:hostname",
        ),
        ("区画名,種別,アドレス範囲\nサーバ室,サーバ,10.1.0.0/24\n", TableKind::Zones, "A:name B:kind C:range"),
        (
            "接続元,接続先,用途,方式,常時接続,接続元制限,リモート保守,事業者\n甲社,VPN01,保守,IPsec VPN,有,無,有,甲社\n",
            TableKind::Lines,
            "A:from B:to C:purpose D:protocol E:always_on F:source_limited G:remote_maintenance H:vendor",
        ),
        (
            "ソフトウェア名,バージョン,提供元,PURL\nopenssl,3.0.1,OpenSSL,pkg:generic/openssl@3.0.1\n",
            TableKind::Components,
            "A:name B:version C:maker D:purl",
        ),
        (
            "Asset No.,Device Name,Manufacturer,Model,OS,Serial Number,IP Address,Host Name,Vendor,Remarks\n1,PC,HP,X,Windows 10,S1,10.0.0.1,pc1,A,-\n",
            TableKind::Resources,
            "A:asset_number B:name C:maker D:product E:os F:serial G:address H:hostname I:vendor J:note",
        ),
        (
            "納品No.,品名,型式,製造販売業者,数量,製造番号,納品日\n1,ベッドサイドモニタ,BSM-3000,日本光電,2,123,2020/4/1\n",
            TableKind::Resources,
            "B:name C:product D:marketing_holder E:quantity F:serial G:starts_on",
        ),
    ] {
        let guess = of_csv(table);
        assert_eq!(guess.mapping.table, Some(kind), "{table}");
        assert_eq!(mapped(&guess), columns, "{table}");
    }
}

#[test]
fn contents_speak_where_the_header_does_not_and_against_it_where_it_lies() {
    let guess = of_csv("機器名,型番,割当\n受付1,X,10.0.0.1\n受付2,X,10.0.0.2\n");
    assert_eq!(mapped(&guess), "A:name B:product C:address");
    let address = guess.mapping.columns[2].score;
    assert!(address < 90, "contents alone score {address}");
    let guess = of_csv("機器名,型番,アドレス\n受付1,X,東京都\n受付2,X,大阪府\n受付3,X,京都府\n");
    assert!(guess.mapping.columns[2].score < 100);
}

#[test]
fn what_no_word_says_is_not_mapped() {
    let guess = of_csv("機器名,型番,識別子,備考2号\n受付1,X,ABC12345DE,q\n受付2,X,ABC12345DF,r\n");
    assert_eq!(guess.mapping.columns[2].field, None);
    assert!(guess.mapping.columns[2].score < MAP_FROM, "a shape like a serial number is no proof");
    assert_eq!(guess.mapping.columns.len(), 4);
}

#[test]
fn sheets_that_are_no_table_are_left_out_with_a_reason() {
    for (text, key) in [
        ("ご挨拶\n拝啓 時下ますますご清栄のこととお慶び申し上げます\n", "sheet-left-out-no-table"),
        ("氏名,電話\n山田,03-1234\n佐藤,03-2345\n", "sheet-left-out-no-header"),
        ("地域,人口\n東,100\n西,200\n", "sheet-left-out-no-header"),
    ] {
        let guess = of_csv(text);
        assert_eq!(guess.mapping.table, None, "{text}");
        assert_eq!(guess.reason.map(|msg| msg.key), Some(key.to_owned()), "{text}");
    }
}

#[test]
fn a_field_goes_to_the_column_that_fits_best() {
    let guess = of_csv("機器名,サーバ機器名称の別名,IPアドレス(有線),IPアドレス(無線)\na,b,10.0.0.1,10.0.0.2\n");
    let fields: Vec<_> = guess.mapping.columns.iter().map(|column| column.field).collect();
    assert_eq!(fields, [Some(Field::Name), None, Some(Field::Address), Some(Field::Address)]);
}
