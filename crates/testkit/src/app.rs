//! A whole installation on a fresh database: use cases, pages and API as the program has them, with a clock that stands
//! still and a catalogue built from the demo feeds. Nothing is mocked but the clock.

#![expect(clippy::expect_used, reason = "a test that cannot be set up has failed")]

use crate::client::Client;
use crate::{TestClock, TestDb, for_both_databases};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use tomomori_app::catalogue::ActiveCatalogue;
use tomomori_app::import::{self, ImportView, Upload};
use tomomori_app::{App, Ctx, session, tenants, worker};
use tomomori_catalogue::{Builder, Stamp};
use tomomori_domain::access::{Actor, Role};
use tomomori_domain::ids::{ImportId, TenantId};
use tomomori_web::{Web, WebConfig, WebState};

/// Password of everybody in tests.
pub const PASSWORD: &str = "correct horse battery staple";

/// An installation.
pub struct TestApp {
    /// Its use cases.
    pub app: Arc<App>,
    /// Its clock.
    pub clock: TestClock,
    /// Its web server, without a socket.
    pub web: WebState,
    /// Address under which nothing holds one back; see [`TestDb::bypass_url`].
    pub bypass_url: String,
    _folder: tempfile::TempDir,
}

/// A person who can log in.
#[derive(Clone)]
pub struct User {
    /// The person as use cases see them.
    pub ctx: Ctx,
    /// Login name; the password is [`PASSWORD`].
    pub login: String,
}

/// Runs a story on SQLite and on PostgreSQL, each time in a new installation with the catalogue of the demo feeds.
pub async fn for_both_apps(story: impl AsyncFn(&TestApp)) {
    for_both_databases(async |db| story(&TestApp::new(db).await).await).await;
}

/// Runs a story on both engines, each time in a new installation that has no catalogue.
pub async fn for_both_apps_without_catalogue(story: impl AsyncFn(&TestApp)) {
    for_both_databases(async |db| story(&TestApp::without_catalogue(db)).await).await;
}

impl TestApp {
    /// An installation on `db`, with the catalogue of the demo feeds.
    pub async fn new(db: &TestDb) -> Self {
        let made = Self::without_catalogue(db);
        tomomori_app::catalogue::activate(&made.app, demo_catalogue()).await.expect("activate the catalogue");
        made
    }

    /// An installation on `db` that knows nothing about vulnerabilities.
    #[must_use]
    pub fn without_catalogue(db: &TestDb) -> Self {
        let folder = tempfile::tempdir().expect("temporary folder");
        let app = Arc::new(App {
            db: db.db.clone(),
            data: folder.path().to_owned(),
            clock: db.clock.clock(),
            catalogue: ActiveCatalogue::default(),
        });
        let web = Web::new(Arc::clone(&app), WebConfig::default());
        Self { app, clock: db.clock.clone(), web, bypass_url: db.bypass_url.clone(), _folder: folder }
    }

    /// A new hospital; the installation acts in it.
    pub async fn hospital(&self, name: &str) -> Ctx {
        self.tenant(name, tenants::TenantKind::Hospital).await
    }

    /// A new vendor; the installation acts in it.
    pub async fn vendor(&self, name: &str) -> Ctx {
        self.tenant(name, tenants::TenantKind::Vendor).await
    }

    async fn tenant(&self, name: &str, kind: tenants::TenantKind) -> Ctx {
        let id = tenants::find_or_create(&self.app, name, kind).await.expect("tenant");
        Ctx::new(Arc::clone(&self.app), Actor::system(id, "test"))
    }

    /// A new person with these roles in the tenant of `at`.
    pub async fn user(&self, at: &Ctx, login: &str, roles: &[Role]) -> User {
        let tenant: TenantId = at.actor.tenant;
        let new = session::CreateUser {
            login: login.to_owned(),
            name: format!("{login} さん"),
            password: PASSWORD.to_owned(),
            roles: roles.to_vec(),
            until: None,
        };
        let id = session::create_user(at, new).await.expect("create user");
        let actor = Actor::person(tenant, id, format!("{login} さん"), roles.to_vec());
        User { ctx: Ctx::new(Arc::clone(&self.app), actor), login: login.to_owned() }
    }

    /// A new person who runs the systems of the hospital.
    pub async fn operator(&self, at: &Ctx, login: &str) -> User {
        self.user(at, login, &[Role::Operator]).await
    }

    /// A new person who leads the hospital: reads everything, changes nothing.
    pub async fn management(&self, at: &Ctx, login: &str) -> User {
        self.user(at, login, &[Role::Management]).await
    }

    /// A browser nobody has logged in with.
    #[must_use]
    pub fn anonymous(&self) -> Client {
        Client::new(tomomori_web::router(self.web.clone()))
    }

    /// A browser this person has logged in with, through the login page.
    pub async fn browser(&self, user: &User) -> Client {
        let mut client = self.anonymous();
        client.log_in(&user.login, PASSWORD).await;
        client
    }

    /// A program with a personal token of this person.
    pub async fn program(&self, user: &User) -> Client {
        let secret = session::create_token(&user.ctx, "test").await.expect("token");
        self.anonymous().with_token(&secret)
    }

    /// Does all background work that is due.
    pub async fn work(&self) {
        worker::run_until_idle(&self.app).await.expect("background work");
    }

    /// Uploads files and has them read: the import as its page shows it.
    pub async fn previewed(&self, ctx: &Ctx, files: &[(&str, &[u8])]) -> ImportView {
        let id = import::upload(ctx, uploads(files)).await.expect("upload");
        self.work().await;
        import::view(ctx, id).await.expect("view of the import")
    }

    /// Uploads, reads, confirms and matches.
    pub async fn imported(&self, ctx: &Ctx, files: &[(&str, &[u8])]) -> ImportId {
        let id = self.previewed(ctx, files).await.import.id;
        import::confirm(ctx, id).await.expect("confirm");
        self.work().await;
        id
    }
}

/// Files as the import takes them.
#[must_use]
pub fn uploads(files: &[(&str, &[u8])]) -> Vec<Upload> {
    files.iter().map(|(name, bytes)| Upload { name: (*name).to_owned(), bytes: bytes.to_vec() }).collect()
}

/// The repository's root.
#[must_use]
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The catalogue of the demo feeds, built once per test program.
pub fn demo_catalogue() -> &'static Path {
    static BUILT: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, file) = BUILT.get_or_init(|| {
        let folder = tempfile::tempdir().expect("temporary folder");
        let file = folder.path().join("demo.tmc");
        let mut builder = Builder::new();
        let mut waiting = vec![repository().join("demo/feeds")];
        let mut files = Vec::new();
        while let Some(path) = waiting.pop() {
            if path.is_dir() {
                let inside = std::fs::read_dir(&path).expect("feeds");
                waiting.extend(inside.map(|entry| entry.expect("feed").path()));
            } else {
                files.push(path);
            }
        }
        files.sort();
        for file in &files {
            builder.add_path(file).expect("feed file");
        }
        let built = TestClock::default().now();
        builder.finish(&file, Stamp { sequence: 1, built, key: None }).expect("catalogue");
        (folder, file)
    });
    file
}
