//! Reads a PDF back with another library than the one that wrote it.

use lopdf::{Document, Object};

/// What a test wants to know of a PDF.
pub(crate) struct Read {
    /// Text of each page without any white space: where lines end is not the question.
    pub(crate) pages: Vec<String>,
    /// Width and height of the first page in millimetres.
    pub(crate) size: (i64, i64),
}

impl Read {
    pub(crate) fn all(&self) -> String {
        self.pages.concat()
    }
}

pub(crate) fn read(pdf: &[u8]) -> Read {
    assert!(pdf.starts_with(b"%PDF-1.7"), "no PDF");
    let document = Document::load_mem(pdf).unwrap();
    let pages = document.get_pages();
    let text = |number: &u32| {
        let text = document.extract_text(&[*number]).unwrap();
        text.chars().filter(|c| !c.is_whitespace() && *c != '\u{200b}').collect()
    };
    let first = document.get_dictionary(pages[&1]).unwrap();
    let sides: Vec<f32> = first
        .get(b"MediaBox")
        .and_then(Object::as_array)
        .unwrap()
        .iter()
        .map(|side| side.as_float().unwrap())
        .collect();
    let mm = |points: f32| (f64::from(points) * 25.4 / 72.0).round() as i64;
    Read { pages: pages.keys().map(text).collect(), size: (mm(sides[2]), mm(sides[3])) }
}
