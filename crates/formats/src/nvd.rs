//! NVD: yearly JSON 1.1 feeds, JSON 2.0 feeds and API 2.0 pages, the vunnel envelope of one 2.0 record, and Anchore's
//! overrides (2.0 configurations for records NVD did not analyse).
//!
//! A record without any applicability statement is [`State::NotAnalysed`]: NVD analyses only part of all records, so
//! an empty list never means that nothing is affected.

mod v1;
mod v2;

use crate::cpe;
use crate::elements::{Elements, Piece};
use crate::feed::{FeedHead, FormatError, Problem, Sink};
use crate::json::{self, Broken, Fault, S};
use crate::record::{
    Bound, CpeMatch, Lang, Node, Operator, Range, Record, Score, Source, State, Statement, Str, Text, TextKind,
};
use std::io::Read;

const V1: &str = "CVE_Items";
const EXPECTED: &str = "an NVD feed (CVE_Items or vulnerabilities)";
const V2: &str = "vulnerabilities";

/// Reads any of the NVD forms; which one is recognised from its members.
///
/// # Errors
/// See [`crate::feed`]. [`Problem::WrongFormat`] when the document holds no NVD records at all.
pub fn read(file: &str, input: &mut dyn Read, sink: &mut Sink<'_>) -> Result<FeedHead, FormatError> {
    read_document(input, sink).map_err(|problem| FormatError::new(file, problem))
}

fn read_document(input: &mut dyn Read, sink: &mut Sink<'_>) -> Result<FeedHead, Problem> {
    let mut head = FeedHead::new("");
    let mut array = "";
    let mut keys: Vec<String> = Vec::new();
    let (mut annotation, mut patch) = (None, None);
    let mut elements = Elements::new(input, &[V1, V2]);
    while let Some(piece) = elements.next_piece()? {
        match piece {
            Piece::Array { key } => {
                array = key;
                head.format = if key == V1 { "NVD JSON 1.1" } else { "NVD JSON 2.0" };
            }
            Piece::Element { index, byte, depth, value } => {
                let record = if array == V1 { v1::record } else { v2::record };
                json::emit(&mut head, value, (index, byte, depth), record, sink);
            }
            Piece::Member { key, value } => {
                match key {
                    "CVE_data_timestamp" | "timestamp" => head.date = json::text(value),
                    "CVE_data_numberOfCVEs" => head.declared = json::text(value).and_then(|count| count.parse().ok()),
                    "resultsPerPage" => head.declared = json::parse(value).ok(),
                    "item" => {
                        head.format = "NVD JSON 2.0, one record (vunnel)";
                        json::emit(&mut head, value, (0, 0, json::depth(value)), v2::record, sink);
                    }
                    // KEV calls its list `vulnerabilities` too.
                    "catalogVersion" => {
                        return Err(Problem::WrongFormat { expected: EXPECTED, found: "the KEV list".to_owned() });
                    }
                    "_annotation" => annotation = Some(value.to_vec()),
                    "cve" => patch = Some(value.to_vec()),
                    _ => {}
                }
                keys.push(key.chars().take(40).collect());
                keys.truncate(8);
            }
        }
    }
    if let (Some(annotation), Some(patch)) = (annotation, patch) {
        head.format = "NVD 2.0 configurations by Anchore";
        json::emit(
            &mut head,
            &patch,
            (0, 0, json::depth(&patch)),
            |patch| v2::override_record(&annotation, patch),
            sink,
        );
    }
    if head.format.is_empty() {
        let found = format!("a JSON document with {}", keys.join(", "));
        return Err(Problem::WrongFormat { expected: EXPECTED, found });
    }
    Ok(head)
}

/// The frame of a record; the two forms fill in the rest.
fn frame<'a>(id: Str<'a>, rejected: bool, statements: Vec<Statement<'a>>) -> Result<Record<'a>, Broken> {
    if !is_cve(&id) {
        return Err(Broken::new(&id, Fault::NoId, "the id is not a CVE id"));
    }
    let state = match (rejected, statements.is_empty()) {
        (true, _) => State::Rejected,
        (false, true) => State::NotAnalysed,
        (false, false) => State::Published,
    };
    Ok(Record {
        source: Source::Nvd,
        id,
        document: None,
        publisher: None,
        published: None,
        modified: None,
        state,
        texts: Vec::new(),
        scores: Vec::new(),
        links: Vec::new(),
        exploited: None,
        statements,
    })
}

/// `CVE-` year `-` at least four digits.
pub(crate) fn is_cve(id: &str) -> bool {
    let digits = |text: &str, least: usize| text.len() >= least && text.bytes().all(|b| b.is_ascii_digit());
    id.strip_prefix("CVE-")
        .and_then(|rest| rest.split_once('-'))
        .is_some_and(|(year, number)| year.len() == 4 && digits(year, 4) && digits(number, 4))
}

fn description<'a>(lang: &str, text: S<'a>) -> Option<Text<'a>> {
    let lang = match lang {
        "en" => Lang::En,
        "ja" => Lang::Ja,
        _ => return None,
    };
    Some(Text { lang, kind: TextKind::Description, text: text.0 })
}

/// A score as the record prints it; base scores run from 0.0 to 10.0 with one decimal.
fn score<'a>(id: &str, vector: S<'a>, base: f64, by: Option<S<'a>>) -> Result<Score<'a>, Broken> {
    if !(0.0..=10.0).contains(&base) {
        return Err(Broken::new(id, Fault::Value, format!("base score {base} is outside 0.0 to 10.0")));
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be 0 to 100")]
    let base_tenths = (base * 10.0).round() as u16;
    Ok(Score { vector: vector.0, base_tenths, by: by.map(|by| by.0) })
}

/// A match as both forms write it. (No `flatten` for the ends: it would copy every key.)
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireMatch<'a> {
    vulnerable: bool,
    #[serde(borrow, rename = "cpe23Uri", alias = "criteria")]
    name: S<'a>,
    #[serde(borrow, default)]
    status: Option<S<'a>>,
    #[serde(borrow, default)]
    version_start_including: Option<S<'a>>,
    #[serde(borrow, default)]
    version_start_excluding: Option<S<'a>>,
    #[serde(borrow, default)]
    version_end_including: Option<S<'a>>,
    #[serde(borrow, default)]
    version_end_excluding: Option<S<'a>>,
}

/// Reads the matches of a node, without the criteria that NVD has taken out of use.
fn cpe_matches<'a>(id: &str, wire: Vec<WireMatch<'a>>) -> Result<Vec<CpeMatch<'a>>, Broken> {
    let in_use = |m: &WireMatch<'_>| !m.status.as_ref().is_some_and(|status| status.0.eq_ignore_ascii_case("inactive"));
    let read = |m: WireMatch<'a>| {
        let name = m.name.0;
        cpe::split(&name).map_err(|why| Broken::new(id, Fault::Cpe, format!("{name}: {why}")))?;
        let range = Range {
            start: bound(m.version_start_including, m.version_start_excluding),
            end: bound(m.version_end_including, m.version_end_excluding),
        };
        Ok(CpeMatch { vulnerable: m.vulnerable, cpe: name, range })
    };
    wire.into_iter().filter(in_use).map(read).collect()
}

/// Empty bounds occur and say nothing. With both given the including one is kept: the wider range is never the unsafe one.
fn bound<'a>(including: Option<S<'a>>, excluding: Option<S<'a>>) -> Option<Bound<'a>> {
    let given = |end: Option<S<'a>>| end.filter(|version| !version.0.is_empty());
    match (given(including), given(excluding)) {
        (Some(version), _) => Some(Bound { version: version.0, inclusive: true }),
        (None, Some(version)) => Some(Bound { version: version.0, inclusive: false }),
        (None, None) => None,
    }
}

fn operator(id: &str, written: Option<&str>) -> Result<Operator, Broken> {
    match written {
        None | Some("" | "OR") => Ok(Operator::Or),
        Some("AND") => Ok(Operator::And),
        Some(other) => Err(Broken::new(id, Fault::Value, format!("operator {other}"))),
    }
}

/// A node without names and nodes below says nothing. It is left out: an AND then asks for less, so it can only report
/// more, never hide.
fn is_empty(node: &Node<'_>) -> bool {
    node.matches.is_empty() && node.children.is_empty()
}

/// Order of the list of scores: NVD's own (primary) first, newer CVSS versions first.
fn newest_first(vector: &str) -> u8 {
    match vector {
        v if v.starts_with("CVSS:4") => 0,
        v if v.starts_with("CVSS:3.1") => 1,
        v if v.starts_with("CVSS:3") => 2,
        _ => 3,
    }
}
