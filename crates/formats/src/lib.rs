//! Bytes to typed records, for every outside format. Pure: no files are opened and nothing is fetched here, except by
//! [`container`], which unpacks streams under explicit limits.

pub mod record;
