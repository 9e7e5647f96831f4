//! What one tenant owns, no other sees, changes or points to.

use crate::story::{Small, device, finding, raw, software, sql};
use ed25519_dalek::SigningKey;
use jiff::{SignedDuration, Timestamp};
use sea_orm::{ConnectionTrait, DatabaseBackend, Statement};
use tomomori_domain::Msg;
use tomomori_domain::access::permission::{self, WriteLedger};
use tomomori_domain::access::{Actor, Granted, Role};
use tomomori_domain::agreement::System;
use tomomori_domain::check::{Check, CheckKind, Remedy};
use tomomori_domain::custom::{CustomField, FieldType};
use tomomori_domain::ids::{AnswerId, ChangeId, RecordId, ResourceId, SafeguardId, StocktakeId, StocktakeItemId};
use tomomori_domain::import::{Place, TableKind};
use tomomori_domain::record::{ChangeKind, ChangeStep, Record, Sameness};
use tomomori_domain::resource::{Grade, Resource};
use tomomori_domain::safeguard::{self, Safeguard, Subject};
use tomomori_domain::stocktake::{Answer, Item, Means, Outcome, Scope, Stocktake};
use tomomori_store::{Engine, NewJob, NewSession, NewUser, ResourceFilter, ResourceSort, StoreError, TenantTx};
use tomomori_testkit::{TestDb, for_both_databases};

#[tokio::test]
async fn a_ledger_comes_back_as_written_and_only_to_its_owner() {
    for_both_databases(async |test| {
        let (a, b) = (test.tenant("A病院").await, test.tenant("B病院").await);
        let small = Small::new();
        small.write(&test.db, &a).await;

        let ledger = test.db.read(&a).await.unwrap().ledger().await.unwrap();
        assert_eq!(ledger.revision, 1);
        assert_eq!(ledger.resources, [small.server.clone(), small.gateway.clone()]);
        assert_eq!(ledger.components, std::slice::from_ref(&small.component));
        assert_eq!(ledger.zones, std::slice::from_ref(&small.zone));
        assert_eq!(ledger.vendors, std::slice::from_ref(&small.vendor));
        assert_eq!(ledger.contracts, std::slice::from_ref(&small.contract));
        assert_eq!(ledger.lines, std::slice::from_ref(&small.line));
        assert_eq!(ledger.services, std::slice::from_ref(&small.service));

        let other = test.db.read(&b).await.unwrap();
        let ledger = other.ledger().await.unwrap();
        assert_eq!((ledger.revision, ledger.resources.len(), ledger.components.len()), (0, 0, 0));
        assert_eq!((ledger.zones.len(), ledger.vendors.len(), ledger.contracts.len()), (0, 0, 0));
        assert_eq!((ledger.lines.len(), ledger.services.len()), (0, 0));
        assert!(matches!(other.resource(small.server.id).await, Err(StoreError::NotFound(_))));
        assert!(matches!(other.resource_detail(small.server.id).await, Err(StoreError::NotFound(_))));
        let page = other.list_resources(&ResourceFilter::default(), ResourceSort::Name, &Default::default()).await;
        assert!(page.unwrap().rows.is_empty());
    })
    .await;
}

/// Every table that carries a tenant, as the database itself tells.
async fn tenant_tables(url: &str, engine: Engine) -> Vec<String> {
    let conn = raw(url).await;
    let (backend, sql) = match engine {
        Engine::Postgres => (
            DatabaseBackend::Postgres,
            "SELECT table_name AS name FROM information_schema.columns
             WHERE table_schema = 'public' AND column_name = 'tenant_id'",
        ),
        Engine::Sqlite => (
            DatabaseBackend::Sqlite,
            "SELECT m.name AS name FROM sqlite_master m JOIN pragma_table_info(m.name) c
             WHERE m.type = 'table' AND c.name = 'tenant_id'",
        ),
    };
    let rows = conn.query_all_raw(Statement::from_string(backend, sql)).await.unwrap();
    let names = rows.iter().map(|row| row.try_get("", "name").unwrap()).collect();
    conn.close().await.unwrap();
    names
}

/// Fills every table of a tenant through the store.
async fn fill(test: &TestDb, actor: &Actor, small: &Small) {
    small.write(&test.db, actor).await;
    let manage = actor.require::<permission::ManageUsers>().unwrap();
    let mut tx = test.db.system("test").await.unwrap();
    let new = NewUser {
        login: format!("sasaki-{}", actor.tenant),
        name: "佐々木".to_owned(),
        password_hash: "x".to_owned(),
        roles: vec![Role::Operator],
        until: None,
    };
    let user = tx.create_user(actor, &manage, &new).await.unwrap();
    let session = NewSession {
        token_hash: *actor.tenant.0.into_bytes().repeat(2).first_chunk().unwrap(),
        user,
        tenant: actor.tenant,
        csrf_secret: "c".to_owned(),
        expires: test.clock.now() + SignedDuration::from_hours(1),
    };
    tx.create_session(&session).await.unwrap();
    tx.commit().await.unwrap();
    let person = Actor::person(actor.tenant, user, "佐々木".to_owned(), vec![Role::Operator]);
    let (import, ledger) =
        (person.require::<permission::RunImport>().unwrap(), actor.require::<WriteLedger>().unwrap());
    let mut tx = test.db.tenant(&person).await.unwrap();
    let id = tx.create_import(&import).await.unwrap();
    tx.add_file(&import, id, "台帳.xlsx", b"PK".to_vec(), 100).await.unwrap();
    let job = NewJob { kind: "import.preview", payload: serde_json::json!({ "import": id }), max_attempts: 3 };
    tx.enqueue(&import, &job).await.unwrap();
    tx.create_token(&person.require().unwrap(), "脚本", &session.token_hash, None).await.unwrap();
    tx.add_ledger_view(user, "医療機器だけ", "medical=1").await.unwrap();
    let (change, record) = (ChangeId::generate(), RecordId::generate());
    let step = ChangeStep {
        id: change,
        kind: ChangeKind::Import,
        at: test.clock.now(),
        by: "佐々木".to_owned(),
        title: "台帳.xlsx".to_owned(),
        undone_by: None,
    };
    tx.add_step(&ledger, &step, Some(id)).await.unwrap();
    let row = Record {
        id: record,
        lineage: record,
        table: TableKind::Resources,
        source: "台帳".to_owned(),
        key: "name|レセプトサーバ".to_owned(),
        grade: Grade::Declared,
        seen: "2026-11-24".parse().unwrap(),
        home: Some(small.server.id),
        origin: Some(small.server.id),
        values: Vec::new(),
        place: Place { file: "台帳.xlsx".into(), cell: Some("B4".into()), ..Place::default() },
        by: None,
        since: change,
        listed: change,
        until: None,
    };
    tx.add_records(&ledger, &[row]).await.unwrap();
    let decision = Sameness { one: record, other: RecordId::generate(), same: true };
    tx.add_decisions(&ledger, &[decision], change).await.unwrap();
    let check = Check {
        key: "stranger".to_owned(),
        kind: CheckKind::Stranger,
        resource: Some(small.server.id),
        line: None,
        place: None,
        msg: Msg::new("check-stranger"),
        answers: vec![Remedy::Leave],
    };
    tx.replace_checks(&ledger, &[check], &[], &[]).await.unwrap();
    let revision = tx.ledger_revision().await.unwrap();
    let own = CustomField {
        name: "購入額".to_owned(),
        kind: FieldType::Choice,
        choices: vec!["高".to_owned()],
        note: Some("概算".to_owned()),
        position: 0,
        retired: false,
    };
    tx.put_custom_field(&ledger, &CustomField { retired: true, ..own.clone() }).await.unwrap();
    tx.put_custom_field(&ledger, &own).await.unwrap();
    assert_eq!(tx.custom_fields().await.unwrap(), [own]);
    let system = System { name: "レセプト".to_owned(), resources: vec![small.server.id], retired: false };
    let id = small.server.id.0;
    let agreements = actor.require::<permission::WriteAgreements>().unwrap();
    assert_eq!(tx.put_document(&agreements, id, 0, &system).await.unwrap(), 1);
    assert_eq!(tx.document::<System>(id).await.unwrap().content, system);
    tx.put_diagram_view(&actor.require().unwrap(), "whole", "{}".to_owned(), revision).await.unwrap();
    let rows = [finding(small.server.id, small.component.id, "CVE-2026-0001")];
    tx.replace_findings(&actor.require().unwrap(), &rows, "cat-1", revision).await.unwrap();
    counted(&mut tx, &ledger, small.server.id, test.clock.now()).await;
    tx.checkpoint(&SigningKey::from_bytes(&[7; 32])).await.unwrap();
    tx.commit().await.unwrap();
    crate::advice::fill(test, actor, small).await;
}

#[tokio::test]
async fn the_application_role_reaches_no_row_of_another_tenant_even_with_raw_sql() {
    for_both_databases(async |test| {
        let (a, b) = (test.tenant("A病院").await, test.tenant("B病院").await);
        fill(test, &a, &Small::new()).await;
        let tables = tenant_tables(&test.bypass_url, test.db.engine()).await;
        assert_eq!(tables.len(), 40, "a new table needs its policy: {tables:?}");
        for table in &tables {
            let column = if test.db.engine() == Engine::Postgres {
                format!("'{}'", a.tenant)
            } else {
                format!("x'{}'", a.tenant.0.simple())
            };
            let count = format!("SELECT COUNT(*) AS n FROM {table} WHERE tenant_id = {column}");
            assert!(number(&test.bypass_url, &[], &count).await > 0, "the test put nothing into {table}");
            // SQLite has no roles: there the only way in is the store, whose every query names the tenant.
            if test.db.engine() == Engine::Postgres {
                let as_b = format!("SELECT set_config('app.tenant', '{}', false)", b.tenant);
                let b_too = "SELECT set_config('app.door', '', false)";
                for door in [vec![], vec![as_b.as_str(), b_too]] {
                    assert_eq!(number(&test.app_url, &door, &count).await, 0, "{table} leaks to {door:?}");
                    for write in [
                        format!("UPDATE {table} SET tenant_id = '{}'", b.tenant),
                        format!("DELETE FROM {table} WHERE tenant_id = '{}'", a.tenant),
                    ] {
                        // Either no row is there to be touched, or the right itself is missing (audit tables).
                        let all: Vec<&str> = door.iter().copied().chain([write.as_str()]).collect();
                        match sql(&test.app_url, &all).await {
                            Ok(touched) => assert_eq!(b_rows(touched, table), 0, "{write}"),
                            Err(error) => assert!(error.contains("permission denied"), "{write}: {error}"),
                        }
                    }
                }
                assert!(number(&test.bypass_url, &[], &count).await > 0, "{table} was emptied");
            }
        }
        if test.db.engine() == Engine::Postgres {
            let as_b = format!("SELECT set_config('app.tenant', '{}', false)", b.tenant);
            let smuggle = format!(
                "INSERT INTO zones (tenant_id, id, name, name_fold, kind, ranges)
                 VALUES ('{}', gen_random_uuid(), 'x', 'x', 'servers', '[]')",
                a.tenant
            );
            let error = sql(&test.app_url, &[&as_b, &smuggle]).await.unwrap_err();
            assert!(error.contains("row-level security"), "{error}");
            let users = "SELECT COUNT(*) AS n FROM users";
            assert_eq!(number(&test.app_url, &[&as_b], users).await, 0, "users of A are visible to B");
            let tenants = "SELECT COUNT(*) AS n FROM tenants";
            assert_eq!(number(&test.app_url, &[&as_b], tenants).await, 1, "only one's own tenant is visible");
        }
    })
    .await;
}

/// B owns audit entries of its own creation; what the statement touched of them is its own business.
fn b_rows(touched: u64, table: &str) -> u64 {
    if table.starts_with("audit_") { 0 } else { touched }
}

async fn number(url: &str, before: &[&str], query: &str) -> i64 {
    let conn = raw(url).await;
    for statement in before {
        conn.execute_unprepared(statement).await.unwrap();
    }
    let row = conn.query_one_raw(Statement::from_string(conn.get_database_backend(), query)).await.unwrap();
    conn.close().await.unwrap();
    row.unwrap().try_get("", "n").unwrap()
}

#[tokio::test]
async fn no_row_can_point_into_another_tenant() {
    for_both_databases(async |test| {
        let (a, b) = (test.tenant("A病院").await, test.tenant("B病院").await);
        let small = Small::new();
        small.write(&test.db, &a).await;
        let grant = b.require::<WriteLedger>().unwrap();

        let mut tx = test.db.tenant(&b).await.unwrap();
        let error = tx.put_components(&grant, &[software(small.server.id, "x")]).await.unwrap_err();
        assert!(matches!(error, StoreError::Reference(_)), "{error}");
        drop(tx);

        let mut tx = test.db.tenant(&b).await.unwrap();
        let mine = Resource { zone: Some(small.zone.id), ..device("B") };
        // SQLite tells at commit, because references wait until then for the uplinks' sake.
        let put = tx.put_resources(&grant, &[mine]).await;
        let error = match put {
            Ok(()) => tx.commit().await.unwrap_err(),
            Err(error) => error,
        };
        assert!(matches!(error, StoreError::Reference(_)), "{error}");

        // The proof of permission is bound to its tenant.
        let mut tx = test.db.tenant(&a).await.unwrap();
        let error = tx.put_zones(&grant, &[]).await.unwrap_err();
        assert!(matches!(error, StoreError::WrongTenant), "{error}");
    })
    .await;
}

/// A round of stocktaking with an answer, and a statement about a safeguard.
async fn counted(tx: &mut TenantTx, grant: &Granted<WriteLedger>, device: ResourceId, now: Timestamp) {
    let round = Stocktake {
        id: StocktakeId::generate(),
        name: "2026年度 定期棚卸".to_owned(),
        year: 2026,
        started_at: now,
        started_by: "佐々木".to_owned(),
        scope: Scope::default(),
        due: Some("2026-12-18".parse().unwrap()),
        closed_at: None,
        closed_by: None,
        step: None,
    };
    let item = Item {
        id: StocktakeItemId::generate(),
        resource: device,
        name: "レセプトサーバ".to_owned(),
        asset_number: None,
        product: None,
        serial: None,
        zone: None,
        location: None,
        owner: None,
        due: None,
        settled: None,
    };
    tx.add_stocktake(grant, &round, std::slice::from_ref(&item)).await.unwrap();
    let answer = Answer {
        id: AnswerId::generate(),
        item: Some(item.id),
        outcome: Outcome::Found,
        place: None,
        note: None,
        name: None,
        kind: None,
        label: None,
        at: now,
        by: "佐々木".to_owned(),
        means: Means::Phone,
    };
    let twice = [answer.clone(), answer.clone()];
    assert_eq!(tx.add_answers(grant, round.id, &twice).await.unwrap(), [answer.id]);
    assert_eq!(tx.add_answers(grant, round.id, &twice).await.unwrap(), []);
    let elsewhere = Answer { id: AnswerId::generate(), item: Some(StocktakeItemId::generate()), ..answer.clone() };
    assert!(matches!(tx.add_answers(grant, round.id, &[elsewhere]).await, Err(StoreError::NotFound(_))));
    assert_eq!(tx.stocktake(round.id).await.unwrap(), round);
    assert_eq!(tx.stocktake_items(round.id).await.unwrap(), [item]);
    assert_eq!(tx.stocktake_answers(round.id).await.unwrap(), [answer]);
    let said = Safeguard {
        id: SafeguardId::generate(),
        subject: Subject::Device(device),
        statement: safeguard::Statement::Accounts { reviewed_on: None },
        stated_by: "佐々木".to_owned(),
        vendor: None,
        stated_on: "2026-11-24".parse().unwrap(),
        entered_by: "佐々木".to_owned(),
        entered_at: now,
    };
    tx.add_safeguard(grant, &said).await.unwrap();
    assert_eq!(tx.safeguards(Some(said.subject)).await.unwrap(), [said]);
}
