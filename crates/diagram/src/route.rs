//! The way of one wire through the channels.
//!
//! Within a zone, uplinks use the channel between the two rows of a pair and other lines the channels between pairs.
//! From zone to zone a wire is a tree: stubs into row channels, one riser per alley it uses, and the corridor above the
//! stacks where it needs more than one alley. So it never closes a loop.

use crate::net::{Channels, Riser, Terminal};
use crate::place::{Placement, Site};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) struct Router<'a> {
    placement: &'a Placement,
    channels: &'a Channels,
    /// Nodes that others of their zone are plugged into.
    hubs: BTreeSet<usize>,
    terminals: Vec<Terminal>,
    risers: Vec<Riser>,
}

impl<'a> Router<'a> {
    pub(crate) fn new(placement: &'a Placement, channels: &'a Channels, hubs: BTreeSet<usize>) -> Self {
        Self { placement, channels, hubs, terminals: Vec::new(), risers: Vec::new() }
    }

    pub(crate) fn take(&mut self) -> (Vec<Terminal>, Vec<Riser>) {
        (std::mem::take(&mut self.terminals), std::mem::take(&mut self.risers))
    }

    /// From `root` to the leaves, which all lie in the root's zone (`same`), or all in one band zone, or all in stacks.
    pub(crate) fn route(&mut self, root: usize, leaves: &[usize], uplink: bool, same: bool) {
        if same {
            self.within(root, leaves, uplink);
            return;
        }
        let (a, b) = (self.placement.seats[root].plot, self.placement.seats[leaves[0]].plot);
        let below = self.channels.corridors - 1;
        match (self.placement.plots[a].site, self.placement.plots[b].site) {
            (Site::Band(x), Site::Band(y)) if x == y => {
                self.leave_band(&[root], a, x, true);
                self.leave_band(leaves, b, y, true);
            }
            (Site::Band(x), Site::Band(y)) if x < y => {
                self.leave_band(&[root], a, x, true);
                self.cross_bands(x + 1, y, leaves[0]);
                self.leave_band(leaves, b, y, false);
            }
            (Site::Band(x), Site::Band(y)) => {
                self.leave_band(&[root], a, x, false);
                self.cross_bands(y + 1, x, root);
                self.leave_band(leaves, b, y, true);
            }
            (Site::Band(x), Site::Stack { .. }) => {
                self.leave_band(&[root], a, x, true);
                self.cross_bands(x + 1, below, leaves[leaves.len() / 2]);
                self.tree(None, leaves, uplink, true);
            }
            (Site::Stack { .. }, Site::Band(y)) => {
                self.tree(Some(root), &[], uplink, true);
                self.cross_bands(y + 1, below, root);
                self.leave_band(leaves, b, y, true);
            }
            (Site::Stack { .. }, Site::Stack { .. }) => self.tree(Some(root), leaves, uplink, false),
        }
    }

    fn within(&mut self, root: usize, leaves: &[usize], uplink: bool) {
        let plot = self.placement.seats[root].plot;
        let cols = self.placement.plots[plot].cols;
        let mut used: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
        for (i, &node) in std::iter::once(&root).chain(leaves).enumerate() {
            // A switch whose own comb is elsewhere is reached from behind.
            let near = self.placement.seats[node].row / 2 == self.placement.seats[root].row / 2;
            let inner = uplink && (i == 0 || near || !self.hubs.contains(&node));
            let channel = self.stub(node, inner);
            let col = self.placement.seats[node].col;
            let span = used.entry(channel).or_insert((col, col));
            *span = (span.0.min(col), span.1.max(col));
        }
        // From channel to channel through a gutter that both stretches reach, or nearly.
        let mut spans: Vec<(usize, (usize, usize))> = used.into_iter().collect();
        for i in 1..spans.len() {
            let ((above, a), (below, b)) = (spans[i - 1], spans[i]);
            // Gutter g lies left of column g.
            let (low, high) = (a.0.max(b.0), (a.1 + 1).min(b.1 + 1));
            let gutter = if low <= high { (low + usize::from(low < high)).min(cols) } else { high };
            for at in [i - 1, i] {
                let span = &mut spans[at].1;
                *span = (span.0.min(gutter), span.1.max(gutter.saturating_sub(1)));
            }
            self.riser(self.channels.gutters[plot] + gutter, vec![above, below]);
        }
    }

    /// Ends in stacks, joined by alleys and, where these are several or `corridor` says so, by the corridor.
    fn tree(&mut self, root: Option<usize>, leaves: &[usize], uplink: bool, corridor: bool) {
        let stack_of = |node: usize| match self.placement.plots[self.placement.seats[node].plot].site {
            Site::Stack { stack, .. } => stack,
            Site::Band(_) => 0,
        };
        let nodes: Vec<(usize, bool)> = root
            .map(|root| (root, false))
            .into_iter()
            .chain(leaves.iter().map(|&leaf| (leaf, uplink && !self.hubs.contains(&leaf))))
            .collect();
        let stacks: BTreeSet<usize> = nodes.iter().map(|&(node, _)| stack_of(node)).collect();
        let (Some(&first), Some(&last)) = (stacks.first(), stacks.last()) else { return };
        let all_direct = nodes.iter().all(|&(node, inner)| !inner && self.direct(node));
        let corridor = corridor || last > first + 1 || (all_direct && last > first);
        let home = root.map(stack_of);
        // Which alley each stack uses: the one towards the root's, else towards the others, else the nearer one.
        let mut alleys: BTreeMap<usize, usize> = BTreeMap::new();
        for &stack in &stacks {
            let lean = |node: usize| {
                let seat = self.placement.seats[node];
                2 * seat.col as i64 + 1 - self.placement.plots[seat.plot].cols as i64
            };
            let here: i64 =
                nodes.iter().filter(|(node, _)| stack_of(*node) == stack).map(|&(node, _)| lean(node)).sum();
            let others: i64 = leaves.iter().map(|&leaf| (stack_of(leaf) as i64 - stack as i64).signum()).sum();
            let right = match home {
                _ if !corridor && last > first => stack == first,
                Some(home) if home != stack => home > stack,
                Some(_) if others != 0 => others > 0,
                _ => here > 0,
            };
            alleys.insert(stack, self.channels.alleys + stack + usize::from(right));
        }
        let mut used: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (node, inner) in nodes {
            if corridor && !inner && self.direct(node) {
                self.terminal(node, true, self.channels.corridors - 1);
            } else {
                let channel = self.stub(node, inner);
                used.entry(alleys[&stack_of(node)]).or_default().push(channel);
            }
        }
        for (alley, mut channels) in used {
            if corridor {
                channels.push(self.channels.corridors - 1);
            }
            self.riser(alley, channels);
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

    /// Through the bands `from..to`, near the column of a node.
    fn cross_bands(&mut self, from: usize, to: usize, target: usize) {
        let seat = self.placement.seats[target];
        let before: usize = match self.placement.plots[seat.plot].site {
            Site::Stack { stack, .. } => self.placement.stacks[..stack]
                .iter()
                .filter_map(|plots| plots.iter().map(|&plot| self.placement.plots[plot].cols).max())
                .sum(),
            Site::Band(_) => 0,
        };
        for band in from..to {
            let mut wanted = before + seat.col;
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

    /// Nothing stands between the top of this node and the corridor: first row of the topmost zone, and not in a column
    /// over which the zone's name stands.
    fn direct(&self, node: usize) -> bool {
        let seat = self.placement.seats[node];
        let plot = &self.placement.plots[seat.plot];
        seat.row == 0 && seat.col >= plot.name_cols() && matches!(plot.site, Site::Stack { pos: 0, .. })
    }

    /// Ends at the side of the node that faces its pair of rows (`inner`) or away from it; returns the channel there.
    fn stub(&mut self, node: usize, inner: bool) -> usize {
        let seat = self.placement.seats[node];
        let top = (seat.row % 2 == 1) == inner;
        let channel = self.channels.rows[seat.plot] + seat.row + usize::from(!top);
        self.terminal(node, top, channel);
        channel
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
