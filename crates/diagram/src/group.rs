//! Equal clients drawn as one box with a count.

use crate::layer::Facts;
use crate::model::{Badge, Change, Diagram, Line, LineKind, Node, NodeKind};
use crate::text;
use std::collections::{BTreeMap, BTreeSet};

/// From this many equal nodes on they become one box.
const FROM: usize = 3;

/// What must be equal: zone, kind, product and version, owner, findings, flags, what the layers show, and the plug.
type Likeness<'a> = (&'a str, NodeKind, &'a str, Option<&'a str>, Option<Badge>, (bool, bool), Facts, Plug<'a>);

/// The node plugged into, and what became of node and plug between two dates.
type Plug<'a> = (Option<&'a str>, Option<Change>, Option<Change>);

/// Joins nodes that differ in nothing a reader of the picture could act on.
///
/// Nodes form a group when there are at least three with the same zone, kind, detail (product and version), owner,
/// findings, flags, facts, change and uplink, and no other line touches any of them. Parties outside are never grouped, and neither is a
/// node whose detail is empty: two unknown boxes are not the same box. The group takes the first member's place and key,
/// the members' common name, the sum of counts, and no link; [`Node::members`] names them. Their uplinks become one.
#[must_use]
pub fn group(diagram: &Diagram) -> Diagram {
    let mut uplink: BTreeMap<&str, &Line> = BTreeMap::new();
    let mut single: BTreeSet<&str> = BTreeSet::new();
    for line in &diagram.lines {
        let plain = line.kind == LineKind::Uplink
            && line.label.is_empty()
            && !line.always_on
            && !line.unowned
            && line.count == 1;
        single.insert(&line.to);
        if !plain || uplink.insert(&line.from, line).is_some() {
            single.insert(&line.from);
        }
    }
    let mut alike: BTreeMap<Likeness, Vec<usize>> = BTreeMap::new();
    for (i, node) in diagram.nodes.iter().enumerate() {
        if node.kind != NodeKind::Party
            && node.fold.is_none()
            && !node.detail.trim().is_empty()
            && !single.contains(node.key.as_str())
        {
            let plug = uplink.get(node.key.as_str());
            let plug = (plug.map(|line| line.to.as_str()), node.change, plug.and_then(|line| line.change));
            let owner = node.owner.as_deref();
            let flags = (node.nobody, node.unknown);
            let key = (node.zone.as_str(), node.kind, node.detail.as_str(), owner, node.badge, flags, node.facts, plug);
            alike.entry(key).or_default().push(i);
        }
    }
    let mut joined: BTreeMap<usize, Node> = BTreeMap::new();
    let mut gone: BTreeSet<&str> = BTreeSet::new();
    for members in alike.into_values().filter(|members| members.len() >= FROM) {
        let nodes: Vec<&Node> = members.iter().map(|&i| &diagram.nodes[i]).collect();
        gone.extend(nodes[1..].iter().map(|node| node.key.as_str()));
        joined.insert(members[0], join(&nodes));
    }
    let nodes = diagram.nodes.iter().enumerate().filter(|(_, node)| !gone.contains(node.key.as_str()));
    Diagram {
        nodes: nodes.map(|(i, node)| joined.remove(&i).unwrap_or_else(|| node.clone())).collect(),
        lines: diagram.lines.iter().filter(|line| !gone.contains(line.from.as_str())).cloned().collect(),
        ..diagram.clone()
    }
}

fn join(nodes: &[&Node]) -> Node {
    let names: Vec<String> = nodes.iter().map(|node| text::clean(&node.name)).collect();
    let members = nodes.iter().flat_map(|node| {
        let own = if node.members.is_empty() { std::slice::from_ref(&node.key) } else { &node.members };
        own.iter().cloned()
    });
    Node {
        name: common_name(&names),
        count: nodes.iter().fold(0, |sum, node| sum.saturating_add(node.count.max(1))),
        members: members.collect(),
        href: None,
        ..nodes[0].clone()
    }
}

/// What all names begin with, without a cut-off number at its end; if that is nothing, the first name and `…`.
fn common_name(names: &[String]) -> String {
    let first = names[0].as_str();
    let shared = names.iter().fold(first.len(), |len, name| {
        let same = first.char_indices().zip(name.chars()).find(|((_, a), b)| a != b);
        len.min(same.map_or(first.len().min(name.len()), |((at, _), _)| at))
    });
    let prefix = &first[..shared];
    if shared == first.len() && names.iter().all(|name| name == first) {
        return first.to_owned();
    }
    let prefix = prefix.trim_end_matches(|c: char| c.is_numeric() || c.is_whitespace() || "-_#.(（№".contains(c));
    if prefix.chars().count() < 2 { format!("{first} …") } else { prefix.to_owned() }
}
