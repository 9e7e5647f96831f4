//! What every use case is handed: the installation and who acts.

use crate::AppError;
use crate::catalogue::ActiveCatalogue;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::path::PathBuf;
use std::sync::Arc;
use tomomori_catalogue::Catalogue;
use tomomori_domain::access::Actor;
use tomomori_store::{Db, DbConfig, ReadTx, StoreError, TenantTx};

pub use tomomori_store::Clock;

/// One running installation. Cheap to share behind an [`Arc`].
pub struct App {
    /// The database.
    pub db: Db,
    /// Folder of catalogue files, keys and everything else that is not in the database.
    pub data: PathBuf,
    /// What time it is.
    pub clock: Clock,
    /// The catalogue in force.
    pub catalogue: ActiveCatalogue,
}

impl App {
    /// Opens an installation: the database at `url` and the folder beside it. A catalogue that cannot be opened is logged
    /// and left out; every page then says that there is none.
    ///
    /// # Errors
    /// When the database cannot be reached or was not migrated to this version.
    pub async fn open(url: &str, data: PathBuf) -> Result<Arc<Self>, AppError> {
        let db = Db::connect(&DbConfig::new(url)).await?;
        if !db.is_migrated().await? {
            return Err(AppError::internal("the database has not been upgraded to this version"));
        }
        let app = Self { db, data, clock: Arc::new(Timestamp::now), catalogue: ActiveCatalogue::default() };
        crate::catalogue::refresh(&app).await?;
        crate::step::take_over(&app).await?;
        Ok(Arc::new(app))
    }

    /// Creates or upgrades the tables; see [`Db::migrate`].
    ///
    /// # Errors
    /// Those of the database.
    pub async fn migrate(owner_url: &str, app_role: Option<&str>) -> Result<(), AppError> {
        Ok(Db::migrate(owner_url, app_role).await?)
    }
}

/// The installation, and the actor on whose behalf something is done in one tenant.
#[derive(Clone)]
pub struct Ctx {
    /// The installation.
    pub app: Arc<App>,
    /// Who acts.
    pub actor: Actor,
}

impl Ctx {
    /// A context for `actor`.
    #[must_use]
    pub fn new(app: Arc<App>, actor: Actor) -> Self {
        Self { app, actor }
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.app.clock)()
    }

    /// Today in Japan.
    #[must_use]
    pub fn today(&self) -> jiff::civil::Date {
        japan().to_datetime(self.now()).date()
    }

    /// The catalogue in force, if there is one.
    #[must_use]
    pub fn catalogue(&self) -> Option<Arc<Catalogue>> {
        self.app.catalogue.get()
    }

    pub(crate) async fn read(&self) -> Result<ReadTx, AppError> {
        Ok(self.app.db.read(&self.actor).await?)
    }

    pub(crate) async fn write(&self) -> Result<TenantTx, AppError> {
        Ok(self.app.db.tenant(&self.actor).await?)
    }
}

/// Japan has had no summer time since 1951, so a fixed offset is exact for every date we meet.
pub(crate) fn japan() -> TimeZone {
    TimeZone::fixed(jiff::tz::offset(9))
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        use tomomori_domain::Msg;
        match error {
            StoreError::NotFound(_) => AppError::NotFound,
            StoreError::Stale(_) => AppError::Conflict(Msg::new("error-stale")),
            StoreError::BadCursor => AppError::Invalid(Msg::new("error-bad-cursor")),
            StoreError::Quota { quota, .. } => {
                AppError::Invalid(Msg::new("error-quota").arg("megabytes", quota / 1_000_000))
            }
            StoreError::TooLarge { limit, .. } => {
                AppError::Invalid(Msg::new("error-document-too-large").arg("megabytes", limit >> 20))
            }
            StoreError::State { .. } => AppError::Conflict(Msg::new("error-state")),
            other => AppError::internal(other),
        }
    }
}
