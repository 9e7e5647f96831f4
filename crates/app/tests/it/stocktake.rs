//! Rounds of stocktaking and statements about safeguards.

use crate::story::{FILE, device, entries, ledger_of};
use jiff::SignedDuration;
use tomomori_app::ledger::PageRequest;
use tomomori_app::safeguards::{self, Say};
use tomomori_app::stocktake::{self, Close, Follow, Given, PaperLang, Start};
use tomomori_app::{AppError, Ctx, edit};
use tomomori_domain::Msg;
use tomomori_domain::ids::{AnswerId, StocktakeId, StocktakeItemId};
use tomomori_domain::record::ChangeKind;
use tomomori_domain::resource::{Grade, ResourceKind, ResourceState};
use tomomori_domain::safeguard::{SafeguardKind, Statement, Subject, Verdict};
use tomomori_domain::stocktake::{Means, Outcome, Scope, Settled};
use tomomori_i18n::{Lang, tr};
use tomomori_testkit::{TestApp, for_both_apps_without_catalogue};

fn given(item: Option<StocktakeItemId>, outcome: Outcome) -> Given {
    Given {
        id: AnswerId::generate(),
        item,
        outcome,
        place: None,
        note: None,
        name: None,
        kind: None,
        label: None,
        ago_ms: 0,
        means: Means::Phone,
    }
}

async fn started(t: &TestApp, ctx: &Ctx) -> StocktakeId {
    t.imported(ctx, &[FILE]).await;
    let start = Start { name: "2026年度 定期棚卸".to_owned(), ..Start::default() };
    stocktake::start(ctx, start).await.unwrap()
}

async fn item(ctx: &Ctx, round: StocktakeId, name: &str) -> StocktakeItemId {
    let lines = stocktake::view(ctx, round).await.unwrap().round.lines;
    lines.iter().find(|line| line.item.name == name).unwrap().item.id
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_from_start_to_undo() {
    for_both_apps_without_catalogue(async |t| {
        let hospital = t.hospital("みどり川病院").await;
        let ctx = t.operator(&hospital, "sasaki").await.ctx;
        let id = started(t, &ctx).await;
        let view = stocktake::view(&ctx, id).await.unwrap();
        assert_eq!((view.round.stocktake.year, view.round.lines.len()), (2026, 3));
        let (vpn, db, pc) = (
            item(&ctx, id, "保守用VPN装置").await,
            item(&ctx, id, "電子カルテDB").await,
            item(&ctx, id, "受付PC").await,
        );

        t.clock.advance(SignedDuration::from_mins(10));
        let moved = Given { place: Some("2階 倉庫".to_owned()), ..given(Some(db), Outcome::Elsewhere) };
        let extra = Given {
            name: Some("私物の無線ルータ".to_owned()),
            kind: Some(ResourceKind::Network),
            place: Some("医局".to_owned()),
            label: Some("WHR-1166".to_owned()),
            ..given(None, Outcome::Extra)
        };
        let dropped = Given { name: Some("空箱".to_owned()), ..given(None, Outcome::Extra) };
        let (wanted, unwanted) = (extra.id, dropped.id);
        let found = given(Some(vpn), Outcome::Found);
        let all = vec![found.clone(), moved, given(Some(pc), Outcome::Missing), extra, dropped];
        assert_eq!(stocktake::answer(&ctx, id, all).await.unwrap(), 5);
        let step_count = edit::steps(&ctx, &PageRequest::default()).await.unwrap().page.rows.len();

        let follow = Follow { item: pc, owner: Some(" 鈴木 ".to_owned()), due: Some("2026-12-18".parse().unwrap()) };
        let close = Close { extras: vec![wanted], follow: vec![follow.clone()] };
        stocktake::close(&ctx, id, close.clone()).await.unwrap();
        assert!(matches!(stocktake::close(&ctx, id, close).await, Err(AppError::Conflict(_))));
        let steps = edit::steps(&ctx, &PageRequest::default()).await.unwrap().page.rows;
        assert_eq!(steps.len(), step_count + 1, "one step");
        assert_eq!((steps[0].step.kind, steps[0].step.title.as_str()), (ChangeKind::Stocktake, "2026年度 定期棚卸"));
        let view = stocktake::view(&ctx, id).await.unwrap();
        assert_eq!(view.round.stocktake.step, Some(steps[0].step.id));
        let today = ctx.today();
        let seen = async |name: &str| device(&ctx, name).await.resource.stocktaken_on;
        assert_eq!((seen("保守用VPN装置").await, seen("電子カルテDB").await), (Some(today), Some(today)));
        assert_eq!(device(&ctx, "電子カルテDB").await.resource.location.as_deref(), Some("2階 倉庫"));
        let missing = device(&ctx, "受付PC").await.resource;
        assert_eq!((missing.stocktaken_on, missing.state), (None, None), "its state stays");
        let new = device(&ctx, "私物の無線ルータ").await.resource;
        assert_eq!((new.kind, new.location.as_deref(), new.declared), (ResourceKind::Network, Some("医局"), true));
        let records = tomomori_app::ledger::detail(&ctx, new.id).await.unwrap().records;
        assert!(!records.is_empty() && records.iter().all(|row| row.grade == Grade::Declared));
        let names: Vec<String> = ledger_of(&ctx).await.page.rows.into_iter().map(|row| row.resource.name).collect();
        assert!(!names.contains(&"空箱".to_owned()) && view.round.extras.iter().any(|extra| extra.id == unwanted));

        // An answer that comes after the end is refused and says so.
        assert!(matches!(stocktake::answer(&ctx, id, vec![found]).await, Err(AppError::Conflict(_))));

        // Undo as for every step; then a person says what became of the missing one.
        edit::undo(&ctx, steps[0].step.id).await.unwrap();
        assert_eq!(seen("保守用VPN装置").await, None);
        assert!(stocktake::view(&ctx, id).await.unwrap().step.unwrap().undone_by.is_some());
        stocktake::follow(&ctx, id, follow.clone(), Some(Settled::Retired)).await.unwrap();
        assert_eq!(device(&ctx, "受付PC").await.resource.state, Some(ResourceState::Retired));
        let other = Follow { item: vpn, ..follow };
        assert!(matches!(stocktake::follow(&ctx, id, other, None).await, Err(AppError::Conflict(_))));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn late_and_doubled_answers_do_no_harm_and_all_are_kept() {
    for_both_apps_without_catalogue(async |t| {
        let hospital = t.hospital("みどり川病院").await;
        let ctx = t.operator(&hospital, "sasaki").await.ctx;
        let id = started(t, &ctx).await;
        let vpn = item(&ctx, id, "保守用VPN装置").await;
        t.clock.advance(SignedDuration::from_mins(60));
        let now = given(Some(vpn), Outcome::Found);
        let early = Given { ago_ms: 30 * 60_000, ..given(Some(vpn), Outcome::Missing) };
        let answer = async |given: Vec<Given>| stocktake::answer(&ctx, id, given).await.unwrap();
        assert_eq!(answer(vec![now.clone(), now.clone()]).await, 1);
        // Given half an hour ago, it arrives only now, and again.
        assert_eq!((answer(vec![early.clone()]).await, answer(vec![early, now]).await), (1, 0));
        let round = stocktake::view(&ctx, id).await.unwrap().round;
        let line = round.lines.iter().find(|line| line.item.id == vpn).unwrap();
        assert_eq!(line.outcome(), Some(Outcome::Found));
        let said = entries(&ctx).await.into_iter().filter(|entry| entry.action == "stocktake.answer").count();
        assert_eq!(said, 2, "both are in the audit trail, each once");
        // A delivery with one bad answer is refused as a whole.
        let bad = vec![given(Some(vpn), Outcome::Missing), given(Some(vpn), Outcome::Elsewhere)];
        assert!(matches!(stocktake::answer(&ctx, id, bad).await, Err(AppError::Invalid(_))));
        let strange = vec![given(Some(StocktakeItemId::generate()), Outcome::Found)];
        assert!(matches!(stocktake::answer(&ctx, id, strange).await, Err(AppError::NotFound)));
        assert_eq!(stocktake::view(&ctx, id).await.unwrap().round.tally().missing, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rights_scope_and_tenants() {
    for_both_apps_without_catalogue(async |t| {
        let hospital = t.hospital("みどり川病院").await;
        let ctx = t.operator(&hospital, "sasaki").await.ctx;
        let id = started(t, &ctx).await;
        let incho = t.management(&hospital, "incho").await.ctx;
        let vpn = item(&incho, id, "保守用VPN装置").await;
        let denied = |result: Result<(), AppError>| assert!(matches!(result, Err(AppError::Denied(_))), "{result:?}");
        denied(stocktake::start(&incho, Start { name: "x".to_owned(), ..Start::default() }).await.map(drop));
        denied(stocktake::answer(&incho, id, vec![given(Some(vpn), Outcome::Found)]).await.map(drop));
        denied(stocktake::close(&incho, id, Close::default()).await);
        let stranger = t.operator(&t.hospital("となり病院").await, "kato").await.ctx;
        let lost = |result: Result<(), AppError>| assert!(matches!(result, Err(AppError::NotFound)), "{result:?}");
        lost(stocktake::view(&stranger, id).await.map(drop));
        lost(stocktake::answer(&stranger, id, vec![given(Some(vpn), Outcome::Found)]).await.map(drop));
        lost(stocktake::close(&stranger, id, Close::default()).await);
        assert!(stocktake::list(&stranger).await.unwrap().0.is_empty());

        let only = Scope { kinds: vec![ResourceKind::Network], ..Scope::default() };
        let narrow = Start { name: "網の機器".to_owned(), scope: only.clone(), due: None };
        let narrow = stocktake::start(&ctx, narrow).await.unwrap();
        let narrow = stocktake::view(&ctx, narrow).await.unwrap().round;
        assert_eq!((narrow.lines.len(), &narrow.stocktake.scope), (1, &only));
        let none = Scope { kinds: vec![ResourceKind::Cloud], ..Scope::default() };
        let empty = Start { name: "x".to_owned(), scope: none, due: None };
        assert!(
            matches!(stocktake::start(&ctx, empty).await, Err(AppError::Invalid(msg)) if msg.key == "stocktake-nothing")
        );
        assert!(matches!(stocktake::start(&ctx, Start::default()).await, Err(AppError::Invalid(_))));
        // Nothing was found: closing writes no step.
        let steps = edit::steps(&ctx, &PageRequest::default()).await.unwrap().page.rows.len();
        stocktake::close(&ctx, narrow.stocktake.id, Close::default()).await.unwrap();
        assert_eq!(edit::steps(&ctx, &PageRequest::default()).await.unwrap().page.rows.len(), steps);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn papers_and_workbook_of_a_round() {
    for_both_apps_without_catalogue(async |t| {
        let hospital = t.hospital("みどり川病院").await;
        let ctx = t.operator(&hospital, "sasaki").await.ctx;
        let id = started(t, &ctx).await;
        let (vpn, pc) = (item(&ctx, id, "保守用VPN装置").await, item(&ctx, id, "受付PC").await);
        let moved = Given { place: Some("医局".to_owned()), ..given(Some(vpn), Outcome::Elsewhere) };
        stocktake::answer(&ctx, id, vec![moved, given(Some(pc), Outcome::Missing)]).await.unwrap();
        let ja = |msg: &Msg| tr(Lang::Ja, msg);
        let sheet = stocktake::sheet_pdf(&ctx, id, PaperLang::Ja, &ja).await.unwrap();
        stocktake::close(&ctx, id, Close::default()).await.unwrap();
        let result = stocktake::result_pdf(&ctx, id, PaperLang::Ja, &ja).await.unwrap();
        for (name, pdf) in [("sheet", &sheet), ("result", &result)] {
            assert!(pdf.starts_with(b"%PDF"));
            if let Some(folder) = std::env::var_os("TOMOMORI_PAPERS") {
                std::fs::write(std::path::Path::new(&folder).join(format!("{name}.pdf")), pdf).unwrap();
            }
        }
        let book = stocktake::result_xlsx(&ctx, id, &ja).await.unwrap();
        let tabs = tomomori_sheet::read(&book, "結果.xlsx", &tomomori_sheet::Limits::default()).unwrap();
        let text: Vec<&str> = tabs.iter().flat_map(|tab| &tab.cells).map(|cell| &*cell.text).collect();
        for wanted in ["未確認", "医局", "担当なし", "スマートフォン"] {
            assert!(text.contains(&wanted), "{wanted}: {text:?}");
        }
        assert_eq!(tabs.len(), 5);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn statements_are_kept_and_what_nobody_said_is_unknown() {
    for_both_apps_without_catalogue(async |t| {
        let hospital = t.hospital("みどり川病院").await;
        let ctx = t.operator(&hospital, "sasaki").await.ctx;
        t.imported(&ctx, &[FILE]).await;
        let subject = Subject::Device(device(&ctx, "電子カルテDB").await.resource.id);
        assert!(safeguards::list(&ctx).await.unwrap().is_empty());
        let before = safeguards::of(&ctx, subject).await.unwrap();
        assert!(before.kinds.len() == 5 && before.kinds.iter().all(|kept| kept.state.verdict == Verdict::Unknown));
        let say = |restored: &str, on: &str| Say {
            subject,
            statement: Statement::Backup {
                generations: Some(3),
                offline: Some(true),
                separated: Some(true),
                restored_on: Some(restored.parse().unwrap()),
            },
            stated_by: "高橋".to_owned(),
            vendor: Some("北都ヘルステック".to_owned()),
            stated_on: Some(on.parse().unwrap()),
        };
        safeguards::say(&ctx, say("2026-10-01", "2026-11-01")).await.unwrap();
        safeguards::say(&ctx, say("2024-01-01", "2026-01-01")).await.unwrap();
        let after = safeguards::of(&ctx, subject).await.unwrap();
        assert_eq!((after.kinds[0].kind, after.kinds[0].state.verdict), (SafeguardKind::Backup, Verdict::Good));
        assert_eq!((after.history.len(), safeguards::list(&ctx).await.unwrap().len()), (2, 1));
        // In a year the test is old.
        t.clock.advance(SignedDuration::from_hours(24 * 400));
        assert_eq!(safeguards::of(&ctx, subject).await.unwrap().kinds[0].state.verdict, Verdict::Due);
        let future = safeguards::say(&ctx, say("2026-10-01", "2100-01-01")).await;
        assert!(matches!(future, Err(AppError::Invalid(msg)) if msg.key == "safeguard-future"));
        let incho = t.management(&hospital, "incho").await.ctx;
        assert!(matches!(safeguards::say(&incho, say("2026-10-01", "2026-11-01")).await, Err(AppError::Denied(_))));
        safeguards::of(&incho, subject).await.unwrap();
        let stranger = t.operator(&t.hospital("となり病院").await, "kato").await.ctx;
        assert!(matches!(safeguards::of(&stranger, subject).await, Err(AppError::NotFound)));
        assert!(matches!(safeguards::say(&stranger, say("2026-10-01", "2026-11-01")).await, Err(AppError::NotFound)));
        let text = tomomori_sheet::read(
            &safeguards::xlsx(&ctx, &|msg| tr(Lang::Ja, msg)).await.unwrap(),
            "x.xlsx",
            &tomomori_sheet::Limits::default(),
        );
        assert_eq!(text.unwrap()[0].rows().count(), 6);
    })
    .await;
}
