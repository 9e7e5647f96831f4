//! Colours and patterns. State and owner are never told by colour alone: every hue has its own pattern, and every tab
//! a letter or sign.

/// A vendor's look.
pub(crate) struct Hue {
    /// Ground of the tab.
    pub fill: &'static str,
    /// Letter on that ground (contrast at least 4.5).
    pub ink: &'static str,
    /// The pattern's strokes in an 8 × 8 tile, as path data.
    pub pattern: &'static str,
}

/// Eight hues after Okabe and Ito and after Tol's muted set (colour-blind safe), without any red: red means *nobody*.
pub(crate) const HUES: [Hue; 8] = [
    Hue { fill: "#0072b2", ink: "#ffffff", pattern: "M-2,2 L2,-2 M0,8 L8,0 M6,10 L10,6" },
    Hue { fill: "#e69f00", ink: "#1a1a1a", pattern: "M0,4 H8" },
    Hue { fill: "#007a5a", ink: "#ffffff", pattern: "M4,0 V8" },
    Hue { fill: "#cc79a7", ink: "#1a1a1a", pattern: "M3,4 H5 M0,0 H1 M7,0 H8 M0,8 H1 M7,8 H8" },
    Hue { fill: "#56b4e9", ink: "#1a1a1a", pattern: "M-2,6 L2,10 M0,0 L8,8 M6,-2 L10,2" },
    Hue { fill: "#f0e442", ink: "#1a1a1a", pattern: "M0,4 H8 M4,0 V8" },
    Hue { fill: "#332288", ink: "#ffffff", pattern: "M0,6 L4,2 L8,6" },
    Hue { fill: "#999933", ink: "#1a1a1a", pattern: "M0,0 L8,8 M8,0 L0,8" },
];

/// Hue and pattern of the vendor at this position. Past eight, hues repeat with another pattern, past 64 both repeat;
/// the letter goes on telling them apart.
pub(crate) fn look(number: usize) -> (usize, usize) {
    (number % 8, (number + number / 8) % 8)
}

pub(crate) const INK: &str = "#1a1a1a";
pub(crate) const INK_2: &str = "#4d4d4d";
pub(crate) const FRAME: &str = "#767676";
pub(crate) const RED: &str = "#ce0000";
pub(crate) const ZONE_FILL: &str = "#f7f7f9";
pub(crate) const ZONE_FRAME: &str = "#d8d8db";
pub(crate) const HATCH: &str = "#8c8c92";
pub(crate) const HATCH_GROUND: &str = "#e8e8eb";
pub(crate) const HOSPITAL: &str = "#4d4d4d";
/// What a layer is not about: lines, and texts (contrast 4.5 on white).
pub(crate) const DIM: &str = "#c4c4c9";
pub(crate) const DIM_INK: &str = "#767676";
