//! Files to tables: what a file is, is decided by its content, never by its name.

use super::{FilePreview, TablePreview, Upload};
use serde::{Deserialize, Serialize};
use tomomori_domain::Msg;
use tomomori_domain::import::{Field, Mapping, Place, Problem, Severity, Table};
use tomomori_domain::resource::Grade;
use tomomori_formats::addresses::{self, ListKind};
use tomomori_formats::inspect::{Kind, inspect};
use tomomori_formats::{hospital, tables as of_formats};
use tomomori_sheet::{Limits, apply, guess};

/// A person's correction of how one sheet is understood.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Correction {
    /// File name.
    pub file: String,
    /// The whole mapping of one of its sheets.
    pub mapping: Mapping,
}

/// Reads all files. Every problem is inside the result; one bad file does not hide the others.
#[must_use]
pub fn tables(uploads: &[Upload], corrections: &[Correction]) -> (Vec<FilePreview>, Vec<Table>) {
    let mut previews = Vec::new();
    let mut tables = Vec::new();
    for upload in uploads {
        let (preview, found) = file(upload, corrections);
        previews.push(preview);
        tables.extend(found);
    }
    (previews, tables)
}

fn file(upload: &Upload, corrections: &[Correction]) -> (FilePreview, Vec<Table>) {
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
    sheet_file(upload, corrections)
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
    let place = Place { file: file.to_owned(), ..Place::default() };
    Problem { severity: Severity::Error, place, msg }
}

/// A file that could not be read at all: its problem travels in an empty table, so that it is shown and stops the import.
fn unreadable(upload: &Upload, kind: Msg, problem: Problem) -> (FilePreview, Vec<Table>) {
    let table = Table {
        kind: tomomori_domain::import::TableKind::Resources,
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

fn sheet_file(upload: &Upload, corrections: &[Correction]) -> (FilePreview, Vec<Table>) {
    let kind = Msg::new("import-kind-sheet");
    let sheets = match tomomori_sheet::read(&upload.bytes, &upload.name, &Limits::default()) {
        Ok(sheets) => sheets,
        Err(error) => return unreadable(upload, kind, error.problem(&upload.name)),
    };
    let mut previews = Vec::new();
    let mut found = Vec::new();
    for sheet in &sheets {
        let corrected = corrections.iter().find(|c| c.file == upload.name && c.mapping.sheet == sheet.name);
        let (mapping, left_out) = match corrected {
            Some(correction) => (correction.mapping.clone(), None),
            None => {
                let guess = guess::mapping(sheet);
                (guess.mapping, guess.reason)
            }
        };
        let table = apply::table(sheet, &mapping, Grade::Declared, &upload.name);
        let rows = table.as_ref().map_or(0, |table| table.rows.len() as u64);
        previews.push(TablePreview { kind: mapping.table, mapping: Some(mapping), rows, left_out });
        found.extend(table);
    }
    // Nothing to take over from a whole file is a mistake, unless a person left its sheets out.
    if found.is_empty() && !corrections.iter().any(|correction| correction.file == upload.name) {
        let (_, nothing) = unreadable(upload, kind.clone(), whole_file(&upload.name, Msg::new("import-file-no-table")));
        found = nothing;
    }
    (FilePreview { name: upload.name.clone(), kind, tables: previews }, found)
}
