//! Killed at any moment: afterwards there is the old state or the new one, never something between, and nothing that a
//! dead process left behind stops the next.
//!
//! `kill -9` ends the process, not the machine: what the operating system has accepted stays. The moments are drawn from
//! a fixed seed over the time a run takes; that span follows the machine, which is busier at one moment than at another.

use crate::program::{Installation, Told, demo};
use serde_json::Value;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use tomomori_testkit::{pg, skipped};

/// Moments within a run: xorshift, small, fast and good enough to spread them.
struct Moments {
    random: u64,
    /// About as long as a run takes now.
    span: Duration,
    last: Duration,
}

impl Moments {
    fn new(seed: u64, span: Duration) -> Self {
        Self { random: seed, span, last: Duration::ZERO }
    }

    fn draw(&mut self) -> Duration {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.last = self.span.mul_f64((self.random % 10_000) as f64 / 10_000.0);
        self.last
    }

    /// A run that had ended by itself took less than thought; one that had done nothing near the end of the span, more.
    fn learn(&mut self, running: bool, done: bool) {
        if !running {
            self.span = self.span.mul_f64(0.9);
        } else if !done && self.last > self.span.mul_f64(0.8) {
            self.span = self.span.mul_f64(1.25);
        }
    }
}

/// How often the runs were cut short, and what was found after it.
#[derive(Debug, Default)]
struct Tally {
    killed: u32,
    finished: u32,
    old: u32,
    new: u32,
}

/// Starts, kills after `moment`, and says whether it was still running.
fn killed(mut command: Command, moment: Duration, tally: &mut Tally) -> bool {
    let mut child = command.spawn().unwrap();
    std::thread::sleep(moment);
    let running = child.try_wait().unwrap().is_none();
    child.kill().unwrap();
    child.wait().unwrap();
    if running {
        tally.killed += 1;
    } else {
        tally.finished += 1;
    }
    running
}

/// A ledger in its `version`th year: every device has moved on, and one is new.
fn ledger(version: u32) -> String {
    let mut text = String::from("管理番号,機器名,種別,メーカー,型番,バージョン,OS,IPアドレス,設置場所,保守業者\r\n");
    for n in 0..60 + version {
        let ip = format!("10.0.{}.{}", n / 200, n % 200 + 1);
        write!(text, "K-{n:03},サーバ{n:03},サーバ,Dell,PowerEdge R{n},{version}.{n},Windows Server 2016,{ip},{version}階,事業者{}\r\n", n % 7).unwrap();
    }
    text
}

fn counts(told: &Told) -> Value {
    assert_eq!(told.code, 0, "{told:?}");
    told.json()["counts"].clone()
}

/// Nothing to do: the ledger holds exactly this file.
fn is_new(counts: &Value) -> bool {
    ["created", "changed", "others", "doubts"].iter().all(|name| counts[name] == 0)
}

/// Imports version after version, killed each time; the whole comparison with the ledger must be the one from before or
/// that of the finished import.
fn kill_imports(installation: &Installation, times: u32, seed: u64) -> Tally {
    let path = |version: u32| installation.file("台帳.csv", ledger(version).as_bytes());
    let first = path(0);
    let begun = Instant::now();
    installation.ok(&[&"import", &"--commit", &first]);
    let second = path(1);
    installation.ok(&[&"import", &"--commit", &second]);
    let mut moments = Moments::new(seed, begun.elapsed() / 2);

    let (mut tally, mut version) = (Tally::default(), 1);
    for _ in 0..times {
        let file = path(version + 1);
        let before = counts(&installation.run(&[&"import", &"--json", &file]));
        assert!(!is_new(&before));
        let running = killed(installation.command(&[&"import", &"--commit", &file]), moments.draw(), &mut tally);
        let after = counts(&installation.run(&[&"import", &"--json", &file]));
        moments.learn(running, is_new(&after));
        if is_new(&after) {
            version += 1;
            tally.new += 1;
        } else {
            assert_eq!(after, before, "neither the old ledger nor the new one");
            tally.old += 1;
        }
        let audit = installation.run(&[&"audit", &"verify", &"--json"]);
        assert_eq!((audit.code, &audit.json()[0]["intact"]), (0, &true.into()), "{audit:?}");
    }
    // What the dead left behind does not stop the living.
    let last = path(version + 1);
    installation.ok(&[&"import", &"--commit", &last]);
    assert!(is_new(&counts(&installation.run(&[&"import", &"--json", &last]))));
    tally
}

#[test]
fn an_import_killed_fifty_times_is_whole_or_not_there() {
    let installation = Installation::new();
    let tally = kill_imports(&installation, 50, 0x5EED_0001);
    assert!(tally.killed >= 20, "the moments miss the run: {tally:?}");
    assert!(tally.old >= 5 && tally.new >= 1, "both outcomes must occur: {tally:?}");
    // Every confirmed import stands in the chain once, and only those.
    let confirmed = installation.text("SELECT CAST(COUNT(*) AS TEXT) FROM imports WHERE state = 'confirmed'");
    let entries = installation.text("SELECT CAST(COUNT(*) AS TEXT) FROM audit_entries WHERE action = 'import.confirm'");
    assert_eq!(confirmed, entries);
    assert_eq!(confirmed, Some((tally.new + 3).to_string()));
    let check = installation.text("PRAGMA integrity_check");
    assert_eq!(check.as_deref(), Some("ok"));
    println!("{tally:?}");
}

#[test]
fn an_import_killed_on_postgresql_is_whole_or_not_there() {
    let cluster = match pg::cluster() {
        Ok(cluster) => cluster,
        Err(reason) => {
            assert!(std::env::var_os("CI").is_none(), "PostgreSQL must be there in CI: {reason}");
            return skipped("an_import_killed_on_postgresql_is_whole_or_not_there", reason);
        }
    };
    let database = cluster.database().unwrap();
    let installation = Installation::on(&cluster.url(pg::APP_ROLE, &database));
    let tally = kill_imports(&installation, 10, 0x5EED_0002);
    assert!(tally.killed >= 3, "{tally:?}");
    cluster.drop_database(&database).unwrap();
    println!("{tally:?}");
}

/// The feeds of one build: enough to take a while, and different each time.
fn feeds(installation: &Installation, version: u32) -> Vec<PathBuf> {
    let mut kev: Value =
        serde_json::from_slice(&std::fs::read(demo().join("../fixtures/kev/kev.json")).unwrap()).unwrap();
    kev["vulnerabilities"][0]["vulnerabilityName"] = format!("In the words of day {version}").into();
    let kev = installation.file("kev.json", kev.to_string().as_bytes());
    let mut all = vec![kev, demo().join("feeds/csaf")];
    all.extend(
        ["nvdcve-1.1-2018-cut.json.gz", "nvdcve-1.1-2017-cut.json.gz"].map(|name| demo().join("feeds").join(name)),
    );
    all
}

/// The catalogue the database calls active; its file must be whole.
fn active(installation: &Installation) -> String {
    let hash = installation.text("SELECT hash FROM catalogue_state").unwrap();
    let file = installation.data().join("catalogue").join(format!("{hash}.tmc"));
    let told = installation.run(&[&"catalogue", &"verify", &file]);
    assert_eq!(told.code, 0, "the active catalogue is damaged: {told:?}");
    hash
}

fn content(installation: &Installation, file: &Path) -> String {
    let told = installation.ok(&[&"catalogue", &"info", &"--json", &file]);
    told.json()["content"].as_str().unwrap().to_owned()
}

#[test]
fn a_catalogue_build_and_its_activation_killed_fifty_times_leave_the_old_or_the_new() {
    let installation = Installation::new();
    installation.ok(&[&"migrate"]);
    let output = installation.folder.path().join("new.tmc");
    let build = |version: u32| {
        let sequence = version.to_string();
        let mut command =
            installation.command(&[&"catalogue", &"build", &"--output", &output, &"--sequence", &sequence]);
        command.args(feeds(&installation, version));
        command
    };
    let activate = || installation.command(&[&"catalogue", &"activate", &output]);
    let begun = Instant::now();
    assert!(build(1).output().unwrap().status.success());
    let mut build_moments = Moments::new(0x5EED_0003, begun.elapsed());
    let begun = Instant::now();
    assert!(activate().output().unwrap().status.success());
    let mut activation_moments = Moments::new(0x5EED_0004, begun.elapsed());

    let (mut builds, mut activations) = (Tally::default(), Tally::default());
    for version in 2..52 {
        let before = content(&installation, &output);
        let running = killed(build(version), build_moments.draw(), &mut builds);
        // The file under its name is whole at any moment: the old one or the new one.
        installation.ok(&[&"catalogue", &"verify", &output]);
        let still_old = content(&installation, &output) == before;
        build_moments.learn(running, !still_old);
        if still_old {
            builds.old += 1;
            assert!(build(version).output().unwrap().status.success(), "the next build is not stopped by the dead one");
        } else {
            builds.new += 1;
        }
        let (old, new) = (active(&installation), content(&installation, &output));
        assert_ne!(old, new);
        let running = killed(activate(), activation_moments.draw(), &mut activations);
        let now = active(&installation);
        activation_moments.learn(running, now != old);
        assert!(now == old || now == new, "neither the old catalogue nor the new one");
        if now == old {
            activations.old += 1;
            let told: Told = activate().output().unwrap().into();
            assert_eq!(told.code, 0, "{told:?}");
            assert_eq!(active(&installation), new);
        } else {
            activations.new += 1;
        }
    }
    assert!(builds.killed >= 20 && activations.killed >= 20, "{builds:?} {activations:?}");
    assert!(builds.old >= 5 && activations.old >= 5 && activations.new >= 1, "{builds:?} {activations:?}");
    // Nothing half-made piles up beside the output.
    let left: Vec<_> =
        std::fs::read_dir(installation.folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.len() <= 6, "{left:?}");
    println!("build {builds:?}, activation {activations:?}");
}
