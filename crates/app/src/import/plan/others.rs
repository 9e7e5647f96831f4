//! Zones, contracts with their vendors, lines, services.

use super::Planner;
use crate::import::{Action, FieldChange};
use tomomori_domain::Msg;
use tomomori_domain::ids::{ContractId, LineId, ServiceId, ZoneId};
use tomomori_domain::import::{Field, Row, Table, TableKind};
use tomomori_domain::resource::{Contract, Line, LineEnd, Service, Zone, ZoneKind};
use tomomori_domain::text::fold;

impl Planner<'_> {
    pub(super) fn zones(&mut self, table: &Table) {
        for row in &table.rows {
            let Some(name) = row.get(Field::Name).or_else(|| row.get(Field::Zone)) else {
                self.warn(&row.place, Msg::new("import-row-without-name"));
                continue;
            };
            let old = self.zones.values().find(|zone| fold(&zone.name) == fold(name)).cloned();
            let kind = row.get(Field::Kind).and_then(ZoneKind::from_key);
            let ranges: Vec<String> = row.all(Field::Range).map(|value| value.text.clone()).collect();
            let mut zone = old.clone().unwrap_or(Zone {
                id: ZoneId::generate(),
                name: name.to_owned(),
                kind: ZoneKind::Unknown,
                ranges: Vec::new(),
            });
            zone.kind = kind.unwrap_or(zone.kind);
            if !ranges.is_empty() {
                zone.ranges = ranges;
            }
            let fields = changed(&[
                (Field::Kind, old.as_ref().map(|zone| zone.kind.key().to_owned()), Some(zone.kind.key().to_owned())),
                (Field::Range, old.as_ref().map(|zone| zone.ranges.join("、")), Some(zone.ranges.join("、"))),
            ]);
            self.touched.zones.insert(zone.id);
            self.report(TableKind::Zones, name, old.is_some(), fields, row);
            self.zones.insert(zone.id, zone);
        }
    }

    pub(super) fn contracts(&mut self, table: &Table) {
        for row in &table.rows {
            let (Some(number), Some(vendor)) = (row.get(Field::ContractNumber), row.get(Field::Vendor)) else {
                self.warn(&row.place, Msg::new("import-contract-incomplete"));
                continue;
            };
            let vendor = self.vendor_named(vendor);
            if let Some(known) = self.vendors.get_mut(&vendor) {
                let field = row.get(Field::VendorField).map(str::to_owned);
                let contact = row.get(Field::Contact).map(str::to_owned);
                if (field.is_some() && field != known.field) || (contact.is_some() && contact != known.contact) {
                    known.field = field.or(known.field.take());
                    known.contact = contact.or(known.contact.take());
                    self.touched.vendors.insert(vendor);
                }
            }
            let old = self.contract_numbered(number).and_then(|id| self.contracts.get(&id)).cloned();
            let day = |field| row.get(field).and_then(|text| text.parse().ok());
            let contract = Contract {
                id: old.as_ref().map_or_else(ContractId::generate, |contract| contract.id),
                number: number.to_owned(),
                title: row.get(Field::Title).or_else(|| row.get(Field::Name)).unwrap_or(number).to_owned(),
                vendor,
                starts_on: day(Field::StartsOn),
                ends_on: day(Field::EndsOn),
                update_clause: row.get(Field::UpdateClause).map(str::to_owned),
            };
            let text = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string());
            let fields = changed(&[
                (Field::Title, old.as_ref().map(|old| old.title.clone()), Some(contract.title.clone())),
                (Field::StartsOn, old.as_ref().and_then(|old| text(old.starts_on)), text(contract.starts_on)),
                (Field::EndsOn, old.as_ref().and_then(|old| text(old.ends_on)), text(contract.ends_on)),
                (
                    Field::UpdateClause,
                    old.as_ref().and_then(|old| old.update_clause.clone()),
                    contract.update_clause.clone(),
                ),
            ]);
            self.touched.contracts.insert(contract.id);
            self.report(TableKind::Contracts, number, old.is_some(), fields, row);
            self.contracts.insert(contract.id, contract);
        }
    }

    pub(super) fn contract_numbered(&self, number: &str) -> Option<ContractId> {
        self.contracts.values().find(|contract| fold(&contract.number) == fold(number)).map(|contract| contract.id)
    }

    pub(super) fn lines(&mut self, table: &Table) {
        for row in &table.rows {
            let (Some(from), Some(to)) = (row.get(Field::From), row.get(Field::To)) else {
                self.warn(&row.place, Msg::new("import-line-incomplete"));
                continue;
            };
            let ends = (self.line_end(from), self.line_end(to));
            if let (LineEnd::Outside(_), LineEnd::Outside(_)) = &ends {
                self.warn(&row.place, Msg::new("import-line-ends-unknown").arg("from", from).arg("to", to));
                continue;
            }
            let purpose = row.get(Field::Purpose).map(str::to_owned);
            let protocol = row.get(Field::Protocol).map(str::to_owned);
            let old = self
                .lines
                .values()
                .find(|line| (&line.from, &line.to, &line.protocol) == (&ends.0, &ends.1, &protocol))
                .cloned();
            let vendor = row.get(Field::Vendor).map(|name| self.vendor_named(name));
            let flag = |field| row.get(field).map(|text| text == "true");
            let line = Line {
                id: old.as_ref().map_or_else(LineId::generate, |line| line.id),
                from: ends.0,
                to: ends.1,
                purpose,
                protocol,
                vendor,
                always_on: flag(Field::AlwaysOn),
                source_limited: flag(Field::SourceLimited),
                remote_maintenance: flag(Field::RemoteMaintenance).unwrap_or(false),
            };
            let word = |flag: Option<bool>| flag.map(|flag| flag.to_string());
            let fields = changed(&[
                (Field::Purpose, old.as_ref().and_then(|old| old.purpose.clone()), line.purpose.clone()),
                (Field::AlwaysOn, old.as_ref().and_then(|old| word(old.always_on)), word(line.always_on)),
                (
                    Field::SourceLimited,
                    old.as_ref().and_then(|old| word(old.source_limited)),
                    word(line.source_limited),
                ),
            ]);
            self.touched.lines.insert(line.id);
            self.report(TableKind::Lines, &format!("{from} → {to}"), old.is_some(), fields, row);
            self.lines.insert(line.id, line);
        }
    }

    fn line_end(&self, text: &str) -> LineEnd {
        self.resource_named(text).map_or_else(|| LineEnd::Outside(text.to_owned()), LineEnd::Resource)
    }

    pub(super) fn services(&mut self, table: &Table) {
        for row in &table.rows {
            let Some(name) = row.get(Field::Name) else {
                self.warn(&row.place, Msg::new("import-row-without-name"));
                continue;
            };
            let mut needs = Vec::new();
            for value in row.all(Field::Needs) {
                for text in
                    value.text.split(['、', ';', '\n', '，', ',']).map(str::trim).filter(|text| !text.is_empty())
                {
                    match self.resource_named(text) {
                        Some(id) if !needs.contains(&id) => needs.push(id),
                        Some(_) => {}
                        None => self.warn(&value.place, Msg::new("import-needs-unknown").arg("value", text)),
                    }
                }
            }
            let old = self.services.values().find(|service| fold(&service.name) == fold(name)).cloned();
            // Order says nothing about what a service needs.
            needs.sort_unstable();
            let service = Service {
                id: old.as_ref().map_or_else(ServiceId::generate, |service| service.id),
                name: name.to_owned(),
                hours: row.get(Field::Hours).map(str::to_owned),
                needs,
            };
            let names = |ids: &[tomomori_domain::ids::ResourceId]| {
                let mut ids = ids.to_vec();
                ids.sort_unstable();
                let names = ids.iter().filter_map(|id| self.resources.get(id)).map(|resource| resource.name.as_str());
                names.collect::<Vec<_>>().join("、")
            };
            let fields = changed(&[
                (Field::Hours, old.as_ref().and_then(|old| old.hours.clone()), service.hours.clone()),
                (Field::Needs, old.as_ref().map(|old| names(&old.needs)), Some(names(&service.needs))),
            ]);
            self.touched.services.insert(service.id);
            self.report(TableKind::Services, name, old.is_some(), fields, row);
            self.services.insert(service.id, service);
        }
    }

    fn report(&mut self, table: TableKind, name: &str, known: bool, fields: Vec<FieldChange>, row: &Row) {
        let action = match (known, fields.is_empty()) {
            (false, _) => Action::Create,
            (true, false) => Action::Change,
            (true, true) => Action::Leave,
        };
        self.other(table, name, action, fields, &row.place);
    }
}

/// Fields whose new value is stated and differs.
fn changed(fields: &[(Field, Option<String>, Option<String>)]) -> Vec<FieldChange> {
    let differs = |(field, old, new): &(Field, Option<String>, Option<String>)| {
        let new = new.clone().filter(|new| !new.is_empty() && old.as_ref() != Some(new))?;
        Some(FieldChange { field: *field, old: old.clone().filter(|old| !old.is_empty()), new })
    };
    fields.iter().filter_map(differs).collect()
}
