//! Heading, marks of owners, and the entries under the picture.

use crate::geometry::MARGIN;
use crate::model::{Diagram, Node};
use crate::picture::{Label, LegendItem, Rect, Swatch};
use crate::text;
use std::collections::BTreeMap;

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
    /// Words only.
    Note,
}

const SIZE: i32 = 14;
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

pub(crate) fn swatch(node: &Node, swatches: &BTreeMap<&str, Swatch>) -> Swatch {
    if node.nobody {
        return Swatch::Nobody;
    }
    let owned = node.owner.as_deref().and_then(|key| swatches.get(key)).cloned();
    owned.unwrap_or(if node.unknown { Swatch::Unknown } else { Swatch::Empty })
}

/// A node with an owner's tab (or nobody's) shows by a strip that something else about it is unknown.
pub(crate) fn has_unknown_strip(node: &Node) -> bool {
    node.unknown && (node.nobody || node.owner.is_some())
}

pub(crate) fn title(diagram: &Diagram, width: i32) -> Vec<Label> {
    let mut y = 16;
    let mut out = Vec::new();
    for (i, line) in diagram.title.iter().enumerate() {
        let (size, high) = if i == 0 { (HEADING, 28) } else { (SIZE, 20) };
        let (text, _) = text::fit(line, size, width - 2 * MARGIN);
        out.push(Label { rect: Rect { x: MARGIN, y, w: text::width(&text, size), h: high }, text });
        y += high;
    }
    out
}

/// Flows the entries from `top` on; returns them and the height of the page.
pub(crate) fn legend(diagram: &Diagram, width: i32, top: i32) -> (Vec<LegendItem>, i32) {
    let words = &diagram.legend;
    let marks = swatches(diagram);
    let mut rows: Vec<Vec<(Mark, &str, i32)>> = vec![Vec::new(), Vec::new()];
    for owner in &diagram.owners {
        if let Some(mark) = marks.get(owner.key.as_str()) {
            rows[0].push((Mark::Swatch(mark.clone()), owner.name.as_str(), 20));
        }
    }
    rows[0].push((Mark::Swatch(Swatch::Nobody), words.nobody.as_str(), 20));
    rows[0].push((Mark::Swatch(Swatch::Unknown), words.unknown.as_str(), 20));
    rows[1].push((Mark::Badge(false), words.findings.as_str(), 20));
    rows[1].push((Mark::Badge(true), words.exploited.as_str(), 26));
    rows[1].push((Mark::Remote, words.remote.as_str(), 36));
    rows[1].push((Mark::AlwaysOn, words.always_on.as_str(), 36));
    rows[1].push((Mark::Unowned, words.unowned.as_str(), 36));
    rows.extend(words.notes.iter().map(|note| vec![(Mark::Note, note.as_str(), 0)]));

    let mut items = Vec::new();
    let mut y = top;
    for row in rows {
        let mut x = MARGIN;
        for (mark, word, w) in row.into_iter().filter(|(_, word, _)| !word.trim().is_empty()) {
            let lead = if w > 0 { w + 8 } else { 0 };
            let (text, _) = text::fit(word, SIZE, width - 2 * MARGIN - lead);
            let long = lead + text::width(&text, SIZE);
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
