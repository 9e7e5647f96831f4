//! Which part of a ledger one vendor may see. The only way from a ledger to a [`Part`]: pages, files, pictures and copies for
//! other tenants are made from the part and never from the ledger.
//!
//! A vendor's own devices follow from the ledger; neighbours and hidden ones from the hospital's grants. Of an own device only
//! [`NODE_FIELDS`] are shown, whatever else is known. A text that names a device which is not shared is left out.

use crate::words::Words;
use std::collections::{BTreeMap, BTreeSet};
use tomomori_domain::advice::{
    LINE_FIELDS, NODE_FIELDS, Part, PartEnd, PartLine, PartNode, ShareGrant, Shared, Values,
};
use tomomori_domain::ids::{ContractId, ResourceId, VendorId};
use tomomori_domain::import::Field;
use tomomori_domain::resource::{Ledger, Line, LineEnd, Resource, ResourceState};
use tomomori_domain::text::fold;

/// Names shorter than this are compared as a whole: hardly a text is free of `PC` or `1`.
const TELLING_CHARS: usize = 4;

/// Devices that are the vendor's own: it maintains or installed them, updates a layer, or they stand under its contract. What
/// was retired is nobody's to confirm.
#[must_use]
pub fn own(ledger: &Ledger, vendor: VendorId) -> BTreeSet<ResourceId> {
    let contracts = contracts_of(ledger, vendor);
    let is_own = |resource: &&Resource| {
        resource.state != Some(ResourceState::Retired)
            && (resource.maintained_by == Some(vendor)
                || resource.installed_by == Some(vendor)
                || resource.updates.values().any(|update| update.by == Some(vendor))
                || resource.contract.is_some_and(|contract| contracts.contains(&contract)))
    };
    ledger.resources.iter().filter(is_own).map(|resource| resource.id).collect()
}

fn contracts_of(ledger: &Ledger, vendor: VendorId) -> BTreeSet<ContractId> {
    ledger.contracts.iter().filter(|contract| contract.vendor == vendor).map(|contract| contract.id).collect()
}

/// Devices next to the vendor's own: plugged into them or the other way round, or joined by a line. What a hospital may want
/// to show as well, so that the picture can be read.
#[must_use]
pub fn neighbours(ledger: &Ledger, vendor: VendorId) -> BTreeSet<ResourceId> {
    let own = own(ledger, vendor);
    let plugs = ledger.resources.iter().filter_map(|resource| Some((resource.id, resource.uplink?)));
    let lines = ledger.lines.iter().filter_map(|line| match (&line.from, &line.to) {
        (LineEnd::Resource(from), LineEnd::Resource(to)) => Some((*from, *to)),
        _ => None,
    });
    let passed = ledger.lines.iter().filter(|line| uses(ledger, line, vendor)).filter_map(|line| line.via_resource);
    let ends = plugs
        .chain(lines)
        .filter(|(one, other)| own.contains(one) || own.contains(other))
        .flat_map(|(one, other)| [one, other]);
    ends.chain(passed).filter(|id| !own.contains(id)).collect()
}

fn uses(ledger: &Ledger, line: &Line, vendor: VendorId) -> bool {
    line.vendor == Some(vendor)
        || line.contract.is_some_and(|contract| contracts_of(ledger, vendor).contains(&contract))
}

/// What `vendor` may see of the ledger.
#[must_use]
pub fn visible(ledger: &Ledger, vendor: VendorId, grants: &[ShareGrant]) -> Part {
    let own = own(ledger, vendor);
    let granted: BTreeMap<ResourceId, Shared> =
        grants.iter().filter(|grant| grant.vendor == vendor).map(|grant| (grant.resource, grant.shared)).collect();
    let shown = |id: ResourceId| match granted.get(&id) {
        Some(Shared::Hidden) => false,
        Some(_) => true,
        None => own.contains(&id),
    };
    let (shared, kept): (Vec<&Resource>, Vec<&Resource>) = ledger.resources.iter().partition(|row| shown(row.id));
    let kept = Kept::of(&kept);
    let shared_ids: BTreeSet<ResourceId> = shared.iter().map(|resource| resource.id).collect();
    let words = Words::of(ledger);
    let mut nodes = Vec::new();
    for resource in shared {
        let is_own = own.contains(&resource.id);
        let fields: &[Field] = match granted.get(&resource.id) {
            _ if is_own => &NODE_FIELDS,
            Some(Shared::Address) => &[Field::Name, Field::Kind, Field::Address],
            Some(Shared::Kind) => &[Field::Name, Field::Kind],
            _ => &[Field::Name],
        };
        let values = fields.iter().map(|field| (*field, words.values(resource, *field)));
        nodes.push(PartNode {
            id: resource.id,
            own: is_own,
            values: values.filter(|(_, values)| !values.is_empty()).collect(),
            uplink: resource.uplink.filter(|id| shared_ids.contains(id)),
        });
    }
    let contracts = contracts_of(ledger, vendor);
    let lines = ledger.lines.iter().filter_map(|line| {
        let used = line.vendor == Some(vendor) || line.contract.is_some_and(|id| contracts.contains(&id));
        // A line nobody is said to use is shown where it joins the vendor's own device with another one that is shown.
        let between = |id: &LineEnd| matches!(id, LineEnd::Resource(id) if shared_ids.contains(id));
        let mine = |id: &LineEnd| matches!(id, LineEnd::Resource(id) if own.contains(id));
        let joins = line.vendor.is_none()
            && line.contract.is_none()
            && between(&line.from)
            && between(&line.to)
            && (mine(&line.from) || mine(&line.to));
        (used || joins).then(|| part_line(line, &shared_ids, &kept, &words))
    });
    Part { lines: lines.collect(), nodes }
}

fn part_line(line: &Line, shared: &BTreeSet<ResourceId>, kept: &Kept, words: &Words<'_>) -> PartLine {
    let end = |end: &LineEnd| match end {
        LineEnd::Resource(id) if shared.contains(id) => PartEnd::Node(*id),
        LineEnd::Resource(_) => PartEnd::NotShared,
        LineEnd::Outside(text) if kept.names_one(text) => PartEnd::NotShared,
        LineEnd::Outside(text) => PartEnd::Outside(text.clone()),
        LineEnd::Unknown => PartEnd::Unknown,
    };
    let via = match line.via_resource {
        Some(id) => words.called(id).filter(|_| shared.contains(&id)),
        None => line.via.clone(),
    };
    let flag = |flag: Option<bool>| flag.map(|flag| flag.to_string());
    let value = |field: Field| match field {
        Field::Purpose => line.purpose.clone(),
        Field::Protocol => line.protocol.clone(),
        Field::Via => via.clone(),
        Field::AlwaysOn => flag(line.always_on),
        Field::SourceLimited => flag(line.source_limited),
        _ => line.remote_maintenance.then(|| true.to_string()),
    };
    let values: Values = LINE_FIELDS
        .into_iter()
        .filter_map(|field| Some((field, vec![value(field).filter(|text| !kept.names_one(text))?])))
        .collect();
    PartLine { id: line.id, from: end(&line.from), to: end(&line.to), values }
}

/// Words that name a device which stays with the hospital.
struct Kept {
    words: BTreeSet<String>,
}

impl Kept {
    fn of(resources: &[&Resource]) -> Self {
        let mut words = BTreeSet::new();
        for resource in resources {
            let one = [&resource.asset_number, &resource.hostname, &resource.serial];
            let texts = std::iter::once(&resource.name)
                .chain(one.into_iter().flatten())
                .chain(&resource.aliases)
                .chain(&resource.addresses)
                .chain(&resource.macs);
            words.extend(texts.map(|text| fold(text)).filter(|word| !word.is_empty()));
        }
        Self { words }
    }

    fn names_one(&self, text: &str) -> bool {
        let text = fold(text);
        self.words.contains(&text)
            || self.words.iter().any(|word| word.chars().count() >= TELLING_CHARS && text.contains(word.as_str()))
    }
}

#[cfg(test)]
mod tests;
