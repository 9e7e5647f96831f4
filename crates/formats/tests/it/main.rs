//! One test binary: each format on real files and on damaged ones.

mod addresses;
mod csaf;
mod jvn;
mod kat;
mod nmap;
mod nvd;
mod sbom;
