//! The finished picture as data: everything placed, nothing written down yet.

use crate::arrange::{Arrangement, Cell};
use crate::geometry::NODE_H;
use crate::layer::{Layer, State};
use crate::legend::Mark;
use crate::model::{Line, Node};

/// A point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// To the right.
    pub x: i32,
    /// Down.
    pub y: i32,
}

/// A rectangle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rect {
    /// Left edge.
    pub x: i32,
    /// Top edge.
    pub y: i32,
    /// Width.
    pub w: i32,
    /// Height.
    pub h: i32,
}

impl Rect {
    /// Do the two share any area?
    #[must_use]
    pub fn overlaps(&self, other: &Rect) -> bool {
        self.x < other.x + other.w
            && other.x < self.x + self.w
            && self.y < other.y + other.h
            && other.y < self.y + self.h
    }
}

/// A text with the room it takes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Label {
    /// Room.
    pub rect: Rect,
    /// Text as shown, perhaps shortened.
    pub text: String,
}

/// What a tab shows: an owner, or what another layer says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Swatch {
    /// A vendor: one of eight hues with a pattern and a letter.
    Owner {
        /// Position among the vendors.
        number: usize,
        /// Letter.
        letter: String,
    },
    /// The hospital itself.
    Hospital(String),
    /// Certainly nobody.
    Nobody,
    /// What another layer says.
    State(State),
    /// Not known.
    Unknown,
    /// Nothing said.
    Empty,
}

/// A zone as drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ZoneBox {
    /// Key; empty for the nameless zone.
    pub key: String,
    /// Frame.
    pub rect: Rect,
    /// Name.
    pub name: Label,
    /// Address range.
    pub note: Label,
    /// Name and note in full.
    pub full: String,
    /// Left edges of its columns.
    pub columns: Vec<i32>,
    /// Upper edges of its rows.
    pub rows: Vec<i32>,
}

/// A node as drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeBox {
    /// The node.
    pub node: Node,
    /// Frame.
    pub rect: Rect,
    /// Its tab.
    pub swatch: Swatch,
    /// Somebody must act now: red frame.
    pub alarm: bool,
    /// Gray, because the layer is about other things.
    pub dim: bool,
    /// Name as shown.
    pub name: String,
    /// Detail as shown.
    pub detail: String,
    /// Name of the owner, for the tooltip.
    pub owner: String,
}

/// A line, or a bus of uplinks, as drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wire {
    /// Indices into [`crate::Diagram::lines`].
    pub lines: Vec<usize>,
    /// The first of these lines, for its style and link.
    pub line: Line,
    /// Gray, because the layer is about other things.
    pub dim: bool,
    /// Names of both ends and the label, for the tooltip.
    pub full: String,
    /// Node keys of all ends.
    pub ends: Vec<String>,
    /// Orthogonal polylines.
    pub paths: Vec<Vec<Point>>,
    /// Points where a bus branches.
    pub joints: Vec<Point>,
    /// Text beside it.
    pub label: Option<Label>,
}

/// An entry under the picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegendItem {
    /// What is explained.
    pub mark: Mark,
    /// Where the sign stands.
    pub rect: Rect,
    /// The words.
    pub label: Label,
}

/// The finished picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Page width.
    pub width: i32,
    /// Page height.
    pub height: i32,
    /// Size of the small texts.
    pub small: i32,
    /// Heading and the lines under it.
    pub title: Vec<Label>,
    /// For people who do not see the picture.
    pub description: String,
    /// Zones.
    pub zones: Vec<ZoneBox>,
    /// Nodes, in the order of the diagram.
    pub nodes: Vec<NodeBox>,
    /// Wires.
    pub wires: Vec<Wire>,
    /// All lines of the diagram.
    pub lines: Vec<Line>,
    /// What the tabs show.
    pub layer: Layer,
    /// Entries under the picture.
    pub legend: Vec<LegendItem>,
    /// Where everything stands, for [`crate::layout_from`] of the next picture.
    pub arrangement: Arrangement,
    /// Lines that could not be drawn because an end is missing or both ends are the same; indices into
    /// [`crate::Diagram::lines`]. The caller lists them, so that no line disappears in silence.
    pub undrawn: Vec<usize>,
}

impl Layout {
    /// The zone (its key) and the cell at a point of the picture, for pinning what somebody dropped there with
    /// [`Arrangement::pin`]; below the last row it is a new one. `None` outside of all zones.
    #[must_use]
    pub fn cell_at(&self, at: Point) -> Option<(&str, Cell)> {
        let inside = |r: &Rect| r.x <= at.x && at.x < r.x + r.w && r.y <= at.y && at.y < r.y + r.h;
        let zone = self.zones.iter().find(|zone| inside(&zone.rect))?;
        let last = |edges: &[i32], at: i32| edges.partition_point(|&edge| edge <= at).saturating_sub(1);
        let (mut row, col) = (last(&zone.rows, at.y), last(&zone.columns, at.x));
        // The rest of the zone below its last row.
        if zone.rows.last().is_some_and(|&top| at.y > top + 2 * NODE_H) {
            row = zone.rows.len();
        }
        let short = |value: usize| u16::try_from(value).unwrap_or(u16::MAX);
        Some((&zone.key, Cell { row: short(row), col: short(col), pinned: true }))
    }
}
