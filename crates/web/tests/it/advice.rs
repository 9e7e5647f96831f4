//! Advice on the pages and the API: what a vendor reaches of a hospital, and what it does not.

use crate::security::no_inline_code;
use crate::story::Hospital;
use tomomori_app::advice::{self, Ask};
use tomomori_domain::access::Role;
use tomomori_domain::ids::AdviceId;
use tomomori_testkit::{Client, TestApp, User, for_both_apps};

struct Vendors {
    alpha: Hospital,
    own: User,
    other: User,
    request: AdviceId,
}

impl Vendors {
    async fn new(t: &TestApp) -> Self {
        let alpha = Hospital::new(t, "ALPHA").await;
        let own = t.user(&t.vendor("ALPHAネット株式会社").await, "alpha-net", &[Role::VendorStaff]).await;
        let other = t.user(&t.vendor("BETAネット").await, "beta-net", &[Role::VendorStaff]).await;
        let vendor = alpha.vendor.parse().unwrap();
        advice::link(&alpha.head.ctx, vendor, true).await.unwrap();
        let ask = Ask { vendor, note: "ALPHAから".into(), due: alpha.head.ctx.today() };
        let request = advice::ask(&alpha.head.ctx, ask).await.unwrap();
        Self { alpha, own, other, request }
    }
}

async fn both(client: &Client, path: &str, id: &str) -> (String, String) {
    let nowhere = AdviceId::generate().to_string();
    let one = async |id: &str| {
        let answer = client.get(&path.replace("{id}", id)).await;
        format!("{} {}", answer.status, answer.text.replace(id, "…"))
    };
    (one(id).await, one(&nowhere).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn another_vendor_gets_the_same_answer_as_for_nothing() {
    for_both_apps(async |t| {
        let v = Vendors::new(t).await;
        let id = v.request.to_string();
        let (browser, program) = (t.browser(&v.other).await, t.program(&v.other).await);
        for (client, path) in [(&browser, "/inbox/{id}"), (&program, "/api/v1/inbox/{id}")] {
            let (foreign, missing) = both(client, path, &id).await;
            assert_eq!(foreign, missing, "{path}");
            assert!(foreign.starts_with("404"), "{foreign}");
        }
        for (client, path) in [(&browser, "/inbox"), (&program, "/api/v1/inbox")] {
            let list = client.get(path).await;
            assert_eq!(list.status.as_u16(), 200);
            assert!(!list.text.contains("ALPHA"), "{}", list.text);
        }
        let posted = browser.post(&format!("/inbox/{id}"), &[("remark", "x")]).await;
        assert_eq!(posted.status.as_u16(), 404);
        let body = br#"{"items":[{"say":"remark","text":"x"}]}"#.to_vec();
        let path = format!("/api/v1/inbox/{id}/answer");
        let posted = program.send(axum::http::Method::POST, &path, "application/json", body).await;
        assert_eq!(posted.status.as_u16(), 404);
        // What was asked of the hospital itself is no vendor's, not even the one that was asked.
        let own = t.browser(&v.own).await;
        for path in ["/advice", "/advice/{id}", "/advice/{id}/form.html", "/share/{id}"] {
            let answer = own.get(&path.replace("{id}", &id)).await;
            assert_eq!(answer.status.as_u16(), 403, "{path}");
            assert!(!answer.text.contains("ALPHA病院"), "{path}");
        }
        assert_eq!(t.browser(&v.alpha.head).await.get("/inbox").await.status.as_u16(), 403);
        let items = advice::request(&v.alpha.head.ctx, v.request).await.unwrap().items;
        assert!(items.is_empty(), "{items:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_carry_no_code_and_the_form_carries_all_it_needs() {
    for_both_apps(async |t| {
        let v = Vendors::new(t).await;
        let (head, own) = (t.browser(&v.alpha.head).await, t.browser(&v.own).await);
        for (client, path) in [
            (&head, "/advice".to_owned()),
            (&head, format!("/advice/{}", v.request)),
            (&head, format!("/share/{}", v.alpha.vendor)),
            (&own, "/inbox".to_owned()),
            (&own, format!("/inbox/{}", v.request)),
        ] {
            let page = client.get(&path).await;
            assert_eq!(page.status.as_u16(), 200, "{path}: {}", page.text);
            no_inline_code(&path, &page.text);
        }
        let form = head.get(&format!("/advice/{}/form.html", v.request)).await;
        assert!(form.header("content-disposition").starts_with("attachment"));
        assert!(form.header("content-security-policy").contains("sandbox"));
        for wanted in ["<style>", "<script>", "<svg", "default-src 'none'", "ALPHA保守用VPN装置"] {
            assert!(form.text.contains(wanted), "{wanted}");
        }
        for outward in ["src=", "href=\"http", "@import", "url("] {
            let own = form.text.replace("http://www.w3.org/2000/svg", "").replace("url(#", "");
            assert!(!own.contains(outward), "{outward}");
        }
        let program = t.program(&v.own).await;
        let list = program.get("/api/v1/inbox").await.json();
        assert_eq!(list[0]["hospital"], "ALPHA病院");
        let one = program.get(&format!("/api/v1/inbox/{}", v.request)).await.json();
        let node = one["part"]["nodes"][0]["id"].as_str().unwrap().to_owned();
        let body = format!(r#"{{"items":[{{"say":"confirm","subject":{{"node":"{node}"}}}}]}}"#);
        let path = format!("/api/v1/inbox/{}/answer", v.request);
        let sent = program.send(axum::http::Method::POST, &path, "application/json", body.into_bytes()).await;
        assert_eq!(sent.status.as_u16(), 204, "{}", sent.text);
        let bad = br#"{"items":[{"say":"shout"}]}"#.to_vec();
        let refused = program.send(axum::http::Method::POST, &path, "application/json", bad).await;
        assert_eq!(refused.status.as_u16(), 422, "{}", refused.text);
        let page = head.get(&format!("/advice/{}", v.request)).await;
        assert!(page.text.contains("value=\"accept\""), "{}", page.text);
    })
    .await;
}
