//! Address lists: one sample per source, and damaged input. The samples follow the output of the named commands;
//! names and addresses are made up.

use crate::shown::shown;
use tomomori_domain::import::Field;
use tomomori_formats::addresses::{self, Addresses, ListKind};
use tomomori_formats::{FormatError, Problem, tables};

fn read(bytes: &[u8]) -> Result<Addresses, FormatError> {
    addresses::read("list.txt", &mut &*bytes)
}

const LEASES: &str = r#"# dhcpd.leases
authoring-byte-order little-endian;
lease 10.20.1.5 {
  starts 4 2024/01/11 01:02:03;
  hardware ethernet 00:1a:2b:03:04:05;
  client-hostname "OLD";
}
lease 10.20.1.6 {
  starts epoch 1704934923; # Thu Jan 11 01:02:03 2024
  binding state active;
  hardware ethernet 00:1a:2b:03:04:06;
  on commit {
    execute("x");
  }
  client-hostname "US-01";
}
lease 10.20.1.7 {
  binding state abandoned;
}
lease 10.20.1.5 {
  cltt 5 2024/01/12 05:00:00;
  hardware ethernet 00:1a:2b:03:04:05;
  client-hostname "Nurse-PC";
}
"#;

#[test]
fn isc_leases_keep_the_last_word() {
    let list = read(LEASES.as_bytes()).unwrap();
    let seen: Vec<_> = list
        .seen
        .iter()
        .map(|s| (s.ip.as_deref().unwrap(), s.mac.as_str(), s.hostname.as_deref(), s.when.as_deref(), s.line))
        .collect();
    assert_eq!(list.kind, ListKind::IscLeases);
    assert_eq!(
        seen,
        [
            ("10.20.1.6", "00:1a:2b:03:04:06", Some("us-01"), Some("2024-01-11T01:02:03Z"), 8),
            ("10.20.1.5", "00:1a:2b:03:04:05", Some("nurse-pc"), Some("2024-01-12T05:00:00Z"), 20),
        ]
    );
    assert_eq!((list.notes.len(), list.notes[0].record.as_str()), (1, "17"));
    for end in [LEASES.len() - 2, LEASES.len() / 2] {
        let problem = read(&LEASES.as_bytes()[..end]).err().unwrap().problem;
        assert!(matches!(problem, Problem::Truncated { .. }), "{problem}");
    }
}

#[test]
fn windows_dhcp_exports() {
    let powershell = "#TYPE Selected.DhcpServerv4Lease\r\n\"IPAddress\",\"ScopeId\",\"AddressState\",\"ClientId\",\"HostName\",\"LeaseExpiryTime\"\r\n\
        \"10.20.1.5\",\"10.20.1.0\",\"Active\",\"00-1a-2b-03-04-05\",\"PC, 1.hosp.local\",\"2026/11/30 9:00:00\"\r\n\"10.20.1.6\",\"10.20.1.0\",\"Active\",\"52-41-53-20\",\"\",\"\"\r\n";
    let console = "クライアント IP アドレス\t名前\tリースの有効期限\t種類\t一意の ID\t説明\r\n10.20.1.5\tPC, 1.hosp.local\t2026/11/30 9:00:00\tDHCP\t001a2b030405\t\r\n";
    let (utf16, cp932) = (
        console.encode_utf16().fold(vec![0xff, 0xfe], |mut out, unit| {
            out.extend(unit.to_le_bytes());
            out
        }),
        encoding_rs::SHIFT_JIS.encode(console).0.into_owned(),
    );
    for (bytes, line) in [(powershell.as_bytes(), 3), (console.as_bytes(), 2), (&utf16, 2), (&cp932, 2)] {
        let list = read(bytes).unwrap();
        let seen = &list.seen[0];
        assert_eq!(list.kind, ListKind::DhcpCsv);
        assert_eq!(
            (seen.ip.as_deref().unwrap(), seen.mac.as_str(), seen.hostname.as_deref(), seen.line),
            ("10.20.1.5", "00:1a:2b:03:04:05", Some("pc, 1.hosp.local"), line)
        );
    }
    let list = read(powershell.as_bytes()).unwrap();
    assert_eq!((list.notes[0].record.as_str(), list.notes[0].reason), ("4", "lease without a MAC address"));
}

#[test]
fn arp_tables_of_every_kind() {
    let windows_ja = "\r\nインターフェイス: 10.20.1.2 --- 0x5\r\n  インターネット アドレス 物理アドレス           種類\r\n  10.20.1.5             00-1a-2b-03-04-05     動的\r\n  10.20.1.255           ff-ff-ff-ff-ff-ff     静的\r\n  224.0.0.22            01-00-5e-00-00-16     静的\r\n";
    let cases: [(&str, Option<&str>); 9] = [
        (windows_ja, None),
        (
            "Interface: 10.20.1.2 --- 0x5\r\n  Internet Address      Physical Address      Type\r\n  10.20.1.5             00-1a-2b-03-04-05     dynamic\r\n",
            None,
        ),
        (
            "Address                  HWtype  HWaddress           Flags Mask            Iface\n10.20.1.5                ether   00:1a:2b:03:04:05   C                     eth0\n",
            None,
        ),
        ("us-01.local (10.20.1.5) at 00:1a:2b:03:04:05 [ether] on eth0\n", Some("us-01.local")),
        ("? (10.20.1.5) at 0:1a:2b:3:4:5 on en0 ifscope [ethernet]\n", None),
        ("10.20.1.5 dev eth0 lladdr 00:1a:2b:03:04:05 REACHABLE\n", None),
        (
            "Protocol  Address          Age (min)  Hardware Addr   Type   Interface\nInternet  10.20.1.5              12   001a.2b03.0405  ARPA   Vlan10\n",
            None,
        ),
        (
            "カウント数: 1\nインタフェース   IPアドレス         MACアドレス        TTL(秒)\nLAN1(port1)      10.20.1.5          00:1a:2b:03:04:05  1020\n",
            None,
        ),
        (
            "10.20.1.5        - 255.255.255.0  -00-1a-2b-03-04-05    -2026/11/30 09:00:00    -D -  US-01.local\n",
            Some("us-01.local"),
        ),
    ];
    for (text, hostname) in cases {
        for bytes in [text.as_bytes(), &encoding_rs::SHIFT_JIS.encode(text).0] {
            let list = read(bytes).unwrap();
            let seen: Vec<_> =
                list.seen.iter().map(|s| (s.ip.as_deref().unwrap(), s.mac.as_str(), s.hostname.as_deref())).collect();
            assert_eq!(seen, [("10.20.1.5", "00:1a:2b:03:04:05", hostname)], "{text}");
            assert!(list.notes.is_empty(), "{:?}", list.notes);
        }
    }
}

#[test]
fn kea_leases_keep_the_last_word() {
    let text = "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context,pool_id\n\
        10.20.1.5,02:1a:2b:03:04:05,,3600,1700003600,1,0,0,old,0,,0\n10.20.1.6,,,3600,1700003600,1,0,0,,1,,0\n\
        10.20.1.5,02:1a:2b:03:04:09,01:02:1a:2b:03:04:09,3600,1700090000,1,0,0,us-02.hosp.example.,0,,0\n";
    let list = read(text.as_bytes()).unwrap();
    let seen = &list.seen[0];
    assert_eq!((list.kind, list.seen.len(), seen.line), (ListKind::DhcpCsv, 1, 4));
    assert_eq!((seen.mac.as_str(), seen.when.as_deref()), ("02:1a:2b:03:04:09", Some("2023-11-16")));
    assert_eq!(list.notes[0].record, "3");
    let table = tables::addresses_table(&list, "kea-leases4.csv");
    assert_eq!(table.rows[0].get(Field::SeenOn), Some("2023-11-16"));
}

fn rows(text: &[u8]) -> Vec<String> {
    read(text).map(|list| shown(&tables::addresses_table(&list, "log.txt"))).unwrap_or_default()
}

#[test]
fn a_log_of_a_switch_with_several_commands_and_page_breaks() {
    let log = include_bytes!("../../../../fixtures/addresses/cisco-switch.log");
    assert_eq!(
        rows(log),
        [
            "4: 4 address=10.20.1.5; 4 mac=02:00:5e:03:04:05",
            "6: 6 address=10.20.1.6; 6 mac=02:00:5e:03:04:06",
            "17: 17 mac=02:00:5e:03:04:05; 17 uplink=SW-3F-01; 17 port=Gi1/0/3",
            "18: 18 mac=02:00:5e:03:04:06; 18 uplink=SW-3F-01; 18 port=Gi1/0/4",
            "20: 20 mac=02:00:5e:03:10:01",
            "21: 21 mac=02:00:5e:03:10:02",
            "22: 22 mac=02:00:5e:03:10:03",
            "23: 23 mac=02:00:5e:03:10:04",
            "24: 24 mac=02:00:5e:03:10:05",
            "25: 25 mac=02:00:5e:03:10:06",
        ]
    );
    let table = tables::addresses_table(&read(log).unwrap(), "log.txt");
    let problems: Vec<_> = table.problems.iter().map(|p| (p.place.line.unwrap(), p.msg.key.as_str())).collect();
    assert_eq!(problems, [(20, "tables-port-shared"), (7, "tables-no-answer")]);
}

#[test]
fn allied_telesis_and_yamaha_switches() {
    let allied = "awplus-2F#show arp\n\nIP Address       LL Address      Interface  Port          Type\n10.20.2.5        0200.5e03.0405  vlan20     port1.0.7     dynamic\n10.20.2.6        0200.5e03.0406  vlan20     sa1           dynamic\n\
        awplus-2F#show mac address-table\n\nVLAN port             mac            fwd\n1    CPU          0200.cd1d.7eb0   forward   static\n20   port1.0.7    0200.5e03.0405   forward   dynamic\n";
    assert_eq!(
        rows(allied.as_bytes()),
        [
            "4: 4 address=10.20.2.5; 4 mac=02:00:5e:03:04:05; 4 uplink=awplus-2F; 4 port=port1.0.7",
            "5: 5 address=10.20.2.6; 5 mac=02:00:5e:03:04:06",
            "10: 10 mac=02:00:5e:03:04:05; 10 uplink=awplus-2F; 10 port=port1.0.7"
        ]
    );
    let yamaha = "SWX2310# show mac-address-table\nVLAN  port       mac             fwd      type     timeout\n   1  port1.2    0200.5e11.2233  forward  static         0\n   1  port1.1    0200.5e1e.8c2b  forward  dynamic      300\n";
    assert_eq!(rows(yamaha.as_bytes())[1], "4: 4 mac=02:00:5e:1e:8c:2b; 4 uplink=SWX2310; 4 port=port1.1");
    let hub = "RTX-HONKAN> show status switching-hub macaddress\nport 2:2\n  02:00:5e:33:44:10\n  02:00:5e:33:44:50\nport 5:1\n  02:00:5e:33:44:11\nport 8:0\n";
    assert_eq!(
        rows(hub.as_bytes()),
        [
            "3: 3 mac=02:00:5e:33:44:10; 3 uplink=RTX-HONKAN; 3 port=port2",
            "4: 4 mac=02:00:5e:33:44:50; 4 uplink=RTX-HONKAN; 4 port=port2",
            "6: 6 mac=02:00:5e:33:44:11; 6 uplink=RTX-HONKAN; 6 port=port5"
        ]
    );
}

#[test]
fn a_log_of_a_yamaha_router_in_cp932() {
    let text = include_str!("../../../../fixtures/addresses/yamaha-rtx.log");
    let want = [
        "6: 6 address=192.0.2.10; 6 mac=02:00:5e:3d:32:01; 6 port=port1",
        "7: 7 address=192.0.2.20; 7 mac=02:00:5e:3d:32:02; 7 port=port2",
        "12: 12 address=192.0.2.10; 12 mac=02:00:5e:3d:32:01",
        "15: 15 address=192.0.2.11; 15 mac=02:00:5e:3d:32:03; 15 hostname=nurse-3f",
        "19: 19 address=192.0.2.15; 19 mac=02:00:5e:3d:32:04; 19 hostname=us-01",
        "23: 23 address=192.0.2.30; 23 mac=02:00:5e:3d:32:05",
    ];
    assert_eq!(rows(text.as_bytes()), want);
    assert_eq!(rows(&encoding_rs::SHIFT_JIS.encode(text).0), want);
}

#[test]
fn unusable_lines_are_named() {
    let text = "10.20.1.5 dev eth0 lladdr 00:1a:2b:03:04:05 STALE\n10.20.1.6 dev eth0  FAILED\nprinter.local ether 00:1a:2b:03:04:06 C eth0\n10.20.1.999 dev eth0 lladdr 00:1a:2b:03:04:07 STALE\n10.20.1.8 ether (incomplete) eth0\n";
    let list = read(text.as_bytes()).unwrap();
    assert_eq!(list.notes.iter().map(|note| note.record.as_str()).collect::<Vec<_>>(), ["2", "3", "4", "5"]);
    let table = tables::addresses_table(&list, "list.txt");
    assert_eq!(table.rows[0].get(Field::Mac), Some("00:1a:2b:03:04:05"));
    assert_eq!(table.rows[0].place.to_string(), "list.txt:1");
    assert_eq!(table.problems.iter().map(|p| p.place.line).collect::<Vec<_>>(), [Some(2), Some(3), Some(4), Some(5)]);
}

#[test]
fn other_files_are_refused() {
    for (bytes, says) in [
        (&b""[..], "empty"),
        (b"hello\n", "no line with an IP or"),
        (b"10.0.0.1 00:1a:2b:03:04:05\0", "binary"),
        (b"\x80\xff\xfd", "not text"),
    ] {
        let error = read(bytes).err().unwrap().to_string();
        assert!(error.starts_with("list.txt: ") && error.contains(says), "{error}");
    }
}
