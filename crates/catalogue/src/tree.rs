//! Reading and evaluating applicability trees: three values, and a second account of whether something vulnerable
//! carries the result.

use crate::codec::Cursor;
use crate::error::CatalogueError;
use crate::facts::{Facts, Truth};
use crate::file::{Container, Section, le_u32};
use crate::name::ATTRIBUTES;
use crate::open::Texts;
use crate::rows::{ANY, NOT_APPLICABLE, PATTERN};

/// Deepest nesting written and read. NVD has two levels.
pub(crate) const MAX_DEPTH: usize = 16;

/// Bits of a node's first byte.
pub(crate) mod node {
    pub(crate) const AND: u8 = 1;
    pub(crate) const NEGATE: u8 = 2;
}

/// Bits of a leaf's first byte.
pub(crate) mod leaf {
    pub(crate) const VULNERABLE: u8 = 1;
    /// Mask of the version's kind.
    pub(crate) const KIND: u8 = 6;
    pub(crate) const ANY: u8 = 0;
    pub(crate) const NOT_APPLICABLE: u8 = 2;
    pub(crate) const EXACT: u8 = 4;
    pub(crate) const PATTERN: u8 = 6;
    pub(crate) const START: u8 = 8;
    pub(crate) const START_INCLUSIVE: u8 = 16;
    pub(crate) const END: u8 = 32;
    pub(crate) const END_INCLUSIVE: u8 = 64;
    pub(crate) const ATTRIBUTES: u8 = 128;
}

/// A value in a criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    /// `*`
    Any,
    /// `-`
    NotApplicable,
    /// One value, plain and in lower case.
    Exact(&'a str),
    /// As written in the name, with wildcards.
    Pattern(&'a str),
}

/// One end of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct End<'a> {
    pub(crate) version: &'a str,
    pub(crate) inclusive: bool,
}

/// One criterion: a name with its range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Criterion<'a> {
    pub(crate) vulnerable: bool,
    pub(crate) version: Value<'a>,
    pub(crate) start: Option<End<'a>>,
    pub(crate) end: Option<End<'a>>,
    /// Update, edition, language, sw_edition, target_sw, target_hw, other; `None` = none of them says anything.
    pub(crate) attributes: Option<[Value<'a>; ATTRIBUTES]>,
}

/// A criterion as it lies in the file: numbers of texts, not yet looked up. Most leaves of a long list are excluded by
/// their numbers alone.
#[derive(Clone, Copy)]
pub(crate) struct Leaf {
    flags: u8,
    version: u32,
    start: u32,
    end: u32,
    attributes: u32,
}

impl Leaf {
    #[inline]
    pub(crate) fn read(cursor: &mut Cursor<'_>) -> Result<Self, CatalogueError> {
        let flags = cursor.byte()?;
        let mut number = |present: bool| if present { cursor.index() } else { Ok(0) };
        Ok(Self {
            flags,
            version: number(flags & leaf::EXACT != 0)?,
            start: number(flags & leaf::START != 0)?,
            end: number(flags & leaf::END != 0)?,
            attributes: number(flags & leaf::ATTRIBUTES != 0)?,
        })
    }

    pub(crate) fn vulnerable(&self) -> bool {
        self.flags & leaf::VULNERABLE != 0
    }

    /// The one version it names, as text number.
    pub(crate) fn exact(&self) -> Option<u32> {
        (self.flags & leaf::KIND == leaf::EXACT).then_some(self.version)
    }

    /// Both ends of its range: text number, and whether the version itself belongs to it.
    pub(crate) fn ends(&self) -> [Option<(u32, bool)>; 2] {
        let end =
            |present, number, inclusive| (self.flags & present != 0).then_some((number, self.flags & inclusive != 0));
        [end(leaf::START, self.start, leaf::START_INCLUSIVE), end(leaf::END, self.end, leaf::END_INCLUSIVE)]
    }

    /// With its texts.
    pub(crate) fn criterion(self, file: &Container) -> Result<Criterion<'_>, CatalogueError> {
        let texts = Texts(file);
        let version = match self.flags & leaf::KIND {
            leaf::ANY => Value::Any,
            leaf::NOT_APPLICABLE => Value::NotApplicable,
            leaf::EXACT => Value::Exact(texts.get(self.version)?),
            _ => Value::Pattern(texts.get(self.version)?),
        };
        let end = |end: Option<(u32, bool)>| -> Result<Option<End<'_>>, CatalogueError> {
            end.map(|(number, inclusive)| Ok(End { version: texts.get(number)?, inclusive })).transpose()
        };
        let [start, finish] = self.ends();
        let attributes =
            if self.flags & leaf::ATTRIBUTES == 0 { None } else { Some(attributes(self.attributes, file)?) };
        Ok(Criterion { vulnerable: self.vulnerable(), version, start: end(start)?, end: end(finish)?, attributes })
    }
}

impl<'a> Criterion<'a> {
    pub(crate) fn read(cursor: &mut Cursor<'_>, file: &'a Container) -> Result<Self, CatalogueError> {
        Leaf::read(cursor)?.criterion(file)
    }
}

fn attributes(number: u32, file: &Container) -> Result<[Value<'_>; ATTRIBUTES], CatalogueError> {
    let row = file.row(Section::Attributes, number, ATTRIBUTES * 4)?;
    let mut values = [Value::Any; ATTRIBUTES];
    for (at, value) in values.iter_mut().enumerate() {
        *value = match le_u32(row, at * 4) {
            ANY => Value::Any,
            NOT_APPLICABLE => Value::NotApplicable,
            code if code & PATTERN != 0 => Value::Pattern(Texts(file).get(code & !PATTERN)?),
            code => Value::Exact(Texts(file).get(code)?),
        };
    }
    Ok(values)
}

/// What a tree, or a part of it, comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// Truth of the part as the source wrote it.
    pub(crate) truth: Truth,
    /// What is missing when [`Outcome::truth`] is unknown.
    pub(crate) facts: Facts,
    /// Truth of "the part holds, and something that has the weakness carries it". Never above [`Outcome::truth`].
    pub(crate) vulnerable: Truth,
    /// What is missing when [`Outcome::vulnerable`] is unknown.
    pub(crate) vulnerable_facts: Facts,
}

impl Outcome {
    /// Of one criterion.
    pub(crate) fn of(truth: Truth, facts: Facts, vulnerable: bool) -> Self {
        let facts = if truth == Truth::Unknown { facts } else { Facts::NONE };
        let carried = if vulnerable { (truth, facts) } else { (Truth::False, Facts::NONE) };
        Self { truth, facts, vulnerable: carried.0, vulnerable_facts: carried.1 }
    }
}

/// Combines the parts of one node.
pub(crate) struct Combine {
    and: bool,
    any: (Truth, Facts),
    all: (Truth, Facts),
    carried: (Truth, Facts),
    empty: bool,
}

fn join(a: (Truth, Facts), truth: Truth, facts: Facts, highest: bool) -> (Truth, Facts) {
    let combined = if highest { a.0.max(truth) } else { a.0.min(truth) };
    if combined != Truth::Unknown {
        return (combined, Facts::NONE);
    }
    let mut union = Facts::NONE;
    for (truth, facts) in [a, (truth, facts)] {
        if truth == Truth::Unknown {
            union = union.with(facts);
        }
    }
    (combined, union)
}

impl Combine {
    pub(crate) fn new(and: bool) -> Self {
        let (no, yes) = ((Truth::False, Facts::NONE), (Truth::True, Facts::NONE));
        Self { and, any: no, all: yes, carried: no, empty: true }
    }

    pub(crate) fn add(&mut self, part: Outcome) {
        self.empty = false;
        self.any = join(self.any, part.truth, part.facts, true);
        self.all = join(self.all, part.truth, part.facts, false);
        self.carried = join(self.carried, part.vulnerable, part.vulnerable_facts, true);
    }

    pub(crate) fn finish(self, negate: bool) -> Outcome {
        // A node without parts says nothing; read as false, so that it never makes a finding by itself.
        let (truth, facts) = match (self.empty, self.and) {
            (true, _) => (Truth::False, Facts::NONE),
            (false, true) => self.all,
            (false, false) => self.any,
        };
        if negate {
            // That something is *not* there cannot be what has the weakness.
            return Outcome { truth: truth.not(), facts, vulnerable: Truth::False, vulnerable_facts: Facts::NONE };
        }
        let (vulnerable, vulnerable_facts) =
            if self.and { join((truth, facts), self.carried.0, self.carried.1, false) } else { self.carried };
        Outcome { truth, facts, vulnerable, vulnerable_facts }
    }
}
