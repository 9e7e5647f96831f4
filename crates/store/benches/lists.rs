//! A ledger of 50,000 devices: one page of the list with its numbers, for every filter and sort the page offers, on both
//! engines. What may be taken is 50 ms of processor time (program and database together) in 95 of 100 pages.
//! `cargo bench -p tomomori-store --bench lists`; `LISTS_ROWS` sets another size.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench prints its figures and stops at the first fault"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tomomori_domain::access::{Actor, permission};
use tomomori_domain::completeness::Measure;
use tomomori_domain::finding::{Finding, Verdict};
use tomomori_domain::ids::{ComponentId, FindingId, ResourceId, VendorId, ZoneId};
use tomomori_domain::resource::{
    ChoiceBy, Component, Criticality, Layer, ProductChoice, PurchaseForm, Resource, ResourceKind, ResourceState,
    Vendor, Zone, ZoneKind,
};
use tomomori_store::{PageRequest, ResourceFilter, ResourceSort, SupportFilter};
use tomomori_testkit::{TestDb, for_both_databases, pg};

/// Processor time of 95 of 100 pages, milliseconds.
const BOUND: f64 = 50.0;
const TRIES: usize = 20;

fn main() {
    let rows = std::env::var("LISTS_ROWS").ok().and_then(|rows| rows.parse().ok()).unwrap_or(50_000);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(for_both_databases(async |test| measure(test, rows).await));
}

/// Every filter the page offers, and how it is called here.
fn filters(zone: ZoneId, vendor: VendorId) -> Vec<(&'static str, ResourceFilter)> {
    let base = ResourceFilter::default;
    let text = |words: &str| ResourceFilter { text: Some(words.to_owned()), ..base() };
    vec![
        ("all", base()),
        ("kind (rare)", ResourceFilter { kind: Some(ResourceKind::Cloud), ..base() }),
        ("kind (frequent)", ResourceFilter { kind: Some(ResourceKind::Client), ..base() }),
        ("zone", ResourceFilter { zone: Some(Some(zone)), ..base() }),
        ("no zone", ResourceFilter { zone: Some(None), ..base() }),
        ("vendor", ResourceFilter { vendor: Some(Some(vendor)), ..base() }),
        ("no vendor", ResourceFilter { vendor: Some(None), ..base() }),
        ("state", ResourceFilter { state: Some(Some(ResourceState::Repair)), ..base() }),
        ("criticality", ResourceFilter { criticality: Some(Some(Criticality::High)), ..base() }),
        ("purchase form", ResourceFilter { purchase: Some(Some(PurchaseForm::Rental)), ..base() }),
        ("medical", ResourceFilter { medical: true, ..base() }),
        ("not declared", ResourceFilter { declared: Some(false), ..base() }),
        ("findings", ResourceFilter { findings: Some(true), ..base() }),
        ("exploited", ResourceFilter { exploited: true, ..base() }),
        ("unknown product", ResourceFilter { unknown_product: true, ..base() }),
        ("no updater", ResourceFilter { no_updater: true, ..base() }),
        ("support ended", ResourceFilter { support: Some(SupportFilter::Ended), ..base() }),
        ("ends in 12 months", ResourceFilter { support: Some(SupportFilter::Within12), ..base() }),
        ("ends in 24 months", ResourceFilter { support: Some(SupportFilter::Within24), ..base() }),
        ("unseen", ResourceFilter { unseen: true, ..base() }),
        ("not stocktaken", ResourceFilter { not_stocktaken: true, ..base() }),
        ("no version", ResourceFilter { missing: Some(Measure::Version), ..base() }),
        ("no end of support", ResourceFilter { missing: Some(Measure::SupportEnd), ..base() }),
        ("text, frequent", text("端末")),
        ("text, rare", text("木曽")),
        ("text, none", text("存在しない言葉")),
        ("text in software", text("oracle 検査")),
        (
            "text + kind + exploited",
            ResourceFilter { kind: Some(ResourceKind::Server), exploited: true, ..text("windows") },
        ),
    ]
}

async fn measure(test: &TestDb, rows: usize) {
    let begun = Instant::now();
    let (actor, zone, vendor) = fill(test, rows).await;
    println!("{rows} devices written in {:.1} s", begun.elapsed().as_secs_f64());
    settle(test);
    let backends = Backends::of(&test.bypass_url);
    let filters = filters(zone, vendor);
    let sorts = [
        ("name", ResourceSort::Name),
        ("number", ResourceSort::AssetNumber),
        ("end", ResourceSort::SupportEnd),
        ("findings", ResourceSort::Findings),
        ("seen", ResourceSort::LastSeen),
    ];
    println!("  p50 / p95, CPU ms (allowed {BOUND})");
    let mut over = 0;
    for (name, filter) in &filters {
        let mut line = format!("  {name:<24}");
        for (sort_name, sort) in sorts {
            let mut times: Vec<f64> = Vec::new();
            let mut matching = 0;
            for _ in 0..TRIES {
                let before = backends.used();
                let tx = test.db.read(&actor).await.unwrap();
                let page = PageRequest::default();
                let (found, counts) = tx.resource_page(filter, sort, &page).await.unwrap();
                matching = counts.matching;
                assert_eq!(found.rows.len() as u64, matching.min(50));
                let names = (tx.zones().await.unwrap().len(), tx.vendors().await.unwrap().len());
                assert!(names.0 > 0 && names.1 > 0);
                drop(tx);
                times.push(backends.since(&before).as_secs_f64() * 1e3);
            }
            times.sort_by(f64::total_cmp);
            let p95 = times[TRIES * 95 / 100 - 1];
            over += usize::from(p95 > BOUND);
            if sort == ResourceSort::Name {
                line += &format!(" {matching:>6}");
            }
            line += &format!("  {sort_name} {:>5.1} / {p95:>5.1}", times[TRIES / 2]);
        }
        println!("{line}");
    }
    println!("  over the bound: {over} of {}", filters.len() * sorts.len());
}

/// What PostgreSQL does by itself within a minute of such a change.
fn settle(test: &TestDb) {
    if let (Ok(cluster), Some((_, rest))) = (pg::cluster(), test.bypass_url.split_once("localhost/")) {
        let database = rest.split('?').next().unwrap_or(rest);
        cluster.sql(database, "VACUUM (ANALYZE)").unwrap();
    }
}

/// Processor time of this process, and of the database server's where there is one.
struct Backends {
    server: Option<PathBuf>,
}

impl Backends {
    fn of(url: &str) -> Self {
        let server = url.split_once("host=").map(|(_, folder)| Path::new(folder).join("data/postmaster.pid"));
        if server.as_ref().is_some_and(|file| std::fs::read_to_string(file).is_err()) {
            println!("  the server's processor time cannot be read: this program's alone");
        }
        Self { server }
    }

    /// Per process; those of the server come and go.
    fn used(&self) -> BTreeMap<String, Duration> {
        let servers = self.server.as_deref().and_then(servers).unwrap_or_default();
        servers.into_iter().chain([("self".to_owned(), own())]).collect()
    }

    fn since(&self, before: &BTreeMap<String, Duration>) -> Duration {
        let used = self.used();
        used.iter().filter_map(|(process, now)| now.checked_sub(*before.get(process)?)).sum()
    }
}

fn schedule(file: impl AsRef<Path>) -> Option<Duration> {
    let text = std::fs::read_to_string(file).ok()?;
    text.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

fn own() -> Duration {
    let threads = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    threads.filter_map(|thread| schedule(thread.path().join("schedstat"))).sum()
}

/// Of the server and its children.
fn servers(pid_file: &Path) -> Option<Vec<(String, Duration)>> {
    let text = std::fs::read_to_string(pid_file).ok()?;
    let server = text.lines().next()?.trim();
    let children = std::fs::read_to_string(format!("/proc/{server}/task/{server}/children")).ok()?;
    let all = children.split_whitespace().chain([server]);
    Some(all.filter_map(|pid| Some((pid.to_owned(), schedule(format!("/proc/{pid}/schedstat"))?))).collect())
}

/// Devices as a large hospital has them: kinds decide zone, vendor, purchase form and software; some facts are missing.
async fn fill(test: &TestDb, rows: usize) -> (Actor, ZoneId, VendorId) {
    let actor = test.tenant("大病院").await;
    let zone =
        |n| Zone { id: ZoneId::generate(), name: format!("区画{n}"), kind: ZoneKind::Care, ranges: Vec::new() };
    let vendor = |n| Vendor { id: VendorId::generate(), name: format!("事業者{n}"), field: None, contact: None };
    let zones: Vec<Zone> = (0..24).map(zone).collect();
    let vendors: Vec<Vendor> = (0..30).map(vendor).collect();
    let mut dice = Dice(7);
    let (mut devices, mut software, mut findings) = (Vec::new(), Vec::new(), Vec::new());
    for n in 0..rows {
        let device = device(n, &mut dice, &zones, &vendors);
        for (m, text) in programs(device.kind, &mut dice).into_iter().enumerate() {
            let known = dice.of(10) > 1;
            let component = Component {
                id: ComponentId::generate(),
                resource: device.id,
                layer: if m == 0 { Layer::Os } else { Layer::Middleware },
                text,
                version: known.then(|| format!("1.{m}")),
                purl: None,
                product: known.then(|| ProductChoice { key: format!("a:x:y{m}"), by: ChoiceBy::Name, score: 90 }),
            };
            if dice.of(12) == 0 {
                findings.push(finding(device.id, component.id, dice.of(20) == 0));
            }
            software.push(component);
        }
        devices.push(device);
    }
    let grant = actor.require::<permission::RunImport>().unwrap();
    let mut tx = test.db.tenant(&actor).await.unwrap();
    tx.put_zones(&grant, &zones).await.unwrap();
    tx.put_vendors(&grant, &vendors).await.unwrap();
    tx.put_resources(&grant, &devices).await.unwrap();
    tx.put_components(&grant, &software).await.unwrap();
    let revision = tx.ledger_revision().await.unwrap();
    tx.replace_findings(&actor.require().unwrap(), &findings, "cat-1", revision).await.unwrap();
    tx.commit().await.unwrap();
    println!("{} components, {} findings", software.len(), findings.len());
    (actor, zones[3].id, vendors[5].id)
}

fn device(n: usize, dice: &mut Dice, zones: &[Zone], vendors: &[Vendor]) -> Resource {
    let (kind, name) = match dice.of(100) {
        0..60 => (ResourceKind::Client, "業務端末"),
        60..70 => (ResourceKind::MedicalDevice, "検査装置"),
        70..80 => (ResourceKind::Network, "スイッチ"),
        80..86 => (ResourceKind::Server, "部門サーバ"),
        86..98 => (ResourceKind::Other, "プリンタ"),
        98 => (ResourceKind::Cloud, "クラウド"),
        _ => (ResourceKind::Unknown, "不明機器"),
    };
    // A kind stands in a few zones and is served by a few vendors.
    let zone = &zones[(kind as usize * 3 + dice.of(3)) % zones.len()];
    let vendor = &vendors[(kind as usize * 3 + dice.of(4)) % vendors.len()];
    let month = |year: i16, month: usize| jiff::civil::date(year, i8::try_from(month).unwrap() + 1, 15);
    Resource {
        kind,
        asset_number: (dice.of(10) > 0).then(|| format!("A-{n:06}")),
        maker: Some("東西電機".to_owned()),
        product: Some(format!("MODEL-{}", dice.of(40))),
        version: (dice.of(3) > 0).then(|| format!("{}.{}", dice.of(9), dice.of(20))),
        serial: Some(format!("SN{:09}", n * 7)),
        addresses: vec![format!("10.{}.{}.{}", n >> 16, n >> 8 & 255, n & 255)],
        macs: vec![format!("00:1a:2b:{:02x}:{:02x}:{:02x}", n >> 16, n >> 8 & 255, n & 255)],
        hostname: Some(format!("host-{n:05}")),
        zone: (dice.of(20) > 0).then_some(zone.id),
        location: Some(format!("本館{}F {}号室{}", dice.of(9), n % 97, if n % 5_000 == 77 { " 木曽" } else { "" })),
        department: Some(["医事課", "看護部", "検査科", "放射線科", "薬剤部"][dice.of(5)].to_owned()),
        maintained_by: (dice.of(6) > 0).then_some(vendor.id),
        criticality: [None, Some(Criticality::Low), Some(Criticality::High)][kind as usize % 3],
        state: Some(if dice.of(50) == 0 { ResourceState::Repair } else { ResourceState::InUse }),
        purchase: match kind {
            ResourceKind::MedicalDevice => Some(PurchaseForm::Lease),
            ResourceKind::Other => Some(PurchaseForm::Rental),
            ResourceKind::Client if dice.of(8) == 0 => None,
            _ => Some(PurchaseForm::Bought),
        },
        medical: (kind == ResourceKind::MedicalDevice).then_some(true),
        support_end: (dice.of(3) > 0).then(|| month(2024 + i16::try_from(dice.of(6)).unwrap(), dice.of(12))),
        last_seen: (dice.of(4) > 0).then(|| month(2026, 6 + dice.of(5))),
        stocktaken_on: (dice.of(3) > 0).then(|| month(2026, dice.of(11))),
        declared: dice.of(30) > 0,
        ..Resource::named(ResourceId::generate(), format!("{name}{n:05}"))
    }
}

fn programs(kind: ResourceKind, dice: &mut Dice) -> Vec<String> {
    let list: &[&str] = match kind {
        ResourceKind::Client => &["Windows 11 Pro", "Office 2021", "ウイルスバスター", "Chrome", "Acrobat Reader"],
        ResourceKind::Server => &["Windows Server 2019", "Oracle Database 19c", "検査システム", "IIS 10", "Java 8"],
        ResourceKind::MedicalDevice => &["Windows 10 IoT", "検査装置ソフト"],
        ResourceKind::Network => &["IOS XE 17"],
        _ => &[],
    };
    list.iter().map(|text| format!("{text} {}", dice.of(30))).collect()
}

fn finding(resource: ResourceId, component: ComponentId, exploited: bool) -> Finding {
    Finding {
        id: FindingId::generate(),
        resource,
        component,
        verdict: Verdict::Affected,
        missing: None,
        vulnerability: format!("CVE-2026-{component}"),
        count: 1,
        cvss_tenths: Some(75),
        exploited,
        title: "認証の不備".to_owned(),
        reason: "{}".to_owned(),
        catalogue: "cat-1".to_owned(),
    }
}

/// Throws that are the same in every run.
struct Dice(u64);

impl Dice {
    fn of(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}
