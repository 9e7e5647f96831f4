//! Ports of wires on nodes, and the texts beside wires and on zones.

use super::{BAND_NAME, Frame, GRID, MARGIN};
use crate::model::Diagram;
use crate::net::Terminal;
use crate::picture::{Label, Point, Rect};
use crate::place::{Plot, Site, Spacing};
use crate::text;
use std::collections::{BTreeMap, BTreeSet};

/// Name and note of a zone, and the room they need.
#[derive(Clone, Debug)]
pub(super) struct ZoneName {
    pub name: String,
    pub note: String,
    pub full: String,
    /// Height of the strip above the first row of a stacked zone.
    pub header: i32,
    note_w: i32,
    /// Both on one line.
    pub one_line: bool,
    /// Upper edges of the rows, set with the rows.
    pub tops: Vec<i32>,
}

pub(super) const NAME_SIZE: i32 = 16;
/// Widest text beside a wire.
const LABEL_MAX: i32 = 190;

impl ZoneName {
    pub(super) fn new(diagram: &Diagram, plot: &Plot, spacing: &Spacing) -> Self {
        let (name, note) = plot.zone.map_or(("", ""), |zone| (&diagram.zones[zone].name, &diagram.zones[zone].note));
        let band = matches!(plot.site, Site::Band(_));
        let room = if band { BAND_NAME - 16 } else { (spacing.node_w + GRID) * plot.name_cols() as i32 - 8 };
        let full = text::clean(&if note.is_empty() { name.to_owned() } else { format!("{name} {note}") });
        let (name, note) = (text::fit(name, NAME_SIZE, room).0, text::fit(note, spacing.small, room).0);
        let note_w = text::width(&note, spacing.small);
        let together = text::width(&name, NAME_SIZE) + 10 + note_w;
        let one_line = !band && (note.is_empty() || together <= room);
        Self { name, note, full, header: if one_line { 32 } else { 48 }, one_line, note_w, tops: Vec::new() }
    }

    pub(super) fn labels(&self, frame: Rect) -> (Label, Label) {
        let wide = text::width(&self.name, NAME_SIZE);
        let name = Rect { x: frame.x + 12, y: frame.y + 8, w: wide, h: 18 };
        let note = if self.one_line {
            Rect { x: name.x + wide + 10, y: name.y, w: self.note_w, h: 18 }
        } else {
            Rect { x: name.x, y: name.y + 18, w: self.note_w, h: 16 }
        };
        (Label { rect: name, text: self.name.clone() }, Label { rect: note, text: self.note.clone() })
    }
}

/// A text beside a wire, in a label row of a channel.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    pub net: usize,
    pub channel: usize,
    /// In the label rows at the bottom of the channel, else at its top.
    pub low: bool,
    pub row: usize,
    pub x: i32,
    pub w: i32,
    pub text: String,
}

/// Per node and side: where its wires lead, and which net and terminal they are.
type Ports = BTreeMap<(usize, bool), Vec<(i32, usize, usize)>>;

impl Frame<'_> {
    /// Where on its nodes each wire ends.
    pub(super) fn set_ports(&mut self) {
        let node_w = self.placement.spacing.node_w;
        // An odd number, the middle one at the centre.
        let slots = node_w / GRID;
        let mut ports: Ports = BTreeMap::new();
        for (n, net) in self.nets.iter().enumerate() {
            // Per channel where everything of the wire is, as sum and number.
            let mut places: BTreeMap<usize, (i64, i64)> = BTreeMap::new();
            let centre = |node: usize| i64::from(self.nodes[node].x + node_w / 2);
            let stubs = net.terminals.iter().map(|t| (t.channel, centre(t.node)));
            let risers = net.risers.iter().flat_map(|r| r.channels.iter().map(|&channel| (channel, i64::from(r.x))));
            for (channel, x) in stubs.chain(risers) {
                let sum = places.entry(channel).or_default();
                *sum = (sum.0 + x, sum.1 + 1);
            }
            for (t, terminal) in net.terminals.iter().enumerate() {
                let (sum, count) = places.get(&terminal.channel).copied().unwrap_or_default();
                let towards = ((sum - centre(terminal.node)) / (count - 1).max(1)) as i32;
                ports.entry((terminal.node, terminal.top)).or_default().push((towards, n, t));
            }
        }
        for ((node, top), mut wires) in ports {
            wires.sort_unstable();
            let count = wires.len() as i32;
            for (i, &(_, n, t)) in wires.iter().enumerate() {
                let i = i as i32;
                // Beyond a wire per slot, two to four share one, a pixel or two apart.
                let (slot, shift) = match count {
                    _ if 2 * count <= slots => (slots / 2 + 2 * i - (count - 1), 0),
                    _ if count <= slots => ((slots - count) / 2 + i, 0),
                    _ => {
                        let share = ((count + slots - 1) / slots).min(4);
                        ((i / share).min(slots - 1), (i % share) * 4 / share)
                    }
                };
                self.nets[n].terminals[t].x = self.nodes[node].x + 8 + GRID * slot + if top { 0 } else { 4 } + shift;
            }
        }
        self.straighten();
    }

    /// A wire that comes from a bottom straight above ends there without a bend. Safe because nothing else can stand
    /// directly above in the same channel.
    fn straighten(&mut self) {
        let mut tops: BTreeMap<usize, Vec<i32>> = BTreeMap::new();
        for terminal in self.nets.iter().flat_map(|net| &net.terminals).filter(|t| t.top) {
            tops.entry(terminal.node).or_default().push(terminal.x);
        }
        for n in 0..self.nets.len() {
            let net = &self.nets[n];
            let bottoms: BTreeSet<(usize, i32)> =
                net.terminals.iter().filter(|t| !t.top).map(|t| (t.channel, t.x)).collect();
            for t in 0..net.terminals.len() {
                let terminal = self.nets[n].terminals[t];
                if !terminal.top {
                    continue;
                }
                let left = self.nodes[terminal.node].x;
                let (from, to) = (left + 8, left + self.placement.spacing.node_w - 16);
                let above = bottoms.range((terminal.channel, from)..=(terminal.channel, to)).next();
                let Some(&(_, x)) = above else { continue };
                let own = tops.entry(terminal.node).or_default();
                if own.iter().filter(|&&other| other != terminal.x).all(|other| (other - x).abs() >= 8) {
                    own.retain(|&other| other != terminal.x);
                    own.push(x);
                    self.nets[n].terminals[t].x = x;
                }
            }
        }
    }

    /// Finds room for the texts beside wires: a row of its own kind in the channel where the wire begins.
    pub(super) fn set_labels(&mut self) {
        let mut near: Vec<Vec<(i32, usize)>> = vec![Vec::new(); self.channels.horizontal];
        let mut far = near.clone();
        for n in 0..self.nets.len() {
            for (channel, up, down) in self.touches(n) {
                near[channel].extend(up.into_iter().map(|x| (x, n)));
                far[channel].extend(down.into_iter().map(|x| (x, n)));
            }
        }
        for side in near.iter_mut().chain(&mut far) {
            side.sort_unstable();
        }
        let small = self.placement.spacing.small;
        let room = |t: &Terminal, net: usize, full: i32| {
            let others = if t.top { &far[t.channel] } else { &near[t.channel] };
            let (left, right) = self.bounds(t.channel);
            let at = others.partition_point(|&(x, _)| x <= t.x);
            let next = others[at..].iter().find(|&&(_, other)| other != net).map_or(right, |o| o.0.min(right));
            let at = others.partition_point(|&(x, _)| x < t.x);
            let before = others[..at].iter().rev().find(|&&(_, other)| other != net).map_or(left, |o| o.0.max(left));
            let (room_right, room_left) = (next - t.x - 10, t.x - before - 10);
            if room_right >= full.min(72) || room_right >= room_left { (room_right, true) } else { (room_left, false) }
        };
        let mut wanted: Vec<(usize, bool, i32, usize, i32, bool, String)> = Vec::new();
        for (n, net) in self.nets.iter().enumerate() {
            let line = &self.diagram.lines[net.lines[0]];
            let label = text::clean(&line.shown());
            if label.trim().is_empty() {
                continue;
            }
            // Where the wire begins if there is room, else at the one of its first ends that has most.
            let full = text::width(&label, small).min(LABEL_MAX);
            let begins = |t: &&Terminal| self.diagram.nodes[t.node].key == line.from;
            let ends = net.terminals.iter().filter(begins).take(1).chain(net.terminals.iter().take(6));
            let rooms: Vec<_> = ends.map(|t| (room(t, n, full), t)).collect();
            let free = rooms.iter().find(|((room, _), _)| *room >= full.min(72));
            if let Some(&((room, right), t)) = free.or_else(|| rooms.iter().max_by_key(|((room, _), t)| (*room, -t.x)))
            {
                wanted.push((t.channel, t.top, t.x, n, room, right, label));
            }
        }
        wanted.sort();
        let mut taken: BTreeMap<(usize, bool), Vec<i32>> = BTreeMap::new();
        for (channel, low, x, net, room, on_right, label) in wanted {
            let full = text::width(&label, small).min(LABEL_MAX);
            // Too little room between two wires: the text may then cross a wire, but it stays readable on its own ground.
            let limit = if room >= full.min(48) { room.min(LABEL_MAX) } else { full.min(120) };
            let (text, _) = text::fit(&label, small, limit);
            let w = text::width(&text, small) + 2;
            let start = if on_right { x + 5 } else { x - 5 - w };
            let start = start.min(self.width - MARGIN - w).max(MARGIN);
            let rows = taken.entry((channel, low)).or_default();
            let row = rows.iter().position(|&end| end + 6 <= start).unwrap_or_else(|| {
                rows.push(0);
                rows.len() - 1
            });
            rows[row] = start + w;
            self.beds[channel].label_rows[usize::from(low)] = rows.len();
            self.labels.push(Placed { net, channel, low, row, x: start, w, text });
        }
    }

    fn bounds(&self, channel: usize) -> (i32, i32) {
        if channel < self.channels.corridors {
            return (MARGIN, self.width - MARGIN);
        }
        let plot = self.plots[self.channels.rows.partition_point(|&first| first <= channel) - 1];
        (plot.x, plot.x + plot.w)
    }

    pub(super) fn node_at(&self, node: usize) -> Point {
        let seat = self.placement.seats[node];
        Point { x: self.nodes[node].x, y: self.names[seat.plot].tops[seat.row] }
    }
}
