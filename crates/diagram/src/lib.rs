//! The system diagram (構成図): zones, nodes and routed lines to SVG.
//!
//! Pure: the caller hands over a [`Diagram`] with every text already in the reader's language, [`layout`] gives integer
//! coordinates, [`svg`] writes them down. The same input gives the same bytes.
//!
//! ```text
//! Diagram ─ compare, collapse, focus, only, group ─► Diagram ─ layout ─► Layout ─ svg, drawio ─► String
//!                                           place → net → tracks → geometry
//! ```
//!
//! Invariants: no IO, no clock, no randomness, no hash order, no word of any language.

mod arrange;
mod compare;
mod drawio;
mod geometry;
mod group;
mod layer;
mod legend;
mod model;
mod net;
mod paint;
mod part;
mod picture;
mod place;
mod route;
mod seats;
mod shape;
mod svg;
mod text;
mod tracks;

pub use arrange::{Arrangement, Cell, ZonePlace};
pub use compare::{Changes, Comparison, compare};
pub use drawio::drawio;
pub use geometry::{layout, layout_from};
pub use group::group;
pub use layer::{EndOfLife, Evidence, Facts, Layer, Severity, State};
pub use legend::Mark;
pub use model::{Badge, Change, Diagram, Fold, Legend, Line, LineKind, Node, NodeKind, Owner, Zone};
pub use part::{Part, collapse, focus, fold_key, only, only_owner};
pub use picture::{Label, Layout, LegendItem, NodeBox, Point, Rect, Swatch, Wire, ZoneBox};
pub use svg::{Options, svg};
