//! The lists hospitals really have beside their ledger: each is a small workbook in the shape the tool or vendor gives.

use rust_xlsxwriter::Workbook;
use tomomori_domain::import::{Field, Mapping, Table, TableKind};
use tomomori_domain::resource::Grade;
use tomomori_sheet::{Limits, apply, guess, read};

/// Reads, guesses and applies one sheet of texts, as a person would upload it.
fn of_rows(sheet: &str, rows: &[&[&str]]) -> (Mapping, Table) {
    let mut book = Workbook::new();
    let tab = book.add_worksheet();
    tab.set_name(sheet).unwrap();
    for (row, cells) in (0..).zip(rows) {
        for (column, text) in (0..).zip(*cells) {
            tab.write(row, column, *text).unwrap();
        }
    }
    let sheet = read(&book.save_to_buffer().unwrap(), "一覧.xlsx", &Limits::default()).unwrap().remove(0);
    let guess = guess::mapping(&sheet);
    assert_eq!(guess.reason, None);
    let table = apply::table(&sheet, &guess.mapping, guess::grade(&guess.mapping), "一覧.xlsx").unwrap();
    (guess.mapping, table)
}

/// `A:name B:- …` of all columns.
fn columns(mapping: &Mapping) -> String {
    let field = |field: Option<Field>| field.map_or("-", Field::key);
    mapping.columns.iter().map(|c| format!("{}:{}", c.column, field(c.field))).collect::<Vec<_>>().join(" ")
}

fn row(table: &Table, at: usize) -> Vec<(Field, &str)> {
    table.rows[at].values.iter().map(|value| (value.field, value.text.as_str())).collect()
}

/// `key cell` of every problem.
fn keys(table: &Table) -> Vec<String> {
    let problems = table.problems.iter();
    problems.map(|p| format!("{} {}", p.msg.key, p.place.cell.as_deref().unwrap_or("-"))).collect()
}

#[test]
fn wsus_report() {
    let (mapping, table) = of_rows(
        "コンピューターの詳細な状態",
        &[
            &["コンピューターの状態レポート"],
            &["レポート作成日: 2026/11/20"],
            &[],
            &[
                "コンピューター名",
                "IP アドレス",
                "オペレーティング システム",
                "製造元",
                "モデル",
                "インストール済み/該当なしの割合",
                "最終状態レポート",
            ],
            &[
                "rec-sv01.hosp.local",
                "10.20.1.11",
                "Windows Server 2016",
                "HPE",
                "ProLiant DL360 Gen9",
                "98%",
                "2026/11/20 8:31",
            ],
            &[
                "ehr-pc12.hosp.local",
                "10.20.8.12",
                "Windows 10 Pro",
                "Dell Inc.",
                "OptiPlex 3080",
                "100%",
                "まだ報告されていません",
            ],
        ],
    );
    assert_eq!(mapping.table, Some(TableKind::Resources));
    assert_eq!(columns(&mapping), "A:hostname B:address C:os D:maker E:product F:- G:seen_on");
    assert_eq!(table.grade, Grade::Observed);
    assert_eq!(
        row(&table, 0),
        [
            (Field::Hostname, "rec-sv01.hosp.local"),
            (Field::Address, "10.20.1.11"),
            (Field::Os, "Windows Server 2016"),
            (Field::Maker, "HPE"),
            (Field::Product, "ProLiant DL360 Gen9"),
            (Field::SeenOn, "2026-11-20"),
        ]
    );
    assert_eq!(table.rows[1].get(Field::SeenOn), None);
    assert_eq!(keys(&table), Vec::<String>::new());
}

#[test]
fn asset_tool_export() {
    let (mapping, table) = of_rows(
        "資産情報",
        &[
            &[
                "コンピュータ名",
                "IPアドレス",
                "MACアドレス",
                "OS",
                "OSビルド",
                "適用済みKB",
                "ログオンユーザー",
                "最終起動日時",
                "メーカー",
                "型番",
                "シリアルNo",
            ],
            &[
                "PC-0101",
                "10.20.8.21",
                "00-1A-2B-3C-4D-5E",
                "Windows 10 Pro",
                "19045.3570",
                "KB5031364; KB5030211",
                "sato",
                "2026/11/19 08:12:33",
                "HP",
                "ProDesk 400 G6",
                "JPH1234567",
            ],
            &[
                "PC-0102",
                "10.20.8.22",
                "001A.2B3C.4D5F",
                "Windows 11 Pro",
                "22631.4460",
                "KB5046633\nKB5045933 2024-10",
                "suzuki",
                "2026/11/20 07:58:02",
                "HP",
                "ProDesk 400 G6",
                "JPH1234568",
            ],
        ],
    );
    assert_eq!(columns(&mapping), "A:hostname B:address C:mac D:os E:os F:kb G:- H:seen_on I:maker J:product K:serial");
    assert_eq!(table.grade, Grade::Observed);
    assert_eq!(mapping.columns[6].samples, Vec::<String>::new(), "who was logged on is not kept");
    assert_eq!(table.rows[0].get(Field::Os), Some("Windows 10 Pro 19045.3570"));
    let kbs: Vec<_> = table.rows[1].all(Field::Kb).map(|value| value.text.as_str()).collect();
    assert_eq!(kbs, ["KB5046633", "KB5045933"]);
    assert_eq!(table.rows[1].get(Field::Mac), Some("00:1a:2b:3c:4d:5f"));
    assert_eq!(keys(&table), ["sheet-cell-kb F3"]);
}

#[test]
fn line_bill() {
    let (mapping, table) = of_rows(
        "請求内訳",
        &[
            &["通信回線 請求一覧（10月分）"],
            &["お客様番号", "サービス名", "設置場所", "請求月", "基本料金", "金額（税込）", "備考"],
            &[
                "CAF0012345678",
                "フレッツ 光ネクスト",
                "本館2F サーバ室",
                "2026年10月分",
                "5,200",
                "5,720",
                "電子カルテ保守用",
            ],
            &["0312345678", "INSネット64", "放射線科 操作室", "令和8年10月分", "2,780", "3,058", ""],
            &["N110022334", "IP-VPN", "", "2026/10", "38,000", "41,800", "解約予定"],
        ],
    );
    assert_eq!(mapping.table, Some(TableKind::Lines));
    assert_eq!(columns(&mapping), "A:circuit B:protocol C:to D:billed_on E:- F:- G:note");
    assert!(mapping.columns[4].samples.is_empty() && mapping.columns[5].samples.is_empty(), "prices are not kept");
    assert_eq!(
        row(&table, 1),
        [
            (Field::Circuit, "0312345678"),
            (Field::Protocol, "INSネット64"),
            (Field::To, "放射線科 操作室"),
            (Field::BilledOn, "2026-10-01"),
        ]
    );
    let months: Vec<_> = table.rows.iter().map(|row| row.get(Field::BilledOn)).collect();
    assert_eq!(months, [Some("2026-10-01"); 3]);
    assert_eq!(keys(&table), Vec::<String>::new());
}

#[test]
fn delivery_list_of_a_vendor() {
    let (mapping, table) = of_rows(
        "納品明細",
        &[
            &["納品書（明細）"],
            &[
                "No.",
                "品名",
                "型番",
                "メーカー名",
                "数量",
                "単価",
                "金額",
                "シリアルNo.",
                "納品日",
                "設置先",
                "保証期限",
            ],
            &[
                "1",
                "L2スイッチ",
                "C9200L-24T",
                "Cisco",
                "2",
                "200,000",
                "400,000",
                "FOC2401X1AB",
                "令和8年4月1日",
                "3階東病棟",
                "2031/3/31",
            ],
            &["2", "無停電電源装置", "BW55T", "オムロン", "1", "60,000", "60,000", "", "令和8年4月1日", "サーバ室", ""],
            &["合計", "", "", "", "", "", "460,000", "", "", "", ""],
        ],
    );
    assert_eq!(mapping.table, Some(TableKind::Resources));
    assert_eq!(
        columns(&mapping),
        "A:- B:name C:product D:maker E:quantity F:- G:- H:serial I:starts_on J:location K:ends_on"
    );
    assert_eq!((table.rows.len(), table.grade), (2, Grade::Declared));
    assert!(mapping.columns[5].samples.is_empty() && mapping.columns[6].samples.is_empty());
}

#[test]
fn remote_maintenance_list_of_a_vendor() {
    let (mapping, table) = of_rows(
        "Sheet1",
        &[
            &["リモート保守接続一覧（網屋ネットワーク）"],
            &["接続元", "経由装置", "方式", "接続先", "常時/都度", "許可IP", "目的", "契約番号"],
            &[
                "網屋 保守拠点",
                "FortiGate 60E",
                "SSL-VPN",
                "電子カルテAPサーバ",
                "都度",
                "203.0.113.10、203.0.113.11",
                "障害対応",
                "K-2019-004",
            ],
            &["網屋 監視センター", "FortiGate 60E", "IPsec", "基幹スイッチ1号機", "常時", "", "死活監視", "K-2019-004"],
        ],
    );
    assert_eq!(mapping.table, Some(TableKind::Lines));
    assert_eq!(columns(&mapping), "A:from B:via C:protocol D:to E:always_on F:sources G:purpose H:contract_number");
    assert_eq!(
        row(&table, 0),
        [
            (Field::From, "網屋 保守拠点"),
            (Field::Via, "FortiGate 60E"),
            (Field::Protocol, "SSL-VPN"),
            (Field::To, "電子カルテAPサーバ"),
            (Field::AlwaysOn, "false"),
            (Field::Sources, "203.0.113.10、203.0.113.11"),
            (Field::Purpose, "障害対応"),
            (Field::ContractNumber, "K-2019-004"),
            // The title says so of every line.
            (Field::RemoteMaintenance, "true"),
        ]
    );
    let said = table.rows[0].all(Field::RemoteMaintenance).next().unwrap();
    assert_eq!(said.place.cell.as_deref(), Some("A1"));
}

#[test]
fn medical_device_ledger() {
    let (mapping, table) = of_rows(
        "ME機器台帳",
        &[
            &[
                "機器名",
                "製造販売業者",
                "販売業者",
                "リース会社",
                "修理業者",
                "販売名",
                "型式",
                "製造番号",
                "購入形態",
                "耐用期間",
                "サポート終了",
                "クラス分類",
            ],
            &[
                "輸液ポンプ1",
                "テルモ株式会社",
                "東西医療器",
                "",
                "テルモ株式会社",
                "テルフュージョン",
                "TE-281",
                "1409001",
                "買取",
                "6年",
                "2027年3月",
                "高度管理医療機器",
            ],
            &[
                "MRI装置",
                "キヤノンメディカル",
                "東西医療器",
                "さくらリース",
                "キヤノンメディカル",
                "Vantage",
                "MRT-1550",
                "C55012",
                "リース",
                "10年",
                "令和9年3月31日",
                "クラスⅡ",
            ],
        ],
    );
    assert_eq!(mapping.table, Some(TableKind::Resources));
    assert_eq!(
        columns(&mapping),
        "A:name B:marketing_holder C:seller D:lessor E:repairer F:product G:product H:serial I:purchase J:- K:ends_on L:medical"
    );
    let row = &table.rows[1];
    for (field, want) in [
        (Field::MarketingHolder, "キヤノンメディカル"),
        (Field::Maker, "キヤノンメディカル"),
        (Field::Lessor, "さくらリース"),
        (Field::Product, "Vantage MRT-1550"),
        (Field::EndsOn, "2027-03-31"),
        (Field::Medical, "true"),
    ] {
        assert_eq!(row.get(field), Some(want), "{field:?}");
    }
    assert_eq!(keys(&table), Vec::<String>::new());
}

#[test]
fn who_updates_each_layer() {
    let (mapping, table) = of_rows(
        "サーバ台帳",
        &[
            &["機器名", "OS", "更新担当", "", "", "", "条文", "", "重要度", "状態"],
            &["", "", "OS", "ファーム", "ミドル", "アプリ", "OS", "アプリ", "", ""],
            &[
                "電カルＡＰ１",
                "Windows Server 2019",
                "北都ヘルステック",
                "自院",
                "",
                "北都ヘルステック",
                "第5条2項",
                "第5条1項",
                "高",
                "稼働中",
            ],
            &[
                "電カルＡＰ２",
                "Windows Server 2019",
                "北都ヘルステック",
                "自院",
                "不明",
                "北都ヘルステック",
                "第5条2項",
                "第5条1項",
                "中",
                "予備",
            ],
        ],
    );
    assert_eq!(
        columns(&mapping),
        "A:name B:os C:os_updated_by D:firmware_updated_by E:middleware_updated_by F:application_updated_by \
         G:os_clause H:application_clause I:criticality J:state"
    );
    assert_eq!(table.rows[1].get(Field::MiddlewareUpdatedBy), None);
    assert_eq!(table.rows[1].get(Field::State), Some("spare"));
    let (mapping, _) = of_rows(
        "台帳",
        &[
            &["機器名", "型番", "更新担当（OS）", "条文", "更新担当（アプリ）", "条文"],
            &["a", "X", "甲社", "第1条", "乙社", "第2条"],
            &["b", "X", "甲社", "第1条", "乙社", "第2条"],
        ],
    );
    assert_eq!(
        columns(&mapping),
        "A:name B:product C:os_updated_by D:os_clause E:application_updated_by F:application_clause"
    );
}

#[test]
fn a_column_of_the_hospitals_own_is_taken_only_when_a_person_says_so() {
    let (mut mapping, table) =
        of_rows("台帳", &[&["機器名", "型番", "鍵の番号"], &["a", "X", "12-3"], &["b", "Y", "なし"]]);
    assert_eq!(columns(&mapping), "A:name B:product C:-");
    assert!(table.rows.iter().all(|row| row.get(Field::Custom).is_none()));
    mapping.columns[2].field = Some(Field::Custom);
    let rows = [["機器名", "型番", "鍵の番号"], ["a", "X", "12-3"], ["b", "Y", "なし"]].map(|row| row.join(","));
    let sheet = read(rows.join("\n").as_bytes(), "f.csv", &Limits::default()).unwrap().remove(0);
    let table = apply::table(&sheet, &mapping, Grade::Declared, "f.csv").unwrap();
    let own: Vec<_> = table.rows.iter().flat_map(|row| row.all(Field::Custom)).collect();
    assert_eq!(own.iter().map(|value| value.text.as_str()).collect::<Vec<_>>(), ["12-3", "なし"]);
    assert!(own.iter().all(|value| value.label.as_deref() == Some("鍵の番号")));
}

#[test]
fn a_state_of_something_else_is_no_state_of_a_device() {
    let (mapping, _) = of_rows(
        "Sheet1",
        &[&["機器名", "型番", "状態"], &["a", "X", "影響あり 3件"], &["b", "Y", "不足なし"], &["c", "Z", "確認待ち"]],
    );
    assert_eq!(columns(&mapping), "A:name B:product C:-");
}
