//! What the layers say of a device. Unknown stays unknown: nothing here is better than what is stored about it.

use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::HashMap;
use tomomori_diagram::{Badge, EndOfLife, Evidence, Facts, Severity};
use tomomori_domain::finding::{Finding, Verdict};
use tomomori_domain::ids::ResourceId;
use tomomori_domain::resource::{Grade, Ledger, Resource};

/// What is known of all devices on one day.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Affected findings; questions are not findings and draw no red.
    badges: HashMap<ResourceId, Badge>,
    worst: HashMap<ResourceId, Severity>,
    /// Devices with a product that the catalogue knows.
    products: HashMap<ResourceId, bool>,
    evidence: HashMap<ResourceId, Evidence>,
    /// Findings are of the catalogue and the ledger as they are.
    current: bool,
    day: Date,
}

impl Known {
    /// `findings` are `None` for an earlier day: they are known for today only.
    pub(super) fn new(
        day: Date,
        ledger: &Ledger,
        findings: Option<(&[Finding], bool)>,
        grades: &[(ResourceId, Grade)],
    ) -> Self {
        let mut known = Self { day, current: findings.is_some_and(|(_, current)| current), ..Self::default() };
        for component in &ledger.components {
            *known.products.entry(component.resource).or_insert(false) |= component.product.is_some();
        }
        for finding in findings.map_or(&[][..], |(findings, _)| findings) {
            let severity = severity(finding);
            let worst = known.worst.entry(finding.resource).or_insert(severity);
            *worst = severity.max(*worst);
            if finding.verdict == Verdict::Affected {
                let badge = known.badges.entry(finding.resource).or_insert(Badge { count: 0, exploited: false });
                badge.count += 1;
                badge.exploited |= finding.exploited;
            }
        }
        for (resource, grade) in grades {
            let evidence = evidence(*grade);
            let best = known.evidence.entry(*resource).or_insert(evidence);
            *best = evidence.min(*best);
        }
        known
    }

    /// The red circle.
    pub(super) fn badge(&self, resource: ResourceId) -> Option<Badge> {
        self.badges.get(&resource).copied()
    }

    /// A ledger has it, and a product was found for it.
    pub(super) fn is_identified(&self, resource: &Resource) -> bool {
        resource.declared && self.products.get(&resource.id).copied().unwrap_or(false)
    }

    /// What the layers show.
    pub(super) fn facts(&self, resource: &Resource) -> Facts {
        let none_known = self.current && self.is_identified(resource);
        let nothing = if none_known { Severity::NoneKnown } else { Severity::Unknown };
        Facts {
            findings: self.worst.get(&resource.id).copied().unwrap_or(nothing),
            end_of_life: end_of_life(resource, self.day),
            evidence: self.evidence.get(&resource.id).copied().unwrap_or_default(),
        }
    }
}

/// CVSS v3.1 section 5 gives the limits. A question says that nobody knows; a vulnerability without a score is medium,
/// because that it is there is certain.
fn severity(finding: &Finding) -> Severity {
    match (finding.verdict, finding.exploited, finding.cvss_tenths) {
        (Verdict::Possibly, _, _) => Severity::Unknown,
        (Verdict::Affected, true, _) | (Verdict::Affected, _, Some(90..)) => Severity::Critical,
        (Verdict::Affected, _, Some(70..)) => Severity::High,
        (Verdict::Affected, _, Some(40..) | None) => Severity::Medium,
        (Verdict::Affected, _, Some(_)) => Severity::Low,
    }
}

/// From the end of support, or the end of life where that is all that is known. The last day is still supported.
fn end_of_life(resource: &Resource, day: Date) -> EndOfLife {
    let Some(end) = resource.support_end.or(resource.end_of_life) else { return EndOfLife::Unknown };
    if end < day {
        EndOfLife::Ended
    } else if end <= day.saturating_add(12.months()) {
        EndOfLife::Within12Months
    } else if end <= day.saturating_add(24.months()) {
        EndOfLife::Within24Months
    } else {
        EndOfLife::Later
    }
}

fn evidence(grade: Grade) -> Evidence {
    match grade {
        Grade::ConfirmedByVendor => Evidence::Vendor,
        Grade::ConfirmedByHospital => Evidence::Hospital,
        Grade::Observed => Evidence::Observed,
        Grade::Declared => Evidence::Declared,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use tomomori_domain::ids::{ComponentId, FindingId};
    use tomomori_domain::resource::{ChoiceBy, Component, Layer, ProductChoice};

    fn device() -> Resource {
        Resource { declared: true, ..Resource::named(ResourceId::generate(), "電子カルテDB".to_owned()) }
    }

    fn ledger(device: &Resource, product: bool) -> Ledger {
        let product = product.then(|| ProductChoice { key: "a:x:y".to_owned(), by: ChoiceBy::Name, score: 95 });
        let component = Component {
            id: ComponentId::generate(),
            resource: device.id,
            layer: Layer::Application,
            text: "X".to_owned(),
            version: None,
            purl: None,
            product,
        };
        Ledger { resources: vec![device.clone()], components: vec![component], ..Ledger::default() }
    }

    fn finding(resource: ResourceId, verdict: Verdict, cvss_tenths: Option<u16>, exploited: bool) -> Finding {
        Finding {
            id: FindingId::generate(),
            resource,
            component: ComponentId::generate(),
            verdict,
            missing: None,
            vulnerability: "CVE-2026-0001".to_owned(),
            count: 1,
            cvss_tenths,
            exploited,
            title: String::new(),
            reason: String::new(),
            catalogue: String::new(),
        }
    }

    #[test]
    fn none_known_only_where_somebody_could_have_known() {
        let device = device();
        let day = date(2026, 11, 25);
        let of = |ledger: &Ledger, device: &Resource, findings: Option<(&[Finding], bool)>| {
            Known::new(day, ledger, findings, &[]).facts(device).findings
        };
        assert_eq!(of(&ledger(&device, true), &device, Some((&[], true))), Severity::NoneKnown);
        assert_eq!(of(&ledger(&device, true), &device, Some((&[], false))), Severity::Unknown, "not matched yet");
        assert_eq!(of(&ledger(&device, false), &device, Some((&[], true))), Severity::Unknown, "product not known");
        assert_eq!(of(&ledger(&device, true), &device, None), Severity::Unknown, "an earlier day");
        let stranger = Resource { declared: false, ..device.clone() };
        assert_eq!(of(&ledger(&stranger, true), &stranger, Some((&[], true))), Severity::Unknown);
        let question = [finding(device.id, Verdict::Possibly, Some(98), true)];
        assert_eq!(of(&ledger(&device, true), &device, Some((&question, true))), Severity::Unknown);
    }

    #[test]
    fn the_worst_finding_counts_also_when_old() {
        let device = device();
        for (score, exploited, wanted) in [
            (Some(31), false, Severity::Low),
            (Some(40), false, Severity::Medium),
            (None, false, Severity::Medium),
            (Some(70), false, Severity::High),
            (Some(90), false, Severity::Critical),
            (Some(31), true, Severity::Critical),
        ] {
            let low = finding(device.id, Verdict::Affected, Some(10), false);
            let rows = [low, finding(device.id, Verdict::Affected, score, exploited)];
            let known = Known::new(date(2026, 11, 25), &ledger(&device, true), Some((&rows, false)), &[]);
            assert_eq!(known.facts(&device).findings, wanted, "{score:?}");
            assert_eq!(known.badge(device.id), Some(Badge { count: 2, exploited }));
        }
    }

    #[test]
    fn the_last_day_of_support_is_a_day_of_support() {
        let day = date(2026, 11, 25);
        for (support, life, wanted) in [
            (None, None, EndOfLife::Unknown),
            (Some(date(2026, 11, 24)), None, EndOfLife::Ended),
            (Some(date(2026, 11, 25)), None, EndOfLife::Within12Months),
            (Some(date(2027, 11, 25)), None, EndOfLife::Within12Months),
            (Some(date(2027, 11, 26)), None, EndOfLife::Within24Months),
            (Some(date(2028, 11, 26)), Some(date(2020, 1, 1)), EndOfLife::Later),
            (None, Some(date(2020, 1, 1)), EndOfLife::Ended),
        ] {
            let device = Resource { support_end: support, end_of_life: life, ..device() };
            assert_eq!(end_of_life(&device, day), wanted, "{support:?} {life:?}");
        }
    }

    #[test]
    fn the_best_word_founds_a_device() {
        let device = device();
        let grades = [Grade::Declared, Grade::ConfirmedByHospital, Grade::Observed].map(|grade| (device.id, grade));
        let known = Known::new(date(2026, 11, 25), &ledger(&device, true), None, &grades);
        assert_eq!(known.facts(&device).evidence, Evidence::Hospital);
        let other = Resource::named(ResourceId::generate(), "NAS".to_owned());
        assert_eq!(known.facts(&other).evidence, Evidence::Unknown);
    }
}
