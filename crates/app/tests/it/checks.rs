//! Answers, undo, one device or two: each a step that can be taken back.

use crate::story::{device, entries, ledger_of};
use std::collections::BTreeSet;
use tomomori_app::checks::{self, CheckFilter, CheckRow, PageRequest};
use tomomori_app::device::{Rule, Standing};
use tomomori_app::edit::{self, Edit};
use tomomori_app::{AppError, Ctx, audit, device as page, home};
use tomomori_domain::check::{CheckKind, Remedy};
use tomomori_domain::ids::{ChangeId, ResourceId};
use tomomori_domain::import::{Field, Place};
use tomomori_domain::record::ChangeKind;
use tomomori_testkit::{TestApp, for_both_apps_without_catalogue};

/// The hospital's own list.
const LEDGER: &str = "\
管理番号,機器名,種別,メーカー,型番,製造番号,MACアドレス,IPアドレス,接続先\r\n\
K-1,検査サーバ,サーバ,DELL,PowerEdge R740,SN-1001,00:11:22:00:00:01,10.0.0.1,どこにもないスイッチ\r\n\
K-2,画像サーバ,サーバ,DELL,PowerEdge R640,SN-1002,00:11:22:00:00:02,10.0.0.2,\r\n\
K-3,会計端末,端末,NEC,Mate,SN-1003,00:11:22:00:00:03,10.0.0.3,\r\n";

/// A vendor's: the first box with another serial number, the second under another name and as another product.
const DELIVERY: &str = "\
機器名,種別,メーカー,型番,製造番号,MACアドレス\r\n\
検査サーバ,サーバ,DELL,PowerEdge R740,SN-9001,00:11:22:00:00:01\r\n\
PACS本体,サーバ,DELL,PowerEdge T999,SN-1002,\r\n";

async fn hospital(t: &TestApp) -> Ctx {
    let ctx = t.operator(&t.hospital("みどり川病院").await, "sasaki").await.ctx;
    t.imported(&ctx, &[("台帳.csv", LEDGER.as_bytes())]).await;
    t.imported(&ctx, &[("納品書.csv", DELIVERY.as_bytes())]).await;
    ctx
}

async fn rows(ctx: &Ctx, kind: Option<CheckKind>, answered: bool) -> Vec<CheckRow> {
    let filter = CheckFilter { kind, answered, resource: None };
    checks::list(ctx, &filter, &PageRequest { after: None, limit: 500 }).await.unwrap().page.rows
}

async fn the(ctx: &Ctx, kind: CheckKind) -> CheckRow {
    let mut rows = rows(ctx, Some(kind), false).await;
    assert_eq!(rows.len(), 1, "{kind:?}: {rows:?}");
    rows.pop().unwrap()
}

async fn ids(ctx: &Ctx) -> BTreeSet<ResourceId> {
    ledger_of(ctx).await.page.rows.iter().map(|row| row.resource.id).collect()
}

async fn newest(ctx: &Ctx) -> edit::StepRow {
    edit::steps(ctx, &PageRequest { after: None, limit: 1 }).await.unwrap().page.rows.remove(0)
}

fn number(row: &CheckRow, wanted: impl Fn(&Remedy) -> bool) -> usize {
    row.check.answers.iter().position(wanted).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_rows_become_one_device_and_two_again() {
    for_both_apps_without_catalogue(async |t| {
        let ctx = hospital(t).await;
        let before = (ids(&ctx).await, ledger_of(&ctx).await.page);
        let asked = the(&ctx, CheckKind::SameBox).await;
        assert!(matches!(asked.check.answers[0], Remedy::Join { .. }), "one MAC: more likely one device");
        let done = checks::answer(&ctx, &asked.id, 0).await.unwrap();
        let step = done.step.unwrap();
        assert_eq!(ids(&ctx).await.len(), before.0.len() - 1);
        assert!(rows(&ctx, Some(CheckKind::SameBox), false).await.is_empty());
        // Who answered what stays known although nothing asks any more.
        let answered = rows(&ctx, Some(CheckKind::SameBox), true).await.remove(0);
        assert_eq!(
            (answered.answered_by.as_deref(), answered.answer.as_ref()),
            (Some("sasaki さん"), asked.check.answers.first())
        );
        assert_eq!((newest(&ctx).await.step.id, newest(&ctx).await.decided), (step, 1));

        // What taking it back would do is shown first and changes nothing.
        let shown = edit::preview_undo(&ctx, step).await.unwrap();
        assert!(shown.refused.is_none() && !shown.changes.is_empty());
        assert_eq!(ids(&ctx).await.len(), before.0.len() - 1);
        let undone = edit::undo(&ctx, step).await.unwrap();
        assert_eq!(undone.changes.len(), shown.changes.len());
        assert_eq!(ids(&ctx).await, before.0, "the devices have their ids back");
        assert_eq!(the(&ctx, CheckKind::SameBox).await.id, asked.id, "it is asked again");
        let twice = edit::undo(&ctx, step).await.unwrap_err();
        assert_eq!(twice.message().key, "undo-done-before");
        // Taking back the taking back joins them again.
        edit::undo(&ctx, undone.step).await.unwrap();
        assert_eq!(ids(&ctx).await.len(), before.0.len() - 1);
        assert!(rows(&ctx, Some(CheckKind::SameBox), false).await.is_empty());
        assert!(audit::verify(&ctx, None).await.unwrap().is_intact());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_is_not_asked_again() {
    for_both_apps_without_catalogue(async |t| {
        let ctx = hospital(t).await;
        let same = the(&ctx, CheckKind::SameBox).await;
        let apart = number(&same, |answer| matches!(answer, Remedy::KeepApart { .. }));
        checks::answer(&ctx, &same.id, apart).await.unwrap();
        let names = the(&ctx, CheckKind::TwoNames).await;
        let before = ids(&ctx).await;
        checks::answer(&ctx, &names.id, 0).await.unwrap();
        assert_eq!(ids(&ctx).await, before, "left as one");
        // Leaving is no step: nothing of the ledger changes.
        let reference = the(&ctx, CheckKind::Reference).await;
        let last = newest(&ctx).await.step.id;
        let left = checks::answer(&ctx, &reference.id, 0).await.unwrap();
        assert_eq!((left.step, newest(&ctx).await.step.id), (None, last));
        t.imported(&ctx, &[("納品書.csv", DELIVERY.as_bytes()), ("台帳.csv", LEDGER.as_bytes())]).await;
        for kind in [CheckKind::SameBox, CheckKind::TwoNames, CheckKind::Reference] {
            assert!(rows(&ctx, Some(kind), false).await.is_empty(), "{kind:?} is asked again");
        }
        // The answer can be changed.
        checks::answer(&ctx, &same.id, number(&same, |answer| matches!(answer, Remedy::Join { .. }))).await.unwrap();
        assert_eq!(ids(&ctx).await.len(), before.len() - 1);
        let refused = checks::answer(&ctx, &same.id, 9).await.unwrap_err();
        assert_eq!(refused.message().key, "check-no-such-answer");
        let marked = entries(&ctx).await.iter().filter(|entry| entry.action == "check.answer").count();
        assert_eq!(marked, 4);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_chosen_is_in_force_and_every_statement_says_why() {
    for_both_apps_without_catalogue(async |t| {
        let ctx = hospital(t).await;
        let asked = the(&ctx, CheckKind::Contradiction).await;
        let id = asked.check.resource.unwrap();
        let set = number(&asked, |answer| matches!(answer, Remedy::Set { .. }));
        let step = checks::answer(&ctx, &asked.id, set).await.unwrap().step.unwrap();
        let shown = page::show(&ctx, id).await.unwrap();
        let product = shown.fields.iter().find(|history| history.field == Field::Product).unwrap();
        assert_eq!(product.values, ["PowerEdge T999"]);
        let standings: Vec<_> = product.stated.iter().map(|stated| (stated.by.is_some(), stated.standing)).collect();
        let lost = Standing::Lost(Rule::Hospital);
        assert_eq!(standings, [(true, Standing::InForce), (false, Standing::Agrees), (false, lost)]);
        assert_eq!(
            product.stated[0].since.as_ref().map(|step| (step.id, step.kind)),
            Some((step, ChangeKind::Decision))
        );
        assert_eq!(product.stated[2].place.cell.as_deref(), Some("E3"));
        assert_eq!(shown.rows.len(), 2);

        edit::undo(&ctx, step).await.unwrap();
        assert_eq!(the(&ctx, CheckKind::Contradiction).await.id, asked.id);
        let shown = page::show(&ctx, id).await.unwrap();
        let product = shown.fields.iter().find(|history| history.field == Field::Product).unwrap();
        assert_eq!(product.values, ["PowerEdge R640"]);
        let gone = product.stated.iter().find(|stated| stated.by.is_some()).unwrap();
        assert_eq!(
            (gone.standing, gone.until.as_ref().map(|step| step.kind)),
            (Standing::Ended, Some(ChangeKind::Undo))
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_recommended_answers_of_a_kind_are_one_step() {
    for_both_apps_without_catalogue(async |t| {
        let ctx = t.operator(&t.hospital("みどり川病院").await, "sasaki").await.ctx;
        let (mut ledger, mut delivery) = (
            "管理番号,機器名,種別,製造番号,MACアドレス\r\n".to_owned(),
            "機器名,種別,製造番号,MACアドレス\r\n".to_owned(),
        );
        for n in 10..16 {
            ledger.push_str(&format!("K-{n},端末{n},端末,SN-{n},00:11:22:00:00:{n}\r\n"));
            delivery.push_str(&format!("端末{n},端末,SX-{n},00:11:22:00:00:{n}\r\n"));
        }
        t.imported(&ctx, &[("台帳.csv", ledger.as_bytes()), ("納品書.csv", delivery.as_bytes())]).await;
        let before = ids(&ctx).await;
        assert_eq!(before.len(), 12);
        let todo = home::home(&ctx).await.unwrap().todo;
        let decide = todo.iter().find(|todo| todo.title.key == "home-decisions-title").unwrap();
        assert_eq!((decide.title.args["count"].as_str(), decide.href.as_str()), ("6", "/checks?kind=same_box"));
        assert!(todo.len() <= 5);

        let offered = checks::recommended(&ctx, CheckKind::SameBox).await.unwrap().page.rows;
        let all: Vec<String> = offered.into_iter().map(|row| row.id).collect();
        let gaps = checks::answer_recommended(&ctx, CheckKind::Stranger, &all).await.unwrap_err();
        assert_eq!(gaps.message().key, "check-one-by-one", "a gap is never waved away with others");
        let wrong = checks::answer_recommended(&ctx, CheckKind::TwoNames, &all).await.unwrap_err();
        assert_eq!(wrong.message().key, "check-list-changed");
        assert!(matches!(checks::answer_recommended(&ctx, CheckKind::SameBox, &[]).await, Err(AppError::Invalid(_))));
        assert_eq!(ids(&ctx).await.len(), 12);
        let done = checks::answer_recommended(&ctx, CheckKind::SameBox, &all).await.unwrap();
        assert_eq!(done.checks, 6);
        assert_eq!(ids(&ctx).await.len(), 6);
        assert_eq!((newest(&ctx).await.step.id, newest(&ctx).await.decided), (done.step.unwrap(), 6));
        // What somebody answered meanwhile is not answered over.
        let again = checks::answer_recommended(&ctx, CheckKind::SameBox, &all[..1]).await.unwrap_err();
        assert!(matches!(again, AppError::Conflict(_)));
        edit::undo(&ctx, done.step.unwrap()).await.unwrap();
        assert_eq!(ids(&ctx).await, before);
        assert_eq!(rows(&ctx, Some(CheckKind::SameBox), false).await.len(), 6);
    })
    .await;
}

async fn version(ctx: &Ctx, id: ResourceId, text: &str) -> ChangeId {
    let values = vec![text.to_owned()];
    let edit = Edit { resource: id, field: Field::Version, label: None, values, place: Place::default() };
    edit::edit(ctx, vec![edit]).await.unwrap().step
}

async fn shown_version(ctx: &Ctx, id: ResourceId) -> Option<String> {
    page::show(ctx, id).await.unwrap().detail.resource.version
}

#[tokio::test(flavor = "multi_thread")]
async fn steps_are_taken_back_newest_first() {
    for_both_apps_without_catalogue(async |t| {
        let ctx = hospital(t).await;
        let id = device(&ctx, "会計端末").await.resource.id;
        let (first, second) = (version(&ctx, id, "1.0").await, version(&ctx, id, "2.0").await);
        let refused = edit::undo(&ctx, first).await.unwrap_err();
        assert!(matches!(&refused, AppError::Conflict(msg) if msg.key == "undo-went-on"), "{refused}");
        let shown = edit::preview_undo(&ctx, first).await.unwrap();
        assert_eq!(shown.later.iter().map(|step| step.id).collect::<Vec<_>>(), [second]);
        assert!(shown.changes.is_empty());
        let back = edit::undo(&ctx, second).await.unwrap().step;
        assert_eq!(shown_version(&ctx, id).await.as_deref(), Some("1.0"));
        // Since then somebody wrote again: taking the undo back would state two values at once.
        let third = version(&ctx, id, "3.0").await;
        let shown = edit::preview_undo(&ctx, back).await.unwrap();
        assert_eq!((shown.refused.unwrap().key.as_str(), shown.later[0].id), ("undo-went-on", third));
        edit::undo(&ctx, third).await.unwrap();
        edit::undo(&ctx, back).await.unwrap();
        assert_eq!(shown_version(&ctx, id).await.as_deref(), Some("2.0"));

        // The newest import goes with what only it said; the one before stays.
        let before = ids(&ctx).await.len();
        let all = edit::steps(&ctx, &PageRequest::default()).await.unwrap();
        let imports: Vec<ChangeId> =
            all.page.rows.iter().filter(|row| row.step.kind == ChangeKind::Import).map(|row| row.step.id).collect();
        assert_eq!((imports.len(), all.total), (2, all.page.rows.len() as u64));
        edit::undo(&ctx, imports[0]).await.unwrap();
        assert_eq!(ids(&ctx).await.len(), before - 1);
        assert!(rows(&ctx, Some(CheckKind::SameBox), false).await.is_empty());
        let missing = edit::undo(&ctx, ChangeId::generate()).await.unwrap_err();
        assert!(matches!(missing, AppError::NotFound));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_made_anew_is_not_taken_back_by_undoing_the_old_one() {
    for_both_apps_without_catalogue(async |t| {
        let ctx = hospital(t).await;
        let asked = the(&ctx, CheckKind::SameBox).await;
        let joined = checks::answer(&ctx, &asked.id, 0).await.unwrap().step.unwrap();
        let apart = number(&asked, |answer| matches!(answer, Remedy::KeepApart { .. }));
        let parted = checks::answer(&ctx, &asked.id, apart).await.unwrap().step.unwrap();
        let two = ids(&ctx).await;
        let shown = edit::preview_undo(&ctx, joined).await.unwrap();
        assert_eq!(shown.later.iter().map(|step| step.id).collect::<Vec<_>>(), [parted]);
        assert!(edit::undo(&ctx, joined).await.is_err());
        assert_eq!(ids(&ctx).await, two);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn joining_and_parting_are_each_others_inverse() {
    for_both_apps_without_catalogue(async |t| {
        let ctx = hospital(t).await;
        let (one, other) = (device(&ctx, "検査サーバ").await.resource.id, device(&ctx, "会計端末").await.resource.id);
        version(&ctx, other, "7.7").await;
        let before = ledger_of(&ctx).await.page.rows;
        let alike = |rows: &[tomomori_app::ledger::ResourceRow]| -> Vec<_> {
            let device = |row: &tomomori_app::ledger::ResourceRow| tomomori_domain::resource::Resource {
                revision: 0,
                ..row.resource.clone()
            };
            rows.iter().map(device).collect()
        };
        let shown = edit::preview_join(&ctx, one, other).await.unwrap();
        let joined = edit::join(&ctx, one, other).await.unwrap();
        assert_eq!(joined.changes.len(), shown.len());
        let stays = one.min(other);
        let now = ids(&ctx).await;
        assert!(now.contains(&stays) && now.len() == before.len() - 1);
        // Parting the row that came from the other device gives both back, ids and edits included.
        let mine = page::show(&ctx, stays).await.unwrap();
        let goes: Vec<_> = mine
            .rows
            .iter()
            .filter(|row| (row.get(Field::AssetNumber) == Some("K-3")) == (stays == one))
            .map(|row| row.id)
            .collect();
        edit::part(&ctx, stays, &goes).await.unwrap();
        assert_eq!(alike(&ledger_of(&ctx).await.page.rows), alike(&before));
        assert!(edit::part(&ctx, one, &[]).await.is_err());
        assert_eq!(edit::join(&ctx, one, one).await.unwrap_err().message().key, "edit-join-itself");
        assert!(matches!(edit::join(&ctx, one, ResourceId::generate()).await, Err(AppError::NotFound)));
        assert!(matches!(edit::part(&ctx, ResourceId::generate(), &[]).await, Err(AppError::NotFound)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn management_reads_and_does_not_answer() {
    for_both_apps_without_catalogue(async |t| {
        let at = t.hospital("みどり川病院").await;
        let ctx = t.operator(&at, "sasaki").await.ctx;
        t.imported(&ctx, &[("台帳.csv", LEDGER.as_bytes())]).await;
        let asked = the(&ctx, CheckKind::Reference).await;
        checks::assign(&ctx, &asked.id, Some(" 田中 "), Some(jiff::civil::date(2026, 12, 1))).await.unwrap();
        let row = the(&ctx, CheckKind::Reference).await;
        assert_eq!((row.owner.as_deref(), row.due), (Some("田中"), Some(jiff::civil::date(2026, 12, 1))));
        let long = "長".repeat(101);
        assert!(matches!(checks::assign(&ctx, &asked.id, Some(&long), None).await, Err(AppError::Invalid(_))));

        let incho = t.management(&at, "incho").await.ctx;
        assert_eq!(rows(&incho, None, false).await.len(), rows(&ctx, None, false).await.len());
        let step = newest(&incho).await.step.id;
        let id = asked.check.resource.unwrap();
        let denied = |error: AppError| assert!(matches!(error, AppError::Denied(_)), "{error}");
        denied(checks::answer(&incho, &asked.id, 0).await.unwrap_err());
        denied(checks::assign(&incho, &asked.id, None, None).await.unwrap_err());
        denied(checks::recommended(&incho, CheckKind::Reference).await.unwrap_err());
        denied(checks::answer_recommended(&incho, CheckKind::Reference, &[asked.id]).await.unwrap_err());
        denied(edit::undo(&incho, step).await.unwrap_err());
        denied(edit::preview_undo(&incho, step).await.unwrap_err());
        denied(edit::join(&incho, id, id).await.unwrap_err());
        denied(edit::part(&incho, id, &[]).await.unwrap_err());
        let nobody = t.user(&at, "nobody", &[]).await.ctx;
        denied(checks::open_count(&nobody).await.unwrap_err());
        denied(edit::steps(&nobody, &PageRequest::default()).await.unwrap_err());
        denied(page::show(&nobody, id).await.unwrap_err());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_entered_by_hand_is_joined_and_comes_back_whole() {
    for_both_apps_without_catalogue(async |t| {
        let ctx = t.operator(&t.hospital("みどり川病院").await, "sasaki").await.ctx;
        let new = ResourceId::generate();
        let field = |field, text: &str| Edit {
            resource: new,
            field,
            label: None,
            values: vec![text.to_owned()],
            place: Place::default(),
        };
        edit::edit(&ctx, vec![field(Field::Name, "院長室の端末"), field(Field::Location, "2階")]).await.unwrap();
        t.imported(&ctx, &[("台帳.csv", LEDGER.as_bytes())]).await;
        let before = ids(&ctx).await;
        let listed = device(&ctx, "会計端末").await.resource.id;
        let joined = edit::join(&ctx, new, listed).await.unwrap();
        assert_eq!(ids(&ctx).await.len(), before.len() - 1);
        // More is written by hand while they are one: it belongs to the one.
        let one = device(&ctx, "院長室の端末").await.resource;
        assert_eq!((one.id, one.location.as_deref(), one.serial.as_deref()), (new, Some("2階"), Some("SN-1003")));
        version(&ctx, one.id, "9").await;
        edit::undo(&ctx, joined.step).await.unwrap();
        assert_eq!(ids(&ctx).await, before);
        let back = page::show(&ctx, new).await.unwrap().detail.resource;
        assert_eq!((back.name.as_str(), back.location.as_deref(), back.serial), ("院長室の端末", Some("2階"), None));
        assert_eq!((back.version.as_deref(), shown_version(&ctx, listed).await), (Some("9"), None));
        assert_eq!(device(&ctx, "会計端末").await.resource.id, listed);
    })
    .await;
}
