//! Papers are made, read back and looked at.

#![expect(clippy::unwrap_used, reason = "helpers outside #[test] functions; a wrong paper must fail the test")]

mod a3;
mod diagram;
mod hostile;
mod papers;
mod read;
mod samples;
