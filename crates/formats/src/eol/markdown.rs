//! The YAML between the `---` lines at the start of a product's Markdown file.

use crate::feed::Problem;
use serde_json::Value;

/// The front matter. Nesting, anchors and repeated references are bounded by the YAML reader.
///
/// # Errors
/// [`Problem`] when there is none, it does not end, or it is no YAML.
pub(super) fn front_matter(text: &str) -> Result<Value, Problem> {
    let mut byte = 0;
    let (mut start, mut end) = (None, None);
    for line in text.split_inclusive('\n') {
        let content = line.trim_end();
        match start {
            None if content == "---" => start = Some(byte + line.len()),
            None if content.is_empty() => {}
            None => break,
            Some(_) if content == "---" => {
                end = Some(byte);
                break;
            }
            Some(_) => {}
        }
        byte += line.len();
    }
    let Some(start) = start else {
        let found = "a text without front matter".to_owned();
        return Err(Problem::WrongFormat { expected: "a product record of endoflife.date", found });
    };
    let Some(yaml) = end.and_then(|end| text.get(start..end)) else {
        return Err(Problem::Truncated { byte: text.len() as u64 });
    };
    serde_saphyr::from_str(yaml).map_err(|error| {
        let inside = error.location().map_or(0, |at| line_start(yaml, at.line()));
        let detail = error.to_string().lines().next().unwrap_or_default().to_owned();
        Problem::Broken { byte: (start + inside) as u64, detail }
    })
}

/// Byte at which a line (from 1) starts.
fn line_start(text: &str, line: u64) -> usize {
    let before = usize::try_from(line.saturating_sub(1)).unwrap_or(usize::MAX);
    text.split_inclusive('\n').take(before).map(str::len).sum()
}
