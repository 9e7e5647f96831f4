//! Contracts, systems and vendors: who may write, what is kept, what is to be looked at.

use crate::story::entries;
use tomomori_app::agreements::{self, contracts, deemed, put_terms, systems, vendors};
use tomomori_app::{AppError, Ctx};
use tomomori_domain::access::Role;
use tomomori_domain::agreement::check::read_chain;
use tomomori_domain::agreement::deemed::Obstacle;
use tomomori_domain::agreement::standing::{Standing, Trouble};
use tomomori_domain::agreement::{Clause, Person, Subcontracting, System, Terms, VendorCard};
use tomomori_domain::ids::ContractId;
use tomomori_testkit::for_both_apps_without_catalogue;
use uuid::Uuid;

const LEDGER: &str = "\
管理番号,機器名,種別,保守業者,契約番号\r\n\
S-1,レセプトサーバ,サーバ,青葉メディカルシステム,K-1\r\n\
S-2,検査サーバ,サーバ,東和ラボシステム,K-2\r\n\
C-1,受付端末,端末,青葉メディカルシステム,\r\n";

const CONTRACTS: &str = "\
契約番号,契約名,事業者,担当分野,開始,終了,更新・報告の条文\r\n\
K-1,レセプト保守契約,青葉メディカルシステム,レセプト,2019-10-01,2099-03-31,第5条（自社ソフトのみ）\r\n\
K-2,検査システム保守契約,東和ラボシステム,検査,2016-04-01,2020-03-31,\r\n";

async fn with_ledger(ctx: &Ctx, t: &tomomori_testkit::TestApp) -> [ContractId; 2] {
    t.imported(ctx, &[("台帳.csv", LEDGER.as_bytes()), ("契約一覧.csv", CONTRACTS.as_bytes())]).await;
    let rows = contracts(ctx).await.unwrap().rows;
    assert_eq!(rows.iter().map(|row| row.contract.number.as_str()).collect::<Vec<_>>(), ["K-1", "K-2"]);
    [rows[0].contract.id, rows[1].contract.id]
}

fn terms() -> Terms {
    let clause = Clause { number: "第5条".into(), text: "自社のソフトウェアだけを更新する".into() };
    Terms { clauses: vec![clause], subcontracting: Subcontracting::None, ..Terms::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn terms_are_kept_version_by_version_and_a_stale_write_is_refused() {
    for_both_apps_without_catalogue(async |t| {
        let at = t.hospital("みどり川病院").await;
        let ctx = t.user(&at, "kikaku", &[Role::Planner]).await.ctx;
        let [first, second] = with_ledger(&ctx, t).await;
        let row = &contracts(&ctx).await.unwrap().rows[0];
        assert_eq!((row.standing, row.clauses, row.subcontractors), (Standing::InForce, None, None));
        assert_eq!(row.troubles, [Trouble::NoTerms]);
        assert_eq!(contracts(&ctx).await.unwrap().rows[1].troubles, [Trouble::Ended]);

        assert_eq!(put_terms(&ctx, first, 0, terms()).await.unwrap(), 1);
        assert_eq!(put_terms(&ctx, first, 1, terms()).await.unwrap(), 1, "the same again is no new version");
        let chain = read_chain("A社: 現地\n・B社: 夜間").unwrap();
        let more = Terms { subcontracting: Subcontracting::By(chain), ..terms() };
        assert!(matches!(put_terms(&ctx, first, 0, more.clone()).await, Err(AppError::Conflict(_))));
        assert_eq!(put_terms(&ctx, first, 1, more.clone()).await.unwrap(), 2);
        let view = agreements::contract(&ctx, first).await.unwrap();
        assert_eq!(view.terms.unwrap().content, more);
        assert_eq!(view.row.troubles, []);
        let changed: Vec<&str> = view.history[0].changes.iter().map(|change| change.field.key.as_str()).collect();
        assert_eq!((view.history.len(), view.history[0].revision, changed), (2, 2, vec!["agree-sub"]));
        assert_eq!(view.history[1].changes.len(), 2, "clause and subcontracting were said first in version 1");

        let twice = Terms { clauses: [terms().clauses, terms().clauses].concat(), ..terms() };
        let refused = put_terms(&ctx, second, 0, twice).await;
        assert!(matches!(refused, Err(AppError::Invalid(msg)) if msg.key == "agree-clause-twice"));
        let nowhere = put_terms(&ctx, ContractId::generate(), 0, terms()).await;
        assert!(matches!(nowhere, Err(AppError::NotFound)));
        let audited = entries(&ctx).await;
        assert_eq!(audited.iter().filter(|entry| entry.action == "agreement.terms").count(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn planners_write_management_reads_and_vendors_staff_see_nothing() {
    for_both_apps_without_catalogue(async |t| {
        let at = t.hospital("みどり川病院").await;
        let planner = t.user(&at, "kikaku", &[Role::Planner]).await.ctx;
        let [first, _] = with_ledger(&planner, t).await;
        let vendor = vendors::list(&planner).await.unwrap()[0].vendor.id;
        let incho = t.management(&at, "incho").await.ctx;
        let staff = t.user(&at, "gyosha", &[Role::VendorStaff]).await.ctx;
        let system = || System { name: "レセプト".into(), ..System::default() };
        for (ctx, reads, writes) in [(&staff, false, false), (&incho, true, false), (&planner, true, true)] {
            let denied = |error: Option<AppError>| matches!(error, Some(AppError::Denied(_)));
            let read = [
                denied(contracts(ctx).await.err()),
                denied(agreements::contract(ctx, first).await.err()),
                denied(agreements::find_devices(ctx, "サーバ").await.err()),
                denied(systems::list(ctx).await.err()),
                denied(vendors::list(ctx).await.err()),
                denied(vendors::vendor(ctx, vendor).await.err()),
                denied(deemed::deemed(ctx).await.err()),
            ];
            assert_eq!(read, [!reads; 7], "{:?}", ctx.actor.roles());
            let written = [
                denied(put_terms(ctx, first, 0, terms()).await.err()),
                denied(systems::put(ctx, Uuid::now_v7(), 0, system()).await.err()),
                denied(systems::accept(ctx, "レセプト").await.err()),
                denied(vendors::put_card(ctx, vendor, 0, VendorCard::default()).await.err()),
            ];
            assert_eq!(written, [!writes; 4], "{:?}", ctx.actor.roles());
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn systems_are_suggested_and_cover_what_contracts_are_about() {
    for_both_apps_without_catalogue(async |t| {
        let at = t.hospital("みどり川病院").await;
        let ctx = t.user(&at, "kikaku", &[Role::Planner]).await.ctx;
        let [first, _] = with_ledger(&ctx, t).await;
        let names = |list: &agreements::ContractList| {
            list.uncovered.iter().filter_map(|device| device.name.clone()).collect::<Vec<_>>()
        };
        assert_eq!(
            names(&contracts(&ctx).await.unwrap()),
            ["検査サーバ", "受付端末"],
            "the contract of 検査 has ended"
        );
        let suggested = systems::list(&ctx).await.unwrap().suggestions;
        let shown: Vec<(&str, usize)> = suggested.iter().map(|one| (one.name.as_str(), one.devices.len())).collect();
        assert_eq!(shown, [("レセプト", 2), ("検査", 1)]);
        let id = systems::accept(&ctx, "レセプト").await.unwrap();
        assert_eq!(systems::accept(&ctx, "レセプト").await.unwrap(), id, "pressed twice it is one system");
        assert_eq!(systems::list(&ctx).await.unwrap().suggestions.len(), 1);
        assert!(matches!(systems::accept(&ctx, "放射線").await, Err(AppError::NotFound)));
        let same = System { name: "ﾚｾﾌﾟﾄ".into(), ..System::default() };
        let taken = systems::put(&ctx, Uuid::now_v7(), 0, same).await;
        assert!(matches!(taken, Err(AppError::Invalid(msg)) if msg.key == "agree-system-taken"));

        put_terms(&ctx, first, 0, Terms { systems: vec![id], ..terms() }).await.unwrap();
        assert_eq!(names(&contracts(&ctx).await.unwrap()), ["検査サーバ"]);
        let vendor = contracts(&ctx).await.unwrap().rows[0].contract.vendor;
        let person = Person { name: "夜間窓口".into(), emergency: true, ..Person::default() };
        let card = VendorCard { people: vec![person, Person::default()], note: Some(" ".into()) };
        assert_eq!(vendors::put_card(&ctx, vendor, 0, card).await.unwrap(), 1);
        let view = vendors::vendor(&ctx, vendor).await.unwrap();
        assert_eq!((view.row.people, view.row.emergency, view.row.devices, view.systems.len()), (1, true, 2, 1));
        assert_eq!(view.subcontractors, [("K-1".to_owned(), Some(String::new()))]);

        let found = deemed::deemed(&ctx).await.unwrap();
        assert_eq!((found.servers.len(), found.in_the_way), (2, 2));
        assert_eq!(found.reasons.into_iter().collect::<Vec<_>>(), [(Obstacle::Nobody, 2)]);
    })
    .await;
}
