//! A paper made of tables: stocktake sheets, result papers, lists of things to check.

use crate::Meta;

/// A paper. Build it with [`Paper::new`] and the methods that return it, then call [`crate::table_pdf`].
///
/// ```text
/// Paper::new(meta)
///     .line("範囲: 外来棟　締切: 2026-12-18")
///     .for_writing()
///     .section(Section::new("サーバ室", columns).row(["1".into(), Cell::open(), "EHR-DB01".into(), Cell::blank()]))
///     .signature("実施者", "　　年　　月　　日")
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Paper {
    pub(crate) meta: Meta,
    pub(crate) landscape: bool,
    pub(crate) writing: bool,
    pub(crate) lines: Vec<String>,
    pub(crate) sections: Vec<Section>,
    pub(crate) signatures: Vec<(String, String)>,
}

impl Paper {
    /// An upright A4 paper without content.
    #[must_use]
    pub fn new(meta: Meta) -> Self {
        Self { meta, landscape: false, writing: false, lines: Vec::new(), sections: Vec::new(), signatures: Vec::new() }
    }

    /// A4 across instead of upright.
    #[must_use]
    pub fn landscape(mut self) -> Self {
        self.landscape = true;
        self
    }

    /// Higher rows, so that a pen finds room.
    #[must_use]
    pub fn for_writing(mut self) -> Self {
        self.writing = true;
        self
    }

    /// Adds a line under the title: scope, deadline, how to fill it in.
    #[must_use]
    pub fn line(mut self, text: impl Into<String>) -> Self {
        self.lines.push(text.into());
        self
    }

    /// Adds a section.
    #[must_use]
    pub fn section(mut self, section: Section) -> Self {
        self.sections.push(section);
        self
    }

    /// Adds a line to sign on at the end: what stands before it (`実施者`) and at its end (`印`, or a place for the date).
    #[must_use]
    pub fn signature(mut self, label: impl Into<String>, end: impl Into<String>) -> Self {
        self.signatures.push((label.into(), end.into()));
        self
    }
}

/// A heading and the table under it. Every row needs one cell per column; a section without rows prints no table.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    pub(crate) heading: String,
    pub(crate) note: String,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Vec<Cell>>,
}

impl Section {
    /// A section without rows. An empty heading prints none.
    #[must_use]
    pub fn new(heading: impl Into<String>, columns: impl Into<Vec<Column>>) -> Self {
        Self { heading: heading.into(), note: String::new(), columns: columns.into(), rows: Vec::new() }
    }

    /// A sentence between heading and table, or instead of the table: `該当する機器はありません。`
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.note = text.into();
        self
    }

    /// Adds a row.
    #[must_use]
    pub fn row(mut self, cells: impl Into<Vec<Cell>>) -> Self {
        self.rows.push(cells.into());
        self
    }
}

/// A column of a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub(crate) title: String,
    pub(crate) weight: u16,
    pub(crate) align: Align,
}

impl Column {
    /// A column of words. `weight` is its width relative to its neighbours, at least 1.
    #[must_use]
    pub fn new(title: impl Into<String>, weight: u16) -> Self {
        Self { title: title.into(), weight: weight.max(1), align: Align::Left }
    }

    /// Check boxes and other short marks: centred.
    #[must_use]
    pub fn centred(mut self) -> Self {
        self.align = Align::Centre;
        self
    }

    /// Numbers: at the right edge.
    #[must_use]
    pub fn right(mut self) -> Self {
        self.align = Align::Right;
        self
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Centre,
    Right,
}

/// One cell: a text, which may hold line breaks, and a mark before or behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    pub(crate) text: String,
    pub(crate) mark: Mark,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    None,
    Open,
    Done,
    Unknown,
}

impl Cell {
    /// Words; they are printed as they are, whatever they look like.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), mark: Mark::None }
    }

    /// Empty, to be filled in by hand.
    #[must_use]
    pub fn blank() -> Self {
        Self::text("")
    }

    /// An empty check box □.
    #[must_use]
    pub fn open() -> Self {
        Self { text: String::new(), mark: Mark::Open }
    }

    /// A ticked check box ☑.
    #[must_use]
    pub fn done() -> Self {
        Self { text: String::new(), mark: Mark::Done }
    }

    /// Not known: hatched, with the word for it (`不明`). Never use a blank cell for that.
    #[must_use]
    pub fn unknown(word: impl Into<String>) -> Self {
        Self { text: word.into(), mark: Mark::Unknown }
    }

    /// Adds words behind the mark: `□ 移設`.
    #[must_use]
    pub fn with(mut self, text: impl Into<String>) -> Self {
        self.text = text.into();
        self
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}
