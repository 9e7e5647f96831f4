//! Tables before they are bytes: every row knows what it is about, every cell what it means and how it is written.

/// One cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Cell {
    /// What it means: half width, ISO date; empty = it says nothing.
    pub(super) means: String,
    /// What stands there.
    pub(super) shown: String,
    /// A date cell of the workbook; `means` is its value. Text files show `means`.
    pub(super) is_date: bool,
}

impl Cell {
    pub(super) fn plain(text: &str) -> Self {
        Self { means: text.to_owned(), shown: text.to_owned(), is_date: false }
    }

    pub(super) fn shown_as(means: &str, shown: String) -> Self {
        Self { means: means.to_owned(), shown, is_date: false }
    }

    pub(super) fn date(iso: String) -> Self {
        Self { means: iso.clone(), shown: iso, is_date: true }
    }

    /// A plain cell, or a blank one.
    pub(super) fn maybe(text: Option<&String>) -> Self {
        text.map_or_else(Self::default, |text| Self::plain(text))
    }
}

/// A column.
#[derive(Clone, Debug)]
pub(super) struct Column {
    /// What it means; empty = nothing that a ledger keeps.
    pub(super) field: &'static str,
    /// Upper header over several columns; empty = the header is merged over both rows.
    pub(super) group: &'static str,
    pub(super) header: &'static str,
}

/// Columns from `(field, group, header)`.
pub(super) fn columns(from: &[(&'static str, &'static str, &'static str)]) -> Vec<Column> {
    from.iter().map(|&(field, group, header)| Column { field, group, header }).collect()
}

/// What a row is about, as position in the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    Device(usize),
    Line(usize),
    Contract(usize),
    Zone(usize),
    Nothing,
}

/// Whose evidence a cell is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Owner {
    Trap(usize),
    Innocent(usize),
}

/// A cell that belongs to a trap or a look-alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) owner: Owner,
    pub(super) field: &'static str,
}

/// A row of data; its cells are in the order of the columns.
#[derive(Clone, Debug)]
pub(super) struct Data {
    pub(super) subject: Subject,
    /// Section of the list it stands in (■ サーバ).
    pub(super) section: &'static str,
    pub(super) cells: Vec<Cell>,
    pub(super) marks: Vec<Mark>,
}

/// Rows above the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Header {
    None,
    OneRow,
    /// Merged groups above, headers below.
    TwoRows,
}

/// A table.
#[derive(Clone, Debug)]
pub(super) struct Table {
    /// Name of the sheet, in a workbook.
    pub(super) sheet: &'static str,
    /// Lines above the header, cell by cell.
    pub(super) title: Vec<Vec<String>>,
    pub(super) header: Header,
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Data>,
    /// A line ■ … before each section.
    pub(super) sections: bool,
    /// Now and then 〃 for what stands above.
    pub(super) ditto: bool,
    /// A line 合計 at the end.
    pub(super) total: bool,
}

/// One line of a table as it is written.
pub(super) enum Written<'a> {
    Title(&'a [String]),
    Groups,
    Headers,
    Section(&'static str),
    Data(&'a Data),
    Total,
}

impl Table {
    /// A sheet or file without sections, 〃 and 合計.
    pub(super) fn simple(sheet: &'static str, title: Vec<Vec<String>>, header: Header, columns: Vec<Column>) -> Self {
        Self { sheet, title, header, columns, rows: Vec::new(), sections: false, ditto: false, total: false }
    }

    /// All lines, in order; the first is line 1.
    pub(super) fn lines(&self) -> Vec<Written<'_>> {
        let mut lines: Vec<Written<'_>> = self.title.iter().map(|cells| Written::Title(cells)).collect();
        match self.header {
            Header::None => {}
            Header::OneRow => lines.push(Written::Headers),
            Header::TwoRows => lines.extend([Written::Groups, Written::Headers]),
        }
        let mut section = "";
        for row in &self.rows {
            if self.sections && row.section != section {
                section = row.section;
                lines.push(Written::Section(section));
            }
            lines.push(Written::Data(row));
        }
        if self.total {
            lines.push(Written::Total);
        }
        lines
    }

    /// Position of a column.
    pub(super) fn column(&self, field: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.field == field)
    }

    /// Cell of a row.
    pub(super) fn cell<'a>(&self, row: &'a Data, field: &str) -> Option<&'a Cell> {
        row.cells.get(self.column(field)?)
    }
}

/// What a file looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Xlsx,
    /// Comma-separated.
    Csv {
        /// CP932 with CR LF, as Excel saves it; else UTF-8 with LF.
        cp932: bool,
        /// Every cell in quotation marks (PowerShell).
        quoted: bool,
    },
    /// `show ip arp`.
    Arp,
    Nmap,
    Sbom,
}

/// A file before it is bytes.
#[derive(Clone, Debug)]
pub(super) struct Doc {
    pub(super) name: String,
    pub(super) shape: Shape,
    /// Somebody keeps it (declared); else it was seen on the wire or read from a machine.
    pub(super) list: bool,
    pub(super) tables: Vec<Table>,
}
