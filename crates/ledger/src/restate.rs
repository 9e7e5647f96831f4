//! A ledger as records that state it: for a ledger that was kept before there were records, and to try that the ledger computed
//! from them is the same one.

use crate::words::{DEVICE_FIELDS, Words};
use jiff::civil::Date;
use tomomori_domain::ids::{ChangeId, RecordId};
use tomomori_domain::import::{Field, Place, TableKind, Value};
use tomomori_domain::record::Record;
use tomomori_domain::resource::{ChoiceBy, Component, Contract, Grade, Layer, Ledger, Line, LineEnd, Resource};

/// Records from which the ledger follows again.
#[must_use]
pub fn restate(ledger: &Ledger, change: ChangeId, today: Date) -> Vec<Record> {
    let words = Words::of(ledger);
    let mut out = Records { change, today, records: Vec::new() };
    for zone in &ledger.zones {
        let own = [(Field::Name, zone.name.clone()), (Field::Kind, zone.kind.key().to_owned())];
        out.add(TableKind::Zones, own.into_iter().chain(zone.ranges.iter().map(|r| (Field::Range, r.clone()))));
    }
    for contract in &ledger.contracts {
        out.add(TableKind::Contracts, of_contract(contract, ledger, &words).into_iter());
    }
    for device in &ledger.resources {
        let grade = if device.declared { Grade::Declared } else { Grade::Observed };
        let fields = DEVICE_FIELDS.into_iter().filter(|field| device.declared || *field != Field::Name);
        let values = fields.flat_map(|field| words.values(device, field).into_iter().map(move |text| (field, text)));
        let aliases = device.aliases.iter().map(|name| (Field::Name, name.clone()));
        let seen = device.last_seen.map(|day| (Field::SeenOn, day.to_string()));
        let at = out.records.len();
        out.add(TableKind::Resources, values.chain(aliases).chain(seen));
        out.of_device(at, device, grade);
    }
    for part in ledger.components.iter().filter(|part| part.layer == Layer::Application) {
        let Some(host) = words.called(part.resource) else { continue };
        let at = out.records.len();
        out.add(TableKind::Components, of_component(part, host).into_iter());
        if let Some(record) = out.records.get_mut(at) {
            record.grade = Grade::Observed;
            (record.home, record.origin) = (Some(part.resource), Some(part.resource));
        }
    }
    for line in &ledger.lines {
        out.add(TableKind::Lines, of_line(line, &words).into_iter());
    }
    for service in &ledger.services {
        let needs = service.needs.iter().filter_map(|id| words.called(*id)).map(|name| (Field::Needs, name));
        let hours = service.hours.clone().map(|hours| (Field::Hours, hours));
        out.add(TableKind::Services, [(Field::Name, service.name.clone())].into_iter().chain(hours).chain(needs));
    }
    out.records
}

struct Records {
    change: ChangeId,
    today: Date,
    records: Vec<Record>,
}

impl Records {
    /// One row of the list that the ledger itself is.
    fn add(&mut self, table: TableKind, values: impl Iterator<Item = (Field, String)>) {
        let id = RecordId::generate();
        let place = Place::default();
        let values: Vec<Value> =
            values.map(|(field, text)| Value { field, text, place: place.clone(), label: None }).collect();
        self.records.push(Record {
            id,
            lineage: id,
            table,
            source: format!("before-records|{}", table.key()),
            key: id.to_string(),
            grade: Grade::Declared,
            seen: self.today,
            home: None,
            origin: None,
            values,
            place,
            by: None,
            since: self.change,
            listed: self.change,
            until: None,
        });
    }

    fn of_device(&mut self, at: usize, device: &Resource, grade: Grade) {
        let Some(record) = self.records.get_mut(at) else { return };
        record.grade = grade;
        (record.home, record.origin) = (Some(device.id), Some(device.id));
        // A declared row was never seen by itself; the day it was seen is stated by a row of the wire.
        let seen = record.values.iter().position(|value| value.field == Field::SeenOn);
        let own = device.custom.iter().map(|(label, text)| Value {
            field: Field::Custom,
            text: text.clone(),
            place: Place::default(),
            label: Some(label.clone()),
        });
        let seen = seen.map(|at| record.values.remove(at));
        record.values.extend(own);
        match (seen, grade) {
            (Some(seen), Grade::Observed) => record.values.push(seen),
            (Some(seen), _) => {
                let mark = |field| matches!(field, Field::Mac | Field::Address | Field::Hostname | Field::Serial);
                let marks: Vec<Value> = record.values.iter().filter(|value| mark(value.field)).cloned().collect();
                if marks.is_empty() {
                    return;
                }
                let values = marks.into_iter().chain([seen]).collect();
                let id = RecordId::generate();
                let wire =
                    Record { id, lineage: id, grade: Grade::Observed, values, key: id.to_string(), ..record.clone() };
                self.records.push(wire);
            }
            (None, _) => {}
        }
    }
}

fn of_contract(contract: &Contract, ledger: &Ledger, words: &Words<'_>) -> Vec<(Field, String)> {
    let vendor = ledger.vendors.iter().find(|vendor| vendor.id == contract.vendor);
    let day = |day: Option<Date>| day.map(|day| day.to_string());
    let fields = [
        (Field::ContractNumber, Some(contract.number.clone())),
        (Field::Title, Some(contract.title.clone())),
        (Field::Vendor, words.vendor(Some(contract.vendor))),
        (Field::VendorField, vendor.and_then(|vendor| vendor.field.clone())),
        (Field::Contact, vendor.and_then(|vendor| vendor.contact.clone())),
        (Field::StartsOn, day(contract.starts_on)),
        (Field::EndsOn, day(contract.ends_on)),
        (Field::UpdateClause, contract.update_clause.clone()),
    ];
    stated(fields)
}

fn of_component(part: &Component, host: String) -> Vec<(Field, String)> {
    // Only what a source stated is stated again; what the catalogue found it finds again.
    let by_source = part.product.as_ref().filter(|product| product.by == ChoiceBy::Source);
    let version = part.version.as_deref().unwrap_or("*");
    let cpe = by_source.map(|product| format!("cpe:2.3:{}:{version}:*:*:*:*:*:*:*", product.key));
    stated([
        (Field::Hostname, Some(host)),
        (Field::Name, Some(part.text.clone())),
        (Field::Version, part.version.clone()),
        (Field::Purl, part.purl.clone()),
        (Field::Cpe, cpe),
    ])
}

fn of_line(line: &Line, words: &Words<'_>) -> Vec<(Field, String)> {
    let end = |end: &LineEnd| words.end(end);
    let flag = |flag: Option<bool>| flag.map(|flag| flag.to_string());
    stated([
        (Field::From, end(&line.from)),
        (Field::To, end(&line.to)),
        (Field::Purpose, line.purpose.clone()),
        (Field::Protocol, line.protocol.clone()),
        (Field::Vendor, words.vendor(line.vendor)),
        (Field::Circuit, line.circuit.clone()),
        (Field::Via, line.via.clone()),
        (Field::Sources, line.sources.clone()),
        (Field::ContractNumber, words.contract(line.contract)),
        (Field::BilledOn, line.billed_on.map(|day| day.to_string())),
        (Field::AlwaysOn, flag(line.always_on)),
        (Field::SourceLimited, flag(line.source_limited)),
        (Field::RemoteMaintenance, Some(line.remote_maintenance.to_string())),
    ])
}

fn stated<const N: usize>(fields: [(Field, Option<String>); N]) -> Vec<(Field, String)> {
    fields.into_iter().filter_map(|(field, text)| Some((field, text?))).collect()
}

/// Whether a ledger was kept before there were records.
#[must_use]
pub fn is_needed(ledger: &Ledger, records: &[Record]) -> bool {
    records.is_empty() && !(ledger.resources.is_empty() && ledger.zones.is_empty() && ledger.contracts.is_empty())
}
