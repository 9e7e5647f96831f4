//! `tomomori import`: what files would change in the ledger, and with `--commit` the change itself.

use crate::config::Config;
use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use tomomori_app::import::{self, ImportState, Preview, Upload};
use tomomori_app::{App, Ctx, tenants, worker};
use tomomori_domain::access::Actor;
use tomomori_domain::ids::TenantId;
use tomomori_i18n::{Lang, tr};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Files as the hospital has them: xlsx, csv, nmap XML, CycloneDX, DHCP and ARP lists.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Write to the ledger; without it nothing is written.
    #[arg(long)]
    commit: bool,
    /// Hospital whose ledger is meant; needed when the installation has several.
    #[arg(long)]
    hospital: Option<String>,
    /// Machine-readable output.
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(config: &Config, lang: Lang, args: &Args) -> Result<ExitCode> {
    crate::migrate_sqlite(config).await?;
    let app = crate::open(config).await?;
    let ctx = Ctx::new(Arc::clone(&app), Actor::system(tenant(&app, args.hospital.as_deref()).await?, "command line"));
    let uploads = read_all(&args.files)?;
    let preview =
        if args.commit { commit(&ctx, lang, uploads).await? } else { import::preview_files(&ctx, uploads).await? };
    if args.json {
        println!("{}", serde_json::to_string_pretty(&preview)?);
    } else {
        print(lang, &preview, args.commit);
    }
    Ok(if preview.counts.errors == 0 { ExitCode::SUCCESS } else { ExitCode::from(crate::FOUND_WANTING) })
}

/// Reads files from disk as uploads.
pub(crate) fn read_all(files: &[PathBuf]) -> Result<Vec<Upload>> {
    files
        .iter()
        .map(|file| {
            let size = std::fs::metadata(file).with_context(|| format!("cannot read {}", file.display()))?.len();
            if size > import::MAX_UPLOAD_BYTES as u64 {
                bail!(
                    "{} has {} MB; at most {} MB are read: split it into smaller files",
                    file.display(),
                    size / 1_000_000,
                    import::MAX_UPLOAD_BYTES / 1_000_000
                );
            }
            let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
            let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            Ok(Upload { name, bytes })
        })
        .collect()
}

/// Uploads, previews and confirms; with errors in the files nothing is written and the preview says why.
pub(crate) async fn commit(ctx: &Ctx, lang: Lang, uploads: Vec<Upload>) -> Result<Preview> {
    let told = |error: tomomori_app::AppError| anyhow::anyhow!("{} ({error})", tr(lang, &error.message()));
    let id = import::upload(ctx, uploads).await.map_err(told)?;
    worker::run_until_idle(&ctx.app).await.map_err(told)?;
    let view = import::view(ctx, id).await.map_err(told)?;
    if view.import.state != ImportState::Previewed {
        bail!("{}", view.failure.map_or_else(|| "another process is working on it".to_owned(), |msg| tr(lang, &msg)));
    }
    let preview = view.preview.context("the import has no preview")?;
    if preview.counts.errors > 0 {
        import::drop_import(ctx, id).await.map_err(told)?;
    } else {
        import::confirm(ctx, id).await.map_err(told)?;
        worker::run_until_idle(&ctx.app).await.map_err(told)?;
    }
    Ok(preview)
}

async fn tenant(app: &Arc<App>, name: Option<&str>) -> Result<TenantId> {
    match hospital(app, name).await? {
        Some(id) => Ok(id),
        None => Ok(tenants::find_or_create(app, "hospital", tenants::TenantKind::Hospital).await?),
    }
}

/// The hospital of this name, or the only one; `None` when there is none at all.
pub(crate) async fn hospital(app: &Arc<App>, name: Option<&str>) -> Result<Option<TenantId>> {
    let hospitals: Vec<_> =
        tenants::all(app).await?.into_iter().filter(|tenant| tenant.kind == tenants::TenantKind::Hospital).collect();
    match (name, hospitals.as_slice()) {
        (Some(name), all) => match all.iter().find(|tenant| tenant.name == name) {
            Some(tenant) => Ok(Some(tenant.id)),
            None => bail!("there is no hospital {name}"),
        },
        (None, [only]) => Ok(Some(only.id)),
        (None, []) => Ok(None),
        (None, _) => bail!("the installation has several hospitals: name one with --hospital"),
    }
}

fn print(lang: Lang, preview: &Preview, written: bool) {
    for file in &preview.files {
        println!("{}: {}", file.name, tr(lang, &file.kind));
        for table in &file.tables {
            let sheet = table.mapping.as_ref().and_then(|mapping| mapping.sheet.clone()).unwrap_or_default();
            match &table.left_out {
                Some(why) => println!("  {sheet}  -  {}", tr(lang, why)),
                None => println!("  {sheet}  {}  {}", table.kind.map_or("-", |kind| kind.key()), table.rows),
            }
        }
    }
    for raised in &preview.checks {
        let place = raised.place.as_ref().map(ToString::to_string).unwrap_or_default();
        println!("check {place}  {}", tr(lang, &raised.msg));
    }
    for problem in &preview.problems {
        println!("{} {}  {}", problem.severity.key(), problem.place, tr(lang, &problem.msg));
    }
    let counts = &preview.counts;
    println!(
        "created {}  changed {}  removed {}  left {}  doubts {}  others {}  checks {}  errors {}  warnings {}",
        counts.created,
        counts.changed,
        counts.removed,
        counts.left,
        counts.doubts,
        counts.others,
        counts.checks,
        counts.errors,
        counts.warnings
    );
    println!("{}", if written && counts.errors == 0 { "written" } else { "nothing was written" });
}
