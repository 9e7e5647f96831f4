//! BIZ UDPGothic Regular and Bold, embedded in the program. No font of the machine is ever looked at, so that a paper
//! looks the same everywhere.

use crate::ReportError;
use resvg::usvg::fontdb;
use std::sync::{Arc, OnceLock};
use typst::foundations::Bytes;
use typst::layout::{Abs, Em};
use typst::text::{Font, FontBook, FontInstance, FontVariant, FontVariations};
use typst::utils::LazyHash;

// FILES and LICENCE, written by build.rs; empty where the fonts were not brought yet.
include!(concat!(env!("OUT_DIR"), "/fonts.rs"));

/// Family name inside the files; the templates and the diagram's SVG name it too.
pub(crate) const FAMILY: &str = "BIZ UDPGothic";

/// The licence of the embedded fonts (SIL Open Font License 1.1), to be shown with the program's other licences. `None`
/// in a program built without them.
#[must_use]
pub fn font_licence() -> Option<&'static str> {
    LICENCE
}

/// The embedded fonts in the form typst wants.
pub(crate) struct Fonts {
    pub(crate) book: LazyHash<FontBook>,
    pub(crate) all: Vec<Font>,
    /// For measuring; the font has no optical sizes, so one instance serves all.
    regular: Option<FontInstance>,
}

impl Fonts {
    fn read(files: &[&'static [u8]]) -> Self {
        let all: Vec<Font> = files.iter().flat_map(|file| Font::iter(Bytes::new(*file))).collect();
        let regular = all
            .first()
            .cloned()
            .map(|font| font.instantiate(FontVariant::default(), Abs::pt(9.0), &FontVariations::default()));
        Self { book: LazyHash::new(FontBook::from_fonts(&all)), all, regular }
    }

    /// Whether the font can draw a character.
    pub(crate) fn has(&self, c: char) -> bool {
        self.glyph(c).is_some()
    }

    /// Width of one character in the regular font, in em; 1 for a character it lacks.
    pub(crate) fn width(&self, c: char) -> f64 {
        self.glyph(c).map_or(1.0, Em::get)
    }

    fn glyph(&self, c: char) -> Option<Em> {
        let font = self.regular.as_ref()?;
        font.x_advance(font.ttf().glyph_index(c)?.0)
    }
}

/// The fonts, read once.
///
/// # Errors
/// [`ReportError::NoFonts`] in a program built without them.
pub(crate) fn fonts() -> Result<&'static Fonts, ReportError> {
    static FONTS: OnceLock<Fonts> = OnceLock::new();
    complete(FONTS.get_or_init(|| Fonts::read(FILES)))
}

fn complete(fonts: &Fonts) -> Result<&Fonts, ReportError> {
    if fonts.all.is_empty() { Err(ReportError::NoFonts) } else { Ok(fonts) }
}

/// The same fonts for drawing pictures to pixels; every generic family means ours.
///
/// # Errors
/// [`ReportError::NoFonts`] in a program built without them.
pub(crate) fn database() -> Result<Arc<fontdb::Database>, ReportError> {
    static DATABASE: OnceLock<Arc<fontdb::Database>> = OnceLock::new();
    fonts()?;
    let database = DATABASE.get_or_init(|| {
        let mut database = fontdb::Database::new();
        for file in FILES {
            database.load_font_source(fontdb::Source::Binary(Arc::new(*file)));
        }
        database.set_sans_serif_family(FAMILY);
        database.set_serif_family(FAMILY);
        database.set_monospace_family(FAMILY);
        Arc::new(database)
    });
    Ok(Arc::clone(database))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_without_fonts_says_so() {
        assert!(matches!(complete(&Fonts::read(&[])), Err(ReportError::NoFonts)));
    }

    #[test]
    fn both_weights_of_the_family_are_embedded() {
        let names: Vec<String> = fonts()
            .unwrap()
            .all
            .iter()
            .map(|font| format!("{} {}", font.info().family, font.info().variant.weight.to_number()))
            .collect();
        assert_eq!(names, ["BIZ UDPGothic 400", "BIZ UDPGothic 700"]);
        assert!(font_licence().unwrap().contains("SIL OPEN FONT LICENSE Version 1.1"));
    }
}
