//! Confirmation sessions: a hospital and a vendor go through an edition, by file and by log-in.

use std::collections::BTreeMap;
use tomomori_app::confirmation::{self, Ask, Choice, Duty, Entry, Standing, fields, inbox};
use tomomori_app::{AppError, Ctx, advice, editions, joints, roles};
use tomomori_domain::Msg;
use tomomori_domain::access::Role;
use tomomori_domain::confirmation::Means;
use tomomori_domain::ids::ContractId;
use tomomori_domain::inquiry::Merge;
use tomomori_i18n::{Lang, tr};
use tomomori_sheet::Limits;
use tomomori_sheet::export::{SheetOut, write_xlsx};
use tomomori_testkit::app::PASSWORD;
use tomomori_testkit::{TestApp, User, for_both_apps_without_catalogue};
use uuid::Uuid;

const CONTRACTS: &str = "\
契約番号,契約名,事業者,開始日,終了日,更新条項\r\n\
K-2016-001,電子カルテ保守,北都ヘルステック,2026-04-01,2027-03-31,第9条\r\n\
K-2016-002,レセプト保守,青葉メディカルシステム,2020-04-01,2027-03-31,第5条\r\n";

fn ja(msg: &Msg) -> String {
    tr(Lang::Ja, msg)
}

struct Story {
    head: User,
    contract: ContractId,
    session: Uuid,
}

async fn story(t: &TestApp, mark: &str) -> Story {
    let at = t.hospital(&format!("{mark}病院")).await;
    let head = t.operator(&at, &format!("{mark}-sasaki")).await;
    t.imported(&head.ctx, &[("契約一覧.csv", CONTRACTS.as_bytes())]).await;
    let contract = confirmation::list(&head.ctx).await.unwrap().contracts[0].0.id;
    let session = confirmation::start(&head.ctx, editions::DEFAULT, Some(contract), head.ctx.today()).await.unwrap();
    Story { head, contract, session }
}

impl Story {
    async fn revision(&self) -> i64 {
        confirmation::view(&self.head.ctx, self.session).await.unwrap().session.revision
    }

    async fn row(&self, key: &str) -> confirmation::Row {
        let view = confirmation::view(&self.head.ctx, self.session).await.unwrap();
        view.items.into_iter().find(|one| one.item.key == key).unwrap().row
    }

    async fn save(&self, key: &str, hospital: Duty, vendor: Option<Duty>) {
        let entry = Entry { hospital: Some(hospital), vendor, ..Entry::default() };
        confirmation::save(&self.head.ctx, self.session, self.revision().await, key, &entry).await.unwrap();
    }

    async fn ask(&self) -> Uuid {
        let due = "2027-01-31".parse().unwrap();
        let ask = Ask { session: self.session, note: "ご確認ください".into(), due };
        confirmation::ask(&self.head.ctx, ask).await.unwrap()
    }

    async fn book(&self, id: Uuid) -> Vec<SheetOut> {
        let inquiry = confirmation::download(&self.head.ctx, id, "form.xlsx").await.unwrap();
        let bytes = confirmation::sheet(&self.head.ctx, &inquiry, &ja).await.unwrap();
        let sheets = tomomori_sheet::read(&bytes, "form.xlsx", &Limits::default()).unwrap();
        let out = |sheet: &tomomori_sheet::Sheet| {
            let text =
                |row: u32, column: u32| sheet.cell(row, column).map(|cell| cell.text.to_string()).unwrap_or_default();
            let last = sheet.cells.last().map_or(1, |cell| cell.row);
            let width = sheet.cells.iter().map(|cell| cell.column + 1).max().unwrap_or(0);
            SheetOut {
                name: sheet.name.as_deref().unwrap_or_default().to_owned(),
                header: (0..width).map(|column| text(1, column)).collect(),
                rows: (2..=last).map(|row| (0..width).map(|column| text(row, column)).collect()).collect(),
            }
        };
        sheets.iter().map(out).collect()
    }

    async fn enter(&self, id: Uuid, name: &str, book: &[SheetOut]) -> Result<(), AppError> {
        let bytes = write_xlsx(book, self.head.ctx.now()).unwrap();
        let english = |msg: &Msg| tr(Lang::En, msg);
        confirmation::enter(&self.head.ctx, id, name, &bytes, &[&ja, &english]).await
    }
}

/// The row of an item; its cells are filled by a script as a person at the vendor would.
fn row<'a>(book: &'a mut [SheetOut], key: &str) -> &'a mut Vec<String> {
    book[0].rows.iter_mut().find(|row| row[10] == key).unwrap()
}

fn signed(book: &mut [SheetOut], day: &str) {
    book[2].rows[0] = vec!["回答者".into(), "田村".into()];
    book[2].rows[1] = vec!["回答日".into(), day.into()];
}

async fn today(ctx: &Ctx) -> String {
    ctx.today().to_string()
}

fn refused(told: Result<(), AppError>) -> (String, String) {
    match told {
        Err(AppError::Invalid(msg)) => (msg.key.clone(), ja(&msg)),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_answer_is_history_and_a_no_is_completed_later() {
    for_both_apps_without_catalogue(async |t| {
        let s = story(t, "A").await;
        let answers = BTreeMap::from([("T01".to_owned(), true), ("T02".to_owned(), false)]);
        let ctx = &s.head.ctx;
        let revision = confirmation::first(ctx, s.session, s.revision().await, &answers).await.unwrap();
        let again = BTreeMap::from([("T01".to_owned(), false)]);
        let told = confirmation::first(ctx, s.session, revision, &again).await.map(|_| ());
        assert_eq!(refused(told).0, "confirm-first-stays");
        let stale = confirmation::first(ctx, s.session, revision - 1, &answers).await;
        assert!(matches!(stale, Err(AppError::Conflict(_))), "{stale:?}");
        assert_eq!(s.row("T02").await.standing(), Standing::Open);
        let done = Entry { completed: Some(ctx.today()), hospital: Some(Duty::Does), ..Entry::default() };
        let told = confirmation::save(ctx, s.session, revision, "T01", &done).await.map(|_| ());
        assert_eq!(refused(told).0, "confirm-completed-but-yes");
        confirmation::save(ctx, s.session, revision, "T02", &done).await.unwrap();
        assert_eq!(s.row("T02").await.standing(), Standing::Completed);
        // The same contract and edition is one session, not two.
        let same = confirmation::start(ctx, editions::DEFAULT, Some(s.contract), ctx.today()).await.unwrap();
        assert_eq!(same, s.session);
        let tally = confirmation::view(ctx, s.session).await.unwrap().tally;
        assert_eq!((tally.done, tally.open, tally.not_talked), (2, 0, tally.all - 2));
        // Slots nobody has the text of take no answer and are not counted.
        let table = confirmation::start(ctx, "kakuninhyo-2024-06", Some(s.contract), ctx.today()).await.unwrap();
        let view = confirmation::view(ctx, table).await.unwrap();
        assert_eq!((view.tally.all, view.tally.missing), (14, 15));
        let slot = view.items.iter().find(|one| one.item.known == editions::Known::Missing).unwrap();
        let slot = BTreeMap::from([(slot.item.key.clone(), true)]);
        let told = confirmation::first(ctx, table, view.session.revision, &slot).await.map(|_| ());
        assert_eq!(refused(told).0, "confirm-item-missing");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vendor_answers_in_excel_and_both_agree() {
    for_both_apps_without_catalogue(async |t| {
        let s = story(t, "A").await;
        let ctx = &s.head.ctx;
        s.save("T14", Duty::Informed, None).await;
        s.save("T17", Duty::Does, None).await;
        let id = s.ask().await;
        let mut book = s.book(id).await;
        signed(&mut book, &today(ctx).await);
        row(&mut book, "T14")[6] = "主".into();
        row(&mut book, "T14")[7] = "第9条".into();
        row(&mut book, "T14")[9] = "はい".into();
        row(&mut book, "T17")[6] = "協力".into();
        row(&mut book, "T17")[8] = "判断の材料を出します".into();
        s.enter(id, "回答.xlsx", &book).await.unwrap();
        // An answer changes nothing by itself.
        assert_eq!(s.row("T14").await.roles.vendor, None);
        let view = confirmation::inquiry(ctx, id).await.unwrap();
        assert_eq!(view.merged.iter().map(|one| one.merge).collect::<Vec<_>>(), [Merge::Theirs, Merge::Theirs]);
        assert!(view.faults.is_empty(), "{:?}", view.faults);
        let both = BTreeMap::from([("T14".to_owned(), Choice::Take), ("T17".to_owned(), Choice::Take)]);
        confirmation::decide(ctx, id, view.revision, &both).await.unwrap();
        let row = s.row("T14").await;
        assert_eq!((row.roles.vendor, row.roles.clause.unwrap().number.as_str()), (Some(Duty::Does), "第9条"));
        let agreed = row.vendor_agreed.unwrap();
        assert_eq!((agreed.means, agreed.by.as_str()), (Means::File, "田村"));
        assert_eq!(agreed.entered_by.as_deref(), Some(ctx.actor.name.as_str()));
        // The hospital agrees with its password, not without.
        let keys = ["T14".to_owned()];
        let wrong = confirmation::agree(ctx, s.session, s.revision().await, &keys, "falsch".into()).await.map(|_| ());
        assert_eq!(refused(wrong).0, "error-password-wrong");
        confirmation::agree(ctx, s.session, s.revision().await, &keys, PASSWORD.into()).await.unwrap();
        assert!(s.row("T14").await.is_agreed());
        // Changed roles are not what was agreed to.
        s.save("T14", Duty::Helps, Some(Duty::Does)).await;
        let row = s.row("T14").await;
        assert!(row.hospital_agreed.is_none() && row.vendor_agreed.is_none());
        assert_eq!(row.proposals.len(), 3);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_wrong_file_is_named_and_nothing_of_it_is_taken() {
    for_both_apps_without_catalogue(async |t| {
        let (a, b) = (story(t, "A").await, story(t, "B").await);
        let ctx = &a.head.ctx;
        a.save("T14", Duty::Informed, None).await;
        let id = a.ask().await;
        let day = today(ctx).await;
        let fresh = a.book(id).await;
        let with = |change: &dyn Fn(&mut Vec<SheetOut>)| {
            let mut book = fresh.clone();
            signed(&mut book, &day);
            row(&mut book, "T14")[6] = "主".into();
            change(&mut book);
            book
        };
        // Files that are refused as a whole.
        let foreign = b.ask().await;
        let mut other = b.book(foreign).await;
        signed(&mut other, &day);
        let second = a.ask().await;
        let mut sibling = a.book(second).await;
        signed(&mut sibling, &day);
        for (book, wanted, cell) in [
            (other, "inquiry-file-foreign", ""),
            (sibling, "inquiry-file-other", ""),
            (with(&|book| book[2].rows[0][1].clear()), "inquiry-file-who", "B2"),
            (with(&|book| book[2].rows[1][1] = "来週".into()), "inquiry-file-day", "B3"),
            (with(&|book| book[2].rows[1][1] = "2020-03-31".into()), "inquiry-file-before-contract", "B3"),
            (with(&|book| book[2].rows[1][1] = "2099-01-01".into()), "inquiry-file-ahead", "B3"),
            (with(&|book| book.truncate(1)), "inquiry-file-sheets", ""),
        ] {
            let (key, told) = refused(a.enter(id, "回答.xlsx", &book).await);
            assert_eq!(key, wanted, "{told}");
            assert!(told.contains(cell), "{told}");
            assert!(confirmation::inquiry(ctx, id).await.unwrap().reply.is_none());
        }
        // Rows that are kept back, each with its cell.
        let odd = with(&|book| {
            row(book, "T15")[6] = "たぶん".into();
            row(book, "T16")[5] = "主".into();
            row(book, "T18")[9] = "いいえ".into();
            let at = book[0].rows.iter().position(|row| row[10] == "T20").unwrap();
            book[0].rows.remove(at);
            row(book, "T21")[10] = "T99".into();
            let twice = row(book, "T22").clone();
            book[0].rows.push(twice);
            book[0].rows.swap(0, 1);
        });
        a.enter(id, "変な回答.xlsx", &odd).await.unwrap();
        let view = confirmation::inquiry(ctx, id).await.unwrap();
        let told: Vec<(Option<&str>, &str, bool)> = view
            .faults
            .iter()
            .map(|fault| (fault.item.as_deref(), fault.msg.key.as_str(), fault.place.cell.is_some()))
            .collect();
        for wanted in [
            (Some("T15"), "inquiry-fault-word", true),
            (Some("T16"), "inquiry-fault-altered", true),
            (Some("T18"), "inquiry-fault-word", true),
            (Some("T20"), "inquiry-fault-gone", false),
            (Some("T21"), "inquiry-fault-gone", false),
            (None, "inquiry-fault-row", true),
            (Some("T22"), "inquiry-fault-twice", true),
            (None, "inquiry-fault-order", true),
        ] {
            assert!(told.contains(&wanted), "{wanted:?} is not among {told:?}");
        }
        let take = BTreeMap::from([("T14".to_owned(), Choice::Take)]);
        let held = confirmation::decide(ctx, id, view.revision, &take).await;
        assert_eq!(refused(held).0, "inquiry-held");
        assert_eq!(a.row("T14").await.roles.vendor, None);
        let mut all = take;
        all.extend(["T15", "T16", "T18", "T20", "T21", "T22"].map(|key| (key.to_owned(), Choice::SetAside)));
        confirmation::decide(ctx, id, view.revision, &all).await.unwrap();
        assert_eq!(a.row("T14").await.roles.vendor, Some(Duty::Does));
        // The same bytes again are known.
        assert_eq!(refused(a.enter(id, "変な回答.xlsx", &odd).await).0, "inquiry-file-again");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vendor_answers_in_its_own_tenant_and_sees_nothing_else() {
    for_both_apps_without_catalogue(async |t| {
        let s = story(t, "A").await;
        let ctx = &s.head.ctx;
        let tamura = t.user(&t.vendor("北都ヘルステック").await, "tamura", &[Role::VendorStaff]).await;
        let other = t.user(&t.vendor("青葉メディカルシステム").await, "aoba", &[Role::VendorStaff]).await;
        let contracts = confirmation::list(ctx).await.unwrap().contracts;
        advice::link(ctx, contracts[0].0.vendor, true).await.unwrap();
        s.save("T14", Duty::Informed, None).await;
        let id = s.ask().await;
        let (sheet, reply) = inbox::one(&tamura.ctx, id).await.unwrap();
        assert!(reply.is_none() && sheet.content.session.is_nil() && sheet.content.vendor_tenant.is_none());
        let text = serde_json::to_string(&sheet.content).unwrap();
        assert!(!text.contains("青葉") && !text.contains("レセプト保守"), "another vendor is in the sheet");
        assert!(matches!(inbox::one(&other.ctx, id).await, Err(AppError::NotFound)));
        assert!(inbox::list(&other.ctx).await.unwrap().is_empty());
        assert!(matches!(confirmation::list(&tamura.ctx).await, Err(AppError::Denied(_))));
        let said: fields::Fields =
            [("i-T14", "does"), ("c-T14", "第9条"), ("a-T14", "yes")].map(|(a, b)| (a.to_owned(), b.to_owned())).into();
        let told = inbox::answer(&tamura.ctx, id, &said, "wrong".into()).await.map(|_| ());
        assert_eq!(refused(told).0, "error-password-wrong");
        assert!(confirmation::inquiry(ctx, id).await.unwrap().reply.is_none());
        assert_eq!(inbox::answer(&tamura.ctx, id, &said, PASSWORD.into()).await.unwrap(), 1);
        let view = confirmation::inquiry(ctx, id).await.unwrap();
        let take = BTreeMap::from([("T14".to_owned(), Choice::Take)]);
        // Somebody else in the hospital wrote that item since the page was read.
        s.save("T14", Duty::Helps, None).await;
        let stale = confirmation::decide(ctx, id, view.revision, &take).await;
        assert!(matches!(stale, Err(AppError::Conflict(_))), "{stale:?}");
        s.save("T14", Duty::Informed, None).await;
        // What happens to another item is no hindrance.
        let seen = s.revision().await;
        s.save("T15", Duty::Does, None).await;
        confirmation::decide(ctx, id, seen, &take).await.unwrap();
        assert_eq!(s.row("T15").await.roles.hospital, Some(Duty::Does));
        let agreed = s.row("T14").await.vendor_agreed.unwrap();
        assert_eq!((agreed.means, agreed.entered_by), (Means::Login, None));
        // After the link has ended the hospital takes no answer any more.
        advice::link(ctx, contracts[0].0.vendor, false).await.unwrap();
        let closed = inbox::answer(&tamura.ctx, id, &said, PASSWORD.into()).await;
        assert!(matches!(closed, Err(AppError::Conflict(_))), "{closed:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn management_reads_and_changes_nothing() {
    for_both_apps_without_catalogue(async |t| {
        let s = story(t, "A").await;
        let director = Ctx::new(
            s.head.ctx.app.clone(),
            tomomori_domain::access::Actor::person(
                s.head.ctx.actor.tenant,
                s.head.ctx.actor.user.unwrap(),
                "院長".into(),
                vec![Role::Management],
            ),
        );
        assert_eq!(confirmation::list(&director).await.unwrap().sessions.len(), 1);
        let first = BTreeMap::from([("T01".to_owned(), true)]);
        let told = confirmation::first(&director, s.session, s.revision().await, &first).await;
        assert!(matches!(told, Err(AppError::Denied(_))), "{told:?}");
        let scan = confirmation::agree_by_scan(&director, s.session, 1, &[], "田村", "合意書.pdf").await;
        assert!(matches!(scan, Err(AppError::Denied(_))), "{scan:?}");
    })
    .await;
}

const DEVICES: &str = "\
管理番号,機器名,種別,保守業者\r\n\
K-1,電子カルテAPサーバ,サーバ,北都ヘルステック\r\n\
K-2,レセプトサーバ,サーバ,青葉メディカルシステム\r\n";

const LINE: &str = "\
接続元,接続先,用途,方式\r\n\
電子カルテAPサーバ,レセプトサーバ,カルテ・レセプト連携,HL7\r\n";

#[tokio::test(flavor = "multi_thread")]
async fn an_opened_joint_shows_each_vendor_the_others_name_and_proposal_only() {
    for_both_apps_without_catalogue(async |t| {
        let at = t.hospital("A病院").await;
        let head = t.operator(&at, "sasaki").await;
        let ctx = &head.ctx;
        let files = [
            ("契約一覧.csv", CONTRACTS.as_bytes()),
            ("台帳.csv", DEVICES.as_bytes()),
            ("回線一覧.csv", LINE.as_bytes()),
        ];
        t.imported(ctx, &files).await;
        let joint_gaps = async || {
            let told = roles::matrix(ctx, &Default::default()).await.unwrap().others;
            told.into_iter().filter(|told| told.gap.rule == roles::Rule::Joint).collect::<Vec<_>>()
        };
        let found = joint_gaps().await;
        assert_eq!(found.len(), 1);
        let roles::On::Line(line) = found[0].gap.on else { panic!("{found:?}") };
        let view = joints::view(ctx, line).await.unwrap();
        assert_eq!((view.left, view.revision), (5, 0));
        let contracts = confirmation::list(ctx).await.unwrap().contracts;
        let mut sessions = Vec::new();
        for (contract, _) in &contracts {
            let id = confirmation::start(ctx, editions::DEFAULT, Some(contract.id), ctx.today()).await.unwrap();
            sessions.push((id, contract.vendor));
        }
        let ask = async |session: Uuid| {
            let due = "2027-01-31".parse().unwrap();
            let id = confirmation::ask(ctx, Ask { session, note: String::new(), due }).await.unwrap();
            (id, confirmation::inquiry(ctx, id).await.unwrap().inquiry)
        };
        // Nothing of a joint is shown before the hospital opens it.
        assert!(ask(sessions[0].0).await.1.joints.is_empty());
        joints::set_open(ctx, line, 0, true).await.unwrap();
        let (id, first) = ask(sessions[0].0).await;
        assert_eq!(first.joints.len(), 1);
        let text = "境目は連携サーバの口まで";
        let name = format!("j-{line}-boundary");
        let answer = fields::FileAnswer {
            code: first.code.clone(),
            by: "田村".into(),
            on: ctx.today().to_string(),
            fields: [(name, text.to_owned())].into(),
        };
        let bytes = serde_json::to_vec(&answer).unwrap();
        confirmation::enter(ctx, id, "回答.json", &bytes, &[&ja]).await.unwrap();
        let revision = confirmation::inquiry(ctx, id).await.unwrap().revision;
        confirmation::decide(ctx, id, revision, &BTreeMap::new()).await.unwrap();
        let (_, second) = ask(sessions[1].0).await;
        let joint = &second.joints[0];
        assert_eq!(joint.name, "カルテ・レセプト連携");
        assert_eq!(joint.other, contracts[0].1);
        assert_eq!(joint.topics[0].theirs.as_deref(), Some(text));
        assert_eq!(joint.topics[0].own, None);
        // Two names, that joint, both proposals: nothing else of the other vendor.
        let all = serde_json::to_string(&second).unwrap();
        let others = ["電子カルテAPサーバ", "電子カルテ保守", "レセプトサーバ", "レセプト保守"];
        let own = second.contract.split(' ').nth(1).unwrap();
        for word in others.into_iter().filter(|word| *word != own) {
            assert!(!all.contains(word), "{word} is shown: {all}");
        }
        // Settled topic by topic; a stale page is refused; then the joint is no finding any more.
        let now = joints::view(ctx, line).await.unwrap();
        let some = BTreeMap::from([(joints::JointTopic::Boundary, text.to_owned())]);
        let stale = joints::settle(ctx, line, now.revision - 1, &some).await;
        assert!(matches!(stale, Err(AppError::Conflict(_))), "{stale:?}");
        joints::settle(ctx, line, now.revision, &some).await.unwrap();
        assert_eq!(joints::view(ctx, line).await.unwrap().left, 4);
        let rest = joints::JointTopic::ALL.iter().map(|topic| (*topic, text.to_owned())).collect();
        joints::settle(ctx, line, now.revision + 1, &rest).await.unwrap();
        assert!(joint_gaps().await.is_empty());
        let director = t.management(&at, "incho").await;
        let told = joints::settle(&director.ctx, line, now.revision + 2, &rest).await;
        assert!(matches!(told, Err(AppError::Denied(_))), "{told:?}");
    })
    .await;
}
