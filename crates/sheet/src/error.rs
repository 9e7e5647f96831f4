//! Why a file could not be read, and what a person can do about it.

use crate::limits::Limit;
use tomomori_domain::Msg;
use tomomori_domain::import::{Place, Problem, Severity};

/// Why a file could not be read. The file is refused as a whole: nothing of it is used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// No bytes, or no cell that holds anything.
    #[error("the file is empty")]
    Empty,
    /// A limit was passed.
    #[error("{limit:?} passes the limit of {allowed} in {place}")]
    TooMuch {
        /// Which.
        limit: Limit,
        /// What is allowed.
        allowed: u64,
        /// Part or sheet.
        place: String,
    },
    /// Encrypted with a password.
    #[error("protected by a password")]
    Protected,
    /// Excel 97–2003.
    #[error("old Excel format (.xls)")]
    OldExcel,
    /// Excel binary workbook.
    #[error("binary Excel format (.xlsb)")]
    BinaryExcel,
    /// OpenDocument.
    #[error("OpenDocument spreadsheet (.ods)")]
    OpenDocument,
    /// Some other file.
    #[error("neither an Excel workbook nor a text table")]
    NotATable,
    /// The archive ends early or its directory is broken.
    #[error("the workbook is cut off")]
    Truncated,
    /// A part every workbook has is missing.
    #[error("the workbook lacks {part}")]
    MissingPart {
        /// Its path.
        part: String,
    },
    /// The inside of a part is broken.
    #[error("{part} is damaged: {detail}")]
    Damaged {
        /// Path of the part, or name of the sheet.
        part: String,
        /// What the parser said.
        detail: String,
    },
    /// Bytes that are neither UTF-8 nor CP932 (nor UTF-16 behind its mark).
    #[error("line {line}, character {column}: unreadable character")]
    Encoding {
        /// Line, from 1.
        line: u32,
        /// Character in the line, from 1.
        column: u32,
    },
    /// A quotation mark without its partner.
    #[error("line {line}: unbalanced quotation mark")]
    Quote {
        /// Line of the opening mark, from 1.
        line: u32,
    },
}

impl ReadError {
    /// For people, with the remedy.
    #[must_use]
    pub fn msg(&self) -> Msg {
        match self {
            Self::Empty => Msg::new("sheet-file-empty"),
            Self::TooMuch { limit, allowed, place } => too_much(*limit, *allowed).arg("place", place),
            Self::Protected => Msg::new("sheet-file-protected"),
            Self::OldExcel => Msg::new("sheet-file-xls"),
            Self::BinaryExcel => Msg::new("sheet-file-xlsb"),
            Self::OpenDocument => Msg::new("sheet-file-ods"),
            Self::NotATable => Msg::new("sheet-file-not-a-table"),
            Self::Truncated => Msg::new("sheet-file-truncated"),
            Self::MissingPart { part } => Msg::new("sheet-file-missing-part").arg("part", part),
            Self::Damaged { part, detail } => Msg::new("sheet-file-damaged").arg("part", part).arg("detail", detail),
            Self::Encoding { line, column } => Msg::new("sheet-file-encoding").arg("line", line).arg("column", column),
            Self::Quote { line } => Msg::new("sheet-file-quote").arg("line", line),
        }
    }

    /// The same as an error of the import, with its place.
    #[must_use]
    pub fn problem(&self, file: &str) -> Problem {
        let line = match self {
            Self::Encoding { line, .. } | Self::Quote { line } => Some(*line),
            _ => None,
        };
        let place = Place { file: file.into(), line, ..Place::default() };
        Problem { severity: Severity::Error, place, msg: self.msg() }
    }
}

fn too_much(limit: Limit, allowed: u64) -> Msg {
    let mebibytes = allowed >> 20;
    match limit {
        Limit::FileBytes => Msg::new("sheet-limit-file").arg("megabytes", mebibytes),
        Limit::InflatedBytes => Msg::new("sheet-limit-inflated").arg("megabytes", mebibytes),
        Limit::TextBytes => Msg::new("sheet-limit-text").arg("megabytes", mebibytes),
        Limit::Sheets => Msg::new("sheet-limit-sheets").arg("limit", thousands(allowed)),
        Limit::SharedStrings => Msg::new("sheet-limit-strings").arg("limit", thousands(allowed)),
        Limit::Cells => Msg::new("sheet-limit-cells").arg("limit", thousands(allowed)),
        Limit::Columns => Msg::new("sheet-limit-columns").arg("limit", thousands(allowed)),
        Limit::Rows => Msg::new("sheet-limit-rows").arg("limit", thousands(allowed)),
        Limit::Styles => Msg::new("sheet-limit-styles").arg("limit", thousands(allowed)),
        Limit::Merges => Msg::new("sheet-limit-merges").arg("limit", thousands(allowed)),
    }
}

/// `2,000,000`: arguments of messages are already formatted for people.
fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
