//! The layout written down as SVG: presentation attributes only, no style, script, handler or outside reference, so
//! that it may stand in a page under `default-src 'none'`.

use crate::geometry::TAB;
use crate::legend::{self, Mark};
use crate::model::{Badge, Change, LineKind};
use crate::paint::{
    DIM, DIM_INK, FRAME, HATCH, HATCH_GROUND, HOSPITAL, HUES, INK, INK_2, RED, ZONE_FILL, ZONE_FRAME, look,
};
use crate::picture::{Label, Layout, NodeBox, Point, Rect, Swatch, Wire};
use crate::text;
use std::collections::BTreeSet;
use std::fmt::Write;

/// How to write the SVG.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// A file of its own: XML declaration, size, and no links (they would lead nowhere).
    pub self_contained: bool,
    /// Put before every id, so that several pictures can stand in one page. ASCII letters, digits and `-`; anything
    /// else is left out.
    pub id_prefix: String,
}

impl Default for Options {
    fn default() -> Self {
        Self { self_contained: false, id_prefix: "diagram-".to_owned() }
    }
}

const FONTS: &str = "BIZ UDPGothic, Hiragino Sans, Noto Sans JP, Noto Sans CJK JP, Meiryo, sans-serif";

/// Writes the picture. The same layout and options give the same bytes.
#[must_use]
pub fn svg(layout: &Layout, options: &Options) -> String {
    let prefix = options.id_prefix.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    let mut pen = Pen {
        out: String::with_capacity(2000 + layout.nodes.len() * 900),
        prefix,
        links: !options.self_contained,
        small: layout.small,
    };
    let (w, h) = (layout.width, layout.height);
    if options.self_contained {
        pen.put(r#"<?xml version="1.0" encoding="UTF-8"?>"#);
        pen.put("\n");
    }
    let (p, small) = (pen.prefix.clone(), layout.small);
    pen.fmt(format_args!(r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" "#));
    if options.self_contained {
        pen.fmt(format_args!(r#"width="{w}" height="{h}" "#));
    }
    // An image hides what is in it from screen readers; with links in it, it is a group.
    let role = if options.self_contained { "img" } else { "group" };
    pen.fmt(format_args!(
        r#"role="{role}" aria-labelledby="{p}title {p}desc" font-family="{FONTS}" font-size="{small}" fill="{INK}">"#
    ));
    pen.fmt(format_args!(r#"<title id="{p}title">"#));
    pen.text(layout.title.first().map_or("", |label| &label.text));
    pen.fmt(format_args!(r#"</title><desc id="{p}desc">"#));
    pen.text(&layout.description);
    pen.put("</desc>");
    pen.defs(layout);
    pen.rect(Rect { x: 0, y: 0, w, h }, "#ffffff", "");
    pen.put("\n");
    for (i, label) in layout.title.iter().enumerate() {
        let (size, weight, fill) = if i == 0 { (20, "700", INK) } else { (layout.small, "400", INK_2) };
        pen.label(label, size, weight, fill);
    }
    pen.zones(layout);
    // What the layer is about lies on what it is not about.
    for dim in [true, false] {
        for wire in layout.wires.iter().filter(|wire| wire.dim == dim) {
            pen.wire(wire);
        }
    }
    for node in &layout.nodes {
        pen.node(node, legend::has_unknown_strip(layout.layer, &node.node));
    }
    // Texts of wires last: nothing may lie on them.
    for wire in &layout.wires {
        if let Some(label) = &wire.label {
            let fill = match (wire.line.unowned, wire.dim) {
                (_, true) => DIM_INK,
                (true, _) => RED,
                (false, _) => INK_2,
            };
            pen.put("<g>");
            pen.title(&wire.full);
            pen.put(r##"<g stroke="#f7f7f9" stroke-width="3" stroke-linejoin="round" paint-order="stroke">"##);
            pen.label(label, layout.small, if wire.line.unowned { "700" } else { "400" }, fill);
            pen.put("</g>");
            pen.put("</g>\n");
        }
    }
    pen.legend(layout);
    pen.put("</svg>\n");
    pen.out
}

struct Pen {
    out: String,
    prefix: String,
    links: bool,
    /// Size of the small texts.
    small: i32,
}

impl Pen {
    fn put(&mut self, raw: &str) {
        self.out.push_str(raw);
    }

    fn fmt(&mut self, raw: std::fmt::Arguments) {
        // Writing into a String cannot fail.
        let _ = self.out.write_fmt(raw);
    }

    fn text(&mut self, value: &str) {
        text::escape(value, &mut self.out);
    }

    fn title(&mut self, value: &str) {
        self.put("<title>");
        self.text(value);
        self.put("</title>");
    }

    fn open_link(&mut self, href: Option<&String>) -> bool {
        let Some(href) = href.filter(|href| self.links && is_local(href)) else { return false };
        self.put("<a href=\"");
        self.text(href);
        self.put("\">");
        true
    }

    fn rect(&mut self, r: Rect, fill: &str, more: &str) {
        self.fmt(format_args!(
            r#"<rect x="{}" y="{}" width="{}" height="{}" fill="{fill}"{more}/>"#,
            r.x, r.y, r.w, r.h
        ));
    }

    fn words(&mut self, (x, y): (i32, i32), size: i32, weight: &str, fill: &str, anchor: &str, value: &str) {
        if value.is_empty() {
            return;
        }
        self.fmt(format_args!(r#"<text x="{x}" y="{y}" font-size="{size}" fill="{fill}""#));
        if weight != "400" {
            self.fmt(format_args!(r#" font-weight="{weight}""#));
        }
        if anchor != "start" {
            self.fmt(format_args!(r#" text-anchor="{anchor}""#));
        }
        self.put(">");
        self.text(value);
        self.put("</text>");
    }

    fn label(&mut self, label: &Label, size: i32, weight: &str, fill: &str) {
        // Base line: the middle of the room plus about a third of the size.
        let y = label.rect.y + label.rect.h / 2 + size * 36 / 100;
        self.words((label.rect.x, y), size, weight, fill, "start", &label.text);
    }

    fn defs(&mut self, layout: &Layout) {
        let p = self.prefix.clone();
        let nodes = layout.nodes.iter().map(|node| &node.swatch);
        let legend = layout.legend.iter().filter_map(|item| match &item.mark {
            Mark::Swatch(swatch) => Some(swatch),
            _ => None,
        });
        let looks: BTreeSet<(usize, usize)> = nodes
            .chain(legend)
            .filter_map(|swatch| if let Swatch::Owner { number, .. } = swatch { Some(look(*number)) } else { None })
            .collect();
        self.put("<defs>");
        for (hue, pattern) in looks {
            let (fill, ink, d) = (HUES[hue].fill, HUES[hue].ink, HUES[pattern].pattern);
            self.fmt(format_args!(
                r#"<pattern id="{p}o{hue}{pattern}" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" fill="{fill}"/><path d="{d}" stroke="{ink}" stroke-width="1.6" stroke-opacity="0.55" fill="none"/></pattern>"#
            ));
        }
        self.fmt(format_args!(
            r#"<pattern id="{p}unknown" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" fill="{HATCH_GROUND}"/><path d="M-1,1 L1,-1 M0,6 L6,0 M5,7 L7,5" stroke="{HATCH}" stroke-width="1.2"/></pattern></defs>"#
        ));
    }

    fn zones(&mut self, layout: &Layout) {
        for zone in &layout.zones {
            self.put("<g data-zone=\"");
            self.text(&zone.key);
            self.put("\">");
            self.title(&zone.full);
            self.rect(zone.rect, ZONE_FILL, &format!(r#" stroke="{ZONE_FRAME}" rx="8""#));
            self.label(&zone.name, 16, "700", INK);
            self.label(&zone.note, self.small, "400", INK_2);
            self.put("</g>\n");
        }
    }

    fn wire(&mut self, wire: &Wire) {
        let (colour, width) = match (wire.line.unowned, wire.line.kind) {
            _ if wire.dim => (DIM, "1"),
            (true, _) => (RED, "2.4"),
            (false, LineKind::Remote) => (INK, "2.4"),
            (false, LineKind::Link) => ("#4d4d4d", "1.6"),
            (false, LineKind::Uplink) => ("#8c8c92", "1.4"),
        };
        let removed = wire.line.change == Some(Change::Removed);
        self.put("<g data-ends=\"");
        let ends = wire.ends.join(" ");
        self.text(&ends);
        self.put("\">");
        let linked = wire.lines.len() == 1 && self.open_link(wire.line.href.as_ref());
        self.title(&wire.full);
        self.put("<path d=\"");
        for path in &wire.paths {
            for (i, Point { x, y }) in path.iter().enumerate() {
                self.fmt(format_args!("{}{x},{y}", if i == 0 { "M" } else { "L" }));
            }
        }
        self.fmt(format_args!(
            r#"" fill="none" stroke="{colour}" stroke-width="{width}" stroke-linejoin="round" stroke-linecap="{}""#,
            if wire.line.always_on || removed { "butt" } else { "round" }
        ));
        if removed {
            self.put(r#" stroke-dasharray="2 4""#);
        } else if wire.line.always_on {
            self.put(r#" stroke-dasharray="7 5""#);
        }
        self.put("/>");
        for joint in &wire.joints {
            self.fmt(format_args!(r#"<circle cx="{}" cy="{}" r="2" fill="{colour}"/>"#, joint.x, joint.y));
        }
        self.put(if linked { "</a></g>\n" } else { "</g>\n" });
    }

    fn node(&mut self, node: &NodeBox, strip: bool) {
        let Rect { x, y, w, h } = node.rect;
        self.put("<g data-key=\"");
        self.text(&node.node.key);
        self.put("\">");
        let linked = self.open_link(node.node.href.as_ref());
        let parts = [&node.node.name, &node.node.detail, &node.owner];
        let full: Vec<&str> = parts.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        self.title(&full.join("\n"));
        if node.node.count > 1 {
            let frame = if node.dim { DIM } else { FRAME };
            self.rect(Rect { x: x + 4, y: y + 4, w, h }, "#ffffff", &format!(r#" stroke="{frame}" rx="4""#));
        }
        let stroke = match node.node.change {
            Some(Change::Removed) => format!(r#" stroke="{INK}" stroke-width="1.4" stroke-dasharray="2 4" rx="4""#),
            Some(Change::Added) => format!(r#" stroke="{INK}" stroke-width="2.8" rx="4""#),
            _ if node.dim => format!(r#" stroke="{DIM}" rx="4""#),
            _ if node.alarm => format!(r#" stroke="{RED}" stroke-width="2.4" rx="4""#),
            _ if node.swatch == Swatch::Unknown => {
                format!(r#" stroke="{FRAME}" stroke-width="1.4" stroke-dasharray="4 3" rx="4""#)
            }
            _ => format!(r#" stroke="{FRAME}" rx="4""#),
        };
        let (ink, ink_2) = if node.dim { (DIM_INK, DIM_INK) } else { (INK, INK_2) };
        self.rect(node.rect, "#ffffff", &stroke);
        self.swatch(Rect { x, y, w: TAB, h }, &node.swatch);
        let mut right = x + w - node.node.badge.map_or(6, |badge| badge.room(self.small) + 2);
        if strip {
            let strip = format!("url(#{}unknown)", self.prefix);
            self.rect(Rect { x: x + w - 14, y: y + 1, w: 13, h: h - 2 }, &strip, "");
            self.words((x + w - 7, y + h / 2 + 5), self.small, "700", INK, "middle", "？");
            right -= 14;
        }
        self.words((x + TAB + 6, y + 17), 15, "700", ink, "start", &node.name);
        self.words((x + TAB + 6, y + 34), self.small, "400", ink_2, "start", &node.detail);
        if node.node.count > 1 {
            self.words((right, y + 17), self.small, "700", ink, "end", &format!("×{}", node.node.count));
        }
        if let Some(badge) = node.node.badge {
            self.badge((x + w - 2, y + 3), badge);
        }
        self.put(if linked { "</a></g>\n" } else { "</g>\n" });
    }

    fn badge(&mut self, (x, y): (i32, i32), badge: Badge) {
        let (sign, w) = badge.sign(self.small);
        let frame = Rect { x: x + 9 - w, y: y - 9, w, h: 18 };
        self.rect(frame, RED, r##" stroke="#ffffff" stroke-width="1.5" rx="9""##);
        self.words((frame.x + w / 2, y + 5), self.small, "700", "#ffffff", "middle", &sign);
    }

    fn swatch(&mut self, r: Rect, swatch: &Swatch) {
        let p = self.prefix.clone();
        let (ground, chip, ink, sign) = match swatch {
            Swatch::Owner { number, letter } => {
                let (hue, pattern) = look(*number);
                (format!("url(#{p}o{hue}{pattern})"), HUES[hue].fill, HUES[hue].ink, letter.as_str())
            }
            Swatch::Hospital(letter) => (HOSPITAL.to_owned(), HOSPITAL, "#ffffff", letter.as_str()),
            Swatch::State(state) => match state.look() {
                Some(look) => (look.fill.to_owned(), look.fill, look.ink, look.sign),
                None => (format!("url(#{p}unknown)"), HATCH_GROUND, INK, "？"),
            },
            Swatch::Nobody => (RED.to_owned(), RED, "#ffffff", "！"),
            Swatch::Unknown => (format!("url(#{p}unknown)"), HATCH_GROUND, INK, "？"),
            Swatch::Empty => ("#ffffff".to_owned(), "#ffffff", INK_2, "−"),
        };
        self.rect(r, &ground, r#" rx="4""#);
        let middle = (r.x + r.w / 2, r.y + r.h / 2);
        if ground.starts_with("url") {
            // The letter stands on plain ground, else the pattern would eat it.
            self.rect(Rect { x: middle.0 - 8, y: middle.1 - 9, w: 16, h: 18 }, chip, r#" rx="3""#);
        }
        self.words((middle.0, middle.1 + 5), self.small, "700", ink, "middle", sign);
    }

    fn legend(&mut self, layout: &Layout) {
        for item in &layout.legend {
            let r = item.rect;
            let middle = r.y + r.h / 2;
            let mut line = |colour: &str, more: &str| {
                self.fmt(format_args!(
                    r#"<path d="M{},{middle}L{},{middle}" fill="none" stroke="{colour}" stroke-width="2.4"{more}/>"#,
                    r.x,
                    r.x + r.w
                ));
            };
            match &item.mark {
                Mark::Swatch(swatch) => self.swatch(r, swatch),
                Mark::Badge(exploited) => {
                    self.badge((r.x + r.w - 9, middle), Badge { count: 3, exploited: *exploited });
                }
                Mark::Remote => line(INK, ""),
                Mark::AlwaysOn => line(INK_2, r#" stroke-dasharray="7 5""#),
                Mark::Unowned => line(RED, ""),
                Mark::Change(change) => {
                    self.words((r.x + r.w / 2, middle + 5), 16, "700", INK, "middle", Change::sign(Some(*change)));
                }
                Mark::Note => {}
            }
            self.label(&item.label, self.small, "400", if item.mark == Mark::Note { INK_2 } else { INK });
            self.put("\n");
        }
    }
}

/// Only links within the application: a path of its own or a place on the page. `//host` and `/\host` are outside.
fn is_local(href: &str) -> bool {
    let second = href.as_bytes().get(1).copied();
    href.starts_with('#') || (href.starts_with('/') && second != Some(b'/') && second != Some(b'\\'))
}
