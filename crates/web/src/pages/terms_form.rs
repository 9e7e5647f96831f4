//! The form of a contract's terms: what is typed stays typed until it is saved, whatever else happens.

use crate::failure::Failure;
use crate::pages::fields::Fields;
use tomomori_app::Ctx;
use tomomori_app::agreements::{self, ContractView, Named};
use tomomori_domain::Msg;
use tomomori_domain::agreement::check::{chain_lines, read_chain};
use tomomori_domain::agreement::{Clause, ContractKind, ReportOn, ReportTerm, Sla, Subcontracting, Terms, Unit};
use tomomori_domain::ids::{LineId, ResourceId};
use uuid::Uuid;

/// Blank rows for clauses, and how many more a button adds.
const BLANK: usize = 3;

/// One deadline as typed.
pub(crate) struct Within {
    pub(crate) on: ReportOn,
    pub(crate) within: String,
    pub(crate) unit: String,
}

/// Everything typed.
pub(crate) struct Draft {
    pub(crate) revision: i64,
    pub(crate) kind: String,
    pub(crate) notice_by: String,
    pub(crate) renews: String,
    systems: Vec<Uuid>,
    pub(crate) devices: Vec<Named<ResourceId>>,
    lines: Vec<LineId>,
    /// Number and words.
    pub(crate) clauses: Vec<(String, String)>,
    pub(crate) reports: Vec<Within>,
    pub(crate) periodic: String,
    pub(crate) hours: String,
    pub(crate) windows: String,
    pub(crate) rto: String,
    /// `none`, `by` or nothing.
    pub(crate) sub: String,
    pub(crate) chain: String,
    pub(crate) words: String,
    /// Devices found by the words, and how many there are.
    pub(crate) found: Option<(Vec<Named<ResourceId>>, usize)>,
}

impl Draft {
    /// What is kept, as a form.
    pub(crate) fn of(view: &ContractView) -> Self {
        let nothing = Terms::default();
        let terms = view.terms.as_ref().map_or(&nothing, |document| &document.content);
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let within = |on: &ReportOn| {
            let term = terms.sla.reports.iter().find(|term| term.on == *on);
            Within {
                on: *on,
                within: term.map(|term| term.within.to_string()).unwrap_or_default(),
                unit: term.map_or(Unit::BusinessDays, |term| term.unit).key().to_owned(),
            }
        };
        let (sub, chain) = match &terms.subcontracting {
            Subcontracting::Unknown => ("", String::new()),
            Subcontracting::None => ("none", String::new()),
            Subcontracting::By(all) => ("by", chain_lines(all)),
        };
        let mut clauses: Vec<(String, String)> =
            terms.clauses.iter().map(|clause| (clause.number.clone(), clause.text.clone())).collect();
        clauses.extend(vec![Default::default(); BLANK]);
        Self {
            revision: view.terms.as_ref().map_or(0, |document| document.revision),
            kind: terms.kind.map(ContractKind::key).unwrap_or_default().to_owned(),
            notice_by: terms.notice_by.map(|day| day.to_string()).unwrap_or_default(),
            renews: terms.renews.map(|yes| if yes { "yes" } else { "no" }).unwrap_or_default().to_owned(),
            systems: terms.systems.clone(),
            devices: view.resources.clone(),
            lines: terms.lines.clone(),
            clauses,
            reports: ReportOn::ALL.iter().map(within).collect(),
            periodic: text(&terms.sla.periodic),
            hours: text(&terms.sla.hours),
            windows: text(&terms.sla.windows),
            rto: terms.sla.rto_hours.map(|hours| hours.to_string()).unwrap_or_default(),
            sub: sub.to_owned(),
            chain,
            words: String::new(),
            found: None,
        }
    }

    /// A posted form.
    pub(crate) async fn typed(ctx: &Ctx, form: &Fields) -> Result<Self, Failure> {
        let text = |name: &str| form.text(name).unwrap_or_default();
        let devices = ids(form, "device")?;
        let mut clauses: Vec<(String, String)> = Vec::new();
        for (row, number) in form.rows("number-") {
            let words = form.text(&format!("text-{row}")).unwrap_or_default();
            clauses.push((number.to_owned(), words));
        }
        let within = |on: &ReportOn| Within {
            on: *on,
            within: text(&format!("within-{}", on.key())),
            unit: text(&format!("unit-{}", on.key())),
        };
        Ok(Self {
            revision: form.get("revision").and_then(|text| text.parse().ok()).ok_or_else(Failure::bad_request)?,
            kind: text("kind"),
            notice_by: text("notice_by"),
            renews: text("renews"),
            systems: ids(form, "system")?,
            devices: agreements::names_of(ctx, &devices).await?,
            lines: ids(form, "line")?,
            clauses,
            reports: ReportOn::ALL.iter().map(within).collect(),
            periodic: text("periodic"),
            hours: text("hours"),
            windows: text("windows"),
            rto: text("rto"),
            sub: text("sub"),
            // The dots at the start of a line are its level; only the ends of the whole are cut by the form.
            chain: text("chain"),
            words: String::new(),
            found: None,
        })
    }

    /// More blank rows for clauses.
    pub(crate) fn more_rows(&mut self) {
        self.clauses.extend(vec![Default::default(); BLANK]);
    }

    /// Looks for devices to add.
    pub(crate) async fn find(&mut self, ctx: &Ctx, words: &str) -> Result<(), Failure> {
        words.clone_into(&mut self.words);
        let (mut found, count) = agreements::find_devices(ctx, words).await?;
        found.retain(|device| !self.devices.contains(device));
        self.found = Some((found, count));
        Ok(())
    }

    /// Whether a system is ticked.
    pub(crate) fn has_system(&self, id: &Uuid) -> bool {
        self.systems.contains(id)
    }

    /// Whether a line is ticked.
    pub(crate) fn has_line(&self, id: &LineId) -> bool {
        self.lines.contains(id)
    }

    /// The terms that were typed.
    pub(crate) fn read(&self) -> Result<Terms, Msg> {
        let text = |value: &String| Some(value.clone()).filter(|text| !text.is_empty());
        let number = |value: &String| -> Result<Option<u32>, Msg> {
            let tidied = tomomori_domain::text::tidy(value);
            let read = |text: String| {
                text.parse().ok().filter(|n| (1..=9_999).contains(n)).ok_or_else(|| Msg::new("agree-bad-number"))
            };
            Some(tidied).filter(|text| !text.is_empty()).map(read).transpose()
        };
        let mut reports = Vec::new();
        for row in &self.reports {
            if let Some(within) = number(&row.within)? {
                let unit = Unit::from_key(&row.unit).ok_or_else(|| Msg::new("error-bad-request"))?;
                reports.push(ReportTerm { on: row.on, within, unit });
            }
        }
        let typed = self.clauses.iter().filter(|(number, text)| !number.is_empty() || !text.is_empty());
        Ok(Terms {
            kind: ContractKind::from_key(&self.kind),
            notice_by: text(&self.notice_by).map(|text| crate::pages::fields::day(&text)).transpose()?,
            renews: match self.renews.as_str() {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            },
            systems: self.systems.clone(),
            resources: self.devices.iter().map(|device| device.id).collect(),
            lines: self.lines.clone(),
            clauses: typed.map(|(number, text)| Clause { number: number.clone(), text: text.clone() }).collect(),
            sla: Sla {
                reports,
                periodic: text(&self.periodic),
                hours: text(&self.hours),
                windows: text(&self.windows),
                rto_hours: number(&self.rto)?,
            },
            subcontracting: match self.sub.as_str() {
                "none" => Subcontracting::None,
                "by" => Subcontracting::By(read_chain(&self.chain)?),
                _ => Subcontracting::Unknown,
            },
        })
    }
}

/// Ids of ticked boxes.
pub(crate) fn ids<T: std::str::FromStr>(form: &Fields, name: &str) -> Result<Vec<T>, Failure> {
    form.all(name).map(|id| id.parse().map_err(|_| Failure::bad_request())).collect()
}
