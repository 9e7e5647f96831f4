//! What a hospital hands over and gets back as files: the workbook, the ready message, the answer.

use super::form::{self, Fields, FileAnswer, NEW_ROWS};
use super::picture::line_name;
use crate::diagram::Translate;
use crate::export::{cell, header, label};
use crate::{AppError, Ctx};
use std::collections::HashMap;
use tomomori_domain::Msg;
use tomomori_domain::access::permission::{AskAdvice, ReadAdvice};
use tomomori_domain::advice::{AdviceRequest, LINE_CORRECTABLE, LINE_FIELDS, NODE_FIELDS, Part, Values};
use tomomori_domain::ids::AdviceId;
use tomomori_domain::import::Field;
use tomomori_domain::resource::ResourceKind;
use tomomori_sheet::export::{Choices, SheetOut, WriteError, write_with_choices};
use tomomori_sheet::{Limits, Sheet};
use tomomori_store::AuditEvent;

/// Turns messages into the reader's language.
pub(crate) type Tr<'a> = Translate<'a>;

/// A file that goes with a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its name for people.
    pub name: String,
    /// Its type.
    pub kind: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The request behind a file to hand over; that it was made is written down, because it leaves the installation.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::NotFound`].
pub async fn download(ctx: &Ctx, id: AdviceId, what: &'static str) -> Result<AdviceRequest, AppError> {
    ctx.actor.require::<AskAdvice>()?;
    let mut tx = ctx.write().await?;
    let request = tx.advice_request(id).await?;
    let details = serde_json::json!({ "file": what });
    tx.audit(AuditEvent::new("advice.download", format!("request:{id}")).details(details)).await?;
    tx.commit().await?;
    Ok(request)
}

/// A ready message with the files attached. No sender and no address are in it: a person sends it.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::NotFound`].
pub async fn mail(ctx: &Ctx, id: AdviceId, files: &[Attachment], tr: Tr<'_>) -> Result<Vec<u8>, AppError> {
    ctx.actor.require::<AskAdvice>()?;
    let request = download(ctx, id, "mail.eml").await?;
    let hospital = ctx.read().await?.tenant_row().await?.name;
    let subject = Msg::new("advice-mail-subject").arg("hospital", &hospital);
    let text = Msg::new("advice-mail-text")
        .arg("vendor", &request.vendor_name)
        .arg("hospital", &hospital)
        .arg("due", request.due)
        .arg("note", &request.note)
        .arg("by", &request.asked_by);
    Ok(super::mail::message(&tr(&subject), &tr(&text), files, request.asked))
}

/// Answers in the order of the workbook's list, with the keys of [`form`].
fn answers() -> [(&'static str, Msg); 3] {
    [
        ("confirm", Msg::new("advice-say-confirm")),
        ("correct", Msg::new("advice-say-correct")),
        ("remove", Msg::new("advice-say-remove")),
    ]
}

/// The form as a workbook: one row per device and line, blank rows for what is missing.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::Invalid`] where a cell passes what Excel holds.
pub async fn sheet(ctx: &Ctx, request: &AdviceRequest, tr: Tr<'_>) -> Result<Vec<u8>, AppError> {
    ctx.actor.require::<ReadAdvice>()?;
    let (sheets, choices) = sheets(request, tr);
    let now = ctx.now();
    tokio::task::spawn_blocking(move || write_with_choices(&sheets, &choices, now))
        .await
        .map_err(AppError::internal)?
        .map_err(|WriteError::Excel(error)| AppError::Invalid(Msg::new("export-not-possible").arg("detail", error)))
}

/// Columns after the values: answer, remark, and what the row is.
const AFTER: usize = 3;

fn sheets(request: &AdviceRequest, tr: Tr<'_>) -> (Vec<SheetOut>, Vec<Choices>) {
    let part = &request.part;
    let tail = |answer: &str, reference: String| vec![answer.to_owned(), String::new(), reference];
    let values = |values: &Values, fields: &[Field]| -> Vec<String> {
        fields.iter().map(|field| boxed(values, *field, tr)).collect()
    };
    let names = |fields: &[Field]| -> Vec<String> {
        let ends = [Msg::new("advice-column-say"), Msg::new("advice-column-remark"), Msg::new("advice-column-row")];
        fields.iter().map(|field| tr(&header(*field))).chain(ends.iter().map(tr)).collect()
    };
    let mut nodes =
        SheetOut { name: tr(&Msg::new("advice-sheet-nodes")), header: names(&NODE_FIELDS), rows: Vec::new() };
    for node in part.nodes.iter().filter(|node| node.own) {
        nodes.rows.push([values(&node.values, &NODE_FIELDS), tail("", format!("n-{}", node.id))].concat());
    }
    let mut lines = SheetOut { name: tr(&Msg::new("advice-sheet-lines")), ..SheetOut::default() };
    let which = [tr(&Msg::new("advice-line")), tr(&header(Field::From)), tr(&header(Field::To))];
    lines.header = which.into_iter().chain(names(&LINE_FIELDS)).collect();
    for line in &part.lines {
        let which = vec![line_name(part, line, tr), String::new(), String::new()];
        lines.rows.push([which, values(&line.values, &LINE_FIELDS), tail("", format!("l-{}", line.id))].concat());
    }
    for at in 0..NEW_ROWS {
        nodes.rows.push([vec![String::new(); NODE_FIELDS.len()], tail("", format!("add{at}-"))].concat());
        lines.rows.push([vec![String::new(); 3 + LINE_FIELDS.len()], tail("", format!("wire{at}-"))].concat());
    }
    let about = SheetOut {
        name: tr(&Msg::new("advice-sheet-who")),
        header: vec![tr(&Msg::new("advice-who-question")), tr(&Msg::new("advice-who-answer"))],
        rows: vec![
            vec![tr(&Msg::new("advice-by")), String::new()],
            vec![tr(&Msg::new("advice-on")), String::new()],
            vec![tr(&Msg::new("advice-remark-all")), String::new()],
            vec![tr(&Msg::new("advice-code")), request.code.clone()],
        ],
    };
    let said = answers().iter().map(|(_, msg)| tr(msg)).collect::<Vec<_>>();
    let kinds = ResourceKind::ALL.iter().map(|kind| tr(&label("kind", kind.key()))).collect();
    let flags = vec![tr(&Msg::new("value-yes")), tr(&Msg::new("value-no"))];
    let mut choices = vec![
        Choices { sheet: 0, column: NODE_FIELDS.len(), words: said.clone() },
        Choices { sheet: 0, column: 1, words: kinds },
        Choices { sheet: 1, column: 3 + LINE_FIELDS.len(), words: said },
    ];
    for (at, field) in LINE_FIELDS.iter().enumerate().filter(|(_, field)| is_flag(**field)) {
        debug_assert!(LINE_CORRECTABLE.contains(field));
        choices.push(Choices { sheet: 1, column: 3 + at, words: flags.clone() });
    }
    (vec![nodes, lines, about], choices)
}

fn is_flag(field: Field) -> bool {
    matches!(field, Field::AlwaysOn | Field::SourceLimited | Field::RemoteMaintenance)
}

/// A field's values in one cell, in words.
fn boxed(values: &Values, field: Field, tr: Tr<'_>) -> String {
    let texts = values.get(&field).cloned().unwrap_or_default();
    if field == Field::Address { texts.join("、") } else { cell(texts, field, tr) }
}

/// The key behind a word of a cell; any other word stays as it is and is found to be no value of the field.
fn unboxed(text: &str, field: Field, tr: Tr<'_>) -> String {
    let key = match field {
        Field::Kind => ResourceKind::ALL.iter().map(|kind| kind.key()).find(|key| tr(&label("kind", key)) == text),
        _ if is_flag(field) => {
            let words = [("true", Msg::new("value-yes")), ("false", Msg::new("value-no"))];
            words.into_iter().find(|(_, msg)| tr(msg) == text).map(|(key, _)| key)
        }
        _ => None,
    };
    key.unwrap_or(text).to_owned()
}

/// Reads an answer, whichever of the two forms it came in.
pub(super) fn read(name: &str, bytes: &[u8], part: &Part, tr: Tr<'_>) -> Result<FileAnswer, AppError> {
    if !tomomori_sheet::workbook::looks_like(bytes) {
        let unreadable =
            |error: serde_json::Error| AppError::Invalid(Msg::new("advice-file-unreadable").arg("detail", error));
        return serde_json::from_slice(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)).map_err(unreadable);
    }
    let sheets = tomomori_sheet::read(bytes, name, &Limits::default())
        .map_err(|error| AppError::Invalid(error.problem(name).msg))?;
    let [nodes, lines, about, ..] = sheets.as_slice() else {
        return Err(AppError::Invalid(Msg::new("advice-file-sheets")));
    };
    let mut fields = Fields::new();
    let node_columns: Vec<(usize, Field)> = NODE_FIELDS.into_iter().enumerate().collect();
    rows(nodes, 0, &node_columns, NODE_FIELDS.len(), part, tr, &mut fields)?;
    let mut line_columns = vec![(1, Field::From), (2, Field::To)];
    line_columns.extend(LINE_FIELDS.into_iter().enumerate().map(|(at, field)| (3 + at, field)));
    rows(lines, 1, &line_columns, 3 + LINE_FIELDS.len(), part, tr, &mut fields)?;
    let about: HashMap<(u32, u32), &str> =
        about.cells.iter().map(|cell| ((cell.row, cell.column), cell.text.trim())).collect();
    let value = |row: u32| about.get(&(row, 1)).copied().unwrap_or_default().to_owned();
    fields.insert("remark".to_owned(), value(4));
    Ok(FileAnswer { by: value(2), on: value(3), code: value(5), fields })
}

/// Reads one sheet of the workbook into the names of [`form`].
fn rows(
    sheet: &Sheet,
    number: usize,
    columns: &[(usize, Field)],
    answer_at: usize,
    part: &Part,
    tr: Tr<'_>,
    fields: &mut Fields,
) -> Result<(), AppError> {
    let mut by_row: HashMap<u32, HashMap<usize, &str>> = HashMap::new();
    for cell in sheet.cells.iter().filter(|cell| cell.row > 1) {
        by_row.entry(cell.row).or_default().insert(cell.column as usize, cell.text.trim());
    }
    let mut numbers: Vec<u32> = by_row.keys().copied().collect();
    numbers.sort_unstable();
    let mut added = NEW_ROWS;
    let place = |row: u32| {
        let name = sheet.name.clone().unwrap_or_default();
        Msg::new("advice-file-row").arg("sheet", name).arg("row", row)
    };
    for row in numbers {
        let cells = &by_row[&row];
        let get = |column: usize| cells.get(&column).copied().unwrap_or_default();
        let filled = cells.iter().any(|(column, text)| *column < answer_at + AFTER - 1 && !text.is_empty());
        let reference = match get(answer_at + AFTER - 1) {
            "" if !filled => continue,
            // A row a person added below.
            "" => {
                added += 1;
                format!("{}{}-", if number == 0 { "add" } else { "wire" }, added - 1)
            }
            text => text.to_owned(),
        };
        if !["n-", "l-", "add", "wire"].iter().any(|start| reference.starts_with(start)) {
            return Err(AppError::Invalid(place(row)));
        }
        let known = reference.starts_with("n-") || reference.starts_with("l-");
        for &(column, field) in columns {
            let text = unboxed(get(column), field, tr);
            let correctable = number == 0 || LINE_CORRECTABLE.contains(&field);
            if known && correctable {
                fields.insert(format!("{reference}-{}", field.key()), text);
            } else if !known {
                fields.insert(format!("{reference}{}", field.key()), text);
            } else if line_value(part, &reference, field).is_some_and(|shown| shown != text) {
                return Err(AppError::Invalid(place(row)));
            }
        }
        let said = get(answer_at);
        if known && !said.is_empty() {
            let key = answers().into_iter().find(|(_, msg)| tr(msg) == said).map(|(key, _)| key);
            fields.insert(reference.clone(), key.ok_or_else(|| AppError::Invalid(place(row)))?.to_owned());
        }
        let remark = get(answer_at + 1);
        if let Some(id) = reference.strip_prefix("n-").or_else(|| reference.strip_prefix("l-")) {
            fields.insert(format!("r-{id}"), remark.to_owned());
        } else if !remark.is_empty() || !said.is_empty() {
            return Err(AppError::Invalid(place(row)));
        }
    }
    Ok(())
}

/// What a cell that cannot be corrected was written with.
fn line_value(part: &Part, reference: &str, field: Field) -> Option<String> {
    let id = reference.strip_prefix("l-")?;
    let line = part.lines.iter().find(|line| line.id.to_string() == id)?;
    Some(form::shown(&line.values, field))
}
