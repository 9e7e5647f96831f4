//! The active catalogue: which generation, how fresh, and how a new one is made and switched to.
//!
//! Files lie in `<data>/catalogue/<content hash>.tmc` and are never replaced; which one is active is one row of the
//! database, so that many nodes switch together. A node that meets a new row opens the new file ([`refresh`]).

use crate::{App, AppError, Ctx};
use jiff::Timestamp;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use tomomori_catalogue::{Catalogue, LIFETIMES, Trust};

/// A source older than this is called old (古い) on every page: NVD, KEV and JVN publish every working day.
pub const STALE_AFTER_DAYS: i64 = 14;

/// Support periods are announced years ahead; records of them are called old after this many days.
pub const PERIODS_STALE_AFTER_DAYS: i64 = 180;

/// The catalogue this process has open.
#[derive(Default)]
pub struct ActiveCatalogue(RwLock<Option<Arc<Catalogue>>>);

impl ActiveCatalogue {
    /// The open catalogue, if any.
    #[must_use]
    pub fn get(&self) -> Option<Arc<Catalogue>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, catalogue: Option<Arc<Catalogue>>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = catalogue;
    }
}

/// How fresh the vulnerability information is. Never green by default: a source without data or with old data says so.
#[derive(Clone, Debug, Default)]
pub struct Freshness {
    /// Per source, in display order. Empty = no catalogue at all.
    pub sources: Vec<SourceFreshness>,
    /// Content hash of the active catalogue.
    pub catalogue: Option<String>,
    /// When it was built.
    pub built: Option<Timestamp>,
}

/// State of one source.
#[derive(Clone, Debug)]
pub struct SourceFreshness {
    /// Stable key (`nvd`, `kev`, `csaf`, `jvn`, `eol`).
    pub source: String,
    /// Records.
    pub records: u64,
    /// Day up to which the source is known, see [`freshness`]; `None` = not known.
    pub newest: Option<jiff::civil::Date>,
    /// Whole days between `newest` and today.
    pub age_days: Option<i64>,
    /// Empty, undated, or older than [`STALE_AFTER_DAYS`] (support periods: [`PERIODS_STALE_AFTER_DAYS`]).
    pub stale: bool,
}

impl Freshness {
    /// The source that limits what can be said about vulnerabilities: an empty or undated one first, else the oldest.
    #[must_use]
    pub fn weakest(&self) -> Option<&SourceFreshness> {
        let about_vulnerabilities = self.sources.iter().filter(|source| source.source != LIFETIMES);
        about_vulnerabilities.max_by_key(|source| (source.records == 0, source.age_days.unwrap_or(i64::MAX)))
    }
}

/// How fresh the active catalogue is today. NVD comes in feeds that each cover a part, so its oldest feed is the limit: up
/// to that day everything is known. A KEV file is the whole list and its date counts; the plain table carries none, then
/// the entry added last. CSAF and JVN come as documents and daily changes, there it is the newest record.
#[must_use]
pub fn freshness(ctx: &Ctx) -> Freshness {
    let Some(catalogue) = ctx.catalogue() else { return Freshness::default() };
    let info = catalogue.info();
    let day = |text: &String| text.get(..10).and_then(|day| day.parse::<jiff::civil::Date>().ok());
    let sources = info.sources.into_iter().map(|source| {
        let newest = match source.source.as_str() {
            "nvd" => source.oldest_feed_date.as_ref(),
            "kev" => source.oldest_feed_date.as_ref().or(source.newest_record.as_ref()),
            _ => source.newest_record.as_ref(),
        };
        let newest = newest.and_then(day);
        let age_days = newest.and_then(|newest| newest.until(ctx.today()).ok()).map(|span| i64::from(span.get_days()));
        let limit = if source.source == LIFETIMES { PERIODS_STALE_AFTER_DAYS } else { STALE_AFTER_DAYS };
        SourceFreshness {
            source: source.source,
            records: source.records,
            newest,
            age_days,
            stale: source.records == 0 || age_days.is_none_or(|days| days > limit),
        }
    });
    Freshness { sources: sources.collect(), catalogue: Some(info.content), built: Some(info.built) }
}

/// Where catalogue files lie.
#[must_use]
pub fn folder(data: &Path) -> PathBuf {
    data.join("catalogue")
}

/// Opens the catalogue the database calls active, if this process has not got it open already. A file that is missing or
/// damaged leaves the installation without a catalogue, which every page then says.
///
/// # Errors
/// When the database cannot be asked.
pub async fn refresh(app: &App) -> Result<(), AppError> {
    let state = app.db.system_read("catalogue").await?.catalogue().await?;
    let open = app.catalogue.get().map(|catalogue| catalogue.info().content);
    let Some(state) = state.filter(|state| open.as_ref() != Some(&state.hash)) else { return Ok(()) };
    let path = folder(&app.data).join(format!("{}.tmc", state.hash));
    match tokio::task::spawn_blocking(move || Catalogue::open(&path, Trust::Unsigned))
        .await
        .map_err(AppError::internal)?
    {
        Ok(catalogue) => app.catalogue.set(Some(Arc::new(catalogue))),
        Err(error) => {
            tracing::error!(%error, "the active catalogue cannot be opened");
            app.catalogue.set(None);
        }
    }
    Ok(())
}

/// Sequence number for the next build.
///
/// # Errors
/// When the database cannot be asked.
pub async fn next_sequence(app: &App) -> Result<u64, AppError> {
    let state = app.db.system_read("catalogue").await?.catalogue().await?;
    Ok(state.map_or(1, |state| state.sequence + 1))
}

/// Checks a catalogue file in full, copies it into the installation and makes it the active one; all tenants are then
/// matched again in the background.
///
/// # Errors
/// [`AppError::Conflict`] when a newer one is active; internal errors for a damaged file.
pub async fn activate(app: &Arc<App>, file: &Path) -> Result<(), AppError> {
    let (from, folder) = (file.to_owned(), folder(&app.data));
    let catalogue =
        tokio::task::spawn_blocking(move || take_in(&from, &folder)).await.map_err(AppError::internal)??;
    let info = catalogue.info();
    let mut system = app.db.system("activate catalogue").await?;
    system.activate_catalogue(&info.content, info.sequence).await?;
    system.commit().await?;
    app.catalogue.set(Some(Arc::new(catalogue)));
    crate::matching::catch_up(app).await
}

/// Verifies every block before the file becomes one of ours: it may come from a USB stick.
fn take_in(from: &Path, folder: &Path) -> Result<Catalogue, AppError> {
    let catalogue = Catalogue::open(from, Trust::Unsigned).map_err(AppError::internal)?;
    catalogue.verify().map_err(AppError::internal)?;
    std::fs::create_dir_all(folder).map_err(AppError::internal)?;
    let target = folder.join(format!("{}.tmc", catalogue.info().content));
    if !target.exists() {
        // Copied under another name first: a file under its final name is always whole.
        let half = target.with_extension("part");
        std::fs::copy(from, &half).map_err(AppError::internal)?;
        std::fs::File::open(&half).and_then(|file| file.sync_all()).map_err(AppError::internal)?;
        std::fs::rename(&half, &target).map_err(AppError::internal)?;
    }
    Catalogue::open(&target, Trust::Unsigned).map_err(AppError::internal)
}
