//! The shape of the page: which zones stand under each other, and how many columns each stack has.

use crate::arrange::MAX_COLS;
use crate::place::Member;

/// What a first drawing took, for choosing a better shape.
#[derive(Clone, Debug, Default)]
pub(crate) struct Measured {
    /// Width beside each stack, for wires.
    pub beside_stack: usize,
    /// Height above the stacks; 0 = nothing measured yet.
    pub above: usize,
    /// Width of a column with its gutter.
    pub column: usize,
    /// Columns that fit across the page.
    pub across: usize,
    /// Height of each plot.
    pub contents: Vec<usize>,
    /// Rows of each plot.
    pub rows: Vec<usize>,
}

/// What the shape is chosen for.
pub(crate) struct Page<'a> {
    pub bands: usize,
    /// Rough size of a grid cell with its share of channels.
    pub cell: (usize, usize),
    pub measured: &'a Measured,
}

/// Rough height of a zone beside its rows.
const ZONE_EXTRA: usize = 72;
/// Height of a row without wires.
const ROW: usize = 52;
/// Room for the legend.
const BELOW: usize = 64;
/// Fewest columns of a stack.
const LEAST: usize = 2;
/// Most zones in one stack; bounds the work, which grows with zones × this.
const MAX_STACK: usize = 64;

impl Page<'_> {
    /// Height of a zone with so many rows: what its wires took before stays, its rows change.
    fn height(&self, at: usize, rows: usize) -> usize {
        match (self.measured.contents.get(at), self.measured.rows.get(at)) {
            (Some(&height), Some(&before)) => 24 + height.saturating_sub(before * ROW) + rows * ROW,
            _ => ZONE_EXTRA + rows * self.cell.1,
        }
    }

    fn above(&self) -> usize {
        BELOW + if self.measured.above > 0 { self.measured.above } else { 156 + self.bands * 130 }
    }

    fn column(&self) -> usize {
        if self.measured.above > 0 { self.measured.column } else { self.cell.0 }
    }

    fn beside(&self) -> usize {
        if self.measured.above > 0 { self.measured.beside_stack } else { 80 }
    }
}

/// Cuts the zones, kept in order, into stacks, and gives each stack its columns, so that the picture is as large as it can
/// be on A3 landscape: for a height the narrowest cut is found, and among heights the best one.
pub(crate) fn shape(inner: &[usize], members: &[Member<'_>], page: &Page<'_>) -> (Vec<Vec<usize>>, Vec<usize>) {
    let cuts = Cuts::new(inner, members, page);
    let mut best: Option<(usize, Vec<(usize, usize)>)> = None;
    let (mut low, mut high) = (0_usize, cuts.height(0, inner.len(), LEAST));
    for _ in 0..14 {
        let limit = low.midpoint(high);
        let (width, stacks) = cuts.narrowest(limit);
        let mut from = 0;
        let mut tallest = 0;
        for &(to, cols) in &stacks {
            tallest = tallest.max(cuts.height(from, to, cols));
            from = to;
        }
        let tall = page.above() + tallest;
        // What must be shrunk to fit; short of that, less is better.
        let score = (width * 1000).max(tall * 1414) * 16 + (width + tall) * 100;
        if best.as_ref().is_none_or(|(old, _)| score < *old) {
            best = Some((score, stacks));
        }
        if width * 1000 > (page.above() + limit) * 1414 { low = limit } else { high = limit }
    }
    let mut from = 0;
    let mut out = (Vec::new(), Vec::new());
    for (to, cols) in best.map_or_else(Vec::new, |(_, stacks)| stacks) {
        out.0.push(inner[from..to].to_vec());
        out.1.push(cols);
        from = to;
    }
    out
}

/// Heights of runs of zones.
struct Cuts {
    zones: usize,
    /// By columns: height of the first n zones.
    sums: Vec<Vec<usize>>,
    cell: usize,
    beside: usize,
}

impl Cuts {
    fn new(inner: &[usize], members: &[Member<'_>], page: &Page<'_>) -> Self {
        let sum = |cols: usize| {
            let mut sum = 0;
            let add = |&at: &usize| {
                sum += page.height(at, members[at].rows(cols));
                sum
            };
            std::iter::once(0).chain(inner.iter().map(add)).collect()
        };
        let sums = (0..=MAX_COLS).map(|cols: usize| sum(cols.max(1))).collect();
        Self { zones: inner.len(), sums, cell: page.column(), beside: page.beside() }
    }

    fn height(&self, from: usize, to: usize, cols: usize) -> usize {
        self.sums[cols][to] - self.sums[cols][from]
    }

    /// The narrowest cut in which no stack is higher than the limit, if it can be: its width, and end and columns of each
    /// stack.
    fn narrowest(&self, limit: usize) -> (usize, Vec<(usize, usize)>) {
        // Width of the first n zones, begin of their last stack, and its columns.
        let mut least: Vec<(usize, usize, usize)> = vec![(0, 0, 0)];
        for to in 1..=self.zones {
            let mut best = (usize::MAX, 0, 0);
            let mut cols = LEAST;
            for from in (to.saturating_sub(MAX_STACK)..to).rev() {
                // More zones never need fewer columns.
                while cols < MAX_COLS && self.height(from, to, cols) > limit {
                    cols += 1;
                }
                let width = least[from].0 + self.beside + cols * self.cell;
                if width < best.0 {
                    best = (width, from, cols);
                }
                if cols == MAX_COLS && to - from > 1 {
                    break;
                }
            }
            least.push(best);
        }
        let mut stacks = Vec::new();
        let mut to = self.zones;
        while to > 0 {
            let (_, from, cols) = least[to];
            stacks.push((to, cols));
            to = from;
        }
        stacks.reverse();
        (least[self.zones].0, stacks)
    }
}
