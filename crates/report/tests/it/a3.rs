//! The five A3 pictures of the diagram's own tests as pixels, as they come from a printer. They are looked at by eye; here
//! they are held against the ones that were. `TOMOMORI_WRITE_PICTURES=1` writes them anew.

use resvg::tiny_skia::Pixmap;
use std::path::{Path, PathBuf};
use tomomori_report::png;

/// A3 landscape at 150 dpi, px.
const SHEET: (f64, f64) = (2480.0, 1754.0);

/// Channels of 0–255 may differ by so much: another processor rounds edges in another way.
const NEAR: u8 = 24;

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The picture a snapshot of the diagram's tests holds, below its head.
fn svg(name: &str) -> String {
    let path = crates().join(format!("diagram/tests/it/snapshots/it__a3__{name}.snap"));
    let snapshot = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    snapshot.splitn(3, "---\n").nth(2).unwrap().to_owned()
}

/// Width at which a picture fills the sheet without leaving it, px.
fn width(svg: &str) -> u32 {
    let size = |name: &str| {
        let start = svg.find(&format!(" {name}=\"")).unwrap() + name.len() + 3;
        svg[start..].split('"').next().unwrap().parse::<f64>().unwrap()
    };
    (size("width") * (SHEET.0 / size("width")).min(SHEET.1 / size("height"))) as u32
}

#[test]
fn five_sheets_look_as_they_did_when_they_were_looked_at() {
    for name in [
        "a3_100_by_responsibility",
        "a3_300_by_responsibility",
        "a3_200_by_remote_lines",
        "a3_5000_folded_by_end_of_life",
        "a3_80_on_two_dates",
    ] {
        let svg = svg(name);
        let drawn = png(&svg, width(&svg)).unwrap();
        let path = crates().join(format!("report/tests/it/pictures/{name}.png"));
        if std::env::var_os("TOMOMORI_WRITE_PICTURES").is_some() {
            std::fs::write(&path, &drawn).unwrap();
        }
        let kept = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let (drawn, kept) = (Pixmap::decode_png(&drawn).unwrap(), Pixmap::decode_png(&kept).unwrap());
        assert_eq!((drawn.width(), drawn.height()), (kept.width(), kept.height()), "{name}");
        let far = |(a, b): (&u8, &u8)| a.abs_diff(*b) > NEAR;
        let differ = drawn.data().iter().zip(kept.data()).filter(|&pair| far(pair)).count();
        assert!(differ * 10_000 < drawn.data().len(), "{name}: {differ} of {} values differ", drawn.data().len());
    }
}
