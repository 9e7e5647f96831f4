//! Files to tables: what a file is, is decided by its content, never by its name.

use super::{FilePreview, TablePreview, Upload};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tomomori_domain::Msg;
use tomomori_domain::import::{Field, Mapping, Place, Problem, Severity, Table, TableKind};
use tomomori_domain::record::source_key;
use tomomori_domain::resource::Grade;
use tomomori_formats::addresses::{self, ListKind};
use tomomori_formats::inspect::{Kind, inspect};
use tomomori_formats::{hospital, tables as of_formats};
use tomomori_sheet::{Limits, apply, disclosure, doubts, guess};

/// A person's correction of how one sheet is understood.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Correction {
    /// File name.
    pub file: String,
    /// The whole mapping of one of its sheets.
    pub mapping: Mapping,
}

/// How people want sheets understood: what they corrected in this import, and what they corrected in earlier ones, newest
/// first, which holds for the same list with the same headers.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Corrections of this import.
    pub now: Vec<Correction>,
    /// Corrections of earlier imports.
    pub earlier: Vec<Correction>,
    /// Names of the hospital's own columns: a column of devices with such a header, and no other meaning, is that one.
    pub own: Vec<String>,
}

/// Reads all files. Every problem is inside the result; one bad file does not hide the others. `today` in Japan, for dates that
/// cannot be.
#[must_use]
pub fn tables(uploads: &[Upload], wanted: &Wanted, today: Date) -> (Vec<FilePreview>, Vec<Table>) {
    let mut previews = Vec::new();
    let mut tables = Vec::new();
    for upload in uploads {
        let (preview, mut found) = file(upload, wanted);
        for table in &mut found {
            table.problems.extend(doubts::of(table, today));
        }
        previews.push(preview);
        tables.extend(found);
    }
    (previews, tables)
}

fn file(upload: &Upload, wanted: &Wanted) -> (FilePreview, Vec<Table>) {
    let name = upload.name.as_str();
    let head = &upload.bytes[..upload.bytes.len().min(4096)];
    let first = head.iter().copied().find(|byte| !byte.is_ascii_whitespace() && !matches!(byte, 0xEF | 0xBB | 0xBF));
    if let Some((kind, table)) = hospital::read(name, &upload.bytes) {
        return match table {
            Ok(table) => fixed(upload, kind.msg(), table),
            Err(error) => unreadable(upload, kind.msg(), of_format(name, &error)),
        };
    }
    // What is plainly another format would only be torn apart as text: it is called by its name instead.
    if matches!(first, Some(b'{' | b'<')) {
        let kind = inspect(name, &mut upload.bytes.as_slice()).kind;
        if !matches!(kind, Kind::Csv | Kind::Text | Kind::Unknown | Kind::Arp | Kind::Dhcp) {
            return unreadable(upload, kind.msg(), whole_file(name, Msg::new("import-file-other")));
        }
    }
    let text = !tomomori_sheet::workbook::looks_like(&upload.bytes);
    if let Some(list) = text.then(|| addresses::read(name, &mut upload.bytes.as_slice()).ok()).flatten()
        && (list.kind != ListKind::Lines || !is_ledger(upload))
    {
        return fixed(upload, Msg::new("import-kind-addresses"), of_formats::addresses_table(&list, name));
    }
    sheet_file(upload, wanted)
}

/// A list with addresses *and* names or products is a ledger, not an ARP table.
fn is_ledger(upload: &Upload) -> bool {
    tomomori_sheet::read(&upload.bytes, &upload.name, &Limits::default()).is_ok_and(|sheets| {
        sheets.iter().any(|sheet| {
            let columns = guess::mapping(sheet).mapping.columns;
            columns.iter().filter_map(|column| column.field).any(|field| matches!(field, Field::Name | Field::Product))
        })
    })
}

fn of_format(file: &str, error: &tomomori_formats::feed::FormatError) -> Problem {
    whole_file(file, Msg::new("import-file-unreadable").arg("detail", error))
}

fn whole_file(file: &str, msg: Msg) -> Problem {
    let place = Place { file: file.into(), ..Place::default() };
    Problem { severity: Severity::Error, place, msg }
}

/// A file that could not be read at all: its problem travels in an empty table, so that it is shown and stops the import.
fn unreadable(upload: &Upload, kind: Msg, problem: Problem) -> (FilePreview, Vec<Table>) {
    let table = Table {
        kind: TableKind::Resources,
        grade: Grade::Declared,
        mapping: None,
        rows: Vec::new(),
        problems: vec![problem],
    };
    (FilePreview { name: upload.name.clone(), kind, tables: Vec::new() }, vec![table])
}

/// A file whose format has a fixed meaning.
fn fixed(upload: &Upload, kind: Msg, table: Table) -> (FilePreview, Vec<Table>) {
    let tables =
        vec![TablePreview { kind: Some(table.kind), mapping: None, rows: table.rows.len() as u64, left_out: None }];
    (FilePreview { name: upload.name.clone(), kind, tables }, vec![table])
}

fn sheet_file(upload: &Upload, wanted: &Wanted) -> (FilePreview, Vec<Table>) {
    let kind = Msg::new("import-kind-sheet");
    let sheets = match tomomori_sheet::read(&upload.bytes, &upload.name, &Limits::default()) {
        Ok(sheets) => sheets,
        Err(error) => return unreadable(upload, kind, error.problem(&upload.name)),
    };
    let mut previews = Vec::new();
    let mut found = Vec::new();
    for sheet in &sheets {
        if let Some(form) = disclosure::read(sheet, &upload.name) {
            let table = form.table();
            let rows = table.rows.len() as u64;
            previews.push(TablePreview { kind: Some(table.kind), mapping: None, rows, left_out: None });
            found.push(table);
            continue;
        }
        let corrected =
            wanted.now.iter().find(|c| c.file == upload.name && c.mapping.sheet.as_deref() == sheet.name.as_deref());
        let (mapping, left_out) = match corrected {
            Some(correction) => (correction.mapping.clone(), None),
            None => {
                let guess = guess::mapping(sheet);
                let (mut mapping, reason) =
                    match wanted.earlier.iter().find(|earlier| is_same_list(earlier, &upload.name, &guess.mapping)) {
                        Some(earlier) => (with_choices_of(guess.mapping, &earlier.mapping), None),
                        None => (guess.mapping, guess.reason),
                    };
                with_own_columns(&mut mapping, &wanted.own);
                (mapping, reason)
            }
        };
        let table = apply::table(sheet, &mapping, guess::grade(&mapping), &upload.name);
        let rows = table.as_ref().map_or(0, |table| table.rows.len() as u64);
        previews.push(TablePreview { kind: mapping.table, mapping: Some(mapping), rows, left_out });
        found.extend(table);
    }
    // Nothing to take over from a whole file is a mistake, unless a person left its sheets out.
    if found.is_empty() && !wanted.now.iter().any(|correction| correction.file == upload.name) {
        let (_, nothing) = unreadable(upload, kind.clone(), whole_file(&upload.name, Msg::new("import-file-no-table")));
        found = nothing;
    }
    (FilePreview { name: upload.name.clone(), kind, tables: previews }, found)
}

/// Whether a correction was about a version of this list: the same name but for dates, and the same headers.
fn is_same_list(earlier: &Correction, file: &str, guessed: &Mapping) -> bool {
    let key = |file: &str, mapping: &Mapping| source_key(file, mapping.sheet.as_deref(), TableKind::Resources);
    let headers = |mapping: &Mapping| mapping.columns.iter().map(|column| column.header.clone()).collect::<Vec<_>>();
    key(&earlier.file, &earlier.mapping) == key(file, guessed) && headers(&earlier.mapping) == headers(guessed)
}

fn with_own_columns(mapping: &mut Mapping, own: &[String]) {
    if mapping.table != Some(TableKind::Resources) {
        return;
    }
    for column in mapping.columns.iter_mut().filter(|column| column.field.is_none()) {
        if own.contains(&tomomori_domain::text::tidy(&column.header)) {
            (column.field, column.score) = (Some(Field::Custom), 100);
        }
    }
}

/// The guess with the meanings a person once chose; samples and rows are this file's.
fn with_choices_of(mut guessed: Mapping, chosen: &Mapping) -> Mapping {
    guessed.table = chosen.table;
    guessed.header_row = chosen.header_row;
    for (column, chosen) in guessed.columns.iter_mut().zip(&chosen.columns) {
        (column.field, column.score) = (chosen.field, chosen.score);
    }
    guessed
}
