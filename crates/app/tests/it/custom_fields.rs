//! Own columns with types: a view on what was written, in forms, lists and files.

use crate::story::{device, entries, ledger_of};
use tomomori_app::checks::{self, CheckFilter, PageRequest};
use tomomori_app::custom_fields::{self, FieldType, Wanted};
use tomomori_app::grid::{self, Cell};
use tomomori_app::import::Counts;
use tomomori_app::ledger::{ResourceFilter, ResourceSort};
use tomomori_app::{AppError, Ctx, edit, export};
use tomomori_domain::check::CheckKind;
use tomomori_i18n::{Lang, tr};
use tomomori_sheet::{Limits, read};
use tomomori_testkit::for_both_apps_without_catalogue;

const LEDGER: &str = "\
管理番号,機器名,種別,購入額,検査日,予備機,色札,担当者\r\n\
K-1,検査サーバ,サーバ,\"1,200,000\",令和9年3月31日,○,ａ札,鈴木\r\n\
K-2,画像サーバ,サーバ,約80万円,来年の春,どちらか,C札,田中\r\n\
K-3,会計端末,端末,,,,,\r\n";

fn wanted(name: &str, kind: FieldType) -> Wanted {
    let choices = if kind == FieldType::Choice { vec!["A札".to_owned(), "B札".to_owned()] } else { Vec::new() };
    Wanted { name: name.to_owned(), kind, choices, note: None, retired: false }
}

async fn define(ctx: &Ctx, name: &str, kind: FieldType) {
    custom_fields::define(ctx, wanted(name, kind)).await.unwrap();
}

const TYPED: [(&str, FieldType); 4] = [
    ("購入額", FieldType::Number),
    ("検査日", FieldType::Date),
    ("予備機", FieldType::Truth),
    ("色札", FieldType::Choice),
];

/// Values of the own columns of a device, by name.
async fn values(ctx: &Ctx, name: &str) -> Vec<(String, String)> {
    device(ctx, name).await.resource.custom.into_iter().collect()
}

async fn misfits(ctx: &Ctx) -> Vec<String> {
    let filter = CheckFilter { kind: Some(CheckKind::Cell), ..CheckFilter::default() };
    let rows = checks::list(ctx, &filter, &PageRequest { after: None, limit: 500 }).await.unwrap().page.rows;
    rows.iter().map(|row| row.check.msg.args["value"].clone()).collect()
}

async fn file(ctx: &Ctx) -> Vec<u8> {
    let tr = |msg: &_| tr(Lang::Ja, msg);
    export::ledger_xlsx(ctx, &ResourceFilter::default(), ResourceSort::AssetNumber, &tr).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_type_is_a_view_that_comes_and_goes() {
    for_both_apps_without_catalogue(async |t| {
        let ctx = t.operator(&t.hospital("みどり川病院").await, "sasaki").await.ctx;
        for (name, _) in TYPED {
            define(&ctx, name, FieldType::Text).await;
        }
        t.imported(&ctx, &[("台帳.csv", LEDGER.as_bytes())]).await;
        let written = values(&ctx, "検査サーバ").await;
        assert!(written.contains(&("購入額".to_owned(), "1,200,000".to_owned())), "{written:?}");
        assert!(misfits(&ctx).await.is_empty());
        let records = async || ctx.app.db.read(&ctx.actor).await.unwrap().records().await.unwrap();
        let (before, steps) = (records().await, edit::steps(&ctx, &PageRequest::default()).await.unwrap().total);

        for (name, kind) in TYPED {
            define(&ctx, name, kind).await;
        }
        let read = values(&ctx, "検査サーバ").await;
        for (name, value) in [("購入額", "1200000"), ("検査日", "2027-03-31"), ("予備機", "はい"), ("色札", "A札")]
        {
            assert!(read.contains(&(name.to_owned(), value.to_owned())), "{name}: {read:?}");
        }
        let kept = values(&ctx, "画像サーバ").await;
        assert!(kept.contains(&("購入額".to_owned(), "約80万円".to_owned())), "nothing is dropped: {kept:?}");
        let mut asked = misfits(&ctx).await;
        asked.sort();
        assert_eq!(asked, ["C札", "どちらか", "来年の春", "約80万円"]);
        let listed = custom_fields::list(&ctx).await.unwrap();
        let shown: Vec<(&str, u64, u64)> = listed.iter().map(|c| (c.name.as_str(), c.used, c.misfits)).collect();
        assert_eq!(shown, [("購入額", 2, 1), ("検査日", 2, 1), ("予備機", 2, 1), ("色札", 2, 1)]);

        // A word added to the list answers its question; the old type brings the old view back.
        let more = Wanted { choices: vec!["A札".into(), "C札".into()], ..wanted("色札", FieldType::Choice) };
        custom_fields::define(&ctx, more).await.unwrap();
        assert_eq!(misfits(&ctx).await.len(), 3);
        for (name, _) in TYPED {
            define(&ctx, name, FieldType::Text).await;
        }
        assert!(misfits(&ctx).await.is_empty());
        assert_eq!(values(&ctx, "検査サーバ").await, written);
        assert_eq!(records().await, before, "no record was touched");
        assert_eq!(edit::steps(&ctx, &PageRequest::default()).await.unwrap().total, steps);
        let audited = entries(&ctx).await;
        assert_eq!(audited.iter().filter(|entry| entry.action == "ledger.column").count(), 13);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn typed_columns_come_back_from_a_workbook_as_they_are() {
    for_both_apps_without_catalogue(async |t| {
        let ctx = t.operator(&t.hospital("みどり川病院").await, "sasaki").await.ctx;
        for (name, kind) in TYPED {
            define(&ctx, name, kind).await;
        }
        t.imported(&ctx, &[("台帳.csv", LEDGER.as_bytes())]).await;
        let bytes = file(&ctx).await;
        let sheet = read(&bytes, "台帳.xlsx", &Limits::default()).unwrap().remove(0);
        let column = |name: &str| {
            let header = sheet.row(1).iter().find(|cell| cell.text.ends_with(name)).unwrap();
            sheet.cell(2, header.column).unwrap()
        };
        assert_eq!((&*column(": 購入額").text, column(": 購入額").number), ("1200000", true), "a number of Excel");
        assert_eq!((&*column(": 検査日").text, column(": 予備機").text.as_ref()), ("2027-03-31", "はい"));
        let preview = t.previewed(&ctx, &[("書き出し.xlsx", &bytes)]).await.preview.unwrap();
        assert_eq!(
            preview.counts,
            Counts { left: 3, ..Counts::default() },
            "{:?} {:?}",
            preview.changes,
            preview.problems
        );

        // The same list again changes nothing either; one changed cell is one change.
        let preview = t.previewed(&ctx, &[("台帳.csv", LEDGER.as_bytes())]).await.preview.unwrap();
        assert_eq!((preview.counts.changed, preview.counts.checks), (0, 0), "{:?}", preview.changes);
        let id = device(&ctx, "会計端末").await.resource.id;
        let edited =
            format!("ID,名称,種別,自由項目: 購入額,自由項目: 検査日\r\n{id},会計端末,端末PC,\"5,000\",R9.4.1\r\n");
        let head = sheet.row(1).last().unwrap().text.to_string();
        let edited = edited.replacen("ID", &head, 1);
        t.imported(&ctx, &[("直し.csv", edited.as_bytes())]).await;
        let read = values(&ctx, "会計端末").await;
        assert!(read.contains(&("購入額".to_owned(), "5000".to_owned())), "{read:?}");
        assert!(read.contains(&("検査日".to_owned(), "2027-04-01".to_owned())), "{read:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn by_hand_only_what_fits_is_written_and_what_stands_there_may_stay() {
    for_both_apps_without_catalogue(async |t| {
        let at = t.hospital("みどり川病院").await;
        let ctx = t.operator(&at, "sasaki").await.ctx;
        for (name, kind) in TYPED {
            define(&ctx, name, kind).await;
        }
        t.imported(&ctx, &[("台帳.csv", LEDGER.as_bytes())]).await;
        let (first, second) =
            (device(&ctx, "検査サーバ").await.resource.id, device(&ctx, "画像サーバ").await.resource.id);
        let cell =
            |id, column: &str, text: &str| Cell { resource: id, column: column.to_owned(), text: text.to_owned() };
        let cells = [
            cell(first, "custom:購入額", "１，５００"),
            cell(first, "custom:検査日", "2027/3/31"),
            cell(second, "custom:購入額", "約80万円"),
            cell(second, "custom:検査日", "いつか"),
        ];
        let found = grid::preview(&ctx, &cells).await.unwrap();
        assert_eq!((found.changes.len(), found.unchanged, found.problems.len()), (1, 2, 1), "{found:?}");
        assert_eq!(found.problems[0].msg.key, "own-not-a-date");
        let done = grid::write(&ctx, &cells[..3], found.revision).await.unwrap().unwrap();
        assert_eq!(device(&ctx, "検査サーバ").await.resource.custom["購入額"], "1500");
        edit::undo(&ctx, done.step).await.unwrap();
        assert_eq!(device(&ctx, "検査サーバ").await.resource.custom["購入額"], "1200000");

        // Retired, a column is not offered any more, and its values stay.
        let gone = Wanted { retired: true, ..wanted("色札", FieldType::Choice) };
        custom_fields::define(&ctx, gone).await.unwrap();
        let form = grid::form(&ctx, Some(first)).await.unwrap();
        assert!(form.fields.iter().all(|field| field.column.label.as_deref() != Some("色札")));
        assert!(form.fields.iter().any(|field| field.own.as_ref().is_some_and(|own| own.kind == FieldType::Truth)));
        assert_eq!(device(&ctx, "検査サーバ").await.resource.custom["色札"], "A札");
        assert!(ledger_of(&ctx).await.fields.iter().all(|field| field.name != "色札"));

        let bad = custom_fields::define(&ctx, Wanted { choices: Vec::new(), ..wanted("x", FieldType::Choice) }).await;
        assert!(matches!(bad, Err(AppError::Invalid(_))));
        let reader = t.management(&at, "incho").await.ctx;
        assert_eq!(custom_fields::list(&reader).await.unwrap().len(), 4);
        assert!(matches!(custom_fields::define(&reader, wanted("x", FieldType::Text)).await, Err(AppError::Denied(_))));
        let other = t.operator(&t.hospital("よその病院").await, "other").await.ctx;
        assert!(custom_fields::list(&other).await.unwrap().is_empty());
    })
    .await;
}
