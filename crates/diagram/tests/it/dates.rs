//! Two dates compared.

use crate::check::{check, well_formed};
use crate::hospitals::{line, node};
use crate::sample::{any_diagram, mock};
use proptest::prelude::*;
use tomomori_diagram::{Change, Changes, Comparison, LineKind, Options, compare, group, layout, svg};
use tomomori_domain::resource::ResourceKind;

#[test]
fn every_difference_is_marked_and_counted() {
    let old = mock();
    let mut new = mock();
    new.nodes.retain(|node| node.key != "link");
    new.lines.retain(|line| line.from != "link" && line.from != "vpn");
    new.nodes.push(node("new", "dep", "新しい装置", "X-1", ResourceKind::MedicalDevice, "A"));
    new.lines.push(line("new", "dsw", "", LineKind::Uplink));
    for node in &mut new.nodes {
        match node.key.as_str() {
            "mri" => node.zone = "care".into(),
            "lis" => node.owner = Some("A".into()),
            "pacs" => node.detail = "8.1".into(),
            "core" => node.name = "別名".into(),
            _ => {}
        }
    }
    let at = new.lines.iter().position(|line| line.label == "HL7").unwrap();
    new.lines[at].label = "HL7 v3".into();
    let Comparison { diagram, nodes, lines } = compare(&old, &new);
    assert_eq!(nodes, Changes { added: 1, removed: 1, changed: 3, zone: 1, owner: 1, version: 1 });
    assert_eq!(lines, Changes { added: 1, removed: 2, changed: 1, version: 1, ..Changes::default() });
    let change = |key: &str| diagram.nodes.iter().find(|node| node.key == key).and_then(|node| node.change);
    assert_eq!(change("link"), Some(Change::Removed));
    assert_eq!(change("core"), None, "another name alone is no change");
    let picture = layout(&diagram);
    check(&picture);
    let text = svg(&picture, &Options::default());
    well_formed(&text);
    for sign in [">＋新しい装置<", ">－連携サーバ<", ">△PACS<", ">追加<", ">撤去<", ">変更<"] {
        assert!(text.contains(sign), "{sign}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn comparing_is_the_same_both_ways(a in any_diagram(), b in any_diagram()) {
        let (there, back) = (compare(&a, &b), compare(&b, &a));
        prop_assert_eq!(there.nodes.added, back.nodes.removed);
        prop_assert_eq!(there.nodes.changed, back.nodes.changed);
        prop_assert_eq!(there.lines.added, back.lines.removed);
        prop_assert_eq!(there.lines.removed, back.lines.added);
        prop_assert_eq!(there.lines.added + a.lines.len(), there.lines.removed + b.lines.len());
        let same = compare(&a, &a);
        prop_assert_eq!((same.nodes, same.lines), (Changes::default(), Changes::default()));
        prop_assert_eq!(same.diagram, a);
        check(&layout(&there.diagram));
        check(&layout(&group(&there.diagram)));
    }
}
