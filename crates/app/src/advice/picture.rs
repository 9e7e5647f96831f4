//! The part as a picture, drawn from what the vendor is shown and nothing else.

use super::form::shown;
use crate::diagram::Translate;
use std::collections::{BTreeMap, BTreeSet};
use tomomori_diagram::{Diagram, Facts, Layer, Legend, Line, LineKind, Node, NodeKind, Options, Owner, Zone};
use tomomori_domain::Msg;
use tomomori_domain::advice::{Part, PartEnd, PartLine, PartNode};
use tomomori_domain::import::Field;
use tomomori_domain::resource::{ResourceKind, ZoneKind};

/// What a line is called: its ends and purpose.
#[must_use]
pub fn line_name(part: &Part, line: &PartLine, tr: Translate<'_>) -> String {
    let end = |end: &PartEnd| match end {
        PartEnd::Node(id) => part.nodes.iter().find(|node| node.id == *id).map(|node| node.name().to_owned()),
        PartEnd::Outside(name) => Some(name.clone()),
        PartEnd::NotShared => Some(tr(&Msg::new("advice-not-shared"))),
        PartEnd::Unknown => None,
    };
    let named = |part_end: &PartEnd| end(part_end).unwrap_or_else(|| tr(&Msg::new("diagram-end-unknown")));
    format!("{} → {}", named(&line.from), named(&line.to))
}

/// The part as an SVG that needs nothing else.
#[must_use]
pub fn picture(part: &Part, hospital: &str, vendor: &str, tr: Translate<'_>) -> String {
    let layout = tomomori_diagram::layout(&model(part, hospital, vendor, tr));
    tomomori_diagram::svg(&layout, &Options { self_contained: true, ..Options::default() })
}

fn model(part: &Part, hospital: &str, vendor: &str, tr: Translate<'_>) -> Diagram {
    let mut zones: BTreeMap<String, Zone> = BTreeMap::new();
    let mut zone = |key: String, name: String, kind: ZoneKind| {
        zones.entry(key.clone()).or_insert(Zone { key: key.clone(), name, note: String::new(), kind });
        key
    };
    let mut nodes = Vec::new();
    for node in &part.nodes {
        let name = shown(&node.values, Field::Zone);
        let key = match (node.own, name.is_empty()) {
            (true, false) => zone(format!("zone:{name}"), name, ZoneKind::Department),
            (true, true) => zone("no-zone".to_owned(), tr(&Msg::new("diagram-no-zone")), ZoneKind::Unknown),
            (false, _) => zone("next".to_owned(), tr(&Msg::new("advice-zone-neighbours")), ZoneKind::Unknown),
        };
        nodes.push(of_node(node, key));
    }
    let mut lines: Vec<Line> = part
        .nodes
        .iter()
        .filter_map(|node| {
            let uplink = node.uplink?;
            Some(of_line(node.id.to_string(), uplink.to_string(), String::new(), LineKind::Uplink, false))
        })
        .collect();
    let mut outside: BTreeSet<(String, String)> = BTreeSet::new();
    for line in &part.lines {
        let mut end = |end: &PartEnd, which: &str| {
            let (key, name) = match end {
                PartEnd::Node(id) => return id.to_string(),
                PartEnd::Outside(name) => (format!("party:{name}"), name.clone()),
                PartEnd::NotShared => (format!("kept:{}{which}", line.id), tr(&Msg::new("advice-not-shared"))),
                PartEnd::Unknown => (format!("unknown:{}{which}", line.id), tr(&Msg::new("diagram-end-unknown"))),
            };
            outside.insert((key.clone(), name));
            key
        };
        let (from, to) = (end(&line.from, "a"), end(&line.to, "b"));
        let label = [Field::Protocol, Field::Purpose].map(|field| shown(&line.values, field));
        let label = label.into_iter().find(|text| !text.is_empty()).unwrap_or_default();
        let remote = shown(&line.values, Field::RemoteMaintenance) == "true";
        let always_on = shown(&line.values, Field::AlwaysOn) == "true";
        lines.push(of_line(from, to, label, if remote { LineKind::Remote } else { LineKind::Link }, always_on));
    }
    for (key, name) in outside {
        let at = zone("outside".to_owned(), tr(&Msg::new("diagram-outside")), ZoneKind::Outside);
        nodes.push(Node { kind: NodeKind::Party, ..blank(key, at, name) });
    }
    let title = Msg::new("advice-picture-title").arg("hospital", hospital).arg("vendor", vendor);
    let letter = vendor.chars().next().map(String::from).unwrap_or_default();
    Diagram {
        title: vec![tr(&title)],
        description: tr(&title),
        zones: zones.into_values().collect(),
        nodes,
        lines,
        owners: vec![Owner { key: OWNER.to_owned(), name: vendor.to_owned(), letter, hospital: false }],
        legend: Legend {
            remote: tr(&Msg::new("diagram-legend-remote")),
            always_on: tr(&Msg::new("diagram-legend-always-on")),
            ..Legend::default()
        },
        layer: Layer::Responsibility,
    }
}

/// Key of the one owner in the picture.
const OWNER: &str = "vendor";

fn of_node(node: &PartNode, zone: String) -> Node {
    let text = |field| Some(shown(&node.values, field)).filter(|text| !text.is_empty());
    let kind = text(Field::Kind).and_then(|key| ResourceKind::from_key(&key)).unwrap_or(ResourceKind::Unknown);
    let product = [text(Field::Product), text(Field::Version)].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let detail =
        if product.is_empty() { text(Field::Os).or(text(Field::Address)).unwrap_or_default() } else { product };
    Node {
        detail,
        kind: NodeKind::Resource(kind),
        owner: node.own.then(|| OWNER.to_owned()),
        ..blank(node.id.to_string(), zone, node.name().to_owned())
    }
}

fn blank(key: String, zone: String, name: String) -> Node {
    Node {
        key,
        zone,
        name,
        detail: String::new(),
        kind: NodeKind::Party,
        owner: None,
        count: 1,
        members: Vec::new(),
        badge: None,
        nobody: false,
        unknown: false,
        facts: Facts::default(),
        change: None,
        fold: None,
        href: None,
    }
}

fn of_line(from: String, to: String, label: String, kind: LineKind, always_on: bool) -> Line {
    Line { from, to, label, kind, always_on, unowned: false, count: 1, change: None, href: None }
}
