//! What differs between two days, in words.

use super::Translate;
use std::collections::BTreeMap;
use tomomori_diagram::{Change, Diagram, LineKind, Node};
use tomomori_domain::Msg;

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// New, gone or changed, in a word and the sign it has in the picture.
    pub sign: Msg,
    /// The device, or both ends of the line.
    pub name: String,
    /// What it is now, or how it changed.
    pub what: Vec<Msg>,
    /// Page of the device, if it is still there.
    pub href: Option<String>,
}

/// Everything that differs, devices first, as `compared` marks it.
pub(super) fn differences(old: &Diagram, compared: &Diagram, tr: Translate<'_>) -> Vec<Difference> {
    let words = Words {
        zones: compared.zones.iter().map(|zone| (zone.key.as_str(), zone.name.as_str())).collect(),
        owners: compared.owners.iter().map(|owner| (owner.key.as_str(), owner.name.as_str())).collect(),
        unknown: tr(&Msg::new("unknown")),
        nobody: tr(&Msg::new("tag-nobody")),
    };
    let before: BTreeMap<&str, &Node> = old.nodes.iter().map(|node| (node.key.as_str(), node)).collect();
    let names: BTreeMap<&str, &str> =
        compared.nodes.iter().map(|node| (node.key.as_str(), node.name.as_str())).collect();
    let nodes = compared.nodes.iter().filter_map(|node| {
        let change = node.change?;
        let what = match (change, before.get(node.key.as_str())) {
            (Change::Changed { zone, owner, version }, Some(was)) => words.changes(was, node, [zone, owner, version]),
            _ => vec![Msg::new("diagram-diff-in").arg("zone", words.zone(node))],
        };
        Some(Difference { sign: sign(change), name: node.name.clone(), what, href: node.href.clone() })
    });
    let name = |key: &str| names.get(key).map_or_else(|| words.unknown.clone(), |name| (*name).to_owned());
    let lines = compared.lines.iter().filter_map(|line| {
        let change = line.change?;
        let what = if line.kind == LineKind::Uplink {
            Msg::new("diagram-diff-plug")
        } else {
            Msg::new("diagram-diff-line").arg("label", &line.label)
        };
        let name = format!("{} ― {}", name(&line.from), name(&line.to));
        Some(Difference { sign: sign(change), name, what: vec![what], href: None })
    });
    nodes.chain(lines).collect()
}

fn sign(change: Change) -> Msg {
    match change {
        Change::Added => Msg::new("diagram-sign-added"),
        Change::Removed => Msg::new("diagram-sign-removed"),
        Change::Changed { .. } => Msg::new("diagram-sign-changed"),
    }
}

struct Words<'a> {
    zones: BTreeMap<&'a str, &'a str>,
    owners: BTreeMap<&'a str, &'a str>,
    unknown: String,
    nobody: String,
}

impl Words<'_> {
    fn zone(&self, node: &Node) -> String {
        self.zones.get(node.zone.as_str()).map_or_else(|| self.unknown.clone(), |name| (*name).to_owned())
    }

    fn owner(&self, node: &Node) -> String {
        let named = node.owner.as_deref().and_then(|key| self.owners.get(key)).map(|name| (*name).to_owned());
        named.unwrap_or_else(|| if node.nobody { self.nobody.clone() } else { self.unknown.clone() })
    }

    fn detail(&self, node: &Node) -> String {
        if node.detail.is_empty() { self.unknown.clone() } else { node.detail.clone() }
    }

    fn changes(&self, was: &Node, now: &Node, [zone, owner, version]: [bool; 3]) -> Vec<Msg> {
        let mut what = Vec::new();
        if zone {
            what.push(Msg::new("diagram-diff-zone").arg("was", self.zone(was)).arg("now", self.zone(now)));
        }
        if owner {
            what.push(Msg::new("diagram-diff-owner").arg("was", self.owner(was)).arg("now", self.owner(now)));
        }
        if version && was.detail != now.detail {
            what.push(Msg::new("diagram-diff-version").arg("was", self.detail(was)).arg("now", self.detail(now)));
        } else if version {
            what.push(Msg::new("diagram-diff-kind"));
        }
        what
    }
}
