//! Three truth values, and the facts that would turn the middle one into another.

use tomomori_domain::finding::MissingFact;

/// Truth of a criterion or a tree. Ordered: OR is the highest, AND the lowest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Truth {
    /// Holds in no case.
    False,
    /// Depends on facts nobody has stated.
    Unknown,
    /// Holds.
    True,
}

impl Truth {
    pub(crate) fn not(self) -> Self {
        match self {
            Truth::False => Truth::True,
            Truth::Unknown => Truth::Unknown,
            Truth::True => Truth::False,
        }
    }
}

/// A set of missing facts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Facts(u8);

/// In the order in which they are best asked: the answer to an earlier one often settles the later ones.
const ORDER: [MissingFact; 4] =
    [MissingFact::WindowsBuild, MissingFact::Version, MissingFact::VersionOrder, MissingFact::Platform];

impl Facts {
    pub(crate) const NONE: Facts = Facts(0);

    pub(crate) fn one(fact: MissingFact) -> Self {
        Facts(ORDER.iter().position(|other| *other == fact).map_or(0, |at| 1 << at))
    }

    pub(crate) fn with(self, other: Facts) -> Self {
        Facts(self.0 | other.0)
    }

    /// The facts, the one to ask for first first.
    #[must_use]
    pub fn list(self) -> Vec<MissingFact> {
        ORDER.into_iter().enumerate().filter(|(at, _)| self.0 & (1 << at) != 0).map(|(_, fact)| fact).collect()
    }

    /// The fact to ask for first.
    #[must_use]
    pub fn first(self) -> Option<MissingFact> {
        ORDER.into_iter().enumerate().find(|(at, _)| self.0 & (1 << at) != 0).map(|(_, fact)| fact)
    }
}
