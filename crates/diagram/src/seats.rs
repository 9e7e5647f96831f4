//! Cells of nodes within one zone.
//!
//! Rows go in pairs around a channel: all uplinks of both rows run in it, so that a switch and what is plugged into it
//! hang on one short comb. The channels between pairs are left to other lines. A fresh zone is filled block by block
//! (a switch, then its devices), each block taking whole columns of a pair.

use crate::arrange::{Cell, MAX_COLS, ZonePlace};
use crate::model::{Diagram, LineKind, Node};
use std::collections::{BTreeMap, BTreeSet};

/// Nodes of a zone in the order they are drawn, cut into blocks that hang together.
pub(crate) type Blocks = Vec<Vec<usize>>;

/// A finished grid: one `(row, col)` per node, in the order the nodes were given, and the number of rows.
pub(crate) struct Grid {
    pub cells: Vec<(usize, usize)>,
    pub rows: usize,
}

/// Knows what is plugged into what.
pub(crate) struct Orders<'a> {
    nodes: &'a [Node],
    owners: BTreeMap<&'a str, usize>,
    /// What a node is plugged into, if it is one thing.
    pub uplink: Vec<Option<usize>>,
}

impl<'a> Orders<'a> {
    pub(crate) fn new(diagram: &'a Diagram, ends: &[Option<(usize, usize)>]) -> Self {
        let mut uplink = vec![None; diagram.nodes.len()];
        for (line, ends) in diagram.lines.iter().zip(ends) {
            if let (LineKind::Uplink, &Some((from, to))) = (line.kind, ends) {
                uplink[from].get_or_insert(to);
            }
        }
        let owners = diagram.owners.iter().enumerate().map(|(i, owner)| (owner.key.as_str(), i)).collect();
        Self { nodes: &diagram.nodes, owners, uplink }
    }

    /// Switches of the zone from the core outwards, each with its devices; then what is plugged in elsewhere, by switch;
    /// then the rest.
    pub(crate) fn blocks(&self, members: &[usize]) -> Blocks {
        let inside: BTreeSet<usize> = members.iter().copied().collect();
        let mut children: BTreeMap<Option<usize>, Vec<usize>> = BTreeMap::new();
        for &node in members {
            children.entry(self.uplink[node]).or_default().push(node);
        }
        for list in children.values_mut() {
            list.sort_by_cached_key(|&node| self.rank(node));
        }
        let local_up = |node: usize| self.uplink[node].filter(|up| inside.contains(up));
        let mut heads: Vec<usize> =
            members.iter().copied().filter(|&n| children.contains_key(&Some(n)) && local_up(n).is_none()).collect();
        heads.sort_by_cached_key(|&node| (self.uplink[node].is_some(), self.rank(node)));
        let mut done = BTreeSet::new();
        let mut blocks = Vec::new();
        heads.reverse();
        while let Some(head) = heads.pop() {
            if !done.insert(head) {
                continue;
            }
            let own = children.get(&Some(head)).map_or(&[][..], Vec::as_slice);
            let (more, leaves): (Vec<usize>, Vec<usize>) =
                own.iter().copied().filter(|n| !done.contains(n)).partition(|n| children.contains_key(&Some(*n)));
            done.extend(&leaves);
            blocks.push(std::iter::once(head).chain(leaves).collect());
            heads.extend(more.into_iter().rev());
        }
        let mut elsewhere: Vec<(Option<_>, Vec<usize>)> = children
            .iter()
            .map(|(up, list)| {
                (up.map(|up| self.rank(up)), list.iter().copied().filter(|n| !done.contains(n)).collect())
            })
            .collect();
        // Without any uplink last.
        elsewhere.sort_by(|(a, _), (b, _)| (a.is_none(), a).cmp(&(b.is_none(), b)));
        blocks.extend(elsewhere.into_iter().map(|(_, list)| list).filter(|list: &Vec<usize>| !list.is_empty()));
        blocks
    }

    fn rank(&self, node: usize) -> (usize, crate::model::NodeKind, &str, &str) {
        let node = &self.nodes[node];
        let owner = node.owner.as_deref().and_then(|owner| self.owners.get(owner)).copied();
        (owner.unwrap_or(usize::MAX), node.kind, &node.name, &node.key)
    }
}

/// Rows that [`fill`] will need, nearly.
pub(crate) fn rows_for(nodes: usize, blocks: usize, cols: usize) -> usize {
    let columns = (nodes + blocks).div_ceil(2);
    if nodes <= cols { 1 } else { 2 * columns.div_ceil(cols) }
}

/// Fills an empty grid with the blocks, leaving out cells that are taken.
fn fill(blocks: &[Vec<usize>], cols: usize, taken: &BTreeSet<(usize, usize)>) -> Vec<(usize, (usize, usize))> {
    let mut cells = Vec::new();
    let (mut row, mut col) = (0, 0);
    for block in blocks {
        let mut rest = &block[..];
        // A switch alone at the end of a row looks as if it belonged to what stands before it.
        if cols - col == 1 && rest.len() > 2 && cols > 1 {
            (row, col) = (row + 2, 0);
        }
        while !rest.is_empty() {
            if col == cols {
                (row, col) = (row + 2, 0);
            }
            // Whole columns of the pair, read row by row.
            let mut width = 0;
            let mut room = 0;
            while col + width < cols && room < rest.len() {
                room += usize::from(!taken.contains(&(row, col + width)));
                room += usize::from(!taken.contains(&(row + 1, col + width)));
                width += 1;
            }
            let places = (row..row + 2).flat_map(|r| (col..col + width).map(move |c| (r, c)));
            let free: Vec<(usize, usize)> = places.filter(|place| !taken.contains(place)).collect();
            let now = free.len().min(rest.len());
            cells.extend(rest[..now].iter().copied().zip(free));
            rest = &rest[now..];
            col += width;
        }
    }
    flatten_last(&mut cells, cols, taken);
    cells
}

/// A last pair of rows whose nodes fit into one row becomes one row.
fn flatten_last(cells: &mut [(usize, (usize, usize))], cols: usize, taken: &BTreeSet<(usize, usize)>) {
    let last = cells.iter().map(|(_, cell)| cell.0 / 2 * 2).max().unwrap_or(0);
    let from = cells.partition_point(|(_, cell)| cell.0 < last);
    if cells.len() - from <= cols && !taken.iter().any(|cell| cell.0 / 2 * 2 == last) {
        for (col, (_, cell)) in cells[from..].iter_mut().enumerate() {
            *cell = (last, col);
        }
    }
}

/// Cells of a zone's nodes: pinned ones where they are pinned, known ones where they stood, new ones near their kin.
pub(crate) fn seat(
    orders: &Orders<'_>,
    members: &[usize],
    blocks: &Blocks,
    cols: usize,
    before: Option<&ZonePlace>,
) -> Grid {
    let known = |node: usize| before.and_then(|place| place.cells.get(&orders.nodes[node].key)).copied();
    let max_row = members.len() + MAX_COLS;
    let fits = |cell: &Cell| usize::from(cell.row) < max_row && usize::from(cell.col) < cols;
    let mut order: Vec<usize> = members.to_vec();
    order.sort_by_key(|&node| &orders.nodes[node].key);
    let mut cells: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    let mut taken: BTreeSet<(usize, usize)> = BTreeSet::new();
    for &node in &order {
        if let Some(cell) = known(node).filter(|cell| cell.pinned && fits(cell)) {
            // Of two pins on one cell the later one keeps as near as it can.
            let at = nearest(&taken, cols, (usize::from(cell.row), usize::from(cell.col)));
            taken.insert(at);
            cells.insert(node, at);
        }
    }
    let mostly_new = members.len() > 2 * order.iter().filter(|&&node| known(node).is_some()).count();
    let mut kept = 0;
    for &node in order.iter().filter(|_| !mostly_new) {
        if let Some(cell) = known(node).filter(|cell| !cell.pinned && fits(cell)) {
            let at = (usize::from(cell.row), usize::from(cell.col));
            if taken.insert(at) {
                cells.insert(node, at);
                kept += 1;
            }
        }
    }
    if kept == 0 {
        let rest: Blocks = blocks
            .iter()
            .map(|block| block.iter().copied().filter(|node| !cells.contains_key(node)).collect())
            .filter(|block: &Vec<usize>| !block.is_empty())
            .collect();
        cells.extend(fill(&rest, cols, &taken));
    } else {
        place_new(orders, blocks, cols, &known, &mut cells, &mut taken);
    }
    let rows = cells.values().map(|cell| cell.0 + 1).max().unwrap_or(1);
    Grid { cells: members.iter().map(|node| cells.get(node).copied().unwrap_or_default()).collect(), rows }
}

/// New nodes beside their switch or its last device; displaced ones near where they stood.
fn place_new(
    orders: &Orders<'_>,
    blocks: &Blocks,
    cols: usize,
    known: &dyn Fn(usize) -> Option<Cell>,
    cells: &mut BTreeMap<usize, (usize, usize)>,
    taken: &mut BTreeSet<(usize, usize)>,
) {
    let bottom = taken.iter().map(|cell| cell.0).max().unwrap_or(0);
    let mut kin: BTreeMap<Option<usize>, (usize, usize)> = BTreeMap::new();
    for (&node, &at) in cells.iter() {
        let last = kin.entry(orders.uplink[node]).or_insert(at);
        *last = at.max(*last);
    }
    for node in blocks.iter().flatten().copied() {
        if cells.contains_key(&node) {
            continue;
        }
        let stood = known(node).map(|cell| (usize::from(cell.row), usize::from(cell.col).min(cols - 1)));
        let up = orders.uplink[node];
        let near = stood.filter(|at| at.0 <= bottom + 1);
        let near = near.or_else(|| kin.get(&up).copied()).or_else(|| up.and_then(|up| cells.get(&up).copied()));
        let at = nearest(taken, cols, near.unwrap_or((bottom, cols - 1)));
        taken.insert(at);
        cells.insert(node, at);
        kin.entry(up).or_insert(at);
    }
}

/// The free cell nearest to `wish`: the same pair of rows before any other.
fn nearest(taken: &BTreeSet<(usize, usize)>, cols: usize, wish: (usize, usize)) -> (usize, usize) {
    let pair = wish.0 / 2;
    for distance in 0.. {
        let pairs = [Some(pair + distance), (distance > 0).then(|| pair.checked_sub(distance)).flatten()];
        let places =
            pairs.into_iter().flatten().flat_map(|p| (2 * p..2 * p + 2).flat_map(|r| (0..cols).map(move |c| (r, c))));
        let free = places.filter(|place| !taken.contains(place));
        let best = free.min_by_key(|&(row, col)| (col.abs_diff(wish.1) + row.abs_diff(wish.0), row, col));
        if let Some(best) = best {
            return best;
        }
    }
    wish
}

/// Cells of a fresh band: each node over or under its partners, the others in what is left.
pub(crate) fn seat_band(
    diagram: &Diagram,
    members: &[usize],
    wanted: &BTreeMap<usize, usize>,
    cols: usize,
    before: Option<&ZonePlace>,
) -> Grid {
    let mut taken = BTreeSet::new();
    let mut cells: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    let mut nodes = members.to_vec();
    nodes.sort_by_cached_key(|node| {
        let text = (diagram.nodes[*node].name.as_str(), diagram.nodes[*node].key.as_str());
        (wanted.get(node).copied().unwrap_or(usize::MAX), text)
    });
    for &node in &nodes {
        let pin = before.and_then(|place| place.cells.get(&diagram.nodes[node].key)).filter(|cell| cell.pinned);
        if let Some(cell) = pin.filter(|cell| usize::from(cell.row) < members.len() && usize::from(cell.col) < cols) {
            let at = nearest(&taken, cols, (usize::from(cell.row), usize::from(cell.col)));
            taken.insert(at);
            cells.insert(node, at);
        }
    }
    nodes.retain(|node| !cells.contains_key(node));
    let rows = nodes.len().div_ceil(cols).max(1);
    for row in 0..rows {
        // Every row gets nodes from the left to the right of the page.
        let chunk: Vec<usize> = nodes.iter().copied().skip(row).step_by(rows).collect();
        let mut next = 0;
        for (i, &node) in chunk.iter().enumerate() {
            let wish = wanted.get(&node).copied().unwrap_or(next);
            let col = wish.max(next).min(cols - (chunk.len() - i));
            let at = if taken.contains(&(row, col)) { nearest(&taken, cols, (row, col)) } else { (row, col) };
            taken.insert(at);
            cells.insert(node, at);
            next = col + 1;
        }
    }
    let rows = cells.values().map(|cell| cell.0 + 1).max().unwrap_or(1);
    Grid { cells: members.iter().map(|node| cells.get(node).copied().unwrap_or_default()).collect(), rows }
}
