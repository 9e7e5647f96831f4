//! Build and match against the physical bound measured in the same run: `cargo bench -p tomomori-catalogue -- DATA`,
//! where DATA holds `nvd/nvdcve-1.1-*.json.gz` and `kat/cpe-kat-inventory.tsv` (or set TOMOMORI_KNOWN_ANSWERS).
//!
//! The bound is the least any program must do with these files, one after the other on one core: unpack (zlib-rs) and
//! parse into borrowed types (sonic-rs) id, description, dates and the configuration trees with all ranges.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench prints its figures and stops at the first fault"
)]

use serde::Deserialize;
use std::borrow::Cow;
use std::hint::black_box;
use std::io::Read;
use std::path::{Path, PathBuf};
use tomomori_catalogue::{Builder, Catalogue, Component, Device, Policy, Stamp, Trust, Usage, peak_memory, usage};

/// A record as far as the bound reads it.
#[derive(Deserialize)]
struct Feed<'a> {
    #[serde(borrow, rename = "CVE_Items")]
    items: Vec<Item<'a>>,
}

#[derive(Deserialize)]
struct Item<'a> {
    #[serde(borrow)]
    cve: Cve<'a>,
    #[serde(borrow)]
    configurations: Configurations<'a>,
    #[serde(borrow, rename = "publishedDate")]
    published: Cow<'a, str>,
    #[serde(borrow, rename = "lastModifiedDate")]
    modified: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Cve<'a> {
    #[serde(borrow, rename = "CVE_data_meta")]
    meta: Meta<'a>,
    #[serde(borrow)]
    description: Descriptions<'a>,
}

#[derive(Deserialize)]
struct Meta<'a> {
    #[serde(borrow, rename = "ID")]
    id: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Descriptions<'a> {
    #[serde(borrow, rename = "description_data")]
    data: Vec<Description<'a>>,
}

#[derive(Deserialize)]
struct Description<'a> {
    #[serde(borrow)]
    value: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Configurations<'a> {
    #[serde(borrow, default)]
    nodes: Vec<Node<'a>>,
}

#[derive(Deserialize)]
struct Node<'a> {
    #[serde(borrow, default)]
    children: Vec<Node<'a>>,
    #[serde(borrow, default)]
    cpe_match: Vec<Match<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Match<'a> {
    vulnerable: bool,
    #[serde(borrow)]
    cpe23_uri: Cow<'a, str>,
    #[serde(borrow)]
    version_start_including: Option<Cow<'a, str>>,
    #[serde(borrow)]
    version_start_excluding: Option<Cow<'a, str>>,
    #[serde(borrow)]
    version_end_including: Option<Cow<'a, str>>,
    #[serde(borrow)]
    version_end_excluding: Option<Cow<'a, str>>,
}

fn criteria(node: &Node<'_>) -> usize {
    let ends = |one: &Match<'_>| {
        [
            &one.version_start_including,
            &one.version_start_excluding,
            &one.version_end_including,
            &one.version_end_excluding,
        ]
        .iter()
        .filter(|end| end.is_some())
        .count()
    };
    let own = node.cpe_match.iter().map(|one| 1 + black_box((ends(one), &one.cpe23_uri, one.vulnerable, 0_usize)).3);
    own.sum::<usize>() + node.children.iter().map(criteria).sum::<usize>()
}

/// Unpacks and parses; gives (records, criteria).
fn bound(files: &[PathBuf]) -> (usize, usize) {
    let (mut records, mut all) = (0, 0);
    for file in files {
        let packed = std::fs::read(file).unwrap();
        let mut text = Vec::new();
        flate2::bufread::GzDecoder::new(&packed[..]).read_to_end(&mut text).unwrap();
        let feed: Feed<'_> = sonic_rs::from_slice(&text).unwrap();
        for item in &feed.items {
            let texts: usize = item.cve.description.data.iter().map(|text| text.value.len()).sum();
            black_box((texts, &item.cve.meta.id, &item.published, &item.modified));
            all += item.configurations.nodes.iter().map(criteria).sum::<usize>();
        }
        records += feed.items.len();
    }
    (records, all)
}

fn seconds(usage: &Usage) -> String {
    usage.processor.map_or("not measured".to_owned(), |time| format!("{:.3}", time.as_secs_f64()))
}

fn megabytes(bytes: Option<u64>) -> String {
    bytes.map_or("not measured".to_owned(), |bytes| format!("{:.0} MB", bytes as f64 / 1e6))
}

fn main() {
    let folder = std::env::args().skip(1).find(|arg| !arg.starts_with("--")).map(PathBuf::from);
    let Some(data) = folder.or_else(|| std::env::var_os("TOMOMORI_KNOWN_ANSWERS").map(PathBuf::from)) else {
        println!("SKIPPED build_and_match: no data folder given and TOMOMORI_KNOWN_ANSWERS is not set");
        return;
    };
    let files = std::fs::read_dir(data.join("nvd")).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        files.filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("nvdcve-1.1-")).collect();
    files.sort();
    // Once unmeasured, so that the files are in the page cache for both sides.
    for file in &files {
        black_box(std::fs::read(file).unwrap());
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bench.tmc");
    forget_peak();
    let (summary, ours) = usage(|| {
        let mut builder = Builder::new();
        files.iter().for_each(|file| builder.add_path(file).unwrap());
        builder.finish(&path, Stamp { sequence: 1, built: jiff::Timestamp::UNIX_EPOCH, key: None }).unwrap()
    });
    let peak = peak_memory();
    forget_peak();
    let ((records, criteria), least) = usage(|| bound(&files));
    let least_peak = peak_memory();
    println!("build: {} files, {records} records, {criteria} criteria", files.len());
    println!("  bound (gunzip + typed parse)  CPU s {}  peak memory {}", seconds(&least), megabytes(least_peak));
    println!("  catalogue build               CPU s {}  peak memory {}", seconds(&ours), megabytes(peak));
    if let (Some(ours), Some(least)) = (ours.processor, least.processor) {
        println!("  ratio {:.2}", ours.as_secs_f64() / least.as_secs_f64());
    }
    println!(
        "  file {}, {} vulnerabilities, {} products",
        megabytes(Some(summary.info.bytes)),
        summary.info.vulnerabilities,
        summary.info.products
    );
    matching(&path, &data);
}

fn matching(path: &Path, data: &Path) {
    let inventory = std::fs::read_to_string(data.join("kat/cpe-kat-inventory.tsv")).unwrap();
    let records: Vec<Vec<&str>> =
        inventory.lines().skip(1).map(|line| names(line.split('\t').nth(2).unwrap_or_default())).collect();
    for count in [1_000, 10_000] {
        let devices: Vec<Device<'_>> = (0..count)
            .map(|at| {
                // A fixed stride that meets every record before it repeats.
                let names = &records[(at * 1_009) % records.len()];
                let components = names.iter().enumerate();
                let components = components.filter_map(|(key, name)| Component::from_cpe(key as u32, name));
                Device { components: components.collect() }
            })
            .collect();
        for policy in [Policy::Hospital, Policy::KnownAnswers] {
            forget_peak();
            let (catalogue, opened) = usage(|| Catalogue::open(path, Trust::Unsigned).unwrap());
            let run =
                || devices.iter().map(|device| catalogue.match_with(device, policy).unwrap().len()).sum::<usize>();
            let (pairs, cold) = usage(run);
            let (_, warm) = usage(run);
            println!(
                "match {count} devices, {policy:?}: open CPU s {}, first pass CPU s {}, second {}, peak memory {}, {pairs} pairs",
                seconds(&opened),
                seconds(&cold),
                seconds(&warm),
                megabytes(peak_memory())
            );
        }
    }
}

/// Starts the system's peak of resident memory anew, where it can be told to (Linux); elsewhere it only rises.
fn forget_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// Names separated by unquoted commas.
fn names(field: &str) -> Vec<&str> {
    let mut quoted = false;
    let split = field.split(move |c: char| {
        let comma = c == ',' && !quoted;
        quoted = c == '\\' && !quoted;
        comma
    });
    split.collect()
}
