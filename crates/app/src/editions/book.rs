//! An edition as a workbook: a sheet of items, a row each, and a sheet about the edition.
//!
//! Headers and words of a list end with their name in the program (`題名 (title)`), so that a workbook comes back whatever
//! language it was written in.

use super::files::{Fault, MAX_FAULTS, Read};
use super::{Edition, EditionKind, Item, ItemScope, Known, Lead, Sheet};
use crate::AppError;
use crate::diagram::Translate;
use crate::export::label;
use std::collections::{BTreeMap, HashMap};
use tomomori_domain::Msg;
use tomomori_domain::import::{Place, Severity};
use tomomori_sheet::export::{Choices, SheetOut, WriteError, write_with_choices};
use tomomori_sheet::{Limits, Sheet as Tab};

/// Far above any edition, far below what hurts.
const LIMITS: Limits = Limits {
    file_bytes: super::files::MAX_FILE_BYTES as u64,
    part_bytes: 32 << 20,
    inflated_bytes: 64 << 20,
    sheets: 20,
    shared_strings: 100_000,
    cells: 100_000,
    text_bytes: 16 << 20,
    columns: 200,
    rows: 5_000,
};

fn columns() -> [(&'static str, Msg); 18] {
    [
        ("key", Msg::new("edition-column-key")),
        ("number", Msg::new("edition-column-number")),
        ("group", Msg::new("edition-column-group")),
        ("known", Msg::new("edition-column-known")),
        ("title", Msg::new("edition-column-title")),
        ("title_en", Msg::new("edition-column-title-en")),
        ("text", Msg::new("edition-column-text")),
        ("text_en", Msg::new("edition-column-text-en")),
        ("response", Msg::new("edition-column-response")),
        ("risk", Msg::new("edition-column-risk")),
        ("lead", Msg::new("edition-column-lead")),
        ("scope", Msg::new("edition-column-scope")),
        ("sheets", Msg::new("edition-column-sheets")),
        ("challenges", Msg::new("edition-column-challenges")),
        ("refs", Msg::new("edition-column-refs")),
        ("maps", Msg::new("edition-column-maps")),
        ("inferred", Msg::new("edition-column-inferred")),
        ("source", Msg::new("edition-column-source")),
    ]
}

fn facts() -> [(&'static str, Msg); 8] {
    [
        ("key", Msg::new("edition-column-key")),
        ("kind", Msg::new("edition-column-kind")),
        ("title", Msg::new("edition-column-title")),
        ("title_en", Msg::new("edition-column-title-en")),
        ("published", Msg::new("edition-column-published")),
        ("replaces", Msg::new("edition-column-replaces")),
        ("note", Msg::new("edition-column-note")),
        ("official", Msg::new("edition-column-official")),
    ]
}

fn named(text: &str, name: &str) -> String {
    format!("{text} ({name})")
}

/// The name at the end of `題名 (title)`, or a bare one.
fn name_of(text: &str) -> &str {
    let text = text.trim();
    let inside = text.strip_suffix([')', '）']).and_then(|rest| rest.rsplit_once(['(', '（']));
    inside.map_or(text, |(_, name)| name.trim())
}

/// Words of the lists to choose from.
struct Words<'a>(Translate<'a>);

impl Words<'_> {
    fn of(&self, prefix: &str, key: &str) -> String {
        named(&(self.0)(&label(prefix, key)), key)
    }

    fn yes(&self, yes: bool) -> String {
        if yes {
            named(&(self.0)(&Msg::new("value-yes")), "yes")
        } else {
            named(&(self.0)(&Msg::new("value-no")), "no")
        }
    }
}

pub(super) fn write(edition: &Edition, made: jiff::Timestamp, tr: Translate<'_>) -> Result<Vec<u8>, AppError> {
    let words = Words(tr);
    let head = |names: &[(&str, Msg)]| names.iter().map(|(name, msg)| named(&tr(msg), name)).collect::<Vec<_>>();
    let row = |item: &Item| {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let maps = item.maps.iter().flat_map(|(key, items)| items.iter().map(move |item| format!("{key}: {item}")));
        let sheets = item.sheets.iter().map(|sheet| words.of("sheet", sheet.key()));
        vec![
            item.key.clone(),
            item.number.clone(),
            item.group.clone(),
            words.of("known", item.known.key()),
            text(&item.title),
            text(&item.title_en),
            text(&item.text),
            text(&item.text_en),
            text(&item.response),
            text(&item.risk),
            words.of("lead", item.lead.key()),
            words.of("item-scope", item.scope.key()),
            sheets.collect::<Vec<_>>().join("\n"),
            item.challenges.iter().map(u8::to_string).collect::<Vec<_>>().join("\n"),
            item.refs.join("\n"),
            maps.collect::<Vec<_>>().join("\n"),
            item.inferred.join("\n"),
            text(&item.source),
        ]
    };
    let values = [
        edition.key.clone(),
        words.of("edition-kind", edition.kind.key()),
        edition.title.clone(),
        edition.title_en.clone(),
        edition.published.clone(),
        edition.replaces.clone().unwrap_or_default(),
        edition.note.clone().unwrap_or_default(),
        words.yes(edition.official),
    ];
    let items = SheetOut {
        name: tr(&Msg::new("edition-tab-items")),
        header: head(&columns()),
        rows: edition.items.iter().map(row).collect(),
    };
    let about = SheetOut {
        name: tr(&Msg::new("edition-tab-about")),
        header: vec![tr(&Msg::new("edition-fact")), tr(&Msg::new("edition-value"))],
        rows: head(&facts()).into_iter().zip(values).map(|(name, value)| vec![name, value]).collect(),
    };
    let choices = |column: usize, words: Vec<String>| Choices { sheet: 0, column, words };
    let choices = [
        choices(3, Known::ALL.iter().map(|one| words.of("known", one.key())).collect()),
        choices(10, Lead::ALL.iter().map(|one| words.of("lead", one.key())).collect()),
        choices(11, ItemScope::ALL.iter().map(|one| words.of("item-scope", one.key())).collect()),
    ];
    write_with_choices(&[items, about], &choices, made)
        .map_err(|WriteError::Excel(error)| AppError::Invalid(Msg::new("export-not-possible").arg("detail", error)))
}

pub(super) fn read(file: &str, bytes: &[u8]) -> Result<Read, Vec<Fault>> {
    let mut reader = Reader { file, faults: Vec::new() };
    let tabs = match tomomori_sheet::read(bytes, file, &LIMITS) {
        Ok(tabs) => tabs,
        Err(error) => {
            let problem = error.problem(file);
            return Err(vec![Fault { place: problem.place, msg: problem.msg }]);
        }
    };
    for problem in tabs.iter().flat_map(|tab| &tab.problems).filter(|problem| problem.severity == Severity::Error) {
        reader.faults.push(Fault { place: problem.place.clone(), msg: problem.msg.clone() });
    }
    let (mut items, mut about) = (None, None);
    for tab in tabs.iter().filter(|tab| !tab.cells.is_empty()) {
        let first = tab.rows().next().unwrap_or_default();
        if items.is_none() && first.iter().any(|cell| name_of(&cell.text) == "number") {
            items = Some(tab);
        } else if about.is_none() && tab.cells.iter().any(|cell| cell.column == 0 && name_of(&cell.text) == "kind") {
            about = Some(tab);
        } else {
            reader.fault(tab, first[0].row, 0, Msg::new("edition-file-tab"));
        }
    }
    let whole = Place { file: file.into(), ..Place::default() };
    let (Some(items), Some(about)) = (items, about) else {
        reader.faults.push(Fault { place: whole, msg: Msg::new("edition-file-tabs") });
        return Err(reader.faults);
    };
    let place = Place { sheet: about.name.clone(), ..whole };
    let head = reader.about(about);
    let (items, places): (Vec<Item>, Vec<Place>) = reader.items(items).into_iter().unzip();
    reader.faults.truncate(MAX_FAULTS);
    match head {
        Some(head) if reader.faults.is_empty() => Ok(Read { edition: Edition { items, ..head }, place, places }),
        _ => Err(reader.faults),
    }
}

struct Reader<'a> {
    file: &'a str,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    fn fault(&mut self, tab: &Tab, row: u32, column: u32, msg: Msg) {
        self.faults.push(Fault { place: tab.place(&self.file.into(), row, column), msg });
    }

    /// The sheet about the edition; `None` when a fault was found in it.
    fn about(&mut self, tab: &Tab) -> Option<Edition> {
        let before = self.faults.len();
        let mut values: HashMap<&str, (u32, &str)> = HashMap::new();
        for row in tab.rows().skip(1) {
            let text = |column: u32| row.iter().find(|cell| cell.column == column).map_or("", |cell| cell.text.trim());
            let number = row[0].row;
            let name = facts().into_iter().map(|(name, _)| name).find(|name| *name == name_of(text(0)));
            match name {
                Some(name) if !values.contains_key(name) => _ = values.insert(name, (number, text(1))),
                _ => self.fault(tab, number, 0, Msg::new("edition-file-fact").arg("text", text(0))),
            }
        }
        let get = |name: &str| values.get(name).map_or("", |(_, text)| *text);
        let some = |name: &str| Some(get(name)).filter(|text| !text.is_empty()).map(str::to_owned);
        let kind = EditionKind::from_key(name_of(get("kind")));
        let official = match name_of(get("official")) {
            "" | "no" => Some(false),
            "yes" => Some(true),
            _ => None,
        };
        for (name, bad) in [("kind", kind.is_none()), ("official", official.is_none())] {
            if bad {
                let (row, text) = values.get(name).copied().unwrap_or((1, ""));
                self.fault(tab, row, 1, Msg::new("edition-file-word").arg("text", text));
            }
        }
        (self.faults.len() == before).then_some(())?;
        Some(Edition {
            key: get("key").to_owned(),
            kind: kind?,
            title: get("title").to_owned(),
            title_en: get("title_en").to_owned(),
            published: get("published").to_owned(),
            replaces: some("replaces"),
            note: some("note"),
            official: official?,
            items: Vec::new(),
        })
    }

    fn items(&mut self, tab: &Tab) -> Vec<(Item, Place)> {
        let Some(header) = tab.rows().next() else { return Vec::new() };
        let mut at: BTreeMap<&'static str, u32> = BTreeMap::new();
        for cell in header.iter().filter(|cell| !cell.text.trim().is_empty()) {
            let name = columns().into_iter().map(|(name, _)| name).find(|name| *name == name_of(&cell.text));
            match name {
                Some(name) if !at.contains_key(name) => _ = at.insert(name, cell.column),
                _ => self.fault(tab, cell.row, cell.column, Msg::new("edition-file-column").arg("text", &cell.text)),
            }
        }
        for name in ["key", "number", "group", "known", "lead", "scope"].iter().filter(|name| !at.contains_key(**name))
        {
            self.fault(tab, header[0].row, 0, Msg::new("edition-file-no-column").arg("what", name));
        }
        let mut items = Vec::new();
        for row in tab.rows().skip(1).filter(|row| row.iter().any(|cell| !cell.text.trim().is_empty())) {
            let number = row[0].row;
            let mut line = Line { reader: self, tab, row: number, at: &at };
            let item = line.item();
            items.push((item, tab.place(&self.file.into(), number, 0)));
            for cell in row.iter().filter(|cell| !cell.text.trim().is_empty()) {
                if !at.values().any(|column| *column == cell.column)
                    && !header.iter().any(|head| head.column == cell.column)
                {
                    self.fault(tab, number, cell.column, Msg::new("edition-file-stray").arg("text", &cell.text));
                }
            }
        }
        items
    }
}

/// One row of the items.
struct Line<'a, 'b> {
    reader: &'a mut Reader<'b>,
    tab: &'a Tab,
    row: u32,
    at: &'a BTreeMap<&'static str, u32>,
}

impl<'a> Line<'a, '_> {
    fn text(&self, name: &str) -> &'a str {
        let cell = self.at.get(name).and_then(|column| self.tab.cell(self.row, *column));
        cell.map_or("", |cell| cell.text.trim())
    }

    fn some(&self, name: &str) -> Option<String> {
        Some(self.text(name)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    fn lines(&self, name: &str) -> Vec<&'a str> {
        self.text(name).lines().map(str::trim).filter(|line| !line.is_empty()).collect()
    }

    fn bad(&mut self, name: &str, text: &str) {
        let column = self.at.get(name).copied().unwrap_or_default();
        self.reader.fault(self.tab, self.row, column, Msg::new("edition-file-word").arg("text", text));
    }

    fn word<T: Copy>(&mut self, name: &str, from_key: fn(&str) -> Option<T>, otherwise: T) -> T {
        let text = self.text(name);
        from_key(name_of(text)).unwrap_or_else(|| {
            self.bad(name, text);
            otherwise
        })
    }

    fn item(&mut self) -> Item {
        let known = self.word("known", Known::from_key, Known::Missing);
        let lead = self.word("lead", Lead::from_key, Lead::Both);
        let scope = self.word("scope", ItemScope::from_key, ItemScope::System);
        let (mut sheets, mut challenges) = (Vec::new(), Vec::new());
        let mut maps: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for text in self.lines("sheets") {
            match Sheet::from_key(name_of(text)) {
                Some(sheet) => sheets.push(sheet),
                None => self.bad("sheets", text),
            }
        }
        for text in self.lines("challenges") {
            match text.parse() {
                Ok(number) => challenges.push(number),
                Err(_) => self.bad("challenges", text),
            }
        }
        for text in self.lines("maps") {
            match text.split_once(':') {
                Some((key, item)) => maps.entry(key.trim().to_owned()).or_default().push(item.trim().to_owned()),
                None => self.bad("maps", text),
            }
        }
        let owned = |lines: Vec<&str>| lines.into_iter().map(str::to_owned).collect();
        Item {
            key: self.text("key").to_owned(),
            number: self.text("number").to_owned(),
            group: self.text("group").to_owned(),
            known,
            title: self.some("title"),
            title_en: self.some("title_en"),
            text: self.some("text"),
            text_en: self.some("text_en"),
            response: self.some("response"),
            risk: self.some("risk"),
            lead,
            scope,
            sheets,
            challenges,
            refs: owned(self.lines("refs")),
            maps,
            inferred: owned(self.lines("inferred")),
            source: self.some("source"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editions::built_in;
    use tomomori_i18n::{Lang, tr};
    use tomomori_sheet::export::write_xlsx;

    /// A workbook of the built-in checklist, changed before it is read again; faults as `place key`.
    fn faults(spoil: impl FnOnce(&mut Vec<SheetOut>)) -> Vec<String> {
        let bytes = write(&built_in()[2], jiff::Timestamp::UNIX_EPOCH, &|msg| tr(Lang::Ja, msg)).unwrap();
        let tabs = tomomori_sheet::read(&bytes, "a.xlsx", &LIMITS).unwrap();
        let grid = |tab: &Tab| {
            let mut rows = vec![vec![String::new(); 18]; 30];
            for cell in &tab.cells {
                rows[cell.row as usize - 1][cell.column as usize] = cell.text.to_string();
            }
            SheetOut { name: tab.name.as_deref().unwrap_or_default().to_owned(), header: rows.remove(0), rows }
        };
        let mut sheets: Vec<SheetOut> = tabs.iter().map(grid).collect();
        spoil(&mut sheets);
        let bytes = write_xlsx(&sheets, jiff::Timestamp::UNIX_EPOCH).unwrap();
        let faults = read("a.xlsx", &bytes).err().unwrap_or_default();
        faults.iter().map(|fault| format!("{} {}", fault.place, fault.msg.key)).collect()
    }

    #[test]
    fn every_fault_names_its_cell() {
        assert_eq!(faults(|_| {}), [] as [&str; 0]);
        assert_eq!(faults(|tabs| tabs[0].rows[2][3] = "知らない".into()), ["a.xlsx › 項目 › D4 edition-file-word"]);
        assert_eq!(
            faults(|tabs| tabs[0].rows[2][12] = "hospital\n薬局".into()),
            ["a.xlsx › 項目 › M4 edition-file-word"]
        );
        assert_eq!(faults(|tabs| tabs[0].rows[0][13] = "一".into()), ["a.xlsx › 項目 › N2 edition-file-word"]);
        assert_eq!(faults(|tabs| tabs[0].rows[0][15] = "2-①".into()), ["a.xlsx › 項目 › P2 edition-file-word"]);
        assert_eq!(faults(|tabs| tabs[0].header[17] = "備考".into()), ["a.xlsx › 項目 › R1 edition-file-column"]);
        assert_eq!(faults(|tabs| tabs[0].rows[5][17] = String::new()), [] as [&str; 0]);
        assert_eq!(faults(|tabs| tabs[0].rows[5].push("メモ".into())), ["a.xlsx › 項目 › S7 edition-file-stray"]);
        assert_eq!(faults(|tabs| tabs[1].rows[1][1] = "表".into()), ["a.xlsx › この版について › B3 edition-file-word"]);
        assert_eq!(
            faults(|tabs| tabs[1].rows[0][0] = "何か".into()),
            ["a.xlsx › この版について › A2 edition-file-fact"]
        );
        assert_eq!(faults(|tabs| _ = tabs.remove(1)), ["a.xlsx edition-file-tabs"]);
        assert_eq!(
            faults(|tabs| tabs.push(SheetOut { name: "控え".into(), header: vec!["x".into()], rows: vec![] })),
            ["a.xlsx › 控え › A1 edition-file-tab"]
        );
        let gone = faults(|tabs| tabs[0].header[2] = String::new());
        assert!(gone.contains(&"a.xlsx › 項目 › A1 edition-file-no-column".to_owned()), "{gone:?}");
    }
}
