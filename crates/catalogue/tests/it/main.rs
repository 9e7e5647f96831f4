//! Tests over whole catalogues: known answers, a second evaluator, damaged files.

mod known_answers;
mod support;
