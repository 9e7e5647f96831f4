//! No bytes bring a reader of a hospital's files down, places name lines that are there, and what is printed in a
//! canonical form is read back as it was.

use proptest::prelude::*;
use tomomori_domain::import::{Field, Table};
use tomomori_formats::inspect::{HEAD, Kind, recognise};
use tomomori_formats::{addresses, directory, eol, hospital, packages, sbom, tables, windows};

/// A real or realistic sample of each format.
const SAMPLES: [&[u8]; 10] = [
    include_bytes!("../../../../fixtures/addresses/cisco-switch.log"),
    include_bytes!("../../../../fixtures/addresses/yamaha-rtx.log"),
    include_bytes!("../../../../fixtures/windows/systeminfo-ja.txt"),
    include_bytes!("../../../../fixtures/windows/systeminfo-en.txt"),
    include_bytes!("../../../../fixtures/packages/dpkg-l.txt"),
    include_bytes!("../../../../fixtures/packages/rpm-qa.txt"),
    include_bytes!("../../../../fixtures/directory/computers.ldf"),
    include_bytes!("../../../../fixtures/sbom/small.spdx"),
    include_bytes!("../../../../fixtures/sbom/small.cdx.xml"),
    include_bytes!("../../../../fixtures/eol/example.md"),
];

#[test]
fn samples_are_recognised_and_sound() {
    use Kind as K;
    let kinds: Vec<Kind> = SAMPLES.iter().map(|sample| recognise(sample)).collect();
    assert_eq!(
        kinds,
        [
            K::Arp,
            K::Arp,
            K::SystemInfo,
            K::SystemInfo,
            K::Packages,
            K::Packages,
            K::Directory,
            K::Spdx,
            K::CycloneDxXml,
            K::Eol
        ]
    );
    for sample in SAMPLES {
        let found = tomomori_formats::inspect::inspect("x", &mut &*sample);
        assert!(found.sound, "{:?}", found.problems);
        let cp932 = encoding_rs::SHIFT_JIS.encode(std::str::from_utf8(sample).unwrap_or_default()).0;
        assert_eq!(recognise(&cp932), found.kind);
    }
}

/// Every reader, on the same bytes.
fn everything(bytes: &[u8]) -> Vec<Table> {
    let _ = eol::read("x", &mut &*bytes);
    let _ = tomomori_formats::inspect::inspect("x", &mut &*bytes);
    let mut found: Vec<Table> = [
        hospital::read("x", bytes).and_then(|(_, table)| table.ok()),
        windows::read("x", bytes).ok(),
        packages::read("x", bytes).ok(),
        directory::read("x", bytes).ok(),
        sbom::read("x", &mut &*bytes).ok().map(|sbom| tables::sbom_table(&sbom, "x").0),
        addresses::read("x", &mut &*bytes).ok().map(|list| tables::addresses_table(&list, "x")),
    ]
    .into_iter()
    .flatten()
    .collect();
    found.retain(|table| !table.rows.is_empty() || !table.problems.is_empty());
    found
}

/// Every line that a table names is in the text.
fn lines_are_there(bytes: &[u8], tables: &[Table]) {
    let Some((text, _)) = tomomori_formats::bytes::decode(bytes) else { return };
    let count = text.split('\n').count();
    for table in tables {
        let rows = table.rows.iter().flat_map(|row| row.values.iter().map(|value| &value.place).chain([&row.place]));
        for place in rows.chain(table.problems.iter().map(|problem| &problem.place)) {
            assert!(place.line.is_none_or(|line| (1..=count).contains(&(line as usize))), "{place}: {count} lines");
        }
    }
}

/// A value that is a word of the file stands on the line it names; those of a lease name the line on which it starts.
fn values_stand_where_they_say(text: &str, table: &Table) {
    let lines: Vec<String> = text.lines().map(str::to_lowercase).collect();
    for value in table.rows.iter().flat_map(|row| &row.values) {
        if matches!(value.field, Field::Kb | Field::Port | Field::Hostname | Field::Address | Field::Name) {
            let at = value.place.line.map_or(usize::MAX, |line| line as usize - 1);
            let lease = lines.get(at).is_some_and(|line| line.contains("アドレス: "));
            let word = value.text.to_lowercase();
            let start = word.split('.').next().unwrap_or_default();
            let found = lines.iter().skip(at).take(if lease { 3 } else { 1 }).any(|line| line.contains(start));
            assert!(found, "{}: {} not there", value.place, value.text);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        lines_are_there(&bytes, &everything(&bytes));
    }

    #[test]
    fn damaged_samples(
        sample in 0..SAMPLES.len(),
        hits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
        cut in any::<prop::sample::Index>(),
        other in 0..SAMPLES.len(),
    ) {
        let mut bytes = SAMPLES[sample].to_vec();
        for (at, byte) in hits {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(cut.index(bytes.len()) + 1);
        lines_are_there(&bytes, &everything(&bytes));
        bytes.extend(SAMPLES[other]);
        lines_are_there(&bytes, &everything(&bytes));
    }

    /// Blank lines and other commands in front only move the lines.
    #[test]
    fn lines_in_front_move_the_places(sample in 0..4_usize, front in 0..30_usize) {
        let text = std::str::from_utf8(SAMPLES[sample]).unwrap_or_default();
        let moved = format!("{}{text}", "\r\n".repeat(front));
        let (before, after) = (everything(text.as_bytes()), everything(moved.as_bytes()));
        for (before, after) in before.iter().zip(&after) {
            values_stand_where_they_say(&moved, after);
            let lines = |table: &Table| table.rows.iter().filter_map(|row| row.place.line).collect::<Vec<_>>();
            let want: Vec<u32> = lines(before).iter().map(|line| line + front as u32).collect();
            prop_assert_eq!(lines(after), want);
        }
        prop_assert_eq!(before.len(), after.len());
    }

    #[test]
    fn a_mac_address_has_one_form(octets in any::<[u8; 6]>()) {
        let hex: Vec<String> = octets.iter().map(|octet| format!("{octet:02x}")).collect();
        let canonical = hex.join(":");
        let cisco = format!("{}.{}.{}", hex[..2].concat(), hex[2..4].concat(), hex[4..].concat());
        for text in [canonical.clone(), hex.join("-").to_uppercase(), cisco, hex.concat()] {
            let read = addresses::mac(&text);
            prop_assert_eq!(read.as_deref(), Some(canonical.as_str()));
        }
    }

    /// `ip neigh` and `dhcpd.leases`, printed and read.
    #[test]
    fn printed_addresses_are_read_back(devices in proptest::collection::btree_map(any::<u32>(), any::<[u8; 5]>(), 1..20)) {
        let devices: Vec<(String, String)> = devices
            .into_iter()
            .map(|(ip, mac)| {
                let mac: Vec<String> = [2].into_iter().chain(mac).map(|octet: u8| format!("{octet:02x}")).collect();
                (std::net::Ipv4Addr::from(ip).to_string(), mac.join(":"))
            })
            .collect();
        let neighbours: String = devices.iter().map(|(ip, mac)| format!("{ip} dev eth0 lladdr {mac} STALE\n")).collect();
        let leases: String = devices.iter().map(|(ip, mac)| format!("lease {ip} {{\n  hardware ethernet {mac};\n}}\n")).collect();
        for (text, each) in [(neighbours, 1), (leases, 3)] {
            let list = addresses::read("x", &mut text.as_bytes()).map_err(|error| TestCaseError::fail(error.to_string()))?;
            let read: Vec<_> = list.seen.iter().map(|seen| (seen.ip.clone().unwrap_or_default(), seen.mac.clone())).collect();
            prop_assert_eq!(&read, &devices);
            for (i, seen) in list.seen.iter().enumerate() {
                prop_assert_eq!(seen.line as usize, i * each + 1);
            }
        }
    }

    /// `dpkg-query -W` and `rpm -qa`, printed and read.
    #[test]
    fn printed_packages_are_read_back(list in proptest::collection::vec(("[a-z][a-z0-9+.]{1,12}(-[a-z]{2,5})?", "[0-9][a-z0-9.]{0,8}", "[0-9][a-z0-9.]{0,8}"), 3..30)) {
        let list: Vec<_> = list.into_iter().chain([("libc6".to_owned(), "2.36".to_owned(), "9".to_owned())]).collect();
        let deb: String = list.iter().map(|(name, version, release)| format!("{name}\t{version}-{release}\n")).collect();
        let rpm: String = list.iter().map(|(name, version, release)| format!("{name}-{version}-{release}.x86_64\n")).collect();
        for text in [deb, rpm] {
            let table = packages::read("x", text.as_bytes()).map_err(|error| TestCaseError::fail(error.to_string()))?;
            let read: Vec<_> = table.rows.iter().map(|row| (row.get(Field::Name), row.get(Field::Version))).collect();
            let want: Vec<_> = list.iter().map(|(name, version, release)| (name, format!("{version}-{release}"))).collect();
            prop_assert_eq!(read, want.iter().map(|(name, version)| (Some(name.as_str()), Some(version.as_str()))).collect::<Vec<_>>());
        }
    }
}

#[test]
fn recognising_looks_at_the_head_only() {
    let mut long = SAMPLES[4].to_vec();
    while long.len() < 2 * HEAD {
        long.extend(b"ii  libexample1    1.0-1    amd64        Example library\n");
    }
    assert_eq!(recognise(&long[..HEAD]), Kind::Packages);
    assert!(hospital::read("x", &long).is_some_and(|(_, table)| table.is_ok_and(|table| table.rows.len() > 4000)));
}
