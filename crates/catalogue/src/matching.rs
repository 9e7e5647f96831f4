//! Which vulnerabilities concern a device.

use crate::codec::Cursor;
use crate::compare::{Compared, compare};
use crate::device::{Component, Device, Policy};
use crate::error::CatalogueError;
use crate::facts::{Facts, Truth};
use crate::file::{Container, Section, le_u32};
use crate::open::Catalogue;
use crate::platform::Platforms;
use crate::rows::{ProductRow, TreeRow, VulnerabilityRow};
use crate::seen::Seen;
use crate::tree::{Combine, Criterion, Leaf, MAX_DEPTH, Outcome, node};
use tomomori_domain::finding::{MissingFact, Verdict};

/// A vulnerability that concerns a device, or may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match<'c> {
    /// Its id.
    pub id: &'c str,
    /// Conclusion.
    pub verdict: Verdict,
    /// For *possibly*: the fact to ask for first.
    pub missing: Option<MissingFact>,
    /// For *possibly*: all facts that would have to be known.
    pub facts: Facts,
    /// [`Component::key`] of the component the conclusion hangs on.
    pub component: u32,
    /// Highest base score of any source, times ten.
    pub score_tenths: Option<u16>,
    /// On CISA's list of known exploited vulnerabilities.
    pub exploited: bool,
    /// Row of the vulnerability in this catalogue.
    pub(crate) vulnerability: u32,
}

/// A component whose product the catalogue knows.
pub(crate) struct Known<'d> {
    pub(crate) product: u32,
    pub(crate) component: &'d Component<'d>,
    pub(crate) seen: Seen,
}

/// A device, resolved against one catalogue.
pub(crate) struct Scope<'d> {
    /// Sorted by product.
    pub(crate) known: Vec<Known<'d>>,
    pub(crate) platforms: Platforms,
    pub(crate) policy: Policy,
}

/// Result of one tree and the component that carries it.
#[derive(Clone, Copy)]
pub(crate) struct Found {
    truth: Truth,
    facts: Facts,
    component: u32,
}

/// The same product under the other part: NVD names some both as application and as operating system (`a:vmware:esxi`
/// and `o:vmware:esxi`), a ledger's wording finds one of them, and a vulnerability under the other must not be lost.
fn twin(key: &str) -> Option<String> {
    match key.split_once(':')? {
        ("a", rest) => Some(format!("o:{rest}")),
        ("o", rest) => Some(format!("a:{rest}")),
        _ => None,
    }
}

impl Catalogue {
    /// All vulnerabilities that concern the device, in the order of their ids. Withdrawn ones never do.
    ///
    /// # Errors
    /// A damaged block.
    pub fn match_device(&self, device: &Device<'_>) -> Result<Vec<Match<'_>>, CatalogueError> {
        self.match_with(device, Policy::Hospital)
    }

    /// The same under another policy.
    ///
    /// # Errors
    /// A damaged block.
    pub fn match_with(&self, device: &Device<'_>, policy: Policy) -> Result<Vec<Match<'_>>, CatalogueError> {
        let scope = self.scope(device, policy)?;
        let mut trees = Vec::new();
        let mut last = None;
        for known in &scope.known {
            if last.replace(known.product) == Some(known.product) {
                continue;
            }
            let row = ProductRow::read(&self.file, known.product)?;
            let count = row.vulnerable + if policy == Policy::KnownAnswers { row.platform } else { 0 };
            let postings = self.file.read(Section::Postings, row.first as usize * 4, count as usize * 4)?;
            trees.extend(postings.chunks_exact(4).map(|number| le_u32(number, 0)));
        }
        trees.sort_unstable();
        trees.dedup();
        let mut matches: Vec<Match<'_>> = Vec::new();
        for tree in trees {
            let row = TreeRow::read(&self.file, tree)?;
            // Trees are numbered in the order of vulnerabilities, so the trees of one stand together. An affected
            // one cannot get worse.
            let same = matches.last().is_some_and(|last| last.vulnerability == row.vulnerability);
            if same && matches.last().is_some_and(|last| last.verdict == Verdict::Affected) {
                continue;
            }
            let Some(found) = self.evaluate(&row, &scope)? else { continue };
            let one = self.matched(row.vulnerability, found)?;
            if !same {
                matches.push(one);
            } else if let Some(last) = matches.last_mut() {
                *last = if one.verdict == Verdict::Affected {
                    one
                } else {
                    Match { facts: last.facts.with(one.facts), ..*last }
                };
                last.missing = last.facts.first();
            }
        }
        Ok(matches)
    }

    pub(crate) fn scope<'d>(&self, device: &'d Device<'d>, policy: Policy) -> Result<Scope<'d>, CatalogueError> {
        let mut known = Vec::with_capacity(device.components.len());
        for component in &device.components {
            let twin = twin(&component.product).filter(|_| policy == Policy::Hospital);
            for key in [Some(component.product.as_ref()), twin.as_deref()].into_iter().flatten() {
                if let Some(product) = self.product_number(key)? {
                    known.push(Known { product, component, seen: Seen::default() });
                }
            }
        }
        known.sort_by_key(|known| known.product);
        Ok(Scope { known, platforms: Platforms::of(device), policy })
    }

    fn matched(&self, vulnerability: u32, found: Found) -> Result<Match<'_>, CatalogueError> {
        let row = VulnerabilityRow::read(&self.file, vulnerability)?;
        let affected = found.truth == Truth::True;
        let facts = if affected { Facts::NONE } else { found.facts };
        Ok(Match {
            id: self.texts().get(row.id)?,
            verdict: if affected { Verdict::Affected } else { Verdict::Possibly },
            missing: facts.first(),
            facts,
            component: found.component,
            score_tenths: (row.score > 0).then_some(row.score),
            exploited: row.exploited,
            vulnerability,
        })
    }

    fn evaluate(&self, row: &TreeRow, scope: &Scope<'_>) -> Result<Option<Found>, CatalogueError> {
        let bytes = self.file.read(Section::Trees, row.start as usize, row.length as usize)?;
        let mut cursor = Cursor::new(bytes, Section::Trees.name());
        let mut walk = Walk { file: &self.file, scope, carrier: None };
        let outcome = walk.node(&mut cursor, 0)?;
        let (truth, facts) = match scope.policy {
            Policy::Hospital => (outcome.vulnerable, outcome.vulnerable_facts),
            Policy::KnownAnswers => (outcome.truth, outcome.facts),
        };
        if truth == Truth::False {
            return Ok(None);
        }
        let component = walk.carrier.map_or(0, |carrier| carrier.component);
        Ok(Some(Found { truth, facts, component }))
    }
}

/// Which criterion carries the result best so far.
#[derive(Clone, Copy)]
struct Carrier {
    vulnerable: bool,
    truth: Truth,
    component: u32,
}

pub(crate) struct Walk<'w> {
    file: &'w Container,
    scope: &'w Scope<'w>,
    carrier: Option<Carrier>,
}

impl Walk<'_> {
    fn node(&mut self, cursor: &mut Cursor<'_>, depth: usize) -> Result<Outcome, CatalogueError> {
        if depth > MAX_DEPTH {
            return Err(CatalogueError::corrupt(Section::Trees.name(), "nested too deeply"));
        }
        let flags = cursor.byte()?;
        let mut combine = Combine::new(flags & node::AND != 0);
        for _ in 0..cursor.count()? {
            self.group(cursor, &mut combine)?;
        }
        for _ in 0..cursor.count()? {
            combine.add(self.node(cursor, depth + 1)?);
        }
        Ok(combine.finish(flags & node::NEGATE != 0))
    }

    /// All names of one product. Names of products that the device lacks are skipped unread.
    fn group(&mut self, cursor: &mut Cursor<'_>, combine: &mut Combine) -> Result<(), CatalogueError> {
        let head = cursor.number()?;
        let product =
            u32::try_from(head >> 2).map_err(|_| CatalogueError::corrupt(Section::Trees.name(), "product number"))?;
        let length = cursor.number()?;
        let bytes = cursor.take(length)?;
        let known = self.scope.of_product(product);
        if known.is_empty() {
            // Under AND each name is a condition of its own: what is vulnerable and not there is false, even if the
            // same product as a platform is only unknown.
            if head & 2 != 0 {
                combine.add(Outcome::of(Truth::False, Facts::NONE, true));
            }
            if head & 1 != 0 {
                combine.add(absent(self.file, self.scope, product, true)?);
            }
            return Ok(());
        }
        let mut leaves = Cursor::new(bytes, Section::Trees.name());
        while !leaves.is_empty() {
            let leaf = Leaf::read(&mut leaves)?;
            if self.excludes(&leaf, known)? {
                combine.add(Outcome::of(Truth::False, Facts::NONE, leaf.vulnerable()));
                continue;
            }
            let criterion = leaf.criterion(self.file)?;
            let (compared, component) = best(&criterion, known, self.scope);
            let carrier = Carrier { vulnerable: criterion.vulnerable, truth: compared.truth, component };
            if compared.truth > Truth::False
                && self.carrier.is_none_or(|last| (carrier.vulnerable, carrier.truth) > (last.vulnerable, last.truth))
            {
                self.carrier = Some(carrier);
            }
            combine.add(Outcome::of(compared.truth, compared.facts, criterion.vulnerable));
        }
        Ok(())
    }
}

impl Walk<'_> {
    /// Whether the versions alone exclude a criterion for all components of its product, without reading any text.
    fn excludes(&self, leaf: &Leaf, known: &[Known<'_>]) -> Result<bool, CatalogueError> {
        for one in known {
            if !one.seen.excludes(leaf, one.component, self.file, self.scope.policy)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Outcome of the names of a product that the device does not have.
pub(crate) fn absent(
    file: &Container,
    scope: &Scope<'_>,
    product: u32,
    platform: bool,
) -> Result<Outcome, CatalogueError> {
    let open = scope.policy == Policy::Hospital && platform && scope.platforms.has_gaps() && {
        let key = crate::open::Texts(file).get(ProductRow::read(file, product)?.key)?;
        scope.platforms.absent(key.bytes().next().unwrap_or_default()) == Truth::Unknown
    };
    let truth = if open { Truth::Unknown } else { Truth::False };
    Ok(Outcome::of(truth, Facts::one(MissingFact::Platform), false))
}

/// The component that fits a criterion best: one product may stand on a device in two versions.
pub(crate) fn best(criterion: &Criterion<'_>, known: &[Known<'_>], scope: &Scope<'_>) -> (Compared, u32) {
    let mut best: Option<(Compared, u32)> = None;
    for one in known {
        let compared = compare(criterion, one.component, &scope.platforms, scope.policy);
        if best.is_none_or(|(last, _)| compared.truth > last.truth) {
            best = Some((compared, one.component.key));
        }
    }
    best.unwrap_or((Compared::differs(tomomori_formats::cpe::Field::Product), 0))
}

impl<'d> Scope<'d> {
    pub(crate) fn of_product(&self, product: u32) -> &[Known<'d>] {
        let start = self.known.partition_point(|known| known.product < product);
        let length = self.known[start..].iter().take_while(|known| known.product == product).count();
        &self.known[start..start + length]
    }
}
