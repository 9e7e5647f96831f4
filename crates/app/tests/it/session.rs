//! Getting in, staying in, being kept out.

use crate::story::entries;
use jiff::SignedDuration;
use tomomori_app::session::{self, FAILURE_WINDOW, FREE_TRIES, Login, SESSION_IDLE, TOKEN_LIFE};
use tomomori_app::{AppError, audit};
use tomomori_domain::access::Role;
use tomomori_testkit::app::PASSWORD;
use tomomori_testkit::{TestApp, for_both_apps_without_catalogue};

fn typed(login: &str, password: &str) -> Login {
    Login { login: login.to_owned(), password: password.to_owned(), address: "192.0.2.1".to_owned() }
}

async fn refusal(t: &TestApp, login: &str, password: &str) -> AppError {
    session::login(&t.app, typed(login, password)).await.unwrap_err()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_and_an_unknown_name_get_the_same_answer() {
    for_both_apps_without_catalogue(async |t| {
        t.operator(&t.hospital("みどり川病院").await, "sasaki").await;
        let wrong = refusal(t, "sasaki", "not the password").await;
        let unknown = refusal(t, "nobody", "not the password").await;
        assert!(matches!(wrong, AppError::Invalid(_)));
        assert_eq!(wrong.message(), unknown.message());
        assert_eq!(wrong.to_string(), unknown.to_string());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_five_wrong_passwords_the_right_one_has_to_wait_too() {
    for_both_apps_without_catalogue(async |t| {
        let hospital = t.hospital("みどり川病院").await;
        t.operator(&hospital, "sasaki").await;
        t.operator(&hospital, "yamada").await;
        for name in ["sasaki", "nobody"] {
            for _ in 0..FREE_TRIES {
                assert!(matches!(refusal(t, name, "not the password").await, AppError::Invalid(_)));
            }
        }
        let known = refusal(t, "sasaki", PASSWORD).await;
        assert!(matches!(known, AppError::TooManyAttempts { retry_after } if retry_after > 0));
        // Whether the name exists stays hidden here as well.
        assert_eq!(known.message(), refusal(t, "nobody", PASSWORD).await.message());
        // A colleague is not locked out with them.
        session::login(&t.app, typed("yamada", PASSWORD)).await.unwrap();
        t.clock.advance(FAILURE_WINDOW + SignedDuration::from_secs(1));
        session::login(&t.app, typed("sasaki", PASSWORD)).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_by_itself_and_by_logout() {
    for_both_apps_without_catalogue(async |t| {
        let hospital = t.hospital("みどり川病院").await;
        let sasaki = t.operator(&hospital, "sasaki").await.ctx;
        let opened = session::login(&t.app, typed("sasaki", PASSWORD)).await.unwrap();
        assert_eq!(opened.session.actor, sasaki.actor);
        assert_eq!(opened.session.tenant_name, "みどり川病院");
        // Used now and then it stays open longer than its idle time.
        for _ in 0..3 {
            t.clock.advance(SESSION_IDLE - SignedDuration::from_mins(1));
            session::session(&t.app, &opened.secret).await.unwrap();
        }
        t.clock.advance(SESSION_IDLE + SignedDuration::from_mins(1));
        assert!(matches!(session::session(&t.app, &opened.secret).await, Err(AppError::NotLoggedIn)));

        let second = session::login(&t.app, typed("sasaki", PASSWORD)).await.unwrap();
        session::logout(&t.app, &second.secret).await.unwrap();
        assert!(matches!(session::session(&t.app, &second.secret).await, Err(AppError::NotLoggedIn)));
        assert!(matches!(session::session(&t.app, "").await, Err(AppError::NotLoggedIn)));
        let logins = entries(&hospital).await;
        assert_eq!(logins.iter().filter(|entry| entry.action == "session.login").count(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_stands_for_its_owner_until_it_is_revoked_or_ends() {
    for_both_apps_without_catalogue(async |t| {
        let hospital = t.hospital("みどり川病院").await;
        let sasaki = t.operator(&hospital, "sasaki").await.ctx;
        let incho = t.management(&hospital, "incho").await.ctx;
        let secret = session::create_token(&sasaki, "夜間の取り込み").await.unwrap();
        assert!(secret.starts_with("tmr_"));
        assert_eq!(session::actor_of_token(&t.app, &secret).await.unwrap(), sasaki.actor);
        let listed = session::tokens(&sasaki).await.unwrap();
        assert_eq!((listed.len(), listed[0].name.as_str()), (1, "夜間の取り込み"));
        // Nobody else's, not even in the same hospital.
        assert!(session::tokens(&incho).await.unwrap().is_empty());
        assert!(matches!(session::revoke_token(&incho, listed[0].id).await, Err(AppError::NotFound)));
        session::actor_of_token(&t.app, &secret).await.unwrap();

        session::revoke_token(&sasaki, listed[0].id).await.unwrap();
        assert!(matches!(session::actor_of_token(&t.app, &secret).await, Err(AppError::NotLoggedIn)));
        let second = session::create_token(&sasaki, "2本目").await.unwrap();
        t.clock.advance(TOKEN_LIFE + SignedDuration::from_secs(1));
        assert!(matches!(session::actor_of_token(&t.app, &second).await, Err(AppError::NotLoggedIn)));
        assert!(matches!(session::create_token(&sasaki, "  ").await, Err(AppError::Invalid(_))));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_made_by_those_who_may() {
    for_both_apps_without_catalogue(async |t| {
        let hospital = t.hospital("みどり川病院").await;
        let head = t.user(&hospital, "head", &[Role::SafetyManager]).await.ctx;
        let sasaki = t.operator(&hospital, "sasaki").await.ctx;
        let new = |login: &str, password: &str| session::CreateUser {
            until: None,
            login: login.to_owned(),
            name: "新人".to_owned(),
            password: password.to_owned(),
            roles: vec![Role::Operator],
        };
        assert!(matches!(session::create_user(&sasaki, new("a", PASSWORD)).await, Err(AppError::Denied(_))));
        let short = session::create_user(&head, new("a", "short")).await.unwrap_err();
        assert_eq!(short.message().key, "error-password-short");
        let taken = session::create_user(&head, new("sasaki", PASSWORD)).await.unwrap_err();
        assert_eq!(taken.message().key, "error-login-taken");
        // A name taken in another hospital is taken: one person, one log-in.
        let other = t.hospital("となり病院").await;
        assert_eq!(
            session::create_user(&other, new("sasaki", PASSWORD)).await.unwrap_err().message().key,
            "error-login-taken"
        );
        session::create_user(&head, new("shinjin", PASSWORD)).await.unwrap();
        let names: Vec<_> =
            session::members(&head).await.unwrap().into_iter().map(|member| member.user.login).collect();
        assert!(names.contains(&"shinjin".to_owned()) && names.len() == 3, "{names:?}");
        assert!(matches!(session::members(&sasaki).await, Err(AppError::Denied(_))));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_day_leaves_one_anchor_outside_the_database() {
    for_both_apps_without_catalogue(async |t| {
        let hospital = t.hospital("みどり川病院").await;
        let files = || std::fs::read_dir(t.app.data.join("checkpoints")).map_or(0, Iterator::count);
        assert_eq!(files(), 0);
        audit::checkpoint_daily(&t.app).await.unwrap();
        audit::checkpoint_daily(&t.app).await.unwrap();
        assert_eq!(files(), 1, "one a day");
        t.clock.advance(SignedDuration::from_hours(24));
        audit::checkpoint_daily(&t.app).await.unwrap();
        assert_eq!(files(), 2);

        let newest =
            std::fs::read_dir(t.app.data.join("checkpoints")).unwrap().map(|file| file.unwrap().path()).max().unwrap();
        let anchors: Vec<audit::Checkpoint> = serde_json::from_slice(&std::fs::read(newest).unwrap()).unwrap();
        let anchor =
            anchors.iter().find(|anchor| anchor.tenant == hospital.actor.tenant).expect("an anchor per tenant");
        assert!(audit::verify(&hospital, Some(anchor)).await.unwrap().is_intact());
    })
    .await;
}
