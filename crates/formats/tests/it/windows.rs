//! `systeminfo` and lists of updates, Japanese and English, whole and damaged.

use crate::shown::shown;
use tomomori_formats::hospital;
use tomomori_formats::inspect::Kind;
use tomomori_formats::windows::{self, WindowsKind};

const JA: &str = include_str!("../../../../fixtures/windows/systeminfo-ja.txt");
const EN: &str = include_str!("../../../../fixtures/windows/systeminfo-en.txt");

#[test]
fn systeminfo_in_japanese() {
    let want = ["3: 3 hostname=uketsuke-01; 12 starts_on=2021-03-04; 14 maker=Dell Inc.; 15 product=OptiPlex 3080; \
         26 kb=KB5031988; 27 kb=KB5015684; 28 kb=KB5032189; 35 address=10.20.1.21; \
         4 os=Microsoft Windows 10 Pro 10.0.19045; 4 kind=client"];
    let utf16: Vec<u8> = JA.encode_utf16().fold(vec![0xff, 0xfe], |mut out, unit| {
        out.extend(unit.to_le_bytes());
        out
    });
    for bytes in [JA.as_bytes(), &encoding_rs::SHIFT_JIS.encode(JA).0, &utf16] {
        let table = windows::read("info.txt", bytes).unwrap();
        assert_eq!(shown(&table), want);
        assert!(table.problems.is_empty(), "{:?}", table.problems);
    }
}

#[test]
fn systeminfo_of_several_computers() {
    let table = windows::read("info.txt", EN.as_bytes()).unwrap();
    assert_eq!(
        shown(&table),
        [
            "1: 1 hostname=pacs-sv01; 5 starts_on=2021-05-04; 7 product=PowerEdge R440; 9 kb=KB5022511; \
             10 kb=KB5031361; 16 address=10.20.3.10; 2 os=Microsoft Windows Server 2019 Standard 10.0.17763; \
             2 kind=server",
            "18: 18 hostname=ris-sv01; 19 os=Microsoft Windows Server 2008 R2 Standard 6.1.7601; 19 kind=server",
        ]
    );
    let problems: Vec<_> = table.problems.iter().map(|p| (p.place.line, p.msg.key.as_str())).collect();
    assert_eq!(problems, [(Some(21), "tables-date-unclear")]);
    let cut = windows::read("info.txt", JA.split("OS バージョン").next().unwrap().as_bytes()).unwrap();
    assert_eq!(shown(&cut), ["3: 3 hostname=uketsuke-01; 4 os=Microsoft Windows 10 Pro; 4 kind=client"]);
    let cut = format!("{EN}Host Name:   X-1\n");
    assert_eq!(windows::read("x", cut.as_bytes()).unwrap().problems.last().unwrap().msg.key, "tables-systeminfo-cut");
}

#[test]
fn systeminfo_as_csv() {
    let text = "\r\n\"ホスト名\",\"OS 名\",\"OS バージョン\",\"最初のインストール日付\",\"システム製造元\",\"システム モデル\",\"ホットフィックス\",\"ネットワーク カード\"\r\n\
        \"UKETSUKE-02\",\"Microsoft Windows 11 Pro\",\"10.0.22631 N/A ビルド 22631\",\"2024/01/09, 9:00:00\",\"HP\",\"HP ProDesk 400\",\"2 ホットフィックスがインストールされています。,[01]: KB5042099,[02]: KB5046633\",\"1 NIC(s) インストール済みです。,[01]: Realtek,      接続名:           イーサネット,      IP アドレス,      [01]: 10.20.1.22\"\r\n";
    let want =
        ["3: 3 hostname=uketsuke-02; 3 starts_on=2024-01-09; 3 maker=HP; 3 product=HP ProDesk 400; 3 kb=KB5042099; \
         3 kb=KB5046633; 3 address=10.20.1.22; 3 os=Microsoft Windows 11 Pro 10.0.22631; 3 kind=client"];
    assert_eq!(shown(&windows::read("x", text.as_bytes()).unwrap()), want);
}

#[test]
fn updates_of_one_computer_and_of_several() {
    let table = "\r\nPS C:\\> Get-HotFix -ComputerName PC01,PC02\r\n\r\nSource        Description      HotFixID      InstalledBy          InstalledOn\r\n------        -----------      --------      -----------          -----------\r\n\
        PC01          Update           KB5031988     NT AUTHORITY\\SYSTEM  2023/11/20 0:00:00\r\nPC02          Security Update  KB5032189     NT AUTHORITY\\SYSTEM  2023/11/20 0:00:00\r\nPC01          Security Update  KB5032189                          2023/11/20 0:00:00\r\n";
    assert_eq!(windows::kind_of(table), Some(WindowsKind::HotFixes));
    assert_eq!(
        shown(&windows::read("x", table.as_bytes()).unwrap()),
        ["6: 6 hostname=pc01; 6 kb=KB5031988; 8 kb=KB5032189", "7: 7 hostname=pc02; 7 kb=KB5032189"]
    );
    let csv = "\r\nNode,Caption,CSName,Description,FixComments,HotFixID,InstallDate,InstalledBy,InstalledOn\r\nPC03,http://support.microsoft.com/?kbid=5031988,PC03,Update,,KB5031988,,X,11/20/2023\r\n";
    assert_eq!(shown(&windows::read("x", csv.as_bytes()).unwrap()), ["3: 3 hostname=pc03; 3 kb=KB5031988"]);
    let wmic = "Caption                                     CSName  Description      FixComments  HotFixID   InstallDate  InstalledBy          InstalledOn\n\
        http://support.microsoft.com/?kbid=5031988  PC04    Update                        KB5031988               NT AUTHORITY\\SYSTEM  11/20/2023\n";
    assert_eq!(shown(&windows::read("x", wmic.as_bytes()).unwrap()), ["2: 2 hostname=pc04; 2 kb=KB5031988"]);
    let list = "Caption=\r\nCSName=PC05\r\nHotFixID=KB5031988\r\n";
    assert_eq!(shown(&windows::read("x", list.as_bytes()).unwrap()), ["3: 3 hostname=pc05; 3 kb=KB5031988"]);
    let nameless = windows::read("x", b"HotFixID\r\r\nKB5031988\r\r\nKB5032189\r\r\n").unwrap();
    assert_eq!(shown(&nameless), ["2: 2 kb=KB5031988; 3 kb=KB5032189"]);
    assert_eq!(nameless.problems[0].msg.key, "tables-list-without-host");
    let told = windows::read("x", "ホスト名: PC06\r\nHotFixID\r\nKB5031988\r\n".as_bytes()).unwrap();
    assert_eq!((shown(&told), told.problems.len()), (vec!["3: 3 hostname=pc06; 3 kb=KB5031988".to_owned()], 0));
}

#[test]
fn what_else_a_log_holds_is_said() {
    let log = format!("{JA}C:\\>arp -a\r\n  10.20.1.5   02-00-5e-03-04-05   動的\r\n");
    let (kind, table) = hospital::read("x", log.as_bytes()).unwrap();
    let table = table.unwrap();
    assert_eq!((kind, table.rows.len()), (Kind::SystemInfo, 1));
    let problems: Vec<_> = table.problems.iter().map(|p| (p.place.line, p.msg.key.as_str())).collect();
    assert_eq!(problems, [(Some(41), "tables-addresses-beside")]);
}

#[test]
fn other_files_are_refused() {
    let ledger = "\"ホスト名\",\"OS 名\",\"設置場所\"\n\"PC01\",\"Windows 10\",\"1F\"\n";
    assert_eq!(windows::kind_of(ledger), None);
    for bytes in [&b""[..], b"hello", b"HotFixID without any", b"Host Name: x\n", b"Host Name: x\nOS Name: y\n\0"] {
        assert!(windows::read("x", bytes).is_err(), "{}", String::from_utf8_lossy(bytes));
    }
}
