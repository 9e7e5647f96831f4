//! History of a field: every record that ever stated it, and where each stands beside the one in force.

use super::winner::{Lists, called, order, rank};
use std::collections::BTreeMap;
use tomomori_domain::import::{Field, Value};
use tomomori_domain::record::Record;
use tomomori_domain::resource::{Grade, ResourceKind};

/// What one record says about a field.
#[derive(Clone, Debug)]
pub struct Statement<'a> {
    /// The record.
    pub record: &'a Record,
    /// Its values of the field; an empty text says that a person cleared it.
    pub values: Vec<&'a Value>,
    /// Where it stands.
    pub standing: Standing,
}

/// Where a statement stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The ledger shows it, alone or with others that add up.
    InForce,
    /// Says the same as the one in force.
    Agrees,
    /// Stated still, but another one is believed.
    Lost(Rule),
    /// Its row was replaced by a newer version, or went with its list.
    Ended,
}

/// Why another statement is believed (the order is in `winner`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The hospital itself confirmed the other one.
    Hospital,
    /// The vendor confirmed the other one.
    Vendor,
    /// A machine states this field better than paper does.
    Machine,
    /// People state this field better than a machine does.
    Paper,
    /// The other one is newer.
    Newer,
    /// The other list is larger: it is the hospital's own ledger.
    LargerList,
    /// Nothing tells them apart; the list's name decides, so that the answer is always the same.
    ListName,
}

/// Fields whose statements add up as long as nobody confirmed one.
fn adds_up(field: Field) -> bool {
    matches!(field, Field::Address | Field::Mac | Field::Kb | Field::Software)
}

/// All statements about a field (`label` names the hospital's own column) in the order of `records`. `sizes` says how many
/// rows about devices each list has now.
#[must_use]
pub fn history<'a>(
    field: Field,
    label: Option<&str>,
    records: &'a [Record],
    sizes: &BTreeMap<String, u64>,
) -> Vec<Statement<'a>> {
    let rows = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
    let lists: Lists<'_> = sizes.iter().map(|(list, count)| (list.as_str(), rows(*count))).collect();
    let mut stated: Vec<Statement<'a>> = Vec::new();
    for record in records {
        let values: Vec<&Value> = record.all(field).filter(|value| value.label.as_deref() == label).collect();
        if !values.is_empty() {
            stated.push(Statement { record, values, standing: Standing::Ended });
        }
    }
    let Some(best) = believed(field, &stated, &lists) else { return stated };
    let (best, said) = (stated[best].record, text(&stated[best]));
    let together = adds_up(field) && rank(field, best.grade) < 2;
    for statement in stated.iter_mut().filter(|statement| statement.record.until.is_none()) {
        statement.standing = if statement.record.id == best.id || together {
            Standing::InForce
        } else if text(statement) == said {
            Standing::Agrees
        } else {
            Standing::Lost(rule(field, best, statement.record, &lists))
        };
    }
    stated
}

fn text<'a>(statement: &Statement<'a>) -> &'a str {
    statement.values.first().map_or("", |value| value.text.as_str())
}

/// Position of the statement in force.
fn believed(field: Field, stated: &[Statement<'_>], lists: &Lists<'_>) -> Option<usize> {
    let in_force = || (0..stated.len()).filter(|&at| stated[at].record.until.is_none());
    let first = |among: &mut dyn Iterator<Item = usize>| {
        among.reduce(|best, at| {
            let of = |at: usize| order(field, stated[at].record, Some(lists));
            if of(at) < of(best) { at } else { best }
        })
    };
    match field {
        // Not known says nothing against what another list knows.
        Field::Kind => first(&mut in_force().filter(|&at| text(&stated[at]) != ResourceKind::Unknown.key()))
            .or_else(|| first(&mut in_force())),
        // The last stocktake is the newest one, whoever wrote it.
        Field::StocktakenOn => in_force().max_by_key(|&at| text(&stated[at])),
        _ => first(&mut in_force()),
    }
}

fn rule(field: Field, best: &Record, other: &Record, lists: &Lists<'_>) -> Rule {
    if rank(field, best.grade) > rank(field, other.grade) {
        return match best.grade {
            Grade::ConfirmedByHospital => Rule::Hospital,
            Grade::ConfirmedByVendor => Rule::Vendor,
            Grade::Observed => Rule::Machine,
            Grade::Declared => Rule::Paper,
        };
    }
    let rows = |record: &Record| lists.get(record.source.as_str()).copied().unwrap_or(0);
    let larger = rows(best) > rows(other);
    if best.seen > other.seen && !(called(field) && larger) {
        Rule::Newer
    } else if larger {
        Rule::LargerList
    } else {
        Rule::ListName
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::winner::Stated;
    use jiff::civil::date;
    use tomomori_domain::ids::{ChangeId, RecordId};
    use tomomori_domain::import::{Place, TableKind};

    fn record(source: &str, grade: Grade, day: i8, values: &[(Field, &str)]) -> Record {
        let (id, change) = (RecordId::generate(), ChangeId::generate());
        let value = |&(field, text): &(Field, &str)| Value {
            field,
            text: text.to_owned(),
            place: Place::default(),
            label: None,
        };
        Record {
            id,
            lineage: id,
            table: TableKind::Resources,
            source: source.to_owned(),
            key: id.to_string(),
            grade,
            seen: date(2026, 11, day),
            home: None,
            origin: None,
            values: values.iter().map(value).collect(),
            place: Place::default(),
            by: None,
            since: change,
            listed: change,
            until: None,
        }
    }

    fn sizes() -> BTreeMap<String, u64> {
        BTreeMap::from([("big".to_owned(), 300), ("a".to_owned(), 5)])
    }

    fn standings(field: Field, records: &[Record]) -> Vec<Standing> {
        history(field, None, records, &sizes()).into_iter().map(|statement| statement.standing).collect()
    }

    #[test]
    fn every_statement_says_why_it_is_not_believed() {
        use Standing::{Agrees, Ended, InForce, Lost};
        let version = |source, grade, day, text| record(source, grade, day, &[(Field::Version, text)]);
        let named = |source, grade, day, text| record(source, grade, day, &[(Field::Name, text)]);
        let ended = Record { until: Some(ChangeId::generate()), ..version("a", Grade::Declared, 1, "1") };
        for (field, records, expected) in [
            (
                Field::Version,
                vec![version("nmap", Grade::Observed, 2, "2"), version("a", Grade::Declared, 9, "1")],
                vec![InForce, Lost(Rule::Machine)],
            ),
            (
                Field::Name,
                vec![named("nmap", Grade::Observed, 9, "srv"), named("a", Grade::Declared, 1, "サーバ")],
                vec![Lost(Rule::Paper), InForce],
            ),
            (
                Field::Version,
                vec![
                    version("", Grade::ConfirmedByHospital, 3, "3"),
                    version("v", Grade::ConfirmedByVendor, 9, "4"),
                    version("n", Grade::Observed, 9, "3"),
                    ended,
                ],
                vec![InForce, Lost(Rule::Hospital), Agrees, Ended],
            ),
            (
                Field::Name,
                vec![named("b", Grade::Declared, 1, "x"), named("c", Grade::Declared, 2, "y")],
                vec![Lost(Rule::Newer), InForce],
            ),
            (
                Field::Name,
                vec![named("a", Grade::Declared, 9, "x"), named("big", Grade::Declared, 1, "y")],
                vec![Lost(Rule::LargerList), InForce],
            ),
            (
                Field::Maker,
                vec![
                    record("a", Grade::Declared, 1, &[(Field::Maker, "x")]),
                    record("big", Grade::Declared, 1, &[(Field::Maker, "y")]),
                ],
                vec![Lost(Rule::LargerList), InForce],
            ),
            (
                Field::Name,
                vec![named("c", Grade::Declared, 1, "y"), named("b", Grade::Declared, 1, "x")],
                vec![Lost(Rule::ListName), InForce],
            ),
        ] {
            assert_eq!(standings(field, &records), expected);
            // The one shown as in force is the one the ledger takes.
            let in_force: Vec<&Record> = records.iter().filter(|record| record.until.is_none()).collect();
            let sizes = sizes();
            let lists: Lists<'_> =
                sizes.iter().map(|(list, n)| (list.as_str(), usize::try_from(*n).unwrap())).collect();
            let shown = history(field, None, &records, &sizes).into_iter().find(|s| s.standing == InForce).unwrap();
            assert_eq!(Stated::of_device(&in_force, &lists).text(field).as_deref(), Some(text(&shown)));
        }
    }

    #[test]
    fn addresses_add_up_until_somebody_confirms_one() {
        let at = |grade, text| record(text, grade, 1, &[(Field::Address, text)]);
        let lists = vec![at(Grade::Declared, "10.0.0.1"), at(Grade::Observed, "10.0.0.2")];
        assert_eq!(standings(Field::Address, &lists), [Standing::InForce, Standing::InForce]);
        let confirmed = [lists, vec![at(Grade::ConfirmedByHospital, "10.0.0.3")]].concat();
        let lost = Standing::Lost(Rule::Hospital);
        assert_eq!(standings(Field::Address, &confirmed), [lost, lost, Standing::InForce]);
    }

    #[test]
    fn an_unknown_kind_speaks_against_nothing() {
        let kind = |source, day, text| record(source, Grade::Declared, day, &[(Field::Kind, text)]);
        let records = vec![kind("a", 9, "unknown"), kind("b", 1, "server")];
        assert_eq!(standings(Field::Kind, &records)[1], Standing::InForce);
    }
}
