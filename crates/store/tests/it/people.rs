//! Logging in: credentials, sessions, tokens, throttling.

use jiff::SignedDuration;
use tomomori_domain::access::permission::{ManageOwnTokens, ManageUsers};
use tomomori_domain::access::{Actor, Role};
use tomomori_domain::ids::UserId;
use tomomori_store::{FailureKind, NewSession, NewUser, StoreError};
use tomomori_testkit::{TestDb, for_both_databases};

async fn user(test: &TestDb, actor: &Actor, login: &str) -> Result<UserId, StoreError> {
    let new = NewUser {
        until: None,
        login: login.to_owned(),
        name: "佐々木".to_owned(),
        password_hash: "$argon2id$x".to_owned(),
        roles: vec![Role::Planner, Role::Operator],
    };
    let mut tx = test.db.system("test").await.unwrap();
    let id = tx.create_user(actor, &actor.require::<ManageUsers>().unwrap(), &new).await?;
    tx.commit().await?;
    Ok(id)
}

#[tokio::test]
async fn a_person_is_found_by_any_spelling_and_seen_only_by_their_tenant() {
    for_both_databases(async |test| {
        let (a, b) = (test.tenant("A病院").await, test.tenant("B病院").await);
        let id = user(test, &a, "Sasaki").await.unwrap();
        let found = test.db.system_read("login").await.unwrap().credentials("ＳＡＳＡＫＩ ").await.unwrap().unwrap();
        assert_eq!((found.user.id, found.password_hash.as_str()), (id, "$argon2id$x"));
        assert_eq!(found.memberships.len(), 1);
        assert_eq!(found.memberships[0].tenant_name, "A病院");
        assert_eq!(found.memberships[0].roles, [Role::Operator, Role::Planner]);
        assert!(matches!(user(test, &b, "sasaki").await, Err(StoreError::Duplicate(_))));
        assert_eq!(test.db.read(&a).await.unwrap().members().await.unwrap().len(), 1);
        assert_eq!(test.db.read(&b).await.unwrap().members().await.unwrap(), []);
        // B may not touch A's member.
        let mut tx = test.db.system("test").await.unwrap();
        let grant = b.require::<ManageUsers>().unwrap();
        assert!(matches!(tx.set_password(&b, &grant, id, "y").await, Err(StoreError::NotFound(_))));
        assert!(matches!(tx.set_password(&a, &grant, id, "y").await, Err(StoreError::WrongTenant)));
    })
    .await;
}

#[tokio::test]
async fn a_session_ends_with_its_time_its_membership_and_its_person() {
    for_both_databases(async |test| {
        let a = test.tenant("A病院").await;
        let id = user(test, &a, "sasaki").await.unwrap();
        let hash = [9; 32];
        let open = async || {
            let mut tx = test.db.system("login").await.unwrap();
            let expires = test.clock.now() + SignedDuration::from_hours(8);
            let new = NewSession { token_hash: hash, user: id, tenant: a.tenant, csrf_secret: "c".to_owned(), expires };
            tx.create_session(&new).await.unwrap();
            tx.commit().await.unwrap();
        };
        let session = async || test.db.system_read("session").await.unwrap().session(&hash).await.unwrap();
        open().await;
        assert_eq!(session().await.unwrap().actor.roles(), [Role::Operator, Role::Planner]);
        test.clock.advance(SignedDuration::from_hours(8));
        assert!(session().await.is_none(), "its time is over");
        let mut tx = test.db.system("test").await.unwrap();
        assert_eq!(tx.purge_sessions().await.unwrap(), 1);
        tx.commit().await.unwrap();

        open().await;
        let grant = a.require::<ManageUsers>().unwrap();
        let mut tx = test.db.system("test").await.unwrap();
        tx.set_disabled(&a, &grant, id, true).await.unwrap();
        tx.commit().await.unwrap();
        assert!(session().await.is_none(), "the person is disabled");
        let mut tx = test.db.system("test").await.unwrap();
        tx.set_disabled(&a, &grant, id, false).await.unwrap();
        tx.commit().await.unwrap();
        open().await;
        let mut tx = test.db.system("test").await.unwrap();
        tx.set_roles(&a, &grant, id, &[]).await.unwrap();
        tx.commit().await.unwrap();
        assert!(session().await.is_none(), "no member any more");
    })
    .await;
}

#[tokio::test]
async fn a_token_works_until_it_ends_or_is_revoked() {
    for_both_databases(async |test| {
        let a = test.tenant("A病院").await;
        let id = user(test, &a, "sasaki").await.unwrap();
        let person = Actor::person(a.tenant, id, "佐々木".to_owned(), vec![Role::Operator]);
        let grant = person.require::<ManageOwnTokens>().unwrap();
        let ends = test.clock.now() + SignedDuration::from_hours(1);
        let mut tx = test.db.tenant(&person).await.unwrap();
        let token = tx.create_token(&grant, "脚本", &[1; 32], None).await.unwrap();
        tx.create_token(&grant, "短い", &[2; 32], Some(ends)).await.unwrap();
        tx.commit().await.unwrap();
        let works = async |hash: [u8; 32]| {
            let mut tx = test.db.system("token").await.unwrap();
            let actor = tx.use_token(&hash).await.unwrap();
            tx.commit().await.unwrap();
            actor.is_some()
        };
        assert!(works([1; 32]).await && works([2; 32]).await && !works([3; 32]).await);
        test.clock.advance(SignedDuration::from_hours(1));
        assert!(works([1; 32]).await && !works([2; 32]).await);
        let mut tx = test.db.tenant(&person).await.unwrap();
        tx.revoke_token(&grant, token).await.unwrap();
        tx.commit().await.unwrap();
        assert!(!works([1; 32]).await);
        let tokens = test.db.read(&person).await.unwrap().tokens(id).await.unwrap();
        assert_eq!(tokens.len(), 2);
        assert!(tokens[1].revoked.is_some() && tokens[1].last_used.is_some());
    })
    .await;
}

#[tokio::test]
async fn failed_log_ins_are_counted_within_their_window() {
    for_both_databases(async |test| {
        let window = SignedDuration::from_mins(15);
        for want in 1..=3 {
            let mut tx = test.db.system("login").await.unwrap();
            assert_eq!(tx.count_failure(FailureKind::Login, "sasaki", window).await.unwrap().count, want);
            tx.commit().await.unwrap();
        }
        let read = test.db.system_read("login").await.unwrap();
        assert_eq!(read.failures(FailureKind::Login, "sasaki", window).await.unwrap().unwrap().count, 3);
        assert_eq!(read.failures(FailureKind::Address, "sasaki", window).await.unwrap(), None);
        drop(read);
        test.clock.advance(window);
        let mut tx = test.db.system("login").await.unwrap();
        assert_eq!(tx.failures(FailureKind::Login, "sasaki", window).await.unwrap(), None);
        assert_eq!(tx.count_failure(FailureKind::Login, "sasaki", window).await.unwrap().count, 1);
        tx.clear_failures(FailureKind::Login, "sasaki").await.unwrap();
        assert_eq!(tx.failures(FailureKind::Login, "sasaki", window).await.unwrap(), None);
    })
    .await;
}
