//! Bytes to typed records, for every outside format. Pure: no files are opened and nothing is fetched here, except by
//! [`container`], which unpacks streams under explicit limits.
//!
//! All feed readers have the one shape described in [`feed`]:
//! `read(file, &mut dyn Read, &mut Sink) -> Result<FeedHead, FormatError>`.
//!
//! Invariants: arbitrary bytes give an error that names the place, never a panic. Sources are not merged, a record is handed
//! on as its source wrote it. No network, no database; nothing is decided about a device.

pub mod addresses;
pub mod bytes;
pub mod container;
pub mod cpe;
pub mod csaf;
pub mod cyclonedx;
mod dates;
mod delimited;
pub mod directory;
pub mod elements;
pub mod eol;
pub mod feed;
pub mod hospital;
pub mod inspect;
mod json;
pub mod jvn;
pub mod kev;
mod lenient;
pub mod nmap;
pub mod nvd;
pub mod packages;
pub mod record;
mod rows;
pub mod sbom;
mod spdx;
pub mod tables;
mod terminal;
pub mod version;
pub mod windows;
pub mod xml;

pub use feed::{FeedHead, FormatError, Problem, Sink};
