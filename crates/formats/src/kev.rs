//! CISA's list of known exploited vulnerabilities, as JSON or CSV.
//!
//! The list names vendor and product but no versions, so it says nothing about which version is affected: records carry
//! no statements about products, only that the vulnerability is used in attacks.

mod table;

use crate::elements::{Elements, Piece};
use crate::feed::{FeedHead, FormatError, Problem, Sink};
use crate::json::{self, Broken, Fault, S};
use crate::nvd::is_cve;
use crate::record::{Exploited, Lang, Record, Source, State, Str, Text, TextKind};
use serde::Deserialize;
use std::io::{Cursor, Read};

/// Reads the list; JSON and CSV are told apart by the first character.
///
/// # Errors
/// See [`crate::feed`].
pub fn read(file: &str, input: &mut dyn Read, sink: &mut Sink<'_>) -> Result<FeedHead, FormatError> {
    read_any(input, sink).map_err(|problem| FormatError::new(file, problem))
}

fn read_any(mut input: &mut dyn Read, sink: &mut Sink<'_>) -> Result<FeedHead, Problem> {
    let mut first = Vec::new();
    Read::by_ref(&mut input).take(64).read_to_end(&mut first)?;
    if first.is_empty() {
        return Err(Problem::Empty);
    }
    let text = first.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&first);
    let is_table = text.starts_with(b"cveID") || text.starts_with(b"\"cveID\"");
    let mut whole = Cursor::new(first.clone()).chain(input);
    if is_table { table::read(&mut whole, sink) } else { read_json(&mut whole, sink) }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'a> {
    #[serde(borrow, rename = "cveID")]
    cve_id: S<'a>,
    #[serde(borrow)]
    vulnerability_name: S<'a>,
    #[serde(borrow)]
    date_added: S<'a>,
    #[serde(borrow)]
    short_description: S<'a>,
    #[serde(borrow, default)]
    required_action: S<'a>,
    #[serde(borrow, default)]
    due_date: S<'a>,
    #[serde(borrow, default)]
    known_ransomware_campaign_use: S<'a>,
}

impl<'a> Entry<'a> {
    fn record(self) -> Result<Record<'a>, Broken> {
        let given = |text: S<'a>| -> Option<Str<'a>> { (!text.0.is_empty()).then_some(text.0) };
        if !is_cve(&self.cve_id.0) {
            return Err(Broken::new(&self.cve_id.0, Fault::NoId, format!("the id is not a CVE id: {}", self.cve_id.0)));
        }
        for day in [&self.date_added.0, &self.due_date.0] {
            if !day.is_empty() && day.parse::<jiff::civil::Date>().is_err() {
                return Err(Broken::new(&self.cve_id.0, Fault::Value, format!("not a day: {day}")));
            }
        }
        if self.date_added.0.is_empty() {
            return Err(Broken::new(&self.cve_id.0, Fault::Value, "dateAdded is empty"));
        }
        let text = |kind, text: S<'a>| given(text).map(|text| Text { lang: Lang::En, kind, text });
        Ok(Record {
            source: Source::Kev,
            id: self.cve_id.0,
            document: None,
            publisher: None,
            published: None,
            modified: None,
            state: State::Published,
            texts: [
                text(TextKind::Title, self.vulnerability_name),
                text(TextKind::Description, self.short_description),
            ]
            .into_iter()
            .flatten()
            .collect(),
            scores: Vec::new(),
            links: Vec::new(),
            exploited: Some(Exploited {
                added: self.date_added.0,
                due: given(self.due_date),
                ransomware: self.known_ransomware_campaign_use.0.eq_ignore_ascii_case("known"),
                action: given(self.required_action),
            }),
            statements: Vec::new(),
        })
    }
}

fn read_json(input: &mut dyn Read, sink: &mut Sink<'_>) -> Result<FeedHead, Problem> {
    let mut head = FeedHead::new("KEV JSON");
    let mut elements = Elements::new(input, &["vulnerabilities"]);
    while let Some(piece) = elements.next_piece()? {
        match piece {
            Piece::Array { .. } => {}
            Piece::Element { index, byte, depth, value } => {
                let record = |value| json::parse::<Entry<'_>>(value)?.record();
                json::emit(&mut head, value, (index, byte, depth), record, sink);
            }
            Piece::Member { key: "catalogVersion", value } => head.edition = json::text(value),
            Piece::Member { key: "dateReleased", value } => head.date = json::text(value),
            Piece::Member { key: "count", value } => head.declared = json::parse(value).ok(),
            Piece::Member { .. } => {}
        }
    }
    // `vulnerabilities` is also NVD's word; only KEV has an edition.
    if head.edition.is_some() {
        return Ok(head);
    }
    let found = "a JSON document without catalogVersion".to_owned();
    Err(Problem::WrongFormat { expected: "the KEV list", found })
}
