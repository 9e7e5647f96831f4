//! A second, deliberately naive way to the same verdicts: straight over the records, no index, no encoding, no sharing.
//! Random trees and devices over a small vocabulary, so that hits, near misses and unknowns are all frequent.

use crate::support::build;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use tomomori_catalogue::{Component, Device, Policy};
use tomomori_domain::finding::Verdict;
use tomomori_formats::record::{Bound, CpeMatch, Node, Operator, Range, Record, Source, State, Statement};
use tomomori_formats::version;

/// Xorshift: the same numbers in every run, so a failure can be looked at.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

const PRODUCTS: [&str; 7] = ["a:x:app", "a:x:tool", "o:x:fw", "o:y:os", "h:x:box", "h:x:rack", "a:z:lib"];
const VERSIONS: [&str; 10] = ["1.0", "1.0.0", "1.2", "1.2.5", "1.10", "2", "2.0", "2.0a", "r80", "2.0-x"];
const UPDATES: [&str; 5] = ["*", "*", "*", "-", "sp1"];

fn name(random: &mut Random, versions: &[&str]) -> String {
    let (product, version, update) = (random.pick(&PRODUCTS), random.pick(versions), random.pick(&UPDATES));
    format!("cpe:2.3:{product}:{version}:{update}:*:*:*:*:*:*")
}

fn criterion(random: &mut Random) -> CpeMatch<'static> {
    let ranged = random.below(2) == 0;
    let mut versions = vec!["*"];
    if !ranged {
        versions.extend(["*", "-"]);
        versions.extend(VERSIONS);
    }
    let cpe = name(random, &versions).into();
    let mut end = || (ranged && random.below(3) > 0).then(|| bound(random));
    let range = Range { start: end(), end: end() };
    CpeMatch { vulnerable: random.below(3) > 0, cpe, range }
}

fn bound(random: &mut Random) -> Bound<'static> {
    Bound { version: random.pick(&VERSIONS).into(), inclusive: random.below(2) == 0 }
}

fn tree(random: &mut Random, depth: usize) -> Node<'static> {
    let operator = if random.below(2) == 0 { Operator::And } else { Operator::Or };
    let matches = (0..random.below(4)).map(|_| criterion(random)).collect();
    let children = (0..if depth < 2 { random.below(3) } else { 0 }).map(|_| tree(random, depth + 1)).collect();
    Node { operator, negate: random.below(8) == 0, matches, children }
}

/// −1 false, 0 unknown, 1 true.
type Truth = i8;

fn same_or_ranged(criterion: &CpeMatch<'_>, have: &str, want: &str, platform: bool, kat: bool) -> Truth {
    let range = &criterion.range;
    match (have, want) {
        (_, "*") if range.start.is_none() && range.end.is_none() => 1,
        ("*", "-") if platform => 1,
        ("*", _) => 0,
        ("-", "-") => 1,
        ("-", _) => -1,
        (_, "-") => {
            if platform {
                0
            } else {
                -1
            }
        }
        (have, "*") => {
            let mut truth = 1;
            for (end, outside) in [(&range.start, Ordering::Less), (&range.end, Ordering::Greater)] {
                let Some(end) = end else { continue };
                truth = truth.min(match order(have, &end.version, kat) {
                    None => 0,
                    Some(Ordering::Equal) => {
                        if end.inclusive {
                            1
                        } else {
                            -1
                        }
                    }
                    Some(order) => {
                        if order == Ordering::Less && outside == Ordering::Less && shortened(have, &end.version, kat) {
                            0
                        } else if order == outside {
                            -1
                        } else {
                            1
                        }
                    }
                });
            }
            truth
        }
        (have, want) => {
            let equal = have == want || !kat && version::compare(have, want) == Some(Ordering::Equal);
            match (equal, shortened(have, want, kat)) {
                (true, _) => 1,
                (false, true) => 0,
                (false, false) => -1,
            }
        }
    }
}

/// `1` and `1.2` may stand for 1.2.5 in a ledger.
fn shortened(have: &str, full: &str, kat: bool) -> bool {
    !kat && ["1", "1.0", "1.2", "1.10", "2", "2.0"].contains(&have) && full.starts_with(&format!("{have}."))
}

/// The tables' order is total; of this vocabulary only these need its rule.
fn order(a: &str, b: &str, kat: bool) -> Option<Ordering> {
    match version::compare(a, b) {
        None | Some(Ordering::Equal) if kat => {
            let parts = |v: &str| -> Vec<(usize, String)> {
                v.split(['.', '-'])
                    .map(|p| (p.chars().take_while(char::is_ascii_digit).count(), p.to_owned()))
                    .collect()
            };
            Some(parts(a).cmp(&parts(b)))
        }
        order => order,
    }
}

/// (truth, truth carried by something vulnerable) of a tree on a device given as CPE names.
fn evaluate(node: &Node<'_>, device: &[String], kat: bool) -> (Truth, Truth) {
    let mut parts: Vec<(Truth, Truth)> = Vec::new();
    for criterion in &node.matches {
        let want: Vec<&str> = criterion.cpe.split(':').collect();
        let mut truth = -1;
        let mut there = false;
        for component in device {
            let have: Vec<&str> = component.split(':').collect();
            if have[2..5] != want[2..5] {
                continue;
            }
            there = true;
            let platform = !kat && !criterion.vulnerable;
            let version = same_or_ranged(criterion, have[5], want[5], platform, kat);
            let update = match (have[6], want[6]) {
                (_, "*") | ("-", "-") => 1,
                ("*", "-") if !kat => 1,
                ("*", _) => 0,
                (have, want) => {
                    if have == want {
                        1
                    } else {
                        -1
                    }
                }
            };
            truth = truth.max(version.min(update));
        }
        if !there && !kat && !criterion.vulnerable && want[2] != "a" {
            let stated = device.iter().any(|component| component.split(':').nth(2) == Some(want[2]));
            truth = if stated { -1 } else { 0 };
        }
        parts.push((truth, if criterion.vulnerable { truth } else { -1 }));
    }
    parts.extend(node.children.iter().map(|child| evaluate(child, device, kat)));
    let highest = |values: &mut dyn Iterator<Item = Truth>| values.max().unwrap_or(-1);
    let all = parts.iter().map(|part| part.0).min().unwrap_or(-1);
    let any = highest(&mut parts.iter().map(|part| part.0));
    let carried = highest(&mut parts.iter().map(|part| part.1));
    let (truth, carried) = match node.operator {
        Operator::And => (all, all.min(carried)),
        Operator::Or => (any, carried),
    };
    if node.negate { (-truth, -1) } else { (truth, carried) }
}

#[test]
fn naive_evaluation_agrees() {
    let mut random = Random(20_261_123);
    let trees: BTreeMap<String, Vec<Node<'static>>> = (0..400)
        .map(|number| {
            let trees = (0..1 + random.below(3)).map(|_| tree(&mut random, 0)).collect();
            (format!("CVE-2026-{number:04}"), trees)
        })
        .collect();
    let (_folder, catalogue) = build(|builder| {
        for (id, trees) in &trees {
            let record = Record {
                source: Source::Nvd,
                id: id.as_str().into(),
                document: None,
                publisher: None,
                published: None,
                modified: Some("2026-11-23".into()),
                state: State::Published,
                texts: Vec::new(),
                scores: Vec::new(),
                links: Vec::new(),
                exploited: None,
                statements: trees.iter().cloned().map(Statement::Configuration).collect(),
            };
            builder.add("random", Ok(&record));
        }
    });
    let mut versions = vec!["*", "*", "-"];
    versions.extend(VERSIONS);
    let mut verdicts = [0_usize; 3];
    for _ in 0..200 {
        let names: Vec<String> = (0..1 + random.below(5)).map(|_| name(&mut random, &versions)).collect();
        let components = names.iter().enumerate().map(|(key, name)| Component::from_cpe(key as u32, name).unwrap());
        let device = Device { components: components.collect() };
        for (policy, kat) in [(Policy::Hospital, false), (Policy::KnownAnswers, true)] {
            let found = catalogue.match_with(&device, policy).unwrap();
            let got: BTreeMap<&str, Verdict> = found.iter().map(|one| (one.id, one.verdict)).collect();
            for (id, trees) in &trees {
                let results = trees.iter().map(|tree| evaluate(tree, &names, kat));
                // A tree that holds only by what is *not* on the device is found through no product of the device.
                let indexed = trees.iter().zip(results).filter(|(tree, _)| !kat || names_any(tree, &names));
                let truth = indexed.map(|(_, (truth, carried))| if kat { truth } else { carried }).max().unwrap_or(-1);
                let want = match truth {
                    1 => Some(Verdict::Affected),
                    0 => Some(Verdict::Possibly),
                    _ => None,
                };
                verdicts[(truth + 1) as usize] += 1;
                assert_eq!(got.get(id.as_str()), want.as_ref(), "{policy:?} {id} {names:?} {trees:?}");
            }
        }
        for one in catalogue.match_device(&device).unwrap() {
            let reason = catalogue.explain(&device, &one).unwrap();
            assert!(!reason.trees.is_empty(), "{} has no reason", one.id);
            assert_eq!(one.verdict == Verdict::Possibly, one.missing.is_some(), "{}", one.id);
            let json = serde_json::to_string(&reason).unwrap();
            assert_eq!(serde_json::from_str::<tomomori_catalogue::Reason>(&json).unwrap(), reason);
        }
    }
    assert!(verdicts.iter().all(|count| *count > 2_500), "{verdicts:?}");
}

fn names_any(node: &Node<'_>, device: &[String]) -> bool {
    let product = |name: &str| -> Vec<String> { name.split(':').skip(2).take(3).map(str::to_owned).collect() };
    node.matches.iter().any(|one| device.iter().any(|name| product(name) == product(&one.cpe)))
        || node.children.iter().any(|child| names_any(child, device))
}
