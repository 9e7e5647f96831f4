//! What one picture hands to the next, so that small changes move little and a person's pins survive.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Columns a zone may have; what lies beyond is ignored.
pub(crate) const MAX_COLS: usize = 64;

/// Where zones and nodes stood, in one kind of view: the whole, the folded one and each part have their own. [`crate::layout`] returns it, [`crate::layout_from`] takes it: then every zone and node
/// keeps its place unless a pin or a removed column drives it away, and new ones take free cells.
///
/// Keys that no longer exist are ignored, so an old arrangement never does harm. Whoever wants a fresh picture passes
/// [`Arrangement::pins`] only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrangement {
    /// Spacing in use: 0 wide, 1 close, 2 close with narrow boxes.
    #[serde(default)]
    pub spacing: u8,
    /// By zone key; the nameless zone has the key "".
    #[serde(default)]
    pub zones: BTreeMap<String, ZonePlace>,
}

/// Place of a zone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZonePlace {
    /// Which stack of zones, from the left; bands across the page ignore it.
    pub stack: u16,
    /// Which place in the stack or band.
    pub pos: u16,
    /// Columns of its grid; 0 = neither columns nor place are remembered, only the cells.
    pub cols: u16,
    /// A person chose the place.
    #[serde(default, skip_serializing_if = "is_false")]
    pub pinned: bool,
    /// By node key.
    #[serde(default)]
    pub cells: BTreeMap<String, Cell>,
}

/// Cell of a node in its zone's grid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// From the top.
    pub row: u16,
    /// From the left.
    pub col: u16,
    /// A person chose it; an unpinned node in its way moves.
    #[serde(default, skip_serializing_if = "is_false")]
    pub pinned: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

impl Arrangement {
    /// Puts a node into a cell of its zone and keeps it there; with `pinned` unset the cell is left to the next layout again.
    pub fn pin(&mut self, zone: &str, node: &str, cell: Cell) {
        self.zones.entry(zone.to_owned()).or_default().cells.insert(node.to_owned(), cell);
    }

    /// Only what a person chose: for drawing everything else anew.
    #[must_use]
    pub fn pins(&self) -> Self {
        let zones = self.zones.iter().filter_map(|(key, zone)| {
            let cells: BTreeMap<_, _> =
                zone.cells.iter().filter(|(_, cell)| cell.pinned).map(|(key, cell)| (key.clone(), *cell)).collect();
            let cols = if zone.pinned { zone.cols } else { 0 };
            (zone.pinned || !cells.is_empty()).then(|| (key.clone(), ZonePlace { cells, cols, ..zone.clone() }))
        });
        Self { spacing: self.spacing, zones: zones.collect() }
    }
}
