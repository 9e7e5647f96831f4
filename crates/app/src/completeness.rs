//! How completely the ledger is filled in, for the whole hospital or a part of it.

use crate::{AppError, Ctx};
use std::collections::BTreeMap;
use tomomori_domain::access::permission::ReadLedger;
use tomomori_domain::completeness;
use tomomori_domain::ids::ZoneId;
use tomomori_domain::resource::{Resource, ResourceKind, ResourceState, Zone};

pub use tomomori_domain::completeness::{Measure, Share};

/// A part of the ledger; both conditions hold together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Kind.
    pub kind: Option<ResourceKind>,
    /// Zone; `Some(None)` = devices without a zone.
    pub zone: Option<Option<ZoneId>>,
}

/// What is known of the devices of a part.
#[derive(Clone, Debug)]
pub struct Completeness {
    /// Devices that count: disposed ones do not.
    pub devices: u64,
    /// Disposed ones.
    pub retired: u64,
    /// Every measure, the least known first.
    pub shares: Vec<Share>,
    /// Zones, to choose from.
    pub zones: Vec<Zone>,
    /// Devices that count, per kind, in the part's zone.
    pub by_kind: BTreeMap<ResourceKind, u64>,
    /// Devices that count, per zone (`None` = without), of the part's kind.
    pub by_zone: BTreeMap<Option<ZoneId>, u64>,
}

/// How completely the ledger is filled in; the rule is in [`tomomori_domain::completeness`]. The devices a share does not
/// know are those of the list filtered by the measure and the part.
///
/// # Errors
/// [`AppError::Denied`] without the right to read the ledger.
pub async fn completeness(ctx: &Ctx, part: Part) -> Result<Completeness, AppError> {
    ctx.actor.require::<ReadLedger>()?;
    let ledger = ctx.read().await?.ledger().await?;
    let of_kind = |device: &Resource| part.kind.is_none_or(|kind| device.kind == kind);
    let in_zone = |device: &Resource| part.zone.is_none_or(|zone| device.zone == zone);
    let within = |device: &Resource| of_kind(device) && in_zone(device);
    let mut found = Completeness {
        devices: 0,
        retired: 0,
        shares: completeness::shares(&ledger, within),
        zones: ledger.zones,
        by_kind: BTreeMap::new(),
        by_zone: BTreeMap::new(),
    };
    for device in &ledger.resources {
        let counts = device.state != Some(ResourceState::Retired);
        found.devices += u64::from(counts && within(device));
        found.retired += u64::from(!counts && within(device));
        if counts && in_zone(device) {
            *found.by_kind.entry(device.kind).or_default() += 1;
        }
        if counts && of_kind(device) {
            *found.by_zone.entry(device.zone).or_default() += 1;
        }
    }
    Ok(found)
}
