//! Unpacks files by content under explicit limits.

/// A packed file is broken or over a limit.
#[derive(Debug, thiserror::Error)]
pub enum ContainerError {
    /// A limit was passed.
    #[error("{entry}: {what} is over the limit of {limit}")]
    Limit {
        /// The file or entry.
        entry: String,
        /// What was counted, with its unit.
        what: &'static str,
        /// The limit.
        limit: u64,
    },
}
