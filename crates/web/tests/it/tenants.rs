//! Nothing of one hospital reaches another: on every route and with every operation, ids of another tenant answer
//! exactly like ids that do not exist.

use crate::routes::{Route, operations, pages};
use crate::story::Hospital;
use axum::http::Method;
use tomomori_app::import::ImportState;
use tomomori_app::{import, ledger, session};
use tomomori_testkit::{Answer, Client, TestApp, for_both_apps};

const MARK: &str = "ALPHA";

/// What a route is asked with.
enum Asked {
    /// The id in its path, of this kind.
    Id(&'static str),
    /// Nothing; query parameters are tried below.
    List,
    /// Takes no id and shows nothing of a tenant.
    Open,
    /// Takes a file or a form without ids.
    New,
    /// A vendor's own inbox, which hospitals do not have: advice.rs asks it.
    Inbox,
}

/// What every route takes. A new route fails here until somebody has thought about it.
fn asked(method: &Method, path: &str) -> Asked {
    match (method.as_str(), path.trim_start_matches("/api/v1")) {
        ("GET", "/" | "/catalogue" | "/diagram" | "/diagram.svg" | "/findings" | "/imports" | "/ledger" | "/me") => {
            Asked::List
        }
        ("GET", "/resources" | "/search" | "/settings" | "/ledger.xlsx" | "/findings.xlsx") => Asked::List,
        ("GET", "/ledger/grid" | "/ledger/new" | "/ledger/completeness" | "/completeness") => Asked::List,
        ("GET", "/settings/fields" | "/fields") => Asked::List,
        ("POST", "/settings/fields") => Asked::New,
        ("GET", "/checks" | "/checks.xlsx" | "/checks/recommended" | "/history" | "/steps") => Asked::List,
        ("POST", "/checks/{id}/answer" | "/checks/{id}/assign") => Asked::Id("check"),
        ("GET", "/history/{id}" | "/history/{id}/undo") | ("POST", "/history/{id}/undo" | "/steps/{id}/undo") => {
            Asked::Id("step")
        }
        ("GET" | "POST", "/ledger/{id}/join") | ("POST", "/ledger/{id}/part") => Asked::Id("resource"),
        ("GET" | "POST", "/ledger/{id}/edit") => Asked::Id("resource"),
        ("POST", "/ledger/views/{id}/forget") => Asked::Id("view"),
        ("POST", "/ledger/new" | "/ledger/views" | "/ledger/bulk") => Asked::New,
        ("POST", "/ledger/grid/preview" | "/ledger/grid/write") => Asked::New,
        ("GET", "/diagram.png" | "/diagram.pdf" | "/diagram.drawio") => Asked::List,
        ("POST", "/diagram/pin" | "/diagram/free" | "/diagram/rearrange") => Asked::New,
        ("GET", "/ledger/{id}" | "/resources/{id}" | "/diagram/box/{id}") => Asked::Id("resource"),
        ("GET", "/findings/{id}") => Asked::Id("finding"),
        ("GET", "/imports/{id}" | "/imports/{id}/progress") => Asked::Id("import"),
        ("POST", "/imports/{id}/mapping" | "/imports/{id}/confirm" | "/imports/{id}/drop") => Asked::Id("import"),
        ("GET", "/stocktakes" | "/safeguards" | "/safeguards.xlsx") => Asked::List,
        ("GET", "/lifetimes" | "/lifetimes.xlsx") => Asked::List,
        ("GET", "/roles" | "/roles.xlsx" | "/roles/gaps") => Asked::List,
        ("GET", "/safeguards/{id}") | ("POST", "/safeguards/{id}") => Asked::Id("resource"),
        ("GET" | "POST", "/stocktakes/{id}" | "/stocktakes/{id}/close" | "/stocktakes/{id}/paper") => {
            Asked::Id("stocktake")
        }
        ("GET", "/stocktakes/{id}/walk" | "/stocktakes/{id}/items.json") => Asked::Id("stocktake"),
        ("GET", "/stocktakes/{id}/sheet.pdf" | "/stocktakes/{id}/result.pdf") => Asked::Id("stocktake"),
        ("GET", "/stocktakes/{id}/result.xlsx") => Asked::Id("stocktake"),
        ("POST", "/stocktakes/{id}/answer" | "/stocktakes/{id}/answers" | "/stocktakes/{id}/follow") => {
            Asked::Id("stocktake")
        }
        ("POST", "/stocktakes") => Asked::New,
        ("DELETE", "/imports/{id}") => Asked::Id("import"),
        ("POST", "/settings/tokens/{id}/revoke") => Asked::Id("token"),
        ("POST", "/imports" | "/settings/tokens" | "/checks/recommended") => Asked::New,
        ("GET", "/advice" | "/confirmations") => Asked::List,
        ("POST", "/confirmations") => Asked::New,
        ("GET", "/confirmations/{id}" | "/confirmations/{id}/item") => Asked::Id("session"),
        ("POST", "/confirmations/{id}/first" | "/confirmations/{id}/item" | "/confirmations/{id}/agree") => {
            Asked::Id("session")
        }
        ("POST", "/confirmations/{id}/ask") => Asked::Id("session"),
        ("GET", "/inquiries/{id}" | "/inquiries/{id}/form.html" | "/inquiries/{id}/form.xlsx") => Asked::Id("inquiry"),
        ("GET", "/inquiries/{id}/mail.eml") => Asked::Id("inquiry"),
        ("POST", "/inquiries/{id}/answer" | "/inquiries/{id}/decide") => Asked::Id("inquiry"),
        ("GET" | "POST", "/joints/{id}") | ("POST", "/joints/{id}/open") => Asked::Id("line"),
        ("GET" | "POST", "/inbox/sheets/{id}") => Asked::Inbox,
        ("GET", "/checklists") => Asked::List,
        ("POST", "/checklists") => Asked::New,
        ("GET" | "POST", "/checklists/{id}") => Asked::Id("checklist"),
        ("POST", "/checklists/{id}/edition" | "/checklists/{id}/send" | "/checklists/{id}/file") => {
            Asked::Id("checklist")
        }
        ("GET", "/editions") => Asked::List,
        ("GET", "/editions/{id}" | "/editions/{id}/edition.yaml" | "/editions/{id}/edition.xlsx") => {
            Asked::Id("edition")
        }
        ("GET", "/editions/{id}/compare") => Asked::Id("edition"),
        // Both take a whole edition; an id of another hospital stands in none of them.
        ("POST", "/editions" | "/editions/{id}") => Asked::New,
        ("GET", "/advice/{id}" | "/advice/{id}/form.html" | "/advice/{id}/form.xlsx" | "/advice/{id}/mail.eml") => {
            Asked::Id("request")
        }
        ("POST", "/advice/{id}/answer" | "/advice/{id}/decide") => Asked::Id("request"),
        ("GET" | "POST", "/share/{id}") | ("POST", "/share/{id}/link" | "/share/{id}/ask") => Asked::Id("vendor"),
        ("GET", "/contracts" | "/systems" | "/vendors" | "/deemed" | "/deemed.xlsx") => Asked::List,
        ("POST", "/systems" | "/systems/accept") => Asked::New,
        ("GET" | "POST", "/contracts/{id}") | ("PUT", "/contracts/{id}/terms") => Asked::Id("contract"),
        ("GET" | "POST" | "PUT", "/systems/{id}") => Asked::Id("system"),
        ("GET" | "POST", "/vendors/{id}") | ("PUT", "/vendors/{id}/card") => Asked::Id("vendor"),
        ("GET" | "POST", "/inbox" | "/inbox/{id}" | "/inbox/{id}/answer") => Asked::Inbox,
        ("GET" | "POST", "/login") | ("POST", "/logout" | "/language" | "/csp-report") => Asked::Open,
        ("GET", "/assets/{name}" | "/healthz" | "/openapi.json") => Asked::Open,
        _ => panic!("{method} {path}: say in tenants.rs what it is asked with"),
    }
}

fn id_of<'a>(hospital: &'a Hospital, kind: &str) -> &'a str {
    match kind {
        "resource" => &hospital.resource,
        "finding" => &hospital.finding,
        "import" => &hospital.import,
        "token" => &hospital.token,
        "step" => &hospital.step,
        "view" => &hospital.view,
        "stocktake" => &hospital.stocktake,
        "zone" => &hospital.zone,
        "vendor" => &hospital.vendor,
        "check" => &hospital.check,
        "request" => &hospital.request,
        "line" => &hospital.line,
        "session" => &hospital.session,
        "inquiry" => &hospital.inquiry,
        "edition" => &hospital.edition,
        "checklist" => &hospital.checklist,
        "contract" => &hospital.contract,
        "system" => &hospital.system,
        other => panic!("no id of kind {other}"),
    }
}

async fn ask(client: &Client, (method, path): &Route, id: &str) -> Answer {
    let path = path.replace("{id}", id);
    match *method {
        Method::POST if path.starts_with("/api/v1/checks/") => {
            let body = r#"{"answer": 0, "owner": "x"}"#.as_bytes().to_vec();
            client.send(Method::POST, &path, "application/json", body).await
        }
        Method::PUT => {
            let body =
                r#"{"revision": 1, "content": {"name": "x", "people": [], "resources": []}}"#.as_bytes().to_vec();
            client.send(Method::PUT, &path, "application/json", body).await
        }
        Method::POST if path.starts_with("/api/") => client.send(Method::POST, &path, "", Vec::new()).await,
        Method::POST => {
            let import = [("file", "ALPHA台帳.csv"), ("sheet", "0"), ("header", "1"), ("name", "x")];
            let check = [("answer", "0"), ("owner", "x"), ("other", id)];
            client.post(&path, &[&import[..], &check[..]].concat()).await
        }
        _ => client.send(method.clone(), &path, "", Vec::new()).await,
    }
}

/// Everything that came back, without what was sent.
fn without(answer: &Answer, sent: &str) -> (u16, String, String) {
    let headers = format!("{:?}", answer.headers);
    (answer.status.as_u16(), headers.replace(sent, "…"), answer.text.replace(sent, "…"))
}

fn nowhere() -> String {
    tomomori_domain::ids::ResourceId::generate().to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_of_another_tenant_answer_like_ids_that_do_not_exist() {
    for_both_apps(async |t| {
        let alpha = Hospital::new(t, MARK).await;
        let beta = Hospital::new(t, "BETA").await;
        let vendor = t.vendor("BETAネット株式会社").await;
        let staff = t.user(&vendor, "BETA-staff", &[tomomori_domain::access::Role::VendorStaff]).await;
        let incho = t.management(&beta.at, "BETA-incho").await;
        let before = state(t, &alpha).await;

        let mut with_id = 0;
        for stranger in [&beta.head, &staff, &incho] {
            let (browser, program) = (t.browser(stranger).await, t.program(stranger).await);
            for (client, routes) in [(&browser, pages(t).await), (&program, operations())] {
                for route in &routes {
                    let Asked::Id(kind) = asked(&route.0, &route.1) else { continue };
                    let (theirs, none) = (id_of(&alpha, kind).to_owned(), nowhere());
                    let (foreign, missing) = (ask(client, route, &theirs).await, ask(client, route, &none).await);
                    assert_eq!(without(&foreign, &theirs), without(&missing, &none), "{route:?}");
                    assert!(matches!(foreign.status.as_u16(), 403 | 404), "{route:?}: {}", foreign.status);
                    assert!(!foreign.text.contains(MARK), "{route:?}");
                    with_id += 1;
                }
            }
        }
        assert!(with_id >= 3 * 10, "{with_id} routes with ids");
        assert_eq!(state(t, &alpha).await, before, "nothing of the first tenant has changed");

        // The ids are good ones: their owner gets something else. Reading first, writing last.
        let (browser, program) = (t.browser(&alpha.head).await, t.program(&alpha.head).await);
        let mut own: Vec<(&Client, Route)> = pages(t).await.into_iter().map(|route| (&browser, route)).collect();
        own.extend(operations().into_iter().map(|route| (&program, route)));
        let last = ["confirm", "drop", "close", "undo"];
        own.sort_by_key(|(_, route)| {
            (route.0 != Method::GET, last.iter().position(|word| route.1.contains(word)).map(|place| place + 1))
        });
        for (client, route) in own {
            if let Asked::Id(kind) = asked(&route.0, &route.1) {
                let answer = ask(client, &route, id_of(&alpha, kind)).await;
                assert!(!matches!(answer.status.as_u16(), 403 | 404 | 500..), "{route:?}: {}", answer.status);
            }
        }
    })
    .await;
}

/// What a stranger could have spoilt.
async fn state(t: &TestApp, hospital: &Hospital) -> String {
    let import = import::view(&hospital.at, hospital.import.parse().unwrap()).await.unwrap();
    assert_eq!(import.import.state, ImportState::Previewed);
    let tokens = session::tokens(&hospital.head.ctx).await.unwrap();
    let page = ledger::PageRequest::default();
    let list = ledger::list(&hospital.at, &Default::default(), Default::default(), &page).await.unwrap();
    let entries = t.app.db.read(&hospital.at.actor).await.unwrap().audit_entries(None, 1).await.unwrap();
    let tenants = tomomori_app::tenants::all(&t.app).await.unwrap();
    format!("{:?} {tokens:?} {list:?} {:?} {}", import.import, entries[0].sequence, tenants.len())
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_counts_search_and_exports_know_only_their_own_tenant() {
    for_both_apps(async |t| {
        let alpha = Hospital::new(t, MARK).await;
        let beta = Hospital::new(t, "BETA").await;
        let newcomer = t.hospital("GAMMA病院").await;
        let empty = t.user(&newcomer, "GAMMA-head", &[tomomori_domain::access::Role::SafetyManager]).await;
        let cursor = cursor_of(t, &alpha).await;
        for stranger in [&beta.head, &empty] {
            let (browser, program) = (t.browser(stranger).await, t.program(stranger).await);
            for (client, routes) in [(&browser, pages(t).await), (&program, operations())] {
                for (method, path) in routes.iter().filter(|(method, path)| matches!(asked(method, path), Asked::List))
                {
                    let plain = client.send(method.clone(), path, "", Vec::new()).await;
                    assert_eq!(plain.status.as_u16(), 200, "{path}");
                    assert!(!plain.text.contains(MARK), "{path} shows the other hospital's names");
                    // Parameters that carry ids, words and positions of the other hospital.
                    for name in ["zone", "vendor", "resource"] {
                        let (theirs, none) = (id_of(&alpha, name).to_owned(), nowhere());
                        let foreign = client.get(&format!("{path}?{name}={theirs}")).await;
                        let missing = client.get(&format!("{path}?{name}={none}")).await;
                        assert_eq!(without(&foreign, &theirs), without(&missing, &none), "{path}?{name}=");
                    }
                    let foreign = client.get(&format!("{path}?q={MARK}")).await;
                    let missing = client.get(&format!("{path}?q=OMEGA")).await;
                    assert_eq!(without(&foreign, MARK), without(&missing, "OMEGA"), "{path}?q=");
                    let positioned = client.get(&format!("{path}?after={cursor}")).await;
                    assert!(!positioned.text.contains(MARK), "{path}?after=");
                }
            }
        }
        // The owner does see the marks in those places, so their absence above means something.
        let (browser, program) = (t.browser(&alpha.head).await, t.program(&alpha.head).await);
        for path in [
            "/",
            "/ledger",
            "/ledger/grid",
            "/ledger/new",
            "/findings",
            "/diagram",
            "/diagram.svg",
            "/imports",
            "/settings",
            "/search?q=ALPHA",
        ] {
            assert!(browser.get(path).await.text.contains(MARK), "{path}");
        }
        for path in [
            "/stocktakes",
            "/safeguards",
            "/safeguards.xlsx",
            "/lifetimes",
            "/lifetimes.xlsx",
            "/checks",
            "/history",
            "/editions",
            "/checklists",
        ] {
            assert!(browser.get(path).await.text.contains(MARK), "{path}");
        }
        for path in ["/ledger.xlsx", "/findings.xlsx", "/checks.xlsx"] {
            assert!(browser.get(path).await.text.contains(MARK), "{path}");
        }
        for path in [
            "/api/v1/resources",
            "/api/v1/findings",
            "/api/v1/diagram",
            "/api/v1/diagram.svg",
            "/api/v1/diagram.drawio",
            "/api/v1/me",
            "/api/v1/checks",
            "/api/v1/lifetimes",
            "/api/v1/steps",
            "/api/v1/editions",
        ] {
            assert!(program.get(path).await.text.contains(MARK), "{path}");
        }
    })
    .await;
}

async fn cursor_of(t: &TestApp, hospital: &Hospital) -> String {
    let first = t.program(&hospital.head).await.get("/api/v1/resources?limit=1").await.json();
    first["next"].as_str().unwrap().to_owned()
}
