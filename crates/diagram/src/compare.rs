//! Two dates side by side in one picture.

use crate::model::{Change, Diagram, Line, LineKind, Node, Zone};
use std::collections::{BTreeMap, BTreeSet};

/// The newer diagram with marks, and removed things still in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// What to draw; everything that differs carries a [`Change`].
    pub diagram: Diagram,
    /// How many nodes differ.
    pub nodes: Changes,
    /// How many lines differ.
    pub lines: Changes,
}

/// Counts of what differs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Only on the newer date.
    pub added: usize,
    /// Only on the older date.
    pub removed: usize,
    /// Different.
    pub changed: usize,
    /// Of those: in another zone.
    pub zone: usize,
    /// Of those: another owner.
    pub owner: usize,
    /// Of those: another version; of lines: another text, always-on or owned state.
    pub version: usize,
}

impl Changes {
    fn count(&mut self, change: Option<Change>) {
        match change {
            None => {}
            Some(Change::Added) => self.added += 1,
            Some(Change::Removed) => self.removed += 1,
            Some(Change::Changed { zone, owner, version }) => {
                self.changed += 1;
                self.zone += usize::from(zone);
                self.owner += usize::from(owner);
                self.version += usize::from(version);
            }
        }
    }
}

/// Compares two diagrams of one hospital, matching nodes by key and lines by ends and kind. Compare before grouping or
/// folding: groups have no lasting keys. Another name alone is no change.
#[must_use]
pub fn compare(old: &Diagram, new: &Diagram) -> Comparison {
    let mut diagram = new.clone();
    let before: BTreeMap<&str, &Node> = old.nodes.iter().map(|node| (node.key.as_str(), node)).collect();
    for node in &mut diagram.nodes {
        node.change = match before.get(node.key.as_str()) {
            None => Some(Change::Added),
            Some(was) => {
                let zone = was.zone != node.zone;
                let owner = was.owner != node.owner || was.nobody != node.nobody;
                let version = was.detail != node.detail || was.kind != node.kind;
                (zone || owner || version).then_some(Change::Changed { zone, owner, version })
            }
        };
    }
    let now: BTreeSet<&str> = new.nodes.iter().map(|node| node.key.as_str()).collect();
    for node in old.nodes.iter().filter(|node| !now.contains(node.key.as_str())) {
        // Its page is gone as well.
        diagram.nodes.push(Node { change: Some(Change::Removed), href: None, badge: None, ..node.clone() });
    }
    diagram.lines = lines(old, new);
    let used: BTreeSet<&str> = diagram.nodes.iter().map(|node| node.zone.as_str()).collect();
    let known: BTreeSet<&str> = new.zones.iter().map(|zone| zone.key.as_str()).collect();
    let gone = |zone: &&Zone| used.contains(zone.key.as_str()) && !known.contains(zone.key.as_str());
    let gone: Vec<Zone> = old.zones.iter().filter(gone).cloned().collect();
    diagram.zones.extend(gone);
    let known: BTreeSet<&str> = new.owners.iter().map(|owner| owner.key.as_str()).collect();
    diagram.owners.extend(old.owners.iter().filter(|owner| !known.contains(owner.key.as_str())).cloned());

    let (mut nodes, mut lines) = (Changes::default(), Changes::default());
    diagram.nodes.iter().for_each(|node| nodes.count(node.change));
    diagram.lines.iter().for_each(|line| lines.count(line.change));
    Comparison { diagram, nodes, lines }
}

/// Lines between the same ends of the same kind are matched: first those that are wholly equal, then in order.
fn lines(old: &Diagram, new: &Diagram) -> Vec<Line> {
    type Ends<'a> = (&'a str, &'a str, LineKind);
    fn ends(line: &Line) -> Ends<'_> {
        (&line.from, &line.to, line.kind)
    }
    fn seen(line: &Line) -> (&str, bool, bool, u32) {
        (&line.label, line.always_on, line.unowned, line.count)
    }
    let mut left: BTreeMap<Ends, Vec<&Line>> = BTreeMap::new();
    for line in &old.lines {
        left.entry(ends(line)).or_default().push(line);
    }
    let mut out = new.lines.clone();
    let mut open = Vec::new();
    for (i, line) in new.lines.iter().enumerate() {
        let rest = left.entry(ends(line)).or_default();
        match rest.iter().position(|was| seen(was) == seen(line)) {
            Some(at) => {
                rest.remove(at);
                out[i].change = None;
            }
            None => open.push(i),
        }
    }
    for i in open {
        let rest = left.entry(ends(&new.lines[i])).or_default();
        out[i].change = if rest.is_empty() {
            Some(Change::Added)
        } else {
            rest.remove(0);
            Some(Change::Changed { zone: false, owner: false, version: true })
        };
    }
    for line in &old.lines {
        if let Some(rest) = left.get_mut(&ends(line))
            && let Some(at) = rest.iter().position(|was| std::ptr::eq(*was, line))
        {
            rest.remove(at);
            out.push(Line { change: Some(Change::Removed), href: None, ..line.clone() });
        }
    }
    out
}
