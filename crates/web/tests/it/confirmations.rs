//! Confirmation sessions on the pages: what was typed survives a refusal, and a question sheet is its vendor's alone.

use axum::http::StatusCode;
use tomomori_app::confirmation::{self, Ask};
use tomomori_app::{advice, editions};
use tomomori_domain::access::Role;
use tomomori_testkit::app::PASSWORD;
use tomomori_testkit::{TestApp, User, for_both_apps_without_catalogue};
use uuid::Uuid;

const CONTRACTS: &str = "契約番号,契約名,事業者\r\nK-1,ALPHA保守,ALPHAネット\r\n";

struct Story {
    head: User,
    own: User,
    other: User,
    session: Uuid,
    sheet: Uuid,
}

async fn story(t: &TestApp) -> Story {
    let at = t.hospital("ALPHA病院").await;
    let head = t.user(&at, "alpha-head", &[Role::SafetyManager]).await;
    t.imported(&head.ctx, &[("契約一覧.csv", CONTRACTS.as_bytes())]).await;
    let own = t.user(&t.vendor("ALPHAネット").await, "alpha-net", &[Role::VendorStaff]).await;
    let other = t.user(&t.vendor("BETAネット").await, "beta-net", &[Role::VendorStaff]).await;
    let contract = confirmation::list(&head.ctx).await.unwrap().contracts[0].0.clone();
    advice::link(&head.ctx, contract.vendor, true).await.unwrap();
    let today = head.ctx.today();
    let session = confirmation::start(&head.ctx, editions::DEFAULT, Some(contract.id), today).await.unwrap();
    let sheet = confirmation::ask(&head.ctx, Ask { session, note: String::new(), due: today }).await.unwrap();
    Story { head, own, other, session, sheet }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_survives_a_refusal() {
    for_both_apps_without_catalogue(async |t| {
        let s = story(t).await;
        let browser = t.browser(&s.head).await;
        let path = format!("/confirmations/{}", s.session);
        // The item: a day of completion without a first answer.
        let revision = "1";
        let typed = [
            ("key", "T14"),
            ("revision", revision),
            ("completed", "2026-11-20"),
            ("hospital", "informed"),
            ("vendor", "does"),
            ("note", "書きかけの備考"),
        ];
        let refused = browser.post(&format!("{path}/item"), &typed).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        for kept in ["初回確認がない", "書きかけの備考", "value=\"informed\" selected", "value=\"does\" selected"]
        {
            assert!(refused.text.contains(kept), "{kept}: {}", refused.text);
        }
        let typed = typed.map(|(name, value)| (name, if name == "completed" { "" } else { value }));
        assert_eq!(browser.post(&format!("{path}/item"), &typed).await.status, StatusCode::SEE_OTHER);
        // Agreeing with a wrong password: the ticks stay, and nothing is agreed.
        let wrong = [("revision", "2"), ("g-T14", "on"), ("side", "hospital"), ("password", "falsch")];
        let refused = browser.post(&format!("{path}/agree"), &wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("パスワードが違います"), "{}", refused.text);
        assert!(refused.text.contains("name=\"g-T14\" value=\"on\" checked"), "{}", refused.text);
        assert!(!refused.text.contains("falsch"));
        let none = browser.post(&format!("{path}/agree"), &[("revision", "2"), ("side", "hospital")]).await;
        assert!(none.text.contains("項目が選ばれていません"), "{}", none.text);
        let right = wrong.map(|(name, value)| (name, if name == "password" { PASSWORD } else { value }));
        assert_eq!(browser.post(&format!("{path}/agree"), &right).await.status, StatusCode::SEE_OTHER);

        // The vendor: sixty boxes are not lost for a wrong password.
        let vendor = t.browser(&s.own).await;
        let sheet = format!("/inbox/sheets/{}", s.sheet);
        let typed = [("i-T15", "does"), ("r-T15", "当社で判定します"), ("a-T15", "yes"), ("password", "falsch")];
        let refused = vendor.post(&sheet, &typed).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        for kept in ["パスワードが違います", "当社で判定します", "name=\"a-T15\" value=\"yes\" checked"]
        {
            assert!(refused.text.contains(kept), "{kept}: {}", refused.text);
        }
        assert!(confirmation::inquiry(&s.head.ctx, s.sheet).await.unwrap().reply.is_none());
        let right = typed.map(|(name, value)| (name, if name == "password" { PASSWORD } else { value }));
        assert_eq!(vendor.post(&sheet, &right).await.status, StatusCode::SEE_OTHER);
        assert_eq!(confirmation::inquiry(&s.head.ctx, s.sheet).await.unwrap().merged.len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sheet_is_its_vendors_alone() {
    for_both_apps_without_catalogue(async |t| {
        let s = story(t).await;
        let (own, other) = (t.browser(&s.own).await, t.browser(&s.other).await);
        assert!(own.get("/inbox").await.text.contains("ALPHA病院"));
        assert!(!other.get("/inbox").await.text.contains("ALPHA"));
        let nowhere = Uuid::now_v7();
        let both = async |id: Uuid| {
            let path = format!("/inbox/sheets/{id}");
            let (seen, sent) = (other.get(&path).await, other.post(&path, &[("i-T14", "does")]).await);
            (seen.status, seen.text.replace(&id.to_string(), "…"), sent.status)
        };
        assert_eq!(both(s.sheet).await, both(nowhere).await);
        assert_eq!(both(s.sheet).await.0, StatusCode::NOT_FOUND);
        // The hospital's side is closed to vendors, the one that was asked included.
        for path in ["/confirmations".to_owned(), format!("/inquiries/{}", s.sheet), "/roles".to_owned()] {
            assert_eq!(own.get(&path).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        // A hospital that registered no system is not told that nothing is missing.
        let head = t.browser(&s.head).await;
        let empty = head.get("/roles?edition=kakuninhyo-2024-06").await;
        assert!(empty.text.contains("役割の漏れはまだ分かりません"), "{}", empty.text);
        assert!(!empty.text.contains("担当のない役割も重なりもありません"));
    })
    .await;
}
