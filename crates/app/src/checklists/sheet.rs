//! A vendor's sheet as a workbook: given out with a code, filled in there, and read back. What changed on both sides is a
//! fault that a person settles; nothing is applied until there is none.

use super::{Answer, Run, RunSheet, changed, put, vendor_name};
use crate::diagram::Translate;
use crate::editions::files::Fault;
use crate::editions::{self, Edition, Item, Known};
use crate::{AppError, Ctx};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use tomomori_domain::access::permission::WriteAgreements;
use tomomori_domain::checklist::{Collected, Sent, days_of, year_name};
use tomomori_domain::import::{Place, Severity};
use tomomori_domain::{Msg, date, text};
use tomomori_sheet::export::{Choices, SheetOut, WriteError, write_with_choices};
use tomomori_sheet::{Limits, Sheet as Tab};
use tomomori_store::AuditEvent;
use uuid::Uuid;

/// Bytes of a sheet that is read back.
pub const MAX_FILE_BYTES: usize = 2 << 20;

const LIMITS: Limits = Limits {
    file_bytes: MAX_FILE_BYTES as u64,
    part_bytes: 16 << 20,
    inflated_bytes: 32 << 20,
    sheets: 20,
    shared_strings: 50_000,
    cells: 50_000,
    text_bytes: 8 << 20,
    columns: 100,
    rows: 5_000,
};

/// Columns of the table, in order.
fn headers() -> [Msg; 8] {
    [
        Msg::new("edition-column-number"),
        Msg::new("edition-item"),
        Msg::new("edition-column-text"),
        Msg::new("checklist-answer"),
        Msg::new("checklist-checked"),
        Msg::new("checklist-target"),
        Msg::new("checklist-note"),
        Msg::new("checklist-row-key"),
    ]
}

const ANSWER: u32 = 3;
const CHECKED: u32 = 4;
const TARGET: u32 = 5;
const NOTE: u32 = 6;
const KEY: u32 = 7;

/// A workbook to send.
#[derive(Clone, Debug)]
pub struct File {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its name for people.
    pub name: String,
}

/// Makes the sheet of a vendor to be sent, and notes that it was given out.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::NotFound`]; [`AppError::Invalid`] for the hospital's own sheet or a day that has passed.
pub async fn send(ctx: &Ctx, id: Uuid, due: Date, tr: Translate<'_>) -> Result<File, AppError> {
    let grant = ctx.actor.require::<WriteAgreements>()?;
    let mut tx = ctx.write().await?;
    let document = tx.document::<Run>(id).await?;
    let mut run = document.content;
    if run.sheet == RunSheet::Hospital {
        return Err(AppError::Invalid(Msg::new("checklist-own-sheet")));
    }
    if due < ctx.today() {
        return Err(AppError::Invalid(Msg::new("advice-due-past")));
    }
    let vendor =
        vendor_name(&tx, run.sheet).await?.ok_or_else(|| AppError::Invalid(Msg::new("checklist-vendor-gone")))?;
    let edition = editions::get(&tx, &run.edition).await?;
    let hospital = tx.tenant_row().await?.name;
    let code = crate::session::random_secret();
    // The file shows the answers as they are in the revision this write makes.
    let sent = Sent { code, revision: document.revision + 1, on: ctx.today(), by: ctx.actor.name.clone(), due };
    run.collected = None;
    run.sent.push(sent.clone());
    let (sheets, choices) = sheets(&run, &edition, &sent, (&hospital, &vendor), tr);
    let bytes = write_with_choices(&sheets, &choices, ctx.now())
        .map_err(|WriteError::Excel(error)| AppError::Invalid(Msg::new("export-not-possible").arg("detail", error)))?;
    let details = serde_json::json!({ "due": due, "revision": sent.revision });
    put(&mut tx, &grant, id, document.revision, &run, "checklist.send", details).await?;
    tx.commit().await?;
    let name = Msg::new("checklist-file-name").arg("year", year_name(run.fiscal_year)).arg("vendor", vendor);
    Ok(File { bytes, name: tr(&name) })
}

fn words(tr: Translate<'_>) -> [(bool, String); 2] {
    [(true, tr(&Msg::new("value-yes"))), (false, tr(&Msg::new("value-no")))]
}

fn shown(item: &Item) -> [String; 3] {
    [item.number.clone(), item.words().unwrap_or_default().to_owned(), item.text.clone().unwrap_or_default()]
}

fn answerable<'a>(run: &Run, edition: &'a Edition) -> Vec<&'a Item> {
    run.items(edition).filter(|item| item.known != Known::Missing).collect()
}

fn sheets(
    run: &Run,
    edition: &Edition,
    sent: &Sent,
    (hospital, vendor): (&str, &str),
    tr: Translate<'_>,
) -> (Vec<SheetOut>, Vec<Choices>) {
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let row = |item: &Item| {
        let answer = run.answers.get(&item.key).cloned().unwrap_or_default();
        let said = words(tr).into_iter().find(|(yes, _)| answer.yes == Some(*yes)).map(|(_, word)| word);
        let said = [said.unwrap_or_default(), day(answer.checked_on), day(answer.target_on)];
        [&shown(item)[..], &said[..], &[answer.note.unwrap_or_default(), item.key.clone()][..]].concat()
    };
    let rows: Vec<Vec<String>> = answerable(run, edition).into_iter().map(row).collect();
    let table = SheetOut { name: tr(&Msg::new("checklist-tab")), header: headers().iter().map(tr).collect(), rows };
    let (first, last) = days_of(run.fiscal_year);
    let about = SheetOut {
        name: tr(&Msg::new("checklist-tab-about")),
        header: vec![tr(&Msg::new("edition-fact")), tr(&Msg::new("edition-value"))],
        rows: vec![
            vec![tr(&Msg::new("checklist-filled-by")), String::new()],
            vec![tr(&Msg::new("checklist-code")), sent.code.clone()],
            vec![tr(&Msg::new("checklist-year")), format!("{} ({first} – {last})", year_name(run.fiscal_year))],
            vec![tr(&Msg::new("checklist-edition")), edition.title.clone()],
            vec![tr(&Msg::new("checklist-hospital")), hospital.to_owned()],
            vec![tr(&Msg::new("checklist-vendor")), vendor.to_owned()],
            vec![tr(&Msg::new("checklist-due")), sent.due.to_string()],
            vec![tr(&Msg::new("checklist-how")), tr(&Msg::new("checklist-how-text"))],
        ],
    };
    let said = words(tr).into_iter().map(|(_, word)| word).collect();
    (vec![table, about], vec![Choices { sheet: 0, column: ANSWER as usize, words: said }])
}

/// Reads a sheet that came back. Answers are entered as the vendor's, by the person who reads the file.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::NotFound`]; [`AppError::Conflict`]. The inner error names every fault with its cell;
/// nothing was written then.
pub async fn collect(
    ctx: &Ctx,
    id: Uuid,
    (name, bytes): (&str, &[u8]),
    tr: Translate<'_>,
) -> Result<Result<(), Vec<Fault>>, AppError> {
    let grant = ctx.actor.require::<WriteAgreements>()?;
    let mut tx = ctx.write().await?;
    let document = tx.document::<Run>(id).await?;
    let mut run = document.content;
    let edition = editions::get(&tx, &run.edition).await?;
    let tabs = match tomomori_sheet::read(bytes, name, &LIMITS) {
        Ok(tabs) => tabs,
        Err(error) => {
            let problem = error.problem(name);
            return Ok(Err(vec![Fault { place: problem.place, msg: problem.msg }]));
        }
    };
    let mut reader = Reader { file: name, tr, faults: Vec::new() };
    let Some((back, sent)) = reader.about(&tabs, &run, ctx) else { return Ok(Err(reader.faults)) };
    let base = tx.document_at::<Run>(id, sent.revision).await?.content;
    if base.edition != run.edition {
        reader.whole(Msg::new("checklist-other-edition"));
        return Ok(Err(reader.faults));
    }
    let theirs = reader.table(&tabs[0], &run, &edition, &back.by, ctx.today());
    let before = run.answers.clone();
    for (key, (row, answer)) in theirs {
        let was = base.answers.get(&key).cloned().unwrap_or_default();
        let now = run.answers.get(&key).cloned().unwrap_or_default();
        if says_same(&answer, &was) || says_same(&answer, &now) {
            continue;
        }
        if !says_same(&was, &now) {
            reader.fault(&tabs[0], row, ANSWER, Msg::new("checklist-both-changed"));
            continue;
        }
        let answer = Answer { evidence: now.evidence, ..answer };
        if answer.is_blank() { _ = run.answers.remove(&key) } else { _ = run.answers.insert(key, answer) }
    }
    if !reader.faults.is_empty() {
        return Ok(Err(reader.faults));
    }
    run.collected = Some(back);
    put(&mut tx, &grant, id, document.revision, &run, "checklist.collect", changed(&before, &run.answers)).await?;
    tx.audit(AuditEvent::new("checklist.file", format!("checklist:{id}")).details(serde_json::json!({ "file": name })))
        .await?;
    tx.commit().await?;
    Ok(Ok(()))
}

/// Whether both say the same, whoever said it.
fn says_same(a: &Answer, b: &Answer) -> bool {
    (a.yes, a.checked_on, a.target_on, &a.note) == (b.yes, b.checked_on, b.target_on, &b.note)
}

struct Reader<'a> {
    file: &'a str,
    tr: Translate<'a>,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    fn fault(&mut self, tab: &Tab, row: u32, column: u32, msg: Msg) {
        self.faults.push(Fault { place: tab.place(&self.file.into(), row, column), msg });
    }

    fn whole(&mut self, msg: Msg) {
        self.faults.push(Fault { place: Place { file: self.file.into(), ..Place::default() }, msg });
    }

    /// Who filled it in, and which export it is.
    fn about(&mut self, tabs: &[Tab], run: &Run, ctx: &Ctx) -> Option<(Collected, Sent)> {
        for problem in tabs.iter().flat_map(|tab| &tab.problems).filter(|problem| problem.severity == Severity::Error) {
            self.faults.push(Fault { place: problem.place.clone(), msg: problem.msg.clone() });
        }
        let [_, about] = tabs else {
            self.whole(Msg::new("checklist-file-tabs"));
            return None;
        };
        let value = |row: u32| about.cell(row, 1).map_or("", |cell| cell.text.trim());
        let (by, code) = (text::tidy(value(2)), value(3));
        if by.is_empty() {
            self.fault(about, 2, 1, Msg::new("checklist-nobody"));
        }
        let sent = run.sent.iter().find(|sent| sent.code == code).cloned();
        let newest = run.sent.last().is_some_and(|last| last.code == code);
        match &sent {
            None => self.fault(about, 3, 1, Msg::new("checklist-code-unknown")),
            Some(sent) if !newest => self.fault(about, 3, 1, Msg::new("checklist-code-old").arg("date", sent.on)),
            Some(_) => {}
        }
        if let Some(before) = run.collected.as_ref().filter(|before| before.code == code) {
            self.fault(about, 3, 1, Msg::new("checklist-code-again").arg("date", before.on));
        }
        let collected = Collected { code: code.to_owned(), on: ctx.today(), by, entered_by: ctx.actor.name.clone() };
        sent.filter(|_| self.faults.is_empty()).map(|sent| (collected, sent))
    }

    /// Answers by item key, each with its row.
    fn table(
        &mut self,
        tab: &Tab,
        run: &Run,
        edition: &Edition,
        by: &str,
        today: Date,
    ) -> BTreeMap<String, (u32, Answer)> {
        for (column, msg) in (0..).zip(headers()) {
            let wanted = (self.tr)(&msg);
            if tab.cell(1, column).is_none_or(|cell| cell.text.trim() != wanted) {
                self.fault(tab, 1, column, Msg::new("checklist-header").arg("text", wanted));
            }
        }
        for area in tab.merges.clone() {
            self.fault(tab, area.top, area.left, Msg::new("checklist-merged"));
        }
        let items: BTreeMap<&str, &Item> =
            answerable(run, edition).into_iter().map(|item| (item.key.as_str(), item)).collect();
        let mut all = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for row in tab.rows().skip(1).filter(|row| row.iter().any(|cell| !cell.text.trim().is_empty())) {
            let number = row[0].row;
            let get = |column: u32| tab.cell(number, column).map_or("", |cell| cell.text.trim());
            let Some(item) = items.get(get(KEY)) else {
                self.fault(tab, number, KEY, Msg::new("checklist-row-unknown").arg("text", get(KEY)));
                continue;
            };
            if !seen.insert(item.key.as_str()) {
                self.fault(tab, number, KEY, Msg::new("checklist-row-twice").arg("text", get(KEY)));
                continue;
            }
            for (column, wanted) in (0..).zip(shown(item)) {
                if get(column) != wanted.trim() {
                    self.fault(tab, number, column, Msg::new("checklist-cell-altered"));
                }
            }
            for cell in row.iter().filter(|cell| cell.column > KEY && !cell.text.trim().is_empty()) {
                self.fault(tab, number, cell.column, Msg::new("edition-file-stray").arg("text", &cell.text));
            }
            if let Some(answer) = self.answer(tab, number, by) {
                match answer.check(run.fiscal_year, today) {
                    Ok(()) => _ = all.insert(item.key.clone(), (number, answer)),
                    Err(msg) => self.fault(tab, number, ANSWER, msg),
                }
            }
        }
        for item in items.values().filter(|item| !seen.contains(item.key.as_str())) {
            self.fault(tab, 1, KEY, Msg::new("checklist-row-gone").arg("number", &item.number));
        }
        all
    }

    fn answer(&mut self, tab: &Tab, row: u32, by: &str) -> Option<Answer> {
        let get = |column: u32| tab.cell(row, column).map_or("", |cell| cell.text.trim());
        let before = self.faults.len();
        let said = text::fold(get(ANSWER));
        let own = words(self.tr).into_iter().map(|(yes, word)| (yes, text::fold(&word)));
        let papers = [(true, text::fold("はい")), (false, text::fold("いいえ"))];
        let yes = own.chain(papers).find(|(_, word)| *word == said).map(|(yes, _)| yes);
        if yes.is_none() && !said.is_empty() {
            self.fault(tab, row, ANSWER, Msg::new("checklist-bad-answer").arg("text", get(ANSWER)));
        }
        let mut days = [None, None];
        for (day, column) in days.iter_mut().zip([CHECKED, TARGET]) {
            match get(column) {
                "" => {}
                text => match date::parse(text) {
                    Ok(read) => *day = Some(read),
                    Err(_) => self.fault(tab, row, column, Msg::new("checklist-bad-date").arg("text", text)),
                },
            }
        }
        let note = Some(get(NOTE)).filter(|note| !note.is_empty()).map(str::to_owned);
        let [checked_on, target_on] = days;
        let by = if yes.is_some() { by.to_owned() } else { String::new() };
        (self.faults.len() == before).then(|| Answer { yes, checked_on, target_on, by, note, ..Answer::default() })
    }
}
