//! How two names relate (NISTIR 7696, CPE Name Matching).

use super::{Attr, Cpe};

/// Relation of a source attribute or name to a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// Nothing in common.
    Disjoint,
    /// The same.
    Equal,
    /// The source is more specific.
    Subset,
    /// The source is more general.
    Superset,
    /// The target has wildcards the standard gives no answer for.
    Undefined,
}

/// Relation of one attribute (NISTIR 7696 table 6-2). Wildcards in the target that are not equal to the source's are
/// [`Relation::Undefined`].
#[must_use]
pub fn attribute_relation(source: Attr<&str>, target: Attr<&str>) -> Relation {
    match (source, target) {
        (Attr::Any, Attr::Any) | (Attr::Na, Attr::Na) => Relation::Equal,
        (Attr::Value(_) | Attr::Any, Attr::Value(target)) if has_wildcard(target) => match source {
            Attr::Value(source) if same(source, target) => Relation::Equal,
            _ => Relation::Undefined,
        },
        (Attr::Na, Attr::Value(target)) if has_wildcard(target) => Relation::Undefined,
        (Attr::Any, _) => Relation::Superset,
        (_, Attr::Any) => Relation::Subset,
        (Attr::Na, Attr::Value(_)) | (Attr::Value(_), Attr::Na) => Relation::Disjoint,
        (Attr::Value(source), Attr::Value(target)) => {
            if same(source, target) {
                Relation::Equal
            } else if has_wildcard(source) && wildcard_matches(source, target) {
                Relation::Superset
            } else {
                Relation::Disjoint
            }
        }
    }
}

/// Relation of whole names (NISTIR 7696 §6.2): disjoint if any attribute is; else equal, subset or superset if all
/// attributes agree; else [`Relation::Undefined`].
#[must_use]
pub fn name_relation(source: &Cpe, target: &Cpe) -> Relation {
    let (mut subset, mut superset) = (true, true);
    for (source, target) in source.iter().zip(target.iter()) {
        match attribute_relation(source, target) {
            Relation::Disjoint => return Relation::Disjoint,
            Relation::Equal => {}
            Relation::Subset => superset = false,
            Relation::Superset => subset = false,
            Relation::Undefined => (subset, superset) = (false, false),
        }
    }
    match (subset, superset) {
        (true, true) => Relation::Equal,
        (true, false) => Relation::Subset,
        (false, true) => Relation::Superset,
        (false, false) => Relation::Undefined,
    }
}

/// Whether a criterion's attribute covers an inventory's: equal, or the criterion is any value or a wildcard that fits.
/// What the inventory does not know (`*`) is not decided here: this says `false` unless the criterion is `*` too.
#[must_use]
pub fn matches(criterion: Attr<&str>, inventory: Attr<&str>) -> bool {
    matches!(attribute_relation(criterion, inventory), Relation::Equal | Relation::Superset)
}

/// An unquoted `*` or `?`.
pub(super) fn has_wildcard(value: &str) -> bool {
    Units::new(value).any(|unit| matches!(unit, Unit::Many | Unit::One))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    /// Unquoted `*`.
    Many,
    /// Unquoted `?`.
    One,
    /// A character, quoting undone, lower case.
    Char(char),
}

struct Units<'a>(std::str::Chars<'a>);

impl<'a> Units<'a> {
    fn new(value: &'a str) -> Self {
        Self(value.chars())
    }
}

impl Iterator for Units<'_> {
    type Item = Unit;

    fn next(&mut self) -> Option<Unit> {
        Some(match self.0.next()? {
            '*' => Unit::Many,
            '?' => Unit::One,
            '\\' => Unit::Char(self.0.next().unwrap_or('\\').to_ascii_lowercase()),
            c => Unit::Char(c.to_ascii_lowercase()),
        })
    }
}

/// Equal with the quoting undone.
fn same(a: &str, b: &str) -> bool {
    a == b || Units::new(a).eq(Units::new(b))
}

/// A source value with wildcards at its ends against a target without. `?` at an end stands for no or one character
/// (NISTIR 7696 §6.3), `*` for any number.
fn wildcard_matches(source: &str, target: &str) -> bool {
    let (head, rest) = strip_head(source);
    let (core, tail) = strip_tail(rest);
    let (core_len, target_len) = (Units::new(core).count(), Units::new(target).count());
    let Some(free) = target_len.checked_sub(core_len) else { return false };
    // With one fixed end there is one place to try; with two open ends the places are bounded by the shorter one.
    let first = free.saturating_sub(tail);
    let last = free.min(head);
    let mut places = Units::new(target);
    for _ in 0..first {
        places.next();
    }
    (first..=last).any(|_| {
        let here = Units(places.0.clone());
        places.next();
        here.take(core_len).eq(Units::new(core))
    })
}

/// Takes the leading wildcards off; says how many characters they may stand for.
fn strip_head(value: &str) -> (usize, &str) {
    match value.strip_prefix('*') {
        Some(rest) => (usize::MAX, rest),
        None => {
            let rest = value.trim_start_matches('?');
            (value.len() - rest.len(), rest)
        }
    }
}

/// Takes the trailing wildcards off; says how many characters they may stand for.
fn strip_tail(value: &str) -> (&str, usize) {
    let wild = value.bytes().rev().take_while(|b| matches!(b, b'*' | b'?')).count();
    let cut = value.len() - wild;
    // After an odd number of backslashes the first of them is a quoted character.
    let slashes = value.as_bytes()[..cut].iter().rev().take_while(|b| **b == b'\\').count();
    let cut = if slashes % 2 == 1 && wild > 0 { cut + 1 } else { cut };
    let tail = &value[cut..];
    (&value[..cut], if tail.contains('*') { usize::MAX } else { tail.len() })
}
