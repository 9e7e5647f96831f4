//! The real program under test: one `tomomori demo` with a folder of its own, shared by all stories that run at once.

use serde::Deserialize;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, Weak};
use tempfile::TempDir;

/// A running demo. The last story that holds it stops it: a static would outlive the test process.
pub(crate) struct Program {
    child: Child,
    /// `http://127.0.0.1:port`.
    pub(crate) address: String,
    people: Vec<Person>,
    log: Arc<Mutex<String>>,
    _data: TempDir,
}

#[derive(Deserialize)]
struct Person {
    login: String,
    password: String,
}

/// Held by a story that writes the ledger, so that no other story changes it between a preview and its confirmation:
/// then the program would rightly ask to look again.
static LEDGER: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

static RUNNING: Mutex<Weak<Program>> = Mutex::new(Weak::new());

impl Program {
    /// The running demo, started if none runs.
    pub(crate) fn get() -> Arc<Program> {
        let mut running = RUNNING.lock().unwrap();
        if let Some(program) = running.upgrade() {
            return program;
        }
        let program = Arc::new(Self::start());
        *running = Arc::downgrade(&program);
        program
    }

    fn start() -> Self {
        let data = TempDir::new().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_tomomori"))
            .args(["demo", "--port", "0", "--data"])
            .arg(data.path())
            .current_dir(root())
            .env_remove("TOMOMORI_CONFIG")
            .env_remove("RUST_LOG")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let log = Arc::new(Mutex::new(String::new()));
        let (mut errors, kept) = (child.stderr.take().unwrap(), Arc::clone(&log));
        std::thread::spawn(move || {
            let mut piece = [0; 4096];
            while let Ok(length @ 1..) = errors.read(&mut piece) {
                kept.lock().unwrap().push_str(&String::from_utf8_lossy(&piece[..length]));
            }
        });
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines.by_ref().map_while(Result::ok).find_map(|line| {
            line.trim().strip_prefix("http://").map(|rest| format!("http://{}", rest.trim_end_matches('/')))
        });
        let Some(address) = address else {
            panic!("the demo ended without an address:\n{}", log.lock().unwrap());
        };
        // What it still prints must not fill the pipe.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        let people = std::fs::read(data.path().join("demo-people.json")).unwrap();
        let people = serde_json::from_slice(&people).unwrap();
        Self { child, address, people, log, _data: data }
    }

    /// Waits until no other story writes the ledger.
    pub(crate) async fn ledger_turn() -> tokio::sync::MutexGuard<'static, ()> {
        LEDGER.lock().await
    }

    /// The password of a demo user.
    pub(crate) fn password(&self, login: &str) -> &str {
        &self.people.iter().find(|person| person.login == login).unwrap().password
    }

    /// Lines of the program's log that tell of a stopped script or style, or of a fault.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let log = self.log.lock().unwrap();
        let bad = |line: &&str| {
            line.contains("content security policy") || line.contains(" ERROR ") || line.contains("panicked")
        };
        log.lines().filter(bad).map(str::to_owned).collect()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The root of the checkout.
pub(crate) fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// Where screenshots and measurements are kept.
pub(crate) fn artefacts() -> PathBuf {
    let folder = std::env::var_os("TOMOMORI_ARTEFACTS").map_or_else(|| root().join("target/browser"), PathBuf::from);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}
