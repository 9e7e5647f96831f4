//! The files are what they claim to be, and say what the truth says they say.

use super::{SEEDS, Size, generate, small};
use crate::hospital::{Hospital, ledger};
use calamine::{Reader, Xlsx};
use std::collections::BTreeMap;
use std::io::Cursor;
use std::net::Ipv4Addr;

/// The lines of every sheet and file, cells as text.
type Grid = BTreeMap<(String, Option<String>), Vec<Vec<String>>>;

fn read(hospital: &Hospital) -> Grid {
    let mut grid = Grid::new();
    for (name, bytes) in &hospital.files {
        if name.ends_with(".xlsx") {
            for (sheet, rows) in workbook(bytes) {
                grid.insert((name.clone(), Some(sheet)), rows);
            }
        } else {
            let lines = decode(bytes).lines().map(|line| vec![line.to_owned()]).collect();
            grid.insert((name.clone(), None), lines);
        }
    }
    grid
}

fn workbook(bytes: &[u8]) -> Vec<(String, Vec<Vec<String>>)> {
    let mut book = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    let sheets = book.sheet_names();
    let mut read = |sheet: String| {
        let range = book.worksheet_range(&sheet).expect("a sheet");
        let (height, width) = range.end().expect("cells");
        let cell = |row, column| match range.get_value((row, column)) {
            Some(other) => other.to_string(),
            None => String::new(),
        };
        let rows = (0..=height).map(|row| (0..=width).map(|column| cell(row, column)).collect()).collect();
        (sheet, rows)
    };
    sheets.into_iter().map(&mut read).collect()
}

fn decode(bytes: &[u8]) -> String {
    std::str::from_utf8(bytes).map(str::to_owned).unwrap_or_else(|_| {
        let (text, _, bad) = encoding_rs::SHIFT_JIS.decode(bytes);
        assert!(!bad, "neither UTF-8 nor CP932");
        text.into_owned()
    })
}

#[test]
fn files_are_well_formed() {
    for hospital in small() {
        let names: Vec<&str> = hospital.files.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names.iter().filter(|name| name.starts_with("sbom_")).count(), 2, "{names:?}");
        assert_eq!(names.len(), 12, "{names:?}");
        for (name, bytes) in &hospital.files {
            let ending = name.rsplit('.').next().expect("an ending");
            match ending {
                "xlsx" => assert!(!workbook(bytes).is_empty()),
                "csv" => csv(name, &decode(bytes)),
                "xml" => xml(&decode(bytes)),
                "json" => drop(serde_json::from_slice::<serde_json::Value>(bytes).expect("JSON")),
                _ => assert_eq!(name, "arp.txt"),
            }
        }
    }
}

fn csv(name: &str, text: &str) {
    let rows: Vec<csv::StringRecord> = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
        .records()
        .collect::<Result<_, _>>()
        .expect("CSV");
    let width = rows.last().map_or(0, csv::StringRecord::len);
    assert!(width >= 3 && rows.iter().all(|row| row.len() == width), "{name}: {rows:?}");
}

fn xml(text: &str) {
    let mut reader = quick_xml::Reader::from_str(text);
    let mut hosts = 0;
    loop {
        match reader.read_event().expect("well-formed XML") {
            quick_xml::events::Event::Eof => break,
            quick_xml::events::Event::Start(tag) if tag.name().as_ref() == "host" => hosts += 1,
            _ => {}
        }
    }
    assert_eq!(hosts, text.matches("addrtype=\"ipv4\"").count());
}

#[test]
fn everything_stands_where_the_truth_says() {
    for hospital in small().flat_map(|it| [it.next_year(1), it.mutate(1, 5).hospital, it]) {
        let grid = read(&hospital);
        let truth = &hospital.truth;
        let of = |appears: &[crate::hospital::Appearance]| appears.to_vec();
        let all = truth.devices.iter().map(|it| of(&it.appears)).chain(truth.lines.iter().map(|it| of(&it.appears)));
        let all = all.chain(truth.zones.iter().map(|it| of(&it.appears)));
        for appearance in all.chain(truth.contracts.iter().map(|it| of(&it.appears))).flatten() {
            let rows = &grid[&(appearance.file.clone(), appearance.sheet.clone())];
            let row = rows[appearance.line as usize - 1].join("|");
            assert!(!appearance.key.is_empty() && row.contains(&appearance.key), "{appearance:?}: {row}");
        }
        for device in &truth.devices {
            assert!(!device.appears.is_empty(), "{device:?}");
        }
    }
}

#[test]
fn doubtful_values_stand_in_their_cells() {
    for hospital in small().flat_map(|it| [it.next_year(2), it]) {
        let grid = read(&hospital);
        for trap in hospital.traps.iter().filter(|trap| !trap.facts.values.is_empty()) {
            for place in &trap.facts.places {
                let row = &grid[&(place.file.clone(), place.sheet.clone())][place.line as usize - 1];
                let cell = place.cell.as_ref().expect("lists with doubts are workbooks");
                let column = cell.trim_end_matches(|c: char| c.is_ascii_digit());
                let column = column.bytes().fold(0, |sum, c| sum * 26 + usize::from(c - b'A') + 1) - 1;
                assert!(trap.facts.values.contains(&row[column]), "{trap:?}: {row:?}");
            }
        }
    }
}

#[test]
fn nothing_real_is_named() {
    for hospital in SEEDS.map(|seed| generate(seed, Size::MIDDLE)) {
        let devices = &hospital.truth.devices;
        for address in devices.iter().flat_map(|device| &device.addresses) {
            assert!(address.parse::<Ipv4Addr>().expect("an address").is_private(), "{address}");
        }
        for mac in devices.iter().flat_map(|device| &device.macs) {
            assert!(mac.starts_with("02:") && mac.len() == 17, "{mac}");
        }
        for rows in read(&hospital).values() {
            for cell in rows.iter().flatten() {
                for phone in cell.as_bytes().windows(12).filter(|window| is_phone(window)) {
                    assert!(phone.starts_with(b"03-0000-"), "{cell}");
                }
            }
        }
        let (_, bytes) = hospital.files.iter().find(|(name, _)| name == "ad_computers.csv").expect("an export");
        for line in decode(bytes).lines().skip(1) {
            assert!(line.contains(".example\""), "{line}");
        }
    }
}

/// `0d-dddd-dddd`.
fn is_phone(window: &[u8]) -> bool {
    let like = |(c, form): (&u8, &u8)| if *form == b'd' { c.is_ascii_digit() } else { c == form };
    window.iter().zip(b"0d-dddd-dddd").all(like)
}

#[test]
fn a_single_ledger_has_its_rows() {
    let (name, bytes) = ledger(1, 1_000);
    let (sheet, rows) = workbook(&bytes).remove(0);
    assert_eq!((name.as_str(), sheet.as_str()), ("機器台帳_2026年度.xlsx", "機器一覧"));
    assert_eq!(rows.iter().filter(|row| row[0].starts_with("J-")).count(), 1_000);
    assert_eq!(rows.last().map(|row| row[1].as_str()), Some("1000台"));
}
