//! What the layers say of a device. Unknown stays unknown: nothing here is better than what is stored about it.

use crate::lifetimes::Whole;
use std::collections::HashMap;
use tomomori_diagram::{Badge, EndOfLife, Evidence, Facts, Severity};
use tomomori_domain::finding::{Finding, Verdict};
use tomomori_domain::ids::ResourceId;
use tomomori_domain::lifetime::LifeClass;
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
    /// Where the support of devices in use stands.
    ends: HashMap<ResourceId, Whole>,
    /// Findings are of the catalogue and the ledger as they are.
    current: bool,
}

impl Known {
    /// `findings` are `None` for an earlier day: they are known for today only.
    pub(super) fn new(
        ends: HashMap<ResourceId, Whole>,
        ledger: &Ledger,
        findings: Option<(&[Finding], bool)>,
        grades: &[(ResourceId, Grade)],
    ) -> Self {
        let mut known = Self { ends, current: findings.is_some_and(|(_, current)| current), ..Self::default() };
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
        let ends = self.ends.get(&resource.id);
        Facts {
            findings: self.worst.get(&resource.id).copied().unwrap_or(nothing),
            end_of_life: ends.map(|whole| end_of_life(whole.class)).unwrap_or_default(),
            ends_open: ends.is_some_and(|whole| whole.open),
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

/// The picture's legend has no word of its own for limited support and for "none announced": the end is not near.
fn end_of_life(class: LifeClass) -> EndOfLife {
    match class {
        LifeClass::Ended => EndOfLife::Ended,
        LifeClass::Within12 => EndOfLife::Within12Months,
        LifeClass::Within24 => EndOfLife::Within24Months,
        LifeClass::Unknown => EndOfLife::Unknown,
        LifeClass::Limited | LifeClass::Later | LifeClass::NoEnd => EndOfLife::Later,
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
        let of = |ledger: &Ledger, device: &Resource, findings: Option<(&[Finding], bool)>| {
            Known::new(HashMap::new(), ledger, findings, &[]).facts(device).findings
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
            let known = Known::new(HashMap::new(), &ledger(&device, true), Some((&rows, false)), &[]);
            assert_eq!(known.facts(&device).findings, wanted, "{score:?}");
            assert_eq!(known.badge(device.id), Some(Badge { count: 2, exploited }));
        }
    }

    #[test]
    fn a_device_without_a_known_end_is_unknown() {
        let device = device();
        for (class, wanted) in [
            (None, EndOfLife::Unknown),
            (Some(LifeClass::Unknown), EndOfLife::Unknown),
            (Some(LifeClass::Ended), EndOfLife::Ended),
            (Some(LifeClass::Within12), EndOfLife::Within12Months),
            (Some(LifeClass::Limited), EndOfLife::Later),
        ] {
            for open in [false, true] {
                let ends = class.map(|class| (device.id, Whole { class, open })).into_iter().collect();
                let facts = Known::new(ends, &ledger(&device, true), None, &[]).facts(&device);
                assert_eq!((facts.end_of_life, facts.ends_open), (wanted, open && class.is_some()), "{class:?}");
            }
        }
    }

    #[test]
    fn the_best_word_founds_a_device() {
        let device = device();
        let grades = [Grade::Declared, Grade::ConfirmedByHospital, Grade::Observed].map(|grade| (device.id, grade));
        let known = Known::new(HashMap::new(), &ledger(&device, true), None, &grades);
        assert_eq!(known.facts(&device).evidence, Evidence::Hospital);
        let other = Resource::named(ResourceId::generate(), "NAS".to_owned());
        assert_eq!(known.facts(&other).evidence, Evidence::Unknown);
    }
}
