//! What must hold for every picture; written against the output only, it knows nothing of how the layout works.

use tomomori_diagram::{Layout, Point, Rect};

/// What is measured rather than forbidden.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) crossings: usize,
    /// Places where wires run along each other; never allowed.
    pub(crate) stacked: usize,
    /// Corners; a place where a bus branches is none.
    pub(crate) bends: usize,
    /// Length of all wires in px.
    pub(crate) length: usize,
    /// Area of the picture in thousands of px².
    pub(crate) area: usize,
    /// Texts of wires that lie on another wire.
    pub(crate) label_hits: usize,
}

/// Panics when a promise is broken.
pub(crate) fn check(layout: &Layout) -> Found {
    let found = measure(layout);
    assert_eq!(found.stacked, 0, "wires lie on each other");
    found
}

/// Like [`check`], but counts wires that lie on each other (the first version had some).
fn measure(layout: &Layout) -> Found {
    let page = Rect { x: 0, y: 0, w: layout.width, h: layout.height };
    for (i, node) in layout.nodes.iter().enumerate() {
        assert!(inside(node.rect, page), "{} leaves the page", node.node.key);
        for other in &layout.nodes[i + 1..] {
            assert!(!node.rect.overlaps(&other.rect), "{} and {} overlap", node.node.key, other.node.key);
        }
        assert!(layout.zones.iter().any(|zone| inside(node.rect, zone.rect)), "{} is in no zone", node.node.key);
    }
    for (i, zone) in layout.zones.iter().enumerate() {
        assert!(layout.zones[i + 1..].iter().all(|other| !zone.rect.overlaps(&other.rect)), "zones overlap");
        assert!(inside(zone.name.rect, zone.rect) && inside(zone.note.rect, zone.rect), "zone name {}", zone.full);
    }
    let segments = segments(layout);
    wires_avoid_boxes(layout, &segments);
    labels_are_free(layout, page);
    let (crossings, stacked) = meetings(&segments);
    let label_hits = layout.wires.iter().enumerate().filter(|(w, wire)| {
        wire.label.as_ref().is_some_and(|label| segments.iter().any(|s| s.wire != *w && hits(s, label.rect)))
    });
    Found {
        crossings,
        stacked,
        bends: bends(&segments),
        length: segments.iter().map(|s| (s.to.x - s.from.x + s.to.y - s.from.y) as usize).sum(),
        area: (i64::from(layout.width) * i64::from(layout.height) / 1000) as usize,
        label_hits: label_hits.count(),
    }
}

/// Points where exactly one horizontal and one vertical stretch of a wire end and nothing of it goes on.
fn bends(segments: &[Segment]) -> usize {
    let mut ends: Vec<(usize, i32, i32, bool)> = Vec::new();
    for s in segments.iter().filter(|s| s.from != s.to) {
        let flat = s.from.y == s.to.y;
        ends.extend([(s.wire, s.from.x, s.from.y, flat), (s.wire, s.to.x, s.to.y, flat)]);
    }
    ends.sort_unstable();
    ends.chunk_by(|a, b| (a.0, a.1, a.2) == (b.0, b.1, b.2)).filter(|at| at.len() == 2 && at[0].3 != at[1].3).count()
}

#[derive(Clone, Copy, Debug)]
struct Segment {
    wire: usize,
    from: Point,
    to: Point,
}

fn segments(layout: &Layout) -> Vec<Segment> {
    let mut out = Vec::new();
    for (wire, w) in layout.wires.iter().enumerate() {
        for path in &w.paths {
            for pair in path.windows(2) {
                let (a, b) = (pair[0], pair[1]);
                assert!(a.x == b.x || a.y == b.y, "slanted: {a:?} {b:?}");
                let from = Point { x: a.x.min(b.x), y: a.y.min(b.y) };
                out.push(Segment { wire, from, to: Point { x: a.x.max(b.x), y: a.y.max(b.y) } });
            }
        }
    }
    out
}

/// Does it run through the inside of the rectangle? Ending on its edge is allowed.
fn hits(s: &Segment, r: Rect) -> bool {
    s.from.x < r.x + r.w && s.to.x > r.x && s.from.y < r.y + r.h && s.to.y > r.y
}

fn inside(a: Rect, b: Rect) -> bool {
    a.w == 0 || (a.x >= b.x && a.y >= b.y && a.x + a.w <= b.x + b.w && a.y + a.h <= b.y + b.h)
}

fn wires_avoid_boxes(layout: &Layout, segments: &[Segment]) {
    for s in segments {
        for node in &layout.nodes {
            assert!(!hits(s, node.rect), "{} runs through {}: {s:?}", layout.wires[s.wire].full, node.node.key);
        }
    }
    for s in segments {
        for zone in &layout.zones {
            let free = !hits(s, zone.name.rect) && !hits(s, zone.note.rect);
            assert!(free, "{} runs through the name of {}", layout.wires[s.wire].full, zone.full);
        }
    }
    for wire in &layout.wires {
        let reaches = |key: &String| {
            let node = layout.nodes.iter().find(|node| node.node.key == *key).map(|node| node.rect);
            let touches =
                |p: &Point| node.is_some_and(|r| p.x > r.x && p.x < r.x + r.w && (p.y == r.y || p.y == r.y + r.h));
            wire.paths.iter().any(|path| touches(&path[0]) || touches(&path[path.len() - 1]))
        };
        assert!(wire.ends.iter().all(reaches), "{} does not reach its ends", wire.full);
        assert!(connected(&wire.paths), "{} is in pieces", wire.full);
    }
}

/// All paths of a wire hang together.
fn connected(paths: &[Vec<Point>]) -> bool {
    let touch = |a: &[Point], b: &[Point]| {
        a[0].x.min(a[1].x) <= b[0].x.max(b[1].x)
            && b[0].x.min(b[1].x) <= a[0].x.max(a[1].x)
            && a[0].y.min(a[1].y) <= b[0].y.max(b[1].y)
            && b[0].y.min(b[1].y) <= a[0].y.max(a[1].y)
    };
    let meet = |a: &[Point], b: &[Point]| a.windows(2).any(|a| b.windows(2).any(|b| touch(a, b)));
    let mut reached = vec![false; paths.len()];
    let mut todo = vec![0];
    while let Some(i) = todo.pop() {
        if !std::mem::replace(&mut reached[i], true) {
            todo.extend((0..paths.len()).filter(|&j| !reached[j] && meet(&paths[i], &paths[j])));
        }
    }
    reached.into_iter().all(|r| r)
}

fn labels_are_free(layout: &Layout, page: Rect) {
    let wires = layout.wires.iter().filter_map(|wire| wire.label.as_ref());
    let zones = layout.zones.iter().flat_map(|zone| [&zone.name, &zone.note]);
    let all: Vec<_> =
        wires.chain(zones).chain(&layout.title).chain(layout.legend.iter().map(|item| &item.label)).collect();
    for (i, label) in all.iter().enumerate() {
        assert!(inside(label.rect, page), "{} leaves the page", label.text);
        for node in &layout.nodes {
            assert!(!label.rect.overlaps(&node.rect), "{} lies on {}", label.text, node.node.key);
        }
        for other in &all[i + 1..] {
            assert!(!label.rect.overlaps(&other.rect), "{} and {} overlap", label.text, other.text);
        }
    }
}

/// Crossings of different wires, and how many run along each other for more than a corner.
fn meetings(segments: &[Segment]) -> (usize, usize) {
    let (mut crossings, mut stacked) = (0, 0);
    for (i, a) in segments.iter().enumerate() {
        for b in segments[i + 1..].iter().filter(|b| b.wire != a.wire) {
            let x = a.to.x.min(b.to.x) - a.from.x.max(b.from.x);
            let y = a.to.y.min(b.to.y) - a.from.y.max(b.from.y);
            if x < 0 || y < 0 {
                continue;
            }
            if x > 0 || y > 0 {
                stacked += 1;
            } else if (a.from.x == a.to.x) != (b.from.x == b.to.x) {
                crossings += 1;
            }
        }
    }
    (crossings, stacked)
}

pub(crate) fn well_formed(picture: &str) {
    let mut reader = quick_xml::Reader::from_str(picture);
    reader.config_mut().check_end_names = true;
    let mut depth = 0_i32;
    loop {
        match reader.read_event() {
            Ok(quick_xml::events::Event::Start(tag)) => {
                depth += 1;
                attributes(&tag);
            }
            Ok(quick_xml::events::Event::Empty(tag)) => attributes(&tag),
            Ok(quick_xml::events::Event::End(_)) => depth -= 1,
            Ok(quick_xml::events::Event::Eof) => break,
            Ok(_) => {}
            Err(error) => panic!("at {}: {error}", reader.buffer_position()),
        }
    }
    assert_eq!(depth, 0);
}

/// Only what may stand under `default-src 'none'`.
fn attributes(tag: &quick_xml::events::BytesStart) {
    let name = tag.name().as_ref().to_owned();
    let allowed = ["svg", "title", "desc", "defs", "pattern", "rect", "path", "circle", "g", "a", "text"];
    assert!(allowed.contains(&name.as_str()), "<{name}>");
    for attribute in tag.attributes() {
        let Ok(attribute) = attribute else { panic!("bad attribute in <{name}>") };
        let key = attribute.key.as_ref().to_owned();
        let value: String = attribute.value.into();
        assert!(key != "style" && key != "class" && !key.starts_with("on") && !key.contains("xlink"), "{name} {key}");
        if key == "href" {
            assert!(value.starts_with("/") && !value.starts_with("//"), "{value}");
        }
        if value.starts_with("url") {
            assert!(value.starts_with("url(#"));
        }
    }
}
