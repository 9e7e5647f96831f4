//! An edition as a file: YAML for exchange, a workbook for people. Both come back as they were written.

use super::{Edition, Item, book};
use crate::AppError;
use crate::diagram::Translate;
use serde::Deserialize;
use serde_saphyr::Spanned;
use tomomori_domain::Msg;
use tomomori_domain::edition::{EditionKind, check};
use tomomori_domain::import::Place;
use tomomori_sheet::workbook;

/// Bytes of a file that is read as an edition.
pub const MAX_FILE_BYTES: usize = 2 << 20;

/// Faults that are told at once; a file that is no edition at all would have thousands.
pub(super) const MAX_FAULTS: usize = 100;

/// Something a file cannot be taken with, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// File, sheet and cell, or line.
    pub place: Place,
    /// What is wrong.
    pub msg: Msg,
}

/// What a file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// The edition.
    pub edition: Edition,
    /// Where the edition as a whole stands in the file.
    pub place: Place,
    /// Where each item stands, in their order.
    pub places: Vec<Place>,
}

/// The edition as YAML, as the built-in ones are written.
///
/// # Errors
/// [`AppError::Internal`].
pub fn yaml(edition: &Edition) -> Result<String, AppError> {
    serde_saphyr::to_string(edition).map_err(AppError::internal)
}

/// Reads a file, whichever of the two forms it has. Nothing is looked up: what the edition points to is [`verified`] later.
///
/// # Errors
/// Every fault found, each with its place.
pub fn read(name: &str, bytes: &[u8]) -> Result<Read, Vec<Fault>> {
    let whole = |msg: Msg| Fault { place: Place { file: name.into(), ..Place::default() }, msg };
    if bytes.len() > MAX_FILE_BYTES {
        return Err(vec![whole(Msg::new("edition-file-too-large").arg("megabytes", MAX_FILE_BYTES >> 20))]);
    }
    if workbook::looks_like(bytes) {
        return book::read(name, bytes);
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        vec![Fault { place: at_line(name, line as u64), msg: Msg::new("edition-file-not-utf8") }]
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let file: YamlFile = serde_saphyr::from_str(text).map_err(|error| {
        let line = error.location().map_or(1, |at| at.line());
        let detail = error.without_snippet().to_string().lines().next().unwrap_or_default().to_owned();
        vec![Fault { place: at_line(name, line), msg: Msg::new("edition-file-unreadable").arg("detail", detail) }]
    })?;
    let places = file.items.iter().map(|item| at_line(name, item.referenced.line())).collect();
    let items = file.items.into_iter().map(|item| item.value).collect();
    let YamlFile { key, kind, title, title_en, published, replaces, note, official, .. } = file;
    let edition = Edition { key, kind, title, title_en, published, replaces, note, official, items };
    Ok(Read { edition, place: at_line(name, 1), places })
}

/// [`Edition`], with the line of each item.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct YamlFile {
    key: String,
    kind: EditionKind,
    title: String,
    title_en: String,
    published: String,
    replaces: Option<String>,
    note: Option<String>,
    #[serde(default)]
    official: bool,
    items: Vec<Spanned<Item>>,
}

fn at_line(name: &str, line: u64) -> Place {
    Place { file: name.into(), line: u32::try_from(line).ok(), ..Place::default() }
}

/// Whether the edition may be kept beside `known` ones.
///
/// # Errors
/// Every fault found, each with the place of its item.
pub fn verified(read: Read, known: &[&Edition]) -> Result<Edition, Vec<Fault>> {
    let place = |item: Option<usize>| item.and_then(|at| read.places.get(at)).unwrap_or(&read.place).clone();
    let problems = check(&read.edition, known);
    let faults: Vec<Fault> = problems
        .into_iter()
        .take(MAX_FAULTS)
        .map(|problem| Fault { place: place(problem.item), msg: problem.msg })
        .collect();
    if faults.is_empty() { Ok(read.edition) } else { Err(faults) }
}

/// The edition as a workbook, headed in the reader's language and by names that come back in any.
///
/// # Errors
/// [`AppError::Invalid`] where a cell passes what Excel holds.
pub fn xlsx(edition: &Edition, made: jiff::Timestamp, tr: Translate<'_>) -> Result<Vec<u8>, AppError> {
    book::write(edition, made, tr)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editions::{ItemScope, Known, Lead, Sheet, built_in};
    use jiff::Timestamp;
    use std::collections::BTreeMap;
    use tomomori_i18n::{Lang, tr};

    fn through_yaml(edition: &Edition) -> Edition {
        read("項目.yaml", yaml(edition).unwrap().as_bytes()).unwrap().edition
    }

    fn through_xlsx(edition: &Edition, lang: Lang) -> Edition {
        let bytes = xlsx(edition, Timestamp::UNIX_EPOCH, &|msg| tr(lang, msg)).unwrap();
        read("項目.xlsx", &bytes).unwrap().edition
    }

    #[test]
    fn every_edition_comes_back_as_it_went() {
        for edition in built_in() {
            assert_eq!(through_yaml(edition), *edition);
            assert_eq!(through_xlsx(edition, Lang::Ja), *edition);
            assert_eq!(through_xlsx(edition, Lang::En), *edition);
        }
    }

    /// Texts that a careless writer or reader would change.
    const HARD: [&str; 14] = [
        "はい",
        "yes",
        "null",
        "~",
        "=1+1",
        "'a",
        "1,234",
        "0012",
        "# no comment",
        "a: b",
        "[1, 2]",
        "- x",
        "2-⑥",
        "12:30",
    ];

    #[test]
    fn hard_texts_come_back() {
        let text = |at: usize| HARD[at % HARD.len()].to_owned();
        let items = (0..HARD.len()).map(|at| Item {
            key: format!("A{at}"),
            number: text(at),
            group: text(at + 1),
            known: Known::Full,
            title: Some(text(at + 2)),
            title_en: (at % 2 == 0).then(|| text(at + 3)),
            text: Some(format!("{}\n{}\n  {}", text(at), text(at + 1), text(at + 2))),
            text_en: Some(text(at + 4)),
            response: Some(text(at + 5)),
            risk: Some(text(at + 6)),
            lead: Lead::ALL[at % 3],
            scope: ItemScope::ALL[at % 2],
            sheets: Sheet::ALL[..at % 3].to_vec(),
            challenges: [3, 1][..at % 3].to_vec(),
            refs: vec![text(at), text(at + 7)],
            maps: BTreeMap::from([("checklist-r7".to_owned(), vec!["2-⑥".to_owned(), "2-②".to_owned()])]),
            inferred: vec!["text".to_owned(), "maps".to_owned()],
            source: Some(text(at + 8)),
        });
        let edition = Edition {
            note: Some("要原文確認\n2行目: # 印".to_owned()),
            replaces: Some("checklist-r7".to_owned()),
            official: true,
            published: "2024-06".to_owned(),
            key: "r8".to_owned(),
            items: items.collect(),
            ..built_in()[2].clone()
        };
        assert_eq!(through_yaml(&edition), edition);
        assert_eq!(through_xlsx(&edition, Lang::Ja), edition);
    }

    #[test]
    fn what_cannot_be_read_is_named_with_its_place() {
        let good = yaml(&built_in()[2]).unwrap();
        let line = |part: &str| good.lines().position(|line| line.contains(part)).unwrap() + 1;
        for (spoilt, want, key) in [
            (good.replace("kind: checklist", "kind: list"), line("kind:"), "edition-file-unreadable"),
            (good.replace("number: 2-⑥", "nummer: 2-⑥"), line("number: 2-⑥"), "edition-file-unreadable"),
            ("key: [".to_owned(), 1, "edition-file-unreadable"),
        ] {
            let faults = read("a.yaml", spoilt.as_bytes()).unwrap_err();
            assert_eq!((faults[0].place.line, faults[0].msg.key.as_str()), (Some(want as u32), key), "{faults:?}");
        }
        let faults = read("a.yaml", b"key: a\n\xff").unwrap_err();
        assert_eq!((faults[0].place.line, faults[0].msg.key.as_str()), (Some(2), "edition-file-not-utf8"));
        assert_eq!(read("a.yaml", &vec![b'a'; MAX_FILE_BYTES + 1]).unwrap_err()[0].msg.key, "edition-file-too-large");

        let twice = good.replace("key: 2-⑥", "key: 2-⑦");
        let known: Vec<&Edition> = built_in().iter().collect();
        let faults = verified(read("a.yaml", twice.as_bytes()).unwrap(), &known).unwrap_err();
        let place = faults.iter().find(|fault| fault.msg.key == "edition-item-twice").unwrap().place.to_string();
        assert_eq!(
            place,
            format!(
                "a.yaml:{}",
                twice.match_indices("key: 2-⑦").nth(1).map(|(at, _)| twice[..at].lines().count()).unwrap()
            )
        );
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_refused_or_read(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..400)) {
            if let Ok(read) = read("a", &bytes) {
                proptest::prop_assert_eq!(read.places.len(), read.edition.items.len());
            }
        }
    }
}
