//! Computers of an Active Directory in the three forms it is exported in.

use crate::shown::shown;
use tomomori_domain::import::Severity;
use tomomori_formats::directory;

const LDIF: &str = include_str!("../../../../fixtures/directory/computers.ldf");

#[test]
fn ldif() {
    let table = directory::read("computers.ldf", LDIF.as_bytes()).unwrap();
    assert_eq!(
        shown(&table),
        [
            "1: 15 hostname=uketsuke-01.hosp.example; 13 os=Windows 10 Pro 10.0.19045; 13 kind=client; \
             17 seen_on=2024-11-25; 9 note=事務受付1番立口; 1 department=医事課",
            "19: 22 hostname=pacs-sv01; 24 os=Windows Server 2019 Standard 10.0.17763; 24 kind=server",
        ]
    );
    let problems: Vec<_> = table.problems.iter().map(|p| (p.place.line, p.msg.key.as_str())).collect();
    assert_eq!(problems, [(Some(19), "tables-accounts-disabled"), (Some(28), "tables-no-computers")]);
}

#[test]
fn csvde() {
    let text = "DN,objectClass,cn,description,userAccountControl,sAMAccountName,dNSHostName,lastLogonTimestamp,operatingSystem,operatingSystemVersion\r\n\
        \"CN=CT-CON01,OU=放射線科,DC=hosp,DC=example\",computer,CT-CON01,\"CT 操作卓\r\n2 号機\",4096,CT-CON01$,ct-con01.hosp.example,133770000000000000,Windows 10 Enterprise LTSC,10.0 (17763)\r\n\
        \"CN=OLD01,CN=Computers,DC=hosp,DC=example\",computer,OLD01,,4096,OLD01$,,,,\r\n\
        \"CN=staff,DC=hosp,DC=example\",group,staff,,,,,,,\r\n";
    for bytes in [text.as_bytes(), &encoding_rs::SHIFT_JIS.encode(text).0] {
        let table = directory::read("x.csv", bytes).unwrap();
        assert_eq!(
            shown(&table),
            [
                "2: 2 hostname=ct-con01.hosp.example; 2 os=Windows 10 Enterprise LTSC 10.0.17763; 2 kind=client; \
                 2 seen_on=2024-11-25; 2 note=CT 操作卓 2 号機; 2 department=放射線科",
                "4: 4 hostname=old01",
            ]
        );
        assert_eq!(table.problems.iter().map(|p| p.place.line).collect::<Vec<_>>(), [Some(5)]);
    }
}

#[test]
fn powershell() {
    let text = "#TYPE Microsoft.ActiveDirectory.Management.ADComputer\r\n\"Description\",\"DistinguishedName\",\"DNSHostName\",\"Enabled\",\"IPv4Address\",\"LastLogonDate\",\"lastLogonTimestamp\",\"Name\",\"ObjectClass\",\"OperatingSystem\",\"OperatingSystemVersion\"\r\n\
        \"\",\"CN=NS-3F-01,OU=看護部,DC=hosp,DC=example\",\"NS-3F-01.hosp.example\",\"False\",\"10.20.3.7\",\"2026/11/20 9:12:33\",\"133770000000000000\",\"NS-3F-01\",\"computer\",\"Windows 11 Pro\",\"10.0 (22631)\"\r\n";
    let table = directory::read("x.csv", text.as_bytes()).unwrap();
    assert_eq!(
        shown(&table),
        ["3: 3 hostname=ns-3f-01.hosp.example; 3 os=Windows 11 Pro 10.0.22631; 3 kind=client; 3 address=10.20.3.7; \
          3 seen_on=2026-11-20; 3 department=看護部"]
    );
    assert_eq!(table.problems[0].msg.key, "tables-accounts-disabled");
}

#[test]
fn thousands_of_computers() {
    let mut text = String::from("DN,objectClass,cn,operatingSystem,operatingSystemVersion\n");
    for i in 0..20_000 {
        text += &format!("\"CN=PC{i:05},OU=医事課,DC=hosp\",computer,PC{i:05},Windows 11 Pro,10.0 (22631)\n");
    }
    let table = directory::read("x.csv", text.as_bytes()).unwrap();
    assert_eq!((table.rows.len(), table.problems.len()), (20_000, 0));
    assert_eq!(table.rows[19_999].place.line, Some(20_001));
}

#[test]
fn other_files_and_broken_values() {
    for text in ["", "hello", "名称,型番\n端末,X\n", "dn: CN=x\n", "DN,memo\na,b\n"] {
        assert!(directory::read("x", text.as_bytes()).is_err(), "{text}");
    }
    let broken = LDIF.replace("description:: 5LqL", "description:: 5Lq%");
    let table = directory::read("x", broken.as_bytes()).unwrap();
    assert_eq!((table.rows.len(), table.problems[0].place.line), (2, Some(9)));
    assert_eq!(table.problems[0].severity, Severity::Warning);
}
