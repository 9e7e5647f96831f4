//! Lists as Excel files: everything of the filter, as text, and a ledger that the import takes back.

use crate::story::{FILE, findings_of};
use std::collections::HashMap;
use tomomori_app::findings::{FindingFilter, FindingSort};
use tomomori_app::import::Counts;
use tomomori_app::ledger::{ResourceFilter, ResourceSort};
use tomomori_app::{AppError, Ctx, export};
use tomomori_domain::access::Actor;
use tomomori_domain::finding::Verdict;
use tomomori_domain::ids::UserId;
use tomomori_domain::import::{Field, TableKind};
use tomomori_domain::resource::ResourceKind;
use tomomori_i18n::{Lang, tr};
use tomomori_ledger::words::DEVICE_FIELDS;
use tomomori_sheet::{Limits, Sheet, guess, workbook};
use tomomori_testkit::{for_both_apps, for_both_apps_without_catalogue};

/// A value in every column, several of a kind where a cell may hold them, text a spreadsheet would like to run, names
/// that two devices share.
const FULL: &str = "\
管理番号,名称,種別,メーカー,型番,バージョン,OS,ソフトウェア,製造番号,IPアドレス,MACアドレス,ホスト名,区画,設置場所,部署,事業者,契約番号,購入形態,導入日,サポート終了日,接続先,備考\r\n\
K-001,=1+1,サーバ,Dell,PowerEdge R740,2.1,Windows Server 2016,PostgreSQL 10.4;Apache Tomcat 8.5.20,SN0001234,10.0.0.1 10.0.0.2,00:11:22:33:44:55,db01,サーバ室,本館3階,情報課,みどりシステム,C-1,リース,2019-04-01,2027-01-12,sw02,@備考\r\n\
K-002,フロアスイッチ,ネットワーク機器,Cisco,Catalyst 2960X,15.2,,,SN0001235,10.0.0.3,00:11:22:33:44:56,sw01,サーバ室,本館3階,情報課,みどりシステム,C-1,買い切り,2018-04-01,2028-10-31,,\r\n\
K-003,フロアスイッチ,ネットワーク機器,Cisco,Catalyst 2960X,15.2,,,SN0001236,10.0.0.4,00:11:22:33:44:57,sw02,サーバ室,本館3階,情報課,みどりシステム,C-1,サービス,2018-04-01,2028-10-31,sw01,\r\n\
K-004,-受付PC,端末PC,,,,Windows 10,,SN0001237,10.0.1.1,00:11:22:33:44:58,pc01,外来,本館1階,医事課,自院,,レンタル,2020-04-01,,sw01,不明\r\n\
K-005,CT装置,医療機器,,,,,,SN0001238,10.0.2.1,00:11:22:33:44:59,ct01,検査,本館2階,放射線科,,,,,,sw01,+1\r\n\
K-006,無停電電源装置,その他,,,,,,SN0001239,10.0.2.2,00:11:22:33:44:5a,,検査,本館2階,放射線科,,,,,,,\r\n";

const CONTRACTS: &str =
    "契約番号,契約名,事業者,開始日,終了日\r\nC-1,電子カルテ保守契約,みどりシステム,2019-04-01,2027-03-31\r\n";

async fn ledger_file(ctx: &Ctx, filter: &ResourceFilter, lang: Lang) -> Vec<u8> {
    export::ledger_xlsx(ctx, filter, ResourceSort::AssetNumber, &|msg| tr(lang, msg)).await.unwrap()
}

fn sheet(bytes: &[u8]) -> Sheet {
    let mut sheets = workbook::read(bytes, "台帳.xlsx", &Limits::default()).unwrap();
    assert_eq!(sheets.len(), 1);
    let sheet = sheets.remove(0);
    assert_eq!(sheet.problems, []);
    sheet
}

/// Cell texts by header.
fn row(sheet: &Sheet, row: u32) -> HashMap<String, String> {
    sheet
        .row(1)
        .iter()
        .map(|head| {
            let cell = sheet.cell(row, head.column);
            assert!(cell.is_none_or(|cell| !cell.number), "{} is a number", head.text);
            (head.text.to_string(), cell.map_or(String::new(), |cell| cell.text.to_string()))
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_import_knows_every_column_again_and_finds_nothing_new() {
    for_both_apps_without_catalogue(async |t| {
        let ctx = t.operator(&t.hospital("みどり川病院").await, "sasaki").await.ctx;
        t.imported(&ctx, &[("契約.csv", CONTRACTS.as_bytes())]).await;
        t.imported(&ctx, &[("台帳.csv", FULL.as_bytes())]).await;
        for lang in [Lang::Ja, Lang::En] {
            let bytes = ledger_file(&ctx, &ResourceFilter::default(), lang).await;
            let mapping = guess::mapping(&sheet(&bytes)).mapping;
            assert_eq!((mapping.table, mapping.header_row), (Some(TableKind::Resources), 1));
            let found: Vec<Option<Field>> = mapping.columns.iter().map(|column| column.field).collect();
            let mut wanted: Vec<Option<Field>> = DEVICE_FIELDS.map(Some).to_vec();
            // What is said of vulnerabilities is for people; nothing in it may come back as a fact.
            wanted.extend([None, Some(Field::ResourceId)]);
            assert_eq!(found, wanted, "{lang:?}: {:?}", mapping.columns);

            let preview = t.previewed(&ctx, &[("台帳_書き出し.xlsx", &bytes)]).await.preview.unwrap();
            let (counts, problems) = (preview.counts, preview.problems);
            assert_eq!((counts.errors, counts.warnings), (0, 0), "{lang:?}: {problems:?}");
            assert_eq!(
                (counts.created, counts.changed, counts.others, counts.doubts, counts.left),
                (0, 0, 0, 0, 6),
                "{lang:?}: {:?}",
                preview.changes
            );
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_hospitals_own_ledger_comes_back_without_a_change() {
    let files = crate::demo::files();
    for_both_apps(async |t| {
        let ctx = t.operator(&t.hospital("みどり川総合病院").await, "sasaki").await.ctx;
        let given: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        t.imported(&ctx, &given).await;
        let bytes = ledger_file(&ctx, &ResourceFilter::default(), Lang::Ja).await;
        let preview = t.previewed(&ctx, &[("台帳_書き出し.xlsx", &bytes)]).await.preview.unwrap();
        let all = crate::story::ledger_of(&ctx).await.counts.all;
        assert!(all > 300, "{all} devices");
        assert_eq!(
            preview.counts,
            Counts { left: all, ..Counts::default() },
            "{:?} {:?}",
            preview.problems,
            preview.changes
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cells_are_text_in_the_words_of_the_hospital() {
    for_both_apps_without_catalogue(async |t| {
        let ctx = t.operator(&t.hospital("みどり川病院").await, "sasaki").await.ctx;
        t.imported(&ctx, &[("契約.csv", CONTRACTS.as_bytes())]).await;
        t.imported(&ctx, &[("台帳.csv", FULL.as_bytes())]).await;
        let sheet = sheet(&ledger_file(&ctx, &ResourceFilter::default(), Lang::Ja).await);
        assert_eq!((sheet.name.as_deref(), sheet.rows().count()), (Some("台帳"), 7));
        let first = row(&sheet, 2);
        for (header, text) in [
            // A formula would have come back as its value.
            ("名称", "=1+1"),
            ("備考", "@備考"),
            ("種別", "サーバ"),
            ("購入形態", "リース"),
            ("ソフトウェア", "Apache Tomcat 8.5.20; PostgreSQL 10.4"),
            ("IPアドレス", "10.0.0.1 10.0.0.2"),
            ("導入日", "2019-04-01"),
            ("サポート終了", "2027-01-12"),
            ("契約番号", "C-1"),
            // Two devices are called フロアスイッチ; the host name tells which.
            ("接続先", "sw02"),
            // Without a catalogue nothing is known about the products, and that is what the file says.
            ("脆弱性", "製品が不明"),
        ] {
            assert_eq!(first[header], text, "{header}");
        }

        let only = ResourceFilter { kind: Some(ResourceKind::Client), ..ResourceFilter::default() };
        let narrowed = self::sheet(&ledger_file(&ctx, &only, Lang::Ja).await);
        assert_eq!((narrowed.rows().count(), row(&narrowed, 2)["名称"].as_str()), (2, "-受付PC"));

        // How many rows left stands in the chain of this hospital, and nothing of what they say.
        let entries = t.app.db.read(&ctx.actor).await.unwrap().audit_entries(None, 2).await.unwrap();
        let said: Vec<_> =
            entries.iter().map(|entry| (entry.action.as_str(), entry.user, entry.details.to_string())).collect();
        let user = ctx.actor.user;
        assert_eq!(
            said,
            [("ledger.export", user, "{\"rows\":1}".to_owned()), ("ledger.export", user, "{\"rows\":6}".to_owned())]
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_pages_of_a_list_are_in_the_file_once() {
    for_both_apps_without_catalogue(async |t| {
        let ctx = t.operator(&t.hospital("みどり川病院").await, "sasaki").await.ctx;
        // More than two pages of the store.
        let mut file = "管理番号,機器名,IPアドレス\r\n".to_owned();
        for n in 1..=1_203 {
            file += &format!("P-{n:04},病棟端末,10.1.{}.{}\r\n", n / 200, n % 200 + 1);
        }
        t.imported(&ctx, &[("端末.csv", file.as_bytes())]).await;
        let sheet = sheet(&ledger_file(&ctx, &ResourceFilter::default(), Lang::Ja).await);
        let numbers: Vec<String> =
            (2..=sheet.rows().count() as u32).map(|at| row(&sheet, at)["管理番号"].clone()).collect();
        let wanted: Vec<String> = (1..=1_203).map(|n| format!("P-{n:04}")).collect();
        assert!(numbers == wanted, "{} rows", numbers.len());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn findings_say_what_the_list_says() {
    for_both_apps(async |t| {
        let ctx = t.operator(&t.hospital("みどり川病院").await, "sasaki").await.ctx;
        t.imported(&ctx, &[FILE]).await;
        let ja = |msg: &tomomori_domain::Msg| tr(Lang::Ja, msg);
        let all = export::findings_xlsx(&ctx, &FindingFilter::default(), FindingSort::default(), &ja).await.unwrap();
        let (all, listed) = (sheet(&all), findings_of(&ctx).await);
        assert_eq!(all.rows().count(), listed.len() + 1);
        assert!(listed.iter().any(|row| row.finding.verdict == Verdict::Possibly), "a question is among them");
        for (at, finding) in (2..).zip(&listed) {
            let cells = row(&all, at);
            assert_eq!(cells["脆弱性の番号"], finding.finding.vulnerability);
            assert_eq!(cells["機器"], finding.resource_name);
            assert_eq!(cells["状態"] == "影響あり", finding.finding.verdict == Verdict::Affected);
            assert_eq!(cells["悪用の確認"] == "悪用あり", finding.finding.exploited);
            assert_eq!(cells["事業者"] == "担当なし", finding.vendor_name.is_none());
            assert_eq!(cells["版"] == "不明", finding.component_version.is_none());
            assert_eq!(cells["見つけた日"], "2026-11-24");
            assert!(!cells["内容"].is_empty() && !cells["CVSS"].is_empty());
        }
        let affected = FindingFilter { verdict: Some(Verdict::Affected), ..FindingFilter::default() };
        let some = export::findings_xlsx(&ctx, &affected, FindingSort::default(), &ja).await.unwrap();
        let wanted = listed.iter().filter(|row| row.finding.verdict == Verdict::Affected).count();
        assert_eq!(sheet(&some).rows().count(), wanted + 1);
        let entries = t.app.db.read(&ctx.actor).await.unwrap().audit_entries(None, 1).await.unwrap();
        assert_eq!((entries[0].action.as_str(), &entries[0].details["rows"]), ("findings.export", &wanted.into()));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_written_without_the_right_to_read() {
    for_both_apps_without_catalogue(async |t| {
        let hospital = t.hospital("みどり川病院").await;
        let nobody = Actor::person(hospital.actor.tenant, UserId::generate(), "x".to_owned(), Vec::new());
        let ctx = Ctx::new(std::sync::Arc::clone(&t.app), nobody);
        let ja = |msg: &tomomori_domain::Msg| tr(Lang::Ja, msg);
        let ledger = export::ledger_xlsx(&ctx, &ResourceFilter::default(), ResourceSort::default(), &ja).await;
        assert!(matches!(ledger, Err(AppError::Denied(_))));
        let findings = export::findings_xlsx(&ctx, &FindingFilter::default(), FindingSort::default(), &ja).await;
        assert!(matches!(findings, Err(AppError::Denied(_))));
        let entries = t.app.db.read(&hospital.actor).await.unwrap().audit_entries(None, 9).await.unwrap();
        assert!(entries.iter().all(|entry| !entry.action.ends_with(".export")));
    })
    .await;
}
