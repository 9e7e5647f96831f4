//! Rows about devices: ledgers and delivery lists (declared), ARP, DHCP and scans (observed).

use super::{NewFact, Planner};
use crate::import::{Action, Change, FieldChange};
use std::collections::BTreeSet;
use tomomori_domain::Msg;
use tomomori_domain::identity::{Identity, IdentityKey, Marks};
use tomomori_domain::ids::{ResourceId, VendorId, ZoneId};
use tomomori_domain::import::{Field, Place, Row, Table, TableKind};
use tomomori_domain::resource::{Grade, PurchaseForm, Resource, ResourceKind};
use tomomori_domain::text::fold;

/// More equal devices than this in one row is a slip of the pen (台数 mixed up with a price or a year).
const MAX_QUANTITY: u32 = 1_000;

/// Whether a statement of grade `new` replaces the value in force, which has grade `old`.
///
/// What a machine can see of itself (address, version, operating system) is believed when it was seen; what people
/// decide (name, place, kind, owner) is believed when people wrote it. A vendor's or the hospital's own confirmation
/// outranks both. Of equal grades the newer wins.
pub(super) fn replaces(field: Field, new: Grade, old: Grade) -> bool {
    let seen_by_machine = matches!(field, Field::Address | Field::Mac | Field::Hostname | Field::Version | Field::Os);
    let rank = |grade| match grade {
        Grade::Declared => u8::from(!seen_by_machine),
        Grade::Observed => u8::from(seen_by_machine),
        Grade::ConfirmedByVendor => 2,
        Grade::ConfirmedByHospital => 3,
    };
    rank(new) >= rank(old)
}

impl Planner<'_> {
    pub(super) fn devices(&mut self, table: &Table) {
        let mut taken = BTreeSet::new();
        for row in &table.rows {
            let quantity = row.get(Field::Quantity).and_then(|text| text.parse().ok()).unwrap_or(1);
            if quantity > MAX_QUANTITY {
                self.warn(&row.place, Msg::new("import-quantity-too-large").arg("limit", MAX_QUANTITY));
            }
            match quantity {
                2..=MAX_QUANTITY => {
                    (1..=quantity).for_each(|n| self.device(row, table.grade, Some((n, quantity)), &mut taken));
                }
                _ => self.device(row, table.grade, None, &mut taken),
            }
        }
    }

    fn device(&mut self, row: &Row, grade: Grade, of: Option<(u32, u32)>, taken: &mut BTreeSet<ResourceId>) {
        let declared = grade != Grade::Observed;
        let own_name =
            row.get(Field::Name).map(|name| of.map_or(name.to_owned(), |(n, all)| format!("{name} ({n}/{all})")));
        let mut row = row.clone();
        if declared {
            self.drop_doubled_keys(&mut row, taken);
        }
        let mut marks = marks(&row);
        if let Some(name) = own_name.as_ref().filter(|_| declared) {
            marks.add(IdentityKey::Name, name);
        }
        let nothing = BTreeSet::new();
        let identity = self.index.find(&marks, if declared { taken } else { &nothing });
        let name = own_name
            .or_else(|| {
                [Field::Hostname, Field::Product, Field::Address, Field::Mac]
                    .iter()
                    .find_map(|f| row.get(*f).map(str::to_owned))
            })
            .unwrap_or_default();
        let (id, action, why) = match identity {
            Identity::Same(id, key) => (id, Action::Leave, Some(Msg::new("import-same-by").arg("key", key.key()))),
            Identity::New if name.is_empty() => {
                return self.warn(&row.place, Msg::new("import-row-without-name"));
            }
            Identity::New => (self.create(&name, declared), Action::Create, None),
            Identity::Doubt(ids, key) => {
                let names = ids.iter().filter_map(|id| self.resources.get(id)).map(|resource| resource.name.clone());
                let names = names.collect::<Vec<_>>().join("、");
                let why = Some(Msg::new("import-doubt").arg("key", key.key()).arg("names", names));
                let place = row.place.clone();
                let table = TableKind::Resources;
                self.changes.push(Change {
                    action: Action::Doubt,
                    table,
                    name,
                    resource: None,
                    why,
                    fields: Vec::new(),
                    place,
                });
                return;
            }
        };
        taken.insert(id);
        self.change(id, || Change {
            action,
            table: TableKind::Resources,
            name,
            resource: (action != Action::Create).then_some(id),
            why,
            fields: Vec::new(),
            place: row.place.clone(),
        });
        let mut fields = self.set_fields(id, &row, grade, of.is_some());
        fields.extend(self.software_of_row(id, &row, grade));
        self.place_by_address(id);
        self.vendor_by_contract(id);
        self.note(id, fields);
        if let Some(resource) = self.resources.get_mut(&id) {
            if declared && !resource.declared {
                resource.declared = true;
                self.touched.resources.insert(id);
            }
            let marks = Marks::of(resource);
            self.index.put(id, marks);
        }
    }

    /// A serial or asset number that an earlier row of the same list already carries tells no boxes apart.
    fn drop_doubled_keys(&mut self, row: &mut Row, taken: &BTreeSet<ResourceId>) {
        for (field, key) in [(Field::Serial, IdentityKey::Serial), (Field::AssetNumber, IdentityKey::AssetNumber)] {
            let Some(value) = row.values.iter().find(|value| value.field == field).cloned() else { continue };
            let Some(other) = self.index.with(key, &value.text).intersection(taken).next().copied() else { continue };
            let name = self.resources.get(&other).map(|resource| resource.name.clone()).unwrap_or_default();
            self.warn(&value.place, Msg::new("import-key-twice").arg("value", &value.text).arg("name", name));
            row.values.retain(|value| value.field != field);
        }
    }

    fn create(&mut self, name: &str, declared: bool) -> ResourceId {
        let id = ResourceId::generate();
        self.resources.insert(
            id,
            Resource {
                id,
                asset_number: None,
                name: name.to_owned(),
                kind: ResourceKind::Unknown,
                maker: None,
                product: None,
                version: None,
                os: None,
                serial: None,
                addresses: Vec::new(),
                macs: Vec::new(),
                hostname: None,
                zone: None,
                location: None,
                department: None,
                maintained_by: None,
                contract: None,
                purchase: None,
                installed_on: None,
                support_end: None,
                uplink: None,
                note: None,
                declared,
                revision: 0,
            },
        );
        self.touched.resources.insert(id);
        id
    }

    fn set_fields(&mut self, id: ResourceId, row: &Row, grade: Grade, numbered: bool) -> Vec<FieldChange> {
        let mut changes = Vec::new();
        self.forget_old_address(id, row, grade);
        for value in &row.values {
            let field = value.field;
            if numbered && field == Field::Name {
                continue;
            }
            let fact = NewFact {
                resource: id,
                component: None,
                field,
                value: value.text.clone(),
                grade,
                place: value.place.clone(),
            };
            let old_grade = self.stated.get(&(id, None, field)).map(|old| old.grade);
            let named = field == Field::Name && !self.named.insert(id);
            let wins = !named && old_grade.is_none_or(|old| replaces(field, grade, old));
            if field == Field::Uplink {
                self.uplinks.push((id, value.text.clone(), value.place.clone()));
            } else if let Some(change) = self.set(id, field, &value.text, &value.place, wins) {
                self.touched.resources.insert(id);
                changes.push(change);
            }
            // A losing statement is kept as a fact, so that the difference can be seen; it must not hide the winner.
            if wins {
                self.state(fact);
            } else {
                let in_force = self.stated.get(&(id, None, field)).cloned();
                self.state(fact);
                if let Some(in_force) = in_force {
                    self.stated.insert((id, None, field), in_force);
                }
            }
        }
        changes
    }

    /// Addresses of several lists add up, but a list that now states another address than before has moved the device:
    /// the address it stated last goes.
    fn forget_old_address(&mut self, id: ResourceId, row: &Row, grade: Grade) {
        let Some(first) = row.all(Field::Address).next() else { return };
        let Some(old) = self.stated.get(&(id, None, Field::Address)) else { return };
        let moved =
            old.grade == grade && old.file == first.place.file && row.all(Field::Address).all(|v| v.text != old.value);
        if let Some(resource) = self.resources.get_mut(&id).filter(|_| moved) {
            resource.addresses.retain(|address| *address != old.value);
        }
    }

    /// Sets one field; `None` when nothing changes. Addresses are added, everything else is replaced if `wins`.
    fn set(&mut self, id: ResourceId, field: Field, text: &str, place: &Place, wins: bool) -> Option<FieldChange> {
        let (zone, vendor) = match field {
            Field::Zone => (Some(self.zone_named(text)), None),
            Field::Vendor => (None, Some(self.vendor_named(text))),
            _ => (None, None),
        };
        let contract = (field == Field::ContractNumber).then(|| self.contract_numbered(text)).flatten();
        if field == Field::ContractNumber && contract.is_none() {
            self.warn(place, Msg::new("import-contract-unknown").arg("value", text));
        }
        let zone_name = |id: Option<ZoneId>| id.and_then(|id| self.zones.get(&id)).map(|zone| zone.name.clone());
        let vendor_name =
            |id: Option<VendorId>| id.and_then(|id| self.vendors.get(&id)).map(|vendor| vendor.name.clone());
        let resource = self.resources.get_mut(&id)?;
        let changed = |slot: &mut Option<String>| {
            // The same word in another width or case is no other value (DELL, Dell).
            if !wins || slot.as_deref().is_some_and(|old| fold(old) == fold(text)) {
                return None;
            }
            Some(FieldChange { field, old: slot.replace(text.to_owned()), new: text.to_owned() })
        };
        match field {
            Field::AssetNumber => changed(&mut resource.asset_number),
            Field::Maker => changed(&mut resource.maker),
            Field::Product => changed(&mut resource.product),
            Field::Version => changed(&mut resource.version),
            Field::Os => changed(&mut resource.os),
            Field::Serial => changed(&mut resource.serial),
            Field::Location => changed(&mut resource.location),
            Field::Department => changed(&mut resource.department),
            Field::Note => changed(&mut resource.note),
            Field::Hostname => {
                let same = resource.hostname.as_deref().is_some_and(|old| fold(old) == fold(text));
                if same { None } else { changed(&mut resource.hostname) }
            }
            Field::Name => {
                // The same word in another width is no new name.
                if !wins || fold(&resource.name) == fold(text) {
                    return None;
                }
                let old = std::mem::replace(&mut resource.name, text.to_owned());
                Some(FieldChange { field, old: Some(old), new: text.to_owned() })
            }
            Field::Address => add(&mut resource.addresses, field, text),
            Field::Mac => add(&mut resource.macs, field, text),
            Field::Kind => {
                let kind = ResourceKind::from_key(text)?;
                if !wins || resource.kind == kind || kind == ResourceKind::Unknown {
                    return None;
                }
                let old = std::mem::replace(&mut resource.kind, kind);
                let old = (old != ResourceKind::Unknown).then(|| old.key().to_owned());
                Some(FieldChange { field, old, new: text.to_owned() })
            }
            Field::Zone => {
                let old = zone_name(resource.zone);
                (wins && replace(&mut resource.zone, zone)).then(|| FieldChange { field, old, new: text.to_owned() })
            }
            Field::Vendor => {
                let old = vendor_name(resource.maintained_by);
                (wins && replace(&mut resource.maintained_by, vendor)).then(|| FieldChange {
                    field,
                    old,
                    new: text.to_owned(),
                })
            }
            Field::ContractNumber => {
                let old =
                    resource.contract.and_then(|id| self.contracts.get(&id)).map(|contract| contract.number.clone());
                (wins && contract.is_some() && replace(&mut resource.contract, contract)).then(|| FieldChange {
                    field,
                    old,
                    new: text.to_owned(),
                })
            }
            Field::Purchase => {
                let old = resource.purchase.map(|form| form.key().to_owned());
                (wins && replace(&mut resource.purchase, PurchaseForm::from_key(text))).then(|| FieldChange {
                    field,
                    old,
                    new: text.to_owned(),
                })
            }
            Field::StartsOn => {
                let old = resource.installed_on.map(|day| day.to_string());
                (wins && replace(&mut resource.installed_on, text.parse().ok())).then(|| FieldChange {
                    field,
                    old,
                    new: text.to_owned(),
                })
            }
            Field::EndsOn => {
                let old = resource.support_end.map(|day| day.to_string());
                (wins && replace(&mut resource.support_end, text.parse().ok())).then(|| FieldChange {
                    field,
                    old,
                    new: text.to_owned(),
                })
            }
            _ => None,
        }
    }
}

fn marks(row: &Row) -> Marks {
    let mut marks = Marks::default();
    let keys = [
        (Field::Serial, IdentityKey::Serial),
        (Field::AssetNumber, IdentityKey::AssetNumber),
        (Field::Mac, IdentityKey::Mac),
        (Field::Hostname, IdentityKey::Hostname),
        (Field::Address, IdentityKey::Address),
    ];
    for (field, key) in keys {
        row.all(field).for_each(|value| marks.add(key, &value.text));
    }
    marks
}

fn add(list: &mut Vec<String>, field: Field, text: &str) -> Option<FieldChange> {
    if list.iter().any(|old| old == text) {
        return None;
    }
    let old = (!list.is_empty()).then(|| list.join("、"));
    list.push(text.to_owned());
    Some(FieldChange { field, old, new: list.join("、") })
}

fn replace<T: PartialEq>(slot: &mut Option<T>, new: Option<T>) -> bool {
    let differs = new.is_some() && *slot != new;
    if differs {
        *slot = new;
    }
    differs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_seen_wins_for_machines_what_was_written_wins_for_people() {
        assert!(replaces(Field::Version, Grade::Observed, Grade::Declared));
        assert!(!replaces(Field::Version, Grade::Declared, Grade::Observed));
        assert!(!replaces(Field::Name, Grade::Observed, Grade::Declared));
        assert!(replaces(Field::Name, Grade::Declared, Grade::Declared));
        assert!(replaces(Field::Version, Grade::ConfirmedByVendor, Grade::Observed));
    }
}
