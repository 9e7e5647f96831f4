//! From channels to integer coordinates (pixels at screen scale).
//!
//! Vertical stretches must not lie on each other where they meet in one horizontal channel from above and below, so
//! each sort of them has its own remainder modulo [`GRID`]: tops of nodes 8, bottoms 12, gutters and alleys 0 or 4.

use crate::legend;
use crate::model::Diagram;
use crate::net::{Channels, Net, nets};
use crate::picture::{Layout, Point, Rect};
use crate::place::{Placement, Site, place};
use crate::text;
use crate::tracks::{self, Stretch};

mod labels;
mod wires;

pub(crate) const GRID: i32 = 16;
pub(crate) const NODE_W: i32 = 176;
pub(crate) const NODE_H: i32 = 40;
/// Width of the owner's tab at the left of a node.
pub(crate) const TAB: i32 = 20;
pub(crate) const MARGIN: i32 = 32;
/// Left part of a band, where its name stands.
const BAND_NAME: i32 = 112;
const TRACK: i32 = 8;
const LABEL_ROW: i32 = 16;
/// Free space at the top and at the bottom of a horizontal channel.
const PAD: i32 = 6;

/// Computes the picture. Never fails: what does not fit is shortened, what cannot be drawn is listed in
/// [`Layout::undrawn`].
#[must_use]
pub fn layout(diagram: &Diagram) -> Layout {
    let placement = place(diagram);
    let channels = Channels::new(&placement);
    let nets = nets(diagram, &placement, &channels);
    let mut frame = Frame::new(diagram, &placement, &channels, nets);
    frame.set_columns();
    frame.set_ports();
    frame.set_labels();
    frame.set_tracks();
    let title = legend::title(diagram, frame.width);
    let top = title.iter().map(|label| label.rect.y + label.rect.h).max().unwrap_or(0) + 8;
    let bottom = frame.set_rows(round_up(top, 8));
    let (legend, height) = legend::legend(diagram, frame.width, bottom + 16);
    Layout {
        width: frame.width,
        height,
        title,
        description: text::clean(&diagram.description),
        zones: frame.zone_boxes(),
        nodes: frame.node_boxes(),
        wires: frame.wires(),
        legend,
        undrawn: (0..diagram.lines.len()).filter(|&i| placement.ends[i].is_none()).collect(),
    }
}

fn round_up(value: i32, step: i32) -> i32 {
    (value + step - 1) / step * step
}

/// Everything known about positions while they are being found.
struct Frame<'a> {
    diagram: &'a Diagram,
    placement: &'a Placement,
    channels: &'a Channels,
    nets: Vec<Net>,
    width: i32,
    /// Frames of the zones; x and width first, y and height last.
    plots: Vec<Rect>,
    names: Vec<labels::ZoneName>,
    /// Left edges of the columns of each plot.
    columns: Vec<Vec<i32>>,
    /// Upper left corners of nodes.
    nodes: Vec<Point>,
    /// Per horizontal channel.
    beds: Vec<Bed>,
    labels: Vec<labels::Placed>,
}

/// A horizontal channel.
#[derive(Clone, Debug, Default)]
struct Bed {
    y: i32,
    height: i32,
    /// Shift of its tracks, so that channels left and right of an alley never share a y.
    shift: i32,
    tracks: usize,
    /// Rows of labels at the top and at the bottom.
    label_rows: [usize; 2],
    /// Track of each net in this channel, sorted by net.
    track: Vec<(usize, usize)>,
}

impl Bed {
    fn track_y(&self, net: usize) -> i32 {
        let track = self.track.binary_search_by_key(&net, |&(net, _)| net).map_or(0, |i| self.track[i].1);
        self.y + PAD + self.shift + self.label_rows[0] as i32 * LABEL_ROW + track as i32 * TRACK
    }

    fn needs(&self) -> i32 {
        let labels = (self.label_rows[0] + self.label_rows[1]) as i32 * LABEL_ROW;
        8 + labels + self.tracks as i32 * TRACK
    }
}

impl<'a> Frame<'a> {
    fn new(diagram: &'a Diagram, placement: &'a Placement, channels: &'a Channels, nets: Vec<Net>) -> Self {
        let names = placement.plots.iter().map(|plot| labels::ZoneName::new(diagram, plot)).collect();
        let mut beds = vec![Bed::default(); channels.horizontal];
        for (p, plot) in placement.plots.iter().enumerate() {
            if let Site::Stack { stack, .. } = plot.site {
                for bed in &mut beds[channels.rows[p]..=channels.rows[p] + plot.rows] {
                    bed.shift = (stack % 2) as i32 * (TRACK / 2);
                }
            }
        }
        Self {
            diagram,
            placement,
            channels,
            nets,
            width: 0,
            plots: vec![Rect::default(); placement.plots.len()],
            names,
            columns: vec![Vec::new(); placement.plots.len()],
            nodes: vec![Point { x: 0, y: 0 }; placement.seats.len()],
            beds,
            labels: Vec::new(),
        }
    }

    /// Sort key of a horizontal channel from top to bottom: (level, place in stack, row).
    fn depth(&self, channel: usize) -> (usize, usize, usize) {
        if channel < self.channels.corridors {
            return (2 * channel, 0, 0);
        }
        let plot = self.channels.rows.partition_point(|&first| first <= channel) - 1;
        let row = channel - self.channels.rows[plot];
        match self.placement.plots[plot].site {
            Site::Band(band) => (2 * band + 1, 0, row),
            Site::Stack { pos, .. } => (2 * self.channels.corridors, pos, row),
        }
    }

    /// All x positions of plots, columns and risers.
    fn set_columns(&mut self) {
        let mut in_shaft: Vec<Vec<(usize, usize)>> = vec![Vec::new(); self.channels.shafts];
        for (n, net) in self.nets.iter().enumerate() {
            for (r, riser) in net.risers.iter().enumerate() {
                in_shaft[riser.shaft].push((n, r));
            }
        }
        let mut x = MARGIN;
        for (s, stack) in self.placement.stacks.iter().enumerate() {
            x = self.set_alley(s, &in_shaft[self.channels.alleys + s], x);
            let mut right = x;
            for &plot in stack {
                right = right.max(self.set_plot_columns(plot, &in_shaft, x, 0));
            }
            for &plot in stack {
                self.plots[plot] = Rect { x, w: right - x, ..Rect::default() };
            }
            x = right;
        }
        let last = self.placement.stacks.len();
        let mut right = self.set_alley(last, &in_shaft[self.channels.alleys + last], x);
        // Bands: as narrow as they can be, then stretched to the page.
        let bands = self.placement.bands.clone();
        for stretch in [false, true] {
            for band in &bands {
                let cols: usize = band.iter().map(|&plot| self.placement.plots[plot].cols).sum();
                let spare = if stretch {
                    right - self.plots[band[band.len() - 1]].x - self.plots[band[band.len() - 1]].w
                } else {
                    0
                };
                let extra = (spare / (cols as i32).max(1)) / GRID * GRID;
                let mut x = MARGIN;
                for &plot in band {
                    let end = self.set_plot_columns(plot, &in_shaft, x, extra);
                    self.plots[plot] = Rect { x, w: end - x, ..Rect::default() };
                    x = end + GRID;
                }
                let plot = band[band.len() - 1];
                if stretch {
                    self.plots[plot].w = right - self.plots[plot].x;
                } else {
                    right = right.max(self.plots[plot].x + self.plots[plot].w);
                }
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

    /// One track per wire between two stacks: those that turn left lie left.
    fn set_alley(&mut self, alley: usize, risers: &[(usize, usize)], x: i32) -> i32 {
        let mut order: Vec<(i32, usize, usize)> = Vec::new();
        for &(n, r) in risers {
            let mut side = 0_i32;
            for &channel in &self.nets[n].risers[r].channels {
                if channel >= self.channels.corridors {
                    let plot = self.channels.rows.partition_point(|&first| first <= channel) - 1;
                    if let Site::Stack { stack, .. } = self.placement.plots[plot].site {
                        side += if stack < alley { -1 } else { 1 };
                    }
                }
            }
            order.push((side.signum(), n, r));
        }
        order.sort_unstable();
        for (i, (_, n, r)) in order.iter().enumerate() {
            self.nets[*n].risers[*r].x = x + 20 + GRID * i as i32;
        }
        let inner = alley > 0 && alley < self.placement.stacks.len();
        let tracks = if risers.is_empty() { 0 } else { GRID * (risers.len() as i32 + 2) };
        x + tracks.max(if inner { 2 * GRID } else { 0 })
    }

    /// Columns and gutters of one plot from `x` on; returns its right edge.
    fn set_plot_columns(&mut self, p: usize, in_shaft: &[Vec<(usize, usize)>], x: i32, extra: i32) -> i32 {
        let plot = &self.placement.plots[p];
        let (first_row, first_gutter) = (self.channels.rows[p], self.channels.gutters[p]);
        let band = if let Site::Band(band) = plot.site { Some(band) } else { None };
        let mut x = x + if band.is_some() { BAND_NAME } else { 0 };
        self.columns[p].clear();
        for c in 0..=plot.cols {
            let risers = &in_shaft[first_gutter + c];
            let ordinal = |channel: usize| match band {
                Some(band) if channel < self.channels.corridors => {
                    if channel <= band {
                        -100
                    } else {
                        100 * (plot.rows as i32 + 1)
                    }
                }
                _ => 100 * (channel - first_row) as i32,
            };
            let stretches: Vec<Stretch> = risers
                .iter()
                .map(|&(net, r)| {
                    let places = self.nets[net].risers[r].channels.iter().map(|&channel| ordinal(channel));
                    let (from, to) = places.fold((i32::MAX, i32::MIN), |(a, b), at| (a.min(at), b.max(at)));
                    Stretch { net, from, to, near: Vec::new(), far: Vec::new() }
                })
                .collect();
            let (track, count) = tracks::assign(&stretches);
            let least = if c == 0 || c == plot.cols { GRID } else { self.placement.spacing.gutter + extra };
            let count = count as i32;
            let (width, start, step) = match band {
                Some(band) => {
                    let class = if (self.placement.bands.len() - band).is_multiple_of(2) { 4 } else { 0 };
                    let width = if count == 0 { least } else { least.max(GRID * (count + 2)) };
                    (width, GRID + class, GRID)
                }
                None => {
                    let width = least.max(round_up(TRACK * (count + 1), GRID));
                    (width, (width - TRACK * (count - 1)) / 2, TRACK)
                }
            };
            for (&(n, r), track) in risers.iter().zip(track) {
                self.nets[n].risers[r].x = x + start + step * track as i32;
            }
            x += width;
            if c < plot.cols {
                self.columns[p].push(x);
                x += NODE_W;
            }
        }
        x
    }

    /// Tracks of all horizontal channels.
    fn set_tracks(&mut self) {
        let mut stretches: Vec<Vec<Stretch>> = vec![Vec::new(); self.channels.horizontal];
        for n in 0..self.nets.len() {
            for (channel, near, far) in self.touches(n) {
                let all = near.iter().chain(&far);
                let (from, to) = all.fold((i32::MAX, i32::MIN), |(a, b), &x| (a.min(x), b.max(x)));
                if from < to {
                    stretches[channel].push(Stretch { net: n, from, to, near, far });
                }
            }
        }
        for (bed, stretches) in self.beds.iter_mut().zip(&stretches) {
            let (track, count) = tracks::assign(stretches);
            bed.tracks = count;
            bed.track = stretches.iter().map(|s| s.net).zip(track).collect();
        }
    }

    /// For each horizontal channel of a net: where it leaves upwards and where downwards.
    fn touches(&self, n: usize) -> Vec<(usize, Vec<i32>, Vec<i32>)> {
        let net = &self.nets[n];
        let mut all: Vec<(usize, bool, i32)> = net.terminals.iter().map(|t| (t.channel, t.top, t.x)).collect();
        for riser in &net.risers {
            // With the channel's number, so that rows of two stacks beside each other never count as one height.
            let depths: Vec<_> = riser.channels.iter().map(|&channel| (self.depth(channel), channel)).collect();
            for (&channel, depth) in riser.channels.iter().zip(&depths) {
                if depths.iter().any(|other| other < depth) {
                    all.push((channel, false, riser.x));
                }
                if depths.iter().any(|other| other > depth) {
                    all.push((channel, true, riser.x));
                }
            }
        }
        all.sort_unstable();
        let mut out: Vec<(usize, Vec<i32>, Vec<i32>)> = Vec::new();
        for (channel, down, x) in all {
            if out.last().is_none_or(|last| last.0 != channel) {
                out.push((channel, Vec::new(), Vec::new()));
            }
            if let Some(last) = out.last_mut() {
                if down { last.2.push(x) } else { last.1.push(x) }
            }
        }
        out
    }

    /// All y positions; returns the lower edge of the picture.
    fn set_rows(&mut self, top: i32) -> i32 {
        let mut y = top;
        let bands = self.placement.bands.clone();
        for (b, band) in bands.iter().enumerate() {
            y = self.set_bed(b, y, if b == 0 { 0 } else { 40 });
            let bottom = band.iter().map(|&plot| self.set_plot_rows(plot, y, GRID)).max().unwrap_or(y);
            for &plot in band {
                self.plots[plot].h = bottom - y;
            }
            y = bottom;
        }
        let last = bands.len();
        y = self.set_bed(last, y, if last == 0 { 0 } else { 40 });
        let stacks = self.placement.stacks.clone();
        let mut bottom = y;
        for stack in &stacks {
            let mut at = y;
            for &plot in stack {
                let end = self.set_plot_rows(plot, at, self.names[plot].header);
                self.plots[plot].h = end - at;
                bottom = bottom.max(end);
                at = end + 24;
            }
        }
        for stack in &stacks {
            if let Some(&plot) = stack.last() {
                self.plots[plot].h = bottom - self.plots[plot].y;
            }
        }
        bottom
    }

    fn set_bed(&mut self, channel: usize, y: i32, least: i32) -> i32 {
        let bed = &mut self.beds[channel];
        let empty = bed.tracks + bed.label_rows[0] + bed.label_rows[1] == 0;
        bed.y = y;
        bed.height = if empty { least } else { bed.needs().max(least) };
        y + bed.height
    }

    fn set_plot_rows(&mut self, p: usize, y: i32, header: i32) -> i32 {
        self.plots[p].y = y;
        let (first, rows) = (self.channels.rows[p], self.placement.plots[p].rows);
        let in_band = matches!(self.placement.plots[p].site, Site::Band(_));
        let mut at = self.set_bed(first, y + header, if in_band { 0 } else { 8 });
        let mut tops = Vec::with_capacity(rows);
        for row in 0..rows {
            tops.push(at);
            at = self.set_bed(
                first + row + 1,
                at + NODE_H,
                if row + 1 == rows { GRID } else { self.placement.spacing.row_gap },
            );
        }
        self.names[p].tops = tops;
        at
    }
}
