//! What a single column means: its header compared with the words of the field, and what stands in it.

use super::header::Header;
use super::{MAP_FROM, contents};
use crate::model::{Sheet, column_letters};
use crate::words;
use std::collections::{BTreeMap, HashSet};
use tomomori_domain::import::{ColumnMapping, Field, TableKind};
use tomomori_domain::text;

/// Values looked at per column.
const VALUES: usize = 50;
/// Values shown to a person.
const SAMPLES: usize = 3;

/// Best field of each column by its header alone.
pub(super) fn by_header(kind: TableKind, header: &Header, used: &[u32]) -> Vec<(Field, u8)> {
    let best = |column: &u32| header.texts.get(column).and_then(|text| scores(kind, text).into_iter().next());
    let mut found: Vec<(Field, u8)> = used.iter().filter_map(best).collect();
    // A field counts once: a table does not become more of a ledger by five columns called 名称.
    found.sort_by_key(|&(field, score)| (field, std::cmp::Reverse(score)));
    found.dedup_by_key(|&mut (field, _)| field);
    found
}

/// Maps all used columns. Each field goes to the column that fits best; fields that may stand in several columns do so.
pub(super) fn map(sheet: &Sheet, kind: TableKind, header: &Header, used: &[u32]) -> Vec<ColumnMapping> {
    let values = values(sheet, header.last_row, used);
    // This program's own file: its headers are exact, and a name that looks like an address is a name.
    let own = header.texts.values().any(|text| words::is_own(text));
    let mut offers: Vec<(u8, u32, Field)> = Vec::new();
    for &column in used {
        let seen = values.get(&column).map_or(&[][..], Vec::as_slice);
        let named = header.texts.get(&column).map(|text| scores(kind, text)).unwrap_or_default();
        let known = named.first().filter(|(_, score)| *score >= 90);
        if own && known.is_some() {
            offers.extend(named.iter().map(|&(field, score)| (score, column, field)));
            continue;
        }
        match (known, contents::speak(kind, seen)) {
            (Some(&(field, _)), _) => {
                let found = contents::overrule(kind, field, seen);
                if let Some(found) = found.filter(|found| !agrees_elsewhere(kind, *found, column, header, &values)) {
                    offers.push((contents::OVERRULED, column, found));
                    continue;
                }
            }
            (None, Some((field, score))) => offers.push((score, column, field)),
            (None, None) => {}
        }
        offers.extend(named.iter().map(|&(field, score)| (contents::adjusted(field, score, seen), column, field)));
    }
    offers.sort_by_key(|&(score, column, _)| (std::cmp::Reverse(score), column));
    let mut fields = HashSet::new();
    let mut taken: BTreeMap<u32, (Field, u8)> = BTreeMap::new();
    for (score, column, field) in offers {
        if taken.contains_key(&column) || fields.contains(&field) && !is_repeatable(field) {
            continue;
        }
        if score >= MAP_FROM {
            fields.insert(field);
        }
        taken.insert(column, (field, score));
    }
    match kind {
        TableKind::Resources => {
            clauses_beside_updaters(header, used, &mut taken);
            if !fields.contains(&Field::Name) {
                name_by_product(header, &mut taken);
            }
        }
        TableKind::Lines => end_by_place(header, used, &mut taken),
        _ => {}
    }
    used.iter()
        .map(|column| {
            let guessed = taken.get(column);
            ColumnMapping {
                column: column_letters(*column),
                header: header.texts.get(column).cloned().unwrap_or_default(),
                field: guessed.filter(|(_, score)| *score >= MAP_FROM).map(|(field, _)| *field),
                score: guessed.map_or(0, |(_, score)| *score),
                samples: match header.texts.get(column) {
                    Some(text) if words::is_withheld(text) => Vec::new(),
                    _ => values.get(column).map(|values| samples(values)).unwrap_or_default(),
                },
            }
        })
        .collect()
}

/// A delivery list calls its devices by 製品名 and has the model beside it: the first is the name, the other the product.
fn name_by_product(header: &Header, taken: &mut BTreeMap<u32, (Field, u8)>) {
    let products: Vec<u32> =
        taken.iter().filter(|(_, (field, _))| *field == Field::Product).map(|(column, _)| *column).collect();
    let called = |column: &&u32| {
        header
            .texts
            .get(*column)
            .is_some_and(|text| matches!(plain(text).as_str(), "製品名" | "販売名" | "productname"))
    };
    if products.len() >= 2
        && let Some(column) = products.iter().find(called)
    {
        taken.insert(*column, (Field::Name, 80));
    }
}

/// Another column is called so and holds it: then this one only repeats it (a device named by its address).
fn agrees_elsewhere(
    kind: TableKind,
    field: Field,
    column: u32,
    header: &Header,
    values: &BTreeMap<u32, Vec<String>>,
) -> bool {
    header.texts.iter().filter(|(other, _)| **other != column).any(|(other, text)| {
        let named = header_field(kind, text) == Some(field);
        named && values.get(other).is_some_and(|seen| contents::adjusted(field, 50, seen) > 50)
    })
}

/// 条文 right of who updates a layer is the clause of that layer.
fn clauses_beside_updaters(header: &Header, used: &[u32], taken: &mut BTreeMap<u32, (Field, u8)>) {
    for pair in used.windows(2) {
        let (Some((updater, _)), Some(text)) = (taken.get(&pair[0]), header.texts.get(&pair[1])) else { continue };
        let bare = text.rsplit('/').next().is_some_and(|lower| words::is_bare_clause(&plain(lower)));
        if let Some(clause) = words::clause_beside(*updater).filter(|_| bare)
            && taken.get(&pair[1]).is_none_or(|(_, score)| *score < MAP_FROM)
        {
            taken.insert(pair[1], (clause, 85));
        }
    }
}

/// A bill says where a circuit is laid; without a column for its end that is the end.
fn end_by_place(header: &Header, used: &[u32], taken: &mut BTreeMap<u32, (Field, u8)>) {
    let mapped = |taken: &BTreeMap<u32, (Field, u8)>, wanted: Field| {
        taken.values().any(|(field, score)| *field == wanted && *score >= MAP_FROM)
    };
    for column in used {
        let place = header.texts.get(column).is_some_and(|text| words::is_place(&plain(text)));
        if !place || taken.get(column).is_some_and(|(_, score)| *score >= MAP_FROM) {
            continue;
        }
        if let Some(field) = [Field::To, Field::Purpose].into_iter().find(|field| !mapped(taken, *field)) {
            taken.insert(*column, (field, 80));
        }
    }
}

fn is_repeatable(field: Field) -> bool {
    matches!(
        field,
        Field::Address
            | Field::Mac
            | Field::Os
            | Field::Software
            | Field::Kb
            | Field::Custom
            | Field::Needs
            | Field::Range
            | Field::Product
            | Field::Location
            | Field::Note
    )
}

/// The field a header means beyond doubt, whatever stands below it.
pub(super) fn header_field(kind: TableKind, header: &str) -> Option<Field> {
    scores(kind, header).first().filter(|(_, score)| *score >= 90).map(|(field, _)| *field)
}

/// Fields a header may mean, best first.
fn scores(kind: TableKind, header: &str) -> Vec<(Field, u8)> {
    if tomomori_domain::custom::of_header(header).is_some() {
        return vec![(Field::Custom, 100)];
    }
    let whole = words::key(header);
    if let Some(field) = words::own_field(&whole).filter(|field| super::fields(kind).contains(field)) {
        return vec![(field, 100)];
    }
    if let Some((field, _)) = words::headers(kind).find(|(_, known)| known.split(' ').any(|word| word == whole)) {
        return vec![(*field, 100)];
    }
    if let Some(field) = words::layered(&whole).filter(|_| kind == TableKind::Resources) {
        return vec![(field, 95)];
    }
    let mut scores: Vec<(Field, u8)> = words::headers(kind)
        .map(|(field, known)| (*field, header_score(header, known)))
        .filter(|(_, score)| *score > 0)
        .collect();
    scores.sort_by_key(|&(_, score)| std::cmp::Reverse(score));
    scores
}

/// A two-row header counts by its lower part, by both together (保守/終了日), or a little less by its upper part.
fn header_score(header: &str, known: &str) -> u8 {
    let whole = plain(&header.replace('/', ""));
    let mut best = word_score(&plain(header), known).max(word_score(&whole, known));
    if let Some((upper, lower)) = header.split_once('/') {
        best = best.max(word_score(&plain(lower), known));
        best = best.max(word_score(&plain(upper), known).saturating_sub(10));
    }
    best
}

fn word_score(header: &str, known: &str) -> u8 {
    let length = header.chars().count();
    let score = |word: &str| {
        let word_length = word.chars().count();
        if header == word {
            100
        } else if word_length >= 2 && header.contains(word) && (!word.is_ascii() || stands_alone(header, word)) {
            u8::try_from(55 + 35 * word_length / length).unwrap_or(0)
        } else {
            0
        }
    };
    known.split(' ').map(score).max().unwrap_or(0)
}

/// `ip` is not in `shipping`.
fn stands_alone(header: &str, word: &str) -> bool {
    header.match_indices(word).any(|(at, _)| {
        let before = header[..at].chars().next_back();
        let after = header[at + word.len()..].chars().next();
        ![before, after].into_iter().flatten().any(|c| c.is_ascii_alphabetic())
    })
}

/// Folded, without spaces, marks and remarks in parentheses.
fn plain(header: &str) -> String {
    let mut out = String::new();
    let mut depth = 0;
    for c in words::key(header).chars() {
        match c {
            '(' | '[' | '【' | '〔' | '<' => depth += 1,
            ')' | ']' | '】' | '〕' | '>' => depth -= 1,
            '*' | '※' | '_' | ':' | '■' | '●' | '◎' | '○' => {}
            c if depth <= 0 => out.push(c),
            _ => {}
        }
    }
    // A header that is nothing but a remark, as (IP), is still a header.
    if out.is_empty() { words::key(header).replace(['(', ')', '[', ']'], "") } else { out }
}

fn values(sheet: &Sheet, header_row: u32, used: &[u32]) -> BTreeMap<u32, Vec<String>> {
    let mut values: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    let start = sheet.cells.partition_point(|cell| cell.row <= header_row);
    let mut full = 0;
    for cell in &sheet.cells[start..] {
        let seen = values.entry(cell.column).or_default();
        if seen.len() < VALUES {
            seen.push(text::tidy(&cell.text));
            full += usize::from(seen.len() == VALUES);
        }
        if full == used.len() {
            break;
        }
    }
    values
}

fn samples(values: &[String]) -> Vec<String> {
    let mut seen = HashSet::new();
    values.iter().filter(|value| !value.is_empty() && seen.insert(*value)).take(SAMPLES).cloned().collect()
}
