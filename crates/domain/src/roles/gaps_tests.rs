use super::super::fixture::{Hospital, Made};
use super::naive;
use super::*;
use crate::agreement::{Subcontractor, System, Terms};
use crate::edition::ItemScope;
use crate::edition::Known;
use crate::resource::Update;
use crate::roles::{Settled, cells};
use jiff::civil::date;

/// Findings of one rule as (what about, why, number of sides).
fn of(hospital: &Hospital, rule: Rule) -> Vec<(On, Why, Vec<Party>)> {
    find(&hospital.facts())
        .into_iter()
        .filter(|gap| gap.rule == rule)
        .map(|gap| (gap.on, gap.why, gap.parties))
        .collect()
}

fn vendor(at: usize) -> Party {
    Party::Vendor(Made::vendor(at))
}

fn names(duties: &[(Option<Duty>, usize)]) -> Hospital {
    // One system; contract n belongs to vendor n, and each says something in its own session.
    let mut hospital = Hospital::with(1, duties.len());
    for (duty, at) in duties {
        hospital.cover(*at, &[0]).say(Some(*at), "T1", None, *duty, None);
    }
    hospital
}

#[test]
fn nobody_does() {
    use Duty::{Does, Helps, Informed, Not, Shares};
    for (own, vendors, wanted) in [
        (None, vec![], Some(Why::NotTalked)),
        (None, vec![Some(Not)], Some(Why::NotTalked)),
        (Some(Not), vec![], Some(Why::SaidNot)),
        (Some(Not), vec![None], Some(Why::NotTalked)),
        (Some(Not), vec![Some(Not), None], Some(Why::NotTalked)),
        (Some(Informed), vec![Some(Helps), Some(Not)], Some(Why::SaidNot)),
        (Some(Not), vec![Some(Does)], None),
        (Some(Shares), vec![], None),
        (None, vec![Some(Shares), None], None),
    ] {
        let mut hospital = names(&vendors.iter().copied().zip(0..).collect::<Vec<_>>());
        hospital.say(None, "T1", own, None, None);
        let found = of(&hospital, Rule::NobodyDoes);
        let told: Vec<Why> = found.iter().map(|(_, why, _)| *why).collect();
        assert_eq!(told, wanted.into_iter().collect::<Vec<_>>(), "{own:?} {vendors:?}");
        assert!(found.iter().all(|(on, _, _)| *on == On::System(Made::system(0))));
    }
}

#[test]
fn those_who_need_not_be_asked_and_places_that_need_no_answer() {
    let mut hospital = names(&[(Some(Duty::Not), 0), (None, 1)]);
    hospital.say(None, "T1", Some(Duty::Not), None, None);
    assert_eq!(of(&hospital, Rule::NobodyDoes)[0].1, Why::NotTalked);
    hospital.ledger.contracts[1].ends_on = Some(date(2026, 11, 30));
    assert_eq!(of(&hospital, Rule::NobodyDoes)[0].1, Why::SaidNot, "the contract nobody answered for has ended");
    hospital.ledger.contracts[1].ends_on = Some(date(2026, 12, 1));
    assert_eq!(of(&hospital, Rule::NobodyDoes)[0].1, Why::NotTalked, "its last day counts");
    hospital.edition.items[0].known = Known::Missing;
    assert_eq!(of(&hospital, Rule::NobodyDoes), [], "未取得 is no gap");
    assert!(!cells(&hospital.facts()).is_empty(), "but what was said about it is shown");
    hospital.edition.items[0].known = Known::Title;
    hospital.systems.values_mut().for_each(|system| system.retired = true);
    assert_eq!(of(&hospital, Rule::NobodyDoes), []);
    hospital.edition.items[0].scope = ItemScope::Hospital;
    assert_eq!(of(&hospital, Rule::NobodyDoes)[0].0, On::Hospital);
}

#[test]
fn two_do() {
    use Duty::{Does, Helps, Shares};
    for (duties, wanted) in [
        (vec![Does, Does], true),
        (vec![Does, Shares], true),
        (vec![Shares, Shares], false),
        (vec![Shares, Shares, Shares], false),
        (vec![Shares, Shares, Does], true),
        (vec![Does, Helps], false),
        (vec![Does], false),
    ] {
        let hospital = names(&duties.iter().map(|duty| Some(*duty)).zip(0..).collect::<Vec<_>>());
        let found = of(&hospital, Rule::TwoDo);
        assert_eq!(!found.is_empty(), wanted, "{duties:?}");
        let doers: Vec<Party> = (0..duties.len()).map(vendor).collect();
        assert!(found.iter().all(|(_, why, parties)| *why == Why::Alone && *parties == doers));
    }
}

#[test]
fn one_side_is_not_two_and_the_strongest_word_of_the_hospital_counts() {
    let mut hospital = Hospital::with(2, 2);
    // Both contracts are one vendor's: it does not do it twice.
    hospital.ledger.contracts[1].vendor = Made::vendor(0);
    for at in 0..2 {
        hospital.cover(at, &[0]).say(Some(at), "T1", Some(Duty::Informed), Some(Duty::Does), None);
    }
    assert_eq!(of(&hospital, Rule::TwoDo), []);
    hospital.say(None, "T1", Some(Duty::Shares), None, None);
    let found = of(&hospital, Rule::TwoDo);
    assert_eq!(found, [(On::System(Made::system(0)), Why::Alone, vec![Party::Hospital, vendor(0)])]);
    let own = cells(&hospital.facts()).into_iter().filter(|cell| cell.party == Party::Hospital);
    let own: Vec<(Option<Uuid>, Duty)> = own.map(|cell| (cell.system, cell.duty)).collect();
    assert_eq!(own, [(Some(Made::system(0)), Duty::Shares), (Some(Made::system(1)), Duty::Shares)]);
}

#[test]
fn a_department_of_the_hospital_among_the_vendors_is_the_hospital() {
    let mut hospital = names(&[(Some(Duty::Does), 0)]);
    hospital.ledger.vendors[0].name = "自院（情報システム室）".into();
    hospital.say(None, "T1", Some(Duty::Does), None, None);
    let rules: Vec<Rule> = find(&hospital.facts()).iter().map(|gap| gap.rule).collect();
    assert_eq!(rules, [], "it does not do it twice, needs no clause and names no subcontractors");
}

#[test]
fn clauses() {
    let today = date(2026, 12, 1);
    let (yesterday, tomorrow) = (date(2026, 11, 30), date(2026, 12, 2));
    for (number, starts, ends, wanted) in [
        (None, None, None, vec![(Rule::NoClause, Why::NoneNamed)]),
        (Some("第9条"), None, None, vec![(Rule::NoClause, Why::NotInContract)]),
        (Some("第5条"), None, None, vec![]),
        (Some("第5条"), Some(today), Some(today), vec![]),
        (Some("第5条"), None, Some(yesterday), vec![(Rule::ClauseEnded, Why::Ended)]),
        (Some("第5条"), Some(tomorrow), None, vec![(Rule::ClauseEnded, Why::NotBegun)]),
        (
            Some("第9条"),
            None,
            Some(yesterday),
            vec![(Rule::NoClause, Why::NotInContract), (Rule::ClauseEnded, Why::Ended)],
        ),
    ] {
        for duty in [Duty::Does, Duty::Shares, Duty::Helps, Duty::Informed, Duty::Not] {
            let mut hospital = Hospital::with(1, 1);
            hospital.ledger.contracts[0].starts_on = starts;
            hospital.ledger.contracts[0].ends_on = ends;
            hospital.cover(0, &[0]).say(Some(0), "T1", None, Some(duty), number);
            let found = find(&hospital.facts()).into_iter();
            let found = found.filter(|gap| matches!(gap.rule, Rule::NoClause | Rule::ClauseEnded));
            let found: Vec<(Rule, Why)> = found.map(|gap| (gap.rule, gap.why)).collect();
            let wanted = if duty.acts() { wanted.clone() } else { Vec::new() };
            assert_eq!(found, wanted, "{number:?} {starts:?} {ends:?} {duty:?}");
        }
    }
}

#[test]
fn subcontractors() {
    let by = |names: &[&str]| {
        let one = |name: &&str| Subcontractor { name: (*name).into(), ..Subcontractor::default() };
        Subcontracting::By(names.iter().map(one).collect())
    };
    let deep = |name: &str| {
        let below = Subcontractor { name: name.into(), ..Subcontractor::default() };
        Subcontracting::By(vec![Subcontractor { name: "下請".into(), work: None, below: vec![below] }])
    };
    for (told, wanted) in [
        (Subcontracting::Unknown, Some(Why::NotSaid)),
        (Subcontracting::None, None),
        (by(&[]), Some(Why::NotSaid)),
        (by(&["下請"]), None),
        (by(&["下請", " "]), Some(Why::Unnamed)),
        (deep("孫請"), None),
        (deep(""), Some(Why::Unnamed)),
    ] {
        let mut hospital = Hospital::with(1, 1);
        hospital.cover(0, &[0]);
        hospital.terms.get_mut(&Made::contract(0)).unwrap().subcontracting = told.clone();
        let found: Vec<Why> = of(&hospital, Rule::SubcontractorUnknown).into_iter().map(|found| found.1).collect();
        assert_eq!(found, wanted.into_iter().collect::<Vec<_>>(), "{told:?}");
    }
}

#[test]
fn subcontractors_of_contracts_that_matter() {
    let asked = |change: fn(&mut Hospital)| {
        let mut hospital = Hospital::with(1, 1);
        change(&mut hospital);
        !of(&hospital, Rule::SubcontractorUnknown).is_empty()
    };
    assert!(!asked(|_| {}), "no terms, nothing covered, nothing done");
    assert!(!asked(|h| _ = h.terms.insert(Made::contract(0), Terms::default())));
    assert!(asked(|h| _ = h.cover(0, &[0])));
    assert!(asked(|h| _ = h.say(Some(0), "T1", None, Some(Duty::Does), None)), "it does something");
    assert!(!asked(|h| _ = h.say(Some(0), "T1", None, Some(Duty::Helps), None)));
    assert!(asked(|h| h.device(0, ResourceKind::Server).contract = Some(Made::contract(0))), "a device names it");
    assert!(!asked(|h| {
        h.cover(0, &[0]);
        h.ledger.contracts[0].ends_on = Some(date(2026, 11, 30));
    }));
    assert!(!asked(|h| {
        h.cover(0, &[0]);
        h.ledger.vendors[0].name = "自院".into();
    }));
}

#[test]
fn lines_for_remote_maintenance() {
    let why = |change: fn(&mut Hospital)| {
        let mut hospital = Hospital::with(1, 1);
        let line = hospital.line(0, LineEnd::Outside("保守".into()), LineEnd::Unknown);
        (line.vendor, line.contract, line.remote_maintenance) = (Some(Made::vendor(0)), Some(Made::contract(0)), true);
        change(&mut hospital);
        of(&hospital, Rule::LineWithoutOwner).into_iter().map(|found| found.1).collect::<Vec<_>>()
    };
    assert_eq!(why(|_| {}), []);
    assert_eq!(why(|h| h.ledger.lines[0].vendor = None), [Why::NoVendor]);
    assert_eq!(why(|h| h.ledger.lines[0].contract = None), [Why::NoContract]);
    assert_eq!(
        why(|h| h.ledger.lines[0].contract = Some(Made::contract(7))),
        [Why::NoContract],
        "gone from the ledger"
    );
    assert_eq!(why(|h| h.ledger.contracts[0].ends_on = Some(date(2026, 11, 30))), [Why::Ended]);
    assert_eq!(why(|h| h.ledger.contracts[0].starts_on = Some(date(2026, 12, 2))), [Why::NotBegun]);
    assert_eq!(why(|h| h.ledger.lines[0].remote_maintenance = false), []);
    assert_eq!(
        why(|h| {
            h.ledger.lines[0].contract = None;
            h.cover(0, &[]);
            h.terms.get_mut(&Made::contract(0)).unwrap().lines.push(Made::line(0));
        }),
        [],
        "a contract's terms name it"
    );
    assert_eq!(
        why(|h| {
            h.ledger.lines[0].contract = None;
            h.ledger.vendors[0].name = "自院".into();
        }),
        []
    );
}

#[test]
fn layers_without_updater() {
    let layers = |change: fn(&mut Resource)| {
        let mut hospital = Hospital::with(0, 1);
        change(hospital.device(0, ResourceKind::Server));
        let found = of(&hospital, Rule::NoUpdater).into_iter();
        found
            .map(|found| if let On::Layer(_, layer) = found.0 { layer } else { panic!("{found:?}") })
            .collect::<Vec<_>>()
    };
    assert_eq!(layers(|_| {}), Layer::ALL);
    assert_eq!(layers(|d| d.kind = ResourceKind::Network), [Layer::Firmware]);
    assert_eq!(layers(|d| d.kind = ResourceKind::Facility), []);
    assert_eq!(layers(|d| (d.kind, d.os) = (ResourceKind::Other, Some("Linux".into()))), [Layer::Firmware, Layer::Os]);
    assert_eq!(layers(|d| d.state = Some(ResourceState::Retired)), []);
    // A box only the wire knows needs an updater as well, and is counted where the ledger counts it.
    assert_eq!(layers(|d| d.declared = false), Layer::ALL);
    assert_eq!(
        layers(|d| {
            d.updates.insert(Layer::Os, Update { by: Some(Made::vendor(0)), clause: None });
            d.updates.insert(Layer::Firmware, Update::default());
        }),
        [Layer::Firmware, Layer::Middleware, Layer::Application],
        "a clause without a name is nobody"
    );
}

/// Dossier §8, 3: bought outright without a contract, the update falls to the hospital and is flagged.
#[test]
fn rule_3_what_was_bought_outright_is_the_hospitals_and_is_flagged() {
    let mut hospital = Hospital::with(0, 1);
    hospital.device(0, ResourceKind::Network).purchase = Some(PurchaseForm::Bought);
    let wanted = [(On::Layer(Made::device(0), Layer::Firmware), Why::Nobody, vec![Party::Hospital])];
    assert_eq!(of(&hospital, Rule::NoUpdater), wanted);
    assert_eq!(super::super::responsible(&hospital.ledger, &hospital.ledger.resources[0]), Some(Party::Hospital));
    hospital.ledger.resources[0].contract = Some(Made::contract(0));
    assert_eq!(of(&hospital, Rule::NoUpdater)[0].2, [vendor(0)], "a contract says otherwise");
    hospital.ledger.resources[0].maintained_by = Some(Made::vendor(3));
    assert_eq!(of(&hospital, Rule::NoUpdater)[0].2, [vendor(3)]);
}

/// Dossier §8, 9: all servers are looked at, each that no contract in force covers stands in the way.
#[test]
fn rule_9_servers_outside_every_contract() {
    let why = |change: fn(&mut Hospital)| {
        let mut hospital = Hospital::with(1, 1);
        hospital.device(0, ResourceKind::Server);
        hospital.device(1, ResourceKind::Client);
        change(&mut hospital);
        of(&hospital, Rule::OutsideScope).into_iter().map(|found| found.1).collect::<Vec<_>>()
    };
    assert_eq!(why(|_| {}), [Why::NoContract]);
    assert_eq!(why(|h| h.ledger.resources[0].contract = Some(Made::contract(0))), []);
    assert_eq!(
        why(|h| {
            h.ledger.resources[0].contract = Some(Made::contract(0));
            h.ledger.contracts[0].ends_on = Some(date(2026, 11, 30));
        }),
        [Why::Ended]
    );
    assert_eq!(
        why(|h| {
            h.cover(0, &[]);
            h.terms.get_mut(&Made::contract(0)).unwrap().resources.push(Made::device(0));
        }),
        []
    );
    let through_system: fn(&mut Hospital) = |h| {
        h.cover(0, &[0]);
        h.systems.get_mut(&Made::system(0)).unwrap().resources.push(Made::device(0));
    };
    assert_eq!(why(through_system), []);
    assert_eq!(
        why(|h| {
            h.cover(0, &[0]);
            let system = h.systems.get_mut(&Made::system(0)).unwrap();
            (system.resources, system.retired) = (vec![Made::device(0)], true);
        }),
        [Why::NoContract]
    );
    assert_eq!(why(|h| h.ledger.resources[0].state = Some(ResourceState::Retired)), []);
    assert_eq!(why(|h| _ = h.device(2, ResourceKind::Server)).len(), 2, "every one of them");
}

#[test]
fn joints() {
    let sides = |change: fn(&mut Hospital)| {
        let mut hospital = Hospital::with(0, 3);
        for at in 0..2 {
            hospital.device(at, ResourceKind::Other).maintained_by = Some(Made::vendor(at));
        }
        hospital.line(0, LineEnd::Resource(Made::device(1)), LineEnd::Resource(Made::device(0)));
        change(&mut hospital);
        of(&hospital, Rule::Joint).into_iter().flat_map(|found| found.2).collect::<Vec<_>>()
    };
    assert_eq!(sides(|_| {}), [vendor(0), vendor(1)]);
    assert_eq!(sides(|h| h.ledger.resources[1].maintained_by = Some(Made::vendor(0))), []);
    assert_eq!(sides(|h| h.ledger.resources[1].maintained_by = None), [], "nobody knows whose it is");
    assert_eq!(sides(|h| h.ledger.vendors[1].name = "自院".into()), [Party::Hospital, vendor(0)]);
    assert_eq!(sides(|h| h.ledger.lines[0].from = LineEnd::Unknown), []);
    let outside: fn(&mut Hospital) = |h| {
        h.ledger.lines[0].from = LineEnd::Outside("センター".into());
        h.ledger.lines[0].vendor = Some(Made::vendor(2));
    };
    assert_eq!(sides(outside), [vendor(0), vendor(2)]);
    assert_eq!(sides(|h| h.ledger.lines[0].from = LineEnd::Outside("センター".into())), []);
    assert_eq!(sides(|h| h.ledger.resources[0].state = Some(ResourceState::Retired)), []);
}

#[test]
fn a_joint_is_open_until_both_sides_settled_every_topic() {
    let both = [vendor(0), vendor(1)];
    let settled = |text: &str, agreed: &[Party]| Settled {
        text: text.into(),
        agreed: agreed.to_vec(),
        entered_by: String::new(),
    };
    for (one, open) in [
        (None, true),
        (Some(settled("網屋が先に見ます。", &both)), false),
        (Some(settled("網屋が先に見ます。", &both[..1])), true),
        (Some(settled(" ", &both)), true),
        (Some(settled("網屋が先に見ます。", &[Party::Hospital, both[0]])), true),
    ] {
        let mut joint = Joint::default();
        joint.settled.extend(one.clone().map(|one| (JointTopic::Faults, one)));
        assert_eq!(super::open(Some(&joint), both).contains(&JointTopic::Faults), open, "{one:?}");
        assert_eq!(super::open(Some(&joint), both).len(), if open { 5 } else { 4 });
    }
    let mut hospital = Hospital::with(0, 2);
    for at in 0..2 {
        hospital.device(at, ResourceKind::Other).maintained_by = Some(Made::vendor(at));
    }
    hospital.line(0, LineEnd::Resource(Made::device(0)), LineEnd::Resource(Made::device(1)));
    assert_eq!(of(&hospital, Rule::Joint).len(), 1);
    let all = JointTopic::ALL.iter().map(|topic| (*topic, settled("決めました。", &both))).collect();
    hospital.joints.insert(Made::line(0), Joint { settled: all, ..Joint::default() });
    assert_eq!(of(&hospital, Rule::Joint), []);
}

/// Dossier §8, 2: nobody agreed is a gap, two alone are an overlap, an item both carry (Part2) is none.
#[test]
fn rule_2_gap_overlap_and_joint_work() {
    let mut hospital = Hospital::with(1, 2);
    hospital.cover(0, &[0]).cover(1, &[0]);
    hospital.items(&["gap", "overlap", "together"]);
    for at in 0..2 {
        hospital.say(Some(at), "gap", Some(Duty::Not), Some(Duty::Not), None);
        hospital.say(Some(at), "overlap", Some(Duty::Informed), Some(Duty::Does), Some("第5条"));
        hospital.say(Some(at), "together", Some(Duty::Shares), Some(Duty::Shares), Some("第5条"));
    }
    let found = find(&hospital.facts()).into_iter().filter(|gap| gap.item.is_some());
    let found: Vec<(Rule, Option<usize>, Why)> = found.map(|gap| (gap.rule, gap.item, gap.why)).collect();
    assert_eq!(found, [(Rule::NobodyDoes, Some(0), Why::SaidNot), (Rule::TwoDo, Some(1), Why::Alone)]);
}

/// A session of another edition, or of an item the edition does not have, says nothing here.
#[test]
fn words_of_other_editions_do_not_count() {
    let mut hospital = names(&[(Some(Duty::Does), 0)]);
    hospital.say(Some(0), "unknown item", None, Some(Duty::Does), None);
    assert_eq!(cells(&hospital.facts()).len(), 1);
    hospital.sessions[0].edition = "another".into();
    assert_eq!(cells(&hospital.facts()), []);
    assert_eq!(of(&hospital, Rule::NobodyDoes).len(), 1);
}

#[test]
fn a_thousand_random_hospitals_agree_with_the_slow_rules() {
    let mut rules = std::collections::BTreeSet::new();
    for seed in 0..1_000 {
        let hospital = Hospital::random(seed);
        let fast = find(&hospital.facts());
        assert!(fast.is_sorted(), "seed {seed}");
        let slow = naive::find(&hospital.facts());
        let set: std::collections::BTreeSet<Gap> = fast.iter().cloned().collect();
        assert_eq!(set.len(), fast.len(), "seed {seed}: none twice");
        assert_eq!(set, slow, "seed {seed}");
        rules.extend(fast.iter().map(|gap| (gap.rule, gap.why)));
    }
    // All that the rules can say was said: the hospitals are not too tame to tell anything.
    assert_eq!(rules.len(), 2 + 1 + 2 + 2 + 2 + 4 + 1 + 3 + 1, "{rules:?}");
}

#[test]
fn one_more_vendor_never_hides_a_gap() {
    for seed in 0..1_000 {
        let before = Hospital::random(seed);
        let mut after = before.clone();
        let at = after.add_bystander(seed);
        let left: std::collections::BTreeSet<Key> = find(&after.facts()).iter().map(Gap::key).collect();
        // A server of a system that the new contract covers no longer lies outside every contract; nothing else may go.
        let covers = after.terms.get(&Made::contract(at)).is_some_and(|terms| !terms.systems.is_empty());
        for gap in find(&before.facts()).into_iter().filter(|gap| !(covers && gap.rule == Rule::OutsideScope)) {
            assert!(left.contains(&gap.key()), "seed {seed}: {gap:?} went away with vendor {at}");
        }
    }
}

#[test]
fn the_order_of_the_facts_does_not_matter() {
    for seed in 0..100 {
        let hospital = Hospital::random(seed);
        let mut turned = hospital.clone();
        turned.ledger.contracts.reverse();
        turned.ledger.resources.reverse();
        turned.ledger.components.reverse();
        turned.ledger.lines.reverse();
        turned.ledger.vendors.reverse();
        turned.sessions.reverse();
        assert_eq!(find(&hospital.facts()), find(&turned.facts()), "seed {seed}");
        assert_eq!(cells(&hospital.facts()).len(), cells(&turned.facts()).len());
    }
}

#[test]
fn a_system_that_nobody_named_is_not_covered() {
    let mut hospital = Hospital::with(1, 1);
    hospital.cover(0, &[5]);
    hospital.say(Some(0), "T1", None, Some(Duty::Does), None);
    assert_eq!(cells(&hospital.facts()), [], "the contract covers a system that is gone");
    hospital.systems.insert(Made::system(5), System { name: "新".into(), ..System::default() });
    assert_eq!(cells(&hospital.facts()).len(), 1);
}
