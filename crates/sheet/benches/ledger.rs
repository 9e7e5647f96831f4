//! The preview of a ledger of 10,000 rows and 20 columns, from its bytes to what would change, beside the physical bound of the same run (inflate all
//! parts and look at every byte of their XML once). `cargo bench -p tomomori-sheet`.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench prints its figures and stops at the first fault"
)]

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use std::hint::black_box;
use std::io::Read;
use std::time::{Duration, Instant};
use tomomori_domain::ids::ChangeId;
use tomomori_domain::resource::{Grade, Ledger};
use tomomori_ledger::diff::diff;
use tomomori_ledger::intake;
use tomomori_ledger::project::{Facts, project};
use tomomori_ledger::{NamedProduct, Names};
use tomomori_sheet::{Limits, apply, doubts, guess, read};

const ROWS: u32 = 10_000;
/// What the whole preview may take; reading is the first half of it.
const SECONDS: f64 = 0.5;
const MEGABYTES: f64 = 150.0;

/// No catalogue: names are asked for and not found.
struct NoNames;

impl Names for NoNames {
    fn product(&self, _: Option<&str>, _: &str) -> Option<NamedProduct> {
        None
    }
    fn split_version(&self, text: &str) -> (String, Option<String>) {
        (text.to_owned(), None)
    }
    fn cpe(&self, _: &str) -> (Option<String>, Option<String>) {
        (None, None)
    }
    fn can_tell(&self) -> bool {
        false
    }
}

const HEADER: [&str; 20] = [
    "管理番号",
    "機器名",
    "種別",
    "メーカー",
    "型番",
    "版",
    "OS",
    "ソフトウェア",
    "製造番号",
    "IPアドレス",
    "MACアドレス",
    "ホスト名",
    "区画",
    "設置場所",
    "部署",
    "保守業者",
    "契約番号",
    "導入日",
    "サポート終了日",
    "備考",
];

fn ledger() -> Vec<u8> {
    let day = Format::new().set_num_format("yyyy/m/d");
    let mut book = Workbook::new();
    let tab = book.add_worksheet();
    for (column, text) in (0..).zip(HEADER) {
        tab.write(0, column, text).unwrap();
    }
    for row in 1..=ROWS {
        let at = |list: &[&str]| list[row as usize % list.len()].to_owned();
        let texts = [
            format!("PC-{row:05}"),
            format!("業務端末{row}"),
            at(&["端末", "サーバ", "ネットワーク機器", "医療機器", "その他"]),
            at(&["Dell", "HP", "富士通", "NEC"]),
            at(&["OptiPlex 3080", "ProDesk 400 G6", "ESPRIMO D588", "Mate MKM28"]),
            format!("1.{}.{}", row % 7, row % 31),
            at(&["Windows 10 Pro", "Windows 11 Pro", "Windows Server 2019"]),
            at(&["OpenSSL 1.1；PostgreSQL 9.6", "Java 8", ""]),
            format!("JPH{:07}", row * 7),
            format!("10.{}.{}.{}", 20 + row / 60_000, row / 250 % 250, row % 250 + 1),
            format!("00-1A-2B-{:02X}-{:02X}-{:02X}", row >> 16, row >> 8 & 255, row & 255),
            format!("PC{row:05}"),
            at(&["端末系", "サーバ室", "検査", "放射線"]),
            at(&["本館2F 医事課", "新館3F 東病棟", "本館1F 外来", "別館 検査室"]),
            at(&["医事課", "看護部", "検査科", "放射線科", "薬剤部"]),
            at(&["青葉メディカルシステム", "北都ヘルステック", "網屋ネットワーク"]),
            at(&["K-2019-004", "K-2018-007", "K-2016-002"]),
        ];
        for (column, text) in (0..).zip(&texts) {
            tab.write(row, column, text).unwrap();
        }
        let month = u8::try_from(row % 12 + 1).unwrap();
        for (column, year) in [(17, 2020), (18, 2027)] {
            tab.write_with_format(row, column, ExcelDateTime::from_ymd(year, month, 1).unwrap(), &day).unwrap();
        }
        tab.write(row, 19, if row % 3 == 0 { "リース満了後に更新予定" } else { "" }).unwrap();
    }
    book.save_to_buffer().unwrap()
}

fn main() {
    let bytes = ledger();
    let today = jiff::civil::date(2026, 11, 25);
    let mut values = 0;
    let mut best = [Duration::MAX; 8];
    forget_peak();
    for _ in 0..7 {
        let (sheets, reading) = timed(|| read(&bytes, "台帳.xlsx", &Limits::default()).unwrap());
        let (mapping, guessing) = timed(|| guess::mapping(&sheets[0]).mapping);
        let (table, applying) = timed(|| apply::table(&sheets[0], &mapping, Grade::Declared, "台帳.xlsx").unwrap());
        let (found, doubting) = timed(|| doubts::of(&table, today));
        assert_eq!((table.rows.len(), table.problems.len(), found.len()), (ROWS as usize, 0, 0));
        values = table.rows.iter().map(|row| row.values.len()).sum();
        // As `app` previews it against an empty ledger: rows to records, records to the ledger, what differs.
        drop(sheets);
        let (taken, taking) = timed(|| intake::intake(vec![table], &[], ChangeId::generate(), today));
        let stored = Ledger::default();
        let facts = Facts { records: &taken.begin, decisions: &[], stored: &stored, names: &NoNames, today };
        let (projected, computing) = timed(|| project(&facts));
        let (differs, comparing) = timed(|| diff(&stored, &projected.ledger));
        assert_eq!(differs.put.resources.len(), ROWS as usize);
        let times = [reading, guessing, applying, doubting, taking, computing, comparing];
        for (best, time) in best.iter_mut().zip(times) {
            *best = time.min(*best);
        }
        best[7] = best[7].min(times.iter().sum());
    }
    let peak = peak_memory();
    let mut inflated = 0;
    let least = (0..7).map(|_| timed(|| inflated = bound(&bytes)).1).min().unwrap();
    let [reading, guessing, applying, doubting, taking, computing, comparing, all] = best.map(|t| t.as_secs_f64());
    println!(
        "ledger of {ROWS} rows × {} columns, {values} values, {:.1} MB of XML",
        HEADER.len(),
        inflated as f64 / 1e6
    );
    println!("  bound (inflate + look at every byte)  CPU s {:.3}", least.as_secs_f64());
    println!("  read {reading:.3}  guess {guessing:.3}  apply {applying:.3}  doubts {doubting:.3}");
    println!("  records {taking:.3}  ledger {computing:.3}  differences {comparing:.3}");
    println!(
        "  whole preview  CPU s {all:.3} (allowed {SECONDS})  ratio to the bound {:.1}",
        all / least.as_secs_f64()
    );
    match peak {
        Some(bytes) => println!("  peak memory {:.0} MB (allowed {MEGABYTES})", bytes as f64 / 1e6),
        None => println!("  peak memory not measured"),
    }
}

/// Inflates all parts and counts the tags in them.
fn bound(bytes: &[u8]) -> usize {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut inflated = 0;
    let mut buffer = vec![0; 64 << 10];
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        loop {
            let read = part.read(&mut buffer).unwrap();
            if read == 0 {
                break;
            }
            inflated += read;
            black_box(buffer[..read].iter().filter(|byte| **byte == b'<').count());
        }
    }
    inflated
}

/// Processor time of this thread where the system tells (Linux), else time on the wall.
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let (wall, processor) = (Instant::now(), processor());
    let result = work();
    let used = self::processor().zip(processor).and_then(|(now, then)| now.checked_sub(then));
    (result, used.unwrap_or_else(|| wall.elapsed()))
}

fn processor() -> Option<Duration> {
    let schedule = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    schedule.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

/// Starts the system's peak of resident memory anew, where it can be told to (Linux).
fn forget_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// Highest resident memory since [`forget_peak`], bytes.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}
