//! Values of the ledger as records state them: the words that rows point with, by id.

use std::collections::HashMap;
use tomomori_domain::custom::CustomField;
use tomomori_domain::ids::{ContractId, ResourceId, VendorId, ZoneId};
use tomomori_domain::import::Field;
use tomomori_domain::resource::{Component, Layer, Ledger, LineEnd, Resource, ResourceKind};
use tomomori_domain::text::fold;

/// Fields of a device in the order of the paper ledger: what lists, exports and histories show.
pub const DEVICE_FIELDS: [Field; 44] = [
    Field::AssetNumber,
    Field::Name,
    Field::Kind,
    Field::Maker,
    Field::Product,
    Field::Version,
    Field::Os,
    Field::Software,
    Field::Serial,
    Field::Address,
    Field::Mac,
    Field::Hostname,
    Field::Zone,
    Field::Location,
    Field::Department,
    Field::Owner,
    Field::Criticality,
    Field::State,
    Field::Vendor,
    Field::InstalledBy,
    Field::ContractNumber,
    Field::FirmwareUpdatedBy,
    Field::FirmwareClause,
    Field::OsUpdatedBy,
    Field::OsClause,
    Field::MiddlewareUpdatedBy,
    Field::MiddlewareClause,
    Field::ApplicationUpdatedBy,
    Field::ApplicationClause,
    Field::Purchase,
    Field::StartsOn,
    Field::EndOfLife,
    Field::EndsOn,
    Field::RemoteMaintenance,
    Field::Medical,
    Field::MarketingHolder,
    Field::Seller,
    Field::Lessor,
    Field::Repairer,
    Field::Kb,
    Field::StocktakenOn,
    Field::Uplink,
    Field::Port,
    Field::Note,
];

/// Values of devices as records state them: the words that rows point with, by id.
pub struct Words<'a> {
    zones: HashMap<ZoneId, &'a str>,
    vendors: HashMap<VendorId, &'a str>,
    contracts: HashMap<ContractId, &'a str>,
    /// Text by which a device is found again, for those other devices are plugged into.
    called: HashMap<ResourceId, &'a str>,
    software: HashMap<ResourceId, Vec<&'a Component>>,
    fields: &'a [CustomField],
}

impl<'a> Words<'a> {
    /// The words of a ledger.
    #[must_use]
    pub fn of(ledger: &'a Ledger) -> Self {
        let mut named: HashMap<String, u32> = HashMap::new();
        for resource in &ledger.resources {
            *named.entry(fold(&resource.name)).or_default() += 1;
        }
        // A name that several bear would not lead back to this one.
        let called = |resource: &'a Resource| match named.get(&fold(&resource.name)) {
            Some(1) => resource.name.as_str(),
            _ => resource.hostname.as_deref().or(resource.asset_number.as_deref()).unwrap_or(&resource.name),
        };
        let mut software: HashMap<ResourceId, Vec<&Component>> = HashMap::new();
        for component in ledger.components.iter().filter(|component| component.layer == Layer::Middleware) {
            software.entry(component.resource).or_default().push(component);
        }
        software.values_mut().for_each(|own| own.sort_by_cached_key(|component| (fold(&component.text), component.id)));
        Self {
            zones: ledger.zones.iter().map(|zone| (zone.id, zone.name.as_str())).collect(),
            vendors: ledger.vendors.iter().map(|vendor| (vendor.id, vendor.name.as_str())).collect(),
            contracts: ledger.contracts.iter().map(|row| (row.id, row.number.as_str())).collect(),
            called: ledger.resources.iter().map(|resource| (resource.id, called(resource))).collect(),
            software,
            fields: &ledger.fields,
        }
    }

    /// Values of a field of a device, each as a record would state it; empty = not known.
    #[must_use]
    pub fn values(&self, device: &Resource, field: Field) -> Vec<String> {
        let one = |text: &Option<String>| text.iter().cloned().collect::<Vec<_>>();
        let vendor = |id: Option<VendorId>| {
            id.and_then(|id| self.vendors.get(&id)).map(|name| (*name).to_owned()).into_iter().collect::<Vec<_>>()
        };
        let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).into_iter().collect::<Vec<_>>();
        let flag = |flag: Option<bool>| flag.map(|flag| flag.to_string()).into_iter().collect::<Vec<_>>();
        let key = |key: Option<&'static str>| key.map(str::to_owned).into_iter().collect::<Vec<_>>();
        let by = |layer| vendor(device.updates.get(&layer).and_then(|update| update.by));
        let clause = |layer| one(&device.updates.get(&layer).and_then(|update| update.clause.clone()));
        match field {
            Field::AssetNumber => one(&device.asset_number),
            Field::Name => vec![device.name.clone()],
            Field::Kind => key((device.kind != ResourceKind::Unknown).then(|| device.kind.key())),
            Field::Maker => one(&device.maker),
            Field::Product => one(&device.product),
            Field::Version => one(&device.version),
            Field::Os => one(&device.os),
            Field::Software => self.software(device.id),
            Field::Serial => one(&device.serial),
            Field::Address => device.addresses.clone(),
            Field::Mac => device.macs.clone(),
            Field::Hostname => one(&device.hostname),
            Field::Zone => {
                device.zone.and_then(|id| self.zones.get(&id)).map(|name| (*name).to_owned()).into_iter().collect()
            }
            Field::Location => one(&device.location),
            Field::Department => one(&device.department),
            Field::Owner => one(&device.owner),
            Field::Criticality => key(device.criticality.map(|value| value.key())),
            Field::State => key(device.state.map(|value| value.key())),
            Field::Vendor => vendor(device.maintained_by),
            Field::InstalledBy => vendor(device.installed_by),
            Field::ContractNumber => device
                .contract
                .and_then(|id| self.contracts.get(&id))
                .map(|text| (*text).to_owned())
                .into_iter()
                .collect(),
            Field::FirmwareUpdatedBy => by(Layer::Firmware),
            Field::FirmwareClause => clause(Layer::Firmware),
            Field::OsUpdatedBy => by(Layer::Os),
            Field::OsClause => clause(Layer::Os),
            Field::MiddlewareUpdatedBy => by(Layer::Middleware),
            Field::MiddlewareClause => clause(Layer::Middleware),
            Field::ApplicationUpdatedBy => by(Layer::Application),
            Field::ApplicationClause => clause(Layer::Application),
            Field::Purchase => key(device.purchase.map(|value| value.key())),
            Field::StartsOn => day(device.installed_on),
            Field::EndOfLife => day(device.end_of_life),
            Field::EndsOn => day(device.support_end),
            Field::RemoteMaintenance => flag(device.remote),
            Field::Medical => flag(device.medical),
            Field::MarketingHolder => one(&device.chain.holder),
            Field::Seller => one(&device.chain.seller),
            Field::Lessor => one(&device.chain.lessor),
            Field::Repairer => one(&device.chain.repairer),
            Field::Kb => device.kbs.clone(),
            Field::StocktakenOn => day(device.stocktaken_on),
            Field::Uplink => {
                device.uplink.and_then(|id| self.called.get(&id)).map(|name| (*name).to_owned()).into_iter().collect()
            }
            Field::Port => one(&device.port),
            Field::Note => one(&device.note),
            _ => Vec::new(),
        }
    }

    /// The definition of an own column, if it has one.
    #[must_use]
    pub fn own(&self, name: &str) -> Option<&'a CustomField> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Name of a vendor.
    pub(crate) fn vendor(&self, id: Option<VendorId>) -> Option<String> {
        id.and_then(|id| self.vendors.get(&id)).map(|name| (*name).to_owned())
    }

    /// Number of a contract.
    pub(crate) fn contract(&self, id: Option<ContractId>) -> Option<String> {
        id.and_then(|id| self.contracts.get(&id)).map(|text| (*text).to_owned())
    }

    /// Name by which a device is found again.
    #[must_use]
    pub fn called(&self, id: ResourceId) -> Option<String> {
        self.called.get(&id).map(|name| (*name).to_owned())
    }

    /// Programs, as their column writes them.
    fn software(&self, device: ResourceId) -> Vec<String> {
        let all = self.software.get(&device).map(Vec::as_slice).unwrap_or_default();
        all.iter().map(|component| shown(component)).collect()
    }

    /// Name of a line's end; `None` = nobody says.
    pub(crate) fn end(&self, end: &LineEnd) -> Option<String> {
        match end {
            LineEnd::Resource(id) => self.called.get(id).map(|name| (*name).to_owned()),
            LineEnd::Outside(name) => Some(name.clone()),
            LineEnd::Unknown => None,
        }
    }
}

/// Text and version of a component in one.
pub(crate) fn shown(component: &Component) -> String {
    match &component.version {
        Some(version) if !fold(&component.text).contains(&fold(version)) => format!("{} {version}", component.text),
        _ => component.text.clone(),
    }
}
