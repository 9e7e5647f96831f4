//! The diagram as pixels, with the same font as on paper.

use crate::fonts;
use crate::{MAX_PIXELS, ReportError};
use resvg::{tiny_skia, usvg};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Draws an SVG on white as PNG, `width_px` pixels wide; the height follows from the picture. The same input gives the
/// same bytes.
///
/// # Errors
/// [`ReportError::TooManyPixels`] before any memory for pixels is taken, [`ReportError::Picture`] if it is no SVG or
/// wants other files, [`ReportError::NoFonts`].
pub fn png(svg: &str, width_px: u32) -> Result<Vec<u8>, ReportError> {
    let tree = tree(svg)?;
    let width = width_px.max(1);
    let scale = f64::from(width) / f64::from(tree.size().width());
    let height = (f64::from(tree.size().height()) * scale).round().max(1.0);
    let too_many = || ReportError::TooManyPixels { width: width.into(), height: height as u64 };
    if f64::from(width) * height > MAX_PIXELS as f64 {
        return Err(too_many());
    }
    let mut canvas = tiny_skia::Pixmap::new(width, height as u32).ok_or_else(too_many)?;
    canvas.fill(tiny_skia::Color::WHITE);
    let scale = scale as f32;
    resvg::render(&tree, tiny_skia::Transform::from_scale(scale, scale), &mut canvas.as_mut());
    canvas.encode_png().map_err(|error| ReportError::Picture { detail: error.to_string() })
}

/// Reads the SVG with our fonts and nothing else: a picture that wants another file is refused.
fn tree(svg: &str) -> Result<usvg::Tree, ReportError> {
    let wants_files = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&wants_files);
    let options = usvg::Options {
        font_family: fonts::FAMILY.to_owned(),
        fontdb: fonts::database()?,
        image_href_resolver: usvg::ImageHrefResolver {
            resolve_data: usvg::ImageHrefResolver::default_data_resolver(),
            resolve_string: Box::new(move |_, _| {
                seen.store(true, Ordering::Relaxed);
                None
            }),
        },
        ..usvg::Options::default()
    };
    let tree =
        usvg::Tree::from_str(svg, &options).map_err(|error| ReportError::Picture { detail: error.to_string() })?;
    if wants_files.load(Ordering::Relaxed) {
        return Err(ReportError::Picture { detail: "it refers to another file".to_owned() });
    }
    Ok(tree)
}
