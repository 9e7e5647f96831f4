//! The yearly checklist: the hospital's sheet, and a vendor's sheet that goes out as a file and comes back.

use crate::story::Hospital;
use axum::http::StatusCode;
use tomomori_app::editions::{Edition, built_in, files};
use tomomori_sheet::export::{SheetOut, write_xlsx};
use tomomori_testkit::{Answer, for_both_apps_without_catalogue};

fn revision(page: &str) -> String {
    page.split("name=\"revision\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_hospitals_own_sheet_is_answered_by_people_only() {
    for_both_apps_without_catalogue(async |t| {
        let hospital = Hospital::new(t, "みどり").await;
        let browser = t.browser(&hospital.head).await;
        let (year, today) = (tomomori_domain::date::fiscal_year(hospital.at.today()), hospital.at.today().to_string());
        let start =
            [("year", year.to_string()), ("sheet", "hospital".to_owned()), ("edition", "checklist-r7".to_owned())];
        let start: Vec<(&str, &str)> = start.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let started = browser.post("/checklists", &start).await;
        assert_eq!(started.status, StatusCode::SEE_OTHER, "{}", started.text);
        let path = started.header("location").to_owned();
        assert_eq!(browser.post("/checklists", &start).await.header("location"), path, "a sheet has one run in a year");
        let old = browser.post("/checklists", &[("year", "2022"), start[1], start[2]]).await;
        assert_eq!(old.status, StatusCode::UNPROCESSABLE_ENTITY);

        let page = browser.get(&path).await.text;
        // Offers stand beside the item, and nothing is answered.
        assert!(
            page.contains("台帳: 2台") && page.contains("棚卸し: 記録なし") && page.contains("復元テスト: 記録なし"),
            "{page}"
        );
        assert!(!page.contains("value=\"yes\" checked") && page.contains("はい 0、いいえ 0、まだ 18"), "{page}");

        let last = format!("{}-03-31", year + 1);
        let fields = |revision: &str, target: &str| {
            let said = [
                ("yes-2-①", "yes"),
                ("on-2-①", &today),
                ("target-2-①", ""),
                ("note-2-①", "台帳で確認"),
                ("evidence-2-①", "台帳"),
                ("yes-3-②", "no"),
                ("on-3-②", &today),
                ("target-3-②", target),
                ("note-3-②", ""),
            ];
            let mut all = vec![("revision".to_owned(), revision.to_owned())];
            all.extend(said.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
            all
        };
        let post = async |fields: Vec<(String, String)>| {
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            browser.post(&path, &fields).await
        };
        let seen = revision(&page);
        for (target, word) in [("", "目標日が要ります"), ("2099-01-01", "この年度"), ("いつか", "日付")]
        {
            let refused = post(fields(&seen, target)).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{target}");
            assert!(refused.text.contains(word) && refused.text.contains("台帳で確認"), "{target}: {}", refused.text);
        }
        assert_eq!(post(fields(&seen, &last)).await.status, StatusCode::SEE_OTHER);
        assert_eq!(post(fields(&seen, "")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let clash = post(
            [
                ("revision".to_owned(), seen.clone()),
                ("yes-1-①".to_owned(), "yes".to_owned()),
                ("on-1-①".to_owned(), today.clone()),
                ("note-1-①".to_owned(), String::new()),
            ]
            .to_vec(),
        )
        .await;
        assert_eq!(clash.status, StatusCode::CONFLICT, "somebody else wrote meanwhile");
        let page = browser.get(&path).await.text;
        assert!(page.contains("はい 1、いいえ 1、まだ 16"), "{page}");

        // A made-up R8 in which 2-① says something else and 3-② is gone: every answer is still there.
        let mut r8 =
            Edition {
                key: "checklist-r8".into(), title: "令和8年度版（作り物）".into(), ..built_in()[2].clone()
            };
        r8.items[1].title = Some("台帳を毎月直す".into());
        r8.items.retain(|item| item.key != "3-②");
        let yaml = files::yaml(&r8).unwrap();
        browser.post("/editions/checklist-r8", &[("yaml", &yaml), ("from", "0")]).await;
        let moved =
            browser.post(&format!("{path}/edition"), &[("revision", &revision(&page)), ("to", "checklist-r8")]).await;
        assert_eq!(moved.status, StatusCode::SEE_OTHER, "{}", moved.text);
        let page = browser.get(&path).await.text;
        assert!(page.contains("見直し") && page.contains("checklist-r7 3-②</a>: いいえ"), "{page}");
        let run = t.program(&hospital.head).await.get(&format!("/api/v1{path}")).await.json();
        let item = run["items"].as_array().unwrap().iter().find(|item| item["item"] == "2-①").unwrap();
        assert_eq!((item["standing"].as_str(), item["yes"].as_bool()), (Some("again"), Some(true)));

        let reader = t.browser(&t.management(&hospital.at, "incho").await).await;
        let page = reader.get(&path).await.text;
        assert!(page.contains("台帳で確認") && !page.contains("type=\"radio\""), "{page}");
        assert_eq!(reader.post(&path, &[("revision", "1")]).await.status, StatusCode::FORBIDDEN);
    })
    .await;
}

/// The workbook of an answer, to be filled in.
fn book(answer: &Answer) -> Vec<SheetOut> {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let tabs = tomomori_sheet::read(&answer.bytes, "x", &tomomori_sheet::Limits::default()).unwrap();
    let grid = |tab: &tomomori_sheet::Sheet| {
        let rows = tab.cells.iter().map(|cell| cell.row).max().unwrap() as usize;
        let mut all = vec![vec![String::new(); 8]; rows];
        for cell in &tab.cells {
            all[cell.row as usize - 1][cell.column as usize] = cell.text.to_string();
        }
        SheetOut { name: tab.name.as_deref().unwrap_or_default().to_owned(), header: all.remove(0), rows: all }
    };
    tabs.iter().map(grid).collect()
}

fn bytes(sheets: &[SheetOut]) -> Vec<u8> {
    write_xlsx(sheets, jiff::Timestamp::UNIX_EPOCH).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vendors_sheet_goes_out_and_comes_back() {
    for_both_apps_without_catalogue(async |t| {
        let hospital = Hospital::new(t, "みどり").await;
        let browser = t.browser(&hospital.head).await;
        let path = format!("/checklists/{}", hospital.checklist);
        let today = hospital.at.today().to_string();
        assert!(browser.get("/checklists").await.text.contains("未送付"));
        let first = book(&browser.post(&format!("{path}/send"), &[("due", &today)]).await);
        let sent = book(&browser.post(&format!("{path}/send"), &[("due", &today)]).await);
        assert!(browser.get("/checklists").await.text.contains("送付済み"));
        let up =
            async |sheets: &[SheetOut]| browser.upload(&format!("{path}/file"), &[("返事.xlsx", &bytes(sheets))]).await;
        let filled = |change: &dyn Fn(&mut Vec<SheetOut>)| {
            let mut sheets = sent.clone();
            sheets[1].rows[0][1] = "田村".into();
            (sheets[0].rows[0][3], sheets[0].rows[0][4]) = ("はい".into(), today.clone());
            change(&mut sheets);
            sheets
        };
        type Spoil = (&'static str, &'static str, Box<dyn Fn(&mut Vec<SheetOut>) + Send + Sync>);
        let code = first[1].rows[1][1].clone();
        let cases: Vec<Spoil> = vec![
            ("B2", "名前がありません", Box::new(|s| s[1].rows[0][1] = String::new())),
            ("B3", "整理番号が、この紙のものではありません", Box::new(|s| s[1].rows[1][1] = "x".into())),
            ("B3", "古いファイル", Box::new(move |s| s[1].rows[1][1] = code.clone())),
            ("D2", "「はい」でも「いいえ」でもありません", Box::new(|s| s[0].rows[0][3] = "たぶん".into())),
            ("E2", "日付として読めません", Box::new(|s| s[0].rows[0][4] = "先月".into())),
            ("D2", "確認日がありません", Box::new(|s| s[0].rows[0][4] = String::new())),
            ("D2", "今日より先", Box::new(|s| s[0].rows[0][4] = "2099-01-01".into())),
            ("B3", "書き換えられています", Box::new(|s| s[0].rows[1][1] = "別の項目".into())),
            ("H1", "行がありません", Box::new(|s| _ = s[0].rows.remove(2))),
            ("H3", "2つあります", Box::new(|s| s[0].rows[1] = s[0].rows[0].clone())),
            ("H2", "この紙にありません", Box::new(|s| s[0].rows[0][7] = "9-⑨".into())),
            ("D1", "見出しが", Box::new(|s| s[0].header[3] = "答え".into())),
            ("返事.xlsx", "2つのシート", Box::new(|s| _ = s.pop())),
        ];
        for (place, word, spoil) in &cases {
            let refused = up(&filled(spoil)).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{word}");
            assert!(refused.text.contains(place) && refused.text.contains(word), "{place} {word}: {}", refused.text);
        }
        assert!(browser.get(&path).await.text.contains("はい 0"), "nothing was applied");

        // Rows in another order are the same answers; what was said is said by the vendor, entered by the hospital.
        let turned = filled(&|s| s[0].rows.reverse());
        assert_eq!(up(&turned).await.status, StatusCode::SEE_OTHER);
        let page = browser.get(&path).await.text;
        assert!(page.contains("回収済み") && page.contains("はい 1") && page.contains("答えた人: 田村"), "{page}");
        let again = up(&turned).await;
        assert!(again.text.contains("読み込み済み"), "{}", again.text);

        // The hospital changed an answer after the file was made: nobody's word is overwritten in silence.
        let sent = book(&browser.post(&format!("{path}/send"), &[("due", &today)]).await);
        let page = browser.get(&path).await.text;
        let change = [
            ("revision", revision(&page)),
            ("yes-1-①", "yes".into()),
            ("on-1-①", today.clone()),
            ("note-1-①", "電話で確認".into()),
        ];
        let change: Vec<(&str, &str)> = change.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(browser.post(&path, &change).await.status, StatusCode::SEE_OTHER);
        let mut back = sent;
        back[1].rows[0][1] = "田村".into();
        back[0].rows[0][6] = "書面で確認".into();
        let refused = up(&back).await;
        assert!(refused.text.contains("病院でも答えが変わりました") && refused.text.contains("D2"), "{}", refused.text);
    })
    .await;
}
