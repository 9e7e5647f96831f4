//! Which zone, row and column every node gets. No coordinates yet.

use crate::arrange::{Arrangement, Cell, MAX_COLS, ZonePlace};
use crate::model::Diagram;
use crate::seats::{self, Blocks, Orders};
use crate::shape::{Measured, Page, shape};
use std::collections::{BTreeMap, BTreeSet};
use tomomori_domain::resource::ZoneKind;

/// Where a zone stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Site {
    /// Across the page: 0 = topmost.
    Band(usize),
    /// In a stack of zones; stacks stand side by side below the bands.
    Stack {
        /// Which stack, from the left.
        stack: usize,
        /// Which place in it, from the top.
        pos: usize,
    },
}

/// A zone with its grid.
#[derive(Clone, Debug)]
pub(crate) struct Plot {
    /// Index into [`Diagram::zones`]; `None` = the nameless zone of nodes without one.
    pub zone: Option<usize>,
    pub site: Site,
    pub rows: usize,
    pub cols: usize,
}

/// Where a node stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seat {
    pub plot: usize,
    pub row: usize,
    pub col: usize,
}

/// The whole placement.
#[derive(Clone, Debug, Default)]
pub(crate) struct Placement {
    pub plots: Vec<Plot>,
    pub bands: Vec<Vec<usize>>,
    pub stacks: Vec<Vec<usize>>,
    pub spacing: Spacing,
    /// One per node of the diagram.
    pub seats: Vec<Seat>,
    /// The stacks were chosen by their shape, not taken from the picture before.
    pub by_shape: bool,
    /// Which of the spacings is in use.
    pub level: u8,
    /// Ends of lines as node indices; `None` for a line that cannot be drawn.
    pub ends: Vec<Option<(usize, usize)>>,
}

const UNSEATED: Seat = Seat { plot: usize::MAX, row: 0, col: 0 };

/// Size of nodes and free space between them. Three settings: small pictures breathe, large ones must stay readable on A3.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Spacing {
    /// Width of a node, an odd multiple of 16.
    pub node_w: i32,
    /// Size of the small texts.
    pub small: i32,
    /// Least distance of columns, a multiple of 16.
    pub gutter: i32,
    /// Least distance of the two rows of a pair, a multiple of 8.
    pub row_gap: i32,
    /// Least distance of pairs, a multiple of 8.
    pub pair_gap: i32,
    /// Rough size of a grid cell with its share of channels, for choosing the shape only.
    cell: (usize, usize),
}

const SPACINGS: [Spacing; 3] = [
    Spacing { node_w: 176, small: 14, gutter: 32, row_gap: 24, pair_gap: 24, cell: (216, 72) },
    Spacing { node_w: 176, small: 14, gutter: 16, row_gap: 16, pair_gap: 16, cell: (198, 64) },
    Spacing { node_w: 144, small: 15, gutter: 16, row_gap: 16, pair_gap: 8, cell: (166, 64) },
];

/// Nodes up to which the first two are used.
const SPACING_UP_TO: [usize; 2] = [60, 150];

/// Which spacing: as before within a third of the limit, so that the picture is not redrawn each time the count passes it.
fn spacing_for(count: usize, before: &Arrangement) -> u8 {
    let fresh = |count: usize| SPACING_UP_TO.iter().filter(|&&limit| count > limit).count() as u8;
    if before.zones.is_empty() {
        return fresh(count);
    }
    before.spacing.clamp(fresh(count * 3 / 4), fresh(count * 3 / 2))
}

/// A zone while it is being placed.
pub(crate) struct Member<'a> {
    zone: Option<usize>,
    nodes: Vec<usize>,
    blocks: Blocks,
    before: Option<&'a ZonePlace>,
}

impl Member<'_> {
    /// Rows its nodes will need, nearly.
    pub(crate) fn rows(&self, cols: usize) -> usize {
        seats::rows_for(self.nodes.len(), self.blocks.len(), cols)
    }

    /// Columns as before, or as wanted, but room for every pin.
    fn cols(&self, wanted: usize) -> usize {
        let before = self.before.filter(|_| self.is_known()).map_or(wanted, |place| usize::from(place.cols));
        let pins = self.before.into_iter().flat_map(|place| place.cells.values()).filter(|cell| cell.pinned);
        let pins = pins.map(|cell| usize::from(cell.col) + 1).filter(|&cols| cols <= MAX_COLS).max();
        before.max(pins.unwrap_or(0)).clamp(1, MAX_COLS)
    }

    /// Stood in the picture before, not only pinned.
    fn is_known(&self) -> bool {
        self.before.is_some_and(|place| place.cols > 0)
    }
}

/// What does not hang on the shape of the page: ends of lines, zones and their nodes.
pub(crate) struct Ground<'a> {
    diagram: &'a Diagram,
    before: &'a Arrangement,
    ends: Vec<Option<(usize, usize)>>,
    orders: Orders<'a>,
    members: Vec<Member<'a>>,
}

impl<'a> Ground<'a> {
    pub(crate) fn new(diagram: &'a Diagram, before: &'a Arrangement) -> Self {
        let index: BTreeMap<&str, usize> = diagram.nodes.iter().enumerate().map(|(i, n)| (n.key.as_str(), i)).collect();
        let ends: Vec<_> = diagram
            .lines
            .iter()
            .map(|line| {
                let (from, to) = (*index.get(line.from.as_str())?, *index.get(line.to.as_str())?);
                (from != to).then_some((from, to))
            })
            .collect();
        let orders = Orders::new(diagram, &ends);
        let members = members(diagram, &orders, before);
        Self { diagram, before, ends, orders, members }
    }
}

/// Gives every zone its place and every node its cell.
pub(crate) fn place(ground: &Ground<'_>, measured: &Measured) -> Placement {
    let Ground { diagram, before, ends, orders, members } = ground;
    let count = diagram.nodes.len();
    let level = spacing_for(count, before);
    let spacing = SPACINGS[usize::from(level)];

    let kind = |member: &Member| member.zone.map_or(ZoneKind::Unknown, |zone| diagram.zones[zone].kind);
    let of_kind = |wanted| (0..members.len()).filter(|&at| kind(&members[at]) == wanted).collect::<Vec<usize>>();
    let mut bands: Vec<Vec<usize>> = [ZoneKind::Outside, ZoneKind::Boundary].map(of_kind).into();
    bands.retain(|band| !band.is_empty());
    for band in &mut bands {
        band.sort_by_key(|&at| members[at].before.map_or(usize::MAX, |place| usize::from(place.pos)));
    }
    let in_band: BTreeSet<usize> = bands.iter().flatten().copied().collect();
    let inner: Vec<usize> = (0..members.len()).filter(|at| !in_band.contains(at)).collect();
    let page = Page { bands: bands.len(), cell: spacing.cell, measured };
    let (stacks, widths, by_shape) = stacks(&inner, members, &page);

    let mut placement = Placement {
        seats: vec![UNSEATED; count],
        ends: ends.clone(),
        spacing,
        level,
        by_shape,
        ..Placement::default()
    };
    placement.plots =
        members.iter().map(|member| Plot { zone: member.zone, site: Site::Band(0), rows: 1, cols: 1 }).collect();
    for (s, (stack, &cols)) in stacks.iter().zip(&widths).enumerate() {
        for (pos, &at) in stack.iter().enumerate() {
            let member = &members[at];
            let cols = member.cols(cols);
            let grid = seats::seat(orders, &member.nodes, &member.blocks, cols, member.before);
            for (&node, (row, col)) in member.nodes.iter().zip(grid.cells) {
                placement.seats[node] = Seat { plot: at, row, col };
            }
            let plot = &mut placement.plots[at];
            (plot.site, plot.rows, plot.cols) = (Site::Stack { stack: s, pos }, grid.rows, cols);
        }
    }
    let cols = |stack: &Vec<usize>| stack.iter().map(|&at| placement.plots[at].cols).max().unwrap_or(1);
    let widths: Vec<usize> = stacks.iter().map(cols).collect();
    let total = widths.iter().sum::<usize>().max(measured.across).max(5);
    // From the boundary outwards, so that each band can look at what lies below it.
    for (b, band) in bands.iter().enumerate().rev() {
        let shares = share_columns(band, members, total.saturating_sub(band.len()).max(band.len()));
        let mut offset = 0;
        for (&at, share) in band.iter().zip(shares) {
            let member = &members[at];
            let cols = member.cols(share);
            let wanted = wishes(&member.nodes, &placement, &stacks, &widths, offset);
            let grid = if member.is_known() {
                seats::seat(orders, &member.nodes, &member.blocks, cols, member.before)
            } else {
                seats::seat_band(diagram, &member.nodes, &wanted, cols, member.before)
            };
            for (&node, (row, col)) in member.nodes.iter().zip(grid.cells) {
                placement.seats[node] = Seat { plot: at, row, col };
            }
            let plot = &mut placement.plots[at];
            (plot.site, plot.rows, plot.cols) = (Site::Band(b), grid.rows, cols);
            offset += cols;
        }
    }
    placement.bands = bands;
    placement.stacks = stacks;
    placement
}

impl Plot {
    /// Columns over which the name of a stacked zone stands. In the topmost zone of a stack the others are left free for
    /// wires from above.
    pub(crate) fn name_cols(&self) -> usize {
        match self.site {
            Site::Stack { pos: 0, .. } if self.cols < 3 => 1,
            Site::Stack { pos: 0, .. } => 2,
            Site::Stack { .. } | Site::Band(_) => self.cols,
        }
    }
}

impl Placement {
    /// What the next picture needs to know; pins stay pins.
    pub(crate) fn arrangement(&self, diagram: &Diagram, before: &Arrangement) -> Arrangement {
        let mut zones: BTreeMap<String, ZonePlace> = BTreeMap::new();
        let key = |plot: &Plot| plot.zone.map_or_else(String::new, |zone| diagram.zones[zone].key.clone());
        for (p, plot) in self.plots.iter().enumerate() {
            let (stack, pos) = match plot.site {
                Site::Stack { stack, pos } => (stack, pos),
                Site::Band(band) => (0, self.bands[band].iter().position(|&at| at == p).unwrap_or(0)),
            };
            let key = key(plot);
            let pinned = before.zones.get(&key).is_some_and(|place| place.pinned);
            let place = ZonePlace {
                stack: short(stack),
                pos: short(pos),
                cols: short(plot.cols),
                pinned,
                cells: BTreeMap::new(),
            };
            zones.entry(key).or_insert(place);
        }
        for (node, seat) in diagram.nodes.iter().zip(&self.seats) {
            let key = key(&self.plots[seat.plot]);
            let pinned = before.zones.get(&key).and_then(|place| place.cells.get(&node.key)).is_some_and(|c| c.pinned);
            if let Some(place) = zones.get_mut(&key) {
                let cell = Cell { row: short(seat.row), col: short(seat.col), pinned };
                place.cells.entry(node.key.clone()).or_insert(cell);
            }
        }
        Arrangement { spacing: self.level, zones }
    }
}

fn short(value: usize) -> u16 {
    u16::try_from(value).unwrap_or(u16::MAX)
}

/// Zones by kind, in their given order; nodes of no listed zone in a nameless one at the end.
fn members<'a>(diagram: &Diagram, orders: &Orders<'_>, before: &'a Arrangement) -> Vec<Member<'a>> {
    let mut zones: Vec<usize> = (0..diagram.zones.len()).collect();
    zones.sort_by_key(|&zone| diagram.zones[zone].kind);
    let by_key: BTreeMap<&str, usize> =
        zones.iter().enumerate().map(|(at, &zone)| (diagram.zones[zone].key.as_str(), at)).collect();
    let mut nodes: Vec<Vec<usize>> = vec![Vec::new(); zones.len() + 1];
    for (i, node) in diagram.nodes.iter().enumerate() {
        nodes[by_key.get(node.zone.as_str()).copied().unwrap_or(zones.len())].push(i);
    }
    let keys = zones.iter().map(|&zone| (Some(zone), diagram.zones[zone].key.as_str())).chain([(None, "")]);
    let all = keys.zip(nodes).map(|((zone, key), nodes)| Member {
        zone,
        blocks: orders.blocks(&nodes),
        nodes,
        before: before.zones.get(key),
    });
    all.filter(|member| member.zone.is_some() || !member.nodes.is_empty()).collect()
}

/// Stacks of zones and their columns: as before where most zones are known, else by shape; pinned zones where they are
/// pinned.
fn stacks(inner: &[usize], members: &[Member<'_>], page: &Page<'_>) -> (Vec<Vec<usize>>, Vec<usize>, bool) {
    let pinned = |at: &usize| members[*at].before.filter(|place| place.pinned);
    let free: Vec<usize> = inner.iter().copied().filter(|at| pinned(at).is_none()).collect();
    let known: Vec<usize> = free.iter().copied().filter(|&at| members[at].is_known()).collect();
    let by_shape = !free.is_empty() && 2 * known.len() < free.len();
    let (mut stacks, mut widths): (Vec<Vec<usize>>, Vec<usize>) = if by_shape {
        shape(&free, members, page)
    } else {
        let mut old: BTreeMap<u16, Vec<(u16, usize)>> = BTreeMap::new();
        for &at in &known {
            if let Some(place) = members[at].before {
                old.entry(place.stack).or_default().push((place.pos, at));
            }
        }
        let mut stacks: Vec<Vec<usize>> = Vec::new();
        for (_, mut stack) in old {
            stack.sort_unstable();
            stacks.push(stack.into_iter().map(|(_, at)| at).collect());
        }
        let cols = |stack: &Vec<usize>| stack.iter().map(|&at| members[at].cols(2)).max().unwrap_or(2);
        let widths: Vec<usize> = stacks.iter().map(cols).collect();
        // New zones under the shortest stack.
        for &at in free.iter().filter(|at| !known.contains(at)) {
            let rows = |s: &usize| stacks[*s].iter().map(|&at| members[at].rows(widths[*s]) + 1).sum::<usize>();
            if let Some(s) = (0..stacks.len()).min_by_key(rows) {
                stacks[s].push(at);
            }
        }
        (stacks, widths)
    };
    let mut pins: Vec<(u16, u16, usize)> =
        inner.iter().filter_map(|at| pinned(at).map(|place| (place.stack, place.pos, *at))).collect();
    pins.sort_unstable();
    for (stack, pos, at) in pins {
        let stack = usize::from(stack).min(stacks.len());
        if stack == stacks.len() {
            stacks.push(Vec::new());
            widths.push(members[at].cols(2));
        }
        let pos = usize::from(pos).min(stacks[stack].len());
        stacks[stack].insert(pos, at);
    }
    (stacks, widths, by_shape)
}

fn share_columns(band: &[usize], members: &[Member<'_>], total: usize) -> Vec<usize> {
    let all: usize = band.iter().map(|&at| members[at].nodes.len().max(1)).sum();
    band.iter().map(|&at| (members[at].nodes.len().max(1) * total / all).max(1)).collect()
}

/// For each node of a band the column under which its partners lie, if it has any: the middle one of them.
fn wishes(
    nodes: &[usize],
    placement: &Placement,
    stacks: &[Vec<usize>],
    widths: &[usize],
    offset: usize,
) -> BTreeMap<usize, usize> {
    let mut start = vec![0; placement.plots.len()];
    let mut before = 0;
    for (stack, &cols) in stacks.iter().zip(widths) {
        for &at in stack {
            start[at] = before;
        }
        before += cols;
    }
    let mine: BTreeSet<usize> = nodes.iter().copied().collect();
    let mut found: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for &(from, to) in placement.ends.iter().flatten() {
        for (me, other) in [(from, to), (to, from)] {
            let seat = placement.seats[other];
            if mine.contains(&me) && !mine.contains(&other) && seat.plot != UNSEATED.plot {
                found.entry(me).or_default().push((start[seat.plot] + seat.col).saturating_sub(offset));
            }
        }
    }
    let middle = |mut columns: Vec<usize>| {
        columns.sort_unstable();
        columns[columns.len() / 2]
    };
    found.into_iter().map(|(node, columns)| (node, middle(columns))).collect()
}
