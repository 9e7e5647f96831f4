//! What a column holds, whatever it is called.

use crate::{net, words};
use std::collections::HashSet;
use tomomori_domain::date;
use tomomori_domain::import::{Field, TableKind};

/// Contents that contradict the header take from its score, contents that agree add to it.
pub(super) fn adjusted(field: Field, score: u8, values: &[String]) -> u8 {
    let word = |test: fn(&str) -> bool| share(values, |text| test(&words::key(text)));
    // These headers are used for other things as well (状態 of a service, 耐用期間 in years): without fitting contents
    // they mean nothing here.
    let (share, penalty) = match field {
        Field::Address => {
            (share(values, |text| net::addresses(text).is_ok() || words::is_dynamic(&words::key(text))), 30)
        }
        Field::Mac => (share(values, |text| net::macs(text).is_ok()), 30),
        Field::Range => (share(values, |text| net::ranges(text).is_ok()), 30),
        Field::StartsOn | Field::EndsOn => (share(values, is_date), 30),
        Field::EndOfLife | Field::StocktakenOn | Field::SeenOn => (share(values, is_date), 50),
        Field::BilledOn => (share(values, |text| date::parse_month(text).is_ok()), 50),
        Field::Quantity => (share(values, |text| text.trim_end_matches(['台', '個', '式']).parse::<u32>().is_ok()), 30),
        Field::State => (word(|key| words::state(key).is_some()), 50),
        Field::Criticality => (word(|key| words::criticality(key).is_some()), 50),
        Field::Medical => (word(|key| words::medical(key).is_some()), 50),
        _ => return score,
    };
    match share {
        Some(share) if share < 30 => score.saturating_sub(penalty),
        Some(share) if share >= 80 => score.saturating_add(10).min(100),
        _ => score,
    }
}

fn is_date(text: &str) -> bool {
    !matches!(date::parse(text), Err(date::DateError::NotADate)) || date::doubtful(text).is_some()
}

/// What the contents of a column speak for.
pub(super) fn speak(kind: TableKind, values: &[String]) -> Option<(Field, u8)> {
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

/// Score of a column whose contents are overwhelmingly of another type than its header says: below a header that is
/// right, so that a person sees the doubt.
pub(super) const OVERRULED: u8 = 80;

/// Addresses under a header of something else: 9 of 10 values at least, and more than two.
pub(super) fn overrule(kind: TableKind, named: Field, values: &[String]) -> Option<Field> {
    if kind != TableKind::Resources || values.len() < 3 || !differ(values) {
        return None;
    }
    let nearly_all = |test: fn(&str) -> bool| share(values, test).is_some_and(|share| share >= 90);
    let found = if nearly_all(|text| net::macs(text).is_ok()) {
        Field::Mac
    } else if nearly_all(|text| net::addresses(text).is_ok()) {
        Field::Address
    } else {
        return None;
    };
    (found != named).then_some(found)
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
