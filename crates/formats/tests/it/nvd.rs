//! NVD on all real feeds, on a committed cut, and on damaged input.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use crate::kat;
use std::collections::BTreeMap;
use std::io::Read;
use tomomori_formats::container::{ContainerError, Limits, unpack};
use tomomori_formats::record::{Node, Operator, Record, Reject, State, Statement};
use tomomori_formats::{FeedHead, FormatError, Problem, kev, nvd};

#[derive(Debug, Default)]
struct Tally {
    states: BTreeMap<u8, usize>,
    configurations: usize,
    names: usize,
    rejects: Vec<Reject>,
}

impl Tally {
    fn add(&mut self, result: Result<Record<'_>, Reject>) {
        match result {
            Ok(record) => {
                *self.states.entry(record.state as u8).or_default() += 1;
                for statement in &record.statements {
                    let Statement::Configuration(node) = statement else { panic!("NVD gives configurations only") };
                    self.configurations += 1;
                    self.names += names(node);
                }
            }
            Err(reject) => self.rejects.push(reject),
        }
    }

    fn state(&self, state: State) -> usize {
        self.states.get(&(state as u8)).copied().unwrap_or(0)
    }
}

fn names(node: &Node<'_>) -> usize {
    node.matches.len() + node.children.iter().map(names).sum::<usize>()
}

fn read(file: &str, input: &mut dyn Read) -> Result<(FeedHead, Tally), FormatError> {
    let mut tally = Tally::default();
    let head = nvd::read(file, input, &mut |result| tally.add(result))?;
    Ok((head, tally))
}

#[test]
fn every_real_feed_is_read_whole() {
    let test = "every_real_feed_is_read_whole";
    let Some(recent) = kat::file(test, "nvd/nvdcve-1.1-recent.json.gz") else { return };
    let mut feeds: Vec<_> =
        std::fs::read_dir(recent.parent().unwrap()).unwrap().map(|entry| entry.unwrap().path()).collect();
    feeds.retain(|path| path.file_name().unwrap().to_string_lossy().starts_with("nvdcve-1.1-"));
    feeds.sort();
    assert_eq!(feeds.len(), 18);
    let mut total = Tally::default();
    for path in feeds {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let mut input = flate2::read::GzDecoder::new(std::fs::File::open(&path).unwrap());
        let started = std::time::Instant::now();
        let mut tally = Tally::default();
        let head = nvd::read(&name, &mut input, &mut |result| {
            total.add(result.clone());
            tally.add(result);
        })
        .unwrap();
        println!("{name}: {head:?} {:?}", started.elapsed());
        assert_eq!(head.format, "NVD JSON 1.1");
        assert_eq!(head.declared, Some(head.records), "{name}");
        assert!(head.date.is_some_and(|date| date.starts_with("202")));
    }
    println!(
        "states {:?}, {} configurations, {} names, {} rejects",
        total.states,
        total.configurations,
        total.names,
        total.rejects.len()
    );
    assert_eq!(total.rejects, []);
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/../../fixtures/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// What a node says, in one line.
fn shown(node: &Node<'_>) -> String {
    let range = |m: &tomomori_formats::record::CpeMatch<'_>| {
        let bound = |sign: &str, bound: &Option<tomomori_formats::record::Bound<'_>>| {
            bound
                .as_ref()
                .map(|b| format!(" {sign}{}{}", if b.inclusive { "=" } else { "" }, b.version))
                .unwrap_or_default()
        };
        let product = m.cpe.split(':').skip(2).take(4).collect::<Vec<_>>().join(":");
        format!(
            "{}{product}{}{}",
            if m.vulnerable { "" } else { "on " },
            bound(">", &m.range.start),
            bound("<", &m.range.end)
        )
    };
    let parts: Vec<String> =
        node.matches.iter().map(range).chain(node.children.iter().map(|child| format!("({})", shown(child)))).collect();
    parts.join(if node.operator == Operator::And { " AND " } else { " OR " })
}

/// State, configurations and scores by id.
type Shown = BTreeMap<String, (State, Vec<String>, Vec<u16>)>;

fn shown_records(name: &str) -> (FeedHead, Shown) {
    let mut records = BTreeMap::new();
    let head = nvd::read(name, &mut &*fixture(name), &mut |result| {
        let record = result.unwrap();
        let trees = record.statements.iter().map(|s| match s {
            Statement::Configuration(node) => shown(node),
            Statement::Product(_) => unreachable!(),
        });
        let scores = record.scores.iter().map(|score| score.base_tenths).collect();
        records.insert(record.id.to_string(), (record.state, trees.collect(), scores));
    })
    .unwrap();
    (head, records)
}

#[test]
fn the_cut_of_1_1_is_read() {
    let (head, records) = shown_records("nvd/nvd-1.1.json");
    assert_eq!((head.format, head.declared, head.records), ("NVD JSON 1.1", Some(12), 12));
    let (state, trees, scores) = &records["CVE-2018-13379"];
    assert_eq!((*state, scores.as_slice()), (State::Published, [98, 50].as_slice()));
    assert_eq!(trees, &["o:fortinet:fortios:* >=6.0.0 <=6.0.4 OR o:fortinet:fortios:* >=5.6.3 <=5.6.7"]);
    let (_, trees, _) = &records["CVE-2017-0144"];
    assert!(trees[0].contains(") AND (") && trees[0].contains("on o:microsoft:windows_7:-"), "{trees:?}");
    assert_eq!(records["CVE-2008-0004"].0, State::Rejected);
    assert_eq!(records["CVE-2025-0001"].0, State::NotAnalysed);
    assert_eq!(records["CVE-2004-0001"].2.len(), 1);
}

#[test]
fn the_cut_of_2_0_is_read() {
    let (head, records) = shown_records("nvd/nvd-2.0.json");
    assert_eq!((head.format, head.declared, head.records), ("NVD JSON 2.0", Some(12), 12));
    assert_eq!(records["CVE-2020-15415"].0, State::Rejected);
    // Two nodes under one configuration without an operator: one of them suffices.
    assert!(records["CVE-2024-47535"].1[0].contains(") OR ("), "{:?}", records["CVE-2024-47535"].1);
}

#[test]
fn single_records_are_read() {
    let (head, records) = shown_records("nvd/vunnel-record.json");
    assert_eq!(head.records, 1);
    assert_eq!(records["CVE-2010-1724"].0, State::Published);
    let (_, records) = shown_records("nvd/anchore-override.json");
    assert!(records["CVE-2024-31273"].1[0].contains("a:joomsky:js_help_desk:* <2.8.4"));
}

#[test]
fn every_record_in_2_0_form_is_read() {
    let test = "every_record_in_2_0_form_is_read";
    for (path, least) in
        [("nvd/grype-nvd2-records.tar.zst", 16), ("nvd/anchore-nvd-overrides-1999-2025.tar.zst", 19_000)]
    {
        let Some(path) = kat::file(test, path) else { return };
        let mut tally = Tally::default();
        let mut read_one = |name: &str, input: &mut dyn Read| -> Result<(), FormatError> {
            match nvd::read(name, input, &mut |result| tally.add(result)) {
                Ok(_) => Ok(()),
                // A licence or a note beside the records.
                Err(error) if !name.ends_with(".json") => {
                    println!("left out: {error}");
                    Ok(())
                }
                Err(error) => Err(error),
            }
        };
        let mut visit = |name: &str, input: &mut dyn Read| read_one(name, input).map_err(Failure::Format);
        tomomori_formats::container::open(&path, &Limits::default(), &mut visit).unwrap();
        println!("{}: {:?}, {} names, rejects {:?}", path.display(), tally.states, tally.names, tally.rejects);
        assert!(tally.state(State::Published) + tally.state(State::NotAnalysed) >= least - 1);
        assert_eq!(tally.rejects, []);
    }
}

#[derive(Debug)]
enum Failure {
    Format(FormatError),
    Container(ContainerError),
}

impl From<ContainerError> for Failure {
    fn from(error: ContainerError) -> Self {
        Self::Container(error)
    }
}

#[test]
fn a_broken_record_costs_only_itself() {
    let text = String::from_utf8(fixture("nvd/nvd-1.1.json")).unwrap();
    for (from, to) in [
        ("\"CVE-2018-13379\"", "\"CVE-20\u{0}8-13379\""),
        ("\"CVE-2018-13379\"", "17"),
        ("cpe:2.3:o:fortinet:fortios:", "cpe:2.3:o:"),
        ("\"baseScore\": 9.8", "\"baseScore\": 98"),
    ] {
        assert!(text.contains(from), "{from}");
        let (head, tally) = read("x", &mut text.replacen(from, to, 1).as_bytes()).unwrap();
        assert_eq!((head.records, head.rejects), (11, 1), "{to}");
        assert!(tally.rejects[0].detail.contains("record 0 at byte"), "{:?}", tally.rejects);
    }
    let mut latin = text.into_bytes();
    let at = latin.windows(8).position(|w| w == b"Fortinet").unwrap();
    latin[at] = 0xE9;
    assert_eq!(read("x", &mut &*latin).unwrap().1.rejects.len(), 1);
    let deep = format!("{{\"CVE_Items\": [{}{}, {{}}]}}", "[".repeat(200_000), "]".repeat(200_000));
    let (_, tally) = read("x", &mut deep.as_bytes()).unwrap();
    assert_eq!(tally.rejects[0].reason, "nested too deep");
    assert_eq!(tally.rejects.len(), 2);
}

#[test]
fn a_cut_file_is_never_taken_for_whole() {
    let whole = fixture("nvd/nvd-1.1.json");
    let end = whole.len() - whole.iter().rev().take_while(|b| b.is_ascii_whitespace()).count();
    for cut in (0..end).step_by(97).chain(end - 20..end) {
        let problem = read("cut.json", &mut &whole[..cut]).unwrap_err().problem;
        match problem {
            Problem::Truncated { byte } => assert_eq!(byte, cut as u64),
            Problem::Empty => assert!(cut == 0),
            other => panic!("{cut}: {other}"),
        }
    }
    let error = read("cut.json", &mut &whole[..500]).unwrap_err().to_string();
    assert!(error.starts_with("cut.json: ") && error.contains("500"), "{error}");
}

#[test]
fn other_files_are_refused_by_name() {
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain("{}".encode_utf16().flat_map(u16::to_le_bytes)).collect();
    for (bytes, want) in [
        (&b""[..], "empty"),
        (b"  \n", "empty"),
        (b"\xEF\xBB\xBF", "empty"),
        (b"<!DOCTYPE html>", "web page"),
        (b"[]", "list without"),
        (b"{\"document\": {}}", "document"),
        (b"{\"CVE_Items\": 3}", "CVE_Items"),
        (b"{\"CVE_Items\": []} x", "after the end"),
        (b"{\"CVE_Items\": []}\0\0", "after the end"),
        (b"{\"CVE_Items\": [{} {}]}", "comma"),
        (b"\0\0\0\0", "does not begin"),
        (&utf16, "UTF-16"),
    ] {
        let error = read("f.json", &mut &*bytes).unwrap_err().to_string();
        assert!(error.starts_with("f.json: ") && error.contains(want), "{error}");
    }
    let bom = [b"\xEF\xBB\xBF".as_slice(), &fixture("nvd/nvd-1.1.json")].concat();
    assert_eq!(read("bom", &mut &*bom).unwrap().0.records, 12);
    let error = nvd::read("kev.json", &mut &*fixture("kev/kev.json"), &mut |_| {});
    assert!(matches!(error.unwrap_err().problem, Problem::WrongFormat { .. }));
    let error = kev::read("nvd.json", &mut &*fixture("nvd/nvd-2.0.json"), &mut |result| assert!(result.is_err()));
    assert!(matches!(error.unwrap_err().problem, Problem::WrongFormat { .. }));
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

/// Unpacks and reads every entry as NVD.
fn unpacked(bytes: &[u8], limits: &Limits) -> Result<Vec<(String, u64)>, Failure> {
    let mut seen = Vec::new();
    unpack::<Failure>("upload", &mut &*bytes, limits, &mut |name: &str, input: &mut dyn Read| {
        let (head, _) = read(name, input).map_err(Failure::Format)?;
        seen.push((name.to_owned(), head.records));
        Ok(())
    })?;
    Ok(seen)
}

#[test]
fn packing_is_recognised_by_content() {
    let plain = fixture("nvd/nvd-1.1.json");
    let mut tar = tar::Builder::new(Vec::new());
    for (name, bytes) in [("a/plain.json", plain.clone()), ("a/packed", gz(&plain))] {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        tar.append_data(&mut header, name, &*bytes).unwrap();
    }
    let tar = tar.into_inner().unwrap();
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("in.json", zip::write::SimpleFileOptions::default()).unwrap();
    std::io::Write::write_all(&mut zip, &plain).unwrap();
    let zip = zip.finish().unwrap().into_inner();
    let one = |name: &str| vec![(name.to_owned(), 12)];
    let two = vec![("upload/a/plain.json".to_owned(), 12), ("upload/a/packed".to_owned(), 12)];
    let limits = Limits::default();
    for (bytes, want) in [
        (plain.clone(), one("upload")),
        (gz(&plain), one("upload")),
        (zstd::encode_all(&*plain, 3).unwrap(), one("upload")),
        (tar.clone(), two.clone()),
        (gz(&tar), two.clone()),
        (zstd::encode_all(&*tar, 3).unwrap(), two),
        (zip, one("upload/in.json")),
    ] {
        assert_eq!(unpacked(&bytes, &limits).unwrap(), want);
    }
    let cut = gz(&plain);
    let error = unpacked(&cut[..cut.len() / 2], &limits).unwrap_err();
    assert!(matches!(&error, Failure::Format(FormatError { problem: Problem::Truncated { .. }, .. })), "{error:?}");
    let mut damaged = gz(&plain);
    let middle = damaged.len() / 2;
    damaged[middle..middle + 40].fill(0xAA);
    assert!(unpacked(&damaged, &limits).is_err());
}

#[test]
fn bombs_are_refused_and_named() {
    let limits = Limits { entry_bytes: 8 << 20, total_bytes: 64 << 20, entries: 5, ratio: 250 };
    let zeros = vec![b' '; 32 << 20];
    let limit_of = |bytes: &[u8], limits: &Limits| match unpacked(bytes, limits).unwrap_err() {
        Failure::Container(ContainerError::Limit { entry, what, .. }) => (entry, what),
        Failure::Format(FormatError {
            problem: Problem::Container(ContainerError::Limit { entry, what, .. }), ..
        }) => (entry, what),
        other => panic!("{other:?}"),
    };
    assert_eq!(limit_of(&gz(&zeros), &limits), ("upload".into(), "bytes of one entry"));
    assert_eq!(limit_of(&gz(&zeros), &Limits { entry_bytes: 1 << 30, ..limits }).1, "unpacked bytes per packed byte");
    let patient = Limits { entry_bytes: 1 << 30, ratio: 1 << 30, total_bytes: 1 << 20, ..limits };
    assert_eq!(limit_of(&zstd::encode_all(&*zeros, 3).unwrap(), &patient).1, "unpacked bytes in all");
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("bomb.json", zip::write::SimpleFileOptions::default()).unwrap();
    std::io::Write::write_all(&mut zip, &zeros).unwrap();
    assert_eq!(
        limit_of(&zip.finish().unwrap().into_inner(), &limits),
        ("upload/bomb.json".into(), "bytes of one entry")
    );
    let mut tar = tar::Builder::new(Vec::new());
    for number in 0..9 {
        let mut header = tar::Header::new_ustar();
        header.set_size(0);
        tar.append_data(&mut header, format!("{number}"), std::io::empty()).unwrap();
    }
    let many = tar.into_inner().unwrap();
    assert!(matches!(
        unpack::<ContainerError>("many", &mut &*many, &limits, &mut |_, _| Ok(())),
        Err(ContainerError::Limit { what: "number of entries", .. })
    ));
    let mut nested = fixture("nvd/nvd-1.1.json");
    for _ in 0..9 {
        nested = gz(&nested);
    }
    assert_eq!(limit_of(&nested, &limits).1, "packing inside packing");
}

#[test]
fn kev_says_the_same_as_json_and_csv() {
    let entries = |name: &str| {
        let mut entries = Vec::new();
        let head = kev::read(name, &mut &*fixture(name), &mut |result| {
            let record = result.unwrap();
            let exploited = record.exploited.unwrap();
            let title = record.texts[0].text.to_string();
            entries.push((
                record.id.to_string(),
                title,
                exploited.added.to_string(),
                exploited.due.map(|d| d.to_string()),
                exploited.ransomware,
            ));
        })
        .unwrap();
        (head, entries)
    };
    let (json_head, json) = entries("kev/kev.json");
    let (_, csv) = entries("kev/kev.csv");
    assert_eq!(json_head.edition.as_deref(), Some("2025.08.25"));
    assert_eq!((json_head.declared, json_head.records), (Some(4), 4));
    assert_eq!(json.len(), 4);
    assert_eq!(json, csv);
    assert!(json.iter().any(|entry| entry.0 == "CVE-2018-13379" && entry.4));
}

#[test]
fn the_whole_kev_list_is_read() {
    let test = "the_whole_kev_list_is_read";
    for (name, count) in [
        ("known_exploited_vulnerabilities.json", 1404),
        ("known_exploited_vulnerabilities.csv", 1404),
        ("known_exploited_vulnerabilities-2025.05.15.json", 1345),
    ] {
        let Some(path) = kat::file(test, &format!("kev/{name}")) else { return };
        let mut rejects = Vec::new();
        let head = kev::read(name, &mut std::fs::File::open(path).unwrap(), &mut |result| rejects.extend(result.err()))
            .unwrap();
        assert_eq!((head.records, rejects), (count, vec![]), "{name}");
    }
}

#[test]
fn damaged_kev_tables_are_named() {
    let good = String::from_utf8(fixture("kev/kev.csv")).unwrap();
    let count =
        |text: &str| kev::read("kev.csv", &mut text.as_bytes(), &mut |_| {}).map(|head| (head.records, head.rejects));
    assert_eq!(count(&good).unwrap(), (4, 0));
    assert_eq!(count(&format!("{good}CVE-2020-1234,short\n")).unwrap(), (4, 1));
    assert_eq!(count(&good.replace("2025-08-25", "2025-13-45")).unwrap().1, 2);
    assert!(count("cveID,what\n1,2\n").unwrap_err().to_string().contains("without a column"));
    assert!(count("").unwrap_err().to_string().contains("empty"));
    assert!(count("id;name\n").is_err());
}
