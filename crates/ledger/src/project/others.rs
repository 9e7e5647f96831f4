//! Lines, services and lists of software. Their rows name devices, so they come after them.

use super::lookup::Lookup;
use super::winner::Stated;
use super::{Facts, Home, content_id};
use crate::checks::Check;
use std::collections::{BTreeMap, HashMap};
use tomomori_domain::ids::{LineId, ResourceId, ServiceId};
use tomomori_domain::import::Field;
use tomomori_domain::record::Record;
use tomomori_domain::resource::{Line, LineEnd, Resource, Service};
use tomomori_domain::text::fold;

/// Rows of SBOMs and package lists by the device they speak of.
pub(super) fn sboms<'a>(
    records: impl Iterator<Item = &'a Record>,
    lookup: &Lookup,
    homes: &mut Vec<Home>,
    checks: &mut Vec<Check>,
) -> BTreeMap<ResourceId, Vec<&'a Record>> {
    let mut by_device: BTreeMap<ResourceId, Vec<&Record>> = BTreeMap::new();
    for record in records {
        let subject = record.all(Field::Hostname).next();
        match subject.and_then(|value| lookup.resource(&value.text)) {
            Some(id) => {
                if record.home != Some(id) {
                    homes.push(Home { record: record.id, home: id, origin: record.origin.unwrap_or(id) });
                }
                by_device.entry(id).or_default().push(record);
            }
            None => checks.push(crate::checks::subject_unknown(record, subject)),
        }
    }
    by_device
}

/// What two rows must share to tell of one line: the carrier's circuit number, or both ends and the protocol.
pub(crate) fn line_key(record: &Record) -> String {
    match record.get(Field::Circuit) {
        Some(circuit) => format!("c|{}", fold(circuit).replace([' ', '-'], "")),
        None => {
            let part = |field| record.get(field).map(fold).unwrap_or_default();
            format!("e|{}|{}|{}", part(Field::From), part(Field::To), part(Field::Protocol))
        }
    }
}

pub(super) fn lines<'a>(
    records: impl Iterator<Item = &'a Record>,
    lookup: &Lookup,
    facts: &Facts<'_>,
    checks: &mut Vec<Check>,
) -> Vec<Line> {
    let mut told: BTreeMap<String, Vec<&Record>> = BTreeMap::new();
    for record in records {
        told.entry(line_key(record)).or_default().push(record);
    }
    let mut stored: Vec<&Line> = facts.stored.lines.iter().collect();
    let mut lines = Vec::new();
    for (key, rows) in told {
        let stated = Stated::new(&rows);
        let circuit = stated.text(Field::Circuit);
        let from = match end(&stated, Field::From, lookup) {
            // A bill names the carrier, not where the line begins.
            LineEnd::Unknown => stated.text(Field::Vendor).map_or(LineEnd::Unknown, LineEnd::Outside),
            known => known,
        };
        let to = end(&stated, Field::To, lookup);
        let via = stated.text(Field::Via);
        let via_resource = via.as_deref().and_then(|text| lookup.resource(text));
        let flag = |field| stated.value(field).map(|value| value.text == "true");
        let mut line = Line {
            id: LineId(content_id(&key)),
            from,
            to,
            purpose: stated.text(Field::Purpose),
            protocol: stated.text(Field::Protocol),
            vendor: stated.value(Field::Vendor).and_then(|value| lookup.vendor(&value.text)),
            circuit,
            via,
            via_resource,
            sources: stated.text(Field::Sources),
            contract: stated
                .value(Field::ContractNumber)
                .and_then(|value| lookup.contract(&value.text))
                .map(|(id, _)| id),
            billed_on: rows.iter().filter_map(|row| row.get(Field::BilledOn)?.parse::<jiff::civil::Date>().ok()).max(),
            always_on: flag(Field::AlwaysOn),
            source_limited: flag(Field::SourceLimited),
            remote_maintenance: flag(Field::RemoteMaintenance).unwrap_or(false),
        };
        // A list of allowed sources is a limit.
        if line.source_limited.is_none() && line.sources.is_some() {
            line.source_limited = Some(true);
        }
        let same = |old: &&Line| match (&old.circuit, &line.circuit) {
            (Some(a), Some(b)) => fold(a) == fold(b),
            (None, None) => (&old.from, &old.to, &old.protocol) == (&line.from, &line.to, &line.protocol),
            _ => false,
        };
        let loosely = |old: &&Line| {
            old.circuit == line.circuit
                && old.protocol == line.protocol
                && (old.from == line.from || old.to == line.to)
                && old.purpose == line.purpose
        };
        if let Some(at) = stored
            .iter()
            .position(|old| old.id == line.id)
            .or_else(|| stored.iter().position(same))
            .or_else(|| stored.iter().position(loosely))
        {
            line.id = stored.remove(at).id;
        }
        crate::checks::of_line(&line, &rows, checks);
        lines.push(line);
    }
    lines
}

/// The first statement that names a device of the ledger; a bill's address says less than a list's device.
fn end(stated: &Stated<'_>, field: Field, lookup: &Lookup) -> LineEnd {
    let known = stated.all(field).into_iter().find_map(|record| lookup.resource(record.get(field)?));
    known.map_or_else(|| stated.text(field).map_or(LineEnd::Unknown, LineEnd::Outside), LineEnd::Resource)
}

/// A device at which a remote-maintenance line ends can be reached, whatever its own row leaves open.
pub(super) fn reached(resources: &mut BTreeMap<ResourceId, Resource>, lines: &[Line]) {
    for line in lines.iter().filter(|line| line.remote_maintenance) {
        for end in [&line.from, &line.to] {
            if let LineEnd::Resource(id) = end
                && let Some(resource) = resources.get_mut(id)
            {
                resource.remote = resource.remote.or(Some(true));
            }
        }
    }
}

pub(super) fn services<'a>(
    records: impl Iterator<Item = &'a Record>,
    lookup: &Lookup,
    facts: &Facts<'_>,
    checks: &mut Vec<Check>,
) -> Vec<Service> {
    let mut told: BTreeMap<String, Vec<&Record>> = BTreeMap::new();
    for record in records {
        if let Some(name) = record.get(Field::Name) {
            told.entry(fold(name)).or_default().push(record);
        }
    }
    let stored: HashMap<String, ServiceId> =
        facts.stored.services.iter().map(|service| (fold(&service.name), service.id)).collect();
    let mut services = Vec::new();
    for (key, rows) in told {
        let stated = Stated::new(&rows);
        let mut needs = Vec::new();
        for value in rows.iter().flat_map(|row| row.all(Field::Needs)) {
            for text in value.text.split(['、', ';', '\n', '，', ',']).map(str::trim).filter(|text| !text.is_empty())
            {
                match lookup.resource(text) {
                    Some(id) => needs.push(id),
                    None => checks.push(crate::checks::need_unknown(text, value)),
                }
            }
        }
        // Order says nothing about what a service needs.
        needs.sort_unstable();
        needs.dedup();
        services.push(Service {
            id: stored.get(&key).copied().unwrap_or_else(ServiceId::generate),
            name: stated.text(Field::Name).unwrap_or_default(),
            hours: stated.text(Field::Hours),
            needs,
        });
    }
    services
}
