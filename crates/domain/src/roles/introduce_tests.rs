//! The seed's example small: A runs the claims system, B brings the EHR.

use super::*;
use crate::agreement::{Clause, Subcontracting};
use crate::confirmation::Duty;
use crate::roles::fixture::{Hospital, Made, TODAY};
use crate::roles::gaps::{Why, find};

/// A maintains server 1 of system 1 by contract 1, and does everything by its clause.
fn hospital() -> Hospital {
    let mut h = Hospital::with(1, 1);
    h.items(&["T1", "T2"]);
    h.device(0, ResourceKind::Server).maintained_by = Some(Made::vendor(0));
    let update = Update { by: Some(Made::vendor(0)), clause: None };
    h.ledger.resources[0].updates = Layer::ALL.iter().map(|layer| (*layer, update.clone())).collect();
    h.systems.get_mut(&Made::system(0)).unwrap().resources.push(Made::device(0));
    h.cover(0, &[0]);
    h.terms.get_mut(&Made::contract(0)).unwrap().subcontracting = Subcontracting::None;
    for item in ["T1", "T2"] {
        h.say(Some(0), item, Some(Duty::Informed), Some(Duty::Does), Some("第5条"));
    }
    h
}

fn plan() -> Plan {
    Plan {
        name: "電子カルテ".to_owned(),
        state: PlanState::Draft,
        system: Made::system(8),
        vendor: PlannedVendor { id: Made::vendor(8), name: "B社".to_owned(), known: false },
        contract: Some(PlannedContract {
            id: Made::contract(8),
            number: "案".to_owned(),
            title: "電子カルテ保守".to_owned(),
            starts_on: Some(TODAY.tomorrow().unwrap()),
            ends_on: None,
            terms: Terms {
                systems: vec![Made::system(8)],
                clauses: vec![Clause { number: "第4条".to_owned(), text: String::new() }],
                subcontracting: Subcontracting::None,
                ..Terms::default()
            },
        }),
        resources: vec![PlannedResource {
            id: Made::device(8),
            name: "電子カルテサーバ".to_owned(),
            kind: ResourceKind::Server,
            zone: None,
            purchase: None,
            maintained: true,
            updates: vec![Layer::Application],
            product: None,
        }],
        shared: Vec::new(),
        lines: vec![PlannedLine {
            id: Made::line(8),
            from: LineEnd::Resource(Made::device(8)),
            to: LineEnd::Resource(Made::device(0)),
            purpose: Some("レセプト連携".to_owned()),
            protocol: Some("HL7".to_owned()),
            remote: false,
        }],
        note: None,
    }
}

fn with(h: &Hospital, plan: &Plan) -> Hospital {
    let parts = Parts { ledger: h.ledger.clone(), systems: h.systems.clone(), terms: h.terms.clone() };
    let Parts { ledger, systems, terms } = apply(parts, plan, TODAY);
    Hospital { ledger, systems, terms, ..h.clone() }
}

/// Dossier §8, rule 10: a new contract and system are compared with what there is, before they are live.
#[test]
fn rule_10_a_plan_shows_its_gaps_and_joints_before_it_is_live() {
    let h = hospital();
    assert_eq!(h.gaps(), []);
    let mut after = with(&h, &plan());
    let told = outcome(&h.gaps(), &after.gaps());
    assert_eq!((told.gone.len(), told.kept.len()), (0, 0));
    let rules: Vec<(Rule, On)> = told.new.iter().map(|gap| (gap.rule, gap.on)).collect();
    assert_eq!(
        rules,
        [
            (Rule::NobodyDoes, On::System(Made::system(8))),
            (Rule::NobodyDoes, On::System(Made::system(8))),
            (Rule::NoUpdater, On::Layer(Made::device(8), Layer::Firmware)),
            (Rule::NoUpdater, On::Layer(Made::device(8), Layer::Os)),
            (Rule::NoUpdater, On::Layer(Made::device(8), Layer::Middleware)),
            (Rule::Joint, On::Line(Made::line(8))),
        ]
    );
    // What was talked about counts in the dry run.
    after.say(Some(8), "T1", Some(Duty::Informed), Some(Duty::Does), Some("第4条"));
    after.say(Some(8), "T2", Some(Duty::Does), Some(Duty::Does), Some("第4条"));
    let rules: Vec<Rule> = outcome(&h.gaps(), &after.gaps()).new.iter().map(|gap| gap.rule).take(2).collect();
    assert_eq!(rules, [Rule::TwoDo, Rule::NoUpdater]);
    assert_eq!(h, hospital(), "nothing of it is live");
}

#[test]
fn a_draft_that_names_nothing_covers_nothing() {
    let mut bare = plan();
    bare.contract.as_mut().unwrap().terms = Terms::default();
    bare.lines[0].remote = true;
    let after = with(&hospital(), &bare);
    let found = |rule| after.gaps().into_iter().find(|gap| gap.rule == rule).map(|gap| (gap.on, gap.why));
    assert_eq!(found(Rule::OutsideScope), Some((On::Resource(Made::device(8)), Why::NoContract)));
    assert_eq!(found(Rule::LineWithoutOwner), Some((On::Line(Made::line(8)), Why::NoContract)));
    bare.contract.as_mut().unwrap().terms.lines = vec![Made::line(8)];
    bare.contract.as_mut().unwrap().terms.resources = vec![Made::device(8)];
    let gaps = with(&hospital(), &bare).gaps();
    assert!(!gaps.iter().any(|gap| matches!(gap.rule, Rule::OutsideScope | Rule::LineWithoutOwner)));
    assert!(gaps.iter().any(|gap| (gap.rule, gap.why) == (Rule::SubcontractorUnknown, Why::NotSaid)));
}

#[test]
fn gaps_that_a_plan_closes_are_told() {
    let mut h = hospital();
    h.device(2, ResourceKind::Server).maintained_by = Some(Made::vendor(0));
    let mut wider = plan();
    wider.shared = vec![Made::device(2)];
    let told = outcome(&h.gaps(), &with(&h, &wider).gaps());
    assert_eq!(
        told.gone.iter().map(|gap| (gap.rule, gap.on)).collect::<Vec<_>>(),
        [(Rule::OutsideScope, On::Resource(Made::device(2)))]
    );
    assert_eq!(told.kept.len(), Layer::ALL.len(), "nobody updates the shared one, as before");
}

#[test]
fn every_gap_is_asked_of_somebody() {
    let h = hospital();
    let planned = plan();
    let after = with(&h, &planned);
    let gaps = find(&after.facts());
    let asked = questions(&planned, &after.facts(), &gaps);
    let rules = |party| asked[&party].iter().map(|gap: &Gap| gap.rule).collect::<Vec<_>>();
    let (a, b) = (Party::Vendor(Made::vendor(0)), Party::Vendor(Made::vendor(8)));
    assert_eq!(rules(a), [Rule::Joint]);
    let nobody = [Rule::NobodyDoes; 2].into_iter().chain([Rule::NoUpdater; 3]).chain([Rule::Joint]);
    assert_eq!(rules(b), nobody.collect::<Vec<_>>());
    assert_eq!(asked.len(), 2);
    for seed in 0..200 {
        let after = with(&Hospital::random(seed), &planned);
        let gaps = after.gaps();
        let asked = questions(&planned, &after.facts(), &gaps);
        let all: BTreeSet<&Gap> = asked.values().flatten().collect();
        assert_eq!(all.len(), gaps.len(), "seed {seed}");
    }
}
