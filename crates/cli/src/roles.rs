//! `tomomori roles`: roles nobody has, that two have, or that are not written down.

use crate::config::Config;
use anyhow::{Context, Result};
use std::process::ExitCode;
use tomomori_app::roles::{self, Query, Rule, Told};
use tomomori_domain::Msg;
use tomomori_i18n::{Label as _, Lang, tr};

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// List the findings of the role matrix.
    Gaps(Args),
}

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Key of the edition whose items are the rows.
    #[arg(long)]
    edition: Option<String>,
    /// Id of a system: findings about other systems are left out.
    #[arg(long)]
    system: Option<String>,
    /// Only findings of this rule, e.g. nobody_does.
    #[arg(long, value_parser = rule)]
    rule: Option<Rule>,
    /// Hospital whose roles are meant; needed when the installation has several.
    #[arg(long)]
    hospital: Option<String>,
    /// Machine-readable output.
    #[arg(long)]
    json: bool,
}

fn rule(text: &str) -> Result<Rule, String> {
    let names: Vec<&str> = Rule::ALL.iter().map(|rule| rule.key()).collect();
    Rule::from_key(text).ok_or_else(|| format!("one of {}", names.join(", ")))
}

pub(crate) async fn run(config: &Config, lang: Lang, command: Command) -> Result<ExitCode> {
    let Command::Gaps(args) = command;
    let ctx = crate::reader(config, args.hospital.as_deref()).await?;
    let system = args.system.map(|id| id.parse()).transpose().context("--system is the id of a system")?;
    let query = Query { edition: args.edition, system, rule: args.rule };
    let found = roles::gaps(&ctx, &query).await;
    let (edition, found) = found.map_err(|error| anyhow::anyhow!("{} ({error})", tr(lang, &error.message())))?;
    if args.json {
        let gaps: Vec<_> = found.into_iter().map(|told| tomomori_web::gap_json(told, lang)).collect();
        println!("{}", serde_json::to_string_pretty(&serde_json::json!({ "edition": edition.key, "gaps": gaps }))?);
    } else {
        found.iter().for_each(|told| println!("{}", line(told, lang)));
    }
    Ok(ExitCode::SUCCESS)
}

fn line(told: &Told, lang: Lang) -> String {
    let sides = told.parties.iter().map(|side| side.clone().unwrap_or_else(|| tr(lang, &Msg::new("roles-hospital"))));
    let sides: Vec<String> = sides.collect();
    let item = told.item.clone().unwrap_or_default();
    [told.gap.rule.label(lang), item, told.subject.clone(), sides.join(" / "), told.gap.why.label(lang)].join("\t")
}
