//! What is readable and yet hardly true: every value is kept, every doubt is a row "to check" with its cell.
//!
//! Doubts look across cells and at today's date; what a single cell cannot mean is said by [`crate::apply`]. Serial and
//! asset numbers that stand twice are told apart where rows become devices (the import's plan), and not here again.

use crate::net;
use jiff::civil::Date;
use std::collections::BTreeMap;
use tomomori_domain::Msg;
use tomomori_domain::import::{Field, Place, Problem, Row, Severity, Table, TableKind, Value};
use tomomori_domain::resource::ResourceState;

/// First day of 平成. Equipment and dates of support from before are older than any network they could hang on.
const HEISEI: Date = Date::constant(1989, 1, 8);

/// Places of the same address that are listed in one doubt; the rest is counted.
const LISTED: usize = 5;

/// Everything doubtful in a table, in the order of its rows. `today` is the civil day in Japan.
#[must_use]
pub fn of(table: &Table, today: Date) -> Vec<Problem> {
    let mut found = Vec::new();
    for row in &table.rows {
        if table.kind == TableKind::Resources {
            row.values.iter().filter_map(|value| misplaced(row, value)).for_each(|problem| found.push(problem));
        }
        row.values.iter().filter_map(|value| unlikely_date(table.kind, row, value, today)).for_each(|p| found.push(p));
        found.extend(ends_first(row));
    }
    if table.kind == TableKind::Resources {
        found.extend(shared_macs(table));
    }
    found
}

fn doubt(place: &Place, msg: Msg) -> Problem {
    Problem { severity: Severity::Warning, place: place.clone(), msg }
}

/// An address where a name, a number or a remark should stand. A device named by its own address is fine.
fn misplaced(row: &Row, value: &Value) -> Option<Problem> {
    let text_field = matches!(
        value.field,
        Field::Name
            | Field::Serial
            | Field::AssetNumber
            | Field::Hostname
            | Field::Note
            | Field::Location
            | Field::Department
            | Field::Maker
            | Field::Owner
            | Field::Zone
    );
    // Asked for every text: nearly all do not even begin like an address.
    let begins = value.text.bytes().next().is_some_and(|b| b.is_ascii_hexdigit() || matches!(b, b'[' | b':'));
    if !text_field || !begins {
        return None;
    }
    let known = |field, text: &str| row.all(field).any(|known| known.text == text);
    if net::is_mac_shaped(&value.text) {
        let mac = net::mac(&value.text)?;
        let msg = Msg::new("sheet-doubt-mac-misplaced").arg("value", &value.text);
        return (!known(Field::Mac, &mac)).then(|| doubt(&value.place, msg));
    }
    let address = net::address(&value.text)?.to_string();
    let msg = Msg::new("sheet-doubt-address-misplaced").arg("value", &value.text);
    (!known(Field::Address, &address)).then(|| doubt(&value.place, msg))
}

fn unlikely_date(kind: TableKind, row: &Row, value: &Value, today: Date) -> Option<Problem> {
    let dated = matches!(kind, TableKind::Resources | TableKind::Lines);
    let past = match value.field {
        Field::StocktakenOn | Field::SeenOn | Field::BilledOn => true,
        Field::StartsOn => kind == TableKind::Resources && row.get(Field::State) != Some(ResourceState::Planned.key()),
        Field::EndsOn | Field::EndOfLife => false,
        _ => return None,
    };
    let date: Date = value.text.parse().ok()?;
    if past && date > today {
        return Some(doubt(&value.place, Msg::new("sheet-doubt-future").arg("date", date)));
    }
    (dated && date < HEISEI).then(|| doubt(&value.place, Msg::new("sheet-doubt-showa").arg("date", date)))
}

fn ends_first(row: &Row) -> Option<Problem> {
    let end = row.all(Field::EndsOn).next()?;
    let date = |text: &str| text.parse::<Date>().ok();
    let (from, to) = (date(row.get(Field::StartsOn)?)?, date(&end.text)?);
    let msg = Msg::new("sheet-doubt-ends-first").arg("from", from).arg("to", to);
    (to < from).then(|| doubt(&end.place, msg))
}

/// One doubt per address, not per row: a default address copied down a column would else fill the list.
fn shared_macs(table: &Table) -> Vec<Problem> {
    let mut rows: BTreeMap<&str, Vec<&Place>> = BTreeMap::new();
    for row in &table.rows {
        for value in row.all(Field::Mac) {
            let places = rows.entry(&value.text).or_default();
            places.push(&value.place);
        }
    }
    let mut shared: Vec<(&str, Vec<&Place>)> = rows.into_iter().filter(|(_, places)| places.len() > 1).collect();
    shared.sort_by(|(_, one), (_, other)| one[0].cmp(other[0]));
    let all = shared.into_iter();
    all.map(|(mac, places)| {
        let names: Vec<String> = places.iter().take(LISTED).map(|place| short(place)).collect();
        let more = if places.len() > LISTED { " …" } else { "" };
        let msg = Msg::new("sheet-doubt-shared-mac")
            .arg("value", mac)
            .arg("count", places.len())
            .arg("cells", format!("{}{more}", names.join(", ")));
        doubt(places[0], msg)
    })
    .collect()
}

/// Where in the file that the doubt names anyway.
fn short(place: &Place) -> String {
    match (&place.cell, place.line) {
        (Some(cell), _) => cell.to_string(),
        (None, Some(line)) => line.to_string(),
        (None, None) => place.file.to_string(),
    }
}
