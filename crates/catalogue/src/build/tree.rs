//! Applicability trees as bytes. See [`crate::tree`] for the reading side.
//!
//! ```text
//! node  = flags(1: bit0 AND, bit1 negated) · groups · group… · children · node…
//! group = product × 4 + 2 if any name is vulnerable + 1 if any is only platform · bytes · leaf…
//!         all names of one product, so that a reader can skip them in one step
//! leaf  = flags(1) · [version] · [start] · [end] · [attributes]
//! ```

use super::intern::{Attributes, Products, Texts};
use crate::codec::put;
use crate::name;
use crate::rows::{ANY, NOT_APPLICABLE, PATTERN};
use crate::tree::{MAX_DEPTH, leaf, node};
use tomomori_formats::record::{Bound, CpeMatch, Node, Operator};

/// Encoded trees and the products in them.
#[derive(Default)]
pub(crate) struct Trees {
    pub(crate) bytes: Vec<u8>,
    pub(crate) index: Vec<TreeAt>,
    /// Product number and whether it is there as vulnerable; the slice of each tree has each product once.
    pub(crate) products: Vec<(u32, bool)>,
}

/// A tree in [`Trees`].
#[derive(Clone, Copy)]
pub(crate) struct TreeAt {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) products_end: usize,
}

/// What the encoder needs to number texts and products.
pub(crate) struct Names<'a> {
    pub(crate) texts: &'a mut Texts,
    pub(crate) products: &'a mut Products,
    pub(crate) attributes: &'a mut Attributes,
}

impl Trees {
    /// Products of the `index`-th tree.
    pub(crate) fn products_of(&self, index: usize) -> &[(u32, bool)] {
        let start = if index == 0 { 0 } else { self.index[index - 1].products_end };
        &self.products[start..self.index[index].products_end]
    }

    /// Encodes a tree.
    ///
    /// # Errors
    /// A short reason and the value met. Nothing of the tree is kept then: a tree without one of its parts would say
    /// something else.
    pub(crate) fn add(&mut self, root: &Node<'_>, names: &mut Names<'_>) -> Result<(), (&'static str, String)> {
        let (start, first_product) = (self.bytes.len(), self.products.len());
        if let Err(problem) = self.node(root, names, 0) {
            self.bytes.truncate(start);
            self.products.truncate(first_product);
            return Err(problem);
        }
        let tail = &mut self.products[first_product..];
        tail.sort_unstable_by_key(|(product, vulnerable)| (*product, !*vulnerable));
        let mut kept = first_product;
        for at in first_product..self.products.len() {
            if at == first_product || self.products[at].0 != self.products[kept - 1].0 {
                self.products[kept] = self.products[at];
                kept += 1;
            }
        }
        self.products.truncate(kept);
        self.index.push(TreeAt { start, end: self.bytes.len(), products_end: kept });
        Ok(())
    }

    fn node(&mut self, item: &Node<'_>, names: &mut Names<'_>, depth: usize) -> Result<(), (&'static str, String)> {
        if depth > MAX_DEPTH {
            return Err(("applicability tree nested too deeply", String::new()));
        }
        let and = if item.operator == Operator::And { node::AND } else { 0 };
        self.bytes.push(and | if item.negate { node::NEGATE } else { 0 });
        let mut leaves = Vec::with_capacity(item.matches.len());
        for entry in &item.matches {
            let Some(name) = name::cut(&entry.cpe) else {
                return Err(("criterion is not a CPE name of one product", entry.cpe.to_string()));
            };
            let product = names.products.number(name.product, names.texts);
            leaves.push((product, name, entry));
        }
        // Under AND every name is a condition of its own, so grouping by product must not merge them: it does not, a
        // group is only a way to skip. The sort is stable, the source's order stays visible inside a product.
        leaves.sort_by_key(|(product, ..)| *product);
        let groups: Vec<_> = leaves.chunk_by(|a, b| a.0 == b.0).collect();
        put(&mut self.bytes, groups.len() as u64);
        let mut buffer = Vec::new();
        for group in groups {
            buffer.clear();
            let (mut vulnerable, mut platform) = (false, false);
            for (_, name, entry) in group {
                vulnerable |= entry.vulnerable;
                platform |= !entry.vulnerable;
                put_leaf(&mut buffer, name, entry, names);
            }
            let product = group[0].0;
            self.products.push((product, vulnerable));
            put(&mut self.bytes, u64::from(product) << 2 | u64::from(vulnerable) << 1 | u64::from(platform));
            put(&mut self.bytes, buffer.len() as u64);
            self.bytes.extend_from_slice(&buffer);
        }
        put(&mut self.bytes, item.children.len() as u64);
        item.children.iter().try_for_each(|child| self.node(child, names, depth + 1))
    }
}

fn put_leaf(out: &mut Vec<u8>, name: &name::Name<'_>, entry: &CpeMatch<'_>, names: &mut Names<'_>) {
    let version = names.texts.value(name.version);
    let attributes = names.attributes.number(name.rest, names.texts);
    let mut flags = match version {
        ANY => leaf::ANY,
        NOT_APPLICABLE => leaf::NOT_APPLICABLE,
        code if code & PATTERN != 0 => leaf::PATTERN,
        _ => leaf::EXACT,
    };
    let (start, end) = (&entry.range.start, &entry.range.end);
    let mut bound = |bound: &Option<Bound<'_>>, present: u8, inclusive: u8| {
        let bound = bound.as_ref()?;
        flags |= present | if bound.inclusive { inclusive } else { 0 };
        Some(names.texts.number(&name::plain(&bound.version)))
    };
    let start = bound(start, leaf::START, leaf::START_INCLUSIVE);
    let end = bound(end, leaf::END, leaf::END_INCLUSIVE);
    if entry.vulnerable {
        flags |= leaf::VULNERABLE;
    }
    if attributes.is_some() {
        flags |= leaf::ATTRIBUTES;
    }
    out.push(flags);
    if matches!(flags & leaf::KIND, leaf::EXACT | leaf::PATTERN) {
        put(out, u64::from(version & !PATTERN));
    }
    for number in [start, end, attributes].into_iter().flatten() {
        put(out, u64::from(number));
    }
}
