//! The MDS2 worksheet: numbers such as `AUDT-2.1` in one column, the question beside it, then the answer and the note.

use super::{Answer, Disclosure, Draft, Form, answer};
use crate::model::Sheet;
use crate::words;
use std::collections::BTreeMap;
use tomomori_domain::import::Field;
use tomomori_domain::{Msg, text};

/// Numbered questions a sheet must have to be taken for the form; the form of 2019 has more than two hundred.
const AT_LEAST: usize = 10;

/// Questions about the document itself that are answered with a text.
const MAKER: &str = "DOC-1";
const DESCRIPTION: &str = "DOC-2";
const MODEL: &str = "DOC-3";
const DATE: &str = "DOC-7";
const TEXTS: [&str; 7] = [MAKER, DESCRIPTION, MODEL, "DOC-4", "DOC-5", "DOC-6", DATE];

pub(super) fn read(sheet: &Sheet, file: &str) -> Option<Disclosure> {
    let mut columns: BTreeMap<u32, Vec<(u32, String)>> = BTreeMap::new();
    for cell in &sheet.cells {
        if let Some(number) = number(&cell.text) {
            columns.entry(cell.column).or_default().push((cell.row, number));
        }
    }
    // The first column that holds most of them: other columns may refer to numbers.
    let (column, questions) =
        columns.into_iter().max_by_key(|(column, rows)| (rows.len(), std::cmp::Reverse(*column)))?;
    if questions.len() < AT_LEAST || !questions.iter().any(|(_, number)| number == MAKER) {
        return None;
    }
    let mut draft = Draft::new(sheet, file);
    let answers = answer_column(sheet, column, &questions);
    let notes = notes(sheet, column);
    for (row, number) in &questions {
        let cell = sheet.cell(*row, answers).map_or("", |cell| &cell.text);
        match number.as_str() {
            MAKER => draft.state(Field::Maker, cell, *row, answers),
            MODEL => draft.state(Field::Product, cell, *row, answers),
            DATE => draft.written(cell, *row, answers),
            text if TEXTS.contains(&text) => {}
            _ => question(&mut draft, (*row, answers), number, cell, &notes),
        }
    }
    if !draft.about.iter().any(|value| value.field == Field::Product)
        && let Some((row, _)) = questions.iter().find(|(_, number)| number == DESCRIPTION)
    {
        let cell = sheet.cell(*row, answers).map_or("", |cell| &cell.text);
        draft.state(Field::Product, cell, *row, answers);
    }
    Some(draft.finish(Form::Mds2))
}

fn question(draft: &mut Draft<'_>, (row, column): (u32, u32), number: &str, cell: &str, notes: &BTreeMap<u32, String>) {
    let note = draft.sheet.cell(row, column + 1).map(|cell| text::tidy(&cell.text)).unwrap_or_default();
    let mut remark = remark(draft, &note, (row, column + 1), notes);
    let read = answer::read(cell);
    if read.is_none() {
        let tidied = text::tidy(cell);
        if tidied.is_empty() || answer::is_placeholder(&tidied) {
            draft.warn(row, column, Msg::new("sheet-form-unanswered").arg("number", number));
        } else {
            draft.warn(row, column, Msg::new("sheet-form-odd-answer").arg("number", number).arg("value", &tidied));
            remark = Some(remark.map_or(tidied.clone(), |remark| format!("{tidied} {remark}")));
        }
    }
    // `See Note 4` in the column of answers itself.
    if read == Some(Answer::SeeNote) && remark.is_none() {
        remark = self::remark(draft, &text::tidy(cell), (row, column), notes).filter(|text| !answer_only(text));
    }
    draft.answer(number.to_owned(), read, remark, row, column);
}

fn answer_only(text: &str) -> bool {
    answer::read(text).is_some()
}

/// The notes a cell refers to, or what it says itself.
fn remark(
    draft: &mut Draft<'_>,
    note: &str,
    (row, column): (u32, u32),
    notes: &BTreeMap<u32, String>,
) -> Option<String> {
    if note.is_empty() || answer::is_placeholder(note) {
        return None;
    }
    let Some(numbers) = references(note) else { return Some(note.to_owned()) };
    let mut found = Vec::new();
    for number in numbers {
        match notes.get(&number) {
            Some(text) => found.push(text.clone()),
            None => draft.warn(row, column, Msg::new("sheet-form-note-unknown").arg("note", number)),
        }
    }
    Some(if found.is_empty() { note.to_owned() } else { found.join(" ") })
}

/// `See Note 1`, `Notes 2, 3`, `4`: the numbers; `None` for any other text.
fn references(note: &str) -> Option<Vec<u32>> {
    let lower = note.to_lowercase();
    let mut numbers = Vec::new();
    for word in lower.split(|c: char| c.is_whitespace() || matches!(c, ',' | '.' | '#' | '&' | ':' | ';')) {
        match word {
            "" | "see" | "note" | "notes" | "and" => {}
            word => numbers.push(word.parse().ok().filter(|number| *number < 1_000)?),
        }
    }
    (!numbers.is_empty()).then_some(numbers)
}

/// Texts of the notes below the questions, by number.
fn notes(sheet: &Sheet, column: u32) -> BTreeMap<u32, String> {
    let mut notes = BTreeMap::new();
    for cell in sheet.cells.iter().filter(|cell| cell.column == column) {
        let key = words::key(&cell.text);
        let Some(number) = key.strip_prefix("note").and_then(|number| number.trim_end_matches(':').parse().ok()) else {
            continue;
        };
        if let Some(beside) = sheet.row(cell.row).iter().find(|beside| beside.column > column) {
            notes.insert(number, text::tidy(&beside.text));
        }
    }
    notes
}

/// Right of the numbers, the column that holds most answers; where there is none, the form's own.
fn answer_column(sheet: &Sheet, column: u32, questions: &[(u32, String)]) -> u32 {
    let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
    for (row, _) in questions {
        for cell in sheet.row(*row).iter().filter(|cell| cell.column > column && answer::read(&cell.text).is_some()) {
            *counts.entry(cell.column).or_default() += 1;
        }
    }
    let most = counts.into_iter().max_by_key(|(column, count)| (*count, std::cmp::Reverse(*column)));
    most.map_or(column + 2, |(column, _)| column)
}

/// `AUDT-2.1`: three or four letters, a dash, numbers with dots.
fn number(raw: &str) -> Option<String> {
    // Asked for every cell of every workbook: nearly all are told apart without tidying them.
    let dash = |c| matches!(c, '-' | '－' | '‐' | '−' | '–');
    if raw.len() > 24 || !raw.trim_start().chars().skip(3).take(2).any(dash) {
        return None;
    }
    let key = words::key(raw).to_ascii_uppercase();
    let (letters, digits) = key.split_once('-')?;
    let parts =
        digits.split('.').all(|part| !part.is_empty() && part.len() <= 3 && part.bytes().all(|b| b.is_ascii_digit()));
    (matches!(letters.len(), 3 | 4) && letters.bytes().all(|b| b.is_ascii_uppercase()) && parts).then_some(key)
}
