//! Security disclosures of makers and service providers: the MDS2 worksheet (ANSI/NEMA HN 1-2019), and the Japanese
//! forms 製造業者/サービス事業者による医療情報セキュリティ開示書 (MDS, SDS).
//!
//! Kept are the number of a question, its answer and the remark; the wording of the forms is not copied. What is not
//! answered, or answered oddly, is a problem with its cell and stays unknown.

mod answer;
mod japanese;
mod mds2;

use crate::model::Sheet;
use ecow::EcoString;
use jiff::civil::Date;
use std::collections::HashMap;
use tomomori_domain::import::{Field, Place, Problem, Row, Severity, Table, TableKind, Value};
use tomomori_domain::resource::Grade;
use tomomori_domain::{Msg, date, text};

pub use answer::Answer;

/// Which form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Manufacturer Disclosure Statement for Medical Device Security.
    Mds2,
    /// 製造業者による医療情報セキュリティ開示書
    Mds,
    /// サービス事業者による医療情報セキュリティ開示書
    Sds,
}

/// A filled-in form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disclosure {
    /// Which form.
    pub form: Form,
    /// What it is about: [`Field::Maker`], [`Field::Product`], [`Field::Version`], [`Field::Os`], as far as stated.
    pub about: Row,
    /// When it was written.
    pub written_on: Option<Date>,
    /// The answers, from the top.
    pub answers: Vec<Answered>,
    /// What is missing, odd or contradictory.
    pub problems: Vec<Problem>,
}

/// One question with its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// Number of the question as the form has it (`AUDT-2.1`, `12-3`).
    pub number: String,
    /// The answer; `None` where there is none that can be read: unknown.
    pub answer: Option<Answer>,
    /// Remark, or the notes the form refers to.
    pub remark: Option<String>,
    /// The cell of the answer.
    pub place: Place,
}

/// Reads a sheet that is one of the forms; `None` when it is none. `file` is the name people know the file by.
#[must_use]
pub fn read(sheet: &Sheet, file: &str) -> Option<Disclosure> {
    mds2::read(sheet, file).or_else(|| japanese::read(sheet, file))
}

impl Disclosure {
    /// Who makes the product or provides the service.
    #[must_use]
    pub fn maker(&self) -> Option<&str> {
        self.about.get(Field::Maker)
    }

    /// Product and model.
    #[must_use]
    pub fn product(&self) -> Option<&str> {
        self.about.get(Field::Product)
    }

    /// The product as a row for the ledger, with all problems. Empty of rows when the form names no product.
    #[must_use]
    pub fn table(&self) -> Table {
        let rows = if self.product().is_some() { vec![self.about.clone()] } else { Vec::new() };
        Table {
            kind: TableKind::Resources,
            grade: Grade::Declared,
            mapping: None,
            rows,
            problems: self.problems.clone(),
        }
    }
}

/// Collects what a form says while it is read.
struct Draft<'s> {
    sheet: &'s Sheet,
    file: EcoString,
    about: Vec<Value>,
    written_on: Option<Date>,
    answers: Vec<Answered>,
    problems: Vec<Problem>,
}

impl<'s> Draft<'s> {
    fn new(sheet: &'s Sheet, file: &str) -> Self {
        let problems = sheet.problems.clone();
        Self { sheet, file: file.into(), about: Vec::new(), written_on: None, answers: Vec::new(), problems }
    }

    fn warn(&mut self, row: u32, column: u32, msg: Msg) {
        let place = self.sheet.place(&self.file, row, column);
        self.problems.push(Problem { severity: Severity::Warning, place, msg });
    }

    /// States something about the product; a second text of a field joins the first.
    fn state(&mut self, field: Field, raw: &str, row: u32, column: u32) {
        let text = text::tidy(raw);
        if text.is_empty() || answer::is_placeholder(&text) {
            return;
        }
        match self.about.iter_mut().find(|value| value.field == field) {
            Some(value) if value.text == text => {}
            Some(value) => value.text = format!("{} {text}", value.text),
            None => {
                let place = self.sheet.place(&self.file, row, column);
                self.about.push(Value { field, text, place, label: None });
            }
        }
    }

    fn written(&mut self, raw: &str, row: u32, column: u32) {
        if answer::is_placeholder(&text::tidy(raw)) {
            return;
        }
        match date::parse(raw) {
            Ok(date) => self.written_on = Some(date),
            Err(_) => self.warn(row, column, Msg::new("sheet-cell-not-a-date").arg("value", text::tidy(raw))),
        }
    }

    fn answer(&mut self, number: String, answer: Option<Answer>, remark: Option<String>, row: u32, column: u32) {
        if answer == Some(Answer::SeeNote) && remark.is_none() {
            self.warn(row, column, Msg::new("sheet-form-note-missing").arg("number", &number));
        }
        let place = self.sheet.place(&self.file, row, column);
        self.answers.push(Answered { number, answer, remark, place });
    }

    /// Numbers given twice with different answers: which one counts nobody can tell, so none does.
    fn finish(mut self, form: Form) -> Disclosure {
        let mut first: HashMap<String, usize> = HashMap::new();
        for at in 0..self.answers.len() {
            let number = self.answers[at].number.clone();
            let Some(&before) = first.get(&number) else {
                first.insert(number, at);
                continue;
            };
            if self.answers[before].answer != self.answers[at].answer {
                let msg = Msg::new("sheet-form-twice").arg("number", number);
                let place = self.answers[at].place.clone();
                self.problems.push(Problem { severity: Severity::Warning, place, msg });
                self.answers[before].answer = None;
                self.answers[at].answer = None;
            }
        }
        let place = match self.about.first() {
            Some(value) => value.place.clone(),
            None => Place { file: self.file.clone(), sheet: self.sheet.name.clone(), ..Place::default() },
        };
        let missing =
            [Field::Maker, Field::Product].into_iter().find(|field| self.about.iter().all(|v| v.field != *field));
        if missing.is_some() {
            let msg = Msg::new("sheet-form-no-product");
            self.problems.push(Problem { severity: Severity::Warning, place: place.clone(), msg });
        }
        Disclosure {
            form,
            about: Row { place, values: self.about },
            written_on: self.written_on,
            answers: self.answers,
            problems: self.problems,
        }
    }
}
