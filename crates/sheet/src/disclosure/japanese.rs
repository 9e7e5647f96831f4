//! MDS and SDS: a title, a few lines about product and maker, then 項番 / 質問 / 回答 / 備考. The answer stands in one
//! column as a word, or as a mark in a column of its own for each of はい, いいえ, 対象外.

use super::{Answer, Disclosure, Draft, Form, answer};
use crate::model::{Cell, Sheet};
use crate::words;
use tomomori_domain::import::Field;
use tomomori_domain::{Msg, text};

/// Rows from the top among which the header is looked for.
const ROWS: usize = 60;

/// Where things stand.
#[derive(Default)]
struct Layout {
    header_row: u32,
    number: Option<u32>,
    question: Option<u32>,
    answer: Option<u32>,
    choices: Vec<(u32, Answer)>,
    remark: Option<u32>,
}

pub(super) fn read(sheet: &Sheet, file: &str) -> Option<Disclosure> {
    let layout = sheet.rows().take(ROWS).find_map(layout)?;
    let above: Vec<&Cell> = sheet.cells.iter().take_while(|cell| cell.row < layout.header_row).collect();
    let mut draft = Draft::new(sheet, file);
    let form = form(sheet, &above)?;
    about(&mut draft, &above);
    let number_column = layout.number?;
    let start = sheet.cells.partition_point(|cell| cell.row <= layout.header_row);
    for cells in sheet.cells[start..].chunk_by(|a, b| a.row == b.row) {
        let row = cells[0].row;
        let at = |column: Option<u32>| column.and_then(|column| sheet.cell(row, column)).map_or("", |cell| &cell.text);
        let number = words::key(at(Some(number_column)));
        if !is_number(&number) || at(layout.question).is_empty() || is_section(sheet, row, &layout) {
            continue;
        }
        let remark = Some(text::tidy(at(layout.remark))).filter(|text| !answer::is_placeholder(text));
        let (read, column) = match layout.answer {
            Some(column) => (one_column(&mut draft, &number, row, column), column),
            None => choices(&mut draft, &number, row, &layout.choices),
        };
        draft.answer(number, read, remark, row, column);
    }
    (!draft.answers.is_empty()).then(|| draft.finish(form))
}

fn layout(cells: &[Cell]) -> Option<Layout> {
    let mut found = Layout { header_row: cells[0].row, ..Layout::default() };
    for cell in cells {
        let slot = match words::key(&cell.text).as_str() {
            "項番" | "番号" | "質問番号" | "項目番号" | "no" | "no." | "#" => &mut found.number,
            "質問" | "質問項目" | "質問内容" | "設問" | "項目" | "確認項目" | "チェック項目" | "質問事項" => {
                &mut found.question
            }
            "回答" | "回答欄" | "答え" | "選択" | "回答(はい・いいえ・対象外)" => {
                &mut found.answer
            }
            "備考" | "備考欄" | "補足" | "コメント" | "説明" | "備考番号" => &mut found.remark,
            key => {
                if let Some(answer) = answer::read(key).filter(|_| key.chars().count() > 1) {
                    found.choices.push((cell.column, answer));
                }
                continue;
            }
        };
        slot.get_or_insert(cell.column);
    }
    let answers = found.answer.is_some() || found.choices.len() >= 2;
    (found.number.is_some() && found.question.is_some() && answers).then_some(found)
}

/// The title says which form; a list of yes and no without such a title is some other checklist.
fn form(sheet: &Sheet, above: &[&Cell]) -> Option<Form> {
    let titles = above.iter().map(|cell| words::key(&cell.text)).chain(sheet.name.as_deref().map(words::key));
    let mut named = None;
    for title in titles {
        let service = title.contains("サービス事業者による") || title.contains("sds");
        let maker = title.contains("製造業者による") || title.contains("mds");
        match (maker, service) {
            (false, false) => {}
            (true, false) => return Some(Form::Mds),
            (false, true) => return Some(Form::Sds),
            // MDS/SDS: the form of either; what it is about decides.
            (true, true) => named = Some(Form::Mds),
        }
    }
    let service = above.iter().any(|cell| words::key(&cell.text).starts_with("サービス名"));
    named.map(|form| if service { Form::Sds } else { form })
}

/// What a line above the questions is about.
enum Line {
    Fact(Field),
    Date,
}

fn line(key: &str) -> Option<Line> {
    Some(match key {
        "製造業者"
        | "製造業者名"
        | "製造業者名称"
        | "事業者名"
        | "事業者名称"
        | "会社名"
        | "企業名"
        | "サービス事業者"
        | "サービス事業者名"
        | "提供事業者"
        | "提供事業者名"
        | "メーカー"
        | "メーカー名" => Line::Fact(Field::Maker),
        "製品名" | "製品名称" | "サービス名" | "サービス名称" | "システム名" | "型番" | "型式" | "モデル" => {
            Line::Fact(Field::Product)
        }
        "バージョン" | "版数" | "製品バージョン" | "ver" | "ver." | "version" => {
            Line::Fact(Field::Version)
        }
        "os" | "対象os" | "動作os" | "基本ソフト" => Line::Fact(Field::Os),
        "作成日" | "記入日" | "記載日" | "発行日" | "更新日" | "作成年月日" | "記入年月日" => {
            Line::Date
        }
        _ => return None,
    })
}

/// `製品名：X` in one cell, or 製品名 with X in the next cell of the row.
fn about(draft: &mut Draft<'_>, above: &[&Cell]) {
    for (at, cell) in above.iter().enumerate() {
        let tidied = text::tidy(&cell.text);
        let (label, inside) = tidied.split_once(':').unwrap_or((&tidied, ""));
        let Some(line) = line(&words::key(label)) else { continue };
        let beside = above
            .get(at + 1)
            .filter(|beside| beside.row == cell.row && self::line(&words::key(&beside.text)).is_none());
        let (value, column) = match (inside.trim(), beside) {
            ("", Some(beside)) => (&*beside.text, beside.column),
            (inside, _) => (inside, cell.column),
        };
        match line {
            Line::Fact(field) => draft.state(field, value, cell.row, column),
            Line::Date if value.is_empty() => {}
            Line::Date => draft.written(value, cell.row, column),
        }
    }
}

/// `1`, `2.3`, `12-1`, `A-3`, `問5`.
fn is_number(key: &str) -> bool {
    key.chars().count() <= 8 && key.chars().any(|c| c.is_ascii_digit())
}

/// A heading between the questions runs across the answers.
fn is_section(sheet: &Sheet, row: u32, layout: &Layout) -> bool {
    let answer = layout.answer.or_else(|| layout.choices.first().map(|(column, _)| *column));
    let across = |area: &crate::Area| {
        area.rows().contains(&row)
            && layout.question.is_some_and(|column| area.columns().contains(&column))
            && answer.is_some_and(|column| area.columns().contains(&column))
    };
    sheet.merges.iter().any(across)
}

fn one_column(draft: &mut Draft<'_>, number: &str, row: u32, column: u32) -> Option<Answer> {
    let tidied = draft.sheet.cell(row, column).map(|cell| text::tidy(&cell.text)).unwrap_or_default();
    let read = answer::read(&tidied);
    if read.is_none() {
        let msg = match tidied.is_empty() || answer::is_placeholder(&tidied) {
            true => Msg::new("sheet-form-unanswered").arg("number", number),
            false => Msg::new("sheet-form-odd-answer").arg("number", number).arg("value", tidied),
        };
        draft.warn(row, column, msg);
    }
    read
}

/// The answer and the column it is marked in.
fn choices(draft: &mut Draft<'_>, number: &str, row: u32, choices: &[(u32, Answer)]) -> (Option<Answer>, u32) {
    let first = choices.first().map_or(0, |(column, _)| *column);
    let mut chosen = Vec::new();
    for &(column, answer) in choices {
        let tidied = draft.sheet.cell(row, column).map(|cell| text::tidy(&cell.text)).unwrap_or_default();
        match answer::is_chosen(&tidied) {
            Some(true) => chosen.push((answer, column)),
            Some(false) => {}
            None => {
                let msg = Msg::new("sheet-form-odd-answer").arg("number", number).arg("value", tidied);
                draft.warn(row, column, msg);
                return (None, column);
            }
        }
    }
    match chosen[..] {
        [(answer, column)] => (Some(answer), column),
        [] => {
            draft.warn(row, first, Msg::new("sheet-form-unanswered").arg("number", number));
            (None, first)
        }
        [(_, column), ..] => {
            draft.warn(row, column, Msg::new("sheet-form-two-answers").arg("number", number));
            (None, column)
        }
    }
}
