//! Tables on paper: what is on which page.

use crate::read::read;
use crate::samples::{meta, result, stocktake};
use tomomori_report::{Cell, Column, MAX_ROWS, Paper, ReportError, Section, table_pdf};

#[test]
fn a_stocktake_sheet_has_every_row_heads_on_every_page_and_page_numbers() {
    let read = read(&table_pdf(&stocktake(60)).unwrap());
    assert_eq!(read.size, (210, 297));
    let pages = read.pages.len();
    assert!(pages >= 3, "{pages}");
    for (number, page) in read.pages.iter().enumerate() {
        assert!(page.contains(&format!("{}/{pages}", number + 1)), "page number: {page}");
        assert!(page.contains("機器の名前"), "head of the table: {page}");
        assert!(page.contains("みどり川総合病院") && page.contains("令和8年11月24日"), "foot: {page}");
    }
    let text = read.all();
    for i in 1..=60 {
        assert_eq!(text.matches(&format!("EHR-PC{i:03}")).count(), 1, "row {i}");
    }
    // Two boxes a row, and no blank field invented anything.
    assert_eq!(text.matches('□').count(), 120);
    assert_eq!(text.matches("不明").count(), (0..60).filter(|i| i % 7 == 3).count());
    assert!(read.pages.last().unwrap().contains("確認者"));
}

#[test]
fn rows_stay_whole_and_only_a_row_higher_than_half_a_page_is_split() {
    let columns = [Column::new("先頭", 1), Column::new("文", 4)];
    let mut section = Section::new("表", columns);
    for i in 0..40 {
        section = section.row([format!("始{i:02}").into(), format!("{}終{i:02}", "長い文です。".repeat(30)).into()]);
    }
    let whole = read(&table_pdf(&Paper::new(meta("表")).section(section.clone())).unwrap());
    for i in 0..40 {
        let on = |what: &str| whole.pages.iter().position(|page| page.contains(&format!("{what}{i:02}")));
        assert!(on("始").is_some() && on("始") == on("終"), "row {i} is split");
    }
    let long = "あいうえお。".repeat(1_700);
    let split =
        read(&table_pdf(&Paper::new(meta("表")).section(section.row(["巨大".into(), long.as_str().into()]))).unwrap());
    assert_eq!(split.all().matches("あいうえお。").count() + cut_at_pages(&split.pages), 1_700);
}

/// Sentences that begin on one page and end on the next: between them stand foot and head, so counting misses them.
fn cut_at_pages(pages: &[String]) -> usize {
    let open = |page: &String| page.matches('あ').count() as i64 - page.matches('。').count() as i64;
    pages.iter().map(open).filter(|open| *open > 0).sum::<i64>() as usize
}

#[test]
fn a_result_paper_says_what_is_empty_and_ends_with_lines_to_sign() {
    let read = read(&table_pdf(&result()).unwrap());
    let text = read.all();
    assert_eq!(read.pages.len(), 1);
    for want in ["棚卸結果報告書", "台帳にない機器はありません。", "2026-12-18", "✓", "安全管理責任者"]
    {
        assert!(text.contains(want), "{want} is missing in {text}");
    }
    assert!(!text.contains("台帳にない機器機器"), "a section without rows has no table");
}

#[test]
fn across_and_english() {
    let meta = tomomori_report::Meta { lang: tomomori_report::Lang::En, ..meta("Things to check") };
    let section = Section::new("Lines", [Column::new("What", 3), Column::new("Done", 1).centred()]);
    let pdf =
        table_pdf(&Paper::new(meta).landscape().section(section.row(["Who ends this line?".into(), Cell::open()])));
    let read = read(&pdf.unwrap());
    assert_eq!(read.size, (297, 210));
    assert!(read.all().contains("Whoendsthisline?"));
}

#[test]
fn the_same_paper_is_the_same_bytes() {
    let first = table_pdf(&stocktake(20)).unwrap();
    table_pdf(&result()).unwrap();
    assert!(first == table_pdf(&stocktake(20)).unwrap());
}

#[test]
fn what_cannot_be_set_is_refused_with_a_reason() {
    let section = Section::new("表", [Column::new("a", 1), Column::new("b", 1)]).row([Cell::blank()]);
    let error = table_pdf(&Paper::new(meta("x")).section(section)).unwrap_err();
    assert!(
        matches!(&error, ReportError::Setting { detail } if detail.contains("row 1: 1 cells, 2 columns")),
        "{error}"
    );
    let mut section = Section::new("表", [Column::new("a", 1)]);
    for _ in 0..=MAX_ROWS {
        section = section.row([Cell::blank()]);
    }
    let error = table_pdf(&Paper::new(meta("x")).section(section)).unwrap_err();
    assert_eq!(error, ReportError::TooLong { rows: MAX_ROWS + 1, bytes: 3 });
    assert_eq!(error.msg().key, "report-too-long");
}
