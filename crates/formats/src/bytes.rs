//! A whole small file in memory: reading it under a limit, finding its text encoding, reading it as JSON.
//!
//! Advisories, SBOMs, scans and lists are documents, not feeds: they fit in memory, and what a person needs to hear
//! about them ("line 17 is broken") needs the whole.

use crate::feed::Problem;
use encoding_rs::{Encoding, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;
use std::io::Read;

/// Reads everything, at most `limit` bytes.
///
/// # Errors
/// [`Problem::Limit`] beyond the limit, [`Problem::Empty`] for nothing, and what the medium or the packing says.
pub fn read_whole(input: &mut dyn Read, what: &'static str, limit: u64) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    input.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(Problem::Limit { what, limit });
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Problem::Empty);
    }
    Ok(bytes)
}

/// Text encodings that files of hospitals come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextEncoding {
    /// UTF-8 with a byte order mark (Excel's "CSV UTF-8").
    Utf8Bom,
    /// UTF-8.
    Utf8,
    /// UTF-16 with a byte order mark (Excel's "Unicode text", `>` of PowerShell 5).
    Utf16,
    /// CP932, Shift_JIS of Windows (Excel's "CSV").
    Cp932,
}

/// Finds the encoding in the order that is right for Japanese files: byte order mark, then UTF-8, then CP932. UTF-8
/// goes first because Japanese text in CP932 is practically never valid UTF-8. `None` = not text in any of them.
#[must_use]
pub fn decode(bytes: &[u8]) -> Option<(Cow<'_, str>, TextEncoding)> {
    let strict = |encoding: &'static Encoding, rest| encoding.decode_without_bom_handling_and_without_replacement(rest);
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        let name =
            if encoding == UTF_16LE || encoding == UTF_16BE { TextEncoding::Utf16 } else { TextEncoding::Utf8Bom };
        return Some((strict(encoding, &bytes[length..])?, name));
    }
    if let Some(text) = strict(UTF_8, bytes) {
        return Some((text, TextEncoding::Utf8));
    }
    Some((strict(SHIFT_JIS, bytes)?, TextEncoding::Cp932))
}

/// The whole content as text.
///
/// # Errors
/// [`Problem`] when it is over the limit (bytes), empty, in no known encoding, or has NUL bytes.
pub(crate) fn text(content: &[u8], limit: u64) -> Result<Cow<'_, str>, Problem> {
    if content.len() as u64 > limit {
        return Err(Problem::Limit { what: "bytes of a text", limit });
    }
    if content.iter().all(u8::is_ascii_whitespace) {
        return Err(Problem::Empty);
    }
    let broken = |byte: usize, detail: &str| Problem::Broken { byte: byte as u64, detail: detail.to_owned() };
    let (text, _) = decode(content).ok_or_else(|| broken(0, "neither UTF-8 nor CP932"))?;
    match text.find('\0') {
        Some(byte) => Err(broken(byte, "NUL byte")),
        None => Ok(text),
    }
}

/// Reads JSON of any supported encoding. Nesting beyond 128 levels is refused (by `serde_json`).
///
/// # Errors
/// [`Problem::Truncated`] when the document ends early, else [`Problem::Broken`] with the byte, counted in the text
/// as UTF-8.
pub fn json<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let (text, _) = decode(bytes).ok_or_else(|| Problem::Broken { byte: 0, detail: "not text".into() })?;
    serde_json::from_str(&text).map_err(|error| {
        if error.is_eof() {
            return Problem::Truncated { byte: text.len() as u64 };
        }
        let before: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
        Problem::Broken { byte: (before + error.column().saturating_sub(1)) as u64, detail: error.to_string() }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_encoding() {
        let (utf16, _, _) = UTF_8.encode("a");
        assert_eq!(utf16.len(), 1);
        let cp932 = SHIFT_JIS.encode("端末①").0;
        for (bytes, text, encoding) in [
            (b"\xef\xbb\xbfabc".as_slice(), "abc", TextEncoding::Utf8Bom),
            ("端末".as_bytes(), "端末", TextEncoding::Utf8),
            (b"\xff\xfe\xefz".as_slice(), "竏", TextEncoding::Utf16),
            (&cp932, "端末①", TextEncoding::Cp932),
        ] {
            let (got, found) = decode(bytes).unwrap();
            if encoding != TextEncoding::Utf16 {
                assert_eq!(got, text);
            }
            assert_eq!(found, encoding);
        }
        assert!(decode(b"\x80\xff\xfd").is_none());
    }
}
