//! Parts of a diagram: zones folded into one box, the surroundings of a node, what belongs to one owner. No line ever
//! disappears in silence: what the part does not show is returned.

use crate::layer::{Layer, State};
use crate::model::{Badge, Diagram, Fold, Line, LineKind, Node, NodeKind, Owner, Zone};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use tomomori_domain::resource::{ResourceKind, ZoneKind};

/// A part of a diagram, and what it does not show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What is left to draw.
    pub diagram: Diagram,
    /// Keys of nodes that are neither drawn nor in a folded box.
    pub left_out: Vec<String>,
    /// Lines that are not drawn: an end is left out or missing, or both ends are in one folded box. Every other line
    /// stands in the part, alone or counted in [`Line::count`].
    pub cut: Vec<Line>,
}

/// What becomes of a node.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Drawn,
    Folded,
    LeftOut,
}

/// Folds every zone into one box, but not those in `open`, and not what lies outside or at the boundary.
#[must_use]
pub fn collapse(diagram: &Diagram, open: &BTreeSet<String>) -> Part {
    let edge = edge_zones(diagram);
    let fate = |node: &Node| {
        if open.contains(&node.zone) || edge.contains(node.zone.as_str()) { Fate::Drawn } else { Fate::Folded }
    };
    part(diagram, &diagram.nodes.iter().map(fate).collect::<Vec<_>>())
}

/// The node with this key and what is within `hops` lines of it. Boundary devices lead on to what lies outside behind
/// them without using up a hop. Other nodes are folded, zone by zone, where a line leads to them, else left out.
#[must_use]
pub fn focus(diagram: &Diagram, key: &str, hops: usize) -> Part {
    let index = index(diagram);
    let mut beside: Vec<Vec<usize>> = vec![Vec::new(); diagram.nodes.len()];
    for line in &diagram.lines {
        if let (Some(&a), Some(&b)) = (index.get(line.from.as_str()), index.get(line.to.as_str())) {
            beside[a].push(b);
            beside[b].push(a);
        }
    }
    let edge = edge_zones(diagram);
    let at_edge = |node: usize| edge.contains(diagram.nodes[node].zone.as_str());
    let mut far = vec![usize::MAX; diagram.nodes.len()];
    let mut todo = VecDeque::new();
    if let Some(&start) = index.get(key) {
        far[start] = 0;
        todo.push_back((start, 0));
    }
    while let Some((node, distance)) = todo.pop_front() {
        if distance > far[node] {
            continue;
        }
        for &other in &beside[node] {
            let free = at_edge(node) && at_edge(other);
            let next = distance + usize::from(!free);
            if next <= hops && next < far[other] {
                far[other] = next;
                if free { todo.push_front((other, next)) } else { todo.push_back((other, next)) }
            }
        }
    }
    let drawn = |node: usize| far[node] != usize::MAX;
    let touched: BTreeSet<&str> = (0..diagram.nodes.len())
        .filter(|&node| !drawn(node) && beside[node].iter().any(|&other| drawn(other)))
        .map(|node| diagram.nodes[node].zone.as_str())
        .collect();
    let fate = |(i, node): (usize, &Node)| match (drawn(i), touched.contains(node.zone.as_str())) {
        (true, _) => Fate::Drawn,
        (false, true) => Fate::Folded,
        (false, false) => Fate::LeftOut,
    };
    part(diagram, &diagram.nodes.iter().enumerate().map(fate).collect::<Vec<_>>())
}

/// Exactly the nodes with these keys and the lines between them: nothing else of the diagram is in it.
#[must_use]
pub fn only(diagram: &Diagram, keys: &BTreeSet<String>) -> Part {
    let fate = |node: &Node| if keys.contains(&node.key) { Fate::Drawn } else { Fate::LeftOut };
    part(diagram, &diagram.nodes.iter().map(fate).collect::<Vec<_>>())
}

/// Exactly the nodes of one owner and the lines between them.
#[must_use]
pub fn only_owner(diagram: &Diagram, owner: &str) -> Part {
    let own = diagram.nodes.iter().filter(|node| node.owner.as_deref() == Some(owner));
    only(diagram, &own.map(|node| node.key.clone()).collect())
}

/// Key of the box into which a zone is folded.
#[must_use]
pub fn fold_key(zone: &str) -> String {
    format!("fold:{zone}")
}

fn index(diagram: &Diagram) -> BTreeMap<&str, usize> {
    diagram.nodes.iter().enumerate().map(|(i, node)| (node.key.as_str(), i)).collect()
}

fn edge_zones(diagram: &Diagram) -> BTreeSet<&str> {
    let edge = |zone: &&Zone| matches!(zone.kind, ZoneKind::Outside | ZoneKind::Boundary);
    diagram.zones.iter().filter(edge).map(|zone| zone.key.as_str()).collect()
}

fn part(diagram: &Diagram, fates: &[Fate]) -> Part {
    let index = index(diagram);
    let mut nodes: Vec<Node> = Vec::new();
    let mut left_out = Vec::new();
    let mut folds: BTreeMap<&str, usize> = BTreeMap::new();
    for (node, fate) in diagram.nodes.iter().zip(fates) {
        match fate {
            Fate::Drawn => nodes.push(node.clone()),
            Fate::LeftOut => left_out.push(node.key.clone()),
            Fate::Folded => {
                let at = *folds.entry(&node.zone).or_insert_with(|| {
                    nodes.push(empty_fold(&node.zone));
                    nodes.len() - 1
                });
                put_in(&mut nodes[at], node);
            }
        }
    }
    for &at in folds.values() {
        describe(diagram, &mut nodes[at]);
    }
    let mut lines: Vec<Line> = Vec::new();
    let mut known: BTreeMap<(String, String, LineKind, bool, Option<crate::model::Change>), usize> = BTreeMap::new();
    let mut cut = Vec::new();
    for line in &diagram.lines {
        let end = |key: &str| {
            let node = *index.get(key)?;
            match fates[node] {
                Fate::Drawn => Some((key.to_owned(), false)),
                Fate::Folded => Some((fold_key(&diagram.nodes[node].zone), true)),
                Fate::LeftOut => None,
            }
        };
        let (Some((from, a)), Some((to, b))) = (end(&line.from), end(&line.to)) else {
            cut.push(line.clone());
            continue;
        };
        if from == to && a {
            cut.push(line.clone());
        } else if !a && !b {
            lines.push(line.clone());
        } else {
            let kind = line.kind;
            let at = *known.entry((from.clone(), to.clone(), kind, line.unowned, line.change)).or_insert_with(|| {
                lines.push(Line { from, to, kind, count: 0, href: None, ..line.clone() });
                lines.len() - 1
            });
            let sum = &mut lines[at];
            sum.count = sum.count.saturating_add(line.count);
            sum.always_on |= line.always_on;
            if sum.label != line.label {
                sum.label.clear();
            }
        }
    }
    let used: BTreeSet<&str> = nodes.iter().map(|node| node.zone.as_str()).collect();
    let owners: BTreeSet<&str> = nodes.iter().filter_map(|node| node.owner.as_deref()).collect();
    let part = Diagram {
        zones: diagram.zones.iter().filter(|zone| used.contains(zone.key.as_str())).cloned().collect(),
        // The others keep their places, which decide the colours, but nothing is said of them.
        owners: diagram
            .owners
            .iter()
            .map(|owner| if owners.contains(owner.key.as_str()) { owner.clone() } else { silent(owner) })
            .collect(),
        title: diagram.title.clone(),
        description: diagram.description.clone(),
        legend: diagram.legend.clone(),
        layer: diagram.layer,
        nodes,
        lines,
    };
    Part { diagram: part, left_out, cut }
}

fn silent(owner: &Owner) -> Owner {
    Owner { key: String::new(), name: String::new(), letter: String::new(), hospital: owner.hospital }
}

fn empty_fold(zone: &str) -> Node {
    Node {
        key: fold_key(zone),
        zone: zone.to_owned(),
        name: String::new(),
        detail: String::new(),
        kind: NodeKind::Resource(ResourceKind::Unknown),
        owner: None,
        count: 0,
        members: Vec::new(),
        badge: None,
        nobody: false,
        unknown: false,
        facts: crate::layer::Facts {
            findings: crate::layer::Severity::NoneKnown,
            end_of_life: crate::layer::EndOfLife::Later,
            ends_open: false,
            evidence: crate::layer::Evidence::Vendor,
        },
        change: None,
        fold: Some(Fold::default()),
        href: None,
    }
}

/// Counts a node into a folded box; of its states the worst stays.
fn put_in(sum: &mut Node, node: &Node) {
    let count = node.count.max(1);
    sum.count = sum.count.saturating_add(count);
    if node.members.is_empty() {
        sum.members.push(node.key.clone());
    } else {
        sum.members.extend(node.members.iter().cloned());
    }
    if let Some(badge) = node.badge {
        let before = sum.badge.unwrap_or(Badge { count: 0, exploited: false });
        sum.badge = Some(Badge {
            // A folded box shows the sum, any other the number per device.
            count: before.count.saturating_add(badge.count.saturating_mul(if node.fold.is_some() { 1 } else { count })),
            exploited: before.exploited || badge.exploited,
        });
    }
    sum.nobody |= node.nobody;
    sum.unknown |= node.unknown;
    sum.facts.findings = sum.facts.findings.max(node.facts.findings);
    sum.facts.end_of_life = sum.facts.end_of_life.max(node.facts.end_of_life);
    sum.facts.ends_open |= node.facts.ends_open;
    sum.facts.evidence = sum.facts.evidence.max(node.facts.evidence);
    if node.change.is_some() {
        sum.change = Some(crate::model::Change::Changed { zone: false, owner: false, version: true });
    }
    let Some(fold) = &mut sum.fold else { return };
    let own = node.fold.clone().unwrap_or_else(|| {
        let states = [Layer::Findings, Layer::EndOfLife, Layer::Evidence];
        Fold {
            kinds: BTreeMap::from([(node.kind, count)]),
            states: states.into_iter().filter_map(|layer| State::of(node, layer)).map(|state| (state, count)).collect(),
            nobody: if node.nobody { count } else { 0 },
            unknown: if node.unknown { count } else { 0 },
        }
    });
    for (kind, count) in own.kinds {
        let sum = fold.kinds.entry(kind).or_default();
        *sum = sum.saturating_add(count);
    }
    for (state, count) in own.states {
        let sum = fold.states.entry(state).or_default();
        *sum = sum.saturating_add(count);
    }
    fold.nobody = fold.nobody.saturating_add(own.nobody);
    fold.unknown = fold.unknown.saturating_add(own.unknown);
}

/// The two text lines of a folded box: kinds with their counts; signs of the layer with theirs, worst first.
fn describe(diagram: &Diagram, node: &mut Node) {
    let Some(fold) = &node.fold else { return };
    let words = &diagram.legend;
    let mut kinds: Vec<(u32, &str)> =
        fold.kinds.iter().map(|(kind, &n)| (n, words.kinds.get(kind).map_or("", String::as_str))).collect();
    kinds.sort_by(|a, b| b.cmp(a));
    let kinds: Vec<String> = kinds.iter().map(|(n, word)| format!("{word} {n}").trim().to_owned()).collect();
    let mut states: Vec<(u32, &str)> = Vec::new();
    if matches!(diagram.layer, Layer::Responsibility | Layer::Remote) {
        states.extend([(fold.nobody, "！"), (fold.unknown, "？")]);
    }
    for state in State::ALL.into_iter().filter(|state| state.layer() == diagram.layer) {
        let count = fold.states.get(&state).copied().unwrap_or(0);
        states.push((count, state.look().map_or("？", |look| look.sign)));
    }
    let states: Vec<String> =
        states.iter().filter(|(count, _)| *count > 0).map(|(count, sign)| format!("{sign}{count}")).collect();
    (node.name, node.detail) = (kinds.join("・"), states.join(" "));
}
