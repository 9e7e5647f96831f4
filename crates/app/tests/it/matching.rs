//! Findings follow catalogue and ledger, and nothing else.

use crate::story::{FILE, findings_of};
use jiff::SignedDuration;
use tomomori_app::catalogue::{self, STALE_AFTER_DAYS};
use tomomori_app::{AppError, home, matching};
use tomomori_catalogue::{Builder, Stamp};
use tomomori_store::FindingChanges;
use tomomori_testkit::app::{demo_catalogue, repository};
use tomomori_testkit::{TestDb, for_both_apps, for_both_apps_without_catalogue};

#[tokio::test(flavor = "multi_thread")]
async fn matching_twice_changes_nothing() {
    for_both_apps(async |t| {
        let hospital = t.hospital("みどり川病院").await;
        t.imported(&hospital, &[FILE]).await;
        let before = findings_of(&hospital).await;
        assert!(!before.is_empty());
        t.clock.advance(SignedDuration::from_hours(24));
        let summary = matching::rematch(&hospital).await.unwrap();
        let unchanged = before.len() as u64;
        assert_eq!(summary.changes, FindingChanges { unchanged, ..FindingChanges::default() });
        assert_eq!(summary.affected + summary.questions, before.len() as u64);
        assert_eq!(findings_of(&hospital).await, before);
        let incho = t.management(&hospital, "incho").await.ctx;
        assert!(matches!(matching::rematch(&incho).await, Err(AppError::Denied(_))));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_catalogue_nothing_is_called_safe() {
    for_both_apps_without_catalogue(async |t| {
        let hospital = t.hospital("みどり川病院").await;
        t.imported(&hospital, &[FILE]).await;
        let shown = home::home(&hospital).await.unwrap();
        assert!(shown.freshness.catalogue.is_none() && shown.freshness.sources.is_empty());
        assert_eq!(shown.todo[0].title.key, "home-no-catalogue-title");
        assert_eq!(shown.unknown, 3, "no device is known");

        // A catalogue arrives: what it knows by name is matched at once, without importing again.
        catalogue::activate(&t.app, demo_catalogue()).await.unwrap();
        t.work().await;
        let shown = home::home(&hospital).await.unwrap();
        assert!(shown.todo.iter().all(|todo| todo.title.key != "home-no-catalogue-title"));
        assert!(shown.unknown < 3, "some are known now");
        let found = findings_of(&hospital).await;
        assert!(found.iter().any(|row| row.finding.vulnerability == "CVE-2018-13379"), "{found:#?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn old_and_empty_sources_are_alarms() {
    for_both_apps_without_catalogue(async |t| {
        let hospital = t.hospital("みどり川病院").await;
        t.imported(&hospital, &[FILE]).await;
        // Only the list of exploited vulnerabilities: everything else is empty, which must show.
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("kev.tmc");
        let mut builder = Builder::new();
        builder.add_path(&repository().join("demo/feeds/known_exploited_vulnerabilities.json.gz")).unwrap();
        builder.finish(&file, Stamp { sequence: 1, built: t.clock.now(), key: None }).unwrap();
        catalogue::activate(&t.app, &file).await.unwrap();
        t.work().await;

        let fresh = catalogue::freshness(&hospital);
        let nvd = fresh.sources.iter().find(|source| source.source == "nvd").expect("an empty source is listed");
        assert!(nvd.stale && nvd.records == 0 && nvd.newest.is_none());
        assert_eq!(fresh.weakest().unwrap().records, 0);
        let todo = home::home(&hospital).await.unwrap().todo;
        assert!(todo.iter().any(|todo| todo.text.key == "home-stale-text-empty"), "{todo:?}");

        let kev =
            |fresh: &catalogue::Freshness| fresh.sources.iter().find(|source| source.source == "kev").cloned().unwrap();
        let (before, day) = (kev(&fresh), SignedDuration::from_hours(24));
        assert!(before.records > 1000 && before.newest.is_some());
        t.clock.advance(day * i32::try_from(STALE_AFTER_DAYS + 1).unwrap());
        let after = kev(&catalogue::freshness(&hospital));
        assert!(after.stale);
        assert_eq!(after.age_days.unwrap() - before.age_days.unwrap(), STALE_AFTER_DAYS + 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_or_damaged_catalogue_is_refused() {
    for_both_apps(async |t| {
        let hospital = t.hospital("みどり川病院").await;
        t.imported(&hospital, &[FILE]).await;
        let (before, active) = (findings_of(&hospital).await, catalogue::freshness(&hospital).catalogue);
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("old.tmc");
        let mut builder = Builder::new();
        builder.add_path(&repository().join("demo/feeds/known_exploited_vulnerabilities.json.gz")).unwrap();
        builder.finish(&file, Stamp { sequence: 0, built: t.clock.now(), key: None }).unwrap();
        assert!(matches!(catalogue::activate(&t.app, &file).await, Err(AppError::Conflict(_))), "rollback");

        let mut bytes = std::fs::read(demo_catalogue()).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        let damaged = folder.path().join("damaged.tmc");
        std::fs::write(&damaged, &bytes).unwrap();
        assert!(catalogue::activate(&t.app, &damaged).await.is_err(), "one flipped bit");
        std::fs::write(&damaged, &bytes[..middle]).unwrap();
        assert!(catalogue::activate(&t.app, &damaged).await.is_err(), "cut in half");

        t.work().await;
        assert_eq!(catalogue::freshness(&hospital).catalogue, active);
        assert_eq!(findings_of(&hospital).await, before);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_node_follows_the_switch() {
    tomomori_testkit::for_both_databases(async |db: &TestDb| {
        let t = tomomori_testkit::TestApp::new(db).await;
        let hash = catalogue::freshness(&t.hospital("みどり川病院").await).catalogue.unwrap();
        let node = tomomori_app::App {
            db: db.db.clone(),
            data: t.app.data.clone(),
            clock: db.clock.clock(),
            catalogue: Default::default(),
        };
        catalogue::refresh(&node).await.unwrap();
        assert_eq!(node.catalogue.get().unwrap().info().content, hash);
    })
    .await;
}
