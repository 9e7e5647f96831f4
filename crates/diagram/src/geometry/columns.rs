//! Everything along x: stacks, columns, and the tracks of risers in gutters and alleys.

use super::{BAND_NAME, Frame, GRID, MARGIN, TRACK, round_up};
use crate::place::Site;
use crate::tracks::{self, Stretch};

/// Risers by shaft, as (net, index of the riser).
type InShaft = Vec<Vec<(usize, usize)>>;

impl Frame<'_> {
    /// All x positions of plots, columns and risers.
    pub(super) fn set_columns(&mut self) {
        let mut in_shaft: InShaft = vec![Vec::new(); self.channels.shafts];
        for (n, net) in self.nets.iter().enumerate() {
            for (r, riser) in net.risers.iter().enumerate() {
                in_shaft[riser.shaft].push((n, r));
            }
        }
        let mut x = MARGIN;
        for s in 0..self.placement.stacks.len() {
            x = self.set_alley(s, &in_shaft[self.channels.alleys + s], x);
            x = self.set_stack_columns(s, &in_shaft, x);
        }
        let last = self.placement.stacks.len();
        let mut right = self.set_alley(last, &in_shaft[self.channels.alleys + last], x);
        // Bands: as narrow as they can be, then stretched to the page.
        let bands = self.placement.bands.clone();
        for stretch in [false, true] {
            for band in &bands {
                let end = band.last().map_or(0, |&plot| self.plots[plot].x + self.plots[plot].w);
                let cols: usize = band.iter().map(|&plot| self.placement.plots[plot].cols).sum();
                let spare = if stretch { right - end } else { 0 };
                let extra = (spare / (cols as i32).max(1)) / GRID * GRID;
                let mut x = MARGIN;
                for &plot in band {
                    x = self.set_band_columns(plot, &in_shaft, x, extra) + GRID;
                }
                if let (true, Some(&plot)) = (stretch, band.last()) {
                    self.plots[plot].w = right - self.plots[plot].x;
                }
                right = right.max(x - GRID);
            }
        }
        if let (true, Some(stack)) = (in_shaft[self.channels.alleys + last].is_empty(), self.placement.stacks.last()) {
            for &plot in stack {
                self.plots[plot].w = right - self.plots[plot].x;
            }
        }
        self.width = right.max(960 - MARGIN) + MARGIN;
        for (node, seat) in self.placement.seats.iter().enumerate() {
            self.nodes[node].x = self.columns[seat.plot][seat.col];
        }
    }

    /// Rough height of a horizontal channel on the page, for ordering only: rows of 64 px.
    fn rough_y(&self, channel: usize) -> i32 {
        if channel < self.channels.corridors {
            return -64 * (self.channels.corridors - channel) as i32;
        }
        let (plot, row) = self.row_of(channel);
        let above: usize = match self.placement.plots[plot].site {
            Site::Stack { stack, pos } => {
                self.placement.stacks[stack][..pos].iter().map(|&plot| self.placement.plots[plot].rows + 1).sum()
            }
            Site::Band(_) => 0,
        };
        64 * (above + row) as i32
    }

    /// A riser as a stretch from top to bottom that leaves to the left (near) and to the right (far).
    fn stretch(&self, n: usize, r: usize) -> Stretch {
        let net = &self.nets[n];
        let riser = &net.risers[r];
        let mut stretch = Stretch { net: n, from: i32::MAX, to: i32::MIN, near: Vec::new(), far: Vec::new() };
        for &channel in &riser.channels {
            let y = self.rough_y(channel);
            (stretch.from, stretch.to) = (stretch.from.min(y), stretch.to.max(y));
            let stubs = net.terminals.iter().filter(|t| t.channel == channel).map(|t| t.x);
            let others =
                net.risers.iter().enumerate().filter(|(i, other)| *i != r && other.channels.contains(&channel));
            let (mut left, mut right) = (false, false);
            for x in stubs.chain(others.map(|(_, other)| other.x)) {
                left |= x < riser.x;
                right |= x > riser.x;
            }
            if left {
                stretch.near.push(y);
            }
            if right {
                stretch.far.push(y);
            }
        }
        stretch.near.sort_unstable();
        stretch.far.sort_unstable();
        stretch
    }

    /// Tracks of wires between two stacks. Rows of the two stacks do not lie at the same heights, so only wires that
    /// touch the same stack may share a track; those of the left stack lie left.
    fn set_alley(&mut self, alley: usize, risers: &[(usize, usize)], x: i32) -> i32 {
        let mut sides: [Vec<(usize, usize)>; 3] = [Vec::new(), Vec::new(), Vec::new()];
        for &(n, r) in risers {
            let (mut left, mut right) = (false, false);
            for &channel in &self.nets[n].risers[r].channels {
                if channel >= self.channels.corridors
                    && let Site::Stack { stack, .. } = self.placement.plots[self.row_of(channel).0].site
                {
                    left |= stack < alley;
                    right |= stack >= alley;
                }
            }
            sides[if left && right { 1 } else { usize::from(right) * 2 }].push((n, r));
        }
        let mut used = 0;
        for (side, risers) in sides.iter().enumerate() {
            let mut stretches: Vec<Stretch> = risers.iter().map(|&(n, r)| self.stretch(n, r)).collect();
            if side == 1 {
                for stretch in &mut stretches {
                    (stretch.from, stretch.to) = (i32::MIN / 2, i32::MAX / 2);
                }
            }
            let (track, count) = tracks::assign(&stretches);
            for (&(n, r), track) in risers.iter().zip(track) {
                // Remainders 2 and 10: not those of what comes down into the same corridor.
                self.nets[n].risers[r].x = x + 18 + TRACK * (used + track as i32);
            }
            used += count as i32;
        }
        let inner = alley > 0 && alley < self.placement.stacks.len();
        let width = if used == 0 { 0 } else { round_up(TRACK * used, GRID) + GRID };
        x + width.max(if inner { 2 * GRID } else { 0 })
    }

    /// Columns and gutters of a stack from `x` on; the columns of its zones stand under each other. Returns its right edge.
    fn set_stack_columns(&mut self, s: usize, in_shaft: &InShaft, x: i32) -> i32 {
        let stack = self.placement.stacks[s].clone();
        let cols = stack.iter().map(|&plot| self.placement.plots[plot].cols).max().unwrap_or(1);
        let mut widths = vec![GRID; cols + 1];
        let mut found = Vec::new();
        for &plot in &stack {
            for c in 0..=self.placement.plots[plot].cols {
                let risers = &in_shaft[self.channels.gutters[plot] + c];
                let stretches: Vec<Stretch> = risers.iter().map(|&(n, r)| self.stretch(n, r)).collect();
                let (track, count) = tracks::assign(&stretches);
                let least = if c == 0 || c == cols { GRID } else { self.placement.spacing.gutter };
                let needs = if count == 0 { 0 } else { round_up(TRACK * (count as i32 + 1), GRID) };
                widths[c] = widths[c].max(least).max(needs);
                found.push((plot, c, track, count as i32));
            }
        }
        // Left edge of each gutter.
        let node_w = self.placement.spacing.node_w;
        let starts: Vec<i32> = (0..=cols).map(|c| x + widths[..c].iter().sum::<i32>() + node_w * c as i32).collect();
        for (plot, c, track, count) in found {
            for (&(n, r), track) in in_shaft[self.channels.gutters[plot] + c].iter().zip(track) {
                let first = starts[c] + (widths[c] - TRACK * (count - 1)) / 2;
                self.nets[n].risers[r].x = first + TRACK * track as i32;
            }
        }
        let right = starts[cols] + widths[cols];
        for &plot in &stack {
            let own = self.placement.plots[plot].cols;
            self.columns[plot] = (0..own).map(|c| starts[c] + widths[c]).collect();
            self.plots[plot].x = x;
            self.plots[plot].w = right - x;
        }
        right
    }

    /// Columns and gutters of a band's zone from `x` on, each gutter wider by `extra`; returns its right edge.
    fn set_band_columns(&mut self, p: usize, in_shaft: &InShaft, x: i32, extra: i32) -> i32 {
        let plot = &self.placement.plots[p];
        let (cols, gutters) = (plot.cols, self.channels.gutters[p]);
        let Site::Band(band) = plot.site else { return x };
        // Risers from above and from below one corridor keep different remainders.
        let class = if (self.placement.bands.len() - band).is_multiple_of(2) { 4 } else { 0 };
        let left = x;
        let mut x = x + BAND_NAME;
        self.columns[p].clear();
        for c in 0..=cols {
            let risers = &in_shaft[gutters + c];
            let mut stretches: Vec<Stretch> = risers.iter().map(|&(n, r)| self.stretch(n, r)).collect();
            for stretch in &mut stretches {
                (stretch.from, stretch.to) = (i32::MIN / 2, i32::MAX / 2);
            }
            let (track, count) = tracks::assign(&stretches);
            for (&(n, r), track) in risers.iter().zip(track) {
                self.nets[n].risers[r].x = x + GRID + class + GRID * track as i32;
            }
            let least = if c == 0 || c == cols { GRID } else { self.placement.spacing.gutter + extra };
            x += if count == 0 { least } else { least.max(GRID * (count as i32 + 2)) };
            if c < cols {
                self.columns[p].push(x);
                x += self.placement.spacing.node_w;
            }
        }
        self.plots[p].x = left;
        self.plots[p].w = x - left;
        x
    }
}
