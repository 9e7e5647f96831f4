//! The question sheet as a workbook, and the answer out of it. What is odd is named with its cell: what makes the file as a
//! whole unusable refuses it, what concerns one row keeps that row back.

use super::fields::{Fields, FileAnswer};
use crate::diagram::Translate;
use crate::{AppError, Ctx};
use std::collections::{BTreeSet, HashMap};
use tomomori_domain::Msg;
use tomomori_domain::access::permission::ReadAgreements;
use tomomori_domain::confirmation::Duty;
use tomomori_domain::import::Place;
use tomomori_domain::inquiry::{AskedItem, Fault, Inquiry, MAX_TEXT};
use tomomori_domain::roles::JointTopic;
use tomomori_sheet::export::{Choices, SheetOut, WriteError, write_with_choices};
use tomomori_sheet::{Limits, Sheet};

/// Columns of the questions.
const DUTY: u32 = 6;
const CLAUSE: u32 = 7;
const NOTE: u32 = 8;
const AGREES: u32 = 9;
const KEY: u32 = 10;
/// Columns of the joints.
const PROPOSAL: u32 = 5;
const JOINT: u32 = 6;

pub(super) fn duty(duty: Duty) -> Msg {
    match duty {
        Duty::Does => Msg::new("duty-does"),
        Duty::Shares => Msg::new("duty-shares"),
        Duty::Helps => Msg::new("duty-helps"),
        Duty::Informed => Msg::new("duty-informed"),
        Duty::Not => Msg::new("duty-not"),
    }
}

fn topic(topic: JointTopic) -> Msg {
    match topic {
        JointTopic::Boundary => Msg::new("joint-boundary"),
        JointTopic::Changes => Msg::new("joint-changes"),
        JointTopic::Fixes => Msg::new("joint-fixes"),
        JointTopic::Faults => Msg::new("joint-faults"),
        JointTopic::Cut => Msg::new("joint-cut"),
    }
}

/// The sheet as a workbook: one row per item, one per topic of an opened joint, and who answers.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::Invalid`] where a cell passes what Excel holds.
pub async fn sheet(ctx: &Ctx, inquiry: &Inquiry, tr: Translate<'_>) -> Result<Vec<u8>, AppError> {
    ctx.actor.require::<ReadAgreements>()?;
    let (sheets, choices) = sheets(inquiry, tr);
    let now = ctx.now();
    tokio::task::spawn_blocking(move || write_with_choices(&sheets, &choices, now))
        .await
        .map_err(AppError::internal)?
        .map_err(|WriteError::Excel(error)| AppError::Invalid(Msg::new("export-not-possible").arg("detail", error)))
}

fn sheets(inquiry: &Inquiry, tr: Translate<'_>) -> (Vec<SheetOut>, Vec<Choices>) {
    let word = |said: Option<Duty>| said.map(|said| tr(&duty(said))).unwrap_or_default();
    let header = [
        Msg::new("inquiry-column-number"),
        Msg::new("inquiry-column-group"),
        Msg::new("inquiry-column-item"),
        Msg::new("inquiry-column-text"),
        Msg::new("inquiry-column-response"),
        Msg::new("inquiry-column-hospital"),
        Msg::new("inquiry-column-vendor"),
        Msg::new("inquiry-column-clause"),
        Msg::new("inquiry-column-note"),
        Msg::new("inquiry-column-agree"),
        Msg::new("advice-column-row"),
    ];
    let mut questions = SheetOut {
        name: tr(&Msg::new("inquiry-sheet-items")),
        header: header.iter().map(tr).collect(),
        rows: Vec::new(),
    };
    for item in &inquiry.items {
        questions.rows.push(vec![
            item.number.clone(),
            item.group.clone(),
            item.title.clone(),
            item.text.clone().unwrap_or_default(),
            item.response.clone().unwrap_or_default(),
            word(item.hospital),
            word(item.vendor.duty),
            item.vendor.clause.clone().unwrap_or_default(),
            item.vendor.note.clone().unwrap_or_default(),
            String::new(),
            item.key.clone(),
        ]);
    }
    let header = [
        Msg::new("inquiry-joint-line"),
        Msg::new("inquiry-joint-other"),
        Msg::new("inquiry-joint-topic"),
        Msg::new("inquiry-joint-theirs"),
        Msg::new("inquiry-joint-settled"),
        Msg::new("inquiry-joint-own"),
        Msg::new("advice-column-row"),
    ];
    let mut joints = SheetOut {
        name: tr(&Msg::new("inquiry-sheet-joints")),
        header: header.iter().map(tr).collect(),
        rows: Vec::new(),
    };
    for joint in &inquiry.joints {
        for one in &joint.topics {
            let text = |text: &Option<String>| text.clone().unwrap_or_default();
            joints.rows.push(vec![
                joint.name.clone(),
                joint.other.clone(),
                tr(&topic(one.topic)),
                text(&one.theirs),
                text(&one.settled),
                text(&one.own),
                format!("j-{}-{}", joint.line, one.topic.key()),
            ]);
        }
    }
    let who = |msg: Msg, text: &str| vec![tr(&msg), text.to_owned()];
    let about = SheetOut {
        name: tr(&Msg::new("advice-sheet-who")),
        header: vec![tr(&Msg::new("advice-who-question")), tr(&Msg::new("advice-who-answer"))],
        rows: vec![
            who(Msg::new("advice-by"), ""),
            who(Msg::new("advice-on"), ""),
            who(Msg::new("advice-remark-all"), ""),
            who(Msg::new("advice-code"), &inquiry.code),
        ],
    };
    let duties = Duty::ALL.iter().map(|said| tr(&duty(*said))).collect();
    let choices = vec![
        Choices { sheet: 0, column: DUTY as usize, words: duties },
        Choices { sheet: 0, column: AGREES as usize, words: vec![tr(&Msg::new("value-yes"))] },
    ];
    (vec![questions, joints, about], choices)
}

/// An answer as it came, with what is odd about its rows.
pub(super) struct Came {
    pub(super) answer: FileAnswer,
    pub(super) faults: Vec<Fault>,
    /// Cell of the day, for a refusal.
    pub(super) day: Option<Place>,
}

/// Reads an answer file: the workbook, in any of the languages, or what the offline form saved.
///
/// # Errors
/// [`AppError::Invalid`] when the file as a whole cannot be used; it names sheet and cell.
pub(super) fn read(name: &str, bytes: &[u8], inquiry: &Inquiry, langs: &[Translate<'_>]) -> Result<Came, AppError> {
    if !tomomori_sheet::workbook::looks_like(bytes) {
        let unreadable =
            |error: serde_json::Error| AppError::Invalid(Msg::new("advice-file-unreadable").arg("detail", error));
        let answer =
            serde_json::from_slice(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)).map_err(unreadable)?;
        return Ok(Came { answer, faults: Vec::new(), day: None });
    }
    let sheets = tomomori_sheet::read(bytes, name, &Limits::default())
        .map_err(|error| AppError::Invalid(error.problem(name).msg))?;
    let [questions, joints, about, ..] = sheets.as_slice() else {
        return Err(AppError::Invalid(Msg::new("inquiry-file-sheets")));
    };
    let mut book = Book { inquiry, langs, file: name, fields: Fields::new(), faults: Vec::new() };
    book.questions(questions);
    book.joints(joints);
    let value = |row: u32| about.cell(row, 1).map(|cell| cell.text.trim().to_owned()).unwrap_or_default();
    book.fields.insert("remark".to_owned(), value(4));
    let Book { fields, faults, .. } = book;
    let answer = FileAnswer { by: value(2), on: value(3), code: value(5), fields };
    Ok(Came { answer, faults, day: Some(about.place(&name.into(), 3, 1)) })
}

struct Book<'a> {
    inquiry: &'a Inquiry,
    langs: &'a [Translate<'a>],
    file: &'a str,
    fields: Fields,
    faults: Vec<Fault>,
}

impl Book<'_> {
    fn fault(&mut self, sheet: &Sheet, at: (u32, u32), msg: Msg, item: Option<&str>) {
        let place = sheet.place(&self.file.into(), at.0, at.1);
        self.faults.push(Fault { place, msg, item: item.map(str::to_owned) });
    }

    fn questions(&mut self, sheet: &Sheet) {
        let asked: HashMap<&str, (usize, &AskedItem)> =
            self.inquiry.items.iter().enumerate().map(|(at, item)| (item.key.as_str(), (at, item))).collect();
        let mut seen = BTreeSet::new();
        let (mut last, mut moved) = (0, None);
        for cells in sheet.rows().filter(|cells| cells.first().is_some_and(|cell| cell.row > 1)) {
            let row = cells[0].row;
            let get = |column: u32| sheet.cell(row, column).map(|cell| cell.text.trim()).unwrap_or_default();
            let Some(&(at, item)) = asked.get(get(KEY)) else {
                // Excel keeps cells a person emptied; a row with nothing in it is no row.
                if cells.iter().any(|cell| !cell.text.trim().is_empty()) {
                    self.fault(sheet, (row, KEY), Msg::new("inquiry-fault-row"), None);
                }
                continue;
            };
            if !seen.insert(at) {
                self.fault(sheet, (row, KEY), Msg::new("inquiry-fault-twice"), Some(&item.key));
                continue;
            }
            moved = moved.or((at < last).then_some(row));
            last = at;
            self.question(sheet, row, item);
        }
        if let Some(row) = moved {
            self.fault(sheet, (row, KEY), Msg::new("inquiry-fault-order"), None);
        }
        // What was not answered stays as it was shown, and is told.
        for (_, item) in self.inquiry.items.iter().enumerate().filter(|(at, _)| !seen.contains(at)) {
            self.as_shown(item);
            let msg = Msg::new("inquiry-fault-gone").arg("number", &item.number);
            let place = Place { cell: None, ..sheet.place(&self.file.into(), 1, 0) };
            self.faults.push(Fault { place, msg, item: Some(item.key.clone()) });
        }
    }

    fn question(&mut self, sheet: &Sheet, row: u32, item: &AskedItem) {
        let get = |column: u32| sheet.cell(row, column).map(|cell| cell.text.trim()).unwrap_or_default();
        let key = item.key.as_str();
        let shown = |said: Option<Duty>, tr: &Translate<'_>| said.map(|said| tr(&duty(said))).unwrap_or_default();
        // What was asked must be what is answered.
        let fixed = [(0, item.number.clone()), (2, item.title.clone()), (3, item.text.clone().unwrap_or_default())];
        for (column, wanted) in fixed {
            if plain(get(column)) != plain(&wanted) {
                self.fault(sheet, (row, column), Msg::new("inquiry-fault-altered"), Some(key));
            }
        }
        if !self.langs.iter().any(|tr| get(5) == shown(item.hospital, tr)) {
            self.fault(sheet, (row, 5), Msg::new("inquiry-fault-altered"), Some(key));
        }
        if let Some(area) = sheet.merges.iter().find(|area| area.rows().contains(&row)) {
            self.fault(sheet, (area.top, area.left), Msg::new("inquiry-fault-merged"), Some(key));
        }
        let said = get(DUTY);
        let found = Duty::ALL.iter().find(|one| self.langs.iter().any(|tr| tr(&duty(**one)) == said));
        match found {
            _ if said.is_empty() => {}
            Some(found) => {
                self.fields.insert(format!("i-{key}"), found.key().to_owned());
            }
            None => {
                self.fault(sheet, (row, DUTY), Msg::new("inquiry-fault-word").arg("word", clipped(said)), Some(key));
            }
        }
        for (column, name) in [(CLAUSE, "c"), (NOTE, "r")] {
            let text = get(column);
            if text.chars().count() > MAX_TEXT {
                let msg = Msg::new("confirm-too-long").arg("limit", MAX_TEXT);
                self.fault(sheet, (row, column), msg, Some(key));
            } else {
                self.fields.insert(format!("{name}-{key}"), text.to_owned());
            }
        }
        let agrees = get(AGREES);
        if self.langs.iter().any(|tr| tr(&Msg::new("value-yes")) == agrees) {
            self.fields.insert(format!("a-{key}"), "yes".to_owned());
        } else if !agrees.is_empty() {
            let msg = Msg::new("inquiry-fault-word").arg("word", clipped(agrees));
            self.fault(sheet, (row, AGREES), msg, Some(key));
        }
    }

    fn as_shown(&mut self, item: &AskedItem) {
        let key = &item.key;
        let values = [
            ("i", item.vendor.duty.map(|duty| duty.key().to_owned())),
            ("c", item.vendor.clause.clone()),
            ("r", item.vendor.note.clone()),
        ];
        for (name, value) in values {
            self.fields.insert(format!("{name}-{key}"), value.unwrap_or_default());
        }
    }

    fn joints(&mut self, sheet: &Sheet) {
        let topics = self
            .inquiry
            .joints
            .iter()
            .flat_map(|joint| joint.topics.iter().map(|topic| format!("j-{}-{}", joint.line, topic.topic.key())));
        let known: BTreeSet<String> = topics.collect();
        for cells in sheet.rows().filter(|cells| cells.first().is_some_and(|cell| cell.row > 1)) {
            let row = cells[0].row;
            let get = |column: u32| sheet.cell(row, column).map(|cell| cell.text.trim()).unwrap_or_default();
            let (name, said) = (get(JOINT), get(PROPOSAL));
            if known.contains(name) {
                self.fields.insert(name.to_owned(), said.to_owned());
            } else if !name.is_empty() || !said.is_empty() {
                self.fault(sheet, (row, JOINT), Msg::new("inquiry-fault-row"), None);
            }
        }
    }
}

/// Excel changes line ends; that is no alteration.
fn plain(text: &str) -> String {
    text.split_whitespace().collect()
}

fn clipped(text: &str) -> String {
    text.chars().take(40).collect()
}
