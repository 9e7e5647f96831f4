//! What a person should look at, found while the ledger is computed.

use crate::boxes::{Boxes, Doubt};
use crate::identity::IdentityKey;
use crate::project::Facts;
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::{BTreeMap, HashMap, HashSet};
use tomomori_domain::Msg;
use tomomori_domain::check::{CheckKind, Remedy};
use tomomori_domain::custom::CustomField;
use tomomori_domain::ids::{ResourceId, ZoneId};
use tomomori_domain::import::{Field, Value};
use tomomori_domain::record::Record;
use tomomori_domain::resource::{Grade, Ledger, Line, LineEnd, Resource, ResourceKind, ResourceState, Zone};
use tomomori_domain::text::fold;

pub use tomomori_domain::check::Check;

/// A box not seen for this long, while its surroundings were, is asked about.
pub const UNSEEN_DAYS: i32 = 90;

fn check(key: String, kind: CheckKind, msg: Msg) -> Check {
    Check { key, kind, resource: None, line: None, place: None, msg, answers: vec![Remedy::Leave] }
}

pub(crate) fn contract_unknown(resource: ResourceId, value: &Value) -> Check {
    reference(Some(resource), value, Msg::new("check-contract-unknown"))
}

pub(crate) fn uplink_unknown(resource: ResourceId, value: &Value) -> Check {
    reference(Some(resource), value, Msg::new("check-uplink-unknown"))
}

/// A value of an own column that does not fit its type. It is kept as written.
pub(crate) fn misfit(resource: ResourceId, field: &CustomField, value: &Value) -> Check {
    let key = format!("own|{resource}|{}|{}|{}", field.name, field.kind.key(), value.text);
    let place = Some(value.place.clone()).filter(|place| !place.file.is_empty());
    Check { resource: Some(resource), place, ..check(key, CheckKind::Cell, field.misfit(&value.text)) }
}

pub(crate) fn need_unknown(text: &str, value: &Value) -> Check {
    let mut check = reference(None, value, Msg::new("check-need-unknown"));
    check.key = format!("{}|{}", check.key, fold(text));
    check.msg = Msg::new("check-need-unknown").arg("value", text);
    check
}

fn reference(resource: Option<ResourceId>, value: &Value, msg: Msg) -> Check {
    let key = format!("reference|{}|{}|{}", value.field.key(), value.place, fold(&value.text));
    let place = Some(value.place.clone());
    Check { resource, place, ..check(key, CheckKind::Reference, msg.arg("value", &value.text)) }
}

pub(crate) fn subject_unknown(record: &Record, subject: Option<&Value>) -> Check {
    let msg = match subject {
        Some(value) => Msg::new("check-subject-unknown").arg("value", &value.text),
        None => Msg::new("check-subject-missing"),
    };
    // One doubt per list, not per package in it.
    let place = tomomori_domain::import::Place { line: None, cell: None, ..record.place.clone() };
    Check { place: Some(place), ..check(format!("subject|{}", record.source), CheckKind::Reference, msg) }
}

pub(crate) fn contradiction(resource: &Resource, winner: &Value, other: &Value, newer: bool) -> Check {
    let field = winner.field;
    let place = |value: &Value| value.place.to_string();
    let msg = Msg::new("check-contradiction")
        .arg("device", &resource.name)
        .arg("field", field.key())
        .arg("value", &winner.text)
        .arg("place", place(winner))
        .arg("other", &other.text)
        .arg("other-place", place(other));
    let key = format!("contradiction|{}|{}|{}|{}", resource.id, field.key(), fold(&winner.text), fold(&other.text));
    let set = Remedy::Set { resource: resource.id, field, value: other.text.clone() };
    // What was written later is more likely what is true now.
    let answers = if newer { vec![set, Remedy::Leave] } else { vec![Remedy::Leave, set] };
    let place = Some(other.place.clone());
    Check { resource: Some(resource.id), place, answers, ..check(key, CheckKind::Contradiction, msg) }
}

/// The lists say one zone, the newest observation another.
pub(crate) fn moved(
    resource: &Resource,
    records: &[&Record],
    zone_at: impl Fn(&str) -> Option<ZoneId>,
    zones: &[Zone],
    checks: &mut Vec<Check>,
) {
    if !resource.declared {
        return;
    }
    let observed = records.iter().filter(|record| record.grade == Grade::Observed);
    let newest = observed.clone().map(|record| record.seen).max();
    let seen: Vec<&Value> =
        observed.filter(|record| Some(record.seen) == newest).flat_map(|record| record.all(Field::Address)).collect();
    let Some(value) = seen.iter().min_by_key(|value| &value.text) else { return };
    let declared = records.iter().filter(|record| record.grade != Grade::Observed);
    let stated = declared.clone().any(|record| record.get(Field::Zone).is_some());
    let by_address = declared.flat_map(|record| record.all(Field::Address)).find_map(|address| zone_at(&address.text));
    let home = if stated { resource.zone } else { by_address };
    let (Some(home), Some(there)) = (home, zone_at(&value.text)) else { return };
    // A box with cards in both zones stands in both.
    let still_there = seen.iter().any(|value| zone_at(&value.text) == Some(home));
    if still_there || by_address == Some(there) {
        return;
    }
    let name = |id: ZoneId| zones.iter().find(|zone| zone.id == id).map(|zone| zone.name.clone()).unwrap_or_default();
    let msg = Msg::new("check-moved")
        .arg("device", &resource.name)
        .arg("zone", name(home))
        .arg("seen", name(there))
        .arg("address", &value.text);
    let set = Remedy::Set { resource: resource.id, field: Field::Zone, value: name(there) };
    checks.push(Check {
        resource: Some(resource.id),
        place: Some(value.place.clone()),
        answers: vec![set, Remedy::Leave],
        ..check(format!("moved|{}|{}|{}", resource.id, name(home), name(there)), CheckKind::Moved, msg)
    });
}

/// Doubts about which rows are one box.
pub(crate) fn of_boxes(
    rows: &[&Record],
    found: &Boxes,
    ids: &[ResourceId],
    resources: &BTreeMap<ResourceId, Resource>,
    checks: &mut Vec<Check>,
) {
    let mut home: Vec<Option<ResourceId>> = vec![None; rows.len()];
    for (members, id) in found.members.iter().zip(ids) {
        members.iter().for_each(|&at| home[at] = Some(*id));
    }
    let named = |at: usize| {
        let own = rows[at].get(Field::Name).or(rows[at].get(Field::Hostname)).map(str::to_owned);
        own.or_else(|| Some(resources.get(&home[at]?)?.name.clone())).unwrap_or_default()
    };
    for doubt in &found.doubts {
        checks.push(same_box(rows, doubt, home[doubt.other], &named));
    }
    let mut joined_by: HashMap<usize, IdentityKey> = HashMap::new();
    for &(one, other, mark) in &found.joined {
        for at in [one, other] {
            joined_by.entry(at).and_modify(|known| *known = mark.min(*known)).or_insert(mark);
        }
    }
    for members in &found.members {
        for (i, &other) in members.iter().enumerate().skip(1) {
            let mark = joined_by.get(&other).copied().unwrap_or(IdentityKey::Name);
            checks.extend(members[..i].iter().find_map(|&one| two_names(rows, (one, other, mark), home[other])));
        }
    }
    for (mark, value, doubled) in &found.doubled {
        for &at in doubled {
            let stated =
                rows[at].all(mark.field()).find(|v| crate::identity::mark(*mark, &v.text).as_ref() == Some(value));
            let others = doubled.iter().filter(|&&other| other != at).map(|&other| named(other));
            let others = others.take(3).collect::<Vec<_>>().join("、");
            let msg = Msg::new("check-doubled")
                .arg("device", named(at))
                .arg("field", mark.field().key())
                .arg("value", stated.map_or(value.as_str(), |value| &value.text))
                .arg("count", doubled.len())
                .arg("others", others);
            checks.push(Check {
                resource: home[at],
                place: Some(stated.map_or_else(|| rows[at].place.clone(), |value| value.place.clone())),
                ..check(format!("doubled|{}|{value}|{}", mark.field().key(), rows[at].lineage), CheckKind::Doubled, msg)
            });
        }
    }
}

fn same_box(rows: &[&Record], doubt: &Doubt, home: Option<ResourceId>, named: &dyn Fn(usize) -> String) -> Check {
    let (a, b) = (rows[doubt.one], rows[doubt.other]);
    let msg = match doubt.against {
        Some(against) => Msg::new("check-same-box").arg("against", against.field().key()),
        None => Msg::new("check-same-name"),
    };
    let msg = msg
        .arg("one", named(doubt.one))
        .arg("other", named(doubt.other))
        .arg("field", doubt.mark.field().key())
        .arg("score", doubt.mark.score())
        .arg("place", a.place.to_string())
        .arg("other-place", b.place.to_string());
    let (one, other) = (a.lineage, b.lineage);
    let (join, apart) = (Remedy::Join { one, other }, Remedy::KeepApart { one, other });
    // A MAC and a serial number are made once: who shares one is more likely one box with a slip of the pen in the other
    // mark. A name or host name is given again to the machine that replaces another.
    let strong = doubt.mark <= IdentityKey::Mac;
    let answers = if strong { vec![join, apart] } else { vec![apart, join] };
    Check {
        resource: home,
        place: Some(b.place.clone()),
        answers,
        ..check(format!("same|{}|{}", one.min(other), one.max(other)), CheckKind::SameBox, msg)
    }
}

/// Two lists call one box by names that have nothing in common.
fn two_names(
    rows: &[&Record],
    (one, other, mark): (usize, usize, IdentityKey),
    home: Option<ResourceId>,
) -> Option<Check> {
    let (a, b) = (rows[one], rows[other]);
    let (x, y) = (a.get(Field::Name)?, b.get(Field::Name)?);
    let plain = |text: &str| fold(text).replace([' ', '-', '_'], "");
    if a.grade == Grade::Observed || b.grade == Grade::Observed || a.source == b.source || plain(x) == plain(y) {
        return None;
    }
    // The mark both carry; through a third row they may be joined by one that only one of them has.
    let shared = |key: &IdentityKey| {
        let marks = |record: &Record| {
            record.all(key.field()).filter_map(|v| crate::identity::mark(*key, &v.text)).collect::<Vec<_>>()
        };
        let theirs = marks(b);
        marks(a).into_iter().any(|mark| theirs.contains(&mark))
    };
    let mark = IdentityKey::ALL.into_iter().find(shared).unwrap_or(mark);
    let value = b.get(mark.field()).or(a.get(mark.field())).unwrap_or_default();
    let msg = Msg::new("check-two-names")
        .arg("one", x)
        .arg("other", y)
        .arg("field", mark.field().key())
        .arg("value", value)
        .arg("score", mark.score())
        .arg("place", a.place.to_string())
        .arg("other-place", b.place.to_string());
    let key = format!("names|{}|{}", a.lineage.min(b.lineage), a.lineage.max(b.lineage));
    let answers =
        vec![Remedy::Join { one: a.lineage, other: b.lineage }, Remedy::KeepApart { one: a.lineage, other: b.lineage }];
    Some(Check { resource: home, place: Some(b.place.clone()), answers, ..check(key, CheckKind::TwoNames, msg) })
}

/// A line that ends nowhere the ledger knows.
pub(crate) fn of_line(line: &Line, rows: &[&Record], checks: &mut Vec<Check>) {
    let place = rows.first().map(|row| row.place.clone());
    let said = |end: &LineEnd| match end {
        LineEnd::Outside(text) => text.clone(),
        LineEnd::Resource(_) | LineEnd::Unknown => String::new(),
    };
    let what = line.circuit.clone().or(line.protocol.clone()).or(line.purpose.clone()).unwrap_or_default();
    let inside = |end: &LineEnd| matches!(end, LineEnd::Resource(_));
    let mut found = Vec::new();
    if !inside(&line.from) && !inside(&line.to) && line.via_resource.is_none() {
        let msg = match line.circuit {
            Some(_) => Msg::new("check-line-nowhere").arg("circuit", &what),
            None => Msg::new("check-line-open").arg("from", said(&line.from)).arg("to", said(&line.to)),
        };
        found.push(("ends", msg));
    }
    if let Some(via) = line.via.as_ref().filter(|_| line.via_resource.is_none()) {
        found.push(("via", Msg::new("check-line-via").arg("device", via).arg("from", said(&line.from))));
    }
    for (part, msg) in found {
        let key = format!("line|{part}|{}|{}|{}|{}", fold(&what), said(&line.from), said(&line.to), line.id);
        checks.push(Check { line: Some(line.id), place: place.clone(), ..check(key, CheckKind::OpenLine, msg) });
    }
}

/// What only the whole ledger shows.
pub(crate) fn of_ledger(ledger: &Ledger, facts: &Facts<'_>, checks: &mut Vec<Check>) {
    strangers(ledger, checks);
    unseen(ledger, facts.today, checks);
    idle_contracts(ledger, checks);
}

fn strangers(ledger: &Ledger, checks: &mut Vec<Check>) {
    for resource in ledger.resources.iter().filter(|resource| !resource.declared) {
        let mark = resource.addresses.first().or(resource.macs.first()).cloned().unwrap_or_default();
        let msg = Msg::new("check-stranger")
            .arg("device", &resource.name)
            .arg("address", &mark)
            .arg("mac", resource.macs.first().cloned().unwrap_or_default())
            .arg("seen", resource.last_seen.map(|day| day.to_string()).unwrap_or_default());
        // Entering it under a name of the hospital's own is what puts it into the ledger.
        let set = Remedy::Set { resource: resource.id, field: Field::Name, value: resource.name.clone() };
        checks.push(Check {
            resource: Some(resource.id),
            answers: vec![Remedy::Leave, set],
            ..check(format!("stranger|{}", resource.id), CheckKind::Stranger, msg)
        });
    }
}

/// Rows with an address of their own that nobody has seen, in zones of which four fifths were seen: where nobody looked, not being seen says nothing.
fn unseen(ledger: &Ledger, today: Date, checks: &mut Vec<Check>) {
    let limit = today.saturating_sub(UNSEEN_DAYS.days());
    let on_wire = |resource: &&Resource| {
        let kind = !matches!(resource.kind, ResourceKind::Facility | ResourceKind::Cloud | ResourceKind::Visitor);
        let used = !matches!(
            resource.state,
            Some(ResourceState::Planned | ResourceState::Spare | ResourceState::Repair | ResourceState::Retired)
        );
        kind && used && resource.declared && !resource.addresses.is_empty()
    };
    let fresh = |resource: &Resource| resource.last_seen.is_some_and(|day| day >= limit);
    let mut zones: HashMap<Option<ZoneId>, (usize, usize)> = HashMap::new();
    for resource in ledger.resources.iter().filter(on_wire) {
        let zone = zones.entry(resource.zone).or_default();
        zone.0 += usize::from(fresh(resource));
        zone.1 += 1;
    }
    for resource in ledger.resources.iter().filter(on_wire).filter(|resource| !fresh(resource)) {
        let (seen, all) = zones.get(&resource.zone).copied().unwrap_or_default();
        // A PC is switched off when nobody sits at it; that it was not seen on one day says nothing.
        let off = resource.kind == ResourceKind::Client && resource.last_seen.is_none();
        if off || resource.zone.is_none() || seen * 5 < all * 4 {
            continue;
        }
        let msg = match resource.last_seen {
            Some(day) => Msg::new("check-unseen-since").arg("day", day),
            None => Msg::new("check-unseen-never"),
        };
        let msg = msg.arg("device", &resource.name).arg("days", UNSEEN_DAYS);
        let retire =
            Remedy::Set { resource: resource.id, field: Field::State, value: ResourceState::Retired.key().to_owned() };
        let day = resource.last_seen.map(|day| day.to_string()).unwrap_or_default();
        checks.push(Check {
            resource: Some(resource.id),
            answers: vec![Remedy::Leave, retire],
            ..check(format!("unseen|{}|{day}", resource.id), CheckKind::Unseen, msg)
        });
    }
}

/// Contracts that no device and no line stands under.
fn idle_contracts(ledger: &Ledger, checks: &mut Vec<Check>) {
    let used: HashSet<_> = ledger
        .resources
        .iter()
        .filter_map(|resource| resource.contract)
        .chain(ledger.lines.iter().filter_map(|line| line.contract))
        .collect();
    for contract in ledger.contracts.iter().filter(|contract| !used.contains(&contract.id)) {
        let msg = Msg::new("check-contract-idle").arg("number", &contract.number).arg("title", &contract.title);
        checks.push(check(format!("contract|{}", fold(&contract.number)), CheckKind::IdleContract, msg));
    }
}
