//! Tables of files to records: which rows are new, which are newer versions of rows already known, which are the same.
//!
//! A list is known again by its name ([`source_key`]), a row of it by its strongest mark. What a newer version of a list
//! no longer holds stays in force (a box does not vanish because a list forgot it) and is asked about; only lists that a
//! machine makes whole (SBOMs, packages) end what they no longer name.

use crate::identity::{IdentityKey, mark};
use jiff::civil::Date;
use std::collections::{BTreeMap, HashMap, HashSet};
use tomomori_domain::Msg;
use tomomori_domain::check::{Check, CheckKind, Remedy};
use tomomori_domain::ids::{ChangeId, RecordId};
use tomomori_domain::import::{Field, Place, Problem, Row, Severity, Table, TableKind, Value};
use tomomori_domain::record::{Record, source_key};
use tomomori_domain::resource::Grade;
use tomomori_domain::text::fold;

/// More equal devices than this in one row is a slip of the pen (台数 mixed up with a price or a year).
const MAX_QUANTITY: u32 = 1_000;

/// Notes of the reader that are no doubts: headings and sums are left out as they should be.
const NOTES: [&str; 2] = ["sheet-row-title", "sheet-row-total"];

/// What files do to the records.
#[derive(Debug, Default)]
pub struct Intake {
    /// Records that begin.
    pub begin: Vec<Record>,
    /// Records that end, because a newer version of their row begins or their list no longer names them.
    pub end: Vec<RecordId>,
    /// Records that the files state again, with the day they are known of now: what was seen was seen again; what was
    /// written is no newer for being read twice.
    pub again: Vec<(RecordId, Date)>,
    /// Lists the files are versions of.
    pub sources: Vec<String>,
    /// Cells to look at.
    pub checks: Vec<(String, Check)>,
    /// What is wrong with the files, in their order.
    pub problems: Vec<Problem>,
}

/// Compares tables with the records in force. `change` is the step that would bring them, `today` the day in Japan.
#[must_use]
pub fn intake(tables: Vec<Table>, in_force: &[Record], change: ChangeId, today: Date) -> Intake {
    let mut taken = Intake::default();
    let mut known: HashMap<&str, Vec<&Record>> = HashMap::new();
    for record in in_force.iter().filter(|record| !record.is_by_hand()) {
        known.entry(record.source.as_str()).or_default().push(record);
    }
    for table in tables {
        let part = table.mapping.as_ref().and_then(|mapping| mapping.sheet.as_deref());
        let subject = subject(&table);
        let file = table.rows.first().map(|row| &row.place).or(table.problems.first().map(|problem| &problem.place));
        let source = source_key(file.map_or("", |place| &place.file), part.or(subject.as_deref()), table.kind);
        let (kind, grade, mut problems) = (table.kind, table.grade, table.problems);
        let rows = rows(kind, table.rows, subject.as_deref(), &mut problems);
        let records = records(rows, (kind, grade), &source, change, today);
        align(records, known.get(source.as_str()).map(Vec::as_slice).unwrap_or_default(), &mut taken);
        for problem in &problems {
            if problem.severity == Severity::Warning && !NOTES.contains(&problem.msg.key.as_str()) {
                taken.checks.push((source.clone(), cell(problem)));
            }
        }
        taken.problems.extend(problems);
        taken.sources.push(source);
    }
    taken
}

fn cell(problem: &Problem) -> Check {
    let told = problem.msg.args.values().cloned().collect::<Vec<_>>().join("|");
    Check {
        key: format!("cell|{}|{}|{told}", problem.place, problem.msg.key),
        kind: CheckKind::Cell,
        resource: None,
        line: None,
        place: Some(problem.place.clone()),
        msg: problem.msg.clone(),
        answers: vec![Remedy::Leave],
    }
}

/// The device an SBOM or a list of packages is about, named in the first row that carries a host name.
fn subject(table: &Table) -> Option<String> {
    let whole = table.kind == TableKind::Components;
    table.rows.iter().filter(|_| whole).find_map(|row| row.get(Field::Hostname).map(str::to_owned))
}

/// Rows that state something, one per device: a row with 台数 stands for several.
fn rows(kind: TableKind, stated: Vec<Row>, subject: Option<&str>, problems: &mut Vec<Problem>) -> Vec<Row> {
    let mut rows = Vec::with_capacity(stated.len());
    let mut warn = |place: &Place, msg: Msg| {
        problems.push(Problem { severity: Severity::Warning, place: place.clone(), msg });
    };
    for mut row in stated {
        // The row that names the subject of a list of software is no software itself.
        if subject.is_some() && row.get(Field::Name).is_none() {
            continue;
        }
        if let Some(msg) = incomplete(kind, &row) {
            warn(&row.place, msg);
            continue;
        }
        if let Some(subject) = subject.filter(|_| row.get(Field::Hostname).is_none()) {
            row.values.push(Value {
                field: Field::Hostname,
                text: subject.to_owned(),
                place: row.place.clone(),
                label: None,
            });
        }
        let quantity = row.get(Field::Quantity).and_then(|text| text.parse::<u32>().ok()).unwrap_or(1);
        row.values.retain(|value| value.field != Field::Quantity);
        if quantity > MAX_QUANTITY {
            warn(&row.place, Msg::new("import-quantity-too-large").arg("limit", MAX_QUANTITY));
        }
        if kind != TableKind::Resources || !(2..=MAX_QUANTITY).contains(&quantity) {
            rows.push(row);
            continue;
        }
        rows.extend((1..=quantity).map(|n| numbered(&row, n, quantity)));
    }
    rows
}

fn numbered(row: &Row, n: u32, of: u32) -> Row {
    let mut row = row.clone();
    for value in row.values.iter_mut().filter(|value| value.field == Field::Name) {
        value.text = format!("{} ({n}/{of})", value.text);
    }
    row
}

/// What a row lacks to be about anything.
fn incomplete(kind: TableKind, row: &Row) -> Option<Msg> {
    let lacks = |fields: &[Field]| fields.iter().all(|field| row.get(*field).is_none());
    match kind {
        TableKind::Resources => lacks(&[
            Field::Name,
            Field::Hostname,
            Field::Product,
            Field::Address,
            Field::Mac,
            Field::Serial,
            Field::AssetNumber,
        ])
        .then(|| Msg::new("import-row-without-name")),
        TableKind::Zones => lacks(&[Field::Name, Field::Zone]).then(|| Msg::new("import-row-without-name")),
        TableKind::Services | TableKind::Components => {
            lacks(&[Field::Name]).then(|| Msg::new("import-row-without-name"))
        }
        TableKind::Contracts => (row.get(Field::ContractNumber).is_none() || row.get(Field::Vendor).is_none())
            .then(|| Msg::new("import-contract-incomplete")),
        TableKind::Lines => {
            lacks(&[Field::From, Field::To, Field::Circuit]).then(|| Msg::new("import-line-incomplete"))
        }
    }
}

fn records(
    rows: Vec<Row>,
    (kind, grade): (TableKind, Grade),
    source: &str,
    change: ChangeId,
    today: Date,
) -> Vec<Record> {
    let day = rows.first().and_then(|row| day_of_name(&row.place.file)).unwrap_or(today).min(today);
    let mut records: Vec<Record> = rows
        .into_iter()
        .map(|row| {
            let id = RecordId::generate();
            Record {
                id,
                lineage: id,
                table: kind,
                source: source.to_owned(),
                key: key(kind, grade, &row),
                grade,
                seen: day,
                home: None,
                origin: None,
                values: row.values,
                place: row.place,
                by: None,
                since: change,
                listed: change,
                until: None,
            }
        })
        .collect();
    number_equal_keys(&mut records);
    records
}

/// Rows with the same key are numbered by what they say, so that their order in the list is no matter.
fn number_equal_keys(records: &mut [Record]) {
    let mut by_key: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, record) in records.iter().enumerate() {
        by_key.entry(record.key.clone()).or_default().push(at);
    }
    for mut equal in by_key.into_values().filter(|equal| equal.len() > 1) {
        equal.sort_by_cached_key(|&at| content(&records[at].values));
        for (n, at) in equal.into_iter().enumerate().skip(1) {
            records[at].key = format!("{}#{}", records[at].key, n + 1);
        }
    }
}

fn content(values: &[Value]) -> Vec<(Field, String)> {
    let mut said: Vec<(Field, String)> = values.iter().map(|value| (value.field, value.text.clone())).collect();
    said.sort_unstable();
    said
}

/// A day in a file's name (`arp_20261120.txt`, `2026-11-20`): when what it tells was true.
fn day_of_name(file: &str) -> Option<Date> {
    let folded = fold(file);
    let digits: Vec<&str> = folded.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    let day = |year: &str, month: &str, day: &str| {
        let (year, month, day) = (year.parse::<i16>().ok()?, month.parse().ok()?, day.parse().ok()?);
        Date::new(year, month, day).ok().filter(|_| (2000..2100).contains(&year))
    };
    let joined = digits.iter().find_map(|part| match part.len() {
        8 => day(&part[..4], &part[4..6], &part[6..]),
        _ => None,
    });
    joined.or_else(|| {
        digits.windows(3).find_map(|part| (part[0].len() == 4).then(|| day(part[0], part[1], part[2])).flatten())
    })
}

/// What makes a row the same in the next version of its list.
fn key(kind: TableKind, grade: Grade, row: &Row) -> String {
    let marked = |keys: &[IdentityKey]| {
        keys.iter().find_map(|key| Some(format!("{}|{}", key.field().key(), mark(*key, row.get(key.field())?)?)))
    };
    let named = |field: Field| row.get(field).map(fold);
    let found = match (kind, grade) {
        (TableKind::Resources, Grade::Observed) => {
            marked(&[IdentityKey::Mac, IdentityKey::Serial, IdentityKey::Hostname, IdentityKey::Address])
        }
        (TableKind::Resources, _) => marked(&[
            IdentityKey::AssetNumber,
            IdentityKey::Serial,
            IdentityKey::Mac,
            IdentityKey::Hostname,
            IdentityKey::Name,
            IdentityKey::Address,
        ]),
        (TableKind::Contracts, _) => named(Field::ContractNumber),
        (TableKind::Lines, _) => named(Field::Circuit).or_else(|| {
            let part = |field| named(field).unwrap_or_default();
            Some(format!("{}|{}|{}", part(Field::From), part(Field::To), part(Field::Protocol)))
        }),
        (TableKind::Components, _) => named(Field::Purl)
            .or_else(|| named(Field::Cpe))
            .or_else(|| Some(format!("{}|{}", named(Field::Name)?, named(Field::Version).unwrap_or_default()))),
        (TableKind::Zones | TableKind::Services, _) => named(Field::Name).or_else(|| named(Field::Zone)),
    };
    found.unwrap_or_else(|| content(&row.values).into_iter().map(|(_, text)| text).collect::<Vec<_>>().join("|"))
}

/// Puts rows beside the known rows of their list.
fn align(new: Vec<Record>, known: &[&Record], taken: &mut Intake) {
    let mut by_key: HashMap<&str, &Record> = known.iter().map(|record| (record.key.as_str(), *record)).collect();
    let mut left: Vec<Record> = Vec::new();
    let newest = new.first().map(|record| record.seen);
    let mut paired: Vec<(Record, &Record)> = Vec::new();
    for record in new {
        match by_key.remove(record.key.as_str()) {
            Some(old) => paired.push((record, old)),
            None => left.push(record),
        }
    }
    let mut unpaired: Vec<&Record> = by_key.into_values().collect();
    unpaired.sort_by_key(|record| record.id);
    let (more, left) = by_other_marks(left, &mut unpaired);
    paired.extend(more);
    for (mut record, old) in paired {
        if record.says_the_same(&old.values) {
            let seen = if record.grade == Grade::Observed { old.seen.max(record.seen) } else { old.seen };
            taken.again.push((old.id, seen));
        } else if old.seen <= record.seen {
            record.lineage = old.lineage;
            (record.home, record.origin) = (old.home, old.origin);
            taken.end.push(old.id);
            taken.begin.push(record);
        }
    }
    let whole = left.first().map(|record| record.table).or(known.first().map(|record| record.table));
    if whole == Some(TableKind::Components) && newest.is_some() {
        taken.end.extend(unpaired.iter().map(|record| record.id));
    }
    taken.begin.extend(left);
}

/// A row whose key changed (a serial number was corrected) is known by another mark that both versions have once.
fn by_other_marks<'a>(new: Vec<Record>, old: &mut Vec<&'a Record>) -> (Vec<(Record, &'a Record)>, Vec<Record>) {
    // What the wire shows under another MAC is another box, and an address is soon another's.
    if old.is_empty() || new.first().is_none_or(|record| record.grade == Grade::Observed) {
        return (Vec::new(), new);
    }
    let mut pairs = Vec::new();
    let mut waiting: BTreeMap<usize, Record> = new.into_iter().enumerate().collect();
    for key in IdentityKey::ALL.into_iter().filter(|key| *key != IdentityKey::Address) {
        let value = |record: &Record| record.get(key.field()).and_then(|text| mark(key, text));
        let mut count: HashMap<String, (usize, usize)> = HashMap::new();
        waiting.values().filter_map(value).for_each(|mark| count.entry(mark).or_default().0 += 1);
        old.iter().filter_map(|record| value(record)).for_each(|mark| count.entry(mark).or_default().1 += 1);
        let once: HashSet<String> = count.into_iter().filter(|(_, n)| *n == (1, 1)).map(|(mark, _)| mark).collect();
        let found: Vec<usize> = waiting
            .iter()
            .filter(|(_, record)| value(record).is_some_and(|mark| once.contains(&mark)))
            .map(|(at, _)| *at)
            .collect();
        for at in found {
            let Some(mark) = waiting.get(&at).and_then(value) else { continue };
            let Some(beside) = old.iter().position(|record| value(record).as_ref() == Some(&mark)) else { continue };
            if let Some(record) = waiting.remove(&at) {
                pairs.push((record, old.remove(beside)));
            }
        }
    }
    (pairs, waiting.into_values().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_in_file_names() {
        for (file, want) in [
            ("arp_20261120.txt", Some("2026-11-20")),
            ("scan 2026-11-20 サーバ室.xml", Some("2026-11-20")),
            ("台帳_2026年度.xlsx", None),
            ("arp.txt", None),
            ("99999999.csv", None),
        ] {
            assert_eq!(day_of_name(file).map(|day| day.to_string()).as_deref(), want, "{file}");
        }
    }
}
