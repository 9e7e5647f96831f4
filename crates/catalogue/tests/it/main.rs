//! Tests over whole catalogues: known answers, a second evaluator, damaged files.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, reason = "a test fails by panicking")]

mod damage;
mod known_answers;
mod lifetimes;
mod names;
mod second_way;
mod sources;
mod support;
