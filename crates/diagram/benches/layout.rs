//! Layout and SVG of generated hospitals beside their bounds, in processor time: `cargo bench -p tomomori-diagram`.

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

#[path = "../tests/it/hospitals.rs"]
mod hospitals;

use std::hint::black_box;
use std::time::{Duration, Instant};
use tomomori_diagram::{Diagram, LineKind, Options, layout, layout_from, svg};
use tomomori_domain::resource::{ResourceKind, ZoneKind};

/// Size asked of the generator (it makes a few boxes fewer: 300 and 5,000 and more), and the time their layout may take.
const BOUNDS: [(usize, Duration); 2] = [(310, Duration::from_millis(5)), (5320, Duration::from_millis(150))];

fn main() {
    for (size, bound) in BOUNDS {
        let d = hospitals::hospital(1, size);
        forget_peak();
        let fresh = best(|| layout(&d));
        let peak = peak_memory();
        let done = layout(&d);
        let again = best(|| layout_from(&d, &done.arrangement));
        let written = best(|| svg(&done, &Options::default()));
        println!(
            "layout of {} boxes, {} lines: {:.2} ms (bound {} ms), from its arrangement {:.2} ms, SVG {:.2} ms, peak memory {}",
            d.nodes.len(),
            d.lines.len(),
            millis(fresh),
            bound.as_millis(),
            millis(again),
            millis(written),
            peak.map_or("not measured".to_owned(), |bytes| format!("{:.0} MB", bytes as f64 / 1e6)),
        );
    }
    let d = flat(5000);
    println!("5,000 devices on one switch in one zone: {:.2} ms", millis(best(|| layout(&d))));
    println!("cost per box, fresh layout:");
    for size in [300, 600, 1200, 2400, 4800, 9600] {
        let d = hospitals::hospital(2, size);
        println!(
            "  {:5} boxes {:.1} µs",
            d.nodes.len(),
            best(|| layout(&d)).as_secs_f64() * 1e6 / d.nodes.len() as f64
        );
    }
}

/// A hospital that knows neither zones nor floor switches: the longest wire there can be.
fn flat(count: usize) -> Diagram {
    let mut d = Diagram { zones: vec![hospitals::zone("all", "院内", "", ZoneKind::Care)], ..Diagram::default() };
    for i in 0..count {
        d.nodes.push(hospitals::node(&format!("n{i}"), "all", &format!("端末{i}"), "", ResourceKind::Client, "H"));
        d.lines.push(hospitals::line(&format!("n{i}"), "n0", "", LineKind::Uplink));
    }
    d
}

/// The least of several runs: layout runs on one thread without waiting, so that this is its processor time.
fn best<T>(run: impl Fn() -> T) -> Duration {
    let once = || {
        let start = Instant::now();
        black_box(run());
        start.elapsed()
    };
    (0..15).map(|_| once()).min().unwrap_or_default()
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// Starts the system's peak of resident memory anew, where it can be told to (Linux).
fn forget_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// Peak of resident memory in bytes (Linux).
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok().map(|kb| kb * 1024)
}
