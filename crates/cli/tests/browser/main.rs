//! Browser stories: what a person does with a real Chromium at the real program, from log-in to the diagram.
//!
//! In every story the browser must not complain: no console error, no failed request, no CSP report. Screenshots and
//! measurements are kept in `target/browser` (or `TOMOMORI_ARTEFACTS`).

#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

mod messy;
mod program;
mod stories;
mod visitor;
