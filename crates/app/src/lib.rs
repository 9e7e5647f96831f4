//! Use cases: one function each, permission first. Pages, API and command line call nothing else.
//!
//! A use case takes `&Ctx` (who acts, in which tenant) and a command, asks for its permission in its first line and
//! returns plain views or an [`AppError`]. Text for people leaves as [`tomomori_domain::Msg`]; nothing is rendered here.
//!
//! Exceptions that take `&App`: what happens before a tenant is known (log-in, sessions, tokens) or for the installation as a
//! whole (the catalogue, the list of tenants, workers). Not here: SQL, HTTP, HTML, languages.

mod ctx;
mod error;
mod history;
mod names;
mod papers;
mod step;

pub mod advice;
pub mod agreements;
pub mod audit;
pub mod catalogue;
pub mod check_words;
pub mod checklists;
pub mod checks;
pub mod completeness;
pub mod confirmation;
pub mod custom_fields;
pub mod device;
pub mod diagram;
pub mod edit;
pub mod editions;
pub mod export;
pub mod findings;
pub mod grid;
pub mod home;
pub mod import;
pub mod joints;
pub mod ledger;
pub mod lifetimes;
pub mod matching;
pub mod roles;
pub mod safeguards;
pub mod session;
pub mod stocktake;
pub mod tenants;
pub mod worker;

pub use ctx::{App, Clock, Ctx};
pub use error::AppError;
pub use names::CatalogueNames;
