//! The role matrix over a real hospital: from nobody was asked to who does what.

use std::collections::BTreeMap;
use tomomori_app::agreements::{self, systems};
use tomomori_app::confirmation::{self, Duty, Entry};
use tomomori_app::ledger::{self, PageRequest, ResourceFilter, ResourceSort};
use tomomori_app::roles::{self, On, Query, Rule, Why};
use tomomori_app::{AppError, Ctx, editions};
use tomomori_domain::access::Role;
use tomomori_domain::agreement::{Clause, Subcontracting, System, Terms};
use tomomori_domain::ids::ContractId;
use tomomori_sheet::Limits;
use tomomori_testkit::for_both_apps_without_catalogue;
use uuid::Uuid;

const CONTRACTS: &str = "\
契約番号,契約名,事業者,開始日,終了日\r\n\
K-1,電子カルテ保守,北都ヘルステック,2026-04-01,2027-03-31\r\n\
K-2,サーバ室保守,青葉メディカルシステム,2020-04-01,2027-03-31\r\n";

/// Says in a session who does an item.
async fn say(ctx: &Ctx, session: Uuid, key: &str, hospital: Duty, vendor: Option<Duty>, clause: Option<&str>) {
    let from = confirmation::view(ctx, session).await.unwrap().session.revision;
    let entry = Entry { hospital: Some(hospital), vendor, clause: clause.map(str::to_owned), ..Entry::default() };
    confirmation::save(ctx, session, from, key, &entry).await.unwrap();
}

async fn whys(ctx: &Ctx, key: &str) -> Vec<(Rule, Why)> {
    let (_, told) = roles::gaps(ctx, &Query::default()).await.unwrap();
    let about = told.iter().filter(|told| told.item.as_deref() == Some(key));
    about.map(|told| (told.gap.rule, told.gap.why)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_was_asked_is_not_what_nobody_does() {
    for_both_apps_without_catalogue(async |t| {
        let at = t.hospital("みどり病院").await;
        let head = t.operator(&at, "sasaki").await;
        let ctx = &head.ctx;
        t.imported(ctx, &[("契約一覧.csv", CONTRACTS.as_bytes())]).await;
        let view = roles::matrix(ctx, &Query::default()).await.unwrap();
        assert!(view.systems.is_empty(), "nothing is registered, so nothing can be said: {:?}", view.systems);

        let system = Uuid::now_v7();
        let content = System { name: "電子カルテ".into(), resources: Vec::new(), retired: false };
        systems::put(ctx, system, 0, content).await.unwrap();
        let contracts: BTreeMap<String, ContractId> = agreements::contracts(ctx)
            .await
            .unwrap()
            .rows
            .into_iter()
            .map(|row| (row.contract.number, row.contract.id))
            .collect();
        let mut sessions = BTreeMap::new();
        for (number, contract) in &contracts {
            let terms = Terms {
                systems: vec![system],
                clauses: vec![Clause { number: "第5条".into(), text: "乙が更新する".into() }],
                subcontracting: Subcontracting::None,
                ..Terms::default()
            };
            agreements::put_terms(ctx, *contract, 0, terms).await.unwrap();
            let session = confirmation::start(ctx, editions::DEFAULT, Some(*contract), ctx.today()).await.unwrap();
            sessions.insert(number.as_str(), session);
        }
        let (b, a) = (sessions["K-1"], sessions["K-2"]);
        let (_, all) = roles::gaps(ctx, &Query::default()).await.unwrap();
        assert!(all.iter().filter(|told| told.gap.rule == Rule::NobodyDoes).all(|told| told.gap.why == Why::NotTalked));
        let view = roles::matrix(ctx, &Query::default()).await.unwrap();
        assert_eq!(view.not_talked, view.counts[&Rule::NobodyDoes]);
        assert_eq!(view.columns.len(), 3, "the hospital and each vendor × system: {:?}", view.columns);

        // One vendor was asked and said no: the other was not asked yet.
        say(ctx, b, "T14", Duty::Informed, Some(Duty::Not), None).await;
        assert_eq!(whys(ctx, "T14").await, [(Rule::NobodyDoes, Why::NotTalked)]);
        say(ctx, a, "T14", Duty::Informed, Some(Duty::Helps), None).await;
        assert_eq!(whys(ctx, "T14").await, [(Rule::NobodyDoes, Why::SaidNot)]);
        let view = roles::matrix(ctx, &Query::default()).await.unwrap();
        let row = view.rows.iter().find(|row| row.item.key == "T14").unwrap();
        assert!(row.cells.iter().all(|cell| cell.gap == Some(Why::SaidNot)));
        assert_eq!(view.not_talked, view.counts[&Rule::NobodyDoes] - 1);

        // Both do it alone; then each its part; then without a clause, and with one that is not in the contract.
        say(ctx, b, "T14", Duty::Informed, Some(Duty::Does), Some("第5条")).await;
        say(ctx, a, "T14", Duty::Informed, Some(Duty::Does), Some("第5条")).await;
        assert_eq!(whys(ctx, "T14").await, [(Rule::TwoDo, Why::Alone)]);
        say(ctx, b, "T14", Duty::Informed, Some(Duty::Shares), Some("第6条")).await;
        say(ctx, a, "T14", Duty::Informed, Some(Duty::Shares), None).await;
        let mut found = whys(ctx, "T14").await;
        found.sort();
        assert_eq!(found, [(Rule::NoClause, Why::NoneNamed), (Rule::NoClause, Why::NotInContract)]);

        // One system is asked about, one rule; one that is not there is not found.
        let only = Query { rule: Some(Rule::NoClause), ..Query::default() };
        assert_eq!(roles::matrix(ctx, &only).await.unwrap().rows.len(), 1);
        let (_, told) = roles::gaps(ctx, &Query { system: Some(system), ..only }).await.unwrap();
        assert!(
            told.iter().all(|told| told.gap.on == On::Contract(contracts["K-1"]) || told.gap.on == On::System(system))
        );
        let nowhere = Query { system: Some(Uuid::now_v7()), ..Query::default() };
        assert!(matches!(roles::matrix(ctx, &nowhere).await, Err(AppError::NotFound)));

        // The workbook says the same, and only to those who may read it.
        let bytes =
            roles::xlsx(ctx, &Query::default(), &|msg| tomomori_i18n::tr(tomomori_i18n::Lang::Ja, msg)).await.unwrap();
        let sheets = tomomori_sheet::read(&bytes, "roles.xlsx", &Limits::default()).unwrap();
        let cell = |text: &str| sheets[0].cells.iter().any(|cell| &*cell.text == text);
        assert!(cell("分担 第6条") && cell("北都ヘルステック 電子カルテ"));
        let director = t.management(&at, "incho").await;
        assert_eq!(roles::matrix(&director.ctx, &Query::default()).await.unwrap().counts, view_counts(ctx).await);
        let staff = t.user(&t.vendor("北都").await, "tamura", &[Role::VendorStaff]).await;
        assert!(matches!(roles::matrix(&staff.ctx, &Query::default()).await, Err(AppError::Denied(_))));
    })
    .await;
}

async fn view_counts(ctx: &Ctx) -> BTreeMap<Rule, u64> {
    roles::matrix(ctx, &Query::default()).await.unwrap().counts
}

const DEVICES: &str = "\
管理番号,機器名,種別,OS,IPアドレス,OS更新担当\r\n\
K-1,電子カルテサーバ,サーバ,Windows Server 2019,10.0.1.1,北都ヘルステック\r\n\
K-2,レセプトサーバ,サーバ,Windows Server 2016,10.0.1.2,\r\n\
K-3,受付PC,端末,Windows 10,10.0.1.3,\r\n";

const WIRE: &str = "\
Protocol  Address          Age (min)  Hardware Addr   Type   Interface\n\
Internet  10.0.1.1                3   0050.56aa.0001  ARPA   Vlan10\n\
Internet  10.0.1.99               4   0050.56aa.0099  ARPA   Vlan10\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_number_without_updater_leads_to_exactly_those_devices() {
    for_both_apps_without_catalogue(async |t| {
        let at = t.hospital("みどり病院").await;
        let head = t.operator(&at, "sasaki").await;
        let ctx = &head.ctx;
        t.imported(ctx, &[("台帳.csv", DEVICES.as_bytes()), ("arp.txt", WIRE.as_bytes())]).await;
        let updaters = roles::matrix(ctx, &Query::default()).await.unwrap().updaters;
        assert_eq!(updaters.len(), 4, "{updaters:?}");
        for one in updaters {
            let filter = ResourceFilter { missing: Some(one.measure), ..ResourceFilter::default() };
            let page = PageRequest::default();
            let list = ledger::list(ctx, &filter, ResourceSort::default(), &page).await.unwrap();
            assert_eq!(list.page.rows.len() as u64, one.devices, "{:?}", one.layer);
        }
    })
    .await;
}
