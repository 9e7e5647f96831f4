//! One criterion against one component: does the name fit, is the version in the range, and what is missing to say so?

use crate::device::{Component, Known, Policy};
use crate::facts::{Facts, Truth};
use crate::name::FIELDS;
use crate::platform::Platforms;
use crate::tree::{Criterion, Value};
use crate::windows;
use std::cmp::Ordering;
use tomomori_domain::finding::MissingFact;
use tomomori_formats::cpe::{self, Attr, Field};
use tomomori_formats::version;

/// Result of comparing, and the attribute that made it so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Compared {
    pub(crate) truth: Truth,
    pub(crate) facts: Facts,
    /// The attribute that is unknown or differs; `None` when everything fits.
    pub(crate) decided_by: Option<Field>,
}

impl Compared {
    pub(crate) const FITS: Compared = Compared { truth: Truth::True, facts: Facts::NONE, decided_by: None };

    pub(crate) fn differs(field: Field) -> Self {
        Self { truth: Truth::False, facts: Facts::NONE, decided_by: Some(field) }
    }

    pub(crate) fn missing(fact: MissingFact, field: Field) -> Self {
        Self { truth: Truth::Unknown, facts: Facts::one(fact), decided_by: Some(field) }
    }

    /// Both must hold.
    fn and(self, other: Self) -> Self {
        match self.truth.cmp(&other.truth) {
            Ordering::Less => self,
            Ordering::Greater => other,
            Ordering::Equal => Self { facts: self.facts.with(other.facts), ..self },
        }
    }
}

/// Compares everything but the product, which the caller has found equal.
pub(crate) fn compare(
    criterion: &Criterion<'_>,
    component: &Component<'_>,
    platforms: &Platforms,
    policy: Policy,
) -> Compared {
    let hospital = policy == Policy::Hospital;
    let version = if hospital && criterion.vulnerable && windows::is_release(&component.product) {
        windows::version(criterion, &component.version)
    } else {
        version_of(criterion, component, policy)
    };
    if version.truth == Truth::False {
        return version;
    }
    let Some(attributes) = &criterion.attributes else { return version };
    let mut result = version;
    for ((value, known), field) in attributes.iter().zip(&component.attributes).zip(FIELDS) {
        result = result.and(attribute(*value, known, field, platforms, hospital));
        if result.truth == Truth::False {
            break;
        }
    }
    result
}

fn version_of(criterion: &Criterion<'_>, component: &Component<'_>, policy: Policy) -> Compared {
    let has_range = criterion.start.is_some() || criterion.end.is_some();
    let platform = policy == Policy::Hospital && !criterion.vulnerable;
    match (&component.version, criterion.version) {
        (_, Value::Any) if !has_range => Compared::FITS,
        // NVD writes `-` for a platform whose version it does not go into.
        (Known::Unknown, Value::NotApplicable) if platform => Compared::FITS,
        (Known::Is(_), Value::NotApplicable) if platform && windows::is_release(&component.product) => Compared::FITS,
        (Known::Is(_), Value::NotApplicable) if platform => Compared::missing(MissingFact::Platform, Field::Version),
        (Known::Unknown, _) => {
            let fact = if platform { MissingFact::Platform } else { MissingFact::Version };
            Compared::missing(fact, Field::Version)
        }
        (Known::NotApplicable, Value::NotApplicable) if !has_range => Compared::FITS,
        (Known::NotApplicable, _) | (_, Value::NotApplicable) => Compared::differs(Field::Version),
        (Known::Is(have), value) => exact(value, have, policy).and(range(criterion, have, policy)),
    }
}

fn exact(value: Value<'_>, have: &str, policy: Policy) -> Compared {
    let same = match value {
        Value::Any => true,
        Value::NotApplicable => false,
        Value::Exact(want) => is_same(want, have, policy),
        Value::Pattern(pattern) => cpe::matches(Attr::Value(pattern), Attr::Value(have)),
    };
    match value {
        _ if same => Compared::FITS,
        Value::Exact(want) if is_shortened(have, want, policy) => {
            Compared::missing(MissingFact::Version, Field::Version)
        }
        _ => Compared::differs(Field::Version),
    }
}

/// Whether `have` may be a shortened way to write `full`: people write `5.6` in a ledger for FortiOS 5.6.5. Taken as exact
/// it would lie below 5.6.3 and look safe; so which 5.6 it is has to be asked. Longer versions are taken as they stand.
pub(crate) fn is_shortened(have: &str, full: &str, policy: Policy) -> bool {
    let (have, full) = (unmarked(have), unmarked(full));
    let parts: Vec<&str> = have.split('.').collect();
    policy == Policy::Hospital
        && parts.len() <= 2
        && parts.iter().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
        && full.strip_prefix(have).is_some_and(|rest| rest.starts_with('.'))
}

/// Whether a version is the one a criterion names.
pub(crate) fn is_same(want: &str, have: &str, policy: Policy) -> bool {
    want.eq_ignore_ascii_case(have) || policy == Policy::Hospital && order(want, have, policy) == Some(Ordering::Equal)
}

/// Order of two versions. For a hospital `1.0` and `1.0.0` are the same version, and what has no known order has none.
/// The known-answer tables know neither, nor that `v6.0` is `6.0`: there versions are taken as they are written.
pub(crate) fn order(a: &str, b: &str, policy: Policy) -> Option<Ordering> {
    if policy == Policy::Hospital {
        return version::compare(unmarked(a), unmarked(b));
    }
    let order = version::compare(a, b);
    match order {
        None | Some(Ordering::Equal) => Some(order_as_written(a, b)),
        _ if a.starts_with('v') != b.starts_with('v') => Some(order_as_written(a, b)),
        _ => order,
    }
}

/// Without a word that only says that a version follows: NVD and ledgers write `rev.11.01.31` (Yamaha) or leave it out,
/// each as they like.
fn unmarked(version: &str) -> &str {
    for marker in ["version", "ver", "rev"] {
        let Some((head, rest)) = version.split_at_checked(marker.len()) else { continue };
        let tail = rest.trim_start_matches(['.', ' ', ':', '-', '_']);
        if head.eq_ignore_ascii_case(marker)
            && (tail.len() < rest.len() || rest.starts_with(|c: char| c.is_ascii_digit()))
            && tail.bytes().any(|b| b.is_ascii_digit())
        {
            return tail;
        }
    }
    version
}

/// The known-answer tables' order where ours is silent: part by part between punctuation, longer runs of leading digits
/// first, then by character; the longer version last.
fn order_as_written(a: &str, b: &str) -> Ordering {
    let parts = |version: &'_ str| -> Vec<(usize, String)> {
        let parts = version.split(|c: char| c.is_ascii_punctuation());
        parts.map(|part| (part.bytes().take_while(u8::is_ascii_digit).count(), part.to_ascii_lowercase())).collect()
    };
    parts(a.trim_end_matches('.')).cmp(&parts(b.trim_end_matches('.')))
}

/// Whether a version lies in the criterion's range. One end that excludes it settles the matter even if the other
/// cannot be ordered.
pub(crate) fn range(criterion: &Criterion<'_>, have: &str, policy: Policy) -> Compared {
    let mut result = Compared::FITS;
    for (end, outside) in [(&criterion.start, Ordering::Less), (&criterion.end, Ordering::Greater)] {
        let Some(end) = end else { continue };
        result = result.and(match order(have, end.version, policy) {
            None => Compared::missing(MissingFact::VersionOrder, Field::Version),
            Some(Ordering::Equal) if !end.inclusive => Compared::differs(Field::Version),
            Some(Ordering::Less) if outside == Ordering::Less && is_shortened(have, end.version, policy) => {
                Compared::missing(MissingFact::Version, Field::Version)
            }
            Some(order) if order == outside => Compared::differs(Field::Version),
            Some(_) => Compared::FITS,
        });
    }
    result
}

fn attribute(value: Value<'_>, known: &Known<'_>, field: Field, platforms: &Platforms, hospital: bool) -> Compared {
    let fits = match (value, known) {
        (Value::Any, _) | (Value::NotApplicable, Known::NotApplicable) => true,
        // Ledgers state an update or an edition where there is one; silence is read as "none".
        (Value::NotApplicable, Known::Unknown) if hospital => true,
        (Value::Exact(want), Known::Unknown) if hospital && field == Field::TargetSw => {
            return platforms.target_software(want);
        }
        (_, Known::Unknown) => {
            let fact = match field {
                Field::TargetSw | Field::TargetHw => MissingFact::Platform,
                _ => MissingFact::Version,
            };
            return Compared::missing(fact, field);
        }
        (Value::Exact(want), Known::Is(have)) => want.eq_ignore_ascii_case(have),
        (Value::Pattern(pattern), Known::Is(have)) => cpe::matches(Attr::Value(pattern), Attr::Value(have)),
        (Value::NotApplicable, Known::Is(_)) | (Value::Exact(_) | Value::Pattern(_), Known::NotApplicable) => false,
    };
    if fits { Compared::FITS } else { Compared::differs(field) }
}
