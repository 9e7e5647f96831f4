//! One test binary: each format on real files and on damaged ones.

mod csaf;
mod jvn;
mod kat;
