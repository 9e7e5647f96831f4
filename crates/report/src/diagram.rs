//! The system diagram on one landscape page.

use crate::fonts::fonts;
use crate::{Meta, ReportError, world};
use serde_json::json;

const TEMPLATE: &str = include_str!("../templates/diagram.typ");

/// A sheet for the diagram, always landscape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// 297 × 210 mm.
    A4,
    /// 420 × 297 mm.
    A3,
}

/// The diagram's SVG on one page: as large as fits, in lines and text rather than pixels, with hospital, edition, page and
/// date at the foot. Text that names no embedded font is set in ours. The same input gives the same bytes.
///
/// # Errors
/// [`ReportError::Picture`] if it is no SVG or wants other files, [`ReportError::NoFonts`].
pub fn diagram_pdf(svg: &str, page: Page, meta: &Meta) -> Result<Vec<u8>, ReportError> {
    let paper = match page {
        Page::A4 => "a4",
        Page::A3 => "a3",
    };
    let fonts = fonts()?;
    let data = json!({ "meta": meta.json(fonts), "paper": paper });
    let files = vec![("/data.json", data.to_string().into_bytes()), ("/picture.svg", svg.as_bytes().to_vec())];
    world::pdf(fonts, TEMPLATE, files).map_err(|error| match error {
        // The template is ours and tested, so what typst refuses here is the picture.
        ReportError::Setting { detail } => ReportError::Picture { detail },
        other => other,
    })
}
