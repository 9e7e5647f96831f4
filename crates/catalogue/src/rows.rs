//! Fixed rows: what is read without decoding anything.

use crate::error::CatalogueError;
use crate::file::{Container, Section, le_u32};
use tomomori_formats::record::{Source, State};

/// No text, no value.
pub(crate) const NONE: u32 = u32::MAX;
/// CPE `*`.
pub(crate) const ANY: u32 = u32::MAX;
/// CPE `-`.
pub(crate) const NOT_APPLICABLE: u32 = u32::MAX - 1;
/// Marks a value that is a pattern; the rest of the number is its text.
pub(crate) const PATTERN: u32 = 1 << 31;

pub(crate) fn put_u32(out: &mut Vec<u8>, value: u32) {
    out.extend_from_slice(&value.to_le_bytes());
}

/// Row of [`Section::Vulnerabilities`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct VulnerabilityRow {
    pub(crate) id: u32,
    pub(crate) first_say: u32,
    pub(crate) says: u32,
    pub(crate) first_tree: u32,
    pub(crate) trees: u32,
    /// Highest base score of any source times ten; 0 = none.
    pub(crate) score: u16,
    pub(crate) state: u8,
    pub(crate) exploited: bool,
}

impl VulnerabilityRow {
    pub(crate) const SIZE: usize = 24;

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        for value in [self.id, self.first_say, self.says, self.first_tree, self.trees] {
            put_u32(out, value);
        }
        out.extend_from_slice(&self.score.to_le_bytes());
        out.push(self.state);
        out.push(u8::from(self.exploited));
    }

    pub(crate) fn read(file: &Container, index: u32) -> Result<Self, CatalogueError> {
        let row = file.row(Section::Vulnerabilities, index, Self::SIZE)?;
        Ok(Self {
            id: le_u32(row, 0),
            first_say: le_u32(row, 4),
            says: le_u32(row, 8),
            first_tree: le_u32(row, 12),
            trees: le_u32(row, 16),
            score: u16::from_le_bytes([row[20], row[21]]),
            state: row[22],
            exploited: row[23] != 0,
        })
    }
}

/// Row of [`Section::Says`]: one source's record about one vulnerability.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SayRow {
    pub(crate) source: u8,
    pub(crate) state: u8,
    /// Text of the document id, or [`NONE`].
    pub(crate) document: u32,
    pub(crate) detail: DetailAt,
    pub(crate) first_tree: u32,
    pub(crate) trees: u32,
}

/// Where a detail lies: block, start and length in the plain block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DetailAt {
    pub(crate) block: u32,
    pub(crate) start: u32,
    pub(crate) length: u32,
}

impl SayRow {
    pub(crate) const SIZE: usize = 28;

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&[self.source, self.state, 0, 0]);
        let at = self.detail;
        for value in [self.document, at.block, at.start, at.length, self.first_tree, self.trees] {
            put_u32(out, value);
        }
    }

    pub(crate) fn read(file: &Container, index: u32) -> Result<Self, CatalogueError> {
        let row = file.row(Section::Says, index, Self::SIZE)?;
        Ok(Self {
            source: row[0],
            state: row[1],
            document: le_u32(row, 4),
            detail: DetailAt { block: le_u32(row, 8), start: le_u32(row, 12), length: le_u32(row, 16) },
            first_tree: le_u32(row, 20),
            trees: le_u32(row, 24),
        })
    }
}

/// Row of [`Section::Products`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ProductRow {
    pub(crate) key: u32,
    pub(crate) first: u32,
    /// Trees in which it is what has the weakness.
    pub(crate) vulnerable: u32,
    /// Trees in which it is only the platform; they follow the others.
    pub(crate) platform: u32,
}

impl ProductRow {
    pub(crate) const SIZE: usize = 16;

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        for value in [self.key, self.first, self.vulnerable, self.platform] {
            put_u32(out, value);
        }
    }

    pub(crate) fn read(file: &Container, index: u32) -> Result<Self, CatalogueError> {
        let row = file.row(Section::Products, index, Self::SIZE)?;
        Ok(Self { key: le_u32(row, 0), first: le_u32(row, 4), vulnerable: le_u32(row, 8), platform: le_u32(row, 12) })
    }
}

/// Row of [`Section::TreeIndex`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TreeRow {
    pub(crate) vulnerability: u32,
    pub(crate) start: u32,
    pub(crate) length: u32,
}

impl TreeRow {
    pub(crate) const SIZE: usize = 12;

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        for value in [self.vulnerability, self.start, self.length] {
            put_u32(out, value);
        }
    }

    #[inline]
    pub(crate) fn read(file: &Container, index: u32) -> Result<Self, CatalogueError> {
        let row = file.row(Section::TreeIndex, index, Self::SIZE)?;
        Ok(Self { vulnerability: le_u32(row, 0), start: le_u32(row, 4), length: le_u32(row, 8) })
    }
}

/// Stable key of a source.
#[must_use]
pub fn source_key(source: Source) -> &'static str {
    match source {
        Source::Nvd => "nvd",
        Source::Kev => "kev",
        Source::Csaf => "csaf",
        Source::Jvn => "jvn",
    }
}

/// All sources, in the order of their numbers in the file.
pub(crate) const SOURCES: [Source; 4] = [Source::Nvd, Source::Kev, Source::Csaf, Source::Jvn];

pub(crate) fn source(number: u8) -> Result<Source, CatalogueError> {
    SOURCES
        .get(usize::from(number))
        .copied()
        .ok_or_else(|| CatalogueError::corrupt(Section::Says.name(), format!("source {number}")))
}

pub(crate) fn state(number: u8) -> Result<State, CatalogueError> {
    match number {
        0 => Ok(State::Published),
        1 => Ok(State::Rejected),
        2 => Ok(State::NotAnalysed),
        _ => Err(CatalogueError::corrupt(Section::Says.name(), format!("state {number}"))),
    }
}
