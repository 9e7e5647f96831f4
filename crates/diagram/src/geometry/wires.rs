//! The finished boxes and polylines.

use super::{Frame, LABEL_ROW, NODE_H, PAD, TAB};
use crate::layer::Layer;
use crate::legend;
use crate::model::{Change, Diagram, LineKind, Node};
use crate::net::Net;
use crate::picture::{Label, NodeBox, Point, Rect, Swatch, Wire, ZoneBox};
use crate::place::Site;
use crate::text;
use std::collections::BTreeMap;

impl Frame<'_> {
    pub(super) fn zone_boxes(&self) -> Vec<ZoneBox> {
        let plots = self.placement.plots.iter().zip(&self.plots).zip(&self.names).zip(&self.columns);
        plots
            .map(|(((plot, &rect), name), columns)| {
                let key = plot.zone.map_or_else(String::new, |zone| self.diagram.zones[zone].key.clone());
                let (title, note) = name.labels(rect);
                ZoneBox {
                    key,
                    rect,
                    name: title,
                    note,
                    full: name.full.clone(),
                    columns: columns.clone(),
                    rows: name.tops.clone(),
                }
            })
            .collect()
    }

    pub(super) fn node_boxes(&self) -> Vec<NodeBox> {
        let node_w = self.placement.spacing.node_w;
        let swatches = legend::swatches(self.diagram);
        let names: BTreeMap<&str, &str> =
            self.diagram.owners.iter().map(|o| (o.key.as_str(), o.name.as_str())).collect();
        let (layer, small) = (self.diagram.layer, self.placement.spacing.small);
        let remote = legend::remote_ends(self.diagram);
        let node_box = |(i, node): (usize, &Node)| {
            let at = self.node_at(i);
            let node_w = if self.is_wide(i) { 2 * node_w + self.gutter(i) } else { node_w };
            let count = if node.count > 1 {
                text::width(&format!("×{}", node.count), small) + 6 + if node.badge.is_some() { 8 } else { 0 }
            } else {
                0
            };
            let strip = if legend::has_unknown_strip(layer, node) { 14 } else { 0 };
            let room_for = |strip: i32| node_w - TAB - 10 - strip;
            let sign = Change::sign(node.change);
            // The number of findings lies over the upper corner.
            let badge = node.badge.filter(|_| legend::has_badges(layer)).map_or(0, |badge| badge.room(small));
            let name_room = room_for(strip) - count - badge - text::width(sign, 15);
            // The last word of a list of counts would read as a count of something else.
            let fit = |text: &str, size: i32, room: i32| match node.fold {
                Some(_) => text::fit(text, size, room).0,
                None => text::fit_before_last_word(text, size, room),
            };
            let swatch = legend::swatch(layer, node, &swatches);
            let dim = layer == Layer::Remote && !remote.contains(node.key.as_str());
            let worst = matches!(swatch, Swatch::State(state) if state.is_worst());
            NodeBox {
                rect: Rect { x: at.x, y: at.y, w: node_w, h: NODE_H },
                // Of a folded zone the tab says it; a frame around every zone would say nothing.
                alarm: node.fold.is_none() && ((layer == Layer::Responsibility && node.nobody) || worst),
                swatch: if dim { Swatch::Empty } else { swatch },
                dim,
                name: format!("{sign}{}", fit(&node.name, 15, name_room)),
                detail: fit(&node.detail, small, room_for(strip)),
                owner: node
                    .owner
                    .as_deref()
                    .and_then(|key| names.get(key))
                    .map_or_else(String::new, |&name| name.into()),
                node: Node { badge: node.badge.filter(|_| legend::has_badges(layer)), ..node.clone() },
            }
        };
        self.diagram.nodes.iter().enumerate().map(node_box).collect()
    }

    /// A folded zone's only box takes two columns: it has much to say, and no wire can be in between.
    fn is_wide(&self, node: usize) -> bool {
        let plot = self.placement.seats[node].plot;
        let alone = || self.placement.seats.iter().filter(|seat| seat.plot == plot).count() == 1;
        self.diagram.nodes[node].fold.is_some()
            && alone()
            && self.placement.seats[node].col == 0
            && self.columns[plot].len() > 1
            && matches!(self.placement.plots[plot].site, Site::Stack { .. })
    }

    /// Distance of the first two columns of a node's zone.
    fn gutter(&self, node: usize) -> i32 {
        let columns = &self.columns[self.placement.seats[node].plot];
        columns[1] - columns[0] - self.placement.spacing.node_w
    }

    pub(super) fn wires(&self) -> Vec<Wire> {
        let mut labels: BTreeMap<usize, Label> = BTreeMap::new();
        for placed in &self.labels {
            let bed = &self.beds[placed.channel];
            let row = placed.row as i32 * LABEL_ROW;
            let y = if placed.low { bed.y + bed.height - PAD + 2 - LABEL_ROW - row } else { bed.y + PAD - 4 + row };
            let rect = Rect { x: placed.x, y, w: placed.w, h: LABEL_ROW - 1 };
            labels.insert(placed.net, Label { rect, text: placed.text.clone() });
        }
        let one = |(n, net): (usize, &Net)| {
            let (paths, joints) = if net.lines.len() == 1 && net.terminals.len() == 2 {
                (vec![self.polyline(n, net)], Vec::new())
            } else {
                self.bus(n, net)
            };
            let line = self.diagram.lines[net.lines[0]].clone();
            Wire {
                lines: net.lines.clone(),
                dim: self.diagram.layer == Layer::Remote && line.kind != LineKind::Remote,
                full: full_text(self.diagram, net),
                ends: net.terminals.iter().map(|t| self.diagram.nodes[t.node].key.clone()).collect(),
                line,
                paths,
                joints,
                label: labels.get(&n).cloned(),
            }
        };
        self.nets.iter().enumerate().map(one).collect()
    }

    fn edge(&self, net: &Net, t: usize) -> Point {
        let terminal = net.terminals[t];
        Point { x: terminal.x, y: self.node_at(terminal.node).y + if terminal.top { 0 } else { NODE_H } }
    }

    /// From the first terminal over the risers to the second.
    fn polyline(&self, n: usize, net: &Net) -> Vec<Point> {
        let y = |channel: usize| self.beds[channel].track_y(n);
        let mut channel = net.terminals[0].channel;
        let start = self.edge(net, 0);
        let mut points = vec![start, Point { x: start.x, y: y(channel) }];
        let mut rest: Vec<_> = net.risers.iter().collect();
        while let Some(i) = rest.iter().position(|riser| riser.channels.contains(&channel)) {
            let riser = rest.remove(i);
            points.push(Point { x: riser.x, y: y(channel) });
            channel = riser.channels.iter().copied().find(|&other| other != channel).unwrap_or(channel);
            points.push(Point { x: riser.x, y: y(channel) });
        }
        let end = self.edge(net, 1);
        points.extend([Point { x: end.x, y: y(channel) }, end]);
        simplify(points)
    }

    /// A tree: every stretch by itself, and dots where it branches.
    fn bus(&self, n: usize, net: &Net) -> (Vec<Vec<Point>>, Vec<Point>) {
        let mut paths = Vec::new();
        let mut joints = Vec::new();
        for t in 0..net.terminals.len() {
            let edge = self.edge(net, t);
            paths.push(vec![edge, Point { x: edge.x, y: self.beds[net.terminals[t].channel].track_y(n) }]);
        }
        for riser in &net.risers {
            let ys = riser.channels.iter().map(|&channel| self.beds[channel].track_y(n));
            let (from, to) = ys.fold((i32::MAX, i32::MIN), |(a, b), y| (a.min(y), b.max(y)));
            paths.push(vec![Point { x: riser.x, y: from }, Point { x: riser.x, y: to }]);
        }
        for (channel, near, far) in self.touches(n) {
            let y = self.beds[channel].track_y(n);
            let mut xs: Vec<i32> = near.iter().chain(&far).copied().collect();
            xs.sort_unstable();
            let (from, to) = (xs[0], xs[xs.len() - 1]);
            if from < to {
                paths.push(vec![Point { x: from, y }, Point { x: to, y }]);
            }
            let both = |x: &i32| near.contains(x) && far.contains(x);
            xs.dedup();
            joints.extend(
                xs.iter().filter(|x| (from < **x && **x < to) || (from < to && both(x))).map(|&x| Point { x, y }),
            );
        }
        (paths, joints)
    }
}

/// Every line with its ends; of uplinks only the number.
fn full_text(diagram: &Diagram, net: &Net) -> String {
    let first = &diagram.lines[net.lines[0]];
    let name = |t: usize| diagram.nodes[net.terminals[t].node].name.as_str();
    if net.lines.len() > 1 && first.kind == LineKind::Uplink {
        let count = net.lines.iter().fold(0, |sum: u32, &line| sum.saturating_add(diagram.lines[line].count));
        return text::clean(&format!("{} ×{count}", name(0)));
    }
    let inward = diagram.nodes[net.terminals[0].node].key == first.to;
    let one =
        |t: usize| if inward { format!("{} → {}", name(t), name(0)) } else { format!("{} → {}", name(0), name(t)) };
    let ends: Vec<String> = (1..net.terminals.len()).map(|t| text::clean(&one(t))).collect();
    let ends = ends.join("\n");
    if first.label.is_empty() { ends } else { format!("{ends}: {}", text::clean(&first.label)) }
}

fn simplify(points: Vec<Point>) -> Vec<Point> {
    let mut out: Vec<Point> = Vec::with_capacity(points.len());
    for point in points {
        if out.last() == Some(&point) {
            continue;
        }
        if let [.., a, b] = out[..]
            && ((a.x == b.x && b.x == point.x) || (a.y == b.y && b.y == point.y))
        {
            out.pop();
        }
        out.push(point);
    }
    out
}
