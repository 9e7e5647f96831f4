//! What rows refer to by words: zones, vendors, contracts and other devices. Their own tables are small, so they are
//! computed first and whole.

use super::Facts;
use super::winner::Stated;
use crate::identity::{IdentityKey, mark};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use tomomori_domain::ids::{ContractId, ResourceId, VendorId, ZoneId};
use tomomori_domain::import::{Field, TableKind};
use tomomori_domain::record::Record;
use tomomori_domain::resource::{Contract, Resource, Vendor, Zone, ZoneKind};
use tomomori_domain::text::fold;

/// Fields that name a vendor the ledger keeps as one.
const VENDOR_FIELDS: [Field; 6] = [
    Field::Vendor,
    Field::InstalledBy,
    Field::FirmwareUpdatedBy,
    Field::OsUpdatedBy,
    Field::MiddlewareUpdatedBy,
    Field::ApplicationUpdatedBy,
];

pub(super) struct Lookup {
    pub(super) zones: Vec<Zone>,
    pub(super) vendors: Vec<Vendor>,
    pub(super) contracts: Vec<Contract>,
    zone_of: HashMap<String, ZoneId>,
    vendor_of: HashMap<String, VendorId>,
    /// [`company`] of the texts that name vendors.
    company_of: HashMap<String, String>,
    contract_of: HashMap<String, (ContractId, VendorId)>,
    /// `None` = several devices carry the mark.
    resource_of: HashMap<(IdentityKey, String), Option<ResourceId>>,
}

impl Lookup {
    pub(super) fn new(facts: &Facts<'_>) -> Self {
        let mut lookup = Self {
            zones: Vec::new(),
            vendors: Vec::new(),
            contracts: Vec::new(),
            zone_of: HashMap::new(),
            vendor_of: HashMap::new(),
            company_of: HashMap::new(),
            contract_of: HashMap::new(),
            resource_of: HashMap::new(),
        };
        lookup.read_vendors(facts);
        lookup.read_zones(facts);
        lookup.read_contracts(facts);
        lookup
    }

    pub(super) fn zone(&self, name: &str) -> Option<ZoneId> {
        self.zone_of.get(&fold(name)).copied()
    }

    pub(super) fn vendor(&self, name: &str) -> Option<VendorId> {
        match self.company_of.get(name) {
            Some(company) => self.vendor_of.get(company).copied(),
            None => self.vendor_of.get(&company(name)).copied(),
        }
    }

    /// The contract of this number, and its vendor.
    pub(super) fn contract(&self, number: &str) -> Option<(ContractId, VendorId)> {
        self.contract_of.get(&fold(number)).copied()
    }

    /// The zone whose range holds an address.
    pub(super) fn zone_at(&self, address: &str) -> Option<ZoneId> {
        self.zones.iter().find(|zone| zone.ranges.iter().any(|range| in_range(address, range))).map(|zone| zone.id)
    }

    /// The one device with this name, host name, asset number or address.
    pub(super) fn resource(&self, text: &str) -> Option<ResourceId> {
        [IdentityKey::Name, IdentityKey::Hostname, IdentityKey::AssetNumber, IdentityKey::Address, IdentityKey::Serial]
            .into_iter()
            .find_map(|key| self.resource_of.get(&(key, mark(key, text)?)).copied().flatten())
    }

    /// Takes in under which names devices are known: every name any list gives them.
    pub(super) fn name_resources(
        &mut self,
        resources: &BTreeMap<ResourceId, Resource>,
        stated: &BTreeMap<ResourceId, Vec<&Record>>,
    ) {
        // One device by a mark, or `None` for several.
        fn one(known: &mut Option<ResourceId>, id: ResourceId) {
            if *known != Some(id) {
                *known = None;
            }
        }
        let mut in_force: HashMap<String, Option<ResourceId>> = HashMap::new();
        for (id, resource) in resources {
            let mut add = |key: IdentityKey, text: &str| {
                if let Some(value) = mark(key, text) {
                    self.resource_of.entry((key, value)).and_modify(|known| one(known, *id)).or_insert(Some(*id));
                }
            };
            for record in stated.get(id).into_iter().flatten() {
                for key in IdentityKey::ALL {
                    record.all(key.field()).for_each(|value| add(key, &value.text));
                }
            }
            add(IdentityKey::Name, &resource.name);
            if let Some(value) = mark(IdentityKey::Name, &resource.name) {
                in_force.entry(value).and_modify(|known| one(known, *id)).or_insert(Some(*id));
            }
        }
        // The name in force says more than what some list once called another device.
        for (name, id) in in_force.into_iter().filter(|(_, id)| id.is_some()) {
            self.resource_of.insert((IdentityKey::Name, name), id);
        }
    }

    fn read_vendors(&mut self, facts: &Facts<'_>) {
        // The name that a contract gives is the legal one; otherwise the one most rows use.
        let mut names: BTreeMap<String, BTreeMap<String, (bool, usize)>> = BTreeMap::new();
        let mut about: BTreeMap<String, Vec<&Record>> = BTreeMap::new();
        // Few texts in many rows: each is looked at once.
        let mut texts: HashMap<&str, (bool, usize)> = HashMap::new();
        for record in facts.records {
            let contract = record.table == TableKind::Contracts;
            for value in record.values.iter().filter(|v| VENDOR_FIELDS.contains(&v.field) && !v.text.is_empty()) {
                let said = texts.entry(&value.text).or_default();
                said.0 |= contract;
                said.1 += 1;
                if contract {
                    about.entry(company(&value.text)).or_default().push(record);
                }
            }
        }
        for (text, (contract, rows)) in texts {
            let key = company(text);
            self.company_of.insert(text.to_owned(), key.clone());
            let said = names.entry(key).or_default().entry(own_name(text).to_owned()).or_default();
            said.0 |= contract;
            said.1 += rows;
        }
        let stored: HashMap<String, &Vendor> =
            facts.stored.vendors.iter().map(|vendor| (company(&vendor.name), vendor)).collect();
        for (key, said) in names {
            let name = said.into_iter().max_by(|a, b| (a.1, &b.0).cmp(&(b.1, &a.0))).map(|(name, _)| name);
            let records = about.remove(&key).unwrap_or_default();
            let stated = Stated::new(&records);
            let vendor = Vendor {
                id: stored.get(&key).map_or_else(VendorId::generate, |vendor| vendor.id),
                name: name.unwrap_or_default(),
                field: stated.text(Field::VendorField),
                contact: stated.text(Field::Contact),
            };
            self.vendor_of.insert(key, vendor.id);
            self.vendors.push(vendor);
        }
    }

    fn read_zones(&mut self, facts: &Facts<'_>) {
        let mut told: BTreeMap<String, (String, Vec<&Record>)> = BTreeMap::new();
        let listed = |record: &&Record| record.table == TableKind::Zones;
        for record in facts.records.iter().filter(listed) {
            if let Some(name) = record.get(Field::Name).or_else(|| record.get(Field::Zone)) {
                told.entry(fold(name)).or_insert_with(|| (name.to_owned(), Vec::new())).1.push(record);
            }
        }
        let others = facts.records.iter().filter(|record| !listed(record));
        let named: BTreeSet<&str> =
            others.flat_map(|record| record.all(Field::Zone)).map(|v| v.text.as_str()).collect();
        // Of several spellings the first by text.
        for name in named.into_iter().filter(|name| !name.is_empty()) {
            told.entry(fold(name)).or_insert_with(|| (name.to_owned(), Vec::new()));
        }
        let stored: HashMap<String, ZoneId> =
            facts.stored.zones.iter().map(|zone| (fold(&zone.name), zone.id)).collect();
        for (key, (name, records)) in told {
            let stated = Stated::new(&records);
            let kind = stated.value(Field::Kind).and_then(|value| ZoneKind::from_key(&value.text));
            let zone = Zone {
                id: stored.get(&key).copied().unwrap_or_else(ZoneId::generate),
                name,
                kind: kind.unwrap_or(ZoneKind::Unknown),
                ranges: stated.values(Field::Range),
            };
            self.zone_of.insert(key, zone.id);
            self.zones.push(zone);
        }
    }

    fn read_contracts(&mut self, facts: &Facts<'_>) {
        let mut told: BTreeMap<String, Vec<&Record>> = BTreeMap::new();
        for record in facts.records.iter().filter(|record| record.table == TableKind::Contracts) {
            if let Some(number) = record.get(Field::ContractNumber) {
                told.entry(fold(number)).or_default().push(record);
            }
        }
        let stored: HashMap<String, ContractId> =
            facts.stored.contracts.iter().map(|contract| (fold(&contract.number), contract.id)).collect();
        for (key, records) in told {
            let stated = Stated::new(&records);
            let Some(vendor) = stated.value(Field::Vendor).and_then(|value| self.vendor(&value.text)) else {
                continue;
            };
            let Some(number) = stated.text(Field::ContractNumber) else { continue };
            let day = |field| stated.value(field).and_then(|value| value.text.parse().ok());
            let title = stated.text(Field::Title).or_else(|| stated.text(Field::Name));
            let contract = Contract {
                id: stored.get(&key).copied().unwrap_or_else(ContractId::generate),
                title: title.unwrap_or_else(|| number.clone()),
                number,
                vendor,
                starts_on: day(Field::StartsOn),
                ends_on: day(Field::EndsOn),
                update_clause: stated.text(Field::UpdateClause),
            };
            self.contract_of.insert(key, (contract.id, vendor));
            self.contracts.push(contract);
        }
    }
}

/// All wordings for the hospital itself are one.
fn own_name(name: &str) -> &str {
    if Vendor::means_hospital(name) { Vendor::OWN } else { name }
}

/// Two names of one company: legal forms and spaces do not tell companies apart.
pub fn company(name: &str) -> String {
    let mut folded = fold(own_name(name));
    for form in ["(株)", "株式会社", "(有)", "有限会社", "合同会社", "様", "御中"] {
        folded = folded.replace(form, "");
    }
    folded.replace(' ', "")
}

/// Whether an IP address lies in a CIDR range; anything that is neither is not in it.
fn in_range(address: &str, range: &str) -> bool {
    let parse = |text: &str| text.parse::<std::net::IpAddr>().ok();
    let Some((base, bits)) = range.split_once('/') else { return address == range };
    let (Some(address), Some(base), Ok(bits)) = (parse(address), parse(base), bits.parse::<u32>()) else {
        return false;
    };
    match (address, base) {
        (std::net::IpAddr::V4(a), std::net::IpAddr::V4(b)) if bits <= 32 => {
            let mask = u32::MAX.checked_shl(32 - bits).unwrap_or(0);
            a.to_bits() & mask == b.to_bits() & mask
        }
        (std::net::IpAddr::V6(a), std::net::IpAddr::V6(b)) if bits <= 128 => {
            let mask = u128::MAX.checked_shl(128 - bits).unwrap_or(0);
            a.to_bits() & mask == b.to_bits() & mask
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_in_ranges() {
        for (address, range, want) in [
            ("10.20.1.5", "10.20.1.0/24", true),
            ("10.20.2.5", "10.20.1.0/24", false),
            ("10.20.11.5", "10.20.8.0/22", true),
            ("10.20.1.5", "0.0.0.0/0", true),
            ("fd00::5", "fd00::/8", true),
            ("10.20.1.5", "10.20.1.0/33", false),
            ("10.20.1.5", "サーバ室", false),
        ] {
            assert_eq!(in_range(address, range), want, "{address} in {range}");
        }
    }

    #[test]
    fn one_company_under_its_names() {
        assert_eq!(company("㈱網屋ネットワーク"), company("株式会社 網屋ネットワーク"));
        assert_eq!(company("当院（ME室）"), company("自院"));
    }
}
