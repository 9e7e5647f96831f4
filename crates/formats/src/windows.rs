//! What Windows says of itself: `systeminfo` (list and `/fo csv`, Japanese and English) and lists of installed updates.

mod hotfix;
mod systeminfo;

use crate::bytes;
use crate::feed::{FormatError, Problem};
use tomomori_domain::import::{Place, Table};
use tomomori_domain::resource::ResourceKind;

/// Largest file read, in bytes. `systeminfo` of a thousand computers has about 4 MB.
pub const MAX_BYTES: u64 = 64 << 20;

/// Which kind of list it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WindowsKind {
    /// `systeminfo`, of one computer or several one after another.
    SystemInfo,
    /// `Get-HotFix` or `wmic qfe`, as text or CSV.
    HotFixes,
}

/// Finds the kind of a text, or of the beginning of one; `None` = neither.
#[must_use]
pub fn kind_of(text: &str) -> Option<WindowsKind> {
    if systeminfo::begins(text) {
        Some(WindowsKind::SystemInfo)
    } else {
        hotfix::begins(text).then_some(WindowsKind::HotFixes)
    }
}

/// Reads either: one row per computer, one [`tomomori_domain::import::Field::Kb`] per update. The operating system is
/// one value with its build (`Microsoft Windows 10 Pro 10.0.19045`). A list of updates that does not name its computer
/// gives a row without a name and says so.
///
/// # Errors
/// [`FormatError`] when it is empty, not text, over [`MAX_BYTES`], or neither of the two.
pub fn read(file: &str, content: &[u8]) -> Result<Table, FormatError> {
    let text = bytes::text(content, MAX_BYTES).map_err(|problem| FormatError::new(file, problem))?;
    match kind_of(&text) {
        Some(WindowsKind::SystemInfo) => Ok(systeminfo::read(&text, file)),
        Some(WindowsKind::HotFixes) => Ok(hotfix::read(&text, file)),
        None => Err(FormatError::new(
            file,
            Problem::WrongFormat {
                expected: "systeminfo or a list of updates",
                found: "neither of their headings".to_owned(),
            },
        )),
    }
}

/// Whether a Windows edition is one of a server.
pub(crate) fn resource_kind(os: &str) -> Option<ResourceKind> {
    let os = os.to_lowercase();
    if !os.contains("windows") {
        None
    } else if os.contains("server") {
        Some(ResourceKind::Server)
    } else {
        Some(ResourceKind::Client)
    }
}

fn at(file: &str, line: u32) -> Place {
    crate::rows::place(file, Some(line))
}

/// `KB5031356`, from a word that may have brackets or commas around it.
fn kb(word: &str) -> Option<String> {
    let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let digits = word.strip_prefix("KB").or_else(|| word.strip_prefix("kb"))?;
    ((6..=8).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| format!("KB{digits}"))
}
