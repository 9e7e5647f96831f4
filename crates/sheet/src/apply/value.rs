//! One cell, read as the field it is mapped to.

use crate::{net, words};
use tomomori_domain::Msg;
use tomomori_domain::date::{self, DateError};
use tomomori_domain::import::{Field, TableKind};
use tomomori_domain::text;

/// What a cell gives: texts to keep, and what is to be said about it.
#[derive(Default)]
pub(super) struct Read {
    pub(super) texts: Vec<String>,
    pub(super) warning: Option<Msg>,
}

impl Read {
    fn one(text: String) -> Self {
        Self { texts: vec![text], warning: None }
    }

    fn refused(warning: Msg) -> Self {
        Self { texts: Vec::new(), warning: Some(warning) }
    }
}

/// Several columns of these fields make one text (棟, 階 and 部屋 make a place); of the others they are several values.
pub(super) fn joins(field: Field) -> bool {
    matches!(field, Field::Product | Field::Location | Field::Department | Field::Note | Field::Contact)
}

pub(super) fn read(kind: TableKind, field: Field, raw: &str, number: bool) -> Read {
    let tidied = text::tidy(raw);
    let key = words::key_of_tidy(&tidied);
    if key.is_empty() || words::is_unstated(&key) && field != Field::Note {
        return Read::default();
    }
    let yes_or_no = matches!(field, Field::AlwaysOn | Field::SourceLimited | Field::RemoteMaintenance);
    if words::is_none(&key) && !yes_or_no && field != Field::Note {
        return Read::default();
    }
    match field {
        Field::StartsOn | Field::EndsOn => read_date(&tidied),
        Field::Address if words::is_dynamic(&key) => Read::default(),
        Field::Address => several(net::addresses(&tidied), Msg::new("sheet-cell-address"), raw),
        Field::Mac => several(net::macs(&tidied), Msg::new("sheet-cell-mac"), raw),
        Field::Range => several(net::ranges(&tidied), Msg::new("sheet-cell-range"), raw),
        Field::Hostname => Read::one(tidied.to_lowercase()),
        Field::Kind if kind == TableKind::Resources => {
            word(words::resource_kind(&key).map(|kind| kind.key()), Msg::new("sheet-cell-kind"), tidied)
        }
        Field::Kind if kind == TableKind::Zones => {
            word(words::zone_kind(&key).map(|kind| kind.key()), Msg::new("sheet-cell-zone-kind"), tidied)
        }
        Field::Purchase => word(words::purchase(&key).map(|form| form.key()), Msg::new("sheet-cell-purchase"), tidied),
        Field::AlwaysOn | Field::SourceLimited | Field::RemoteMaintenance => {
            let truth = if field == Field::AlwaysOn { words::always_on(&key) } else { words::truth(&key) };
            let truth = truth.map(|yes| if yes { "true" } else { "false" });
            word(truth, Msg::new("sheet-cell-truth"), tidied)
        }
        Field::Quantity => quantity(&key, tidied),
        Field::Software | Field::Needs => {
            let texts =
                raw.split([';', '；', '、', '\n', '\r']).map(text::tidy).filter(|text| !text.is_empty()).collect();
            Read { texts, warning: None }
        }
        // 7.10 typed as a number is kept as 7.1: another version.
        Field::Version if number && tidied.contains('.') => {
            Read { warning: Some(Msg::new("sheet-cell-version-number").arg("value", &tidied)), texts: vec![tidied] }
        }
        _ => Read::one(tidied),
    }
}

fn read_date(tidied: &str) -> Read {
    match date::parse(tidied) {
        Ok(date) => Read::one(date.to_string()),
        Err(DateError::NoSuchDay) => Read::refused(Msg::new("sheet-cell-no-such-day").arg("value", tidied)),
        Err(DateError::NotADate) => Read::refused(Msg::new("sheet-cell-not-a-date").arg("value", tidied)),
    }
}

/// All or nothing: half the addresses of a cell would look like all of them.
fn several(found: Result<Vec<String>, String>, msg: Msg, raw: &str) -> Read {
    match found {
        Ok(texts) => Read { texts, warning: None },
        Err(piece) => Read::refused(msg.arg("value", piece).arg("cell-text", text::tidy(raw))),
    }
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
