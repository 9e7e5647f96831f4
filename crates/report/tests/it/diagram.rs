//! The diagram as PDF and PNG.

use crate::read::read;
use crate::samples::{diagram, meta};
use tomomori_report::{MAX_PIXELS, Page, ReportError, diagram_pdf, png};

#[test]
fn one_page_with_text_that_can_be_searched() {
    let svg = diagram(40);
    for (page, size) in [(Page::A4, (297, 210)), (Page::A3, (420, 297))] {
        let read = read(&diagram_pdf(&svg, page, &meta("構成図")).unwrap());
        assert_eq!((read.pages.len(), read.size), (1, size));
        for want in ["基幹スイッチ", "検査装置039", "みどり川総合病院", "台帳第214版", "1/1", "2026年11月24日"]
        {
            assert!(read.all().contains(want), "{want} is missing in {}", read.all());
        }
    }
}

#[test]
fn the_same_diagram_is_the_same_bytes() {
    let svg = diagram(10);
    let first = diagram_pdf(&svg, Page::A3, &meta("構成図")).unwrap();
    diagram_pdf(&diagram(11), Page::A4, &meta("構成図")).unwrap();
    assert!(first == diagram_pdf(&svg, Page::A3, &meta("構成図")).unwrap());
    assert!(png(&svg, 600).unwrap() == png(&svg, 600).unwrap());
}

#[test]
fn lines_stay_lines_and_the_font_is_embedded() {
    let pdf = lopdf::Document::load_mem(&diagram_pdf(&diagram(40), Page::A3, &meta("構成図")).unwrap()).unwrap();
    let (mut images, mut fonts) = (0, Vec::new());
    for object in pdf.objects.values() {
        if let Ok(stream) = object.as_stream() {
            images +=
                usize::from(stream.dict.get(b"Subtype").and_then(|s| s.as_name()).is_ok_and(|name| name == b"Image"));
        }
        if let Some(name) = object.as_dict().ok().and_then(|dict| dict.get(b"FontName").ok()?.as_name().ok()) {
            fonts.push(String::from_utf8_lossy(name).into_owned());
        }
    }
    assert_eq!(images, 0, "the picture became pixels");
    assert!(!fonts.is_empty() && fonts.iter().all(|name| name.contains("BIZUDPGothic")), "{fonts:?}");
}

#[test]
fn a_png_has_the_width_asked_for_and_is_not_blank() {
    let svg = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 100"><text x="10" y="60" font-size="40" font-family="Meiryo, sans-serif" fill="#000">病棟</text></svg>"##;
    let png = png(svg, 800).unwrap();
    let image = resvg::tiny_skia::Pixmap::decode_png(&png).unwrap();
    assert_eq!((image.width(), image.height()), (800, 200));
    let dark = image.pixels().iter().filter(|pixel| pixel.red() < 128).count();
    let white = image.pixels().iter().filter(|pixel| pixel.red() == 255).count();
    assert!((1_000..20_000).contains(&dark) && white > 100_000, "{dark} dark, {white} white");
}

#[test]
fn too_many_pixels_are_refused_before_they_are_drawn() {
    let svg = diagram(3);
    let error = png(&svg, 1_000_000).unwrap_err();
    assert!(
        matches!(error, ReportError::TooManyPixels { width: 1_000_000, height } if height * 1_000_000 > MAX_PIXELS)
    );
    assert_eq!(error.msg().key, "report-too-many-pixels");
    assert!(png(&svg, u32::MAX).is_err());
    let tower = "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='3000000000'/>";
    assert!(matches!(png(tower, 0), Err(ReportError::TooManyPixels { width: 1, .. })));
    assert!(png(&svg, 0).is_ok(), "no width is one pixel");
}

#[test]
fn what_is_no_picture_or_wants_other_files_is_refused() {
    let linked = r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9"><image xlink:href="/etc/passwd" width="9" height="9"/></svg>"#;
    for svg in ["", "plain", "<svg", "<svg xmlns='http://www.w3.org/2000/svg' width='0' height='5'/>", linked] {
        assert!(matches!(png(svg, 10), Err(ReportError::Picture { .. })), "{svg}");
        assert!(matches!(diagram_pdf(svg, Page::A4, &meta("x")), Err(ReportError::Picture { .. })), "{svg}");
    }
}
