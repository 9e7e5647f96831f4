//! Comparisons already made for one component while one device is matched: the trees of a product name the same versions
//! over and over, and most of them only to be excluded.

use crate::compare::{is_same, is_shortened, order};
use crate::device::{Component, Known, Policy};
use crate::error::CatalogueError;
use crate::file::Container;
use crate::open::Texts;
use crate::tree::Leaf;
use crate::windows;
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::cmp::Ordering;

/// How a component's version stands to a version of the catalogue.
#[derive(Clone, Copy)]
struct Stands {
    /// It is the same version.
    same: bool,
    order: Option<Ordering>,
    /// It may be a shortened way to write it.
    shortened: bool,
}

/// By text number.
#[derive(Default)]
pub(crate) struct Seen(RefCell<FxHashMap<u32, Stands>>);

impl Seen {
    /// Whether the version excludes the criterion for certain; if not, it has to be compared in full.
    pub(crate) fn excludes(
        &self,
        leaf: &Leaf,
        component: &Component<'_>,
        file: &Container,
        policy: Policy,
    ) -> Result<bool, CatalogueError> {
        let Known::Is(have) = &component.version else { return Ok(false) };
        // Windows has a rule of its own.
        if policy == Policy::Hospital && windows::is_release(&component.product) {
            return Ok(false);
        }
        if let Some(version) = leaf.exact() {
            let stands = self.compare(version, have, file, policy)?;
            if !stands.same && !stands.shortened {
                return Ok(true);
            }
        }
        for (end, outside) in leaf.ends().into_iter().zip([Ordering::Less, Ordering::Greater]) {
            let Some((version, inclusive)) = end else { continue };
            let stands = self.compare(version, have, file, policy)?;
            match stands.order {
                Some(Ordering::Equal) if !inclusive => return Ok(true),
                Some(Ordering::Less) if stands.shortened => {}
                Some(order) if order == outside => return Ok(true),
                _ => {}
            }
        }
        Ok(false)
    }

    fn compare(&self, number: u32, have: &str, file: &Container, policy: Policy) -> Result<Stands, CatalogueError> {
        if let Some(known) = self.0.borrow().get(&number) {
            return Ok(*known);
        }
        let text = Texts(file).get(number)?;
        let stands = Stands {
            same: is_same(text, have, policy),
            order: order(have, text, policy),
            shortened: is_shortened(have, text, policy),
        };
        self.0.borrow_mut().insert(number, stands);
        Ok(stands)
    }
}
