//! An installation in a folder, and the program run on it.

use sea_orm::{ConnectionTrait, Database, Statement};
use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

/// A data folder of its own, gone with the test.
pub(crate) struct Installation {
    pub(crate) folder: tempfile::TempDir,
    /// PostgreSQL instead of the SQLite file in the folder.
    config: Option<PathBuf>,
}

/// What the program printed and how it ended.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Told {
    /// Standard output as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("no JSON ({error}): {self:?}"))
    }
}

impl From<Output> for Told {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Installation {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), config: None }
    }

    /// On this PostgreSQL database.
    pub(crate) fn on(url: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("tomomori.toml");
        std::fs::write(&config, format!("[database]\nurl = {url:?}\n")).unwrap();
        Self { folder, config: Some(config) }
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Writes a file beside the data folder.
    pub(crate) fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub(crate) fn command(&self, args: &[&dyn AsRef<OsStr>]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tomomori"));
        // Nothing of the tester's own surroundings.
        for name in ["TOMOMORI_CONFIG", "TOMOMORI_DATA", "TOMOMORI_LANG", "RUST_LOG"] {
            command.env_remove(name);
        }
        command.current_dir(self.folder.path()).arg("--data").arg(self.data());
        if let Some(config) = &self.config {
            command.arg("--config").arg(config);
        }
        command.args(args.iter().map(|arg| arg.as_ref())).stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs to the end.
    pub(crate) fn run(&self, args: &[&dyn AsRef<OsStr>]) -> Told {
        self.command(args).output().unwrap().into()
    }

    /// Runs to the end and must succeed.
    pub(crate) fn ok(&self, args: &[&dyn AsRef<OsStr>]) -> Told {
        let told = self.run(args);
        assert_eq!(told.code, 0, "{told:?}");
        told
    }

    /// Runs with a line of standard input.
    pub(crate) fn typed(&self, input: &str, args: &[&dyn AsRef<OsStr>]) -> Told {
        let mut child: Child = self.command(args).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap().into()
    }

    /// Runs a statement on the SQLite file, past everything that guards it.
    pub(crate) fn sql(&self, statement: &str) -> u64 {
        self.on_sqlite(async |db| db.execute_unprepared(statement).await.unwrap().rows_affected())
    }

    /// One text from the SQLite file, `None` if there is no row.
    pub(crate) fn text(&self, query: &str) -> Option<String> {
        self.on_sqlite(async |db| {
            let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), query)).await.unwrap();
            row.map(|row| row.try_get_by_index(0).unwrap())
        })
    }

    fn on_sqlite<T>(&self, work: impl AsyncFnOnce(&sea_orm::DatabaseConnection) -> T) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let url = format!("sqlite:{}", self.data().join("tomomori.db").display());
            let db = Database::connect(url).await.unwrap();
            let result = work(&db).await;
            db.close().await.unwrap();
            result
        })
    }
}

/// Folder `demo` of the repository.
pub(crate) fn demo() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo")
}
