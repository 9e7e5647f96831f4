//! What a row refers to: zones, vendors, contracts and other devices, by the words of the list.

use super::{Planner, company};
use crate::import::FieldChange;
use tomomori_domain::Msg;
use tomomori_domain::identity::IdentityKey;
use tomomori_domain::ids::{ResourceId, VendorId, ZoneId};
use tomomori_domain::import::Field;
use tomomori_domain::resource::{Vendor, Zone, ZoneKind};
use tomomori_domain::text::fold;

impl Planner<'_> {
    /// A device under a contract is maintained by the contract's vendor, unless the row names another.
    pub(super) fn vendor_by_contract(&mut self, id: ResourceId) {
        let Some(resource) = self.resources.get_mut(&id).filter(|resource| resource.maintained_by.is_none()) else {
            return;
        };
        if let Some(contract) = resource.contract.and_then(|id| self.contracts.get(&id)) {
            resource.maintained_by = Some(contract.vendor);
            self.touched.resources.insert(id);
        }
    }

    /// A device without a stated zone lies in the zone whose range holds its address.
    pub(super) fn place_by_address(&mut self, id: ResourceId) {
        let Some(resource) = self.resources.get_mut(&id).filter(|resource| resource.zone.is_none()) else { return };
        let holds = |zone: &&Zone| {
            zone.ranges.iter().any(|range| resource.addresses.iter().any(|address| in_range(address, range)))
        };
        if let Some(zone) = self.zones.values().find(holds) {
            resource.zone = Some(zone.id);
            self.touched.resources.insert(id);
        }
    }

    pub(super) fn zone_named(&mut self, name: &str) -> ZoneId {
        if let Some(zone) = self.zones.values().find(|zone| fold(&zone.name) == fold(name)) {
            return zone.id;
        }
        let id = ZoneId::generate();
        self.zones.insert(id, Zone { id, name: name.to_owned(), kind: ZoneKind::Unknown, ranges: Vec::new() });
        self.touched.zones.insert(id);
        id
    }

    pub(super) fn vendor_named(&mut self, name: &str) -> VendorId {
        let name = if Vendor::means_hospital(name) { Vendor::OWN } else { name };
        if let Some(vendor) = self.vendors.values().find(|vendor| company(&vendor.name) == company(name)) {
            return vendor.id;
        }
        let id = VendorId::generate();
        self.vendors.insert(id, Vendor { id, name: name.to_owned(), field: None, contact: None });
        self.touched.vendors.insert(id);
        id
    }

    /// Uplinks name other devices; all of them are known only now.
    pub(super) fn uplinks(&mut self) {
        for (id, name, place) in std::mem::take(&mut self.uplinks) {
            let Some(target) = self.resource_named(&name).filter(|target| *target != id) else {
                self.warn(&place, Msg::new("import-uplink-unknown").arg("value", name));
                continue;
            };
            let old = self.resources.get(&id).and_then(|resource| resource.uplink);
            if old == Some(target) {
                continue;
            }
            let old = old.and_then(|old| self.resources.get(&old)).map(|resource| resource.name.clone());
            if let Some(resource) = self.resources.get_mut(&id) {
                resource.uplink = Some(target);
                self.touched.resources.insert(id);
            }
            self.note(id, vec![FieldChange { field: Field::Uplink, old, new: name }]);
        }
    }

    /// The one device with this name, host name, asset number or address.
    pub(super) fn resource_named(&self, text: &str) -> Option<ResourceId> {
        [IdentityKey::Name, IdentityKey::Hostname, IdentityKey::AssetNumber, IdentityKey::Address]
            .into_iter()
            .map(|key| self.index.with(key, text))
            .find(|ids| ids.len() == 1)
            .and_then(|ids| ids.first().copied())
    }
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
}
