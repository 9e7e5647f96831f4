//! Commands, their exit codes and what scripts read of them.

use crate::program::{Installation, demo};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command};
use std::sync::Arc;

const LEDGER: &str = "管理番号,機器名,種別,IPアドレス\r\nK-1,受付PC,端末,10.0.0.1\r\n";
const PASSWORD: &str = "correct horse battery staple\n";

#[test]
fn import_previews_and_only_with_commit_writes() {
    let it = Installation::new();
    let file = it.file("台帳.csv", LEDGER.as_bytes());
    let preview = it.ok(&[&"import", &"--json", &file]).json();
    assert_eq!(preview["counts"]["created"], 1);
    assert_eq!(preview["files"][0]["tables"][0]["mapping"]["columns"][1]["field"], "name");
    assert_eq!(preview["changes"][0]["name"], "受付PC");
    assert_eq!(it.text("SELECT CAST(COUNT(*) AS TEXT) FROM resources").as_deref(), Some("0"));
    assert!(it.ok(&[&"import", &file]).out.contains("nothing was written"));

    assert!(it.ok(&[&"import", &"--commit", &file]).out.contains("written"));
    assert_eq!(it.text("SELECT CAST(COUNT(*) AS TEXT) FROM resources").as_deref(), Some("1"));
    let again = it.ok(&[&"import", &"--json", &file]).json();
    assert_eq!((&again["counts"]["created"], &again["counts"]["left"]), (&0.into(), &1.into()));
    // In both languages, the same facts.
    assert_ne!(it.ok(&[&"--lang", &"en", &"import", &file]).out, it.ok(&[&"import", &file]).out);
}

#[test]
fn several_hospitals_must_be_told_apart() {
    let it = Installation::new();
    it.ok(&[&"migrate"]);
    for (login, place) in [("a", "甲病院"), ("b", "乙病院")] {
        let told = it.typed(
            PASSWORD,
            &[&"user", &"add", &login, &"--name", &"人", &"--hospital", &place, &"--role", &"operator"],
        );
        assert_eq!(told.code, 0, "{told:?}");
    }
    let file = it.file("台帳.csv", LEDGER.as_bytes());
    let told = it.run(&[&"import", &"--commit", &file]);
    assert!(told.code == 1 && told.err.contains("--hospital"), "{told:?}");
    let told = it.run(&[&"import", &"--commit", &"--hospital", &"丙病院", &file]);
    assert!(told.code == 1 && told.err.contains("丙病院"), "{told:?}");
    it.ok(&[&"import", &"--commit", &"--hospital", &"乙病院", &file]);
    let whose = "SELECT t.name FROM resources r JOIN tenants t ON t.id = r.tenant_id";
    assert_eq!(it.text(whose).as_deref(), Some("乙病院"));
}

#[test]
fn exit_codes_are_as_documented() {
    let it = Installation::new();
    assert_eq!(it.run(&[&"no-such-command"]).code, 2);
    assert_eq!(it.run(&[&"import"]).code, 2);
    assert_eq!(it.run(&[&"--lang", &"fr", &"check-config"]).code, 1);
    let missing = it.run(&[&"inspect", &"no-such-file.xlsx"]);
    assert!(missing.code == 1 && missing.err.contains("no-such-file.xlsx"), "{missing:?}");
    // Not migrated: says which command helps.
    let told = it.run(&[&"audit", &"verify"]);
    assert!(told.code == 1 && told.err.contains("tomomori migrate"), "{told:?}");
    assert_eq!(it.ok(&[&"--version"]).out.trim(), format!("tomomori {}", env!("CARGO_PKG_VERSION")));
    it.ok(&[&"--help"]);
}

#[test]
fn check_config_prints_defaults_and_finds_what_is_wrong() {
    let it = Installation::new();
    let told = it.ok(&[&"check-config"]);
    for part in ["[server]", "listen = \"127.0.0.1:8080\"", "max_upload_megabytes = 64"] {
        assert!(told.out.contains(part), "{}", told.out);
    }
    let check = |text: &str| {
        let file = it.file("c.toml", text.as_bytes());
        it.run(&[&"--config", &file, &"check-config"])
    };
    let told = check("[server]\nlisten = \"0.0.0.0:443\"\n");
    assert!(told.code == 3 && told.err.contains("tomomori tls init"), "{told:?}");
    let told = check("[server]\ncertificate = \"nowhere.pem\"\n");
    assert!(told.code == 3 && told.err.contains("nowhere.pem") && told.err.contains("together"), "{told:?}");
    let told = check("[database]\nurl = \"postgres://a@h/d\"\nowner_url = \"postgres://a@h/d\"\n");
    assert!(told.code == 3 && told.err.contains("owner_url"), "{told:?}");
    let told = check("[server]\nlisen = \"127.0.0.1:1\"\n");
    assert!(told.code == 1 && told.err.contains("lisen"), "{told:?}");
    // What it prints is a configuration.
    let printed = it.ok(&[&"check-config"]).out;
    assert_eq!(check(&printed).code, 0);
}

#[test]
fn people_are_added_and_listed_and_passwords_stay_secret() {
    let it = Installation::new();
    it.ok(&[&"migrate"]);
    let add = |password: &str, login: &str, role: &str| {
        it.typed(
            password,
            &[&"user", &"add", &login, &"--name", &"佐々木", &"--hospital", &"みどり川病院", &"--role", &role],
        )
    };
    assert_eq!(add(PASSWORD, "sasaki", "operator").code, 0);
    let short = add("short\n", "b", "operator");
    assert!(short.code == 1 && short.err.contains("13"), "{short:?}");
    let taken = add(PASSWORD, "sasaki", "operator");
    assert!(taken.code == 1 && taken.err.contains("sasaki"), "{taken:?}");
    let role = add(PASSWORD, "c", "king");
    assert!(role.code == 1 && role.err.contains("king"), "{role:?}");
    let homeless = it.typed(PASSWORD, &[&"user", &"add", &"d", &"--name", &"x", &"--role", &"operator"]);
    assert!(homeless.code == 1 && homeless.err.contains("--hospital"), "{homeless:?}");
    assert_eq!(it.ok(&[&"user", &"list"]).out, "みどり川病院\tsasaki\t佐々木\toperator\n");
    let bytes = std::fs::read(it.data().join("tomomori.db")).unwrap();
    assert!(!bytes.windows(13).any(|window| window == b"correct horse"), "the password stands in the database");
}

#[test]
fn a_changed_entry_and_a_cut_tail_show() {
    let it = Installation::new();
    let file = it.file("台帳.csv", LEDGER.as_bytes());
    it.ok(&[&"import", &"--commit", &file]);
    it.ok(&[&"import", &"--commit", &file]);
    let anchor = it.file("anchor.json", it.ok(&[&"audit", &"checkpoint"]).out.as_bytes());
    let verify = || it.run(&[&"audit", &"verify", &"--json"]);
    let anchored = || it.run(&[&"audit", &"verify", &"--json", &"--anchor", &anchor]);
    assert_eq!((verify().code, anchored().code), (0, 0));
    assert_eq!(anchored().json()[0]["anchored"], true);
    let good = std::fs::read(it.data().join("tomomori.db")).unwrap();

    // The database refuses it; who owns the file can take that guard away.
    let guards = it.text("SELECT group_concat('DROP TRIGGER ' || name, ';') FROM sqlite_master WHERE type = 'trigger'");
    assert!(guards.is_some(), "the audit trail is append-only");
    it.sql(guards.as_deref().unwrap());
    // One word of one entry.
    assert_eq!(it.sql("UPDATE audit_entries SET action = 'import.drop' WHERE sequence = 2"), 1);
    let told = verify();
    assert!(told.code == 3 && told.json()[0]["intact"] == false, "{told:?}");
    assert!(told.json()[0]["problems"][0].as_str().unwrap().contains('2'), "{told:?}");

    // The newest entries away, with everything in the database that would tell.
    for name in ["tomomori.db-wal", "tomomori.db-shm"] {
        let _ = std::fs::remove_file(it.data().join(name));
    }
    std::fs::write(it.data().join("tomomori.db"), &good).unwrap();
    it.sql(&guards.unwrap());
    it.sql("DELETE FROM audit_checkpoints");
    assert!(it.sql("DELETE FROM audit_entries WHERE sequence > 2") > 0);
    it.sql("UPDATE audit_heads SET sequence = 2, hash = (SELECT hash FROM audit_entries WHERE sequence = 2)");
    assert_eq!(verify().code, 0, "inside the database nothing shows: that is what the anchor is for");
    let told = anchored();
    assert!(told.code == 3 && told.json()[0]["intact"] == false, "{told:?}");

    // An anchor that somebody wrote himself is none.
    let mut forged: serde_json::Value = serde_json::from_slice(&std::fs::read(&anchor).unwrap()).unwrap();
    forged[0]["count"] = 2.into();
    forged[0]["head"] = it.text("SELECT hash FROM audit_entries WHERE sequence = 2").unwrap().into();
    let forged = it.file("forged.json", forged.to_string().as_bytes());
    assert_eq!(it.run(&[&"audit", &"verify", &"--anchor", &forged]).code, 3);
    let nonsense = it.file("nonsense.json", b"{}");
    assert_eq!(it.run(&[&"audit", &"verify", &"--anchor", &nonsense]).code, 1);
}

#[test]
fn the_api_is_described_as_committed() {
    let committed = std::fs::read_to_string(demo().join("../docs/openapi.json")).unwrap().replace("\r\n", "\n");
    let printed = Installation::new().ok(&[&"openapi"]).out;
    assert_eq!(printed.trim_end(), committed.trim_end(), "run `tomomori openapi > docs/openapi.json`");
}

#[test]
fn catalogues_are_built_looked_at_and_switched() {
    let it = Installation::new();
    it.ok(&[&"migrate"]);
    let (file, feeds) = (it.folder.path().join("c.tmc"), demo().join("feeds/csaf"));
    let kev = demo().join("feeds/known_exploited_vulnerabilities.json.gz");
    let built = it.ok(&[&"catalogue", &"build", &"--json", &"-o", &file, &"--sequence", &"2", &feeds, &kev]).json();
    assert_eq!(built["failed"], serde_json::json!([]));
    assert!(built["files"].as_u64().unwrap() > 10 && built["seconds"]["wall"].as_f64().unwrap() > 0.0);
    let info = it.ok(&[&"catalogue", &"info", &"--json", &file]).json();
    assert_eq!(info, built["info"]);
    let nvd = info["sources"].as_array().unwrap().iter().find(|source| source["source"] == "nvd").unwrap();
    assert_eq!(nvd["records"], 0);
    assert!(it.ok(&[&"catalogue", &"info", &file]).out.contains("EMPTY"), "an empty source is said loudly");
    it.ok(&[&"catalogue", &"verify", &file]);
    it.ok(&[&"catalogue", &"activate", &file]);

    let older = it.folder.path().join("older.tmc");
    it.ok(&[&"catalogue", &"build", &"-o", &older, &kev]);
    let told = it.run(&[&"catalogue", &"activate", &older]);
    assert!(told.code == 1 && told.err.contains("older.tmc"), "{told:?}");
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let damaged = it.file("damaged.tmc", &bytes);
    assert_eq!(it.run(&[&"catalogue", &"verify", &damaged]).code, 1);
    assert_eq!(it.run(&[&"catalogue", &"activate", &damaged]).code, 1);
    let told = it.run(&[&"catalogue", &"build", &"-o", &file, &"no-such-folder"]);
    assert!(told.code == 1 && told.err.contains("no-such-folder"), "{told:?}");
    it.ok(&[&"catalogue", &"verify", &file]);
}

/// Killed when the test ends, however it ends.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Server {
    /// Starts, and waits for the address it prints.
    fn start(mut command: Command) -> (Self, String) {
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let server = Self(child);
        let address = lines.next().unwrap().unwrap();
        std::thread::spawn(move || lines.count());
        (server, address)
    }
}

#[test]
fn tls_init_makes_certificates_that_a_client_accepts() {
    let it = Installation::new();
    let told = it.ok(&[&"tls", &"init", &"localhost", &"127.0.0.1"]);
    let config: String = told.out.lines().skip(1).take(3).map(|line| format!("{}\n", line.trim())).collect();
    let config = it.file("tomomori.toml", format!("data = {:?}\n{config}", it.data()).as_bytes());
    it.ok(&[&"--config", &config, &"check-config"]);
    #[cfg(unix)]
    for key in ["server.key", "authority.key"] {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(it.data().join("tls").join(key)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{key}");
    }
    let authority = std::fs::read(it.data().join("tls/authority.pem")).unwrap();
    // A second certificate comes from the same authority: PCs need no new one.
    it.ok(&[&"tls", &"init", &"localhost"]);
    assert_eq!(std::fs::read(it.data().join("tls/authority.pem")).unwrap(), authority);

    let (_server, address) = Server::start(it.command(&[&"--config", &config, &"serve", &"--listen", &"127.0.0.1:0"]));
    let port: u16 = address.strip_prefix("https://127.0.0.1:").unwrap().trim_end_matches('/').parse().unwrap();
    let answer = https_get(&authority, port, "localhost", "/healthz").unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("ok"), "{answer}");
    assert!(answer.to_lowercase().contains("strict-transport-security: max-age="), "{answer}");
    // Another name than the certificate's is refused by the client.
    assert!(https_get(&authority, port, "elsewhere.example", "/healthz").is_err());
}

fn https_get(authority: &[u8], port: u16, name: &'static str, path: &str) -> std::io::Result<String> {
    use rustls::pki_types::{CertificateDer, pem::PemObject};
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let versions = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = versions.with_root_certificates(roots).with_no_client_auth();
    let mut connection = rustls::ClientConnection::new(Arc::new(config), name.try_into().unwrap()).unwrap();
    let mut socket = std::net::TcpStream::connect(("127.0.0.1", port))?;
    let mut stream = rustls::Stream::new(&mut connection, &mut socket);
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        // Some servers close without TLS's own goodbye.
        Err(error) if error.kind() != std::io::ErrorKind::UnexpectedEof => return Err(error),
        _ => {}
    }
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

#[test]
fn plain_http_is_served_on_loopback_only() {
    let it = Installation::new();
    let told = it.run(&[&"serve", &"--listen", &"0.0.0.0:0"]);
    assert!(told.code == 1 && told.err.contains("tomomori tls init"), "{told:?}");
    let (_server, address) = Server::start(it.command(&[&"serve", &"--listen", &"127.0.0.1:0"]));
    let port: u16 = address.strip_prefix("http://127.0.0.1:").unwrap().trim_end_matches('/').parse().unwrap();
    let taken = it.run(&[&"serve", &"--listen", &format!("127.0.0.1:{port}")]);
    assert!(taken.code == 1 && taken.err.contains("port"), "{taken:?}");
}
