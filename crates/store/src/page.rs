//! Keyset paging: a page starts after the last row of the one before, so that it costs the same at any depth and no
//! row is shown twice or left out when others are written meanwhile.

use crate::StoreError;
use serde::{Serialize, de::DeserializeOwned};

/// Which page is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// [`Page::next`] of the page before; `None` = the first page.
    pub after: Option<String>,
    /// Rows per page; held to 1..=500.
    pub limit: u32,
}

impl Default for PageRequest {
    fn default() -> Self {
        Self { after: None, limit: 50 }
    }
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows, in order.
    pub rows: Vec<T>,
    /// Cursor of the next page (safe in a URL); `None` = this was the last.
    pub next: Option<String>,
}

impl PageRequest {
    pub(crate) fn rows(&self) -> u64 {
        u64::from(self.limit.clamp(1, 500))
    }

    pub(crate) fn cursor<K: DeserializeOwned>(&self) -> Result<Option<K>, StoreError> {
        let Some(text) = &self.after else { return Ok(None) };
        let bytes = hex::decode(text).map_err(|_| StoreError::BadCursor)?;
        serde_json::from_slice(&bytes).map(Some).map_err(|_| StoreError::BadCursor)
    }

    /// Cuts the one row too many that was asked for to learn whether there is a next page.
    pub(crate) fn page<T, K: Serialize>(&self, mut rows: Vec<T>, key: impl Fn(&T) -> K) -> Result<Page<T>, StoreError> {
        let more = rows.len() as u64 > self.rows();
        rows.truncate(usize::try_from(self.rows()).unwrap_or(usize::MAX));
        let next = match rows.last().filter(|_| more) {
            Some(last) => Some(hex::encode(
                serde_json::to_vec(&key(last)).map_err(|error| StoreError::Corrupt("cursor", error.to_string()))?,
            )),
            None => None,
        };
        Ok(Page { rows, next })
    }
}
