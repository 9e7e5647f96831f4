//! Jobs survive their workers.

use jiff::SignedDuration;
use std::collections::BTreeSet;
use tomomori_domain::access::permission::RunImport;
use tomomori_store::{JobState, NewJob, StoreError};
use tomomori_testkit::for_both_databases;

const LEASE: SignedDuration = SignedDuration::from_secs(60);

fn job(n: u32) -> NewJob {
    NewJob { kind: "import.preview", payload: serde_json::json!({ "n": n }), max_attempts: 2 }
}

#[tokio::test]
async fn a_dead_workers_job_is_taken_over_and_the_dead_cannot_report() {
    for_both_databases(async |test| {
        let actor = test.tenant("A病院").await;
        let grant = actor.require::<RunImport>().unwrap();
        let mut tx = test.db.tenant(&actor).await.unwrap();
        tx.enqueue(&grant, &job(0)).await.unwrap();
        drop(tx);
        let claim = async |worker: &'static str| {
            let mut tx = test.db.system("worker").await.unwrap();
            let job = tx.claim_job(worker, LEASE).await.unwrap();
            tx.commit().await.unwrap();
            job
        };
        assert!(claim("w1").await.is_none(), "an uncommitted job is no job");
        let mut tx = test.db.tenant(&actor).await.unwrap();
        let id = tx.enqueue(&grant, &job(1)).await.unwrap();
        tx.commit().await.unwrap();

        let first = claim("w1").await.unwrap();
        assert_eq!((first.id, first.tenant, first.attempt), (id, actor.tenant, 1));
        assert!(claim("w2").await.is_none());
        test.clock.advance(SignedDuration::from_secs(50));
        let mut tx = test.db.system("worker").await.unwrap();
        tx.heartbeat(&first, 40, LEASE).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(test.db.read(&actor).await.unwrap().job(id).await.unwrap().progress, 40);
        test.clock.advance(SignedDuration::from_secs(50));
        assert!(claim("w2").await.is_none(), "the heartbeat moved the lease");
        test.clock.advance(SignedDuration::from_secs(11));
        let second = claim("w2").await.unwrap();
        assert_eq!((second.id, second.attempt), (id, 2));

        let mut tx = test.db.system("worker").await.unwrap();
        assert!(matches!(tx.finish_job(&first).await, Err(StoreError::LeaseLost)));
        assert!(matches!(tx.heartbeat(&first, 50, LEASE).await, Err(StoreError::LeaseLost)));
        tx.finish_job(&second).await.unwrap();
        tx.commit().await.unwrap();
        let done = test.db.read(&actor).await.unwrap().job(id).await.unwrap();
        assert_eq!((done.state, done.progress, done.attempts), (JobState::Done, 100, 2));
    })
    .await;
}

#[tokio::test]
async fn a_failing_job_is_tried_again_later_and_then_laid_aside() {
    for_both_databases(async |test| {
        let actor = test.tenant("A病院").await;
        let grant = actor.require::<RunImport>().unwrap();
        let mut tx = test.db.tenant(&actor).await.unwrap();
        let id = tx.enqueue(&grant, &job(1)).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = test.db.system("worker").await.unwrap();
        let first = tx.claim_job("w", LEASE).await.unwrap().unwrap();
        let again = tx.fail_job(&first, "disk full").await.unwrap().unwrap();
        assert!(again > test.clock.now());
        assert!(tx.claim_job("w", LEASE).await.unwrap().is_none(), "not before its pause is over");
        tx.commit().await.unwrap();
        test.clock.advance(SignedDuration::from_secs(10));
        let mut tx = test.db.system("worker").await.unwrap();
        let second = tx.claim_job("w", LEASE).await.unwrap().unwrap();
        assert_eq!(tx.fail_job(&second, "disk full").await.unwrap(), None);
        tx.commit().await.unwrap();
        let dead = test.db.read(&actor).await.unwrap().job(id).await.unwrap();
        assert_eq!((dead.state, dead.error.as_deref()), (JobState::Dead, Some("disk full")));
    })
    .await;
}

#[tokio::test]
async fn a_job_that_kills_its_workers_is_laid_aside() {
    for_both_databases(async |test| {
        let actor = test.tenant("A病院").await;
        let mut tx = test.db.tenant(&actor).await.unwrap();
        let id = tx.enqueue(&actor.require::<RunImport>().unwrap(), &job(1)).await.unwrap();
        tx.commit().await.unwrap();
        for _ in 0..3 {
            let mut tx = test.db.system("worker").await.unwrap();
            tx.claim_job("w", LEASE).await.unwrap();
            tx.commit().await.unwrap();
            test.clock.advance(SignedDuration::from_secs(61));
        }
        assert_eq!(test.db.read(&actor).await.unwrap().job(id).await.unwrap().state, JobState::Dead);
    })
    .await;
}

#[tokio::test]
async fn workers_side_by_side_never_get_the_same_job() {
    for_both_databases(async |test| {
        let actor = test.tenant("A病院").await;
        let grant = actor.require::<RunImport>().unwrap();
        let mut tx = test.db.tenant(&actor).await.unwrap();
        for n in 0..20 {
            tx.enqueue(&grant, &job(n)).await.unwrap();
        }
        tx.commit().await.unwrap();
        let workers = (0..4).map(|_| {
            let db = test.db.clone();
            tokio::spawn(async move {
                let mut mine = Vec::new();
                loop {
                    let mut tx = db.system("worker").await.unwrap();
                    let Some(job) = tx.claim_job("w", LEASE).await.unwrap() else { return mine };
                    tx.commit().await.unwrap();
                    mine.push(job.id);
                }
            })
        });
        let mut all = Vec::new();
        for worker in workers.collect::<Vec<_>>() {
            all.extend(worker.await.unwrap());
        }
        assert_eq!(all.len(), 20);
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 20);
    })
    .await;
}
