//! Which channels every wire uses. No coordinates yet.
//!
//! A wire (net) is a set of *terminals*, short stubs from the top or bottom of a node into the horizontal channel beside
//! it, and of *risers*, vertical stretches in vertical channels. In each horizontal channel it touches, it spans whatever
//! terminals and risers it has there. Because nodes stand between channels and never in them, no wire can run through a node.

use crate::model::{Diagram, LineKind};
use crate::place::{Placement, Site};
use std::collections::BTreeMap;

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

/// One wire: one line, or all uplinks from one zone into one node.
#[derive(Clone, Debug)]
pub(crate) struct Net {
    /// Indices into [`Diagram::lines`].
    pub lines: Vec<usize>,
    /// The first one is the root: the upper node of a line, the node plugged into for uplinks.
    pub terminals: Vec<Terminal>,
    /// In order from root to the other end.
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

/// Builds the wires in the order of the lines.
pub(crate) fn nets(diagram: &Diagram, placement: &Placement, channels: &Channels) -> Vec<Net> {
    let mut buses: BTreeMap<(usize, usize, bool), usize> = BTreeMap::new();
    let mut groups: Vec<(usize, Vec<usize>, Vec<usize>)> = Vec::new();
    for (i, (line, ends)) in diagram.lines.iter().zip(&placement.ends).enumerate() {
        let &Some((from, to)) = ends else { continue };
        let plain = line.kind == LineKind::Uplink && line.label.is_empty() && !line.always_on;
        if plain {
            let key = (to, placement.seats[from].plot, line.unowned);
            let bus = *buses.entry(key).or_insert_with(|| {
                groups.push((to, Vec::new(), Vec::new()));
                groups.len() - 1
            });
            if !groups[bus].1.contains(&from) {
                groups[bus].1.push(from);
            }
            groups[bus].2.push(i);
        } else {
            let level = |node: usize| {
                let seat = placement.seats[node];
                let level = match placement.plots[seat.plot].site {
                    Site::Band(band) => (band, 0),
                    Site::Stack { stack, .. } => (usize::MAX, stack),
                };
                (level, seat.plot, seat.row)
            };
            let (root, leaf) = if level(to) < level(from) { (to, from) } else { (from, to) };
            groups.push((root, vec![leaf], vec![i]));
        }
    }
    let mut router = Router { placement, channels, terminals: Vec::new(), risers: Vec::new() };
    groups.into_iter().map(|(root, leaves, lines)| router.route(root, &leaves, lines)).collect()
}

struct Router<'a> {
    placement: &'a Placement,
    channels: &'a Channels,
    terminals: Vec<Terminal>,
    risers: Vec<Riser>,
}

impl Router<'_> {
    fn route(&mut self, root: usize, leaves: &[usize], lines: Vec<usize>) -> Net {
        let (a, b) = (self.placement.seats[root].plot, self.placement.seats[leaves[0]].plot);
        if a == b {
            self.within(root, leaves);
        } else {
            self.between(root, leaves, a, b);
        }
        Net { lines, terminals: std::mem::take(&mut self.terminals), risers: std::mem::take(&mut self.risers) }
    }

    fn within(&mut self, root: usize, leaves: &[usize]) {
        let at = self.placement.seats[root];
        let first = self.channels.rows[at.plot];
        let mut used = vec![first + at.row + 1];
        self.terminal(root, false, used[0]);
        let mut columns = 0;
        for &leaf in leaves {
            let seat = self.placement.seats[leaf];
            let (top, channel) = if seat.row > at.row { (true, seat.row) } else { (false, seat.row + 1) };
            self.terminal(leaf, top, first + channel);
            used.push(first + channel);
            columns += seat.col;
        }
        let right = columns > at.col * leaves.len();
        self.riser(self.channels.gutters[at.plot] + at.col + usize::from(right), used);
    }

    fn between(&mut self, root: usize, leaves: &[usize], a: usize, b: usize) {
        let below = self.channels.corridors - 1;
        match (self.placement.plots[a].site, self.placement.plots[b].site) {
            (Site::Band(x), Site::Band(y)) if x == y => {
                self.leave_band(&[root], a, x, true);
                self.leave_band(leaves, b, y, true);
            }
            (Site::Band(x), Site::Band(y)) if x < y => {
                self.leave_band(&[root], a, x, true);
                self.cross_bands(x + 1, y, b, self.placement.seats[leaves[0]].col);
                self.leave_band(leaves, b, y, false);
            }
            (Site::Band(x), Site::Band(y)) => {
                self.leave_band(&[root], a, x, false);
                self.cross_bands(y + 1, x, a, self.placement.seats[root].col);
                self.leave_band(leaves, b, y, true);
            }
            (Site::Band(x), Site::Stack { .. }) => {
                self.leave_band(&[root], a, x, true);
                self.cross_bands(x + 1, below, b, self.placement.seats[leaves[0]].col);
                self.leave_stack(leaves, b);
            }
            (Site::Stack { .. }, Site::Band(y)) => {
                self.leave_stack(&[root], a);
                self.cross_bands(y + 1, below, a, self.placement.seats[root].col);
                self.leave_band(leaves, b, y, true);
            }
            (Site::Stack { stack: x, .. }, Site::Stack { stack: y, .. }) => {
                let direct = self.direct(root) && leaves.iter().all(|&leaf| self.direct(leaf));
                if x == y || (x.abs_diff(y) == 1 && !direct) {
                    let right = self.in_right_half(root, a);
                    let alley = self.channels.alleys + if x == y { x + usize::from(right) } else { x.max(y) };
                    let mut used = vec![self.row_above(root)];
                    self.terminal(root, true, used[0]);
                    for &leaf in leaves {
                        let channel = self.row_above(leaf);
                        self.terminal(leaf, true, channel);
                        used.push(channel);
                    }
                    self.riser(alley, used);
                } else {
                    self.leave_stack(&[root], a);
                    self.leave_stack(leaves, b);
                }
            }
        }
    }

    /// From nodes of a band plot to the corridor below (`down`) or above it.
    fn leave_band(&mut self, nodes: &[usize], plot: usize, band: usize, down: bool) {
        let corridor = band + usize::from(down);
        let mut used = vec![corridor];
        let mut column = 0;
        for &node in nodes {
            let seat = self.placement.seats[node];
            let at_edge = if down { seat.row + 1 == self.placement.plots[plot].rows } else { seat.row == 0 };
            if at_edge {
                self.terminal(node, !down, corridor);
            } else {
                let channel = self.channels.rows[plot] + seat.row + usize::from(down);
                self.terminal(node, !down, channel);
                used.push(channel);
                column = seat.col;
            }
        }
        self.riser(self.channels.gutters[plot] + column, used);
    }

    /// Through the bands `from..to`, near a column of the target.
    fn cross_bands(&mut self, from: usize, to: usize, target: usize, col: usize) {
        let before = match self.placement.plots[target].site {
            Site::Stack { stack, .. } => self.placement.stacks[..stack]
                .iter()
                .filter_map(|plots| plots.iter().map(|&plot| self.placement.plots[plot].cols).max())
                .sum(),
            Site::Band(_) => 0,
        };
        for band in from..to {
            let mut wanted = before + col;
            let mut choice = None;
            for &plot in &self.placement.bands[band] {
                let cols = self.placement.plots[plot].cols;
                choice = Some((plot, wanted.min(cols)));
                if wanted <= cols {
                    break;
                }
                wanted -= cols;
            }
            if let Some((plot, gutter)) = choice {
                self.riser(self.channels.gutters[plot] + gutter, vec![band, band + 1]);
            }
        }
    }

    /// From nodes of a stacked plot to the corridor above the stacks: straight up where nothing is in the way, else
    /// sideways into the alley beside the stack.
    fn leave_stack(&mut self, nodes: &[usize], plot: usize) {
        let corridor = self.channels.corridors - 1;
        let Site::Stack { stack, .. } = self.placement.plots[plot].site else { return };
        let mut used = vec![corridor];
        let mut right = 0;
        for &node in nodes {
            if self.direct(node) {
                self.terminal(node, true, corridor);
            } else {
                let channel = self.row_above(node);
                self.terminal(node, true, channel);
                used.push(channel);
                right += if self.in_right_half(node, plot) { 1 } else { -1 };
            }
        }
        self.riser(self.channels.alleys + stack + usize::from(right > 0), used);
    }

    /// Nothing stands between the top of this node and the corridor: first row of the topmost zone, and not in the
    /// first column, over which the zone's name stands.
    fn direct(&self, node: usize) -> bool {
        let seat = self.placement.seats[node];
        seat.row == 0 && seat.col > 0 && matches!(self.placement.plots[seat.plot].site, Site::Stack { pos: 0, .. })
    }

    fn in_right_half(&self, node: usize, plot: usize) -> bool {
        2 * self.placement.seats[node].col >= self.placement.plots[plot].cols
    }

    fn row_above(&self, node: usize) -> usize {
        let seat = self.placement.seats[node];
        self.channels.rows[seat.plot] + seat.row
    }

    fn terminal(&mut self, node: usize, top: bool, channel: usize) {
        self.terminals.push(Terminal { node, top, channel, x: 0 });
    }

    fn riser(&mut self, shaft: usize, mut channels: Vec<usize>) {
        channels.sort_unstable();
        channels.dedup();
        if channels.len() > 1 {
            self.risers.push(Riser { shaft, channels, x: 0 });
        }
    }
}
