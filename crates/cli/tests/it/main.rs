//! The `tomomori` program as its user meets it: a child process, its output and its exit code.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

mod bad_input;
mod commands;
mod crash;
mod diagram;
mod hostile;
mod program;
