//! What changed between two versions of terms, field by field.

use crate::export::label;
use tomomori_domain::Msg;
use tomomori_domain::agreement::check::chain_lines;
use tomomori_domain::agreement::{ReportOn, Subcontracting, Terms, Unit};

/// A value as it is shown: text as typed, or a word of the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// As typed.
    Text(String),
    /// A word of the program.
    Word(Msg),
}

/// A field that differs. Empty = nothing was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Which.
    pub field: Msg,
    /// Before.
    pub before: Vec<Said>,
    /// After.
    pub after: Vec<Said>,
}

/// Fields that differ, those only before last.
#[must_use]
pub fn changed(before: &[(Msg, Vec<Said>)], after: &[(Msg, Vec<Said>)]) -> Vec<Change> {
    let find = |all: &[(Msg, Vec<Said>)], field: &Msg| {
        all.iter().find(|(other, _)| other == field).map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let gone = before.iter().filter(|(field, _)| !after.iter().any(|(other, _)| other == field));
    after
        .iter()
        .chain(gone)
        .map(|(field, _)| Change { field: field.clone(), before: find(before, field), after: find(after, field) })
        .filter(|change| change.before != change.after)
        .collect()
}

/// All fields of terms. The names are those of its scope.
pub(super) fn fields(
    terms: &Terms,
    systems: Vec<String>,
    devices: Vec<String>,
    lines: Vec<String>,
) -> Vec<(Msg, Vec<Said>)> {
    let texts = |all: Vec<String>| all.into_iter().map(Said::Text).collect::<Vec<_>>();
    let text = |one: &Option<String>| one.iter().cloned().map(Said::Text).collect::<Vec<_>>();
    let word = |one: Option<Msg>| one.into_iter().map(Said::Word).collect::<Vec<_>>();
    let flag = |yes| if yes { Msg::new("value-yes") } else { Msg::new("value-no") };
    let mut out = vec![
        (Msg::new("agree-kind"), word(terms.kind.map(|kind| label("contract-kind", kind.key())))),
        (Msg::new("agree-notice-by"), text(&terms.notice_by.map(|day| day.to_string()))),
        (Msg::new("agree-renews"), word(terms.renews.map(flag))),
        (Msg::new("agree-systems"), texts(systems)),
        (Msg::new("agree-devices"), texts(devices)),
        (Msg::new("agree-lines"), texts(lines)),
        (Msg::new("agree-periodic"), text(&terms.sla.periodic)),
        (Msg::new("agree-hours"), text(&terms.sla.hours)),
        (Msg::new("agree-windows"), text(&terms.sla.windows)),
        (Msg::new("agree-rto"), text(&terms.sla.rto_hours.map(|hours| hours.to_string()))),
    ];
    for term in &terms.sla.reports {
        // Whole sentences, as the order of number and unit is a language's own.
        let within = match term.unit {
            Unit::Hours => Msg::new("agree-within-hours"),
            Unit::BusinessDays => Msg::new("agree-within-business-days"),
        };
        let field = match term.on {
            ReportOn::Exploited => Msg::new("agree-report-exploited"),
            ReportOn::Critical => Msg::new("agree-report-critical"),
            ReportOn::High => Msg::new("agree-report-high"),
            ReportOn::Other => Msg::new("agree-report-other"),
        };
        out.push((field, vec![Said::Word(within.arg("count", term.within))]));
    }
    let chain = match &terms.subcontracting {
        Subcontracting::Unknown => Vec::new(),
        Subcontracting::None => word(Some(Msg::new("agree-sub-none"))),
        Subcontracting::By(all) => chain_lines(all).lines().map(|line| Said::Text(line.to_owned())).collect(),
    };
    out.push((Msg::new("agree-sub"), chain));
    for clause in &terms.clauses {
        let field = Msg::new("agree-clause-of").arg("number", &clause.number);
        out.push((field, vec![Said::Text(clause.text.clone())]));
    }
    out
}
