//! Disclosure forms, in the shape of the real ones and in our own words.

use rust_xlsxwriter::{Format, Workbook};
use std::path::PathBuf;
use tomomori_domain::import::Field;
use tomomori_sheet::disclosure::{self, Answer, Disclosure, Form};
use tomomori_sheet::{Limits, Sheet, guess, read};

fn sheet(name: &str, rows: &[&[&str]]) -> Sheet {
    let mut book = Workbook::new();
    let tab = book.add_worksheet();
    tab.set_name(name).unwrap();
    for (row, cells) in (0..).zip(rows) {
        for (column, text) in (0..).zip(*cells).filter(|(_, text)| !text.is_empty()) {
            tab.write(row, column, *text).unwrap();
        }
    }
    read(&book.save_to_buffer().unwrap(), "form.xlsx", &Limits::default()).unwrap().remove(0)
}

fn problems(form: &Disclosure) -> Vec<String> {
    let cell = |problem: &tomomori_domain::import::Problem| problem.place.cell.clone().unwrap_or_default();
    form.problems.iter().map(|problem| format!("{} {}", problem.msg.key, cell(problem))).collect()
}

fn answer(form: &Disclosure, number: &str) -> (Option<Answer>, Option<String>) {
    let found = form.answers.iter().find(|answered| answered.number == number).unwrap();
    (found.answer, found.remark.clone())
}

#[test]
fn mds2_worksheet() {
    let sheet = sheet(
        "MDS2",
        &[
            &["Manufacturer", "Model", "Doc", "2026-04-01"],
            &["Question ID", "Question", "", "See note"],
            &["DOC-1", "maker?", "Minato Medical", "__"],
            &["DOC-2", "what?", "Infusion pump", "__"],
            &["DOC-3", "model?", "IP-300", "__"],
            &["DOC-7", "date?", "2026-04-01", "__"],
            &["DOC-8", "q", "Yes", "__"],
            &["", "AUDIT CONTROLS", "", "Note #"],
            &["AUDT-1", "q", "No", "__"],
            &["AUDT-1.1", "q", "N/A"],
            &["AUDT-2", "q", "", "See Note 1"],
            &["CONN-1", "q", "See Note", "Notes 1, 2"],
            &["CONN-2", "q", "Perhaps", "__"],
            &["CONN-3", "q", "See Note", "__"],
            &["CSUP-1", "q", "Yes", "9"],
            &["CSUP-2", "q", "yes ", "only by the maker"],
            &["CSUP-2", "q", "No", "__"],
            &["Note 1", "First note."],
            &["Note 2", "Second note."],
        ],
    );
    let form = disclosure::read(&sheet, "form.xlsx").unwrap();
    assert_eq!((form.form, form.maker(), form.product()), (Form::Mds2, Some("Minato Medical"), Some("IP-300")));
    assert_eq!(form.written_on.map(|day| day.to_string()).as_deref(), Some("2026-04-01"));
    assert_eq!(form.answers.len(), 10);
    assert_eq!(answer(&form, "DOC-8"), (Some(Answer::Yes), None));
    assert_eq!(answer(&form, "AUDT-1.1"), (Some(Answer::NotApplicable), None));
    assert_eq!(answer(&form, "AUDT-2"), (None, Some("First note.".to_owned())));
    assert_eq!(answer(&form, "CONN-1"), (Some(Answer::SeeNote), Some("First note. Second note.".to_owned())));
    assert_eq!(answer(&form, "CONN-2"), (None, Some("Perhaps".to_owned())));
    assert_eq!(answer(&form, "CSUP-2"), (None, Some("only by the maker".to_owned())), "two answers are none");
    assert_eq!(
        problems(&form),
        [
            "sheet-form-unanswered C11",
            "sheet-form-odd-answer C13",
            "sheet-form-note-missing C14",
            "sheet-form-note-unknown D15",
            "sheet-form-twice C17",
        ]
    );
    let row = &form.table().rows[0];
    assert_eq!((row.get(Field::Maker), row.get(Field::Product)), (Some("Minato Medical"), Some("IP-300")));
}

#[test]
fn mds_with_words_and_sds_with_marks() {
    let words = sheet(
        "チェックリスト",
        &[
            &["製造業者による医療情報セキュリティ開示書"],
            &["製造業者名", "みなと医療システム", "", "作成日：令和8年4月1日"],
            &["製品名", "みなとカルテ", "バージョン", "5.2"],
            &["項番", "質問", "回答", "備考"],
            &["1", "質問の文", "はい", ""],
            &["2", "質問の文", "いいえ", "次期更新で対応"],
            &["2.1", "質問の文", "対象外", ""],
            &["3", "質問の文", "", ""],
            &["4", "質問の文", "要相談", ""],
            &["5", "質問の文", "備考参照", ""],
            &["注", "はい以外は備考に書くこと"],
        ],
    );
    let form = disclosure::read(&words, "form.xlsx").unwrap();
    let guess = guess::mapping(&words);
    assert_eq!((guess.mapping.table, guess.reason.unwrap().key.as_str()), (None, "sheet-left-out-form"));
    assert_eq!(
        (form.form, form.maker(), form.product()),
        (Form::Mds, Some("みなと医療システム"), Some("みなとカルテ"))
    );
    assert_eq!(form.about.get(Field::Version), Some("5.2"));
    assert_eq!(form.written_on.map(|day| day.to_string()).as_deref(), Some("2026-04-01"));
    let answers: Vec<_> = form.answers.iter().map(|a| a.answer.map_or("-", Answer::key)).collect();
    assert_eq!(answers, ["yes", "no", "not_applicable", "-", "-", "see_note"]);
    assert_eq!(
        problems(&form),
        ["sheet-form-unanswered C8", "sheet-form-odd-answer C9", "sheet-form-note-missing C10"]
    );

    let form = disclosure::read(
        &sheet(
            "SDS",
            &[
                &["医療情報セキュリティ開示書"],
                &["No.", "確認項目", "はい", "いいえ", "対象外", "備考"],
                &["1", "q", "○", "", "", ""],
                &["2", "q", "", "✓", "", "理由"],
                &["3", "q", "□", "□", "☑", ""],
                &["4", "q", "○", "○", "", ""],
                &["5", "q", "", "", "", ""],
                &["6", "q", "予定", "", "", ""],
            ],
        ),
        "form.xlsx",
    )
    .unwrap();
    let answers: Vec<_> = form.answers.iter().map(|a| a.answer.map_or("-", Answer::key)).collect();
    assert_eq!((form.form, answers), (Form::Sds, vec!["yes", "no", "not_applicable", "-", "-", "-"]));
    assert_eq!(form.answers[1].place.cell.as_deref(), Some("D4"));
    assert_eq!(
        problems(&form),
        ["sheet-form-two-answers C6", "sheet-form-unanswered C7", "sheet-form-odd-answer C8", "sheet-form-no-product ",]
    );
    assert_eq!(form.table().rows, []);
}

#[test]
fn headings_across_the_answers_are_no_questions() {
    let mut book = Workbook::new();
    let tab = book.add_worksheet();
    tab.write(0, 0, "MDS").unwrap();
    for (column, text) in (0..).zip(["項番", "質問", "回答", "備考"]) {
        tab.write(1, column, text).unwrap();
    }
    tab.write(2, 0, "1").unwrap();
    tab.merge_range(2, 1, 2, 3, "節の見出し", &Format::new()).unwrap();
    for (column, text) in (0..).zip(["1.1", "q", "はい"]) {
        tab.write(3, column, text).unwrap();
    }
    let sheet = read(&book.save_to_buffer().unwrap(), "form.xlsx", &Limits::default()).unwrap().remove(0);
    let form = disclosure::read(&sheet, "form.xlsx").unwrap();
    assert_eq!(form.answers.iter().map(|a| a.number.as_str()).collect::<Vec<_>>(), ["1.1"]);
}

#[test]
fn other_lists_are_no_forms() {
    for rows in [
        &[&["項番", "質問", "回答"][..], &["1", "q", "はい"]][..],
        &[&["機器名", "型番"][..], &["a", "X"]],
        &[&["AUDT-1", "AUDT-2"][..]],
    ] {
        assert_eq!(disclosure::read(&sheet("Sheet1", rows), "f.xlsx"), None);
    }
}

#[test]
fn the_example_worksheet_is_read_whole() {
    let Some(data) = std::env::var_os("TOMOMORI_KNOWN_ANSWERS") else {
        crate::known::skipped("the_example_worksheet_is_read_whole: TOMOMORI_KNOWN_ANSWERS is not set");
        return;
    };
    let path = PathBuf::from(data).join("mds2/Example-MDS2-Worksheet-HN1-2019.xlsx");
    let sheets = read(&std::fs::read(path).unwrap(), "MDS2.xlsx", &Limits::default()).unwrap();
    let form = disclosure::read(&sheets[0], "MDS2.xlsx").unwrap();
    let count = |answer| form.answers.iter().filter(|answered| answered.answer == answer).count();
    let numbers =
        [Some(Answer::Yes), Some(Answer::No), Some(Answer::NotApplicable), Some(Answer::SeeNote), None].map(count);
    // Counted with another reader.
    assert_eq!((form.answers.len(), numbers), (233, [29, 112, 90, 1, 1]));
    assert_eq!(problems(&form), ["sheet-form-unanswered C15"]);
    assert_eq!(form.written_on.map(|day| day.to_string()).as_deref(), Some("2019-10-09"));
    assert_eq!(answer(&form, "RDMP-3").0, Some(Answer::Yes));
    assert!(answer(&form, "RDMP-3").1.is_some(), "the note is followed");
}
