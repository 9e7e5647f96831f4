//! Which zone, row and column every node gets. No coordinates yet.

use crate::model::{Diagram, LineKind, Node, NodeKind};
use std::collections::{BTreeMap, BTreeSet};
use tomomori_domain::resource::{ResourceKind, ZoneKind};

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
    /// Ends of lines as node indices; `None` for a line that cannot be drawn.
    pub ends: Vec<Option<(usize, usize)>>,
}

const UNSEATED: Seat = Seat { plot: usize::MAX, row: 0, col: 0 };

/// Free space between nodes. Two settings: small pictures breathe, large ones must stay readable on A3.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Spacing {
    /// Least distance of columns, a multiple of 16.
    pub gutter: i32,
    /// Least distance of rows, a multiple of 8.
    pub row_gap: i32,
    /// Rough size of a grid cell with its share of channels, for choosing the shape only.
    cell: (usize, usize),
}

impl Spacing {
    fn for_nodes(count: usize) -> Self {
        if count <= 60 {
            Self { gutter: 32, row_gap: 24, cell: (208, 76) }
        } else {
            Self { gutter: 16, row_gap: 16, cell: (200, 66) }
        }
    }
}

/// Rough height of a zone beside its rows.
const ZONE_EXTRA: usize = 72;

pub(crate) fn place(diagram: &Diagram) -> Placement {
    let index: BTreeMap<&str, usize> = diagram.nodes.iter().enumerate().map(|(i, n)| (n.key.as_str(), i)).collect();
    let ends: Vec<_> = diagram
        .lines
        .iter()
        .map(|line| {
            let (from, to) = (*index.get(line.from.as_str())?, *index.get(line.to.as_str())?);
            (from != to).then_some((from, to))
        })
        .collect();

    let mut members: Vec<(Option<usize>, Vec<usize>)> =
        (0..diagram.zones.len()).map(|zone| (Some(zone), Vec::new())).collect();
    members.sort_by_key(|(zone, _)| zone.map(|zone| diagram.zones[zone].kind));
    let by_key: BTreeMap<&str, usize> = members
        .iter()
        .enumerate()
        .filter_map(|(at, (zone, _))| zone.map(|zone| (diagram.zones[zone].key.as_str(), at)))
        .collect();
    let mut stray = Vec::new();
    for (i, node) in diagram.nodes.iter().enumerate() {
        match by_key.get(node.zone.as_str()) {
            Some(&at) => members[at].1.push(i),
            None => stray.push(i),
        }
    }
    if !stray.is_empty() {
        members.push((None, stray));
    }

    let band_kinds = [ZoneKind::Outside, ZoneKind::Boundary];
    let kind = |zone: Option<usize>| zone.map_or(ZoneKind::Unknown, |zone| diagram.zones[zone].kind);
    let mut bands: Vec<Vec<usize>> = band_kinds
        .iter()
        .map(|&wanted| (0..members.len()).filter(|&at| kind(members[at].0) == wanted).collect())
        .collect();
    bands.retain(|band: &Vec<usize>| !band.is_empty());
    let inner: Vec<usize> = (0..members.len()).filter(|&at| !band_kinds.contains(&kind(members[at].0))).collect();

    let orders = Orders::new(diagram, &ends);
    let infra: Vec<usize> = members.iter().map(|(_, nodes)| orders.infrastructure(nodes)).collect();
    let sizes: Vec<(usize, usize)> =
        members.iter().zip(&infra).map(|((_, nodes), &first)| (first, nodes.len() - first)).collect();
    let spacing = Spacing::for_nodes(diagram.nodes.len());
    let (stacks, widths) = shape(&inner, &sizes, bands.len(), spacing.cell);

    let mut placement = Placement { seats: vec![UNSEATED; diagram.nodes.len()], ends, spacing, ..Placement::default() };
    placement.plots =
        members.iter().map(|(zone, _)| Plot { zone: *zone, site: Site::Band(0), rows: 1, cols: 1 }).collect();
    for (s, (stack, &cols)) in stacks.iter().zip(&widths).enumerate() {
        for (pos, &at) in stack.iter().enumerate() {
            let (_, nodes) = &mut members[at];
            orders.sort(nodes);
            let rows = fill(nodes, infra[at], cols, at, &mut placement.seats);
            let plot = &mut placement.plots[at];
            (plot.site, plot.rows, plot.cols) = (Site::Stack { stack: s, pos }, rows, cols);
        }
    }
    let total = widths.iter().sum::<usize>().max(5);
    // From the boundary outwards, so that each band can look at what lies below it.
    for (b, band) in bands.iter().enumerate().rev() {
        let shares = share_columns(band, &members, total.saturating_sub(band.len()).max(band.len()));
        let mut offset = 0;
        for (&at, cols) in band.iter().zip(shares) {
            let nodes = std::mem::take(&mut members[at].1);
            placement.plots[at].site = Site::Band(b);
            placement.plots[at].cols = cols;
            let wanted = wishes(&nodes, &placement, &stacks, &widths, offset);
            placement.plots[at].rows = fill_band(diagram, nodes, &wanted, cols, at, &mut placement.seats);
            offset += cols;
        }
    }
    placement.bands = bands;
    placement.stacks = stacks;
    placement
}

/// Order of nodes within a zone: what others are plugged into first, then what hangs together.
struct Orders<'a> {
    nodes: &'a [Node],
    owners: BTreeMap<&'a str, usize>,
    uplink: Vec<Option<usize>>,
    roots: BTreeSet<usize>,
}

impl<'a> Orders<'a> {
    fn new(diagram: &'a Diagram, ends: &[Option<(usize, usize)>]) -> Self {
        let mut uplink = vec![None; diagram.nodes.len()];
        let mut roots = BTreeSet::new();
        for (line, ends) in diagram.lines.iter().zip(ends) {
            if let (LineKind::Uplink, &Some((from, to))) = (line.kind, ends) {
                uplink[from].get_or_insert(to);
                roots.insert(to);
            }
        }
        let owners = diagram.owners.iter().enumerate().map(|(i, owner)| (owner.key.as_str(), i)).collect();
        Self { nodes: &diagram.nodes, owners, uplink, roots }
    }

    fn is_infrastructure(&self, node: usize) -> bool {
        self.roots.contains(&node) || self.nodes[node].kind == NodeKind::Resource(ResourceKind::Network)
    }

    fn infrastructure(&self, nodes: &[usize]) -> usize {
        nodes.iter().filter(|&&node| self.is_infrastructure(node)).count()
    }

    fn sort(&self, nodes: &mut [usize]) {
        let text = |i: usize| (self.nodes[i].name.as_str(), self.nodes[i].key.as_str());
        nodes.sort_by_cached_key(|&i| {
            let node = &self.nodes[i];
            let owner = node.owner.as_deref().and_then(|owner| self.owners.get(owner)).copied();
            (
                !self.is_infrastructure(i),
                !self.roots.contains(&i),
                // Among switches the one nothing leads on from comes first, among the others those without switch last.
                self.is_infrastructure(i) == self.uplink[i].is_some(),
                self.uplink[i].map(text),
                owner.unwrap_or(usize::MAX),
                node.kind,
                text(i),
            )
        });
    }
}

fn fill(nodes: &[usize], infra: usize, cols: usize, plot: usize, seats: &mut [Seat]) -> usize {
    let mut row = 0;
    for part in [&nodes[..infra], &nodes[infra..]] {
        for chunk in part.chunks(cols) {
            // A short row of switches stands in the middle, beside the zone's name, so that lines reach it from above.
            let shift = if infra > 0 && row == 0 { (cols - chunk.len()).div_ceil(2) } else { 0 };
            for (col, &node) in chunk.iter().enumerate() {
                seats[node] = Seat { plot, row, col: col + shift };
            }
            row += 1;
        }
    }
    row.max(1)
}

/// Splits the inner zones into stacks and gives each stack its columns so that the picture comes close to A3 landscape.
fn shape(
    inner: &[usize],
    sizes: &[(usize, usize)],
    bands: usize,
    cell: (usize, usize),
) -> (Vec<Vec<usize>>, Vec<usize>) {
    let rows = |at: usize, cols: usize| (sizes[at].0.div_ceil(cols) + sizes[at].1.div_ceil(cols)).max(1);
    let height =
        |stack: &[usize], cols: usize| -> usize { stack.iter().map(|&at| ZONE_EXTRA + rows(at, cols) * cell.1).sum() };
    let above = 220 + bands * 130;
    let total: usize = inner.iter().map(|&at| sizes[at].0 + sizes[at].1 + 2).sum();
    let mut best: Option<(usize, Vec<Vec<usize>>, Vec<usize>)> = None;
    for count in 1..=inner.len().min(16) {
        let stacks = split(inner, sizes, total, count);
        let mut cols = vec![2; stacks.len()];
        let mut heights: Vec<usize> = stacks.iter().map(|stack| height(stack, 2)).collect();
        for _ in 0..(2 * total.isqrt() + 8) {
            let width: usize = cols.iter().map(|c| c * cell.0 + 64).sum();
            let tallest = (0..heights.len()).max_by_key(|&s| (heights[s], std::cmp::Reverse(s)));
            let Some(tallest) = tallest else { break };
            // The page is as large as the worse of its two sides, measured in A3 heights.
            let size = (width * 1000 / 1444).max(heights[tallest] + above);
            if best.as_ref().is_none_or(|(least, ..)| size < *least) {
                best = Some((size, stacks.clone(), cols.clone()));
            }
            cols[tallest] += 1;
            heights[tallest] = height(&stacks[tallest], cols[tallest]);
        }
    }
    best.map(|(_, stacks, cols)| (stacks, cols)).unwrap_or_default()
}

/// Cuts the zones, kept in order, into about `count` stacks of about equal numbers of nodes.
fn split(inner: &[usize], sizes: &[(usize, usize)], total: usize, count: usize) -> Vec<Vec<usize>> {
    let mut stacks: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut before = 0;
    for &at in inner {
        let size = sizes[at].0 + sizes[at].1 + 2;
        // By the middle of the zone on the scale of all nodes.
        let stack = ((2 * before + size) * count / (2 * total).max(1)).min(count - 1);
        stacks[stack].push(at);
        before += size;
    }
    stacks.retain(|stack| !stack.is_empty());
    stacks
}

fn share_columns(band: &[usize], members: &[(Option<usize>, Vec<usize>)], total: usize) -> Vec<usize> {
    let all: usize = band.iter().map(|&at| members[at].1.len().max(1)).sum();
    band.iter().map(|&at| (members[at].1.len().max(1) * total / all).max(1)).collect()
}

/// For each node of a band the column under which its partners lie, if it has any: `(column, zone of partner)`.
fn wishes(
    nodes: &[usize],
    placement: &Placement,
    stacks: &[Vec<usize>],
    widths: &[usize],
    offset: usize,
) -> BTreeMap<usize, (usize, usize)> {
    let mut start = vec![0; placement.plots.len()];
    let mut before = 0;
    for (stack, &cols) in stacks.iter().zip(widths) {
        for &at in stack {
            start[at] = before;
        }
        before += cols;
    }
    let mine: BTreeSet<usize> = nodes.iter().copied().collect();
    let mut found: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for &(from, to) in placement.ends.iter().flatten() {
        for (me, other) in [(from, to), (to, from)] {
            let seat = placement.seats[other];
            if mine.contains(&me) && !mine.contains(&other) && seat.plot != UNSEATED.plot {
                let wish = ((start[seat.plot] + seat.col).saturating_sub(offset), seat.plot);
                found.entry(me).and_modify(|old| *old = wish.min(*old)).or_insert(wish);
            }
        }
    }
    found
}

fn fill_band(
    diagram: &Diagram,
    mut nodes: Vec<usize>,
    wanted: &BTreeMap<usize, (usize, usize)>,
    cols: usize,
    plot: usize,
    seats: &mut [Seat],
) -> usize {
    nodes.sort_by_cached_key(|node| {
        let text = (diagram.nodes[*node].name.as_str(), diagram.nodes[*node].key.as_str());
        (wanted.get(node).copied().unwrap_or((usize::MAX, 0)), text)
    });
    let mut rows = 0;
    let per_row = nodes.len().div_ceil(nodes.len().div_ceil(cols).max(1)).max(1);
    for (row, chunk) in nodes.chunks(per_row).enumerate() {
        let mut next = 0;
        for (i, &node) in chunk.iter().enumerate() {
            let wish = wanted.get(&node).map_or(next, |wish| wish.0);
            let col = wish.max(next).min(cols - (chunk.len() - i));
            seats[node] = Seat { plot, row, col };
            next = col + 1;
        }
        rows = row + 1;
    }
    rows.max(1)
}
