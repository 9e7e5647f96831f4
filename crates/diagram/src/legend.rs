//! Heading, marks of owners, and the entries under the picture.

use crate::geometry::MARGIN;
use crate::layer::{EndOfLife, Layer, State};
use crate::model::{Change, Diagram, Line, LineKind, Node};
use crate::picture::{Label, LegendItem, Rect, Swatch};
use crate::text;
use std::collections::{BTreeMap, BTreeSet};

/// What an entry under the picture explains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// An owner's tab, nobody's, or the hatch of unknown.
    Swatch(Swatch),
    /// The circle with the number of findings; `true` = with the sign of an exploited one.
    Badge(bool),
    /// A remote-maintenance line.
    Remote,
    /// A line that is always connected.
    AlwaysOn,
    /// A line nobody owns.
    Unowned,
    /// What became of something between two dates.
    Change(Change),
    /// Words only.
    Note,
}

const HEADING: i32 = 20;

/// Marks by owner key.
pub(crate) fn swatches(diagram: &Diagram) -> BTreeMap<&str, Swatch> {
    let mut number = 0;
    let mark = |owner: &'_ crate::model::Owner| {
        let letter = text::clean(&owner.letter).chars().take(1).collect();
        if owner.hospital {
            return Swatch::Hospital(letter);
        }
        number += 1;
        Swatch::Owner { number: number - 1, letter }
    };
    let marks: Vec<Swatch> = diagram.owners.iter().map(mark).collect();
    diagram.owners.iter().map(|owner| owner.key.as_str()).zip(marks).collect()
}

/// What a node's tab shows in the diagram's layer.
pub(crate) fn swatch(layer: Layer, node: &Node, swatches: &BTreeMap<&str, Swatch>) -> Swatch {
    if let Some(state) = State::of(node, layer) {
        return if state.look().is_some() { Swatch::State(state) } else { Swatch::Unknown };
    }
    if node.nobody {
        return Swatch::Nobody;
    }
    let owned = node.owner.as_deref().and_then(|key| swatches.get(key)).cloned();
    owned.unwrap_or(if node.unknown { Swatch::Unknown } else { Swatch::Empty })
}

/// A node whose tab says something shows by a strip that something else about it is unknown.
pub(crate) fn has_unknown_strip(layer: Layer, node: &Node) -> bool {
    match layer {
        Layer::Responsibility => node.unknown && (node.nobody || node.owner.is_some()),
        Layer::EndOfLife => node.facts.ends_open && node.facts.end_of_life != EndOfLife::Unknown,
        Layer::Findings | Layer::Remote | Layer::Evidence => false,
    }
}

/// Keys of the nodes at which remote-maintenance lines end.
pub(crate) fn remote_ends(diagram: &Diagram) -> BTreeSet<&str> {
    let remote = diagram.lines.iter().filter(|line| line.kind == LineKind::Remote);
    remote.flat_map(|line| [line.from.as_str(), line.to.as_str()]).collect()
}

pub(crate) fn title(diagram: &Diagram, width: i32, small: i32) -> Vec<Label> {
    let mut y = 16;
    let mut out = Vec::new();
    for (i, line) in diagram.title.iter().enumerate() {
        let (size, high) = if i == 0 { (HEADING, 28) } else { (small, 20) };
        let (text, _) = text::fit(line, size, width - 2 * MARGIN);
        out.push(Label { rect: Rect { x: MARGIN, y, w: text::width(&text, size), h: high }, text });
        y += high;
    }
    out
}

/// Flows the entries from `top` on; returns them and the height of the page.
pub(crate) fn legend(diagram: &Diagram, width: i32, top: i32, small: i32) -> (Vec<LegendItem>, i32) {
    let mut rows = vec![tabs(diagram), signs(diagram)];
    rows.extend(diagram.legend.notes.iter().map(|note| vec![(Mark::Note, note.as_str(), 0)]));

    let mut items = Vec::new();
    let mut y = top;
    for row in rows {
        let mut x = MARGIN;
        for (mark, word, w) in row.into_iter().filter(|(_, word, _)| !word.trim().is_empty()) {
            let lead = if w > 0 { w + 8 } else { 0 };
            let (text, _) = text::fit(word, small, width - 2 * MARGIN - lead);
            let long = lead + text::width(&text, small);
            if x > MARGIN && x + long > width - MARGIN {
                (x, y) = (MARGIN, y + 28);
            }
            let rect = Rect { x, y, w, h: 20 };
            let label = Label { rect: Rect { x: x + lead, y, w: long - lead, h: 20 }, text };
            items.push(LegendItem { mark, rect, label });
            x += long + 28;
        }
        if x > MARGIN {
            y += 28;
        }
    }
    (items, y + 8)
}

/// A mark, its word, and the width of the mark.
type Entry<'a> = (Mark, &'a str, i32);

/// Entries for the tabs that are used.
fn tabs(diagram: &Diagram) -> Vec<Entry<'_>> {
    let (words, layer) = (&diagram.legend, diagram.layer);
    let marks = swatches(diagram);
    let shown = remote_ends(diagram);
    let bright = |node: &&Node| layer != Layer::Remote || shown.contains(node.key.as_str());
    let mut used: Vec<Swatch> = diagram.nodes.iter().filter(bright).map(|node| swatch(layer, node, &marks)).collect();
    for fold in diagram.nodes.iter().filter_map(|node| node.fold.as_ref()) {
        let states = fold.states.keys().filter(|state| state.layer() == layer);
        used.extend(states.map(|&state| if state.look().is_some() { Swatch::State(state) } else { Swatch::Unknown }));
        let duties = matches!(layer, Layer::Responsibility | Layer::Remote);
        used.extend((duties && fold.nobody > 0).then_some(Swatch::Nobody));
        used.extend((duties && fold.unknown > 0).then_some(Swatch::Unknown));
    }
    let strip = diagram.nodes.iter().any(|node| has_unknown_strip(layer, node));
    let mut entries: Vec<(Swatch, &str)> = Vec::new();
    for owner in &diagram.owners {
        entries.extend(marks.get(owner.key.as_str()).map(|mark| (mark.clone(), owner.name.as_str())));
    }
    for state in State::ALL.into_iter().filter(|state| state.look().is_some()) {
        entries.extend(words.states.get(&state).map(|word| (Swatch::State(state), word.as_str())));
    }
    entries.push((Swatch::Nobody, &words.nobody));
    let unknown = State::ALL.into_iter().find(|state| state.layer() == layer && state.look().is_none());
    let unknown = unknown.and_then(|state| words.states.get(&state)).unwrap_or(&words.unknown);
    entries.push((Swatch::Unknown, unknown));
    entries.retain(|(mark, _)| used.contains(mark) || (strip && *mark == Swatch::Unknown));
    entries.into_iter().map(|(mark, word)| (Mark::Swatch(mark), word, 20)).collect()
}

/// Entries for the other signs that are used.
fn signs(diagram: &Diagram) -> Vec<Entry<'_>> {
    let words = &diagram.legend;
    let badges = || diagram.nodes.iter().filter_map(|node| node.badge).filter(|_| has_badges(diagram.layer));
    let line = |test: fn(&Line) -> bool| diagram.lines.iter().any(test);
    let changes = || diagram.nodes.iter().map(|n| n.change).chain(diagram.lines.iter().map(|l| l.change)).flatten();
    let used = |sign: Change| {
        let same = |other: Change| std::mem::discriminant(&other) == std::mem::discriminant(&sign);
        changes().any(same)
    };
    let changed = Change::Changed { zone: false, owner: false, version: false };
    let all: [(bool, Entry); 8] = [
        (badges().next().is_some(), (Mark::Badge(false), &words.findings, 20)),
        (badges().any(|badge| badge.exploited), (Mark::Badge(true), &words.exploited, 26)),
        (line(|line| line.kind == LineKind::Remote), (Mark::Remote, &words.remote, 36)),
        (line(|line| line.always_on), (Mark::AlwaysOn, &words.always_on, 36)),
        (line(|line| line.unowned), (Mark::Unowned, &words.unowned, 36)),
        (used(Change::Added), (Mark::Change(Change::Added), &words.added, 20)),
        (used(Change::Removed), (Mark::Change(Change::Removed), &words.removed, 20)),
        (used(changed), (Mark::Change(changed), &words.changed, 20)),
    ];
    all.into_iter().filter(|(used, _)| *used).map(|(_, entry)| entry).collect()
}

/// Numbers of findings belong to the layers that are about duties.
pub(crate) fn has_badges(layer: Layer) -> bool {
    matches!(layer, Layer::Responsibility | Layer::Findings)
}
