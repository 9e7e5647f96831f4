//! The one place with `unsafe`: a file seen as bytes.

use std::fs::File;
use std::io;

/// A file mapped read-only.
pub(crate) struct Map(memmap2::Mmap);

impl Map {
    /// Maps the whole file.
    pub(crate) fn open(file: &File) -> io::Result<Self> {
        #[expect(
            unsafe_code,
            reason = "mapping needs it; catalogues are immutable: builders write a new name and rename"
        )]
        // SAFETY: the bytes stay valid as long as nobody truncates or rewrites the file. Catalogue files are never
        // written after their rename, and files on removable media are copied before they are opened. A text or
        // offset read from the map is checked at every read, so that changed bytes give an error, not a wild access.
        let map = unsafe { memmap2::Mmap::map(file) }?;
        Ok(Self(map))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}
