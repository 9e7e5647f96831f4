//! nmap on real scans and on damaged input.

use crate::kat;
use tomomori_domain::import::{Field, TableKind};
use tomomori_domain::resource::Grade;
use tomomori_formats::{Problem, nmap, tables};

const SMALL: &str = r#"<?xml version="1.0"?>
<!DOCTYPE nmaprun>
<nmaprun scanner="nmap" start="1396104415" version="7.95">
<host><status state="down"/><address addr="10.0.0.8" addrtype="ipv4"/></host>
<host><status state="up" reason="arp-response"/>
<address addr="10.0.0.9" addrtype="ipv4"/><address addr="2001:DB8::1" addrtype="ipv6"/><address addr="00:1F:3C:87:66:50" addrtype="mac" vendor="Intel Corporate"/>
<hostnames><hostname name="typed" type="user"/><hostname name="PACS01.example.test" type="PTR"/></hostnames>
<ports><extraports state="closed" count="2"/>
<port protocol="tcp" portid="22"><state state="closed"/><service name="ssh"/></port>
<port protocol="tcp" portid="80"><state state="open"/><service name="http" product="Apache httpd" version="2.2.14" extrainfo="(Win32)"><cpe>cpe:/a:apache:http_server:2.2.14</cpe></service></port>
<port protocol="tcp" portid="104"><state state="open"/><service name="acr-nema" product="DCMTK" version="3.6"/></port>
</ports>
<os><osmatch name="Linux 3.7 - 3.15" accuracy="93"/><osmatch name="Fortinet FortiGate" accuracy="98"><osclass type="firewall" vendor="Fortinet" osfamily="embedded" accuracy="98"><cpe>cpe:/o:fortinet:fortios</cpe></osclass></osmatch></os>
</host>
<runstats><finished time="1396104416"/><hosts up="1" down="1" total="2"/></runstats>
</nmaprun>"#;

fn read(bytes: &[u8]) -> Result<nmap::Nmap, tomomori_formats::FormatError> {
    nmap::read("scan.xml", &mut &*bytes)
}

#[test]
fn a_host_becomes_a_row() {
    let scan = read(SMALL.as_bytes()).unwrap();
    assert_eq!(
        (scan.hosts.len(), scan.down, scan.started, scan.finished),
        (1, 1, Some(1_396_104_415), Some(1_396_104_416))
    );
    assert_eq!(scan.hosts[0].mac_vendor.as_deref(), Some("Intel Corporate"));
    let ports: Vec<_> =
        scan.hosts[0].ports.iter().map(|port| (port.number, port.product.as_deref(), port.line)).collect();
    assert_eq!(ports, [(80, Some("Apache httpd"), 10), (104, Some("DCMTK"), 11)]);
    let table = tables::nmap_table(&scan, "scan.xml");
    assert_eq!(
        (table.kind, table.grade, table.rows.len(), table.problems.len()),
        (TableKind::Resources, Grade::Observed, 1, 0)
    );
    let values: Vec<_> = table.rows[0].values.iter().map(|v| (v.field, v.text.as_str(), v.place.line)).collect();
    assert_eq!(
        values,
        [
            (Field::Address, "10.0.0.9", Some(5)),
            (Field::Address, "2001:db8::1", Some(5)),
            (Field::Mac, "00:1f:3c:87:66:50", Some(5)),
            (Field::Hostname, "pacs01.example.test", Some(5)),
            (Field::Os, "Fortinet FortiGate", Some(5)),
            (Field::Kind, "network", Some(5)),
            (Field::Cpe, "cpe:/a:apache:http_server:2.2.14", Some(10)),
            (Field::Software, "DCMTK 3.6", Some(11)),
        ]
    );
}

#[test]
fn a_scan_broken_off_is_said() {
    let scan = read(SMALL.replace("finished", "x").as_bytes()).unwrap();
    assert_eq!(tables::nmap_table(&scan, "scan.xml").problems[0].msg.key, "tables-scan-unfinished");
}

#[test]
fn real_scans() {
    let Some(files) = kat::archive("real_scans", "nmap/nmap-xml-open.tar.zst") else { return };
    let (mut scans, mut up, mut down, mut ports, mut cpes) = (0, 0, 0, 0, 0);
    for (file, bytes) in files.iter().filter(|(file, _)| file.ends_with(".xml")) {
        if file.contains("defused_et_") {
            let error = nmap::read(file, &mut bytes.as_slice()).err().unwrap().to_string();
            assert!(error.contains("DTD") || error.contains("not an nmap scan"), "{error}");
            continue;
        }
        let scan = nmap::read(file, &mut bytes.as_slice()).unwrap();
        scans += 1;
        up += scan.hosts.len();
        down += scan.down;
        ports += scan.hosts.iter().map(|host| host.ports.len()).sum::<usize>();
        cpes += scan.hosts.iter().flat_map(|host| &host.ports).map(|port| port.cpes.len()).sum::<usize>();
        let table = tables::nmap_table(&scan, file);
        assert!(
            table.rows.iter().all(|row| row.get(Field::Address).is_some() || row.get(Field::Mac).is_some()),
            "{file}"
        );
        let text = String::from_utf8_lossy(bytes);
        let lines: Vec<&str> = text.lines().collect();
        for host in &scan.hosts {
            assert!(lines[host.line as usize - 1].contains("<host"), "{file}:{} does not start a host", host.line);
        }
    }
    println!("nmap: {scans} scans, {up} hosts up, {down} down, {ports} open ports, {cpes} CPE names of services");
    assert_eq!(scans, 34);
}

#[test]
fn damaged_input_is_refused_with_the_reason() {
    for sixteenth in 1..16 {
        let problem = read(&SMALL.as_bytes()[..SMALL.len() * sixteenth / 16]).err().unwrap().problem;
        assert!(matches!(problem, Problem::Truncated { .. }), "{sixteenth}: {problem}");
    }
    let bomb = SMALL.replace("<!DOCTYPE nmaprun>", "<!DOCTYPE nmaprun [<!ENTITY a \"b\">]>");
    assert!(read(bomb.as_bytes()).err().unwrap().to_string().contains("DTD"));
    for (bytes, says) in [
        (&b""[..], "empty"),
        (b"\0\0", "outside"),
        (b"{}", "outside"),
        (b"<rdf/>", "<rdf>"),
        (b"\x80\xff\xfd", "not text"),
    ] {
        let error = read(bytes).err().unwrap().to_string();
        assert!(error.starts_with("scan.xml: ") && error.contains(says), "{error}");
    }
}
