//! The list as CSV: the same columns as the JSON, found by their names.

use super::Entry;
use crate::feed::{FeedHead, Problem, Sink};
use crate::json::S;
use crate::record::Reject;
use std::io::Read;

/// The list has 1 MB; an open quote must not draw a huge file into one field.
const LIMIT: u64 = 64 << 20;
const COLUMNS: [&str; 7] = [
    "cveID",
    "vulnerabilityName",
    "dateAdded",
    "shortDescription",
    "requiredAction",
    "dueDate",
    "knownRansomwareCampaignUse",
];

/// Reads the table.
pub(super) fn read(input: &mut dyn Read, sink: &mut Sink<'_>) -> Result<FeedHead, Problem> {
    let mut head = FeedHead::new("KEV CSV");
    let mut rows = csv::ReaderBuilder::new().flexible(true).from_reader(input.take(LIMIT));
    let names = rows.byte_headers().map_err(csv_problem)?.clone();
    let mut columns = [0; COLUMNS.len()];
    for (column, name) in columns.iter_mut().zip(COLUMNS) {
        let wrong =
            || Problem::WrongFormat { expected: "the KEV list", found: format!("a CSV without a column {name}") };
        *column = names.iter().position(|header| header == name.as_bytes()).ok_or_else(wrong)?;
    }
    let mut row = csv::ByteRecord::new();
    while rows.read_byte_record(&mut row).map_err(csv_problem)? {
        let line = row.position().map_or(0, csv::Position::line);
        let reject = |reason, detail: String| Reject { record: format!("line {line}"), reason, detail };
        let result = if row.len() == names.len() {
            match columns.map(|column| std::str::from_utf8(row.get(column).unwrap_or_default())) {
                [Ok(id), Ok(name), Ok(added), Ok(text), Ok(action), Ok(due), Ok(ransomware)] => {
                    let entry = Entry {
                        cve_id: S(id.into()),
                        vulnerability_name: S(name.into()),
                        date_added: S(added.into()),
                        short_description: S(text.into()),
                        required_action: S(action.into()),
                        due_date: S(due.into()),
                        known_ransomware_campaign_use: S(ransomware.into()),
                    };
                    entry.record().map_err(|broken| broken.reject(&format!("line {line}"), &format!("line {line}")))
                }
                _ => Err(reject("not UTF-8", "a cell is not UTF-8".to_owned())),
            }
        } else {
            Err(reject("wrong number of cells", format!("{} cells, the heading has {}", row.len(), names.len())))
        };
        head.emit(result, sink);
    }
    if rows.position().byte() >= LIMIT {
        return Err(Problem::Limit { what: "bytes of the KEV table", limit: LIMIT });
    }
    Ok(head)
}

fn csv_problem(error: csv::Error) -> Problem {
    let byte = error.position().map_or(0, csv::Position::byte);
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error.into(),
        other => Problem::Broken { byte, detail: format!("{other:?}") },
    }
}
