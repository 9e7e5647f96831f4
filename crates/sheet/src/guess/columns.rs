//! What a single column means: its header compared with the words of the field, and what stands in it.

use super::MAP_FROM;
use super::header::Header;
use crate::model::{Sheet, column_letters};
use crate::{net, words};
use std::collections::{BTreeMap, HashSet};
use tomomori_domain::import::{ColumnMapping, Field, TableKind};
use tomomori_domain::{date, text};

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
    let mut offers: Vec<(u8, u32, Field)> = Vec::new();
    for &column in used {
        let seen = values.get(&column).map_or(&[][..], Vec::as_slice);
        let named = header.texts.get(&column).map(|text| scores(kind, text)).unwrap_or_default();
        for &(field, score) in &named {
            offers.push((adjusted(field, score, seen), column, field));
        }
        if let Some((field, score)) = by_contents(kind, seen)
            && !named.iter().any(|(_, score)| *score >= 90)
        {
            offers.push((score, column, field));
        }
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
    if kind == TableKind::Resources && !fields.contains(&Field::Name) {
        name_by_product(header, &mut taken);
    }
    used.iter()
        .map(|column| {
            let guessed = taken.get(column);
            ColumnMapping {
                column: column_letters(*column),
                header: header.texts.get(column).cloned().unwrap_or_default(),
                field: guessed.filter(|(_, score)| *score >= MAP_FROM).map(|(field, _)| *field),
                score: guessed.map_or(0, |(_, score)| *score),
                samples: values.get(column).map(|values| samples(values)).unwrap_or_default(),
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

fn is_repeatable(field: Field) -> bool {
    matches!(
        field,
        Field::Address
            | Field::Mac
            | Field::Software
            | Field::Needs
            | Field::Range
            | Field::Product
            | Field::Location
            | Field::Note
    )
}

/// Fields a header may mean, best first.
fn scores(kind: TableKind, header: &str) -> Vec<(Field, u8)> {
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

/// Contents that contradict the header take from its score, contents that agree add to it.
fn adjusted(field: Field, score: u8, values: &[String]) -> u8 {
    let share = match field {
        Field::Address => share(values, |text| net::addresses(text).is_ok() || words::is_dynamic(&words::key(text))),
        Field::Mac => share(values, |text| net::macs(text).is_ok()),
        Field::Range => share(values, |text| net::ranges(text).is_ok()),
        Field::StartsOn | Field::EndsOn => {
            share(values, |text| !matches!(date::parse(text), Err(date::DateError::NotADate)))
        }
        Field::Quantity => share(values, |text| text.trim_end_matches(['台', '個', '式']).parse::<u32>().is_ok()),
        _ => return score,
    };
    match share {
        Some(share) if share < 30 => score.saturating_sub(30),
        Some(share) if share >= 80 => score.saturating_add(10).min(100),
        _ => score,
    }
}

/// What a column holds, whatever it is called.
fn by_contents(kind: TableKind, values: &[String]) -> Option<(Field, u8)> {
    let most = |test: fn(&str) -> bool| share(values, test).is_some_and(|share| share >= 80);
    if most(|text| text.starts_with("cpe:2.3:") || text.starts_with("cpe:/")) {
        return Some((Field::Cpe, 95));
    }
    if most(|text| text.starts_with("pkg:")) && kind == TableKind::Components {
        return Some((Field::Purl, 95));
    }
    match kind {
        // Each device has its own: a column that repeats one address names a network or a server.
        TableKind::Resources if differ(values) && most(|text| net::macs(text).is_ok()) => Some((Field::Mac, 85)),
        TableKind::Resources if differ(values) && most(|text| net::addresses(text).is_ok()) => {
            Some((Field::Address, 75))
        }
        TableKind::Zones if most(|text| text.contains('/') && net::ranges(text).is_ok()) => Some((Field::Range, 75)),
        // Shape alone is not enough for a serial number: it is shown as a doubt and not mapped.
        TableKind::Resources if most(is_serial_shaped) => Some((Field::Serial, 40)),
        _ => None,
    }
}

/// Nearly no value stands twice.
fn differ(values: &[String]) -> bool {
    let distinct: HashSet<&String> = values.iter().collect();
    distinct.len() * 10 >= values.len() * 9
}

/// Long, capital letters and digits mixed.
fn is_serial_shaped(text: &str) -> bool {
    (8..=24).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-')
        && text.bytes().any(|b| b.is_ascii_digit())
        && text.bytes().any(|b| b.is_ascii_uppercase())
}

/// Percentage of stated values that pass; `None` with fewer than two to judge by.
fn share(values: &[String], test: impl Fn(&str) -> bool) -> Option<usize> {
    let stated: Vec<&String> = values
        .iter()
        .filter(|text| !text.is_empty() && !words::is_unstated(&words::key(text)) && !words::is_ditto(text))
        .collect();
    (stated.len() >= 2).then(|| stated.iter().filter(|text| test(text)).count() * 100 / stated.len())
}
