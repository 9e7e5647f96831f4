//! A hospital with something of everything, each thing bearing a mark.

use tomomori_app::Ctx;
use tomomori_app::advice::{self, Ask};
use tomomori_app::agreements;
use tomomori_app::checklists;
use tomomori_app::checks::{self, CheckFilter};
use tomomori_app::edit;
use tomomori_app::editions::{self, Edition, Keep};
use tomomori_app::findings::{self, FindingFilter, FindingSort};
use tomomori_app::ledger::{self, PageRequest, ResourceFilter, ResourceSort};
use tomomori_app::safeguards::{self, Say};
use tomomori_app::{confirmation, session, stocktake};
use tomomori_domain::access::Role;
use tomomori_domain::agreement::{Clause, System, Terms};
use tomomori_domain::safeguard::{Statement, Subject};
use tomomori_testkit::{TestApp, User};

/// A hospital whose every name begins with its mark.
pub(crate) struct Hospital {
    pub(crate) at: Ctx,
    /// Holds every right.
    pub(crate) head: User,
    pub(crate) resource: String,
    pub(crate) finding: String,
    pub(crate) zone: String,
    pub(crate) vendor: String,
    pub(crate) token: String,
    /// The step of its import.
    pub(crate) step: String,
    /// A saved view of its head.
    pub(crate) view: String,
    /// A round of stocktaking over all devices.
    pub(crate) stocktake: String,
    /// A request to the vendor.
    pub(crate) request: String,
    /// A previewed import, waiting for its confirmation.
    pub(crate) import: String,
    /// Key of an item catalogue of its own.
    pub(crate) edition: String,
    /// The sheet of its vendor in this year's checklist.
    pub(crate) checklist: String,
    /// An open thing to check.
    pub(crate) check: String,
    /// A line of remote maintenance.
    pub(crate) line: String,
    /// A confirmation session with the vendor.
    pub(crate) session: String,
    /// A question sheet made of it.
    pub(crate) inquiry: String,
    /// A contract with the vendor, its terms kept.
    pub(crate) contract: String,
    /// A system of one device.
    pub(crate) system: String,
}

/// A ledger with a vulnerable device in a zone, its names marked.
pub(crate) fn ledger_file(mark: &str) -> String {
    format!(
        "管理番号,機器名,種別,メーカー,型番,バージョン,OS,IPアドレス,区画,設置場所,保守業者,接続先\r\n\
         {mark}-1,{mark}保守用VPN装置,ネットワーク機器,Fortinet,FortiGate 60E,FortiOS 5.6.5,,10.0.0.1,{mark}境界,{mark}棟,{mark}ネット,\r\n\
         {mark}-2,{mark}受付PC,端末,,,,Windows 10,10.0.1.2,{mark}境界,{mark}棟,{mark}ネット,{mark}スイッチ\r\n"
    )
}

impl Hospital {
    pub(crate) async fn new(t: &TestApp, mark: &str) -> Self {
        // On the heap: it is long, and every story holds it.
        Box::pin(Self::made(t, mark)).await
    }

    async fn made(t: &TestApp, mark: &str) -> Self {
        let at = t.hospital(&format!("{mark}病院")).await;
        let head = t.user(&at, &format!("{mark}-head"), &[Role::SafetyManager]).await;
        let (file, name) = (ledger_file(mark), format!("{mark}台帳.csv"));
        let contracts = format!("契約番号,契約名,事業者\r\n{mark}-K1,{mark}保守契約,{mark}ネット\r\n");
        let lines =
            format!("接続元,接続先,用途,事業者\r\n{mark}センター,{mark}保守用VPN装置,{mark}遠隔保守,{mark}ネット\r\n");
        let all = [
            (name.as_str(), file.as_bytes()),
            (&format!("{mark}契約.csv"), contracts.as_bytes()),
            (&format!("{mark}回線一覧.csv"), lines.as_bytes()),
        ];
        t.imported(&head.ctx, &all).await;
        let waiting = t.previewed(&head.ctx, &[(&name, file.replace("10.0.1.2", "10.0.1.3").as_bytes())]).await;
        session::create_token(&head.ctx, &format!("{mark}鍵")).await.unwrap();
        ledger::keep_view(
            &head.ctx,
            &mark.chars().take(20).chain("の見方".chars()).collect::<String>(),
            "chip=medical",
        )
        .await
        .unwrap();
        let start = stocktake::Start { name: format!("{mark}棚卸"), ..stocktake::Start::default() };
        let stocktake = stocktake::start(&head.ctx, start).await.unwrap();
        let page = PageRequest::default();
        let views = ledger::list(&head.ctx, &ResourceFilter::default(), ResourceSort::default(), &page).await.unwrap();
        let list = ledger::list(&at, &ResourceFilter::default(), ResourceSort::default(), &page).await.unwrap();
        let found = findings::list(&at, &FindingFilter::default(), FindingSort::default(), &page).await.unwrap();
        let say = Say {
            subject: Subject::Device(list.page.rows[0].resource.id),
            statement: Statement::Accounts { reviewed_on: None },
            stated_by: format!("{mark}-head"),
            vendor: None,
            stated_on: None,
        };
        safeguards::say(&head.ctx, say).await.unwrap();
        let checks = checks::list(&at, &CheckFilter::default(), &page).await.unwrap();
        let vendor = list.vendors[0].id;
        let asked = Ask { vendor, note: format!("{mark}から"), due: head.ctx.today() };
        let request = advice::ask(&head.ctx, asked).await.unwrap();
        let contract = agreements::contracts(&head.ctx).await.unwrap().rows[0].contract.id;
        let clause = Clause { number: "第1条".to_owned(), text: format!("{mark}が更新する") };
        let terms = Terms { clauses: vec![clause], ..Terms::default() };
        agreements::put_terms(&head.ctx, contract, 0, terms).await.unwrap();
        let system = uuid::Uuid::now_v7();
        let devices = vec![list.page.rows[0].resource.id];
        let content = System { name: format!("{mark}系"), resources: devices, retired: false };
        agreements::systems::put(&head.ctx, system, 0, content).await.unwrap();
        let today = head.ctx.today();
        let session = confirmation::start(&head.ctx, editions::DEFAULT, Some(contract), today).await.unwrap();
        let ask = confirmation::Ask { session, note: format!("{mark}から"), due: today };
        let inquiry = confirmation::ask(&head.ctx, ask).await.unwrap();
        let own = Edition {
            key: format!("own-{stocktake}"),
            title: format!("{mark}項目表"),
            ..editions::built_in()[3].clone()
        };
        let yaml = editions::files::yaml(&own).unwrap();
        let edition = editions::keep(&head.ctx, Keep { yaml, official: false, from: 0 }).await.unwrap();
        let start = checklists::Start {
            edition: "checklist-r7".to_owned(),
            year: tomomori_domain::date::fiscal_year(head.ctx.today()),
            sheet: checklists::RunSheet::Vendor(vendor),
        };
        let checklist = checklists::start(&head.ctx, start).await.unwrap();
        Self {
            line: t.app.db.read(&at.actor).await.unwrap().ledger().await.unwrap().lines[0].id.to_string(),
            session: session.to_string(),
            inquiry: inquiry.to_string(),
            checklist: checklist.to_string(),
            edition,
            contract: contract.to_string(),
            system: system.to_string(),
            check: checks.page.rows[0].id.clone(),
            request: request.to_string(),
            resource: list.page.rows[0].resource.id.to_string(),
            // Without a catalogue there is none.
            finding: found.page.rows.first().map(|row| row.finding.id.to_string()).unwrap_or_default(),
            zone: list.zones[0].id.to_string(),
            vendor: vendor.to_string(),
            step: edit::steps(&at, &page).await.unwrap().page.rows[0].step.id.to_string(),
            view: views.views[0].id.clone(),
            token: session::tokens(&head.ctx).await.unwrap()[0].id.to_string(),
            import: waiting.import.id.to_string(),
            stocktake: stocktake.to_string(),
            at,
            head,
        }
    }
}
