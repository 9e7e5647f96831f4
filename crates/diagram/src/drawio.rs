//! The picture as a draw.io file (mxGraphModel, not compressed), in which everything is real: zones hold their nodes,
//! nodes can be moved, and every line is an edge of its own that hangs on its nodes and finds a new way.

use crate::layer::Layer;
use crate::model::{Change, Line, LineKind};
use crate::paint::{DIM, FRAME, HATCH_GROUND, HOSPITAL, HUES, INK, INK_2, RED, ZONE_FILL, ZONE_FRAME, look};
use crate::picture::{Layout, NodeBox, Point, Rect, Swatch};
use crate::text::escape;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Writes the file. Zones are `z0…`, nodes `n0…`, lines `e0…` in the order of the diagram; each carries its key as
/// custom data. Lines drawn together become separate edges, and lines that could not be drawn hang with a free end under
/// the picture.
#[must_use]
pub fn drawio(layout: &Layout) -> String {
    let mut file = File { out: String::with_capacity(1000 + 600 * (layout.nodes.len() + layout.lines.len())) };
    let name = layout.title.first().map_or("", |label| label.text.as_str());
    file.put("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<mxfile><diagram id=\"d\" name=\"");
    escape(name, &mut file.out);
    file.fmt(format_args!(
        "\"><mxGraphModel grid=\"1\" gridSize=\"8\" page=\"1\" pageWidth=\"{}\" pageHeight=\"{}\"><root>\n",
        layout.width, layout.height
    ));
    file.put("<mxCell id=\"0\"/><mxCell id=\"1\" parent=\"0\"/>\n");
    for (i, label) in layout.title.iter().enumerate() {
        let size = if i == 0 { 20 } else { 14 };
        let style = format!("text;html=0;align=left;verticalAlign=middle;fontSize={size};fontColor={INK};");
        file.vertex(&format!("t{i}"), "", &[&label.text], &style, "1", label.rect);
    }
    for (i, zone) in layout.zones.iter().enumerate() {
        let style = format!(
            "rounded=1;arcSize=2;html=0;whiteSpace=wrap;container=1;collapsible=0;recursiveResize=0;align=left;verticalAlign=top;spacingLeft=8;fontStyle=1;fontSize=16;fontColor={INK};fillColor={ZONE_FILL};strokeColor={ZONE_FRAME};"
        );
        file.vertex(&format!("z{i}"), &zone.key, &[&zone.full], &style, "1", zone.rect);
    }
    let mut ids: BTreeMap<&str, usize> = BTreeMap::new();
    for (i, node) in layout.nodes.iter().enumerate() {
        ids.insert(&node.node.key, i);
        let inside = |zone: &Rect| node.rect.overlaps(zone);
        let parent = layout.zones.iter().position(|zone| inside(&zone.rect));
        let origin =
            parent.map_or(Point { x: 0, y: 0 }, |at| Point { x: layout.zones[at].rect.x, y: layout.zones[at].rect.y });
        let rect = Rect { x: node.rect.x - origin.x, y: node.rect.y - origin.y, ..node.rect };
        let (mark, style) = node_style(node);
        let change = Change::sign(node.node.change);
        let times = if node.node.count > 1 { format!(" ×{}", node.node.count) } else { String::new() };
        let badge =
            node.node.badge.map_or(String::new(), |b| format!(" ({}{})", b.count, if b.exploited { "!" } else { "" }));
        let first = format!("{change}[{mark}] {}{times}{badge}", node.node.name);
        let parent = parent.map_or("1".to_owned(), |at| format!("z{at}"));
        file.vertex(&format!("n{i}"), &node.node.key, &[&first, &node.node.detail], &style, &parent, rect);
    }
    // The way of a line that is drawn alone; others find their own.
    let mut ways: BTreeMap<usize, &[Point]> = BTreeMap::new();
    for wire in &layout.wires {
        if let ([line], [path]) = (&wire.lines[..], &wire.paths[..]) {
            let forth = wire.ends.first() == Some(&wire.line.from);
            if forth {
                ways.insert(*line, path);
            }
        }
    }
    let mut y = layout.height;
    for (i, line) in layout.lines.iter().enumerate() {
        let (from, to) = (ids.get(line.from.as_str()), ids.get(line.to.as_str()));
        let free = from.is_none() || to.is_none();
        y += if free { 32 } else { 0 };
        file.edge(i, line, layout.layer, (from.copied(), to.copied()), ways.get(&i).copied().unwrap_or_default(), y);
    }
    file.put("</root></mxGraphModel></diagram></mxfile>\n");
    file.out
}

/// The mark before the name, and the style of the box.
fn node_style(node: &NodeBox) -> (String, String) {
    let (mark, ground, stroke) = match &node.swatch {
        Swatch::Owner { number, letter } => (letter.clone(), "#ffffff", HUES[look(*number).0].fill),
        Swatch::Hospital(letter) => (letter.clone(), "#ffffff", HOSPITAL),
        Swatch::Nobody => ("！".to_owned(), "#ffffff", RED),
        Swatch::State(state) => match state.look() {
            Some(look) => (look.sign.to_owned(), "#ffffff", if look.fill == "#ffffff" { FRAME } else { look.fill }),
            None => ("？".to_owned(), HATCH_GROUND, FRAME),
        },
        Swatch::Unknown => ("？".to_owned(), HATCH_GROUND, FRAME),
        Swatch::Empty => ("−".to_owned(), "#ffffff", if node.dim { DIM } else { FRAME }),
    };
    let stroke = if node.alarm { RED } else { stroke };
    let dashed = i32::from(node.swatch == Swatch::Unknown || node.node.change == Some(Change::Removed));
    let style = format!(
        "rounded=1;arcSize=10;html=0;whiteSpace=wrap;overflow=hidden;align=left;spacingLeft=4;fontSize=12;fontColor={INK};fillColor={ground};strokeColor={stroke};strokeWidth=3;dashed={dashed};"
    );
    (mark, style)
}

struct File {
    out: String,
}

impl File {
    fn put(&mut self, raw: &str) {
        self.out.push_str(raw);
    }

    fn fmt(&mut self, raw: std::fmt::Arguments) {
        // Writing into a String cannot fail.
        let _ = self.out.write_fmt(raw);
    }

    fn open(&mut self, id: &str, key: &str, lines: &[&str]) {
        self.put("<object label=\"");
        let mut first = true;
        for line in lines.iter().filter(|line| !line.is_empty()) {
            self.put(if first { "" } else { "&#10;" });
            first = false;
            escape(line, &mut self.out);
        }
        self.put("\" key=\"");
        escape(key, &mut self.out);
        self.fmt(format_args!("\" id=\"{id}\"><mxCell "));
    }

    fn vertex(&mut self, id: &str, key: &str, lines: &[&str], style: &str, parent: &str, r: Rect) {
        self.open(id, key, lines);
        self.fmt(format_args!(
            "style=\"{style}\" vertex=\"1\" parent=\"{parent}\"><mxGeometry x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" as=\"geometry\"/></mxCell></object>\n",
            r.x, r.y, r.w, r.h
        ));
    }

    fn edge(
        &mut self,
        i: usize,
        line: &Line,
        layer: Layer,
        (from, to): (Option<usize>, Option<usize>),
        way: &[Point],
        y: i32,
    ) {
        let (colour, width) = match (line.unowned, line.kind) {
            _ if layer == Layer::Remote && line.kind != LineKind::Remote => (DIM, 1),
            (true, _) => (RED, 2),
            (false, LineKind::Remote) => (INK, 2),
            (false, _) => (INK_2, 1),
        };
        let dashed = i32::from(line.always_on || line.change == Some(Change::Removed));
        self.open(&format!("e{i}"), &format!("{} → {}", line.from, line.to), &[&line.shown()]);
        self.fmt(format_args!(
            "style=\"edgeStyle=orthogonalEdgeStyle;rounded=0;html=0;endArrow=none;fontSize=12;strokeColor={colour};strokeWidth={width};dashed={dashed};\" edge=\"1\" parent=\"1\""
        ));
        for (name, end) in [("source", from), ("target", to)] {
            if let Some(end) = end {
                self.fmt(format_args!(" {name}=\"n{end}\""));
            }
        }
        self.put("><mxGeometry relative=\"1\" as=\"geometry\">");
        for (name, end, x) in [("sourcePoint", from, 32), ("targetPoint", to, 232)] {
            if end.is_none() {
                self.fmt(format_args!("<mxPoint x=\"{x}\" y=\"{y}\" as=\"{name}\"/>"));
            }
        }
        if way.len() > 2 {
            self.put("<Array as=\"points\">");
            for point in &way[1..way.len() - 1] {
                self.fmt(format_args!("<mxPoint x=\"{}\" y=\"{}\"/>", point.x, point.y));
            }
            self.put("</Array>");
        }
        self.put("</mxGeometry></mxCell></object>\n");
    }
}
