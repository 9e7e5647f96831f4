//! What is drawn, in the words of the field. Keys tie the parts together; all texts come translated.

use crate::layer::{Facts, Layer, State};
use crate::text;
use std::collections::BTreeMap;
use tomomori_domain::resource::{ResourceKind, ZoneKind};

/// Everything one picture shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagram {
    /// First line: the heading. Further lines: date, counts, what the layers mean.
    pub title: Vec<String>,
    /// One sentence for people who do not see the picture.
    pub description: String,
    /// Network zones, in the order people know them.
    pub zones: Vec<Zone>,
    /// Devices, groups of devices and outside parties.
    pub nodes: Vec<Node>,
    /// Connections between nodes.
    pub lines: Vec<Line>,
    /// Who may own a node; the position decides colour and pattern, so the caller keeps the order stable.
    pub owners: Vec<Owner>,
    /// Words under the picture.
    pub legend: Legend,
    /// What the tabs of the boxes show.
    pub layer: Layer,
}

/// A network zone (区画).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    /// Unique key.
    pub key: String,
    /// Name.
    pub name: String,
    /// Address range or another short remark; may be empty.
    pub note: String,
    /// Role, which decides the place: outside at the top, then the boundary, then all others.
    pub kind: ZoneKind,
}

/// What stands in a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NodeKind {
    /// Somebody or something outside: a vendor's maintenance site, the Internet.
    Party,
    /// A resource of the ledger.
    Resource(ResourceKind),
}

/// One box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Unique key.
    pub key: String,
    /// Key of its zone. A node of no listed zone is drawn in a nameless zone at the end, never left out.
    pub zone: String,
    /// First text line.
    pub name: String,
    /// Second text line: product and version.
    pub detail: String,
    /// Kind.
    pub kind: NodeKind,
    /// Key of the owner who must update it; `None` with neither flag below set draws an empty tab.
    pub owner: Option<String>,
    /// How many devices the box stands for, from 1.
    pub count: u32,
    /// Keys of the devices a group stands for; empty for a single device.
    pub members: Vec<String>,
    /// Open findings; `None` = none known, which is not the same as safe.
    pub badge: Option<Badge>,
    /// It is certain that nobody owns it (red).
    pub nobody: bool,
    /// Owner, product or version is not known, or no ledger has it (gray hatch).
    pub unknown: bool,
    /// What the other layers show of it.
    pub facts: Facts,
    /// What became of it since the older of two dates, see [`crate::compare`].
    pub change: Option<Change>,
    /// Set when the box stands for many different devices, see [`crate::collapse`].
    pub fold: Option<Fold>,
    /// Page of the node.
    pub href: Option<String>,
}

/// What is in a folded box.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fold {
    /// Devices by kind.
    pub kinds: BTreeMap<NodeKind, u32>,
    /// Devices by what the layers say of them.
    pub states: BTreeMap<State, u32>,
    /// Devices that certainly nobody owns.
    pub nobody: u32,
    /// Devices of which owner, product or version is not known.
    pub unknown: u32,
}

/// What became of a node or a line between two dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Only on the newer date (＋).
    Added,
    /// Only on the older date (－, dashed).
    Removed,
    /// On both, but different (△).
    Changed {
        /// Of a node: stands in another zone.
        zone: bool,
        /// Of a node: somebody else must update it.
        owner: bool,
        /// Of a node: other product or version; of a line: other text, always-on or owned state.
        version: bool,
    },
}

/// Findings on a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Badge {
    /// Number of open findings: per device in a group, the sum in a folded box.
    pub count: u32,
    /// At least one is known to be exploited.
    pub exploited: bool,
}

impl Badge {
    /// What it says in text of `size`, and how wide it is drawn.
    pub(crate) fn sign(self, size: i32) -> (String, i32) {
        let mut sign = if self.count > 999 { "999+".to_owned() } else { self.count.to_string() };
        if self.exploited {
            sign.push('!');
        }
        let width = (text::width(&sign, size) + 8).max(18);
        (sign, width)
    }

    /// How far it reaches over its box from the right; it stands out by the rest.
    pub(crate) fn room(self, size: i32) -> i32 {
        self.sign(size).1 - 6
    }
}

/// What a line stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LineKind {
    /// A device (`from`) is plugged into another (`to`); such lines into one box are drawn as one bus.
    Uplink,
    /// A connection that carries data.
    Link,
    /// A remote-maintenance line.
    Remote,
}

/// A connection between two nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Node key.
    pub from: String,
    /// Node key.
    pub to: String,
    /// Text beside the line; may be empty.
    pub label: String,
    /// What it stands for.
    pub kind: LineKind,
    /// Always connected (dashed).
    pub always_on: bool,
    /// Nobody owns it, or its sources are not limited (red, with a sign).
    pub unowned: bool,
    /// How many lines it stands for, from 1; more are drawn as `×n`, except for uplinks.
    pub count: u32,
    /// What became of it since the older of two dates, see [`crate::compare`].
    pub change: Option<Change>,
    /// Page of the line.
    pub href: Option<String>,
}

impl Line {
    /// The text beside it.
    pub(crate) fn shown(&self) -> String {
        let sign = if self.unowned { "！" } else { "" };
        // Plugs are drawn as a bus, whatever their number.
        let times =
            if self.count > 1 && self.kind != LineKind::Uplink { format!(" ×{}", self.count) } else { String::new() };
        format!("{}{sign}{}{times}", Change::sign(self.change), self.label).trim().to_owned()
    }
}

impl Change {
    /// Readable in black and white.
    pub(crate) fn sign(change: Option<Self>) -> &'static str {
        match change {
            None => "",
            Some(Self::Added) => "＋",
            Some(Self::Removed) => "－",
            Some(Self::Changed { .. }) => "△",
        }
    }
}

/// A vendor, or the hospital itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// Unique key.
    pub key: String,
    /// Name for the legend.
    pub name: String,
    /// One letter for the tab of its boxes.
    pub letter: String,
    /// The hospital itself: neutral, takes none of the eight hues.
    pub hospital: bool,
}

/// Words under the picture; an empty word leaves its entry out. Only entries that the picture uses are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Legend {
    /// For red boxes that nobody owns.
    pub nobody: String,
    /// For hatched boxes.
    pub unknown: String,
    /// For the red circle with a number.
    pub findings: String,
    /// For the sign of an exploited finding.
    pub exploited: String,
    /// For remote-maintenance lines.
    pub remote: String,
    /// For dashed lines.
    pub always_on: String,
    /// For red lines.
    pub unowned: String,
    /// For ＋.
    pub added: String,
    /// For －.
    pub removed: String,
    /// For △.
    pub changed: String,
    /// For what the layers show.
    pub states: BTreeMap<State, String>,
    /// Kinds of devices, for folded boxes.
    pub kinds: BTreeMap<NodeKind, String>,
    /// Free remarks, one paragraph each.
    pub notes: Vec<String>,
}
