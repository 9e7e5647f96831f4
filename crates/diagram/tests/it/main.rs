//! The diagram as a whole: what it promises about any input, and how a hospital of 400 devices comes out.

mod a3;
mod check;
mod dates;
mod exchange;
mod hospitals;
mod layers;
mod parts;
mod quality;
mod sample;
mod stable;

use proptest::prelude::*;
use sample::any_diagram;
use std::time::Instant;
use tomomori_diagram::{Diagram, LineKind, Options, group, layout, svg};
use tomomori_domain::resource::ResourceKind::{Client, Network, Server};
use tomomori_domain::resource::ZoneKind;

fn file() -> Options {
    Options { self_contained: true, ..Options::default() }
}

#[test]
fn a_small_diagram_to_the_letter() {
    let mut d =
        Diagram { title: vec!["構成図 <試験>".into()], description: "説明".into(), ..Diagram::default() };
    d.zones = vec![
        sample::zone("edge", "境界", "", ZoneKind::Boundary),
        sample::zone("srv", "サーバ室", "10.0.0.0/24", ZoneKind::Servers),
    ];
    d.nodes = vec![
        sample::node("vpn", "edge", "VPN & 保守", "FortiGate", Network, "!"),
        sample::node("sw", "srv", "スイッチ", "", Network, "?"),
        sample::node("s1", "srv", "とても長い名前の電子カルテサーバ", "RHEL 8.6", Server, ""),
    ];
    d.lines = vec![sample::line("vpn", "sw", "保守", LineKind::Remote), sample::line("s1", "sw", "", LineKind::Uplink)];
    insta::assert_snapshot!(svg(&layout(&d), &Options::default()));
}

#[test]
fn the_hospital_of_the_mock_page() {
    let layout = layout(&sample::mock());
    let found = check::check(&layout);
    println!("mock page: {}×{}, {} crossings, {} bends", layout.width, layout.height, found.crossings, found.bends);
    assert_eq!((found.label_hits, layout.undrawn.len()), (0, 0));
    assert!(found.crossings <= 6 && layout.width <= 1400 && layout.height <= 900);
    insta::assert_snapshot!(svg(&layout, &file()));
}

#[test]
fn four_hundred_devices_are_readable_on_a3() {
    let drawn = group(&sample::hospital(400));
    let layout = layout(&drawn);
    let found = check::check(&layout);
    let picture = svg(&layout, &file());
    // A3 landscape with 10 mm margins, in points.
    let scale = (1133.9 / f64::from(layout.width)).min(785.2 / f64::from(layout.height));
    let smallest = picture.split("font-size=\"").skip(1).filter_map(|rest| rest.split('"').next()?.parse::<f64>().ok());
    let smallest = smallest.fold(f64::MAX, f64::min);
    println!(
        "400 devices: {} boxes, {}×{} px, scale {scale:.3} pt/px, smallest text {:.2} pt, {} crossings, {} bends",
        layout.nodes.len(),
        layout.width,
        layout.height,
        scale * smallest,
        found.crossings,
        found.bends
    );
    let devices: u32 = layout.nodes.iter().map(|node| node.node.count).sum();
    assert_eq!(devices as usize, sample::hospital(400).nodes.iter().map(|node| node.count as usize).sum::<usize>());
    assert!(scale * smallest >= 6.5, "{:.2} pt", scale * smallest);
    assert!(found.label_hits <= 2, "{} texts lie on wires", found.label_hits);
    assert!(found.crossings <= 400, "{} crossings", found.crossings);
}

#[test]
fn five_thousand_nodes_in_a_second() {
    let mut d = sample::hospital(5000);
    // Nothing may be grouped away, else this would measure grouping.
    for (i, node) in d.nodes.iter_mut().enumerate() {
        node.detail = format!("型番 {i}");
    }
    let start = Instant::now();
    let layout = layout(&group(&d));
    let laid = start.elapsed();
    let picture = svg(&layout, &file());
    let all = start.elapsed();
    println!("5,000 nodes: layout {laid:?}, with SVG {all:?}, {} bytes", picture.len());
    assert!(layout.nodes.len() >= 5000);
    check::check(&layout);
    check::well_formed(&picture);
    // Generous: the figure is printed, this only catches a quadratic step.
    assert!(all.as_secs_f64() < 5.0, "{all:?}");
}

#[test]
fn groups_only_what_is_equal() {
    let mut d = sample::hospital(20);
    d.nodes.clear();
    d.lines.clear();
    d.nodes.push(sample::node("sw", "care", "スイッチ", "X", Network, "N"));
    for i in 0..9 {
        d.nodes.push(sample::node(&format!("pc{i}"), "care", &format!("端末PC-{i:03}"), "Win11", Client, "H"));
        d.lines.push(sample::line(&format!("pc{i}"), "sw", "", LineKind::Uplink));
    }
    d.nodes[1].detail = "Win10".into();
    d.nodes[2].nobody = true;
    d.nodes[3].zone = "dep".into();
    d.nodes[4].badge = Some(tomomori_diagram::Badge { count: 1, exploited: false });
    d.lines.push(sample::line("pc4", "sw", "HL7", LineKind::Link));
    let drawn = group(&d);
    let group = drawn.nodes.iter().find(|node| node.count > 1).unwrap();
    assert_eq!((group.key.as_str(), group.name.as_str(), group.count), ("pc5", "端末PC", 4));
    assert_eq!(group.members, ["pc5", "pc6", "pc7", "pc8"]);
    assert_eq!(group.href, None);
    assert_eq!(drawn.nodes.len(), 1 + 5 + 1);
    assert_eq!(drawn.lines.len(), 7);
    assert_eq!(tomomori_diagram::group(&drawn), drawn, "grouping again changes nothing");
}

#[test]
fn lines_without_ends_are_reported_and_stray_nodes_drawn() {
    let mut d = sample::mock();
    d.lines.push(sample::line("core", "nowhere", "", LineKind::Link));
    d.lines.push(sample::line("core", "core", "", LineKind::Link));
    d.nodes.push(sample::node("stray", "no such zone", "迷子", "", Server, "?"));
    let layout = layout(&d);
    assert_eq!(layout.undrawn, [d.lines.len() - 2, d.lines.len() - 1]);
    assert!(layout.nodes.iter().any(|node| node.node.key == "stray" && node.rect.w > 0));
    check::check(&layout);
}

#[test]
fn hostile_texts_and_links_stay_harmless() {
    let mut d = sample::mock();
    let bad = "\"><script>alert(1)</script>\u{0}\u{1b}\u{202e}&amp;]]>";
    for node in &mut d.nodes {
        node.href = Some("javascript:alert(1)".into());
        (node.name, node.detail, node.key) = (bad.into(), bad.into(), format!("{}{bad}", node.key));
    }
    d.nodes[0].href = Some("//evil.example/".into());
    d.nodes[1].href = Some("/ledger/1?a=\"b\"&c".into());
    d.title = vec![bad.into()];
    let picture = svg(&layout(&d), &Options { id_prefix: "a\"b".into(), ..Options::default() });
    check::well_formed(&picture);
    for never in ["javascript:", "evil.example", "\u{1b}", "\u{202e}"] {
        assert!(!picture.contains(never), "{never:?}");
    }
    assert!(picture.contains(r#"<a href="/ledger/1?a=&quot;b&quot;&amp;c">"#));
    assert_eq!(picture.matches("<a ").count(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_diagram_keeps_the_promises(d in any_diagram()) {
        let layout = layout(&d);
        check::check(&layout);
        let picture = svg(&layout, &Options::default());
        check::well_formed(&picture);
        prop_assert_eq!(&picture, &svg(&tomomori_diagram::layout(&d), &Options::default()));
        let drawn: usize = layout.wires.iter().map(|wire| wire.lines.len()).sum();
        prop_assert_eq!(drawn + layout.undrawn.len(), d.lines.len());
        prop_assert_eq!(layout.nodes.len(), d.nodes.len());
        check::check(&tomomori_diagram::layout(&group(&d)));
    }
}
