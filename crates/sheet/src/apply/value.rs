//! One cell, read as the field it is mapped to.

use crate::{net, words};
use tomomori_domain::Msg;
use tomomori_domain::date::{self, DateError, Doubtful};
use tomomori_domain::import::{Field, TableKind};
use tomomori_domain::text;

/// What a cell gives: texts to keep, and what is to be said about it.
#[derive(Default)]
pub(super) struct Read {
    pub(super) texts: Vec<String>,
    pub(super) warning: Option<Msg>,
    /// The field the texts belong to where the cell stands in the wrong column.
    pub(super) instead: Option<Field>,
}

impl Read {
    fn one(text: String) -> Self {
        Self { texts: vec![text], ..Self::default() }
    }

    fn doubtful(text: String, warning: Msg) -> Self {
        Self { texts: vec![text], warning: Some(warning), instead: None }
    }

    fn refused(warning: Msg) -> Self {
        Self { warning: Some(warning), ..Self::default() }
    }
}

/// Several columns of these fields make one text (棟, 階 and 部屋 make a place); of the others they are several values.
pub(super) fn joins(field: Field) -> bool {
    matches!(field, Field::Product | Field::Os | Field::Location | Field::Department | Field::Note | Field::Contact)
}

pub(super) fn read(kind: TableKind, field: Field, raw: &str, number: bool) -> Read {
    let free = matches!(field, Field::Note | Field::Custom);
    let tidied = text::tidy(raw);
    let key = words::key_of_tidy(&tidied);
    if key.is_empty() || words::is_unstated(&key) && !free {
        return Read::default();
    }
    let yes_or_no = matches!(field, Field::AlwaysOn | Field::SourceLimited | Field::RemoteMaintenance | Field::Medical);
    if words::is_none(&key) && !yes_or_no && !free {
        return Read::default();
    }
    match field {
        Field::Note | Field::Custom => Read::one(lines(raw)),
        Field::StartsOn | Field::EndsOn | Field::EndOfLife | Field::StocktakenOn | Field::SeenOn => {
            read_date(&tidied, date::parse(&tidied))
        }
        Field::BilledOn => read_date(&tidied, date::parse_month(&tidied)),
        Field::Address if words::is_dynamic(&key) => Read::default(),
        Field::Address => match net::addresses(&tidied) {
            Err(_) if net::macs(&tidied).is_ok() => misplaced(net::macs(&tidied), Field::Mac, &tidied),
            found => several(found, Msg::new("sheet-cell-address"), raw),
        },
        Field::Mac => match net::macs(&tidied) {
            Err(_) if net::addresses(&tidied).is_ok() => misplaced(net::addresses(&tidied), Field::Address, &tidied),
            found => several(found, Msg::new("sheet-cell-mac"), raw),
        },
        Field::Range => several(net::ranges(&tidied), Msg::new("sheet-cell-range"), raw),
        Field::Hostname => Read::one(tidied.to_lowercase()),
        Field::Kind if kind == TableKind::Resources => {
            word(words::resource_kind(&key).map(|kind| kind.key()), Msg::new("sheet-cell-kind"), tidied)
        }
        Field::Kind if kind == TableKind::Zones => {
            word(words::zone_kind(&key).map(|kind| kind.key()), Msg::new("sheet-cell-zone-kind"), tidied)
        }
        Field::Purchase => word(words::purchase(&key).map(|form| form.key()), Msg::new("sheet-cell-purchase"), tidied),
        Field::State => word(words::state(&key).map(|state| state.key()), Msg::new("sheet-cell-state"), tidied),
        Field::Criticality => {
            word(words::criticality(&key).map(|level| level.key()), Msg::new("sheet-cell-criticality"), tidied)
        }
        Field::AlwaysOn => truth(words::always_on(&key), tidied),
        Field::SourceLimited => truth(words::source_limited(&key), tidied),
        Field::Medical => truth(words::medical(&key), tidied),
        Field::RemoteMaintenance => truth(words::truth(&key), tidied),
        Field::Quantity => quantity(&key, tidied),
        Field::Software | Field::Needs => Read { texts: pieces(raw), ..Read::default() },
        Field::Kb => updates(raw),
        // 7.10 typed as a number is kept as 7.1: another version.
        Field::Version if number && tidied.contains('.') => {
            let msg = Msg::new("sheet-cell-version-number").arg("value", &tidied);
            Read::doubtful(tidied, msg)
        }
        // Numbers of circuits are telephone numbers, which begin with a zero that a number cannot hold.
        Field::Circuit if number && matches!(tidied.len(), 9 | 10) => {
            let msg = Msg::new("sheet-cell-circuit-number").arg("value", &tidied);
            Read::doubtful(tidied, msg)
        }
        _ => Read::one(tidied),
    }
}

/// Free text keeps its lines; each is tidied, blank ones go.
fn lines(raw: &str) -> String {
    let lines = raw.split(['\n', '\r']).map(text::tidy).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

fn pieces(raw: &str) -> Vec<String> {
    raw.split([';', '；', '、', '\n', '\r']).map(text::tidy).filter(|text| !text.is_empty()).collect()
}

fn read_date(tidied: &str, parsed: Result<jiff::civil::Date, DateError>) -> Read {
    let error = match parsed {
        Ok(date) => return Read::one(date.to_string()),
        Err(error) => error,
    };
    match date::doubtful(tidied) {
        Some(Doubtful::Order(date)) => {
            let msg = Msg::new("sheet-cell-date-order").arg("value", tidied).arg("date", date);
            Read::doubtful(date.to_string(), msg)
        }
        Some(Doubtful::Serial(date)) => {
            let msg = Msg::new("sheet-cell-date-serial").arg("value", tidied).arg("date", date);
            Read::doubtful(date.to_string(), msg)
        }
        Some(Doubtful::EitherOrder(one, other)) => {
            Read::refused(Msg::new("sheet-cell-date-either").arg("value", tidied).arg("one", one).arg("other", other))
        }
        Some(Doubtful::ShortYear) => Read::refused(Msg::new("sheet-cell-date-short-year").arg("value", tidied)),
        None if error == DateError::NoSuchDay => Read::refused(Msg::new("sheet-cell-no-such-day").arg("value", tidied)),
        None => Read::refused(Msg::new("sheet-cell-not-a-date").arg("value", tidied)),
    }
}

/// All or nothing: half the addresses of a cell would look like all of them.
fn several(found: Result<Vec<String>, String>, msg: Msg, raw: &str) -> Read {
    match found {
        Ok(texts) => Read { texts, ..Read::default() },
        Err(piece) => Read::refused(msg.arg("value", piece).arg("cell-text", text::tidy(raw))),
    }
}

/// An address of the other kind: its form says what it is, so it is taken for that, and said.
fn misplaced(found: Result<Vec<String>, String>, field: Field, tidied: &str) -> Read {
    let msg =
        if field == Field::Mac { Msg::new("sheet-cell-mac-in-address") } else { Msg::new("sheet-cell-address-in-mac") };
    Read { texts: found.unwrap_or_default(), warning: Some(msg.arg("value", tidied)), instead: Some(field) }
}

/// Numbers of Microsoft's updates (`KB5031364`), whatever stands between them. What is none of them is named; the others
/// count, because an update left out only makes a device look older than it is.
fn updates(raw: &str) -> Read {
    let tidied = text::tidy(raw);
    let mut read = Read::default();
    let pieces = tidied.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '、' | '・' | '/' | '|'));
    for piece in pieces.filter(|piece| !piece.is_empty()) {
        let upper = piece.to_ascii_uppercase();
        let digits = upper.strip_prefix("KB").unwrap_or(&upper).trim_start_matches(['-', ':']);
        if (6..=8).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) {
            read.texts.push(format!("KB{digits}"));
        } else if read.warning.is_none() {
            read.warning = Some(Msg::new("sheet-cell-kb").arg("value", piece));
        }
    }
    read
}

fn truth(truth: Option<bool>, tidied: String) -> Read {
    word(truth.map(|yes| if yes { "true" } else { "false" }), Msg::new("sheet-cell-truth"), tidied)
}

fn word(key: Option<&'static str>, msg: Msg, tidied: String) -> Read {
    match key {
        Some(key) => Read::one(key.to_owned()),
        None => Read::refused(msg.arg("value", tidied)),
    }
}

fn quantity(key: &str, tidied: String) -> Read {
    let digits = key.trim_end_matches(['台', '個', '式', '本', '枚']);
    match digits.parse::<u32>() {
        Ok(number) if (1..=10_000).contains(&number) => Read::one(number.to_string()),
        _ => Read::refused(Msg::new("sheet-cell-quantity").arg("value", tidied)),
    }
}
