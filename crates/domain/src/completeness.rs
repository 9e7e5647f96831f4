//! How completely the ledger is filled in (記入状況), measured: per fact, on how many devices it is known.
//!
//! The rule: devices that are disposed of or returned do not count, all others do, also those only the wire knows. A
//! measure *applies* to a device whose kind needs the fact ([`Measure::needed_by`]), to one that has the layer it is about,
//! and to every device of which the fact is known. Filling in a blank can therefore never lower a share; only learning of
//! a new layer (an operating system, a program) can, because somebody must update that layer and nobody is known yet.

use crate::ids::ResourceId;
use crate::kinds::keyed;
use crate::resource::{Component, Layer, Ledger, Resource, ResourceKind, ResourceState};
use std::cmp::Reverse;
use std::collections::HashMap;

keyed! {
    /// A fact a device should have. The store keeps one bit per measure, in this order: another order needs a migration
    /// that fills `resource_lists` anew.
    Measure {
        /// Version of its own product or firmware. Of computers the operating system's counts instead: nobody writes
        /// down a BIOS.
        Version = "version",
        /// Contract.
        Contract = "contract",
        /// Place.
        Location = "location",
        /// Who updates hardware and firmware.
        UpdaterFirmware = "updater_firmware",
        /// Who updates the operating system.
        UpdaterOs = "updater_os",
        /// Who updates middleware.
        UpdaterMiddleware = "updater_middleware",
        /// Who updates the application.
        UpdaterApplication = "updater_application",
        /// Product or model is written down.
        Product = "product",
        /// Something on it was found in the catalogue: without that no vulnerability can be found.
        Linked = "linked",
        /// Version of its operating system.
        OsVersion = "os_version",
        /// Network zone.
        Zone = "zone",
        /// Department that uses it.
        Department = "department",
        /// Who owns it.
        Owner = "owner",
        /// Serial number.
        Serial = "serial",
        /// End of support.
        SupportEnd = "support_end",
    }
}

/// A fact about one device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The device does not need it, or does not count any more.
    NotNeeded,
    /// It should be known and is not.
    Unknown,
    /// It is known.
    Known,
}

impl Measure {
    /// Kinds of devices that need the fact, whatever else is known of them. A device of an unknown kind may be anything.
    #[must_use]
    pub fn needed_by(self, kind: ResourceKind) -> bool {
        use ResourceKind as Kind;
        match self {
            Measure::Contract | Measure::Department | Measure::Owner => true,
            Measure::Product | Measure::Linked | Measure::SupportEnd => kind != Kind::Facility,
            Measure::Version => {
                matches!(kind, Kind::Network | Kind::MedicalDevice | Kind::Other | Kind::Unknown)
            }
            Measure::Location => !matches!(kind, Kind::Cloud | Kind::Visitor),
            Measure::Zone => !matches!(kind, Kind::Facility | Kind::Cloud | Kind::Visitor),
            Measure::Serial => !matches!(kind, Kind::Facility | Kind::Cloud),
            Measure::UpdaterFirmware => kind.layers().contains(&Layer::Firmware),
            Measure::OsVersion | Measure::UpdaterOs => kind.layers().contains(&Layer::Os),
            Measure::UpdaterMiddleware => kind.layers().contains(&Layer::Middleware),
            Measure::UpdaterApplication => kind.layers().contains(&Layer::Application),
        }
    }

    /// The layer whose software on a device makes the fact needed, also where the kind does not. Never the firmware: every
    /// product named in a ledger stands in that layer, a cloud service too.
    #[must_use]
    pub fn needed_with(self) -> Option<Layer> {
        match self {
            Measure::OsVersion | Measure::UpdaterOs => Some(Layer::Os),
            Measure::UpdaterMiddleware => Some(Layer::Middleware),
            Measure::UpdaterApplication => Some(Layer::Application),
            _ => None,
        }
    }

    /// The fact about one device; `software` is what is on it.
    #[must_use]
    pub fn of(self, device: &Resource, software: &[&Component]) -> Standing {
        if device.state == Some(ResourceState::Retired) {
            return Standing::NotNeeded;
        }
        let has = |layer| software.iter().any(|part| part.layer == layer) || layer == Layer::Os && device.os.is_some();
        if self.is_known(device, software) {
            Standing::Known
        } else if self.needed_by(device.kind) || self.needed_with().is_some_and(has) {
            Standing::Unknown
        } else {
            Standing::NotNeeded
        }
    }

    fn is_known(self, device: &Resource, software: &[&Component]) -> bool {
        let versioned = |layer| software.iter().any(|part| part.layer == layer && part.version.is_some());
        let updater = |layer| device.updates.get(&layer).is_some_and(|update| update.by.is_some());
        match self {
            Measure::Version => device.version.is_some() || versioned(Layer::Firmware),
            Measure::Contract => device.contract.is_some(),
            Measure::Location => device.location.is_some(),
            Measure::UpdaterFirmware => updater(Layer::Firmware),
            Measure::UpdaterOs => updater(Layer::Os),
            Measure::UpdaterMiddleware => updater(Layer::Middleware),
            Measure::UpdaterApplication => updater(Layer::Application),
            Measure::Product => device.product.is_some(),
            Measure::Linked => software.iter().any(|part| part.product.is_some()),
            Measure::OsVersion => versioned(Layer::Os),
            Measure::Zone => device.zone.is_some(),
            Measure::Department => device.department.is_some(),
            Measure::Owner => device.owner.is_some(),
            Measure::Serial => device.serial.is_some(),
            Measure::SupportEnd => device.support_end.is_some(),
        }
    }
}

/// On how many devices a fact is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// The fact.
    pub measure: Measure,
    /// Devices it applies to.
    pub applies: u64,
    /// Devices among them of which it is known.
    pub known: u64,
}

impl Share {
    /// Devices of which it is not known.
    #[must_use]
    pub fn unknown(&self) -> u64 {
        self.applies.saturating_sub(self.known)
    }

    /// Percent, rounded down: 100 only when nothing is unknown. `None` when it applies to no device.
    #[must_use]
    pub fn percent(&self) -> Option<u8> {
        let percent = u128::from(self.known) * 100 / u128::from(self.applies.max(1));
        u8::try_from(percent).ok().filter(|_| self.applies > 0)
    }
}

/// The shares of a ledger among the devices of `part`, the least known first and those that apply to nothing last.
#[must_use]
pub fn shares(ledger: &Ledger, part: impl Fn(&Resource) -> bool) -> Vec<Share> {
    let mut software: HashMap<ResourceId, Vec<&Component>> = HashMap::new();
    for component in &ledger.components {
        software.entry(component.resource).or_default().push(component);
    }
    let mut shares: Vec<Share> =
        Measure::ALL.iter().map(|measure| Share { measure: *measure, applies: 0, known: 0 }).collect();
    for device in ledger.resources.iter().filter(|device| part(device)) {
        let own = software.get(&device.id).map(Vec::as_slice).unwrap_or_default();
        for share in &mut shares {
            let standing = share.measure.of(device, own);
            share.applies += u64::from(standing != Standing::NotNeeded);
            share.known += u64::from(standing == Standing::Known);
        }
    }
    // In millionths, which tell apart any two shares of less than a thousand devices; ties go to where more is unknown.
    let height = |share: &Share| u128::from(share.known) * 1_000_000 / u128::from(share.applies.max(1));
    shares.sort_by_key(|share| (share.applies == 0, height(share), Reverse(share.unknown()), share.measure));
    shares
}

#[cfg(test)]
#[path = "completeness_tests.rs"]
mod tests;
