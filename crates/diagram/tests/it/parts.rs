//! Folded zones, surroundings and owners' parts: no line is ever lost.

use crate::check::check;
use crate::hospitals::{hospital, line, node, zone};
use crate::sample::{any_diagram, mock};
use proptest::prelude::*;
use std::collections::BTreeSet;
use tomomori_diagram::{Diagram, LineKind, Part, collapse, focus, fold_key, group, layout, only, only_owner};
use tomomori_domain::resource::{ResourceKind, ZoneKind};

fn keys(keys: &[&str]) -> BTreeSet<String> {
    keys.iter().map(|key| (*key).to_owned()).collect()
}

/// Every line is drawn, counted in a drawn one, or returned; so is every device.
fn nothing_is_lost(d: &Diagram, part: &Part) {
    let drawn: u32 = part.diagram.lines.iter().map(|line| line.count).sum();
    let cut: u32 = part.cut.iter().map(|line| line.count).sum();
    assert_eq!(drawn + cut, d.lines.iter().map(|line| line.count).sum::<u32>());
    let devices: u32 = part.diagram.nodes.iter().map(|node| node.count).sum();
    let left = d.nodes.iter().filter(|node| part.left_out.contains(&node.key)).map(|node| node.count).sum::<u32>();
    assert_eq!(devices + left, d.nodes.iter().map(|node| node.count).sum::<u32>());
}

#[test]
fn five_thousand_nodes_collapse_to_one_box_per_zone() {
    let d = hospital(20, 5000);
    let part = collapse(&d, &keys(&["care3"]));
    nothing_is_lost(&d, &part);
    let edge = d.nodes.iter().filter(|node| ["out", "edge"].contains(&node.zone.as_str())).count();
    let open = d.nodes.iter().filter(|node| node.zone == "care3").count();
    let folds: Vec<_> = part.diagram.nodes.iter().filter(|node| node.fold.is_some()).collect();
    assert_eq!(part.diagram.nodes.len(), edge + open + folds.len());
    assert_eq!(folds.len(), d.zones.len() - 3);
    assert!(part.left_out.is_empty());
    let servers = folds.iter().find(|node| node.key == fold_key("srv")).unwrap();
    let fold = servers.fold.as_ref().unwrap();
    let in_zone = |test: fn(&tomomori_diagram::Node) -> bool| {
        d.nodes.iter().filter(|node| node.zone == "srv" && test(node)).count() as u32
    };
    assert_eq!(fold.nobody, in_zone(|node| node.nobody));
    assert_eq!(fold.unknown, in_zone(|node| node.unknown));
    assert_eq!(
        servers.badge.map(|badge| badge.count),
        Some(d.nodes.iter().filter(|n| n.zone == "srv").filter_map(|n| n.badge).map(|b| b.count).sum())
    );
    assert!(
        servers.name.starts_with("サーバ ") && servers.detail == format!("！{} ？{}", fold.nobody, fold.unknown),
        "{servers:?}"
    );
    let all = collapse(&d, &BTreeSet::new());
    assert_eq!(
        collapse(&part.diagram, &BTreeSet::new()).diagram.nodes.iter().find(|n| n.key == fold_key("srv")),
        all.diagram.nodes.iter().find(|n| n.key == fold_key("srv")),
        "folding again changes nothing"
    );
    let layout = layout(&group(&part.diagram));
    check(&layout);
    println!("collapsed: {} boxes, {}×{}", layout.nodes.len(), layout.width, layout.height);
}

#[test]
fn focus_leads_over_the_boundary_and_folds_the_rest() {
    let d = mock();
    let part = focus(&d, "food", 1);
    nothing_is_lost(&d, &part);
    let drawn: BTreeSet<&str> = part.diagram.nodes.iter().map(|node| node.key.as_str()).collect();
    for key in ["food", "dsw", "fw", "o4", "o3", "fold:srv", "fold:dep"] {
        assert!(drawn.contains(key), "{key}: {drawn:?}");
    }
    assert!(!drawn.contains("vpn") && part.left_out.contains(&"fsw".to_owned()));
    check(&layout(&part.diagram));
    let nobody = focus(&d, "no such node", 3);
    assert!(nobody.diagram.nodes.is_empty());
    nothing_is_lost(&d, &nobody);
}

#[test]
fn a_vendors_part_says_nothing_of_others() {
    let d = mock();
    let part = only_owner(&d, "P");
    nothing_is_lost(&d, &part);
    assert!(part.diagram.nodes.iter().all(|node| node.owner.as_deref() == Some("P")));
    let text = format!("{:?}", part.diagram);
    for other in ["A社", "B社", "レセプト", "core", "網屋"] {
        assert!(!text.contains(other), "{other}");
    }
    // Colours stay those of the whole.
    let swatch = |d: &Diagram| layout(d).nodes.iter().find(|node| node.node.key == "pacs").map(|n| n.swatch.clone());
    assert_eq!(swatch(&d), swatch(&part.diagram));
    let two = only(&d, &keys(&["rece", "ehr"]));
    assert_eq!((two.diagram.nodes.len(), two.diagram.lines.len()), (2, 1));
    assert_eq!(two.cut.len(), d.lines.len() - 1);
}

#[test]
fn lines_between_folded_zones_are_one_with_a_count() {
    let mut d = Diagram {
        zones: vec![zone("a", "A", "", ZoneKind::Care), zone("b", "B", "", ZoneKind::Servers)],
        ..Diagram::default()
    };
    for i in 0..5 {
        d.nodes.push(node(&format!("a{i}"), "a", "a", "", ResourceKind::Client, "H"));
        d.nodes.push(node(&format!("b{i}"), "b", "b", "", ResourceKind::Server, "H"));
        d.lines.push(line(&format!("a{i}"), &format!("b{i}"), "HL7", LineKind::Link));
        d.lines.push(line(&format!("a{i}"), "a0", "", LineKind::Uplink));
    }
    d.lines.push(tomomori_diagram::Line { unowned: true, ..line("a0", "b1", "RDP", LineKind::Remote) });
    let part = collapse(&d, &BTreeSet::new());
    nothing_is_lost(&d, &part);
    let lines: Vec<_> = part.diagram.lines.iter().map(|l| (l.label.as_str(), l.count, l.unowned)).collect();
    assert_eq!(lines, [("HL7", 5, false), ("RDP", 1, true)]);
    assert!(layout(&part.diagram).wires.iter().any(|w| w.label.as_ref().is_some_and(|l| l.text == "HL7 ×5")));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_part_loses_anything(d in any_diagram(), zone in 0..9_usize, node in 0..80_usize, hops in 0..4_usize) {
        let parts = [
            collapse(&d, &keys(&[&format!("z{zone}")])),
            focus(&d, &format!("n{node}"), hops),
            only_owner(&d, "A"),
            only(&d, &(0..node).map(|i| format!("n{i}")).collect()),
        ];
        for part in parts {
            nothing_is_lost(&d, &part);
            check(&layout(&part.diagram));
            prop_assert!(layout(&part.diagram).undrawn.is_empty() || part.diagram.lines.iter().any(|l| l.from == l.to));
        }
    }
}
