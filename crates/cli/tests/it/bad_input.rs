//! Any bytes from outside lead to a clear message that names the place and the remedy, and to nothing else.

use crate::hostile;
use crate::program::Installation;

#[test]
fn explore() {
    let it = Installation::new();
    it.ok(&[&"migrate"]);
    let good = hostile::workbook();
    let csv = "機器名,IPアドレス\r\n受付PC,10.0.0.1\r\n";
    let utf16: Vec<u8> = csv.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let files: Vec<(&str, Vec<u8>)> = vec![
        ("ok.xlsx", good.clone()),
        ("empty.csv", Vec::new()),
        ("truncated.xlsx", good[..good.len() / 2].to_vec()),
        ("bomb.xlsx", hostile::bomb()),
        ("corners.xlsx", hostile::far_corners()),
        ("formulas.xlsx", hostile::formulas()),
        ("macros.xlsm", hostile::macros()),
        ("locked.xlsx", hostile::locked()),
        ("utf16.csv", utf16),
        ("bytes.csv", (0..4000u32).map(|n| (n * 7919 % 251) as u8).collect()),
        ("ragged.csv", "機器名,IPアドレス\r\n受付PC\r\n会計PC,10.0.0.2,余り,余り\r\n".as_bytes().to_vec()),
        ("quote.csv", "機器名,IPアドレス\r\n\"受付PC,10.0.0.1\r\n会計PC,10.0.0.2\r\n".as_bytes().to_vec()),
        ("nul.csv", "機器名,IPアドレス\r\n受付\0PC,10.0.0.1\r\n".as_bytes().to_vec()),
        ("entities.xml", br#"<?xml version="1.0"?><!DOCTYPE nmaprun [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]><nmaprun scanner="nmap"><host><address addr="10.0.0.9" addrtype="ipv4"/><hostnames><hostname name="&x;&b;"/></hostnames></host></nmaprun>"#.to_vec()),
        ("wrong.json", br#"{"CVE_data_type":"CVE","CVE_data_format":"MITRE","CVE_data_version":"4.0","CVE_Items":[]}"#.to_vec()),
        ("sbom.json", br#"{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"name":"#.to_vec()),
        ("picture.xlsx", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec()),
        ("big.csv", { let mut b = csv.as_bytes().to_vec(); b.resize(200_000_000, b'a'); b }),
        ("toobig.csv", vec![b'a'; 201_000_000]),
    ];
    for (name, bytes) in &files {
        let begun = std::time::Instant::now();
        let path = it.file(name, bytes);
        let told = it.run(&[&"--lang", &"en", &"import", &"--commit", &path]);
        println!("== {name} import {} in {:?}\n{}{}", told.code, begun.elapsed(), told.out, told.err);
        let told = it.run(&[&"--lang", &"en", &"inspect", &path]);
        println!("-- inspect {}\n{}{}", told.code, told.out, told.err);
    }
}
