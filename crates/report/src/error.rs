//! Why a paper could not be made.

use tomomori_domain::Msg;

/// Why a paper or picture could not be made. Nothing half-made is returned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReportError {
    /// The program was built without its fonts (`cargo xtask assets` was not run before).
    #[error("built without fonts: run `cargo xtask assets` and build again")]
    NoFonts,
    /// The picture is no SVG that can be drawn.
    #[error("the picture cannot be drawn: {detail}")]
    Picture {
        /// What the reader said.
        detail: String,
    },
    /// The picture would have more pixels than [`crate::MAX_PIXELS`].
    #[error("{width} × {height} pixels pass the limit of {limit}", limit = crate::MAX_PIXELS)]
    TooManyPixels {
        /// Asked width in pixels.
        width: u64,
        /// Height that follows from it, in pixels.
        height: u64,
    },
    /// The paper has more rows than [`crate::MAX_ROWS`] or more text than [`crate::MAX_BYTES`].
    #[error(
        "{rows} rows with {bytes} bytes of text pass the limit of {} rows or {} bytes",
        crate::MAX_ROWS,
        crate::MAX_BYTES
    )]
    TooLong {
        /// Rows of all sections.
        rows: usize,
        /// Bytes of all texts.
        bytes: usize,
    },
    /// A row does not have one cell per column, or typst refused our template: a mistake in the program.
    #[error("the paper could not be set: {detail}")]
    Setting {
        /// Where, and what is wrong.
        detail: String,
    },
}

impl ReportError {
    /// The reason in the words of the reader, with what to do now.
    #[must_use]
    pub fn msg(&self) -> Msg {
        match self {
            Self::NoFonts => Msg::new("report-no-fonts"),
            Self::Picture { detail } => Msg::new("report-picture").arg("detail", detail),
            Self::TooManyPixels { width, height } => Msg::new("report-too-many-pixels")
                .arg("width", width)
                .arg("height", height)
                .arg("limit", crate::MAX_PIXELS / 1_000_000),
            Self::TooLong { rows, bytes } => Msg::new("report-too-long")
                .arg("rows", rows)
                .arg("bytes", bytes)
                .arg("max_rows", crate::MAX_ROWS)
                .arg("max_bytes", crate::MAX_BYTES),
            Self::Setting { detail } => Msg::new("report-setting").arg("detail", detail),
        }
    }
}
