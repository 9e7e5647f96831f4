//! A hospital's ledger without a database: files are read and the ledger computed exactly as the use cases do it, so that
//! many random hospitals can be tried.

use std::collections::BTreeMap;
use tomomori_app::import::Upload;
use tomomori_app::import::read::{self, Wanted};
use tomomori_domain::check::Check;
use tomomori_domain::ids::{ChangeId, RecordId};
use tomomori_domain::import::Field;
use tomomori_domain::record::{Record, Sameness};
use tomomori_domain::resource::{Grade, Ledger, LineEnd, Resource};
use tomomori_ledger::diff::{Diff, diff};
use tomomori_ledger::edits::{self, Editor};
use tomomori_ledger::intake;
use tomomori_ledger::project::{Facts, Home, project};
use tomomori_ledger::words::{DEVICE_FIELDS, Words};
use tomomori_ledger::{NamedProduct, Names};

/// No catalogue: every product stays unknown.
pub(crate) struct NoNames;

impl Names for NoNames {
    fn product(&self, _: Option<&str>, _: &str) -> Option<NamedProduct> {
        None
    }
    fn split_version(&self, text: &str) -> (String, Option<String>) {
        (text.to_owned(), None)
    }
    fn cpe(&self, _: &str) -> (Option<String>, Option<String>) {
        (None, None)
    }
    fn can_tell(&self) -> bool {
        false
    }
}

pub(crate) type Files = Vec<(String, Vec<u8>)>;

/// Everything stored about one hospital.
#[derive(Clone, Default)]
pub(crate) struct Paper {
    pub(crate) records: Vec<Record>,
    pub(crate) decisions: Vec<Sameness>,
    pub(crate) ledger: Ledger,
    pub(crate) checks: Vec<Check>,
}

pub(crate) fn today() -> jiff::civil::Date {
    jiff::civil::date(2026, 11, 24)
}

impl Paper {
    /// Takes files in, as `confirm` does.
    pub(crate) fn import(&mut self, files: &[(String, Vec<u8>)]) -> Diff {
        let uploads: Vec<Upload> =
            files.iter().map(|(name, bytes)| Upload { name: name.clone(), bytes: bytes.clone() }).collect();
        let (_, tables) = read::tables(&uploads, &Wanted::default(), today());
        let change = ChangeId::generate();
        let exported = edits::of_exported(tables, &self.ledger);
        let intake = intake::intake(exported.rest, &self.records, change, today());
        let editor = Editor { change, by: "佐々木", grade: Grade::ConfirmedByHospital, today: today() };
        let (by_hand, outdated) = edits::records(&exported.edits, &self.records, &editor);
        self.records.retain(|record| !intake.end.contains(&record.id) && !outdated.contains(&record.id));
        for (id, seen) in intake.again {
            for record in self.records.iter_mut().filter(|record| record.id == id) {
                (record.listed, record.seen) = (change, seen);
            }
        }
        self.records.extend(intake.begin.into_iter().chain(by_hand));
        let diff = self.compute();
        self.checks.extend(intake.checks.into_iter().map(|(_, check)| check));
        diff
    }

    /// Computes the ledger from what is stored, as every step does.
    pub(crate) fn compute(&mut self) -> Diff {
        let facts = Facts {
            records: &self.records,
            decisions: &self.decisions,
            stored: &self.ledger,
            names: &NoNames,
            today: today(),
        };
        let projected = project(&facts);
        let homes: BTreeMap<RecordId, Home> = projected.homes.iter().map(|home| (home.record, *home)).collect();
        for record in &mut self.records {
            if let Some(new) = homes.get(&record.id) {
                (record.home, record.origin) = (Some(new.home), Some(new.origin));
            }
        }
        let diff = diff(&self.ledger, &projected.ledger);
        self.ledger = projected.ledger;
        self.checks = projected.checks;
        diff
    }

    /// The ledger in words, without ids: two ledgers that say the same are equal.
    pub(crate) fn said(&self) -> Vec<String> {
        let words = Words::of(&self.ledger);
        let field = |device: &Resource, field: Field| {
            let mut values = words.values(device, field);
            values.sort_unstable();
            values.join(",")
        };
        let mut said: Vec<String> = self
            .ledger
            .resources
            .iter()
            .map(|device| {
                let fields: Vec<String> = DEVICE_FIELDS.iter().map(|f| field(device, *f)).collect();
                format!("{} | {:?} {:?} {}", fields.join(";"), device.aliases, device.last_seen, device.declared)
            })
            .collect();
        let end = |end: &LineEnd| match end {
            LineEnd::Resource(id) => words.called(*id).unwrap_or_default(),
            LineEnd::Outside(name) => format!("({name})"),
            LineEnd::Unknown => "?".to_owned(),
        };
        said.extend(self.ledger.lines.iter().map(|line| {
            format!("line {} {} {:?} {:?} {:?}", end(&line.from), end(&line.to), line.protocol, line.circuit, line.via)
        }));
        said.extend(self.ledger.zones.iter().map(|zone| format!("zone {} {:?}", zone.name, zone.ranges)));
        said.extend(self.ledger.contracts.iter().map(|row| format!("contract {} {}", row.number, row.title)));
        said.extend(self.ledger.vendors.iter().map(|vendor| format!("vendor {}", vendor.name)));
        said.extend(self.ledger.components.iter().map(|part| format!("part {} {:?}", part.text, part.version)));
        said.sort();
        said
    }
}
