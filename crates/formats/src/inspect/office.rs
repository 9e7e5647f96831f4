//! Zip files that may be workbooks, and the containers of old and of locked Office files.

use super::{Inspection, Kind, packed, problem_msg};
use crate::bytes;
use crate::container::{self, ContainerError, Limits};
use crate::feed::Problem;
use std::io::{Cursor, Read};
use tomomori_domain::Msg;

/// Largest zip or Office file, in bytes as it lies on the disk: a zip is read from its end.
const MAX_BYTES: u64 = 256 << 20;

/// What a workbook may cost: far above real ones, far below a bomb.
const WORKBOOK: Limits = Limits { entry_bytes: 512 << 20, total_bytes: 1 << 30, entries: 10_000, ratio: 250 };

pub(super) fn zip(file: &str, input: &mut dyn Read) -> Inspection {
    let content = match bytes::read_whole(input, "bytes of a zip", MAX_BYTES) {
        Ok(content) => content,
        Err(problem) => return failed(Kind::Packed, file, &problem),
    };
    let Ok(archive) = zip::ZipArchive::new(Cursor::new(&content)) else {
        // Without its directory at the end it may have been anything; it was cut off.
        return failed(Kind::Packed, file, &Problem::Truncated { byte: content.len() as u64 });
    };
    let names: Vec<_> = archive.file_names().filter_map(Result::ok).collect();
    let has = |name: &str| names.iter().any(|known| known == name);
    let kind = if has("xl/workbook.xml") && has("xl/vbaProject.bin") {
        Kind::Xlsm
    } else if has("xl/workbook.xml") {
        Kind::Xlsx
    } else if has("[Content_Types].xml") || has("mimetype") && has("content.xml") {
        Kind::OtherOffice
    } else {
        return packed(file, &mut content.as_slice());
    };
    let sheets = names.iter().filter(|name| name.starts_with("xl/worksheets/") && name.ends_with(".xml")).count();
    workbook(kind, sheets, file, &content)
}

/// Reads every part to its end, which checks sizes and checksums.
fn workbook(kind: Kind, sheets: usize, file: &str, content: &[u8]) -> Inspection {
    let mut found = Inspection::of(kind);
    let result = container::unpack::<ContainerError>(file, &mut &*content, &WORKBOOK, &mut |name, part| {
        let fail = |error| ContainerError::Io { entry: name.to_owned(), error };
        let mut head = Vec::new();
        part.take(64 << 10).read_to_end(&mut head).map_err(fail)?;
        if name.ends_with("xl/sharedStrings.xml") {
            let head = String::from_utf8_lossy(&head);
            if head.contains("Manufacturer Disclosure Statement for Medical Device Security") || head.contains("MDS2") {
                found.kind = Kind::Mds2;
            }
        }
        std::io::copy(part, &mut std::io::sink()).map_err(fail)?;
        Ok(())
    });
    match result {
        Ok(()) => {}
        Err(ContainerError::Io { entry, error }) => {
            let problem = match Problem::from(error) {
                Problem::Io(error) => Problem::Container(ContainerError::Damaged { entry, detail: error.to_string() }),
                other => other,
            };
            found.error(file, problem_msg(&problem));
        }
        Err(error) => found.error(file, problem_msg(&Problem::Container(error))),
    }
    match found.kind {
        Kind::OtherOffice => found.error(file, Msg::new("inspect-other-office")),
        Kind::Xlsm => found.warning(file, Msg::new("inspect-macros")),
        _ => {}
    }
    if sheets > 0 {
        found.fact(Msg::new("inspect-fact-sheets"), &sheets);
    }
    found
}

/// Excel before 2007, or any Office file with a password: the same outer format. The locked one has a part named
/// `EncryptedPackage` ([MS-OFFCRYPTO] 2.3.4).
pub(super) fn compound(file: &str, input: &mut dyn Read) -> Inspection {
    let content = match bytes::read_whole(input, "bytes of an Office file", MAX_BYTES) {
        Ok(content) => content,
        Err(problem) => return failed(Kind::OldOffice, file, &problem),
    };
    let mark: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let locked = content.windows(mark.len()).any(|window| window == mark);
    let mut found = Inspection::of(if locked { Kind::LockedOffice } else { Kind::OldOffice });
    found.error(file, if locked { Msg::new("inspect-locked-office") } else { Msg::new("inspect-old-office") });
    found
}

fn failed(kind: Kind, file: &str, problem: &Problem) -> Inspection {
    let mut found = Inspection::of(kind);
    found.error(file, problem_msg(problem));
    found
}
