//! The many ways a hospital writes one and the same thing.

use super::dice::Dice;
use super::table::Cell;

/// A calendar day: year, month, day.
pub(super) type Day = (u16, u8, u8);

pub(super) fn iso((year, month, day): Day) -> String {
    format!("{year:04}-{month:02}-{day:02}")
}

/// 全角 letters and digits.
pub(super) fn wide(text: &str) -> String {
    let wide = |c: char| match c {
        '!'..='~' => char::from_u32(u32::from(c) + 0xFEE0).unwrap_or(c),
        other => other,
    };
    text.chars().map(wide).collect()
}

/// Text that is now and then written 全角.
pub(super) fn text(text: &str, dice: &mut Dice) -> Cell {
    if dice.chance(12) { Cell::shown_as(text, wide(text)) } else { Cell::plain(text) }
}

/// Name of an era, its letter, and the year in it.
fn era((year, month, day): Day) -> (&'static str, char, u16) {
    if (year, month, day) >= (2019, 5, 1) {
        ("令和", 'R', year - 2018)
    } else if (year, month, day) >= (1989, 1, 8) {
        ("平成", 'H', year - 1988)
    } else {
        ("昭和", 'S', year - 1925)
    }
}

pub(super) fn wareki(day: Day) -> String {
    let (name, _, year) = era(day);
    let year = if year == 1 { "元".to_owned() } else { year.to_string() };
    format!("{name}{year}年{}月{}日", day.1, day.2)
}

/// A date in one of the ways people write it; a real date cell among them.
pub(super) fn date(day: Day, dice: &mut Dice) -> Cell {
    let (_, letter, year) = era(day);
    let shown = match dice.below(7) {
        0 => return Cell::date(iso(day)),
        1 => format!("{}/{}/{}", day.0, day.1, day.2),
        2 => wareki(day),
        3 => format!("{letter}{year}.{}.{}", day.1, day.2),
        4 => wide(&format!("{letter}{year}.{}.{}", day.1, day.2)),
        5 => format!("{}年{}月{}日", day.0, day.1, day.2),
        _ => iso(day),
    };
    Cell::shown_as(&iso(day), shown)
}

/// How a list writes MAC addresses.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum MacStyle {
    /// `02:AB:…`
    Colons,
    /// `02-AB-…`
    Hyphens,
    /// `02-ab-…`, Windows DHCP
    LowHyphens,
    /// `02ab.cdef.0123`, Cisco
    Dots,
    /// `02ABCDEF0123`
    Bare,
}

/// A MAC address, given as `02:ab:…`.
pub(super) fn mac(mac: &str, style: MacStyle) -> String {
    let bare: String = mac.chars().filter(|c| *c != ':').collect();
    match style {
        MacStyle::Colons => mac.to_uppercase(),
        MacStyle::Hyphens => mac.to_uppercase().replace(':', "-"),
        MacStyle::LowHyphens => mac.replace(':', "-"),
        MacStyle::Dots => format!("{}.{}.{}", &bare[..4], &bare[4..8], &bare[8..]),
        MacStyle::Bare => bare.to_uppercase(),
    }
}

/// A company with or without 株式会社.
pub(super) fn company(name: &str, dice: &mut Dice) -> Cell {
    let shown = match dice.below(6) {
        0 => format!("株式会社{name}"),
        1 => format!("(株){name}"),
        2 => format!("㈱{name}"),
        _ => name.to_owned(),
    };
    Cell::shown_as(name, shown)
}

/// A vendor, or the hospital itself.
pub(super) fn company_or_own(name: &str, dice: &mut Dice) -> Cell {
    if name == "当院" { Cell::plain(name) } else { company(name, dice) }
}

/// [`date`] of an ISO date.
pub(super) fn iso_date(iso: &str, dice: &mut Dice) -> Cell {
    let mut parts = iso.split('-').filter_map(|part| part.parse().ok());
    match (parts.next(), parts.next(), parts.next()) {
        (Some(year), Some(month), Some(day)) => date((year, month as u8, day as u8), dice),
        _ => Cell::plain(iso),
    }
}
