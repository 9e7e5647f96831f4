//! The `tomomori` command. Each subcommand does: arguments → a use case of `app` → print.
//!
//! Exit codes: 0 done, 1 failed, 2 wrong arguments (clap), 3 checked and found wanting (`audit verify`, `check-config`,
//! `inspect` of an unsound file, `import` with errors).

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool talks on the terminal")]

mod audit;
mod catalogue;
mod config;
mod demo;
mod demo_agreements;
mod diagram;
mod export;
mod import;
mod inspect;
mod roles;
mod serve;
mod tls;
mod user;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use tomomori_app::{App, Ctx};
use tomomori_domain::access::Actor;
use tomomori_i18n::Lang;

/// Checked and found wanting.
const FOUND_WANTING: u8 = 3;

#[derive(Parser)]
#[command(
    name = "tomomori",
    version,
    about = "共守 Tomomori: hospital and vendors keep a medical information system safe together"
)]
struct Cli {
    /// Configuration file (default: tomomori.toml, if it exists).
    #[arg(long, global = true, value_name = "FILE", env = "TOMOMORI_CONFIG")]
    config: Option<PathBuf>,
    /// Data folder; overrides the configuration.
    #[arg(long, global = true, value_name = "DIR", env = "TOMOMORI_DATA")]
    data: Option<PathBuf>,
    /// Language of messages about files and imports: ja or en.
    #[arg(long, global = true, default_value = "ja", env = "TOMOMORI_LANG")]
    lang: String,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Set up the demo hospital and serve it.
    Demo(demo::Args),
    /// Serve pages and API.
    Serve(serve::Args),
    /// Do background work only.
    Worker,
    /// Create or upgrade the database.
    Migrate,
    /// Manage people.
    #[command(subcommand)]
    User(user::Command),
    /// Preview, and with --commit write, files into the ledger.
    Import(import::Args),
    /// Draw the system diagram into a file.
    Diagram(diagram::Args),
    /// Write the ledger into an Excel file that import takes back.
    Export(export::Args),
    /// Who does what: findings of the role matrix.
    #[command(subcommand)]
    Roles(roles::Command),
    /// Build, look at and switch catalogues.
    #[command(subcommand)]
    Catalogue(catalogue::Command),
    /// Say what a file is and whether it is sound.
    Inspect(inspect::Args),
    /// Verify the audit chain, make checkpoints.
    #[command(subcommand)]
    Audit(audit::Command),
    /// Make a local certificate authority and a certificate.
    #[command(subcommand)]
    Tls(tls::Command),
    /// Check the configuration and print it with all defaults.
    CheckConfig,
    /// Print the OpenAPI description of the API.
    Openapi,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn,tomomori=info".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("tomomori: cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(cli)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("tomomori: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<ExitCode> {
    let mut config = config::Config::load(cli.config.as_deref())?;
    if let Some(data) = cli.data {
        config.data = data;
    }
    let lang = Lang::from_code(&cli.lang).context("--lang is ja or en")?;
    match cli.command {
        Command::Demo(args) => demo::run(&config, lang, &args).await,
        Command::Serve(args) => serve::run(&config, &args).await,
        Command::Worker => serve::worker(&config).await,
        Command::Migrate => {
            migrate(&config).await?;
            println!("the database is up to date");
            Ok(ExitCode::SUCCESS)
        }
        Command::User(command) => user::run(&config, lang, command).await,
        Command::Import(args) => import::run(&config, lang, &args).await,
        Command::Diagram(args) => diagram::run(&config, lang, &args).await,
        Command::Export(args) => export::run(&config, lang, &args).await,
        Command::Roles(command) => roles::run(&config, lang, command).await,
        Command::Catalogue(command) => catalogue::run(&config, command).await,
        Command::Inspect(args) => inspect::run(lang, &args),
        Command::Audit(command) => audit::run(&config, command).await,
        Command::Tls(command) => tls::run(&config, &command),
        Command::CheckConfig => check_config(&config),
        Command::Openapi => {
            print!("{}", tomomori_web::openapi_json());
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Creates or upgrades the tables.
async fn migrate(config: &config::Config) -> Result<()> {
    std::fs::create_dir_all(&config.data).with_context(|| format!("cannot make {}", config.data.display()))?;
    let owner = config.database.owner_url.clone().unwrap_or_else(|| config.database_url());
    App::migrate(&owner, config.database.app_role.as_deref()).await.context("the database could not be upgraded")
}

/// SQLite is upgraded at every start: one process owns it. PostgreSQL is upgraded by its owner with `migrate`.
async fn migrate_sqlite(config: &config::Config) -> Result<()> {
    if config.database.url.is_none() { migrate(config).await } else { Ok(()) }
}

/// Opens the installation; the database must have been migrated.
async fn open(config: &config::Config) -> Result<Arc<App>> {
    // PostgreSQL needs no folder; keys and catalogues do.
    if config.database.url.is_some() {
        std::fs::create_dir_all(&config.data).with_context(|| format!("cannot make {}", config.data.display()))?;
    }
    let app = App::open(&config.database_url(), config.data.clone()).await;
    app.with_context(|| {
        format!("cannot open the installation in {} (run `tomomori migrate` first)", config.data.display())
    })
}

/// A context for reading a hospital's things: the named one, or the only one there is.
async fn reader(config: &config::Config, hospital: Option<&str>) -> Result<Ctx> {
    migrate_sqlite(config).await?;
    let app = open(config).await?;
    let tenant = import::hospital(&app, hospital).await?;
    let tenant = tenant.context("there is no hospital yet: import a ledger first (`tomomori import --commit FILE`)")?;
    Ok(Ctx::new(app, Actor::system(tenant, "command line")))
}

fn check_config(config: &config::Config) -> Result<ExitCode> {
    println!("{}", toml::to_string_pretty(&config.without_secrets())?);
    let problems = config.problems();
    problems.iter().for_each(|problem| eprintln!("problem: {problem}"));
    Ok(if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(FOUND_WANTING) })
}
