//! `tomomori demo`: a fictional hospital from the files such a hospital really has, with real vulnerabilities.
//!
//! Every step looks first whether it was done: a second start finds the catalogue built from the same feeds and the
//! hospital imported, and serves at once.

use crate::config::Config;
use crate::{catalogue, import, serve};
use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use tomomori_app::findings::{self, FindingFilter, FindingSort};
use tomomori_app::ledger::{self, PageRequest, ResourceFilter, ResourceSort};
use tomomori_app::tenants::TenantKind;
use tomomori_app::{App, Ctx, home, session, tenants, worker};
use tomomori_domain::access::{Actor, Role};
use tomomori_domain::finding::Verdict;
use tomomori_domain::ids::TenantId;
use tomomori_i18n::{Lang, tr};

const HOSPITAL: &str = "みどり川総合病院";
const VENDOR: &str = "北都ヘルステック株式会社";

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Port on 127.0.0.1.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Folder with feeds/ and hospital/.
    #[arg(long, default_value = "demo")]
    files: PathBuf,
    /// Do everything but serve, and print counts.
    #[arg(long)]
    check: bool,
    /// With --check: machine-readable counts.
    #[arg(long, requires = "check")]
    json: bool,
}

/// A demo person; the password is made once per installation and kept beside the database.
#[derive(Deserialize, Serialize)]
struct Person {
    tenant: String,
    login: String,
    name: String,
    password: String,
}

#[derive(Serialize)]
struct Counts {
    resources: u64,
    unknown: u64,
    not_declared: u64,
    nobody: u64,
    affected: u64,
    exploited: u64,
    questions: u64,
    zones: usize,
    lines: usize,
    vulnerabilities: u64,
}

pub(crate) async fn run(config: &Config, lang: Lang, args: &Args) -> Result<ExitCode> {
    for folder in ["feeds", "hospital"].map(|name| args.files.join(name)) {
        if !folder.is_dir() {
            bail!("{} is missing: run this in the checkout, or name the folder with --files", folder.display());
        }
    }
    // The demo speaks plain HTTP to this machine only, whatever the configuration says of the real server.
    let mut config = config.clone();
    config.server = crate::config::Server::default();
    let config = &config;
    crate::migrate_sqlite(config).await?;
    let app = crate::open(config).await?;
    let say = |text: &str| {
        if !args.json {
            println!("{text}");
        }
    };
    build_catalogue(&app, config, &args.files.join("feeds"), &say).await?;
    let hospital = tenants::find_or_create(&app, HOSPITAL, TenantKind::Hospital).await?;
    let vendor = tenants::find_or_create(&app, VENDOR, TenantKind::Vendor).await?;
    let people = people(&app, config, hospital, vendor).await?;
    let ctx = Ctx::new(Arc::clone(&app), Actor::system(hospital, "demo"));
    import_hospital(&ctx, lang, &args.files.join("hospital"), &say).await?;
    crate::demo_agreements::set_up(&ctx, &args.files.join("agreements.json")).await?;
    worker::run_until_idle(&app).await?;
    if args.check {
        let counts = counts(&ctx).await?;
        println!("{}", if args.json { serde_json::to_string_pretty(&counts)? } else { lines(&counts) });
        return Ok(ExitCode::SUCCESS);
    }
    let listener = listen(args.port)?;
    println!("\n{HOSPITAL}");
    println!("{}\n", lines(&counts(&ctx).await?));
    for person in &people {
        println!("  {:12} {}   {} ({})", person.login, person.password, person.name, person.tenant);
    }
    println!("\n  http://{}/\n", listener.local_addr()?);
    serve::until_stopped(app, config, listener).await?;
    Ok(ExitCode::SUCCESS)
}

fn listen(port: u16) -> Result<TcpListener> {
    TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).with_context(|| {
        format!("cannot listen on 127.0.0.1:{port}: another program uses the port, choose one with --port")
    })
}

/// Builds the catalogue unless the active one was built from the same feed files.
async fn build_catalogue(app: &Arc<App>, config: &Config, feeds: &Path, say: &dyn Fn(&str)) -> Result<()> {
    let (stamp_file, stamp) = (config.data.join("demo-feeds.json"), fingerprint(feeds)?);
    if app.catalogue.get().is_some() && std::fs::read_to_string(&stamp_file).is_ok_and(|old| old == stamp) {
        return Ok(());
    }
    say("building the catalogue from the feeds");
    let sequence = tomomori_app::catalogue::next_sequence(app).await?;
    let (feeds, output) = (feeds.to_owned(), config.data.join("demo.tmc"));
    let built = output.clone();
    let summary = tokio::task::spawn_blocking(move || catalogue::build(&[feeds], &built, sequence, None)).await??;
    tomomori_app::catalogue::activate(app, &output).await?;
    std::fs::remove_file(&output)?;
    std::fs::write(&stamp_file, stamp)?;
    say(&format!("  {} vulnerabilities, {} products", summary.info.vulnerabilities, summary.info.products));
    Ok(())
}

/// Names, sizes and times of all files: enough to see that a feed was exchanged.
fn fingerprint(folder: &Path) -> Result<String> {
    let mut entries = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else {
                let meta = entry.metadata()?;
                let modified = meta.modified()?.duration_since(std::time::UNIX_EPOCH).unwrap_or_default().as_secs();
                entries.push((entry.path().display().to_string(), meta.len(), modified));
            }
        }
    }
    entries.sort();
    Ok(serde_json::to_string(&entries)?)
}

async fn people(app: &Arc<App>, config: &Config, hospital: TenantId, vendor: TenantId) -> Result<Vec<Person>> {
    let file = config.data.join("demo-people.json");
    if let Ok(text) = std::fs::read_to_string(&file) {
        return serde_json::from_str(&text)
            .with_context(|| format!("{} is damaged: delete the data folder", file.display()));
    }
    // In a hospital of this size one person holds every role of the table but management's.
    let all = [Role::SafetyManager, Role::Planner, Role::Operator];
    let mut people = Vec::new();
    for (tenant, tenant_name, login, name, roles) in [
        (hospital, HOSPITAL, "sasaki", "情報システム室 佐々木", all.as_slice()),
        (hospital, HOSPITAL, "incho", "院長 緑川", &[Role::Management]),
        (vendor, VENDOR, "hokuto", "北都ヘルステック 保守 田村", &[Role::VendorStaff]),
    ] {
        let password: String = session::random_secret().chars().filter(char::is_ascii_alphanumeric).take(16).collect();
        let ctx = Ctx::new(Arc::clone(app), Actor::system(tenant, "demo"));
        let new = session::CreateUser {
            login: login.to_owned(),
            name: name.to_owned(),
            password: password.clone(),
            roles: roles.to_vec(),
            until: None,
        };
        session::create_user(&ctx, new).await?;
        people.push(Person {
            tenant: tenant_name.to_owned(),
            login: login.to_owned(),
            name: name.to_owned(),
            password,
        });
    }
    crate::tls::write_secret(&file, &serde_json::to_string_pretty(&people)?)?;
    Ok(people)
}

/// All files of the hospital in one import, unless the ledger has something already.
async fn import_hospital(ctx: &Ctx, lang: Lang, folder: &Path, say: &dyn Fn(&str)) -> Result<()> {
    let nothing = ResourceFilter::default();
    if ledger::list(ctx, &nothing, ResourceSort::Name, &PageRequest::default()).await?.counts.all > 0 {
        return Ok(());
    }
    say("importing the hospital's own files");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    // What explains the files is not one of them.
    files
        .retain(|file| !matches!(file.file_name().and_then(|name| name.to_str()), Some("README.md" | "expected.json")));
    files.sort();
    let preview = import::commit(ctx, lang, import::read_all(&files)?).await?;
    for problem in &preview.problems {
        say(&format!("  {}  {}", problem.place, tr(lang, &problem.msg)));
    }
    if preview.counts.errors > 0 {
        bail!("the demo files have errors; nothing was imported");
    }
    Ok(())
}

async fn counts(ctx: &Ctx) -> Result<Counts> {
    let home = home::home(ctx).await?;
    let page = PageRequest::default();
    let shape = ledger::shape(ctx).await?;
    let all = findings::list(ctx, &FindingFilter::default(), FindingSort::default(), &page).await?;
    Ok(Counts {
        resources: home.resources,
        unknown: home.unknown,
        not_declared: home.not_declared,
        nobody: home.nobody,
        affected: all.counts.by_verdict.get(&Verdict::Affected).copied().unwrap_or(0),
        exploited: home.exploited,
        questions: all.counts.by_verdict.get(&Verdict::Possibly).copied().unwrap_or(0),
        zones: shape.zones,
        lines: shape.lines,
        vulnerabilities: ctx.catalogue().map_or(0, |catalogue| catalogue.info().vulnerabilities),
    })
}

fn lines(counts: &Counts) -> String {
    format!(
        "  resources {} (unknown {}, in no ledger {}, nobody maintains {})\n  findings: affected {} (exploited {}), questions {}\n  zones {}, lines {}, vulnerabilities in the catalogue {}",
        counts.resources,
        counts.unknown,
        counts.not_declared,
        counts.nobody,
        counts.affected,
        counts.exploited,
        counts.questions,
        counts.zones,
        counts.lines,
        counts.vulnerabilities,
    )
}
