//! The vulnerability catalogue: what the world knows about vulnerabilities, compiled into one immutable, content-hashed,
//! signed file that is mapped into memory.
//!
//! - [`Builder`] makes a file from feeds.
//! - [`Catalogue`] opens one: [`Catalogue::match_device`], [`Catalogue::explain`], [`Catalogue::vulnerability`],
//!   [`Catalogue::suggest`], [`Catalogue::firmware_for`], [`Catalogue::lifetime`], [`Catalogue::info`], [`Catalogue::verify`].
//!
//! Invariants: pure computation over the file, no network, no database. A file is never changed after its rename. Every
//! byte read is bounds-checked; damaged content is a [`CatalogueError`] naming its section. Unknown stays unknown: a
//! fact nobody stated makes *possibly affected*, never silence.

mod build;
mod codec;
mod compare;
mod detail;
mod device;
mod error;
mod facts;
mod file;
mod info;
mod keys;
mod lifetimes;
mod lookup;
mod map;
mod matching;
mod name;
mod open;
mod partners;
mod platform;
mod reason;
mod rows;
mod seen;
mod suggest;
mod tree;
mod windows;

pub use build::{Builder, FileProblem, FileRead, Stamp, Summary, Usage, peak_memory, usage};
pub use detail::{Detail, Exploited, ProductSaid, Score, Text};
pub use device::{Component, Device, Known, Policy};
pub use ed25519_dalek::{SigningKey, VerifyingKey};
pub use error::CatalogueError;
pub use facts::{Facts, Truth};
pub use file::Trust;
pub use info::{Info, RejectCount, SourceInfo};
pub use keys::{generate_key_file, read_public_key, read_signing_key};
pub use lifetimes::{LIFETIMES, Lifetime, NoLifetime};
pub use lookup::{Say, Vulnerability};
pub use matching::Match;
pub use open::{Catalogue, Product};
pub use partners::Partner;
pub use reason::{Advisory, Criterion, Opposing, Part, Reason, TreeReason};
pub use rows::source_key;
pub use suggest::{Candidate, split_version};
