//! Vendors' advice: a hospital asks, a vendor answers by file or by log-in, the hospital accepts.

use crate::story::{device, entries};
use tomomori_app::advice::{self, Ask, Decision, form, inbox};
use tomomori_app::edit::{self, Edit};
use tomomori_app::ledger::PageRequest;
use tomomori_app::{AppError, Ctx, ledger, session};
use tomomori_domain::Msg;
use tomomori_domain::access::Role;
use tomomori_domain::advice::{AdviceRequest, DueAgain, Item, ItemState, Shared, Subject};
use tomomori_domain::ids::{AdviceId, ResourceId, VendorId};
use tomomori_domain::import::{Field, Place};
use tomomori_domain::record::ChangeKind;
use tomomori_domain::resource::Grade;
use tomomori_i18n::{Lang, tr};
use tomomori_sheet::export::{SheetOut, write_xlsx};
use tomomori_testkit::{TestApp, User, for_both_apps_without_catalogue};

const LEDGER: &str = "\
管理番号,機器名,種別,型番,バージョン,OS,IPアドレス,区画,接続先,保守業者,備考\r\n\
K-1,PACSサーバ,サーバ,PACS Pro,11.2,Windows Server 2019,10.0.1.1,サーバ室,基幹スイッチ,北都ヘルステック,当院だけの備考\r\n\
K-2,画像ビューア,サーバ,View 3,3.0,,10.0.1.2,サーバ室,基幹スイッチ,北都ヘルステック,\r\n\
K-3,保守用VPN装置,ネットワーク機器,FortiGate 60E,5.6.5,,10.0.0.1,境界,,網屋ネットワーク,網屋だけの備考\r\n\
K-4,基幹スイッチ,ネットワーク機器,GS900,1.0,,10.0.1.254,サーバ室,,網屋ネットワーク,\r\n";

const LINES: &str = "\
接続元,接続先,用途,方式,常時接続,リモート保守,事業者\r\n\
北都センター,PACSサーバ,遠隔保守,IPsec VPN,はい,はい,北都ヘルステック\r\n\
網屋センター,保守用VPN装置,遠隔保守,SSH,はい,はい,網屋ネットワーク\r\n";

fn ja(msg: &Msg) -> String {
    tr(Lang::Ja, msg)
}

async fn hospital(t: &TestApp, name: &str, login: &str) -> User {
    let at = t.hospital(name).await;
    let head = t.operator(&at, login).await;
    t.imported(&head.ctx, &[("台帳.csv", LEDGER.as_bytes()), ("保守回線一覧.csv", LINES.as_bytes())]).await;
    head
}

async fn vendor_named(ctx: &Ctx, name: &str) -> VendorId {
    let rows = advice::vendors(ctx).await.unwrap();
    rows.into_iter().find(|row| row.vendor.name.starts_with(name)).unwrap_or_else(|| panic!("no {name}")).vendor.id
}

async fn ask(ctx: &Ctx, vendor: VendorId) -> AdviceRequest {
    let due = "2026-12-24".parse().unwrap();
    let id = advice::ask(ctx, Ask { vendor, note: "年次の確認です".into(), due }).await.unwrap();
    advice::request(ctx, id).await.unwrap().request
}

fn node(request: &AdviceRequest, name: &str) -> ResourceId {
    request.part.nodes.iter().find(|node| node.name() == name).unwrap_or_else(|| panic!("{name} is not shown")).id
}

fn file(code: &str, on: &str, fields: &[(String, &str)]) -> Vec<u8> {
    let fields: form::Fields = fields.iter().map(|(name, text)| (name.clone(), (*text).to_owned())).collect();
    let answer = form::FileAnswer { code: code.into(), by: "田村".into(), on: on.into(), fields };
    serde_json::to_vec(&answer).unwrap()
}

async fn enter(ctx: &Ctx, id: AdviceId, bytes: &[u8]) -> Result<usize, AppError> {
    advice::enter(ctx, id, "北都.tomomori-answer.json", bytes, &ja).await
}

fn invalid(result: Result<usize, AppError>) -> String {
    match result {
        Err(AppError::Invalid(msg)) => msg.key,
        other => panic!("not refused: {other:?}"),
    }
}

async fn set(ctx: &Ctx, resource: ResourceId, field: Field, text: &str) {
    let edit = Edit { resource, field, label: None, values: vec![text.into()], place: Place::default() };
    edit::edit(ctx, vec![edit]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_file_is_held_three_ways_and_becomes_one_step() {
    for_both_apps_without_catalogue(async |t| {
        let head = hospital(t, "緑川病院", "sasaki").await;
        let ctx = &head.ctx;
        let hokuto = vendor_named(ctx, "北都").await;
        let request = ask(ctx, hokuto).await;
        let text = serde_json::to_string(&request.part).unwrap();
        for hidden in ["網屋", "備考", "保守用VPN装置", "基幹スイッチ", "K-1"] {
            assert!(!text.contains(hidden), "{hidden}: {text}");
        }
        assert_eq!(request.part.lines.len(), 1, "{:?}", request.part.lines);
        let (pacs, viewer) = (node(&request, "PACSサーバ"), node(&request, "画像ビューア"));
        let line = request.part.lines[0].id;

        // Since the form was made, the hospital itself wrote another version.
        set(ctx, pacs, Field::Version, "11.3").await;
        let said = [
            (format!("n-{pacs}-version"), "12.0"),
            (format!("n-{viewer}"), "confirm"),
            (format!("l-{line}-via"), "RTX830"),
            ("add0-name".into(), "画像保存サーバ"),
            ("add0-kind".into(), "server"),
            ("add0-address".into(), "10.0.1.9"),
            ("add0-uplink".into(), &pacs.to_string()),
            ("wire0-from".into(), "北都センター"),
            ("wire0-to".into(), "画像ビューア"),
            ("wire0-protocol".into(), "HTTPS"),
            (format!("r-{viewer}"), "来年に更新の予定です"),
        ];
        assert_eq!(enter(ctx, request.id, &file(&request.code, "2026-11-20", &said)).await.unwrap(), 6);
        let view = advice::request(ctx, request.id).await.unwrap();
        let of = |what: &str| {
            let found = view.items.iter().find(|view| serde_json::to_string(&view.item.item).unwrap().contains(what));
            found.unwrap_or_else(|| panic!("{what}: {:?}", view.items))
        };
        let three = &of("12.0").changes[0];
        assert_eq!((three.then.as_str(), three.now.as_str(), three.theirs.as_str()), ("11.2", "11.3", "12.0"));
        assert!(three.moved() && of("12.0").moved && !of("RTX830").moved);
        assert!(view.items.iter().all(|view| view.fault.is_none() && view.item.state == ItemState::Open));
        assert_eq!(device(ctx, "PACSサーバ").await.resource.version.as_deref(), Some("11.3"), "nothing is written yet");

        let refused = of("HTTPS").item.id;
        let without = [Decision { item: refused, refused: Some(" ".into()) }];
        assert!(matches!(advice::decide(ctx, request.id, &without).await, Err(AppError::Invalid(_))));
        let steps = edit::steps(ctx, &PageRequest::default()).await.unwrap().page.rows.len();
        let decisions: Vec<Decision> = view
            .items
            .iter()
            .map(|view| Decision {
                item: view.item.id,
                refused: (view.item.id == refused).then(|| "契約にない回線です".to_owned()),
            })
            .collect();
        assert_eq!(advice::decide(ctx, request.id, &decisions).await.unwrap(), 5);
        let again = advice::decide(ctx, request.id, &decisions).await;
        assert!(matches!(again, Err(AppError::Conflict(_))), "{again:?}");

        let now = edit::steps(ctx, &PageRequest::default()).await.unwrap().page.rows;
        assert_eq!((now.len(), now[0].step.kind), (steps + 1, ChangeKind::Advice), "one step");
        let detail = ledger::detail(ctx, pacs).await.unwrap();
        assert_eq!(detail.resource.version.as_deref(), Some("12.0"));
        let stated = detail.records.iter().find(|record| record.grade == Grade::ConfirmedByVendor).unwrap();
        assert!(stated.by.as_deref().unwrap().contains("北都") && stated.by.as_deref().unwrap().contains("田村"));
        let made = device(ctx, "画像保存サーバ").await;
        assert_eq!(made.vendor_name.as_deref(), Some("北都ヘルステック"));
        assert_eq!(made.resource.uplink, Some(pacs));
        let lines = t.app.db.read(&ctx.actor).await.unwrap().ledger().await.unwrap().lines;
        let via: Vec<_> = lines.iter().filter_map(|line| line.via.as_deref()).collect();
        assert_eq!((lines.len(), via), (2, vec!["RTX830"]), "{lines:?}");
        assert!(lines.iter().any(|row| row.id == line), "the corrected line is the same line");

        let told = advice::of_device(ctx, viewer).await.unwrap();
        assert_eq!((told.confirmed.len(), told.confirmed[0].1, told.remarks.len()), (1, None, 1));
        assert_eq!(told.confirmed[0].0.on.to_string(), "2026-11-20");
        assert_eq!(told.confirmed[0].0.file.as_deref(), Some("北都.tomomori-answer.json"));
        assert_eq!(advice::of_device(ctx, pacs).await.unwrap().confirmed[0].1, None, "corrected, so confirmed");
        assert!(advice::share(ctx, hokuto).await.unwrap().due.is_empty());
        set(ctx, viewer, Field::Version, "3.1").await;
        assert_eq!(advice::share(ctx, hokuto).await.unwrap().due, [(viewer, "画像ビューア".into(), DueAgain::Changed)]);
        let kept = advice::request(ctx, request.id).await.unwrap();
        let kept = kept.items.iter().find(|view| view.item.id == refused).unwrap();
        assert_eq!((kept.item.state, kept.item.reason.as_deref()), (ItemState::Refused, Some("契約にない回線です")));

        let actions: Vec<String> = entries(ctx).await.into_iter().map(|entry| entry.action).collect();
        for wanted in ["advice.ask", "advice.answered", "advice.accept", "ledger.edit"] {
            assert!(actions.iter().any(|action| action == wanted), "{wanted}: {actions:?}");
        }
        // The edit by hand above went on from other rows, so the step can be taken back.
        edit::undo(ctx, now[0].step.id).await.unwrap();
        assert_eq!(device(ctx, "PACSサーバ").await.resource.version.as_deref(), Some("11.3"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_and_a_device_that_are_gone() {
    for_both_apps_without_catalogue(async |t| {
        let head = hospital(t, "緑川病院", "sasaki").await;
        let ctx = &head.ctx;
        let hokuto = vendor_named(ctx, "北都").await;
        let request = ask(ctx, hokuto).await;
        let viewer = node(&request, "画像ビューア");
        let said = [(format!("n-{viewer}"), "remove"), (format!("l-{}", request.part.lines[0].id), "remove")];
        enter(ctx, request.id, &file(&request.code, "2026-11-24", &said)).await.unwrap();
        let items = advice::request(ctx, request.id).await.unwrap().items;
        let all: Vec<Decision> = items.iter().map(|v| Decision { item: v.item.id, refused: None }).collect();
        advice::decide(ctx, request.id, &all).await.unwrap();
        let share = advice::share(ctx, hokuto).await.unwrap();
        assert!(share.part.nodes.iter().all(|node| node.id != viewer), "retired, so no longer asked about");
        assert!(share.part.lines.is_empty());
        assert_eq!(device(ctx, "画像ビューア").await.resource.state.map(|state| state.key()), Some("retired"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_files_say_what_to_do() {
    for_both_apps_without_catalogue(async |t| {
        let (head, other) = (hospital(t, "緑川病院", "sasaki").await, hospital(t, "青山病院", "aoyama").await);
        let ctx = &head.ctx;
        let request = ask(ctx, vendor_named(ctx, "北都").await).await;
        let network = ask(ctx, vendor_named(ctx, "網屋").await).await;
        let theirs = ask(&other.ctx, vendor_named(&other.ctx, "北都").await).await;
        let pacs = node(&request, "PACSサーバ");
        let confirm = [(format!("n-{pacs}"), "confirm")];
        let foreign = [(format!("n-{}", node(&network, "保守用VPN装置")), "confirm")];
        for (bytes, want) in [
            (b"\xff\x00 no json".to_vec(), "advice-file-unreadable"),
            (file(&network.code, "2026-11-24", &confirm), "advice-code-other"),
            (file(&theirs.code, "2026-11-24", &confirm), "advice-code-unknown"),
            (file("", "2026-11-24", &confirm), "advice-code-unknown"),
            (file(&request.code, "2026-11-26", &confirm), "advice-date-future"),
            (file(&request.code, "きのう", &confirm), "advice-date-bad"),
            (file(&request.code, "2026-11-24", &[]), "advice-file-blank"),
            (file(&request.code, "2026-11-24", &foreign), "advice-field-unknown"),
            (vec![b' '; advice::MAX_FILE_BYTES + 1], "advice-file-large"),
        ] {
            assert_eq!(invalid(enter(ctx, request.id, &bytes).await), want);
        }
        let unsound = [(format!("n-{pacs}-address"), "十番地")];
        enter(ctx, request.id, &file(&request.code, "2026-11-24", &unsound)).await.unwrap();
        let view = advice::request(ctx, request.id).await.unwrap();
        assert_eq!(view.items[0].fault.as_ref().map(|msg| msg.key.as_str()), Some("edit-bad-value"));
        let accept = [Decision { item: view.items[0].item.id, refused: None }];
        assert_eq!(invalid(advice::decide(ctx, request.id, &accept).await), "edit-bad-value");
        assert!(matches!(enter(ctx, theirs.id, &[]).await, Err(AppError::NotFound)));
        assert!(matches!(advice::request(ctx, theirs.id).await, Err(AppError::NotFound)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_workbook_comes_back_as_an_answer() {
    for_both_apps_without_catalogue(async |t| {
        let head = hospital(t, "緑川病院", "sasaki").await;
        let ctx = &head.ctx;
        let request = ask(ctx, vendor_named(ctx, "北都").await).await;
        let book = advice::sheet(ctx, &request, &ja).await.unwrap();
        let untouched = advice::enter(ctx, request.id, "f.xlsx", &book, &ja).await;
        assert_eq!(invalid(untouched), "advice-by-missing");
        let filled = refill(&book, |sheets| {
            let column = |sheet: &SheetOut, name: &str| sheet.header.iter().position(|head| head == name).unwrap();
            let (say, version, name) =
                (column(&sheets[0], "回答"), column(&sheets[0], "版"), column(&sheets[0], "名称"));
            let row = sheets[0].rows.iter().position(|row| row[name] == "PACSサーバ").unwrap();
            sheets[0].rows[row][version] = "12.0".into();
            sheets[0].rows[1 - row][say] = "正しい".into();
            sheets[0].rows[2][name] = "画像保存サーバ".into();
            sheets[0].rows[2][1] = "サーバ".into();
            let always = column(&sheets[1], "常時接続");
            sheets[1].rows[0][always] = "いいえ".into();
            sheets[2].rows[0][1] = "田村".into();
            sheets[2].rows[1][1] = "2026-11-24".into();
        });
        assert_eq!(advice::enter(ctx, request.id, "f.xlsx", &filled, &ja).await.unwrap(), 4);
        let items: Vec<Item> =
            advice::request(ctx, request.id).await.unwrap().items.into_iter().map(|v| v.item.item).collect();
        let (pacs, viewer) = (node(&request, "PACSサーバ"), node(&request, "画像ビューア"));
        let one = |field, text: &str| [(field, text.to_owned())].into();
        for want in [
            Item::Correct { subject: Subject::Node(pacs), values: one(Field::Version, "12.0") },
            Item::Confirm { subject: Subject::Node(viewer) },
            Item::Correct { subject: Subject::Line(request.part.lines[0].id), values: one(Field::AlwaysOn, "false") },
            Item::NewNode {
                values: [(Field::Name, "画像保存サーバ".into()), (Field::Kind, "server".into())].into(),
                uplink: None,
            },
        ] {
            assert!(items.contains(&want), "{want:?} is not among {items:?}");
        }
        let spoilt = refill(&filled, |sheets| {
            let last = sheets[0].header.len() - 1;
            sheets[0].rows[0][last] = "1".into();
        });
        assert_eq!(invalid(advice::enter(ctx, request.id, "f.xlsx", &spoilt, &ja).await), "advice-file-row");

        let mail = advice::mail(ctx, request.id, &[], &ja).await.unwrap();
        assert!(String::from_utf8(mail).unwrap().starts_with("Subject: =?UTF-8?B?"));
    })
    .await;
}

/// A workbook as a person changes it.
fn refill(book: &[u8], change: impl Fn(&mut Vec<SheetOut>)) -> Vec<u8> {
    let read = tomomori_sheet::read(book, "f.xlsx", &tomomori_sheet::Limits::default()).unwrap();
    let mut sheets: Vec<SheetOut> = read
        .iter()
        .map(|sheet| {
            let width = 1 + sheet.cells.iter().map(|cell| cell.column).max().unwrap() as usize;
            let height = sheet.cells.iter().map(|cell| cell.row).max().unwrap() as usize;
            let mut rows = vec![vec![String::new(); width]; height];
            sheet
                .cells
                .iter()
                .for_each(|cell| rows[cell.row as usize - 1][cell.column as usize] = cell.text.to_string());
            let header = rows.remove(0);
            SheetOut { name: sheet.name.as_ref().unwrap().to_string(), header, rows }
        })
        .collect();
    change(&mut sheets);
    write_xlsx(&sheets, "2026-11-24T00:00:00Z".parse().unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_linked_vendor_answers_in_its_own_tenant_and_sees_nothing_else() {
    for_both_apps_without_catalogue(async |t| {
        let head = hospital(t, "緑川病院", "sasaki").await;
        let ctx = &head.ctx;
        let (hokuto_at, amiya_at) = (t.vendor("北都ヘルステック株式会社").await, t.vendor("網屋ネットワーク").await);
        let tamura = t.user(&hokuto_at, "tamura", &[Role::VendorStaff]).await;
        let rival = t.user(&amiya_at, "rival", &[Role::VendorStaff]).await;
        let hokuto = vendor_named(ctx, "北都").await;
        let own = ask(ctx, hokuto).await;
        assert!(inbox::list(&tamura.ctx).await.unwrap().is_empty(), "nothing leaves without a link");
        assert!(matches!(inbox::one(&tamura.ctx, own.id).await, Err(AppError::NotFound)));

        advice::link(ctx, hokuto, true).await.unwrap();
        let switch = device(ctx, "基幹スイッチ").await.resource.id;
        advice::set_grants(ctx, hokuto, &[(switch, Some(Shared::Name))]).await.unwrap();
        let request = ask(ctx, hokuto).await;
        let came = inbox::list(&tamura.ctx).await.unwrap();
        assert_eq!((came.len(), came[0].id, &came[0].part), (1, request.id, &request.part));
        assert_eq!(came[0].part.nodes.len(), 3, "two own, one neighbour");
        assert!(inbox::list(&rival.ctx).await.unwrap().is_empty());
        assert!(matches!(inbox::one(&rival.ctx, request.id).await, Err(AppError::NotFound)));
        let confirm = |name| Item::Confirm { subject: Subject::Node(node(&request, name)) };
        let theirs = inbox::answer(&rival.ctx, request.id, vec![confirm("PACSサーバ")]).await;
        assert!(matches!(theirs, Err(AppError::NotFound)), "{theirs:?}");
        assert!(matches!(advice::request(&tamura.ctx, request.id).await, Err(AppError::Denied(_))));
        assert!(matches!(inbox::list(ctx).await, Err(AppError::Denied(_))), "a hospital has no inbox");
        assert_eq!(crate::story::ledger_of(&tamura.ctx).await.page.rows.len(), 0);

        let neighbour = inbox::answer(&tamura.ctx, request.id, vec![confirm("基幹スイッチ")]).await;
        assert_eq!(invalid(neighbour), "advice-fault-not-shown");
        inbox::answer(&tamura.ctx, request.id, vec![confirm("PACSサーバ")]).await.unwrap();
        let both = vec![confirm("PACSサーバ"), confirm("画像ビューア")];
        assert_eq!(
            inbox::answer(&tamura.ctx, request.id, both).await.unwrap(),
            2,
            "a second answer replaces the first"
        );
        let view = advice::request(ctx, request.id).await.unwrap();
        assert_eq!(view.items.len(), 2);
        assert_eq!((view.items[0].item.by.as_str(), view.items[0].item.file.as_ref()), ("tamura さん", None));
        let all: Vec<Decision> = view.items.iter().map(|v| Decision { item: v.item.id, refused: None }).collect();
        let steps = edit::steps(ctx, &PageRequest::default()).await.unwrap().page.rows.len();
        advice::decide(ctx, request.id, &all).await.unwrap();
        assert_eq!(
            edit::steps(ctx, &PageRequest::default()).await.unwrap().page.rows.len(),
            steps,
            "confirming changes no field"
        );
        assert!(advice::share(ctx, hokuto).await.unwrap().due.is_empty());
        for (at, action) in [(&hokuto_at, "advice.came"), (&hokuto_at, "advice.answer"), (ctx, "advice.answered")] {
            assert!(entries(at).await.iter().any(|entry| entry.action == action), "{action}");
        }
        assert!(entries(&amiya_at).await.iter().all(|entry| !entry.action.starts_with("advice")));

        advice::link(ctx, hokuto, false).await.unwrap();
        let late = inbox::answer(&tamura.ctx, request.id, vec![confirm("PACSサーバ")]).await;
        assert!(matches!(late, Err(AppError::Conflict(_))), "{late:?}");
        assert_eq!(
            inbox::one(&tamura.ctx, request.id).await.unwrap().answer.unwrap().items.len(),
            2,
            "nothing was written"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supporter_reads_until_the_last_day() {
    for_both_apps_without_catalogue(async |t| {
        let head = hospital(t, "緑川病院", "sasaki").await;
        let new = |until: Option<&str>| session::CreateUser {
            login: "consultant".into(),
            name: "支援者".into(),
            password: tomomori_testkit::app::PASSWORD.into(),
            roles: vec![Role::Supporter],
            until: until.map(|day| day.parse().unwrap()),
        };
        let at = t.hospital("緑川病院").await;
        let endless = session::create_user(&at, new(None)).await;
        assert!(matches!(endless, Err(AppError::Invalid(msg)) if msg.key == "error-supporter-until"));
        session::create_user(&at, new(Some("2026-11-25"))).await.unwrap();
        let login = || session::Login {
            login: "consultant".into(),
            password: tomomori_testkit::app::PASSWORD.into(),
            address: "10.0.0.9".into(),
        };
        let opened = session::login(&t.app, login()).await.unwrap();
        let reads = async || session::session(&t.app, &opened.secret).await;
        let ctx = Ctx::new(t.app.clone(), reads().await.unwrap().actor);
        assert_eq!(crate::story::ledger_of(&ctx).await.page.rows.len(), 4);
        assert!(advice::vendors(&ctx).await.is_ok());
        assert!(matches!(session::members(&ctx).await, Err(AppError::Denied(_))));
        assert!(matches!(session::tokens(&ctx).await, Err(AppError::Denied(_))));
        assert!(matches!(tomomori_app::import::list(&ctx).await, Err(AppError::Denied(_))));
        let hokuto = vendor_named(&ctx, "北都").await;
        assert!(matches!(advice::link(&ctx, hokuto, true).await, Err(AppError::Denied(_))));
        assert!(session::members(&at).await.unwrap().iter().any(|member| member.until.is_some()));
        // 2026-11-25 09:00 → 23:59 in Japan: still the last day.
        t.clock.advance(jiff::SignedDuration::from_hours(24));
        assert!(reads().await.is_err(), "a session ends after 12 hours without a request");
        let opened = session::login(&t.app, login()).await.unwrap();
        t.clock.advance(jiff::SignedDuration::from_mins(11 * 60));
        session::session(&t.app, &opened.secret).await.unwrap();
        t.clock.advance(jiff::SignedDuration::from_mins(4 * 60 + 1));
        let ended = session::session(&t.app, &opened.secret).await;
        assert!(matches!(ended, Err(AppError::NotLoggedIn)), "{ended:?}");
        assert!(matches!(session::login(&t.app, login()).await, Err(AppError::Invalid(_))));
        assert!(t.app.db.read(&head.ctx.actor).await.is_ok());
    })
    .await;
}
