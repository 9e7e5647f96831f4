//! The ledger in the words of `diagram`.

use super::facts::Known;
use super::{NO_ZONE, OUTSIDE, Translate};
use std::collections::{BTreeMap, BTreeSet};
use tomomori_diagram::{
    Diagram, EndOfLife, Evidence, Layer, Legend, Line, LineKind, Node, NodeKind, Owner, Severity, State, Zone,
};
use tomomori_domain::Msg;
use tomomori_domain::ids::VendorId;
use tomomori_domain::resource::{LineEnd, Resource, ResourceKind, Vendor, ZoneKind};
use tomomori_store::Ledger;

/// Everything the ledger holds, without a title.
pub(super) fn model(ledger: &Ledger, known: &Known, layer: Layer, tr: Translate<'_>) -> Diagram {
    let zones_known: BTreeSet<_> = ledger.zones.iter().map(|zone| zone.id).collect();
    let mut nodes: Vec<Node> = Vec::new();
    let mut lines: Vec<Line> = Vec::new();
    for resource in &ledger.resources {
        let zone = resource.zone.filter(|id| zones_known.contains(id));
        nodes.push(Node {
            zone: zone.map_or(NO_ZONE.to_owned(), |id| id.to_string()),
            detail: detail(resource),
            owner: resource.maintained_by.map(|id| id.to_string()),
            badge: known.badge(resource.id),
            nobody: resource.declared && resource.maintained_by.is_none(),
            unknown: !known.is_identified(resource),
            facts: known.facts(resource),
            href: Some(format!("/ledger/{}", resource.id)),
            ..node(resource.id.to_string(), resource.name.clone(), NodeKind::Resource(resource.kind))
        });
        if let Some(uplink) = resource.uplink {
            lines.push(Line { kind: LineKind::Uplink, ..link(resource.id.to_string(), uplink.to_string()) });
        }
    }
    let mut parties: BTreeMap<String, (String, Option<VendorId>)> = BTreeMap::new();
    for line in &ledger.lines {
        let mut end = |end: &LineEnd| match end {
            LineEnd::Resource(id) => id.to_string(),
            LineEnd::Outside(name) => {
                let key = format!("party:{name}");
                parties.entry(key.clone()).or_insert_with(|| (name.clone(), line.vendor));
                key
            }
            // Drawn, because a line that ends nowhere must not be overlooked.
            LineEnd::Unknown => {
                let key = format!("party:?{}", line.id);
                parties.insert(key.clone(), (tr(&Msg::new("diagram-end-unknown")), line.vendor));
                key
            }
        };
        let (from, to) = (end(&line.from), end(&line.to));
        lines.push(Line {
            label: line.protocol.clone().or_else(|| line.purpose.clone()).unwrap_or_default(),
            kind: if line.remote_maintenance { LineKind::Remote } else { LineKind::Link },
            always_on: line.always_on == Some(true),
            // Not known to be limited is drawn like not limited: unknown is never safe.
            unowned: line.remote_maintenance && (line.vendor.is_none() || line.source_limited != Some(true)),
            ..link(from, to)
        });
    }
    nodes.extend(parties.into_iter().map(|(key, (name, vendor))| Node {
        zone: OUTSIDE.to_owned(),
        owner: vendor.map(|id| id.to_string()),
        ..node(key, name, NodeKind::Party)
    }));
    Diagram {
        zones: zones(ledger, &nodes, tr),
        nodes,
        lines,
        owners: owners(ledger),
        legend: legend(layer, tr),
        layer,
        ..Diagram::default()
    }
}

fn node(key: String, name: String, kind: NodeKind) -> Node {
    Node {
        key,
        zone: String::new(),
        name,
        detail: String::new(),
        kind,
        owner: None,
        count: 1,
        members: Vec::new(),
        badge: None,
        nobody: false,
        unknown: false,
        facts: tomomori_diagram::Facts::default(),
        change: None,
        fold: None,
        href: None,
    }
}

fn link(from: String, to: String) -> Line {
    Line {
        from,
        to,
        label: String::new(),
        kind: LineKind::Link,
        always_on: false,
        unowned: false,
        count: 1,
        change: None,
        href: None,
    }
}

/// Zones that hold something, with one for what is outside and one for devices of which the zone is not known.
fn zones(ledger: &Ledger, nodes: &[Node], tr: Translate<'_>) -> Vec<Zone> {
    let used: BTreeSet<&str> = nodes.iter().map(|node| node.zone.as_str()).collect();
    let own = |key: &str, msg: Msg, kind| Zone { key: key.to_owned(), name: tr(&msg), note: String::new(), kind };
    let mut zones = vec![own(OUTSIDE, Msg::new("diagram-outside"), ZoneKind::Outside)];
    zones.extend(ledger.zones.iter().map(|zone| Zone {
        key: zone.id.to_string(),
        name: zone.name.clone(),
        note: zone.ranges.join("、"),
        kind: zone.kind,
    }));
    zones.push(own(NO_ZONE, Msg::new("diagram-no-zone"), ZoneKind::Unknown));
    zones.retain(|zone| used.contains(zone.key.as_str()));
    zones
}

/// What runs on a computer; what any other device is, with its version.
fn detail(resource: &Resource) -> String {
    let computer = matches!(resource.kind, ResourceKind::Server | ResourceKind::Client);
    let text = match (&resource.os, &resource.product, &resource.version) {
        (Some(os), _, _) if computer => os.clone(),
        (_, Some(product), Some(version)) => format!("{product} {version}"),
        (os, product, _) => product.clone().or(os.clone()).unwrap_or_default(),
    };
    if text.is_empty() { resource.addresses.first().cloned().unwrap_or_default() } else { text }
}

/// Vendors with a letter each: the Latin letter their name begins with, else A, B, C… in the order of names.
fn owners(ledger: &Ledger) -> Vec<Owner> {
    let mut used = BTreeSet::new();
    let mut owners = Vec::new();
    for vendor in &ledger.vendors {
        let hospital = vendor.name == Vendor::OWN;
        let own = vendor.name.chars().find(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_uppercase());
        let own = own.or(hospital.then_some('H'));
        let letter = own.into_iter().chain('A'..='Z').find(|letter| used.insert(*letter)).unwrap_or('*');
        owners.push(Owner {
            key: vendor.id.to_string(),
            name: match &vendor.field {
                Some(field) => format!("{} {field}", vendor.name),
                None => vendor.name.clone(),
            },
            letter: letter.to_string(),
            hospital,
        });
    }
    owners
}

/// Words for everything a picture may need; it shows those it uses.
fn legend(layer: Layer, tr: Translate<'_>) -> Legend {
    let mut notes = vec![tr(&Msg::new("diagram-legend-note"))];
    if layer == Layer::Findings {
        notes.push(tr(&Msg::new("diagram-legend-findings-note")));
    }
    let kinds = ResourceKind::ALL.iter().map(|kind| {
        // The build checks these keys from the lists of values.
        let key = format!("kind-{}", kind.key().replace('_', "-"));
        (NodeKind::Resource(*kind), tr(&Msg { key, args: BTreeMap::new() }))
    });
    Legend {
        nobody: tr(&Msg::new("diagram-legend-nobody")),
        unknown: tr(&Msg::new("diagram-legend-unknown")),
        findings: tr(&Msg::new("diagram-legend-findings")),
        exploited: tr(&Msg::new("diagram-legend-exploited")),
        remote: tr(&Msg::new("diagram-legend-remote")),
        always_on: tr(&Msg::new("diagram-legend-always-on")),
        unowned: tr(&Msg::new("diagram-legend-unowned")),
        added: tr(&Msg::new("diagram-legend-added")),
        removed: tr(&Msg::new("diagram-legend-removed")),
        changed: tr(&Msg::new("diagram-legend-changed")),
        states: State::ALL.into_iter().map(|state| (state, tr(&word(state)))).collect(),
        kinds: kinds.chain([(NodeKind::Party, tr(&Msg::new("diagram-outside")))]).collect(),
        notes,
    }
}

/// What a state is called.
pub(super) fn word(state: State) -> Msg {
    match state {
        State::Findings(Severity::Critical) => Msg::new("diagram-findings-critical"),
        State::Findings(Severity::High) => Msg::new("diagram-findings-high"),
        State::Findings(Severity::Medium) => Msg::new("diagram-findings-medium"),
        State::Findings(Severity::Low) => Msg::new("diagram-findings-low"),
        State::Findings(Severity::NoneKnown) => Msg::new("diagram-findings-none-known"),
        State::Findings(Severity::Unknown) => Msg::new("diagram-findings-unknown"),
        State::EndOfLife(EndOfLife::Ended) => Msg::new("diagram-end-ended"),
        State::EndOfLife(EndOfLife::Within12Months) => Msg::new("diagram-end-12"),
        State::EndOfLife(EndOfLife::Within24Months) => Msg::new("diagram-end-24"),
        State::EndOfLife(EndOfLife::Later) => Msg::new("diagram-end-later"),
        State::EndOfLife(EndOfLife::Unknown) => Msg::new("diagram-end-not-known"),
        State::Evidence(Evidence::Vendor) => Msg::new("diagram-evidence-vendor"),
        State::Evidence(Evidence::Hospital) => Msg::new("diagram-evidence-hospital"),
        State::Evidence(Evidence::Observed) => Msg::new("diagram-evidence-observed"),
        State::Evidence(Evidence::Declared) => Msg::new("diagram-evidence-declared"),
        State::Evidence(Evidence::Unknown) => Msg::new("diagram-evidence-unknown"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;
    use tomomori_domain::ids::{LineId, ResourceId, ZoneId};
    use tomomori_domain::resource::Line as LedgerLine;

    fn tr(msg: &Msg) -> String {
        msg.key.clone()
    }

    fn drawn(ledger: &Ledger) -> Diagram {
        let known = Known::new(HashMap::new(), ledger, None, &[]);
        model(ledger, &known, Layer::Responsibility, &tr)
    }

    #[test]
    fn lines_with_unknown_ends_are_drawn_to_a_box_that_says_so() {
        let device = Resource::named(ResourceId::generate(), "VPN".to_owned());
        let line = LedgerLine {
            id: LineId::generate(),
            from: LineEnd::Unknown,
            to: LineEnd::Resource(device.id),
            purpose: Some("保守".to_owned()),
            protocol: None,
            vendor: None,
            circuit: None,
            via: None,
            via_resource: None,
            sources: None,
            contract: None,
            billed_on: None,
            always_on: None,
            source_limited: None,
            remote_maintenance: true,
        };
        let ledger = Ledger { resources: vec![device], lines: vec![line.clone(), line], ..Ledger::default() };
        let drawn = drawn(&ledger);
        assert_eq!(drawn.nodes.iter().filter(|node| node.name == "diagram-end-unknown").count(), 1);
        assert!(drawn.lines.iter().all(|line| line.unowned && !line.always_on && line.label == "保守"));
        assert_eq!(drawn.zones.iter().map(|zone| zone.key.as_str()).collect::<Vec<_>>(), [OUTSIDE, NO_ZONE]);
    }

    #[test]
    fn a_zone_that_is_gone_is_not_known_and_a_device_of_no_ledger_is_unknown_not_unowned() {
        let gone =
            Resource { zone: Some(ZoneId::generate()), ..Resource::named(ResourceId::generate(), "A".to_owned()) };
        let own = Resource { declared: true, ..Resource::named(ResourceId::generate(), "B".to_owned()) };
        let drawn = drawn(&Ledger { resources: vec![gone, own], ..Ledger::default() });
        assert!(drawn.nodes.iter().all(|node| node.zone == NO_ZONE && node.unknown));
        assert_eq!(drawn.nodes.iter().map(|node| node.nobody).collect::<Vec<_>>(), [false, true]);
    }

    #[test]
    fn every_state_has_its_own_word() {
        let words: BTreeSet<String> = State::ALL.into_iter().map(|state| word(state).key).collect();
        assert_eq!(words.len(), State::ALL.len());
    }
}
