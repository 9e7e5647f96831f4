//! One throw-away PostgreSQL cluster per test program: own folder, own socket, no port, gone with the program.

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use tomomori_store::Db;

/// Role that owns the tables; no superuser, as in a real installation.
pub const OWNER_ROLE: &str = "tomomori_owner";
/// Role of the application.
pub const APP_ROLE: &str = "tomomori_app";
/// Role that nothing holds back.
pub const SUPERUSER: &str = "postgres";

const TEMPLATE: &str = "tomomori_template";

/// A running cluster with a migrated template.
#[derive(Debug)]
pub struct Cluster {
    programs: PathBuf,
    socket: PathBuf,
    /// Its standard input is the life line: when this process ends, however it ends, the guard reads end-of-file,
    /// stops the server and removes its folder.
    _guard: Child,
}

/// The cluster of this process, started at the first call.
///
/// # Errors
/// Why there is none (one sentence).
pub fn cluster() -> Result<&'static Cluster, &'static str> {
    static CLUSTER: OnceLock<Result<Cluster, String>> = OnceLock::new();
    let cluster = CLUSTER.get_or_init(|| Cluster::start().map_err(|error| format!("{error:#}")));
    cluster.as_ref().map_err(String::as_str)
}

impl Cluster {
    /// Address of a database for a role.
    #[must_use]
    pub fn url(&self, role: &str, database: &str) -> String {
        format!("postgres://{role}@localhost/{database}?host={}", self.socket.display())
    }

    /// A new database, a copy of the migrated template.
    ///
    /// # Errors
    /// What PostgreSQL said.
    pub fn database(&self) -> Result<String> {
        let name = format!("test_{}", uuid::Uuid::now_v7().simple());
        self.sql("postgres", &format!("CREATE DATABASE {name} TEMPLATE {TEMPLATE} OWNER {OWNER_ROLE}"))?;
        Ok(name)
    }

    /// Drops a database, ending whoever is still connected.
    ///
    /// # Errors
    /// What PostgreSQL said.
    pub fn drop_database(&self, name: &str) -> Result<()> {
        self.sql("postgres", &format!("DROP DATABASE {name} WITH (FORCE)"))
    }

    /// Runs statements as superuser.
    ///
    /// # Errors
    /// What PostgreSQL said.
    pub fn sql(&self, database: &str, statements: &str) -> Result<()> {
        let mut psql = Command::new(self.programs.join("psql"));
        psql.args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--command", statements]);
        finish(psql.arg(self.url(SUPERUSER, database)))
    }

    fn start() -> Result<Self> {
        let programs = programs().context("PostgreSQL's server programs (initdb, postgres) are not installed")?;
        // Short: a socket's path may have at most 107 bytes.
        let folder = tempfile::Builder::new().prefix("tomomori-pg-").tempdir()?.keep();
        let as_root = root();
        if as_root {
            finish(Command::new("chown").arg(SUPERUSER).arg(&folder))?;
        }
        let initdb = |more: &[&str]| {
            let mut command = as_server(as_root, &programs.join("initdb"));
            command.current_dir(&folder).arg("--pgdata").arg(folder.join("data"));
            command.args(["--username", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--no-sync"]).args(more);
            finish(&mut command)
        };
        // A database that sorts by Japanese rules shows where a list relies on the database's own order.
        initdb(&["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=ja-JP"]).or_else(|_| initdb(&[]))?;
        let guard = guard(as_root, &programs, &folder)?;
        let cluster = Self { programs, socket: folder, _guard: guard };
        let begun = Instant::now();
        while let Err(error) = cluster.sql("postgres", "SELECT 1") {
            if begun.elapsed() > Duration::from_secs(60) {
                return Err(error.context("PostgreSQL did not start within 60 s"));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        cluster.sql("postgres", &format!("CREATE ROLE {OWNER_ROLE} LOGIN; CREATE ROLE {APP_ROLE} LOGIN"))?;
        cluster.sql("postgres", &format!("CREATE DATABASE {TEMPLATE} OWNER {OWNER_ROLE}"))?;
        let url = cluster.url(OWNER_ROLE, TEMPLATE);
        // A thread of its own: the caller is inside a runtime already.
        let migrate = move || -> Result<()> {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            Ok(runtime.block_on(Db::migrate(&url, Some(APP_ROLE)))?)
        };
        match std::thread::spawn(migrate).join() {
            Ok(result) => result.context("migrate PostgreSQL")?,
            Err(_) => bail!("the migration of PostgreSQL panicked"),
        }
        Ok(cluster)
    }
}

/// Starts the server under a shell that waits for the end of its standard input.
fn guard(as_root: bool, programs: &Path, folder: &Path) -> Result<Child> {
    // QUIT stops the server at once; nothing in it is worth a checkpoint.
    let script = r#"trap '' INT TERM HUP
"$1" -D "$2/data" -k "$2" -c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
  -c max_connections=200 -c shared_buffers=64MB -c log_min_messages=fatal >"$2/log" 2>&1 </dev/null &
server=$!
cat >/dev/null
kill -QUIT "$server"
wait "$server"
rm -rf "$2""#;
    let mut command = as_server(as_root, Path::new("sh"));
    command.current_dir(folder).args(["-c", script, "sh"]).arg(programs.join("postgres")).arg(folder);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().context("cannot start PostgreSQL")
}

/// PostgreSQL refuses to run as root.
fn as_server(as_root: bool, program: &Path) -> Command {
    if as_root {
        let mut command = Command::new("runuser");
        command.args(["-u", SUPERUSER, "--"]).arg(program);
        command
    } else {
        Command::new(program)
    }
}

fn root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut debian: Vec<PathBuf> = debian.map(|version| version.path().join("bin")).collect();
    debian.sort();
    let mut folders = std::env::split_paths(&path).chain(debian.into_iter().rev());
    folders.find(|folder| ["initdb", "postgres", "psql"].iter().all(|name| folder.join(name).exists()))
}

fn finish(command: &mut Command) -> Result<()> {
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("cannot run {command:?}"))?;
    if output.status.success() {
        return Ok(());
    }
    bail!("{}", String::from_utf8_lossy(&output.stderr).trim())
}
