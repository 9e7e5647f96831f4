//! Which statement about a field is in force.

use std::cmp::Reverse;
use std::collections::HashMap;
use tomomori_domain::import::{Field, Value};
use tomomori_domain::record::Record;
use tomomori_domain::resource::Grade;
use tomomori_domain::text::fold;

/// How far a statement of a grade is believed about a field.
///
/// What a machine can see of itself (address, version, operating system) is believed when it was seen; what people
/// decide (name, place, kind, owner) is believed when people wrote it. A vendor's word outranks both, the hospital's own
/// outranks that.
pub(super) fn rank(field: Field, grade: Grade) -> u8 {
    let seen_by_machine = matches!(
        field,
        Field::Address | Field::Mac | Field::Hostname | Field::Version | Field::Os | Field::Kb | Field::Port
    );
    match grade {
        Grade::Declared => u8::from(!seen_by_machine),
        Grade::Observed => u8::from(seen_by_machine),
        Grade::ConfirmedByVendor => 2,
        Grade::ConfirmedByHospital => 3,
    }
}

/// How many rows each list has: the largest is the hospital's own ledger, by whose names and numbers people know things.
pub(super) type Lists<'a> = HashMap<&'a str, usize>;

/// Whether a field is what a thing is called.
pub(super) fn called(field: Field) -> bool {
    matches!(field, Field::Name | Field::AssetNumber)
}

/// Statements of one device, ready to be asked field by field.
pub(super) struct Stated<'a> {
    records: &'a [&'a Record],
    lists: Option<&'a Lists<'a>>,
}

/// Best first: by rank, then the newer one, then the larger list, then by the list's name, so that the answer never hangs
/// on the order of import. What a thing is called is the larger list's to say, however old it is.
pub(super) fn order<'a>(field: Field, record: &'a Record, lists: Option<&Lists<'_>>) -> impl Ord + use<'a> {
    let own = lists.and_then(|lists| lists.get(record.source.as_str())).copied().unwrap_or(0);
    (
        Reverse(rank(field, record.grade)),
        Reverse(if called(field) { own } else { 0 }),
        Reverse(record.seen),
        Reverse(own),
        record.source.as_str(),
        record.key.as_str(),
        record.id,
    )
}

impl<'a> Stated<'a> {
    pub(super) fn new(records: &'a [&'a Record]) -> Self {
        Self { records, lists: None }
    }

    /// Of a device, which several lists tell of.
    pub(super) fn of_device(records: &'a [&'a Record], lists: &'a Lists<'a>) -> Self {
        Self { records, lists: Some(lists) }
    }

    /// Records that state a field, the one in force first.
    pub(super) fn all(&self, field: Field) -> Vec<&'a Record> {
        let mut stating: Vec<&Record> =
            self.records.iter().copied().filter(|record| record.get(field).is_some()).collect();
        if stating.len() > 1 {
            stating.sort_by(|a, b| order(field, a, self.lists).cmp(&order(field, b, self.lists)));
        }
        stating
    }

    /// The value in force; `None` when nobody states one or a person cleared it.
    pub(super) fn value(&self, field: Field) -> Option<&'a Value> {
        let mut best: Option<&'a Record> = None;
        for record in self.records.iter().copied().filter(|record| record.get(field).is_some()) {
            if best.is_none_or(|so_far| order(field, record, self.lists) < order(field, so_far, self.lists)) {
                best = Some(record);
            }
        }
        best.and_then(|record| record.all(field).next()).filter(|value| !value.text.is_empty())
    }

    /// The text in force.
    pub(super) fn text(&self, field: Field) -> Option<String> {
        self.value(field).map(|value| value.text.clone())
    }

    /// Values of a field that may have several. What a person or vendor confirmed stands alone; otherwise the lists add up.
    pub(super) fn values(&self, field: Field) -> Vec<String> {
        let stating = self.all(field);
        let confirmed = stating.first().is_some_and(|first| rank(field, first.grade) >= 2);
        let kept = if confirmed { &stating[..1] } else { &stating[..] };
        let mut values: Vec<String> = Vec::new();
        for value in kept.iter().flat_map(|record| record.all(field)).filter(|value| !value.text.is_empty()) {
            if !values.contains(&value.text) {
                values.push(value.text.clone());
            }
        }
        values
    }

    /// A statement that speaks against the one in force: of equal weight and day in another list, or newer and weaker.
    /// `alike` says when two texts mean the same.
    pub(super) fn contradiction(
        &self,
        field: Field,
        alike: impl Fn(&str, &str) -> bool,
    ) -> Option<(&'a Value, &'a Value, bool)> {
        let stating = self.all(field);
        let (first, rest) = stating.split_first()?;
        let winner = first.all(field).next()?;
        rest.iter().find_map(|record| {
            let other = record.all(field).find(|value| !alike(&winner.text, &value.text) && !value.text.is_empty())?;
            let newer = record.seen > first.seen;
            let equal = rank(field, record.grade) == rank(field, first.grade) && record.source != first.source;
            (newer || equal).then_some((winner, other, newer))
        })
    }
}

/// The same word in another width, case or spacing; or one that says more (`PowerEdge R740` and `R740`).
pub(super) fn alike(one: &str, other: &str) -> bool {
    let plain = |text: &str| fold(text).replace([' ', '-', '・'], "");
    let (one, other) = (plain(one), plain(other));
    one == other || one.contains(&other) || other.contains(&one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_seen_wins_for_machines_what_was_written_wins_for_people() {
        let wins = |field, new, old| rank(field, new) > rank(field, old);
        assert!(wins(Field::Version, Grade::Observed, Grade::Declared));
        assert!(wins(Field::Name, Grade::Declared, Grade::Observed));
        assert!(wins(Field::Version, Grade::ConfirmedByVendor, Grade::Observed));
        assert!(wins(Field::Version, Grade::ConfirmedByHospital, Grade::ConfirmedByVendor));
    }

    #[test]
    fn wordings_of_one_thing() {
        for (one, other, same) in [
            ("DELL PowerEdge R740", "PowerEdge R740", true),
            ("ＦｏｒｔｉＧａｔｅ６０Ｅ", "FortiGate 60E", true),
            ("RTX830", "RTX810", false),
        ] {
            assert_eq!(alike(one, other), same, "{one} {other}");
        }
    }
}
