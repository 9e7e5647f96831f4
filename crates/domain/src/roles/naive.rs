//! The rules once more, slowly: every loop over everything, nothing of the engine used. Only tests compare with it.

use super::{Gap, On, Rule, Why};
use crate::agreement::{Party, Subcontracting, Subcontractor};
use crate::confirmation::{Duty, Roles};
use crate::edition::{ItemScope, Known};
use crate::ids::{ContractId, ResourceId, VendorId};
use crate::kinds::{Layer, PurchaseForm, ResourceKind, ResourceState};
use crate::resource::{Contract, Line, LineEnd, Resource};
use crate::roles::{Facts, JointTopic};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// (side, duty, contract, clause) as said about one item at one place.
type Words<'a> = Vec<(Party, Duty, Option<ContractId>, &'a Roles)>;

fn side(facts: &Facts<'_>, id: VendorId) -> Party {
    for vendor in &facts.ledger.vendors {
        let own = ["自院", "当院", "院内"].iter().any(|own| vendor.name.starts_with(own));
        if vendor.id == id && own {
            return Party::Hospital;
        }
    }
    Party::Vendor(id)
}

fn contract<'a>(facts: &Facts<'a>, id: ContractId) -> Option<&'a Contract> {
    facts.ledger.contracts.iter().find(|contract| contract.id == id)
}

/// `5条` of `第５条（更新）`, letter by letter.
fn bare(number: &str) -> String {
    let mut out = String::new();
    for letter in number.chars() {
        match letter {
            '(' | '（' => break,
            '第' | ' ' | '　' => {}
            '０'..='９' => out.push(char::from(b'0' + (letter as u32 - '０' as u32) as u8)),
            other => out.push(other),
        }
    }
    out
}

/// `None` = in force.
fn over(facts: &Facts<'_>, contract: &Contract) -> Option<Why> {
    match (contract.starts_on, contract.ends_on) {
        (_, Some(end)) if end < facts.today => Some(Why::Ended),
        (Some(start), _) if start > facts.today => Some(Why::NotBegun),
        _ => None,
    }
}

fn words<'a>(facts: &Facts<'a>, key: &str, place: Option<Uuid>) -> Words<'a> {
    let mut words = Vec::new();
    for session in facts.sessions {
        if session.edition != facts.edition.key || !session.rows.contains_key(key) {
            continue;
        }
        let reaches = match (place, session.contract) {
            (None, _) | (Some(_), None) => true,
            (Some(system), Some(id)) => facts.terms.get(&id).is_some_and(|terms| terms.systems.contains(&system)),
        };
        if !reaches {
            continue;
        }
        let roles = &session.rows[key].roles;
        if let Some(duty) = roles.hospital {
            words.push((Party::Hospital, duty, session.contract, roles));
        }
        if let (Some(id), Some(duty)) = (session.contract, roles.vendor) {
            let vendor = contract(facts, id).map(|contract| contract.vendor).or(session.vendor);
            if let Some(vendor) = vendor {
                words.push((side(facts, vendor), duty, session.contract, roles));
            }
        }
    }
    words
}

fn on(place: Option<Uuid>) -> On {
    match place {
        None => On::Hospital,
        Some(id) => On::System(id),
    }
}

fn acts(duty: Duty) -> bool {
    duty == Duty::Does || duty == Duty::Shares
}

/// All findings.
pub(super) fn find(facts: &Facts<'_>) -> BTreeSet<Gap> {
    let mut found = BTreeSet::new();
    let mut tell = |rule: Rule, item: Option<usize>, on: On, parties: BTreeSet<Party>, why: Why| {
        let parties = parties.into_iter().collect();
        found.insert(Gap { rule, item, on, parties, why, open: Vec::new() });
    };
    let live: Vec<Uuid> = facts.systems.iter().filter(|(_, system)| !system.retired).map(|(id, _)| *id).collect();

    for (number, item) in facts.edition.items.iter().enumerate() {
        if item.known == Known::Missing {
            continue;
        }
        let places: Vec<Option<Uuid>> = match item.scope {
            ItemScope::Hospital => vec![None],
            ItemScope::System => live.iter().copied().map(Some).collect(),
        };
        for place in places {
            let words = words(facts, &item.key, place);
            let doers: BTreeSet<Party> = words.iter().filter(|word| acts(word.1)).map(|word| word.0).collect();
            if doers.is_empty() {
                let spoke: BTreeSet<Party> = words.iter().map(|word| word.0).collect();
                let mut all = spoke.contains(&Party::Hospital);
                for contract in &facts.ledger.contracts {
                    let systems = facts.terms.get(&contract.id).map(|terms| terms.systems.clone()).unwrap_or_default();
                    let covers = match place {
                        Some(system) => systems.contains(&system),
                        None => systems.iter().any(|system| live.contains(system)),
                    };
                    let answered = words.iter().any(|word| word.2 == Some(contract.id) && word.3.vendor.is_some());
                    all &= answered || !covers || over(facts, contract).is_some();
                }
                let why = if all { Why::SaidNot } else { Why::NotTalked };
                tell(Rule::NobodyDoes, Some(number), on(place), spoke, why);
            } else if doers.len() > 1 && words.iter().any(|word| word.1 == Duty::Does) {
                tell(Rule::TwoDo, Some(number), on(place), doers, Why::Alone);
            }
            for (party, duty, _, roles) in words {
                if party == Party::Hospital || !acts(duty) {
                    continue;
                }
                // The word of the vendor, not the hospital's in the same row: only that one is of a vendor.
                let whose = BTreeSet::from([party]);
                let Some(clause) = &roles.clause else {
                    tell(Rule::NoClause, Some(number), on(place), whose, Why::NoneNamed);
                    continue;
                };
                let there = contract(facts, clause.contract).is_some();
                let printed = facts.terms.get(&clause.contract).into_iter().flat_map(|terms| &terms.clauses);
                let numbers: Vec<String> = printed.map(|one| bare(&one.number)).collect();
                if !there || !numbers.contains(&bare(&clause.number)) {
                    tell(Rule::NoClause, Some(number), on(place), whose.clone(), Why::NotInContract);
                }
                if let Some(why) = contract(facts, clause.contract).and_then(|contract| over(facts, contract)) {
                    tell(Rule::ClauseEnded, Some(number), on(place), whose, why);
                }
            }
        }
    }

    for contract in &facts.ledger.contracts {
        let vendor = side(facts, contract.vendor);
        if over(facts, contract).is_some() || vendor == Party::Hospital {
            continue;
        }
        let terms = facts.terms.get(&contract.id);
        let size = terms.map_or(0, |terms| terms.systems.len() + terms.resources.len() + terms.lines.len());
        let by_device =
            facts.ledger.resources.iter().any(|device| device.contract == Some(contract.id) && !retired(device));
        let by_line = facts.ledger.lines.iter().any(|line| line.contract == Some(contract.id));
        if size == 0 && !by_device && !by_line && !works_under(facts, contract.id) {
            continue;
        }
        let why = match terms.map(|terms| &terms.subcontracting) {
            Some(Subcontracting::None) => continue,
            Some(Subcontracting::By(chain)) if !chain.is_empty() => {
                if all_named(chain) {
                    continue;
                }
                Why::Unnamed
            }
            _ => Why::NotSaid,
        };
        tell(Rule::SubcontractorUnknown, None, On::Contract(contract.id), BTreeSet::from([vendor]), why);
    }

    for device in &facts.ledger.resources {
        if retired(device) {
            continue;
        }
        let whose: BTreeSet<Party> = whose(facts, device).into_iter().collect();
        for layer in Layer::ALL {
            if needs(facts, device, *layer) && updater(device, *layer).is_none() {
                tell(Rule::NoUpdater, None, On::Layer(device.id, *layer), whose.clone(), Why::Nobody);
            }
        }
        if device.kind == ResourceKind::Server && !covered(facts, device.id) {
            let named = device.contract.and_then(|id| contract(facts, id));
            let why = named.map_or(Some(Why::NoContract), |contract| over(facts, contract));
            if let Some(why) = why {
                tell(Rule::OutsideScope, None, On::Resource(device.id), whose, why);
            }
        }
    }

    for line in &facts.ledger.lines {
        let behind = line.vendor.map(|id| side(facts, id));
        if line.remote_maintenance {
            let named = line.contract.and_then(|id| contract(facts, id));
            let why = match behind {
                None => Some(Why::NoVendor),
                Some(Party::Hospital) => None,
                Some(_) if in_terms(facts, line) => None,
                Some(_) => named.map_or(Some(Why::NoContract), |contract| over(facts, contract)),
            };
            if let Some(why) = why {
                tell(Rule::LineWithoutOwner, None, On::Line(line.id), behind.into_iter().collect(), why);
            }
        }
    }
    found.extend(joints(facts));
    found
}

fn works_under(facts: &Facts<'_>, contract: ContractId) -> bool {
    let own = facts.sessions.iter().filter(|one| one.contract == Some(contract) && one.edition == facts.edition.key);
    let rows = own.flat_map(|session| &session.rows);
    let seen = |key: &str| facts.edition.items.iter().any(|item| item.key == key && item.known != Known::Missing);
    rows.filter(|(key, _)| seen(key)).any(|(_, row)| row.roles.vendor.is_some_and(acts))
}

fn retired(device: &Resource) -> bool {
    device.state == Some(ResourceState::Retired)
}

fn all_named(chain: &[Subcontractor]) -> bool {
    chain.iter().all(|one| !one.name.trim().is_empty() && all_named(&one.below))
}

fn whose(facts: &Facts<'_>, device: &Resource) -> Option<Party> {
    if let Some(id) = device.maintained_by {
        return Some(side(facts, id));
    }
    if let Some(contract) = device.contract.and_then(|id| contract(facts, id)) {
        return Some(side(facts, contract.vendor));
    }
    (device.purchase == Some(PurchaseForm::Bought)).then_some(Party::Hospital)
}

fn updater(device: &Resource, layer: Layer) -> Option<VendorId> {
    device.updates.get(&layer)?.by
}

fn needs(facts: &Facts<'_>, device: &Resource, layer: Layer) -> bool {
    let mut layers: BTreeSet<Layer> = device.kind.layers().iter().copied().collect();
    // Firmware is needed by kind only.
    let installed = facts.ledger.components.iter().filter(|part| part.resource == device.id).map(|part| part.layer);
    layers.extend(installed.filter(|layer| *layer != Layer::Firmware));
    if device.os.is_some() {
        layers.insert(Layer::Os);
    }
    layers.contains(&layer)
}

fn covered(facts: &Facts<'_>, device: ResourceId) -> bool {
    facts.ledger.contracts.iter().filter(|contract| over(facts, contract).is_none()).any(|contract| {
        facts.terms.get(&contract.id).is_some_and(|terms| {
            terms.resources.contains(&device)
                || terms
                    .systems
                    .iter()
                    .filter_map(|id| facts.systems.get(id))
                    .any(|system| !system.retired && system.resources.contains(&device))
        })
    })
}

fn in_terms(facts: &Facts<'_>, line: &Line) -> bool {
    facts
        .ledger
        .contracts
        .iter()
        .filter(|contract| over(facts, contract).is_none())
        .any(|contract| facts.terms.get(&contract.id).is_some_and(|terms| terms.lines.contains(&line.id)))
}

fn joints(facts: &Facts<'_>) -> Vec<Gap> {
    let mut found = Vec::new();
    for line in &facts.ledger.lines {
        let end = |end: &LineEnd| match end {
            LineEnd::Unknown => None,
            LineEnd::Outside(_) => line.vendor.map(|id| side(facts, id)),
            LineEnd::Resource(id) => {
                let device = facts.ledger.resources.iter().find(|device| device.id == *id && !retired(device))?;
                whose(facts, device)
            }
        };
        let sides: BTreeSet<Party> = [end(&line.from), end(&line.to)].into_iter().flatten().collect();
        if sides.len() < 2 {
            continue;
        }
        let settled: BTreeMap<JointTopic, bool> = facts.joints.get(&line.id).map_or_else(BTreeMap::new, |joint| {
            let both = |agreed: &[Party]| sides.iter().all(|side| agreed.contains(side));
            joint
                .settled
                .iter()
                .map(|(topic, one)| (*topic, both(&one.agreed) && !one.text.trim().is_empty()))
                .collect()
        });
        let open: Vec<JointTopic> =
            JointTopic::ALL.iter().copied().filter(|topic| settled.get(topic) != Some(&true)).collect();
        if !open.is_empty() {
            let parties = sides.into_iter().collect();
            let on = On::Line(line.id);
            found.push(Gap { rule: Rule::Joint, item: None, on, parties, why: Why::TopicsOpen, open });
        }
    }
    found
}
