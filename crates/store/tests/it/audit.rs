//! The audit chain: whatever is done to it past the store shows.

use crate::story::sql;
use ed25519_dalek::SigningKey;
use tomomori_domain::access::Actor;
use tomomori_store::{AuditEvent, AuditProblem, Checkpoint, Engine, VerifyReport};
use tomomori_testkit::{TestDb, for_both_databases};

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

/// A tenant with a chain of six entries (the first is its own creation) and a checkpoint at the end.
async fn chain(test: &TestDb) -> (Actor, Checkpoint) {
    let actor = test.tenant("A病院").await;
    for n in 0..5 {
        let mut tx = test.db.tenant(&actor).await.unwrap();
        let event = AuditEvent::new("resource.update", format!("resource:{n}")).details(serde_json::json!({ "n": n }));
        tx.audit(AuditEvent { personal: vec![("login", "sasaki".to_owned())], ..event }).await.unwrap();
        tx.commit().await.unwrap();
    }
    let mut tx = test.db.tenant(&actor).await.unwrap();
    let checkpoint = tx.checkpoint(&key()).await.unwrap();
    tx.commit().await.unwrap();
    (actor, checkpoint)
}

async fn verify(test: &TestDb, actor: &Actor, anchor: Option<&Checkpoint>) -> VerifyReport {
    test.db.read(actor).await.unwrap().verify_audit(&key().verifying_key(), anchor).await.unwrap()
}

/// Runs statements as somebody whom nothing holds back.
async fn tamper(test: &TestDb, statements: &[&str]) {
    let free = [
        "audit_entries_no_update",
        "audit_entries_no_delete",
        "audit_checkpoints_no_delete",
        "audit_personal_no_update",
        "audit_heads_forward",
    ];
    let mut all: Vec<String> = Vec::new();
    if test.db.engine() == Engine::Sqlite {
        all.extend(free.iter().map(|name| format!("DROP TRIGGER IF EXISTS {name}")));
    }
    all.extend(statements.iter().map(|statement| (*statement).to_owned()));
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    assert!(sql(&test.bypass_url, &all).await.unwrap() > 0, "{statements:?} touched nothing");
}

#[tokio::test]
async fn an_honest_chain_holds_and_keeps_names_apart() {
    for_both_databases(async |test| {
        let (actor, checkpoint) = chain(test).await;
        let report = verify(test, &actor, Some(&checkpoint)).await;
        assert_eq!(report.problems, []);
        assert_eq!((report.entries, report.checkpoints), (6, 2));
        assert_eq!(report.head, checkpoint.head);
        // Clear text can be erased; the chain still holds.
        let mut entries = test.db.read(&actor).await.unwrap().audit_entries(None, 100).await.unwrap();
        assert_eq!(entries[0].actor.as_deref(), Some("テスト"));
        assert!(entries[0].details["login"].as_str().unwrap().starts_with("sha256:"));
        tamper(test, &["DELETE FROM audit_personal"]).await;
        assert_eq!(verify(test, &actor, Some(&checkpoint)).await.problems, []);
        entries = test.db.read(&actor).await.unwrap().audit_entries(None, 100).await.unwrap();
        assert_eq!(entries[0].actor, None);
    })
    .await;
}

#[tokio::test]
async fn every_way_of_tampering_shows() {
    let swap = &[
        "UPDATE audit_entries SET sequence = 99 WHERE sequence = 3",
        "UPDATE audit_entries SET sequence = 3 WHERE sequence = 4",
        "UPDATE audit_entries SET sequence = 4 WHERE sequence = 99",
    ][..];
    let cases: &[(&[&str], &[AuditProblem])] = &[
        (&["UPDATE audit_entries SET details = '{}' WHERE sequence = 3"], &[AuditProblem::Changed(3)]),
        (
            &["UPDATE audit_entries SET actor = 'sha256:0' WHERE sequence = 2"],
            &[AuditProblem::Changed(2), AuditProblem::Personal(2)],
        ),
        (&["UPDATE audit_entries SET time_at = time_at + 1 WHERE sequence = 6"], &[AuditProblem::Changed(6)]),
        (&["DELETE FROM audit_entries WHERE sequence = 4"], &[AuditProblem::Missing(4)]),
        (&["DELETE FROM audit_entries WHERE sequence = 1"], &[AuditProblem::Missing(1)]),
        (
            swap,
            &[AuditProblem::Changed(3), AuditProblem::Changed(4), AuditProblem::Personal(3), AuditProblem::Personal(4)],
        ),
        (
            &["UPDATE audit_personal SET value = 'tanaka' WHERE sequence = 2 AND field = 'login'"],
            &[AuditProblem::Personal(2)],
        ),
        (&["UPDATE audit_heads SET hash = 'x'"], &[AuditProblem::Head]),
        (&["DELETE FROM audit_entries WHERE sequence = 6"], &[AuditProblem::Head, AuditProblem::Checkpoint(6)]),
    ];
    for (statements, want) in cases {
        for_both_databases(async |test| {
            let (actor, _) = chain(test).await;
            tamper(test, statements).await;
            let found = verify(test, &actor, None).await.problems;
            for problem in *want {
                assert!(found.contains(problem), "{statements:?}: {problem:?} is missing in {found:?}");
            }
        })
        .await;
    }
}

#[tokio::test]
async fn a_cleanly_cut_tail_shows_only_against_an_anchor() {
    for_both_databases(async |test| {
        let (actor, anchor) = chain(test).await;
        tamper(
            test,
            &[
                "DELETE FROM audit_entries WHERE sequence > 4",
                "DELETE FROM audit_checkpoints",
                "UPDATE audit_heads SET sequence = 4, hash = (SELECT hash FROM audit_entries WHERE sequence = 4)",
            ],
        )
        .await;
        assert_eq!(verify(test, &actor, None).await.problems, []);
        assert_eq!(verify(test, &actor, Some(&anchor)).await.problems, [AuditProblem::Checkpoint(6)]);
        let forged = Checkpoint { count: 4, ..anchor };
        assert_eq!(verify(test, &actor, Some(&forged)).await.problems, [AuditProblem::Signature(4)]);
    })
    .await;
}

#[tokio::test]
async fn the_application_cannot_change_the_trail() {
    for_both_databases(async |test| {
        let (actor, _) = chain(test).await;
        let mut tx = test.db.tenant(&actor).await.unwrap();
        tx.audit(AuditEvent::new("x", "y".to_owned())).await.unwrap();
        drop(tx);
        assert_eq!(verify(test, &actor, None).await.entries, 6, "what was not committed is not in the chain");
        for table in ["audit_entries", "audit_checkpoints"] {
            for write in [format!("UPDATE {table} SET tenant_id = tenant_id"), format!("DELETE FROM {table}")] {
                let error = sql(&test.app_url, &[&write]).await.unwrap_err();
                assert!(error.contains("permission denied") || error.contains("append-only"), "{write}: {error}");
            }
        }
    })
    .await;
}
