//! How long a person with a hospital of 5,000 devices waits for the pages that draw or count all of them: in a real
//! Chromium, from the click until the page answers. `cargo bench -p tomomori-cli --bench pages`.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench prints its figures and stops at the first fault"
)]

use chromiumoxide::browser::{Browser, BrowserConfig};
use chromiumoxide::page::Page;
use futures::StreamExt;
use serde::Deserialize;
use std::fmt::Write;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// What a page may take until it answers, milliseconds.
const BOUND: f64 = 1000.0;
const TRIES: usize = 7;
const PAGES: [(&str, &str); 6] = [
    ("diagram, zones folded", "/diagram"),
    ("diagram, every zone open", "/diagram?open=all"),
    ("list of devices", "/ledger"),
    ("ends of support", "/lifetimes"),
    ("completeness", "/ledger/completeness"),
    ("home", "/"),
];

#[derive(Deserialize)]
struct Person {
    login: String,
    password: String,
}

fn main() {
    let Some(chromium) = chromium() else {
        println!("SKIPPED pages in Chromium: none here (TOMOMORI_CHROMIUM names one)");
        return;
    };
    let data = TempDir::new().unwrap();
    program(data.path()).args(["demo", "--check"]).output().unwrap();
    let (zones, devices) = (data.path().join("区画.csv"), data.path().join("台帳.csv"));
    let (zone_rows, device_rows) = lists();
    std::fs::write(&zones, zone_rows).unwrap();
    std::fs::write(&devices, device_rows).unwrap();
    let imported = program(data.path()).args(["import", "--commit"]).arg(&zones).arg(&devices).output().unwrap();
    assert!(imported.status.success(), "{}", String::from_utf8_lossy(&imported.stderr));
    let mut served = program(data.path()).args(["demo", "--port", "0"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(served.stdout.take().unwrap()).lines().map_while(Result::ok);
    let address = lines.find_map(|line| line.trim().strip_prefix("http://").map(|rest| format!("http://{rest}")));
    let people = std::fs::read(data.path().join("demo-people.json")).unwrap();
    let people: Vec<Person> = serde_json::from_slice(&people).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(measure(chromium, address.unwrap().trim_end_matches('/'), &people[0]));
    served.kill().unwrap();
    served.wait().unwrap();
}

fn program(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tomomori"));
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    command.arg("--data").arg(data).current_dir(root).env_remove("TOMOMORI_CONFIG").env("RUST_LOG", "error");
    command
}

fn chromium() -> Option<PathBuf> {
    let named = std::env::var_os("TOMOMORI_CHROMIUM").map(PathBuf::from);
    let path = std::env::var_os("PATH")?;
    let found = std::env::split_paths(&path).map(|folder| folder.join("chromium")).find(|file| file.is_file());
    named.or(found)
}

/// 25 zones of 200 devices, each plugged into a switch of its floor.
fn lists() -> (String, String) {
    let mut zones = "区画名,アドレス範囲,区分\n".to_owned();
    let mut devices = "管理番号,機器名,種別,メーカー,型番,OS,IPアドレス,区画,保守業者,接続先\n".to_owned();
    let models = [
        ("端末", "Dell,OptiPlex 3080,Windows 10 Pro"),
        ("端末", "HP,ProDesk 400,Windows 11 Pro"),
        ("医療機器", "フィリップス,IntelliVue MX550,"),
        ("サーバ", "Dell,PowerEdge R740,Windows Server 2019"),
        ("その他", "キヤノン,iR-ADV C5535,"),
    ];
    for zone in 0..25 {
        let net = 40 + zone;
        writeln!(zones, "大区画{zone:02},10.{net}.0.0/22,病棟").unwrap();
        for n in 0..200 {
            let number = zone * 200 + n;
            let switch = n < 8;
            let (kind, model) = if switch {
                ("ネットワーク機器", "アライドテレシス,AT-x530L,")
            } else {
                models[n * 7 % 5]
            };
            let name = if switch { format!("大SW{zone:02}-{n}") } else { format!("{kind}大{number:04}") };
            let plug = match (number, switch) {
                (0, _) => String::new(),
                (_, true) => "大SW00-0".to_owned(),
                (_, false) => format!("大SW{zone:02}-{}", n % 8),
            };
            let vendor = ["青葉メディカルシステム", "北都ヘルステック", "網屋ネットワーク", ""][n * 3 % 4];
            let host = n + 1;
            writeln!(devices, "B-{number:05},{name},{kind},{model},10.{net}.0.{host},大区画{zone:02},{vendor},{plug}")
                .unwrap();
        }
    }
    (zones, devices)
}

/// Where the browser is.
async fn at(page: &Page) -> String {
    let place = page.evaluate("location.pathname + location.search").await;
    place.ok().and_then(|place| place.into_value().ok()).unwrap_or_default()
}

async fn measure(chromium: PathBuf, address: &str, person: &Person) {
    let profile = TempDir::new().unwrap();
    let config = BrowserConfig::builder()
        .chrome_executable(chromium)
        .new_headless_mode()
        .no_sandbox()
        .user_data_dir(profile.path())
        .window_size(1280, 800)
        .args(["disable-gpu", "disable-quic", "no-first-run", "disable-background-networking"]);
    let (browser, mut handler) = Browser::launch(config.build().unwrap()).await.unwrap();
    let events = tokio::spawn(async move { while handler.next().await.is_some() {} });
    let page = browser.new_page(format!("{address}/login")).await.unwrap();
    page.wait_for_navigation().await.unwrap();
    let fill = format!(
        "document.querySelector('[name=login]').value = {:?}; document.querySelector('[name=password]').value = {:?};
         document.querySelector('main form').submit()",
        person.login, person.password
    );
    page.evaluate(fill).await.unwrap();
    for _ in 0..500 {
        if at(&page).await == "/" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    println!("pages of a hospital with 5,388 devices, ms until they answer (allowed {BOUND:.0})");
    println!("  {:<26} {:>6}   {:>6}   worst of {TRIES}", "", "server", "p50");
    for (name, path) in PAGES {
        let mut times = Vec::new();
        for _ in 0..TRIES {
            page.goto(format!("{address}{path}")).await.unwrap();
            // Loaded, scripts run, and the next two frames drawn: then it answers to a key.
            let frames = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => {
                const n = performance.getEntriesByType('navigation')[0]; done([performance.now(), n.responseStart]); })))";
            let taken: (f64, f64) = page.evaluate(frames).await.unwrap().into_value().unwrap();
            assert_eq!(at(&page).await, path, "another page came, as for who is not logged in");
            times.push(taken);
        }
        times.sort_by(|a, b| a.0.total_cmp(&b.0));
        let ((middle, server), worst) = (times[TRIES / 2], times[TRIES - 1].0);
        let over = if middle > BOUND { "  OVER" } else { "" };
        println!("  {name:<26} {server:>6.0}   {middle:>6.0}   {worst:>6.0}{over}");
    }
    drop(browser);
    events.abort();
}
