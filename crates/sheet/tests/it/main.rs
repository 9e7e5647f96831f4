//! Workbooks and text tables as hospitals send them, and as attackers would.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test by panicking")]

mod apply;
mod build;
mod csv_text;
mod disclosure;
mod doubts;
mod export;
mod guess;
mod hostile;
mod known;
mod lists;
mod property;
mod roundtrip;
mod workbook;
