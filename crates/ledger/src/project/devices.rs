//! One device from what is stated about it.

use super::lookup::Lookup;
use super::winner::{Lists, Stated, alike};
use crate::checks::{self, Check};
use jiff::civil::Date;
use std::collections::BTreeMap;
use tomomori_domain::custom::CustomField;
use tomomori_domain::ids::{ResourceId, VendorId};
use tomomori_domain::import::{Field, Value};
use tomomori_domain::record::Record;
use tomomori_domain::resource::{
    Chain, Criticality, Grade, Layer, PurchaseForm, Resource, ResourceKind, ResourceState, Update,
};
use tomomori_domain::text::fold;

/// Updater and clause of each layer.
const LAYERS: [(Layer, Field, Field); 4] = [
    (Layer::Firmware, Field::FirmwareUpdatedBy, Field::FirmwareClause),
    (Layer::Os, Field::OsUpdatedBy, Field::OsClause),
    (Layer::Middleware, Field::MiddlewareUpdatedBy, Field::MiddlewareClause),
    (Layer::Application, Field::ApplicationUpdatedBy, Field::ApplicationClause),
];

pub(super) fn resource(
    id: ResourceId,
    records: &[&Record],
    lists: &Lists<'_>,
    lookup: &Lookup,
    fields: &[CustomField],
    checks: &mut Vec<Check>,
) -> Resource {
    let stated = Stated::of_device(records, lists);
    let text = |field| stated.text(field);
    let vendor = |field| stated.value(field).and_then(|value| lookup.vendor(&value.text));
    let name =
        [Field::Name, Field::Hostname, Field::Product, Field::Address, Field::Mac, Field::Serial, Field::AssetNumber]
            .into_iter()
            .find_map(text)
            .unwrap_or_default();
    let mut resource = Resource::named(id, name);
    resource.aliases = aliases(&resource.name, &stated);
    resource.asset_number = text(Field::AssetNumber);
    resource.kind = kind(&stated);
    resource.maker = text(Field::Maker);
    resource.product = text(Field::Product);
    resource.version = text(Field::Version);
    resource.os = text(Field::Os);
    resource.kbs = stated.values(Field::Kb);
    resource.serial = text(Field::Serial);
    resource.addresses = stated.values(Field::Address);
    resource.macs = stated.values(Field::Mac);
    resource.hostname = text(Field::Hostname);
    resource.location = text(Field::Location);
    resource.department = text(Field::Department);
    resource.owner = text(Field::Owner);
    resource.criticality = text(Field::Criticality).and_then(|key| Criticality::from_key(&key));
    resource.state = text(Field::State).and_then(|key| ResourceState::from_key(&key));
    resource.installed_by = vendor(Field::InstalledBy);
    resource.updates = updates(&stated, lookup);
    resource.purchase = text(Field::Purchase).and_then(|key| PurchaseForm::from_key(&key));
    resource.installed_on = day(stated.value(Field::StartsOn));
    resource.end_of_life = day(stated.value(Field::EndOfLife));
    resource.support_end = day(stated.value(Field::EndsOn));
    resource.remote = flag(stated.value(Field::RemoteMaintenance));
    resource.medical = flag(stated.value(Field::Medical));
    resource.chain = Chain {
        holder: text(Field::MarketingHolder),
        seller: text(Field::Seller),
        lessor: text(Field::Lessor),
        repairer: text(Field::Repairer),
    };
    resource.port = text(Field::Port);
    resource.note = text(Field::Note);
    resource.custom = custom(id, &stated, fields, checks);
    resource.stocktaken_on =
        stated.all(Field::StocktakenOn).iter().filter_map(|record| day(record.all(Field::StocktakenOn).next())).max();
    resource.last_seen = last_seen(records);
    resource.declared = records.iter().any(|record| record.grade != Grade::Observed);
    contract(&mut resource, &stated, lookup, checks);
    resource.zone = stated
        .value(Field::Zone)
        .and_then(|value| lookup.zone(&value.text))
        .or_else(|| resource.addresses.iter().find_map(|address| lookup.zone_at(address)));
    disagreements(&resource, &stated, checks);
    checks::moved(&resource, records, |address| lookup.zone_at(address), &lookup.zones, checks);
    resource
}

/// Every other name a list gives the device.
fn aliases(name: &str, stated: &Stated<'_>) -> Vec<String> {
    let mut seen = vec![fold(name)];
    let mut aliases = Vec::new();
    for value in stated.all(Field::Name).iter().flat_map(|record| record.all(Field::Name)) {
        let folded = fold(&value.text);
        if !value.text.is_empty() && !seen.contains(&folded) {
            seen.push(folded);
            aliases.push(value.text.clone());
        }
    }
    aliases
}

/// The first statement that says more than 不明.
fn kind(stated: &Stated<'_>) -> ResourceKind {
    let kinds = stated.all(Field::Kind);
    let known = kinds.iter().filter_map(|record| ResourceKind::from_key(record.get(Field::Kind)?));
    known.into_iter().find(|kind| *kind != ResourceKind::Unknown).unwrap_or(ResourceKind::Unknown)
}

fn day(value: Option<&Value>) -> Option<Date> {
    value.and_then(|value| value.text.parse().ok())
}

fn flag(value: Option<&Value>) -> Option<bool> {
    match value?.text.as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

fn updates(stated: &Stated<'_>, lookup: &Lookup) -> BTreeMap<Layer, Update> {
    let mut updates = BTreeMap::new();
    for (layer, by, clause) in LAYERS {
        let by = stated.value(by).and_then(|value| lookup.vendor(&value.text));
        let clause = stated.text(clause);
        if by.is_some() || clause.is_some() {
            updates.insert(layer, Update { by, clause });
        }
    }
    updates
}

/// The hospital's own columns: per name the value in force, in the form of its type. What does not fit stays as written.
fn custom(
    id: ResourceId,
    stated: &Stated<'_>,
    fields: &[CustomField],
    checks: &mut Vec<Check>,
) -> BTreeMap<String, String> {
    let mut said: BTreeMap<&str, &Value> = BTreeMap::new();
    for value in stated.all(Field::Custom).into_iter().flat_map(|record| record.all(Field::Custom)) {
        if let Some(label) = &value.label {
            said.entry(label).or_insert(value);
        }
    }
    let mut custom = BTreeMap::new();
    for (label, value) in said.into_iter().filter(|(_, value)| !value.text.is_empty()) {
        let text = match fields.iter().find(|field| field.name == label) {
            Some(field) => field.canonical(&value.text).unwrap_or_else(|| {
                checks.push(checks::misfit(id, field, value));
                value.text.clone()
            }),
            None => value.text.clone(),
        };
        custom.insert(label.to_owned(), text);
    }
    custom
}

/// Newest day the wire or a tool saw the device.
fn last_seen(records: &[&Record]) -> Option<Date> {
    let observed = records.iter().filter(|record| record.grade == Grade::Observed);
    observed.map(|record| day(record.all(Field::SeenOn).next()).unwrap_or(record.seen)).max()
}

/// A device under a contract is maintained by the contract's vendor, unless a row names another.
fn contract(resource: &mut Resource, stated: &Stated<'_>, lookup: &Lookup, checks: &mut Vec<Check>) {
    let by: Option<VendorId> = stated.value(Field::Vendor).and_then(|value| lookup.vendor(&value.text));
    let number = stated.value(Field::ContractNumber);
    let contract = number.and_then(|value| lookup.contract(&value.text));
    if let Some(value) = number.filter(|_| contract.is_none()) {
        checks.push(checks::contract_unknown(resource.id, value));
    }
    resource.contract = contract.map(|(id, _)| id);
    resource.maintained_by = by.or(contract.map(|(_, vendor)| vendor));
}

/// Fields in which two lists may not disagree without a person hearing of it, and when two wordings mean the same.
fn disagreements(resource: &Resource, stated: &Stated<'_>, checks: &mut Vec<Check>) {
    let exactly = |one: &str, other: &str| fold(one).replace([' ', '-'], "") == fold(other).replace([' ', '-'], "");
    for field in [Field::Serial, Field::Zone, Field::Purchase] {
        if let Some((winner, other, newer)) = stated.contradiction(field, exactly) {
            checks.push(checks::contradiction(resource, winner, other, newer));
        }
    }
    let company = |one: &str, other: &str| super::lookup::company(one) == super::lookup::company(other);
    if let Some((winner, other, newer)) = stated.contradiction(Field::Vendor, company) {
        checks.push(checks::contradiction(resource, winner, other, newer));
    }
    for field in [Field::Product, Field::Kind] {
        if let Some((winner, other, newer)) = stated.contradiction(field, alike)
            && winner.text != ResourceKind::Unknown.key()
            && other.text != ResourceKind::Unknown.key()
        {
            checks.push(checks::contradiction(resource, winner, other, newer));
        }
    }
}

/// Uplinks name other devices; all of them are known only now.
pub(super) fn uplinks(
    resources: &mut BTreeMap<ResourceId, Resource>,
    stated: &BTreeMap<ResourceId, Vec<&Record>>,
    lookup: &Lookup,
    checks: &mut Vec<Check>,
) {
    for (id, resource) in resources {
        let records = stated.get(id).map(Vec::as_slice).unwrap_or_default();
        let Some(value) = Stated::new(records).value(Field::Uplink) else { continue };
        resource.uplink = lookup.resource(&value.text).filter(|target| target != id);
        if resource.uplink.is_none() {
            checks.push(checks::uplink_unknown(*id, value));
        }
    }
}
