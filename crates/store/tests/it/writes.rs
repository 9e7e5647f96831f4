//! Writing: all or nothing, nobody's change lost, only differences written.

use crate::story::{Small, device, finding, software};
use tomomori_domain::access::permission::{RunImport, WriteFindings, WriteLedger};
use tomomori_domain::finding::Finding;
use tomomori_domain::resource::Resource;
use tomomori_store::{FindingChanges, FindingFilter, FindingSort, ImportState, PageRequest, StoreError};
use tomomori_testkit::for_both_databases;

#[tokio::test]
async fn an_import_is_written_as_a_whole_or_not_at_all() {
    for_both_databases(async |test| {
        let actor = test.tenant("A病院").await;
        let grant = actor.require::<RunImport>().unwrap();
        let mut tx = test.db.tenant(&actor).await.unwrap();
        let id = tx.create_import(&grant).await.unwrap();
        tx.add_file(&grant, id, "a.xlsx", vec![1; 60], 100).await.unwrap();
        let error = tx.add_file(&grant, id, "b.xlsx", vec![1; 60], 100).await.unwrap_err();
        assert!(matches!(error, StoreError::Quota { needed: 120, quota: 100 }), "{error}");
        tx.set_import_preview(&grant, id, 0, &serde_json::json!({ "creates": 2000 })).await.unwrap();
        tx.commit().await.unwrap();

        let devices: Vec<Resource> = (0..2000).map(|n| device(&format!("端末{n:04}"))).collect();
        let parts: Vec<_> = devices.iter().map(|device| software(device.id, "x")).collect();
        let mut tx = test.db.tenant(&actor).await.unwrap();
        tx.confirm_import(&grant, id, &serde_json::Value::Null).await.unwrap();
        tx.put_resources(&grant, &devices).await.unwrap();
        tx.put_components(&grant, &parts).await.unwrap();
        drop(tx);
        let read = test.db.read(&actor).await.unwrap();
        let ledger = read.ledger().await.unwrap();
        assert_eq!((ledger.revision, ledger.resources.len(), ledger.components.len()), (0, 0, 0));
        assert_eq!(read.import(id).await.unwrap().state, ImportState::Previewed);
        drop(read);

        let mut tx = test.db.tenant(&actor).await.unwrap();
        tx.confirm_import(&grant, id, &serde_json::Value::Null).await.unwrap();
        tx.put_resources(&grant, &devices).await.unwrap();
        tx.put_components(&grant, &parts).await.unwrap();
        tx.commit().await.unwrap();
        let ledger = test.db.read(&actor).await.unwrap().ledger().await.unwrap();
        assert_eq!((ledger.revision, ledger.resources.len(), ledger.components.len()), (1, 2000, 2000));
        let mut tx = test.db.tenant(&actor).await.unwrap();
        let error = tx.confirm_import(&grant, id, &serde_json::Value::Null).await.unwrap_err();
        assert!(matches!(error, StoreError::State { ref state, .. } if state == "confirmed"), "{error}");
    })
    .await;
}

#[tokio::test]
async fn an_import_previewed_against_an_older_ledger_is_refused() {
    for_both_databases(async |test| {
        let actor = test.tenant("A病院").await;
        let grant = actor.require::<RunImport>().unwrap();
        let mut tx = test.db.tenant(&actor).await.unwrap();
        let id = tx.create_import(&grant).await.unwrap();
        tx.set_import_preview(&grant, id, 0, &serde_json::Value::Null).await.unwrap();
        tx.commit().await.unwrap();
        Small::new().write(&test.db, &actor).await;
        let mut tx = test.db.tenant(&actor).await.unwrap();
        let error = tx.confirm_import(&grant, id, &serde_json::Value::Null).await.unwrap_err();
        assert!(matches!(error, StoreError::Stale("ledger")), "{error}");
    })
    .await;
}

#[tokio::test]
async fn a_deleted_gateway_takes_its_lines_along_and_leaves_what_was_plugged_into_it() {
    for_both_databases(async |test| {
        let actor = test.tenant("A病院").await;
        let grant = actor.require::<WriteLedger>().unwrap();
        let small = Small::new();
        small.write(&test.db, &actor).await;
        let mut tx = test.db.tenant(&actor).await.unwrap();
        tx.delete_resources(&grant, &[small.gateway.id]).await.unwrap();
        tx.commit().await.unwrap();
        let detail = test.db.read(&actor).await.unwrap().resource_detail(small.server.id).await.unwrap();
        assert_eq!((detail.uplink, detail.lines.len(), detail.services.len()), (None, 0, 1));
        assert_eq!(detail.vendor, Some(small.vendor));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn writers_side_by_side_wait_and_none_is_lost() {
    for_both_databases(async |test| {
        let actor = test.tenant("A病院").await;
        let writers = (0..8).map(|n| {
            let (db, actor) = (test.db.clone(), actor.clone());
            tokio::spawn(async move {
                let grant = actor.require::<WriteLedger>().unwrap();
                for m in 0..5 {
                    let mut tx = db.tenant(&actor).await.unwrap();
                    tx.put_resources(&grant, &[device(&format!("{n}-{m}"))]).await.unwrap();
                    tx.audit(tomomori_store::AuditEvent::new("resource.create", format!("{n}-{m}"))).await.unwrap();
                    tx.commit().await.unwrap();
                }
            })
        });
        for writer in writers.collect::<Vec<_>>() {
            writer.await.unwrap();
        }
        let tx = test.db.read(&actor).await.unwrap();
        assert_eq!(tx.resources().await.unwrap().len(), 40);
        assert_eq!(tx.ledger_revision().await.unwrap(), 40);
        let key = ed25519_dalek::SigningKey::from_bytes(&[1; 32]).verifying_key();
        let report = tx.verify_audit(&key, None).await.unwrap();
        assert_eq!((report.entries, report.problems), (41, Vec::new()));
    })
    .await;
}

#[tokio::test]
async fn a_refresh_writes_only_differences() {
    for_both_databases(async |test| {
        let actor = test.tenant("A病院").await;
        let grant = actor.require::<WriteFindings>().unwrap();
        let small = Small::new();
        small.write(&test.db, &actor).await;
        let make = |id: &str| finding(small.server.id, small.component.id, id);
        let refresh = async |rows: &[Finding], catalogue: &str| {
            let mut tx = test.db.tenant(&actor).await.unwrap();
            let changes = tx.replace_findings(&grant, rows, catalogue, 1).await.unwrap();
            tx.commit().await.unwrap();
            changes
        };
        let first = [make("CVE-1"), make("CVE-2"), make("CVE-3")];
        assert_eq!(refresh(&first, "cat-1").await.added, 3);
        let seen = test.clock.now();
        test.clock.advance(jiff::SignedDuration::from_hours(24));
        let next = [
            Finding { catalogue: "cat-2".to_owned(), ..make("CVE-1") },
            Finding { catalogue: "cat-2".to_owned(), exploited: true, ..make("CVE-2") },
            make("CVE-4"),
        ];
        let want = FindingChanges { added: 1, changed: 1, removed: 1, unchanged: 1 };
        assert_eq!(refresh(&next, "cat-2").await, want);
        let tx = test.db.read(&actor).await.unwrap();
        assert_eq!(tx.match_state().await.unwrap().unwrap().catalogue, "cat-2");
        let page = PageRequest::default();
        let rows = tx.list_findings(&FindingFilter::default(), FindingSort::Urgency, &page).await.unwrap().rows;
        let ids: Vec<_> = rows.iter().map(|row| row.finding.vulnerability.as_str()).collect();
        assert_eq!(ids, ["CVE-2", "CVE-1", "CVE-4"], "exploited first");
        assert_eq!((rows[0].finding.id, rows[0].first_seen), (first[1].id, seen), "the same row as before");
        assert_eq!(rows[2].first_seen, test.clock.now());
        drop(tx);
        let mut tx = test.db.tenant(&actor).await.unwrap();
        let error = tx.replace_findings(&grant, &[], "cat-2", 0).await.unwrap_err();
        assert!(matches!(error, StoreError::Stale("ledger")), "{error}");
    })
    .await;
}
