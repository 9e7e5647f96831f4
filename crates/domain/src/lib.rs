//! Types and rules of the field: who acts, what a hospital has, what a finding says.
//!
//! Invariants: no IO, no async, no SQL, no rendering. Everything here can be tested with a table.

pub mod access;
pub mod advice;
pub mod agreement;
pub mod check;
pub mod checklist;
pub mod completeness;
pub mod confirmation;
pub mod custom;
pub mod date;
pub mod document;
pub mod edition;
pub mod finding;
pub mod holiday;
pub mod ids;
pub mod import;
pub mod inquiry;
pub mod kinds;
pub mod lifetime;
pub mod message;
pub mod record;
pub mod resource;
pub mod roles;
pub mod safeguard;
pub mod stocktake;
pub mod text;

pub use message::Msg;
