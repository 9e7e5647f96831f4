//! A fresh database per test and engine.

use crate::pg;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tomomori_domain::access::Actor;
use tomomori_domain::ids::TenantId;
use tomomori_store::{Clock, Db, DbConfig, TenantKind};

/// A clock that stands still until it is moved. Begins at 2026-11-24T00:00:00Z.
#[derive(Clone, Debug)]
pub struct TestClock(Arc<AtomicI64>);

impl Default for TestClock {
    fn default() -> Self {
        Self(Arc::new(AtomicI64::new(1_795_478_400_000)))
    }
}

impl TestClock {
    /// Now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.0.load(Ordering::SeqCst)).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// Moves it.
    pub fn advance(&self, by: SignedDuration) {
        self.0.fetch_add(i64::try_from(by.as_millis()).unwrap_or(0), Ordering::SeqCst);
    }

    /// As the store takes it.
    #[must_use]
    pub fn clock(&self) -> Clock {
        let clock = self.clone();
        Arc::new(move || clock.now())
    }
}

/// A migrated, empty database.
#[derive(Debug)]
pub struct TestDb {
    /// The database, reached as the application reaches it.
    pub db: Db,
    /// Its clock.
    pub clock: TestClock,
    /// Address under which nothing holds one back: the file, or PostgreSQL's superuser. To tamper with.
    pub bypass_url: String,
    /// Address of the application's role. To try what it must not be able to do.
    pub app_url: String,
}

impl TestDb {
    /// A new tenant, and the installation as an actor in it.
    ///
    /// # Panics
    /// When the database fails.
    pub async fn tenant(&self, name: &str) -> Actor {
        Actor::system(self.tenant_id(name).await, "テスト")
    }

    /// A new tenant.
    ///
    /// # Panics
    /// When the database fails.
    #[expect(clippy::expect_used, reason = "a test that cannot be set up has failed")]
    pub async fn tenant_id(&self, name: &str) -> TenantId {
        let mut tx = self.db.system("test").await.expect("system door");
        let id = tx.create_tenant(name, TenantKind::Hospital).await.expect("tenant");
        tx.commit().await.expect("commit");
        id
    }

    async fn connect(app_url: String, bypass_url: String) -> anyhow::Result<Self> {
        let clock = TestClock::default();
        let db = Db::connect(&DbConfig { connections: 4, ..DbConfig::new(&app_url) }).await?.with_clock(clock.clock());
        Ok(Self { db, clock, bypass_url, app_url })
    }
}

/// Runs a test on SQLite and on PostgreSQL, each with a fresh database. Where PostgreSQL's programs are missing that
/// half is skipped, and said so; with `CI` set it fails instead.
///
/// # Panics
/// When a database cannot be made, or the test panics.
#[expect(clippy::expect_used, clippy::print_stdout, reason = "a test that cannot be set up has failed, and says where")]
pub async fn for_both_databases(test: impl AsyncFn(&TestDb)) {
    println!("on SQLite");
    let folder = tempfile::tempdir().expect("temporary folder");
    let url = format!("sqlite:{}", folder.path().join("test.db").display());
    Db::migrate(&url, None).await.expect("migrate SQLite");
    let made = TestDb::connect(url.clone(), url).await.expect("connect to SQLite");
    test(&made).await;
    made.db.close().await.expect("close SQLite");

    let name = std::thread::current().name().unwrap_or("test").to_owned();
    match pg::cluster() {
        Ok(cluster) => {
            println!("on PostgreSQL");
            let database = cluster.database().expect("create database");
            let (app, bypass) = (cluster.url(pg::APP_ROLE, &database), cluster.url(pg::SUPERUSER, &database));
            let made = TestDb::connect(app, bypass).await.expect("connect to PostgreSQL");
            test(&made).await;
            made.db.close().await.expect("close PostgreSQL");
            cluster.drop_database(&database).expect("drop database");
        }
        Err(reason) => {
            assert!(std::env::var_os("CI").is_none(), "{name} must run on PostgreSQL in CI: {reason}");
            crate::skipped(&format!("{name} on PostgreSQL"), reason);
        }
    }
}
