//! Which channels every wire uses. No coordinates yet.
//!
//! A wire (net) is a set of *terminals*, short stubs from the top or bottom of a node into the horizontal channel beside
//! it, and of *risers*, vertical stretches in vertical channels. In each horizontal channel it touches, it spans whatever
//! terminals and risers it has there. Because nodes stand between channels and never in them, no wire can run through a node.

use crate::model::{Change, Diagram, Line, LineKind};
use crate::place::{Placement, Site};
use crate::route::Router;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// End of a wire at a node.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terminal {
    pub node: usize,
    /// Leaves the node at its top side, else at its bottom side.
    pub top: bool,
    /// The horizontal channel it leads to.
    pub channel: usize,
    /// Set by geometry.
    pub x: i32,
}

/// Vertical stretch between horizontal channels.
#[derive(Clone, Debug)]
pub(crate) struct Riser {
    /// The vertical channel it lies in.
    pub shaft: usize,
    /// The horizontal channels it joins.
    pub channels: Vec<usize>,
    /// Set by geometry.
    pub x: i32,
}

/// One wire: a line, or several that differ in one end only.
#[derive(Clone, Debug)]
pub(crate) struct Net {
    /// Indices into [`Diagram::lines`].
    pub lines: Vec<usize>,
    /// The first one is the root: the end that all its lines share.
    pub terminals: Vec<Terminal>,
    /// Vertical stretches.
    pub risers: Vec<Riser>,
}

/// Numbers of channels. Corridor `b` lies above band `b`, the last one above the stacks.
#[derive(Clone, Debug)]
pub(crate) struct Channels {
    /// Number of corridors.
    pub corridors: usize,
    /// First row channel of each plot; there is one above every row and one below the last.
    pub rows: Vec<usize>,
    /// First shaft of each plot; there is one left of every column and one right of the last.
    pub gutters: Vec<usize>,
    /// First shaft between stacks; there is one left of every stack and one right of the last.
    pub alleys: usize,
    /// How many horizontal channels there are.
    pub horizontal: usize,
    /// How many shafts there are.
    pub shafts: usize,
}

impl Channels {
    pub(crate) fn new(placement: &Placement) -> Self {
        let corridors = placement.bands.len() + 1;
        let (mut horizontal, mut shafts) = (corridors, 0);
        let (mut rows, mut gutters) = (Vec::new(), Vec::new());
        for plot in &placement.plots {
            rows.push(horizontal);
            gutters.push(shafts);
            horizontal += plot.rows + 1;
            shafts += plot.cols + 1;
        }
        Self { corridors, rows, gutters, alleys: shafts, horizontal, shafts: shafts + placement.stacks.len() + 1 }
    }
}

/// What must be equal for lines to share a wire: root, which way they go from it, where the other ends are, and all that
/// is seen of them.
type Bundle<'a> = (usize, bool, Region, LineKind, &'a str, bool, bool, Option<Change>);

/// Where the far ends of a bundle are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Region {
    /// In the root's own zone.
    Same,
    /// In this band zone.
    Band(usize),
    /// In any other zones.
    Stacks,
}

/// Builds the wires in the order of the lines.
pub(crate) fn nets(diagram: &Diagram, placement: &Placement, channels: &Channels) -> Vec<Net> {
    let mut fan: BTreeMap<(usize, LineKind, &str), usize> = BTreeMap::new();
    let labels: Vec<String> = diagram.lines.iter().map(Line::shown).collect();
    for ((line, label), ends) in diagram.lines.iter().zip(&labels).zip(&placement.ends) {
        if let Some((from, to)) = *ends {
            *fan.entry((from, line.kind, label.as_str())).or_default() += 1;
            *fan.entry((to, line.kind, label.as_str())).or_default() += 1;
        }
    }
    let mut known: BTreeMap<Bundle, usize> = BTreeMap::new();
    let mut joined: BTreeSet<(usize, usize)> = BTreeSet::new();
    let mut bundles: Vec<(Bundle, Vec<usize>, Vec<usize>)> = Vec::new();
    for (i, (line, ends)) in diagram.lines.iter().zip(&placement.ends).enumerate() {
        let &Some((from, to)) = ends else { continue };
        let of = |node: usize| fan.get(&(node, line.kind, labels[i].as_str())).copied().unwrap_or(0);
        // The busier end is the root; of equal ones the upper.
        let at_target = match line.kind {
            LineKind::Uplink => true,
            _ => (of(to), Reverse(level(placement, to))) > (of(from), Reverse(level(placement, from))),
        };
        let (root, leaf) = if at_target { (to, from) } else { (from, to) };
        let (a, b) = (placement.seats[root].plot, placement.seats[leaf].plot);
        let region = match placement.plots[b].site {
            _ if a == b => Region::Same,
            Site::Band(_) => Region::Band(b),
            Site::Stack { .. } => Region::Stacks,
        };
        let bundle =
            (root, at_target, region, line.kind, labels[i].as_str(), line.always_on, line.unowned, line.change);
        let at = *known.entry(bundle).or_insert_with(|| {
            bundles.push((bundle, Vec::new(), Vec::new()));
            bundles.len() - 1
        });
        if joined.insert((at, leaf)) {
            bundles[at].1.push(leaf);
        }
        bundles[at].2.push(i);
    }
    let hubs = bundles.iter().filter(|(bundle, ..)| bundle.3 == LineKind::Uplink && bundle.2 == Region::Same);
    let hubs: BTreeSet<usize> = hubs.map(|(bundle, ..)| bundle.0).collect();
    let mut router = Router::new(placement, channels, hubs);
    bundles
        .into_iter()
        .map(|((root, _, region, kind, ..), leaves, lines)| {
            router.route(root, &leaves, kind == LineKind::Uplink, region == Region::Same);
            let (terminals, risers) = router.take();
            Net { lines, terminals, risers }
        })
        .collect()
}

/// Sort key of a node from the top of the page down.
fn level(placement: &Placement, node: usize) -> (usize, usize, usize, usize) {
    let seat = placement.seats[node];
    let (band, stack) = match placement.plots[seat.plot].site {
        Site::Band(band) => (band, 0),
        Site::Stack { stack, .. } => (usize::MAX, stack),
    };
    (band, stack, seat.plot, seat.row)
}
