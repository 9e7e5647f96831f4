//! `tomomori user`: people, and the hospitals and vendors they belong to.

use crate::config::Config;
use anyhow::{Context, Result, bail};
use clap::Subcommand;
use std::io::BufRead;
use std::process::ExitCode;
use tomomori_app::{Ctx, session, tenants};
use tomomori_domain::access::{Actor, Role};
use tomomori_i18n::{Lang, tr};

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Add a person. The password is read from the first line of standard input.
    Add {
        /// Login name.
        login: String,
        /// Name shown.
        #[arg(long)]
        name: String,
        /// Hospital they belong to; made if it does not exist.
        #[arg(long, conflicts_with = "vendor")]
        hospital: Option<String>,
        /// Vendor they belong to; made if it does not exist.
        #[arg(long)]
        vendor: Option<String>,
        /// Roles: management, safety_manager, planner, operator, vendor_staff, supporter.
        #[arg(long = "role", required = true)]
        roles: Vec<String>,
        /// Last day they may come in (YYYY-MM-DD); a supporter must have one.
        #[arg(long)]
        until: Option<jiff::civil::Date>,
    },
    /// List the people of all hospitals and vendors.
    List,
}

pub(crate) async fn run(config: &Config, lang: Lang, command: Command) -> Result<ExitCode> {
    let app = crate::open(config).await?;
    match command {
        Command::Add { login, name, hospital, vendor, roles, until } => {
            let roles = roles
                .iter()
                .map(|key| Role::from_key(key).with_context(|| format!("there is no role {key}")))
                .collect::<Result<Vec<_>>>()?;
            let tenant = match (hospital, vendor) {
                (Some(name), None) => tenants::find_or_create(&app, &name, tenants::TenantKind::Hospital).await?,
                (None, Some(name)) => tenants::find_or_create(&app, &name, tenants::TenantKind::Vendor).await?,
                _ => bail!("say where the person belongs: --hospital NAME or --vendor NAME"),
            };
            let mut password = String::new();
            std::io::stdin().lock().read_line(&mut password).context("cannot read the password from standard input")?;
            let password = password.trim_end_matches(['\r', '\n']).to_owned();
            let ctx = Ctx::new(app, Actor::system(tenant, "command line"));
            match session::create_user(&ctx, session::CreateUser { login, name, password, roles, until }).await {
                Ok(id) => println!("{id}"),
                Err(error) => bail!("{}", tr(lang, &error.message())),
            }
        }
        Command::List => {
            for tenant in tenants::all(&app).await? {
                let ctx = Ctx::new(app.clone(), Actor::system(tenant.id, "command line"));
                for member in session::members(&ctx).await? {
                    let roles: Vec<_> = member.roles.iter().map(|role| role.key()).collect();
                    println!("{}\t{}\t{}\t{}", tenant.name, member.user.login, member.user.name, roles.join(","));
                }
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
