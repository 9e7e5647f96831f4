//! Bytes inside sections: LEB128 numbers, length-prefixed text, and a cursor that never reads past its end.

use crate::error::CatalogueError;

/// Appends a number, 7 bits a byte.
pub(crate) fn put(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value as u8 & 0x7f) | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Appends a text with its length.
pub(crate) fn put_text(out: &mut Vec<u8>, text: &str) {
    put(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

/// Appends an optional text; the length is stored plus one so that "none" and "empty" stay apart.
pub(crate) fn put_optional(out: &mut Vec<u8>, text: Option<&str>) {
    match text {
        None => put(out, 0),
        Some(text) => {
            put(out, text.len() as u64 + 1);
            out.extend_from_slice(text.as_bytes());
        }
    }
}

/// Reads what the functions above wrote. Every read is bounds-checked: the bytes may come from anywhere.
#[derive(Clone)]
pub(crate) struct Cursor<'a> {
    bytes: &'a [u8],
    section: &'static str,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(bytes: &'a [u8], section: &'static str) -> Self {
        Self { bytes, section }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    fn cut(&self) -> CatalogueError {
        CatalogueError::corrupt(self.section, "an entry runs past its end")
    }

    #[inline]
    pub(crate) fn byte(&mut self) -> Result<u8, CatalogueError> {
        let (&first, rest) = self.bytes.split_first().ok_or_else(|| self.cut())?;
        self.bytes = rest;
        Ok(first)
    }

    #[inline]
    pub(crate) fn number(&mut self) -> Result<u64, CatalogueError> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(CatalogueError::corrupt(self.section, "a number is longer than 64 bits"))
    }

    #[inline]
    pub(crate) fn index(&mut self) -> Result<u32, CatalogueError> {
        u32::try_from(self.number()?)
            .map_err(|_| CatalogueError::corrupt(self.section, "an index is longer than 32 bits"))
    }

    pub(crate) fn take(&mut self, length: u64) -> Result<&'a [u8], CatalogueError> {
        let (head, rest) = usize::try_from(length)
            .ok()
            .and_then(|length| self.bytes.split_at_checked(length))
            .ok_or_else(|| self.cut())?;
        self.bytes = rest;
        Ok(head)
    }

    /// A count of entries that follow, each at least one byte long: a larger one is a lie and is refused before
    /// anything is reserved for it.
    pub(crate) fn count(&mut self) -> Result<usize, CatalogueError> {
        let count = self.number()?;
        match usize::try_from(count) {
            Ok(count) if count <= self.bytes.len() => Ok(count),
            _ => Err(self.cut()),
        }
    }

    fn utf8(&self, bytes: &'a [u8]) -> Result<&'a str, CatalogueError> {
        std::str::from_utf8(bytes).map_err(|_| CatalogueError::corrupt(self.section, "a text is not UTF-8"))
    }

    pub(crate) fn text(&mut self) -> Result<&'a str, CatalogueError> {
        let length = self.number()?;
        let bytes = self.take(length)?;
        self.utf8(bytes)
    }

    pub(crate) fn optional(&mut self) -> Result<Option<&'a str>, CatalogueError> {
        match self.number()? {
            0 => Ok(None),
            length => {
                let bytes = self.take(length - 1)?;
                self.utf8(bytes).map(Some)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trip_and_every_cut_is_an_error() {
        let mut bytes = Vec::new();
        put(&mut bytes, u64::MAX);
        put_text(&mut bytes, "共守");
        put_optional(&mut bytes, None);
        put_optional(&mut bytes, Some(""));
        let read = |bytes: &[u8]| -> Result<(), CatalogueError> {
            let mut cursor = Cursor::new(bytes, "test");
            assert_eq!(cursor.number()?, u64::MAX);
            assert_eq!(cursor.text()?, "共守");
            assert_eq!(cursor.optional()?, None);
            assert_eq!(cursor.optional()?, Some(""));
            Ok(())
        };
        read(&bytes).unwrap();
        for end in 0..bytes.len() {
            assert!(read(&bytes[..end]).is_err(), "cut at {end}");
        }
    }
}
