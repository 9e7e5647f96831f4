//! The clipboard's text form of cells, as Excel, LibreOffice and browsers write it: columns parted by tabs, rows by line
//! breaks. A cell that holds either stands in quotation marks, with its own marks doubled.

use tomomori_domain::Msg;

/// Most text of one paste, in bytes.
pub const PASTE_BYTES: usize = 4 << 20;
/// Most cells of one paste.
pub const PASTE_CELLS: usize = 100_000;

/// The paste is larger than [`PASTE_BYTES`] or [`PASTE_CELLS`]; nothing of it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("more than {PASTE_CELLS} cells or {PASTE_BYTES} bytes pasted")]
pub struct PasteError;

impl PasteError {
    /// For people, with the remedy.
    #[must_use]
    pub fn msg(self) -> Msg {
        Msg::new("sheet-paste-too-much").arg("cells", PASTE_CELLS).arg("megabytes", PASTE_BYTES >> 20)
    }
}

/// Rows of cells. Programs differ in when they use quotation marks, so a mark that does not stand around a whole cell is
/// part of the text (`5" monitor`). The line break at the very end closes the last row and begins none.
///
/// # Errors
/// [`PasteError`] beyond the limits.
pub fn paste(text: &str) -> Result<Vec<Vec<String>>, PasteError> {
    if text.len() > PASTE_BYTES {
        return Err(PasteError);
    }
    let mut rows = Vec::new();
    let mut row = Vec::new();
    let mut cells = 0;
    let mut rest = text;
    while !rest.is_empty() || !row.is_empty() {
        cells += 1;
        if cells > PASTE_CELLS {
            return Err(PasteError);
        }
        let (cell, after) = quoted(rest).unwrap_or_else(|| {
            let end = rest.find(['\t', '\n', '\r']).unwrap_or(rest.len());
            (rest[..end].to_owned(), &rest[end..])
        });
        row.push(cell);
        if let Some(next) = after.strip_prefix('\t') {
            rest = next;
            continue;
        }
        rest = after.strip_prefix("\r\n").or_else(|| after.strip_prefix(['\n', '\r'])).unwrap_or(after);
        rows.push(std::mem::take(&mut row));
    }
    Ok(rows)
}

/// A cell in quotation marks and what follows it; `None` where the marks do not stand around the whole cell.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut rest = text.strip_prefix('"')?;
    let mut cell = String::new();
    loop {
        let (part, after) = rest.split_once('"')?;
        cell.push_str(part);
        match after.strip_prefix('"') {
            Some(next) => {
                cell.push('"');
                rest = next;
            }
            None if after.is_empty() || after.starts_with(['\t', '\n', '\r']) => return Some((cell, after)),
            None => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rows(text: &str) -> Vec<Vec<String>> {
        paste(text).unwrap()
    }

    #[test]
    fn what_programs_put_on_the_clipboard() {
        for (text, want) in [
            ("", vec![]),
            ("a", vec![vec!["a"]]),
            ("a\tb\r\nc\td\r\n", vec![vec!["a", "b"], vec!["c", "d"]]),
            ("a\t\r\n\t\r\n", vec![vec!["a", ""], vec!["", ""]]),
            ("\r\n", vec![vec![""]]),
            ("a\n\nb\n", vec![vec!["a"], vec![""], vec!["b"]]),
            ("a\t", vec![vec!["a", ""]]),
            ("\"1行目\n2行目\"\tb\r\n", vec![vec!["1行目\n2行目", "b"]]),
            ("\"He said \"\"hi\"\"\"\tb", vec![vec!["He said \"hi\"", "b"]]),
            ("5\" monitor\tb", vec![vec!["5\" monitor", "b"]]),
            ("\"open\tb\r\nc\r\n", vec![vec!["\"open", "b"], vec!["c"]]),
            ("\"a\" b\tc", vec![vec!["\"a\" b", "c"]]),
            ("00123\t=1+1\t-", vec![vec!["00123", "=1+1", "-"]]),
        ] {
            assert_eq!(rows(text), want, "{text:?}");
        }
    }

    #[test]
    fn limits_hold() {
        assert_eq!(paste(&"\t".repeat(PASTE_CELLS)), Err(PasteError));
        assert!(paste(&"\t".repeat(PASTE_CELLS - 1)).is_ok());
        assert_eq!(paste(&"a".repeat(PASTE_BYTES + 1)), Err(PasteError));
        assert!(paste(&"\"".repeat(PASTE_BYTES)).is_ok());
        assert!(paste(&"\"a\t".repeat(PASTE_CELLS - 1)).is_ok());
    }

    /// As Excel writes it.
    fn print(rows: &[Vec<String>]) -> String {
        let cell = |text: &String| match text.contains(['\t', '\n', '\r', '"']) {
            true => format!("\"{}\"", text.replace('"', "\"\"")),
            false => text.clone(),
        };
        rows.iter().map(|row| row.iter().map(cell).collect::<Vec<_>>().join("\t") + "\r\n").collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_was_printed_is_read(rows in prop::collection::vec(prop::collection::vec("[\"\t\r\n a機=-]{0,5}|\\PC{0,6}", 1..5), 0..6)) {
            prop_assert_eq!(paste(&print(&rows)).unwrap(), rows);
        }

        #[test]
        fn any_text_is_read(text in "[\"\t\r\na]{0,40}|\\PC{0,40}") {
            let rows = paste(&text).unwrap();
            prop_assert!(rows.iter().all(|row| !row.is_empty()));
        }
    }
}
