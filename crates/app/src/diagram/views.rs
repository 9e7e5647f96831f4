//! What of the whole is drawn: a vendor's part, a service's part, surroundings, folded zones. Pure.

use super::{DiagramQuery, NO_ZONE, Zones};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use tomomori_diagram::{Diagram, Line, LineKind, NodeKind, collapse, focus, fold_key, group, only, only_owner};
use tomomori_domain::resource::{Ledger, ZoneKind};

/// More boxes than this nobody can look at: then zones are folded.
pub(super) const MOST_BOXES: usize = 400;

/// A picture ready for layout.
#[derive(Debug)]
pub(super) struct Shown {
    pub(super) diagram: Diagram,
    /// Open zones, when zones are folded at all.
    pub(super) open: Option<BTreeSet<String>>,
    /// Zones of the part with their devices.
    pub(super) zones: Vec<ZoneState>,
    /// Lines that the part leaves out.
    pub(super) cut: Vec<Line>,
}

/// A zone of the picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ZoneState {
    /// Key.
    pub key: String,
    /// Name.
    pub name: String,
    /// Devices (or parties outside) in it.
    pub count: u64,
    /// It is one box now.
    pub folded: bool,
    /// The picture in which it is folded, or open again; `None` for zones that are never folded.
    pub toggle: Option<String>,
}

/// Takes the part that was asked for; `None` when the device, vendor or service is not there.
pub(super) fn shown(whole: &Diagram, ledger: &Ledger, query: &DiagramQuery) -> Option<Shown> {
    let mut cut = Vec::new();
    let mut diagram = whole.clone();
    if let Some(vendor) = query.vendor {
        let key = vendor.to_string();
        diagram.owners.iter().find(|owner| owner.key == key)?;
        let part = only_owner(&diagram, &key);
        cut.extend(part.cut);
        diagram = part.diagram;
    }
    if let Some(system) = query.system {
        let service = ledger.services.iter().find(|service| service.id == system)?;
        let needs: Vec<String> = service.needs.iter().map(ToString::to_string).collect();
        let part = only(&diagram, &between(&diagram, &needs));
        cut.extend(part.cut);
        diagram = part.diagram;
    }
    if let Some((device, hops)) = query.around {
        let key = device.to_string();
        diagram.nodes.iter().find(|node| node.key == key)?;
        let part = focus(&diagram, &key, usize::from(hops));
        cut.extend(part.cut);
        diagram = part.diagram;
    }
    let found = query.find.map(|id| id.to_string());
    let found = diagram.nodes.iter().find(|node| Some(&node.key) == found.as_ref()).map(|node| node.zone.clone());
    let open: Option<BTreeSet<String>> = match &query.zones {
        Zones::All => None,
        Zones::Open(keys) => Some(keys.iter().cloned().chain(found).collect()),
        // What stands around a device is folded already.
        Zones::Auto if query.around.is_none() && group(&diagram).nodes.len() > MOST_BOXES => {
            Some(found.into_iter().collect())
        }
        Zones::Auto => None,
    };
    let zones = zones(&diagram, open.as_ref(), query);
    if let Some(open) = &open {
        let part = collapse(&diagram, open);
        cut.extend(part.cut);
        diagram = part.diagram;
    }
    let mut diagram = group(&diagram);
    link(&mut diagram, &zones);
    Some(Shown { diagram, open, zones, cut })
}

/// Folded boxes lead to the picture with their zone open, groups to their devices in the ledger.
fn link(diagram: &mut Diagram, zones: &[ZoneState]) {
    let folds: BTreeMap<String, &ZoneState> = zones.iter().map(|zone| (fold_key(&zone.key), zone)).collect();
    for node in &mut diagram.nodes {
        if node.fold.is_some() {
            node.href = folds.get(&node.key).and_then(|zone| zone.toggle.clone());
        } else if let (false, NodeKind::Resource(kind)) = (node.members.is_empty(), node.kind) {
            let zone = if node.zone == NO_ZONE { "none" } else { node.zone.as_str() };
            node.href = Some(format!("/ledger?zone={zone}&kind={}", kind.key()));
        }
    }
}

fn zones(diagram: &Diagram, open: Option<&BTreeSet<String>>, query: &DiagramQuery) -> Vec<ZoneState> {
    let edge = |kind| matches!(kind, ZoneKind::Outside | ZoneKind::Boundary);
    let all: BTreeSet<String> =
        diagram.zones.iter().filter(|zone| !edge(zone.kind)).map(|zone| zone.key.clone()).collect();
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for node in &diagram.nodes {
        *counts.entry(&node.zone).or_default() += u64::from(node.count);
    }
    let toggle = |key: &String| {
        let mut now = open.unwrap_or(&all).clone();
        if !now.remove(key) {
            now.insert(key.clone());
        }
        let zones = if now.is_superset(&all) { Zones::All } else { Zones::Open(now) };
        DiagramQuery { zones, find: None, ..query.clone() }.address("/diagram")
    };
    let state = |zone: &tomomori_diagram::Zone| ZoneState {
        key: zone.key.clone(),
        name: zone.name.clone(),
        count: counts.get(zone.key.as_str()).copied().unwrap_or_default(),
        folded: !edge(zone.kind) && open.is_some_and(|open| !open.contains(&zone.key)),
        toggle: (!edge(zone.kind)).then(|| toggle(&zone.key)),
    };
    diagram.zones.iter().map(state).collect()
}

/// The devices with these keys, and those on shortest ways between them: each is joined to the first that can be reached.
fn between(diagram: &Diagram, needs: &[String]) -> BTreeSet<String> {
    let mut beside: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for line in &diagram.lines {
        beside.entry(&line.from).or_default().push(&line.to);
        beside.entry(&line.to).or_default().push(&line.from);
    }
    let there: BTreeSet<&str> = diagram.nodes.iter().map(|node| node.key.as_str()).collect();
    let mut kept: BTreeSet<String> = BTreeSet::new();
    for need in needs.iter().map(String::as_str).filter(|key| there.contains(key)) {
        let mut came: BTreeMap<&str, &str> = BTreeMap::from([(need, need)]);
        let mut queue = VecDeque::from([need]);
        let mut end = None;
        while let Some(at) = queue.pop_front() {
            if kept.contains(at) {
                end = Some(at);
                break;
            }
            for next in beside.get(at).into_iter().flatten().filter(|next| there.contains(*next)) {
                if !came.contains_key(next) {
                    came.insert(next, at);
                    queue.push_back(next);
                }
            }
        }
        kept.insert(need.to_owned());
        let mut at = end.unwrap_or(need);
        while at != need {
            kept.insert(at.to_owned());
            at = came.get(at).copied().unwrap_or(need);
        }
    }
    kept
}

/// Lines that are not in the picture, by the names of their ends; plugs are only counted, because folded boxes and parts
/// cut many that nobody misses.
pub(super) fn not_drawn<'a>(whole: &Diagram, lines: impl IntoIterator<Item = &'a Line>) -> (Vec<String>, usize) {
    let names: BTreeMap<&str, &str> = whole.nodes.iter().map(|node| (node.key.as_str(), node.name.as_str())).collect();
    let name = |key: &'a str| names.get(key).copied().unwrap_or("？");
    let (mut listed, mut plugs) = (Vec::new(), 0);
    for line in lines {
        if line.kind == LineKind::Uplink {
            plugs += 1;
        } else {
            let label = if line.label.is_empty() { String::new() } else { format!("  {}", line.label) };
            listed.push(format!("{} ― {}{label}", name(&line.from), name(&line.to)));
        }
    }
    (listed, plugs)
}

#[cfg(test)]
mod tests {
    use super::super::facts::Known;
    use super::super::model::model;
    use super::*;
    use tomomori_diagram::Layer;
    use tomomori_domain::Msg;
    use tomomori_domain::ids::{ResourceId, ServiceId, VendorId, ZoneId};
    use tomomori_domain::resource::{Resource, ResourceKind, Service, Vendor, Zone};

    fn tr(msg: &Msg) -> String {
        msg.key.clone()
    }

    /// `zones` zones with a switch and `each` servers, all different; the first server of each is A's, the others B's.
    fn hospital(zones: usize, each: usize) -> Ledger {
        let vendors: Vec<Vendor> = ["A", "B"]
            .map(|name| Vendor { id: VendorId::generate(), name: name.to_owned(), field: None, contact: None })
            .to_vec();
        let mut ledger = Ledger { vendors: vendors.clone(), ..Ledger::default() };
        let core = Resource::named(ResourceId::generate(), "core".to_owned());
        for number in 0..zones {
            let zone = Zone {
                id: ZoneId::generate(),
                name: format!("Z{number}"),
                kind: ZoneKind::Servers,
                ranges: Vec::new(),
            };
            let switch = Resource {
                zone: Some(zone.id),
                kind: ResourceKind::Network,
                uplink: Some(core.id),
                ..Resource::named(ResourceId::generate(), format!("sw{number}"))
            };
            for server in 0..each {
                ledger.resources.push(Resource {
                    zone: Some(zone.id),
                    uplink: Some(switch.id),
                    maintained_by: Some(vendors[usize::from(server > 0)].id),
                    product: Some(format!("{number}-{server}")),
                    ..Resource::named(ResourceId::generate(), format!("s{number}-{server}"))
                });
            }
            ledger.resources.push(switch);
            ledger.zones.push(zone);
        }
        ledger.resources.push(core);
        ledger
    }

    fn whole(ledger: &Ledger) -> Diagram {
        model(ledger, &Known::new(std::collections::HashMap::new(), ledger, None, &[]), Layer::Responsibility, &tr)
    }

    #[test]
    fn zones_fold_by_themselves_only_when_there_are_too_many_boxes() {
        let ledger = hospital(3, 10);
        let small = shown(&whole(&ledger), &ledger, &DiagramQuery::default()).unwrap();
        assert!(small.open.is_none() && small.zones.iter().all(|zone| !zone.folded));
        let ledger = hospital(45, 10);
        let query = DiagramQuery::default();
        let large = shown(&whole(&ledger), &ledger, &query).unwrap();
        assert_eq!(large.open, Some(BTreeSet::new()));
        assert!(large.diagram.nodes.len() <= 47, "{}", large.diagram.nodes.len());
        let fold = large.diagram.nodes.iter().find(|node| node.fold.is_some()).unwrap();
        assert!(fold.href.as_ref().unwrap().starts_with("/diagram?open="), "{fold:?}");
        let all = DiagramQuery { zones: Zones::All, ..query.clone() };
        assert!(shown(&whole(&ledger), &ledger, &all).unwrap().diagram.nodes.len() > 400);
        // What is looked for is in sight.
        let wanted = &ledger.resources[3];
        let query = DiagramQuery { find: Some(wanted.id), ..query };
        let seen = shown(&whole(&ledger), &ledger, &query).unwrap();
        assert!(seen.diagram.nodes.iter().any(|node| node.key == wanted.id.to_string()));
    }

    #[test]
    fn the_last_zone_opened_leads_back_to_the_whole() {
        let ledger = hospital(2, 3);
        let query = DiagramQuery { zones: Zones::Open(BTreeSet::new()), ..DiagramQuery::default() };
        let folded = shown(&whole(&ledger), &ledger, &query).unwrap();
        let toggles: Vec<&ZoneState> = folded.zones.iter().filter(|zone| zone.folded).collect();
        assert_eq!(toggles.iter().map(|zone| zone.count).collect::<Vec<_>>(), [4, 4, 1]);
        let all: BTreeSet<String> = folded.zones.iter().skip(1).map(|zone| zone.key.clone()).collect();
        let query = DiagramQuery { zones: Zones::Open(all), ..query };
        let nearly = shown(&whole(&ledger), &ledger, &query).unwrap();
        assert_eq!(nearly.zones[0].toggle.as_deref(), Some("/diagram?open=all"));
    }

    #[test]
    fn a_vendor_s_part_holds_nothing_of_others() {
        let ledger = hospital(2, 3);
        let query = DiagramQuery { vendor: Some(ledger.vendors[0].id), ..DiagramQuery::default() };
        let part = shown(&whole(&ledger), &ledger, &query).unwrap();
        let names: BTreeSet<&str> = part.diagram.nodes.iter().map(|node| node.name.as_str()).collect();
        assert_eq!(names, BTreeSet::from(["s0-0", "s1-0"]));
        assert!(part.diagram.owners.iter().all(|owner| owner.name != "B"));
        assert!(!format!("{:?}", part.diagram).contains("s0-1"));
        // The lines to others are cut, and said.
        let (listed, plugs) = not_drawn(&whole(&ledger), &part.cut);
        assert_eq!((listed.len(), plugs), (0, 8));
        assert!(
            shown(&whole(&ledger), &ledger, &DiagramQuery { vendor: Some(VendorId::generate()), ..query }).is_none()
        );
    }

    #[test]
    fn a_service_s_part_holds_what_it_needs_and_what_lies_between() {
        let mut ledger = hospital(3, 3);
        let id = |ledger: &Ledger, name: &str| ledger.resources.iter().find(|row| row.name == name).unwrap().id;
        let needs = vec![id(&ledger, "s0-0"), id(&ledger, "s1-2"), ResourceId::generate()];
        let service = Service { id: ServiceId::generate(), name: "処方".to_owned(), hours: None, needs };
        let query = DiagramQuery { system: Some(service.id), ..DiagramQuery::default() };
        ledger.services.push(service);
        let part = shown(&whole(&ledger), &ledger, &query).unwrap();
        let names: BTreeSet<&str> = part.diagram.nodes.iter().map(|node| node.name.as_str()).collect();
        assert_eq!(names, BTreeSet::from(["s0-0", "sw0", "core", "sw1", "s1-2"]));
        assert_eq!(part.diagram.lines.len(), 4);
    }
}
