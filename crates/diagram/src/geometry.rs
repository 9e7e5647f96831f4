//! From channels to integer coordinates (pixels at screen scale).
//!
//! Vertical stretches must not lie on each other where they meet in one horizontal channel from above and below, so
//! each sort of them has its own remainder modulo [`GRID`]: tops of nodes 8, bottoms 12, gutters and alleys 0 or 4.

use crate::arrange::Arrangement;
use crate::legend;
use crate::model::Diagram;
use crate::net::{Channels, Net, nets};
use crate::picture::{Label, Layout, Point, Rect};
use crate::place::{Ground, Placement, Site, place};
use crate::shape::Measured;
use crate::text;
use crate::tracks::{self, Stretch};

mod columns;
mod labels;
mod wires;

pub(crate) const GRID: i32 = 16;
pub(crate) const NODE_H: i32 = 40;
/// Width of the owner's tab at the left of a node.
pub(crate) const TAB: i32 = 20;
pub(crate) const MARGIN: i32 = 16;
/// Left part of a band, where its name stands.
const BAND_NAME: i32 = 112;
const TRACK: i32 = 8;
const LABEL_ROW: i32 = 16;
/// Free space at the top and at the bottom of a horizontal channel.
const PAD: i32 = 8;

/// Computes the picture. Never fails: what does not fit is shortened, what cannot be drawn is listed in
/// [`Layout::undrawn`].
#[must_use]
pub fn layout(diagram: &Diagram) -> Layout {
    layout_from(diagram, &Arrangement::default())
}

/// Like [`layout`], but zones and nodes keep the places they have in `before`, and pins are heeded. With the arrangement
/// a layout returned, the same diagram gives the same layout again.
#[must_use]
pub fn layout_from(diagram: &Diagram, before: &Arrangement) -> Layout {
    let ground = Ground::new(diagram, before);
    let mut best = Frame::draw(diagram, place(&ground, &Measured::default()));
    if best.placement.by_shape {
        // The shape was chosen by guesses; with what the wires really took it is chosen again, and the better one kept.
        for _ in 0..3 {
            let next = Frame::draw(diagram, place(&ground, &best.measured()));
            if next.a3_scale() >= best.a3_scale() {
                break;
            }
            best = next;
        }
    }
    best.layout(before)
}

fn round_up(value: i32, step: i32) -> i32 {
    (value + step - 1) / step * step
}

/// Everything known about positions while they are being found.
struct Frame<'a> {
    diagram: &'a Diagram,
    placement: Placement,
    channels: Channels,
    nets: Vec<Net>,
    title: Vec<Label>,
    width: i32,
    /// Lower edge of the zones.
    bottom: i32,
    /// Heights of the zones' contents.
    contents: Vec<i32>,
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
    fn draw(diagram: &'a Diagram, placement: Placement) -> Self {
        let mut frame = Self::new(diagram, placement);
        // Twice: the second time it is known which way every wire turns.
        for _ in 0..2 {
            frame.set_columns();
            frame.set_ports();
        }
        frame.set_labels();
        frame.set_tracks();
        frame.title = legend::title(diagram, frame.width, frame.placement.spacing.small);
        let top = frame.title.iter().map(|label| label.rect.y + label.rect.h).max().unwrap_or(0) + 8;
        frame.bottom = frame.set_rows(round_up(top, 8));
        frame
    }

    /// Grows with what must be shrunk to fit A3 landscape.
    fn a3_scale(&self) -> i32 {
        (self.width * 10).max((self.bottom + 64) * 14)
    }

    fn measured(&self) -> Measured {
        let stacks = self.placement.stacks.len() as i32;
        let in_stacks = self.placement.stacks.iter().filter_map(|stack| stack.first()).map(|&plot| self.plots[plot].w);
        let cols = self
            .placement
            .stacks
            .iter()
            .map(|stack| stack.iter().map(|&plot| self.placement.plots[plot].cols).max().unwrap_or(1) as i32);
        let (cols, spacing) = (cols.sum::<i32>(), self.placement.spacing);
        Measured {
            beside_stack: ((self.width - in_stacks.clone().sum::<i32>()) / stacks.max(1)).max(0) as usize,
            column: (in_stacks.clone().sum::<i32>() / cols.max(1)).max(1) as usize,
            across: ((self.width - 2 * MARGIN - BAND_NAME) / (spacing.node_w + spacing.gutter + 8)).max(1) as usize,
            above: self.placement.stacks.iter().flatten().map(|&plot| self.plots[plot].y).min().unwrap_or(0) as usize,
            contents: self.contents.iter().map(|&height| height as usize).collect(),
            rows: self.placement.plots.iter().map(|plot| plot.rows).collect(),
        }
    }

    fn layout(&self, before: &Arrangement) -> Layout {
        let (legend, height) = legend::legend(self.diagram, self.width, self.bottom + 16, self.placement.spacing.small);
        Layout {
            width: self.width,
            height,
            small: self.placement.spacing.small,
            title: self.title.clone(),
            description: text::clean(&self.diagram.description),
            zones: self.zone_boxes(),
            nodes: self.node_boxes(),
            wires: self.wires(),
            lines: self.diagram.lines.clone(),
            layer: self.diagram.layer,
            legend,
            arrangement: self.placement.arrangement(self.diagram, before),
            undrawn: (0..self.diagram.lines.len()).filter(|&i| self.placement.ends[i].is_none()).collect(),
        }
    }

    fn new(diagram: &'a Diagram, placement: Placement) -> Self {
        let channels = Channels::new(&placement);
        let nets = nets(diagram, &placement, &channels);
        let names =
            placement.plots.iter().map(|plot| labels::ZoneName::new(diagram, plot, &placement.spacing)).collect();
        let mut beds = vec![Bed::default(); channels.horizontal];
        for (p, plot) in placement.plots.iter().enumerate() {
            if let Site::Stack { stack, .. } = plot.site {
                for bed in &mut beds[channels.rows[p]..=channels.rows[p] + plot.rows] {
                    bed.shift = (stack % 2) as i32 * (TRACK / 2);
                }
            }
        }
        let plots = placement.plots.len();
        Self {
            diagram,
            nets,
            title: Vec::new(),
            width: 0,
            bottom: 0,
            contents: vec![0; plots],
            plots: vec![Rect::default(); plots],
            names,
            columns: vec![Vec::new(); plots],
            nodes: vec![Point { x: 0, y: 0 }; placement.seats.len()],
            beds,
            labels: Vec::new(),
            placement,
            channels,
        }
    }

    /// Sort key of a horizontal channel from top to bottom: (level, place in stack, row).
    fn depth(&self, channel: usize) -> (usize, usize, usize) {
        if channel < self.channels.corridors {
            return (2 * channel, 0, 0);
        }
        let (plot, row) = self.row_of(channel);
        match self.placement.plots[plot].site {
            Site::Band(band) => (2 * band + 1, 0, row),
            Site::Stack { pos, .. } => (2 * self.channels.corridors, pos, row),
        }
    }

    /// Plot and number of a row channel.
    fn row_of(&self, channel: usize) -> (usize, usize) {
        let plot = self.channels.rows.partition_point(|&first| first <= channel) - 1;
        (plot, channel - self.channels.rows[plot])
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
                self.contents[plot] = end - at;
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
                match row {
                    _ if row + 1 == rows => GRID,
                    _ if row % 2 == 0 => self.placement.spacing.row_gap,
                    _ => self.placement.spacing.pair_gap,
                },
            );
        }
        self.names[p].tops = tops;
        at
    }
}
