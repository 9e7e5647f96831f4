//! Records of sources to the ledger (台帳). Pure: preview and confirm, on any machine, compute the same thing.
//!
//! ```text
//! tables of files ─ intake ─► records ─┐
//! edits, vendors' words ──────────────►├─ project ─► ledger + doubts ─ diff ─► what changes
//! decisions of people ─────────────────┘    │
//!                              boxes: which rows are one device
//! ```
//!
//! Invariants: the ledger is a function of the records in force, the decisions and the catalogue's names; the order in which
//! files came plays no part; ids of things that stay are kept. No IO, no clock, no randomness but fresh ids.

pub mod boxes;
pub mod checks;
pub mod diff;
pub mod edits;
pub mod identity;
pub mod intake;
pub mod names;
pub mod project;
pub mod restate;
pub mod share;
pub mod words;

pub use diff::{Action, Change, Diff, FieldChange};
pub use names::{NamedProduct, Names};
pub use project::{Facts, Projected, project};
