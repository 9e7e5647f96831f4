//! One test binary: each format on real files and on damaged ones.

mod addresses;
mod csaf;
mod directory;
mod eol;
mod inspect;
mod jvn;
mod kat;
mod kat_cpe;
mod kat_version;
mod nmap;
mod nvd;
mod packages;
mod robust;
mod sbom;
mod shown;
mod windows;
