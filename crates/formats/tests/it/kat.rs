//! Known answers: the big data folder named by `TOMOMORI_KNOWN_ANSWERS`.

#![expect(clippy::unwrap_used, reason = "helpers of tests, where a failure is the message")]

use std::borrow::Cow;
use std::io::Read;
use std::path::PathBuf;
use tomomori_formats::record::{Exploited, ProductStatement, Record, Score, Statement, Text};

/// A file of the folder; prints that `test` is skipped when there is none.
pub(crate) fn file(test: &str, path: &str) -> Option<PathBuf> {
    let full = std::env::var_os("TOMOMORI_KNOWN_ANSWERS").map(|folder| PathBuf::from(folder).join(path));
    let found = full.filter(|full| full.is_file());
    if found.is_none() {
        skipped(&format!("{test}: {path} is not in the folder TOMOMORI_KNOWN_ANSWERS names"));
    }
    found
}

/// All files of a `.tar.zst` of the folder.
pub(crate) fn archive(test: &str, path: &str) -> Option<Vec<(String, Vec<u8>)>> {
    let packed = std::fs::File::open(file(test, path)?).unwrap();
    let mut archive = tar::Archive::new(zstd::Decoder::new(packed).unwrap());
    let mut files = Vec::new();
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        if entry.header().entry_type().is_file() {
            let name = entry.path().unwrap().to_string_lossy().into_owned();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            files.push((name, bytes));
        }
    }
    assert!(!files.is_empty(), "{path} is empty");
    Some(files)
}

fn own(text: Cow<'_, str>) -> Cow<'static, str> {
    Cow::Owned(text.into_owned())
}

/// A copy that outlives the reader's window. Product statements only.
pub(crate) fn owned(record: Record<'_>) -> Record<'static> {
    Record {
        source: record.source,
        id: own(record.id),
        document: record.document.map(own),
        publisher: record.publisher.map(own),
        published: record.published.map(own),
        modified: record.modified.map(own),
        state: record.state,
        texts: record.texts.into_iter().map(|t| Text { lang: t.lang, kind: t.kind, text: own(t.text) }).collect(),
        scores: record
            .scores
            .into_iter()
            .map(|s| Score { vector: own(s.vector), base_tenths: s.base_tenths, by: s.by.map(own) })
            .collect(),
        links: record.links.into_iter().map(own).collect(),
        exploited: record.exploited.map(|e| Exploited {
            added: own(e.added),
            due: e.due.map(own),
            ransomware: e.ransomware,
            action: e.action.map(own),
        }),
        statements: record
            .statements
            .into_iter()
            .map(|s| match s {
                Statement::Product(p) => Statement::Product(ProductStatement {
                    status: p.status,
                    vendor: p.vendor.map(own),
                    product: own(p.product),
                    version: p.version.map(own),
                    cpe: p.cpe.map(own),
                    purl: p.purl.map(own),
                }),
                Statement::Configuration(_) => panic!("not expected here"),
            })
            .collect(),
    }
}

/// Says loudly that a test did not run. The test runner swallows what a passing test prints, so the line is also
/// appended to the file whose lines `cargo xtask test` prints at the end.
fn skipped(line: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "SKIPPED {line}");
    if let Some(path) = std::env::var_os("TOMOMORI_SKIPPED_FILE") {
        let file = std::fs::OpenOptions::new().create(true).append(true).open(path);
        file.and_then(|mut file| file.write_all(format!("{line}\n").as_bytes())).unwrap();
    }
}
