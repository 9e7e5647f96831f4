//! What a sheet is and what its columns mean, guessed from headers and contents, with a score a person can judge.

mod columns;
mod contents;
mod header;

use crate::model::Sheet;
use crate::{disclosure, words};
use tomomori_domain::Msg;
use tomomori_domain::import::{Field, Mapping, TableKind};
use tomomori_domain::resource::Grade;

/// Fields a column of this kind of table can be mapped to, in the order of [`Field::ALL`].
#[must_use]
pub fn fields(kind: TableKind) -> Vec<Field> {
    let known = |field: &Field| words::headers(kind).any(|(known, _)| known == field);
    let own = |field: &Field| kind == TableKind::Resources && (*field == Field::Custom || words::is_layered(*field));
    Field::ALL.iter().copied().filter(|field| known(field) || own(field)).collect()
}

/// How good the facts of a table are. What a tool collected from the machines themselves (WSUS, asset agents, directory)
/// is observed: it says when each was last seen, and nothing of what only people know. All else somebody declared.
#[must_use]
pub fn grade(mapping: &Mapping) -> Grade {
    let has = |field| mapping.columns.iter().any(|column| column.field == Some(field));
    let by_people = [
        Field::ResourceId,
        Field::AssetNumber,
        Field::Location,
        Field::Vendor,
        Field::Purchase,
        Field::ContractNumber,
        Field::StocktakenOn,
    ];
    let observed = mapping.table == Some(TableKind::Resources)
        && has(Field::SeenOn)
        && (has(Field::Hostname) || has(Field::Mac))
        && !by_people.into_iter().any(has);
    if observed { Grade::Observed } else { Grade::Declared }
}

/// The field a header means beyond doubt, whatever stands below it.
pub(crate) fn header_field(kind: TableKind, header: &str) -> Option<Field> {
    columns::header_field(kind, header)
}

/// A column is mapped only from this score on (0–100). A word equal to a known header scores 100, a known word inside a
/// longer header 60–90, contents alone (addresses under a header nobody knows) 75–95.
pub const MAP_FROM: u8 = 65;

/// Columns of a sheet that are looked at; more than any list has.
const COLUMNS: usize = 200;

/// What a sheet seems to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    /// The columns; `mapping.table` is `None` when the sheet is left out.
    pub mapping: Mapping,
    /// Why the sheet is left out.
    pub reason: Option<Msg>,
}

/// Guesses the kind of table, its header and its columns.
#[must_use]
pub fn mapping(sheet: &Sheet) -> Guess {
    // The lines above the questions of a form (製品名, バージョン) look like a small ledger.
    if disclosure::read(sheet, "").is_some() {
        let reason = Some(Msg::new("sheet-left-out-form"));
        return Guess { mapping: mapping_of(sheet, None, 0, Vec::new()), reason };
    }
    let used = used_columns(sheet);
    let mut best: Option<(u32, TableKind, header::Header)> = None;
    let candidates = header::candidates(sheet, &used);
    for candidate in &candidates {
        for &kind in TableKind::ALL {
            let fields = columns::by_header(kind, candidate, &used);
            if !complete(kind, &fields) {
                continue;
            }
            let score = table_score(kind, &fields, sheet).saturating_sub(candidate.penalty);
            if best.as_ref().is_none_or(|(points, ..)| score > *points) {
                best = Some((score, kind, candidate.clone()));
            }
        }
    }
    if let Some((_, kind, header)) = best {
        let mapped = columns::map(sheet, kind, &header, &used);
        return Guess { mapping: mapping_of(sheet, Some(kind), header.last_row, mapped), reason: None };
    }
    // A bare list of addresses (ARP, DHCP) has no header, but its contents speak.
    let bare = header::Header::none();
    let mapped = columns::map(sheet, TableKind::Resources, &bare, &used);
    let has = |field| mapped.iter().any(|column| column.field == Some(field));
    if has(Field::Address) && has(Field::Mac) {
        return Guess { mapping: mapping_of(sheet, Some(TableKind::Resources), 0, mapped), reason: None };
    }
    let reason = match (sheet.cells.is_empty(), candidates.is_empty()) {
        (true, _) => Msg::new("sheet-left-out-empty"),
        (_, true) => Msg::new("sheet-left-out-no-table"),
        _ => Msg::new("sheet-left-out-no-header"),
    };
    Guess { mapping: mapping_of(sheet, None, 0, Vec::new()), reason: Some(reason) }
}

fn mapping_of(
    sheet: &Sheet,
    table: Option<TableKind>,
    header_row: u32,
    columns: Vec<tomomori_domain::import::ColumnMapping>,
) -> Mapping {
    Mapping { sheet: sheet.name.as_ref().map(ToString::to_string), table, header_row, columns }
}

/// Columns that hold something, from the left.
fn used_columns(sheet: &Sheet) -> Vec<u32> {
    let mut columns: Vec<u32> = sheet.cells.iter().map(|cell| cell.column).collect();
    columns.sort_unstable();
    columns.dedup();
    columns.truncate(COLUMNS);
    columns
}

/// Two columns at least, and whatever this kind of table cannot do without.
fn complete(kind: TableKind, fields: &[(Field, u8)]) -> bool {
    let has = |field: &Field| fields.iter().any(|(found, score)| found == field && *score >= MAP_FROM);
    let distinct = Field::ALL.iter().filter(|field| has(field)).count();
    distinct >= 2 && words::required(kind).iter().all(|group| group.iter().any(has))
}

/// Sum over the columns; fields that hardly occur elsewhere count twice, a telling sheet name once more.
fn table_score(kind: TableKind, fields: &[(Field, u8)], sheet: &Sheet) -> u32 {
    let signature = words::signature(kind);
    let columns: u32 = fields
        .iter()
        .filter(|(_, score)| *score >= MAP_FROM)
        .map(|(field, score)| {
            let weight = match field {
                // Only lists of components have the one, only this program's own ledger has the other.
                Field::Purl | Field::ResourceId => 4,
                field if signature.contains(field) => 2,
                _ => 1,
            };
            u32::from(*score) * weight
        })
        .sum();
    let name = sheet.name.as_deref().map(words::key).unwrap_or_default();
    let told = words::sheet_names(kind).iter().any(|word| name.contains(word));
    columns + if told { 100 } else { 0 }
}
